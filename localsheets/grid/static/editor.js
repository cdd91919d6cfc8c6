// Typing into one cell. The editor belongs to a row's id, so whatever happens around it, the text stays and goes there.
export class Editor {
  constructor(grid, painter, { onCommit, onMove }) {
    Object.assign(this, { grid, painter, onCommit, onMove, element: null });
  }

  get open() { return this.element !== null; }

  begin(model, row, column, { text, pick = false } = {}) {
    this.place = { model, rowId: model.rowId(row), row, column };
    const choice = model.choice(row, column);
    this.before = model.editText(row, column);
    this.element = choice.kind === "ONE_OF_LIST" ? this.list(choice, model.text(row, column), text) : this.text(text ?? this.before);
    this.element.classList.add("editor");
    this.element.setAttribute("aria-label", model.header(column) || `${column + 1}`);
    this.grid.append(this.element);
    this.align();
    this.element.focus({ preventScroll: true });
    this.element.addEventListener("keydown", (event) => this.onKey(event));
    // Going to another window is no reason to send a half-written text: then the element stays the active one.
    this.element.addEventListener("blur", () => { if (document.activeElement !== this.element) this.commit(); });
    if (this.element.setSelectionRange) this.element.setSelectionRange(this.element.value.length, this.element.value.length);
    if (pick && this.element.showPicker) try { this.element.showPicker(); } catch { /* needs a click; not worth telling */ }
  }

  text(value) {
    const area = document.createElement("textarea");
    area.value = value;
    area.rows = 1;
    area.addEventListener("input", () => this.align());
    return area;
  }

  list(choice, present, typed) {
    const select = document.createElement("select");
    const values = ["", ...choice.values];
    if (!values.includes(present)) values.push(present);
    select.append(...values.map((value) => new Option(value, value, false, value === present)));
    if (typed) select.value = values.find((value) => value.toLowerCase().startsWith(typed.toLowerCase())) ?? present;
    this.before = present;
    let keyed = false;
    select.addEventListener("keydown", () => { keyed = true; });
    select.addEventListener("pointerdown", () => { keyed = false; });
    select.addEventListener("change", () => { if (!keyed) this.finish(0, 0); });
    return select;
  }

  // Rows moved: stay with the row, or stay where we are until the text is sent and the server says what happened.
  follow(position) {
    if (!this.open) return;
    if (position !== null) this.place.row = position;
    this.align();
  }

  align() {
    const box = this.painter.boxOf(this.place.row, this.place.column);
    const { style } = this.element;
    style.left = `${box.left}px`;
    style.top = `${box.top}px`;
    style.minWidth = `${Math.max(box.width, 120)}px`;
    style.height = "auto";
    if (this.element.tagName === "TEXTAREA") {
      style.width = `${Math.max(box.width, Math.min(420, this.element.value.length * 8 + 24))}px`;
      style.height = `${Math.min(220, Math.max(box.height, this.element.scrollHeight + 4))}px`;
    } else {
      style.height = `${box.height}px`;
    }
  }

  onKey(event) {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Escape") this.close();
    else if (event.key === "Tab") this.finish(0, event.shiftKey ? -1 : 1);
    else if (event.key === "Enter" && !event.altKey) this.finish(event.shiftKey ? -1 : 1, 0);
    else if (event.key === "Enter") this.element.setRangeText?.("\n", this.element.selectionStart, this.element.selectionEnd, "end");
    else return;
    event.preventDefault();
  }

  finish(rows, columns) {
    this.commit();
    this.grid.focus({ preventScroll: true });
    if (rows || columns) this.onMove(rows, columns);
  }

  commit() {
    if (!this.open) return;
    const { value } = this.element;
    const { place, before } = this;
    this.close();
    if (value !== before) this.onCommit(place, value);
  }

  close() {
    const element = this.element;
    if (!element) return;
    const focused = document.activeElement === element;
    this.element = null;
    element.remove();
    if (focused) this.grid.focus({ preventScroll: true });
  }
}
