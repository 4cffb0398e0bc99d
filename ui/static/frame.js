// @ts-check
/**
 * Read a binary frame (docs/protocol.md): 20 bytes, little-endian, the id of the cluster, the picture. Pure.
 */

export const HEADER_BYTES = 20;

const KINDS = /** @type {const} */ ({ 1: "live", 2: "rest", 3: "card" });
const TYPES = /** @type {const} */ ({ 1: "image/jpeg", 2: "image/png" });

/**
 * @typedef {object} Frame
 * @property {"live" | "rest" | "card"} kind card: the small picture of a cluster that is not looked at
 * @property {"image/jpeg" | "image/png"} type
 * @property {string} cluster its id
 * @property {number} revision
 * @property {number} request
 * @property {number} elapsedS what the server needed, in seconds
 * @property {number} width
 * @property {number} height
 * @property {Uint8Array<ArrayBuffer>} picture
 */

/**
 * @param {ArrayBuffer} buffer
 * @returns {Frame}
 * @throws {RangeError} if the buffer is not a frame of this protocol
 */
export function readFrame(buffer) {
  if (buffer.byteLength <= HEADER_BYTES) {
    throw new RangeError(`a frame must be longer than ${HEADER_BYTES} bytes, got ${buffer.byteLength}`);
  }
  const view = new DataView(buffer);
  const kind = KINDS[/** @type {1 | 2 | 3} */ (view.getUint8(0))];
  const type = TYPES[/** @type {1 | 2} */ (view.getUint8(1))];
  if (kind === undefined || type === undefined) {
    throw new RangeError(`unknown frame: kind ${view.getUint8(0)}, codec ${view.getUint8(1)}`);
  }
  const start = HEADER_BYTES + view.getUint16(2, true);
  return {
    kind,
    type,
    cluster: String.fromCharCode(...new Uint8Array(buffer, HEADER_BYTES, start - HEADER_BYTES)),
    revision: view.getUint32(4, true),
    request: view.getUint32(8, true),
    elapsedS: view.getUint32(12, true) / 1e6,
    width: view.getUint16(16, true),
    height: view.getUint16(18, true),
    picture: new Uint8Array(buffer, start),
  };
}

/**
 * What was made before the connection was lost is shown until there is something else, whatever number that has.
 *
 * @template {{revision: number, request: number}} T
 * @param {T} shown
 * @returns {T} the same, older than all that can come
 */
export function asOld(shown) {
  return { ...shown, revision: 0, request: 0 };
}

/**
 * Say whether `next` may be shown after `shown`: the newest wins, whatever order they come in.
 *
 * @param {{revision: number, request: number}} shown
 * @param {{revision: number, request: number}} next
 */
export function isNewer(shown, next) {
  if (next.revision !== shown.revision) return next.revision > shown.revision;
  return next.request >= shown.request;
}
