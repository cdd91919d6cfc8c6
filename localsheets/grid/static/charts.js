// The charts of a sheet: over its cells, where they are anchored, and one below the other in a dialog with their numbers
// as tables. Those over the cells let every click and wheel through to the grid, and turn pale while the active cell is
// under them; all that can be done with a chart is done in the dialog.
import { read, write } from "./api.js";
import { buttons, confirmed, make, openDialog } from "./dialogs.js";
import { draw } from "./drawing.js";
import { GUTTER } from "./painter.js";
import { $ } from "./page.js";
import { announce, say } from "./words.js";

const LEAST_WIDTH = 240;

export class Charts {
  constructor(register) {
    this.register = register;
    this.all = [];
    this.figures = new Map(); // chart id → its figure
    this.inner = make("div", { className: "sheet" });
    this.layer = make("div", { id: "charts" }, this.inner);
    register.grid.after(this.layer);
    $("chart-list").addEventListener("click", () => this.open());
    register.grid.addEventListener("scroll", () => this.scroll());
    addEventListener("resize", () => this.show());
  }

  // The sheet or its cells may have changed: ask for its charts again, unless it has none.
  async refresh() {
    const { model } = this.register;
    if (!model.layout.charts) this.take([]);
    else if (model !== this.model || model.revision !== this.revision) {
      [this.model, this.revision] = [model, model.revision];
      const told = await read(`${model.sheetId}/charts`).catch((error) => { this.revision = null; throw error; });
      if (model === this.register.model) this.take(told.charts);
    }
  }

  take(charts) {
    if (JSON.stringify(charts) === JSON.stringify(this.all)) return;
    this.all = charts;
    $("chart-list").hidden = !charts.length;
    $("chart-list").textContent = say("charts", { count: charts.length });
    this.show();
    if (this.dialog) this.list();
  }

  show() {
    this.figures = new Map(this.all.map((chart) => [chart.id, this.figure(chart, this.widthOf(chart))]));
    this.inner.replaceChildren(...this.figures.values());
    this.place();
  }

  // No wider than what can be seen at once.
  widthOf(chart) { return Math.max(LEAST_WIDTH, Math.min(chart.width, this.register.grid.clientWidth - GUTTER - 8)); }

  figure(chart, width) {
    const figure = make("figure", {}, draw(chart, width, chart.height));
    figure.setAttribute("role", "img");
    figure.setAttribute("aria-label", describe(chart));
    figure.style.width = `${width}px`;
    return figure;
  }

  // Where the charts lie now: below the head, right of the row numbers, and with the cells that they are anchored to.
  place() {
    const { painter, model, grid } = this.register;
    if (!this.all.length || !painter.across) return;
    const [head, side] = [painter.headHeight, GUTTER + painter.columns.filter((c) => c < painter.pinned).reduce((sum, c) => sum + model.width(c), 0)];
    Object.assign(this.layer.style, { top: `${head}px`, left: `${side}px`, width: `${grid.clientWidth - side}px`, height: `${grid.clientHeight - head}px` });
    for (const chart of this.all) {
      const column = painter.columns.find((c) => c >= chart.column) ?? painter.columns.at(-1);
      Object.assign(this.figures.get(chart.id).style, {
        left: `${painter.lefts.get(column) - side + chart.x}px`, top: `${painter.down.start(Math.max(0, model.indexOf(chart.row))) + chart.y}px`,
      });
    }
    this.scroll();
    this.unveil();
  }

  scroll() {
    const { grid } = this.register;
    this.inner.style.transform = `translate(${-grid.scrollLeft}px, ${-grid.scrollTop}px)`;
  }

