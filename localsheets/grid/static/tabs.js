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
    $("tab-menu").addEventListener("click", () => this.menuOf(this.chosen, this.going, $("tab-menu")));
    $("tabs").addEventListener("contextmenu", (event) => {
      const tab = event.target.closest("[data-sheet]");
      if (!tab) return;
      event.preventDefault();
      const id = Number(tab.dataset.sheet);
      this.menuOf(id, this.go(id));
    });
    $("tabs").addEventListener("keydown", (event) => this.onKey(event));
  }

  // The sheet that was chosen last, also while it is still on its way.
  get chosen() { return this.register.opening?.sheetId; }
  get current() { return $("tabs").querySelector('[aria-selected="true"]'); }

  // Draw them again if they changed. Whoever is on a sheet that was deleted or hidden goes on to the next one.
  show({ tabs, hiddenTabs = [] }) {
    const at = this.tabs.findIndex(({ id }) => id === this.chosen);
    this.hiddenTabs = hiddenTabs;
    if (JSON.stringify(tabs) !== JSON.stringify(this.tabs)) this.draw(tabs);
    const lost = this.chosen !== undefined && !tabs.some(({ id }) => id === this.chosen);
    if (lost) this.go((tabs[Math.max(0, at)] ?? tabs.at(-1)).id);
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
      tab.addEventListener("dblclick", () => this.rename(id));
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
    if (id !== this.chosen) {
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

  // The menu of a sheet once it is shown; none if it did not come, or another one was chosen meanwhile.
  async menuOf(id, shown, anchor = null) {
    await shown;
    if (id !== undefined && this.sheetId === id && this.chosen === id) this.menu(id, anchor ?? this.current);
  }

  menu(sheetId, anchor) {
    const { mayWrite } = this.register.model.layout;
    const at = this.tabs.findIndex(({ id }) => id === sheetId);
    const write = (label, act, enabled = true) => ({ label: say(label), act, disabled: !mayWrite || !enabled });
    const hidden = this.hiddenTabs.map(({ id, title }) => ({
      label: say("show_sheet", { title }), disabled: !mayWrite, act: () => this.change(id, { hidden: false }, "hidden").then(() => this.go(id)),
    }));
    openMenu([
      write("rename_sheet", () => this.rename(sheetId)), write("duplicate_sheet", () => this.duplicate(sheetId)),
      write("move_left", () => this.moveTo(sheetId, at - 1), at > 0),
      write("move_right", () => this.moveTo(sheetId, at + 2), at < this.tabs.length - 1),
      write("hide_sheet", () => this.change(sheetId, { hidden: true }, "hidden"), this.tabs.length > 1),
      write("delete_sheet", () => this.remove(sheetId), this.tabs.length > 1),
      null, write("add_sheet", () => this.add()), ...hidden,
      null, ...this.tabs.map(({ id, title }) => ({ label: title, checked: id === sheetId, act: () => this.go(id) })),
    ], anchor, say("sheet_menu"));
  }

  change(sheetId, properties, fields) {
    return this.register.shape.send([{ updateSheetProperties: { properties: { sheetId, ...properties }, fields } }], sheetId);
  }

  get sheetId() { return this.register.model?.sheetId; }

  async rename(id) {
    const old = this.titleOf(id);
    if (old === undefined || !this.register.model || !this.register.shape.mayWrite()) return;
    const title = await ask(say("rename_sheet"), { label: say("sheet_name"), value: old });
    if (title && title !== old) this.change(id, { title }, "title");
  }

  // `index` counts all sheets, hidden ones too: the place of the neighbour that it shall stand before.
  moveTo(sheetId, place) {
    const before = this.tabs[place]?.index ?? Math.max(...[...this.tabs, ...this.hiddenTabs].map(({ index }) => index)) + 1;
    this.change(sheetId, { index: before }, "index");
  }

  add() { return this.make({ addSheet: { properties: {} } }, "addSheet", this.sheetId); }

  async duplicate(id) {
    const { title, index } = this.tabs.find((tab) => tab.id === id) ?? {};
    if (title === undefined) return; // deleted or hidden meanwhile
    const body = { sourceSheetId: id, insertSheetIndex: index + 1, newSheetName: this.copyName(title) };
    await this.make({ duplicateSheet: body }, "duplicateSheet", id);
  }

  // Make a sheet and show it, unless another one was chosen meanwhile.
  async make(request, kind, besides) {
    const { chosen } = this;
    const told = await this.register.shape.send([request], besides);
    if (told && this.chosen === chosen) await this.go(told.replies[0][kind].properties.sheetId ?? 0);
  }

  titleOf(id) { return this.tabs.find((tab) => tab.id === id)?.title; }

  // A name that no sheet bears yet, at most 100 letters long.
  copyName(title) {
    const names = new Set([...this.tabs, ...this.hiddenTabs].map((tab) => tab.title.toLowerCase()));
    const name = (count) => say("copy_of", { title: title.slice(0, 70) }) + (count > 1 ? ` ${count}` : "");
    let count = 1;
    while (names.has(name(count).toLowerCase())) count += 1;
    return name(count);
  }

  async remove(id) {
    const title = this.titleOf(id);
    if (title === undefined || !await confirmed(say("delete_sheet_sure", { title }), say("delete_sheet"))) return;
    await this.register.shape.send([{ deleteSheet: { sheetId: id } }], id);
  }
}
