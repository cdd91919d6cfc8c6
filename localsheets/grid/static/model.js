// One sheet as far as the browser knows it: its layout, the rows loaded so far, and what is not saved yet.
import { read } from "./api.js";

const CHUNK = 100;
const inBox = ([top, bottom, left, right], row, column) =>
  row >= top && (bottom === null || row < bottom) && column >= left && (right === null || column < right);

export class Model {
  constructor(sheetId) {
    this.sheetId = sheetId;
    this.layout = null;
    this.rows = new Map(); // position → {id, cells, fresh}
    this.asked = new Set();
    this.view = null; // positions to show instead of all rows
    this.query = { text: "", sort: null, order: "up" };
    this.pending = new Map(); // "row key:column" → text not saved yet
    this.revision = 0;
    this.era = 0; // answers to questions of an earlier era are thrown away
  }

  async open() {
    this.layout = await read(`${this.sheetId}/layout`);
    this.revision = this.layout.revision;
    await this.refreshView();
  }

  // The sheet's shape changed: ask for everything again, and show what we have until it comes.
  async reload() {
    this.era += 1;
    this.asked.clear();
    for (const row of this.rows.values()) row.fresh = false;
    await this.open();
  }

  get filtered() { return Boolean(this.query.text) || this.query.sort !== null; }

  async refreshView() {
    const hidden = new Set(this.layout.hiddenRows);
    let positions = null;
    if (this.filtered) {
      const query = { text: this.query.text, order: this.query.order };
      if (this.query.sort !== null) query.sort = this.query.sort;
      positions = (await read(`${this.sheetId}/view`, query)).positions;
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

  rowId(row) { return this.rows.get(row)?.id ?? null; }
  positionOf(rowId) {
    for (const [position, row] of this.rows) if (row.fresh && row.id === rowId) return position;
    return null;
  }

  cell(row, column) { return this.rows.get(row)?.cells[column] ?? { t: "" }; }
  keyOf(row, column) { return `${this.rowId(row) ?? `at${row}`}:${column}`; }
  unsaved(row, column) { return this.pending.get(this.keyOf(row, column)); }
  text(row, column) { return this.unsaved(row, column) ?? this.cell(row, column).t; }

  editText(row, column) {
    const cell = this.cell(row, column);
    const text = this.unsaved(row, column) ?? cell.e ?? cell.t;
    return text.startsWith("=") || text.startsWith("'") ? `'${text}` : text;
  }

  choice(row, column) {
    return this.layout.choices.findLast((rule) => inBox(rule.box, row, column)) ?? {};
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
    return this.layout.closed.find((range) => inBox(range.box, row, column)
      && !range.open.some((box) => inBox(box, row, column))) ?? null;
  }

  hiddenColumn(column) { return Boolean(this.layout.columns[column]?.hidden); }
  width(column) { return this.layout.columns[column]?.width ?? 100; }
  header(column) { return this.text(Math.max(0, this.layout.frozenRows - 1), column); }
}
