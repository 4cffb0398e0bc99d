// @ts-check
/**
 * The explorer brush: asks which modes are under the hand, previews the highlighted one in the average,
 * commits it as an edit. What it holds is a value of `modes.js` in the store.
 */

import { highlight, highlighted, isBeside, isTravelling, letGo, NOTHING, pickOf, pin, spotOf, spotOfModes, walk } from "./modes.js";
import { percent } from "./scale.js";
import { newId } from "./socket.js";
import { clusterOf, editsOf } from "./store.js";

/** @typedef {import("./stroke.js").Point} Point */
/** @typedef {import("./store.js").State} State */

/** A hand that stood still for this time on its way looks at what is there. */
const SETTLE_MS = 120;
const TRAIL_LENGTH = 24;
/** Where a hand stood for this time it meant to look, and what it passes on its way out it did not. */
const REST_MS = 250;
const WAY_MS = 1100;

export class ExplorerBrush {
  #id = newId("m");
  /** the edit that was made last */
  #committed = "";
  /** @type {Point | null} */
  #point = null;
  /** the place that was asked for last */
  #asked = "";
  /** whether answers that still come are not wanted */
  #hasEnded = true;
  /** the mode that is previewed */
  #previewed = "";
  /** @type {{x: number, y: number, ms: number}[]} */
  #trail = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #settle;
  #sinceMs = 0;
  /** @type {{explore: import("./modes.js").Explore, point: Point, spot: string, leftMs: number} | null} where the hand stood last */
  #rested = null;
  /** whether only answers for the place that is shown are wanted */
  #isHeld = false;
  /** @type {Point | null} where the hand was put down */
  #pressed = null;
  #seen = { isOn: false, collection: "", connection: "", cluster: "", revision: -1, size: NOTHING.size, isKept: false };

