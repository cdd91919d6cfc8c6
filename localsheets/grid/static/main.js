// Puts the register together: opens a sheet, keeps it fresh, and takes edits to the outbox.
import { read, write } from "./api.js";
import { Block } from "./block.js";
import { Card } from "./card.js";
import { Editor } from "./editor.js";
import { Keys } from "./keys.js";
import { Model } from "./model.js";
import { Outbox } from "./outbox.js";
import { Painter, cellId, letters } from "./painter.js";
import { $ } from "./page.js";
import { Selection } from "./selection.js";
import { Status } from "./status.js";
import { Tabs } from "./tabs.js";
import { wireToolbar } from "./toolbar.js";
import { announce, say } from "./words.js";

const POLL_MS = 1000;
const narrow = matchMedia("(max-width: 640px)");

class Register {
  constructor() {
    this.grid = $("grid");
    this.status = new Status(this);
    this.tabs = new Tabs(this);
    this.selection = new Selection();
    this.painter = new Painter(this.grid, this.selection);
    this.editor = new Editor(this.grid, this.painter, {
      onCommit: (place, value) => this.commit(place, value), onMove: (rows, columns) => this.move(rows, columns),
    });
    this.card = new Card($("card"), {
      onCommit: (place, value) => this.commit(place, value), onStep: (row, by) => this.stepCard(row, by),
      why: (closed) => this.why(closed),
    });
    this.outbox = new Outbox({
      onSaved: (entry, told) => this.saved(entry, told), onBorn: (sheetId, born) => this.born(sheetId, born),
      onState: () => this.status.tell(),
      onLoggedOut: () => this.status.loggedOut(),
    });
    this.keys = new Keys(this);
    this.block = new Block(this);
  }

  async start() {
    const wanted = new URLSearchParams(location.search);
    const told = await read("sheets");
    this.tabs.show(told.tabs);
    const tab = told.tabs.find((entry) => entry.title === wanted.get("sheet")) ?? told.tabs[0];
    await this.open(tab.id);
    if (wanted.get("find")) await this.find(wanted.get("find"));
    this.listen();
    this.outbox.send();
    this.poll();
  }

  async open(sheetId) {
    this.editor.commit();
    const model = new Model(sheetId);
    await model.open();
    this.model = model;
    this.remarkPending();
    const row = Math.min(model.layout.frozenRows, model.layout.rowCount - 1);
    this.grid.scrollTop = this.grid.scrollLeft = 0;
    this.selection.set(row, this.firstColumn());
    this.tabs.mark();
    this.show();
    await this.load();
    this.tellActive();
    this.status.tell();
  }

  firstColumn() {
    let column = 0;
    while (this.model.hiddenColumn(column) && column < this.model.layout.columnCount - 1) column += 1;
    return column;
  }

  show() {
    this.painter.show(this.model);
    if (this.editor.open) this.editor.align();
    $("reset").hidden = !this.model.filtered;
  }

  async load() {
    const model = this.model;
    const head = Array.from({ length: model.layout.frozenRows }, (_, i) => i);
    const fetched = await Promise.all([model.need(head), model.need(this.painter.visibleRows())]);
    if (model === this.model && fetched.some(Boolean)) {
      this.painter.refill();
      this.tellActive();
    }
  }

  // Choosing and telling -------------------------------------------------------------------------------------------

  select(row, column, extend = false, reveal = true) {
    const before = this.selection.box;
    this.selection.set(row, column, extend);
    if (reveal) this.painter.reveal(row, column);
    this.painter.paint();
    const after = this.selection.box;
    const [top, bottom] = [Math.min(before.top, after.top), Math.max(before.bottom, after.bottom)];
    this.painter.refill([...this.painter.drawn.keys()].filter((r) => r >= top && r <= bottom));
    this.tellActive();
    this.load().catch((error) => this.status.trouble(error));
  }

  move(rows, columns, extend = false) {
    const { model, painter, selection } = this;
    const at = painter.columns.indexOf(selection.column);
    const column = painter.columns[Math.max(0, Math.min(painter.columns.length - 1, at + columns))];
    const lowest = -model.layout.frozenRows;
    const index = Math.max(lowest, Math.min(model.shownRows - 1, model.indexOf(selection.row) + rows));
    this.select(index < 0 ? index + model.layout.frozenRows : model.rowAt(index), column, extend);
  }

  tellActive() {
    const { model, selection: { row, column } } = this;
    this.grid.setAttribute("aria-activedescendant", cellId(row, column));
    $("place").textContent = `${letters(column)}${row + 1}`;
    $("content").textContent = model.text(row, column);
    const closed = model.closed(row, column);
    const note = model.cell(row, column).n;
    const { message } = model.choice(row, column);
    const hints = [closed && this.why(closed), note && `${say("note")}: ${note}`, !closed && message];
    $("hint").textContent = hints.filter(Boolean).join(" · ");
    $("hint").classList.toggle("closed", Boolean(closed));
    $("insert-row").disabled = !model.layout.mayWrite;
    $("delete-row").disabled = !model.layout.mayWrite || model.rowId(row) === null;
  }

  why(closed) {
    if (closed.readOnly) return say("read_only");
    return closed.why ? say("protected_why", { why: closed.why }) : say("protected");
  }

  // Changing -------------------------------------------------------------------------------------------------------

