// The buttons above the grid.
import { alignItems, colourItems, numberItems } from "./commands.js";
import { openMenu, rove } from "./menus.js";
import { $ } from "./page.js";
import { forgetViews } from "./views.js";
import { say } from "./words.js";

const WAIT_MS = 250;

export function wireToolbar(register) {
  const { shape } = register;
  let typing = 0;
  $("filter").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => register.restrict({ text: $("filter").value.trim() }), WAIT_MS);
  });
  const acts = {
    undo: () => register.undo(), redo: () => register.redo(),
    bold: () => shape.bold(), italic: () => shape.italic(), strike: () => shape.strike(), wrap: () => shape.wrap(), merge: () => shape.merge(),
    "filter-column": () => register.openFilter(register.selection.column),
    "sort-up": () => register.restrict({ sort: register.selection.column, order: "up" }),
    "sort-down": () => register.restrict({ sort: register.selection.column, order: "down" }),
    reset: () => register.resetView(), note: () => shape.note(), "find-button": () => register.openFind(),
    "open-card": () => register.openCard(register.selection.row),
    "insert-row": () => shape.insertRows(false), "delete-row": () => shape.deleteRows(),
    "insert-row-phone": () => shape.newRow(),
  };
  for (const [id, act] of Object.entries(acts)) $(id).addEventListener("click", act);
  const menus = {
    "text-colour": () => colourItems(register, (colour) => shape.ink(colour)), "fill-colour": () => colourItems(register, (colour) => shape.fill(colour)),
    align: () => alignItems(register), "number-format": () => numberItems(register),
  };
  for (const [id, items] of Object.entries(menus)) {
    $(id).addEventListener("click", () => openMenu(items(), $(id), $(id).getAttribute("aria-label")));
  }
  register.onTold = () => tell(register);
  rove($("tools"), "button");
  $("logout").addEventListener("submit", () => {
    sessionStorage.removeItem(register.outbox.shelf);
    forgetViews();
  });
}

// Which of them are on for the active cell, and which do nothing here.
function tell(register) {
  const { model, shape } = register;
  const { look } = shape;
  for (const [id, on] of Object.entries({ bold: look.bold, italic: look.italic, strike: look.strike, wrap: look.wrap })) {
    $(id).setAttribute("aria-pressed", String(Boolean(on)));
  }
  for (const button of document.querySelectorAll("[data-writes]")) button.disabled = !model.layout.mayWrite;
  $("delete-row").disabled = !model.layout.mayWrite || model.rowId(register.selection.row) === null;
  $("read-only").hidden = model.layout.mayWrite;
  $("read-only").textContent = say("view_only");
}
