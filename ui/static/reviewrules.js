// @ts-check
/** What the review of keypoints knows of points, layers and the queue, as values. Pure. */

/** @typedef {import("./annotation.js").PointState} PointState */
/** @typedef {import("./annotation.js").Merge} Merge */
/** @typedef {import("./annotation.js").LayerSummary} LayerSummary */
/** @typedef {import("./schema.js").Keypoint} Keypoint */
/** @typedef {import("./schema.js").Schema} Schema */
/** @typedef {{keypoint: string, x: number, y: number, state: PointState, confidence: number, layer: string, kind: string, author: string}} Laid a point as it is read off the layers, pixels of the original */
/** @typedef {{keypoint: string, x: number, y: number, confidence: number}} Proposed */
/** @typedef {{id: number, name: string, height: number, width: number, laid: readonly Laid[], proposed: readonly Proposed[], is_reviewed: boolean}} ImageKeypoints */
/** @typedef {{id: number, name: string, cluster: string, confidence: number, lowest: number, laid: number, missing: number, is_reviewed: boolean}} QueueItem */
/** @typedef {"all" | "open" | "done"} Show */
/** @typedef {{keypoint: string, from: readonly [number, number], to: readonly [number, number]}} Move pixels of the photograph */
/** @typedef {{x: number, y: number, state: PointState}} Placed */
/** @typedef {"hand" | "accepted" | "imported" | "proposed" | "missing"} Source where a point that is shown comes from */
/** @typedef {{keypoint: Keypoint, source: Source, at: readonly [number, number] | null, state: PointState, confidence: number, author: string, layer: string, other: Proposed | null}} Shown
 * a keypoint of an image; `at`: null where it is absent or missing; `other`: what is proposed where something else is laid */

export const HAND = "hand";
/** Letters of a name that are always to be seen. */
const TAIL = 6;
/** A name of fewer letters says too little without its folder. */
const SHORT = 4;
const SURE = [32, 138, 196];
const HALF = [232, 163, 32];
const UNSURE = [214, 52, 64];

/**
 * Lay what the room has not answered yet over what the server told.
 *
 * @param {readonly Laid[]} laid
 * @param {ReadonlyMap<string, Placed | null>} local by keypoint; null: the point of the hand is taken away
 * @param {string} author
 * @returns {readonly Laid[]}
 */
export function withLocal(laid, local, author) {
  const kept = laid.filter(({ keypoint }) => !local.has(keypoint));
  const put = [...local].flatMap(([keypoint, placed]) =>
    placed ? [{ keypoint, ...placed, confidence: 1, layer: "", kind: HAND, author }] : [],
  );
  return [...kept, ...put];
}

/**
 * @param {Schema} schema
 * @param {Pick<ImageKeypoints, "laid" | "proposed">} image
 * @returns {readonly Shown[]} every keypoint in the schema's order
 */
export function shownPoints(schema, { laid, proposed }) {
  return schema.keypoints.map((keypoint) => {
    const fixed = laid.find((one) => one.keypoint === keypoint.id);
    const guess = proposed.find((one) => one.keypoint === keypoint.id) ?? null;
    if (fixed) {
      const { state, confidence, author, layer, kind } = fixed;
      const source = /** @type {Source} */ (kind);
      return { keypoint, source, at: state === "absent" ? null : [fixed.x, fixed.y], state, confidence, author, layer, other: guess };
    }
    if (!guess) return { keypoint, source: "missing", at: null, state: "visible", confidence: 0, author: "", layer: "", other: null };
    return { keypoint, source: "proposed", at: [guess.x, guess.y], state: "visible", confidence: guess.confidence, author: "", layer: "", other: null };
  });
}

/**
 * The point as it is after a key said what it is; a point that was absent comes back where it was proposed.
 *
 * @param {Shown} point
 * @param {PointState} state
 * @param {readonly [number, number]} middle where a point is put of which no place is known
 * @returns {Placed}
 */
export function inState(point, state, middle) {
  const [x, y] = point.at ?? (point.other ? [point.other.x, point.other.y] : middle);
  return { x, y, state };
}

/**
 * @param {number} confidence from 0 to 1
 * @returns {readonly [number, number, number]} from red over amber to blue, which color-blind people tell apart too
 */
export function confidenceRgb(confidence) {
  const at = Math.min(1, Math.max(0, confidence)) * 2;
  const [from, to] = at < 1 ? [UNSURE, HALF] : [HALF, SURE];
  const part = at < 1 ? at : at - 1;
  const [r = 0, g = 0, b = 0] = from.map((level, channel) => Math.round(level + part * ((to[channel] ?? 0) - level)));
  return [r, g, b];
}

/** @param {number} confidence @returns {string} */
export function confidenceCss(confidence) {
  return `rgb(${confidenceRgb(confidence).join(" ")})`;
}

/** @param {number} confidence @returns {string} two digits, the same wherever it is written */
export function confidenceText(confidence) {
  return Math.min(1, Math.max(0, confidence)).toFixed(2);
}

/**
 * Who has looked at what is known here before the server has told the queue anew.
 *
 * @template {{name: string, is_reviewed: boolean}} T
 * @param {readonly T[]} images
 * @param {readonly {image: string}[]} reviews
 * @returns {readonly T[]}
 */
