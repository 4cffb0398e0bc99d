// @ts-check
/**
 * What is said about keypoints, as a page has it: the schema, marks on averages, what layers of points there
 * are, reviews. The points themselves are asked for image by image. Pure; `ui/wire/keypoint_messages.py` is the
 * other half.
 */

/** @typedef {{id: string, name: string, color: string}} Keypoint `color`: "#rrggbb", or "" for one by its place */
/** @typedef {{name: string, keypoints: readonly Keypoint[], edges: readonly (readonly [string, string])[], pairs: readonly (readonly [string, string])[]}} Schema */
/** @typedef {{cluster: string, keypoint: string, at: import("./stroke.js").Point, author: string, time: number}} Mark `at`: canvas units */
/** @typedef {"hand" | "accepted" | "imported"} LayerKind */
/** @typedef {"missing" | "overwrite"} Merge whether a layer only fills what no earlier one says */
/** @typedef {"visible" | "occluded" | "absent"} PointState */
/** @typedef {readonly [keypoint: string, x: number, y: number, state: PointState, confidence: number]} LayerPoint pixels of the original */
/** @typedef {{id: string, kind: LayerKind, merge: Merge, clusters: readonly string[], author: string, time: number, images: Readonly<Record<string, readonly LayerPoint[]>>}} Layer */
/** @typedef {Omit<Layer, "images"> & {images: number, points: number}} LayerSummary how many */
/** @typedef {{image: string, author: string, time: number}} Review */
/** @typedef {{schema: Schema, marks: readonly Mark[], layers: readonly LayerSummary[], reviews: readonly Review[]}} Annotation */

/**
 * @typedef {object} AnnotationChanges
 * @property {Schema | null} schema
 * @property {readonly Mark[]} put_marks
 * @property {readonly {cluster: string, keypoint: string, author: string}[]} removed_marks
 * @property {readonly {place: number, layer: LayerSummary}[]} put_layers
 * @property {readonly string[]} removed_layers
 * @property {readonly Review[]} put_reviews
 * @property {readonly string[]} removed_reviews
 */

/**
 * @typedef {{type: "set_schema", schema: Schema}
 *   | {type: "put_mark", cluster: string, keypoint: string, at: import("./stroke.js").Point}
 *   | {type: "remove_mark", cluster: string, keypoint: string}
 *   | {type: "put_layer", layer: Layer}
 *   | {type: "remove_layer", layer_id: string}
 *   | {type: "put_review", image: string}
 *   | {type: "remove_review", image: string}} KeypointOperation
 */

/** @type {Annotation} */
export const NO_ANNOTATION = { schema: { name: "object", keypoints: [], edges: [], pairs: [] }, marks: [], layers: [], reviews: [] };

const TYPES = ["set_schema", "put_mark", "remove_mark", "put_layer", "remove_layer", "put_review", "remove_review"];

/**
 * @param {import("./messages.js").Operation} operation
 * @returns {operation is KeypointOperation}
 */
export function isOfKeypoints(operation) {
  return TYPES.includes(operation.type);
}

/**
 * @param {Schema} schema all of it, also what stays
 * @returns {KeypointOperation}
 */
export function setSchema(schema) {
  return { type: "set_schema", schema };
}

/**
 * @param {string} cluster
 * @param {string} keypoint its id
 * @param {import("./stroke.js").Point} at canvas units
 * @returns {KeypointOperation}
 */
export function putMark(cluster, keypoint, at) {
  return { type: "put_mark", cluster, keypoint, at };
}

/**
 * @param {string} cluster
 * @param {string} keypoint its id
 * @returns {KeypointOperation}
 */
export function removeMark(cluster, keypoint) {
  return { type: "remove_mark", cluster, keypoint };
}

/**
 * A person puts one point of one image right. Doing it again replaces what was said before.
 *
 * @param {string} author
 * @param {{id: number, name: string}} image
 * @param {{keypoint: string, x: number, y: number, state: PointState}} point pixels of the original
 * @returns {KeypointOperation}
 */
export function putByHand(author, image, { keypoint, x, y, state }) {
  const isAbsent = state === "absent";
  /** @type {LayerPoint} */
  const point = [keypoint, isAbsent ? 0 : rounded(x), isAbsent ? 0 : rounded(y), state, 1];
  return {
    type: "put_layer",
    layer: {
      id: handLayerId(author, image.id, keypoint), kind: "hand", merge: "overwrite", clusters: [], author, time: 0,
      images: { [image.name]: [point] },
    },
  };
}

/**
 * @param {string} author
 * @param {number} imageId
 * @param {string} keypoint
 * @returns {string} the id of the layer in which this author has put this point right
 */
