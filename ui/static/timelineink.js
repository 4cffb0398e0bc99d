// @ts-check
/** The strokes that were there at a step, over its average; the one that the step put down stands out. */

import { h } from "./dom.js";
import { isStroke } from "./messages.js";
import { clear, drawStroke } from "./overlay.js";

/** Strokes are asked for where one stays for this time, not for all steps that are passed. */
const REST_MS = 150;
const LONG_SIDE = 900;

/** @typedef {import("./messages.js").Entry} Entry */
/** @typedef {{revision: number, cluster: string, time: number | null}} Wanted `time`: of the step, as its edit has it */

export class TimelineInk {
  element = h("canvas", { class: "ax-timeline-ink", "aria-hidden": "true" });
  #scratch = h("canvas");
  #asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;

  /**
   * @param {import("./branchesapi.js").RoomApi} api
   * @param {() => number} aspect height of an average over its width
   */
  constructor(api, aspect) {
    this.api = api;
    this.aspect = aspect;
  }

  hide() {
    clearTimeout(this.#rest);
    this.#asked += 1;
    this.element.hidden = true;
  }

  /** @param {Wanted} wanted */
  show(wanted) {
    this.hide();
    const asked = this.#asked;
    this.#rest = setTimeout(() => this.#load(wanted, asked), REST_MS);
  }

  /** @param {Wanted} wanted @param {number} asked */
  async #load({ revision, cluster, time }, asked) {
    // Strokes are only a help: without them the average is still to be seen.
    const { session } = await this.api.at(revision).catch(() => ({ session: null }));
    if (asked !== this.#asked || !session) return;
    this.#draw(session.clusters.find(({ id }) => id === cluster)?.edits ?? [], time);
    this.element.hidden = false;
  }

  /** @param {readonly Entry[]} entries @param {number | null} time */
  #draw(entries, time) {
    const aspect = this.aspect();
    const [width, height] = [LONG_SIDE / Math.max(1, aspect), (LONG_SIDE * aspect) / Math.max(1, aspect)].map(Math.round);
    for (const canvas of [this.element, this.#scratch]) Object.assign(canvas, { width, height });
    const [context, scratch] = [this.element.getContext("2d"), this.#scratch.getContext("2d")];
    if (!context || !scratch || !width || !height) return;
    const sheet = { context, scratch, width, height, ratio: Math.max(1, width / (this.element.clientWidth || width)) };
    clear(sheet);
    for (const { edit, time: put } of entries) {
      if (isStroke(edit) && edit.enabled) drawStroke(sheet, edit, put === time ? "marked" : "quiet");
    }
  }
}