  mayChange(row, column) {
    const closed = this.model.closed(row, column);
    if (closed) announce(this.why(closed));
    return !closed;
  }

  edit(options) {
    const { row, column } = this.selection;
    if (this.editor.open || !this.mayChange(row, column)) return;
    if (this.model.isCheck(row, column)) this.toggle();
    else {
      this.painter.reveal(row, column);
      this.editor.begin(this.model, row, column, options);
    }
  }

  toggle() {
    const { row, column } = this.selection;
    if (this.mayChange(row, column)) {
      this.commit({ model: this.model, rowId: this.model.rowId(row), row, column }, this.model.toggled(row, column));
    }
  }

  commit({ model, rowId, row, column }, value) {
    this.send(model, [{ rowId, row, column, value }]);
  }

  send(model, edits) {
    for (const edit of edits) model.pending.set(`${edit.rowId ?? `at${edit.row}`}:${edit.column}`, edit.value);
    this.outbox.push(model.sheetId, edits);
    if (model === this.model) this.repaint();
  }

  // The answer to an edit came: what is still on its way stays marked.
  saved(entry, told) {
    if (!this.model || this.model.sheetId !== entry.sheetId) return;
    if (told) this.model.take(told);
    this.remarkPending();
    this.repaint();
  }

  // A row I wrote in first has its id: what is open on it belongs to it from now on.
  born(sheetId, born) {
    for (const { place } of [this.editor, this.card]) {
      if (place?.model.sheetId === sheetId && place.rowId === null) place.rowId = born.get(place.row) ?? null;
    }
  }

  remarkPending() {
    this.model.pending.clear();
    for (const edit of this.outbox.waitingFor(this.model.sheetId)) {
      this.model.pending.set(`${edit.rowId ?? `at${edit.row}`}:${edit.column}`, edit.value);
    }
  }

  repaint() {
    this.painter.refill();
    this.card.refresh();
    this.tellActive();
  }

  async changeRows(what) {
    const { model, selection: { row } } = this;
    try {
      await write(`${model.sheetId}/rows/${what}`, { rowId: model.rowId(row), row });
      await this.refresh();
    } catch (error) {
      this.status.trouble(error);
    }
  }

  // Staying fresh --------------------------------------------------------------------------------------------------

  async poll() {
    if (!document.hidden && !this.status.ended) {
      try {
        await this.refresh();
        if (this.status.offline) {
          this.status.setOffline(false);
          this.outbox.send();
        }
      } catch (error) {
        this.status.trouble(error);
      }
    }
    setTimeout(() => this.poll(), POLL_MS);
  }

  async refresh() {
    const { model } = this;
    const row = this.editor.open ? this.editor.place.row : this.card.open ? this.card.place.row : this.selection.row;
    const rowId = this.editor.open ? this.editor.place.rowId : this.card.open ? this.card.place.rowId : model.rowId(row);
    const told = await read(`${model.sheetId}/changes`, { since: model.revision, track: rowId ?? 0 });
    if (!told || model !== this.model) return;
    this.tabs.show(told.tabs);
    if (told.gone) {
      await this.open(told.tabs[0].id);
      return;
    }
    if (!told.reload) {
      model.revision = told.revision;
      model.take(told);
      this.repaint();
      return;
    }
    await model.reload();
    if (model !== this.model) return;
    const moved = rowId === null ? null : told.tracked ?? null;
    this.editor.follow(moved);
    this.card.follow(moved);
    if (moved !== null && moved !== this.selection.row) this.selection.set(moved, this.selection.column);
    this.selection.row = Math.min(this.selection.row, model.layout.rowCount - 1);
    this.show();
    await this.load();
    this.repaint();
  }

  async restrict(query) {
    Object.assign(this.model.query, query);
    try {
      await this.model.refreshView();
      this.grid.scrollTop = 0;
      this.show();
      await this.load();
      if (this.model.filtered && this.model.shownRows) this.select(this.model.rowAt(0), this.selection.column);
    } catch (error) {
      this.status.trouble(error);
    }
  }

  async find(text) {
    const { positions } = await read(`${this.model.sheetId}/view`, { text });
    if (!positions.length) {
      announce(say("not_found", { text }));
      return;
    }
    this.select(positions[0], this.selection.column);
    await this.load();
    if (narrow.matches) this.openCard(positions[0]);
  }

  // Cards ----------------------------------------------------------------------------------------------------------

  async openCard(row) {
    this.editor.commit();
    await this.model.need([row]).catch((error) => this.status.trouble(error));
    this.card.show(this.model, row);
  }

  stepCard(row, by) {
    const index = Math.max(0, Math.min(this.model.shownRows - 1, this.model.indexOf(row) + by));
    this.select(this.model.rowAt(index), this.selection.column);
    this.openCard(this.model.rowAt(index));
  }

  listen() {
    let waiting = false;
    this.grid.addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        this.painter.paint();
        this.load().catch((error) => this.status.trouble(error));
      });
    });
    addEventListener("resize", () => { this.painter.paint(); this.load().catch((error) => this.status.trouble(error)); });
    this.keys.listen();
    wireToolbar(this);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.refresh().catch((error) => this.status.trouble(error)); });
  }
}

if (document.body.dataset.book) {
  const register = new Register();
  register.start().catch((error) => { register.status.trouble(error); announce(say("unexpected")); });
}
