// What one person sees of a sheet: which rows and in which order. Nobody else's view changes, and it is still there
// after the page is loaded again: it is kept in this browser, by person, spreadsheet and sheet.
import { $ } from "./page.js";
import { say } from "./words.js";

export const isNarrowed = ({ text, sort, filters }) => Boolean(text) || sort !== null || Object.keys(filters).length > 0;

const shelf = (model) => `localsheets-view:${document.body.dataset.email}:${document.body.dataset.book}:${model.sheetId}`;
const headerOf = (model, column) => (model.layout.frozenRows ? model.header(column) : "");

// A column is remembered with its header, so that the view follows it when columns come and go.
function columnNow(model, column, header) {
  const count = model.layout.columnCount;
  if (!header || headerOf(model, column) === header) return column < count ? column : null;
  const found = Array.from({ length: count }, (_, i) => i).find((i) => headerOf(model, i) === header);
  return found ?? null;
}

export function keepView(model) {
  const { sort, order, filters } = model.query;
  const headers = model.query.headers ?? {};
  const moved = { filters: {}, headers: {}, sort: null, order };
  for (const [column, filter] of Object.entries(filters)) {
    const now = columnNow(model, Number(column), headers[column]);
    if (now !== null) moved.filters[now] = filter;
  }
  if (sort !== null) moved.sort = columnNow(model, sort, headers[sort]);
  for (const column of [...Object.keys(moved.filters), moved.sort]) {
    if (column !== null) moved.headers[column] = headerOf(model, Number(column));
  }
  Object.assign(model.query, moved);
  const empty = moved.sort === null && !Object.keys(moved.filters).length;
  if (empty) localStorage.removeItem(shelf(model));
  else localStorage.setItem(shelf(model), JSON.stringify(moved));
}

export function savedView(model) {
  try {
    const kept = JSON.parse(localStorage.getItem(shelf(model)) ?? "{}");
    if (!kept.filters) return {};
    model.query = { ...model.query, ...kept };
    keepView(model);
    return model.query;
  } catch {
    return {};
  }
}

// Filters hold what people searched for: after the logout nothing of it stays in this browser.
export function forgetViews() {
  const mine = `localsheets-view:${document.body.dataset.email}:`;
  for (const key of Object.keys(localStorage)) if (key.startsWith(mine)) localStorage.removeItem(key);
}

// The line above the grid that says that not all rows are shown, or not in their order.
export function tellView(model) {
  const bar = $("view");
  bar.hidden = !model.filtered;
  $("reset").hidden = !model.filtered;
  if (!model.filtered) return;
  const { sort, order, filters, text } = model.query;
  const columns = Object.keys(filters).map((column) => headerOf(model, Number(column)) || `${Number(column) + 1}`);
  const parts = [say("view_count", { shown: group(model.shownRows), total: group(model.total) })];
  if (text) parts.push(say("view_text", { text }));
  if (columns.length) parts.push(say("view_columns", { columns: columns.join(", ") }));
  if (sort !== null) parts.push(say(order === "up" ? "view_sorted_up" : "view_sorted_down", { column: headerOf(model, sort) || `${sort + 1}` }));
  $("view-told").textContent = parts.join(" · ");
}

export const group = (number) => number.toLocaleString(document.documentElement.lang === "id" ? "id-ID" : "en-US");
