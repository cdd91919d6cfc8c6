// Files in and out: XLSX and CSV to keep, XLSX to bring sheets in, and the page to print.
import { upload } from "./api.js";
import { announce, say } from "./words.js";

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

  // A page of its own, with what my view shows.
  print() {
    const { model } = this.register;
    const { text, sort, order, filters } = model.query;
    const query = new URLSearchParams({ id: document.body.dataset.book, sheet: model.sheetId, view: JSON.stringify({ text, sort, order, filters }) });
    window.open(`/register/print?${query}`, "_blank");
  }
}
