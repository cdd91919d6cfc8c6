// The picked rectangle in the words of the server: rows by their lasting ids, columns as shown.
import { read } from "./api.js";

// What somebody sees in a cell, to be compared with what the server finds there; undefined if it is not known yet.
export function seenIn(model, row, column) {
  if (!model.rows.has(row) || model.unsaved(row, column) !== undefined) return undefined;
  const cell = model.cell(row, column);
  return cell.x ?? cell.t;
}

const rowAtIndex = (model, index) => (index < 0 ? index + model.layout.frozenRows : model.rowAt(index));

export function pickedColumns({ selection, painter }) {
  const { left, right } = selection.box;
  if (selection.lines === "rows" || selection.lines === "all") return [...painter.columns];
  return painter.columns.filter((column) => column >= left && column <= right);
}

// First and past-the-last index among the shown rows; frozen rows have negative ones. Nothing, if the view hides them.
export function pickedSpan({ selection, model }) {
  if (selection.lines === "columns" || selection.lines === "all") return [-model.layout.frozenRows, model.shownRows];
  const { top, bottom } = selection.box;
  const shown = (row) => row < model.layout.frozenRows || model.indexOf(row) >= 0;
  return shown(top) && shown(bottom) ? [model.indexOf(top), model.indexOf(bottom) + 1] : [0, 0];
}

// Positions of `count` shown rows from an index on; behind the last one come rows that the sheet does not have yet.
export function rowsFrom(model, index, count) {
  return Array.from({ length: count }, (_, i) => {
    const at = index + i;
    return at < model.shownRows ? rowAtIndex(model, at) : model.layout.rowCount + at - model.shownRows;
  });
}

// Rows for a request: [row, id] in runs [row, id of the first, count]; the id is null where nobody wrote yet.
export function runsOf(pairs) {
  const runs = [];
  for (const [row, id] of pairs) {
    const last = runs.at(-1);
    if (last && row === last[0] + last[2] && id === (last[1] === null ? null : last[1] + last[2])) last[2] += 1;
    else runs.push([row, id, 1]);
  }
  return runs;
}

export const pairsOf = (runs) => runs.flatMap(([row, id, count = 1]) => (
  Array.from({ length: count }, (_, i) => [row + i, id === null ? null : id + i])));

export const namedBy = (rows, idOf) => runsOf(rows.map((row) => [row, idOf(row)]));

// Does something with the rows' lasting ids: at once if all of them are loaded; else the server tells them first, for the
// sheet as it is seen here: whoever picked rows means these, wherever they are by now.
export function withIds(model, rows, act) {
  const own = (row) => model.rowId(row);
  const missing = rows.filter((row) => !model.knows(row));
  if (!missing.length) return act(own);
  const [start, end] = missing.reduce(([low, high], row) => [Math.min(low, row), Math.max(high, row)], [Infinity, -1]);
  return read(`${model.sheetId}/ids`, { start, count: end + 1 - start, seen: model.seen }).then(({ ids }) => {
    const told = new Map(pairsOf(ids));
    return act((row) => (model.knows(row) ? own(row) : told.get(row) ?? null));
  });
}
