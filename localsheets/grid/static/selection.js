// Which cell is active, and which rectangle is picked.
export class Selection {
  constructor() {
    this.row = 0;
    this.column = 0;
    this.anchor = { row: 0, column: 0 };
  }

  set(row, column, extend = false) {
    this.row = row;
    this.column = column;
    if (!extend) this.anchor = { row, column };
  }

  get box() {
    return {
      top: Math.min(this.row, this.anchor.row), bottom: Math.max(this.row, this.anchor.row),
      left: Math.min(this.column, this.anchor.column), right: Math.max(this.column, this.anchor.column),
    };
  }

  get many() { return this.row !== this.anchor.row || this.column !== this.anchor.column; }

  holds(row, column) {
    const { top, bottom, left, right } = this.box;
    return row >= top && row <= bottom && column >= left && column <= right;
  }
}
