// The service worker: shows what was pushed, and opens what it is about. It keeps nothing and answers no request.
const home = "/account/notifications";

const read = (event) => {
  try { return event.data.json(); } catch { return {}; }
};

self.addEventListener("push", (event) => {
  const { title = self.location.hostname, body = "", path = "/notifications", tag, lang } = read(event);
  event.waitUntil(self.registration.showNotification(title, { body, tag, lang, renotify: Boolean(tag), data: { path } }));
});

// The address that was sent is a path of this host, whatever it says.
const addressOf = (path) => {
  const url = new URL(path, self.location.origin);
  return url.origin === self.location.origin ? url.href : self.location.origin;
};

// In the window that shows it already, else in a new one: in any other somebody may be writing something.
async function open(path) {
  const address = addressOf(path);
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find(({ url }) => url === address);
  return there ? there.focus() : self.clients.openWindow(address);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.path ?? "/notifications"));
});

const text = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// The browser has given up its old address: the new one is registered through the same form as by hand, if somebody is still signed in.
async function renew(old, fresh) {
  const page = await (await fetch(home, { redirect: "error" })).text();
  const value = (name) => page.match(new RegExp(`name="${name}" value="([^"]+)"`))?.[1];
  const key = page.match(/data-push="([\w-]+)"/)?.[1];
  if (!key) return;
  const found = fresh ?? await self.registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: old?.options.applicationServerKey
      ?? Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0)),
  });
  await fetch("/push/registrations", {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({
      endpoint: found.endpoint, p256dh: text(found.getKey("p256dh")), auth: text(found.getKey("auth")),
      csrf_token: value("csrf_token"), form_key: value("form_key"),
    }),
  });
}

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event.oldSubscription, event.newSubscription)));

// A new version takes over at once: it keeps nothing that the old one could miss.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
