// Writing in a conversation: who else is typing, and Enter that sends. All of it works without this file, by reload.
// The line that tells of others is looked up each time: a sent picture puts another page in place of this one.
const line = () => document.querySelector("#typing");
const typing = new Map();
let told = 0;

const say = (type, id) => document.dispatchEvent(new CustomEvent("portico:say", { detail: { type, conversationId: id } }));

// MARK: Others

function show() {
  const note = line();
  if (!note) return;
  const names = [...typing.values()].map(({ name }) => name);
  note.textContent = names.length === 0 ? "" : names.length === 1 ? note.dataset.one.replace("{name}", () => names[0]) : note.dataset.many;
}

function silent(id) {
  clearTimeout(typing.get(id)?.timer);
  typing.delete(id);
  show();
}

document.addEventListener("portico:news", ({ detail }) => {
  if (!detail.conversationId || detail.conversationId !== line()?.dataset.conversation) return;
  if (detail.type === "typing_indicator") {
    clearTimeout(typing.get(detail.userId)?.timer);
    // Should the end be lost on its way, it ends here.
    typing.set(detail.userId, { name: detail.name, timer: setTimeout(silent, 5000, detail.userId) });
    show();
  } else if (detail.type === "typing_stopped") {
    silent(detail.userId);
  }
});

// MARK: Oneself

const formOf = (target) => target.closest?.("form[data-m=messages]");

function stop(form) {
  if (told) say("typing_stop", form.dataset.conversation);
  told = 0;
}

document.addEventListener("input", ({ target }) => {
  const form = formOf(target);
  if (!form || target.tagName !== "TEXTAREA") return;
  if (!target.value) return stop(form);
  if (performance.now() - told < 2000 && told) return;
  told = performance.now();
  say("typing_start", form.dataset.conversation);
});

document.addEventListener("focusout", ({ target }) => {
  const form = formOf(target);
  if (form && target.tagName === "TEXTAREA") stop(form);
});

document.addEventListener("keydown", (event) => {
  const form = formOf(event.target);
  if (!form || event.target.tagName !== "TEXTAREA" || event.key !== "Enter" || event.isComposing) return;
  const sends = event.ctrlKey || event.metaKey || (form.dataset.enter === "send" && !event.shiftKey);
  if (!sends) return;
  event.preventDefault();
  if (event.target.value.trim() || form.querySelector("input[type=file]")?.files.length) form.requestSubmit();
});

// Pictures are rare: what shows them before they are sent is loaded once somebody adds one.
const prepare = (details) => import(details.dataset.module);
document.querySelectorAll("details.attach[open]").forEach(prepare);
document.addEventListener("toggle", ({ target }) => {
  if (target.matches("details.attach[open]")) prepare(target);
}, true);

document.addEventListener("submit", ({ target }) => {
  if (formOf(target)) stop(target);
});
