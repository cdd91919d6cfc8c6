// Entries that the server did not take: somebody else changed the cell meanwhile, or the cell does not accept the text.
// Nothing typed is lost: it stays here, over a reload too, until its person has decided.
import { buttons, make } from "./dialogs.js";
import { letters } from "./geometry.js";
import { say } from "./words.js";

export class Held {
  constructor(register) {
    this.register = register;
    this.panel = make("section", { id: "held", hidden: true });
    this.panel.setAttribute("role", "alertdialog");
    this.panel.setAttribute("aria-labelledby", "held-title");
    this.panel.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") register.grid.focus({ preventScroll: true });
    });
    document.querySelector(".room").after(this.panel);
    document.getElementById("card").addEventListener("close", () => { if (!this.panel.hidden) this.show(); });
    if (register.outbox.held.length) setTimeout(() => this.show(), 300);
  }

  // The first one that waits.
  show() {
    const { outbox, card, status } = this.register;
    const [item] = outbox.held;
    status.tell();
    this.item = item;
    this.panel.hidden = !item;
    if (!item) {
      this.place();
      return;
    }
    // A dialog makes everything outside of it unreachable.
    if (card.open) card.dialog.append(this.panel);
    else document.querySelector(".room").after(this.panel);
    const cell = `${letters(item.column)}${(this.rowOf(item) ?? item.row) + 1}`;
    const theirs = item.theirs !== undefined;
    const title = make("h2", { id: "held-title", textContent: theirs ? `${cell}: ${say("cell_changed")}` : say("not_taken", { cell }) });
    const parts = theirs
      ? [this.text("theirs", item.theirs), this.text("mine", item.mine), buttons(
        [say("keep_theirs"), () => this.settle(item)], [say("write_mine"), () => this.write(item), { className: "main" }])]
      : [make("p", { className: "why", textContent: item.why }), this.text("mine", item.mine), buttons(
        [say("discard"), () => this.settle(item)], [say("edit_again"), () => this.mend(item), { className: "main" }])];
    const more = outbox.held.length > 1 ? [make("p", { className: "soft", textContent: say("held", { count: outbox.held.length }) })] : [];
    const go = make("button", { type: "button", className: "quiet go", textContent: say("show_cell") });
    go.addEventListener("click", () => this.reveal(item));
    this.panel.replaceChildren(title, go, ...parts, ...more);
    this.place();
    this.register.overlay.speak(`${title.textContent} F6`);
  }

  focus() { this.panel.querySelector(".main")?.focus(); }

  text(label, value) {
    return make("div", { className: "version" }, make("b", { textContent: `${say(label)}: ` }), make("span", { textContent: value === "" ? say("choose") : value }));
  }

  rowOf(item) {
    if (item.sheetId !== this.register.model?.sheetId) return null;
    return item.rowId === null ? item.row : this.register.model.positionOf(item.rowId);
  }

  // Docked below the cells, which make room for it: it never lies over what one is typing.
  place() {
    const { painter, model, selection, editor } = this.register;
    if (!model || !painter.columns) return;
    painter.paint();
    painter.reveal(selection.row, selection.column);
    if (editor.open) editor.align();
  }

  settle(item) {
    this.register.outbox.settle(item);
    this.show();
    this.register.grid.focus({ preventScroll: true });
  }

  // Mine over theirs: still only if theirs is what I have just read.
  write(item) {
    const { sheetId, rowId, row, column, mine, theirs } = item;
    this.register.outbox.settle(item);
    this.register.outbox.push(sheetId, [{ rowId, row, column, value: mine, was: theirs }]);
    this.register.remarkPending();
    this.register.repaint();
    this.show();
    this.register.grid.focus({ preventScroll: true });
  }

  async reveal(item) {
    const { register } = this;
    if (register.card.open) register.card.close();
    if (register.model.sheetId !== item.sheetId) await register.open(item.sheetId);
    register.go(this.rowOf(item) ?? item.row, item.column);
    this.place();
  }

  async mend(item) {
    const { register } = this;
    register.outbox.settle(item);
    await this.reveal(item);
    this.show();
    register.editor.begin(register.model, register.selection.row, item.column, { kept: item.mine });
  }
}
