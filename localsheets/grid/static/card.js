// One row as a form, for narrow screens and long texts. Each field saves by itself when it is left.
import { dateText, isDated, isoOf } from "./dates.js";
import { seenIn } from "./picked.js";
import { say } from "./words.js";

// As high as its text.
function grow(area) {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}

export class Card {
  constructor(dialog, { onCommit, onStep, why }) {
    Object.assign(this, { dialog, onCommit, onStep, why });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) this.close(); });
  }

  get open() { return this.dialog.open; }

  show(model, row) {
    this.place = { model, rowId: model.rowId(row), row };
    const header = document.createElement("header");
    const title = Object.assign(document.createElement("h2"), { id: "card-title", textContent: this.title() });
    const state = Object.assign(document.createElement("span"), { id: "card-status", textContent: document.getElementById("status").textContent });
    header.append(title, state, this.button("previous", "‹", () => this.step(-1)), this.button("next", "›", () => this.step(1)),
      this.button("close", say("close"), () => this.close()));
    const fields = document.createElement("div");
    fields.className = "fields";
    const shown = this.columns(model, row);
    fields.append(...shown.filter((column) => !model.closed(row, column)).map((column) => this.field(model, row, column)));
    fields.append(...this.locked(model, row, shown.filter((column) => model.closed(row, column))));
    this.dialog.replaceChildren(header, fields);
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.scrollTop = 0;
    this.dialog.querySelectorAll("textarea").forEach(grow);
  }

  columns(model, row) {
    return Array.from({ length: model.layout.columnCount }, (_, i) => i)
      .filter((column) => !model.hiddenColumn(column) && (model.header(column) || model.text(row, column)));
  }

  // What cannot be changed comes last, under one heading that says why once.
  locked(model, row, columns) {
    if (!columns.length) return [];
    const heading = Object.assign(document.createElement("h3"), { textContent: say("locked_fields") });
    const reasons = [...new Set(columns.map((column) => this.why(model.closed(row, column))))];
    const why = Object.assign(document.createElement("p"), { className: "why locked", textContent: reasons.join(" ") });
    return [heading, why, ...columns.map((column) => this.field(model, row, column))];
  }

  // What tells this row from others: its first two filled cells.
  title() {
    const { model, row } = this.place;
    const told = this.columns(model, row).map((column) => model.text(row, column).trim()).filter(Boolean).slice(0, 2);
    return told.join(" · ") || say("card", { row: row + 1 });
  }

  button(key, text, act) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text, title: say(key) });
    button.setAttribute("aria-label", say(key));
    button.addEventListener("click", act);
    return button;
  }

  field(model, row, column) {
    const holder = document.createElement("div");
    holder.className = "field";
    const closed = model.closed(row, column);
    const control = closed ? this.fixed(model, row, column) : this.control(model, row, column);
    control.id = `card-${column}`;
    control.dataset.cardCol = column;
    const label = document.createElement(closed ? "div" : "label");
    label.className = "label";
    label.textContent = model.header(column);
    if (!closed) label.htmlFor = control.id;
    control.classList.toggle("unsaved", model.unsaved(row, column) !== undefined);
    holder.append(label, control);
    const { n: note } = model.cell(row, column);
    if (note) holder.append(Object.assign(document.createElement("p"), { className: "why", textContent: `${say("note")}: ${note}` }));
    return holder;
  }

  fixed(model, row, column) {
    const text = model.isCheck(row, column) ? (model.isOn(row, column) ? "✓" : "–") : model.text(row, column);
    return Object.assign(document.createElement("div"), { className: "fixed", textContent: text });
  }

  control(model, row, column) {
    const choice = model.choice(row, column);
    const present = model.editText(row, column);
    const was = seenIn(model, row, column);
    let control;
    if (choice.kind === "BOOLEAN") {
      control = Object.assign(document.createElement("input"), { type: "checkbox", checked: model.isOn(row, column) });
      control.addEventListener("change", () => this.onCommit({ ...this.place, column, was }, model.toggled(row, column)));
      return control;
    }
    if (choice.kind === "ONE_OF_LIST") {
      control = document.createElement("select");
      const values = ["", ...choice.values];
      if (!values.includes(present)) values.push(present);
      control.append(...values.map((value) => new Option(value || say("choose"), value, false, value === present)));
    } else if (isDated(model, row, column) && (present === "" || this.day(model, row, column))) {
      return this.calendar(model, row, column, was);
    } else {
      control = Object.assign(document.createElement("textarea"), { value: present, rows: 1 });
      control.addEventListener("input", () => grow(control));
    }
    const commit = () => { if (control.value !== present) this.onCommit({ ...this.place, column, was }, control.value); };
    // A text is sent when its field is left, but not half-written because somebody looked at another window.
    if (control.tagName === "SELECT") control.addEventListener("change", commit);
    else control.addEventListener("blur", () => { if (document.activeElement !== control) commit(); });
    return control;
  }

  day(model, row, column) { return model.cell(row, column).d ?? isoOf(model, model.text(row, column)); }

  calendar(model, row, column, was) {
    const before = this.day(model, row, column);
    const control = Object.assign(document.createElement("input"), { type: "date", value: before });
    control.addEventListener("blur", () => {
      if (document.activeElement === control || control.value === before) return;
      this.onCommit({ ...this.place, column, was }, control.value && dateText(model, control.value));
    });
    return control;
  }

  // Other people's changes appear, except in the field that is being filled in.
  refresh() {
    if (!this.open) return;
    const { model, row } = this.place;
    for (const control of this.dialog.querySelectorAll("[data-card-col]")) {
      if (control === document.activeElement) continue;
      const column = Number(control.dataset.cardCol);
      const fresh = this.field(model, row, column);
      control.closest(".field").replaceWith(fresh);
      fresh.querySelectorAll("textarea").forEach(grow);
    }
    this.dialog.querySelector("#card-title").textContent = this.title();
  }

  follow(position) {
    if (!this.open || position === null) return;
    this.place.row = position;
    this.dialog.querySelector("#card-title").textContent = this.title();
  }

  step(by) {
    document.activeElement?.blur();
    this.onStep(this.place.row, by);
  }

  close() {
    document.activeElement?.blur();
    this.dialog.close();
    this.dialog.replaceChildren();
  }
}
