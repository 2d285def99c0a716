// Passkeys. A form with data-passkey is hidden until this file knows that the browser can; sending it asks the browser for a passkey, whose
// answer goes along in hidden fields. What the page then says comes from the server, as with any other form.
const can = typeof PublicKeyCredential === "function" && Boolean(navigator.credentials?.get);
const forms = () => document.querySelectorAll("form[data-passkey]");

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function show() {
  for (const form of forms()) form.hidden = false;
  for (const note of document.querySelectorAll("[data-passkey-missing]")) note.hidden = true;
}

// Challenges grow old while a page lies open, and are good once: a fresh one comes with the same page. Nothing there: we are signed out or in.
async function fresh(form) {
  const answer = await fetch(form.action);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = [...page.querySelectorAll("form[data-passkey]")].find((one) => one.getAttribute("action") === form.getAttribute("action"));
  if (!next) { location.assign(answer.url); return null; }
  return JSON.parse(next.dataset.passkey);
}

const known = (list) => list.map((one) => ({ ...one, id: bytes(one.id) }));

async function ask(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (!options.user) {
    return navigator.credentials.get({ publicKey: { ...publicKey, allowCredentials: known(options.allowCredentials) } });
  }
  const user = { ...options.user, id: bytes(options.user.id) };
  return navigator.credentials.create({ publicKey: { ...publicKey, user, excludeCredentials: known(options.excludeCredentials) } });
}

function fill(form, { id, response }) {
  const add = (name, value) => {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: `credential.${name}`, value });
    form.append(field);
  };
  add("id", id);
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) add(`response.${name}`, text(response[name]));
  }
  for (const way of response.getTransports?.() ?? []) add("response.transports", way);
}

// Before form.js marks the form as busy: it is sent once more when the browser's dialog is through.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.dataset.passkey === undefined || form.dataset.answered !== undefined) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.asking !== undefined) return;
  form.dataset.asking = "";
  const status = form.querySelector("[role=status]");
  status.textContent = "";
  try {
    const options = await fresh(form);
    if (!options) return;
    fill(form, await ask(options));
    form.dataset.answered = "";
    form.requestSubmit(event.submitter);
  } catch (error) {
    status.textContent = (error.name === "InvalidStateError" && form.dataset.known) || form.dataset.cancelled;
  } finally {
    delete form.dataset.asking;
  }
}, { capture: true });

// Back from the next page: the answer that went along is used up.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  for (const form of forms()) {
    delete form.dataset.answered;
    for (const field of form.querySelectorAll('input[name^="credential."]')) field.remove();
  }
});

if (can) show();
