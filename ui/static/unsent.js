// @ts-check
/**
 * Keeps what the room has not answered over a reload of the tab. Each room and each author has a place of
 * its own, and operations keep their ids: what did arrive after all is not carried out twice.
 */

/** @typedef {import("./messages.js").Operate} Operate */
/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Place */
/** @typedef {{author: string, room: string}} Owner */

/** More is not kept: a tab may hold a few MiB in all. */
export const OPERATIONS_LIMIT = 1000;
export const TEXT_LIMIT = 2_000_000;
const PREFIX = "avex-unsent ";

export class Unsent {
  /** @param {Place | null} place null where the browser keeps nothing */
  constructor(place) {
    this.place = place;
  }

  /**
   * @param {Owner} owner
   * @param {readonly Operate[]} waiting all that waits, the oldest first; what is too much is left out at the end
   */
  keep(owner, waiting) {
    try {
      if (waiting.length === 0) this.place?.removeItem(keyOf(owner));
      else this.place?.setItem(keyOf(owner), written(waiting));
    } catch {
      // The place is full: what waits is still in this page.
    }
  }

  /**
   * @param {Owner} owner
   * @returns {readonly Operate[]} what was kept, the oldest first
   */
  read(owner) {
    try {
      const kept = JSON.parse(this.place?.getItem(keyOf(owner)) ?? "[]");
      return Array.isArray(kept) ? kept.filter(isOperate) : [];
    } catch {
      return [];
    }
  }
}

/** @param {Owner} owner */
function keyOf({ author, room }) {
  return PREFIX + JSON.stringify([author, room]);
}

/** @param {readonly Operate[]} waiting @returns {string} */
function written(waiting) {
  const texts = [];
  let size = 2;
  for (const message of waiting.slice(0, OPERATIONS_LIMIT)) {
    const text = JSON.stringify(message);
    size += text.length + 1;
    if (size > TEXT_LIMIT) break;
    texts.push(text);
  }
  return `[${texts.join(",")}]`;
}

/** @param {any} value @returns {value is Operate} */
function isOperate(value) {
  return value?.type === "operate" && typeof value.op_id === "string" && typeof value.operation?.type === "string";
}

/** @returns {Place | null} what this tab keeps until it is closed */
export function ofThisTab() {
  try {
    return globalThis.sessionStorage ?? null;
  } catch {
    return null;
  }
}
