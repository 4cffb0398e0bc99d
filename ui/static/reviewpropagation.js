// @ts-check
/** The propagation of marks to images as the review sees it: how far it is, and what it would change. */

/** @typedef {{state: "none" | "running" | "done" | "cancelled" | "failed", share: number, what: string, version: number, clusters: readonly string[], stale: boolean, corrections: number, moved_points: number, moved_images: number}} Job `moved_…`: what is proposed elsewhere than before */
/** @typedef {{id: number, name: string, moved_px: number, points: number}} Change `points`: so many of an image would move, by at most so many pixels */

const LOOK_EVERY_MS = 400;
const LOOK_AT_REST_MS = 5000;
const MOST_CHANGES = 1000;

export class Propagation {
  /** @type {Job | null} */
  job = null;
  /** @type {readonly Change[] | null} images whose points would change; null: none was fitted again */
  changes = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #isSoon = false;
  #wantsChanges = false;
  /** whether the server did not answer */
  #isLost = false;

  /** @param {import("./reviewmodel.js").ReviewModel} model */
  constructor(model) {
    this.model = model;
  }

  get isRunning() {
    return this.job?.state === "running";
  }

  /** @param {number | null} id @returns {Change | null} */
  changeOf(id) {
    return this.changes?.find((change) => change.id === id) ?? null;
  }

  /** Something happened: hear what that means for the proposals, once for all that happens in a moment. */
  lookSoon() {
    if (this.#isSoon) return;
    this.leave();
    this.#isSoon = true;
    this.#timer = setTimeout(() => this.look(), LOOK_EVERY_MS);
  }

  /** Hear how far it is; again and again while it runs. */
  async look() {
    this.leave();
    const before = this.job;
    try {
      this.job = await this.model.ask("propagate");
    } catch (error) {
      this.#isLost = true;
      this.model.fail(error);
      if (this.model.isOpen) this.#lookLater();
      return;
    }
    if (this.#isLost) this.model.refresh();
    this.#isLost = false;
    this.model.redraw();
    if (this.isRunning && this.model.isOpen) this.lookSoon();
    else if (this.model.isOpen) this.#lookLater();
    if (before && before.version !== this.job?.version) this.model.sortAgain();
    if (before?.state === "running" && this.job?.state === "done" && this.#wantsChanges) await this.compare();
  }

  /** Somebody else may propagate, which changes nothing in the room. */
  #lookLater() {
    if (this.#isSoon) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.look(), LOOK_AT_REST_MS);
  }

  /** Ask no more. */
  leave() {
    clearTimeout(this.#timer);
    this.#isSoon = false;
  }

  /**
   * Propagate, as a proposal that changes nothing.
   *
   * @param {readonly string[] | null} clusters null: all
   * @param {{wantsChanges?: boolean}} [how] whether what it moves is asked for afterwards
   */
  async start(clusters, { wantsChanges = false } = {}) {
    this.#wantsChanges = wantsChanges;
    this.changes = null;
    try {
      await this.model.post("propagate", { clusters });
    } catch (error) {
      this.model.fail(error);
    }
    this.job = this.job && { ...this.job, state: "running", share: 0 };
    await this.look();
  }

  async cancel() {
    await this.model.ask("propagate", {}, { method: "DELETE" }).catch((error) => this.model.fail(error));
    await this.look();
  }

  /** Ask which points would move. */
  async compare() {
    try {
      this.changes = await this.model.ask("changes", { limit: MOST_CHANGES });
    } catch (error) {
      this.model.fail(error);
    }
    this.model.redraw();
    const first = this.changes?.[0];
    if (first) this.model.open(first.id);
  }

  /**
   * Take what moved over, in all images or in some.
   *
   * @param {readonly string[]} names of images
   */
  async takeOver(names) {
    const isFull = names.length >= MOST_CHANGES;
    try {
      await this.model.acceptAbove(0, { merge: "overwrite", images: names });
    } catch (error) {
      this.model.fail(error);
      return;
    }
    if (isFull) await this.compare();
    else this.drop(names);
  }

  /** Look at the next change. @param {readonly string[]} names of images that are left as they are now */
  drop(names) {
    const all = this.changes ?? [];
    const at = all.findIndex(({ id }) => id === this.model.state.id);
    const left = all.filter(({ name }) => !names.includes(name));
    const next = all.slice(at + 1).find((one) => left.includes(one)) ?? left[0];
    this.changes = left.length > 0 ? left : null;
    this.model.redraw();
    if (next && !left.some(({ id }) => id === this.model.state.id)) this.model.open(next.id);
  }

  /** Whether there may be more changes than are told. */
  get isFull() {
    return (this.changes?.length ?? 0) >= MOST_CHANGES;
  }
}
