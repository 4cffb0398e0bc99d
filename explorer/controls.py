"""From the places that edits matched to the warp of each image: control points, and their maps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.alignment.guard import unfolded
from explorer.alignment.maps import Maps, grid_points
from explorer.alignment.mls import mls_nodes
from explorer.arrays import BoolArray, FloatArray, IntArray
from explorer.edits import AnyOf, LikeImage, ModePick, ScoredEdit
from explorer.evidence import Evidence, center_of
from explorer.session import Cluster
from explorer.view import View

SURE = 0.3
"""From this share of the way from the middle score to a good one on, an edit's place is taken as
found; below, the more the place of the image's other edits."""
LEAST_EXTENT = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class _Controls:
    """Control points: `targets` (K, 2) on the canvas, `sources` (M, K, 2) in M images, pixels."""

    targets: FloatArray
    sources: FloatArray


def aligned(view: View, cluster: Cluster, evidence: Evidence, rows: IntArray) -> Maps | None:
    """Return how images are moved so that what the edits found lies where the edits are.

    Parameters
    ----------
    view
        The collection.
    cluster
        Says how: `alignment`.
    evidence
        Where the edits were found.
    rows : (M,) int32
        The images, ascending.

    Returns
    -------
    Maps or None
        None if all stay as they are.

    References
    ----------
    .. [1] J.-Y. Zhu, Y. J. Lee, A. A. Efros, "AverageExplorer", ACM Trans. Graph. 33(4), 2014,
       section 3.3: one control point an edit, from the middle of the edit to that of its match.
       Two points for an edit that was found at another size, and taking the place of a bad match
       from the other edits, are ours.
    """
    mirrored = _mirrored(evidence, rows)
    groups = _groups(view, evidence, rows) if cluster.alignment != "none" else []
    if not any(len(controls.targets) for _, controls in groups) and not mirrored.any():
        return None
    points = grid_points(view.height, view.width)
    nodes = np.repeat(points[None], len(rows), axis=0)
    for members, controls in groups:
        if len(controls.targets) and cluster.alignment != "none":
            moved = mls_nodes(
                controls.targets, controls.sources, cluster.alignment, view.height, view.width
            )
            x, y = controls.targets.mean(axis=0)
            nodes[members] = unfolded(moved, (float(x), float(y)))
    return Maps(rows=rows, nodes=nodes, mirrored=mirrored)


def _mirrored(evidence: Evidence, rows: IntArray) -> BoolArray:
    mirrored = evidence.mirrored[rows]
    if all(edit.id in evidence.branches or isinstance(edit, LikeImage) for edit in evidence.edits):
        for branches in evidence.branches.values():
            flags = np.stack([group.mirrored[rows] for group in branches.groups])
            mirrored = mirrored | flags[branches.best[rows], np.arange(len(rows))]
    return mirrored


def _groups(view: View, evidence: Evidence, rows: IntArray) -> list[tuple[IntArray, _Controls]]:
    """Return which of the rows share their control points' targets, with their control points."""
    branches = list(evidence.branches.values())
    chosen = np.stack([b.best[rows] for b in branches]) if branches else np.zeros((0, len(rows)))
    kinds, group_of = np.unique(chosen, axis=1, return_inverse=True)
    groups = []
    for number in range(kinds.shape[1]):
        members = np.flatnonzero(group_of.ravel() == number).astype(np.int32)
        of_groups = [
            branch.groups[int(kind)]
            for branch, kind in zip(branches, kinds[:, number], strict=True)
        ]
        parts = [_controls(view, one, rows[members]) for one in (evidence, *of_groups)]
        targets = np.concatenate([part.targets for part in parts])
        sources = np.concatenate([part.sources for part in parts], axis=1)
        groups.append((members, _Controls(targets, sources)))
    return groups


def _controls(view: View, evidence: Evidence, rows: IntArray) -> _Controls:
    """Return the control points of the edits that have a place and ask for something."""
    kept = [
        (row, edit)
        for row, edit in enumerate(evidence.edits)
        if not isinstance(edit, LikeImage | AnyOf) and edit.strength > 0
    ]
    if not kept:
        return _Controls(np.empty((0, 2), np.float32), np.empty((len(rows), 0, 2), np.float32))
    index = [row for row, _ in kept]
    offsets = evidence.places[index][:, rows]  # (T, M, 2)
    sure = _sureness(evidence, kept, rows)[..., None]
    mean = (sure * offsets).sum(axis=0) / np.maximum(sure.sum(axis=0), 1e-6)
    offsets = mean + sure * (offsets - mean)
    targets, sources = [], []
    for k, (row, edit) in enumerate(kept):
        center = np.array(center_of(edit, view.height, view.width), np.float32)
        extent = _extent(edit, view.width)
        for arm in (np.array([-extent, 0]), np.array([extent, 0])) if extent else (np.zeros(2),):
            targets.append(center + arm)
            sources.append(center + offsets[k] + arm * evidence.scales[row, rows, None])
    return _Controls(np.array(targets, np.float32), np.stack(sources, axis=1).astype(np.float32))


def _sureness(
    evidence: Evidence, kept: Sequence[tuple[int, ScoredEdit]], rows: IntArray
) -> FloatArray:
    """Return how far each edit (T) is found where it is said to be in some images (T, M), 0 to 1.

    The best match of an edit is at 1 of its scale, or lower where most images match as well.
    """
    index = [row for row, _ in kept]
    strengths = np.array([edit.strength for _, edit in kept], np.float32)[:, None]
    standard = evidence.contributions[index] / strengths
    best = np.minimum(standard.max(axis=1, keepdims=True), 1)
    sure: FloatArray = ((standard[:, rows] - best + 1) / np.float32(SURE)).clip(0, 1)
    return sure


def _extent(edit: ScoredEdit, width: int) -> float:
    """Return half the width of an edit whose size in the images may differ, in pixels; else 0."""
    if isinstance(edit, LikeImage | AnyOf) or edit.reach == "near":
        return 0.0
    if isinstance(edit, ModePick):
        return max(edit.size * width / 2, LEAST_EXTENT)
    xs = [x for path in edit.paths for x, _ in path]
    return max(((max(xs) - min(xs)) / 2 + edit.radius) * width, LEAST_EXTENT)
