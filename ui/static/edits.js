// @ts-check
/** The list of edits: each can be switched, weakened, made negative, deleted at any time. */

import { authorOf } from "./authors.js";
import { css, h, icon } from "./dom.js";
import { exampleTitle, seedBackground } from "./examples.js";
import { isExample, isPlaced, isScored, isStroke } from "./messages.js";
import { trace } from "./overlay.js";
import { nameOf } from "./palette.js";
import { ago } from "./scale.js";
import { aspectOf, clusterOf, editsOf } from "./store.js";

/** @typedef {import("./messages.js").Edit} Edit */
/** @typedef {import("./messages.js").Entry} Entry */

const STRENGTH_LIMIT = 2;
/** Keys that follow each other within this time are one change of the strength. */
const GESTURE_MS = 400;
const PREVIEW = { width: 44, height: 44 };

/**
 * @param {import("./room.js").Room} room
 * @param {() => void} leave takes the focus when the last edit that had it is gone
 */
export function createEditList(room, leave) {
  const { store } = room;
  const list = h("ol", { class: "ax-edits", "aria-label": "Edits, the newest first" });
  const empty = h(
    "p",
    { class: "ax-empty" },
    "Paint a color where you want to see it, sketch a line where an edge should be, or look for modes with the explorer brush. Each edit appears here.",
  );
  const element = h("div", { class: "ax-edits-box" }, empty, list);
  /** @type {Map<string, Row>} */
  const rows = new Map();

  store.watch((state) => {
    const entries = [...(clusterOf(state)?.edits ?? [])].reverse();
    empty.hidden = entries.length > 0;
    const wanted = entries.map((entry) => {
      const row = rows.get(entry.edit.id) ?? new Row(room, entry);
      rows.set(entry.edit.id, row);
      row.update(entry, state);
      return row.element;
    });
    for (const id of rows.keys()) {
      if (!entries.some((entry) => entry.edit.id === id)) rows.delete(id);
    }
    if (changeRows(list, wanted)) leave();
  });
  return element;
}

/**
 * Make the rows the list's own without touching those that stay: the focus is in one of them perhaps.
 * If its row goes, the row that takes its place gets it.
 *
 * @param {HTMLElement} list
 * @param {readonly HTMLElement[]} rows
 * @returns {boolean} whether the focus was in a row that is gone, and no row is left
 */
function changeRows(list, rows) {
  const before = [...list.children];
  const at = before.findIndex((row) => row.contains(document.activeElement));
  const loses = at >= 0 && !rows.some((row) => row === before[at]);
  for (const row of before) {
    if (!rows.some((one) => one === row)) row.remove();
  }
  rows.forEach((row, place) => {
    if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
  });
  if (!loses) return false;
  const next = rows.find((row) => before.indexOf(row) > at) ?? rows.at(-1);
  next?.querySelector("button")?.focus();
  return next === undefined;
}

class Row {
  /** @type {Entry} */
  entry;
  preview = h("canvas", { class: "ax-edit-preview", "aria-hidden": "true" });
  picture = h("span", { class: "ax-edit-preview ax-edit-picture", "aria-hidden": "true" });
  name = h("span", { class: "ax-edit-name" });
  author = h("span", { class: "ax-edit-author" });
  meta = h("span", { class: "ax-edit-meta" });
  toggle = h("button", { type: "button", class: "ax-button ax-icon-button ax-small" });
  remove = h("button", { type: "button", class: "ax-button ax-icon-button ax-small" }, icon("trash"));
  slider = h("input", {
    type: "range", min: String(-STRENGTH_LIMIT), max: String(STRENGTH_LIMIT), step: "0.1", class: "ax-range ax-range-signed",
  });
  value = h("output", { class: "ax-edit-value" });
  reach = h("button", { type: "button", class: "ax-button ax-icon-button ax-small" });
  element;
  #drawn = "";
  #isSliding = false;
  #isPressed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} until the keys on the slider have come to rest */
  #rest;

  /**
   * @param {import("./room.js").Room} room
   * @param {Entry} entry
   */
  constructor(room, entry) {
    this.room = room;
    this.entry = entry;
    this.remove.onclick = () => room.remove(this.entry.edit.id);
    this.remove.title = "Delete this edit";
    this.toggle.onclick = () => this.#put({ enabled: !this.entry.edit.enabled });
    const words = h("button", { type: "button", class: "ax-edit-words" }, this.name, " ", this.author, this.meta);
    words.onclick = () => room.store.update({ selected: this.entry.edit.id });
    const head = h("div", { class: "ax-edit-head" }, words, this.toggle, this.remove);
    const strength = h("div", { class: "ax-edit-strength" }, this.reach, this.slider, this.value);
    this.reach.hidden = !isPlaced(entry.edit);
    strength.hidden = !isScored(entry.edit);
    this.element = h("li", { class: "ax-edit" }, hasPicture(entry.edit) ? this.picture : this.preview, h("div", { class: "ax-edit-body" }, head, strength));
    this.#listen();
  }

