// @ts-check
/** The keys that count while keypoints are placed; they stand before the page's own. */

/** @typedef {import("./shortcuts.js").Shortcut} Shortcut */

const GROUP = "Keypoints";

/**
 * @param {readonly Shortcut[]} page
 * @param {readonly Shortcut[]} ofKeypoints
 * @returns {readonly Shortcut[]} as the sheet shows them: what is reviewed comes after what is placed
 */
export function forSheet(page, ofKeypoints) {
  const at = page.findIndex(({ group }) => group.startsWith("Review"));
  return page.toSpliced(at < 0 ? page.length : at, 0, ...ofKeypoints);
}

/**
 * @param {import("./keypointstool.js").KeypointTool} tool
 * @returns {readonly Shortcut[]}
 */
export function keypointShortcuts(tool) {
  const when = () => tool.isOn;
  return [
    { group: GROUP, keys: ["Enter"], does: "Place the next point under the cross (or click); let the selected one be", run: null },
    { group: GROUP, keys: ["←", "↑", "↓", "→"], does: "Move the selected point, or the cross, by a pixel of the average (Shift: ten)", run: null },
    { group: GROUP, keys: ["Tab", "Shift+Tab"], does: "Next, previous point (leaves at the ends, or after Escape)", run: null },
    { group: GROUP, keys: ["[", "]"], does: "Previous, next point", when, run: (key) => void tool.walk(key === "]" ? 1 : -1) },
    { group: GROUP, keys: ["S"], does: "Skip the next point: leave a hole (or Space)", when, run: () => tool.skip() },
    { group: GROUP, keys: ["Shift"], does: "And a click on another point: join it to the selected one by an edge, or take the edge away", run: null },
    { group: GROUP, keys: ["Delete"], does: "Delete the selected point", when, run: () => tool.remove() },
    { group: GROUP, keys: ["N"], does: "Next average without keypoints", when, run: () => tool.nextCluster() },
    { group: GROUP, keys: ["+", "-"], does: "Zoom in, out (or the wheel, or two fingers)", when, run: (key) => tool.zoom(key === "+" ? 1.5 : 1 / 1.5) },
    { group: GROUP, keys: ["0"], does: "Show the whole average", when, run: () => tool.zoom(0) },
    { group: GROUP, keys: ["Space"], does: "Hold it and drag to move the picture (or the middle button)", run: null },
    { group: GROUP, keys: ["T"], does: "Show where the average can be trusted", when, run: () => tool.store.update({ showsTrust: !tool.store.state.showsTrust }) },
    { group: GROUP, keys: ["Shift+H"], does: "Hide the points, show them again", when, run: () => tool.toggleHidden() },
    { group: GROUP, keys: ["M"], does: "Magnifier", when, run: () => tool.store.update({ magnifies: !tool.store.state.magnifies }) },
    { group: GROUP, keys: ["Ctrl+Z"], does: "Undo", when, run: () => tool.undo() },
    { group: GROUP, keys: ["Escape"], does: "Give up the point in the hand, the selection", when, run: () => tool.giveUp() },
  ];
}
