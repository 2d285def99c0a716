// Drafts, busy buttons, questions before a submit, filters that apply themselves. Every form works without this file.
const user = () => document.body.dataset.user ?? "";
const draftKey = (form) => `draft:${user()}:${form.dataset.draft}`;
// Words and choices only: selects, hidden fields and ticks at people or places hold ids, which do not belong into a browser's storage.
const isID = (value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
const keeps = (field) => field.name && !["hidden", "password", "file", "submit", "select-one"].includes(field.type)
  && !(field.type === "checkbox" && isID(field.value));
const timers = new WeakMap();
const changed = new WeakSet();

function later(form, act, wait = 300) {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(act, wait));
}

function storage(act) {
  try { return act(localStorage, sessionStorage); } catch { return null; }
}

function saveDraft(form) {
  const values = [...form.elements].filter(keeps).map((field) => [field.name, field.value, field.checked]);
  storage((local) => local.setItem(draftKey(form), JSON.stringify(values)));
}

function apply(form, values) {
  let touched = false;
  for (const [name, value, checked = true] of values) {
    for (const field of [].concat(...[form.elements.namedItem(name) ?? []].map((item) => item instanceof RadioNodeList ? [...item] : [item]))) {
      if (!field.type || !keeps(field)) continue;
      if (["radio", "checkbox"].includes(field.type)) {
        if (field.value === value && field.checked !== checked) { field.checked = checked; touched = true; }
      } else if (field.value !== value) {
        field.value = value; touched = true;
      }
    }
  }
  return touched;
}

function restoreDraft(form) {
  // News elsewhere on the page come while somebody types: their last words may not be in the draft yet.
  if (form.dataset.problem !== undefined || changed.has(form)) return;
  const values = storage((local) => JSON.parse(local.getItem(draftKey(form)) ?? "null"));
  if (!Array.isArray(values) || !apply(form, values)) return;
  const notice = form.querySelector("[data-draft-notice]");
  if (!notice) return;
  notice.hidden = false;
  notice.querySelector("button")?.addEventListener("click", () => {
    storage((local) => local.removeItem(draftKey(form)));
    form.reset();
    notice.hidden = true;
    form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
}

// A draft goes when the answer is an ordinary page, not a refusal, an error page or the sign-in page; nor a page that somebody went to by
// themselves after the answer was lost.
function clearSent(isAnswer) {
  storage((local, session) => {
    const key = session.getItem("sent");
    if (!key) return;
    session.removeItem("sent");
    const refused = document.querySelector("form[data-problem]") || !document.body.matches(".shell");
    if (isAnswer && !refused) local.removeItem(key);
  });
}

// Whoever signs out leaves nothing behind that the next person at this machine could read.
function clearDrafts() {
  storage((local) => Object.keys(local).filter((key) => key.startsWith(`draft:${user()}:`)).forEach((key) => local.removeItem(key)));
}

function refocus() {
  const name = storage((_, session) => {
    const kept = session.getItem("filter-focus");
    session.removeItem("filter-focus");
    return kept;
  });
  if (name) document.querySelector(`form[data-auto] [name="${CSS.escape(name)}"]`)?.focus();
}

function ready() {
  refocus();
  document.querySelectorAll("form[data-draft]").forEach(restoreDraft);
}

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (!form) return;
  changed.add(form);
  if (form.dataset.draft !== undefined && keeps(target)) later(form, () => saveDraft(form));
});

document.addEventListener("change", ({ target }) => {
  const form = target.form;
  if (form?.dataset.auto === undefined || target.type === "search") return;
  later(form, () => {
    storage((_, session) => session.setItem("filter-focus", target.name));
    form.requestSubmit();
  });
});

