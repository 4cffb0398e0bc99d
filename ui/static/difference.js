// @ts-check
/** The difference of two pictures, drawn around mid grey. Pure. */

/** A difference of so many levels is shown in full where the pictures are much alike. */
const LEAST_RANGE = 16;

/**
 * @param {Uint8ClampedArray} a RGBA
 * @param {Uint8ClampedArray} b RGBA, as long
 * @returns {number} the largest difference of any channel, 0 to 255
 */
export function largestDifference(a, b) {
  let most = 0;
  for (let at = 0; at < a.length; at++) {
    if (at % 4 !== 3) most = Math.max(most, Math.abs((a[at] ?? 0) - (b[at] ?? 0)));
  }
  return most;
}

/**
 * Draw a minus b: mid grey where they are the same, lighter where a is lighter, channel by channel.
 * What differs most goes to black or white, but noise is not blown up without end.
 *
 * @param {Uint8ClampedArray} a RGBA
 * @param {Uint8ClampedArray} b RGBA, as long
 * @returns {{pixels: Uint8ClampedArray<ArrayBuffer>, gain: number}} opaque; how much more the contrast is than a plain difference has, at least 1
 */
export function difference(a, b) {
  const gain = 255 / Math.max(LEAST_RANGE, largestDifference(a, b));
  const pixels = new Uint8ClampedArray(a.length);
  for (let at = 0; at < a.length; at++) {
    pixels[at] = at % 4 === 3 ? 255 : 127.5 + (((a[at] ?? 0) - (b[at] ?? 0)) * gain) / 2;
  }
  return { pixels, gain };
}
