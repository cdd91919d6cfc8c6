// Column letters and row numbers: their menus, dragging their edges, and marks of what is hidden, sorted or filtered.
import { cellItems, columnItems, rowItems } from "./commands.js";
import { letters } from "./geometry.js";
import { openMenu } from "./menus.js";
import { GUTTER } from "./painter.js";
import { say } from "./words.js";

function part(tag, className, label) {
  const element = document.createElement(tag);
  element.className = className;
  if (label) element.setAttribute("aria-label", label);
  return element;
}

export function wireHeaders(register) {
  const { painter, grid } = register;
  painter.onLetter = (cell, column) => dressLetter(register, cell, column);
  painter.onNumber = (cell, row) => dressNumber(register, cell, row);
  grid.addEventListener("pointerdown", (event) => onPress(register, event), true);
  for (const kind of ["mousedown", "click", "dblclick"]) grid.addEventListener(kind, (event) => keepOff(register, event), true);
  grid.addEventListener("contextmenu", (event) => onContextMenu(register, event));
}

function dressLetter(register, cell, column) {
  const { model } = register;
  const { sort, order, filters } = model.query;
  cell.classList.toggle("filtered", Boolean(filters[column]));
  if (sort === column) {
    cell.setAttribute("aria-sort", order === "up" ? "ascending" : "descending");
    cell.append(Object.assign(part("span", "arrow"), { textContent: order === "up" ? " ↑" : " ↓" }));
  }
  if (filters[column]) cell.append(part("span", "funnel", say("filtered_column")));
  if (filters[column]) cell.lastElementChild.setAttribute("role", "img");
  const button = part("button", "more", say("column_menu", { column: letters(column) }));
  Object.assign(button, { type: "button", tabIndex: -1, textContent: "▾" });
  cell.append(button, part("span", "grip"));
  for (const [side, beside] of [["before", column - 1], ["after", column + 1]]) {
    if (model.hiddenColumn(beside) && (side === "after" || !register.painter.columns.includes(firstShown(model, beside)))) cell.append(unhider(side));
  }
}

// The shown column left of a run of hidden ones bears the mark; at the sheet's left edge the first shown one does.
function firstShown(model, column) {
  let left = column;
  while (left >= 0 && model.hiddenColumn(left)) left -= 1;
  return left;
}

function unhider(side) {
  const button = part("button", `unhide ${side}`, say("unhide"));
  Object.assign(button, { type: "button", tabIndex: -1, title: say("unhide"), textContent: side === "after" ? "▸" : "◂" });
  return button;
}

function dressNumber(register, cell, row) {
  const { model } = register;
  cell.append(part("span", "grip"));
  if (model.hiddenRow(row + 1)) cell.append(unhider("below"));
  if (row > 0 && model.hiddenRow(row - 1) && firstShownRow(model, row - 1) < 0) cell.append(unhider("above"));
}

function firstShownRow(model, row) {
  let above = row;
  while (above >= 0 && model.hiddenRow(above)) above -= 1;
  return above;
}

const lineOf = (element) => {
  const holder = element.closest("[data-letter], [data-number]");
  if (!holder) return null;
  const axis = holder.dataset.letter !== undefined ? "COLUMNS" : "ROWS";
  return { axis, line: Number(holder.dataset.letter ?? holder.dataset.number), holder };
};

// What is pressed on these small parts is not pressed on the letter itself.
function keepOff(register, event) {
  const small = event.target.closest?.(".grip, .more, .unhide");
  if (!small) return;
  event.stopPropagation();
  event.preventDefault();
  if (event.type === "dblclick" && small.matches(".grip")) {
    const { axis, line } = lineOf(small);
    if (axis === "COLUMNS") register.shape.fit(line);
    else register.shape.fitRow(line);
  }
  if (event.type !== "click") return;
  const { axis, line, holder } = lineOf(small);
  if (small.matches(".more")) {
    pickLine(register, axis, line);
    openMenu(columnItems(register, line), holder, say("column_menu", { column: letters(line) }));
  } else if (small.matches(".unhide")) {
    const hidden = register.shape.hiddenBeside(axis, line);
    if (hidden) register.shape.unhide(axis, ...hidden);
  }
}

