// Blocks of cells as tab-separated text and as HTML tables, the forms that spreadsheets exchange.
const quoted = (text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const toText = (rows) => rows.map((row) => row.map(quoted).join("\t")).join("\n");

export function fromText(text) {
  const rows = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/gy;
  const clean = text.replaceAll("\r\n", "\n").replace(/\n$/, "");
  for (let match = pattern.exec(clean); match; match = pattern.exec(clean)) {
    rows.at(-1).push(match[1] !== undefined ? match[1].replaceAll('""', '"') : match[2]);
    if (match[3] === "") break;
    if (match[3] === "\n") rows.push([]);
  }
  return rows;
}

const escaped = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

// Cells as {text, plain}: plain says that it is a text, even if it looks like a number.
export function toHtml(rows, source) {
  const cell = ({ text, plain }) => {
    const kept = plain ? ` data-sheets-value="${escaped(JSON.stringify({ 1: 2, 2: text }))}" style='mso-number-format:"\\@"'` : "";
    return `<td${kept}>${escaped(text).replaceAll("\n", '<br style="mso-data-placement:same-cell">')}</td>`;
  };
  const body = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("");
  return `<meta charset="utf-8"><table data-localsheets="${escaped(JSON.stringify(source))}">${body}</table>`;
}

// A text that would be taken for something else when typed, marked as a text.
const asText = (text) => (/^['=+]|^[-\d.,/:\s%]+$|^[-+\d.,]+e[-+]?\d+$|^(true|false)$/i.test(text) && text !== "" ? `'${text}` : text);

function shownText(cell) {
  const copy = cell.cloneNode(true);
  copy.querySelectorAll("br").forEach((br) => br.replaceWith("\u2028"));
  copy.querySelectorAll("p, div, li").forEach((block) => block.append("\u2028"));
  return copy.textContent.replace(/[\s\u00a0]+/g, (gap) => (gap.includes("\u2028") ? gap.replace(/[^\u2028]+/g, "") : " "))
    .replaceAll("\u2028", "\n").replace(/^[ \n]+|[ \n]+$/g, "").replace(/ *\n */g, "\n");
}

const DATES = [5, 6, 7];
const PERCENT = 3;

function sheetsText(cell, mark) {
  let value, format;
  try {
    value = JSON.parse(cell.getAttribute("data-sheets-value") ?? "null");
    format = JSON.parse(cell.getAttribute("data-sheets-numberformat") ?? "null")?.[1];
  } catch { return null; }
  if (value?.[1] === 2) return asText(String(value[2] ?? ""));
  if (value?.[1] === 4) return value[4] ? "TRUE" : "FALSE";
  if (value?.[1] === 3 && !DATES.includes(format) && format !== PERCENT) return String(value[3]).replace(".", mark);
  return null;
}

// A copied table as rows of texts to be typed; `source` is set if it was copied from this register. Null: no table.
export function fromHtml(html, mark) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const table = page.querySelector("table");
  if (!table || page.querySelectorAll("table").length > 1) return null;
  const styles = [...page.querySelectorAll("style")].map((style) => style.textContent).join("");
  const textClasses = new Set([...styles.matchAll(/\.([\w-]+)\s*\{[^}]*mso-number-format:\s*"?\\+@/g)].map((match) => match[1]));
  const rows = [];
  [...table.rows].forEach((line, down) => {
    rows[down] ??= [];
    let across = 0;
    for (const cell of line.cells) {
      while (rows[down][across] !== undefined) across += 1;
      const isText = [...cell.classList].some((name) => textClasses.has(name)) || /mso-number-format:\s*"?\\+@/.test(cell.getAttribute("style") ?? "");
      const shown = shownText(cell);
      const number = cell.getAttribute("x:num");
      const text = sheetsText(cell, mark) ?? (number ? number.replace(".", mark) : isText ? asText(shown) : shown);
      for (let i = 0; i < Math.min(cell.rowSpan || 1, table.rows.length - down); i += 1) {
        rows[down + i] ??= [];
        for (let j = 0; j < Math.min(cell.colSpan, 1000); j += 1) rows[down + i][across + j] = i || j ? "" : text;
      }
      across += cell.colSpan;
    }
  });
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (!width) return null;
  let source = null;
  try { source = JSON.parse(table.dataset.localsheets ?? "null"); } catch { /* not ours */ }
  return { rows: rows.map((row) => Array.from({ length: width }, (_, i) => row[i] ?? "")), source };
}
