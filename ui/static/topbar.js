// @ts-check
/** The bar above the canvas: which collection, undo and redo, the session's file, export, help. */

import { h, icon, iconButton, moveFocus } from "./dom.js";
import { collectionOf } from "./branches.js";
import { placeAt } from "./colors.js";
import { grouped } from "./scale.js";
import { clusterOf } from "./store.js";

/**
 * @typedef {object} BarActions
 * @property {(collection: string) => void} changeCollection
 * @property {() => void} openHelp
 * @property {() => void} review
 * @property {(file: File) => void} openSession
 * @property {() => void} toggleInterest
 * @property {() => void} toggleStart
 * @property {() => void} toggleTheme
 * @property {HTMLElement} people who is here
 * @property {HTMLElement} rooms the button that opens the list of rooms
 * @property {HTMLElement} comments the button that opens the list of comments
 */

/**
 * @param {import("./room.js").Room} room
 * @param {BarActions} actions
 */
export function createTopbar(room, actions) {
  const { store } = room;
  const picker = h("select", { class: "ax-input ax-picker", "aria-label": "Collection" });
  picker.onchange = () => actions.changeCollection(picker.value);
  const count = h("span", { class: "ax-muted" });
  const undo = iconButton("undo", "Undo", () => room.operate({ type: "undo" }), "Ctrl+Z");
  const redo = iconButton("redo", "Redo", () => room.operate({ type: "redo" }), "Ctrl+Shift+Z");
  const clear = iconButton("trash", "Remove all edits", () => room.operate({ type: "clear", cluster: store.state.clusterId }));
  const overlay = iconButton("layers", "Show strokes on the average", () => store.update({ overlay: !store.state.overlay }), "Shift+H");
  const interest = iconButton("interest", "Where to look: show where many modes are", actions.toggleInterest, "W");
  const start = iconButton("start", "Averages to start from", actions.toggleStart);
  const review = iconButton("review", "Review the keypoints of the images", actions.review, "R");
  const theme = iconButton("theme", "Light or dark", actions.toggleTheme);
  const help = iconButton("help", "Shortcuts and help", actions.openHelp, "?");
  const menu = createMenu(room, actions);
  const names = { drawn: "" };
  store.watch((state) => {
    fillPicker(picker, state, names);
    count.textContent = state.collection ? `${grouped(state.collection.images)} images` : "";
    undo.disabled = !state.canUndo;
    redo.disabled = !state.canRedo;
    clear.disabled = (clusterOf(state)?.edits.length ?? 0) === 0;
    overlay.setAttribute("aria-pressed", String(state.overlay));
    interest.setAttribute("aria-pressed", String(state.interest !== "off"));
    interest.setAttribute("aria-busy", String(state.interest === "busy"));
    start.setAttribute("aria-pressed", String(state.starting));
  });
  return h(
    "div",
    { class: "ax-topbar" },
    h("div", { class: "ax-group" }, picker, actions.rooms, count),
    h("div", { class: "ax-group" }, undo, redo, clear, overlay, interest, start, review, actions.comments),
    h("div", { class: "ax-group" }, actions.people, menu.button, theme, help),
    menu.popover,
  );
}

/**
 * @param {HTMLSelectElement} picker
 * @param {import("./store.js").State} state
 * @param {{drawn: string}} memory
 */
function fillPicker(picker, state, memory) {
  const names = state.collections.length > 0 ? state.collections : [collectionOf(state.collection?.name ?? "")];
  const key = names.join("\n");
  if (key !== memory.drawn) {
    memory.drawn = key;
    picker.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
  }
  if (state.collection) picker.value = collectionOf(state.collection.name);
}

/**
 * @param {import("./room.js").Room} room
 * @param {BarActions} actions
 */
function createMenu(room, actions) {
  const popover = h("div", { class: "ax-popover ax-menu", popover: "auto", "aria-label": "File" });
  const button = h("button", { type: "button", class: "ax-button", "aria-haspopup": "true", "aria-label": "Save and export", title: "Save and export" }, icon("download"), h("span", { class: "ax-wide" }, "Save and export"));
  button.onclick = () => {
    popover.showPopover();
    const box = button.getBoundingClientRect();
    placeAt(popover, { x: box.left - 28, y: box.bottom });
    popover.querySelector("button")?.focus();
  };
  popover.addEventListener("keydown", (event) => moveFocus(popover, event));
  const file = h("input", { type: "file", accept: ".json,application/json", hidden: true });
  file.onchange = () => {
    if (file.files?.[0]) actions.openSession(file.files[0]);
    file.value = "";
  };
  const item = (/** @type {string} */ title, /** @type {string} */ text, /** @type {() => void} */ run) => {
    const entry = h("button", { type: "button", class: "ax-menu-item" }, h("b", {}, title), h("small", {}, text));
    entry.onclick = () => {
      popover.hidePopover();
      run();
    };
    return entry;
  };
  const get = (/** @type {string} */ path, /** @type {Record<string, string | number>} */ query) => () =>
    download(room.url(path, { cluster: room.store.state.clusterId, ...query }));
  popover.append(
    item("Picture, full resolution", "PNG, rendered from the original files", get("export.png", { long_side: 2048 })),
    item("Picture, 16 bit", "TIFF, rendered from the original files", get("export.tiff", { long_side: 2048 })),
    item("Picture, as shown", "PNG at the collection's size", get("average.png", {})),
    item("Ranked list", "CSV with weights and contributions", get("ranking.csv", {})),
    h("hr"),
    item("Save session", "JSON: the edits and keypoints, no pictures", () => download(room.url("session.json"))),
    item("Open session …", "in place of the edits and keypoints here; can be undone", () => file.click()),
    file,
  );
  return { button, popover };
}

/** @param {string} url */
function download(url) {
  const link = h("a", { href: url, download: "" });
  document.body.append(link);
  link.click();
  link.remove();
}
