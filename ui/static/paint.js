// @ts-check
/**
 * The tools: from a hand's points to edits. It knows neither pointer nor keyboard nor socket, so both
 * hands use it and it can be tested alone.
 */

import { erase } from "./eraser.js";
import { modeUnder } from "./examples.js";
import { isStroke } from "./messages.js";
import { distanceToPath, joins, move, thin } from "./stroke.js";

/** @typedef {import("./stroke.js").Point} Point */
/** @typedef {import("./messages.js").Edit} Edit */
/** @typedef {import("./messages.js").Stroke} Stroke */

/**
 * @typedef {object} Host what the tools need of the page
 * @property {() => {tool: import("./store.js").Tool, color: import("./messages.js").Rgb, radius: Record<import("./store.js").Brush, number>, aspect: number, edits: readonly Edit[], selected: string | null}} settings `edits` has at once what was put and removed
 * @property {(edit: Stroke | null) => void} preview
 * @property {(edit: Stroke) => void} put
 * @property {(editId: string) => void} remove
 * @property {(editId: string | null) => void} select
 * @property {() => string} newId
 * @property {() => number} nowS
 */

/** Samples closer than this share of the radius are not worth sending. */
const SPACING = 0.2;
const LEAST_SPACING = 0.003;
/** How near to a stroke a press must be to take it, beyond its radius. */
const REACH = 0.02;

export class Painter {
  /** @type {Point[]} */
  #path = [];
  /** @type {Stroke | null} the stroke that is joined or moved */
  #base = null;
  /** @type {{id: string, kind: string, endedS: number} | null} */
  #last = null;
  /** @type {import("./store.js").Tool | null} the tool in use */
  active = null;
  /** @type {Map<string, Stroke | null>} edits as the hand makes them now; null is erased */
  changed = new Map();

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
  }

  /**
   * @param {Point} point
   * @param {{shift: boolean}} keys
   */
  begin(point, { shift }) {
    const { tool, edits, selected, aspect } = this.host.settings();
    this.active = tool;
    this.#path = [point];
    this.changed.clear();
    this.#base = null;
    if (tool === "select") {
      this.#base = hit(edits, point, aspect, selected);
      const taken = this.#base ?? modeUnder(edits, point, aspect);
      this.host.select(taken?.id ?? null);
      return;
    }
    if (tool === "color" || tool === "sketch") this.#base = this.#joined(tool, edits, shift) ?? this.#fresh(tool);
    this.#follow();
  }

  /** @param {readonly Point[]} points */
  extend(points) {
    if (this.active === null) return;
    this.#path.push(...points);
    this.#follow();
  }

  end() {
    if (this.active === null) return;
    const tool = this.active;
    this.active = null;
    for (const [id, edit] of this.changed) {
      if (edit === null) this.host.remove(id);
      else this.host.put(edit);
      if (tool === "color" || tool === "sketch") {
        this.#last = { id, kind: tool, endedS: this.host.nowS() };
        this.host.select(id);
      }
    }
    this.changed.clear();
  }

  /** Forget the stroke in progress. */
  cancel() {
    this.active = null;
    this.changed.clear();
    this.host.preview(null);
  }

  #follow() {
    const { tool, aspect } = { ...this.host.settings(), tool: this.active };
    if (tool === "eraser") this.#erase();
    else if (tool === "select") this.#move();
    else if (this.#base !== null) {
      const spacing = Math.max(LEAST_SPACING, this.#base.radius * SPACING);
      const paths = [...this.#base.paths, thin(this.#path, spacing, aspect)];
      this.#show({ ...this.#base, paths });
    }
  }

  #erase() {
    const { edits, radius, aspect } = this.host.settings();
    const eraser = thin(this.#path, radius.eraser * SPACING, aspect);
    for (const edit of edits) {
      if (!isStroke(edit) || !edit.enabled) continue;
      const paths = erase(edit.paths, eraser, radius.eraser, aspect);
      if (paths === null) continue;
      this.changed.set(edit.id, paths.length > 0 ? { ...edit, paths } : null);
    }
    const newest = [...this.changed.values()].filter((edit) => edit !== null).at(-1);
    if (newest) this.host.preview(newest);
  }

  #move() {
    const [from, to] = [this.#path[0], this.#path.at(-1)];
    if (!this.#base || !from || !to) return;
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    if (dx !== 0 || dy !== 0) this.#show({ ...this.#base, paths: move(this.#base.paths, dx, dy) });
  }

  /** @param {Stroke} edit */
  #show(edit) {
    this.changed.set(edit.id, edit);
    this.host.preview(edit);
  }

  /**
   * @param {"color" | "sketch"} tool
   * @param {readonly Edit[]} edits
   * @param {boolean} shift
   * @returns {Stroke | null} the stroke that the next line belongs to
   */
  #joined(tool, edits, shift) {
    const last = edits.find((edit) => edit.id === this.#last?.id);
    if (!last || !isStroke(last)) return null;
    const { color } = this.host.settings();
    if (last.kind === "color" && String(last.color) !== String(color)) return null;
    return joins(this.#last, { kind: tool, beganS: this.host.nowS(), shift }) ? last : null;
  }

  /**
   * @param {"color" | "sketch"} tool
   * @returns {Stroke}
   */
  #fresh(tool) {
    const { color, radius } = this.host.settings();
    const common = { id: this.host.newId(), paths: [], radius: radius[tool], strength: 1, enabled: true, reach: /** @type {const} */ ("near") };
    return tool === "color" ? { kind: "color", ...common, color } : { kind: "sketch", ...common };
  }
}

/**
 * Find the stroke under a point: the selected one if it is there, else the newest.
 *
 * @param {readonly Edit[]} edits
 * @param {Point} point
 * @param {number} aspect
 * @param {string | null} selected
 * @returns {Stroke | null}
 */
export function hit(edits, point, aspect, selected) {
  const under = edits
    .filter(isStroke)
    .filter((edit) =>
      edit.paths.some((path) => distanceToPath(path, point, aspect) < edit.radius + REACH),
    );
  return under.find((edit) => edit.id === selected) ?? under.at(-1) ?? null;
}
