// @ts-check
/** Who this browser is in the rooms: a random id and the name that its person goes by, both kept here. */

import { guestName, properName } from "./peoplerules.js";
import { newId } from "./socket.js";

const AUTHOR = "avex-author";
const NAME = "avex-name";
const NAMES = "avex-names";

/** @returns {string} random, kept, tells nothing about the person */
export function authorId() {
  const known = localStorage.getItem(AUTHOR);
  if (known && /^[A-Za-z0-9_-]{1,64}$/.test(known)) return known;
  const author = newId("a");
  localStorage.setItem(AUTHOR, author);
  return author;
}

/** @returns {string} chosen by the person, or a guest's */
export function ownName() {
  return properName(localStorage.getItem(NAME) ?? "") || guestName(authorId());
}

/**
 * @param {{people: readonly import("./messages.js").Person[], person: string, isNamed: boolean}} state `isNamed`: by the server, whatever one chose
 * @returns {string} by which the others know one
 */
export function nameHere({ people, person, isNamed }) {
  const known = isNamed ? people.find(({ id }) => id === person)?.name : "";
  return known || ownName();
}

/**
 * @param {string} typed nothing takes the guest's name back
 * @returns {string} the name from now on
 */
export function keepName(typed) {
  const name = properName(typed);
  if (name) localStorage.setItem(NAME, name);
  else localStorage.removeItem(NAME);
  return ownName();
}

/** @returns {import("./peoplerules.js").Names} of people who were met here before */
export function rememberedNames() {
  try {
    return new Map(JSON.parse(localStorage.getItem(NAMES) ?? "[]"));
  } catch {
    return new Map();
  }
}

/**
 * Keep the names of those who are met, for when they have left.
 *
 * @param {import("./store.js").Store} store
 */
export function rememberNames(store) {
  let kept = store.state.names;
  store.watch(({ names }) => {
    if (names === kept) return;
    kept = names;
    localStorage.setItem(NAMES, JSON.stringify([...names]));
  });
}
