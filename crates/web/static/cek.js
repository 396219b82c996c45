// A small work before a question is asked: nothing to one worker, a great deal to whoever asks about a whole town. Without it the question is
// answered too, out of a smaller budget.
"use strict";
(function () {
  // SHA-256 (FIPS 180-4) of a short text, again and again: the browser's own digest answers too late for so many.
  const K = new Uint32Array(64), H = new Uint32Array(8);
  for (let n = 2, i = 0; i < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
    if (!prime) continue;
    const part = (root) => { const r = Math.pow(n, root); return Math.floor((r - Math.floor(r)) * 4294967296); };
    if (i < 8) H[i] = part(1 / 2);
    K[i++] = part(1 / 3);
  }
  const w = new Uint32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  function first(bytes) {
    const blocks = (bytes.length + 8 >> 6) + 1, padded = new Uint8Array(blocks * 64), view = new DataView(padded.buffer);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    view.setUint32(blocks * 64 - 4, bytes.length * 8);
    const h = H.slice();
    for (let block = 0; block < blocks; block++) {
      for (let i = 0; i < 16; i++) w[i] = view.getUint32(block * 64 + i * 4);
      for (let i = 16; i < 64; i++) {
        const a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
      }
      let [a, b, c, d, e, f, g, k] = h;
      for (let i = 0; i < 64; i++) {
        const t = k + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i] | 0;
        const u = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c)) | 0;
        k = g; g = f; f = e; e = d + t | 0; d = c; c = b; b = a; a = t + u | 0;
      }
      h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += k;
    }
    return h[0];
  }
  const plain = (text) => (text || "").replace(/[^A-Za-z0-9]/g, "").toUpperCase();
  const AT_ONCE = 4096;
  for (const form of document.querySelectorAll("form[data-work]")) {
    // Done for what was typed, and for nothing else.
    form.addEventListener("input", () => { form.elements.kerja.value = ""; });
    form.addEventListener("submit", (event) => {
      const work = form.elements.kerja;
      if (work.value) return;
      event.preventDefault();
      const value = (name) => plain(form.elements[name] && form.elements[name].value);
      const born = form.elements.lahir ? form.elements.lahir.value : "";
      const begin = ["payung", form.dataset.day, form.dataset.work, value("kode"), value("kpj"), value("nik"), born, ""].join("|");
      const zeros = 32 - Number(form.dataset.bits), button = form.querySelector("button"), encoder = new TextEncoder();
      button.disabled = true;
      button.textContent = form.dataset.wait;
      let n = 0;
      const some = () => {
        for (let i = 0; i < AT_ONCE; i++, n++) {
          if (first(encoder.encode(begin + n)) >>> zeros === 0) {
            work.value = String(n);
            form.requestSubmit ? form.requestSubmit() : form.submit();
            return;
          }
        }
        setTimeout(some);
      };
      some();
    });
  }
})();
