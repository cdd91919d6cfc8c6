// Keyboard, mouse and touch on the grid.
import { announce, say } from "./words.js";

const narrow = matchMedia("(max-width: 640px)");

export class Keys {
  constructor(register) {
    this.register = register;
  }

  listen() {
    const { grid } = this.register;
    grid.addEventListener("keydown", (event) => this.onKey(event));
    grid.addEventListener("mousedown", (event) => this.onPress(event));
    grid.addEventListener("click", (event) => this.onClick(event));
    grid.addEventListener("dblclick", (event) => this.onDouble(event));
    document.addEventListener("copy", (event) => { if (this.here) this.register.block.copy(event); });
    document.addEventListener("paste", (event) => { if (this.here) this.register.block.paste(event); });
  }

  get here() { return document.activeElement === this.register.grid; }

  onKey(event) {
    if (event.target !== this.register.grid || event.isComposing) return;
    const act = this.action(event);
    this.leaving = event.key === "Escape" || (this.leaving && event.key === "Shift");
    if (!act) return;
    event.preventDefault();
    act();
  }

  action(event) {
    const { register } = this;
    const jump = event.ctrlKey || event.metaKey;
    const step = (rows, columns) => () => (jump ? this.jump(rows, columns, event.shiftKey) : register.move(rows, columns, event.shiftKey));
    const far = 1e9;
    const moves = {
      ArrowUp: step(-1, 0), ArrowDown: step(1, 0), ArrowLeft: step(0, -1), ArrowRight: step(0, 1),
      PageUp: () => register.move(-register.painter.pageRows, 0, event.shiftKey),
      PageDown: () => register.move(register.painter.pageRows, 0, event.shiftKey),
      Home: () => register.move(jump ? -far : 0, -far, event.shiftKey),
      End: () => register.move(jump ? far : 0, far, event.shiftKey),
      Tab: () => register.move(0, event.shiftKey ? -1 : 1),
      Enter: () => (jump ? register.openCard(register.selection.row) : register.edit()),
      F2: () => register.edit(),
      Delete: () => register.block.clear(), Backspace: () => register.block.clear(),
      Escape: () => register.select(register.selection.row, register.selection.column),
    };
    if (event.key === "Tab" && this.leaves(event)) return null;
    // The browser's own undo would change the filter box, far from the eye; ours is not there yet.
    if (jump && ["z", "y"].includes(event.key.toLowerCase())) return () => announce(say("no_undo"));
    if (moves[event.key]) return moves[event.key];
    if (jump || event.altKey || event.key.length !== 1) return null;
    const { row, column } = register.selection;
    if (register.model.isCheck(row, column)) return event.key === " " ? () => register.toggle() : null;
    return () => register.edit({ text: event.key });
  }

  // At the first and last column, and after Escape, Tab leaves the grid, so that nobody is caught in it.
  leaves(event) {
    if (this.leaving) return true;
    const { columns } = this.register.painter;
    return this.register.selection.column === (event.shiftKey ? columns[0] : columns.at(-1));
  }

  // To the edge of the filled cells, as in other spreadsheets; of rows not loaded yet nothing is known, so there it stops.
  jump(rows, columns, extend) {
    const { register } = this;
    const { model, painter, selection } = register;
    const last = { row: null, column: null };
    const filled = () => model.text(selection.row, selection.column) !== "";
    const ahead = () => {
      const index = model.indexOf(selection.row) + rows;
      const at = painter.columns.indexOf(selection.column) + columns;
      if (index < -model.layout.frozenRows || index >= model.shownRows || !(at in painter.columns)) return null;
      return { row: index < 0 ? index + model.layout.frozenRows : model.rowAt(index), column: painter.columns[at] };
    };
    const holds = (place) => place !== null && model.text(place.row, place.column) !== "";
    const through = filled() && holds(ahead());
    for (let next = ahead(); next !== null; next = ahead()) {
      if (through && !holds(next)) break;
      if (!through && rows > 0 && !model.rows.has(next.row)) break;
      Object.assign(last, next);
      selection.set(next.row, next.column, extend);
      if (!through && filled()) break;
    }
    if (last.row !== null) register.select(last.row, last.column, extend);
    register.painter.refill();
  }

  spot(event) {
    const cell = event.target.closest("[data-row]");
    return cell && { row: Number(cell.dataset.row), column: Number(cell.dataset.col) };
  }

  onPress(event) {
    const { register } = this;
    if (event.target.closest(".editor")) return;
    const spot = this.spot(event);
    const letter = event.target.closest("[data-letter]");
    const number = event.target.closest("[data-number]");
    if (!spot && !letter && !number) return;
    register.editor.commit();
    // What was pressed is in sight; scrolling now would put another cell under the pointer.
    if (spot) register.select(spot.row, spot.column, event.shiftKey, false);
    else if (letter) register.select(register.selection.row, Number(letter.dataset.letter), false, false);
    else register.select(Number(number.dataset.number), register.selection.column, false, false);
    event.preventDefault();
    register.grid.focus({ preventScroll: true });
  }

  onClick(event) {
    const { register } = this;
    const spot = this.spot(event);
    if (!spot) return;
    if (narrow.matches && spot.row >= register.model.layout.frozenRows) register.openCard(spot.row);
    else if (event.target.closest("i") && register.model.isCheck(spot.row, spot.column)) register.toggle();
  }

  onDouble(event) {
    const number = event.target.closest("[data-number]");
    if (number) this.register.openCard(Number(number.dataset.number));
    else if (this.spot(event) && !event.target.closest("i")) this.register.edit({ pick: true });
  }
}
