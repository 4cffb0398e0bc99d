// @ts-check
/** The strip of modes under the canvas: average patches with their share, and what can be done with them. */

import { placeAt } from "./colors.js";
import { h, moveFocus } from "./dom.js";
import { highlighted } from "./modes.js";
import { grouped, percent } from "./scale.js";

/** @typedef {import("./messages.js").Mode} Mode */
/** @typedef {import("./modes.js").Explore} Explore */

const SHOWN = 10;

/**
 * @param {import("./room.js").Room} room
 * @param {import("./explore.js").ExplorerBrush} brush
 * @param {() => void} leave gives the focus to the canvas
 */
export function createModeStrip(room, brush, leave) {
  const { store } = room;
  const words = h("p", { class: "ax-modes-words", id: "ax-modes-words" });
  const patches = Array.from({ length: SHOWN }, (_, at) => new Patch(brush, at));
  const list = h("ol", { class: "ax-modes-list", "aria-label": "Modes here, first those that most of the average resembles" }, ...patches.map((patch) => patch.element));
  const use = h("button", { type: "button", "data-needs": "put_edit", class: "ax-button ax-chip ax-modes-use", title: "Make the highlighted mode an edit (Enter, or click it)" }, "Use this mode");
  use.onclick = () => brush.commit();
  const spawn = h("button", { type: "button", "data-needs": "add_cluster", class: "ax-button ax-chip", title: "A new cluster from the highlighted mode (Shift and Enter, or Shift and click it)" }, "New cluster");
  spawn.onclick = () => brush.commit(true);
  const report = createReport(room);
  const element = h(
    "section",
    { class: "ax-modes", "aria-label": "Modes under the explorer brush", hidden: true },
    words,
    list,
    h("div", { class: "ax-modes-actions" }, use, spawn, report.button),
    report.popover,
  );
  element.addEventListener("keydown", (event) => onKey(element, brush, patches, leave, event));
  /** @type {Explore | null} */
  let drawn = null;
  store.watch(({ tool, explore }) => {
    element.hidden = tool !== "explore";
    if (drawn === explore) return;
    drawn = explore;
    const { pinned, at, isQuiet } = explore;
    words.textContent = wordsOf(explore);
    element.dataset["busy"] = String(explore.isAsking || pinned?.is_final === false);
    patches.forEach((patch, place) => patch.update(pinned?.modes[place] ?? null, place === at, isQuiet && explore.isChosen));
    use.disabled = at < 0 || isQuiet;
    spawn.disabled = report.button.disabled = at < 0;
  });
  return element;
}

class Patch {
  picture = h("img", { class: "ax-mode-picture", alt: "", draggable: false });
  share = h("span", { class: "ax-mode-share" });
  button = h("button", { type: "button", class: "ax-mode", tabIndex: -1 });
  element = h("li", {}, this.button);
  #source = "";

  /**
   * @param {import("./explore.js").ExplorerBrush} brush
   * @param {number} at
   */
  constructor(brush, at) {
    this.button.append(this.picture, this.share);
    let isFinger = false;
    this.button.onpointerdown = (event) => (isFinger = event.pointerType === "touch");
    this.button.onpointerenter = (event) => {
      if (event.pointerType !== "touch") brush.highlight(at);
    };
    this.button.onfocus = () => {
      if (!isFinger && this.button.matches(":focus-visible")) brush.highlight(at);
    };
    this.button.onclick = (event) => {
      brush.highlight(at);
      if (!isFinger) brush.commit(event.shiftKey);
      isFinger = false;
    };
  }

  /**
   * @param {Mode | null} mode
   * @param {boolean} isHighlighted
   * @param {boolean} isCommitted
   */
  update(mode, isHighlighted, isCommitted) {
    this.element.hidden = mode === null;
    if (!mode) return;
    if (mode.picture !== this.#source) {
      this.#source = mode.picture;
      this.picture.src = `data:image/jpeg;base64,${mode.picture}`;
    }
    this.share.textContent = percent(mode.share);
    this.button.title = describe(mode);
    this.button.setAttribute("aria-label", describe(mode));
    this.button.setAttribute("aria-pressed", String(isHighlighted));
    this.button.tabIndex = isHighlighted ? 0 : -1;
    this.button.classList.toggle("ax-committed", isHighlighted && isCommitted);
  }
}

