// @ts-check
/** One image, large: where the strokes matched, why it is in or out, what is known of it, what is like it. */

import { createSwitch, h, icon, iconButton } from "./dom.js";
import { CommentsOfImage } from "./commentsofimage.js";
import { isExample, isScored } from "./messages.js";
import { figure, grouped, percent } from "./scale.js";
import { keyOf } from "./shortcuts.js";
import { clusterOf, editsOf } from "./store.js";
import { boxColor, boxElement } from "./strip.js";
import { titleOf } from "./edits.js";
import { VoteButtons, Votes } from "./votebuttons.js";

/** @typedef {{id: number, name: string, metadata: Record<string, string>, rank: number, weight: number, score: number, share: number, mirrored: boolean, moved: boolean, reasons: {edit_id: string, contribution: number, box: import("./messages.js").Box | null}[]}} Why */

export class Detail {
  element = h("dialog", { class: "ax-dialog ax-detail", "aria-label": "Image" });
  #picture = h("div", { class: "ax-detail-picture" });
  #side = h("div", { class: "ax-detail-side" });
  #said;
  #votes;
  #takesPart = createSwitch("", "Draw it as it is drawn into the average: moved, mirrored, white where it does not reach", () => this.#toggle());
  /** Whether images are shown as they take part: kept from image to image. */
  #isAsPart = false;
  /** @type {Why | null} */
  #why = null;
  #id = -1;
  /** @type {readonly number[]} what the arrows walk through */
  #ids = [];

