// @ts-check
/** The steps around the one that is looked at, the newest first. */

import { authorOf, avatar } from "./authors.js";
import { h } from "./dom.js";
import { ago } from "./scale.js";
import { doerOf } from "./timelinepeople.js";

/** @typedef {import("./timelinepages.js").Item} Item */

const SHOWN = 9;

/**
 * @param {number} at
 * @param {number} newest
 * @param {number} shown how many
 * @returns {readonly number[]} the revisions around one, it in the middle where that can be
 */
export function around(at, newest, shown = SHOWN) {
  const last = Math.min(newest, Math.max(at + Math.floor(shown / 2), shown - 1));
  const first = Math.max(0, last - shown + 1);
  return Array.from({ length: last - first + 1 }, (_, place) => last - place);
}

/** @param {string} words @returns {string} with a capital letter */
export function sentence(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @param {(revision: number) => void} go */
export function createSteps(go) {
  // The slider says the same to those who hear the page, and arrows walk it.
  const element = h("ol", { class: "ax-timeline-steps", "aria-hidden": "true" });
  const show = (
    /** @type {number} */ at,
    /** @type {number} */ newest,
    /** @type {(revision: number) => Item | undefined} */ itemOf,
    /** @type {import("./timelinepeople.js").Cast} */ cast,
  ) => {
    element.replaceChildren(...around(at, newest).map((revision) => {
      const item = itemOf(revision);
      const row = h("li", { class: "ax-timeline-step", "aria-current": String(revision === at), title: item ? sentence(`${doerOf(item.author, cast)} ${item.words}`) : "" });
      const face = item ? avatar({ ...authorOf(cast, item.author), name: doerOf(item.author, cast), ...(item.author ? {} : { initials: "" }) }) : h("span", {});
      const words = revision === 0 ? "The beginning" : item ? sentence(item.words) : "…";
      row.append(face, h("span", { class: "ax-timeline-words" }, words), h("small", { class: "ax-muted" }, item ? ago(item.time, Date.now() / 1000) : ""));
      row.onclick = () => go(revision);
      return row;
    }));
  };
  return { element, show };
}
