// What can be done, as entries of menus: for columns, rows, cells, and the whole sheet.
import { letters } from "./geometry.js";
import { say } from "./words.js";

const DATE = { type: "DATE", pattern: "dd/mm/yyyy" };
export const NUMBER_FORMATS = [
  ["automatic", null, ""], ["plain_text", { type: "TEXT", pattern: "@" }, ""], ["number", { type: "NUMBER", pattern: "#,##0.00" }, "1.000,12"],
  ["whole_number", { type: "NUMBER", pattern: "#,##0" }, "1.000"], ["percent", { type: "PERCENT", pattern: "0.00%" }, "10,12%"],
  ["rupiah", { type: "CURRENCY", pattern: "\"Rp\"#,##0" }, "Rp1.000"], ["date", DATE, "26/09/2026"], ["time", { type: "TIME", pattern: "hh:mm" }, "15:59"],
  ["date_time", { type: "DATE_TIME", pattern: "dd/mm/yyyy hh:mm" }, "26/09/2026 15:59"],
];
export const COLOURS = [
  ["black", "#000000"], ["grey", "#666666"], ["red", "#b3261e"], ["orange", "#b45309"], ["green", "#137333"], ["blue", "#1a56c4"], ["purple", "#7b1fa2"],
  ["white", "#ffffff"], ["light_grey", "#eeeeee"], ["light_red", "#f9d7d4"], ["light_orange", "#fde7cc"], ["light_yellow", "#fff5c2"],
  ["light_green", "#d9f0df"], ["light_blue", "#d8e6fb"], ["light_purple", "#ead9f5"],
];

const writes = (register) => (label, act, more = {}) => ({ label, act, disabled: !register.model.layout.mayWrite || more.off, ...more });

export function viewItems(register, column) {
  const { sort, order, filters } = register.model.query;
  const sorted = (way) => sort === column && order === way;
  return [
    { label: say("filter_column"), keys: "", checked: Boolean(filters[column]), act: () => register.openFilter(column) },
    { label: say("sort_up"), checked: sorted("up"), act: () => register.restrict({ sort: column, order: "up" }) },
    { label: say("sort_down"), checked: sorted("down"), act: () => register.restrict({ sort: column, order: "down" }) },
  ];
}

export function columnItems(register, column) {
  const { shape, model } = register;
  const write = writes(register);
  const [first, last] = shape.picked("COLUMNS", column);
  const hidden = shape.hiddenBeside("COLUMNS", column);
  const frozen = model.layout.frozenColumns === last + 1;
  return [
    ...viewItems(register, column),
    null,
    write(say("sort_sheet_up"), () => shape.sortSheet(column, "ASCENDING")),
    write(say("sort_sheet_down"), () => shape.sortSheet(column, "DESCENDING")),
    null,
    write(say("insert_left", { count: last - first + 1 }), () => shape.insertColumns(false, column)),
    write(say("insert_right", { count: last - first + 1 }), () => shape.insertColumns(true, column)),
    write(say("delete_column"), () => shape.deleteColumns(column)),
    write(say("clear_contents"), () => register.block.clear(), { keys: "Delete" }),
    null,
    write(say("move_column_left"), () => register.moveColumns(-1), { off: first === 0 }),
    write(say("move_column_right"), () => register.moveColumns(1), { off: last + 1 === model.layout.columnCount }),
    write(say("hide_column"), () => shape.hide("COLUMNS", column)),
    ...(hidden ? [write(say("unhide_columns", { from: letters(hidden[0]), to: letters(hidden[1]) }), () => shape.unhide("COLUMNS", ...hidden))] : []),
    write(say("column_width"), () => shape.askSize("COLUMNS", column)),
    write(say("fit_column"), () => shape.fit(column)),
    frozen ? write(say("unfreeze_columns"), () => shape.freeze("COLUMNS", 0))
      : write(say("freeze_column", { column: letters(last) }), () => shape.freeze("COLUMNS", last + 1)),
  ];
}

