// @ts-check
/** The panel at the right while keypoints are placed. */

import { h, icon } from "./dom.js";
import { countPlaced, hasOthers, marksOn } from "./keypoints.js";
import { createKeypointList } from "./keypointslist.js";
import { templateOf } from "./schematemplates.js";
import { drawDiagram } from "./skeleton.js";

/** @typedef {import("./keypointstool.js").KeypointTool} KeypointTool */
/** @typedef {import("./schemadialog.js").SchemaDialog} SchemaDialog */

/**
 * @param {KeypointTool} tool
 * @param {SchemaDialog} dialog
 * @param {HTMLElement} propagate
 */
export function createKeypointPanel(tool, dialog, propagate) {
  const chooser = createChooser(tool, dialog);
  const body = h(
    "div",
    { class: "ax-kp-body" },
    createHead(tool, dialog),
    createKeypointList(tool),
    createAdd(tool, dialog),
    createCopy(tool),
    h(
      "div",
      { class: "ax-kp-switches" },
      createCheck(tool, "showsTrust", "Show where it is blurred", "Hatched and shaded: the images disagree there, so a point would not travel well (T)"),
      createCheck(tool, "magnifies", "Magnifier", "What is under the cursor, larger (M)"),
      createCheck(tool, "onlyMine", "Only my points", "Place yours without seeing what others placed; Review, Agreement compares them", (state) => hasOthers(state.session, state.author)),
    ),
    propagate,
  );
  const element = h("section", { class: "ax-kp-panel", "aria-label": "Keypoints", hidden: true }, chooser, body);
  tool.store.watch((state) => {
    element.hidden = !tool.isOn;
    const isEmpty = tool.schema.keypoints.length === 0;
    chooser.hidden = !isEmpty || state.session === null;
    body.hidden = isEmpty;
  });
  return element;
}

/** @param {KeypointTool} tool @param {SchemaDialog} dialog */
function createHead(tool, dialog) {
  const title = h("h2", {});
  const edit = h("button", { type: "button", class: "ax-button ax-chip", title: "Names, order, colors, edges, pairs; import and export" }, icon("pencil"), "Edit points");
  edit.onclick = () => dialog.open();
  const diagram = h("canvas", { class: "ax-kp-diagram", width: 208, height: 208, "aria-hidden": "true" });
  const asked = h("small", { class: "ax-muted" }, "Next");
  const next = h("b", {});
  const count = h("span", { class: "ax-muted" });
  const bar = h("progress", { max: 1, value: 0, "aria-label": "Keypoints placed on this average" });
  const element = h(
    "div",
    { class: "ax-kp-head" },
    h("div", { class: "ax-row" }, title, edit),
    h("div", { class: "ax-kp-now" }, diagram, h("div", {}, asked, next, bar, count)),
  );
  let drawn = "";
  tool.store.watch(() => {
    if (!tool.isOn) return;
    const { schema, placed, next: id, selected } = tool;
    const all = schema.keypoints.length;
    const done = countPlaced(schema, placed);
    const template = templateOf(dialog.templates, schema);
    title.textContent = schema.name === "object" ? "Keypoints" : schema.name;
    asked.hidden = id === null;
    next.textContent = id !== null ? tool.nameOf(id) : done < all ? "Nothing left but what was skipped" : "All placed";
    bar.value = all > 0 ? done / all : 0;
    count.textContent = `${done} of ${all} placed`;
    diagram.hidden = template === null;
    const ink = getComputedStyle(element).color;
    const shown = selected || (id ?? "");
    const key = JSON.stringify([template?.key, shown, [...placed.keys()], schema, ink]);
    if (!template || key === drawn) return;
    drawn = key;
    drawDiagram(diagram, schema, template.places, { next: shown, done: new Set(placed.keys()), ink });
  });
  return element;
}

/**
 * What there is to begin with.
 *
 * @param {KeypointTool} tool
 * @param {SchemaDialog} dialog
 */
