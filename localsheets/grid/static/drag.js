// Dragging over cells with the mouse; at the grid's edges it scrolls on.
const SCROLL_MS = 40;
const EDGE = 14;

export class Drag {
  constructor(grid) {
    this.grid = grid;
  }

  // `onCell` hears each other cell that the pointer comes to, `onEnd` when it is let go.
  begin(onCell, onEnd = () => {}) {
    let last = null;
    let point = null;
    const tell = () => {
      const spot = point && this.cellAt(point);
      if (!spot || (last && spot.row === last.row && spot.column === last.column)) return;
      last = spot;
      onCell(spot);
    };
    const move = (event) => {
      if (!(event.buttons & 1)) { end(); return; }
      point = { x: event.clientX, y: event.clientY };
      tell();
    };
    const scrolling = setInterval(() => { if (point && this.scroll(point)) requestAnimationFrame(tell); }, SCROLL_MS);
    const end = () => {
      clearInterval(scrolling);
      removeEventListener("mousemove", move);
      removeEventListener("mouseup", end);
      onEnd();
    };
    addEventListener("mousemove", move);
    addEventListener("mouseup", end);
  }

  scroll({ x, y }) {
    const { left, right, top, bottom } = this.grid.getBoundingClientRect();
    const past = (at, low, high) => (at < low + EDGE ? -1 : at > high - EDGE ? 1 : 0);
    const [across, down] = [past(x, left, right), past(y, top, bottom)];
    if (!across && !down) return false;
    this.grid.scrollBy(across * 40, down * 28);
    return true;
  }

  cellAt({ x, y }) {
    const { left, top } = this.grid.getBoundingClientRect();
    const inside = [Math.max(left + 2, Math.min(left + this.grid.clientWidth - 2, x)), Math.max(top + 2, Math.min(top + this.grid.clientHeight - 2, y))];
    const cells = document.elementsFromPoint(...inside).filter((element) => this.grid.contains(element));
    const of = (name) => cells.map((element) => element.closest(`[data-${name}]`)).find(Boolean);
    const cell = of("row");
    if (cell) return { row: Number(cell.dataset.row), column: Number(cell.dataset.col) };
    const [letter, number] = [of("letter"), of("number")];
    if (letter) return { row: 0, column: Number(letter.dataset.letter) };
    return number ? { row: Number(number.dataset.number), column: 0 } : null;
  }
}
