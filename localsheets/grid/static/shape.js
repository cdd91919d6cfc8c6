// What the grid changes besides values: looks, sizes, notes, order, lines that come and go. Each is one request to the
// server, so that each can be undone.
import { write } from "./api.js";
import { ask, confirmed } from "./dialogs.js";
import { announce, say } from "./words.js";

const WIDEST = 400;

export class Shape {
  constructor(register) {
    this.register = register;
  }

  get model() { return this.register.model; }

  mayWrite() {
    if (!this.model.layout.mayWrite) announce(say("read_only"));
    return this.model.layout.mayWrite;
  }

  // Answers what the server told, or null if it refused.
  async send(requests, sheetId = this.model.sheetId) {
    return this.post("batch", { requests, seen: sheetId === this.model.sheetId ? this.model.layout.structure : undefined }, sheetId);
  }

  async post(path, body, sheetId = this.model.sheetId) {
    if (!this.mayWrite()) return null;
    try {
      const told = await write(`${sheetId}/${path}`, body);
      await this.register.refresh();
      return told ?? {};
    } catch (error) {
      this.register.status.failed(error);
      await this.register.refresh().catch(() => {});
      return null;
    }
  }

  // The picked cells that are shown, as ranges: a filtered view leaves out the rows between.
  ranges() {
    const { top, bottom, left, right } = this.register.selection.box;
    const sheetId = this.model.sheetId;
    const range = (from, to) => ({ sheetId, startRowIndex: from, endRowIndex: to, startColumnIndex: left, endColumnIndex: right + 1 });
    if (!this.model.filtered) return [range(top, Math.min(bottom + 1, this.model.layout.rowCount))];
    const rows = [...this.model.view, ...Array.from({ length: this.model.layout.frozenRows }, (_, i) => i)]
      .filter((row) => row >= top && row <= bottom).sort((a, b) => a - b);
    const runs = [];
    for (const row of rows) {
      if (runs.at(-1)?.endRowIndex === row) runs.at(-1).endRowIndex = row + 1;
      else runs.push(range(row, row + 1));
    }
    return runs.slice(0, 100);
  }

  // Looks ---------------------------------------------------------------------------------------------------------

  format(fields, format) {
    return this.send(this.ranges().map((range) => ({ repeatCell: { range, cell: { userEnteredFormat: format }, fields: `userEnteredFormat.${fields}` } })));
  }

  get look() {
    const { row, column } = this.register.selection;
    return this.model.cell(row, column).look ?? {};
  }

  toggleText(name, mark) {
    return this.format(`textFormat.${name}`, { textFormat: { [name]: !this.look[mark] } });
  }

  bold() { return this.toggleText("bold", "bold"); }
  italic() { return this.toggleText("italic", "italic"); }
  strike() { return this.toggleText("strikethrough", "strike"); }
  underline() { return this.toggleText("underline", "under"); }
  align(horizontalAlignment) { return this.format("horizontalAlignment", { horizontalAlignment }); }
  wrap() { return this.format("wrapStrategy", { wrapStrategy: this.look.wrap ? "OVERFLOW_CELL" : "WRAP" }); }
  numberFormat(numberFormat) { return this.format("numberFormat", numberFormat ? { numberFormat } : {}); }
  fill(colour) { return this.colour("backgroundColor", "backgroundColor", colour, (value) => ({ backgroundColor: value })); }
  ink(colour) { return this.colour("textFormat.foregroundColor", "foregroundColor", colour, (value) => ({ textFormat: { foregroundColor: value } })); }

  colour(fields, name, colour, wrapped) {
    if (!colour) return this.format(fields, {});
    const part = (at) => parseInt(colour.slice(at, at + 2), 16) / 255;
    return this.format(fields, wrapped({ red: part(1), green: part(3), blue: part(5) }));
  }

  plain() {
    return this.send(this.ranges().map((range) => ({ repeatCell: { range, cell: {}, fields: "userEnteredFormat" } })));
  }

  merge() {
    const { many, row, column } = this.register.selection;
    const [range] = this.ranges();
    const held = this.model.merges.find(row, column);
    if (held) {
      const [top, bottom, left, right] = held;
      return this.send([{ unmergeCells: { range: { sheetId: this.model.sheetId, startRowIndex: top, endRowIndex: bottom, startColumnIndex: left, endColumnIndex: right } } }]);
    }
    return many ? this.send([{ mergeCells: { range, mergeType: "MERGE_ALL" } }]) : announce(say("pick_more"));
  }

  async note() {
    const { row, column } = this.register.selection;
    if (!this.mayWrite() || !this.register.mayChange(row, column)) return;
    const before = this.model.cell(row, column).n ?? "";
    const note = await ask(say("edit_note"), { label: say("note"), value: before, long: true });
    if (note === null || note === before) return;
    const range = { sheetId: this.model.sheetId, startRowIndex: row, endRowIndex: row + 1, startColumnIndex: column, endColumnIndex: column + 1 };
    this.send([{ repeatCell: { range, cell: note ? { note } : {}, fields: "note" } }]);
  }

  // Sizes, hidden and frozen lines ------------------------------------------------------------------------------------

  dimension(axis, first, last, properties, fields) {
    const range = { sheetId: this.model.sheetId, dimension: axis, startIndex: first, endIndex: last + 1 };
    return { updateDimensionProperties: { range, properties, fields } };
  }

  // A line within the picked ones stands for all of them.
  picked(axis, line) {
    const { top, bottom, left, right } = this.register.selection.box;
    const [first, last] = axis === "ROWS" ? [top, bottom] : [left, right];
    return line === undefined || (line >= first && line <= last) ? [first, last] : [line, line];
  }

