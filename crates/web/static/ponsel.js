// A page of a phone that works without a line: what is said is kept sealed on the phone under a number drawn by lot, and said again until the desk
// has answered it by that number. Whoever uses it draws the page and says what is sent.
"use strict";
globalThis.payungPhone = ({ name, address, codeOf, wire, queued, draw }) => {
  const BATCH = 20, AGAIN = 60000;
  const able = window.isSecureContext && navigator.serviceWorker && window.indexedDB;
  const today = () => { const d = new Date(); return new Date(d - d.getTimezoneOffset() * 60000).toISOString().slice(0, 10); };
  const minute = () => { const d = new Date(); return new Date(d - d.getTimezoneOffset() * 60000).toISOString().slice(0, 16); };
  const lot = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  if (!able) return { able: false, today, minute };

  // What is kept: one sealed text. Its key never leaves the browser and cannot be read out of it.
  const done = (request) => new Promise((ok, no) => { request.onsuccess = () => ok(request.result); request.onerror = () => no(request.error); });
  const opened = new Promise((ok, no) => {
    const request = indexedDB.open(name, 1);
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
  const alone = (work) => (navigator.locks ? navigator.locks.request(name, work) : work());
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

  // What the desk is told and asked.
  let online = navigator.onLine, busy = false;
  const ask = async (secret, acts) => {
    const headers = { Authorization: "Bearer " + secret, "Content-Type": "application/json" };
    // A line that says nothing for a minute is none.
    const signal = AbortSignal.timeout ? AbortSignal.timeout(AGAIN) : undefined;
    const answer = await fetch(address, acts ? { method: "POST", headers, signal, body: JSON.stringify({ acts }) } : { headers, signal });
    online = true;
    return answer;
  };
  async function one(code) {
    for (;;) {
      const list = state.lists[code];
      const batch = list.queue.slice(0, BATCH);
      const answer = await ask(list.secret, batch.length ? batch.map(wire) : null);
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
            const code = codeOf(body), before = now.lists[code] || { queue: [], told: [] };
            now.lists[code] = { ...before, secret, data: body, over: false };
            Object.assign(now, { current: code, opening: "", refused: false });
          });
        }
      }
      for (const code of Object.keys(state.lists)) await one(code);
    } catch { online = false; } finally { busy = false; draw(); }
  }
  const tell = (act) => change((now) => {
    const list = now.lists[now.current], said = { id: lot(), day: today(), ...act };
    queued(list, said);
    list.queue.push(said);
  }).then(() => { sync(); });
  const unsay = (id) => change((now) => { const list = now.lists[now.current]; list.queue = list.queue.filter((a) => a.id !== id); });
  const waiting = () => (state ? Object.values(state.lists).reduce((n, l) => n + l.queue.length, 0) : 0);
  // The name of the sentence that says how the phone stands.
  const standing = () => {
    const list = state && state.lists[state.current];
    return !list && state && state.refused ? "refused" : !list && state && state.opening ? "first" : !list ? "none"
      : list.over ? "over" : waiting() ? (online ? "waiting" : "away") : online ? "sent" : "off";
  };

  // The link is taken up from behind the # and not left in the address.
  async function begin() {
    const secret = location.hash.slice(1);
    if (secret) {
      history.replaceState(null, "", location.pathname);
      await change((now) => { now.opening = secret; });
    }
    await sync();
  }
  const start = () => {
    addEventListener("hashchange", begin);
    addEventListener("online", sync);
    addEventListener("offline", () => { online = false; draw(); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) sync(); });
    setInterval(() => { if (waiting()) sync(); }, AGAIN);
    navigator.serviceWorker.register(location.pathname.replace(/[^/]*$/, "kerja.js"));
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    begin();
  };
  return { able: true, today, minute, start, sync, tell, unsay, change, waiting, standing, state: () => state };
};
