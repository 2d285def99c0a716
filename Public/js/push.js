// Notifications on this device. The form with data-push is hidden until this file knows that the browser can; sending it asks the browser
// for a subscription, which goes along in hidden fields. What the page then says comes from the server, as with any other form.
const form = document.querySelector("form[data-push]");
const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const text = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const bytes = (key) => Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

// The one that there is, unless it was made for another key.
async function existing(worker) {
  const found = await worker.pushManager.getSubscription();
  return found && text(found.options.applicationServerKey ?? []) === form.dataset.push ? found : null;
}

async function subscribe() {
  await navigator.serviceWorker.register(form.dataset.worker);
  const worker = await navigator.serviceWorker.ready;
  const found = await existing(worker);
  if (found) return found;
  await (await worker.pushManager.getSubscription())?.unsubscribe();
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push) });
}

// Here already, and the browser still knows: there is nothing to ask for.
async function isDone() {
  if (form.dataset.here === undefined || Notification.permission !== "granted") return false;
  const worker = await navigator.serviceWorker.getRegistration(form.dataset.worker);
  return Boolean(worker && await existing(worker));
}

async function show() {
  for (const note of document.querySelectorAll("[data-push-missing]")) note.hidden = true;
  form.hidden = await isDone();
}

// Before form.js marks the form as busy: it is sent once more when the browser has answered.
document.addEventListener("submit", async (event) => {
  if (event.target !== form || form.dataset.answered !== undefined) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.asking !== undefined) return;
  form.dataset.asking = "";
  const status = form.querySelector("[role=status]");
  status.textContent = "";
  try {
    if (await Notification.requestPermission() !== "granted") {
      status.textContent = form.dataset.refused;
      return;
    }
    const found = await subscribe();
    form.elements.endpoint.value = found.endpoint;
    form.elements.p256dh.value = text(found.getKey("p256dh"));
    form.elements.auth.value = text(found.getKey("auth"));
    form.dataset.answered = "";
    form.requestSubmit(event.submitter);
  } catch {
    status.textContent = form.dataset.failed;
  } finally {
    delete form.dataset.asking;
  }
}, { capture: true });

addEventListener("pageshow", ({ persisted }) => {
  if (persisted && form) delete form.dataset.answered;
});

if (form && can) show();
