// What is on its way to the server: sent one after another, shown as unsaved until the server took it, tried again while
// it cannot be reached, and kept in this tab over a reload. Rows are named by their lasting ids. What the server refused
// is held until the person has decided what to do with it.
import { Refused, write } from "./api.js";
import { pairsOf, runsOf } from "./picked.js";
import { announce, say } from "./words.js";

const WAITS_MS = [1000, 2000, 4000, 8000, 15000];

export class Outbox {
  constructor({ onSaved, onBorn, onState, onLoggedOut, onHeld = () => {} }) {
    this.tries = 0;
    this.busy = false;
    Object.assign(this, { onSaved, onBorn, onState, onLoggedOut, onHeld });
    const page = document.body.dataset;
    this.shelf = `localsheets-unsaved:${page.book}:${page.email}`;
    const kept = stored(this.shelf);
    this.queue = kept.queue ?? []; // {sheetId, path, body, marks}
    this.held = kept.held ?? []; // {sheetId, rowId, row, column, mine, theirs | why}
    addEventListener("beforeunload", (event) => { if (this.queue.length || this.held.length) event.preventDefault(); });
    addEventListener("online", () => this.send());
  }

  get count() { return this.queue.reduce((sum, entry) => sum + entry.marks.length, 0); }

  // Cells as typed: `edits` are {rowId, row, column, value, was}.
  push(sheetId, edits) {
    this.add({ sheetId, path: "edit", body: { edits }, marks: edits.map(({ rowId, row, column, value }) => ({ rowId, row, column, value })) });
  }

  add(entry) {
    this.queue.push(entry);
    this.keep();
    this.send();
  }

  keep() {
    try {
      if (this.queue.length || this.held.length) sessionStorage.setItem(this.shelf, JSON.stringify({ queue: this.queue, held: this.held }));
      else sessionStorage.removeItem(this.shelf);
    } catch { /* too much for the tab's store: it is still in memory, and leaving the page asks first */ }
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
      const told = await write(`${entry.sheetId}/${entry.path}`, entry.body);
      this.tries = 0;
      this.queue.shift();
      this.adopt(entry, told);
      this.onSaved(entry, told);
    } catch (error) {
      if (!(error instanceof Refused) || error.code === 401) throw error;
      this.queue.shift();
      this.refused(entry, error);
      this.onSaved(entry, null);
    }
    this.keep();
  }

  // One cell waits for its person's decision; what cannot be mended in its cell is told and stays readable.
  refused(entry, error) {
    const edit = entry.path === "edit" && entry.body.edits.length === 1 ? entry.body.edits[0] : null;
    const gone = error.code === 409 && !error.body.conflict;
    if (edit === null || gone) {
      announce(edit ? say("not_saved", { value: edit.value, why: error.message }) : error.message, { stay: true });
      return;
    }
    const same = (other) => other.path === "edit" && other.sheetId === entry.sheetId && other.body.edits.length === 1
      && other.body.edits[0].rowId === edit.rowId && other.body.edits[0].row === edit.row && other.body.edits[0].column === edit.column;
    // What was typed into the same cell after it must not be written without asking either.
    const later = this.queue.filter(same);
    this.queue = this.queue.filter((other) => !same(other));
    const { rowId, row, column } = edit;
    const mine = later.at(-1)?.body.edits[0].value ?? edit.value;
    const cell = error.body.conflict;
    this.held.push({ sheetId: entry.sheetId, rowId, row, column, mine, ...(cell ? { theirs: cell.theirs } : { why: error.message }) });
    this.onHeld();
  }

  // Resolves once nothing is on its way: true; or false if the server cannot be reached.
  async idle() {
    while (this.queue.length && this.tries === 0) await new Promise((done) => { setTimeout(done, 30); });
    return this.queue.length === 0;
  }

  settle(item) {
    this.held = this.held.filter((other) => other !== item);
    this.keep();
  }

  // A row that nobody had written in has its id now; what waits for that same row learns it. Never the id of a row that
  // somebody else put there meanwhile: then the server refuses, and says so.
  adopt(entry, { rows = [], ids = [] }) {
    const told = new Map([...rows.map((row) => [row.r, row.id]), ...pairsOf(ids)]);
    const empty = [...entry.marks.filter((mark) => mark.rowId === null).map((mark) => mark.row),
      ...pairsOf(entry.body.rows ?? []).filter(([, id]) => id === null).map(([row]) => row)];
    const born = new Map(empty.map((row) => [row, told.get(row) ?? null]));
    for (const other of this.queue) {
      const { marks, body } = other;
      if (other.sheetId === entry.sheetId) {
        for (const named of [...marks, ...(body.edits ?? [])]) named.rowId ??= born.get(named.row) ?? null;
        if (body.rows) body.rows = adopted(body.rows, born);
      }
      if (body.source && (body.source.sheet ?? other.sheetId) === entry.sheetId) body.source.rows = adopted(body.source.rows, born);
    }
    this.onBorn(entry.sheetId, born);
  }

  waitingFor(sheetId) {
    return this.queue.filter((entry) => entry.sheetId === sheetId).flatMap((entry) => entry.marks);
  }
}

function stored(shelf) {
  try {
    return JSON.parse(sessionStorage.getItem(shelf) ?? "{}");
  } catch {
    return {};
  }
}

const adopted = (runs, born) => runsOf(pairsOf(runs).map(([row, id]) => [row, id ?? born.get(row) ?? null]));
