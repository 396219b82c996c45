// Enrolment at the outreach car: people put down one by one, at a stop, without a line too.
"use strict";
(function () {
  const root = document.getElementById("warga");
  const words = JSON.parse(root.dataset.words);
  const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, k) => values[k] ?? "");
  const el = (tag, text, more = {}) => Object.assign(document.createElement(tag), text === undefined ? {} : { textContent: text }, more);
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const phone = globalThis.payungPhone({
    name: "payung-warga",
    address: "/warga/data",
    codeOf: (data) => data.code,
    wire: (a) => ({ id: a.id, stop: a.stop, day: a.day, cells: a.cells }),
    queued: () => {},
    draw,
  });
  if (!phone.able) {
    part("state").textContent = say("unable");
    return;
  }
  const form = part("add");

  function draw() {
    const state = phone.state(), list = state && state.lists[state.current];
    part("state").textContent = say(phone.standing(), { count: phone.waiting() });
    part("list").hidden = !list;
    if (!list) return;
    part("name").textContent = say("tour", { day: list.data.shown });
    const codes = Object.keys(state.lists);
    part("others").hidden = codes.length < 2;
    part("choice").replaceChildren(...codes.map((c) => el("option", say("tour", { day: state.lists[c].data.shown }), { value: c, selected: c === state.current })));
    const stop = form.elements.stop, chosen = stop.value;
    stop.replaceChildren(...list.data.stops.map((s) => el("option", s.name, { value: String(s.id), selected: String(s.id) === chosen })));
    part("told").replaceChildren(...list.told.map((t) => el("li", say(t.outcome, { name: t.name }))));
    part("toldbox").hidden = !list.told.length;
    part("new").replaceChildren(...list.queue.map((a) => {
      const row = el("li"), who = el("div"), undo = el("button", say("undo"), { type: "button", className: "quiet" });
      who.append(el("b", a.name), el("br"), el("span", say("tosend"), { className: "tag waiting" }));
      undo.addEventListener("click", () => phone.unsay(a.id));
      row.append(who, undo);
      return row;
    }));
    part("count").textContent = say("count", { count: list.met || 0 });
  }

  part("choice").addEventListener("change", (event) => { const code = event.target.value; phone.change((now) => { now.current = code; }); });
  part("heard").addEventListener("click", () => phone.change((now) => { now.lists[now.current].told = []; }));
  part("again").addEventListener("click", phone.sync);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { stop, ...typed } = Object.fromEntries(new FormData(form));
    const cells = Object.fromEntries(Object.entries(typed).map(([k, v]) => [k, String(v).trim()]).filter(([, v]) => v));
    await phone.change((now) => { const list = now.lists[now.current]; list.met = (list.met || 0) + 1; });
    await phone.tell({ name: cells.nama, stop: Number(stop) || 0, cells });
    // The next one is often of the same group, district and stop.
    const { kelompok, kecamatan } = cells;
    form.reset();
    Object.assign(form.elements.stop, { value: stop });
    form.elements.kelompok.value = kelompok ?? "";
    form.elements.kecamatan.value = kecamatan ?? "";
    form.elements.nama.focus();
  });
  phone.start();
})();
