// Puts the register together: opens a sheet, keeps what is picked, and takes edits to the outbox.
import { read, write } from "./api.js";
import { acts, wireActs } from "./acts.js";
import { Block } from "./block.js";
import { Card } from "./card.js";
import { Charts } from "./charts.js";
import { Editor } from "./editor.js";
import { narrow } from "./geometry.js";
import { going } from "./going.js";
import { Keys } from "./keys.js";
import { Model } from "./model.js";
import { Outbox } from "./outbox.js";
import { Painter } from "./painter.js";
import { $ } from "./page.js";
import { Panel } from "./panel.js";
import { Presence } from "./presence.js";
import { Selection } from "./selection.js";
import { Shape } from "./shape.js";
import { Status } from "./status.js";
import { Sync } from "./sync.js";
import { Tabs } from "./tabs.js";
import { keepView, tellView } from "./views.js";
import { wireHeaders } from "./headers.js";
import { wireMenus } from "./menubar.js";
import { wireToolbar } from "./toolbar.js";
import { announce, say } from "./words.js";

class Register {
  constructor() {
    this.grid = $("grid");
    this.status = new Status(this);
    this.tabs = new Tabs(this);
    this.selection = new Selection();
    this.painter = new Painter(this.grid, this.selection);
    this.editor = new Editor(this.grid, this.painter, {
      onCommit: (place, value) => this.commit(place, value), onMove: (rows, columns) => this.walk(rows, columns),
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
    this.shape = new Shape(this);
    this.charts = new Charts(this);
    this.panel = new Panel(this);
    this.presence = new Presence(this);
    this.sync = new Sync(this);
    wireActs(this);
  }

  async start() {
    const wanted = new URLSearchParams(location.search);
    const told = await read("sheets");
    this.tabs.show(told);
    wireHeaders(this);
    await this.open(this.tabs.wanted(location).id);
    if (document.activeElement === document.body) this.grid.focus({ preventScroll: true });
    if (wanted.get("find")) await this.find(wanted.get("find"));
    this.listen();
    this.outbox.send();
    this.sync.poll();
  }

  async open(sheetId) {
    this.editor.commit();
    const model = this.opening = new Model(sheetId);
    try {
      await model.open();
    } catch (error) {
      if (model === this.opening) this.opening = this.model; // the one before stays
      throw error;
    }
    if (model !== this.opening) return; // another one was chosen meanwhile
    this.model = model;
    this.remarkPending();
    const row = Math.min(model.layout.frozenRows, model.layout.rowCount - 1);
    this.grid.scrollTop = this.grid.scrollLeft = 0;
    this.selection.set(model.shownRows ? model.rowAt(0) : row, this.firstColumn());
    this.tabs.mark();
    $("filter").value = "";
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
    tellView(this.model);
    this.charts.place();
    this.charts.refresh().catch((error) => this.status.trouble(error));
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
    this.selection.set(row, column, extend);
    this.showSelection(reveal);
  }

  // The selection was set: show it, tell it, and load what came into sight.
  showSelection(reveal = true) {
    const { row, column } = this.selection;
    if (reveal) this.painter.reveal(row, column);
    this.painter.paint();
    this.painter.refill();
    this.charts.unveil();
    this.tellActive();
    this.load().catch((error) => this.status.trouble(error));
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

  repaint() {
    this.painter.refill();
    this.card.refresh();
    this.tellActive();
    this.charts.refresh().catch((error) => this.status.trouble(error));
  }

  refresh() { return this.sync.refresh(); }

  // My view ---------------------------------------------------------------------------------------------------------

  async restrict(query) {
    Object.assign(this.model.query, query);
    keepView(this.model);
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
    const { positions } = await write(`${this.model.sheetId}/view`, { text });
    if (!positions.length) {
      announce(say("not_found", { text }));
      return;
    }
    if (this.model.indexOf(positions[0]) < 0) await this.restrict({ text: "", sort: null, filters: {} });
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
    const trouble = (error) => this.status.trouble(error);
    this.grid.addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        this.painter.paint();
        this.load().catch(trouble);
      });
    });
    addEventListener("resize", () => { this.painter.paint(); this.load().catch(trouble); });
    narrow.addEventListener("change", () => this.show());
    this.keys.listen();
    wireToolbar(this);
    wireMenus(this);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.refresh().catch(trouble); });
  }
}

Object.assign(Register.prototype, going, acts);

if (document.body.dataset.book) {
  const register = new Register();
  register.start().catch((error) => { register.status.trouble(error); announce(say("unexpected")); });
}
