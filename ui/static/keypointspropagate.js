// @ts-check
/** From marks on averages to proposals for every image: the server does it, the page starts it, follows it and gives it up. */

import { h } from "./dom.js";
import { countPlaced, marksOn, schemaOf } from "./keypoints.js";
import { grouped } from "./scale.js";

/** @typedef {{state: "none" | "running" | "done" | "cancelled" | "failed", share: number, what: string, version: number | string, clusters: readonly string[] | null, stale: boolean, stale_clusters?: readonly string[], images: number | null}} Job `images` that have proposals; null: not asked yet */

const LOOK_EVERY_MS = 400;
const PATH = "keypoints/propagate";

export class Propagate {
  #button = h("button", { type: "button", "data-needs": "put_mark", class: "ax-button ax-kp-primary" }, "Propagate");
  #one = h("button", { type: "button", "data-needs": "put_mark", class: "ax-button ax-chip", title: "Propagate only from the average in focus" }, "This average only");
  #bar = h("progress", { max: 1 });
  #what = h("span", {});
  #cancel = h("button", { type: "button", "data-needs": "put_mark", class: "ax-button ax-chip" }, "Cancel");
  #running = h("div", { class: "ax-kp-running", role: "status" }, this.#bar, h("div", { class: "ax-row" }, this.#what, this.#cancel));
  #words = h("span", {});
  #review = h("button", { type: "button", class: "ax-kp-link" }, "Review");
  #result = h("p", { class: "ax-kp-result", role: "status" }, this.#words, " ", this.#review);
  element = h("div", { class: "ax-kp-propagate" }, h("div", { class: "ax-row ax-wrap" }, this.#button, this.#one), this.#running, this.#result);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #seen = "";

  /**
   * @param {import("./keypointstool.js").KeypointTool} tool
   * @param {() => void} openReview
   */
  constructor(tool, openReview) {
    this.tool = tool;
    this.room = tool.room;
    this.store = tool.store;
    this.#button.onclick = () => this.#start(null);
    this.#one.onclick = () => this.#start([tool.cluster]);
    this.#cancel.onclick = () => this.#giveUp();
    this.#review.onclick = openReview;
    this.store.watch((state) => this.#show(state));
  }

  close() {
    clearTimeout(this.#timer);
  }

  /** @param {readonly string[] | null} clusters null: all with marks */
  async #start(clusters) {
    this.tool.flush();
    const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ clusters }) };
    try {
      await this.room.fetchJson(PATH, {}, init);
      await this.#look();
    } catch (error) {
      this.#tell(error);
    }
  }

  async #giveUp() {
    await this.room.fetchJson(PATH, {}, { method: "DELETE" }).catch((error) => this.#tell(error));
    await this.#look();
  }

  /** Hear how far it is; again while it runs. */
  async #look() {
    clearTimeout(this.#timer);
    const before = this.store.state.propagation;
    const job = await this.room.fetchJson(PATH).catch(() => null);
    if (!job) return;
    const isSame = before?.version === job.version && before?.state === job.state;
    this.store.update({ propagation: { ...job, images: isSame ? before?.images ?? null : null } });
    if (job.state === "running") this.#timer = setTimeout(() => this.#look(), LOOK_EVERY_MS);
    else if (job.state === "done" && !(isSame && before?.images !== null)) await this.#count(job);
  }

  /** @param {Job} job that is done */
  async #count(job) {
    const found = await this.room.fetchJson("keypoints/proposals", { threshold: 0 }).catch(() => null);
    if (found) this.store.update({ propagation: { ...job, images: found.images.length } });
  }

  /** @param {unknown} error */
  #tell(error) {
    const text = error instanceof Error ? error.message : String(error);
    this.store.update({ notice: { text: `The keypoints could not be propagated: ${text}`, level: "error" } });
  }

  /** @param {import("./store.js").State} state */
  #show(state) {
    const isOn = this.tool.isOn && state.connection === "open";
    const seen = isOn ? `${state.collection?.name} ${state.revision}` : "";
    if (isOn && seen !== this.#seen) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#look(), this.#seen === "" ? 0 : LOOK_EVERY_MS);
    }
    this.#seen = seen;
    if (!this.tool.isOn) return;
    const schema = schemaOf(state.session);
    const marked = (state.session?.clusters ?? []).filter(({ id }) => countPlaced(schema, marksOn(state.session, id)) > 0);
    const job = state.propagation;
    const isRunning = job?.state === "running";
    this.#button.disabled = marked.length === 0 || isRunning || state.connection !== "open";
    this.#button.textContent = marked.length > 1 ? `Propagate from ${marked.length} averages` : "Propagate to the images";
    this.#button.title = marked.length === 0 ? "Place keypoints first" : "Propose these keypoints for every image; nothing is written until you accept it";
    this.#one.hidden = marked.length < 2 || !marked.some(({ id }) => id === this.tool.cluster);
    this.#one.disabled = isRunning;
    this.#running.hidden = !isRunning;
    this.#bar.value = job?.share ?? 0;
    this.#what.textContent = job?.what || "Propagating";
    this.#showResult(job);
  }

  /** @param {Job | null} job */
  #showResult(job) {
    this.#result.hidden = job === null || job.state === "none" || job.state === "running";
    if (!job || this.#result.hidden) return;
    const stale = job.stale ? " Keypoints or edits have changed since then." : "";
    const words = { cancelled: "Propagation was cancelled.", failed: `Propagation failed${job.what ? `: ${job.what}` : ""}.` };
    const isDone = job.state === "done";
    this.#review.hidden = !isDone;
    if (!isDone) this.#words.textContent = job.state === "cancelled" ? words.cancelled : words.failed;
    else if (job.images === null) this.#words.textContent = `Propagated.${stale}`;
    else this.#words.textContent = `${grouped(job.images)} ${job.images === 1 ? "image has" : "images have"} proposals.${stale}`;
  }
}
