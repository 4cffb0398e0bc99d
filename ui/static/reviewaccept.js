// @ts-check
/** Accepting proposals by a threshold, and the layers that came of it, each of which can be taken back. */

import { h } from "./dom.js";
import { bars, counted, outcome, outcomeWords } from "./reviewbulk.js";
import { confidenceCss, confidenceText, pilesOf } from "./reviewrules.js";
import { ago, grouped } from "./scale.js";

/** @typedef {import("./reviewbulk.js").Proposals} Proposals */
/** @typedef {import("./reviewrules.js").Merge} Merge */
/** @typedef {import("./annotation.js").LayerSummary} LayerSummary */

const WAIT_MS = 160;
const MINUTE_MS = 60_000;
const KINDS = /** @type {Record<string, string>} */ ({ accepted: "Accepted", imported: "Imported", hand: "By hand" });

export class ReviewAccept {
  /** @type {Proposals | null} */
  #proposals = null;
  #threshold = 0.5;
  #asked = 0;
  #heard = "";
  #isWaiting = true;
  #isTaking = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #bars = h("div", { class: "ax-histogram", "aria-hidden": "true" });
  #slider = h("input", { type: "range", min: "0", max: "1", step: "0.01", value: "0.5", class: "ax-range", "aria-label": "Least confidence" });
  #value = h("output", { class: "ax-count-value" });
  #words = h("p", { class: "ax-bulk-words", role: "status" });
  #scope = choice("ax-scope", "Which images", [["all", "All images"], ["cluster", "This average"], ["image", "This image"]]);
  #merge = choice("ax-merge", "Where an image has the point already", [["missing", "Fill what is missing"], ["overwrite", "Overwrite, but for points placed by hand"]]);
  #accept = h("button", { type: "button", "data-needs": "put_layer", class: "ax-button ax-primary" }, "Accept");
  #layers = h("ol", { class: "ax-layers", tabIndex: -1, "aria-label": "Layers of points, newest first" });
  #box = h("div", { class: "ax-histogram-box" }, this.#bars, this.#slider);
  #foot = h("div", { class: "ax-row ax-histogram-foot" }, h("span", { class: "ax-muted" }, "0 unsure"), h("span", { class: "ax-bulk-at" }, "at least ", this.#value), h("span", { class: "ax-muted" }, "sure 1"));
  /** what says nothing while nothing is proposed */
  #needProposals = [this.#box, this.#foot, this.#scope.element, this.#merge.element, this.#accept];
  element = h(
    "div", { class: "ax-review-bulk" },
    h(
      "section", { class: "ax-bulk-choose", "aria-label": "Accept by threshold" },
      h("h3", {}, "Confidence of what is proposed"),
      this.#box,
      this.#foot,
      this.#words, this.#scope.element, this.#merge.element, this.#accept,
    ),
    h("section", { class: "ax-bulk-layers", "aria-label": "Layers" }, h("h3", {}, "Layers of points"), h("p", { class: "ax-muted" }, "What is read off the pile is what counts. Taking a layer back leaves exactly what there would be without it."), this.#layers),
  );

  /** @param {import("./reviewmodel.js").ReviewModel} model */
  constructor(model) {
    this.model = model;
    this.#slider.oninput = () => this.#move(Number(this.#slider.value));
    this.#scope.onChange = () => this.model.redraw();
    this.#merge.onChange = () => this.model.redraw();
    this.#accept.onclick = () => this.#take();
    model.watch(({ tab }) => tab === "bulk" && this.#draw());
  }

  /** @param {number} threshold */
  #move(threshold) {
    this.#threshold = threshold;
    this.#isWaiting = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), WAIT_MS);
    this.model.redraw();
  }

  async #ask() {
    const asked = ++this.#asked;
    const cluster = this.#cluster;
    this.#isWaiting = true;
    try {
      const found = await this.model.ask("proposals", { threshold: this.#threshold, ...(cluster ? { cluster } : {}) });
      if (asked !== this.#asked) return;
      this.#proposals = found;
      this.#isWaiting = false;
    } catch (error) {
      if (asked === this.#asked) this.model.fail(error);
    }
    this.model.redraw();
  }

  /** @returns {string} "" for all */
  get #cluster() {
    const { cluster, image, queue } = this.model.state;
    if (this.#scope.value === "all") return "";
    return queue.find(({ id }) => id === image?.id)?.cluster || cluster || this.model.room.store.state.clusterId;
  }

  #draw() {
    const { revision } = this.model.room.store.state;
    const heard = `${revision} ${this.model.propagation.job?.version} ${this.#cluster}`;
    if (heard !== this.#heard) {
      this.#heard = heard;
      this.#ask();
    }
    this.#drawScope();
    this.#drawHistogram();
    const name = this.#scope.value === "image" ? (this.model.state.image?.name ?? "") : null;
    const found = this.#proposals && outcome(this.#proposals, this.#merged, name);
    this.#words.textContent = found ? (this.#proposals?.images.length ? outcomeWords(found) : "Nothing is proposed yet: propagate the marks of an average first.") : "Loading …";
    const isNone = found !== null && this.#proposals?.images.length === 0 && this.#scope.value === "all";
    for (const part of this.#needProposals) part.hidden = isNone;
    this.#words.classList.toggle("ax-pending", this.#isWaiting);
    this.#accept.disabled = this.#isWaiting || !found || found.points === 0;
    this.#accept.textContent = this.#isTaking ? "Accepting …" : found && found.points > 0 ? `Accept ${counted(found.points, "point")}` : "Accept";
    this.#drawLayers();
  }

  /** @returns {Merge} */
  get #merged() {
    return /** @type {Merge} */ (this.#merge.value);
  }

  #drawScope() {
    const clusters = this.model.room.store.state.session?.clusters ?? [];
    const name = clusters.find(({ id }) => id === this.#clusterNamed)?.name ?? "";
    this.#scope.label("cluster", name ? `Images of “${name}”` : "This average");
    const image = this.model.state.image?.name.split("/").at(-1) ?? "";
    this.#scope.label("image", image ? `Only ${image}` : "This image");
    this.#scope.disable("image", !image);
  }

  get #clusterNamed() {
    const { cluster, image, queue } = this.model.state;
    return queue.find(({ id }) => id === image?.id)?.cluster || cluster || this.model.room.store.state.clusterId;
  }

  #drawHistogram() {
    this.#value.textContent = confidenceText(this.#threshold);
    this.#slider.style.setProperty("--from", `${this.#threshold * 100}%`);
    this.#slider.style.setProperty("--to", "100%");
    this.#slider.setAttribute("aria-valuetext", `${confidenceText(this.#threshold)}. ${this.#words.textContent}`);
    const histogram = this.#proposals?.histogram ?? [];
    this.#bars.replaceChildren(
      ...bars(histogram, this.#threshold).map(({ height, part }, at) => {
        const [from, to] = [at / histogram.length, (at + 1) / histogram.length];
        const bar = h("i", { title: `${grouped(histogram[at] ?? 0)} points from ${from.toFixed(2)} to ${to.toFixed(2)}` });
        bar.style.setProperty("--height", `${height * 100}%`);
        bar.style.setProperty("--part", `${(1 - part) * 100}%`);
        bar.style.setProperty("--ink", confidenceCss((from + to) / 2));
        return bar;
      }),
    );
  }