  /**
   * @param {import("./room.js").Room} room
   * @param {import("./commentread.js").Comments} comments
   */
  constructor(room, comments) {
    this.room = room;
    this.#said = new CommentsOfImage(comments);
    this.#votes = new VoteButtons(new Votes(room), { keys: ["+", "−"] });
    const close = iconButton("close", "Close", () => this.element.close(), "Esc");
    close.classList.add("ax-dialog-close");
    const previous = iconButton("previous", "Previous image", () => this.#step(-1), "←");
    const next = iconButton("next", "Next image", () => this.#step(1), "→");
    previous.classList.add("ax-previous");
    next.classList.add("ax-next");
    const middle = h("div", {}, this.#picture, this.#takesPart);
    const stage = h("div", { class: "ax-detail-stage" }, previous, middle, next);
    this.element.append(stage, h("div", { class: "ax-detail-column" }, this.#side, this.#said.element), close);
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.element.addEventListener("click", (event) => {
      if (event.target === this.element) this.element.close();
    });
    let revision = -1;
    room.store.watch((state) => {
      if (this.element.open && this.#why) this.#votes.draw(this.#why.name);
      if (state.revision === revision) return;
      revision = state.revision;
      if (this.element.open) this.#load();
    });
  }

  /** @returns {string | null} the image that is shown, while the dialog is open */
  get image() {
    return this.element.open ? (this.#why?.name ?? null) : null;
  }

  /**
   * @param {number} id
   * @param {readonly number[]} ids
   */
  open(id, ids) {
    this.#ids = ids;
    this.#id = id;
    if (!this.element.open) this.element.showModal();
    this.#load();
  }

  async #load() {
    const id = this.#id;
    try {
      const why = await this.room.fetchJson(`images/${id}/why`, { cluster: this.room.store.state.clusterId });
      if (id === this.#id) this.#show(why);
    } catch (error) {
      if (id === this.#id) this.#side.replaceChildren(h("p", { class: "ax-empty" }, String(error)));
    }
  }

  /** @param {Why} why */
  #show(why) {
    this.#why = why;
    this.#said.show(why.name);
    this.#votes.draw(why.name);
    const edits = editsOf(this.room.store.state);
    this.#showPicture(why, edits);
    this.#side.replaceChildren(
      h("h2", {}, why.name.split("/").at(-1) ?? why.name),
      ...(why.name.includes("/") ? [h("p", { class: "ax-muted" }, why.name)] : []),
      this.#figures(why),
      this.#verdicts(why),
      this.#votes.element,
      ...reasons(why, edits),
      h("h3", {}, "What is known of it"),
      metadataTable(why.metadata),
    );
  }

  /**
   * The image as it is, with the places where the edits matched, or as it is drawn into the average.
   *
   * @param {Why} why
   * @param {readonly import("./messages.js").Edit[]} edits
   */
  #showPicture(why, edits) {
    const { collection, clusterId, revision } = this.room.store.state;
    const { width = 1, height = 1 } = collection ?? {};
    this.#picture.style.setProperty("--aspect", String(width / height));
    const isChanged = why.moved || why.mirrored;
    const isAsPart = isChanged && this.#isAsPart;
    const boxes = why.reasons.flatMap(({ edit_id, box }) =>
      box && !isAsPart ? [boxElement(boxColor(edits.find((edit) => edit.id === edit_id)), box)] : [],
    );
    const path = `clusters/${encodeURIComponent(clusterId)}/images/${why.id}.jpg`;
    const src = isAsPart ? this.room.url(path, { r: revision }) : this.room.imageUrl(why.id, "full");
    const alt = isAsPart ? `${why.name}, ${howItTakesPart(why)}` : why.name;
    this.#picture.replaceChildren(h("img", { src, alt, draggable: false }), ...boxes);
    this.#takesPart.hidden = !isChanged;
    this.#takesPart.setAttribute("aria-checked", String(isAsPart));
    this.#takesPart.replaceChildren(this.#takesPart.firstElementChild ?? "", `As it takes part: ${howItTakesPart(why)}`);
  }

  #toggle() {
    this.#isAsPart = !this.#isAsPart;
    if (this.#why) this.#showPicture(this.#why, editsOf(this.room.store.state));
  }

  /** @param {Why} why */
  #figures(why) {
    const images = this.room.store.state.collection?.images ?? 0;
    const pair = (/** @type {string} */ name, /** @type {string} */ value) =>
      h("div", {}, h("dt", {}, name), h("dd", {}, value));
    return h(
      "dl",
      { class: "ax-readouts" },
      pair("rank", `${grouped(why.rank)} of ${grouped(images)}`),
      pair("weight", percent(why.weight)),
      pair("score", figure(why.score)),
    );
  }

  /** @param {Why} why */
  #verdicts(why) {
    const entries = clusterOf(this.room.store.state)?.edits ?? [];
    const mine = entries.find(({ edit }) => edit.kind === "image" && edit.image === why.name)?.edit;
    const button = (/** @type {"pin" | "exclude"} */ verdict, /** @type {string} */ label) => {
      const element = h("button", { type: "button", class: "ax-button", "data-needs": "put_edit" }, icon(verdict), label);
      element.setAttribute("aria-pressed", String(mine?.kind === "image" && mine.verdict === verdict));
      element.onclick = () => this.room.judge(why.name, verdict);
      return element;
    };
    const like = h("button", { type: "button", class: "ax-button", "data-needs": "put_edit", title: "An edit: images that look like this one weigh more" }, icon("like"), "More like this");
    const isLiked = entries.some(({ edit }) => edit.kind === "like" && edit.image === why.name);
    like.setAttribute("aria-pressed", String(isLiked));
    like.onclick = () => this.room.like(why.name);
    const similar = h("button", { type: "button", class: "ax-button", title: "The images nearest to this one" }, icon("similar"), "Neighbors");
    similar.onclick = () => this.#showSimilar(why);
    return h("div", { class: "ax-row ax-wrap" }, button("pin", "Pin"), button("exclude", "Exclude"), like, similar);
  }

  /** @param {Why} why */
  async #showSimilar(why) {
    const grid = h("div", { class: "ax-similar" });
    const back = h("button", { type: "button", class: "ax-button" }, icon("previous"), "Back");
    back.onclick = () => this.#show(why);
    this.#side.replaceChildren(h("h2", {}, "Its neighbors"), h("div", { class: "ax-row" }, back), grid);
    const { images } = await this.room.fetchJson(`similar/${why.id}`, { k: 24 });
    const ids = images.map((/** @type {{id: number}} */ image) => image.id);
    grid.append(
      ...images.map((/** @type {{id: number, name: string, similarity: number}} */ image) => {
        const picture = h("img", { src: this.room.imageUrl(image.id, "thumb"), alt: "", loading: "lazy" });
        const button = h("button", { type: "button", class: "ax-thumb", title: image.name }, picture);
        button.setAttribute("aria-label", `${image.name}, similarity ${figure(image.similarity)}`);
        button.onclick = () => this.open(image.id, ids);
        return button;
      }),
    );
  }

  /** @param {1 | -1} direction */
  #step(direction) {
    const at = this.#ids.indexOf(this.#id);
    const next = this.#ids[(at + direction + this.#ids.length) % this.#ids.length];
    if (next !== undefined) this.open(next, this.#ids);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    event.stopPropagation();
    const run = this.#keys()[keyOf(event)];
    if (!run || (event.target instanceof HTMLElement && event.target.matches("textarea, input"))) return;
    event.preventDefault();
    run();
  }

  /** @returns {Readonly<Record<string, () => void>>} */
  #keys() {
    const vote = (/** @type {-1 | 1} */ value) => () => this.#why?.id === this.#id && this.#votes.votes.press(this.#why.name, value);
    return { ArrowLeft: () => this.#step(-1), ArrowRight: () => this.#step(1), "+": vote(1), "-": vote(-1) };
  }
}

/** @param {Why} why */
function howItTakesPart({ mirrored, moved }) {
  return mirrored && moved ? "mirrored and moved" : mirrored ? "mirrored" : "moved";
}

/**
 * @param {Why} why
 * @param {readonly import("./messages.js").Edit[]} edits
 * @returns {readonly Node[]} why the image is in the average, or why it is out
 */
function reasons(why, edits) {
  const isExcluded = edits.some(
    (edit) => edit.kind === "image" && edit.image === why.name && edit.verdict === "exclude" && edit.enabled,
  );
  const heading = h("h3", {}, isExcluded || why.weight === 0 ? "Why it is out" : "Why it is in");
  if (!isExcluded) return [heading, whyList(why, edits)];
  const words = h("p", {}, "It was excluded by hand, whatever the edits say of it.");
  return edits.some(isScored) ? [heading, words, whyList(why, edits)] : [heading, words];
}

/**
 * @param {Why} why
 * @param {readonly import("./messages.js").Edit[]} edits
 */
function whyList(why, edits) {
  if (!edits.some(isScored)) return h("p", { class: "ax-empty" }, "No edit yet: every image weighs the same.");
  const most = Math.max(1e-9, ...why.reasons.map((one) => Math.abs(one.contribution)));
  const rows = why.reasons.flatMap(({ edit_id, contribution }) => {
    const edit = edits.find((one) => one.id === edit_id);
    if (!edit) return [];
    const fill = h("span", { class: "ax-signed-fill" });
    fill.style.setProperty("--from", String(Math.min(0, contribution / most)));
    fill.style.setProperty("--size", String(Math.abs(contribution) / most));
    fill.style.setProperty("--box", edit.kind === "color" || isExample(edit) ? boxColor(edit) : "var(--ax-text)");
    const value = `${contribution < 0 ? "−" : "+"}${figure(Math.abs(contribution))}`;
    return [h("li", {}, h("span", {}, titleOf(edit)), h("span", { class: "ax-signed" }, fill), h("output", {}, value))];
  });
  return h("ul", { class: "ax-why" }, ...rows);
}

/** @param {Record<string, string>} metadata */
function metadataTable(metadata) {
  const rows = Object.entries(metadata).filter(([, value]) => value !== "");
  if (rows.length === 0) return h("p", { class: "ax-empty" }, "Nothing but its name.");
  return h(
    "table",
    { class: "ax-table" },
    h("tbody", {}, ...rows.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, linked(value))))),
  );
}

/**
 * @param {string} value
 * @returns {Node} a link if it is a web address, else text
 */
function linked(value) {
  if (!/^https?:\/\//i.test(value)) return document.createTextNode(value);
  return h("a", { href: value, target: "_blank", rel: "noopener noreferrer" }, value);
}
