// @ts-check
/** The review of keypoints, over the whole page: images worst first, accepting many, two people's points, files. */

import { lostWords } from "./closing.js";
import { CommentsOfImage } from "./commentsofimage.js";
import { h, iconButton } from "./dom.js";
import { createStatus } from "./panel.js";
import { ReviewAccept } from "./reviewaccept.js";
import { ReviewAgreement } from "./reviewagreement.js";
import { createFiles } from "./reviewfiles.js";
import { createClaimBar } from "./reviewclaims.js";
import { createBanner } from "./reviewbanner.js";
import { ReviewModel } from "./reviewmodel.js";
import { ReviewPoints } from "./reviewpoints.js";
import { ReviewQueue } from "./reviewqueue.js";
import { inState } from "./reviewrules.js";
import { ReviewStage } from "./reviewstage.js";
import { createReviewFoot, reviewKey } from "./reviewfoot.js";

/** @typedef {import("./reviewmodel.js").State["tab"]} Tab */

const TABS = /** @type {const} */ ([["images", "Images"], ["bulk", "Accept many"], ["agreement", "Agreement"], ["files", "Export and import"]]);

export class Review {
  element = h("dialog", { class: "ax-dialog ax-review", "aria-label": "Review of keypoints" });
  #hint = h("div", { class: "ax-hidden", role: "status", "aria-live": "polite" });
  #wrong = h("p", { class: "ax-review-wrong", role: "alert", hidden: true });
  #wrongText = "";
  /** @type {Map<Tab, HTMLElement>} */
  #panes = new Map();
  /** @type {readonly HTMLButtonElement[]} */
  #tabs;