  async #take() {
    const scope = this.#scope.value;
    const { image } = this.model.state;
    this.#isWaiting = this.#isTaking = true;
    this.model.redraw();
    try {
      await this.model.acceptAbove(this.#threshold, {
        merge: this.#merged,
        clusters: scope === "cluster" ? [this.#cluster] : null,
        images: scope === "image" && image ? [image.name] : null,
      });
    } catch (error) {
      this.model.fail(error);
    }
    this.#isTaking = false;
    this.#ask();
  }

  #drawLayers() {
    const { piles, singles, hands } = pilesOf(this.model.layers);
    const now = JSON.stringify([piles, singles, hands, Math.floor(Date.now() / MINUTE_MS)]);
    if (this.#layers.dataset["drawn"] === now) return;
    this.#layers.dataset["drawn"] = now;
    const nowS = Date.now() / 1000;
    const row = (/** @type {LayerSummary} */ layer) => this.#layerRow(layer, nowS);
    const byHand = hands.map((one) =>
      layerRow(`${counted(one.layers, "correction")} by hand`, `${counted(one.images, "image")} · ${this.#byline(one.author, one.newestS, nowS)}`, null),
    );
    const none = this.model.layers.length === 0 ? [h("li", { class: "ax-empty" }, "No point is laid yet.")] : [];
    const hadFocus = this.#layers.contains(document.activeElement);
    this.#layers.replaceChildren(...none, ...byHand, ...piles.map(row), ...this.#drawSingles(singles.map(row), singles));
    if (hadFocus) this.#layers.focus({ preventScroll: true });
  }

  /** Images that were accepted one by one are many: they are folded. @param {readonly HTMLElement[]} rows @param {readonly LayerSummary[]} layers */
  #drawSingles(rows, layers) {
    if (rows.length < 3) return rows;
    const points = layers.reduce((sum, layer) => sum + layer.points, 0);
    const isOpen = this.#layers.querySelector("details")?.open ?? false;
    const words = h("summary", {}, `Accepted image by image: ${counted(points, "point")} in ${counted(rows.length, "layer")}`);
    return [h("li", {}, h("details", { class: "ax-layer-fold", open: isOpen }, words, h("ol", {}, ...rows)))];
  }

  /** @param {LayerSummary} layer @param {number} nowS */
  #layerRow(layer, nowS) {
    const back = h("button", { type: "button", "data-needs": "remove_layer", class: "ax-button ax-chip", onclick: () => this.model.takeBack(layer.id) }, "Take back");
    back.setAttribute("aria-label", `Take back ${counted(layer.points, "point")}`);
    const how = layer.merge === "missing" ? "fills what is missing" : "overwrites";
    const title = `${KINDS[layer.kind] ?? layer.kind} ${counted(layer.points, "point")}`;
    return layerRow(title, `${counted(layer.images, "image")}, ${how} · ${this.#byline(layer.author, layer.time, nowS)}`, back);
  }

  /** @param {string} author @param {number} timeS @param {number} nowS */
  #byline(author, timeS, nowS) {
    const when = ago(timeS, nowS);
    const words = when === "now" ? "just now" : when ? `${when} ago` : "";
    return [this.model.nameOf(author), words].filter(Boolean).join(", ");
  }
}

