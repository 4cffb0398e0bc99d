// @ts-check
/** What the keypoint tool draws over the average. */

import { colorOfKeypoint } from "./schema.js";
import { drawAim, drawDrafts, drawLens, drawSkeleton } from "./skeleton.js";

/**
 * @param {import("./keypointstool.js").KeypointTool} tool
 * @param {import("./overlay.js").Sheet} sheet
 */
export function drawKeypoints(tool, sheet) {
  const { canvas, schema, next, held, selected, hovered } = tool;
  const { view } = canvas;
  if (!tool.isHidden) {
    const drafts = [...tool.drafts].filter(([id]) => id !== held?.keypoint);
    drawDrafts(sheet, view, schema, new Map(drafts), next ?? "");
    const points = held ? new Map([...tool.points, [held.keypoint, held.at]]) : tool.points;
    drawSkeleton(sheet, view, schema, points, { selected, hovered, held: held?.keypoint ?? "" });
  }
  const cursor = document.activeElement === canvas.overlay ? canvas.cursor : null;
  const at = held?.at ?? cursor ?? canvas.pointer;
  if (!at) return;
  const isAiming = !held && hovered === "" && (cursor !== null || !tool.isTouch);
  if (isAiming && next !== null) drawAim(sheet, view, at, colorOfKeypoint(schema, next), cursor !== null);
  const magnifies = tool.store.state.magnifies || (tool.isTouch && held !== null);
  if (magnifies && canvas.bitmap) drawLens(sheet, view, canvas.bitmap, at, colorOfKeypoint(schema, held?.keypoint ?? next ?? ""));
}
