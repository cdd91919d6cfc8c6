// What lies over the cells: the outline of what was copied, and the small square that fills from the selection.
import { read } from "./api.js";
import { Drag } from "./drag.js";
import { make } from "./dialogs.js";
import { narrow } from "./geometry.js";
import { pickedColumns, pickedSpan, rowsFrom } from "./picked.js";
import { UNSEEN } from "./block.js";

export class Overlay {
  constructor(register) {
    this.register = register;
    this.drag = new Drag(register.grid);
    const { grid } = register;
    this.clipBox = make("div", { className: "clip-box", hidden: true });
    this.fillBox = make("div", { className: "fill-box", hidden: true });
    this.handle = make("div", { className: "fill-handle", hidden: true });
    this.spoken = make("p", { className: "spoken" });
    this.spoken.setAttribute("role", "status");
    document.body.append(this.spoken);
    for (const element of [this.clipBox, this.fillBox, this.handle]) {
      element.setAttribute("aria-hidden", "true");
      grid.append(element);
    }
    this.handle.addEventListener("mousedown", (event) => this.onPress(event));
    this.handle.addEventListener("dblclick", (event) => { event.stopPropagation(); this.fillDown(); });
    grid.addEventListener("scroll", () => this.place());
  }

  // Told to screen readers only; everybody else sees the outline.
  speak(text) { this.spoken.textContent = text; }

  showClip(clip) {
    this.clip = clip;
    this.place();
  }

  place() {
    const { register } = this;
    const { model, selection, painter } = register;
    if (!model || !painter.columns) return;
    const { clip } = this;
    this.clipBox.hidden = !clip || clip.sheetId !== model.sheetId
      || !this.lay(this.clipBox, clip.rows[0], clip.rows.at(-1), clip.columns[0], clip.columns.at(-1));
    const { bottom, right } = selection.box;
    const shown = model.layout.mayWrite && !narrow.matches && !selection.lines && !register.editor.open && painter.lefts.has(right);
    this.handle.hidden = !shown;
    if (!shown) return;
    const corner = painter.boxOf(bottom, right);
    this.handle.style.left = `${corner.left + corner.width - 5}px`;
    this.handle.style.top = `${corner.top + corner.height - 5}px`;
    this.handle.classList.toggle("pinned", right < model.layout.frozenColumns || bottom < model.layout.frozenRows);
  }

  lay(element, top, bottom, left, right) {
    const { painter } = this.register;
    if (!painter.lefts.has(left) || !painter.lefts.has(right)) return false;
    const [first, last] = [painter.boxOf(top, left), painter.boxOf(bottom, right)];
    Object.assign(element.style, {
      left: `${first.left}px`, top: `${first.top}px`,
      width: `${last.left + last.width - first.left}px`, height: `${last.top + last.height - first.top}px`,
    });
    return true;
  }

  onPress(event) {
    event.preventDefault();
    event.stopPropagation();
    let target = null;
    this.drag.begin((spot) => {
      target = this.targetFor(spot);
      this.fillBox.hidden = !target || !this.lay(this.fillBox, target.rows[0], target.rows.at(-1), target.columns[0], target.columns.at(-1));
    }, () => {
      this.fillBox.hidden = true;
      if (target) this.fill(target);
    });
  }

  // Filling goes one way: down or up, or to a side, wherever the pointer is farther out.
  targetFor({ row, column }) {
    const { model, painter, selection: { box } } = this.register;
    const [at, top, bottom] = [row, box.top, box.bottom].map((r) => model.indexOf(r));
    const [across, left, right] = [column, box.left, box.right].map((c) => painter.columns.indexOf(c));
    const [down, up, aside, back] = [at - bottom, top - at, across - right, left - across];
    const most = Math.max(down, up, aside, back);
    if (most <= 0) return null;
    if (most === down || most === up) {
      const rows = most === down ? rowsFrom(model, bottom + 1, down) : rowsFrom(model, at, up);
      return { axis: "ROWS", backwards: most === up, rows, columns: pickedColumns(this.register) };
    }
    const columns = most === aside ? painter.columns.slice(right + 1, across + 1) : painter.columns.slice(across, left);
    const [start, end] = pickedSpan(this.register);
    return { axis: "COLUMNS", backwards: most === back, rows: rowsFrom(model, start, end - start), columns };
  }

  fill({ axis, backwards, rows, columns }) {
    const { register } = this;
    const { model, selection } = register;
    const [start, end] = pickedSpan(register);
    const source = { columns: pickedColumns(register) };
    const from = rowsFrom(model, start, end - start);
    const body = { axis, backwards, source, from, rows: axis === "ROWS" && backwards ? [...rows].reverse() : rows, columns: axis === "COLUMNS" && backwards ? [...columns].reverse() : columns };
    register.block.send("fill", body, UNSEEN);
    const { top, bottom, left, right } = selection.box;
    const corners = backwards ? [{ row: axis === "ROWS" ? rows[0] : top, column: axis === "COLUMNS" ? columns[0] : left }, { row: bottom, column: right }]
      : [{ row: top, column: left }, { row: axis === "ROWS" ? rows.at(-1) : bottom, column: axis === "COLUMNS" ? columns.at(-1) : right }];
    selection.pick(...corners);
    register.showSelection(false);
  }

  // As far down as the column beside is filled: the left one, or else the right one.
  async fillDown() {
    const { register } = this;
    const { model, painter, selection: { box } } = register;
    const last = model.indexOf(box.bottom);
    if (pickedSpan(register)[1] < 1 && box.bottom >= model.layout.frozenRows) return;
    for (const column of [painter.columns[painter.columns.indexOf(box.left) - 1], painter.columns[painter.columns.indexOf(box.right) + 1]]) {
      const next = rowsFrom(model, last + 1, 1)[0];
      if (column === undefined || model.text(box.bottom, column) === "" || model.text(next, column) === "" || model.filtered) continue;
      const edge = await read(`${model.sheetId}/edge`, { row: box.bottom, column, to: "down" });
      const rows = rowsFrom(model, last + 1, model.indexOf(edge.row) - last);
      this.fill({ axis: "ROWS", backwards: false, rows, columns: pickedColumns(register) });
      return;
    }
  }
}
