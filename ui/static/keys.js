// @ts-check
/** The page's shortcuts. */

import { toggleAuto } from "./panel.js";
import { QUICK } from "./palette.js";
import { IMAGE_KEYS } from "./reviewfoot.js";
import { stepCount } from "./scale.js";
import { clusterOf } from "./store.js";
import { resizeBrush } from "./hand.js";

/** @typedef {import("./shortcuts.js").Shortcut} Shortcut */

const NINE = Array.from({ length: 9 }, (_, at) => `Alt+${at + 1}`);

/**
 * @param {import("./room.js").Room} room
 * @param {import("./clusteractions.js").ClusterActions} clusters
 * @param {{openSpawn: () => void, compare: () => void, review: () => void, openColors: () => void, openHelp: () => void, openTimeline: () => void, toggleInterest: () => void, comments: () => void, giveUp: () => void}} actions
 * @returns {readonly Shortcut[]}
 */
export function pageShortcuts(room, clusters, actions) {
  const { store } = room;
  const paints = () => store.state.tool !== "keypoints";
  const tool = (/** @type {import("./store.js").Tool} */ name) => () => store.update({ tool: name, picking: false });
  return [
    { group: "Tools", keys: ["B"], does: "Color brush", run: tool("color") },
    { group: "Tools", keys: ["S"], does: "Sketch brush", run: tool("sketch") },
    { group: "Tools", keys: ["X"], does: "Explorer brush", run: tool("explore") },
    { group: "Tools", keys: ["E"], does: "Eraser", run: tool("eraser") },
    { group: "Tools", keys: ["V"], does: "Select and move a stroke", run: tool("select") },
    { group: "Tools", keys: ["K"], does: "Keypoints", run: tool("keypoints") },
    { group: "Tools", keys: ["Shift+C"], does: "Comment: pin one to a place (Ctrl+Enter sends it)", run: tool("comment") },
    { group: "Tools", keys: ["[", "]"], does: "Brush or patch smaller, larger (or the wheel)", run: (key) => resizeBrush(store, key === "[" ? 1 / 1.15 : 1.15) },
    { group: "Tools", keys: QUICK.map((_, at) => String(at + 1)), does: "Color", when: paints, run: (key) => chooseQuick(store, Number(key) - 1) },
    { group: "Tools", keys: ["C"], does: "Choose a color (or right click)", run: actions.openColors },
    { group: "Tools", keys: ["I"], does: "Take a color from the average (or Alt and press)", when: paints, run: () => store.update({ picking: true }) },
    { group: "Edits", keys: ["Ctrl+Z"], does: "Undo", run: () => room.operate({ type: "undo" }) },
    { group: "Edits", keys: ["Ctrl+Shift+Z", "Ctrl+Y"], does: "Redo", run: () => room.operate({ type: "redo" }) },
    { group: "Edits", keys: ["Delete"], does: "Delete the selected edit", run: () => removeSelected(room) },
    { group: "Edits", keys: ["Escape"], does: "Give up the stroke in progress, or stop following somebody", run: actions.giveUp },
    { group: "Average", keys: ["-", "+"], does: "Fewer, more images", run: (key) => changeCount(room, key === "-" ? -1 : 1) },
    { group: "Average", keys: ["A"], does: "Let the edits decide how many", run: () => toggleAuto(room) },
    { group: "Average", keys: ["Shift+H"], does: "Show or hide the strokes", run: () => store.update({ overlay: !store.state.overlay }) },
    { group: "Average", keys: ["L"], does: "Line the images up, or show them as they are", run: () => clusters.toggleAlignment() },
    { group: "Average", keys: ["Shift+S"], does: "Sharpen", run: () => clusters.sharpen() },
    { group: "Clusters", keys: ["N"], does: "New cluster", run: actions.openSpawn },
    { group: "Clusters", keys: [",", "."], does: "Look at the one before, the next", run: (key) => clusters.focusStep(key === "," ? -1 : 1) },
    { group: "Clusters", keys: NINE, does: "Look at the first to the ninth", run: (key) => clusters.focusPlace(Number(key.at(-1)) - 1) },
    { group: "Clusters", keys: ["D"], does: "Compare two: swipe and difference", run: actions.compare },
    { group: "On a cluster's card", keys: ["←", "→"], does: "Look at the one beside it", run: null },
    { group: "On a cluster's card", keys: ["Alt+←", "Alt+→"], does: "Move it in the row (or drag it)", run: null },
    { group: "On a cluster's card", keys: ["F2"], does: "Rename it (or double click its name)", run: null },
    { group: "On a cluster's card", keys: ["Delete"], does: "Delete it", run: null },
    { group: "Images", keys: ["Space"], does: "Pick an image of the strip for a new cluster (or Ctrl and click; Shift: a range)", run: null },
    { group: "Images", keys: ["+", "-"], does: "Vote for, against the image that is shown large", run: null },
    { group: "Review of keypoints", keys: ["R"], does: "Open it", run: actions.review },
    ...IMAGE_KEYS.map(([keys, does]) => ({ group: "Review of keypoints", keys, does, run: null })),
    { group: "Explorer brush", keys: ["←", "→", "Tab"], does: "Next, previous mode (Tab leaves at the ends)", run: null },
    { group: "Explorer brush", keys: ["Enter"], does: "Make the highlighted mode an edit (or click)", run: null },
    { group: "Explorer brush", keys: ["Shift+Enter"], does: "Make it a new cluster (or Shift and click)", run: null },
    { group: "Explorer brush", keys: ["Escape"], does: "End the preview", run: null },
    { group: "Explorer brush", keys: ["W"], does: "Where to look: show where many modes are", run: actions.toggleInterest },
    { group: "Without a pointer", keys: ["←", "↑", "↓", "→"], does: "Move the brush on the canvas (Shift: faster)", run: null },
    { group: "Without a pointer", keys: ["Space", "Enter"], does: "Begin and end a stroke; with the explorer brush, commit the mode", run: null },
    { group: "Without a pointer", keys: ["Tab"], does: "Leave the canvas; with the explorer brush, go to the modes, where arrows walk", run: null },
    { group: "Page", keys: ["Shift+M"], does: "All comments of the room", run: actions.comments },
    { group: "Page", keys: ["H"], does: "History: every step with the average it gave, to name and to go on from", run: actions.openTimeline },
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
