// @ts-check
/**
 * What is left of strokes after an eraser went over them. Pure.
 * A stroke is erased where its middle line comes under the eraser, so a part of its width never stays.
 */

import { distanceToPath, fill, thin } from "./stroke.js";

/** @typedef {import("./stroke.js").Point} Point */
/** @typedef {import("./stroke.js").Path} Path */

/** Steps that the middle line is cut in, as a share of the eraser's radius. */
const STEP = 0.25;

/**
 * Split a path where the eraser touched it.
 *
 * @param {Path} path
 * @param {Path} eraser
 * @param {number} radius of the eraser, units of the width, > 0
 * @param {number} aspect canvas height / width
 * @returns {Point[][]} the runs that are left, in order; the path itself where nothing was touched
 */
export function erasePath(path, eraser, radius, aspect) {
  /** @type {Point[][]} */
  const runs = [];
  /** @type {Point[]} */
  let run = [];
  let touched = false;
  for (const point of fill(path, radius * STEP, aspect)) {
    if (distanceToPath(eraser, point, aspect) < radius) {
      touched = true;
      if (run.length > 0) runs.push(run);
      run = [];
    } else {
      run.push(point);
    }
  }
  if (!touched) return [[...path]];
  if (run.length > 0) runs.push(run);
  return runs.map((points) => thin(points, radius * STEP * 0.9, aspect));
}

/**
 * @param {readonly Path[]} paths of one stroke
 * @param {Path} eraser
 * @param {number} radius
 * @param {number} aspect
 * @returns {Point[][] | null} the paths that are left (none: remove the edit), null if none was touched
 */
export function erase(paths, eraser, radius, aspect) {
  if (!paths.some((path) => reaches(path, eraser, radius, aspect))) return null;
  return paths.flatMap((path) => erasePath(path, eraser, radius, aspect));
}

/**
 * @param {Path} path
 * @param {Path} eraser
 * @param {number} radius
 * @param {number} aspect
 */
function reaches(path, eraser, radius, aspect) {
  return fill(path, radius * STEP, aspect).some(
    (point) => distanceToPath(eraser, point, aspect) < radius,
  );
}
