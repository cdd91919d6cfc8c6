// Cells merged into one: the first one shows for all, the others hide beneath it.
export class Merges {
  constructor(model) {
    this.model = model;
    this.boxes = model.layout?.merges ?? []; // [top, bottom, left, right], ends exclusive
  }

  find(row, column) {
    if (!this.boxes.length) return undefined;
    return this.boxes.find(([top, bottom, left, right]) => row >= top && row < bottom && column >= left && column < right);
  }

  at(row, column) {
    const box = this.find(row, column);
    if (!box) return undefined;
    const anchor = row === box[0] && column === box[2];
    return { anchor, size: anchor ? this.size(row, column) : undefined };
  }

  // What of the merged cell is shown; in a filtered or sorted view its rows may lie apart, so there it stays in its row.
  size(row, column) {
    const box = this.find(row, column);
    if (!box) return undefined;
    const { model } = this;
    let [width, height] = [0, 0];
    for (let c = box[2]; c < box[3]; c += 1) if (!model.hiddenColumn(c)) width += model.width(c);
    const bottom = model.filtered ? row + 1 : box[1];
    for (let r = row; r < bottom; r += 1) if (!model.hiddenRow(r)) height += model.height(r);
    return { width, height, own: model.width(column) };
  }

  // The rows to draw, and those whose merged cells reach into them.
  withAnchors(rows) {
    if (!this.boxes.length || this.model.filtered || !rows.length) return rows;
    const [first, last] = [rows[0], rows.at(-1)];
    const above = this.boxes.filter(([top, bottom]) => top < first && bottom > first && top <= last && !this.model.hiddenRow(top)).map(([top]) => top);
    return [...[...new Set(above)].sort((a, b) => a - b), ...rows];
  }
}
