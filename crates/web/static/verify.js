// Checks slips in the browser, with nothing but this page: the public keys and the signed list of withdrawals stand in it. Answers as crates/verify does;
// the walk runs the same vectors through both.
"use strict";
(() => {
  const SLIP = "PAYUNG1", CERTIFICATE = "PAYUNGS1", LIST = "PAYUNGW1", CHARS_MAX = 4 << 20, FIELD_MAX = 500;
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;

  // base64url without padding; loose last bits are refused, so that one signature has one spelling.
  const bytesOf = (text) => {
    if (!/^[A-Za-z0-9_-]*$/.test(text)) return null;
    let raw;
    try { raw = atob(text.replace(/-/g, "+").replace(/_/g, "/")); } catch { return null; }
    const again = btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    return again === text ? Uint8Array.from(raw, (c) => c.charCodeAt(0)) : null;
  };

  const isDay = (text) => typeof text === "string" && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text);

  const partsOf = (mark, text) => {
    if (text.length > CHARS_MAX) return null;
    const at = text.lastIndexOf(".");
    if (at < 0) return null;
    const signed = text.slice(0, at);
    if (!signed.startsWith(mark + ".")) return null;
    const payload = bytesOf(signed.slice(mark.length + 1)), signature = bytesOf(text.slice(at + 1));
    if (!payload || !signature || signature.length !== 64) return null;
    try {
      const said = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload));
      return { signed, signature, said };
    } catch { return null; }
  };

  const hasShape = (value, shape) =>
    value !== null && typeof value === "object" && !Array.isArray(value) &&
    Object.keys(value).length === Object.keys(shape).length &&
    Object.entries(shape).every(([name, fits]) => Object.hasOwn(value, name) && fits(value[name]));
  const text = (v) => typeof v === "string";
  const oneOf = (...all) => (v) => all.includes(v);
  const PAYLOAD = {
    city: text, number: text, kind: oneOf("clearance", "status"), project: text, name: text, moment: text, verdict: text,
    aside: (v) => typeof v === "boolean", day: text, from: text, until: text, made: text, key: text, digest: text,
  };
  const WITHDRAWAL = { number: text, day: text, kind: oneOf("void", "ended") };
  const WITHDRAWALS = {
    city: text, made: text, key: text,
    slips: (v) => Array.isArray(v) && v.every((w) => hasShape(w, WITHDRAWAL)),
    affirmed: (v) => Array.isArray(v) && v.every((a) => Array.isArray(a) && a.length === 2 && a.every(text)),
  };

  const CERTIFIED = {
    city: text, number: text, holder: text, office: text, role: text, day: text,
    score: (v) => Array.isArray(v) && v.length === 2 && v.every((n) => Number.isInteger(n) && n >= 0 && n < 2 ** 32),
    made: text, key: text,
  };

  const slipMakesSense = (p) => {
    const lets = { pass: true, condition: true, hold: p.aside, unknown: p.aside }[p.verdict];
    const texts = [p.city, p.number, p.project, p.name, p.moment, p.key, p.digest];
    return lets !== undefined && [p.day, p.from, p.until, p.made].every(isDay) &&
      texts.every((t) => [...t].length <= FIELD_MAX) && p.from <= p.until && (p.kind === "status" || lets);
  };

  const certificateMakesSense = (c) =>
    [c.day, c.made].every(isDay) && c.day <= c.made && c.score[0] <= c.score[1] &&
    [c.city, c.number, c.holder, c.office, c.role, c.key].every((t) => [...t].length <= FIELD_MAX);

  // What each paper is called, what it has to say, and from when until when it holds.
  const PAPERS = [
    { mark: SLIP, shape: PAYLOAD, makesSense: slipMakesSense, holds: (p) => [p.from, p.until], kind: (p) => p.kind },
    { mark: CERTIFICATE, shape: CERTIFIED, makesSense: certificateMakesSense, holds: (c) => [c.day, "9999-12-31"], kind: () => "certificate" },
  ];

  const inUse = (key, day) => isDay(day) && key.from <= day && (!key.until || day <= key.until);

  const isBy = async (parts, key) => {
    const raw = bytesOf(key.public);
    if (!raw || raw.length !== 32) return false;
    const own = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
    return crypto.subtle.verify({ name: "Ed25519" }, own, parts.signature, new TextEncoder().encode(parts.signed));
  };

  const fingerprint = async (signed) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(signed));
    return [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, "0")).join("");
  };

  const textOf = (given) => {
    given = given.trim();
    given = given.slice(given.lastIndexOf("#") + 1);
    const at = [SLIP, CERTIFICATE].map((mark) => given.indexOf(`"${mark}.`)).find((place) => place >= 0);
    return at === undefined ? given : given.slice(at + 1).split('"')[0];
  };

  const listOf = async (text, keys) => {
    const parts = text == null ? null : partsOf(LIST, text.trim());
    if (!parts || !hasShape(parts.said, WITHDRAWALS)) return null;
    const list = parts.said, key = keys.keys.find((k) => k.id === list.key);
    if (!key || key.lost || !inUse(key, list.made) || !(await isBy(parts, key))) return null;
    return list.city === keys.city ? list : null;
  };

  const check = async (given, keys, listText, day) => {
    const paper = PAPERS.find(({ mark }) => textOf(given).startsWith(mark + "."));
    const parts = paper && partsOf(paper.mark, textOf(given));
    if (!parts || !hasShape(parts.said, paper.shape)) return { answer: "altered" };
    const p = parts.said, key = p.city === keys.city && keys.keys.find((k) => k.id === p.key);
    if (!key) return { answer: "unknown_key" };
    if (!(await isBy(parts, key)) || !paper.makesSense(p)) return { answer: "altered" };
    if (!inUse(key, p.made)) return { answer: "unknown_key" };
    const list = await listOf(listText, keys);
    if (!list || !isDay(day)) return { answer: "cannot_tell", payload: key.lost ? undefined : p, kind: paper.kind(p) };
    const found = { payload: p, kind: paper.kind(p), listMade: list.made }, [from, until] = paper.holds(p);
    if (key.lost) {
      const print = await fingerprint(parts.signed);
      if (!list.affirmed.some(([number, signed]) => number === p.number && signed === print)) {
        return { answer: "cannot_tell", listMade: list.made };
      }
    }
    found.withdrawal = list.slips.find((w) => w.number === p.number);
    if (found.withdrawal && (found.withdrawal.kind === "void" || day >= found.withdrawal.day)) found.answer = "withdrawn";
    else if (day < from) found.answer = "not_yet";
    else if (day > until) found.answer = "expired";
    else found.answer = "good";
    return found;
  };
  // For the walk, and for whoever wants to check many at once.
  globalThis.payungCheck = check;

  const $ = (id) => document.getElementById(id);
  let language = "id";
  const say = (name) => words[name][language];
  const MONTHS = {
    id: ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"],
    en: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
  };
  const long = (day) => { const [y, m, d] = day.split("-").map(Number); return `${d} ${MONTHS[language][m - 1] ?? m} ${y}`; };
  const today = () => { const now = new Date(); return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-"); };

  const line = (list, name, value) => {
    const term = document.createElement("dt"), said = document.createElement("dd");
    term.textContent = name; said.textContent = value; list.append(term, said);
  };

  const show = (found) => {
    const box = $("answer"), p = found.payload;
    // Green is a clearance that holds, or a genuine certificate, and nothing else.
    const lets = found.answer === "good" && found.kind !== "status";
    box.className = lets ? "good" : found.answer === "good" ? "plain" : "bad";
    box.hidden = false;
    $("said").textContent = say(found.answer === "good" ? `good-${found.kind}` : found.answer.replace("_", "-"));
    const list = $("facts");
    list.replaceChildren();
    if (p) {
      line(list, say("number"), p.number);
      line(list, say("city"), p.city);
    }
    if (p && found.kind === "certificate") {
      line(list, say("holder"), p.holder);
      line(list, say("office"), p.office);
      line(list, say("training"), words[`role-${p.role}`] ? say(`role-${p.role}`) : p.role);
      line(list, say("training-day"), long(p.day));
      line(list, say("score"), p.score.join("/"));
    } else if (p) {
      line(list, say("project"), `${p.name} (${p.project})`);
      line(list, say("step"), say(`moment-${p.moment}`));
      line(list, say("verdict"), say(`verdict-${p.verdict}`) + (p.aside ? `, ${say("aside")}` : ""));
      line(list, say("day"), long(p.day));
      line(list, say("holds"), `${long(p.from)} – ${long(p.until)}`);
    }
    if (found.withdrawal) line(list, say("withdrawn"), `${long(found.withdrawal.day)} (${say(found.withdrawal.kind)})`);
    if (found.listMade) line(list, say("list-made"), long(found.listMade));
    $("age").textContent = found.listMade ? say("list-note") : "";
  };

  const run = async () => {
    const given = $("slip").value;
    if (!given.trim()) { $("answer").hidden = true; return; }
    let found;
    try { found = await check(given, data.keys, data.withdrawals, $("day").value); }
    catch { found = { answer: "no-browser" }; }
    show(found);
  };

  const speak = () => {
    document.documentElement.lang = language;
    document.querySelectorAll("[data-say]").forEach((e) => { e.textContent = say(e.dataset.say); });
    $("city").textContent = data.keys.city;
    run();
  };

  $("day").value = today();
  $("slip").addEventListener("input", run);
  $("day").addEventListener("input", run);
  $("file").addEventListener("change", async (e) => {
    const file = e.target.files[0];
    if (file && file.size <= CHARS_MAX) { $("slip").value = await file.text(); run(); }
  });
  $("language").addEventListener("click", () => { language = language === "id" ? "en" : "id"; speak(); });
  // Scanned from paper: what stands behind the # never left the phone.
  const scanned = () => { if (location.hash.length > 1) { $("slip").value = location.hash.slice(1); run(); } };
  addEventListener("hashchange", scanned);
  scanned();
  speak();
})();
