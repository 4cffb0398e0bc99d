// @ts-check
/** Colors of the brush: the standard palette, and how a color is written and named. Pure; sRGB, 0 to 255. */

/** @typedef {import("./messages.js").Rgb} Rgb */

/** The nine colors under the keys 1 to 9. @type {readonly Rgb[]} */
export const QUICK = [
  [200, 32, 44], [232, 119, 34], [240, 196, 25], [46, 139, 72], [41, 98, 186],
  [121, 68, 154], [120, 78, 48], [20, 20, 22], [245, 245, 243],
];

/** Six tones of eight hues, dark to light, then greys. @type {readonly (readonly Rgb[])[]} */
export const STANDARD = [
  ...[0, 24, 46, 95, 150, 205, 260, 320].map((hue) =>
    [0.24, 0.36, 0.47, 0.58, 0.72, 0.86].map((light) => fromHsl(hue, 0.68, light)),
  ),
  [0.06, 0.25, 0.45, 0.65, 0.85, 0.97].map((light) => fromHsl(0, 0, light)),
];

const HUES = /** @type {const} */ ([
  [15, "Red"], [42, "Orange"], [68, "Yellow"], [160, "Green"], [195, "Turquoise"], [255, "Blue"],
  [290, "Violet"], [345, "Pink"], [361, "Red"],
]);

/**
 * @param {Rgb} color
 * @returns {string} as CSS writes it, "#rrggbb"
 */
export function toHex(color) {
  return `#${color.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * @param {string} hex "#rrggbb"
 * @returns {Rgb}
 * @throws {RangeError} if it is written otherwise
 */
export function fromHex(hex) {
  const match = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex.trim());
  if (match === null) throw new RangeError(`a color must be written #rrggbb, got ${hex}`);
  const [red, green, blue] = match.slice(1).map((part) => parseInt(part, 16));
  return [red ?? 0, green ?? 0, blue ?? 0];
}

/**
 * @param {number} hue degrees
 * @param {number} saturation in [0, 1]
 * @param {number} light in [0, 1]
 * @returns {Rgb}
 */
export function fromHsl(hue, saturation, light) {
  const reach = saturation * Math.min(light, 1 - light);
  const channel = (/** @type {number} */ offset) => {
    const turn = (offset + hue / 30) % 12;
    return Math.round(255 * (light - reach * Math.max(-1, Math.min(turn - 3, 9 - turn, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

/**
 * Name a color as a person would in a list: a hue, or a shade of grey, or brown.
 *
 * @param {Rgb} color
 * @returns {string}
 */
export function nameOf(color) {
  const [hue, saturation, light] = toHsl(color);
  if (light > 0.94) return "White";
  if (light < 0.09) return "Black";
  if (saturation < 0.14) return light < 0.3 ? "Dark grey" : light > 0.72 ? "Light grey" : "Grey";
  if (hue > 12 && hue < 46 && light < 0.42) return "Brown";
  if (hue > 12 && hue < 46 && light > 0.72) return "Beige";
  const name = HUES.find(([end]) => hue < end)?.[1] ?? "Red";
  if (light < 0.26) return `Dark ${name.toLowerCase()}`;
  return light > 0.76 ? `Light ${name.toLowerCase()}` : name;
}

/**
 * @param {Rgb} color
 * @returns {[hue: number, saturation: number, light: number]} degrees, [0, 1], [0, 1]
 */
function toHsl(color) {
  const [red, green, blue] = color.map((channel) => channel / 255);
  if (red === undefined || green === undefined || blue === undefined) return [0, 0, 0];
  const [high, low] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const [light, range] = [(high + low) / 2, high - low];
  if (range === 0) return [0, 0, light];
  const saturation = range / (1 - Math.abs(2 * light - 1));
  let hue = (red - green) / range + 4;
  if (high === red) hue = ((green - blue) / range + 6) % 6;
  else if (high === green) hue = (blue - red) / range + 2;
  return [hue * 60, saturation, light];
}

/**
 * @param {Rgb} a
 * @param {Rgb} b
 */
export function sameColor(a, b) {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
}