function createChooser(tool, dialog) {
  const list = h("div", { class: "ax-kp-templates" });
  const open = h("button", { type: "button", "data-needs": "set_schema", class: "ax-button ax-chip" }, "Import a COCO category …");
  open.onclick = () => dialog.chooseFile();
  const element = h(
    "div",
    { class: "ax-kp-chooser" },
    h("h2", {}, "Which points are there?"),
    h("p", { class: "ax-muted" }, "Choose what you annotate. You place each point once on an average, and it is proposed for every image. Points can be changed later; nothing that is placed gets lost."),
    list,
    open,
  );
  let drawn = "";
  tool.store.watch(() => {
    const key = `${dialog.templates.length} ${getComputedStyle(element).color}`;
    if (!tool.isOn || key === drawn) return;
    drawn = key;
    list.replaceChildren(...dialog.templates.map((template) => {
      const canvas = h("canvas", { width: 144, height: 144, "aria-hidden": "true" });
      drawDiagram(canvas, template.schema, template.places, { ink: getComputedStyle(element).color });
      const picture = template.places.size > 0 ? canvas : h("span", { class: "ax-kp-plus" }, icon("plus"));
      const button = h("button", { type: "button", "data-needs": "set_schema", class: "ax-kp-template" }, picture, h("span", {}, template.title));
      button.onclick = () => dialog.take(template);
      return button;
    }));
  });
  return element;
}

/**
 * A field for one more keypoint, where the points are one's own.
 *
 * @param {KeypointTool} tool
 * @param {SchemaDialog} dialog
 */
function createAdd(tool, dialog) {
  const input = h("input", { type: "text", class: "ax-input ax-kp-add", maxLength: 60, placeholder: "Add a point: its name, then Enter", spellcheck: false, "aria-label": "Add a keypoint" });
  input.onkeydown = (event) => {
    if (event.key !== "Enter" || input.value.trim() === "") return;
    tool.add(input.value);
    input.value = "";
  };
  tool.store.watch(() => (input.hidden = templateOf(dialog.templates, tool.schema) !== null));
  return input;
}

/** @param {KeypointTool} tool */
function createCopy(tool) {
  const from = h("select", { class: "ax-input", "aria-label": "Average whose keypoints are copied" });
  const copy = h("button", { type: "button", "data-needs": "put_mark", class: "ax-button ax-chip", title: "Its points start from where they are there; drag them, and the others follow" }, "Copy");
  copy.onclick = () => tool.copyFrom(from.value);
  const source = h("div", { class: "ax-kp-copy" }, h("small", { class: "ax-muted" }, "Start from the points of"), h("div", { class: "ax-row" }, from, copy));
  const words = h("span", {});
  const take = h("button", { type: "button", "data-needs": "put_mark", class: "ax-button ax-chip" }, "Place all here");
  take.onclick = () => tool.takeDrafts();
  const drop = h("button", { type: "button", class: "ax-button ax-chip" }, "Drop");
  drop.onclick = () => tool.dropDrafts();
  const drafts = h("div", { class: "ax-kp-drafts" }, words, h("div", { class: "ax-row" }, take, drop));
  const next = h("button", { type: "button", class: "ax-button ax-chip", title: "Next average without keypoints (N)" }, "Next average without points", h("kbd", { "aria-hidden": "true" }, "N"));
  next.onclick = () => tool.nextCluster();
  const element = h("div", { class: "ax-kp-others" }, source, drafts, next);
  let offered = "";
  tool.store.watch(({ session }) => {
    if (!tool.isOn) return;
    const clusters = session?.clusters ?? [];
    const counted = clusters.map(({ id, name }) => ({ id, name, count: countPlaced(tool.schema, marksOn(session, id)) }));
    const others = counted.filter(({ id, count }) => count > 0 && id !== tool.cluster);
    const key = JSON.stringify(others);
    if (key !== offered) from.replaceChildren(...others.map(({ id, name, count }) => h("option", { value: id }, `${name} (${count})`)));
    offered = key;
    const waiting = tool.drafts.size;
    source.hidden = others.length === 0 || waiting > 0 || countPlaced(tool.schema, tool.placed) === tool.schema.keypoints.length;
    drafts.hidden = waiting === 0;
    words.textContent = `${waiting} copied ${waiting === 1 ? "point starts" : "points start"} from another average: drag one, and the others follow.`;
    next.hidden = clusters.length < 2;
    next.disabled = counted.every(({ count }) => count > 0);
    element.hidden = source.hidden && drafts.hidden && next.hidden;
  });
  return element;
}

/**
 * @param {KeypointTool} tool
 * @param {"showsTrust" | "magnifies" | "onlyMine"} name
 * @param {string} label
 * @param {string} title
 * @param {(state: import("./store.js").State) => boolean} [isOffered]
 */
function createCheck(tool, name, label, title, isOffered = () => true) {
  const input = h("input", { type: "checkbox" });
  input.onchange = () => tool.store.update({ [name]: input.checked });
  const element = h("label", { class: "ax-kp-check", title }, input, h("span", {}, label));
  tool.store.watch((state) => {
    input.checked = state[name];
    element.hidden = !state[name] && !isOffered(state);
  });
  return element;
}
