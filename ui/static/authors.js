// @ts-check
/** What stands for the person who said something, also when they are gone: name, color, initials. */

import { h } from "./dom.js";
import { guestName, initials } from "./peoplerules.js";

/** @typedef {{name: string, color: string, initials: string, isMe: boolean}} Author */
/** @typedef {import("./messages.js").Person} Person */

const KEY = "avex-authors";
const KEPT = 500;
/** How people were called when they were last seen in this browser. */
const HEARD = remembered();

/**
 * @param {{author: string, people: readonly Person[]}} state who this is, and who is here
 * @param {string} author an id
 * @returns {Author} of somebody who was never heard of, a name that is always the same
 */
export function authorOf({ author: me, people }, author) {
  const here = people.find((person) => person.author === author);
  const [heard, color] = here ? [here.name, here.color] : (HEARD.get(author) ?? ["", ""]);
  const name = heard || guestName(author);
  return { name: author === me ? "You" : name, color: color || hueOf(author), initials: initials(name), isMe: author === me };
}

/**
 * Keep how those who are here are called, for when they are not.
 *
 * @param {readonly Person[]} people
 */
export function rememberAuthors(people) {
  const isNew = people.filter(({ author, name, color }) => name && HEARD.get(author)?.join() !== [name, color].join());
  if (isNew.length === 0) return;
  for (const { author, name, color } of isNew) {
    HEARD.delete(author);
    HEARD.set(author, [name, color]);
  }
  localStorage.setItem(KEY, JSON.stringify([...HEARD].slice(-KEPT)));
}

/** @param {Author} author @returns {HTMLElement} their initials on their color */
export function avatar({ name, color, initials: letters }) {
  const element = h("span", { class: "ax-avatar", title: name, "aria-hidden": "true" }, letters);
  element.style.setProperty("--author", color);
  return element;
}

/** @param {string} author */
function hueOf(author) {
  const sum = [...author].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 360, 0);
  return `hsl(${sum} 60% 38%)`;
}

/** @returns {Map<string, readonly [name: string, color: string]>} */
function remembered() {
  try {
    return new Map(JSON.parse(globalThis.localStorage?.getItem(KEY) ?? "[]"));
  } catch {
    return new Map();
  }
}
