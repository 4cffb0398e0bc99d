// @ts-check
/** Tells what was just done where undoing it is likely, with a button that does so. */

import { h } from "./dom.js";

const SHOWN_MS = 9000;

/** @param {import("./clusteractions.js").ClusterActions} actions */
export function createToast(actions) {
  const { store } = actions;
  const words = h("span", {});
  const undo = h("button", { type: "button", class: "ax-button ax-chip", onclick: () => actions.undo() }, "Undo");
  const element = h("div", { class: "ax-toast", role: "status", hidden: true }, words, undo);
  /** @type {import("./store.js").State["undoable"]} */
  let shown = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => element.matches(":hover, :focus-within") ? wait() : store.update({ undoable: null }), SHOWN_MS);
  };
  store.watch(({ undoable }) => {
    if (undoable === shown) return;
    shown = undoable;
    element.hidden = undoable === null;
    if (!undoable) return;
    words.textContent = undoable.text;
    wait();
  });
  return element;
}
