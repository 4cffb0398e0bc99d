// @ts-check
/** The history of a room: every step can be looked at with the average that it gave, named, and gone on from. */

import { titleOf } from "./branches.js";
import { createSwitch, h, iconButton } from "./dom.js";
import { ago } from "./scale.js";
import { aspectOf, clusterOf } from "./store.js";
import { changesAverages, Pages, strideOf } from "./timelinepages.js";
import { colorOfAuthor, doerOf } from "./timelinepeople.js";
import { TimelineFoot } from "./timelinefoot.js";
import { TimelineInk } from "./timelineink.js";
import { TimelinePicture } from "./timelinepicture.js";
import { createSteps, sentence } from "./timelinesteps.js";
import { Track } from "./timelinetrack.js";

const STEP_MS = 160;

export class TimelineDialog {
  element = h("dialog", { class: "ax-dialog ax-timeline", "aria-labelledby": "ax-timeline-title" });
  #heading = h("h2", { id: "ax-timeline-title" });
  #cluster = h("select", { class: "ax-input", "aria-label": "Whose average is shown" });
  #now = h("p", { class: "ax-timeline-now", role: "status" });
  #wrong = h("p", { class: "ax-wrong", role: "alert", hidden: true });
  #place = h("output", { class: "ax-timeline-place" });
  #play = iconButton("play", "Play", () => this.#togglePlay(), "Space");
  #track = new Track((revision) => this.#goByHand(revision));
  #steps = createSteps((revision) => this.#goByHand(revision));
  #strokes = createSwitch("Strokes", "Show the strokes of the step over its average", () => this.#toggleStrokes());
  #pages = new Pages();
  #foot;
  #picture;
  #ink;
  #at = 0;
  #isPlaying = false;
  #isLoading = false;
  /** whether a name was just given or forgotten: that is a step as well, which is not gone on to */
  #isNaming = false;
  #room = "";
  /** @type {readonly unknown[]} what of the state was shown last */
  #seen = [];

