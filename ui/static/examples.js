// @ts-check
/** How edits that were taken from an image (modes, images to be like) are named and pictured. Pure. */

/** @typedef {import("./messages.js").Example} Example */
/** @typedef {import("./messages.js").ModePick} ModePick */

const ROWS = /** @type {const} */ (["top", "", "bottom"]);
const COLUMNS = /** @type {const} */ (["left", "", "right"]);

/**
 * @param {import("./stroke.js").Point} point
 * @returns {string} in which ninth of the canvas it lies, in the words that reports use: "at the bottom left"
 */
export function placeWords([x, y]) {
  const third = (/** @type {number} */ unit) => Math.min(2, Math.floor(unit * 3));
  const side = `${ROWS[third(y)] ?? ""} ${COLUMNS[third(x)] ?? ""}`.trim();
  return side ? `at the ${side}` : "in the middle";
}

/** @param {Example} edit */
export function exampleTitle(edit) {
  if (edit.kind === "like") return `${edit.strength < 0 ? "Unlike" : "Like"} ${edit.image.split("/").at(-1)}`;
  return `${edit.strength < 0 ? "Less: mode" : "Mode"} ${placeWords(edit.center)}`;
}

/**
 * Cut the seed's patch out of a picture of its whole image, by CSS.
 *
 * @param {ModePick} mode
 * @param {number} aspect of the collection, height / width
 * @returns {{size: string, position: string}} for a square background, in percent of its side
 */
export function seedBackground({ center: [x, y], size }, aspect) {
  // A percentage aligns that point of the picture with that point of the square: the rest is what counts.
  const part = (/** @type {number} */ middle, /** @type {number} */ whole) => {
    const rest = whole - size;
    return rest > 0 ? `${((middle * whole - size / 2) / rest) * 100}%` : "50%";
  };
  return {
    size: `${100 / size}% ${(100 * aspect) / size}%`,
    position: `${part(x, 1)} ${part(y, aspect)}`,
  };
}

/**
 * @param {ModePick} mode
 * @param {number} aspect
 * @returns {import("./messages.js").Box} the patch's square, canvas units
 */
export function squareOf({ center: [x, y], size }, aspect) {
  return [x - size / 2, y - size / aspect / 2, size, size / aspect];
}

/**
 * @param {readonly import("./messages.js").Edit[]} edits
 * @param {import("./stroke.js").Point} point
 * @param {number} aspect
 * @returns {ModePick | undefined} the newest mode whose square lies under the point
 */
export function modeUnder(edits, [x, y], aspect) {
  return edits
    .filter((edit) => edit.kind === "mode")
    .findLast((edit) => {
      const [left, top, width, height] = squareOf(edit, aspect);
      return x >= left && x <= left + width && y >= top && y <= top + height;
    });
}