export function rowItems(register, row) {
  const { shape, model } = register;
  const write = writes(register);
  const [first, last] = shape.picked("ROWS", row);
  const hidden = shape.hiddenBeside("ROWS", row);
  const frozen = model.layout.frozenRows === last + 1;
  return [
    { label: say("open_card"), keys: "Ctrl+Enter", act: () => register.openCard(row) },
    null,
    write(say("insert_above", { count: last - first + 1 }), () => shape.insertRows(false, row)),
    write(say("insert_below", { count: last - first + 1 }), () => shape.insertRows(true, row)),
    write(say("delete_row"), () => shape.deleteRows(row)),
    write(say("clear_contents"), () => register.block.clear(), { keys: "Delete" }),
    null,
    write(say("move_row_up"), () => register.moveRows(-1), { off: first === 0 || model.filtered }),
    write(say("move_row_down"), () => register.moveRows(1), { off: last + 1 === model.layout.rowCount || model.filtered }),
    write(say("hide_row"), () => shape.hide("ROWS", row)),
    ...(hidden ? [write(say("unhide_rows", { from: hidden[0] + 1, to: hidden[1] + 1 }), () => shape.unhide("ROWS", ...hidden))] : []),
    write(say("row_height"), () => shape.askSize("ROWS", row)),
    write(say("fit_row"), () => shape.fitRow(row)),
    frozen ? write(say("unfreeze_rows"), () => shape.freeze("ROWS", 0))
      : write(say("freeze_row", { row: last + 1 }), () => shape.freeze("ROWS", last + 1)),
  ];
}

function clipboardItems(register) {
  const { block } = register;
  const write = writes(register);
  return [
    write(say("cut"), () => block.copyByMenu(true), { keys: "Ctrl+X" }),
    { label: say("copy"), keys: "Ctrl+C", act: () => block.copyByMenu() },
    write(say("paste"), () => block.pasteByMenu(), { keys: "Ctrl+V" }),
    write(say("key_values"), () => block.pasteByMenu(true), { keys: "Ctrl+Shift+V" }),
  ];
}

export function cellItems(register) {
  const { row, column } = register.selection;
  const { shape, model } = register;
  const write = writes(register);
  const link = model.cell(row, column).h;
  return [
    ...(link ? [{ label: say("open_link"), keys: "Alt+Enter", act: () => window.open(link, "_blank", "noopener,noreferrer") }, null] : []),
    ...clipboardItems(register), null,
    write(say("edit_cell"), () => register.edit(), { keys: "F2" }),
    write(say("edit_note"), () => shape.note(), { keys: "Shift+F2" }),
    { label: say("open_card"), keys: "Ctrl+Enter", act: () => register.openCard(row) },
    write(say("clear_contents"), () => register.block.clear(), { keys: "Delete" }),
    null,
    write(say("insert_above", { count: shape.picked("ROWS")[1] - shape.picked("ROWS")[0] + 1 }), () => shape.insertRows(false)),
    write(say("insert_below", { count: shape.picked("ROWS")[1] - shape.picked("ROWS")[0] + 1 }), () => shape.insertRows(true)),
    write(say("delete_row"), () => shape.deleteRows()),
    null,
    write(say("insert_left", { count: shape.picked("COLUMNS")[1] - shape.picked("COLUMNS")[0] + 1 }), () => shape.insertColumns(false)),
    write(say("insert_right", { count: shape.picked("COLUMNS")[1] - shape.picked("COLUMNS")[0] + 1 }), () => shape.insertColumns(true)),
    write(say("delete_column"), () => shape.deleteColumns()),
    null,
    ...viewItems(register, column),
  ];
}

const undo = (register) => [
  { label: say("undo"), keys: "Ctrl+Z", act: () => register.undo() }, { label: say("redo"), keys: "Ctrl+Y", act: () => register.redo() },
];

