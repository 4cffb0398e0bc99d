// @ts-check
/** The cursors of the others on the average that this page looks at: drawn over it, and never in the way of the hand. */

import { h } from "./dom.js";
import { inkOn } from "./peoplerules.js";
import { aspectOf, clusterOf } from "./store.js";
import { toView } from "./zoom.js";

/** @typedef {import("./messages.js").Person} Person */

/** So long after the last movement the name is read, and goes, so that the picture is free. */
const NAMED_MS = 4000;
/** A name needs so much room beside the cursor. */
const NAME_PX = 120;
const ARROW = "M1 1v15.5l4.2-3.9 2.6 6.2 2.700-1.100-2.600-6.100h5.800z";

export class Cursors {
  element = h("div", { class: "ax-cursors", "aria-hidden": "true" });
  /** @type {Map<string, Cursor>} by person */
  #cursors = new Map();

  /** @param {import("./canvas.js").Canvas} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    canvas.frame.append(this.element);
    canvas.onLook = () => this.follow();
    canvas.store.watchMoves(() => this.follow());
  }

  /** Show who points where now, at the part of the canvas that is seen. */
  follow() {
    const { state } = this.canvas.store;
    const focus = clusterOf(state)?.id;
    const shown = state.people.filter(({ id, cluster, at }) => id !== state.person && at !== null && cluster === focus);
    for (const [id, cursor] of this.#cursors) {
      if (shown.some((person) => person.id === id)) continue;
      cursor.element.remove();
      this.#cursors.delete(id);
    }
    if (shown.length === 0) return;
    // Asked once, before anything moves: each question after a movement would lay the page out again.
    const seen = { view: this.canvas.view, aspect: aspectOf(state), width: this.canvas.frame.clientWidth };
    for (const person of shown) this.#cursor(person).update(person, seen, person.author === state.author);
  }

  /** @param {Person} person */
  #cursor({ id }) {
    const known = this.#cursors.get(id);
    if (known) return known;
    const cursor = new Cursor();
    this.#cursors.set(id, cursor);
    this.element.append(cursor.element);
    return cursor;
  }
}

class Cursor {
  #name = h("span", { class: "ax-cursor-name" });
  #ring = h("span", { class: "ax-cursor-ring", hidden: true });
  element = h("div", { class: "ax-cursor" }, this.#ring, arrow(), this.#name);
  #at = "";
  #look = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;

  /**
   * @param {Person} person
   * @param {{view: import("./zoom.js").View, aspect: number, width: number}} canvas what is seen of it, height / width, its width in pixels
   * @param {boolean} isMine another page of the same person
   */
  update({ id, at, name, color, radius, state, tool }, { view, aspect, width }, isMine) {
    if (!at) return;
    const [x, y] = toView(view, at);
    const { style, classList } = this.element;
    const words = isMine ? "You, in another window" : name;
    const look = [id, state, tool, color, words].join("\n");
    if (look !== this.#look) this.#dress({ id, state, tool, color, words });
    this.#look = look;
    style.transform = `translate(${(100 * x).toFixed(3)}%, ${(100 * y).toFixed(3)}%)`;
    classList.toggle("ax-outside", x < 0 || y < 0 || x > 1 || y > 1);
    classList.toggle("ax-to-left", (1 - x) * width < NAME_PX);
    classList.toggle("ax-to-top", (1 - y) * width * aspect < NAME_PX / 3);
    this.#ring.hidden = radius === null;
    const across = 200 * (radius ?? 0) * view.scale;
    if (radius !== null) Object.assign(this.#ring.style, { width: `${across}%`, height: `${across / aspect}%` });
    if (String(at) !== this.#at) this.#moved(String(at));
  }

  /** What seldom changes is set only then: a color that is set anew is looked up anew by all that is in it. @param {{id: string, state: string, tool: string, color: string, words: string}} look */
  #dress({ id, state, tool, color, words }) {
    Object.assign(this.element.dataset, { person: id, state, tool });
    this.element.style.setProperty("--person", color);
    this.element.style.setProperty("--ink", inkOn(color));
    this.#name.textContent = words;
  }

  /** @param {string} at */
  #moved(at) {
    this.#at = at;
    this.element.classList.remove("ax-at-rest");
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.element.classList.add("ax-at-rest"), NAMED_MS);
  }
}

function arrow() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 20");
  svg.setAttribute("class", "ax-cursor-arrow");
  for (const name of ["ax-cursor-shade", "ax-cursor-body"]) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", ARROW);
    path.setAttribute("class", name);
    svg.append(path);
  }
  return svg;
}
