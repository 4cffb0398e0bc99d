// @ts-check
/** Every key and what it does, once: the sheet under `?` is made of the same list that the keys run. */

import { closePopover, h, iconButton } from "./dom.js";

/**
 * @typedef {object} Shortcut
 * @property {readonly string[]} keys as `keyOf` writes them; the sheet shows them
 * @property {string} does
 * @property {string} group
 * @property {((key: string) => void) | null} run null: handled where the focus is
 * @property {() => boolean} [when] whether it counts now; left out: always
 */

/** Keys that a person takes for another one. @type {Record<string, string>} */
const SAME = { Backspace: "Delete", "=": "+", _: "-" };

/**
 * Write a key press the way the list does: "Ctrl+Shift+Z", "B", "[", "Delete". With Alt some keyboards
 * give a digit another sign, so there the key's place counts.
 *
 * @param {{key: string, code?: string, ctrlKey: boolean, metaKey: boolean, shiftKey: boolean, altKey: boolean}} event
 */
export function keyOf({ key: typed, code = "", ctrlKey, metaKey, shiftKey, altKey }) {
  const key = altKey && /^Digit[1-9]$/.test(code) ? code.slice(-1) : typed;
  const isLetter = /^[a-z]$/i.test(key);
  const name = isLetter ? key.toUpperCase() : (SAME[key] ?? key);
  const parts = [ctrlKey || metaKey ? "Ctrl" : "", altKey ? "Alt" : "", shiftKey && (isLetter || key.length > 1) ? "Shift" : ""];
  return [...parts.filter((part) => part !== ""), name].join("+");
}

/**
 * @param {readonly Shortcut[]} shortcuts
 * @param {string} key as `keyOf` writes it
 */
export function shortcutFor(shortcuts, key) {
  return shortcuts.find(({ run, keys, when }) => run !== null && keys.includes(key) && (when?.() ?? true));
}

/**
 * @param {readonly Shortcut[]} shortcuts
 * @param {() => boolean} isActive
 * @param {AbortSignal} signal
 */
export function listenToKeys(shortcuts, isActive, signal) {
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented || !isActive() || isTyping(event.target)) return;
    const key = keyOf(event);
    const shortcut = shortcutFor(shortcuts, key);
    if (!shortcut?.run) return;
    event.preventDefault();
    if (key === "Escape" && closePopover()) return;
    shortcut.run(key);
  };
  document.addEventListener("keydown", onKey, { signal });
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  const isText = target instanceof HTMLInputElement && !["range", "radio", "checkbox"].includes(target.type);
  return isText || target.isContentEditable || target.matches("textarea, select, dialog[open] *");
}

/**
 * @param {readonly string[]} keys
 * @returns {readonly string[]} many keys in a row as the first and the last
 */
function told(keys) {
  return keys.length > 6 ? [keys[0] ?? "", "…", keys.at(-1) ?? ""] : keys;
}

const HELP = [
  ["Color brush", "Asks for images that show the color where you paint it. Paint several colors in several places; every stroke counts."],
  ["Sketch brush", "Asks for images with an edge along the line. A line that begins within 1.5 s of the last one joins it as one shape; Shift joins it at any time."],
  ["Explorer brush", "Shows the patterns that many images share under the pointer, as average patches below the canvas. The average shows the highlighted one at once; a click keeps it as an edit."],
  ["Keypoints", "Place named points on the average of each cluster; Propagate proposes them for every image. What is placed never depends on the zoom."],
  ["Eraser", "Takes away the parts of strokes under it."],
  ["Clusters", "Several averages that push each other apart: an image cannot weigh much in all of them. Each card shows one; N makes a new one."],
  ["Lining up", "Moves the images so that what your edits found in them lies on your edits. Sharpen goes on from there by itself."],
  ["Strength", "Drag below zero to ask for less of a stroke: red at −1 keeps red images out."],
];

/** @param {readonly Shortcut[]} shortcuts */
export function createSheet(shortcuts) {
  const element = h("dialog", { class: "ax-dialog ax-sheet", "aria-label": "Shortcuts and help", tabIndex: -1, autofocus: true });
  const close = iconButton("close", "Close", () => element.close(), "Esc");
  close.classList.add("ax-dialog-close");
  const groups = [...new Set(shortcuts.map((shortcut) => shortcut.group))].map((group) =>
    h(
      "section",
      {},
      h("h3", {}, group),
      h(
        "dl",
        { class: "ax-keys" },
        ...shortcuts
          .filter((shortcut) => shortcut.group === group)
          .map(({ keys, does }) => h("div", {}, h("dt", {}, ...told(keys).map((key) => h("kbd", {}, key))), h("dd", {}, does))),
      ),
    ),
  );
  const words = HELP.map(([title, text]) => h("div", {}, h("b", {}, title ?? ""), h("p", {}, text ?? "")));
  element.append(h("h2", {}, "Shortcuts"), close, h("div", { class: "ax-sheet-groups" }, ...groups), h("div", { class: "ax-sheet-help" }, ...words));
  element.addEventListener("click", (event) => {
    if (event.target === element) element.close();
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "?") element.close();
    if (event.key !== "Escape") event.stopPropagation();
  });
  return element;
}
