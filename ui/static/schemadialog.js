// @ts-check
/** The dialog in which the keypoints themselves are changed; each change is told at once and can be undone. */

import { h, icon, iconButton } from "./dom.js";
import { markedKeypoints } from "./keypoints.js";
import {
  addKeypoint, changeKeypoint, colorOfKeypoint, guessPairs, joinedTo, keypointOf, moveKeypoint, nameOfKeypoint, pairUp, partnerOf,
  removeKeypoint, toggleEdge,
} from "./schema.js";
import { fromCoco, toCoco } from "./schemafile.js";
import { readTemplates, templateOf } from "./schematemplates.js";

/** @typedef {import("./schema.js").Schema} Schema */
/** @typedef {import("./schematemplates.js").Template} Template */

export class SchemaDialog {
  /** @type {readonly Template[]} */
  templates = [];
  #name = h("input", { type: "text", class: "ax-input", maxLength: 60, spellcheck: false, "aria-label": "What has these keypoints" });
  #template = h("select", { class: "ax-input", "aria-label": "Template" });
  #rows = h("ol", { class: "ax-schema-rows" });
  #new = h("input", { type: "text", class: "ax-input", maxLength: 60, placeholder: "New keypoint: its name, then Enter", spellcheck: false, "aria-label": "Name of a new keypoint" });
  #hidden = h("p", { class: "ax-schema-hidden" });
  #file = h("input", { type: "file", accept: ".json,application/json", hidden: true, "aria-label": "COCO file" });
  element = h("dialog", { class: "ax-dialog ax-schema", "aria-label": "Keypoints: names, order, edges, pairs" });
  #drawn = "";

  /** @param {import("./keypointstool.js").KeypointTool} tool */
  constructor(tool) {
    this.tool = tool;
    this.#listen();
    const close = iconButton("close", "Close", () => this.element.close(), "Esc");
    close.classList.add("ax-dialog-close");
    const file = (/** @type {string} */ text, /** @type {() => void} */ run) => h("button", { type: "button", class: "ax-button ax-chip", onclick: run }, text);
    this.element.append(
      h("h2", {}, "Keypoints"),
      close,
      h("p", { class: "ax-muted" }, "Names, order, colors, edges and pairs can be changed at any time: what is placed stays with its point."),
      h(
        "div",
        { class: "ax-schema-head" },
        h("label", {}, h("span", {}, "Of a"), this.#name),
        h("label", {}, h("span", {}, "Template"), this.#template),
        file("Import …", () => this.chooseFile()),
        file("Export COCO", () => this.#save()),
        file("Pair left and right", () => this.#set(guessPairs(this.#schema))),
      ),
      h("div", { class: "ax-schema-titles", "aria-hidden": "true" }, h("span", {}, "Name"), h("span", {}, "Joined by edges to"), h("span", {}, "Mirror image")),
      this.#rows,
      this.#new,
      this.#hidden,
      this.#file,
    );
    tool.store.watch(() => this.element.open && this.#show());
    this.#load();
  }

  open() {
    this.tool.flush();
    if (!this.element.open) this.element.showModal();
    this.#drawn = "";
    this.#show();
    if (this.#schema.keypoints.length === 0) this.#new.focus();
  }

  chooseFile() {
    this.#file.click();
  }

  /** @param {Template} template what is placed stays */
  take(template) {
    if (template.schema.keypoints.length > 0) this.tool.setSchema(template.schema, { replaces: true });
    else this.open();
  }

  get #schema() {
    return this.tool.schema;
  }

  /** @param {Schema} schema */
  #set(schema) {
    if (schema !== this.#schema) this.tool.setSchema(schema);
  }

  async #load() {
    try {
      const answer = await fetch(new URL("templates.json", import.meta.url));
      this.templates = readTemplates(await answer.json());
    } catch {
      this.templates = readTemplates({ free: { name: "object", keypoints: [], edges: [], pairs: [] } });
    }
    this.#template.replaceChildren(
      h("option", { value: "" }, "Change to …"),
      ...this.templates.filter(({ key }) => key !== "free").map(({ key, title }) => h("option", { value: key }, title)),
    );
    this.tool.store.update({});
  }

  #listen() {
    this.element.addEventListener("close", () => this.tool.canvas.overlay.focus({ preventScroll: true }));
    this.element.addEventListener("click", (event) => event.target === this.element && this.element.close());
    this.element.addEventListener("keydown", (event) => event.key !== "Escape" && event.stopPropagation());
    this.#name.onchange = () => this.#set({ ...this.#schema, name: this.#name.value.trim() || this.#schema.name });
    this.#template.onchange = () => {
      const template = this.templates.find(({ key }) => key === this.#template.value);
      this.#template.value = "";
      if (template) this.take(template);
    };
    this.#new.onkeydown = (event) => {
      if (event.key !== "Enter" || this.#new.value.trim() === "") return;
      this.#set(addKeypoint(this.#schema, this.#new.value, markedKeypoints(this.tool.store.state.session)));
      this.#new.value = "";
    };
    this.#file.onchange = async () => {
      const file = this.#file.files?.[0];
      this.#file.value = "";
      if (file) await this.#read(file);
    };
  }

  /** @param {File} file */
  async #read(file) {
    try {
      this.tool.setSchema(fromCoco(JSON.parse(await file.text())), { replaces: true });
      this.tool.store.update({ notice: { text: `Keypoints of ${file.name} are taken over`, level: "info" } });
    } catch (error) {
      const why = error instanceof SyntaxError ? "it is not JSON" : error instanceof Error ? error.message : String(error);
      this.tool.store.update({ notice: { text: `${file.name} has no keypoints to import: ${why}`, level: "error" } });
    }
  }

