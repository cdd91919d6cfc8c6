// The picked rectangle in the words of the server: rows by their lasting ids, columns as shown.

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

// Rows for a request: neighbours by the first one, others one by one.
export function rowsTold(model, index, count) {
  const [first] = rowsFrom(model, index, 1);
  if (model.view === null) return { rowId: model.rowId(first), row: first, count };
  return rowsFrom(model, index, count).map((row) => [row, model.rowId(row)]);
}

export function pickedRows({ selection, model }) {
  const [start, end] = pickedSpan({ selection, model });
  return rowsTold(model, start, Math.max(1, end - start));
}