document.addEventListener("formdata", ({ target, formData }) => {
  if (target.method !== "get") return;
  if (target.dataset.ticks) {
    formData.delete("to");
    document.querySelectorAll(`[name="${CSS.escape(target.dataset.ticks)}"]:checked`).forEach(({ value }) => formData.append("to", value));
  }
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.busy !== undefined) { event.preventDefault(); return; }
  if (form.getAttribute("action") === "/logout") clearDrafts();
  // The page stays where its answer is a file.
  if (form.dataset.download !== undefined) return;
  form.dataset.busy = "";
  clearTimeout(timers.get(form));
  changed.delete(form);
  event.submitter?.setAttribute("aria-busy", "true");
  if (form.dataset.draft !== undefined) {
    saveDraft(form);
    storage((_, session) => session.setItem("sent", draftKey(form)));
  }
});

// A submit that names a question in data-confirm asks first. Without this the form is sent at once and the server decides.
function ask({ confirm, ok, cancel }) {
  const dialog = document.createElement("dialog");
  const body = document.createElement("form");
  const title = document.createElement("h2");
  const actions = document.createElement("div");
  dialog.setAttribute("aria-labelledby", "confirm-title");
  body.method = "dialog";
  body.className = "body";
  title.id = "confirm-title";
  title.textContent = confirm;
  actions.className = "actions";
  for (const [label, value, kind] of [[ok, "yes", "danger"], [cancel, "", ""]]) {
    const button = document.createElement("button");
    button.className = `button ${kind}`;
    button.value = value;
    button.textContent = label;
    actions.append(button);
  }
  body.append(title, actions);
  dialog.append(body);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => dialog.addEventListener("close", () => {
    dialog.remove();
    answer(dialog.returnValue === "yes");
  }));
}

// Captured before anything else sees the submit: the form must not be marked busy yet.
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (!submitter?.dataset.confirm || submitter.dataset.confirmed !== undefined) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  // News from elsewhere do not take the form away while its question is open.
  submitter.setAttribute("aria-expanded", "true");
  const isMeant = await ask(submitter.dataset);
  submitter.removeAttribute("aria-expanded");
  if (!isMeant) { submitter.focus(); return; }
  submitter.dataset.confirmed = "";
  form.requestSubmit(submitter);
  delete submitter.dataset.confirmed;
}, { capture: true });

// The error summary leads to the label first, so that the question is in sight, then into the field.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".error-summary a[href*='#']");
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  (field.labels?.[0] ?? field).scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
});

// Chosen files are not in a draft; leaving would lose them.
window.addEventListener("beforeunload", (event) => {
  const risky = [...document.querySelectorAll("form[data-draft] input[type=file]")].some((input) => input.files.length && changed.has(input.form));
  if (risky) event.preventDefault();
});

window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form[data-busy]").forEach((form) => delete form.dataset.busy);
  document.querySelectorAll("[aria-busy=true]").forEach((button) => button.removeAttribute("aria-busy"));
});

// What follows changes elsewhere waits until the page itself is there; an upload may put one that follows in place of one that did not.
let isFollowing = false;
function follow() {
  if (isFollowing || !document.body.dataset.follow || !document.querySelector("[data-live]")) return;
  isFollowing = true;
  import(document.body.dataset.follow).catch(() => { isFollowing = false; });
}
addEventListener("load", follow);
document.addEventListener("portico:page", follow);

// What only some people need is fetched when they go there; Ctrl K leads to the search box, or to its page where there is no room.
document.addEventListener("focusin", ({ target }) => {
  const module = target.closest?.("[data-module]")?.dataset.module;
  if (module) import(module).catch(() => {});
});

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const input = document.getElementById("site-search");
  if (!input || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  if (input.checkVisibility()) { input.focus(); input.select(); } else { document.querySelector(".search-link")?.click(); }
});

document.addEventListener("portico:page", ({ detail }) => {
  if (detail?.isAnswer) clearSent(true);
  ready();
});
// A form that was accepted leads on to another page.
clearSent(performance.getEntriesByType("navigation")[0]?.redirectCount > 0);
ready();