  #save() {
    const text = JSON.stringify(toCoco(this.#schema), null, 2);
    const link = h("a", { href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: `${this.#schema.name}-keypoints.json` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  #show() {
    const schema = this.#schema;
    const marked = markedKeypoints(this.tool.store.state.session);
    const key = JSON.stringify([schema, [...marked]]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    if (document.activeElement !== this.#name) this.#name.value = schema.name;
    const focused = focusOf(this.#rows);
    this.#rows.replaceChildren(...schema.keypoints.map(({ id }, at) => this.#row(schema, id, at, marked.has(id))));
    if (focused) /** @type {HTMLElement | null} */ (this.#rows.querySelector(focused))?.focus();
    this.#showHidden(schema, marked);
  }

  /** Keypoints that were left out and still have points. @param {Schema} schema @param {ReadonlySet<string>} marked */
  #showHidden(schema, marked) {
    const hidden = [...marked].filter((id) => !keypointOf(schema, id));
    this.#hidden.hidden = hidden.length === 0;
    const known = templateOf(this.templates, schema)?.schema;
    this.#hidden.replaceChildren(
      `${hidden.length} ${hidden.length === 1 ? "keypoint that was left out still has" : "keypoints that were left out still have"} points: `,
      ...hidden.map((id) => {
        const { name, color } = (known && keypointOf(known, id)) ?? { name: id.replaceAll("-", " "), color: "" };
        const back = h("button", { type: "button", class: "ax-button ax-chip", title: "Take it back, with its points" }, `+ ${name}`);
        back.onclick = () => this.#set({ ...this.#schema, keypoints: [...this.#schema.keypoints, { id, name, color }] });
        return back;
      }),
    );
  }

  /** @param {Schema} schema @param {string} id @param {number} at @param {boolean} hasPoints */
  #row(schema, id, at, hasPoints) {
    const name = nameOfKeypoint(schema, id);
    const input = h("input", { type: "text", class: "ax-input", value: name, maxLength: 60, spellcheck: false, "aria-label": `Name of keypoint ${at + 1}`, "data-field": `name-${id}` });
    input.onchange = () => this.#set(changeKeypoint(this.#schema, id, { name: input.value }));
    const color = h("input", { type: "color", class: "ax-schema-color", value: colorOfKeypoint(schema, id), title: `Color of ${name}`, "aria-label": `Color of ${name}` });
    color.onchange = () => this.#set(changeKeypoint(this.#schema, id, { color: color.value.toLowerCase() }));
    const step = (/** @type {"up" | "down"} */ way, /** @type {number} */ to) => {
      const button = h("button", { type: "button", class: "ax-button ax-icon-button ax-small", title: `Move ${name} ${way}`, "aria-label": `Move ${name} ${way}`, "data-field": `${way}-${id}` }, icon(way));
      button.disabled = to < 0 || to >= schema.keypoints.length;
      button.onclick = () => this.#set(moveKeypoint(this.#schema, id, to));
      return button;
    };
    const remove = h("button", { type: "button", class: "ax-button ax-icon-button ax-small", title: hasPoints ? `Leave ${name} out; its points stay and can be taken back` : `Remove ${name}`, "aria-label": `Remove ${name}` }, icon("trash"));
    remove.onclick = () => this.#set(removeKeypoint(this.#schema, id));
    const row = h(
      "li",
      { class: "ax-schema-row", "data-id": id },
      h("span", { class: "ax-schema-grip", draggable: true, title: "Drag to reorder", "aria-hidden": "true" }, String(at + 1)),
      color, input, this.#joins(schema, id, name), this.#mirror(schema, id, name),
      h("span", { class: "ax-schema-steps" }, step("up", at - 1), step("down", at + 1), remove),
    );
    this.#makeDraggable(row, id, at);
    return row;
  }

  /** @param {Schema} schema @param {string} id @param {string} name */
  #joins(schema, id, name) {
    const ends = joinedTo(schema, id);
    const chips = ends.map((end) => {
      const other = nameOfKeypoint(schema, end);
      const chip = h("button", { type: "button", class: "ax-button ax-chip ax-schema-edge", title: `Take the edge to ${other} away`, "aria-label": `Take the edge between ${name} and ${other} away` }, other, icon("close"));
      chip.onclick = () => this.#set(toggleEdge(this.#schema, id, end));
      return chip;
    });
    const add = choice(schema, `Join ${name} to`, "+ join", "", (one) => one !== id && !ends.includes(one));
    add.onchange = () => add.value && this.#set(toggleEdge(this.#schema, id, add.value));
    return h("span", { class: "ax-schema-joins" }, ...chips, add);
  }

  /** @param {Schema} schema @param {string} id @param {string} name */
  #mirror(schema, id, name) {
    const select = choice(schema, `Mirror image of ${name}`, "itself", partnerOf(schema, id) ?? "", (one) => one !== id);
    select.onchange = () => this.#set(pairUp(this.#schema, id, select.value));
    return select;
  }

  /** @param {HTMLElement} row @param {string} id @param {number} at */
  #makeDraggable(row, id, at) {
    row.ondragstart = (event) => event.dataTransfer?.setData("text/x-keypoint", id);
    row.ondragover = (event) => {
      if (!event.dataTransfer?.types.includes("text/x-keypoint")) return;
      event.preventDefault();
      row.classList.add("ax-over");
    };
    row.ondragleave = () => row.classList.remove("ax-over");
    row.ondrop = (event) => {
      event.preventDefault();
      row.classList.remove("ax-over");
      const moved = event.dataTransfer?.getData("text/x-keypoint");
      if (moved && moved !== id) this.#set(moveKeypoint(this.#schema, moved, at));
    };
  }
}

/**
 * A choice of keypoints. Its options are made when it is gone to: all of all rows would be thousands.
 *
 * @param {Schema} schema
 * @param {string} label
 * @param {string} none what the choice of none is called
 * @param {string} chosen id, "" for none
 * @param {(id: string) => boolean} isOffered
 */
function choice(schema, label, none, chosen, isOffered) {
  const option = (/** @type {string} */ id, /** @type {string} */ name) => h("option", { value: id, selected: id === chosen }, name);
  const select = h("select", { class: "ax-input ax-schema-select", "aria-label": label }, option(chosen, chosen ? nameOfKeypoint(schema, chosen) : none));
  let isFilled = false;
  const fill = () => {
    if (!isFilled) select.replaceChildren(option("", none), ...schema.keypoints.filter(({ id }) => isOffered(id)).map(({ id, name }) => option(id, name)));
    isFilled = true;
  };
  for (const type of ["focus", "pointerdown", "mouseenter"]) select.addEventListener(type, fill);
  return select;
}

/** @param {HTMLElement} rows @returns {string} a selector of the field that has the focus, "" for none */
function focusOf(rows) {
  const { activeElement } = document;
  const field = activeElement instanceof HTMLElement && rows.contains(activeElement) ? activeElement.dataset["field"] : undefined;
  return field ? `[data-field="${field}"]` : "";
}
