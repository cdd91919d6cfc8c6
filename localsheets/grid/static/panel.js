// The formula bar: where I am, what is really in the cell, and what there is to know about it.
import { write } from "./api.js";
import { letters } from "./geometry.js";
import { $ } from "./page.js";
import { cellId } from "./painter.js";
import { announce, say } from "./words.js";

const SUMS_AFTER_MS = 150;

// Why a formula failed, in the page's language: by the server's sentence if it says more than the error itself.
const FAILURES = [[/^(\S+) is not supported/, "error_unsupported"], [/^Array result/, "error_spill"], [/^Circular/, "error_circle"],
  [/^The result is longer/, "error_long"]];
const ERRORS = {
  "#ERROR!": "error_read", "#NULL!": "error_null", "#DIV/0!": "error_zero", "#VALUE!": "error_kind", "#REF!": "error_reference", "#NAME?": "error_name",
  "#NUM!": "error_number", "#N/A": "error_missing",
};

function failure({ m: message, t: shown }) {
  for (const [pattern, word] of FAILURES) {
    const found = pattern.exec(message);
    if (found) return say(word, { name: found[1] });
  }
  return ERRORS[shown] ? say(ERRORS[shown]) : message;
}

// The corners of an address such as T5 or T5:U9; null if it is none.
function boxOf(address) {
  const corners = address.toUpperCase().replaceAll("$", "").split(":").map((corner) => /^([A-Z]{1,3})(\d{1,7})$/.exec(corner));
  if (corners.length > 2 || corners.some((corner) => !corner)) return null;
  const places = corners.map(([, text, number]) => ({
    row: Number(number) - 1, column: [...text].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1,
  }));
  if (places.some(({ row }) => row < 0)) return null;
  return [places[0], places.at(-1)];
}

export class Panel {
  constructor(register) {
    this.register = register;
    this.box = "";
    $("place").addEventListener("focus", () => $("place").select());
    $("place").addEventListener("blur", () => { $("place").value = this.picked(); });
    $("place").addEventListener("keydown", (event) => this.onKey(event));
  }

  onKey(event) {
    event.stopPropagation();
    if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault();
    const wanted = $("place").value.trim();
    this.register.grid.focus({ preventScroll: true });
    if (event.key === "Enter") this.go(wanted).catch((error) => this.register.status.failed(error));
  }

  // To what was typed: a cell, a rectangle, or a sheet, with `!` before a cell on it.
  async go(wanted) {
    const { register } = this;
    const [, named, address] = /^(?:(.*)!)?([^!]*)$/.exec(wanted) ?? [];
    const title = (named ?? wanted).replace(/^'(.*)'$/, "$1").toLowerCase();
    const box = boxOf(address ?? "");
    const tab = register.tabs.tabs.find((one) => one.title.toLowerCase() === title);
    if ((named !== undefined || !box) && !tab) return this.nowhere(wanted);
    if (tab && tab.id !== register.model.sheetId) await register.tabs.go(tab.id);
    return box ? this.goIn(box, wanted) : undefined;
  }

  goIn([from, to], wanted) {
    const { register, register: { model } } = this;
    const { rowCount, columnCount } = model.layout;
    const shown = ({ row, column }) => row < rowCount && column < columnCount && !model.hiddenColumn(column)
      && (row < model.layout.frozenRows || model.indexOf(row) >= 0);
    if (!shown(from) || !shown(to)) return this.nowhere(wanted);
    register.go(from.row, from.column);
    if (to.row !== from.row || to.column !== from.column) register.go(to.row, to.column, true);
    return undefined;
  }

  nowhere(wanted) { announce(say("no_place", { place: wanted })); }

  tell() {
    const { model, selection: { row, column }, grid } = this.register;
    if ($(cellId(row, column))) grid.setAttribute("aria-activedescendant", cellId(row, column));
    else grid.removeAttribute("aria-activedescendant");
    if (document.activeElement !== $("place")) $("place").value = this.picked();
    const cell = model.cell(row, column);
    const unsaved = model.unsaved(row, column);
    $("content").textContent = unsaved ?? cell.x ?? cell.e ?? model.text(row, column);
    const closed = model.closed(row, column);
    const { message } = model.choice(row, column);
    const hints = [closed && this.register.why(closed), cell.m && failure(cell), cell.bad && say("invalid_value"), cell.n && `${say("note")}: ${cell.n}`, !closed && message];
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
