// @ts-check
/** Images are named by their files and asked for by their ids: which id a name has, asked for once. */

export class ImageIds {
  /** @type {Map<string, number | null>} null as long as it is asked for, and where there is none */
  #ids = new Map();

  /** @param {(name: string) => Promise<number | null>} ask @param {() => void} onFound */
  constructor(ask, onFound) {
    this.ask = ask;
    this.onFound = onFound;
  }

  /** Another collection has other ids. */
  clear() {
    this.#ids = new Map();
  }

  /** @param {readonly {id: number, name: string}[]} images that were heard of */
  learn(images) {
    for (const { id, name } of images) this.#ids.set(name, id);
  }

  /**
   * @param {string} name
   * @returns {number | null} null if there is no such image, or as long as it is asked for
   */
  of(name) {
    const known = this.#ids.get(name);
    if (known === undefined) this.#find(name);
    return known ?? null;
  }

  /** @param {string} name */
  async #find(name) {
    const ids = this.#ids;
    ids.set(name, null);
    const id = await this.ask(name).catch(() => null);
    if (id === null || ids.get(name) !== null) return;
    ids.set(name, id);
    this.onFound();
  }
}
