// @ts-check
/** The page's shortcuts. */

import { toggleAuto } from "./panel.js";
import { QUICK } from "./palette.js";
import { stepCount } from "./scale.js";
import { clusterOf } from "./store.js";
import { resizeBrush } from "./hand.js";

/** @typedef {import("./shortcuts.js").Shortcut} Shortcut */

/**
 * @param {import("./room.js").Room} room
 * @param {{openColors: () => void, openHelp: () => void, toggleInterest: () => void, giveUp: () => void}} actions
 * @returns {readonly Shortcut[]}
 */
export function pageShortcuts(room, actions) {
  const { store } = room;
  const tool = (/** @type {import("./store.js").Tool} */ name) => () => store.update({ tool: name, picking: false });
  return [
    { group: "Tools", keys: ["B"], does: "Color brush", run: tool("color") },
    { group: "Tools", keys: ["S"], does: "Sketch brush", run: tool("sketch") },
    { group: "Tools", keys: ["X"], does: "Explorer brush", run: tool("explore") },
    { group: "Tools", keys: ["E"], does: "Eraser", run: tool("eraser") },
    { group: "Tools", keys: ["V"], does: "Select and move a stroke", run: tool("select") },
    { group: "Tools", keys: ["[", "]"], does: "Brush or patch smaller, larger (or the wheel)", run: (key) => resizeBrush(store, key === "[" ? 1 / 1.15 : 1.15) },
    { group: "Tools", keys: QUICK.map((_, at) => String(at + 1)), does: "Color", run: (key) => chooseQuick(store, Number(key) - 1) },
    { group: "Tools", keys: ["C"], does: "Choose a color (or right click)", run: actions.openColors },
    { group: "Tools", keys: ["I"], does: "Take a color from the average (or Alt and press)", run: () => store.update({ picking: true }) },
    { group: "Edits", keys: ["Ctrl+Z"], does: "Undo", run: () => room.operate({ type: "undo" }) },
    { group: "Edits", keys: ["Ctrl+Shift+Z", "Ctrl+Y"], does: "Redo", run: () => room.operate({ type: "redo" }) },
    { group: "Edits", keys: ["Delete"], does: "Delete the selected edit", run: () => removeSelected(room) },
    { group: "Edits", keys: ["Escape"], does: "Give up the stroke in progress", run: actions.giveUp },
    { group: "Average", keys: ["-", "+"], does: "Fewer, more images", run: (key) => changeCount(room, key === "-" ? -1 : 1) },
    { group: "Average", keys: ["A"], does: "Let the edits decide how many", run: () => toggleAuto(room) },
    { group: "Average", keys: ["H"], does: "Show or hide the strokes", run: () => store.update({ overlay: !store.state.overlay }) },
    { group: "Explorer brush", keys: ["←", "→", "Tab"], does: "Next, previous mode (Tab leaves at the ends)", run: null },
    { group: "Explorer brush", keys: ["Enter"], does: "Make the highlighted mode an edit (or click)", run: null },
    { group: "Explorer brush", keys: ["Escape"], does: "End the preview", run: null },
    { group: "Explorer brush", keys: ["W"], does: "Where to look: show where many modes are", run: actions.toggleInterest },
    { group: "Without a pointer", keys: ["←", "↑", "↓", "→"], does: "Move the brush on the canvas (Shift: faster)", run: null },
    { group: "Without a pointer", keys: ["Space", "Enter"], does: "Begin and end a stroke; with the explorer brush, commit the mode", run: null },
    { group: "Without a pointer", keys: ["Tab"], does: "Leave the canvas; with the explorer brush, go to the modes, where arrows walk", run: null },
    { group: "Page", keys: ["?"], does: "This sheet", run: actions.openHelp },
  ];
}

/**
 * @param {import("./store.js").Store} store
 * @param {number} at
 */
function chooseQuick(store, at) {
  const color = QUICK[at];
  if (color) store.update({ color, tool: "color", picking: false });
}

/** @param {import("./room.js").Room} room */
function removeSelected(room) {
  const { selected } = room.store.state;
  if (selected === null) return;
  room.remove(selected);
  room.store.update({ selected: null });
}

/**
 * @param {import("./room.js").Room} room
 * @param {1 | -1} direction
 */
function changeCount(room, direction) {
  const { state } = room.store;
  const images = state.collection?.images ?? 1;
  const now = clusterOf(state)?.count ?? state.ranking?.effective_images ?? images;
  room.configure({ count: stepCount(now, direction, images) });
}
