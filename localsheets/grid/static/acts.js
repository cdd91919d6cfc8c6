// What people change in the register: typing, sending, taking back, moving lines. Mixed into the register.
import { write } from "./api.js";
import { Finder } from "./find.js";
import { Held } from "./held.js";
import { Overlay } from "./overlay.js";
import { $ } from "./page.js";
import { pickedColumns, seenIn } from "./picked.js";
import { announce, say } from "./words.js";

const keyOf = ({ rowId, row, column }) => `${rowId ?? `at${row}`}:${column}`;

export function wireActs(register) {
  register.overlay = new Overlay(register);
  register.held = new Held(register);
  register.finder = new Finder(register);
  register.selection.order = (row) => (register.model ? register.model.indexOf(row) : row);
  register.outbox.onHeld = () => register.held.show();
  register.editor.onMove = (rows, columns, plain) => (plain ? register.move(rows, columns) : register.walk(rows, columns));
  register.editor.onFill = (text) => {
    if (text === null) return register.selection.many;
    register.block.fillAll(text);
    return true;
  };
  $("content").addEventListener("mousedown", (event) => { event.preventDefault(); register.editAbove(); });
  $("content").addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "F2") { event.preventDefault(); register.editAbove(); }
  });
}

export const acts = {
  tellActive() {
    this.panel.tell();
    this.overlay?.place();
  },

  // Changing -----------------------------------------------------------------------------------------------------

  edit(options = {}) {
    const { row, column } = this.selection;
    if (this.editor.open || !this.mayChange(row, column)) return;
    if (this.model.isCheck(row, column) && !options.text?.startsWith("=")) {
      this.toggle();
      return;
    }
    this.painter.reveal(row, column);
    this.editor.begin(this.model, row, column, options);
    this.overlay.place();
  },

  editAbove() {
    const { row, column } = this.selection;
    if (this.editor.open) this.editor.commit();
    if (this.mayChange(row, column)) this.editor.begin(this.model, row, column, { bar: $("content") });
  },

  toggle() {
    const { row, column } = this.selection;
    if (!this.mayChange(row, column)) return;
    const { model } = this;
    const to = model.toggled(row, column);
    if (this.selection.many && !this.selection.lines && pickedColumns(this).every((picked) => model.isCheck(row, picked))) this.block.fillAll(to);
    else this.commit({ model, rowId: model.rowId(row), row, column, was: seenIn(model, row, column) }, to);
  },

  // A text into the active cell without opening it, such as today's date.
  type(text) {
    const { model, selection: { row, column } } = this;
    if (this.mayChange(row, column)) this.commit({ model, rowId: model.rowId(row), row, column, was: seenIn(model, row, column) }, text);
  },

  commit({ model, rowId, row, column, was }, value) {
    this.send(model, [{ rowId, row, column, value, ...(was === undefined || rowId === null ? {} : { was }) }]);
  },

  send(model, edits) {
    for (const edit of edits) model.pending.set(keyOf(edit), edit.value);
    this.outbox.push(model.sheetId, edits);
    if (model === this.model) this.repaint();
  },

  // The answer to an edit came: what is still on its way stays marked.
  saved(entry, told) {
    if (!this.model || this.model.sheetId !== entry.sheetId) return;
    if (told?.rows) this.model.take(told);
    this.remarkPending();
    this.repaint();
    if (told?.reload) this.refresh().catch((error) => this.status.trouble(error));
  },

  // A row I wrote in first has its id: what is open on it belongs to it from now on.
  born(sheetId, born) {
    for (const { place } of [this.editor, this.card]) {
      if (place?.model.sheetId === sheetId && place.rowId === null) place.rowId = born.get(place.row) ?? null;
    }
  },

  remarkPending() {
    this.model.pending.clear();
    for (const mark of this.outbox.waitingFor(this.model.sheetId)) this.model.pending.set(keyOf(mark), mark.value);
  },

  // Something that is done at once or not at all, after all that was typed before it. Null if it was not done.
  async now(act) {
    if (!await this.outbox.idle()) {
      announce(say("unsaved_first"));
      return null;
    }
    try {
      const told = await act();
      return told ?? {};
    } catch (error) {
      this.status.failed(error);
      return null;
    } finally {
      this.refresh().catch((error) => this.status.trouble(error));
    }
  },

  undo() { return this.turn("undo"); },
  redo() { return this.turn("redo"); },

  // One after another, in the order of the keys: several Ctrl+Z in a row must not overtake each other.
  turn(way) {
    this.editor.commit();
    this.turning = (this.turning ?? Promise.resolve()).then(() => this.turnOnce(way)).catch((error) => this.status.trouble(error));
    return this.turning;
  },

  async turnOnce(way) {
    const told = await this.now(() => write(way, {}));
    if (!told?.said) return;
    announce(told.said);
    if (told.sheet === undefined) return;
    if (told.sheet !== this.model.sheetId) await this.open(told.sheet);
    await this.refresh();
    const row = Math.min(told.row, this.model.layout.rowCount - 1);
    if (this.model.indexOf(row) >= -this.model.layout.frozenRows && !this.model.hiddenColumn(told.column)) this.go(row, told.column);
  },

  // The picked rows one up (-1) or down (1), with the selection; not in a view in which they may lie apart.
  moveRows(by) {
    const { model, selection: { box } } = this;
    const rows = Array.from({ length: box.bottom - box.top + 1 }, (_, i) => [box.top + i, model.rowId(box.top + i)]);
    const to = by < 0 ? box.top - 1 : box.bottom + 2;
    if (model.filtered || to < 0 || to > model.layout.rowCount) return null;
    return this.moved("rows", by, { rows, to: { row: to, rowId: model.rowId(to) } });
  },

  // The picked columns one to the left (-1) or right (1).
  moveColumns(by) {
    const { model, selection: { box } } = this;
    const columns = Array.from({ length: box.right - box.left + 1 }, (_, i) => box.left + i);
    const to = by < 0 ? box.left - 1 : box.right + 2;
    if (to < 0 || to > model.layout.columnCount) return null;
    return this.moved("columns", by, { columns, to, seen: model.layout.structure });
  },

  async moved(lines, by, body) {
    const { model, selection } = this;
    const told = await this.now(() => write(`${model.sheetId}/${lines}/move`, body));
    if (!told || model !== this.model) return;
    await this.refresh();
    const shifted = ({ row, column }) => (lines === "rows" ? { row: row + by, column } : { row, column: column + by });
    selection.pick(shifted(selection.from), shifted(selection.to), selection.lines);
    this.showSelection(false);
  },

  openFind(replace = false) {
    this.editor.commit();
    this.finder.open(replace);
  },
};
