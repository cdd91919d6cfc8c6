// The buttons above the grid.
import { $ } from "./page.js";
import { say } from "./words.js";

export function wireToolbar(register) {
  let typing = 0;
  $("filter").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => register.restrict({ text: $("filter").value.trim() }), 250);
  });
  $("sort-up").addEventListener("click", () => register.restrict({ sort: register.selection.column, order: "up" }));
  $("sort-down").addEventListener("click", () => register.restrict({ sort: register.selection.column, order: "down" }));
  $("reset").addEventListener("click", () => { $("filter").value = ""; register.restrict({ text: "", sort: null }); });
  $("open-card").addEventListener("click", () => register.openCard(register.selection.row));
  $("insert-row").addEventListener("click", () => register.changeRows("insert"));
  $("delete-row").addEventListener("click", () => {
    if (confirm(say("delete_row_sure", { row: register.selection.row + 1 }))) register.changeRows("delete");
  });
  $("logout").addEventListener("submit", () => sessionStorage.removeItem(register.outbox.shelf));
}
