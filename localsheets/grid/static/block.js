// What is done to the picked rectangle as a whole: emptying, copying, cutting, pasting, filling.
import { write } from "./api.js";
import { fromHtml, fromText, toHtml, toText } from "./clipboard.js";
import { namedBy, pickedColumns, pickedSpan, rowsFrom, withIds } from "./picked.js";
import { announce, say } from "./words.js";

const MOST_MARKS = 20_000;
const MOST_COPIED_ROWS = 20_000;
export const UNSEEN = [{ rowId: null, row: -1, column: -1, value: "" }]; // something is on its way, not known which text

async function clipboardTexts() {
  const texts = {};
  for (const item of await navigator.clipboard.read()) {
    for (const kind of ["text/plain", "text/html"]) {
      if (item.types.includes(kind)) texts[kind] = await (await item.getType(kind)).text();
    }
  }
  return texts;
}

export class Block {
  constructor(register) {
    this.register = register;
    this.clip = null; // {text, source, cut}: what was copied here last
  }

  // Sending ------------------------------------------------------------------------------------------------------

  // Typed texts over rows × columns; a smaller pattern is repeated.
  put(index, count, columns, texts) {
    if (count < 1) return;
    const { model } = this.register;
    const rows = rowsFrom(model, index, count);
    this.send("block", { rows, columns, texts }, this.marks(index, count, columns, (down, across) => texts[down % texts.length][across % texts[0].length]));
  }

  marks(index, count, columns, textAt) {
    const { model } = this.register;
    if (count * columns.length > MOST_MARKS) return UNSEEN;
    return rowsFrom(model, index, count).flatMap((row, down) => columns.map((column, across) => (
      { rowId: model.rowId(row), row, column, value: textAt(down, across) }))).filter(({ value }) => value !== null && value !== undefined);
  }

  // `rows`, and `from` if the source lies on the same sheet, are places; they are sent with their lasting ids.
  send(path, { rows, from, ...body }, marks) {
    const { model, outbox, status } = this.register;
    const sent = withIds(model, from ? [...rows, ...from] : rows, (idOf) => {
      const source = from ? { source: { ...body.source, rows: namedBy(from, idOf) } } : {};
      outbox.add({ sheetId: model.sheetId, path, body: { ...body, rows: namedBy(rows, idOf), ...source }, marks });
      this.register.remarkPending();
      this.register.repaint();
    });
    sent?.catch((error) => status.trouble(error));
  }

  clear() {
    const [start, end] = pickedSpan(this.register);
    const columns = pickedColumns(this.register);
    const { model, selection } = this.register;
    const one = !selection.many && { row: selection.row, column: selection.column };
    if (one && !this.register.mayChange(one.row, one.column)) return;
    if (one && model.text(one.row, one.column) === "") return;
    if (one && model.isCheck(one.row, one.column)) {
      this.register.commit({ model, rowId: model.rowId(one.row), ...one }, "");
      return;
    }
    this.put(start, end - start, columns, [[""]]);
  }

  // Copying ------------------------------------------------------------------------------------------------------

  copy(event, cut = false) {
    const { model } = this.register;
    event.preventDefault();
    const columns = pickedColumns(this.register);
    const [start, end] = pickedSpan(this.register);
    if (end <= start) return;
    const rows = rowsFrom(model, start, end - start);
    while (rows.length > 1 && !model.knows(rows.at(-1)) && rows.length > MOST_COPIED_ROWS) rows.pop();
    const missing = rows.filter((row) => !model.knows(row));
    if (missing.length) {
      announce(say("copy_wait"));
      this.fetch(missing).catch((error) => this.register.status.trouble(error));
      return;
    }
    const filled = (row) => columns.some((column) => model.text(row, column) !== "");
    if (this.register.selection.lines === "columns" || this.register.selection.lines === "all") {
      while (rows.length > 1 && !filled(rows.at(-1))) rows.pop();
    }
    const cells = rows.map((row) => columns.map((column) => ({ text: model.text(row, column), plain: this.plain(row, column) })));
    const text = toText(cells.map((row) => row.map((cell) => cell.text)));
    const source = { book: document.body.dataset.book, sheet: model.sheetId, rows: namedBy(rows, (row) => model.rowId(row)), columns, height: rows.length };
    event.clipboardData.setData("text/plain", text);
    event.clipboardData.setData("text/html", toHtml(cells, source));
    this.clip = { text, source, cut };
    this.register.overlay.showClip({ sheetId: model.sheetId, rows, columns });
    this.register.overlay.speak(say("copied", { rows: rows.length, columns: columns.length }));
  }

  plain(row, column) {
    const { num, b } = this.register.model.cell(row, column);
    return !num && b === undefined && this.register.model.text(row, column) !== "";
  }

  async fetch(rows) {
    for (let left = rows; left.length;) {
      await this.register.model.need(left.slice(0, 400));
      const still = left.filter((row) => !this.register.model.knows(row));
      if (still.length === left.length) return;
      left = still;
    }
  }

  forgetClip() {
    this.clip = null;
    this.register.overlay.showClip(null);
  }

  // Pasting ------------------------------------------------------------------------------------------------------

