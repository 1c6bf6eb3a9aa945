/* Told by the server that something waits while no page is open: shows it, and leads to the page. It answers no request of the page
   and keeps nothing: the application is never served from here. */
"use strict";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const pages = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

async function show(told) {
  // Whoever looks at the page sees it there.
  if ((await pages()).some((page) => page.focused && page.visibilityState === "visible")) return;
  // The page, in the background, says more than we may.
  if ((await self.registration.getNotifications({ tag: told.tag })).some((shown) => shown.data?.page)) return;
  await self.registration.showNotification(told.title, { body: told.body, tag: told.tag, renotify: true, icon: "/favicon.svg", data: { to: told.to } });
}

self.addEventListener("push", (event) => {
  let told;
  try {
    told = event.data.json();
  } catch {
    return;
  }
  event.waitUntil(show(told));
});

async function open(to) {
  const all = await pages();
  const at = (path) => all.find((one) => new URL(one.url).pathname === path);
  const page = at(to) ?? at("/desk") ?? all[0];
  if (!page) return self.clients.openWindow(to);
  // It is not loaded again: there may be a call in it.
  return page.focus();
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const to = event.notification.data?.to;
  event.waitUntil(open(typeof to === "string" && /^\/(?!\/)/.test(to) ? to : "/"));
});
