// One sheet as far as the browser knows it: its layout, the rows loaded so far, and what is not saved yet.
import { read, write } from "./api.js";
import { inBox, narrow } from "./geometry.js";
import { Merges } from "./merges.js";
import { isNarrowed, savedView, keepView } from "./views.js";

const CHUNK = 100;
const ROW = 28;
const ROW_FOR_THUMBS = 44;
const DEFAULT_ROW = 21; // what the API calls a row of ordinary height; ours are higher, to be read with ease

export class Model {
  constructor(sheetId) {
    this.sheetId = sheetId;
    this.layout = null;
    this.rows = new Map(); // position → {id, cells, fresh}
    this.asked = new Set();
    this.view = null; // positions to show instead of all rows
    this.query = { text: "", sort: null, order: "up", filters: {} };
    this.pending = new Map(); // "row key:column" → text not saved yet
    this.revision = 0;
    this.era = 0; // answers to questions of an earlier era are thrown away
  }

  async open() {
    const first = this.layout === null;
    this.layout = await read(`${this.sheetId}/layout`);
    this.revision = this.layout.revision;
    this.merges = new Merges(this);
    this.hiddenRows = new Set(this.layout.hiddenRows);
    this.rules = new Map(); // column → the choices and protections that reach it
    await this.need(Array.from({ length: this.layout.frozenRows }, (_, i) => i));
    if (first) this.seen = this.layout.structure; // the shape in which people see the rows and pick among them
    if (first) Object.assign(this.query, savedView(this));
    else keepView(this);
    await this.refreshView();
  }

  // The sheet's shape changed: ask for everything again, and show what we have until it comes.
  async reload() {
    this.era += 1;
    this.asked.clear();
    for (const row of this.rows.values()) row.fresh = false;
    await this.open();
  }

  get filtered() { return isNarrowed(this.query); }

  async refreshView() {
    const hidden = this.hiddenRows;
    let positions = null;
    this.total = this.bodyRows;
    if (this.filtered) {
      const told = await write(`${this.sheetId}/view`, this.query);
      positions = told.positions;
      this.total = told.total;
    } else if (hidden.size) {
      positions = Array.from({ length: this.bodyRows }, (_, i) => i + this.layout.frozenRows);
    }
    this.view = positions && positions.filter((row) => !hidden.has(row));
    this.index = this.view && new Map(this.view.map((row, i) => [row, i]));
  }

  get bodyRows() { return this.layout.rowCount - this.layout.frozenRows; }
  get shownRows() { return this.view ? this.view.length : this.bodyRows; }
  rowAt(index) { return this.view ? this.view[index] : index + this.layout.frozenRows; }

  indexOf(row) {
    if (row < this.layout.frozenRows) return row - this.layout.frozenRows;
    return this.view ? this.index.get(row) ?? -1 : row - this.layout.frozenRows;
  }

  async need(positions) {
    const missing = positions.filter((row) => !this.asked.has(row) && !(this.rows.get(row)?.fresh));
    if (!missing.length) return false;
    const query = this.view ? { at: missing.slice(0, 400).join() } : this.chunk(missing);
    const asked = this.view ? missing.slice(0, 400) : Array.from({ length: query.count }, (_, i) => query.start + i);
    asked.forEach((row) => this.asked.add(row));
    const era = this.era;
    try {
      const told = await read(`${this.sheetId}/rows`, query);
      if (era === this.era) this.take(told);
      return true;
    } finally {
      if (era === this.era) asked.forEach((row) => this.asked.delete(row));
    }
  }

  chunk(missing) {
    const start = Math.floor(Math.min(...missing) / CHUNK) * CHUNK;
    return { start, count: Math.min(400, Math.ceil((Math.max(...missing) + 1 - start) / CHUNK) * CHUNK) };
  }

  take(told) {
    for (const { r, id, c } of told.rows) {
      const cells = c.map((cell) => (cell === null || typeof cell === "string" ? { t: cell ?? "" } : { t: "", ...cell, look: told.looks[cell.s] }));
      this.rows.set(r, { id, cells, fresh: true });
    }
    return told.rows.map((row) => row.r);
  }

  knows(row) { return row >= this.layout.rowCount || Boolean(this.rows.get(row)?.fresh); }
  rowId(row) { return this.rows.get(row)?.id ?? null; }
  positionOf(rowId) {
    for (const [position, row] of this.rows) if (row.fresh && row.id === rowId) return position;
    return null;
  }

  cell(row, column) { return this.rows.get(row)?.cells[column] ?? { t: "" }; }
  keyOf(row, column) { return `${this.rowId(row) ?? `at${row}`}:${column}`; }
  unsaved(row, column) { return this.pending.size ? this.pending.get(this.keyOf(row, column)) : undefined; }
  text(row, column) { return this.unsaved(row, column) ?? this.cell(row, column).t; }

  // What the formula bar and the editor show: the formula, or (`e`, from the server) what has to be typed to get the
  // cell's number or text again, or else simply what is shown.
  editText(row, column) {
    const cell = this.cell(row, column);
    return this.unsaved(row, column) ?? cell.x ?? cell.e ?? cell.t;
  }

  rulesFor(column) {
    let found = this.rules.get(column);
    if (!found) {
      const reaches = ({ box: [, , left, right] }) => column >= left && (right === null || column < right);
      found = { choices: this.layout.choices.filter(reaches).reverse(), closed: this.layout.closed.filter(reaches) };
      this.rules.set(column, found);
    }
    return found;
  }

  choice(row, column) {
    return this.rulesFor(column).choices.find((rule) => inBox(rule.box, row, column)) ?? {};
  }

  isCheck(row, column) { return this.choice(row, column).kind === "BOOLEAN"; }
  isOn(row, column) {
    const values = this.choice(row, column).values ?? [];
    return this.text(row, column) === (values[0] ?? "TRUE");
  }

  toggled(row, column) {
    const [on = "TRUE", off = "FALSE"] = this.choice(row, column).values ?? [];
    return this.isOn(row, column) ? off : on;
  }

  // Why this cell cannot be changed, as {why}; null if it can.
  closed(row, column) {
    if (!this.layout.mayWrite) return { readOnly: true };
    return this.rulesFor(column).closed.find((range) => inBox(range.box, row, column)
      && !range.open.some((box) => inBox(box, row, column))) ?? null;
  }

  hiddenColumn(column) { return Boolean(this.layout.columns[column]?.hidden); }
  hiddenRow(row) { return this.hiddenRows.has(row); }
  width(column) { return this.layout.columns[column]?.width ?? 100; }

  height(row) {
    if (this.hiddenRows.has(row)) return 0;
    const ordinary = narrow.matches ? ROW_FOR_THUMBS : ROW;
    return this.isOrdinary(row) ? ordinary : Math.max(this.layout.heights[row], narrow.matches ? ROW_FOR_THUMBS : 0);
  }

  // Whether nobody gave the row a height of its own.
  isOrdinary(row) {
    const told = this.layout.heights[row];
    return !this.hiddenRows.has(row) && (told === undefined || told === DEFAULT_ROW);
  }

  header(column) { return this.text(Math.max(0, this.layout.frozenRows - 1), column); }
}
