// @ts-check
/** The images that weigh most, with their share and the places where the strokes matched. */

import { NO_PICKS, pick } from "./clusterrules.js";
import { css, h, moveFocus } from "./dom.js";
import { MODE_INK } from "./overlay.js";
import { percent } from "./scale.js";
import { clusterOf } from "./store.js";
import { VoteButtons, Votes } from "./votebuttons.js";

/** @typedef {import("./messages.js").RankedImage} RankedImage */
/** @typedef {import("./messages.js").Edit} Edit */

const SKETCH_BOX = "rgb(255 255 255)";
const SHOWN = 32;
/** How many outliers a new cluster is made of where none is picked. */
const FROM_OUTLIERS = 8;
/** A picture that could not be loaded (the server was away) is asked for again after this time. */
const RETRY_MS = 3000;

/** What may be done with the strip, beside looking at one image. @typedef {object} StripHandlers
 * @property {(id: number, ids: readonly number[]) => void} open
 * @property {() => boolean} isPainting
 * @property {(names: readonly string[]) => void} spawn
 */

/**
 * @param {import("./room.js").Room} room
 * @param {StripHandlers} handlers
 */
export function createStrip(room, handlers) {
  const { store } = room;
  const votes = new Votes(room);
  const list = h("ol", { class: "ax-strip-list", "aria-label": "Images that weigh most" });
  const element = h("section", { class: "ax-strip", "aria-label": "Strongest images" }, createHead(votes, handlers.spawn), list);
  /** @type {Map<number, Thumb>} */
  const thumbs = new Map();
  let collection = "";
  /** @type {readonly unknown[]} */
  let drawn = [];

  list.addEventListener("keydown", (event) => moveFocus(list, event));
  list.addEventListener("wheel", (event) => scrollSideways(list, event), { passive: false });
  store.watch((state) => {
    const version = `${state.collection?.name} ${state.collection?.version}`;
    if (version !== collection) {
      collection = version;
      thumbs.clear();
      list.replaceChildren();
    }
    const edits = clusterOf(state)?.edits ?? [];
    const { ranking, hovered, picks, showsOutliers, unexplained, showsShortlist, board, role } = state;
    const now = [ranking, hovered, picks, showsOutliers, unexplained, showsShortlist, board.votes, role, showsShortlist && idsOf(votes)];
    if (now.every((one, at) => one === drawn[at])) return;
    drawn = now;
    const top = imagesOf(state, votes);
    list.dataset["picking"] = String(picks.names.length > 0);
    list.setAttribute("aria-label", showsOutliers ? "Images that no cluster explains" : showsShortlist ? "Images that people voted for" : "Images that weigh most");
    const most = Math.max(1e-12, ...top.map((image) => image.weight));
    const aspect = state.collection ? state.collection.width / state.collection.height : 1;
    list.style.setProperty("--aspect", String(aspect));
    const wanted = top.map((image, place) => {
      const thumb = thumbs.get(image.id) ?? new Thumb(room.imageUrl(image.id, "thumb"), image, votes);
      thumbs.set(image.id, thumb);
      const toggle = (/** @type {boolean} */ isRange) =>
        store.update({ picks: pick(store.state.picks, imagesOf(store.state, votes).map(({ name }) => name), image.name, isRange) });
      thumb.button.onclick = (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) toggle(event.shiftKey);
        else handlers.open(image.id, imagesOf(store.state, votes).map(({ id }) => id));
      };
      thumb.toggle = toggle;
      thumb.update(image, place, most, boxesOf(image, edits.map((entry) => entry.edit), state.hovered));
      thumb.showPicked(picks.names.includes(image.name), showsOutliers);
      return thumb.element;
    });
    reorder(list, wanted, !handlers.isPainting());
    forget(thumbs, new Set(top.map((image) => image.id)));
  });
  return element;
}

/**
 * @param {import("./store.js").State} state
 * @param {Votes} votes
 * @returns {readonly RankedImage[]} what the strip shows: the images that weigh most, that people voted for, or that no cluster explains
 */
function imagesOf({ ranking, showsOutliers, showsShortlist, unexplained }, votes) {
  if (!showsOutliers && showsShortlist) return shortlisted(ranking, votes);
  if (!showsOutliers) return ranking?.top.slice(0, SHOWN) ?? [];
  return (unexplained ?? []).map(({ id, name, unexplained: weight }) => ({ id, name, weight, score: 0, boxes: {}, mirrored: false, share: 0 }));
}

/**
 * @param {import("./messages.js").Ranking | null} ranking
 * @param {Votes} votes
 * @returns {readonly RankedImage[]} the most wanted first; those that are not known yet come when they are
 */
function shortlisted(ranking, votes) {
  const known = new Map(ranking?.top.map((image) => [image.name, image]));
  return votes.shortlist.flatMap((name) => {
    const ranked = known.get(name);
    if (ranked) return [ranked];
    const id = votes.room.idOf(name);
    return id === null ? [] : [{ id, name, weight: 0, score: 0, boxes: {}, mirrored: false, share: 0 }];
  });
}

