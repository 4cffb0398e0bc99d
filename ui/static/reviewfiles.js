// @ts-check
/** Points out of the page and into it: COCO, YOLO-pose, CSV. */

import { h, icon } from "./dom.js";
import { counted } from "./reviewbulk.js";
import { confidenceText } from "./reviewrules.js";

const FORMATS = /** @type {const} */ ([
  ["coco", "COCO keypoints", "JSON, with the skeleton; what FiftyOne, CVAT and Label Studio read"],
  ["yolo", "YOLO-pose", "a zip of text files, with its data.yaml"],
  ["csv", "CSV", "a table: one line a point, pixels of the original photographs"],
]);

/** @param {import("./reviewmodel.js").ReviewModel} model */
export function createFiles(model) {
  const value = h("output", { class: "ax-count-value" }, confidenceText(0));
  const slider = h("input", { type: "range", min: "0", max: "1", step: "0.01", value: "0", class: "ax-range", "aria-label": "Least confidence of exported points" });
  slider.style.setProperty("--from", "0%");
  slider.style.setProperty("--to", "100%");
  slider.oninput = () => {
    value.textContent = confidenceText(Number(slider.value));
    slider.style.setProperty("--from", `${Number(slider.value) * 100}%`);
  };
  const exports_ = FORMATS.map(([format, title, text]) => {
    const button = h("button", { type: "button", class: "ax-button ax-file" }, icon("download"), h("span", {}, h("b", {}, title), h("small", {}, text)));
    button.onclick = () => download(model.room.url("keypoints/export", { format, threshold: Number(slider.value) }));
    return button;
  });
  return h(
    "div", { class: "ax-review-files" },
    h(
      "section", { "aria-label": "Export" },
      h("h3", {}, "Export"),
      h("p", { class: "ax-muted" }, "What is laid goes out, in pixels of the original photographs; proposals that nobody accepted do not."),
      h("div", { class: "ax-row" }, h("span", {}, "Points at least this sure"), value),
      slider, ...exports_,
    ),
    createImport(model),
  );
}

/** @param {import("./reviewmodel.js").ReviewModel} model */
function createImport(model) {
  const format = h("select", { class: "ax-input", "aria-label": "Format" }, h("option", { value: "" }, "By the file's name"), ...FORMATS.map(([name, title]) => h("option", { value: name }, title)));
  const file = h("input", { type: "file", hidden: true, accept: ".json,.zip,.txt,.csv" });
  const said = h("p", { class: "ax-import-said", role: "status" });
  const choose = h("button", { type: "button", "data-needs": "set_schema", class: "ax-button ax-file" }, icon("plus"), h("span", {}, h("b", {}, "Choose a file …"), h("small", {}, "or drop it here")));
  choose.onclick = () => file.click();
  const send = async (/** @type {File} */ chosen) => {
    const asked = format.value || formatOf(chosen.name);
    said.dataset["state"] = "busy";
    said.textContent = `Reading ${chosen.name} …`;
    try {
      if (!asked) throw new Error("choose which format it has");
      const answer = await model.ask("import", { format: asked, author: model.author }, { method: "POST", body: chosen });
      said.dataset["state"] = "done";
      const done = `${chosen.name}: ${counted(answer.points, "point")} of ${counted(answer.images, "image")} are a layer now. “Accept many” takes it back.`;
      said.textContent = [done, ...(answer.warnings ?? [])].join("\n");
    } catch (error) {
      said.dataset["state"] = "wrong";
      said.textContent = `${chosen.name}: ${error instanceof Error ? error.message : String(error)}`;
    }
  };
  file.onchange = () => {
    if (file.files?.[0]) send(file.files[0]);
    file.value = "";
  };
  const element = h(
    "section", { "aria-label": "Import", class: "ax-import" },
    h("h3", {}, "Import"),
    h("p", { class: "ax-muted" }, "Points of a file become a layer of their own, which can be taken back. A schema comes with them where there is none yet."),
    h("div", { class: "ax-row" }, h("span", {}, "Format"), format), choose, said, file,
  );
  element.addEventListener("dragover", (event) => event.preventDefault());
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    const dropped = event.dataTransfer?.files[0];
    if (dropped) send(dropped);
  });
  return element;
}

/** @param {string} name of a file */
function formatOf(name) {
  const ending = name.toLowerCase().split(".").at(-1) ?? "";
  return { json: "coco", csv: "csv", zip: "yolo", txt: "yolo" }[ending] ?? "";
}

/** @param {string} url */
function download(url) {
  const link = h("a", { href: url, download: "" });
  document.body.append(link);
  link.click();
  link.remove();
}
