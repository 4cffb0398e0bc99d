// @ts-check
/** The keypoints of the schema as a list: which are placed on this average, which is asked for, which was skipped. */

import { h, icon } from "./dom.js";
import { nameOfAuthor } from "./peoplerules.js";
import { colorOfKeypoint } from "./schema.js";

/** @param {import("./keypointstool.js").KeypointTool} tool */
export function createKeypointList(tool) {
  const element = h("ol", { class: "ax-kp-list", "aria-label": "Keypoints in their order" });
  /** @type {Map<string, Row>} */
  const rows = new Map();
  let shown = "";
  tool.store.watch(() => {
    if (!tool.isOn) return;
    const { schema, placed, next, selected, placing, drafts } = tool;
    const wanted = schema.keypoints.map(({ id, name }) => {
      const row = rows.get(id) ?? new Row(tool, id);
      rows.set(id, row);
      row.update(name, colorOfKeypoint(schema, id), {
        mark: placed.get(id) ?? null, isNext: id === next, isSelected: id === selected, isSkipped: placing.skipped.has(id), isDraft: drafts.has(id),
      });
      return row.element;
    });
    if (wanted.length !== element.children.length || wanted.some((row, at) => row !== element.children[at])) element.replaceChildren(...wanted);
    for (const id of rows.keys()) if (!schema.keypoints.some((keypoint) => keypoint.id === id)) rows.delete(id);
    const now = selected || (next ?? "");
    if (now !== shown) reveal(element, rows.get(now)?.element);
    shown = now;
  });
  return element;
}

class Row {
  #dot = h("span", { class: "ax-kp-dot" });
  #name = h("span", { class: "ax-kp-name" });
  #state = h("span", { class: "ax-kp-state" });
  #remove = h("button", { type: "button", "data-needs": "remove_mark", class: "ax-button ax-icon-button ax-small ax-kp-remove", tabIndex: -1 }, icon("close"));
  #choose = h("button", { type: "button", class: "ax-kp-row" }, this.#dot, this.#name, this.#state);
  element = h("li", {}, this.#choose, this.#remove);

  /** @param {import("./keypointstool.js").KeypointTool} tool @param {string} id */
  constructor(tool, id) {
    this.tool = tool;
    this.#choose.onclick = () => {
      tool.choose(id);
      tool.canvas.overlay.focus({ preventScroll: true });
    };
    this.#choose.onmouseenter = () => this.#hover(id);
    this.#choose.onmouseleave = () => this.#hover("");
    this.#remove.onclick = () => tool.remove(id);
  }

  /** @param {string} id */
  #hover(id) {
    this.tool.hovered = id;
    this.tool.canvas.redraw();
  }

  /**
   * @param {string} name
   * @param {string} color
   * @param {{mark: import("./keypoints.js").Mark | null, isNext: boolean, isSelected: boolean, isSkipped: boolean, isDraft: boolean}} how
   */
  update(name, color, { mark, isNext, isSelected, isSkipped, isDraft }) {
    const { state } = this.tool.store;
    const { author } = state;
    const isOthers = mark !== null && mark.author !== "" && mark.author !== author;
    const by = nameOfAuthor(state, mark?.author ?? "");
    this.#dot.style.setProperty("--dot", color);
    this.#dot.classList.toggle("ax-hollow", mark === null);
    this.#name.textContent = name;
    this.#state.textContent = mark ? (isOthers ? `by ${by}` : "") : isNext ? "next" : isSkipped ? "skipped" : isDraft ? "copied" : "";
    this.element.className = [isNext ? "ax-next" : "", isSelected ? "ax-selected" : "", mark ? "ax-placed" : ""].filter((one) => one !== "").join(" ");
    this.#choose.setAttribute("aria-current", String(isNext || isSelected));
    this.#choose.setAttribute("aria-label", `${name}, ${mark ? (isOthers ? `placed by ${by}` : "placed") : isSkipped ? "skipped" : "not placed"}${isNext ? ", next" : ""}`);
    this.#remove.hidden = mark === null || isOthers;
    this.#remove.title = `Delete ${name} from this average`;
    this.#remove.setAttribute("aria-label", this.#remove.title);
  }
}

/** @param {HTMLElement} list @param {HTMLElement | undefined} row */
function reveal(list, row) {
  if (!row || list.clientHeight === 0) return;
  const [top, bottom] = [row.offsetTop - list.offsetTop, row.offsetTop - list.offsetTop + row.offsetHeight];
  const margin = row.offsetHeight * 2;
  if (top - margin < list.scrollTop) list.scrollTop = top - margin;
  else if (bottom + margin > list.scrollTop + list.clientHeight) list.scrollTop = bottom + margin - list.clientHeight;
}