function pickLine(register, axis, line) {
  const { selection } = register;
  const { top, bottom, left, right } = selection.box;
  const whole = axis === "COLUMNS" ? bottom - top >= register.model.layout.rowCount - 1 && line >= left && line <= right
    : right - left >= register.model.layout.columnCount - 1 && line >= top && line <= bottom;
  if (whole) return;
  if (axis === "COLUMNS") register.selectColumns ? register.selectColumns(line, line) : register.select(selection.row, line, false, false);
  else register.selectRows ? register.selectRows(line, line) : register.select(line, selection.column, false, false);
}

function onContextMenu(register, event) {
  if (event.target.closest(".editor")) return;
  event.preventDefault();
  register.editor.commit();
  const place = lineOf(event.target);
  const cell = event.target.closest("[data-row]");
  const { selection, painter, grid } = register;
  if (place) {
    pickLine(register, place.axis, place.line);
    const items = place.axis === "COLUMNS" ? columnItems(register, place.line) : rowItems(register, place.line);
    openMenu(items, { x: event.clientX, y: event.clientY }, place.axis === "COLUMNS" ? say("column_menu", { column: letters(place.line) }) : say("row_menu", { row: place.line + 1 }));
    return;
  }
  let point = { x: event.clientX, y: event.clientY };
  if (cell) {
    const [row, column] = [Number(cell.dataset.row), Number(cell.dataset.col)];
    if (!selection.holds(row, column)) register.select(row, column, false, false);
  } else { // by keyboard: beside the active cell
    const box = painter.boxOf(selection.row, selection.column);
    const { left, top } = grid.getBoundingClientRect();
    point = { x: left + box.left - grid.scrollLeft + 24, y: top + box.top - grid.scrollTop + box.height };
  }
  grid.focus({ preventScroll: true });
  openMenu(cellItems(register), point, say("cell_menu"));
}

// Dragging an edge: a line shows where it will be; only letting go changes anything.
function onPress(register, event) {
  const grip = event.target.closest?.(".grip");
  if (!grip || event.button !== 0) return;
  const { grid, model, shape } = register;
  const { axis, line } = lineOf(grip);
  const before = axis === "COLUMNS" ? model.width(line) : model.height(line);
  const from = axis === "COLUMNS" ? event.clientX : event.clientY;
  const guide = part("div", `guide ${axis.toLowerCase()}`);
  const edge = register.painter.boxOf(axis === "COLUMNS" ? Math.max(0, model.layout.frozenRows - 1) : line, axis === "COLUMNS" ? line : register.painter.columns[0]);
  let size = before;
  const draw = () => {
    if (axis === "COLUMNS") Object.assign(guide.style, { left: `${edge.left + size}px`, top: `${grid.scrollTop}px`, height: `${grid.clientHeight}px` });
    else Object.assign(guide.style, { top: `${edge.top + size}px`, left: `${grid.scrollLeft}px`, width: `${Math.max(grid.clientWidth, GUTTER)}px` });
  };
  const move = (moved) => {
    size = Math.max(24, before + (axis === "COLUMNS" ? moved.clientX : moved.clientY) - from);
    draw();
  };
  const stop = (stopped) => {
    grip.removeEventListener("pointermove", move);
    guide.remove();
    if (stopped.type === "pointerup" && Math.abs(size - before) > 2) shape.resize(axis, line, size);
  };
  event.stopPropagation();
  event.preventDefault();
  register.editor.commit();
  grip.setPointerCapture(event.pointerId);
  draw();
  grid.append(guide);
  grip.addEventListener("pointermove", move);
  grip.addEventListener("pointerup", stop, { once: true });
  grip.addEventListener("pointercancel", stop, { once: true });
}
