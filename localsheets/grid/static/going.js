// Going about in the register and picking: by keys, to edges, round within a rectangle. Mixed into the register.
import { read } from "./api.js";
import { pickedColumns, pickedSpan, rowsFrom } from "./picked.js";

export const going = {
  // Going about --------------------------------------------------------------------------------------------------

  rowAtIndex(index) {
    const { model } = this;
    const inside = Math.max(-model.layout.frozenRows, Math.min(model.shownRows - 1, index));
    return inside < 0 ? inside + model.layout.frozenRows : model.rowAt(inside);
  },

  // The active cell goes, or (extending) the corner of what is picked.
  move(rows, columns, extend = false) {
    const { model, painter, selection } = this;
    const from = extend ? selection.to : selection;
    const at = painter.columns.indexOf(from.column);
    const column = painter.columns[Math.max(0, Math.min(painter.columns.length - 1, at + columns))];
    const row = rows ? this.rowAtIndex(model.indexOf(from.row) + rows) : from.row;
    this.go(row, column, extend);
  },

  go(row, column, extend = false) {
    const { selection } = this;
    if (extend && selection.lines) {
      selection.to = selection.lines === "rows" ? { row, column: selection.to.column } : { row: selection.to.row, column };
      this.showSelection(false);
      return;
    }
    selection.set(row, column, extend);
    this.painter.reveal(row, column);
    this.showSelection(!extend);
  },

  // Tab and Enter: round within what is picked; else on, and Enter comes back to where the Tabs began.
  walk(rows, columns) {
    const { selection } = this;
    if (selection.many) {
      this.walkInside(rows, columns);
      return;
    }
    const start = selection.tabStart ?? selection.column;
    if (columns) {
      this.move(0, columns);
      selection.tabStart = start;
    } else {
      this.go(this.rowAtIndex(this.model.indexOf(selection.row) + rows), rows > 0 ? start : selection.column);
    }
  },

  walkInside(rows, columns) {
    const { selection, model } = this;
    const [start, end] = pickedSpan(this);
    const inside = pickedColumns(this);
    const [height, width] = [end - start, inside.length];
    if (!height) return;
    const down = model.indexOf(selection.row) - start;
    const across = inside.indexOf(selection.column);
    const cells = height * width;
    const place = columns ? down * width + across + columns : across * height + down + rows;
    const at = (place + cells) % cells;
    const [row, column] = columns ? [Math.floor(at / width), at % width] : [at % height, Math.floor(at / height)];
    selection.walk(rowsFrom(model, start + row, 1)[0], inside[column]);
    this.showSelection();
  },

  // To the edge of the filled cells, as seen from the active cell's own row or column. Of rows that are not loaded the
  // server knows; in a filtered or sorted view, or without the server, only the loaded ones tell.
  async jump(rows, columns, extend = false) {
    const { model, selection } = this;
    const near = this.edgeNear(rows, columns, extend);
    if (near.known || model.filtered) {
      this.goAlong(rows, near, extend);
      return;
    }
    const row = (extend ? selection.to : selection).row;
    const told = await this.ask("edge", { row, column: selection.column, to: rows < 0 ? "up" : "down" });
    if (model === this.model) this.goAlong(rows, told ?? near, extend);
  },

  // The edge as far as it can be seen here; `known` says that no unloaded row lay on the way.
  edgeNear(rows, columns, extend) {
    const { model, painter, selection } = this;
    const from = extend ? selection.to : selection;
    const cellAt = (at) => (rows ? [this.rowAtIndex(at), selection.column] : [selection.row, painter.columns[at]]);
    const filled = (at) => model.text(...cellAt(at)) !== "";
    const seen = (at) => model.rows.has(cellAt(at)[0]);
    const step = rows || columns;
    const first = rows ? -model.layout.frozenRows : 0;
    const last = (rows ? model.shownRows : painter.columns.length) - 1;
    let at = rows ? model.indexOf(from.row) : painter.columns.indexOf(from.column);
    const inside = () => (step < 0 ? at > first : at < last);
    let known = seen(at);
    const through = inside() && filled(at) && filled(at + step);
    while (known && inside()) {
      if (!seen(at + step)) known = false;
      else if (through && !filled(at + step)) break;
      else {
        at += step;
        if (!through && filled(at)) break;
      }
    }
    const [row, column] = cellAt(at);
    return { row, column, known };
  },

  // Extending, only the corner goes, and only the way of the arrow.
  goAlong(rows, { row, column }, extend) {
    const { to } = this.selection;
    if (!extend) this.go(row, column);
    else if (rows) this.go(row, to.column, true);
    else this.go(to.row, column, true);
  },

  goHome(extend) { this.go(this.rowAtIndex(-1e9), this.painter.columns[0], extend); },

  async goEnd(extend) {
    const { model } = this;
    const edge = await this.ask("edge", { to: "end" });
    if (!edge || model !== this.model) return;
    this.go(model.filtered ? this.rowAtIndex(1e9) : edge.row, edge.column, extend);
  },

  // A question to the server about this sheet; null if there is no answer.
  async ask(path, query) {
    try {
      return await read(`${this.model.sheetId}/${path}`, query);
    } catch (error) {
      this.status.trouble(error);
      return null;
    }
  },

  // Picking ------------------------------------------------------------------------------------------------------

  selectColumns(from, to = from) {
    const top = this.rowAtIndex(-1e9);
    this.selection.pick({ row: top, column: from }, { row: this.model.layout.rowCount - 1, column: to }, "columns");
    this.showSelection(false);
  },

  selectRows(from, to = from) {
    const { columns } = this.painter;
    this.selection.pick({ row: from, column: columns[0] }, { row: to, column: columns.at(-1) }, "rows");
    this.showSelection(false);
  },

  selectAll() {
    const { row, column } = this.selection;
    const { columns } = this.painter;
    this.selection.pick({ row: this.rowAtIndex(-1e9), column: columns[0] }, { row: this.model.layout.rowCount - 1, column: columns.at(-1) }, "all");
    this.selection.walk(row, column);
    this.showSelection(false);
  },

  letGo() {
    this.block.forgetClip();
    this.select(this.selection.row, this.selection.column);
  },
};
