// @ts-check
/** How many images make up the average, how they are weighted, and what came out. */

import { h } from "./dom.js";
import { countAt, figure, grouped, positionOf } from "./scale.js";
import { clusterOf } from "./store.js";

/** The slider is left alone for this long after the hand moved it. */
const SETTLE_MS = 400;

/** @param {import("./room.js").Room} room */
export function createCountControl(room) {
  const { store } = room;
  const label = h("span", { id: "ax-count-label" }, "How many images");
  const value = h("output", { class: "ax-count-value" });
  const slider = h("input", {
    type: "range", min: "0", max: "1", step: "0.005", class: "ax-range", "aria-labelledby": "ax-count-label",
  });
  const auto = h("button", { type: "button", class: "ax-button ax-chip", title: "Let each edit narrow the average (A)" }, "Auto");
  const ends = h("div", { class: "ax-ends", "aria-hidden": "true" }, h("span", {}, "all"), h("span", {}, "one"));
  const head = h("div", { class: "ax-row" }, label, value, auto);
  const element = h("div", { class: "ax-control" }, head, slider, ends);
  let movedMs = -Infinity;

  const images = () => store.state.collection?.images ?? 1;
  const show = (/** @type {number} */ count) => {
    value.textContent = grouped(count);
    slider.setAttribute("aria-valuetext", `${Math.round(count)} images`);
    slider.style.setProperty("--to", `${positionOf(count, images()) * 100}%`);
  };
  const sender = throttled(120, (/** @type {number} */ count) => room.configure({ count }));
  slider.oninput = () => {
    movedMs = performance.now();
    const count = countAt(Number(slider.value), images());
    show(count);
    sender(count);
  };
  auto.onclick = () => toggleAuto(room);
  store.watch((state) => {
    const count = clusterOf(state)?.count ?? null;
    const effective = state.ranking?.effective_images ?? images();
    auto.setAttribute("aria-pressed", String(count === null));
    if (performance.now() - movedMs < SETTLE_MS) return;
    slider.value = String(positionOf(count ?? effective, images()));
    slider.classList.toggle("ax-auto", count === null);
    show(count ?? effective);
  });
  return element;
}

/** @param {import("./room.js").Room} room */
export function toggleAuto(room) {
  const { state } = room.store;
  const effective = state.ranking?.effective_images ?? state.collection?.images ?? 1;
  const isAuto = (clusterOf(state)?.count ?? null) === null;
  room.configure({ count: isAuto ? Math.max(1, Math.round(effective)) : null });
}

/** @param {import("./room.js").Room} room */
export function createWeighting(room) {
  const choices = /** @type {const} */ ([
    ["focus", "Focus", "Sharper: each edit counts against how it scores across the collection."],
    ["paper", "Paper", "As published in 2014: blurrier, keeps most images in."],
  ]);
  const inputs = choices.map(([name, title, text]) => {
    const input = h("input", { type: "radio", name: "ax-weighting", value: name });
    input.onchange = () => room.configure({ weighting: name });
    return h("label", { class: "ax-choice" }, input, h("span", {}, h("b", {}, title), h("small", {}, text)));
  });
  room.store.watch((state) => {
    const weighting = clusterOf(state)?.weighting;
    for (const label of inputs) {
      const input = label.querySelector("input");
      if (input) input.checked = input.value === weighting;
    }
  });
  return h(
    "details",
    { class: "ax-fold" },
    h("summary", {}, "Advanced: weighting"),
    h("div", { role: "radiogroup", "aria-label": "Weighting", class: "ax-choices" }, ...inputs),
  );
}

/** @param {import("./room.js").Room} room */
export function createReadouts(room) {
  const { store } = room;
  const effective = h("dd", {});
  const sharpness = h("dd", {});
  const element = h(
    "dl",
    { class: "ax-readouts" },
    h("div", { title: "The number of equally weighted images that would be as many" }, h("dt", {}, "images in it"), effective),
    h("div", { title: "Energy of the average's edges; higher is sharper" }, h("dt", {}, "sharpness"), sharpness),
  );
  store.watch(({ ranking, collection }) => {
    const all = collection ? ` of ${grouped(collection.images)}` : "";
    effective.replaceChildren(ranking ? figure(ranking.effective_images) : "–", h("small", {}, all));
    sharpness.textContent = ranking ? figure(ranking.sharpness) : "–";
  });
  return element;
}

/** @param {import("./room.js").Room} room */
export function createStatus(room) {
  const dot = h("span", { class: "ax-dot", "aria-hidden": "true" });
  const words = h("span", {});
  const detail = h("span", { class: "ax-status-detail" });
  const element = h("div", { class: "ax-status" }, dot, words, detail);
  const texts = { connecting: "connecting", open: "connected", lost: "offline", refused: "refused" };
  room.store.watch((state) => {
    dot.dataset["state"] = state.connection;
    const waiting = state.unsent > 0 && state.connection !== "open" ? `, ${state.unsent} unsent` : "";
    words.textContent = texts[state.connection] + waiting;
    detail.textContent = `revision ${state.revision}${state.fps > 0 ? ` · ${state.fps} fps` : ""}`;
  });
  return element;
}

/**
 * Call at most once in `delayMs`, always with the newest value.
 *
 * @template T
 * @param {number} delayMs
 * @param {(value: T) => void} call
 * @returns {(value: T) => void}
 */
function throttled(delayMs, call) {
  /** @type {T} */
  let newest;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return (value) => {
    newest = value;
    timer ??= setTimeout(() => {
      timer = undefined;
      call(newest);
    }, delayMs);
  };
}
