// The list of a site on a foreman's phone. It works without a line: what is said is kept sealed on the phone under a number drawn by lot, and
// said again until the desk has answered it by that number.
"use strict";
(function () {
  const root = document.getElementById("mandor");
  const words = JSON.parse(root.dataset.words);
  const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, k) => values[k] ?? "");
  const el = (tag, text, more = {}) => Object.assign(document.createElement(tag), text === undefined ? {} : { textContent: text }, more);
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const today = () => { const d = new Date(); return new Date(d - d.getTimezoneOffset() * 60000).toISOString().slice(0, 10); };
  const lot = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  const BATCH = 20, AGAIN = 60000;

  if (!window.isSecureContext || !navigator.serviceWorker || !window.indexedDB) {
    part("state").textContent = say("unable");
    return;
  }

  // What is kept: one sealed text. Its key never leaves the browser and cannot be read out of it.
  const done = (request) => new Promise((ok, no) => { request.onsuccess = () => ok(request.result); request.onerror = () => no(request.error); });
  const opened = new Promise((ok, no) => {
    const request = indexedDB.open("payung-mandor", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("kept");
    request.onsuccess = () => ok(request.result);
    request.onerror = () => no(request.error);
  });
  const get = async (name) => done((await opened).transaction("kept").objectStore("kept").get(name));
  const put = async (name, value) => {
    const transaction = (await opened).transaction("kept", "readwrite", { durability: "strict" });
    transaction.objectStore("kept").put(value, name);
    return new Promise((ok, no) => { transaction.oncomplete = ok; transaction.onabort = transaction.onerror = () => no(transaction.error); });
  };
  const key = async () => {
    const kept = await get("key");
    if (kept) return kept;
    const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await put("key", fresh);
    return fresh;
  };
  const read = async () => {
    const kept = await get("state");
    if (!kept) return { lists: {}, current: "", opening: "" };
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, await key(), kept.sealed);
    return JSON.parse(new TextDecoder().decode(text));
  };
  // One at a time, over all windows of this phone: nobody overwrites what another has just kept.
  const alone = (work) => (navigator.locks ? navigator.locks.request("payung-mandor", work) : work());
  let state = null;
  const change = (work) => alone(async () => {
    const now = await read();
    work(now);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), new TextEncoder().encode(JSON.stringify(now)));
    await put("state", { iv, sealed });
    state = now;
    draw();
  });
  const own = () => state && state.lists[state.current];

  // What the desk is told and asked.
  let online = navigator.onLine, busy = false;
  const ask = async (secret, acts) => {
    const headers = { Authorization: "Bearer " + secret, "Content-Type": "application/json" };
    const answer = await fetch("/mandor/data", acts ? { method: "POST", headers, body: JSON.stringify({ acts }) } : { headers });
    online = true;
    return answer;
  };
  async function one(code) {
    for (;;) {
      const list = state.lists[code];
      const batch = list.queue.slice(0, BATCH);
      const answer = await ask(list.secret, batch.length ? batch.map((a) => ({ id: a.id, kind: a.kind, mark: a.mark || a.of, day: a.day, cells: a.cells, told: a.told })) : null);
      if (answer.status === 401) return change((now) => { now.lists[code].over = true; });
      if (!answer.ok) throw new Error(String(answer.status));
      const body = await answer.json();
      if (!batch.length) return change((now) => { now.lists[code].data = body; now.lists[code].over = false; });
      await change((now) => {
        const list = now.lists[code];
        const heard = list.queue.filter((a) => body.answers[a.id]);
        list.queue = list.queue.filter((a) => !body.answers[a.id]);
        list.told.push(...heard.filter((a) => body.answers[a.id] !== "stored").map((a) => ({ name: a.name, outcome: body.answers[a.id] })));
        if (!heard.length) throw new Error("nothing was answered");
      });
    }
  }
  async function sync() {
    if (busy) return;
    busy = true;
    try {
      state = await alone(read);
      draw();
      if (state.opening) {
        const secret = state.opening;
        const answer = await ask(secret);
        if (answer.status === 401) {
          await change((now) => { now.opening = ""; now.refused = true; });
        } else if (answer.ok) {
          const body = await answer.json();
          await change((now) => {
            const before = now.lists[body.code] || { queue: [], told: [] };
            now.lists[body.code] = { ...before, secret, data: body, over: false };
            Object.assign(now, { current: body.code, opening: "", refused: false });
          });
        }
      }
      for (const code of Object.keys(state.lists)) await one(code);
    } catch { online = false; } finally { busy = false; draw(); }
  }
  // The newest word about somebody stands for what was waiting to be said about the same one.
  const tell = (act) => change((now) => {
    const list = now.lists[now.current];
    if (act.mark) list.queue = list.queue.filter((a) => a.mark !== act.mark);
    if (act.kind === "right") list.queue = list.queue.filter((a) => a.kind !== "right");
    list.queue.push({ id: lot(), day: today(), ...act });
  }).then(sync);
  const unsay = (id) => change((now) => { const list = now.lists[now.current]; list.queue = list.queue.filter((a) => a.id !== id); });
  const button = (text, act) => { const b = el("button", text, { type: "button", className: "quiet" }); b.addEventListener("click", act); return b; };

  function draw() {
    const list = own();
    const waiting = state ? Object.values(state.lists).reduce((n, l) => n + l.queue.length, 0) : 0;
    part("state").textContent = !list && state && state.refused ? say("refused") : !list && state && state.opening ? say("first")
      : !list ? say("none") : list.over ? say("over") : waiting ? say(online ? "waiting" : "away", { count: waiting }) : say(online ? "sent" : "off");
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
  const minute = () => { const d = new Date(); return new Date(d - d.getTimezoneOffset() * 60000).toISOString().slice(0, 16); };
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

  // The link is taken up from behind the # and not left in the address.
  async function begin() {
    const secret = location.hash.slice(1);
    if (secret) {
      history.replaceState(null, "", location.pathname);
      await change((now) => { now.opening = secret; });
    }
    await sync();
  }
  addEventListener("hashchange", begin);
  addEventListener("online", sync);
  addEventListener("offline", () => { online = false; draw(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sync(); });
  setInterval(() => { if (state && Object.values(state.lists).some((l) => l.queue.length)) sync(); }, AGAIN);
  navigator.serviceWorker.register("/mandor/kerja.js");
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  begin();
})();
