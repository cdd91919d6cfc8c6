// Which rows of a column to show: by their values, each with its number, or by a condition.
import { write } from "./api.js";
import { buttons, make, openDialog } from "./dialogs.js";
import { letters } from "./geometry.js";
import { group } from "./views.js";
import { say } from "./words.js";

// kind → how many values it asks for, and of which type
const CONDITIONS = [
  ["", 0], ["NOT_BLANK", 0], ["BLANK", 0], ["TEXT_CONTAINS", 1, "text"], ["TEXT_NOT_CONTAINS", 1, "text"], ["TEXT_STARTS_WITH", 1, "text"],
  ["TEXT_EQ", 1, "text"], ["TEXT_NOT_EQ", 1, "text"],
  ["NUMBER_EQ", 1, "text"], ["NUMBER_GREATER", 1, "text"], ["NUMBER_GREATER_THAN_EQ", 1, "text"], ["NUMBER_LESS", 1, "text"], ["NUMBER_LESS_THAN_EQ", 1, "text"],
  ["NUMBER_BETWEEN", 2, "text"], ["DATE_EQ", 1, "date"], ["DATE_BEFORE", 1, "date"], ["DATE_AFTER", 1, "date"], ["DATE_BETWEEN", 2, "date"],
];
const SHOWN_AT_MOST = 500;

export class FilterBox {
  constructor(register) {
    this.register = register;
  }

  async open(column) {
    const { model } = this.register;
    const others = { ...model.query.filters };
    delete others[column];
    let told;
    try {
      told = await write(`${model.sheetId}/values`, { column, view: { ...model.query, filters: others } });
    } catch (error) {
      this.register.status.trouble(error);
      return;
    }
    const now = model.query.filters[column] ?? {};
    this.column = column;
    this.values = told.values;
    this.off = new Set(now.hidden ?? []);
    const content = make("form", { className: "filterbox" }, this.conditionPart(now.condition), this.valuesPart(told), buttons(
      [say("clear_filter"), () => this.apply(null)], [say("cancel"), () => this.dialog.close()], [say("apply"), null, { type: "submit", className: "main" }],
    ));
    content.addEventListener("submit", (event) => { event.preventDefault(); this.apply(this.told()); });
    const name = model.layout.frozenRows ? model.header(column) : "";
    this.dialog = openDialog(say("filter_title", { column: name || letters(column) }), content, { kind: "ask filter" });
    this.search.focus();
  }

  conditionPart(condition = { type: "", values: [] }) {
    this.kind = make("select", { id: "filter-kind" });
    this.kind.append(...CONDITIONS.map(([kind]) => new Option(say(`condition_${kind || "none"}`), kind, false, kind === condition.type)));
    this.wanted = make("div", { className: "wanted" });
    const ask = (values) => {
      const [, count, type] = CONDITIONS.find(([kind]) => kind === this.kind.value);
      this.wanted.replaceChildren(...Array.from({ length: count }, (_, i) => {
        const field = make("input", { type, value: values[i] ?? "" });
        field.setAttribute("aria-label", say(i ? "condition_upper" : "condition_value"));
        return field;
      }));
    };
    this.kind.addEventListener("change", () => ask([]));
    ask(condition.values ?? []);
    return make("div", {}, make("label", { htmlFor: "filter-kind", textContent: say("by_condition") }), this.kind, this.wanted);
  }

  valuesPart({ values, more }) {
    this.search = make("input", { type: "search", id: "filter-search", placeholder: say("search_values") });
    this.list = make("div", { className: "values" });
    this.list.setAttribute("role", "group");
    this.list.setAttribute("aria-label", say("by_values"));
    this.search.addEventListener("input", () => this.drawValues());
    this.search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    this.drawValues(values);
    const label = make("label", { htmlFor: "filter-search", textContent: say("by_values") });
    const all = buttons([say("choose_all"), () => this.setAll(true)], [say("choose_none"), () => this.setAll(false)]);
    const part = make("div", {}, label, this.search, all, this.list);
    if (more) part.append(make("p", { className: "why", textContent: say("more_values", { count: group(more) }) }));
    return part;
  }

  // Those that hold the text searched for.
  get found() {
    const text = this.search.value.trim().toLowerCase();
    return this.values.filter(([value]) => (value || say("blanks")).toLowerCase().includes(text));
  }

  drawValues() {
    this.list.replaceChildren(...this.found.slice(0, SHOWN_AT_MOST).map(([value, count]) => {
      const box = make("input", { type: "checkbox", checked: !this.off.has(value) });
      box.addEventListener("change", () => (box.checked ? this.off.delete(value) : this.off.add(value)));
      return make("label", {}, box, make("span", { textContent: value || say("blanks") }), make("small", { textContent: group(count) }));
    }));
  }

  setAll(on) {
    for (const [value] of this.found) on ? this.off.delete(value) : this.off.add(value);
    this.drawValues();
  }

  // A search that was not changed any further means: only these.
  told() {
    const filter = {};
    if (this.off.size) filter.hidden = [...this.off];
    const values = [...this.wanted.children].map((field) => field.value.trim());
    if (this.kind.value && values.every(Boolean)) filter.condition = { type: this.kind.value, values };
    return Object.keys(filter).length ? filter : null;
  }

  apply(filter) {
    const filters = { ...this.register.model.query.filters };
    delete filters[this.column];
    if (filter) filters[this.column] = filter;
    this.dialog.close();
    this.register.restrict({ filters });
  }
}