  /**
   * @param {Entry} entry
   * @param {import("./store.js").State} state
   */
  update(entry, state) {
    this.entry = entry;
    const { edit } = entry;
    const title = titleOf(edit);
    this.name.textContent = title;
    this.name.title = isExample(edit) ? `${title}, as in ${edit.image}` : title;
    this.remove.setAttribute("aria-label", `Delete this edit: ${title}`);
    const isWaiting = state.connection !== "open" && state.waiting.has(edit.id);
    const cannotCount = state.ranking?.unplaced.includes(edit.id) ?? false;
    const when = isWaiting ? "waiting" : cannotCount ? "not here" : ago(entry.time, Date.now() / 1000);
    const isMine = entry.author === state.author;
    this.meta.textContent = when;
    this.author.hidden = isMine || !entry.author;
    // There is room for one of the two: when it was is told under the pointer.
    this.meta.hidden = !this.author.hidden && !isWaiting && !cannotCount;
    const by = authorOf(state, entry.author);
    this.author.style.setProperty("--author", by.color);
    this.author.textContent = isMine ? "" : by.name;
    const date = entry.time > 0 ? `, ${new Date(entry.time * 1000).toLocaleString()}` : "";
    this.meta.title = this.author.title = `by ${isMine ? "you" : by.name}${date}`;
    if (cannotCount) this.meta.title = "It does not count: its image is not in this collection, or it lies beside the picture";
    this.element.classList.toggle("ax-off", !edit.enabled || cannotCount);
    this.element.classList.toggle("ax-selected", state.selected === edit.id);
    this.element.dataset["edit"] = edit.id;
    this.#updateToggle(edit);
    this.#updateReach(edit);
    if (isScored(edit) && !this.#isSliding) this.#showStrength(edit.strength);
    const id = isExample(edit) ? this.room.idOf(edit.image) : null;
    const key = JSON.stringify([edit, aspectOf(state), document.body.className, id]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    if (edit.kind === "any" || edit.kind === "sharpen") this.picture.replaceChildren(icon(edit.kind === "any" ? "merge" : "sharpen"));
    else if (isExample(edit)) showExample(this.picture, edit, aspectOf(state), id === null ? null : this.room.imageUrl(id, "full"));
    else if (isStroke(edit) || edit.kind === "image") drawPreview(this.preview, edit, aspectOf(state));
  }

  /** @param {Edit} edit */
  #updateToggle(edit) {
    const title = edit.enabled ? "Switch off" : "Switch on";
    const label = `${title}: ${titleOf(edit)}`;
    if (this.toggle.getAttribute("aria-label") === label) return;
    this.toggle.title = title;
    this.toggle.setAttribute("aria-label", label);
    this.toggle.setAttribute("aria-pressed", String(edit.enabled));
    this.toggle.replaceChildren(icon(edit.enabled ? "eye" : "eyeOff"));
  }

  /** @param {Edit} edit */
  #updateReach(edit) {
    if (!isPlaced(edit)) return;
    const isAnywhere = edit.reach === "anywhere";
    this.reach.setAttribute("aria-pressed", String(isAnywhere));
    const label = isAnywhere ? "Looked for anywhere in the picture, at several sizes" : "Looked for near its place";
    if (this.reach.title.startsWith(label)) return;
    this.reach.title = `${label}; press for ${isAnywhere ? "near its place" : "anywhere"}`;
    this.reach.setAttribute("aria-label", `Look anywhere in the picture: ${titleOf(edit)}`);
    this.reach.replaceChildren(icon(isAnywhere ? "anywhere" : "near"));
  }

