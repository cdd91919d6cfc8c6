// Typing into one cell. The editor belongs to a row's id, so whatever happens around it, the text stays and goes there.
import { Choosing } from "./choosing.js";
import { dateText, isDated, isoOf } from "./dates.js";
import { make } from "./dialogs.js";
import { seenIn } from "./picked.js";
import { say } from "./words.js";

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const HIGHEST = 260;
const HIGHEST_BAR = 152; // eight lines

export class Editor {
  constructor(grid, painter, { onCommit, onMove, onFill = () => {} }) {
    Object.assign(this, { grid, painter, onCommit, onMove, onFill, box: null });
  }

  get open() { return this.box !== null; }

  // `text`: typed on the cell, so that arrows leave it again; `kept`: typed before and not saved; `bar`: in the formula bar.
  begin(model, row, column, { text, kept, pick = false, bar = null } = {}) {
    this.place = { model, rowId: model.rowId(row), row, column, was: seenIn(model, row, column) };
    this.before = model.editText(row, column);
    this.quick = text !== undefined;
    this.bar = bar;
    const choice = model.choice(row, column);
    const label = model.header(column) || `${column + 1}`;
    this.choosing = choice.kind === "ONE_OF_LIST" && !bar && !(text ?? kept ?? "").startsWith("=") ? new Choosing({
      values: choice.values, strict: choice.strict, present: model.text(row, column), typed: text ?? kept, label, onChoose: (value) => this.choose(value), onNarrow: () => this.align(),
    }) : null;
    this.control = this.choosing ? this.choosing.input : this.area(text ?? kept ?? this.before, label);
    this.box = this.choosing ? this.choosing.element : isDated(model, row, column) && !bar ? this.dated() : this.control;
    this.box.classList.toggle("bar", Boolean(bar));
    (bar ? document.body : this.grid).append(this.box);
    this.align();
    this.control.focus({ preventScroll: true });
    this.box.addEventListener("keydown", (event) => this.onKey(event));
    // Going to another window is no reason to send a half-written text: then the element stays the active one.
    this.box.addEventListener("focusout", (event) => {
      if (!this.box?.contains(event.relatedTarget) && !this.box?.contains(document.activeElement)) this.commit();
    });
    this.control.setSelectionRange(this.control.value.length, this.control.value.length);
    if (pick && this.calendar) this.pickDate();
  }

  area(value, label) {
    const area = make("textarea", { className: "editor", value, rows: 1 });
    area.setAttribute("aria-label", label);
    area.addEventListener("input", () => this.align());
    return area;
  }

  dated() {
    this.calendar = make("input", { type: "date", tabIndex: -1, ariaHidden: "true", className: "calendar" });
    const button = make("button", { type: "button", className: "pick", textContent: "▾", tabIndex: -1, title: say("pick_date") });
    button.setAttribute("aria-label", say("pick_date"));
    button.addEventListener("click", () => this.pickDate());
    this.calendar.addEventListener("change", () => {
      if (!this.calendar?.value) return;
      this.control.value = dateText(this.place.model, this.calendar.value);
      this.finish(0, 0);
    });
    return make("div", { className: "dated" }, this.control, button, this.calendar);
  }

  pickDate() {
    this.calendar.value = isoOf(this.place.model, this.control.value);
    try { this.calendar.showPicker(); } catch { /* needs a click; not worth telling */ }
  }

  choose(value) {
    this.chosen = value;
    this.finish(0, 0);
  }

  get value() {
    if (!this.choosing) return this.control.value;
    return this.chosen ?? this.choosing.value ?? this.before;
  }

  // Rows moved: stay with the row, or stay where we are until the text is sent and the server says what happened.
  follow(position) {
    if (!this.open) return;
    if (position !== null) this.place.row = position;
    this.align();
  }

