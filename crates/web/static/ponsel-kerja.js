// Keeps a phone's page and what it is made of on the phone, so that it opens without a line. Data never pass through here. It stands beside its page.
"use strict";
const FOLDER = new URL(self.location).pathname.replace(/[^/]*$/, ""), PAGE = FOLDER + "daftar", KEPT = FOLDER.split("/")[1];
const parts = async (answer) => {
  const page = await answer.clone().text();
  return [...page.matchAll(/(?:href|src)="(\/aset\/[^"]+)"/g)].map((m) => m[1]);
};
const renew = async () => {
  const answer = await fetch(PAGE, { cache: "no-store" });
  if (!answer.ok) return answer;
  const cache = await caches.open(KEPT);
  const needed = await parts(answer);
  // The page last: a kept page finds what it is made of.
  for (const part of needed) if (!(await cache.match(part))) await cache.add(part);
  await cache.put(PAGE, answer.clone());
  for (const old of await cache.keys()) {
    const path = new URL(old.url).pathname;
    if (path !== PAGE && !needed.includes(path)) await cache.delete(old);
  }
  return answer;
};
self.addEventListener("install", (event) => event.waitUntil(renew().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.method !== "GET") return;
  if (path === PAGE) {
    event.respondWith(caches.match(PAGE).then((kept) => {
      const fresh = renew();
      if (!kept) return fresh;
      // What is kept is shown at once; a newer page is there the next time.
      event.waitUntil(fresh.catch(() => {}));
      return kept;
    }));
  } else if (path.startsWith("/aset/")) {
    event.respondWith(caches.match(path).then((kept) => kept || fetch(event.request)));
  }
});
