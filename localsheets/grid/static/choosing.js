// A list of choices: typing narrows it, arrows go through it, Enter takes the marked one, Escape leaves all as it was.
import { make } from "./dialogs.js";
import { say } from "./words.js";

const MOST_SHOWN = 8;

export class Choosing {
  constructor({ values, strict, present, typed = "", onChoose, onNarrow, label }) {
    Object.assign(this, { values: ["", ...values], strict, present, onChoose, moved: false });
    if (!this.values.includes(present)) this.values.push(present);
    this.input = make("input", { type: "text", className: "choose-text", value: typed, placeholder: present, autocomplete: "off", spellcheck: false });
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-expanded", "true");
    this.input.setAttribute("aria-controls", "choices");
    this.input.setAttribute("aria-label", label);
    this.list = make("select", { id: "choices", className: "editor", tabIndex: -1 });
    this.list.setAttribute("aria-label", say("choices"));
    this.none = make("p", { className: "none", textContent: say("no_choice"), hidden: true });
    this.element = make("div", { className: "choose" }, this.input, this.list, this.none);
    this.input.addEventListener("input", () => { this.moved = false; this.narrow(); onNarrow(); });
    this.list.addEventListener("change", () => onChoose(this.list.value));
    this.narrow();
  }

  get typed() { return this.input.value.trim(); }

  // Those that begin with what was typed come first.
  narrow() {
    const wanted = this.typed.toLowerCase();
    const begins = this.values.filter((value) => value.toLowerCase().startsWith(wanted));
    const holds = this.values.filter((value) => !begins.includes(value) && value.toLowerCase().includes(wanted));
    const shown = wanted ? [...begins, ...holds].filter(Boolean) : this.values;
    this.list.replaceChildren(...shown.map((value, i) => {
      const option = new Option(value || say("choose"), value);
      option.id = `choice-${i}`;
      return option;
    }));
    this.list.size = Math.max(2, Math.min(MOST_SHOWN, shown.length));
    this.list.hidden = !shown.length;
    this.none.hidden = Boolean(shown.length);
    const exact = shown.findIndex((value) => value.toLowerCase() === wanted);
    this.mark(wanted ? (exact >= 0 ? exact : this.strict && shown.length ? 0 : -1) : shown.indexOf(this.present));
  }

  mark(index) {
    this.list.selectedIndex = index;
    if (index >= 0) this.input.setAttribute("aria-activedescendant", `choice-${index}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  step(by) {
    const last = this.list.options.length - 1;
    this.moved = true;
    this.mark(Math.max(0, Math.min(last, this.list.selectedIndex + by)));
  }

  // What is to be written: the marked choice, else what was typed; undefined if nothing was chosen.
  get value() {
    if (!this.moved && !this.typed) return undefined;
    return this.list.selectedIndex >= 0 ? this.list.value : this.typed;
  }
}
