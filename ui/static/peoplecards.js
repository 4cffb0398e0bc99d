// @ts-check
/** On the cards of clusters: which of the others look at them. */

import { h } from "./dom.js";
import { face } from "./peopleface.js";
import { byAuthor } from "./peoplerules.js";

/** @typedef {import("./messages.js").Person} Person */

const SHOWN = 3;

/**
 * @param {import("./store.js").State} state
 * @param {string} cluster
 * @returns {readonly Person[]} the others who look at it
 */
export function lookersAt({ people, author }, cluster) {
  return byAuthor(people.filter((person) => person.cluster === cluster && person.author !== author));
}

/**
 * @param {HTMLElement} element
 * @param {readonly Person[]} lookers
 * @returns {string} the same in words, "" if nobody looks
 */
export function showLookers(element, lookers) {
  const words = lookers.length > 0 ? `, looked at by ${lookers.map(({ name }) => name).join(", ")}` : "";
  const key = JSON.stringify(lookers.map(({ id, name, color, state }) => [id, name, color, state]));
  if (element.dataset["shown"] === key) return words;
  element.dataset["shown"] = key;
  element.hidden = lookers.length === 0;
  element.replaceChildren(...lookers.slice(0, SHOWN).map((person) => face(person)));
  if (lookers.length > SHOWN) element.append(h("span", { class: "ax-people-more" }, `+${lookers.length - SHOWN}`));
  return words;
}
