// @ts-check
/** The images to look at, worst first: a list of any length of which only what is seen is made. */

import { h } from "./dom.js";
import { claimTold, createClaimRow } from "./reviewclaims.js";
import { confidenceCss, confidenceText, nameParts } from "./reviewrules.js";
import { grouped } from "./scale.js";

/** @typedef {import("./reviewrules.js").QueueItem} QueueItem */

const ROW = 58;
const AROUND = 6;
const SHOWS = /** @type {const} */ ([["open", "Open"], ["done", "Done"], ["all", "All"]]);

export class ReviewQueue {
  #clusters = h("select", { class: "ax-input ax-review-clusters", "aria-label": "Of which average" });
  #shows = SHOWS.map(([show, label]) => {
    const button = h("button", { type: "button", class: "ax-button ax-chip", onclick: () => this.model.choose({ show }) }, label);
    button.dataset["show"] = show;
    return button;
  });
  #space = h("div", { class: "ax-queue-space" });
  #list = h("div", { class: "ax-queue-list", role: "listbox", tabIndex: 0, "aria-label": "Images, worst first" }, this.#space);
  #empty = h("p", { class: "ax-empty" });
  element = h(
    "section", { class: "ax-review-queue", "aria-label": "Queue" },
    this.#empty, this.#list,
  );
  /** @type {Map<number, {row: HTMLElement, drawn: string}>} */
  #rows = new Map();
  /** @type {number | null} */
  #followed = null;
  /** @type {readonly QueueItem[]} */
  #items = [];

  /** @param {import("./reviewmodel.js").ReviewModel} model */
  constructor(model) {
    this.model = model;
    const shows = h("div", { class: "ax-row ax-queue-shows", role: "group", "aria-label": "Which images" }, ...this.#shows);
    this.element.prepend(h("div", { class: "ax-queue-head" }, this.#clusters, shows, createClaimRow(model)));
    this.#clusters.onchange = () => model.choose({ cluster: this.#clusters.value });
    this.#list.addEventListener("scroll", () => this.#drawRows());
    new ResizeObserver(() => this.#drawRows()).observe(this.#list);
    model.watch((state) => this.#draw(state));
  }

  /** @param {import("./reviewmodel.js").State} state */
  #draw(state) {
    this.#fillClusters(state.cluster);
    const counts = this.model.counts;
    for (const button of this.#shows) {
      const show = /** @type {import("./reviewrules.js").Show} */ (button.dataset["show"]);
      button.setAttribute("aria-pressed", String(show === state.show));
      const label = SHOWS.find(([name]) => name === show)?.[1] ?? "";
      button.textContent = state.isListed ? `${label} ${grouped(counts[show])}` : label;
    }
    this.#items = itemsOf(this.model);
    this.#empty.hidden = this.#items.length > 0;
    this.#empty.textContent = emptyWords(state, this.model);
    this.#space.style.height = `${this.#items.length * ROW}px`;
    if (state.id !== this.#followed) {
      this.#followed = state.id;
      this.#scrollTo(state.id);
    }
    this.#drawRows();
  }

  /** @param {string} chosen */
  #fillClusters(chosen) {
    const clusters = this.model.room.store.state.session?.clusters ?? [];
    const options = [{ id: "", name: "All averages" }, ...clusters];
    const now = options.map(({ id, name }) => `${id} ${name}`).join("\n");
    if (this.#clusters.dataset["drawn"] !== now) {
      this.#clusters.dataset["drawn"] = now;
      this.#clusters.replaceChildren(...options.map(({ id, name }) => h("option", { value: id }, name)));
    }
    this.#clusters.value = chosen;
  }

  /** @param {number | null} id */
  #scrollTo(id) {
    const at = this.#items.findIndex((item) => item.id === id);
    if (at < 0) return;
    const { scrollTop, clientHeight } = this.#list;
    if (at * ROW < scrollTop) this.#list.scrollTop = at * ROW;
    else if ((at + 1) * ROW > scrollTop + clientHeight) this.#list.scrollTop = (at + 1) * ROW - clientHeight;
  }

  #drawRows() {
    const { scrollTop, clientHeight } = this.#list;
    const first = Math.max(0, Math.floor(scrollTop / ROW) - AROUND);
    const last = Math.min(this.#items.length, Math.ceil((scrollTop + clientHeight) / ROW) + AROUND);
    const wanted = new Set();
    this.#items.slice(first, last).forEach((item, at) => {
      wanted.add(item.id);
      const row = this.#rowOf(item);
      row.style.transform = `translateY(${(first + at) * ROW}px)`;
      row.setAttribute("aria-posinset", String(first + at + 1));
      row.setAttribute("aria-setsize", String(this.#items.length));
      if (row.parentElement !== this.#space) this.#space.append(row);
    });
    for (const [id, { row }] of this.#rows) {
      if (wanted.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    const { id } = this.model.state;
    if (id !== null && wanted.has(id)) this.#list.setAttribute("aria-activedescendant", `ax-queue-${id}`);
    else this.#list.removeAttribute("aria-activedescendant");
  }

  /** @param {QueueItem} item */
  #rowOf(item) {
    const isCurrent = item.id === this.model.state.id;
    const change = this.model.propagation.changeOf(item.id);
    const claim = claimTold(this.model, item.name);
    const drawn = JSON.stringify([item, isCurrent, change, claim]);
    const known = this.#rows.get(item.id);
    if (known?.drawn === drawn) return known.row;
    const row = known?.row ?? h("div", { class: "ax-queue-row", role: "option", id: `ax-queue-${item.id}`, onclick: () => this.model.open(item.id) });
    row.setAttribute("aria-selected", String(isCurrent));
    const picture = row.querySelector("img") ?? h("img", { src: this.model.room.imageUrl(item.id, "thumb"), alt: "", loading: "lazy", draggable: false });
    const words = h("div", { class: "ax-queue-words" }, h("b", { class: "ax-cut-name", title: item.name }, ...nameParts(item.name).filter(Boolean).map((part) => h("span", {}, part))), h("small", { title: change ? "What would move, and how far at most" : "" }, change ? movesWords(change) : laidWords(item)));
    if (claim) words.append(h("small", { class: "ax-queue-claim", title: `Claimed by ${claim.name}, lapses in ${claim.minutes} min` }, h("span", {}, claim.name), h("span", {}, `${claim.minutes} min`)));
    row.style.setProperty("--author", claim?.color ?? "transparent");
    row.toggleAttribute("data-claimed", claim !== null);
    row.replaceChildren(picture, words, confidenceMark(item));
    this.#rows.set(item.id, { row, drawn });
    return row;
  }
}

/**
 * What would change comes as a list of its own, in the order in which it was told: most first.
 *
 * @param {import("./reviewmodel.js").ReviewModel} model
 * @returns {readonly QueueItem[]}
 */
export function itemsOf(model) {
  const { changes } = model.propagation;
  if (!changes || changes.length === 0) return model.listed;
  const known = new Map(model.state.queue.map((item) => [item.id, item]));
  return changes.map(({ id, name }) => known.get(id) ?? { id, name, cluster: "", confidence: 0, lowest: 0, laid: 0, missing: 0, is_reviewed: false });
}

/** @param {QueueItem} item */
function laidWords(item) {
  const { missing, laid } = item;
  return item.is_reviewed ? "reviewed" : `${laid} of ${laid + missing}${hasGap(item) ? ", a gap" : " laid"}`;
}

/** @param {import("./reviewpropagation.js").Change} change */
function movesWords({ points, moved_px: most }) {
  return `${points} ${points === 1 ? "point" : "points"}, ≤ ${most.toFixed(1)} px`;
}

/** Whether a point was found nowhere: such images come first. @param {QueueItem} item */
function hasGap({ lowest, missing }) {
  return lowest === 0 && missing > 0;
}

/** What images are sorted by: how sure the least sure point is, or all are where one was found nowhere. A tick where somebody has looked. @param {QueueItem} item */
function confidenceMark(item) {
  const { confidence, lowest, is_reviewed } = item;
  const text = confidenceText(hasGap(item) ? confidence : lowest);
  const least = hasGap(item) ? "a point was found nowhere" : `the least sure point has a confidence of ${text}`;
  const title = `${least}, all have ${confidenceText(confidence)} on average${is_reviewed ? "; reviewed" : ""}`;
  const mark = h("span", { class: "ax-confidence", title }, h("i", { "aria-hidden": "true" }), h("span", {}, text), h("span", { class: "ax-queue-tick" }, is_reviewed ? "✓" : ""));
  mark.style.setProperty("--ink", confidenceCss(lowest));
  return mark;
}

/**
 * @param {import("./reviewmodel.js").State} state
 * @param {import("./reviewmodel.js").ReviewModel} model
 */
function emptyWords({ isListed, show, queue }, model) {
  if (model.schema.keypoints.length === 0) return "There are no keypoints yet: choose a schema and place its points on the average first.";
  if (!isListed) return "Loading …";
  const job = model.propagation.job?.state;
  if (queue.length === 0 && job === "running") return "The points are on their way to the images.";
  if (queue.length === 0 && job === "done") return "No point was found in any image: place them where the average is sharp, then propagate again.";
  if (queue.length === 0) return "No image has points yet: place keypoints on an average, then propagate them.";
  return show === "open" ? "All are reviewed." : "None is reviewed yet.";
}
