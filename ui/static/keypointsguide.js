// @ts-check
/** What is to be placed: named beside the cursor and under the average, with a warning where nothing can be told. */

import { h, iconButton } from "./dom.js";
import { countPlaced } from "./keypoints.js";
import { MUSH } from "./keypointstrust.js";
import { colorOfKeypoint } from "./schema.js";
import { toView } from "./zoom.js";

/** @typedef {import("./stroke.js").Point} Point */

export class Guide {
  #dot = h("span", { class: "ax-kp-dot" });
  #name = h("b", {});
  #warning = h("span", { class: "ax-kp-mush" }, "blurred here");
  #tip = h("div", { class: "ax-kp-tip", hidden: true, "aria-hidden": "true" }, this.#dot, this.#name, this.#warning);
  #nextDot = h("span", { class: "ax-kp-dot" });
  #next = h("span", { class: "ax-kp-next" });
  #count = h("span", { class: "ax-kp-count" });
  #scale = h("button", { type: "button", class: "ax-button ax-kp-scale", title: "Fit: show the whole average (0)" });
  #skip = h("button", { type: "button", class: "ax-button ax-chip", title: "Leave a hole (S or Space)" }, "Skip");
  element = h("div", { class: "ax-kp-guide", role: "group", "aria-label": "Placing keypoints", hidden: true });
  /** @type {Point | null} */
  #at = null;
  #kind = "mouse";
  /** id of the keypoint that the keys are about; "": the one that is held, under the hand, or asked for */
  #about = "";
  /** what the average is called with other tools */
  #label;
  /** @type {number | null} */
  #trust = null;

  /**
   * @param {import("./keypointstool.js").KeypointTool} tool
   * @param {import("./keypointstrust.js").Trust} trust
   */
  constructor(tool, trust) {
    this.tool = tool;
    this.trust = trust;
    this.#label = tool.canvas.overlay.getAttribute("aria-label") ?? "";
    tool.canvas.frame.append(this.#tip);
    this.#skip.onclick = () => tool.skip();
    this.#scale.onclick = () => tool.zoom(0);
    this.element.append(
      h("span", { class: "ax-kp-asked" }, this.#nextDot, this.#next, this.#skip),
      this.#count,
      h(
        "span",
        { class: "ax-kp-zoom" },
        iconButton("minus", "Zoom out", () => tool.zoom(1 / 1.5), "-"),
        this.#scale,
        iconButton("plus", "Zoom in", () => tool.zoom(1.5), "+"),
        iconButton("fit", "Show the whole average", () => tool.zoom(0), "0"),
      ),
    );
    tool.store.watch(() => this.#show());
  }

  /**
   * The hand is here.
   *
   * @param {Point | null} at canvas units
   * @param {string} [kind] of pointer
   * @param {string} [about] id of the keypoint that the keys move
   */
  follow(at, kind = "mouse", about = "") {
    const isSame = at !== null && at[0] === this.#at?.[0] && at[1] === this.#at[1];
    this.#at = at;
    this.#kind = kind;
    this.#about = about;
    if (!isSame) {
      this.trust.ask(about === "" && this.tool.hovered && !this.tool.held ? null : at, (trust) => {
        this.#trust = trust;
        this.#showTip();
      });
    }
    if (at === null) this.#trust = null;
    this.#showTip();
  }

  /** There is nothing to place. */
  refuse() {
    const { schema, store } = this.tool;
    const text = schema.keypoints.length === 0
      ? "First choose which points there are: at the right, under Keypoints"
      : "Every keypoint has its place, or was skipped: press one in the list to place it";
    store.update({ notice: { text, level: "info" } });
  }

  #show() {
    const { tool } = this;
    const { overlay, frame } = tool.canvas;
    frame.dataset["asked"] = String(tool.next !== null);
    const asked = tool.next === null ? "" : ` ${tool.nameOf(tool.next)}`;
    const label = tool.isOn ? `The average. Arrow keys move the cross or the selected point, Enter places${asked}, Tab walks the points, Escape lets Tab leave.` : this.#label;
    if (overlay.getAttribute("aria-label") !== label) overlay.setAttribute("aria-label", label);
    this.element.hidden = !tool.isOn || tool.schema.keypoints.length === 0;
    if (!tool.isOn) this.#tip.hidden = true;
    if (this.element.hidden) return;
    const { schema, next, placed, placing } = tool;
    const all = schema.keypoints.length;
    const skipped = schema.keypoints.filter(({ id }) => placing.skipped.has(id) && !placed.has(id)).length;
    this.#nextDot.style.setProperty("--dot", next === null ? "transparent" : colorOfKeypoint(schema, next));
    this.#next.textContent = next === null ? (skipped > 0 ? "Nothing left but what was skipped" : "All placed") : tool.nameOf(next);
    this.#skip.hidden = next === null;
    this.#count.textContent = `${countPlaced(schema, placed)} of ${all}${skipped > 0 ? `, ${skipped} skipped` : ""}`;
    this.#scale.textContent = `${Math.round(tool.canvas.view.scale * 100)}%`;
    this.#scale.disabled = tool.canvas.view.scale === 1;
    this.#showTip();
  }

  #showTip() {
    const { tool } = this;
    const { hovered, held, next, schema, canvas } = tool;
    const at = held?.at ?? this.#at;
    const id = held?.keypoint ?? (this.#about || hovered || (next ?? ""));
    const isFinger = this.#kind === "touch" && held === null;
    this.#tip.hidden = !tool.isOn || at === null || id === "" || isFinger;
    if (this.#tip.hidden || !at) return;
    const [x, y] = toView(canvas.view, at);
    this.#tip.classList.toggle("ax-kp-before", x > 0.5);
    this.#tip.classList.toggle("ax-kp-above", y > 0.86 || this.#kind === "touch");
    this.#tip.style.left = `${x * 100}%`;
    this.#tip.style.top = `${y * 100}%`;
    this.#dot.style.setProperty("--dot", colorOfKeypoint(schema, id));
    this.#name.textContent = tool.nameOf(id);
    const isPlacing = held !== null || this.#about !== "" || hovered === "";
    this.#warning.hidden = !isPlacing || this.#trust === null || this.#trust >= MUSH;
  }
}