  /**
   * @param {import("./room.js").Room} room
   * @param {import("./branchesapi.js").RoomApi} api
   * @param {ConstructorParameters<typeof TimelineFoot>[1]} restore asks first, then goes on from a step
   */
  constructor(room, api, restore) {
    this.store = room.store;
    this.api = api;
    this.#ink = new TimelineInk(api, () => aspectOf(this.store.state));
    this.#picture = new TimelinePicture(api, this.#ink.element);
    this.#foot = new TimelineFoot(room, restore, () => {
      this.#isNaming = true;
      this.#track.slider.focus();
    });
    const close = iconButton("close", "Back to the room", () => this.close(), "Esc");
    close.classList.add("ax-dialog-close");
    const steps = [iconButton("previous", "A step back", () => this.#goByHand(this.#at - 1), "←"), this.#play, iconButton("next", "A step on", () => this.#goByHand(this.#at + 1), "→")];
    this.element.append(
      h("div", { class: "ax-row ax-timeline-head" }, this.#heading, this.#strokes, this.#cluster),
      close,
      h("div", { class: "ax-timeline-body" }, this.#picture.element, h("div", { class: "ax-timeline-side" }, this.#now, this.#steps.element, this.#wrong)),
      h("div", { class: "ax-timeline-line" }, h("div", { class: "ax-row" }, ...steps), this.#track.element, this.#place),
      this.#foot.element,
    );
    this.#listen();
    this.store.watch((state) => this.element.open && this.#follow(state));
  }

  open() {
    const { state } = this.store;
    if (!state.session || this.element.open) return;
    const room = state.room?.name ?? "";
    if (room !== this.#room) {
      this.#pages = new Pages();
      this.#picture.forget();
    }
    this.#room = room;
    this.#pages.grow(state.revision);
    this.#heading.textContent = `History of “${state.room ? titleOf(state.room) : ""}”`;
    this.element.style.setProperty("--aspect", String(1 / aspectOf(state)));
    this.#fillClusters(state);
    this.#cluster.value = clusterOf(state)?.id ?? "";
    this.#foot.clear();
    this.#wrong.hidden = true;
    this.element.showModal();
    this.#track.slider.focus();
    this.#go(state.revision);
  }

  close() {
    if (this.element.open) this.element.close();
  }

  #listen() {
    this.element.addEventListener("close", () => this.#setPlaying(false));
    this.element.addEventListener("click", (event) => event.target === this.element && this.close());
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") return;
      event.stopPropagation();
      const isTyping = event.target instanceof HTMLElement && event.target.matches("input, select");
      const isPressing = event.target instanceof HTMLButtonElement && (event.key === " " || event.key === "Enter");
      if (!isTyping && !isPressing && !event.ctrlKey && !event.metaKey && !event.altKey && this.#onKey(event)) event.preventDefault();
    });
    this.#cluster.onchange = () => this.#showPicture();
    this.#steps.element.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.#goByHand(this.#at - Math.sign(event.deltaY));
    }, { passive: false });
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether it was a key of the timeline */
  #onKey(event) {
    const { newest } = this.#pages;
    const far = Math.max(1, Math.round(newest / 10));
    const wide = event.shiftKey ? 10 : 1;
    const places = /** @type {Record<string, number>} */ ({
      ArrowLeft: this.#at - wide, ArrowDown: this.#at - wide, ArrowRight: this.#at + wide, ArrowUp: this.#at + wide,
      PageDown: this.#at - far, PageUp: this.#at + far, Home: 0, End: newest,
    });
    const place = places[event.key];
    if (place !== undefined) this.#goByHand(place);
    else if (event.key === " ") this.#togglePlay();
    else if (event.key === "H" || event.key === "h") this.close();
    else return false;
    return true;
  }

  /** What is done in the room meanwhile is added at the end. @param {import("./store.js").State} state */
  #follow(state) {
    if ((state.room?.name ?? "") !== this.#room) {
      this.close();
      return;
    }
    const { revision, board, names, role, session } = state;
    const seen = [revision, board.snapshots, names, role, session];
    // Cursors of others move many times a second: what is shown stays, so that it can be pressed.
    if (seen.every((one, place) => one === this.#seen[place])) return;
    this.#seen = seen;
    const wasLast = this.#at === this.#pages.newest;
    const isMore = revision > this.#pages.newest;
    this.#pages.grow(revision);
    this.#fillClusters(state);
    if (isMore && wasLast && !this.#isPlaying && !this.#isNaming) this.#go(revision);
    else this.#show();
    if (isMore) {
      this.#isNaming = false;
      this.#load();
    }
  }

  /** @param {number} revision */
  #goByHand(revision) {
    this.#setPlaying(false);
    this.#go(revision);
  }

  /** @param {number} revision @returns {Promise<boolean>} whether its average was shown */
  #go(revision) {
    this.#at = Math.min(this.#pages.newest, Math.max(0, revision));
    this.#show();
    this.#load();
    return this.#showPicture();
  }

  #showPicture() {
    this.#showStrokes();
    return this.#picture.show(this.#at, this.#cluster.value);
  }

  #showStrokes() {
    const { overlay } = this.store.state;
    this.#strokes.setAttribute("aria-checked", String(overlay));
    if (!overlay || this.#isPlaying) this.#ink.hide();
    else this.#ink.show({ revision: this.#at, cluster: this.#cluster.value, time: this.#pages.get(this.#at)?.time ?? null });
  }

  #toggleStrokes() {
    this.store.update({ overlay: !this.store.state.overlay });
    this.#showStrokes();
  }

  /** Ask for the steps that are unknown, the nearest first, one page at a time. */
  async #load() {
    if (this.#isLoading) return;
    this.#isLoading = true;
    const pages = this.#pages;
    try {
      for (let asked = pages.next(this.#at); asked && this.element.open && pages === this.#pages; asked = pages.next(this.#at)) {
        const wasKnown = pages.get(this.#at) !== undefined;
        pages.take(asked, (await this.api.timeline(asked.before, pages.size)).items);
        this.#wrong.hidden = true;
        this.#show();
        if (!wasKnown && pages.get(this.#at)) this.#showStrokes();
      }
    } catch (error) {
      this.#wrong.textContent = `The steps cannot be listed: ${error instanceof Error ? error.message : error}`;
      this.#wrong.hidden = false;
    }
    this.#isLoading = false;
  }

  #show() {
    const { state } = this.store;
    const { newest } = this.#pages;
    const item = this.#pages.get(this.#at);
    const words = this.#at === 0 ? "The beginning: nothing is done yet" : item ? sentence(`${doerOf(item.author, state)} ${item.words}`) : "…";
    this.#now.replaceChildren(h("b", {}, words), h("span", { class: "ax-muted" }, item ? said(item.time) : ""));
    this.#place.textContent = this.#at === newest ? `${newest} · now` : `${this.#at} of ${newest}`;
    this.#track.show({
      newest, at: this.#at, words: `${this.#at} of ${newest}`,
      barOf: (revision) => {
        const bar = this.#pages.get(revision);
        return bar ? { color: colorOfAuthor(bar.author, state), isTall: changesAverages(bar) } : null;
      },
      snapshots: state.board.snapshots,
    });
    this.#steps.show(this.#at, newest, (revision) => this.#pages.get(revision), state);
    this.#foot.show(this.#at);
  }

  /** @param {import("./store.js").State} state */
  #fillClusters({ session }) {
    const clusters = session?.clusters ?? [];
    const key = JSON.stringify(clusters.map(({ id, name }) => [id, name]));
    this.#cluster.hidden = clusters.length < 2;
    if (key === this.#cluster.dataset["key"]) return;
    this.#cluster.dataset["key"] = key;
    const { value } = this.#cluster;
    this.#cluster.replaceChildren(...clusters.map(({ id, name }) => h("option", { value: id }, name)));
    this.#cluster.value = clusters.some(({ id }) => id === value) ? value : (clusters[0]?.id ?? "");
  }

  #togglePlay() {
    this.#setPlaying(!this.#isPlaying);
    if (this.#isPlaying) this.#replay();
  }

  /** @param {boolean} isPlaying */
  #setPlaying(isPlaying) {
    if (isPlaying === this.#isPlaying) return;
    this.#isPlaying = isPlaying;
    this.#play.setAttribute("aria-pressed", String(isPlaying));
    const label = isPlaying ? "Pause" : "Play";
    const other = iconButton(isPlaying ? "pause" : "play", label, () => {}).firstElementChild;
    if (other) this.#play.replaceChildren(other);
    Object.assign(this.#play, { title: `${label} (Space)`, ariaLabel: label });
    if (!isPlaying && this.element.open) this.#showStrokes();
  }

  /** From here to now, or from the beginning if this is now; each average is waited for. */
  async #replay() {
    if (this.#at === this.#pages.newest) await this.#go(0);
    while (this.#isPlaying && this.#at < this.#pages.newest) {
      const pause = new Promise((resolve) => setTimeout(resolve, STEP_MS));
      await this.#go(this.#at + strideOf(this.#pages.newest));
      await pause;
    }
    this.#setPlaying(false);
  }
}

/** @param {number} time */
function said(time) {
  const text = ago(time, Date.now() / 1000);
  return text === "" || text === "now" ? text : `${text} ago`;
}
