// @ts-check
/**
 * What waits to be sent: operations until they are answered, previews by "newest wins". Pure: no socket,
 * no clock of its own.
 */

import { operate, preview } from "./messages.js";

/** @typedef {import("./messages.js").Operate} Operate */
/** @typedef {import("./messages.js").Preview} Preview */
/** @typedef {import("./messages.js").Stroke} Stroke */

/** An unanswered preview is given up after this time, so that a lost frame never stops the canvas. */
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

  /** @param {string | null} opId answered, whether applied or refused */
  settle(opId) {
    this.#waiting = this.#waiting.filter((message) => message.op_id !== opId);
  }
}

/** One preview in flight; of what is drawn meanwhile only the newest is remembered. */
export class NewestPreview {
  #request = 0;
  #inFlight = 0;
  #sentS = 0;
  /** @type {{cluster: string, edit: Stroke | null} | null} */
  #next = null;

  /**
   * @param {string} cluster
   * @param {Stroke | null} edit
   */
  offer(cluster, edit) {
    this.#next = { cluster, edit };
  }

  /** Forget what was not sent. */
  drop() {
    this.#next = null;
  }

  /** The connection is new: nothing is in flight. */
  reset() {
    this.#inFlight = 0;
    this.#next = null;
  }

  /** @param {number} request the number that a frame or a status answers */
  acknowledge(request) {
    if (request >= this.#inFlight) this.#inFlight = 0;
  }

  /**
   * @param {number} nowS
   * @returns {Preview | null} what may be sent now
   */
  take(nowS) {
    const isBusy = this.#inFlight > 0 && nowS - this.#sentS < PATIENCE_S;
    if (isBusy || this.#next === null) return null;
    const { cluster, edit } = this.#next;
    this.#next = null;
    this.#inFlight = ++this.#request;
    this.#sentS = nowS;
    return preview(this.#request, cluster, edit);
  }
}

/**
 * @param {number} attempt 0 for the first
 * @param {number} random in [0, 1)
 * @returns {number} seconds to wait before connecting again
 */
export function backOff(attempt, random) {
  return Math.min(8, 0.25 * 2 ** attempt) * (0.75 + random / 2);
}
