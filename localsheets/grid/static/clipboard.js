// Blocks of cells as tab-separated text, the form that spreadsheets exchange.
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
