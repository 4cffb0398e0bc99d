// @ts-check
/** Two averages over each other with a slider between them, and what differs. */

import { difference } from "./difference.js";
import { h, iconButton } from "./dom.js";
import { aspectOf, clusterOf } from "./store.js";
import { stepFrom } from "./clusterrules.js";

const STEP = 0.02;
/** An average that is compared with itself, without moving its images. */
const UNALIGNED = "unaligned:";

export class Compare {
  element = h("dialog", { class: "ax-dialog ax-compare", "aria-label": "Compare two averages" });
  #left = h("canvas", { class: "ax-compare-picture" });
  #right = h("canvas", { class: "ax-compare-picture ax-compare-over" });
  #difference = h("canvas", { class: "ax-compare-picture" });
  #pickLeft = h("select", { class: "ax-input", "aria-label": "Left average" });
  #pickRight = h("select", { class: "ax-input", "aria-label": "Right average" });
  #caption = h("figcaption", { class: "ax-muted" });
  #wrong = h("p", { class: "ax-empty", role: "alert", hidden: true });
  #swipe = h("div", {
    class: "ax-swipe", tabIndex: 0, role: "slider", "aria-label": "How much of the left average is shown", "aria-valuemin": "0", "aria-valuemax": "100",
  });
  #at = 0.5;
  #asked = 0;
  #loaded = "";

  /** @param {import("./room.js").Room} room */
  constructor(room) {
    this.room = room;
    const close = iconButton("close", "Close", () => this.element.close(), "Esc");
    close.classList.add("ax-dialog-close");
    const swap = h("button", { type: "button", class: "ax-button ax-chip", title: "Left to right and right to left" }, "Swap");
    swap.onclick = () => this.open(this.#pickRight.value, this.#pickLeft.value);
    this.#swipe.append(this.#left, this.#right, h("span", { class: "ax-swipe-line", "aria-hidden": "true" }));
    this.element.append(
      h("h2", {}, "Compare"),
      close,
      h("div", { class: "ax-row ax-wrap ax-compare-head" }, this.#pickLeft, swap, this.#pickRight),
      h(
        "div",
        { class: "ax-compare-pictures" },
        h("figure", {}, this.#swipe, h("figcaption", { class: "ax-muted" }, "Drag the line, or move it with ← and →")),
        h("figure", {}, h("div", { class: "ax-compare-frame" }, this.#difference), this.#caption),
      ),
      this.#wrong,
    );
    for (const select of [this.#pickLeft, this.#pickRight]) select.onchange = () => this.#load();
    this.#listen();
    room.store.watch((state) => {
      if (!this.element.open) return;
      this.#fill();
      if (this.#loaded !== `${state.revision}`) this.#load();
    });
  }

  /**
   * @param {string} [left] id of a cluster; the one in focus if none is given
   * @param {string} [right] the next one if none is given, the same without lining up if there is no other
   */
  open(left = clusterOf(this.room.store.state)?.id ?? "", right = "") {
    const ids = this.room.store.state.session?.clusters.map(({ id }) => id) ?? [];
    const beside = stepFrom(ids, left, 1) ?? stepFrom(ids, left, -1) ?? UNALIGNED + left;
    this.#fill();
    this.#pickLeft.value = left;
    this.#pickRight.value = right || beside;
    this.element.style.setProperty("--aspect", String(1 / aspectOf(this.room.store.state)));
    if (!this.element.open) this.element.showModal();
    this.#move(0.5);
    this.#swipe.focus();
    this.#load();
  }

  /** The names of the clusters, in both lists. */
  #fill() {
    const clusters = this.room.store.state.session?.clusters ?? [];
    const options = [
      ...clusters.map(({ id, name }) => /** @type {const} */ ([id, name])),
      ...clusters.flatMap(({ id, name, alignment }) => (alignment === "none" ? [] : [/** @type {const} */ ([UNALIGNED + id, `${name}, not lined up`])])),
    ];
    for (const select of [this.#pickLeft, this.#pickRight]) {
      const shown = [...select.options].map(({ value, text }) => `${value} ${text}`).join("\n");
      if (shown === options.map((pair) => pair.join(" ")).join("\n")) continue;
      const { value } = select;
      select.replaceChildren(...options.map(([id, name]) => h("option", { value: id }, name)));
      select.value = options.some(([id]) => id === value) ? value : (options[0]?.[0] ?? "");
    }
  }

  async #load() {
    const asked = ++this.#asked;
    this.#loaded = `${this.room.store.state.revision}`;
    try {
      const bitmaps = await Promise.all([this.#pickLeft.value, this.#pickRight.value].map((choice) => this.#fetch(choice)));
      if (asked !== this.#asked) return;
      this.#wrong.hidden = true;
      const [left, right] = [draw(this.#left, bitmaps[0]), draw(this.#right, bitmaps[1])];
      if (left && right) this.#showDifference(left, right);
    } catch (error) {
      if (asked !== this.#asked) return;
      this.#wrong.hidden = false;
      this.#wrong.textContent = `The averages could not be fetched: ${error instanceof Error ? error.message : error}`;
    }
  }

  /** @param {string} choice */
  async #fetch(choice) {
    const isAligned = !choice.startsWith(UNALIGNED);
    const id = isAligned ? choice : choice.slice(UNALIGNED.length);
    const picture = await this.room.fetchPicture(`clusters/${encodeURIComponent(id)}.jpg`, { aligned: String(isAligned), r: this.#loaded });
    return createImageBitmap(picture);
  }

  /** @param {ImageData} left @param {ImageData} right */
  #showDifference(left, right) {
    const { pixels, gain } = difference(left.data, right.data);
    Object.assign(this.#difference, { width: left.width, height: left.height });
    this.#difference.getContext("2d")?.putImageData(new ImageData(pixels, left.width, left.height), 0, 0);
    this.#caption.textContent = `Left minus right: grey where they are the same, lighter where the left is lighter; contrast × ${gain.toFixed(1)}`;
  }

  #listen() {
    const follow = (/** @type {PointerEvent} */ event) => {
      const box = this.#swipe.getBoundingClientRect();
      this.#move((event.clientX - box.left) / box.width);
    };
    this.#swipe.onpointerdown = (event) => {
      this.#swipe.setPointerCapture(event.pointerId);
      follow(event);
    };
    this.#swipe.onpointermove = (event) => {
      if (this.#swipe.hasPointerCapture(event.pointerId)) follow(event);
    };
    this.#swipe.onkeydown = (event) => {
      const steps = /** @type {Record<string, number>} */ ({ ArrowLeft: -STEP, ArrowRight: STEP, PageDown: -0.1, PageUp: 0.1, Home: -1, End: 1 });
      const step = steps[event.key];
      if (step === undefined) return;
      event.preventDefault();
      this.#move(this.#at + step * (event.shiftKey ? 5 : 1));
    };
    this.element.addEventListener("keydown", (event) => event.key !== "Escape" && event.stopPropagation());
    this.element.addEventListener("click", (event) => {
      if (event.target === this.element) this.element.close();
    });
  }

  /** @param {number} at where the line stands, from 0 */
  #move(at) {
    this.#at = Math.min(1, Math.max(0, at));
    this.#swipe.style.setProperty("--at", `${this.#at * 100}%`);
    this.#swipe.setAttribute("aria-valuenow", String(Math.round(this.#at * 100)));
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {ImageBitmap | undefined} bitmap
 * @returns {ImageData | undefined}
 */
function draw(canvas, bitmap) {
  if (!bitmap) return undefined;
  Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
  const context = canvas.getContext("2d");
  context?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context?.getImageData(0, 0, canvas.width, canvas.height);
}
