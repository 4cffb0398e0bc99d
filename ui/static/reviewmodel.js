// @ts-check
/** What the review shows, in one value: asks the server, lays over it what is under way, sends what people do. */

import { handLayerId, putByHand, removeLayer, setReviewed } from "./annotation.js";
import { asReviewed, counted, filtered, HAND, inOrder, nextOpen, personName, shownPoints, stepInQueue, withLocal } from "./reviewrules.js";
import { ReviewClaims } from "./reviewclaims.js";
import { Propagation } from "./reviewpropagation.js";
import { EMPTY } from "./schema.js";
import { newId } from "./socket.js";

/** @typedef {import("./reviewrules.js").ImageKeypoints} ImageKeypoints */
/** @typedef {import("./reviewrules.js").Placed} Placed */
/** @typedef {import("./reviewrules.js").QueueItem} QueueItem */
/** @typedef {import("./reviewrules.js").Schema} Schema */
/** @typedef {import("./reviewrules.js").Shown} Shown */

/**
 * @typedef {object} State
 * @property {"images" | "bulk" | "agreement" | "files"} tab
 * @property {readonly QueueItem[]} queue worst first, of the chosen cluster
 * @property {boolean} isListed whether the queue was heard of
 * @property {string} cluster "" for all
 * @property {import("./reviewrules.js").Show} show
 * @property {number | null} id of the image that is looked at
 * @property {ImageKeypoints | null} image as the server told last
 * @property {ReadonlyMap<string, Placed | null>} local what was put here since then, by keypoint
 * @property {string | null} selected id of a keypoint
 * @property {string | null} hovered id of a keypoint
 * @property {boolean} beside whether proposals are shown beside points that are laid
 * @property {"confidence" | "keypoint"} colors
 * @property {readonly import("./reviewagreement.js").Apart[]} apart two persons' points of this image, those that lie far apart
 * @property {readonly string[]} people those two
 * @property {string} wrong what the server refused, in its words
 */

/** @type {State} */
const START = {
  tab: "images", queue: [], isListed: false, cluster: "", show: "open", id: null, image: null, local: new Map(),
  selected: null, hovered: null, beside: false, colors: "confidence", apart: [], people: [], wrong: "",
};

const QUEUE_EVERY_MS = 1200;
/** Of a large collection the queue costs the server something: it is busy with that for a tenth of the time at most. */
const QUEUE_PAUSE = 9;

export class ReviewModel {
  state = START;
  isOpen = false;
  /** @type {((state: State) => void)[]} */
  #views = [];
  #scheduled = 0;
  #seen = "";
  #isListing = false;
  /** @type {string | null} the cluster whose queue has the order that it keeps */
  #sortedFor = null;
  #isStale = false;
  #listedMs = -Infinity;
  #listingMs = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #asked = 0;
  /** @type {{id: number, operations: number} | null} what the last Enter did, if nothing was done since */
  #entered = null;
  /** @type {{id: number, operations: number} | null} an Enter that was undone, if nothing was done since */
  #withdrawn = null;

  /** @param {import("./room.js").Room} room */
  constructor(room) {
    this.room = room;
    this.propagation = new Propagation(this);
    this.claims = new ReviewClaims(this);
    room.store.watch((state) => {
      const seen = `${state.collection?.name} ${state.collection?.version} ${state.revision} ${state.unsent} ${state.connection}`;
      if (seen === this.#seen) return;
      this.#seen = seen;
      if (this.isOpen) this.refresh();
    });
  }

  /** @param {Partial<State>} change */
  update(change) {
    this.state = { ...this.state, ...change };
    this.redraw();
  }

  redraw() {
    this.#scheduled ||= requestAnimationFrame(() => {
      this.#scheduled = 0;
      if (this.isOpen) for (const view of this.#views) view(this.state);
    });
  }

  /** @param {(state: State) => void} view called soon after each change, while the review is open */
  watch(view) {
    this.#views.push(view);
  }

