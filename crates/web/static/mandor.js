// The list of a site on a foreman's phone.
"use strict";
(function () {
  const root = document.getElementById("mandor");
  const words = JSON.parse(root.dataset.words);
  const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, k) => values[k] ?? "");
  const el = (tag, text, more = {}) => Object.assign(document.createElement(tag), text === undefined ? {} : { textContent: text }, more);
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const phone = globalThis.payungPhone({
    name: "payung-mandor",
    address: "/mandor/data",
    codeOf: (data) => data.code,
    wire: (a) => ({ id: a.id, kind: a.kind, mark: a.mark || a.of, day: a.day, cells: a.cells, told: a.told }),
    // The newest word about somebody stands for what was waiting to be said about the same one.
    queued: (list, said) => {
      if (said.mark) list.queue = list.queue.filter((a) => a.mark !== said.mark);
      if (said.kind === "right") list.queue = list.queue.filter((a) => a.kind !== "right");
    },
    draw,
  });
  if (!phone.able) {
    part("state").textContent = say("unable");
    return;
  }
  const { tell, unsay, change, sync, today, minute } = phone;
  const button = (text, act) => { const b = el("button", text, { type: "button", className: "quiet" }); b.addEventListener("click", act); return b; };

  function draw() {
    const state = phone.state(), list = state && state.lists[state.current];
    part("state").textContent = say(phone.standing(), { count: phone.waiting() });
    part("list").hidden = !list;
    if (!list) return;
    const data = list.data;
    part("name").textContent = data.project;
    part("day").textContent = say("asof", { day: data.shown });
    part("confirmed").textContent = data.confirmed ? say("confirmed", { day: data.confirmed }) : "";
    const codes = Object.keys(state.lists);
    part("others").hidden = codes.length < 2;
    const choice = part("choice");
    choice.replaceChildren(...codes.map((c) => el("option", state.lists[c].data.project, { value: c, selected: c === state.current })));
    part("told").replaceChildren(...list.told.map((t) => el("li", say(t.outcome, { name: t.name }))));
    part("toldbox").hidden = !list.told.length;
    const saying = (mark) => list.queue.find((a) => a.mark === mark);
    part("people").replaceChildren(...data.people.map((p) => {
      const row = el("li"), act = saying(p.mark);
      const who = el("div");
      who.append(el("b", p.name), el("br"), el("span", [p.trade, p.nik, p.reported].filter(Boolean).join(" · "), { className: "small soft" }));
      const word = act ? say(act.kind === "left" ? "gonefrom" : "stayswaits") : p.last ? say("last", { day: p.last }) : "";
      if (word) who.append(el("br"), el("span", word, { className: "tag waiting" }));
      const next = act ? button(say("undo"), () => unsay(act.id))
        : p.last ? button(say("stays"), () => tell({ kind: "stays", mark: p.mark, name: p.name }))
        : button(say("left"), () => tell({ kind: "left", mark: p.mark, name: p.name }));
      row.append(who, next);
      return row;
    }));
    const joined = list.queue.filter((a) => a.kind === "joined");
    const who = part("who"), chosen = who.value;
    who.replaceChildren(el("option", say("unlisted"), { value: "" }), ...data.people.map((p) => el("option", p.name, { value: p.mark, selected: p.mark === chosen })));
    part("new").replaceChildren(...list.queue.filter((a) => a.kind === "joined" || a.kind === "accident").map((a) => {
      const row = el("li"), who = el("div");
      who.append(el("b", a.name), el("br"), el("span", say("tosend"), { className: "tag waiting" }));
      row.append(who, button(say("undo"), () => unsay(a.id)));
      return row;
    }));
    part("count").textContent = say("count", { count: data.people.length + joined.length });
    part("right").textContent = list.queue.some((a) => a.kind === "right") ? say("rightwaits") : say("right");
  }

  part("right").addEventListener("click", () => tell({ kind: "right", name: "" }));
  part("choice").addEventListener("change", (event) => { const code = event.target.value; change((now) => { now.current = code; }); });
  part("heard").addEventListener("click", () => change((now) => { now.lists[now.current].told = []; }));
  part("again").addEventListener("click", sync);
  const accident = part("accident");
  accident.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { mark, ...told } = Object.fromEntries(new FormData(accident));
    await tell({ kind: "accident", of: mark, name: say("accident"), told });
    accident.reset();
    accident.closest("details").open = false;
    accident.elements.kapan.value = minute();
  });
  accident.elements.kapan.value = accident.elements.kapan.max = minute();
  const form = part("add");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const cells = Object.fromEntries([...new FormData(form)].map(([k, v]) => [k, String(v).trim()]).filter(([, v]) => v));
    await tell({ kind: "joined", name: cells.nama, cells });
    form.reset();
    form.elements.mulai_bekerja.value = today();
    form.elements.nama.focus();
  });
  form.elements.mulai_bekerja.value = form.elements.mulai_bekerja.max = today();

  phone.start();
})();
