// What is done to the picked rectangle as a whole: emptying, copying, pasting.
import { fromText, toText } from "./clipboard.js";

export class Block {
  constructor(register) {
    this.register = register;
  }

  eachPicked(act) {
    const { top, bottom, left, right } = this.register.selection.box;
    const edits = [];
    for (let row = top; row <= bottom; row += 1) {
      for (const column of this.register.painter.columns) {
        if (column >= left && column <= right) edits.push(act(row, column));
      }
    }
    return edits;
  }

  clear() {
    const { model } = this.register;
    const open = this.eachPicked((row, column) => ({ row, column })).filter(({ row, column }) => model.text(row, column) !== "");
    if (open.length && open.every(({ row, column }) => this.register.mayChange(row, column))) {
      this.register.send(model, open.map(({ row, column }) => ({ rowId: model.rowId(row), row, column, value: "" })));
    }
  }

  copy(event) {
    const { top, bottom, left, right } = this.register.selection.box;
    const rows = [];
    for (let row = top; row <= bottom; row += 1) {
      rows.push(this.register.painter.columns.filter((c) => c >= left && c <= right).map((c) => this.register.model.text(row, c)));
    }
    event.clipboardData.setData("text/plain", toText(rows));
    event.preventDefault();
  }

  paste(event) {
    const { model, painter, selection } = this.register;
    event.preventDefault();
    const from = painter.columns.indexOf(selection.box.left);
    const first = model.indexOf(selection.box.top);
    const edits = [];
    fromText(event.clipboardData.getData("text/plain")).forEach((values, down) => {
      values.forEach((value, across) => {
        const column = painter.columns[from + across];
        if (column === undefined || first + down >= model.shownRows) return;
        const row = first + down < 0 ? first + down + model.layout.frozenRows : model.rowAt(first + down);
        edits.push({ rowId: model.rowId(row), row, column, value });
      });
    });
    if (edits.length && edits.every((edit) => this.register.mayChange(edit.row, edit.column))) this.register.send(model, edits);
  }
}
