// @ts-check
/**
 * Schemas to begin with, as templates.json has them (tests/ui/test_templates_file.py keeps it equal to
 * `explorer/keypoint_templates.py`), each with a drawing: where its points lie, so that one sees which is meant.
 */

/** @typedef {import("./schema.js").Schema} Schema */
/** @typedef {readonly [x: number, y: number]} Place in a unit square, y down */
/** @typedef {{key: string, title: string, schema: Schema, places: ReadonlyMap<string, Place>}} Template */

const TITLES = /** @type {const} */ ([
  ["face-68", "Face, 68 points"],
  ["face-5", "Face, 5 points"],
  ["coco-person", "Person, 17 points (COCO)"],
  ["free", "Free: name your own"],
]);

/** @type {Readonly<Record<string, readonly Place[]>>} in the order of the points */
const DRAWINGS = {
  "face-68": facePlaces(),
  "face-5": [[0.3, 0.37], [0.7, 0.37], [0.5, 0.6], [0.34, 0.79], [0.66, 0.79]],
  "coco-person": [
    [0.5, 0.12], [0.54, 0.09], [0.46, 0.09], [0.58, 0.11], [0.42, 0.11], [0.64, 0.26], [0.36, 0.26], [0.71, 0.4], [0.29, 0.4],
    [0.73, 0.54], [0.27, 0.54], [0.59, 0.54], [0.41, 0.54], [0.6, 0.74], [0.4, 0.74], [0.61, 0.94], [0.39, 0.94],
  ],
};

/**
 * @param {Record<string, Schema>} file what templates.json holds
 * @returns {readonly Template[]} in the order in which they are offered
 */
export function readTemplates(file) {
  return TITLES.flatMap(([key, title]) => {
    const schema = file[key];
    if (!schema) return [];
    const drawing = DRAWINGS[key] ?? [];
    const places = schema.keypoints.flatMap(({ id }, at) => (drawing[at] ? [/** @type {const} */ ([id, drawing[at]])] : []));
    return [{ key, title, schema, places: new Map(places) }];
  });
}

/**
 * @param {readonly Template[]} templates
 * @param {Schema} schema
 * @returns {Template | null} the smallest one that has most of the schema's keypoints, if it has at least half of them
 */
export function templateOf(templates, schema) {
  const shared = (/** @type {Template} */ { places }) => schema.keypoints.filter(({ id }) => places.has(id)).length;
  const [best] = templates.toSorted((one, other) => shared(other) - shared(one) || one.places.size - other.places.size);
  return best && shared(best) > 0 && shared(best) * 2 >= schema.keypoints.length ? best : null;
}

/** @returns {Place[]} a plain drawing of a face, the same at both sides: jaw, brows, nose, eyes, lips */
function facePlaces() {
  const jaw = Array.from({ length: 17 }, (_, at) => {
    const angle = Math.PI * (1 - at / 16);
    return place(0.5 + 0.42 * Math.cos(angle), 0.36 + 0.58 * Math.sin(angle) ** 0.9);
  });
  const brow = [place(0.16, 0.26), place(0.22, 0.21), place(0.29, 0.2), place(0.36, 0.22), place(0.42, 0.25)];
  const eye = [place(0.23, 0.36), place(0.27, 0.33), place(0.33, 0.33), place(0.38, 0.37), place(0.33, 0.39), place(0.27, 0.39)];
  const mirror = (/** @type {Place} */ [x, y]) => place(1 - x, y);
  const otherEye = [3, 2, 1, 0, 5, 4].map((at) => mirror(eye[at] ?? place(0, 0)));
  const bridge = [0.34, 0.41, 0.48, 0.55].map((y) => place(0.5, y));
  const nostrils = [place(0.42, 0.6), place(0.46, 0.615), place(0.5, 0.625), place(0.54, 0.615), place(0.58, 0.6)];
  return [...jaw, ...brow, ...brow.toReversed().map(mirror), ...bridge, ...nostrils, ...eye, ...otherEye, ...ring(12, 0.16, 0.06), ...ring(8, 0.13, 0.022)];
}

/** @param {number} count @param {number} across @param {number} down @returns {Place[]} a lip, from its left corner over the top */
function ring(count, across, down) {
  return Array.from({ length: count }, (_, at) => {
    const angle = Math.PI + (2 * Math.PI * at) / count;
    return place(0.5 + across * Math.cos(angle), 0.755 + down * Math.sin(angle));
  });
}

/** @param {number} x @param {number} y @returns {Place} */
function place(x, y) {
  return [Math.round(x * 1000) / 1000, Math.round(y * 1000) / 1000];
}
