// The menu bar, and the keys that do what its entries do.
import { MENUS } from "./commands.js";
import { make, openDialog, buttons } from "./dialogs.js";
import { Files } from "./files.js";
import { FilterBox } from "./filterbox.js";
import { closeMenu, openMenu, rove } from "./menus.js";
import { $ } from "./page.js";
import { announce, say } from "./words.js";

const SHORTCUTS = [
  ["key_move", "↑ ↓ ← →, Tab, Enter"], ["key_edge", "Ctrl+↑ ↓ ← →"], ["key_extend", "Shift+…"], ["key_home", "Home, End, Ctrl+Home, Ctrl+End"],
  ["edit_cell", "F2, Enter"], ["cancel", "Esc"], ["clear_contents", "Delete"], ["undo", "Ctrl+Z"], ["redo", "Ctrl+Y"], ["find", "Ctrl+F"], ["find_replace", "Ctrl+H"],
  ["key_copy", "Ctrl+C, Ctrl+X, Ctrl+V"], ["key_values", "Ctrl+Shift+V"], ["key_fill", "Ctrl+D, Ctrl+R, Ctrl+Enter"],
  ["key_today", "Ctrl+;"], ["key_time", "Ctrl+Shift+;"], ["key_held", "F6"], ["key_line", "Alt+Enter"], ["key_lines", "Ctrl+Space, Shift+Space, Ctrl+A"], ["bold", "Ctrl+B"], ["italic", "Ctrl+I"], ["underline", "Ctrl+U"], ["strike", "Alt+Shift+5"],
  ["edit_note", "Shift+F2"], ["cell_menu", "Shift+F10"], ["open_card", "Ctrl+Enter"], ["open_link", "Alt+Enter"], ["key_sheets", "Alt+↑, Alt+↓"],
  ["key_menu", "Alt+Shift+F"], ["print", "Ctrl+P"], ["plain_format", "Ctrl+\\"], ["shortcuts", "Ctrl+/"], ["key_leave", "Esc, Tab"],
];

export function wireMenus(register) {
  const { model } = register;
  const box = new FilterBox(register);
  register.files = new Files(register);
  register.openFilter = (column) => box.open(column);
  register.showShortcuts = showShortcuts;
  register.resetView = () => { $("filter").value = ""; return register.restrict({ text: "", sort: null, filters: {} }); };
  register.openFind ??= () => $("filter").focus();
  const names = Object.keys(MENUS);
  const show = (name) => {
    const side = (by) => show(names[(names.indexOf(name) + by + names.length) % names.length]);
    openMenu(MENUS[name](register), $(name), say(name), { onSide: side });
  };
  for (const name of names) {
    $(name).addEventListener("click", () => ($(name).getAttribute("aria-expanded") === "true" ? closeMenu() : show(name)));
    $(name).addEventListener("keydown", (event) => {
      if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
      event.preventDefault();
      show(name);
    });
    $(name).addEventListener("pointerenter", () => {
      if (names.some((other) => other !== name && $(other).getAttribute("aria-expanded") === "true")) show(name);
    });
  }
  rove($("menus"), "button");
  $("menu-all").addEventListener("click", () => openMenu(allItems(register), $("menu-all"), say("menu")));
  document.addEventListener("keydown", (event) => onKey(register, event));
  return model;
}

// All menus in one, for narrow screens.
function allItems(register) {
  return Object.values(MENUS).flatMap((items, i) => (i ? [null, ...items(register)] : items(register)));
}

function showShortcuts() {
  const table = make("table");
  for (const [word, keys] of SHORTCUTS) {
    const head = make("th", { textContent: say(word), scope: "row" });
    table.append(make("tr", {}, head, make("td", { textContent: keys })));
  }
  const content = make("div", {}, table, buttons([say("close"), () => dialog.close(), { className: "main" }]));
  const dialog = openDialog(say("shortcuts"), content, { kind: "ask keys" });
}

const busy = (target) => target.closest?.("dialog, .menu, input, textarea, select");

function onKey(register, event) {
  const jump = event.ctrlKey || event.metaKey;
  const { shape } = register;
  const key = `${jump ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${event.shiftKey ? "Shift+" : ""}${event.code.replace(/^Key|^Digit/, "")}`;
  if (event.target.closest?.("dialog")) return;
  const acts = {
    "Ctrl+P": () => register.files.print(),
    "Ctrl+Slash": showShortcuts,
    "Alt+Shift+F": () => $("menu_file").focus(),
    ...(event.target === register.grid || event.target.closest?.("#finder") ? {} : { "Ctrl+F": () => register.openFind() }),
    ...(event.target.closest?.("#menus, .tools, .foot") ? { Escape: () => register.grid.focus({ preventScroll: true }) } : {}),
    ...(busy(event.target) ? {} : {
      "Ctrl+B": () => shape.bold(), "Ctrl+I": () => shape.italic(), "Ctrl+U": () => shape.underline(), "Alt+Shift+5": () => shape.strike(),
      "Ctrl+Shift+L": () => shape.align("LEFT"), "Ctrl+Shift+E": () => shape.align("CENTER"), "Ctrl+Shift+R": () => shape.align("RIGHT"),
      "Ctrl+Backslash": () => shape.plain(), "Shift+F2": () => shape.note(), "Alt+Enter": () => openLink(register),
      "Alt+ArrowUp": () => register.tabs.step(-1), "Alt+ArrowDown": () => register.tabs.step(1),
    }),
  };
  if (!acts[key]) return;
  event.preventDefault();
  acts[key]();
}

function openLink(register) {
  const { row, column } = register.selection;
  const link = register.model.cell(row, column).h;
  if (link) window.open(link, "_blank", "noopener,noreferrer");
}
