// Drawing: a head of letters and frozen rows, and as many body rows as can be seen. Rows that scroll out of sight are
// taken apart no further than needed and used again for those that come into it.
import { CellPainter } from "./cells.js";
import { Lines, letters, narrow } from "./geometry.js";
import { say } from "./words.js";

export { letters };
export const LETTERS = 24;
export const GUTTER = 46;
const SPARE = 8;
const FEW_ROWS = 5;
const HIGHEST_HEAD = 120;
const FEW_COLUMNS = 60; // that many are all drawn; of more only those near the window

export const cellId = (row, column) => `c-${row}-${column}`;

function make(className, role, text) {
  const element = document.createElement("div");
  element.className = className;
  if (role) element.setAttribute("role", role);
  if (text !== undefined) element.textContent = text;
  return element;
}

export class Painter {
  constructor(grid, selection) {
    this.grid = grid;
    this.selection = selection;
    this.cells = new CellPainter(selection);
    this.drawn = new Map(); // row → element
    this.spare = [];
    this.onLetter = () => {}; // others add to a column's letter, a row's number
    this.onNumber = () => {};
    this.onPaint = () => {};
  }

  show(model) {
    this.model = model;
    this.cells.model = model;
    const { layout } = model;
    this.columns = Array.from({ length: layout.columnCount }, (_, i) => i).filter((c) => !model.hiddenColumn(c));
    this.across = new Lines(this.columns.length, (i) => model.width(this.columns[i]));
    this.lefts = new Map(this.columns.map((column, i) => [column, GUTTER + this.across.start(i)]));
    this.down = new Lines(model.shownRows, (i) => model.height(model.rowAt(i)));
    this.fitHead();
    this.headDown = new Lines(layout.frozenRows, (row) => this.heightOf(row));
    this.headHeight = LETTERS + this.headDown.total;
    this.grid.setAttribute("aria-rowcount", layout.rowCount);
    this.grid.setAttribute("aria-colcount", layout.columnCount);
    this.grid.setAttribute("aria-readonly", String(!layout.mayWrite));
    this.head = make("head", "rowgroup");
    this.body = make("body", "rowgroup");
    this.head.style.width = this.body.style.width = `${GUTTER + this.across.total}px`;
    this.body.style.height = `${this.down.total}px`;
    this.drawn.clear();
    this.spare = [];
    this.near = this.nearColumns();
    this.head.append(this.letterRow());
    for (let row = 0; row < layout.frozenRows; row += 1) this.head.append(this.rowElement(row));
    // An open editor stays where it is: taken out, it would lose the focus and be sent half-written.
    this.grid.querySelectorAll(":scope > .head, :scope > .body").forEach((old) => old.remove());
    this.grid.prepend(this.head, this.body);
    this.paint();
  }

  // The header's height ---------------------------------------------------------------------------------------------

  heightOf(row) { return this.fitted.get(row) ?? this.model.height(row); }

  // Frozen rows whose height nobody set.
  headRows() {
    return Array.from({ length: Math.min(this.model.layout.frozenRows, FEW_ROWS) }, (_, row) => row).filter((row) => this.model.isOrdinary(row));
  }

  headText() {
    return JSON.stringify(this.headRows().map((row) => this.columns.slice(0, FEW_COLUMNS).map((column) => [this.model.text(row, column), this.model.width(column)])));
  }

  // They are as high as their texts need, so that every header can be read.
  fitHead() {
    this.headKey = this.headText();
    const room = make("measures");
    const measured = this.headRows().map((row) => [row, this.columns.slice(0, FEW_COLUMNS).filter((column) => this.model.text(row, column)).map((column) => {
      const measure = make("measure head", null, this.model.text(row, column));
      measure.style.width = `${this.model.width(column)}px`;
      room.append(measure);
      return measure;
    })]);
    document.body.append(room);
    this.fitted = new Map(measured.map(([row, all]) => [row, Math.max(this.model.height(row), ...all.map((one) => Math.min(HIGHEST_HEAD, one.offsetHeight)))]));
    room.remove();
  }

  // Columns -------------------------------------------------------------------------------------------------------

  get pinned() { return narrow.matches ? 0 : this.model.layout.frozenColumns; }

  // First and past-the-last place among the shown columns of those that are drawn beside the frozen ones.
  nearColumns() {
    if (this.columns.length <= FEW_COLUMNS) return [0, this.columns.length];
    const first = this.across.at(this.grid.scrollLeft);
    const last = this.across.at(this.grid.scrollLeft + this.grid.clientWidth);
    return [Math.max(0, first - SPARE), Math.min(this.columns.length, last + 1 + SPARE)];
  }

  drawnColumns() {
    const [from, to] = this.near;
    return this.columns.filter((column, i) => (i >= from && i < to) || column < this.model.layout.frozenColumns);
  }

  letterRow() {
    const row = make("row letters", "row");
    const corner = make("corner", "gridcell");
    corner.dataset.corner = "";
    corner.setAttribute("aria-label", say("all_cells"));
    row.append(corner);
    let before = null;
    for (const column of this.drawnColumns()) {
      const cell = make("cell", "columnheader", letters(column));
      this.place(cell, column, before);
      cell.dataset.letter = column;
      cell.setAttribute("aria-colindex", column + 1);
      this.onLetter(cell, column);
      row.append(cell);
      before = column;
    }
    return row;
  }

