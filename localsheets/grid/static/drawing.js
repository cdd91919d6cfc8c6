// Drawing a chart as SVG: columns, bars, lines and pies that read in black and white. Series are told apart by patterns,
// dashes and the shapes of their points, never by colour alone, and numbers stand at what they belong to.
import { say } from "./words.js";

const INK = "#1f2933";
const SOFT = "#52606d";
const LINE = "#c3cbd3";
const LETTER = 6.6; // about the width of one, in text of 12 px
const DASHES = ["", "7 4", "2 3", "9 3 2 3", "4 2", "12 4"];
const MARKS = ["circle", "square", "diamond", "triangle"];
let count = 0;

function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function text(content, x, y, attributes = {}) {
  return svg("text", { x, y, "font-size": 12, fill: INK, ...attributes }, content);
}

const cut = (content, room) => (content.length * LETTER <= room ? content : `${content.slice(0, Math.max(1, Math.floor(room / LETTER) - 1))}…`);
const number = (value) => value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 });
const most = (values) => Math.max(0, ...values);

// Fills that differ without colour: plain dark, hatched, dotted, plain light, crossed, …
function fills(id) {
  const hatch = (name, path, ground = "#fff") => svg("pattern", { id: `${id}-${name}`, width: 8, height: 8, patternUnits: "userSpaceOnUse" },
    svg("rect", { width: 8, height: 8, fill: ground }), svg("path", { d: path, stroke: INK, "stroke-width": 1.5, fill: "none" }));
  const defs = svg("defs", {}, hatch("up", "M-2 10 10-2M-2 2 2-2M6 10 10 6"), hatch("cross", "M0 4H8M4 0V8"), hatch("down", "M-2-2 10 10M6-2 10 2M-2 6 2 10"),
    hatch("lines", "M0 2H8M0 6H8"), hatch("dots", "M2 2h.1M6 6h.1", "#eef1f4"), hatch("posts", "M2 0V8M6 0V8"));
  return [defs, ["#52606d", `url(#${id}-up)`, "#d5dbe1", `url(#${id}-cross)`, "#fff", `url(#${id}-down)`, "#8d99a5", `url(#${id}-lines)`, `url(#${id}-dots)`, `url(#${id}-posts)`]];
}

// Round steps from nothing up to the highest value; whole numbers where all values are.
function scale(highest, whole, steps = 5) {
  const rough = Math.max(highest, 1e-9) / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  let step = [1, 2, 5, 10].map((by) => by * power).find((size) => size >= rough);
  if (whole) step = Math.max(1, step);
  const top = Math.max(step, Math.ceil(highest / step) * step);
  return { top, ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step) };
}