/** @param {string} title @param {string} words @param {HTMLElement | null} action */
function layerRow(title, words, action) {
  return h("li", { class: "ax-layer" }, h("div", {}, h("b", {}, title), h("small", {}, words)), action);
}

/**
 * @param {string} name
 * @param {string} legend
 * @param {readonly (readonly [string, string])[]} options
 */
function choice(name, legend, options) {
  const labels = new Map(options.map(([value, label], at) => {
    const input = h("input", { type: "radio", name, value, checked: at === 0 });
    input.onchange = () => found.onChange();
    return [value, { input, words: h("span", {}, label) }];
  }));
  const rows = [...labels.values()].map(({ input, words }) => h("label", { class: "ax-choice" }, input, words));
  const found = {
    element: h("fieldset", { class: "ax-bulk-choice" }, h("legend", {}, legend), ...rows),
    onChange: () => {},
    get value() {
      return [...labels].find(([, { input }]) => input.checked)?.[0] ?? "";
    },
    /** @param {string} value @param {string} text */
    label: (value, text) => void (labels.get(value)?.words.textContent !== text && labels.get(value)?.words.replaceChildren(text)),
    /** @param {string} value @param {boolean} isOff */
    disable: (value, isOff) => {
      const input = labels.get(value)?.input;
      if (input) input.disabled = isOff;
    },
  };
  return found;
}
