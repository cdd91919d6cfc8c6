// Where lines lie: the sizes of rows or columns, one after another, as running sums.
export class Lines {
  constructor(count, sizeAt) {
    this.count = count;
    this.starts = new Float64Array(count + 1);
    for (let i = 0; i < count; i += 1) this.starts[i + 1] = this.starts[i] + sizeAt(i);
  }

  get total() { return this.starts[this.count]; }
  start(i) { return this.starts[Math.max(0, Math.min(i, this.count))]; }
  size(i) { return this.start(i + 1) - this.start(i); }

  // The line that lies at an offset; the last one behind the end.
  at(offset) {
    let [low, high] = [0, this.count - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }
}

// Rectangles as [top, bottom, left, right]; ends are exclusive, null is open.
export const inBox = ([top, bottom, left, right], row, column) =>
  row >= top && (bottom === null || row < bottom) && column >= left && (right === null || column < right);

export function letters(index) {
  let text = "";
  for (let number = index + 1; number > 0; number = Math.floor((number - 1) / 26)) {
    text = String.fromCharCode(65 + ((number - 1) % 26)) + text;
  }
  return text;
}

export const narrow = matchMedia("(max-width: 640px)");
