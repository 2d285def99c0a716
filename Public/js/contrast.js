// The contrast figures of a brand while somebody types it; without this they come with a check. The server computes them: colours
// are reduced into what screens show, by the same rule as everywhere.
const form = document.querySelector("form[data-contrast]");
let latest = 0;
let waiting = 0;

async function show() {
  const turn = ++latest;
  const { hue, chroma } = form.elements;
  try {
    const answer = await fetch(`${form.dataset.contrast}?${new URLSearchParams({ hue: hue.value, chroma: chroma.value })}`);
    // What is not yet a number has no figures; the last ones stay.
    if (!answer.ok || turn !== latest) return;
    const figures = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("contrast");
    if (figures) document.getElementById("contrast").replaceWith(document.adoptNode(figures));
  } catch { /* No connection: a check shows them. */ }
}

form?.addEventListener("input", (event) => {
  if (event.target.name !== "hue" && event.target.name !== "chroma") return;
  clearTimeout(waiting);
  waiting = setTimeout(show, 200);
});