/** @param {Mode} mode */
function describe({ share, images, inlier }) {
  const weight = `${percent(share)} of the average shows this better than any other mode, and so ${images === 1 ? "does 1 image" : `do ${grouped(images)} images`} of the whole collection.`;
  if (inlier >= 0.995) return `${weight} The patches most like it are all of this collection.`;
  return `${weight} Of the patches most like it, ${percent(inlier)} are of this collection, the others of any photographs.`;
}

/** @param {Explore} explore */
function wordsOf({ pinned, isAsking, isQuiet }) {
  if (!pinned && isAsking) return "Looking for modes here …";
  if (!pinned) return "Move over the average: what many images share there appears here.";
  const { length } = pinned.modes;
  const size = `${pinned.size} px patch`;
  if (!pinned.is_final) return `${count(length)}, ${size} · refining …`;
  if (pinned.sizes.length === 0) return "This collection is too small to have modes.";
  if (length === 0) return `Nothing shared here, ${size}. Try another place, or size (wheel).`;
  return isQuiet ? `${count(length)}, ${size} · the mode is in the list of edits` : `${count(length)}, ${size}`;
}

/** @param {number} modes */
function count(modes) {
  return modes === 1 ? "1 mode here" : `${modes} modes here`;
}

/**
 * Arrows and Tab walk the patches, Tab leaves at the ends; Escape goes back to the canvas.
 *
 * @param {HTMLElement} element
 * @param {import("./explore.js").ExplorerBrush} brush
 * @param {readonly Patch[]} patches
 * @param {() => void} leave
 * @param {KeyboardEvent} event
 */
function onKey(element, brush, patches, leave, event) {
  const isPatch = patches.some((patch) => patch.button === document.activeElement);
  if (event.key === "Escape" && !element.querySelector(":popover-open")) {
    event.preventDefault();
    event.stopPropagation();
    brush.end();
    leave();
  } else if (isPatch && walkBy(brush, event)) {
    patches[brush.store.state.explore.at]?.button.focus();
  }
}

/**
 * @param {import("./explore.js").ExplorerBrush} brush
 * @param {KeyboardEvent} event of Tab or an arrow to the side; it is taken where the walk goes on
 * @returns {boolean} whether it was such a key and another mode has the highlight
 */
export function walkBy(brush, event) {
  const steps = /** @type {Record<string, 1 | -1>} */ ({ ArrowLeft: -1, ArrowRight: 1, Tab: event.shiftKey ? -1 : 1 });
  const step = steps[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return false;
  const walked = brush.walk(step);
  if (walked || event.key !== "Tab") {
    event.preventDefault();
    event.stopPropagation();
  }
  return walked;
}

/** @param {import("./room.js").Room} room */
function createReport(room) {
  const popover = h("div", { class: "ax-popover ax-menu", popover: "auto", "aria-label": "Report" });
  const button = h("button", { type: "button", class: "ax-button ax-chip", "aria-haspopup": "true", title: "All modes of this place with their shares and example images" }, "Report");
  button.onclick = () => {
    popover.showPopover();
    const box = button.getBoundingClientRect();
    placeAt(popover, { x: box.right - popover.offsetWidth - 28, y: box.top - popover.offsetHeight - 16 });
    popover.querySelector("a")?.focus();
  };
  const item = (/** @type {string} */ title, /** @type {string} */ text, /** @type {Record<string, string>} */ how) =>
    h("a", { class: "ax-menu-item", ...how, onclick: () => popover.hidePopover() }, h("b", {}, title), h("small", {}, text));
  const page = item("Open the report", "HTML: patches, shares, example images", { target: "_blank", rel: "noopener" });
  const table = item("Download the table", "CSV", { download: "" });
  popover.append(page, table);
  popover.addEventListener("keydown", (event) => moveFocus(popover, event));
  room.store.watch(({ explore, clusterId }) => {
    if (!explore.pinned || !highlighted(explore)) return;
    const { box: [x, y, width, height], size } = explore.pinned;
    const query = { cluster: clusterId, x: x + width / 2, y: y + height / 2, size };
    page.href = room.url("modes.html", query);
    table.href = room.url("modes.csv", query);
  });
  return { button, popover };
}
