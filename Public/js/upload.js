// Previews, removal and progress for file fields. Without it the field is a plain multipart upload.
const chosen = new WeakMap();

async function draw(file, canvas) {
  const bitmap = await createImageBitmap(file, { resizeWidth: 320, resizeQuality: "medium" });
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  bitmap.close();
}

function complaint(input, file) {
  const { maxBytes, tooLarge, accept, wrongType } = { ...input.dataset, accept: input.accept };
  if (maxBytes && file.size > Number(maxBytes)) return tooLarge;
  if (accept && file.type && !accept.split(",").some((type) => type.trim() === file.type)) return wrongType;
  return null;
}

function show(input) {
  const box = input.closest("[data-m=upload]");
  const list = box.querySelector(".previews");
  list.replaceChildren(...chosen.get(input).map((file, index) => {
    const item = document.createElement("li");
    const canvas = document.createElement("canvas");
    canvas.className = "no-preview";
    draw(file, canvas).catch(() => {});
    const name = document.createElement("span");
    const problem = complaint(input, file);
    name.className = problem ? "bad-file" : "name";
    name.textContent = problem ? `${file.name}: ${problem}` : file.name;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "×";
    remove.setAttribute("aria-label", `${input.dataset.remove} ${file.name}`);
    remove.addEventListener("click", () => {
      chosen.set(input, chosen.get(input).filter((_, at) => at !== index));
      sync(input);
      (list.querySelectorAll("button")[Math.max(index - 1, 0)] ?? input).focus();
    });
    item.append(canvas, name, remove);
    return item;
  }));
  const status = box.querySelector("[role=status]");
  const count = chosen.get(input).length;
  const max = Number(input.dataset.max || Infinity);
  status.textContent = count > max ? input.dataset.tooMany : count ? `${count} / ${input.dataset.max}` : "";
}

function sync(input) {
  const transfer = new DataTransfer();
  chosen.get(input).forEach((file) => transfer.items.add(file));
  input.files = transfer.files;
  show(input);
}

function add(input, files) {
  const known = chosen.get(input) ?? [];
  const fresh = files.filter((file) => !known.some((other) => other.name === file.name && other.size === file.size && other.lastModified === file.lastModified));
  chosen.set(input, [...known, ...fresh]);
  sync(input);
}

let shown = location.pathname + location.search;

// Puts the answered page in place of this one, as the browser would have done with the plain form.
function take(request) {
  const next = new DOMParser().parseFromString(request.responseText, "text/html");
  const loaded = new Set([...document.scripts].map((script) => script.src));
  document.title = next.title;
  document.body.replaceWith(document.adoptNode(next.body));
  history.pushState({ taken: true }, "", request.responseURL);
  for (const { src } of next.head.querySelectorAll("script[src]")) {
    if (loaded.has(src)) continue;
    const script = document.createElement("script");
    Object.assign(script, { type: "module", src });
    document.head.append(script);
  }
  scrollTo(0, 0);
  (document.querySelector("[autofocus]") ?? document.getElementById("main"))?.focus();
  shown = location.pathname + location.search;
  document.dispatchEvent(new CustomEvent("portico:page", { detail: { isAnswer: true } }));
}

function send(form, submitter) {
  const box = form.querySelector("[data-m=upload]");
  const progress = box.querySelector("progress");
  const status = box.querySelector("[role=status]");
  const body = new FormData(form, submitter);
  const request = new XMLHttpRequest();
  let said = -1;
  request.open("POST", submitter?.getAttribute("formaction") ? submitter.formAction : form.action);
  request.setRequestHeader("Accept", "text/html");
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    progress.value = loaded / total;
    const step = Math.floor((loaded / total) * 2) * 50;
    if (step !== said) { said = step; status.textContent = `${step} %`; }
  });
  request.addEventListener("load", () => take(request));
  request.addEventListener("error", () => {
    progress.hidden = true;
    status.textContent = box.querySelector("input").dataset.failed;
    // What was not answered was not sent: its draft stays.
    try { sessionStorage.removeItem("sent"); } catch { /* there is none */ }
    delete form.dataset.busy;
    submitter?.removeAttribute("aria-busy");
  });
  progress.hidden = false;
  request.send(body);
}

document.addEventListener("change", ({ target }) => {
  if (target.matches?.("[data-m=upload] input[type=file]")) add(target, [...target.files]);
});

document.addEventListener("dragover", (event) => {
  if (event.target.closest?.("[data-m=upload]")) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const input = event.target.closest?.("[data-m=upload]")?.querySelector("input[type=file]");
  if (!input) return;
  event.preventDefault();
  add(input, [...event.dataTransfer.files]);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const holds = [...form.querySelectorAll("[data-m=upload] input[type=file]")].some((input) => input.files.length);
  if (!holds || event.defaultPrevented) return;
  event.preventDefault();
  send(form, event.submitter);
});

// A link within the page is no other page.
addEventListener("popstate", () => {
  if (location.pathname + location.search !== shown) location.reload();
});
