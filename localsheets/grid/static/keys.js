// Keyboard, mouse and touch on the grid.
import { narrow } from "./geometry.js";
import { Drag } from "./drag.js";
import { timeNow, today } from "./dates.js";

const LONGEST_WAIT_MS = 3000;
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const ARROW_WIDTH = 22;

// Whether the ▾ of a cell with choices was clicked: it is drawn by the style sheet, and so no element of its own.
function onArrow(event) {
  const cell = event.target.closest(".cell.list");
  return Boolean(cell) && event.clientX >= cell.getBoundingClientRect().right - ARROW_WIDTH;
}

export class Keys {
  constructor(register) {
    this.register = register;
    this.drag = new Drag(register.grid);
  }

  listen() {
    const { grid, block } = this.register;
    grid.addEventListener("keydown", (event) => this.onKey(event));
    grid.addEventListener("mousedown", (event) => this.onPress(event));
    grid.addEventListener("click", (event) => this.onClick(event));
    grid.addEventListener("dblclick", (event) => this.onDouble(event));
    document.addEventListener("copy", (event) => { if (this.here) block.copy(event); });
    document.addEventListener("cut", (event) => { if (this.here) block.copy(event, true); });
    document.addEventListener("paste", (event) => { if (this.here) block.paste(event, this.valuesOnly); });
  }

  get here() { return document.activeElement === this.register.grid; }

  onKey(event) {
    if (event.target !== this.register.grid || event.isComposing) return;
    // While the server is asked where a jump leads, keys wait for it, so that nothing is typed into the wrong cell.
    if (this.going) {
      event.preventDefault();
      this.going.then(() => this.act(event));
      return;
    }
    this.act(event);
  }

  act(event) {
    if (this.register.editor.open) {
      this.register.editor.take(event);
      return;
    }
    this.valuesOnly = event.shiftKey;
    const act = this.action(event);
    this.leaving = event.key === "Escape" || (this.leaving && event.key === "Shift");
    if (!act) return;
    event.preventDefault();
    const going = act();
    if (going instanceof Promise) this.wait(going);
  }

  wait(going) {
    const enough = new Promise((done) => { setTimeout(done, LONGEST_WAIT_MS); });
    const waited = Promise.race([going, enough]).catch(() => {}).then(() => { if (this.going === waited) this.going = null; });
    this.going = waited;
  }

  action(event) {
    const { key, shiftKey, altKey } = event;
    const jump = event.ctrlKey || event.metaKey;
    if (key === "Tab" && this.leaves(event)) return null;
    if (ARROWS[key] && !altKey) return this.arrow(...ARROWS[key], jump, shiftKey);
    if (altKey) return null; // menus and formats
    const act = jump ? this.withCtrl(event) : this.plain(event);
    if (act || jump || key.length !== 1) return act ?? null;
    const { register } = this;
    const { row, column } = register.selection;
    if (register.model.isCheck(row, column)) return key === " " ? () => register.toggle() : null;
    return () => register.edit({ text: key });
  }

  arrow(rows, columns, jump, extend) {
    const { register } = this;
    return () => (jump ? register.jump(rows, columns, extend) : register.move(rows, columns, extend));
  }

  plain({ key, shiftKey }) {
    const { register } = this;
    const page = register.painter.pageRows;
    const far = 1e9;
    return {
      PageUp: () => register.move(-page, 0, shiftKey), PageDown: () => register.move(page, 0, shiftKey),
      Home: () => register.move(0, -far, shiftKey), End: () => register.move(0, far, shiftKey),
      Tab: () => register.walk(0, shiftKey ? -1 : 1),
      Enter: () => (register.selection.many ? register.walk(shiftKey ? -1 : 1, 0) : register.edit()),
      F2: shiftKey ? undefined : () => register.edit(),
      Delete: () => register.block.clear(), Backspace: () => register.block.clear(),
      Escape: () => register.letGo(), F6: () => register.held.focus(),
      ...(shiftKey ? { " ": () => register.selectRows(register.selection.box.top, register.selection.box.bottom) } : {}),
    }[key];
  }