  align() {
    if (this.bar) {
      const { left, top, width, height } = this.bar.getBoundingClientRect();
      Object.assign(this.box.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: "auto" });
      this.box.style.height = `${Math.min(HIGHEST_BAR, Math.max(height, this.box.scrollHeight + 4))}px`;
      return;
    }
    const at = this.painter.boxOf(this.place.row, this.place.column);
    const { style } = this.box;
    style.left = `${at.left}px`;
    style.top = `${at.top}px`;
    style.minWidth = `${Math.max(at.width, 120)}px`;
    if (this.choosing) {
      this.control.style.height = `${at.height}px`;
      this.keepInSight(at);
      return;
    }
    const longest = Math.max(...this.control.value.split("\n").map((line) => line.length));
    const widest = Math.min(480, this.grid.clientWidth - 24);
    this.box.style.width = `${Math.max(at.width, 120, Math.min(widest, longest * 8 + 28))}px`;
    this.control.style.height = "auto";
    this.control.style.height = `${Math.min(HIGHEST, Math.max(at.height, this.control.scrollHeight + 4))}px`;
    this.keepInSight(at);
  }

  // At the grid's lower and right rim what is higher or wider than its cell moves up and left.
  keepInSight(at) {
    const { grid, box } = this;
    const [bottom, right] = [grid.scrollTop + grid.clientHeight, grid.scrollLeft + grid.clientWidth];
    const low = at.top + box.offsetHeight > bottom;
    box.classList.toggle("above", low); // a list then opens upwards from its cell
    if (low && this.choosing) box.style.top = `${Math.max(grid.scrollTop, at.top + at.height - box.offsetHeight)}px`;
    else if (low) box.style.top = `${Math.max(grid.scrollTop, bottom - box.offsetHeight)}px`;
    if (at.left + box.offsetWidth > right) box.style.left = `${Math.max(grid.scrollLeft, right - box.offsetWidth)}px`;
  }

  // A key that had to wait until the editor was open.
  take(event) {
    if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      this.control.setRangeText(event.key, this.control.selectionStart, this.control.selectionEnd, "end");
      this.control.dispatchEvent(new Event("input"));
    } else this.onKey(event);
  }

  onKey(event) {
    event.stopPropagation();
    if (event.isComposing) return;
    const act = this.action(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  action(event) {
    const { key, shiftKey, altKey } = event;
    const jump = event.ctrlKey || event.metaKey;
    if (key === "Escape") return () => this.close();
    if (key === "Tab") return () => this.finish(0, shiftKey ? -1 : 1);
    if (key === "Enter" && (jump || altKey)) return () => (jump && this.onFill(null) ? this.fill() : this.breakLine());
    if (key === "Enter") return () => this.finish(shiftKey ? -1 : 1, 0);
    if (key === "F2") return () => { this.quick = !this.quick; };
    if (this.choosing) return { ArrowDown: () => this.choosing.step(1), ArrowUp: () => this.choosing.step(-1) }[key];
    if (altKey && key === "ArrowDown" && this.calendar) return () => this.pickDate();
    // Typed on the cell, an arrow goes on to the next one; in a formula, or after F2, it moves in the text.
    if (this.quick && ARROWS[key] && !jump && !shiftKey && !this.control.value.startsWith("=")) return () => this.finish(...ARROWS[key], true);
    return null;
  }

  breakLine() {
    if (this.choosing) return;
    this.control.setRangeText("\n", this.control.selectionStart, this.control.selectionEnd, "end");
    this.align();
  }

  fill() {
    const { value } = this;
    this.close();
    this.onFill(value);
  }

  finish(rows, columns, plain = false) {
    this.commit();
    this.grid.focus({ preventScroll: true });
    if (rows || columns) this.onMove(rows, columns, plain);
  }

  commit() {
    if (!this.open) return;
    const { place, before, value } = this;
    this.close();
    if (value !== before) this.onCommit(place, value);
  }

  close() {
    const { box } = this;
    if (!box) return;
    const focused = box.contains(document.activeElement);
    this.box = this.calendar = this.choosing = this.chosen = null;
    box.remove();
    if (focused) this.grid.focus({ preventScroll: true });
  }
}