  /**
   * @param {import("./room.js").Room} room
   * @param {(text: string) => void} announce to people who hear the page
   * @param {() => boolean} [spawn] makes a cluster of the highlighted mode, if there is one
   */
  constructor(room, announce, spawn = () => false) {
    this.room = room;
    this.store = room.store;
    this.announce = announce;
    this.makeCluster = spawn;
    room.onModes = (modes) => this.#receive(modes);
    this.store.watch((state) => this.#follow(state));
  }

  get isOn() {
    return this.store.state.tool === "explore";
  }

  get hasModes() {
    return this.store.state.explore.at >= 0;
  }

  /** @returns {Point | null} where it looks */
  get point() {
    return this.#point;
  }

  /**
   * The pointer is over the canvas.
   *
   * @param {Point} point
   * @param {PointerEvent} event
   */
  hover(point, { clientX, clientY, timeStamp }) {
    this.#trail = [...this.#trail.slice(1 - TRAIL_LENGTH), { x: clientX, y: clientY, ms: timeStamp }];
    clearTimeout(this.#settle);
    if (this.hasModes && isTravelling(this.#trail)) {
      this.#goBack(timeStamp);
      this.#settle = setTimeout(() => this.lookAt(point), SETTLE_MS);
    } else {
      this.lookAt(point, timeStamp);
    }
  }

  /**
   * The pointer has left the canvas: the modes stay where it stood, so that it can go to the strip or the panel.
   *
   * @param {number} [ms]
   */
  leave(ms = performance.now()) {
    clearTimeout(this.#settle);
    this.#goBack(ms);
    this.#trail = [];
    this.#pressed = null;
  }

  /**
   * Ask for the modes of a place, unless it is the one that was asked for last.
   *
   * @param {Point} point
   * @param {number} [ms]
   */
  lookAt(point, ms = performance.now()) {
    const { collection, explore } = this.store.state;
    if (!collection) return;
    const spot = spotOf(point, explore, collection);
    if (spot === this.#asked) {
      this.#point = point;
      return;
    }
    if (this.#point && !explore.isAsking && explore.at >= 0 && ms - this.#sinceMs >= REST_MS) {
      this.#rested = { explore, point: this.#point, spot: this.#asked, leftMs: ms };
    }
    this.#point = point;
    this.#sinceMs = ms;
    this.#isHeld = false;
    this.#asked = spot;
    this.#hasEnded = false;
    this.store.update({ explore: { ...explore, isAsking: true } });
    this.room.hover(point, explore.size);
  }

  /**
   * The hand is on its way elsewhere: what it stood on stays, not what it passes.
   *
   * @param {number} ms
   */
  #goBack(ms) {
    const rested = this.#rested;
    this.#rested = null;
    if (!rested || ms - rested.leftMs > WAY_MS || rested.spot === this.#asked) return;
    this.#point = rested.point;
    this.#asked = rested.spot;
    this.#sinceMs = rested.leftMs - REST_MS;
    this.#isHeld = true;
    this.store.update({ explore: rested.explore });
  }

  /**
   * The hand is put down: a finger looks, a mouse will commit when it is lifted.
   *
   * @param {Point} point
   * @param {boolean} isFinger
   */
  press(point, isFinger) {
    clearTimeout(this.#settle);
    this.#pressed = isFinger ? null : point;
    if (isFinger || !this.#isShown(point)) this.#lookAgain(point);
  }

  /**
   * @param {Point} point where the mouse is lifted
   * @param {boolean} [isSpawning]
   */
  click(point, isSpawning = false) {
    if (this.#pressed) this.use(point, isSpawning);
    this.#pressed = null;
  }

  /**
   * Commit the highlighted mode if it is one of this place, else look at the place.
   *
   * @param {Point} point
   * @param {boolean} [isSpawning] whether the mode becomes a cluster of its own, not an edit of this one
   */
  use(point, isSpawning = false) {
    if (this.#isShown(point)) this.commit(isSpawning);
    else this.#lookAgain(point);
  }

  /** @param {Point} point @returns {boolean} whether the modes that are shown are those of the place, or of one beside it */
  #isShown(point) {
    const { collection, explore } = this.store.state;
    if (!collection || !explore.pinned) return false;
    return isBeside(spotOfModes(explore.pinned, collection), spotOf(point, explore, collection));
  }

  /** @param {Point} point is looked at even where the modes were given up */
  #lookAgain(point) {
    if (this.#hasEnded) this.#asked = "";
    this.lookAt(point);
  }

  /** @param {1 | -1} step @returns {boolean} false at the ends */
  walk(step) {
    const explore = walk(this.store.state.explore, step);
    if (explore) this.#highlight(explore);
    return explore !== null;
  }

  /** @param {number} at */
  highlight(at) {
    const { explore } = this.store.state;
    const next = highlight(explore, at);
    if (next !== explore) this.#highlight(next);
  }

  /**
   * Make the highlighted mode an edit.
   *
   * @param {boolean} [isSpawning] of a new cluster
   */
  commit(isSpawning = false) {
    if (isSpawning) {
      this.#spawn();
      return;
    }
    const { explore } = this.store.state;
    const mode = highlighted(explore);
    if (!mode || explore.isQuiet) return;
    this.room.put(pickOf(mode, this.#id));
    this.store.update({ explore: { ...explore, isChosen: true, isQuiet: true }, selected: this.#id });
    this.announce("Kept as an edit");
    this.#committed = this.#id;
    this.#id = newId("m");
    this.#previewed = "";
  }

  /** The preview ends, as the new cluster is looked at. */
  #spawn() {
    if (!this.makeCluster()) return;
    this.announce("A new cluster from this mode");
    this.end();
  }

  /** Give up the modes and their preview; they come again at another place. */
  end() {
    clearTimeout(this.#settle);
    this.#hasEnded = true;
    this.#rested = null;
    this.store.update({ explore: letGo(this.store.state.explore) });
  }

  /** @param {import("./modes.js").Explore} explore */
  #highlight(explore) {
    this.store.update({ explore });
    const mode = highlighted(explore);
    const of = explore.pinned?.modes.length ?? 0;
    if (mode) this.announce(`Mode ${explore.at + 1} of ${of}, ${percent(mode.share)} of the average`);
  }

  /** @param {import("./messages.js").Modes} modes */
  #receive(modes) {
    const { collection } = this.store.state;
    const isOther = this.#isHeld && collection !== null && spotOfModes(modes, collection) !== this.#asked;
    if (this.isOn && !this.#hasEnded && !isOther) this.store.update({ explore: pin(this.store.state.explore, modes) });
  }

  /** @param {State} state */
  #follow(state) {
    const before = this.#seen;
    const { connection, revision } = state;
    const collection = state.collection?.name ?? "";
    const isKept = editsOf(state).some(({ id }) => id === this.#committed);
    const cluster = clusterOf(state)?.id ?? "";
    this.#seen = { isOn: this.isOn, collection, connection, cluster, revision, size: state.explore.size, isKept };
    if ((before.isOn && !this.isOn) || before.collection !== collection) {
      this.#asked = "";
      this.#point = null;
      this.end();
    } else if (before.isKept && !isKept && state.explore.isQuiet) {
      this.end();
    }
    if (this.isOn && connection === "open") this.#askAgain(before, state);
    this.#preview(this.store.state.explore);
  }

  /**
   * What the person did before pulls the modes, so they are asked for again after every edit.
   *
   * @param {{connection: string, cluster: string, revision: number, size: number}} before
   * @param {State} state
   */
  #askAgain(before, { connection, revision, explore, notice }) {
    if (explore.isAsking && notice?.level === "error") this.store.update({ explore: { ...explore, isAsking: false } });
    const isBack = before.connection !== connection;
    const isOther = before.cluster !== this.#seen.cluster;
    if (isBack || isOther) this.#previewed = "";
    const isDue = isBack || isOther || before.revision !== revision || before.size !== explore.size;
    if (!isDue || this.#hasEnded || !this.#point) return;
    this.#asked = "";
    this.lookAt(this.#point);
  }

  /** @param {import("./modes.js").Explore} explore */
  #preview(explore) {
    const mode = this.isOn && !explore.isQuiet ? highlighted(explore) : null;
    const wanted = mode ? JSON.stringify(pickOf(mode, "")) : "";
    if (wanted === this.#previewed) return;
    this.#previewed = wanted;
    this.room.preview(mode && pickOf(mode, this.#id));
  }
}
