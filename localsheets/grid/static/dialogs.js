// Small questions, each in a dialog of its own: a text to enter, a yes or no, something to read.
import { say } from "./words.js";

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

let count = 0;

// A dialog with a title; gives the focus back to where it was.
export function openDialog(title, content, { kind = "ask" } = {}) {
  const before = document.activeElement;
  const id = `dialog-${count += 1}`;
  const dialog = make("dialog", { className: kind }, make("h2", { id, textContent: title }), content);
  dialog.setAttribute("aria-labelledby", id);
  dialog.addEventListener("close", () => { dialog.remove(); before?.isConnected && before.focus({ preventScroll: true }); });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  dialog.scrollTop = 0;
  return dialog;
}

export function buttons(...pairs) {
  const row = make("div", { className: "buttons" });
  for (const [label, act, properties = {}] of pairs) {
    const button = make("button", { type: "button", textContent: label, ...properties });
    if (act) button.addEventListener("click", act);
    row.append(button);
  }
  return row;
}

// What somebody entered; null if he thought better of it.
export function ask(title, { label, value = "", long = false, type = "text" }) {
  return new Promise((resolve) => {
    const field = long ? make("textarea", { value, rows: 5 }) : make("input", { type, value });
    field.id = "asked";
    const form = make("form", {}, make("label", { htmlFor: "asked", textContent: label }), field,
      buttons([say("cancel"), () => dialog.close()], [say("ok"), null, { type: "submit", className: "main" }]));
    let answer = null;
    const done = () => { answer = field.value.trim(); dialog.close(); };
    form.addEventListener("submit", (event) => { event.preventDefault(); done(); });
    field.addEventListener("keydown", (event) => { if (long && event.key === "Enter" && (event.ctrlKey || event.metaKey)) done(); });
    const dialog = openDialog(title, form);
    dialog.addEventListener("close", () => resolve(answer));
    field.select();
  });
}

export function confirmed(question, yes) {
  return new Promise((resolve) => {
    let answer = false;
    const row = buttons([say("cancel"), () => dialog.close()], [yes, () => { answer = true; dialog.close(); }, { className: "danger" }]);
    const dialog = openDialog(question, row, { kind: "ask confirm" });
    dialog.addEventListener("close", () => resolve(answer));
    row.lastElementChild.focus();
  });
}