  paste(event, valuesOnly = false) {
    event.preventDefault();
    const data = event.clipboardData;
    const [start, end] = pickedSpan(this.register);
    if (end <= start) return;
    const text = data.getData("text/plain");
    const html = data.getData("text/html");
    const mark = this.register.model.layout.decimalMark ?? ".";
    const table = html ? fromHtml(html, mark) : null;
    const source = table?.source?.book === document.body.dataset.book ? table.source
      : this.clip && text && this.clip.text === text ? this.clip.source : null;
    if (source) this.pasteCopy(source, valuesOnly);
    else if (table && !valuesOnly) this.pasteTexts(table.rows);
    else if (text) this.pasteTexts(fromText(text));
  }

  // From a menu: the browser's own copy, which asks for what is picked as Ctrl+C does.
  copyByMenu(cut = false) { document.execCommand(cut ? "cut" : "copy"); }

  // The browser may not let a page read the clipboard: then what was copied here is still known.
  async pasteByMenu(valuesOnly = false) {
    const texts = await clipboardTexts().catch(() => null);
    if (texts) this.paste({ preventDefault() {}, clipboardData: { getData: (kind) => texts[kind] ?? "" } }, valuesOnly);
    else if (this.clip) await this.pasteCopy(this.clip.source, valuesOnly);
    else announce(say("paste_keys", { keys: valuesOnly ? "Ctrl+Shift+V" : "Ctrl+V" }));
  }

  // Where a pattern of that size goes: over the whole selection if it fits into it a whole number of times.
  place(height, width) {
    const { painter, model, selection } = this.register;
    const [start, end] = pickedSpan(this.register);
    const chosen = pickedColumns(this.register);
    const fits = (end - start) % height === 0 && chosen.length % width === 0;
    const from = painter.columns.indexOf(selection.lines === "rows" || selection.lines === "all" ? painter.columns[0] : selection.box.left);
    const columns = fits ? chosen : painter.columns.slice(from, from + width);
    for (let fresh = model.layout.columnCount; columns.length < width; fresh += 1) columns.push(fresh);
    return { index: start, count: fits ? end - start : height, columns };
  }

  pasteTexts(texts) {
    const width = Math.max(...texts.map((row) => row.length));
    const even = texts.map((row) => Array.from({ length: width }, (_, i) => row[i] ?? null));
    const { index, count, columns } = this.place(even.length, width);
    this.put(index, count, columns, even);
    this.pickPasted(index, count, columns);
  }

  async pasteCopy(source, valuesOnly) {
    const cut = this.clip?.cut && JSON.stringify(this.clip.source) === JSON.stringify(source);
    const wide = this.place(source.height, source.columns.length);
    const { index, count, columns } = cut
      ? { ...wide, count: source.height, columns: wide.columns.slice(0, source.columns.length) } : wide;
    const { model } = this.register;
    const { book: _, height: __, ...named } = source;
    const rows = rowsFrom(model, index, count);
    const body = { columns, source: { ...named, part: valuesOnly ? "values" : "all", ...(cut ? { cut } : {}) } };
    this.pickPasted(index, count, columns);
    // A move that is done twice would lose what was moved: it is sent once, and not kept for later.
    if (cut) {
      this.forgetClip();
      await this.register.now(() => withIds(model, rows, (idOf) => write(`${model.sheetId}/block`, { ...body, rows: namedBy(rows, idOf) })));
    } else {
      this.send("block", { ...body, rows }, UNSEEN);
    }
  }

  pickPasted(index, count, columns) {
    const { model, selection } = this.register;
    const rows = rowsFrom(model, index, count).filter((row) => row < model.layout.rowCount);
    const to = { row: rows.at(-1), column: columns.filter((column) => column < model.layout.columnCount).at(-1) };
    if (selection.lines) return;
    selection.pick({ row: rows[0], column: columns[0] }, to);
    this.register.showSelection();
  }

  // Filling ------------------------------------------------------------------------------------------------------

  // The first row over those below it, or the first column over those beside it; alone, what lies before it.
  fillFrom(across) {
    const { model, painter } = this.register;
    const [start, end] = pickedSpan(this.register);
    const chosen = pickedColumns(this.register);
    if (end <= start) return;
    const several = across ? chosen.length > 1 : end - start > 1;
    const before = painter.columns[painter.columns.indexOf(chosen[0]) - 1];
    if (!several && (across ? before === undefined : start <= -model.layout.frozenRows)) return;
    const from = several ? 0 : -1;
    const rows = across ? [start, end - start] : [start + from, 1];
    const columns = across ? [several ? chosen[0] : before] : chosen;
    const place = across
      ? { index: start, count: end - start, columns: several ? chosen.slice(1) : chosen }
      : { index: several ? start + 1 : start, count: several ? end - start - 1 : 1, columns: chosen };
    const origin = rowsFrom(model, ...rows);
    const body = { rows: rowsFrom(model, place.index, place.count), columns: place.columns, from: origin, source: { sheet: model.sheetId, columns } };
    const marks = this.marks(place.index, place.count, place.columns, (down, aside) =>
      model.text(origin[across ? down : 0], across ? columns[0] : place.columns[aside]));
    this.send("block", body, marks);
  }

  // The active cell's content, or a typed text, into every picked cell.
  fillAll(text) {
    const [start, end] = pickedSpan(this.register);
    const columns = pickedColumns(this.register);
    const { model, selection } = this.register;
    if (end <= start) return;
    if (text !== undefined) {
      this.put(start, end - start, columns, [[text]]);
      return;
    }
    const source = { sheet: model.sheetId, columns: [selection.column] };
    const shown = model.text(selection.row, selection.column);
    const body = { rows: rowsFrom(model, start, end - start), columns, from: [selection.row], source };
    this.send("block", body, this.marks(start, end - start, columns, () => shown));
  }
}
