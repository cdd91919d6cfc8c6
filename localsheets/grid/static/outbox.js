// Edits on their way: sent one after another, shown as unsaved until the server took them, tried again while it cannot
// be reached, and kept in this tab over a reload. An edit names its row by the row's lasting id.
import { Refused, write } from "./api.js";
import { announce, say } from "./words.js";

const WAITS_MS = [1000, 2000, 4000, 8000, 15000];

export class Outbox {
  constructor({ onSaved, onBorn, onState, onLoggedOut }) {
    this.queue = [];
    this.tries = 0;
    this.busy = false;
    Object.assign(this, { onSaved, onBorn, onState, onLoggedOut });
    const page = document.body.dataset;
    this.shelf = `localsheets-unsaved:${page.book}:${page.email}`;
    this.queue = JSON.parse(sessionStorage.getItem(this.shelf) ?? "[]");
    addEventListener("beforeunload", (event) => { if (this.queue.length) event.preventDefault(); });
    addEventListener("online", () => this.send());
  }

  get count() { return this.queue.reduce((sum, entry) => sum + entry.edits.length, 0); }

  push(sheetId, edits) {
    this.queue.push({ sheetId, edits });
    this.keep();
    this.send();
  }

  keep() {
    if (this.queue.length) sessionStorage.setItem(this.shelf, JSON.stringify(this.queue));
    else sessionStorage.removeItem(this.shelf);
    this.onState(this.count, this.tries);
  }

  async send() {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.timer);
    try {
      while (this.queue.length) await this.sendFirst();
      this.tries = 0;
    } catch (error) {
      if (error instanceof Refused) {
        this.onLoggedOut(error.message);
      } else {
        this.tries += 1;
        this.timer = setTimeout(() => this.send(), WAITS_MS[Math.min(this.tries, WAITS_MS.length) - 1]);
      }
    }
    this.busy = false;
    this.keep();
  }

  async sendFirst() {
    const entry = this.queue[0];
    try {
      const told = await write(`${entry.sheetId}/edit`, { edits: entry.edits });
      this.tries = 0;
      this.queue.shift();
      this.adopt(entry, told.rows);
      this.onSaved(entry, told);
    } catch (error) {
      if (!(error instanceof Refused) || error.code === 401) throw error;
      this.queue.shift();
      announce(entry.edits.length === 1
        ? say("not_saved", { value: entry.edits[0].value, why: error.message }) : error.message, { stay: true });
      this.onSaved(entry, null);
    }
    this.keep();
  }

  // A row that nobody had written in has its id now; what waits for that same row learns it. Never the id of a row that
  // somebody else put there meanwhile: then the server refuses, and says so.
  adopt(entry, rows) {
    const ids = new Map(rows.map((row) => [row.r, row.id]));
    const born = new Map(entry.edits.filter((edit) => edit.rowId === null).map((edit) => [edit.row, ids.get(edit.row)]));
    for (const other of this.queue) {
      if (other.sheetId !== entry.sheetId) continue;
      for (const edit of other.edits) if (edit.rowId === null) edit.rowId = born.get(edit.row) ?? null;
    }
    this.onBorn(entry.sheetId, born);
  }

  waitingFor(sheetId) {
    return this.queue.filter((entry) => entry.sheetId === sheetId).flatMap((entry) => entry.edits);
  }
}
