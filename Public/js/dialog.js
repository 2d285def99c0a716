// Asks before a submit that names a question in data-confirm. Without it the form is sent at once and the server decides.
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

// Before the other modules see the submit: they must not mark the form busy yet.
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (!submitter?.dataset.confirm || submitter.dataset.confirmed !== undefined) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!await ask(submitter.dataset)) { submitter.focus(); return; }
  submitter.dataset.confirmed = "";
  form.requestSubmit(submitter);
  delete submitter.dataset.confirmed;
}, { capture: true });