// The menus of the menu bar, in order: word → entries.
export const MENUS = {
  menu_file: (register) => [
    writes(register)(say("import_file"), () => register.files.choose()),
    { label: say("export_xlsx"), act: () => register.files.download("xlsx") },
    { label: say("export_csv"), act: () => register.files.download("csv") },
    null,
    { label: say("print"), keys: "Ctrl+P", act: () => register.files.print() },
  ],
  menu_edit: (register) => [
    ...undo(register), null,
    ...clipboardItems(register), null,
    { label: say("find"), keys: "Ctrl+F", act: () => register.openFind() },
    writes(register)(say("find_replace"), () => register.openFind(true), { keys: "Ctrl+H" }),
    writes(register)(say("clear_contents"), () => register.block.clear(), { keys: "Delete" }),
    null,
    writes(register)(say("delete_row"), () => register.shape.deleteRows()),
    writes(register)(say("delete_column"), () => register.shape.deleteColumns()),
  ],
  menu_view: (register) => {
    const { shape, selection, model } = register;
    const write = writes(register);
    const { frozenRows, frozenColumns } = model.layout;
    return [
      write(say("freeze_row", { row: selection.box.bottom + 1 }), () => shape.freeze("ROWS", selection.box.bottom + 1)),
      write(say("unfreeze_rows"), () => shape.freeze("ROWS", 0), { off: !frozenRows }),
      write(say("freeze_column", { column: letters(selection.box.right) }), () => shape.freeze("COLUMNS", selection.box.right + 1)),
      write(say("unfreeze_columns"), () => shape.freeze("COLUMNS", 0), { off: !frozenColumns }),
      null,
      write(say("hide_row"), () => shape.hide("ROWS")), write(say("hide_column"), () => shape.hide("COLUMNS")),
      write(say("unhide_all"), () => shape.send([
        shape.dimension("ROWS", 0, model.layout.rowCount - 1, { hiddenByUser: false }, "hiddenByUser"),
        shape.dimension("COLUMNS", 0, model.layout.columnCount - 1, { hiddenByUser: false }, "hiddenByUser"),
      ]), { off: !model.hiddenRows.size && !Object.values(model.layout.columns).some(({ hidden }) => hidden) }),
      null,
      write(say("column_width"), () => shape.askSize("COLUMNS")), write(say("row_height"), () => shape.askSize("ROWS")),
      write(say("fit_column"), () => shape.fit(selection.column)), write(say("fit_row"), () => shape.fitRow(selection.row)),
    ];
  },
  menu_insert: (register) => {
    const { shape } = register;
    const write = writes(register);
    return [
      write(say("insert_above", { count: 1 }), () => shape.insertRows(false)), write(say("insert_below", { count: 1 }), () => shape.insertRows(true)),
      write(say("insert_left", { count: 1 }), () => shape.insertColumns(false)), write(say("insert_right", { count: 1 }), () => shape.insertColumns(true)),
      null,
      write(say("edit_note"), () => shape.note(), { keys: "Shift+F2" }), write(say("add_sheet"), () => register.tabs.add()),
    ];
  },
  menu_format: (register) => {
    const { shape } = register;
    const { look } = shape;
    const write = writes(register);
    return [
      write(say("bold"), () => shape.bold(), { keys: "Ctrl+B", checked: look.bold }), write(say("italic"), () => shape.italic(), { keys: "Ctrl+I", checked: look.italic }),
      write(say("underline"), () => shape.underline(), { keys: "Ctrl+U", checked: look.under }),
      write(say("strike"), () => shape.strike(), { keys: "Alt+Shift+5", checked: look.strike }),
      null,
      ...alignItems(register),
      write(say("wrap"), () => shape.wrap(), { checked: look.wrap }), write(say("merge"), () => shape.merge()),
      null,
      write(say("plain_format"), () => shape.plain(), { keys: "Ctrl+\\" }),
    ];
  },
  menu_data: (register) => {
    const { column } = register.selection;
    return [
      ...viewItems(register, column),
      { label: say("reset_view"), disabled: !register.model.filtered, act: () => register.resetView() },
      null,
      writes(register)(say("sort_sheet_up"), () => register.shape.sortSheet(column, "ASCENDING")),
      writes(register)(say("sort_sheet_down"), () => register.shape.sortSheet(column, "DESCENDING")),
    ];
  },
  menu_help: (register) => [{ label: say("shortcuts"), keys: "Ctrl+/", act: () => register.showShortcuts() }],
};

export function alignItems(register) {
  const align = register.shape.look.align;
  return [["left", "Ctrl+Shift+L"], ["center", "Ctrl+Shift+E"], ["right", "Ctrl+Shift+R"]].map(([side, keys]) =>
    writes(register)(say(`align_${side}`), () => register.shape.align(side.toUpperCase()), { keys, checked: align === side }));
}

export function colourItems(register, set) {
  return [writes(register)(say("no_colour"), () => set(null)),
    ...COLOURS.map(([name, colour]) => writes(register)(say(name), () => set(colour), { swatch: colour }))];
}

export function numberItems(register) {
  return NUMBER_FORMATS.map(([name, format, example]) => writes(register)(say(name), () => register.shape.numberFormat(format), { keys: example }));
}
