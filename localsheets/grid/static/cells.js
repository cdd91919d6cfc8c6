// One drawn cell: its text, look, marks, and what a screen reader is told. Nothing is touched that has not changed.
import { say } from "./words.js";

const FARTHEST = 2000;
const FLAGS = ["flow", "num", "closed", "note", "bad", "unsaved", "list", "check", "active", "range", "wrap", "merged", "covered", "error"];

const PADDING = 13;
const WIDEST_LETTER = 10; // of the grid's usual size: what is short enough by this needs no measuring
const pen = document.createElement("canvas").getContext("2d");

export class CellPainter {
  constructor(selection) {
    this.selection = selection;
    this.model = null;
    this.font = "";
  }

  // Whether a text is wider than so many pixels.
  exceeds(text, width, bold) {
    if (text.length * WIDEST_LETTER < width) return false;
    this.font ||= getComputedStyle(document.body).fontFamily;
    pen.font = `${bold ? 600 : 400} 14px ${this.font}`;
    return pen.measureText(text).width > width;
  }

  // How far a text may run on over the empty cells right of it, in pixels; undefined if it stays in its own.
  flow(row, column, text, look) {
    const { model } = this;
    if (!text || look.wrap || look.clip || (look.align ?? "left") !== "left" || column < model.layout.frozenColumns) return undefined;
    const own = model.width(column);
    if (text.length * WIDEST_LETTER < own - PADDING || text.includes("\n")) return undefined;
    if (!this.runsOver(row, column + 1) || !this.exceeds(text, own - PADDING, look.bold)) return undefined;
    let [width, next] = [own, column + 1];
    while (this.runsOver(row, next) && width < FARTHEST) {
      if (!model.hiddenColumn(next)) width += model.width(next);
      next += 1;
    }
    return width > own ? width : undefined;
  }

  runsOver(row, column) {
    const { model } = this;
    return column < model.layout.columnCount && model.text(row, column) === "" && !model.choice(row, column).kind && !model.merges.at(row, column)
      && !this.selection.holds(row, column);
  }

  fill(cell, row, column) {
    const told = this.tell(row, column);
    const key = JSON.stringify(told);
    if (cell.painted === key) return;
    cell.painted = key;
    const { flags, look } = told;
    cell.setAttribute("role", told.role);
    cell.setAttribute("aria-readonly", String(told.readOnly));
    cell.setAttribute("aria-selected", String(told.selected));
    if (flags.bad) cell.setAttribute("aria-invalid", "true");
    else cell.removeAttribute("aria-invalid");
    for (const name of FLAGS) cell.classList.toggle(name, Boolean(flags[name]));
    const { style } = cell;
    style.backgroundColor = flags.range ? "" : look.bg ?? "";
    style.color = look.fg ?? "";
    style.fontWeight = look.bold ? "600" : "";
    style.fontStyle = look.italic ? "italic" : "";
    style.textDecoration = [look.strike && "line-through", look.under && "underline"].filter(Boolean).join(" ");
    style.textAlign = look.align ?? "";
    if (told.span) this.stretch(cell, told.span);
    else if (cell.stretched) this.relax(cell, column);
    if (flags.check) this.check(cell, told.on);
    else this.write(cell, told);
  }

  tell(row, column) {
    const { model, selection } = this;
    const data = model.cell(row, column);
    const choice = model.choice(row, column);
    const closed = Boolean(model.closed(row, column));
    const frozenRow = row < model.layout.frozenRows;
    const held = selection.holds(row, column);
    const merge = model.merges.at(row, column);
    const unsaved = model.unsaved(row, column) !== undefined;
    const check = choice.kind === "BOOLEAN";
    const look = data.look ?? {};
    const text = model.text(row, column);
    const list = choice.kind === "ONE_OF_LIST" && !closed && !frozenRow;
    const plain = !data.num && !check && !frozenRow && !merge && !data.h && !choice.kind;
    const flow = plain ? this.flow(row, column, text, look) : undefined;
    const hashed = Boolean(data.num) && !unsaved && !merge && !frozenRow && !look.wrap && this.exceeds(text, model.width(column) - PADDING, look.bold);
    return {
      text, exact: hashed ? data.e ?? text : undefined, look, flow, hashed, check, on: check && model.isOn(row, column), link: unsaved ? undefined : data.h,
      role: frozenRow && model.text(row, column) ? "columnheader" : "gridcell", readOnly: closed, selected: held,
      span: merge?.anchor ? merge.size : undefined,
      flags: {
        num: data.num, closed: closed && !frozenRow, note: Boolean(data.n), unsaved, check, wrap: look.wrap,
        bad: data.bad && !unsaved, list, flow: flow !== undefined, error: Boolean(data.m),
        active: row === selection.row && column === selection.column, range: held && selection.many,
        merged: merge?.anchor, covered: merge && !merge.anchor,
      },
    };
  }

  write(cell, { text, exact, link, look, flow, hashed }) {
    cell.removeAttribute("aria-label");
    if (exact !== cell.exact) {
      cell.exact = exact;
      cell.title = exact ?? "";
    }
    if (hashed) { // a number cut off would be another number
      cell.textContent = "###";
      cell.setAttribute("aria-label", exact);
      return;
    }
    if (flow !== undefined) {
      const span = Object.assign(document.createElement("span"), { textContent: text });
      span.style.width = `${flow}px`;
      cell.replaceChildren(span);
      return;
    }
    if (link) {
      const anchor = Object.assign(document.createElement("a"), { href: link, textContent: text, target: "_blank", rel: "noopener noreferrer", tabIndex: -1 });
      if (look.fg) anchor.style.color = look.fg;
      cell.replaceChildren(anchor);
    } else if (cell.firstElementChild || cell.textContent !== text) cell.textContent = text;
  }

  check(cell, on) {
    const mark = document.createElement("i");
    mark.className = on ? "on" : "";
    mark.textContent = on ? "✓" : "";
    cell.replaceChildren(mark);
    cell.setAttribute("aria-label", say(on ? "checked" : "unchecked"));
  }

  // A merged cell lies over those it covers, without pushing its neighbours aside.
  stretch(cell, { width, height, own }) {
    cell.stretched = true;
    cell.style.width = `${width}px`;
    cell.style.height = `${height}px`;
    cell.style.marginRight = `${own - width}px`;
  }

  relax(cell, column) {
    cell.stretched = false;
    cell.style.width = `${this.model.width(column)}px`;
    cell.style.height = cell.style.marginRight = "";
  }
}
