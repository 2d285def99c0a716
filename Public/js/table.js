// One-letter keys on lists: / search, j and k walk, x ticks, ? explains. The sheet has the switch to turn them off.
const stored = (act) => { try { return act(localStorage); } catch { return null; } };
const off = () => stored((local) => local.getItem("keys")) === "off";
const rows = () => [...document.querySelectorAll("[data-m=table] tbody tr")];

function walk(step) {
  const all = rows();
  const at = all.findIndex((row) => row.classList.contains("at") || row.contains(document.activeElement));
  const next = all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)];
  if (!next) return;
  all.forEach((row) => row.classList.toggle("at", row === next));
  next.querySelector("a")?.focus();
}

const keys = {
  j: () => walk(1),
  k: () => walk(-1),
  x: () => document.querySelector("[data-m=table] tr.at input[type=checkbox]")?.click(),
  "/": () => document.querySelector("form[data-auto] input[type=search]")?.focus(),
};

function sheet() {
  const dialog = document.getElementById("keys");
  if (!dialog || dialog.open) return;
  const toggle = dialog.querySelector("input[type=checkbox]");
  toggle.checked = !off();
  toggle.onchange = () => stored((local) => local.setItem("keys", toggle.checked ? "on" : "off"));
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable], dialog")) return;
  if (event.key === "?" && !off()) { event.preventDefault(); sheet(); return; }
  const act = off() ? undefined : keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

function ready() {
  document.querySelectorAll("[data-keys-button]").forEach((button) => {
    button.hidden = false;
    button.onclick = sheet;
  });
}

document.addEventListener("portico:page", ready);
ready();
