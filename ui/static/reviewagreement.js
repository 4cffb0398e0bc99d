// @ts-check
/** How far two people's points lie apart: on images and on averages, by keypoint, and where most. */

import { h } from "./dom.js";
import { counted } from "./reviewbulk.js";
import { figure } from "./scale.js";
import { nameOfKeypoint } from "./schema.js";

/** @typedef {{x: number, y: number}} Place */
/** @typedef {{id: number, name: string, keypoint: string, distance_px: number, a: Place, b: Place}} Apart */
/** @typedef {{authors: readonly string[], images: number, points: number, median_px: number | null, mean_px: number | null, per_keypoint: readonly {keypoint: string, n: number, mean_px: number, max_px: number}[], worst: readonly Apart[], marks: readonly {cluster: string, keypoint: string, distance: number}[]}} Agreement */

export class ReviewAgreement {
  #a = h("select", { class: "ax-input", "aria-label": "One person" });
  #b = h("select", { class: "ax-input", "aria-label": "The other person" });
  #body = h("div", { class: "ax-agreement-body" });
  #head = h("div", { class: "ax-row ax-wrap ax-agreement-head", hidden: true }, h("i", { class: "ax-person-dot ax-person-a" }), this.#a, h("span", { class: "ax-muted" }, "and"), h("i", { class: "ax-person-dot ax-person-b" }), this.#b);
  element = h("div", { class: "ax-review-agreement" }, this.#head, this.#body);
  #heard = "";
  #asked = 0;

  /** @param {import("./reviewmodel.js").ReviewModel} model */
  constructor(model) {
    this.model = model;
    for (const select of [this.#a, this.#b]) select.onchange = () => this.#load();
    model.watch(({ tab }) => {
      const heard = `${model.room.store.state.collection?.name} ${model.room.store.state.revision}`;
      if (tab !== "agreement" || heard === this.#heard) return;
      this.#heard = heard;
      this.#load();
    });
  }

  async #load() {
    const asked = ++this.#asked;
    const query = this.#a.value && this.#b.value ? { a: this.#a.value, b: this.#b.value } : {};
    try {
      const found = /** @type {Agreement} */ (await this.model.ask("agreement", query));
      if (asked !== this.#asked) return;
      const had = Boolean(this.#a.value && this.#b.value);
      this.#fill(found.authors);
      if (!had && found.authors.length > 1) await this.#load();
      else this.#show(found);
    } catch (error) {
      if (asked === this.#asked) this.model.fail(error);
    }
  }

  /** This person first, then those who placed most. @param {readonly string[]} authors */
  #fill(authors) {
    const me = this.model.author;
    const rank = (/** @type {string} */ author) => (author === me ? 0 : author ? 1 : 2);
    const sorted = authors.toSorted((one, other) => rank(one) - rank(other));
    [this.#a, this.#b].forEach((select, at) => {
      const { value } = select;
      select.replaceChildren(...sorted.map((author) => h("option", { value: author }, this.model.nameOf(author))));
      select.value = value && sorted.includes(value) ? value : (sorted[at] ?? "");
    });
  }

  /** @param {Agreement} found */
  #show(found) {
    this.#head.hidden = found.authors.length < 2;
    if (found.authors.length < 2) {
      this.#body.replaceChildren(h("p", { class: "ax-empty" }, "As soon as two people have placed points, it is shown here how far they lie apart."));
      return;
    }
    if (found.points + found.marks.length === 0) {
      this.#body.replaceChildren(h("p", { class: "ax-empty" }, "These two have no point of the same keypoint in common yet."));
      return;
    }
    this.#body.replaceChildren(this.#figures(found), h("div", { class: "ax-agreement-columns" }, this.#keypoints(found), this.#worst(found), this.#marks(found)));
  }

  /** @param {Agreement} found */
  #figures({ images, points, median_px: median, mean_px: mean }) {
    const pair = (/** @type {string} */ name, /** @type {string} */ value, /** @type {string} */ unit) => h("div", {}, h("dt", {}, name), h("dd", {}, value, h("small", {}, unit)));
    return h("dl", { class: "ax-readouts" }, pair("median distance", median === null ? "–" : figure(median), " px"), pair("mean distance", mean === null ? "–" : figure(mean), " px"), pair("points of both", figure(points), ` of ${counted(images, "image")}`));
  }

  /** @param {Agreement} found */
  #keypoints({ per_keypoint: rows }) {
    const most = Math.max(1e-9, ...rows.map(({ mean_px: mean }) => mean));
    const sorted = [...rows].sort((one, other) => other.mean_px - one.mean_px);
    const body = sorted.map(({ keypoint, n, mean_px: mean, max_px: max }) => {
      const bar = h("i", { class: "ax-agreement-bar" });
      bar.style.setProperty("--part", String(mean / most));
      return h("tr", {}, h("th", { scope: "row" }, nameOfKeypoint(this.model.schema, keypoint)), h("td", {}, String(n)), h("td", {}, figure(mean), bar), h("td", {}, figure(max)));
    });
    const head = h("tr", {}, ...["Keypoint", "Images", "Mean, px", "Most, px"].map((text) => h("th", { scope: "col" }, text)));
    return section("By keypoint", body.length > 0 ? h("table", { class: "ax-table ax-agreement-table" }, h("thead", {}, head), h("tbody", {}, ...body)) : h("p", { class: "ax-empty" }, "No image has points of both."));
  }

  /** @param {Agreement} found */
  #worst({ worst }) {
    const rows = worst.map((one) => {
      const button = h(
        "button", { type: "button", class: "ax-worst", onclick: () => this.#open(one, worst) },
        h("img", { src: this.model.room.imageUrl(one.id, "thumb"), alt: "", loading: "lazy" }),
        h("span", {}, h("b", {}, one.name.split("/").at(-1) ?? one.name), h("small", {}, nameOfKeypoint(this.model.schema, one.keypoint))),
        h("output", {}, `${figure(one.distance_px)} px`),
      );
      return h("li", {}, button);
    });
    return section("Farthest apart", rows.length > 0 ? h("ol", { class: "ax-worst-list" }, ...rows) : h("p", { class: "ax-empty" }, "None."));
  }

  /** The image with the points of both. @param {Apart} one @param {readonly Apart[]} worst */
  #open(one, worst) {
    const people = [this.#a.value, this.#b.value];
    this.model.open(one.id, { apart: worst.filter(({ id }) => id === one.id), people, selected: one.keypoint });
  }

  /** @param {Agreement} found */
  #marks({ marks }) {
    const clusters = this.model.room.store.state.session?.clusters ?? [];
    const rows = [...marks].sort((one, other) => other.distance - one.distance).map(({ cluster, keypoint, distance }) =>
      h("tr", {}, h("th", { scope: "row" }, nameOfKeypoint(this.model.schema, keypoint)), h("td", {}, clusters.find(({ id }) => id === cluster)?.name ?? cluster), h("td", {}, figure(distance))),
    );
    const head = h("tr", {}, ...["Keypoint", "Average", "Apart, px"].map((text) => h("th", { scope: "col" }, text)));
    return section("Marks on averages", rows.length > 0 ? h("table", { class: "ax-table ax-agreement-table" }, h("thead", {}, head), h("tbody", {}, ...rows)) : h("p", { class: "ax-empty" }, "No keypoint of an average is marked by both."));
  }
}

/** @param {string} title @param {HTMLElement} body */
function section(title, body) {
  return h("section", { "aria-label": title }, h("h3", {}, title), body);
}
