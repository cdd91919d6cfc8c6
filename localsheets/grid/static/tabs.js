// The sheets to choose from, below the grid.
import { $ } from "./page.js";

export class Tabs {
  constructor(register) {
    this.register = register;
  }

  // Draw them again if they changed.
  show(tabs) {
    if (JSON.stringify(tabs) !== this.drawn) this.draw(tabs);
  }

  draw(tabs) {
    this.drawn = JSON.stringify(tabs);
    $("tabs").replaceChildren(...tabs.map(({ id, title }) => {
      const tab = Object.assign(document.createElement("button"), { type: "button", textContent: title });
      tab.setAttribute("role", "tab");
      tab.dataset.sheet = id;
      tab.addEventListener("click", () => this.register.open(id).then(() => this.register.grid.focus()).catch((error) => this.register.status.trouble(error)));
      return tab;
    }));
    if (this.register.model) this.mark();
  }

  mark() {
    for (const tab of $("tabs").children) tab.setAttribute("aria-selected", String(Number(tab.dataset.sheet) === this.register.model.sheetId));
  }
}