/** @param {Votes} votes @returns {string} which images of the shortlist are known by now */
function idsOf(votes) {
  return votes.shortlist.map((name) => votes.room.idOf(name)).join();
}

/**
 * The line above the images: what they are, and what can be done with those picked. It is always there: the average
 * would change its size under the hand of whoever paints when somebody else votes.
 *
 * @param {Votes} votes
 * @param {(names: readonly string[]) => void} spawn
 */
function createHead(votes, spawn) {
  const { store } = votes.room;
  const words = h("span", { class: "ax-strip-words", role: "status" });
  const make = h("button", { type: "button", "data-needs": "add_cluster", class: "ax-button ax-chip" });
  const clear = h("button", { type: "button", class: "ax-button ax-chip" }, "Let go");
  const shortlist = h("button", { type: "button", class: "ax-button ax-chip ax-shortlist", title: "The images that people voted for, the most wanted first" });
  const back = h("button", { type: "button", class: "ax-button ax-chip" }, "Back");
  make.onclick = () => {
    const { picks } = store.state;
    spawn(picks.names.length > 0 ? picks.names : imagesOf(store.state, votes).slice(0, FROM_OUTLIERS).map(({ name }) => name));
  };
  clear.onclick = () => store.update({ picks: NO_PICKS });
  back.onclick = () => store.update({ showsOutliers: false, showsShortlist: false, picks: NO_PICKS });
  shortlist.onclick = () => store.update({ showsOutliers: false, showsShortlist: !store.state.showsShortlist, picks: NO_PICKS });
  const element = h("div", { class: "ax-strip-head" }, words, make, clear, back, shortlist);
  store.watch(({ picks, showsOutliers, showsShortlist, unexplained }) => {
    const picked = picks.names.length;
    const wanted = votes.shortlist.length;
    const isShortlist = showsShortlist && !showsOutliers;
    const ofVotes = wanted === 0 ? "Nobody is for any image now." : "What people voted for, the most wanted first.";
    const ofOutliers = unexplained === null ? "Looking for what no cluster explains …" : "What no cluster explains, the least first.";
    const what = showsOutliers ? ofOutliers : isShortlist ? ofVotes : "Strongest images";
    shortlist.hidden = showsOutliers || (wanted === 0 && !showsShortlist);
    shortlist.textContent = `Shortlist ${wanted}`;
    shortlist.setAttribute("aria-pressed", String(isShortlist));
    make.hidden = picked === 0 && !showsOutliers && !isShortlist;
    words.textContent = picked > 0 ? `${picked} ${picked === 1 ? "image" : "images"} picked` : what;
    make.textContent = picked === 1 ? "New cluster from it" : "New cluster from these";
    make.disabled = picked === 0 && (isShortlist ? wanted : (unexplained?.length ?? 0)) === 0;
    make.title = picked > 0 ? "An average of images like those picked" : `An average of images like the first ${FROM_OUTLIERS}`;
    clear.hidden = picked === 0;
    back.hidden = !showsOutliers && !isShortlist;
  });
  return element;
}

class Thumb {
  image = h("img", { alt: "", class: "ax-thumb-image", draggable: false, decoding: "async" });
  boxes = h("span", { class: "ax-boxes", "aria-hidden": "true" });
  bar = h("span", { class: "ax-bar-fill" });
  share = h("span", { class: "ax-share" });
  mirror = h("span", { class: "ax-mirrored", title: "Takes part mirrored" }, "\u21cb");
  box = h("input", { type: "checkbox", class: "ax-pick", tabIndex: -1, title: "Pick for a new cluster (Ctrl and click, Space; Shift picks a range)" });
  /** @type {(isRange: boolean) => void} */
  toggle = () => {};
  button = h("button", { type: "button", class: "ax-thumb" });
  element = h("li", { class: "ax-strip-item" });
  #votes;
  #boxes = "";