export function asReviewed(images, reviews) {
  const names = new Set(reviews.map(({ image }) => image));
  return images.map((image) => (image.is_reviewed === names.has(image.name) ? image : { ...image, is_reviewed: names.has(image.name) }));
}

/**
 * Where the points of an image would go if what is proposed were taken over: those that were accepted, not
 * those that a person placed.
 *
 * @param {readonly Shown[]} points
 * @param {number} least pixels of the photograph
 * @returns {readonly Move[]}
 */
export function movesOf(points, least) {
  return points.flatMap(({ keypoint, source, at, other }) => {
    if (source !== "accepted" || !at || !other || Math.hypot(other.x - at[0], other.y - at[1]) <= least) return [];
    return [{ keypoint: keypoint.id, from: at, to: /** @type {const} */ ([other.x, other.y]) }];
  });
}

/**
 * @param {readonly QueueItem[]} queue
 * @param {Show} show
 * @returns {readonly QueueItem[]}
 */
export function filtered(queue, show) {
  return show === "all" ? queue : queue.filter((one) => one.is_reviewed === (show === "done"));
}

/**
 * While somebody works through a queue it keeps its order, also where a correction makes an image one of the best.
 *
 * @template {{id: number}} T
 * @param {readonly T[]} items as they are now
 * @param {readonly {id: number}[]} before the order that is kept; new ones come last
 * @returns {readonly T[]}
 */
export function inOrder(items, before) {
  const places = new Map(before.map(({ id }, at) => [id, at]));
  const place = (/** @type {T} */ { id }) => places.get(id) ?? before.length;
  return items.toSorted((one, other) => place(one) - place(other));
}

/**
 * @param {readonly {id: number}[]} queue
 * @param {number | null} id
 * @param {1 | -1} direction
 * @returns {number | null} the neighbor's id; null at the ends
 */
export function stepInQueue(queue, id, direction) {
  const at = queue.findIndex((one) => one.id === id);
  if (at < 0) return queue[0]?.id ?? null;
  return queue[at + direction]?.id ?? null;
}

/**
 * @param {readonly QueueItem[]} queue worst first
 * @param {number} id of the image that is done now
 * @returns {number | null} the next one after it that is open, else the worst that is open
 */
export function nextOpen(queue, id) {
  const at = queue.findIndex((one) => one.id === id);
  const open = (/** @type {QueueItem} */ one) => !one.is_reviewed && one.id !== id;
  return (queue.slice(at + 1).find(open) ?? queue.find(open))?.id ?? null;
}

/**
 * @param {readonly QueueItem[]} queue
 * @returns {{all: number, open: number, done: number}}
 */
export function counted(queue) {
  const done = queue.filter((one) => one.is_reviewed).length;
  return { all: queue.length, open: queue.length - done, done };
}

/**
 * @param {readonly LayerSummary[]} layers
 * @returns {{piles: readonly LayerSummary[], singles: readonly LayerSummary[], hands: readonly {author: string, layers: number, images: number, newestS: number}[]}}
 *   the layers of many images and those of one, newest first; and of each person how many points were put by hand
 */
export function pilesOf(layers) {
  const laid = layers.filter((layer) => !isHand(layer)).toReversed();
  const isSingle = (/** @type {LayerSummary} */ { kind, images }) => kind === "accepted" && images === 1;
  /** @type {Map<string, {author: string, layers: number, images: Set<string>, newestS: number}>} */
  const hands = new Map();
  for (const layer of layers.filter(isHand)) {
    const known = hands.get(layer.author) ?? { author: layer.author, layers: 0, images: new Set(), newestS: 0 };
    known.layers += 1;
    known.images.add(imageOfHand(layer));
    known.newestS = Math.max(known.newestS, layer.time);
    hands.set(layer.author, known);
  }
  return { piles: laid.filter((layer) => !isSingle(layer)), singles: laid.filter(isSingle), hands: [...hands.values()].map((one) => ({ ...one, images: one.images.size })) };
}

/** @param {LayerSummary} layer */
function isHand({ id, kind }) {
  return kind === HAND && id.startsWith(`${HAND}-`);
}

/** The image's number in the id of a hand's layer. @param {LayerSummary} layer */
function imageOfHand({ id, author }) {
  return id.slice(`${HAND}-${author}-`.length).split("-")[0] ?? "";
}

/**
 * @param {string} author an id
 * @param {{author: string, names: import("./peoplerules.js").Names}} known who this is, and who was heard of
 * @returns {string} of those whose names were never heard, what tells one from another
 */
export function personName(author, { author: me, names }) {
  if (author === me) return "You";
  return names.get(author)?.name ?? (author ? `Somebody (${author.slice(0, 5)})` : "Somebody");
}

/**
 * @param {string} path of an image
 * @returns {readonly [head: string, tail: string]} its file's name without the ending: what may be cut off where there is
 * little room, and the last letters, by which most names differ
 */
export function nameParts(path) {
  const [folder = "", file = folder] = path.split("/").slice(-2);
  const own = file.replace(/\.[a-z0-9]{2,5}$/i, "");
  const name = own.length < SHORT && file !== path ? `${folder}/${own}` : own;
  const at = Math.max(0, name.length - TAIL);
  return [name.slice(0, at), name.slice(at)];
}
