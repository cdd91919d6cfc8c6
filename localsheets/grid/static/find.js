// Find and replace: a small panel; the server looks through all rows.
import { write } from "./api.js";
import { make } from "./dialogs.js";
import { narrow } from "./geometry.js";
import { announce, say } from "./words.js";

export class Finder {
  constructor(register) {
    this.register = register;
    this.panel = null;
    this.found = [];
    this.at = -1;
  }

  open(replace) {
    if (!this.panel) this.build();
    this.panel.hidden = false;
    this.panel.classList.toggle("replacing", replace);
    for (const part of this.replacing) part.hidden = !replace;
    const { selection } = this.register;
    this.box = selection.many && !selection.lines ? selection.box : null;
    this.within.checked = false;
    this.within.disabled = !this.box;
    this.panel.style.top = narrow.matches ? "" : `${this.register.grid.getBoundingClientRect().top + 6}px`;
    this.text.focus();
    this.text.select();
  }

  close() {
    this.panel.hidden = true;
    this.register.grid.focus({ preventScroll: true });
  }

  build() {
    const field = (word, id) => {
      const input = make("input", { type: "text", id, autocomplete: "off", maxLength: 1000 });
      return [make("label", { htmlFor: id, textContent: say(word) }), input];
    };
    const tick = (word) => {
      const input = make("input", { type: "checkbox" });
      input.addEventListener("change", () => this.forget());
      return [make("label", { className: "tick" }, input, make("span", { textContent: say(word) })), input];
    };
    const button = (word, act, text = say(word)) => {
      const made = make("button", { type: "button", textContent: text, title: say(word) });
      made.setAttribute("aria-label", say(word));
      made.addEventListener("click", () => act().catch((error) => this.register.status.trouble(error)));
      return made;
    };
    const [textLabel, text] = field("find", "find-text");
    const [byLabel, by] = field("replace_by", "find-by");
    const ticks = ["match_case", "whole_cell", "regex", "only_selection"].map(tick);
    [this.matchCase, this.whole, this.regex, this.within] = ticks.map(([, input]) => input);
    Object.assign(this, { text, by });
    this.told = make("output", { className: "told" });
    this.told.setAttribute("aria-live", "polite");
    const shut = button("close", async () => this.close(), "✕");
    shut.className = "quiet shut";
    const swaps = make("div", { className: "buttons" }, button("replace_one", () => this.replaceOne()), button("replace_all", () => this.replaceAll()));
    this.replacing = [byLabel, by, swaps];
    const steps = make("div", { className: "steps" }, this.told, button("previous", () => this.step(-1), "↑"), button("next", () => this.step(1), "↓"), shut);
    this.panel = make("section", { id: "finder" }, steps, textLabel, text, byLabel, by, make("div", { className: "ticks" }, ...ticks.map(([label]) => label)), swaps);
    this.panel.setAttribute("role", "search");
    this.panel.setAttribute("aria-label", say("find_replace"));
    text.addEventListener("input", () => this.forget());
    this.panel.addEventListener("keydown", (event) => this.onKey(event));
    document.body.append(this.panel);
  }

  onKey(event) {
    event.stopPropagation();
    const jump = event.ctrlKey || event.metaKey;
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && event.target.matches("input[type=text]")) this.step(event.shiftKey ? -1 : 1).catch((error) => this.register.status.trouble(error));
    else if (jump && event.key.toLowerCase() === "h") this.open(true);
    else if (!(jump && event.key.toLowerCase() === "f")) return;
    event.preventDefault();
  }

  forget() {
    this.asked = null;
    this.told.textContent = "";
  }

  get wanted() {
    const { box } = this;
    return {
      text: this.text.value, matchCase: this.matchCase.checked, whole: this.whole.checked, regex: this.regex.checked,
      ...(this.within.checked && box ? { box: [box.top, box.bottom + 1, box.left, box.right + 1] } : {}),
    };
  }

  // The places are asked again when the question or the sheet changed.
  async look() {
    const { model } = this.register;
    const question = JSON.stringify([model.sheetId, model.revision, this.wanted]);
    if (question === this.asked) return;
    const told = await write(`${model.sheetId}/find`, this.wanted);
    this.asked = question;
    this.found = told.found.filter(([row]) => model.indexOf(row) >= -model.layout.frozenRows);
    this.total = Math.max(told.total, this.found.length);
    this.at = -1;
  }

  async step(by) {
    const { register } = this;
    if (!this.text.value || !await register.outbox.idle()) return;
    await this.look();
    if (!this.found.length) {
      this.told.textContent = say("found_none");
      return;
    }
    const { row, column } = register.selection;
    const after = ([r, c]) => r > row || (r === row && c > column);
    const before = ([r, c]) => r < row || (r === row && c < column);
    const next = by > 0 ? this.found.findIndex(after) : this.found.findLastIndex(before);
    this.at = next >= 0 ? next : by > 0 ? 0 : this.found.length - 1;
    if (this.at0 !== this.asked) {
      const here = this.found.findIndex(([r, c]) => r === row && c === column);
      if (here >= 0 && by > 0) this.at = here;
      this.at0 = this.asked;
    }
    register.go(...this.found[this.at]);
    this.told.textContent = say("found_at", { at: this.at + 1, total: this.total });
  }

  async replaceOne() {
    const { register } = this;
    const { model, selection: { row, column } } = register;
    await this.look();
    if (!this.found.some(([r, c]) => r === row && c === column)) return this.step(1);
    await this.replace({ only: { rowId: model.rowId(row), row, column } });
    return this.step(1);
  }

  async replaceAll() { await this.replace({}); }

  async replace(more) {
    const { register } = this;
    const { model } = register;
    if (!this.text.value) return;
    const told = await register.now(() => write(`${model.sheetId}/replace`, { ...this.wanted, with: this.by.value, ...more }));
    if (told?.replaced === undefined) return;
    await register.refresh();
    const refused = told.refused ? say("replace_refused", { count: told.refused, cells: told.cells.join("; ") }) : "";
    const sentence = [say("replaced_count", { count: told.replaced }), refused].filter(Boolean).join(" ");
    this.told.textContent = say("replaced_count", { count: told.replaced });
    announce(sentence, { stay: Boolean(told.refused) });
  }
}
