// The sheets to choose from, below the grid, and what can be done with them.
import { $ } from "./page.js";
import { ask, confirmed } from "./dialogs.js";
import { openMenu } from "./menus.js";
import { announce, say } from "./words.js";

export class Tabs {
  constructor(register) {
    this.register = register;
    this.tabs = [];
    this.hiddenTabs = [];
    this.going = Promise.resolve(); // ends when the sheet that was chosen last is shown
    $("add-sheet").addEventListener("click", () => this.add());
    // What is asked of "this sheet" is meant of the one that was chosen, also while that one is still on its way.
    $("tab-menu").addEventListener("click", () => this.going.then(() => this.menu($("tab-menu"))));
    $("tabs").addEventListener("contextmenu", (event) => {
      const tab = event.target.closest("[data-sheet]");
      if (!tab) return;
      event.preventDefault();
      this.go(Number(tab.dataset.sheet)).then(() => this.menu(this.current));
    });
    $("tabs").addEventListener("keydown", (event) => this.onKey(event));
  }

  get current() { return $("tabs").querySelector('[aria-selected="true"]'); }

  // Draw them again if they changed.
  show({ tabs, hiddenTabs = [] }) {
    this.hiddenTabs = hiddenTabs;
    if (JSON.stringify(tabs) !== JSON.stringify(this.tabs)) this.draw(tabs);
  }

  draw(tabs) {
    this.tabs = tabs;
    $("tabs").replaceChildren(...tabs.map(({ id, title, colour }) => {
      const tab = Object.assign(document.createElement("button"), { type: "button", textContent: title });
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", "grid");
      tab.dataset.sheet = id;
      if (colour) tab.style.borderBottom = `3px solid ${colour}`;
      tab.addEventListener("click", () => this.go(id));
      tab.addEventListener("dblclick", () => this.going.then(() => this.rename()));
      return tab;
    }));
    if (this.register.model) this.mark();
  }

  mark() {
    for (const tab of $("tabs").children) {
      const chosen = Number(tab.dataset.sheet) === this.register.model.sheetId;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      if (chosen) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    const { mayWrite } = this.register.model.layout;
    $("add-sheet").hidden = !mayWrite;
    history.replaceState(null, "", `#gid=${this.sheetId}`); // so that the page opens here when it is loaded again
    $("language").hash = location.hash; // and in the other language
  }

  // The sheet that the address names, or else the first one.
  wanted(address) {
    const [, id] = /^#gid=(\d+)$/.exec(address.hash) ?? [];
    const title = new URLSearchParams(address.search).get("sheet");
    return this.tabs.find((tab) => String(tab.id) === id) ?? this.tabs.find((tab) => tab.title === title) ?? this.tabs[0];
  }

  onKey(event) {
    const all = [...$("tabs").children];
    const at = all.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || !all[to]) return;
    event.preventDefault();
    all[to].focus();
  }

  go(id) {
    this.going = this.open(id);
    return this.going;
  }

  async open(id) {
    if (id !== this.register.opening?.sheetId) {
      await this.register.open(id).catch((error) => this.register.status.failed(error));
    } else await this.going;
    this.register.grid.focus();
  }

  // The next or previous sheet.
  step(by) {
    const at = this.tabs.findIndex(({ id }) => id === this.register.model.sheetId);
    const next = this.tabs[at + by];
    if (next) this.go(next.id).then(() => announce(next.title));
  }

  menu(anchor) {
    const { mayWrite } = this.register.model.layout;
    const at = this.tabs.findIndex(({ id }) => id === this.register.model.sheetId);
    const write = (label, act, enabled = true) => ({ label: say(label), act, disabled: !mayWrite || !enabled });
    const hidden = this.hiddenTabs.map(({ id, title }) => ({
      label: say("show_sheet", { title }), disabled: !mayWrite, act: () => this.change(id, { hidden: false }, "hidden").then(() => this.go(id)),
    }));
    openMenu([
      write("rename_sheet", () => this.rename()), write("duplicate_sheet", () => this.duplicate()),
      write("move_left", () => this.moveTo(at - 1), at > 0), write("move_right", () => this.moveTo(at + 2), at < this.tabs.length - 1),
      write("hide_sheet", () => this.hide(), this.tabs.length > 1), write("delete_sheet", () => this.remove(), this.tabs.length > 1),
      null, write("add_sheet", () => this.add()), ...hidden,
      null, ...this.tabs.map(({ id, title }) => ({ label: title, checked: id === this.register.model.sheetId, act: () => this.go(id) })),
    ], anchor, say("sheet_menu"));
  }

  change(sheetId, properties, fields) {
    return this.register.shape.send([{ updateSheetProperties: { properties: { sheetId, ...properties }, fields } }], sheetId);
  }

  get sheetId() { return this.register.model.sheetId; }

  async rename() {
    if (!this.register.shape.mayWrite()) return;
    const { id, title: old } = this.tabs.find((tab) => tab.id === this.sheetId);
    const title = await ask(say("rename_sheet"), { label: say("sheet_name"), value: old });
    if (title && title !== old) this.change(id, { title }, "title");
  }

  // `index` counts all sheets, hidden ones too: the place of the neighbour that it shall stand before.
  moveTo(place) {
    const before = this.tabs[place]?.index ?? Math.max(...[...this.tabs, ...this.hiddenTabs].map(({ index }) => index)) + 1;
    this.change(this.sheetId, { index: before }, "index");
  }

  async hide() {
    const next = this.neighbour();
    const id = this.sheetId;
    if (await this.change(id, { hidden: true }, "hidden")) this.go(next.id);
  }

  neighbour() {
    const at = this.tabs.findIndex(({ id }) => id === this.sheetId);
    return this.tabs[at + 1] ?? this.tabs[at - 1];
  }

  async add() {
    const told = await this.register.shape.send([{ addSheet: { properties: {} } }]);
    if (told) this.go(told.replies[0].addSheet.properties.sheetId ?? 0);
  }

  async duplicate() {
    const { title, index } = this.tabs.find(({ id }) => id === this.sheetId);
    const body = { sourceSheetId: this.sheetId, insertSheetIndex: index + 1, newSheetName: this.copyName(title) };
    const told = await this.register.shape.send([{ duplicateSheet: body }]);
    if (told) this.go(told.replies[0].duplicateSheet.properties.sheetId ?? 0);
  }

  // A name that no sheet bears yet, at most 100 letters long.
  copyName(title) {
    const names = new Set([...this.tabs, ...this.hiddenTabs].map((tab) => tab.title.toLowerCase()));
    const name = (count) => say("copy_of", { title: title.slice(0, 70) }) + (count > 1 ? ` ${count}` : "");
    let count = 1;
    while (names.has(name(count).toLowerCase())) count += 1;
    return name(count);
  }

  async remove() {
    const { title, id } = this.tabs.find((tab) => tab.id === this.sheetId);
    if (!await confirmed(say("delete_sheet_sure", { title }), say("delete_sheet"))) return;
    const next = this.neighbour();
    if (await this.register.shape.send([{ deleteSheet: { sheetId: id } }])) this.go(next.id);
  }
}