  resize(axis, line, pixelSize) {
    const [first, last] = this.picked(axis, line);
    return this.send([this.dimension(axis, first, last, { pixelSize: Math.max(24, Math.round(pixelSize)) }, "pixelSize")]);
  }

  async askSize(axis, line) {
    const [first] = this.picked(axis, line);
    const before = axis === "ROWS" ? this.model.height(first) : this.model.width(first);
    const told = await ask(say(axis === "ROWS" ? "row_height" : "column_width"), { label: say("pixels"), value: String(before), type: "number" });
    if (Number(told) > 0) this.resize(axis, line, Math.min(2000, Number(told)));
  }

  // As wide as the longest text of the rows that were loaded.
  fit(column) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = getComputedStyle(document.body).font;
    let width = 40;
    for (const row of this.model.rows.keys()) width = Math.max(width, pen.measureText(this.model.text(row, column)).width + 22);
    const [first, last] = this.picked("COLUMNS", column);
    if (first !== last) return this.resize("COLUMNS", column, Math.min(WIDEST, width));
    return this.send([this.dimension("COLUMNS", column, column, { pixelSize: Math.round(Math.min(WIDEST, width)) }, "pixelSize")]);
  }

  // As high as its wrapped texts need.
  fitRow(row) {
    const measure = document.createElement("div");
    measure.className = "measure";
    document.body.append(measure);
    let height = 28;
    for (const column of this.register.painter.columns) {
      if (!this.model.cell(row, column).look?.wrap) continue;
      measure.style.width = `${this.model.width(column)}px`;
      measure.textContent = this.model.text(row, column);
      height = Math.max(height, measure.offsetHeight + 1);
    }
    measure.remove();
    const range = this.picked("ROWS", row);
    return this.send([this.dimension("ROWS", ...range, { pixelSize: height === 28 ? 21 : Math.min(600, height) }, "pixelSize")]);
  }

  hide(axis, line) {
    return this.send([this.dimension(axis, ...this.picked(axis, line), { hiddenByUser: true }, "hiddenByUser")]);
  }

  unhide(axis, first, last) {
    return this.send([this.dimension(axis, first, last, { hiddenByUser: false }, "hiddenByUser")]);
  }

  // The hidden lines next to a line or among the picked ones, as [first, last]; null if there are none.
  hiddenBeside(axis, line) {
    const hidden = axis === "ROWS" ? (i) => this.model.hiddenRow(i) : (i) => this.model.hiddenColumn(i);
    let [first, last] = this.picked(axis, line);
    const inside = Array.from({ length: Math.min(last - first + 1, 10000) }, (_, i) => first + i).some(hidden);
    let found = inside;
    while (hidden(first - 1)) { first -= 1; found = true; }
    while (hidden(last + 1)) { last += 1; found = true; }
    return found ? [first, last] : null;
  }

  freeze(axis, count) {
    const name = axis === "ROWS" ? "frozenRowCount" : "frozenColumnCount";
    const properties = { sheetId: this.model.sheetId, gridProperties: { [name]: count } };
    return this.send([{ updateSheetProperties: { properties, fields: `gridProperties.${name}` } }]);
  }

  // Lines that come, go, or change their order, for everybody ----------------------------------------------------------

  sortSheet(column, order) {
    const { sheetId, layout } = this.model;
    const range = { sheetId, startRowIndex: layout.frozenRows, endRowIndex: layout.rowCount, startColumnIndex: 0, endColumnIndex: layout.columnCount };
    return this.send([{ sortRange: { range, sortSpecs: [{ dimensionIndex: column, sortOrder: order }] } }]);
  }

  insertRows(after, line) {
    const [first, last] = this.picked("ROWS", line);
    const row = after ? last : first;
    return this.post("rows/insert", { rowId: this.model.rowId(row), row, count: last - first + 1, after });
  }

  insertColumns(after, line) {
    const [first, last] = this.picked("COLUMNS", line);
    return this.post("columns/insert", { column: after ? last : first, count: last - first + 1, after, seen: this.model.layout.structure });
  }

  async deleteRows(line) {
    const [first, last] = this.picked("ROWS", line);
    const rows = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((row) => this.model.indexOf(row) !== -1 || row < this.model.layout.frozenRows);
    const closed = rows.some((row) => this.register.painter.columns.some((column) => this.model.closed(row, column)));
    if (closed) {
      announce(say(this.model.layout.mayWrite ? "protected_rows" : "read_only"));
      return;
    }
    const question = rows.length === 1 ? say("delete_row_sure", { row: first + 1 }) : say("delete_rows_sure", { count: rows.length });
    if (!await confirmed(question, say("delete_row"))) return;
    await this.model.need(rows.slice(0, 400));
    this.post("rows/delete", { rows: rows.map((row) => [row, this.model.rowId(row)]) });
  }

  // The first row below everything, as a card to be filled in; nothing is pushed down.
  async newRow() {
    if (!this.mayWrite()) return;
    const edge = await this.register.ask("edge", { to: "end" });
    if (!edge) return;
    const row = Math.max(edge.row + 1, this.model.layout.frozenRows);
    const last = this.model.layout.rowCount - 1;
    if (row > last && !await this.post("rows/insert", { rowId: this.model.rowId(last), row: last, count: 1, after: true })) return;
    this.register.select(row, this.register.painter.columns[0]);
    await this.register.openCard(row);
  }

  async deleteColumns(line) {
    const [first, last] = this.picked("COLUMNS", line);
    const columns = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    if (!await confirmed(say("delete_columns_sure", { count: columns.length }), say("delete_column"))) return;
    this.post("columns/delete", { columns, seen: this.model.layout.structure });
  }
}
