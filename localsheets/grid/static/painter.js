// Drawing: a head of letters and frozen rows, and as many body rows as can be seen.
const ROW = 28;
const LETTERS = 22;
const GUTTER = 46;
const SPARE = 8;

export const cellId = (row, column) => `c-${row}-${column}`;

export function letters(index) {
  let text = "";
  for (let number = index + 1; number > 0; number = Math.floor((number - 1) / 26)) {
    text = String.fromCharCode(65 + ((number - 1) % 26)) + text;
  }
  return text;
}

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
    this.drawn = new Map(); // row → element
  }

  show(model) {
    this.model = model;
    const { layout } = model;
    this.columns = Array.from({ length: layout.columnCount }, (_, i) => i).filter((c) => !model.hiddenColumn(c));
    this.lefts = new Map();
    let left = GUTTER;
    for (const column of this.columns) {
      this.lefts.set(column, left);
      left += model.width(column);
    }
    this.fullWidth = left;
    this.headHeight = LETTERS + layout.frozenRows * ROW;
    this.grid.setAttribute("aria-rowcount", layout.rowCount);
    this.grid.setAttribute("aria-colcount", layout.columnCount);
    this.grid.setAttribute("aria-readonly", String(!layout.mayWrite));
    this.head = make("head", "rowgroup");
    this.body = make("body", "rowgroup");
    this.head.style.width = this.body.style.width = `${left}px`;
    this.body.style.height = `${model.shownRows * ROW}px`;
    this.drawn.clear();
    this.head.append(this.letterRow());
    for (let row = 0; row < layout.frozenRows; row += 1) this.head.append(this.rowElement(row));
    // An open editor stays where it is: taken out, it would lose the focus and be sent half-written.
    this.grid.querySelectorAll(":scope > .head, :scope > .body").forEach((old) => old.remove());
    this.grid.prepend(this.head, this.body);
    this.paint();
  }

  letterRow() {
    const row = make("row letters");
    row.setAttribute("aria-hidden", "true");
    row.append(make("corner"));
    for (const column of this.columns) {
      const cell = make("cell", null, letters(column));
      this.place(cell, column);
      cell.dataset.letter = column;
      row.append(cell);
    }
    return row;
  }

  place(cell, column) {
    const frozen = this.model.layout.frozenColumns;
    cell.style.width = `${this.model.width(column)}px`;
    cell.classList.toggle("frozen", column < frozen);
    cell.classList.toggle("edge", column === frozen - 1);
    if (column < frozen) cell.style.left = `${this.lefts.get(column)}px`;
  }

  rowElement(row) {
    const element = make("row", "row");
    element.setAttribute("aria-rowindex", row + 1);
    const number = make("number", "rowheader", row + 1);
    number.dataset.number = row;
    element.append(number);
    for (const column of this.columns) {
      const cell = make("cell");
      cell.id = cellId(row, column);
      cell.dataset.row = row;
      cell.dataset.col = column;
      cell.setAttribute("aria-colindex", column + 1);
      this.place(cell, column);
      element.append(cell);
    }
    this.drawn.set(row, element);
    this.fill(row);
    return element;
  }

  fill(row) {
    const element = this.drawn.get(row);
    if (!element) return;
    element.classList.toggle("current", row === this.selection.row);
    for (const cell of element.querySelectorAll("[data-col]")) this.fillCell(cell, row, Number(cell.dataset.col));
  }

  fillCell(cell, row, column) {
    const { model, selection } = this;
    const data = model.cell(row, column);
    const choice = model.choice(row, column);
    const text = model.text(row, column);
    const closed = model.closed(row, column);
    const look = data.look ?? {};
    const frozenRow = row < model.layout.frozenRows;
    cell.setAttribute("role", frozenRow ? "columnheader" : "gridcell");
    cell.setAttribute("aria-readonly", String(Boolean(closed)));
    cell.setAttribute("aria-selected", String(selection.holds(row, column)));
    const flags = {
      num: data.num, closed: closed && !frozenRow, note: data.n, unsaved: model.unsaved(row, column) !== undefined,
      list: choice.kind === "ONE_OF_LIST" && !closed && !frozenRow, check: choice.kind === "BOOLEAN",
      active: row === selection.row && column === selection.column,
      range: selection.holds(row, column) && selection.many,
    };
    for (const [name, on] of Object.entries(flags)) cell.classList.toggle(name, Boolean(on));
    cell.style.backgroundColor = flags.range ? "" : look.bg ?? "";
    cell.style.color = look.fg ?? "";
    cell.style.fontWeight = look.bold ? "600" : "";
    cell.style.fontStyle = look.italic ? "italic" : "";
    cell.style.textDecoration = look.strike ? "line-through" : "";
    cell.style.textAlign = look.align ?? "";
    cell.title = data.n ?? "";
    if (flags.check) this.fillCheck(cell, model.isOn(row, column));
    else if (cell.firstElementChild || cell.textContent !== text) cell.textContent = text;
  }

  fillCheck(cell, on) {
    const mark = document.createElement("i");
    mark.className = on ? "on" : "";
    mark.textContent = on ? "✓" : "";
    cell.replaceChildren(mark);
    cell.setAttribute("aria-label", on ? "✓" : "–");
  }

  visibleRows() {
    const first = Math.max(0, Math.floor(this.grid.scrollTop / ROW) - SPARE);
    const seen = Math.ceil(this.grid.clientHeight / ROW) + 2 * SPARE;
    const rows = [];
    for (let i = first; i < Math.min(first + seen, this.model.shownRows); i += 1) rows.push(this.model.rowAt(i));
    return rows;
  }

  paint() {
    const wanted = new Set(this.visibleRows());
    for (const [row, element] of this.drawn) {
      if (!wanted.has(row) && row >= this.model.layout.frozenRows) {
        element.remove();
        this.drawn.delete(row);
      }
    }
    for (const row of wanted) {
      if (!this.drawn.has(row)) this.body.append(this.rowElement(row));
      this.drawn.get(row).style.top = `${this.model.indexOf(row) * ROW}px`;
    }
  }

  refill(rows = this.drawn.keys()) {
    for (const row of [...rows]) this.fill(row);
  }

  // Where a cell's editor goes, in the grid's scrolled space.
  boxOf(row, column) {
    const frozenRow = row < this.model.layout.frozenRows;
    const top = frozenRow ? this.grid.scrollTop + LETTERS + row * ROW : this.headHeight + this.model.indexOf(row) * ROW;
    const pinned = column < this.model.layout.frozenColumns && matchMedia("(min-width: 641px)").matches;
    const left = this.lefts.get(column) + (pinned ? this.grid.scrollLeft : 0);
    return { top, left, width: this.model.width(column), height: ROW };
  }

  reveal(row, column) {
    const { grid, model } = this;
    const index = model.indexOf(row);
    if (row >= model.layout.frozenRows && index >= 0) {
      const room = grid.clientHeight - this.headHeight;
      if (index * ROW < grid.scrollTop) grid.scrollTop = index * ROW;
      else if ((index + 1) * ROW > grid.scrollTop + room) grid.scrollTop = (index + 1) * ROW - room;
    }
    if (column < model.layout.frozenColumns) return;
    const pinned = model.layout.frozenColumns ? this.lefts.get(this.columns.find((c) => c >= model.layout.frozenColumns)) ?? GUTTER : GUTTER;
    const left = this.lefts.get(column);
    if (left - pinned < grid.scrollLeft) grid.scrollLeft = left - pinned;
    else if (left + model.width(column) > grid.scrollLeft + grid.clientWidth) {
      grid.scrollLeft = Math.min(left - pinned, left + model.width(column) - grid.clientWidth);
    }
  }

  get pageRows() { return Math.max(1, Math.floor((this.grid.clientHeight - this.headHeight) / ROW) - 1); }
}
