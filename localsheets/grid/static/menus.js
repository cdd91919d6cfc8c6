// Menus: opened by a button, a right click or Shift+F10; wholly by keyboard if wanted.
// Source: https://www.w3.org/WAI/ARIA/apg/patterns/menubar/
import { make } from "./dialogs.js";

let open = null;

export function closeMenu(focus = true) {
  if (!open) return;
  const { menu, before, anchor, onClose } = open;
  open = null;
  menu.remove();
  anchor?.setAttribute?.("aria-expanded", "false");
  if (focus) (document.getElementById("grid") ?? before).focus({ preventScroll: true }); // where one goes on typing
  onClose?.();
}

// Items: {label, act, keys, disabled, checked} or null for a line between. `anchor` is an element or {x, y}.
export function openMenu(items, anchor, label, { onSide = null, onClose = null } = {}) {
  const before = open?.before ?? document.activeElement;
  closeMenu(false);
  const menu = make("div", { className: "menu", tabIndex: 0 });
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", label);
  for (const item of items) menu.append(item ? entry(item) : separator());
  menu.addEventListener("keydown", (event) => onKey(event, menu, onSide));
  document.querySelector("main").append(menu);
  const element = anchor instanceof Element ? anchor : null;
  open = { menu, before, anchor: element, onClose };
  element?.setAttribute("aria-expanded", "true");
  settle(menu, element ? below(element) : anchor);
  entries(menu)[0]?.focus({ preventScroll: true });
  return menu;
}

function separator() {
  const line = make("div", { className: "between" });
  line.setAttribute("role", "separator");
  return line;
}

function entry({ label, act, keys, disabled, checked, swatch }) {
  const item = make("div", { className: "entry", tabIndex: -1 }, make("span", { textContent: label }));
  item.setAttribute("role", checked === undefined ? "menuitem" : "menuitemcheckbox");
  if (checked !== undefined) item.setAttribute("aria-checked", String(Boolean(checked)));
  if (disabled) item.setAttribute("aria-disabled", "true");
  if (keys) item.append(make("kbd", { textContent: keys, ariaHidden: "true" }));
  if (swatch !== undefined) {
    const colour = make("i", { className: "swatch" });
    colour.style.backgroundColor = swatch;
    item.prepend(colour);
  }
  item.addEventListener("click", () => {
    if (disabled) return;
    closeMenu();
    act();
  });
  item.addEventListener("pointermove", () => { if (document.activeElement !== item) item.focus({ preventScroll: true }); });
  return item;
}

const entries = (menu) => [...menu.querySelectorAll(".entry")];

function below(element) {
  const { left, bottom } = element.getBoundingClientRect();
  return { x: left, y: bottom };
}

// On the page, wherever it was asked for.
function settle(menu, { x, y }) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  menu.style.left = `${Math.max(4, Math.min(x, innerWidth - width - 4))}px`;
  menu.style.top = `${Math.max(4, Math.min(y, innerHeight - height - 4))}px`;
}

function onKey(event, menu, onSide) {
  const all = entries(menu);
  const at = all.indexOf(document.activeElement);
  const go = (i) => all[(i + all.length) % all.length].focus();
  const acts = {
    ArrowDown: () => go(at + 1), ArrowUp: () => go(at < 0 ? -1 : at - 1), Home: () => go(0), End: () => go(-1),
    Escape: () => closeMenu(), Tab: () => closeMenu(), Enter: () => document.activeElement.click(), " ": () => document.activeElement.click(),
    ArrowRight: () => onSide?.(1), ArrowLeft: () => onSide?.(-1),
  };
  event.stopPropagation();
  if (acts[event.key]) acts[event.key]();
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
    const letter = event.key.toLowerCase();
    const found = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((item) => item.textContent.toLowerCase().startsWith(letter));
    found?.focus();
  } else return;
  event.preventDefault();
}

addEventListener("pointerdown", (event) => {
  if (open && !open.menu.contains(event.target) && !open.anchor?.contains(event.target)) closeMenu(false);
}, true);
addEventListener("blur", () => closeMenu(false));
addEventListener("resize", () => closeMenu(false));

// A row of buttons of which Tab reaches one and the arrows the others.
export function rove(bar, selector) {
  const all = () => [...bar.querySelectorAll(selector)].filter((item) => !item.disabled && !item.closest("[hidden]") && item.offsetParent !== null);
  const first = bar.querySelector(selector);
  for (const item of bar.querySelectorAll(selector)) item.tabIndex = item === first ? 0 : -1;
  bar.addEventListener("keydown", (event) => {
    const items = all();
    const at = items.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    for (const item of items) item.tabIndex = -1;
    const next = items[(to + items.length) % items.length];
    next.tabIndex = 0;
    next.focus();
  });
}
