// @ts-check
/** The line, there at all times so that nothing jumps, that says what was corrected since the last propagation, fits again, and tells what that would change. */

import { h } from "./dom.js";
import { counted } from "./reviewbulk.js";

/** @param {import("./reviewmodel.js").ReviewModel} model */
export function createBanner(model) {
  const { propagation } = model;
  const words = h("span", {});
  const bar = h("progress", { max: 1 });
  const fit = button("Fit the neighbors again", "Use the corrections as evidence: images that are like the corrected ones are fitted anew, as a proposal", () => propagation.start(null, { wantsChanges: true }));
  const cancel = button("Cancel", "Stop; what was proposed before stays", () => propagation.cancel());
  const all = button("Take all over", "Overwrite the points of these images, but for those placed by hand", () => propagation.takeOver(propagation.changes?.map(({ name }) => name) ?? []));
  const one = button("Take this image over", "Overwrite its points, but for those placed by hand", () => propagation.takeOver(nameHere(model)));
  const leave = button("Leave this image", "Keep its points as they are", () => propagation.drop(nameHere(model)));
  const done = button("Leave all", "Keep all points as they are", () => propagation.drop(propagation.changes?.map(({ name }) => name) ?? []));
  for (const changing of [fit, cancel, all, one]) changing.dataset["needs"] = "put_layer";
  const element = h("div", { class: "ax-review-banner", role: "status" }, words, bar, fit, all, one, leave, done, cancel);
  model.watch(({ tab }) => {
    const { job, changes, isRunning } = propagation;
    const corrections = job?.corrections ?? 0;
    const isReview = (changes?.length ?? 0) > 0 && !isRunning;
    const here = isReview && propagation.changeOf(model.state.id ?? -1) !== null && tab === "images";
    const isUnasked = job?.version === 0 && model.hasMarks;
    const isUpToDate = corrections === 0 && !job?.stale && !isUnasked && job?.state !== "failed";
    element.dataset["quiet"] = String(isUpToDate && !isRunning && changes === null);
    bar.hidden = cancel.hidden = !isRunning;
    bar.value = job?.share ?? 0;
    fit.hidden = isRunning || isReview || isUpToDate;
    fit.textContent = corrections > 0 ? "Fit the neighbors again" : isUnasked ? "Propagate" : "Propagate again";
    all.hidden = done.hidden = !isReview;
    one.hidden = leave.hidden = !here;
    words.textContent = bannerWords(model, corrections);
  });
  return element;
}

/**
 * @param {import("./reviewmodel.js").ReviewModel} model
 * @param {number} corrections
 */
function bannerWords({ propagation: { job, changes, isRunning, isFull }, hasMarks }, corrections) {
  if (!job) return "";
  if (isRunning) return job.what ? `Propagating: ${job.what}` : "Propagating";
  if (changes && changes.length > 0) {
    const points = changes.reduce((sum, change) => sum + change.points, 0);
    return `Fitting again would move ${counted(points, "laid point")} of ${counted(changes.length, "image")}${isFull ? " or more" : ""}: arrows show where to. ${movedWords(job)}`;
  }
  if (corrections > 0) return `${counted(corrections, "correction")} since the last propagation`;
  if (changes) return `Fitted again: no laid point would move by more than a pixel. ${movedWords(job)}`;
  if (job.state === "failed") return `The propagation failed: ${job.what}`;
  if (!job.stale && job.version) return "No correction since the last propagation";
  if (!hasMarks) return "Place keypoints on an average, and propagate them to its images";
  if (job.version === 0) return "Propagate proposes the points of every image from the marks on its average; nothing is written until you accept it";
  return "What the proposals rest on has changed since the last propagation";
}

/** What is only proposed is not asked about: it has moved. @param {import("./reviewpropagation.js").Job} job */
function movedWords({ moved_points: points, moved_images: images }) {
  return points > 0 ? `Proposals of ${counted(images, "image")} have moved` : "";
}

/** @param {import("./reviewmodel.js").ReviewModel} model */
function nameHere(model) {
  const change = model.propagation.changeOf(model.state.id ?? -1);
  return change ? [change.name] : [];
}

/** @param {string} label @param {string} title @param {() => void} onclick */
function button(label, title, onclick) {
  return h("button", { type: "button", class: "ax-button ax-chip", title, onclick }, label);
}
