// @ts-check
/**
 * What waits to be sent: operations until they are answered, previews and hovers by "newest wins". Pure: no
 * socket, no clock of its own.
 */

import { hover, operate, preview } from "./messages.js";

/** @typedef {import("./messages.js").Operate} Operate */
/** @typedef {import("./messages.js").Scored} Scored */
/** @typedef {import("./stroke.js").Point} Point */

/** A request without an answer is given up after this time, so that a lost frame never stops the canvas. */
export const PATIENCE_S = 1.5;

/** Operations in order, kept until the server has answered each by its id. */
export class Outbox {
  /** @type {Operate[]} */
  #waiting = [];

  /** @returns {readonly Operate[]} what must be sent again after a reconnection */
  get waiting() {
    return this.#waiting;
  }

  /**
   * @param {string} opId
   * @param {import("./messages.js").Operation} operation
   * @returns {Operate} the message to send
   */
  add(opId, operation) {
    const message = operate(opId, operation);
    this.#waiting.push(message);
    return message;
  }

  /**
   * @param {string | null} opId answered, whether applied or refused
   * @returns {Operate | null} what was answered, null for what is not of this page
   */
  settle(opId) {
    const answered = this.#waiting.find((message) => message.op_id === opId) ?? null;
    if (answered) this.#waiting = this.#waiting.filter((message) => message !== answered);
    return answered;
  }

  /** @param {readonly Operate[]} kept what waited before this page was loaded; it goes first */
  restore(kept) {
    const known = new Set(this.#waiting.map(({ op_id }) => op_id));
    this.#waiting = [...kept.filter(({ op_id }) => !known.has(op_id)), ...this.#waiting];
  }

  /** What waits is somebody else's, or another room's. */
  clear() {
    this.#waiting = [];
  }
}

/**
 * One request in flight; of what is wanted meanwhile only the newest is remembered.
 *
 * @template Wanted, Message
 */
export class Newest {
  #request = 0;
  #inFlight = 0;
  #sentS = 0;
  /** @type {Wanted | null} */
  #next = null;
  /** what the hand still holds, sent or not. @type {Wanted | null} */
  #held = null;

  /** @param {(request: number, wanted: Wanted) => Message} write */
  constructor(write) {
    this.write = write;
  }

  /** @param {Wanted} wanted */
  offer(wanted) {
    this.#next = this.#held = wanted;
  }

  /** Forget what was not sent. */
  drop() {
    this.#next = this.#held = null;
  }

  /** The connection is new: nothing is in flight, and what the hand still holds is asked for again. */
  reset() {
    this.#inFlight = 0;
    this.#next = this.#held;
  }

  /** @param {number} request the number that is answered */
  acknowledge(request) {
    if (request >= this.#inFlight) this.#inFlight = 0;
  }

  /**
   * @param {number} nowS
   * @returns {Message | null} what may be sent now
   */
  take(nowS) {
    const isBusy = this.#inFlight > 0 && nowS - this.#sentS < PATIENCE_S;
    if (isBusy || this.#next === null) return null;
    const wanted = this.#next;
    this.#next = null;
    this.#inFlight = ++this.#request;
    this.#sentS = nowS;
    return this.write(this.#request, wanted);
  }
}

/** The average with an edit in progress (null: without one). */
export function newestPreview() {
  return new Newest((request, /** @type {{cluster: string, edit: Scored | null}} */ { cluster, edit }) =>
    preview(request, cluster, edit),
  );
}

/** What the explorer brush looks at. */
export function newestHover() {
  return new Newest((request, /** @type {{cluster: string, point: Point, size: number}} */ { cluster, point, size }) =>
    hover(request, cluster, point, size),
  );
}

/**
 * @param {number} attempt 0 for the first
 * @param {number} random in [0, 1)
 * @returns {number} seconds to wait before connecting again
 */
export function backOff(attempt, random) {
  return Math.min(8, 0.25 * 2 ** Math.min(attempt, 9)) * (0.75 + random / 2);
}