function mark(shape, x, y) {
  const paths = { square: "M-4-4H4V4H-4Z", diamond: "M0-5 5 0 0 5-5 0Z", triangle: "M0-5 5 4H-5Z", circle: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z" };
  return svg("path", { d: paths[shape], transform: `translate(${x} ${y})`, fill: "#fff", stroke: INK, "stroke-width": 1.5 });
}

// What a series or slice is called, below or beside the drawing.
function legend(names, left, top, width, sample) {
  const group = svg("g", { class: "legend" });
  let [x, y] = [left, top];
  names.forEach((name, i) => {
    const shown = cut(name, width - 34);
    const size = 34 + shown.length * LETTER + 12;
    if (x > left && x + size > left + width) [x, y] = [left, y + 18];
    group.append(sample(i, x, y), text(shown, x + 30, y + 4));
    x += size;
  });
  return [group, y + 18 - top];
}

function bars(chart, box, paints) {
  const { labels, series, stacked } = chart;
  const longest = most(labels.map((label) => label.length)) * LETTER;
  const apart = (box.width - 46) / Math.max(1, labels.length);
  const upright = chart.kind === "COLUMN" && (apart >= 24 || longest <= apart); // else their labels would run into each other
  const sums = labels.map((_, i) => series.reduce((sum, one) => sum + Math.max(0, one.values[i] ?? 0), 0));
  const values = series.flatMap((one) => one.values.filter((value) => value !== null));
  const { top, ticks } = scale(stacked ? most(sums) : most(values), values.every(Number.isInteger));
  const group = svg("g");
  const each = (upright ? box.width - 40 : box.height - 34) / Math.max(1, labels.length);
  const slanted = upright && longest > each - 4;
  const foot = upright ? (slanted ? Math.min(96, longest * 0.6 + 18) : 22) : 22 + (chart.below ? 14 : 0);
  const left = upright ? 40 : Math.min(box.width * 0.4, longest + 10);
  const over = upright && chart.beside ? 28 : 14;
  const plot = { left: box.left + left, top: box.top + over, width: box.width - left - (upright ? 6 : 34), height: box.height - foot - over };
  const along = (value) => (upright ? plot.height : plot.width) * (value / top);
  for (const tick of ticks) {
    const at = along(tick);
    const [x, y] = upright ? [plot.left, plot.top + plot.height - at] : [plot.left + at, plot.top + plot.height];
    group.append(svg("path", { d: upright ? `M${x} ${y}h${plot.width}` : `M${x} ${y}v${-plot.height}`, stroke: LINE }),
      text(number(tick), upright ? x - 5 : x, upright ? y + 4 : y + 15, { fill: SOFT, "font-size": 11, "text-anchor": upright ? "end" : "middle" }));
  }
  const room = (upright ? plot.width : plot.height) / Math.max(1, labels.length);
  const thick = Math.min(46, (room * 0.72) / (stacked ? 1 : series.length));
  labels.forEach((label, i) => {
    const middle = (upright ? plot.left : plot.top) + room * (i + 0.5);
    const [x, y] = upright ? [middle, plot.top + plot.height + 15] : [plot.left - 6, middle + 4];
    const shown = upright ? cut(label, slanted ? 130 : each) : cut(label, left - 8);
    group.append(text(shown, x, y, { "font-size": 11, "text-anchor": upright && !slanted ? "middle" : "end", ...(slanted ? { transform: `rotate(-35 ${x} ${y})` } : {}) }));
    let before = 0;
    series.forEach((one, k) => {
      const value = one.values[i];
      if (value === null) return;
      const [from, size] = [along(stacked ? before : 0), along(Math.max(0, value))];
      before += Math.max(0, value);
      const start = stacked ? middle - thick / 2 : middle + (k - series.length / 2) * thick;
      const place = upright ? { x: start, y: plot.top + plot.height - from - size, width: thick, height: size } : { x: plot.left + from, y: start, width: size, height: thick };
      group.append(svg("rect", { ...place, fill: paints[k % paints.length], stroke: INK, "stroke-width": size ? 1 : 0, class: "bar" }));
      if (stacked || thick < 9) return;
      const at = upright ? { x: start + thick / 2, y: place.y - 4, "text-anchor": "middle" } : { x: place.x + size + 5, y: start + thick / 2 + 4 };
      group.append(text(one.texts[i], at.x, at.y, { "font-size": 11, "font-weight": 600, ...(at["text-anchor"] ? { "text-anchor": "middle" } : {}) }));
    });
  });
  group.append(svg("path", { d: upright ? `M${plot.left} ${plot.top + plot.height}h${plot.width}` : `M${plot.left} ${plot.top}v${plot.height}`, stroke: INK }));
  if (!upright && chart.below) group.append(text(chart.below, plot.left + plot.width / 2, box.top + box.height - 1, { fill: SOFT, "font-size": 11, "text-anchor": "middle" }));
  if (upright && chart.beside) group.append(text(chart.beside, box.left, box.top + 2, { fill: SOFT, "font-size": 11 }));
  return group;
}

function lines(chart, box) {
  const { labels, series } = chart;
  const values = series.flatMap((one) => one.values.filter((value) => value !== null));
  const { top, ticks } = scale(most(values), values.every(Number.isInteger));
  const plot = { left: box.left + 40, top: box.top + 14, width: box.width - 60, height: box.height - 36 };
  const group = svg("g");
  const x = (i) => plot.left + (labels.length > 1 ? (plot.width * i) / (labels.length - 1) : plot.width / 2);
  const y = (value) => plot.top + plot.height * (1 - value / top);
  for (const tick of ticks) {
    group.append(svg("path", { d: `M${plot.left} ${y(tick)}h${plot.width}`, stroke: tick ? LINE : INK }),
      text(number(tick), plot.left - 5, y(tick) + 4, { fill: SOFT, "font-size": 11, "text-anchor": "end" }));
  }
  const step = Math.max(1, Math.ceil((labels.length * (most(labels.map((label) => label.length)) * LETTER + 14)) / plot.width));
  labels.forEach((label, i) => {
    if ((labels.length - 1 - i) % step === 0) group.append(text(label, x(i), plot.top + plot.height + 16, { "font-size": 11, "text-anchor": "middle" }));
  });
  series.forEach((one, k) => {
    const points = one.values.map((value, i) => (value === null ? null : [x(i), y(Math.max(0, value))])).filter(Boolean);
    group.append(svg("polyline", { points: points.map((point) => point.join()).join(" "), fill: "none", stroke: INK, "stroke-width": 1.6, "stroke-dasharray": DASHES[k % DASHES.length], class: "line" }),
      ...points.map(([left, up]) => mark(MARKS[k % MARKS.length], left, up)));
  });
  if (chart.beside) group.append(text(chart.beside, box.left, box.top + 2, { fill: SOFT, "font-size": 11 }));
  return group;
}

function pie(chart, box, paints) {
  const [{ values, texts }] = chart.series;
  const slices = chart.labels.map((label, i) => ({ label, value: Math.max(0, values[i] ?? 0), shown: texts[i] })).filter(({ value }) => value > 0);
  const total = slices.reduce((sum, { value }) => sum + value, 0);
  const beside = box.width > 420;
  const radius = Math.max(20, Math.min(beside ? box.width * 0.24 : box.width * 0.4, box.height * (beside ? 0.46 : 0.27)));
  const [x, y] = [beside ? box.left + radius + 8 : box.left + box.width / 2, beside ? box.top + box.height / 2 : box.top + radius + 4];
  const group = svg("g");
  let turn = -Math.PI / 2;
  slices.forEach(({ value }, i) => {
    const end = turn + (value / total) * 2 * Math.PI;
    const [from, to] = [turn, end].map((angle) => `${x + radius * Math.cos(angle)} ${y + radius * Math.sin(angle)}`);
    const d = slices.length === 1 ? `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0Z`
      : `M${x} ${y}L${from}A${radius} ${radius} 0 ${end - turn > Math.PI ? 1 : 0} 1 ${to}Z`;
    group.append(svg("path", { d, fill: paints[i % paints.length], stroke: INK, "stroke-width": 1.2, class: "slice" }));
    turn = end;
  });
  const [left, top, room] = beside ? [x + radius + 26, box.top + 8, box.left + box.width - x - radius - 26] : [box.left, y + radius + 16, box.width];
  const space = Math.min(20, (box.top + box.height - top) / Math.max(1, slices.length));
  slices.forEach(({ label, value, shown }, i) => {
    const line = top + i * space;
    const told = ` ${shown} (${Math.round((100 * value) / total)}%)`;
    group.append(svg("rect", { x: left, y: line, width: 18, height: Math.min(13, space - 2), fill: paints[i % paints.length], stroke: INK }),
      text(`${cut(label, room - 26 - told.length * LETTER)}:${told}`, left + 25, line + 11, { "font-size": Math.min(12, space) }));
  });
  return group;
}

// The drawing of one chart, `width` × `height`, without a word for screen readers: whoever puts it somewhere says that.
export function draw(chart, width, height) {
  const id = `chart-fill-${count += 1}`;
  const [defs, paints] = fills(id);
  const root = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true", focusable: "false" }, defs);
  root.append(text(cut(chart.title, (width - 24) / 1.2), 12, 24, { "font-size": 15, "font-weight": 600 }));
  if (chart.subtitle) root.append(text(cut(chart.subtitle, width - 24), 12, 41, { fill: SOFT }));
  const box = { left: 12, top: chart.subtitle ? 54 : 44, width: width - 24 };
  box.height = height - box.top - 10;
  const drawn = { BAR: bars, COLUMN: bars, LINE: lines, PIE: pie }[chart.kind];
  const some = chart.series.some(({ values }) => values.some((value) => value > 0));
  if (!drawn || !some) {
    root.append(text(say(drawn ? "chart_empty" : "chart_unknown"), width / 2, height / 2, { fill: SOFT, "text-anchor": "middle" }));
    return root;
  }
  if (chart.kind !== "PIE" && chart.series.length > 1) {
    const sample = (i, x, y) => (chart.kind === "LINE"
      ? svg("g", {}, svg("path", { d: `M${x} ${y}h24`, stroke: INK, "stroke-width": 1.6, "stroke-dasharray": DASHES[i % DASHES.length] }), mark(MARKS[i % MARKS.length], x + 12, y))
      : svg("rect", { x, y: y - 7, width: 22, height: 13, fill: paints[i % paints.length], stroke: INK }));
    const names = chart.series.map(({ name }, i) => name || String(i + 1));
    const [, used] = legend(names, 0, 0, box.width, sample);
    box.height -= used + 4;
    root.append(legend(names, box.left, box.top + box.height + 16, box.width, sample)[0]);
  }
  root.append(drawn(chart, box, paints));
  return root;
}
