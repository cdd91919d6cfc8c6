// Which cell is active, and which rectangle is picked. Its corners are places in the sheet; what lies between them is
// counted in the order in which rows are shown. Whole rows and columns are `lines`: "rows", "columns" or "all".
export class Selection {
  constructor() {
    this.order = (row) => row;
    this.set(0, 0);
  }

  set(row, column, extend = false) {
    if (extend) {
      this.to = { row, column };
      return;
    }
    this.row = row;
    this.column = column;
    this.from = this.to = { row, column };
    this.lines = null;
    this.tabStart = null; // the column that Enter leads back to after Tabs
  }

  pick(from, to, lines = null) {
    this.set(from.row, from.column);
    this.to = to;
    this.lines = lines;
  }

  // The active cell goes elsewhere inside the rectangle.
  walk(row, column) {
    this.row = row;
    this.column = column;
  }

  get box() {
    const [first, last] = this.order(this.from.row) <= this.order(this.to.row) ? [this.from, this.to] : [this.to, this.from];
    return {
      top: first.row, bottom: last.row,
      left: Math.min(this.from.column, this.to.column), right: Math.max(this.from.column, this.to.column),
    };
  }

  get many() { return this.to.row !== this.from.row || this.to.column !== this.from.column; }

  holds(row, column) {
    if (!this.many) return row === this.row && column === this.column;
    const [one, two, at] = [this.order(this.from.row), this.order(this.to.row), this.order(row)];
    const inRows = this.lines === "columns" || this.lines === "all" || (at >= Math.min(one, two) && at <= Math.max(one, two));
    const [left, right] = [Math.min(this.from.column, this.to.column), Math.max(this.from.column, this.to.column)];
    return inRows && (this.lines === "rows" || this.lines === "all" || (column >= left && column <= right));
  }

  // Rows were moved or went: keep the corners on the sheet.
  clamp(rowCount, columnCount) {
    const inside = ({ row, column }) => ({ row: Math.min(row, rowCount - 1), column: Math.min(column, columnCount - 1) });
    this.from = inside(this.from);
    this.to = inside(this.to);
    Object.assign(this, inside(this));
  }
}