  withCtrl({ key, shiftKey }) {
    const { register } = this;
    const { selection, block, model } = register;
    const also = {
      Home: () => register.goHome(shiftKey), End: () => register.goEnd(shiftKey),
      Enter: () => (selection.many ? block.fillAll() : register.openCard(selection.row)),
      Backspace: () => register.showSelection(),
    };
    const letters = shiftKey ? {
      z: () => register.redo(), ":": () => register.type(timeNow()), ";": () => register.type(timeNow()), " ": () => register.selectAll(),
    } : {
      z: () => register.undo(), y: () => register.redo(), a: () => register.selectAll(), f: () => register.openFind(), h: () => register.openFind(true),
      d: () => block.fillFrom(false), r: () => block.fillFrom(true), ";": () => register.type(today(model)),
      " ": () => register.selectColumns(selection.box.left, selection.box.right),
    };
    return also[key] ?? letters[key.toLowerCase()];
  }

  // At the first and last column, and after Escape, Tab leaves the grid, so that nobody is caught in it.
  leaves(event) {
    if (this.leaving) return true;
    const { painter: { columns }, selection } = this.register;
    return !selection.many && selection.column === (event.shiftKey ? columns[0] : columns.at(-1));
  }

  spot(event) {
    const cell = event.target.closest?.("[data-row]");
    return cell && { row: Number(cell.dataset.row), column: Number(cell.dataset.col) };
  }

  onPress(event) {
    const { register } = this;
    if (event.target.closest(".editor, .choose, .dated, .fill-handle")) return;
    const spot = this.spot(event);
    const letter = event.target.closest("[data-letter]")?.dataset.letter;
    const number = event.target.closest("[data-number]")?.dataset.number;
    const corner = event.target.closest("[data-corner]");
    if (!spot && letter === undefined && number === undefined && !corner) return;
    register.editor.commit();
    this.valuesOnly = false;
    const inside = spot && event.button === 2 && register.selection.holds(spot.row, spot.column);
    // What was pressed is in sight; scrolling now would put another cell under the pointer.
    if (corner) register.selectAll();
    else if (letter !== undefined) this.pressLines(event, "columns", Number(letter));
    else if (number !== undefined) this.pressLines(event, "rows", Number(number));
    else if (!inside) this.pressCell(event, spot);
    event.preventDefault();
    register.grid.focus({ preventScroll: true });
  }

  pressCell(event, spot) {
    const { register } = this;
    register.select(spot.row, spot.column, event.shiftKey, false);
    if (event.button === 0) this.drag.begin(({ row, column }) => register.select(row, column, true, false));
  }

  pressLines(event, lines, line) {
    const { register } = this;
    const pick = (from, to) => (lines === "columns" ? register.selectColumns(from, to) : register.selectRows(from, to));
    const { from, lines: before } = register.selection;
    const start = event.shiftKey ? (lines === "columns" ? from.column : from.row) : line;
    const [low, high] = lines === "columns" ? ["left", "right"] : ["top", "bottom"];
    const { box } = register.selection;
    if (event.button === 2 && before === lines && line >= box[low] && line <= box[high]) return;
    pick(start, line);
    if (event.button === 0) this.drag.begin(({ row, column }) => pick(start, lines === "columns" ? column : row));
  }

  onClick(event) {
    const { register } = this;
    const spot = this.spot(event);
    if (!spot || event.target.closest("a")) return;
    if (narrow.matches && spot.row >= register.model.layout.frozenRows) register.openCard(spot.row);
    else if (event.target.closest("i") && register.model.isCheck(spot.row, spot.column)) register.toggle();
    else if (onArrow(event) && !event.shiftKey) register.edit({ pick: true });
  }

  onDouble(event) {
    const number = event.target.closest("[data-number]");
    if (number) this.register.openCard(Number(number.dataset.number));
    else if (this.spot(event) && !event.target.closest("i")) this.register.edit({ pick: true });
  }
}
