// Suggestions under the header's search box while somebody types; a combobox as the ARIA practices describe it. form.js fetches
// this when somebody goes to the box; without it the box is a plain form that leads to the search page.
let latest = 0;

function close(form) {
  const input = form.elements.q;
  form.querySelector(".search-hits").hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

const options = (form) => [...form.querySelectorAll("[role=option]")];
const isOpen = (form) => !form.querySelector(".search-hits").hidden;

function choose(form, step) {
  const all = options(form);
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  // Past either end the choice is the typed text itself again.
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
  all.forEach((option, index) => option.setAttribute("aria-selected", String(index === next)));
  if (all[next]) {
    form.elements.q.setAttribute("aria-activedescendant", all[next].id);
    all[next].scrollIntoView({ block: "nearest" });
  } else {
    form.elements.q.removeAttribute("aria-activedescendant");
  }
}

async function suggest(form) {
  const words = form.elements.q.value.trim();
  const turn = ++latest;
  if ([...words].length < 2) { close(form); return; }
  let list = null;
  try {
    const answer = await fetch(`${form.dataset.hits}?q=${encodeURIComponent(words)}`);
    const page = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    list = page?.getElementById("site-search-list");
  } catch { /* No connection: the form still works when there is one. */ }
  // A slow answer to what is no longer typed is not shown.
  if (turn !== latest) return;
  if (!list || document.activeElement !== form.elements.q) { close(form); return; }
  const box = form.querySelector(".search-hits");
  box.replaceChildren(document.adoptNode(list));
  box.hidden = false;
  form.elements.q.setAttribute("aria-controls", list.id);
  form.elements.q.setAttribute("aria-expanded", "true");
  form.elements.q.removeAttribute("aria-activedescendant");
  form.querySelector("[role=status]").textContent = `${form.dataset.found} ${options(form).length - 1}`;
}

function keys(form, event) {
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape" && isOpen(form)) { event.preventDefault(); latest++; close(form); return; }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (isOpen(form)) choose(form, event.key === "ArrowDown" ? 1 : -1); else suggest(form);
    return;
  }
  const chosen = event.key === "Enter" && isOpen(form) && form.querySelector("[aria-selected=true]");
  if (chosen) { event.preventDefault(); chosen.click(); }
}

function prepare(form) {
  const input = form.elements.q;
  if (input.getAttribute("role") === "combobox") return;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", "site-search-hits");
  let timer;
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => suggest(form), 150); });
  input.addEventListener("keydown", (event) => keys(form, event));
  if (document.activeElement === input) suggest(form);
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) { clearTimeout(timer); latest++; close(form); } });
}

function ready() {
  document.querySelectorAll("[data-m=search]").forEach(prepare);
}

document.addEventListener("portico:page", ready);
ready();