  /** @param {number} strength */
  #showStrength(strength) {
    this.slider.value = String(strength);
    const text = `${strength < 0 ? "−" : ""}${Math.abs(strength).toFixed(1)}`;
    this.value.textContent = `${text}×`;
    this.value.title = strength < 0 ? "less of this" : "more of this";
    this.value.classList.toggle("ax-negative", strength < 0);
    this.slider.setAttribute("aria-label", `Strength of ${titleOf(this.entry.edit)}`);
    this.slider.setAttribute("aria-valuetext", strength < 0 ? `${text}, less of this` : text);
    const middle = 50;
    const end = 50 + (strength / STRENGTH_LIMIT) * 50;
    this.slider.style.setProperty("--from", `${Math.min(middle, end)}%`);
    this.slider.style.setProperty("--to", `${Math.max(middle, end)}%`);
  }

  #listen() {
    const { store } = this.room;
    this.reach.onclick = () => {
      const { edit } = this.entry;
      if (isPlaced(edit)) this.#put({ reach: edit.reach === "anywhere" ? "near" : "anywhere" });
    };
    this.element.onpointerenter = () => store.update({ hovered: this.entry.edit.id });
    this.element.onpointerleave = () => store.update({ hovered: null });
    this.slider.oninput = () => {
      const { edit } = this.entry;
      if (!isScored(edit)) return;
      this.#isSliding = true;
      this.#showStrength(Number(this.slider.value));
      this.room.preview({ ...edit, strength: Number(this.slider.value) });
    };
    this.slider.onpointerdown = () => (this.#isPressed = true);
    this.slider.onkeydown = (event) => {
      this.#isPressed = false;
      if (event.ctrlKey || event.metaKey) this.#endSliding();
    };
    this.slider.onchange = () => {
      clearTimeout(this.#rest);
      if (this.#isPressed) this.#endSliding();
      else this.#rest = setTimeout(() => this.#endSliding(), GESTURE_MS);
    };
    this.slider.onblur = () => this.#endSliding();
    this.slider.ondblclick = () => this.#put({ strength: 1 });
  }

  /** One operation, so one undo, for all that was done to the slider since it was at rest. */
  #endSliding() {
    clearTimeout(this.#rest);
    if (!this.#isSliding) return;
    this.#isSliding = false;
    this.#put({ strength: Number(this.slider.value) });
  }

  /** @param {{enabled?: boolean, strength?: number, reach?: import("./messages.js").Reach}} change */
  #put(change) {
    const now = editsOf(this.room.store.state).find((edit) => edit.id === this.entry.edit.id);
    if (now) this.room.put(/** @type {Edit} */ ({ ...now, ...change }));
  }
}

/**
 * @param {Edit} edit
 * @returns {edit is import("./messages.js").Example | import("./messages.js").AnyOf | import("./messages.js").Sharpen} shown by a picture or an icon, not drawn
 */
function hasPicture(edit) {
  return !isStroke(edit) && edit.kind !== "image";
}

/** @param {Edit} edit */
export function titleOf(edit) {
  if (edit.kind === "sharpen") return `Sharpen (${edit.rounds} ${edit.rounds === 1 ? "round" : "rounds"})`;
  if (edit.kind === "any") return `${edit.strength < 0 ? "None of" : "Any of"}: ${edit.names.join(", ")}`;
  if (edit.kind === "image") {
    const name = edit.image.split("/").at(-1) ?? edit.image;
    return `${edit.verdict === "pin" ? "Pinned" : "Excluded"} ${name}`;
  }
  if (isExample(edit)) return exampleTitle(edit);
  const lines = edit.kind === "sketch" && edit.paths.length > 1 ? ` (${edit.paths.length} lines)` : "";
  const what = edit.kind === "color" ? `${nameOf(edit.color)} stroke` : `Sketch${lines}`;
  return edit.strength < 0 ? `Less: ${what.toLowerCase()}` : what;
}

/**
 * The seed's patch, or the image to be like; an icon as long as it is not known which image that is.
 *
 * @param {HTMLElement} element
 * @param {import("./messages.js").Example} edit
 * @param {number} aspect
 * @param {string | null} url of the image
 */
function showExample(element, edit, aspect, url) {
  element.replaceChildren(...(url === null ? [icon(edit.kind === "mode" ? "explore" : "like")] : []));
  const seed = edit.kind === "mode" ? seedBackground(edit, aspect) : { size: "cover", position: "50%" };
  element.style.background = url === null ? "" : `${seed.position} / ${seed.size} no-repeat url("${url}")`;
}

/**
 * The stroke as it lies on the canvas, small.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {import("./messages.js").Stroke | import("./messages.js").ImageVerdict} edit
 * @param {number} aspect
 */
function drawPreview(canvas, edit, aspect) {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  canvas.width = PREVIEW.width * ratio;
  canvas.height = PREVIEW.height * ratio;
  const context = canvas.getContext("2d");
  if (!context) return;
  const side = PREVIEW.width * ratio;
  const size = { width: aspect > 1 ? side / aspect : side, height: aspect > 1 ? side : side * aspect };
  context.translate((side - size.width) / 2, (side - size.height) / 2);
  if (edit.kind === "image") {
    drawVerdict(context, size, edit.verdict);
    return;
  }
  const color = edit.kind === "color" ? css(edit.color) : getComputedStyle(document.body).color;
  const width = Math.max(2 * ratio, 2 * edit.radius * size.width);
  trace(context, edit.paths, edit.kind === "sketch" ? 2 * ratio : width, color, size);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{width: number, height: number}} size
 * @param {"pin" | "exclude"} verdict
 */
function drawVerdict(context, { width, height }, verdict) {
  context.strokeStyle = verdict === "pin" ? "rgb(46 139 72)" : "rgb(200 32 44)";
  context.lineWidth = width / 14;
  context.beginPath();
  context.arc(width / 2, height / 2, width / 4, 0, 2 * Math.PI);
  if (verdict === "exclude") {
    context.moveTo(width * 0.33, height * 0.33);
    context.lineTo(width * 0.67, height * 0.67);
  }
  context.stroke();
}
