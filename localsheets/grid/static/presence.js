// Who else is here, and where: their cell is outlined with their name.
import { $ } from "./page.js";
import { say } from "./words.js";

const COLOURS = 6;

export class Presence {
  constructor(register) {
    this.register = register;
    this.people = [];
    this.layer = document.createElement("div");
    this.layer.className = "peers";
    this.layer.setAttribute("aria-hidden", "true");
    register.grid.append(this.layer);
    register.painter.onPaint = () => this.place();
  }

  take(people) {
    this.people = people;
    const names = [...new Set(people.map((person) => person.name))];
    $("people").textContent = names.length ? say("also_here", { names: names.join(", ") }) : "";
    this.layer.replaceChildren(...this.here().map((person) => {
      const outline = document.createElement("div");
      outline.className = `peer peer-${person.colour % COLOURS}`;
      outline.append(Object.assign(document.createElement("span"), { textContent: person.name }));
      return outline;
    }));
    this.place();
  }

  here() {
    return this.people.filter((person) => person.sheet === this.register.model?.sheetId);
  }

  // Also while scrolling: what is under the head or the frozen columns is not shown.
  place() {
    const { painter, model, grid } = this.register;
    if (!model || !this.layer.childElementCount) return;
    this.here().forEach((person, i) => {
      const outline = this.layer.children[i];
      const shown = outline && painter.lefts.has(person.column) && (person.row < model.layout.frozenRows || model.indexOf(person.row) >= 0);
      if (!outline) return;
      outline.hidden = !shown;
      if (!shown) return;
      const box = painter.boxOf(person.row, person.column);
      const under = person.row >= model.layout.frozenRows && box.top + 2 < grid.scrollTop + painter.headHeight;
      const behind = person.column >= painter.pinned && box.left + 2 < grid.scrollLeft + this.pinnedRight();
      outline.hidden = under || behind;
      Object.assign(outline.style, { left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px` });
    });
  }

  pinnedRight() {
    const { painter } = this.register;
    return painter.lefts.get(painter.columns.find((column) => column >= painter.pinned)) ?? 46;
  }
}
