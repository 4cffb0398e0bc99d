// @ts-check
/** Draws keypoints, edges and arrows over a photograph, as an SVG in the stage's pixels. */

import { colorOfKeypoint } from "./schema.js";
import { confidenceCss } from "./reviewrules.js";
import { arrowPath, toStage } from "./reviewview.js";

/** @typedef {import("./reviewrules.js").Shown} Shown */
/** @typedef {import("./reviewview.js").Spot} Spot */

/**
 * @typedef {object} Drawing
 * @property {readonly Shown[]} points
 * @property {import("./reviewrules.js").Schema} schema
 * @property {import("./reviewview.js").View} view
 * @property {string | null} selected
 * @property {string | null} hovered
 * @property {boolean} beside
 * @property {"confidence" | "keypoint"} colors
 * @property {readonly import("./reviewagreement.js").Apart[]} apart
 * @property {readonly import("./reviewrules.js").Move[]} moves
 */

const SPACE = "http://www.w3.org/2000/svg";
/** Two persons' points are told apart by these. */
export const PERSONS = /** @type {const} */ (["#22b8cf", "#f783ac"]);

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...SVGElement} children
 */
function s(tag, attributes, ...children) {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

export class PointInk {
  #under = s("g", {});
  #points = s("g", {});
  #over = s("g", {});
  element = s("svg", { class: "ax-review-ink", "aria-hidden": "true" }, this.#under, this.#points, this.#over);
  /** @type {Map<string, Dot>} */
  #dots = new Map();

  /** @param {Drawing} drawing */
  draw(drawing) {
    this.#under.replaceChildren(...edges(drawing), ...drawing.moves.map((move) => arrow(drawing, move)), ...drawing.points.flatMap((point) => beside(drawing, point)));
    this.#over.replaceChildren(...drawing.apart.flatMap((one) => pair(drawing, one)));
    const shown = drawing.points.filter(({ at }) => at !== null);
    for (const point of shown) this.#dotOf(point.keypoint.id).draw(drawing, point);
    const ids = new Set(shown.map(({ keypoint }) => keypoint.id));
    for (const [id, dot] of this.#dots) {
      if (ids.has(id)) continue;
      dot.element.remove();
      this.#dots.delete(id);
    }
    const selected = this.#dots.get(drawing.selected ?? "")?.element;
    if (selected && selected !== this.#points.lastElementChild) this.#points.append(selected);
  }

  /** @param {string} id */
  #dotOf(id) {
    const known = this.#dots.get(id);
    if (known) return known;
    const dot = new Dot(id);
    this.#dots.set(id, dot);
    this.#points.append(dot.element);
    return dot;
  }
}

/** A laid point is solid, a proposed one hollow; one that is hidden in the picture has a broken ring. */
class Dot {
  #halo = s("circle", { class: "ax-ink-halo" });
  #dot = s("circle", { class: "ax-ink-dot" });
  #core = s("circle", { class: "ax-ink-core", r: 1.6 });

  /** @param {string} id */
  constructor(id) {
    this.element = s("g", { "data-keypoint": id }, this.#halo, this.#dot, this.#core);
  }

  /** @param {Drawing} drawing @param {Shown} point */
  draw(drawing, point) {
    if (!point.at) return;
    const { id } = point.keypoint;
    const [x, y] = place(drawing, point.at);
    const isSelected = id === drawing.selected;
    const radius = isSelected ? 6.5 : id === drawing.hovered ? 6 : 4.2;
    const kind = point.source === "proposed" ? "ax-ink-hollow" : point.state === "occluded" ? "ax-ink-occluded" : "ax-ink-solid";
    this.element.setAttribute("class", `ax-ink-point ${kind}${isSelected ? " ax-ink-selected" : ""}`);
    this.element.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)})`);
    this.element.setAttribute("data-source", point.source);
    this.element.style.setProperty("--ink", colorOf(drawing, point));
    this.#halo.setAttribute("r", String(radius + 1.6));
    this.#dot.setAttribute("r", String(radius));
    this.#core.setAttribute("visibility", point.source === "hand" ? "visible" : "hidden");
  }
}

/** @param {Drawing} drawing @param {Shown} point */
function colorOf({ colors, schema }, { keypoint, confidence }) {
  return colors === "keypoint" ? colorOfKeypoint(schema, keypoint.id) : confidenceCss(confidence);
}

/** @param {Drawing} drawing @param {readonly [number, number]} at */
function place({ view }, at) {
  return toStage(view, at);
}

/** @param {Drawing} drawing */
function edges(drawing) {
  const at = new Map(drawing.points.map((point) => [point.keypoint.id, point.at]));
  const path = drawing.schema.edges.map(([one, other]) => {
    const [from, to] = [at.get(one), at.get(other)];
    if (!from || !to) return "";
    const [a, b] = [place(drawing, from), place(drawing, to)];
    return `M${a[0].toFixed(1)} ${a[1].toFixed(1)}L${b[0].toFixed(1)} ${b[1].toFixed(1)}`;
  });
  const d = path.join("");
  return d ? [s("path", { class: "ax-ink-edge ax-ink-under", d }), s("path", { class: "ax-ink-edge", d })] : [];
}

/** What is proposed where something else is laid, with a line between. @param {Drawing} drawing @param {Shown} point */
function beside(drawing, { keypoint, at, other, source }) {
  const isAsked = drawing.beside || keypoint.id === drawing.selected;
  if (!other || !at || !isAsked || source === "proposed") return [];
  const [to, from] = [place(drawing, [other.x, other.y]), place(drawing, at)];
  if (Math.hypot(to[0] - from[0], to[1] - from[1]) < 3) return [];
  const ring = s("g", { class: "ax-ink-point ax-ink-hollow ax-ink-beside" }, s("circle", { class: "ax-ink-halo", cx: to[0], cy: to[1], r: 5 }), s("circle", { class: "ax-ink-dot", cx: to[0], cy: to[1], r: 4 }));
  ring.style.setProperty("--ink", confidenceCss(other.confidence));
  return [s("line", { class: "ax-ink-beside-line", x1: from[0], y1: from[1], x2: to[0], y2: to[1] }), ring];
}

/** From where a point is to where it would be. @param {Drawing} drawing @param {import("./reviewrules.js").Move} move */
function arrow(drawing, { keypoint, from, to }) {
  const end = place(drawing, to);
  const d = arrowPath(place(drawing, from), end, 9);
  return s("g", { class: "ax-ink-arrow", "data-move": keypoint }, s("path", { class: "ax-ink-under", d }), s("path", { d }), s("circle", { cx: end[0], cy: end[1], r: 3 }));
}

/** Two persons' points of one keypoint. @param {Drawing} drawing @param {import("./reviewagreement.js").Apart} apart */
function pair(drawing, { a, b }) {
  const [one, other] = [place(drawing, [a.x, a.y]), place(drawing, [b.x, b.y])];
  const ends = [one, other].map(([x, y], at) => {
    const end = s("circle", { class: "ax-ink-person", cx: x, cy: y, r: 6 });
    end.style.setProperty("--ink", PERSONS[at] ?? "");
    return end;
  });
  return [s("line", { class: "ax-ink-apart", x1: one[0], y1: one[1], x2: other[0], y2: other[1] }), ...ends];
}
