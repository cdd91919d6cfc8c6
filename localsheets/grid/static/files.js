// Files in and out: XLSX and CSV to keep, XLSX to bring sheets in, and the page to print.
import { upload } from "./api.js";
import { buttons, make, openDialog } from "./dialogs.js";
import { announce, say } from "./words.js";

// The headers that were not printed last time.
function leftOut(shelf) {
  try {
    return JSON.parse(localStorage.getItem(shelf) ?? "[]");
  } catch {
    return [];
  }
}

export class Files {
  constructor(register) {
    this.register = register;
  }

  get base() { return `/register/data/${encodeURIComponent(document.body.dataset.book)}`; }

  download(kind) {
    const { sheetId } = this.register.model;
    const link = document.createElement("a");
    link.href = kind === "xlsx" ? `${this.base}/export.xlsx` : `${this.base}/${sheetId}/export.csv`;
    link.download = "";
    link.click();
  }

  choose() {
    const field = Object.assign(document.createElement("input"), { type: "file", accept: ".xlsx" });
    field.addEventListener("change", () => { if (field.files[0]) this.bring(field.files[0]); });
    field.click();
  }

  async bring(file) {
    announce(say("importing", { name: file.name }));
    try {
      const told = await upload("import", file);
      await this.register.refresh();
      announce(say("imported", { count: told.sheets.length }));
      await this.register.tabs.go(told.sheets[0].id);
    } catch (error) {
      this.register.status.trouble(error);
    }
  }

  // First, which columns; the same ones as last time are ticked.
  print() {
    const { model, painter } = this.register;
    const shelf = `localsheets-printed:${document.body.dataset.book}:${model.sheetId}`;
    const before = leftOut(shelf);
    const named = painter.columns.filter((column) => model.header(column));
    const ticks = named.map((column) => make("input", { type: "checkbox", value: String(column), checked: !before.includes(model.header(column)) }));
    const all = (checked) => () => ticks.forEach((tick) => { tick.checked = checked; });
    const list = make("div", { className: "values" }, ...ticks.map((tick, i) => make("label", {}, tick, make("span", { textContent: model.header(named[i]) }))));
    const go = () => {
      const [chosen, others] = [true, false].map((ticked) => ticks.filter((tick) => tick.checked === ticked).map((tick) => Number(tick.value)));
      localStorage.setItem(shelf, JSON.stringify(others.map((column) => model.header(column))));
      dialog.close();
      this.openPrint(others.length && chosen.length ? chosen : []);
    };
    const content = make("div", { className: "filterbox" }, buttons([say("choose_all"), all(true)], [say("choose_none"), all(false)]), list,
      buttons([say("cancel"), () => dialog.close()], [say("print"), go, { className: "main" }]));
    const dialog = openDialog(say("print_columns"), content);
    content.querySelector(".main").focus();
  }

  // A page of its own, with what my view shows.
  openPrint(columns) {
    const { model } = this.register;
    const { text, sort, order, filters } = model.query;
    const query = new URLSearchParams({ id: document.body.dataset.book, sheet: model.sheetId, view: JSON.stringify({ text, sort, order, filters }) });
    if (columns.length) query.set("columns", columns.join());
    window.open(`/register/print?${query}`, "_blank");
  }
}