  get #annotation() {
    return this.room.store.state.session?.annotation;
  }

  /** @returns {Schema} */
  get schema() {
    return this.#annotation?.schema ?? EMPTY;
  }

  /** @returns {readonly import("./annotation.js").LayerSummary[]} */
  get layers() {
    return this.#annotation?.layers ?? [];
  }

  get hasMarks() {
    return (this.#annotation?.marks.length ?? 0) > 0;
  }

  get author() {
    return this.room.store.state.author;
  }

  /** @param {string} author an id @returns {string} a name */
  nameOf(author) {
    return personName(author, this.room.store.state);
  }

  /** @returns {readonly QueueItem[]} with what is known of reviews by now */
  get queue() {
    return asReviewed(this.state.queue, this.#annotation?.reviews ?? []);
  }

  /** @returns {readonly QueueItem[]} */
  get listed() {
    const queue = this.claims.hidesOthers ? this.claims.reachable(this.queue, this.state.id) : this.queue;
    return filtered(queue, this.state.show);
  }

  /** Whether somebody has looked at the image. */
  get isReviewed() {
    const name = this.state.image?.name;
    return this.#annotation?.reviews.some(({ image }) => image === name) ?? false;
  }

  /** @returns {readonly Shown[]} */
  get points() {
    const { image, local } = this.state;
    if (!image) return [];
    return shownPoints(this.schema, { laid: withLocal(image.laid, local, this.author), proposed: image.proposed });
  }

  /** @param {string | null} id @returns {Shown | null} */
  point(id) {
    return this.points.find(({ keypoint }) => keypoint.id === id) ?? null;
  }

  /** @param {{cluster?: string, imageId?: number}} what */
  begin({ cluster = "", imageId }) {
    const isOther = cluster !== this.state.cluster;
    this.isOpen = true;
    this.#sortedFor = null;
    this.update({ ...START, tab: "images", show: this.state.show, beside: this.state.beside, colors: this.state.colors, cluster, id: imageId ?? (isOther ? null : this.state.id) });
    this.#listedMs = -Infinity;
    this.refresh();
  }

  end() {
    this.isOpen = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.propagation.leave();
  }

  /** Hear again what may have changed; the queue, which is long, not at every stroke. */
  refresh() {
    this.redraw();
    this.#load();
    this.propagation.lookSoon();
    this.#isStale = true;
    this.#listSoon();
  }

  #listSoon() {
    if (this.#isListing || this.#timer !== undefined) return;
    const pause = Math.max(QUEUE_EVERY_MS, QUEUE_PAUSE * this.#listingMs);
    const wait = Math.max(0, this.#listedMs + pause - performance.now());
    this.#timer = setTimeout(() => this.#list(), wait);
  }

  async #list() {
    this.#timer = undefined;
    if (!this.isOpen) return;
    const { cluster } = this.state;
    this.#isListing = true;
    this.#isStale = false;
    const beganMs = performance.now();
    try {
      const answer = await this.ask("review", { order: "worst", state: "all", ...(cluster ? { cluster } : {}) });
      if (cluster === this.state.cluster) this.#showQueue(answer);
    } catch (error) {
      this.fail(error);
    }
    this.#isListing = false;
    this.#listedMs = performance.now();
    this.#listingMs = this.#listedMs - beganMs;
    if (this.#isStale || cluster !== this.state.cluster) this.#listSoon();
  }

  /** Sort the queue anew: what is proposed is something else now. */
  sortAgain() {
    this.#sortedFor = null;
    this.refresh();
  }

  /** @param {readonly QueueItem[]} queue worst first */
  #showQueue(queue) {
    const { cluster } = this.state;
    const isSorted = this.#sortedFor === cluster;
    this.#sortedFor = cluster;
    this.update({ queue: isSorted ? inOrder(queue, this.state.queue) : queue, isListed: true, wrong: "" });
    if (this.state.id === null) this.open(this.listed[0]?.id ?? null, { tab: this.state.tab });
  }

  /**
   * @param {string} path under the keypoints' address
   * @param {Record<string, string | number>} [query]
   * @param {RequestInit} [init]
   */
  ask(path, query = {}, init) {
    return this.room.fetchJson(`keypoints/${path}`, query, init);
  }

  /** @param {string} path @param {unknown} body */
  post(path, body) {
    return this.ask(path, {}, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  }

  /** @param {unknown} error */
  fail(error) {
    this.update({ wrong: error instanceof Error ? error.message : String(error) });
  }

  /** @param {Partial<Pick<State, "cluster" | "show">>} choice */
  choose(choice) {
    const isOther = choice.cluster !== undefined && choice.cluster !== this.state.cluster;
    this.update({ ...choice, ...(isOther ? { queue: [], isListed: false } : {}) });
    this.#listedMs = -Infinity;
    if (isOther) this.refresh();
  }

  /** @param {number | null} id @param {Partial<State>} [change] */
  open(id, change = {}) {
    const isOther = id !== this.state.id;
    this.update({ tab: "images", id, apart: [], ...(isOther ? { image: null, local: new Map(), hovered: null } : {}), ...change });
    if (isOther || change.apart) this.#load();
    if (isOther && id !== null) this.#fetchAhead(id);
  }

  /** The photograph that comes next is fetched while a person looks at this one. @param {number} id */
  #fetchAhead(id) {
    const next = nextOpen(this.claims.reachable(this.queue, id), id);
    if (next !== null) new Image().src = this.room.imageUrl(next, "original");
  }

  /** @param {1 | -1} direction */
  step(direction) {
    const next = stepInQueue(this.listed, this.state.id, direction);
    if (next !== null) this.open(next);
  }

  /** Go to the next image that nobody else looks at. */
  stepFree() {
    const { id } = this.state;
    const next = nextOpen(this.claims.reachable(this.queue, id), id ?? -1);
    if (next !== null) this.open(next, { selected: null });
  }

  /** What was put here and answered before the question was asked, the answer has. */
  async #load() {
    const { id, local } = this.state;
    if (id === null) return;
    const asked = ++this.#asked;
    const settled = [...local.keys()].filter((keypoint) => !this.#isWaiting(keypoint)).map((keypoint) => /** @type {const} */ ([keypoint, local.get(keypoint)]));
    try {
      const image = await this.ask(`images/${id}`);
      if (asked !== this.#asked || id !== this.state.id) return;
      const left = new Map(this.state.local);
      for (const [keypoint, placed] of settled) if (left.get(keypoint) === placed) left.delete(keypoint);
      this.update({ image, local: left });
    } catch (error) {
      if (asked === this.#asked) this.fail(error);
    }
  }

  /** @param {string} keypoint of which a correction was not answered yet */
  #isWaiting(keypoint) {
    const layer = handLayerId(this.author, this.state.id ?? -1, keypoint);
    return this.room.waiting.some(({ operation }) =>
      operation.type === "put_layer" ? operation.layer.id === layer : operation.type === "remove_layer" && operation.layer_id === layer,
    );
  }

  /** @param {string} keypoint @param {Placed} placed */
  put(keypoint, placed) {
    const { image, local } = this.state;
    if (!image || this.claims.holdsBack(image.name, () => this.put(keypoint, placed))) return;
    this.#did(null);
    this.update({ local: new Map(local).set(keypoint, placed), selected: keypoint });
    this.room.operate(putByHand(this.author, image, { keypoint, ...placed }));
  }

  /**
   * Take away what a hand has put.
   *
   * @param {Shown} point
   * @returns {boolean} whether there was something of a hand
   */
  takeAway(point) {
    if (point.source !== HAND || !this.state.image) return false;
    const id = point.layer || handLayerId(this.author, this.state.image.id, point.keypoint.id);
    if (!id.startsWith(`${HAND}-`)) return false;
    if (this.claims.holdsBack(this.state.image.name, () => void this.takeAway(point))) return true;
    const isMine = id === handLayerId(this.author, this.state.image.id, point.keypoint.id);
    if (isMine) this.update({ local: new Map(this.state.local).set(point.keypoint.id, null) });
    this.#did(null);
    this.room.operate(removeLayer(id));
    return true;
  }

  /** Lay down what is proposed for the image where nothing is yet, mark it reviewed, go to the next worst. */
  async accept() {
    const { image } = this.state;
    if (!image || this.claims.holdsBack(image.name, () => void this.accept())) return;
    const next = nextOpen(this.claims.reachable(this.queue, image.id), image.id);
    const has = new Set(withLocal(image.laid, this.state.local, this.author).map(({ keypoint }) => keypoint));
    const wants = image.proposed.filter(({ keypoint }) => !has.has(keypoint)).map(({ keypoint }) => keypoint);
    try {
      if (wants.length > 0) await this.acceptAbove(0, { merge: "missing", images: [image.name] });
    } catch (error) {
      this.fail(error);
      return;
    }
    const isNew = !this.isReviewed;
    if (isNew) this.room.operate(setReviewed(image.name, true));
    const operations = Number(isNew) + Number(wants.length > 0);
    this.#did(operations > 0 ? { id: image.id, operations } : null);
    if (next !== null && this.state.id === image.id) this.open(next, { selected: null });
  }

  /**
   * @param {number} threshold
   * @param {{merge: import("./reviewrules.js").Merge, clusters?: readonly string[] | null, images?: readonly string[] | null, keypoints?: readonly string[] | null}} what
   */
  acceptAbove(threshold, { merge, clusters = null, images = null, keypoints = null }) {
    this.#did(null);
    return this.post("accept", { author: this.author, op_id: newId("o"), threshold, merge, clusters, images, keypoints });
  }

  /** @param {string} layerId of a layer that is taken back */
  takeBack(layerId) {
    this.#did(null);
    this.room.operate(removeLayer(layerId));
  }

  toggleReviewed() {
    const { image } = this.state;
    if (image && this.claims.holdsBack(image.name, () => this.toggleReviewed())) return;
    this.#did(null);
    if (image) this.room.operate(setReviewed(image.name, !this.isReviewed));
  }

  /** @param {{id: number, operations: number} | null} entered what Enter did; null: something else was done */
  #did(entered) {
    this.#entered = entered;
    this.#withdrawn = null;
  }

  /** What Enter did to an image, its points and its review, is undone at once, and the image looked at again. */
  undo() {
    const entered = this.#entered;
    this.#operateTimes("undo", entered);
    this.#did(null);
    this.#withdrawn = entered;
  }

  /** As it was undone, it is redone. */
  redo() {
    const withdrawn = this.#withdrawn;
    this.#operateTimes("redo", withdrawn);
    this.#did(withdrawn);
  }

  /** @param {"undo" | "redo"} type @param {{id: number, operations: number} | null} entered */
  #operateTimes(type, entered) {
    for (let done = 0; done < (entered?.operations ?? 1); done += 1) this.room.operate({ type });
    this.update({ local: new Map() });
    if (entered) this.open(entered.id);
  }

  get counts() {
    return counted(this.queue);
  }
}
