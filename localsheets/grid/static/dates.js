// Dates and times as they are typed: day first where the spreadsheet's language writes so, else year first.
const two = (number) => String(number).padStart(2, "0");

export const dayFirst = (model) => /^(id|in)(_|-|$)/.test(model.layout.locale ?? ""); // Google writes Indonesian as in_ID

export function dateText(model, iso) {
  const [year, month, day] = iso.split("-");
  return dayFirst(model) ? `${day}/${month}/${year}` : iso;
}

export function today(model, now = new Date()) {
  return dateText(model, `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`);
}

export const timeNow = (now = new Date()) => `${two(now.getHours())}:${two(now.getMinutes())}`;

// The same day as a native date field wants it; "" if the text is no date.
export function isoOf(model, text) {
  const slashed = /^(\d{1,2})\/(\d{1,2})\/(\d{4})/.exec(text);
  if (!slashed) return /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0] ?? "";
  const [, first, second, year] = slashed;
  const [day, month] = dayFirst(model) || Number(first) > 12 ? [first, second] : [second, first];
  return `${year}-${two(month)}-${two(day)}`;
}

// A cell in which people expect a calendar: by its rule, or because it shows a date.
export function isDated(model, row, column) {
  const { kind = "" } = model.choice(row, column);
  const cell = model.cell(row, column);
  return kind.startsWith("DATE_") || Boolean(cell.num && isoOf(model, cell.t));
}
