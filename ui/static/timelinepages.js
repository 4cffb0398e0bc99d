// @ts-check
/** The steps of a room as they were heard of, page by page: a room may have thousands. Pure. */

/** @typedef {{revision: number, author: string, time: number, type: string, cluster: string | null, words: string}} Item */

export const PAGE = 200;

/** Operations that change no average: they are drawn lower. */
const QUIET = /comment|vote|claim|snapshot|mark|layer|review|schema/;

export class Pages {
  /** @type {Map<number, Item>} by revision */
  #items = new Map();
  /** @type {Map<number, number>} the newest revision that a page was heard of up to */
  #heard = new Map();
  /** the newest revision of the room */
  newest = 0;

  /** @param {number} size of a page */
  constructor(size = PAGE) {
    this.size = size;
  }

  /** @param {number} revision */
  get(revision) {
    return this.#items.get(revision);
  }

  /** @param {number} newest */
  grow(newest) {
    this.newest = Math.max(this.newest, newest);
  }

  /**
   * The page to ask for next: the nearest one of which something is unknown.
   *
   * @param {number} near a revision
   * @returns {{page: number, before: number} | null} null: everything is known
   */
  next(near) {
    const last = this.#pageOf(this.newest);
    const wanted = Math.min(last, this.#pageOf(near));
    for (let away = 0; away <= last; away++) {
      for (const page of [wanted - away, wanted + away]) {
        if (page < 0 || page > last || (this.#heard.get(page) ?? 0) >= this.#endOf(page)) continue;
        return { page, before: this.#endOf(page) + 1 };
      }
    }
    return null;
  }

  /**
   * @param {{page: number, before: number}} asked
   * @param {readonly Item[]} items
   */
  take({ page, before }, items) {
    for (const item of items) this.#items.set(item.revision, item);
    this.#heard.set(page, before - 1);
  }

  /** @param {number} revision */
  #pageOf(revision) {
    return Math.max(0, Math.floor((revision - 1) / this.size));
  }

  /** @param {number} page @returns {number} its last revision that there is */
  #endOf(page) {
    return Math.min(this.newest, (page + 1) * this.size);
  }
}

/** @param {Item} item @returns {boolean} whether it may have changed an average */
export function changesAverages({ type }) {
  return !QUIET.test(type);
}

/**
 * @param {number} newest
 * @returns {number} how many revisions a step of the replay takes, so that thousands do not take for ever
 */
export function strideOf(newest) {
  return Math.max(1, Math.ceil(newest / 240));
}

/**
 * Carries out one wish at a time; of those that come meanwhile only the newest follows.
 *
 * @template Wanted
 */
export class Latest {
  #isBusy = false;
  /** @type {{wanted: Wanted, done: (isCarriedOut: boolean) => void} | null} */
  #next = null;

  /** @param {(wanted: Wanted) => Promise<void>} run never throws */
  constructor(run) {
    this.run = run;
  }

  /**
   * @param {Wanted} wanted
   * @returns {Promise<boolean>} whether it was carried out; false: a newer one came first
   */
  want(wanted) {
    return new Promise((done) => {
      this.#next?.done(false);
      this.#next = { wanted, done };
      this.#go();
    });
  }

  async #go() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let next = this.#next; next; next = this.#next) {
      this.#next = null;
      await this.run(next.wanted);
      next.done(true);
    }
    this.#isBusy = false;
  }
}
