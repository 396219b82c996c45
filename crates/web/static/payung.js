// Enhancement only: every page works without this file.
"use strict";
(function () {
  // Search as you type: the list is the same page, asked again.
  const form = document.querySelector("form[data-live]");
  if (form) {
    let timer = 0, asked = "";
    const list = document.getElementById("list");
    const ask = async () => {
      const query = new URLSearchParams(new FormData(form)).toString();
      if (query === asked) return;
      asked = query;
      const answer = await fetch(form.action + "?" + query, { headers: { "x-part": "list" } });
      if (!answer.ok || asked !== query) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("list");
      if (fresh) { list.replaceChildren(...fresh.childNodes); history.replaceState(null, "", form.action + "?" + query); }
    };
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 180); });
  }
  // An open menu closes when something else is meant.
  const menus = [...document.querySelectorAll("nav.main details")];
  document.addEventListener("click", (event) => { for (const m of menus) if (!m.contains(event.target)) m.open = false; });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const m of menus) if (m.open) { m.open = false; m.querySelector("summary").focus(); }
  });
  // Keys of the review.
  const review = document.querySelector("form[data-review]");
  if (review) {
    document.addEventListener("keydown", (event) => {
      if (event.target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select") || event.ctrlKey || event.altKey || event.metaKey) return;
      const digit = Number(event.key);
      if (digit >= 1 && digit <= 9) { const option = review.querySelectorAll("input[name=proyek]")[digit - 1]; if (option) { option.checked = true; option.focus(); } return; }
      const button = { y: "sama", t: "beda", l: "nanti" }[event.key.toLowerCase()];
      if (button) { const b = review.querySelector(`button[value=${button}]`); if (b) { event.preventDefault(); b.click(); } }
    });
  }
  // A drawing as a picture of twice its size, for slides.
  for (const link of document.querySelectorAll("a[data-png]")) {
    const drawing = link.getAttribute("href");
    link.hidden = false;
    link.addEventListener("click", async (event) => {
      if (link.download) return;
      event.preventDefault();
      const picture = new Image();
      picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(await (await fetch(drawing)).text());
      await picture.decode();
      const canvas = document.createElement("canvas");
      canvas.width = picture.width * 2; canvas.height = picture.height * 2;
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      link.href = canvas.toDataURL("image/png"); link.download = link.dataset.png;
      link.click();
    });
  }
  // A running job: look again until it ends.
  const job = document.querySelector("[data-job]");
  if (job) setTimeout(() => location.reload(), 1000);
  // What was typed survives a closed browser, on this machine, until it is sent. Passwords and files never.
  for (const draft of document.querySelectorAll("form[data-draft]")) {
    const key = "draft:" + draft.dataset.draft;
    const fields = [...draft.elements].filter((e) => e.name && !["password", "file", "hidden", "submit"].includes(e.type));
    try {
      const kept = JSON.parse(localStorage.getItem(key) || "{}");
      for (const f of fields) if (f.name in kept && !f.value) f.value = kept[f.name];
      draft.addEventListener("input", () => localStorage.setItem(key, JSON.stringify(Object.fromEntries(fields.map((f) => [f.name, f.value])))));
      draft.addEventListener("submit", () => localStorage.removeItem(key));
    } catch { /* storage is switched off: the form works without */ }
  }
  // Passkeys: the form asks for options, the device answers, and the form is sent with the answer. Bytes travel as base64url.
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential || location.hostname !== form.dataset.host) continue;
    form.hidden = false;
    if (form.nextElementSibling?.matches("[data-passkey-off]")) form.nextElementSibling.hidden = true;
    form.addEventListener("submit", async (event) => {
      if (form.elements.jawab) return;
      event.preventDefault();
      const trouble = form.querySelector("[role=alert]"), silent = trouble.dataset.silent ||= trouble.textContent;
      trouble.hidden = true;
      try {
        const asked = await fetch(form.getAttribute("action") + "/mulai", { method: "POST" });
        if (asked.redirected) { location.href = asked.url; return; }
        if (!asked.ok) throw new Error(asked.status);
        const { options: key, token, message } = await asked.json();
        if (message) { trouble.textContent = message; trouble.hidden = false; return; }
        key.challenge = bytes(key.challenge);
        if (key.user) key.user.id = bytes(key.user.id);
        for (const known of key.excludeCredentials || key.allowCredentials || []) known.id = bytes(known.id);
        const made = await navigator.credentials[form.dataset.passkey]({ publicKey: key });
        const response = {};
        for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) if (made.response[part]) response[part] = text64(made.response[part]);
        if (made.response.getTransports) response.transports = made.response.getTransports();
        const answer = { id: made.id, rawId: text64(made.rawId), type: made.type, authenticatorAttachment: made.authenticatorAttachment, clientExtensionResults: made.getClientExtensionResults(), response };
        for (const [name, value] of [["tanda", token], ["jawab", JSON.stringify(answer)]]) {
          const field = document.createElement("input");
          field.type = "hidden"; field.name = name; field.value = value;
          form.append(field);
        }
        form.submit();
      } catch { trouble.textContent = silent; trouble.hidden = false; }
    });
  }
})();