  // A chart over the active cell turns pale, so that whoever walks with the keys sees where they are.
  unveil() {
    const { painter, selection, grid } = this.register;
    if (!this.all.length || !painter.lefts?.has(selection.column)) return;
    const cell = painter.boxOf(selection.row, selection.column);
    const [left, top] = [cell.left - this.layer.offsetLeft, cell.top - this.layer.offsetTop];
    const inBody = cell.top >= painter.headHeight || grid.scrollTop === 0;
    for (const figure of this.figures.values()) {
      const under = inBody && left < figure.offsetLeft + figure.offsetWidth && left + cell.width > figure.offsetLeft
        && top < figure.offsetTop + figure.offsetHeight && top + cell.height > figure.offsetTop;
      figure.classList.toggle("pale", under);
    }
  }

  // The dialog --------------------------------------------------------------------------------------------------------

  open() {
    this.content = make("div", { className: "chart-list" });
    this.dialog = openDialog(say("charts_of", { title: document.querySelector('#tabs [aria-selected="true"]')?.textContent ?? "" }), this.content, { kind: "ask charts" });
    this.dialog.addEventListener("close", () => { this.dialog = null; });
    this.list();
    this.dialog.querySelector("button")?.focus({ preventScroll: true });
    this.dialog.scrollTop = 0;
  }

  list() {
    const opened = new Set([...this.content.querySelectorAll("details[open]")].map((details) => details.dataset.chart));
    const width = Math.max(LEAST_WIDTH, Math.min(700, this.content.clientWidth));
    this.content.replaceChildren(buttons([say("close"), () => this.dialog.close(), { className: "main" }]), ...this.all.map((chart) => {
      const details = make("details", { open: opened.has(String(chart.id)) }, make("summary", { textContent: say("chart_numbers") }), table(chart));
      details.dataset.chart = chart.id;
      const part = make("section", {}, this.figure(chart, width), details);
      part.setAttribute("aria-label", chart.title || say("chart_untitled"));
      if (this.register.model.layout.mayWrite) {
        part.append(buttons([say("chart_move"), () => this.move(chart)], [say("chart_delete"), () => this.remove(chart), { className: "danger" }]));
      }
      return part;
    }));
  }

  move(chart) {
    const { row, column } = this.register.selection;
    return this.change(chart, { row, column });
  }

  async remove(chart) {
    if (await confirmed(say("chart_delete_sure", { title: chart.title }), say("chart_delete"))) await this.change(chart, {});
  }

  async change(chart, body) {
    const { register } = this;
    try {
      await write(`${register.model.sheetId}/charts/${chart.id}`, body);
      await register.refresh();
      announce(say("saved"));
    } catch (error) {
      register.status.failed(error);
    }
  }
}

const KINDS = { BAR: "chart_bar", COLUMN: "chart_column", LINE: "chart_line", PIE: "chart_pie", OTHER: "chart" };
const MOST_SPOKEN = 8;

// A chart in one sentence; the numbers of short ones, and where to find those of others.
function describe(chart) {
  const told = [`${say(KINDS[chart.kind])}: ${chart.title || say("chart_untitled")}.`];
  if (chart.alt && !chart.alt.includes(chart.title)) told.push(chart.alt);
  const [first] = chart.series;
  const spoken = first && chart.series.length === 1 ? chart.labels.map((label, i) => [label, first.texts[i], first.values[i]]).filter(([, , value]) => value) : [];
  if (spoken.length && spoken.length <= MOST_SPOKEN) told.push(`${spoken.map(([label, shown]) => `${label} ${shown}`).join(", ")}.`);
  else told.push(say("chart_in_list"));
  return told.join(" ");
}

function table(chart) {
  const names = chart.series.map(({ name }, i) => name || (chart.series.length > 1 ? String(i + 1) : chart.beside || chart.below || say("chart_value")));
  const heads = ["", ...names].map((name) => make("th", { scope: "col", textContent: name }));
  heads[0] = make("td");
  const rows = chart.labels.map((label, i) => make("tr", {}, make("th", { scope: "row", textContent: label }), ...chart.series.map(({ texts }) => make("td", { textContent: texts[i] }))));
  return make("table", {}, make("caption", { textContent: chart.title }), make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
}
