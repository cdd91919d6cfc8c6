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
    document.body.append(this.panel);
    document.getElementById("card").addEventListener("close", () => { if (!this.panel.hidden) this.show(); });
    register.grid.addEventListener("scroll", () => this.place());
    if (register.outbox.held.length) setTimeout(() => this.show(), 300);
  }

  // The first one that waits; beside its cell if that is in sight.
  show() {
    const { outbox, card, status } = this.register;
    const [item] = outbox.held;
    status.tell();
    this.item = item;
    this.panel.hidden = !item;
    if (!item) return;
    // A dialog makes everything outside of it unreachable.
    (card.open ? card.dialog : document.body).append(this.panel);
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

  place() {
    if (this.panel.hidden) return;
    const { painter, grid, card } = this.register;
    const row = this.rowOf(this.item);
    const near = row !== null && !card.open && painter.lefts.has(this.item.column);
    const room = grid.getBoundingClientRect();
    const at = near ? painter.boxOf(row, this.item.column) : null;
    const inSight = at && innerWidth > 640 && this.beside(room, at);
    this.panel.classList.toggle("loose", !inSight);
    if (!inSight) this.panel.style.left = this.panel.style.top = "";
  }

  // Right of the cell, or left of it, or below: never over the cells in which one goes on typing if that can be helped.
  beside(room, at) {
    const { grid } = this.register;
    const { offsetWidth: width, offsetHeight: height } = this.panel;
    const [x, y] = [room.left + at.left - grid.scrollLeft, room.top + at.top - grid.scrollTop];
    if (y < room.top || y > room.bottom - at.height || x < room.left || x > room.right - 40) return false;
    const right = x + at.width + 6;
    const left = x - width - 6;
    const [fitsRight, fitsLeft] = [right + width < innerWidth, left > 0];
    const top = fitsRight || fitsLeft ? y : y + at.height + 4;
    this.panel.style.left = `${fitsRight ? right : fitsLeft ? left : Math.max(4, Math.min(x, innerWidth - width - 8))}px`;
    this.panel.style.top = `${Math.max(4, Math.min(top, innerHeight - height - 8))}px`;
    return true;
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