  // Where columns were left out, the next one keeps their room.
  place(cell, column, before) {
    const frozen = this.model.layout.frozenColumns;
    const due = before === null ? GUTTER : this.lefts.get(before) + this.model.width(before);
    const gap = this.lefts.get(column) - due;
    cell.style.width = `${this.model.width(column)}px`;
    cell.style.marginLeft = gap > 0 ? `${gap}px` : "";
    cell.classList.toggle("frozen", column < frozen);
    cell.classList.toggle("edge", column === frozen - 1);
    if (column < frozen) cell.style.left = `${this.lefts.get(column)}px`;
  }

  // Rows ----------------------------------------------------------------------------------------------------------

  rowElement(row) {
    const element = this.spare.pop() ?? this.freshRow();
    this.name(element, row);
    this.drawn.set(row, element);
    this.fill(row);
    return element;
  }

  freshRow() {
    const element = make("row", "row");
    element.append(make("number", "rowheader"));
    let before = null;
    for (const column of this.drawnColumns()) {
      const cell = make("cell");
      cell.dataset.col = column;
      cell.setAttribute("aria-colindex", column + 1);
      this.place(cell, column, before);
      element.append(cell);
      before = column;
    }
    return element;
  }

  name(element, row) {
    element.setAttribute("aria-rowindex", row + 1);
    const [number, ...cells] = element.children;
    number.textContent = row + 1;
    number.dataset.number = row;
    for (const cell of cells) {
      cell.id = cellId(row, cell.dataset.col);
      cell.dataset.row = row;
    }
    const height = this.heightOf(row);
    element.style.height = `${height}px`;
    element.classList.toggle("none", height === 0);
    this.onNumber(number, row);
  }

  fill(row) {
    const element = this.drawn.get(row);
    if (!element) return;
    element.classList.toggle("current", row === this.selection.row);
    for (let cell = element.children[1]; cell; cell = cell.nextElementSibling) this.cells.fill(cell, row, Number(cell.dataset.col));
  }

  visibleRows() {
    if (!this.model.shownRows) return [];
    const top = this.grid.scrollTop;
    const first = Math.max(0, this.down.at(top) - SPARE);
    const last = Math.min(this.model.shownRows - 1, this.down.at(top + this.grid.clientHeight) + SPARE);
    const rows = [];
    for (let i = first; i <= last; i += 1) rows.push(this.model.rowAt(i));
    return this.model.merges.withAnchors(rows);
  }

  paint() {
    const near = this.nearColumns();
    if (String(near) !== String(this.near)) {
      this.show(this.model);
      return;
    }
    const rows = this.visibleRows();
    const wanted = new Set(rows);
    for (const [row, element] of this.drawn) {
      if (!wanted.has(row) && row >= this.model.layout.frozenRows) {
        this.drawn.delete(row);
        element.remove();
        this.spare.push(element);
      }
    }
    let before = null;
    for (const row of rows) {
      if (row < this.model.layout.frozenRows) continue;
      const element = this.drawn.get(row) ?? this.rowElement(row);
      if (!element.isConnected) before ? before.after(element) : this.body.prepend(element);
      const index = this.model.indexOf(row);
      element.style.top = `${this.down.start(index)}px`;
      before = element;
    }
    this.spare.length = Math.min(this.spare.length, 60);
    this.onPaint();
  }

  refill(rows = this.drawn.keys()) {
    if (this.headKey !== this.headText()) {
      this.show(this.model);
      return;
    }
    for (const row of [...rows]) this.fill(row);
  }

  // Where a cell's editor goes, in the grid's scrolled space.
  boxOf(row, column) {
    const frozenRow = row < this.model.layout.frozenRows;
    const index = this.model.indexOf(row);
    const top = frozenRow ? this.grid.scrollTop + LETTERS + this.headDown.start(row) : this.headHeight + this.down.start(index);
    const left = this.lefts.get(column) + (column < this.pinned ? this.grid.scrollLeft : 0);
    const { width, height } = this.model.merges.size(row, column) ?? { width: this.model.width(column), height: this.heightOf(row) };
    return { top, left, width, height };
  }

  // The least scrolling that brings a cell into sight.
  reveal(row, column) {
    const { grid, model } = this;
    const index = model.indexOf(row);
    if (row >= model.layout.frozenRows && index >= 0) {
      const room = grid.clientHeight - this.headHeight;
      const [top, bottom] = [this.down.start(index), this.down.start(index + 1)];
      if (top < grid.scrollTop) grid.scrollTop = top;
      else if (bottom > grid.scrollTop + room) grid.scrollTop = bottom - room;
    }
    if (column < this.pinned || !this.lefts.has(column)) return;
    const pinned = this.pinned ? this.lefts.get(this.columns.find((c) => c >= this.pinned)) ?? GUTTER : GUTTER;
    const left = this.lefts.get(column);
    if (left - pinned < grid.scrollLeft) grid.scrollLeft = left - pinned;
    else if (left + model.width(column) > grid.scrollLeft + grid.clientWidth) {
      grid.scrollLeft = Math.min(left - pinned, left + model.width(column) - grid.clientWidth);
    }
  }

  get pageRows() {
    const row = narrow.matches ? 44 : 28;
    return Math.max(1, Math.floor((this.grid.clientHeight - this.headHeight) / row) - 1);
  }
}
