// @ts-check
/**
 * What the role does not allow is shown as such, with the reason in words where it is pressed. Hover, zoom, history and
 * looking at another cluster are for everybody. The room refuses the rest in any case: see `Room.operate`.
 */

import { h } from "./dom.js";
import { mayDo, mayUse, reasonFor } from "./roles.js";

/** @typedef {import("./store.js").State} State */

/** Which operation a control makes; others say it themselves, as `data-needs`. The parts of a control that is denied cannot be pressed. */
const NEEDED = /** @type {const} */ ([
  [".ax-swatches", "put_edit"],
  [".ax-edit-head > .ax-button", "put_edit"],
  [".ax-edit-strength", "put_edit"],
  [".ax-side > .ax-control", "set_cluster"],
  [".ax-side > .ax-fold", "set_cluster"],
  [".ax-card-dot", "set_cluster"],
  [".ax-card-add", "add_cluster"],
  [".ax-start-list", "put_edit"],
  [".ax-tour > .ax-chip", "add_cluster"],
  [".ax-topbar [aria-label='Remove all edits']", "clear"],
  [".ax-topbar [aria-label='Undo']", "undo"],
  [".ax-topbar [aria-label='Redo']", "redo"],
]);
const NEEDS = "[data-needs]";
const TOOL = ".ax-tools [data-tool]";
const PRESSING = ["Enter", " ", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown", "Delete", "Backspace"];
const TOLD_MS = 6000;

/**
 * @param {HTMLElement} root
 * @param {import("./room.js").Room} room
 */
export function applyRole(root, room) {
  const { store } = room;
  let role = "";
  let observes = false;
  /** the last tool that the role allows */
  let tool = store.state.tool;
  const said = h("div", { class: "ax-denied-said", popover: "manual", role: "alert" });
  root.append(said);
  const tell = () => tellReason(store, root, said);
  // Dialogs and menus are filled whenever they open.
  const filled = new MutationObserver(() => mark(root, store.state));
  room.onDenied = tell;
  store.watch((state) => {
    if (!state.session) return;
    const isLimited = !mayDo(state, "put_edit");
    if (isLimited || role !== state.role) mark(root, state);
    if (isLimited !== observes) {
      observes = isLimited;
      if (isLimited) filled.observe(root, { childList: true, subtree: true });
      else filled.disconnect();
    }
    if (!mayUse(state, state.tool)) {
      if (role === state.role) tell();
      store.update({ tool: mayUse(state, tool) ? tool : "explore", picking: false });
    } else if (state.tool !== tool) {
      tool = state.tool;
      // What was said of another tool does not hold of this one.
      if (state.notice?.text === reasonFor(state.role)) store.update({ notice: null });
    }
    role = state.role;
  });
  root.addEventListener("click", (event) => stop(event, tell), { capture: true });
  root.addEventListener("keydown", (event) => PRESSING.includes(event.key) && stop(event, tell), { capture: true });
}

/**
 * @param {Event} event
 * @param {() => void} tell
 */
function stop(event, tell) {
  const target = event.target instanceof Element ? event.target : null;
  if (!target?.closest(".ax-denied") || target.closest("summary")) return;
  event.preventDefault();
  event.stopPropagation();
  tell();
}

/** @param {HTMLElement} root @param {State} state */
function mark(root, state) {
  const reason = reasonFor(state.role);
  for (const [selector, operation] of NEEDED) {
    for (const element of root.querySelectorAll(selector)) deny(element, mayDo(state, operation) ? "" : reason);
  }
  for (const element of root.querySelectorAll(NEEDS)) {
    deny(element, mayDo(state, element.getAttribute("data-needs") ?? "") ? "" : reason);
  }
  for (const element of root.querySelectorAll(TOOL)) {
    const tool = /** @type {import("./store.js").Tool} */ (element.getAttribute("data-tool"));
    deny(element, mayUse(state, tool) ? "" : reason);
  }
}

/**
 * @param {Element} element
 * @param {string} reason "" allows it
 */
function deny(element, reason) {
  const isDenied = element.classList.contains("ax-denied");
  if (!(element instanceof HTMLElement) || (reason ? isDenied && element.title === reason : !isDenied)) return;
  element.classList.toggle("ax-denied", reason !== "");
  if (reason) {
    element.dataset["allowed"] = element.title;
    element.title = reason;
    element.setAttribute("aria-disabled", "true");
  } else {
    element.title = element.dataset["allowed"] ?? "";
    element.removeAttribute("aria-disabled");
  }
}

/**
 * Say why, for a moment: above the average, or above the dialog that hides it.
 *
 * @param {import("./store.js").Store} store
 * @param {HTMLElement} root
 * @param {HTMLElement} said
 */
function tellReason(store, root, said) {
  if (root.querySelector("dialog[open]")) {
    said.textContent = reasonFor(store.state.role);
    if (said.matches(":popover-open")) said.hidePopover();
    said.showPopover();
    setTimeout(() => said.matches(":popover-open") && said.hidePopover(), TOLD_MS);
    return;
  }
  const notice = /** @type {const} */ ({ text: reasonFor(store.state.role), level: "error" });
  store.update({ notice });
  setTimeout(() => store.state.notice === notice && store.update({ notice: null }), TOLD_MS);
}