export function handLayerId(author, imageId, keypoint) {
  return `hand-${author}-${imageId}-${keypoint}`;
}

/**
 * @param {string} layerId
 * @returns {KeypointOperation}
 */
export function removeLayer(layerId) {
  return { type: "remove_layer", layer_id: layerId };
}

/**
 * @param {string} image its name
 * @param {boolean} isReviewed
 * @returns {KeypointOperation}
 */
export function setReviewed(image, isReviewed) {
  return { type: isReviewed ? "put_review" : "remove_review", image };
}

/**
 * @param {Layer} layer
 * @returns {LayerSummary}
 */
export function summaryOf(layer) {
  const images = Object.values(layer.images);
  return { ...layer, images: images.length, points: images.reduce((sum, points) => sum + points.length, 0) };
}

/**
 * The newest mark of each keypoint on an average, by anybody or by one author.
 *
 * @param {Annotation} annotation
 * @param {string} cluster
 * @param {string | null} [author]
 * @returns {ReadonlyMap<string, Mark>} by keypoint
 */
export function marksOf(annotation, cluster, author = null) {
  /** @type {Map<string, Mark>} */
  const found = new Map();
  for (const mark of annotation.marks) {
    if (mark.cluster !== cluster || (author !== null && mark.author !== author)) continue;
    const known = found.get(mark.keypoint);
    if (!known || mark.time >= known.time) found.set(mark.keypoint, mark);
  }
  return found;
}

/**
 * Follow what a server message says has changed.
 *
 * @param {Annotation} annotation not changed
 * @param {AnnotationChanges | null | undefined} changes
 * @returns {Annotation}
 */
export function followAnnotation(annotation, changes) {
  if (!changes) return annotation;
  return {
    schema: changes.schema ?? annotation.schema,
    marks: replaced(annotation.marks, changes.put_marks, new Set(changes.removed_marks.map(keyOf)), keyOf),
    layers: followLayers(annotation.layers, changes),
    reviews: replaced(annotation.reviews, changes.put_reviews, new Set(changes.removed_reviews), ({ image }) => image),
  };
}

/**
 * Carry out an operation that the room has not answered yet. What it would refuse is seen until it has.
 *
 * @param {Annotation} annotation not changed
 * @param {KeypointOperation} operation
 * @param {{author: string, time: number}} by who does it, and when in seconds since 1970
 * @returns {Annotation}
 */
export function annotationAfter(annotation, operation, { author, time }) {
  const { marks, layers, reviews } = annotation;
  switch (operation.type) {
    case "set_schema":
      return { ...annotation, schema: operation.schema };
    case "put_mark": {
      const { type: _, ...place } = operation;
      return { ...annotation, marks: replaced(marks, [{ ...place, author, time }], new Set(), keyOf) };
    }
    case "remove_mark":
      return { ...annotation, marks: replaced(marks, [], new Set([keyOf({ ...operation, author })]), keyOf) };
    case "put_layer": {
      const layer = { ...summaryOf(operation.layer), author, time };
      return { ...annotation, layers: [...layers.filter(({ id }) => id !== layer.id), layer] };
    }
    case "remove_layer":
      return { ...annotation, layers: layers.filter(({ id }) => id !== operation.layer_id) };
    case "put_review":
      return { ...annotation, reviews: replaced(reviews, [{ image: operation.image, author, time }], new Set(), ({ image }) => image) };
    case "remove_review":
      return { ...annotation, reviews: reviews.filter(({ image }) => image !== operation.image) };
  }
}

/**
 * @param {readonly LayerSummary[]} layers
 * @param {AnnotationChanges} changes
 * @returns {readonly LayerSummary[]}
 */
function followLayers(layers, { put_layers: put, removed_layers: removed }) {
  const gone = new Set([...removed, ...put.map(({ layer }) => layer.id)]);
  const left = layers.filter(({ id }) => !gone.has(id));
  for (const { place, layer } of put) left.splice(place, 0, layer);
  return left;
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {readonly T[]} put each in place of the one with its key, or at the end
 * @param {ReadonlySet<string>} gone keys
 * @param {(item: T) => string} keyIn
 * @returns {readonly T[]}
 */
function replaced(items, put, gone, keyIn) {
  const byKey = new Map(items.map((item) => [keyIn(item), item]));
  for (const key of gone) byKey.delete(key);
  for (const item of put) byKey.set(keyIn(item), item);
  return [...byKey.values()];
}

/** @param {{cluster: string, keypoint: string, author: string}} mark */
function keyOf({ cluster, keypoint, author }) {
  return JSON.stringify([cluster, keypoint, author]);
}

/** @param {number} pixels */
function rounded(pixels) {
  return Math.round(pixels * 100) / 100;
}
