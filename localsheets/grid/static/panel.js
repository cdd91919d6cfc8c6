// The formula bar: where I am, what is really in the cell, and what there is to know about it.
import { write } from "./api.js";
import { letters } from "./geometry.js";
import { $ } from "./page.js";
import { cellId } from "./painter.js";
import { say } from "./words.js";

const SUMS_AFTER_MS = 150;

export class Panel {
  constructor(register) {
    this.register = register;
    this.box = "";
  }

  tell() {
    const { model, selection: { row, column }, grid } = this.register;
    if ($(cellId(row, column))) grid.setAttribute("aria-activedescendant", cellId(row, column));
    else grid.removeAttribute("aria-activedescendant");
    $("place").textContent = this.picked();
    const cell = model.cell(row, column);
    const unsaved = model.unsaved(row, column);
    $("content").textContent = unsaved ?? cell.x ?? model.text(row, column);
    const closed = model.closed(row, column);
    const { message } = model.choice(row, column);
    const hints = [closed && this.register.why(closed), cell.m, cell.bad && say("invalid_value"), cell.n && `${say("note")}: ${cell.n}`, !closed && message];
    $("hint").textContent = hints.filter(Boolean).join(" · ");
    $("hint").classList.toggle("closed", Boolean(closed));
    if (cell.h) $("hint").append(this.link(cell.h));
    $("insert-row").disabled = !model.layout.mayWrite;
    $("delete-row").disabled = !model.layout.mayWrite || model.rowId(row) === null;
    this.register.onTold?.();
    this.sum();
  }

  picked() {
    const { selection } = this.register;
    const { top, bottom, left, right } = selection.box;
    if (!selection.many) return `${letters(selection.column)}${selection.row + 1}`;
    return `${letters(left)}${top + 1}:${letters(right)}${bottom + 1}`;
  }

  link(address) {
    const link = Object.assign(document.createElement("a"), { href: address, textContent: address, target: "_blank", rel: "noopener noreferrer" });
    link.className = "address";
    return link;
  }

  // Sum, average and count of what is picked; the server counts, since not all rows are here.
  sum() {
    const { model, selection } = this.register;
    const { top, bottom, left, right } = selection.box;
    const key = selection.many ? [model.sheetId, model.revision, top, bottom, left, right].join() : "";
    if (key === this.box) return;
    this.box = key;
    clearTimeout(this.timer);
    if (!key) {
      $("sums").textContent = "";
      return;
    }
    this.timer = setTimeout(async () => {
      const told = await write(`${model.sheetId}/sums`, { box: [top, bottom + 1, left, right + 1], view: model.query }).catch(() => null);
      if (this.box !== key || !told) return;
      const count = say("count_is", told);
      $("sums").textContent = told.sum === undefined ? (told.count === "0" ? "" : count)
        : [say("sum_is", told), say("average_is", told), count].join("  ·  ");
    }, SUMS_AFTER_MS);
  }
}
