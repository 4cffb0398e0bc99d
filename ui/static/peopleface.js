// @ts-check
/** A person, as small as can be. */

import { h } from "./dom.js";
import { initials, inkOn } from "./peoplerules.js";

/** @param {import("./messages.js").Person} person @returns {HTMLElement} their initials on their color */
export function face({ name, color, state }) {
  const element = h("span", { class: "ax-face", "data-state": state, title: name, "aria-hidden": "true" }, initials(name));
  element.style.setProperty("--person", color);
  element.style.setProperty("--ink", inkOn(color));
  return element;
}