  /**
   * @param {import("./room.js").Room} room
   * @param {import("./commentread.js").Comments} comments
   */
  constructor(room, comments) {
    this.room = room;
    this.model = new ReviewModel(room);
    this.stage = new ReviewStage(this.model);
    this.queue = new ReviewQueue(this.model);
    this.points = new ReviewPoints(this.model, {
      select: (id) => this.#select(id),
      say: (state) => this.#say(state),
      takeAway: () => this.#takeAway(),
    });
    const said = new CommentsOfImage(comments);
    this.model.watch(({ image }) => said.show(image?.name ?? ""));
    this.points.element.append(said.element);
    const agreement = new ReviewAgreement(this.model);
    const middle = h("div", { class: "ax-review-middle" }, this.stage.element, createClaimBar(this.model), createReviewFoot(this.model, this.#actions()));
    this.#panes.set("images", h("div", { class: "ax-review-images" }, this.queue.element, middle, this.points.element));
    this.#panes.set("bulk", new ReviewAccept(this.model).element);
    this.#panes.set("agreement", agreement.element);
    this.#panes.set("files", createFiles(this.model));
    this.#tabs = TABS.map(([tab, label]) => {
      const button = h("button", { type: "button", class: "ax-button ax-review-tab", role: "tab", id: `ax-review-tab-${tab}`, onclick: () => this.model.update({ tab }) }, label);
      button.dataset["tab"] = tab;
      return button;
    });
    this.element.append(this.#head(), createBanner(this.model), this.#wrong, ...this.#panes.values(), this.#hint);
    for (const [tab, pane] of this.#panes) Object.assign(pane, { role: "tabpanel" }).setAttribute("aria-labelledby", `ax-review-tab-${tab}`);
    this.#listen();
    this.model.watch((state) => this.#draw(state));
    room.store.watch(() => this.isOpen && this.#tellWrong());
    this.#tellRefusals();
  }

  get isOpen() {
    return this.element.open;
  }

  /** @param {{cluster?: string, imageId?: number, tab?: Tab}} [what] */
  open({ tab, ...what } = {}) {
    if (!this.element.open) this.element.showModal();
    this.model.begin(what);
    if (tab) this.model.update({ tab });
    this.stage.element.focus({ preventScroll: true });
  }

  #head() {
    const undo = iconButton("undo", "Undo", () => this.#undo(), "Ctrl+Z");
    const redo = iconButton("redo", "Redo", () => this.model.redo(), "Ctrl+Shift+Z");
    const close = iconButton("close", "Close", () => this.element.close(), "Esc");
    this.room.store.watch((state) => Object.assign(undo, { disabled: !state.canUndo }) && Object.assign(redo, { disabled: !state.canRedo }));
    const tabs = h("div", { class: "ax-review-tabs", role: "tablist", "aria-label": "What to do" }, ...this.#tabs);
    tabs.addEventListener("keydown", (event) => this.#walkTabs(event));
    return h("header", { class: "ax-review-head" }, h("h2", {}, "Review"), tabs, createStatus(this.room), h("div", { class: "ax-group" }, undo, redo), close);
  }

  /** What was refused, or that nothing can be asked now. */
  #tellWrong() {
    const { state } = this.room.store;
    const text = state.connection === "open" ? this.#wrongText : lostWords(state);
    this.#wrong.hidden = text === "";
    if (this.#wrong.textContent !== text) this.#wrong.textContent = text;
  }

  /** The page that says what was refused lies below. */
  #tellRefusals() {
    let told = this.room.store.state.notice;
    this.room.store.watch(({ notice }) => {
      const isNew = notice !== told && notice?.level === "error";
      told = notice;
      if (isNew && this.isOpen) this.model.update({ wrong: notice.text });
    });
  }

  /** @param {KeyboardEvent} event */
  #walkTabs(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    const at = TABS.findIndex(([tab]) => tab === this.model.state.tab);
    const next = TABS[(at + by + TABS.length) % TABS.length];
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    this.model.update({ tab: next[0] });
    this.#tabs[(at + by + TABS.length) % TABS.length]?.focus();
  }

  /** @param {import("./reviewmodel.js").State} state */
  #draw({ tab, wrong }) {
    for (const button of this.#tabs) {
      const isChosen = button.dataset["tab"] === tab;
      button.setAttribute("aria-selected", String(isChosen));
      button.tabIndex = isChosen ? 0 : -1;
    }
    for (const [name, pane] of this.#panes) pane.hidden = name !== tab;
    this.#wrongText = wrong;
    this.#tellWrong();
  }

  #listen() {
    const { element } = this;
    element.addEventListener("keydown", (event) => this.#onKey(event));
    // A button that has done its work may be gone, and the focus with it; keys mean the review all the same.
    document.addEventListener("keydown", (event) => this.isOpen && event.target === document.body && this.#onKey(event), true);
    element.addEventListener("cancel", (event) => {
      if (!this.stage.giveUp() && this.model.state.selected === null) return;
      event.preventDefault();
      this.model.update({ selected: null });
    });
    element.addEventListener("close", () => {
      this.stage.settle();
      this.model.end();
    });
    addEventListener("pagehide", () => this.stage.settle());
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (!this.isOpen) return; // for a moment after it is closed, the focus is still in it
    if (event.key !== "Escape") event.stopPropagation();
    const run = reviewKey(event, this.model.state.tab, this.#actions());
    if (!run) return;
    event.preventDefault();
    run();
  }

  /** @returns {import("./reviewfoot.js").ReviewActions} */
  #actions() {
    return {
      step: (direction) => this.#leaveFor(() => this.model.step(direction)),
      accept: () => this.#leaveFor(() => this.model.accept()),
      arrow: (dx, dy, isFast) => this.#arrow(dx, dy, isFast),
      say: (state) => this.#say(state),
      takeAway: () => this.#takeAway(),
      walk: (direction) => this.#walk(direction),
      zoom: (factor) => this.stage.zoom(factor),
      fit: () => this.stage.fit(),
      toggleReviewed: () => this.model.toggleReviewed(),
      toggle: (what) => this.#toggle(what),
      undo: () => this.#undo(),
      redo: () => this.model.redo(),
    };
  }

  /** What is nudged is written down before another image is looked at. @param {() => void} go */
  #leaveFor(go) {
    this.stage.settle();
    go();
  }

  /** @param {number} dx @param {number} dy @param {boolean} isFast */
  #arrow(dx, dy, isFast) {
    const { selected } = this.model.state;
    if (this.model.point(selected)?.at) this.stage.nudge(dx * (isFast ? 10 : 1), dy * (isFast ? 10 : 1));
    else if (dy !== 0) this.model.step(dy > 0 ? 1 : -1);
  }

  /** @param {string} id */
  #select(id) {
    this.stage.settle();
    this.model.update({ selected: id });
    this.stage.element.focus({ preventScroll: true });
    this.#tell();
  }

  /** @param {1 | -1} direction */
  #walk(direction) {
    const ids = this.model.points.map(({ keypoint }) => keypoint.id);
    const { selected } = this.model.state;
    const at = selected === null ? (direction > 0 ? -1 : ids.length) : ids.indexOf(selected);
    const next = ids[(at + direction + ids.length) % ids.length];
    if (next !== undefined) this.#select(next);
  }

  /** @param {import("./reviewrules.js").PointState} state */
  #say(state) {
    this.stage.settle();
    const { selected, hovered } = this.model.state;
    const point = this.model.point(selected ?? hovered);
    if (!point) return;
    this.model.put(point.keypoint.id, inState(point, state, this.stage.middle()));
    if (this.model.point(point.keypoint.id)?.state === state) this.#hint.textContent = `${point.keypoint.name}: ${state}`;
  }

  #takeAway() {
    this.stage.settle();
    const { selected, hovered } = this.model.state;
    const point = this.model.point(selected ?? hovered);
    if (!point) return;
    const isGone = this.model.takeAway(point);
    if (!isGone && point.source !== "proposed" && point.source !== "missing") {
      this.model.update({ wrong: `${point.keypoint.name} came with many others: take them back under “Accept many”, or say that it is absent (A)` });
    }
  }

  /** @param {"beside" | "colors"} what */
  #toggle(what) {
    const { beside, colors } = this.model.state;
    this.model.update(what === "beside" ? { beside: !beside } : { colors: colors === "confidence" ? "keypoint" : "confidence" });
  }

  #undo() {
    this.stage.settle();
    this.model.undo();
  }

  #tell() {
    const point = this.model.point(this.model.state.selected);
    const place = point?.at ? `at ${point.at.map((value) => value.toFixed(0)).join(", ")}` : "no place";
    if (point) this.#hint.textContent = `${point.keypoint.name}, ${point.source}, ${place}`;
  }
}