  /**
   * @param {string} url
   * @param {RankedImage} image
   * @param {Votes} votes
   */
  constructor(url, image, votes) {
    this.#votes = new VoteButtons(votes, { isWalked: false });
    const picture = h("span", { class: "ax-thumb-picture" }, this.image, this.boxes, this.mirror);
    const bar = h("span", { class: "ax-bar" }, this.bar);
    this.button.append(picture, h("span", { class: "ax-thumb-foot" }, bar, this.share));
    this.element.append(this.button, this.box, this.#votes.element);
    this.box.setAttribute("aria-label", `Pick ${image.name}`);
    this.box.onclick = (event) => {
      event.preventDefault();
      this.toggle(event.shiftKey);
    };
    this.button.onkeydown = (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      this.toggle(event.shiftKey);
    };
    this.button.onkeyup = (event) => event.key === " " && event.preventDefault();
    this.button.title = image.name;
    this.image.onload = () => this.image.classList.add("ax-loaded");
    this.image.onerror = () => setTimeout(() => (this.image.src = url), RETRY_MS);
    this.image.src = url;
  }

  /**
   * @param {RankedImage} image
   * @param {number} place
   * @param {number} most the strip's largest weight
   * @param {{color: string, box: import("./messages.js").Box}[]} boxes
   */
  update(image, place, most, boxes) {
    this.bar.style.transform = `scaleX(${(image.weight / most).toFixed(3)})`;
    this.share.textContent = percent(image.weight);
    this.mirror.hidden = !image.mirrored;
    this.#votes.draw(image.name);
    const how = image.mirrored ? ", mirrored" : "";
    const isShared = image.share > 0 && image.share < 0.995;
    this.button.title = isShared ? `${image.name}: ${percent(image.share)} of it is this cluster's` : image.name;
    const votes = this.#votes.element.title;
    this.button.setAttribute("aria-label", `${place + 1}: ${image.name}, ${percent(image.weight)}${how}${votes && `, ${votes}`}`);
    const key = JSON.stringify(boxes);
    if (key === this.#boxes) return;
    this.#boxes = key;
    this.boxes.replaceChildren(...boxes.map(({ color, box }) => boxElement(color, box)));
  }

  /** @param {boolean} isPicked @param {boolean} isOutlier an outlier has no weight to tell */
  showPicked(isPicked, isOutlier) {
    this.element.classList.toggle("ax-picked", isPicked);
    this.box.checked = isPicked;
    this.button.toggleAttribute("data-picked", isPicked);
    this.share.hidden = isOutlier;
  }
}

/**
 * @param {string} color
 * @param {import("./messages.js").Box} box canvas units of the image as it is
 */
export function boxElement(color, [x, y, width, height]) {
  const element = h("span", { class: "ax-box" });
  element.style.left = `${x * 100}%`;
  element.style.top = `${y * 100}%`;
  element.style.width = `${width * 100}%`;
  element.style.height = `${height * 100}%`;
  element.style.setProperty("--box", color);
  return element;
}

/**
 * @param {RankedImage} image
 * @param {readonly Edit[]} edits
 * @param {string | null} marked the only edit of which to show the box
 * @returns {{color: string, box: import("./messages.js").Box}[]} the newest last
 */
function boxesOf(image, edits, marked) {
  return edits.flatMap((edit) => {
    const box = image.boxes[edit.id];
    return box && (!marked || edit.id === marked) ? [{ box, color: boxColor(edit) }] : [];
  });
}

/** @param {Edit | undefined} edit */
export function boxColor(edit) {
  if (edit?.kind === "mode") return MODE_INK;
  return edit?.kind === "color" ? css(edit.color) : SKETCH_BOX;
}

/**
 * Put the items in order with few moves; those that move may glide (the hand comes first: not while it paints).
 *
 * @param {HTMLElement} list
 * @param {HTMLElement[]} wanted
 * @param {boolean} mayGlide
 */
function reorder(list, wanted, mayGlide) {
  const same = wanted.length === list.children.length && wanted.every((item, at) => item === list.children[at]);
  if (same) return;
  const glides = mayGlide && !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const before = glides ? leftEdges(list) : new Map();
  const focused = document.activeElement;
  const keep = new Set(/** @type {Element[]} */ (wanted));
  for (const item of [...list.children]) if (!keep.has(item)) item.remove();
  wanted.forEach((item, at) => {
    if (list.children[at] !== item) list.insertBefore(item, list.children[at] ?? null);
  });
  if (focused instanceof HTMLElement && list.contains(focused)) focused.focus({ preventScroll: true });
  if (!glides) return;
  for (const item of wanted) {
    const left = before.get(item);
    if (left === undefined || left === item.offsetLeft) continue;
    item.animate([{ transform: `translateX(${left - item.offsetLeft}px)` }, { transform: "none" }], {
      duration: 160,
      easing: "ease-out",
    });
  }
}

/** @param {HTMLElement} list @returns {Map<Element, number>} */
function leftEdges(list) {
  return new Map([...list.children].map((item) => [item, /** @type {HTMLElement} */ (item).offsetLeft]));
}

/**
 * Keep the elements of a few hundred images that left the strip, so that they come back without a flicker.
 *
 * @param {Map<number, Thumb>} thumbs
 * @param {Set<number>} shown
 */
function forget(thumbs, shown) {
  for (const id of thumbs.keys()) {
    if (thumbs.size <= 300) return;
    if (!shown.has(id)) thumbs.delete(id);
  }
}

/**
 * @param {HTMLElement} list
 * @param {WheelEvent} event
 */
function scrollSideways(list, event) {
  if (event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
  if (list.scrollWidth <= list.clientWidth) return;
  event.preventDefault();
  list.scrollLeft += event.deltaY;
}
