// @ts-check
/** The keypoints of one image: what is known of each, by whom, and how sure. */

import { h, iconButton, moveFocus } from "./dom.js";
import { colorOfKeypoint } from "./schema.js";
import { confidenceCss, confidenceText } from "./reviewrules.js";

/** @typedef {import("./reviewrules.js").Shown} Shown */
/** @typedef {import("./reviewrules.js").PointState} PointState */

const STATES = /** @type {const} */ ([["visible", "Visible", "V"], ["occluded", "Occluded: there, but hidden; its place is a guess", "O"], ["absent", "Absent: not in this image", "A"]]);

export class ReviewPoints {
  #list = h("ol", { class: "ax-points-list", "aria-label": "Keypoints of this image" });
  #states = STATES.map(([state, label, key]) => {
    const button = h("button", { type: "button", class: "ax-button ax-chip", title: `${label} (${key})` }, label.split(":")[0] ?? label);
    Object.assign(button.dataset, { state, needs: "put_layer" });
    return button;
  });
  #away = iconButton("trash", "Take the correction away: what was there before comes back", () => this.actions.takeAway(), "Delete");
  #summary = h("p", { class: "ax-muted ax-points-summary" });
  element = h(
    "section", { class: "ax-review-points", "aria-label": "Keypoints" },
    h("div", { class: "ax-points-head" }, this.#summary, h("div", { class: "ax-row", role: "group", "aria-label": "The selected keypoint" }, ...this.#states, this.#away)),
    this.#list,
  );
  /** @type {HTMLElement | null} */
  #followed = null;

  /**
   * @param {import("./reviewmodel.js").ReviewModel} model
   * @param {{select: (id: string) => void, say: (state: PointState) => void, takeAway: () => void}} actions
   */
  constructor(model, actions) {
    this.model = model;
    this.actions = actions;
    for (const button of this.#states) button.onclick = () => actions.say(/** @type {PointState} */ (button.dataset["state"]));
    this.#away.classList.add("ax-small");
    this.#away.dataset["needs"] = "remove_layer";
    this.#list.addEventListener("keydown", (event) => moveFocus(this.#list, event));
    model.watch(() => this.#draw());
  }

  #draw() {
    const { selected, hovered, image } = this.model.state;
    const { points } = this.model;
    const chosen = points.find(({ keypoint }) => keypoint.id === selected);
    for (const button of this.#states) {
      button.disabled = !chosen;
      button.setAttribute("aria-pressed", String(chosen !== undefined && chosen.source !== "missing" && chosen.source !== "proposed" && chosen.state === button.dataset["state"]));
    }
    this.#away.disabled = chosen?.source !== "hand";
    this.#summary.textContent = image ? summary(points) : "";
    const rows = [...this.#list.children];
    points.forEach((point, at) => {
      const row = /** @type {HTMLElement} */ (rows[at] ?? this.#list.appendChild(this.#makeRow()));
      this.#fill(row, point, point.keypoint.id === selected, point.keypoint.id === hovered);
    });
    for (const row of rows.slice(points.length)) row.remove();
    this.#follow(selected);
  }

  #makeRow() {
    const button = h("button", { type: "button", class: "ax-point" }, h("i", { class: "ax-point-glyph", "aria-hidden": "true" }), h("span", { class: "ax-point-name" }), h("small", {}), h("span", { class: "ax-confidence" }, h("i", { "aria-hidden": "true" }), h("span", {})));
    const row = h("li", {}, button);
    button.onclick = () => this.actions.select(row.dataset["keypoint"] ?? "");
    button.onpointerenter = () => this.model.update({ hovered: row.dataset["keypoint"] ?? null });
    button.onpointerleave = () => this.model.update({ hovered: null });
    return row;
  }

  /** @param {HTMLElement} row @param {Shown} point @param {boolean} isSelected @param {boolean} isHovered */
  #fill(row, point, isSelected, isHovered) {
    row.dataset["keypoint"] = point.keypoint.id;
    const button = row.querySelector("button");
    const [name, words, mark] = ["ax-point-name", "", "ax-confidence"].map((name) => row.querySelector(name ? `.${name}` : "small"));
    if (!button || !name || !words || !(mark instanceof HTMLElement)) return;
    button.setAttribute("aria-pressed", String(isSelected));
    button.classList.toggle("ax-hovered", isHovered);
    button.dataset["source"] = point.source;
    button.dataset["state"] = point.state;
    button.style.setProperty("--ink", colorOfKeypoint(this.model.schema, point.keypoint.id));
    name.textContent = point.keypoint.name;
    const by = point.author === this.model.author ? "you" : this.model.nameOf(point.author);
    words.textContent = sourceWords(point, by);
    button.title = `${point.keypoint.name}: ${titleWords(point, by)}`;
    mark.style.setProperty("--ink", confidenceCss(point.confidence));
    mark.classList.toggle("ax-invisible", point.source === "missing" || point.source === "hand");
    (mark.lastElementChild ?? mark).textContent = confidenceText(point.confidence);
  }

  /** @param {string | null} selected */
  #follow(selected) {
    const row = [...this.#list.children].find((one) => one instanceof HTMLElement && one.dataset["keypoint"] === selected);
    if (row === this.#followed) return;
    this.#followed = row instanceof HTMLElement ? row : null;
    row?.scrollIntoView({ block: "nearest" });
  }
}

/** @param {Shown} point @param {string} by the name of who placed it */
function sourceWords({ source, state }, by) {
  const hidden = state === "visible" ? "" : state;
  if (source === "missing") return "missing";
  if (source === "proposed") return "proposed";
  if (hidden) return hidden;
  return source === "hand" ? `by ${by}` : source;
}

/** @param {Shown} point @param {string} by the name of who placed it */
function titleWords(point, by) {
  const { source, state, at } = point;
  const place = at ? ` at ${at[0].toFixed(1)}, ${at[1].toFixed(1)}` : "";
  if (source === "missing") return "missing; select it and press in the image";
  if (source === "proposed") return `proposed${place}`;
  return `${state}${place}, ${source === "hand" ? "placed" : source} by ${by}`;
}

/** @param {readonly Shown[]} points */
function summary(points) {
  const many = (/** @type {string} */ source) => points.filter((point) => point.source === source).length;
  const parts = [
    [many("hand"), "by hand"], [many("accepted") + many("imported"), "laid"], [many("proposed"), "proposed"], [many("missing"), "missing"],
  ];
  return parts.flatMap(([count, words]) => (count ? [`${count} ${words}`] : [])).join(" · ");
}
