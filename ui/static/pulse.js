// @ts-check
/**
 * Whether the server is still there: a question to it must not stay unanswered for long. Anything that is heard is
 * an answer, and where nothing was asked, silence means nothing: the timers of a hidden page run once a minute.
 * Pure: no socket, no clock of its own.
 */

export const ASK_EVERY_S = 2.5;
/** Before there is a connection, and until the room was told, which may be large. */
const OPENING_S = 15;
const JOINING_S = 30;
/** Of a server that answers at once, so that the third question finds it out; one that has taken long lately has longer. */
const LEAST_S = 7;
const MOST_S = 15;
const TIMES = 8;
/** The same when the browser says that the network is gone, which it is not for a server on this machine. */
const DOUBTED_S = 3;
const DOUBTED_TIMES = 4;
const KEPT = 24;

export class Pulse {
  /** since when a question is unanswered; null: none is */
  #askedS = /** @type {number | null} */ (null);
  #state = /** @type {"opening" | "joining" | "joined"} */ ("opening");
  #isDoubted = false;
  /** how long the last answers took, seconds @type {number[]} */
  #took = [];

  /** @param {number} nowS a connection is asked for */
  begin(nowS) {
    this.#state = "opening";
    this.#askedS = nowS;
    this.#isDoubted = false;
  }

  /** @param {number} nowS there is a connection, and the room is waited for */
  open(nowS) {
    this.#state = "joining";
    this.#askedS = nowS;
  }

  /** The room was told. */
  join() {
    this.#state = "joined";
    this.hear();
  }

  /** @param {number} nowS */
  ask(nowS) {
    this.#askedS ??= nowS;
  }

  /** Something was heard. */
  hear() {
    this.#askedS = null;
    this.#isDoubted = false;
  }

  /** @param {number} tookS how long the answer to a question took */
  answer(tookS) {
    this.#took = [...this.#took, tookS].slice(-KEPT);
  }

  /** Something says that the server may be out of reach. */
  doubt() {
    this.#isDoubted = true;
  }

  /** How long a question may stay unanswered. */
  get patienceS() {
    if (this.#state === "opening") return OPENING_S;
    if (this.#state === "joining") return JOINING_S;
    const slowest = Math.max(0, ...this.#took);
    const [least, times] = this.#isDoubted ? [DOUBTED_S, DOUBTED_TIMES] : [LEAST_S, TIMES];
    return Math.min(MOST_S, Math.max(least, times * slowest));
  }

  /** @param {number} nowS @returns {boolean} whether the server is to be taken for gone */
  isOver(nowS) {
    return this.#askedS !== null && nowS - this.#askedS > this.patienceS;
  }
}
