// @ts-check
/** The tools, the brush's size and its colors, at the left. */

import { css, h, iconButton, moveFocus } from "./dom.js";
import { QUICK, nameOf, sameColor } from "./palette.js";
import { resizeBrush } from "./hand.js";
import { nearest } from "./modes.js";
import { isBrush } from "./store.js";

/** @typedef {import("./store.js").Tool} Tool */

export const TOOLS = /** @type {const} */ ([
  ["color", "Color brush", "B"],
  ["sketch", "Sketch brush", "S"],
  ["explore", "Explorer brush: see what is hidden here", "X"],
  ["eraser", "Eraser", "E"],
  ["select", "Select and move a stroke", "V"],
  ["keypoints", "Keypoints: place them on the average", "K"],
  ["comment", "Comment: pin one to a place on the average", "Shift+C"],
]);

/**
 * @param {import("./store.js").Store} store
 * @param {(anchor: HTMLElement) => void} openColors
 */
export function createToolbar(store, openColors) {
  const tools = TOOLS.map(([tool, label, key]) => {
    const button = iconButton(tool, label, () => store.update({ tool, picking: false }), key);
    button.dataset["tool"] = tool;
    button.append(h("kbd", { "aria-hidden": "true" }, key.replace("Shift+", "⇧")));
    return button;
  });
  const swatches = QUICK.map((color, at) => {
    const swatch = h("button", { type: "button", class: "ax-swatch", title: `${nameOf(color)} (${at + 1})` });
    swatch.setAttribute("aria-label", nameOf(color));
    swatch.style.setProperty("--swatch", css(color));
    swatch.onclick = () => store.update({ color, tool: "color", picking: false });
    return swatch;
  });
  const current = h("button", { type: "button", class: "ax-current", title: "Choose a color (C, or right click on the canvas)" });
  current.setAttribute("aria-label", "Choose a color");
  current.setAttribute("aria-haspopup", "dialog");
  current.onclick = () => openColors(current);
  const size = createSize(store);
  store.watch((state) => {
    for (const button of tools) {
      button.setAttribute("aria-pressed", String(button.dataset["tool"] === state.tool));
    }
    swatches.forEach((swatch, at) => {
      const color = QUICK[at];
      swatch.setAttribute("aria-pressed", String(color !== undefined && sameColor(color, state.color)));
    });
    current.style.setProperty("--swatch", css(state.color));
  });
  const element = h(
    "div",
    { class: "ax-toolbar", role: "toolbar", "aria-label": "Tools", "aria-orientation": "vertical" },
    h("div", { class: "ax-tools" }, ...tools),
    size,
    h("div", { class: "ax-swatches" }, current, ...swatches),
  );
  element.addEventListener("keydown", (event) => moveFocus(element, event));
  return element;
}

/** @param {import("./store.js").Store} store */
function createSize(store) {
  const dot = h("span", { class: "ax-size-dot" });
  const text = h("span", { class: "ax-size-text" });
  const smaller = h("button", { type: "button", class: "ax-button ax-small", title: "Smaller brush ([)" }, "−");
  const larger = h("button", { type: "button", class: "ax-button ax-small", title: "Larger brush (])" }, "+");
  smaller.setAttribute("aria-label", "Smaller brush");
  larger.setAttribute("aria-label", "Larger brush");
  smaller.onclick = () => resizeBrush(store, 1 / 1.25);
  larger.onclick = () => resizeBrush(store, 1.25);
  const element = h(
    "div",
    { class: "ax-size", role: "group", "aria-label": "Brush size" },
    h("span", { class: "ax-size-show" }, dot),
    text,
    h("div", { class: "ax-size-buttons" }, smaller, larger),
  );
  store.watch(({ tool, radius, color, explore, collection }) => {
    element.classList.toggle("ax-off", !isBrush(tool) && tool !== "explore");
    dot.classList.toggle("ax-size-patch", tool === "explore");
    if (tool === "explore") {
      const patch = nearest(explore.size, explore.sizes);
      const part = (44 * patch) / Math.max(patch, collection?.width ?? patch);
      dot.style.width = dot.style.height = `${Math.max(8, part)}px`;
      text.textContent = `${patch} px`;
      return;
    }
    const brush = isBrush(tool) ? tool : "color"; // the next one, perhaps: nothing moves when it is taken
    const size = Math.max(3, Math.min(44, 2 * radius[brush] * 200));
    dot.style.width = dot.style.height = `${size}px`;
    dot.style.background = brush === "color" ? css(color) : "currentColor";
    text.textContent = `${(radius[brush] * 200).toFixed(radius[brush] < 0.05 ? 1 : 0)}%`;
  });
  return element;
}
