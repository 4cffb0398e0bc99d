// @ts-check
/** Below a photograph: which it is, what can be done with it, and the keys that do so. */

import { h } from "./dom.js";
import { createClaimChip } from "./reviewclaims.js";
import { nameParts } from "./reviewrules.js";
import { grouped } from "./scale.js";
import { keyOf } from "./shortcuts.js";

/**
 * @typedef {object} ReviewActions
 * @property {(direction: 1 | -1) => void} step
 * @property {() => void} accept
 * @property {(dx: number, dy: number, isFast: boolean) => void} arrow
 * @property {(state: import("./reviewrules.js").PointState) => void} say
 * @property {() => void} takeAway
 * @property {(direction: 1 | -1) => void} walk through the keypoints
 * @property {(factor: number) => void} zoom
 * @property {() => void} fit
 * @property {() => void} toggleReviewed
 * @property {(what: "beside" | "colors") => void} toggle
 * @property {() => void} undo
 * @property {() => void} redo
 */

/** What the keys do in the review, for the sheet of shortcuts too. @type {readonly (readonly [readonly string[], string])[]} */
export const IMAGE_KEYS = [
  [["Enter"], "Accept what is proposed for the image, and go to the next worst"],
  [["J", "K"], "Next, previous image (or ↓ and ↑ while no point is selected)"],
  [["[", "]"], "Previous, next keypoint"],
  [["←", "↑", "↓", "→"], "Move the selected point by 1 pixel of the photograph (Shift: 10)"],
  [["V", "O", "A"], "It is visible, occluded, absent"],
  [["Delete"], "Take the correction away"],
  [["M"], "Mark as reviewed, or not"],
  [["+", "-", "0"], "Zoom (or the wheel), fit"],
  [["P", "C"], "Show proposals beside laid points; color by confidence or by keypoint"],
];

const ARROWS = /** @type {Readonly<Record<string, readonly [number, number]>>} */ ({
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
});

/**
 * @param {KeyboardEvent} event
 * @param {import("./reviewmodel.js").State["tab"]} tab
 * @param {ReviewActions} actions
 * @returns {(() => void) | null} what the key does
 */
export function reviewKey(event, tab, actions) {
  const key = keyOf(event);
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (event.defaultPrevented || target?.matches("input:not([type=range]), select, textarea")) return null;
  if (key === "Ctrl+Z") return actions.undo;
  if (key === "Ctrl+Shift+Z" || key === "Ctrl+Y") return actions.redo;
  if (tab !== "images" || target?.matches("input")) return null;
  // Where a button has the focus, Enter presses it; in the lists it means the image.
  if ((key === "Enter" || key === " ") && target?.matches("button:not(.ax-point), a, summary")) return null;
  const arrow = ARROWS[event.key];
  if (arrow && !event.ctrlKey && !event.altKey && !event.metaKey) return () => actions.arrow(arrow[0], arrow[1], event.shiftKey);
  return runs(actions)[key] ?? null;
}

/** @param {ReviewActions} actions @returns {Readonly<Record<string, () => void>>} */
function runs(actions) {
  return {
    Enter: actions.accept,
    J: () => actions.step(1),
    K: () => actions.step(-1),
    "[": () => actions.walk(-1),
    "]": () => actions.walk(1),
    V: () => actions.say("visible"),
    O: () => actions.say("occluded"),
    A: () => actions.say("absent"),
    Delete: actions.takeAway,
    M: actions.toggleReviewed,
    "+": () => actions.zoom(1.5),
    "-": () => actions.zoom(1 / 1.5),
    0: actions.fit,
    P: () => actions.toggle("beside"),
    C: () => actions.toggle("colors"),
  };
}

/**
 * @param {import("./reviewmodel.js").ReviewModel} model
 * @param {ReviewActions} actions
 */
export function createReviewFoot(model, actions) {
  const name = h("b", { class: "ax-cut-name ax-foot-name" });
  const words = h("span", { class: "ax-muted ax-foot-words" });
  const beside = chip("Proposals", "Show what is proposed beside points that are laid (P)", () => actions.toggle("beside"));
  const colors = chip("Confidence", "Colors say how sure a point is, or which keypoint it is (C)", () => actions.toggle("colors"));
  const fit = chip("Fit", "Show the whole photograph (0, or double click)", actions.fit);
  const reviewed = chip("Reviewed", "Somebody has looked at all points of the image (M)", actions.toggleReviewed);
  reviewed.dataset["needs"] = "put_review";
  const accept = h("button", { type: "button", "data-needs": "put_review", class: "ax-button ax-primary", title: "Lay down what is proposed where nothing is yet, mark the image as reviewed, go to the next worst (Enter)", onclick: actions.accept });
  model.watch(({ image, id, beside: isBeside, colors: by }) => {
    name.replaceChildren(...nameParts(image?.name ?? "").filter(Boolean).map((part) => h("span", {}, part)));
    name.title = image?.name ?? "";
    words.textContent = image ? `${grouped(image.width)} × ${grouped(image.height)} px` : "";
    beside.setAttribute("aria-pressed", String(isBeside));
    colors.setAttribute("aria-pressed", String(by === "confidence"));
    reviewed.setAttribute("aria-pressed", String(model.isReviewed));
    for (const button of [accept, reviewed, fit]) button.disabled = !image;
    const proposed = model.points.filter(({ source }) => source === "proposed").length;
    accept.replaceChildren(proposed > 0 ? `Accept ${proposed} and next` : "Reviewed, next", h("kbd", { "aria-hidden": "true" }, "↵"));
    accept.hidden = id === null;
  });
  return h("div", { class: "ax-review-foot" }, h("div", { class: "ax-foot-title" }, name, words), h("div", { class: "ax-row" }, beside, colors, fit, createClaimChip(model), reviewed), accept);
}

/** @param {string} label @param {string} title @param {() => void} onclick */
function chip(label, title, onclick) {
  return h("button", { type: "button", class: "ax-button ax-chip", title, onclick }, label);
}
