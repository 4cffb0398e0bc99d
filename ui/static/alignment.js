// @ts-check
/** Whether and how the images are lined up, mirrored ones too, and the button that sharpens. */

import { createSwitch, h, icon } from "./dom.js";
import { clusterOf } from "./store.js";

/** @typedef {import("./messages.js").Alignment} Alignment */

const KINDS = /** @type {const} */ ([
  ["similarity", "Similarity", "Images are moved, turned and scaled."],
  ["rigid", "Rigid", "Moved and turned, never scaled."],
  ["affine", "Affine", "Also stretched and slanted; needs three edits or more to differ."],
]);

/** @param {import("./clusteractions.js").ClusterActions} actions */
export function createAlignment(actions) {
  const { store } = actions;
  const id = () => clusterOf(store.state)?.id ?? "";
  const line = createSwitch("Line up images", "Move the images so that what the edits found in them lies where the edits are (L)", () => actions.toggleAlignment());
  const mirror = createSwitch("Mirrored images too", "An image may take part mirrored where it fits better so; the strip marks it", () =>
    actions.configure(id(), { mirror: !(clusterOf(store.state)?.mirror ?? false) }),
  );
  const sharpen = h("button", { type: "button", class: "ax-button ax-chip ax-sharpen", title: "Line the images up with their own average, again and again; an edit that can be switched off (Shift+S)" }, icon("sharpen"), "Sharpen");
  sharpen.onclick = () => actions.sharpen();
  const inputs = KINDS.map(([kind, title, text]) => {
    const input = h("input", { type: "radio", name: "ax-alignment", value: kind });
    input.onchange = () => actions.configure(id(), { alignment: kind });
    return h("label", { class: "ax-choice" }, input, h("span", {}, h("b", {}, title), h("small", {}, text)));
  });
  const kinds = h("div", { role: "radiogroup", "aria-label": "How images are lined up", class: "ax-choices" }, ...inputs);
  store.watch((state) => {
    const { alignment = "similarity", mirror: isMirrored = false, edits = [] } = clusterOf(state) ?? {};
    line.setAttribute("aria-checked", String(alignment !== "none"));
    mirror.setAttribute("aria-checked", String(isMirrored));
    for (const label of inputs) {
      const input = label.querySelector("input");
      if (input) input.checked = input.value === alignment;
    }
    const isBusy = state.progress.has(id());
    const isOn = edits.some(({ edit }) => edit.kind === "sharpen" && edit.enabled);
    sharpen.disabled = isBusy || edits.length === 0;
    sharpen.setAttribute("aria-pressed", String(isOn));
  });
  return h(
    "div",
    { class: "ax-control ax-alignment" },
    h("div", { class: "ax-row ax-between" }, line, sharpen),
    createProgress(actions),
    h("details", { class: "ax-fold" }, h("summary", {}, "Details: how, and mirrored images"), h("div", { class: "ax-fold-body" }, mirror, kinds)),
  );
}

/**
 * What is under way in any cluster, each with a button that gives it up.
 *
 * @param {import("./clusteractions.js").ClusterActions} actions
 */
function createProgress(actions) {
  const { store } = actions;
  const element = h("div", { class: "ax-progress", role: "status", hidden: true });
  /** @type {Map<string, ReturnType<typeof createProgressRow>>} */
  const rows = new Map();
  store.watch(({ progress }) => {
    element.hidden = progress.size === 0;
    for (const [id, { row }] of rows) {
      if (progress.has(id)) continue;
      row.remove();
      rows.delete(id);
    }
    for (const { cluster, label, share } of progress.values()) {
      const known = rows.get(cluster) ?? createProgressRow(() => actions.cancelSharpen(cluster));
      rows.set(cluster, known);
      if (!known.row.isConnected) element.append(known.row);
      known.label.textContent = known.label.title = label;
      known.share.textContent = `: ${Math.round(share * 100)}%`;
      known.bar.value = share;
    }
  });
  return element;
}

/** @param {() => void} cancel */
function createProgressRow(cancel) {
  const [label, share] = [h("b", {}), h("i", {})];
  const bar = h("progress", { max: 1, value: 0 });
  const button = h("button", { type: "button", class: "ax-button ax-chip", onclick: cancel }, "Cancel");
  const row = h("div", { class: "ax-progress-row" }, h("span", {}, label, share), button, bar);
  return { row, bar, label, share };
}
