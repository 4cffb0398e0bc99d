// @ts-check
/** What stands for the person who said something, also when they are gone: name, color, initials. */

import { h } from "./dom.js";
import { ownName } from "./myself.js";
import { initials, inkOn } from "./peoplerules.js";
import { colorOfAuthor } from "./timelinepeople.js";

/** @typedef {{name: string, color: string, initials: string, isMe: boolean}} Author */
/**
 * @param {{author: string, names: import("./peoplerules.js").Names}} state who this is, and who was heard of
 * @param {string} author an id
 * @param {string} [then] how this one was called when they said something
 * @returns {Author}
 */
export function authorOf(state, author, then = "") {
  const { author: me, names } = state;
  const name = author === me ? ownName() : (names.get(author)?.name ?? then);
  return { name: author === me ? "You" : name || "Somebody", color: colorOfAuthor(author, state), initials: name ? initials(name) : "?", isMe: author === me };
}

/** @param {Author} author @returns {HTMLElement} their initials on their color */
export function avatar({ name, color, initials: letters }) {
  const element = h("span", { class: "ax-avatar", title: name, "aria-hidden": "true" }, letters);
  element.style.setProperty("--author", color);
  element.style.setProperty("--ink", inkOn(color));
  return element;
}
