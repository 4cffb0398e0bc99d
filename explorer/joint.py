"""Where each image shows what a cluster's edits ask for, all edits at once.

One edit alone takes its best place. Of two objects that look alike it may take the wrong one, and
then nothing repairs it. So each edit keeps several places, and all edits of a cluster choose
together: as the parts of a star, whose middle says where each part should be.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from explorer.arrays import BoolArray, FloatArray, IntArray
from explorer.edits import Point, Reach
from explorer.kernels.threads import blocks, for_each
from explorer.matching import REACH, Candidates
from explorer.weights import standard_scale

SPREAD = 16.0
"""Pixels: how far, in each direction, a part may usually lie from where the star says."""
LIKENESS = 1.0
"""What a part of which both directions are that far off costs: the best 20 are at 1, most at 0."""
STRETCH = 0.35
"""Log of the size: how far a part's may usually be from the star's."""
OUTLIER = 1.0
"""The most that one part can say against a star: it may be hidden, or missing."""
MIRRORED = 0.05
"""How much better an image must fit mirrored, an edit: only what shows nothing is kept as it is.
Of planted cars, half of them left for right, 88 % of a mode's flags are right and 85 % of a
sketch's; at 0.25 it is 74 % and 76 %, as cars are then taken for unmirrored ones (seeds 1 to 3)."""
STEP = 8
BLOCK = 1024


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sought:
    """One edit and the places where images may show it.

    Attributes
    ----------
    center
        The middle of the edit, (x, y) in pixels of the canvas.
    reach
        "near" or "anywhere", as the edit says.
    candidates
        The places in the images as they are.
    mirrored
        The places in the images seen mirrored; None if the cluster does not look there.
    counts
        Whether its places tell where the object is. Those of an edit that asks for less of
        something do not, nor do those of an edit without a place: they follow the others.
    """

    center: Point
    reach: Reach
    candidates: Candidates
    mirrored: Candidates | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placement:
    """The place of every edit in every image. T edits, N images.

    Attributes
    ----------
    scores : (T, N) float32
        How well the image matches the edit at its place.
    places : (T, N, 2) float32
        That place: (x, y) offset in pixels from where the edit is; of a mirrored image, in what
        one sees.
    scales : (T, N) float32
        The size there in sizes of the edit.
    mirrored : (N,) bool
        Which images fit better mirrored.
    """

    scores: FloatArray
    places: FloatArray
    scales: FloatArray
    mirrored: BoolArray


def place_edits(sought: Sequence[Sought], size: int) -> Placement:
    """Choose the place of every edit in each image, all together.

    A star has its middle at a displacement d of the edits and, if one of them is looked for
    anywhere, a size s. It predicts the edit with the center c at d + (s - 1)(c - mean of centers).
    The star of an image is the one with the greatest sum, over the edits, of the best candidate's
    standard score less `LIKENESS` / (2 `SPREAD`^2) times the squared distance, in sizes of the
    star, from where it is predicted, less as much for its size; one edit loses at most `OUTLIER`.
    Then each edit takes its best candidate for that star, with the whole price of its distance.

    Parameters
    ----------
    sought
        The T edits, in any order: it makes no difference.
    size
        How many images there are, N.

    Returns
    -------
    Placement
        One edit alone takes its best place; of a "near" one, within 64 pixels. An edit always has
        a place: if the star has none for it, the one that costs least.

    Notes
    -----
    The parts of a star do not depend on each other, so the best candidate of each, found alone, is
    the best of all combinations. Which is what a distance transform gives for a dense map; of a few
    candidates it is quicker to try them all. The middles that are tried are those that the
    candidates themselves predict and, if no edit reaches anywhere, a grid of 8 pixels within 64;
    the best is then moved to the mean of what it chose while that adds something.

    References
    ----------
    .. [1] J.-Y. Zhu, Y. J. Lee, A. A. Efros, "AverageExplorer", ACM Trans. Graph. 33(4), 2014. One
       translation of an image for all its edits, the mean of their offsets, and the search within
       64 pixels are theirs. There each edit takes its best place for good, in the order of edits.
    .. [2] P. Felzenszwalb, D. Huttenlocher, "Pictorial structures for object recognition", IJCV
       61(1), 2005. The star and its exact solution; the limit for one part and the sizes are ours.
    """
    if not sought:
        return Placement(
            scores=np.empty((0, size), np.float32),
            places=np.empty((0, size, 2), np.float32),
            scales=np.empty((0, size), np.float32),
            mirrored=np.zeros(size, np.bool_),
        )
    order = sorted(range(len(sought)), key=lambda t: _canonical(sought[t]))
    ordered = [sought[t] for t in order]
    placement = _placed(ordered)
    back = np.argsort(order)
    return replace(
        placement,
        scores=placement.scores[back],
        places=placement.places[back],
        scales=placement.scales[back],
    )


def _canonical(edit: Sought) -> tuple[Point, float, float]:
    """Return what edits are sorted by, so that sums are rounded alike in any order of edits."""
    scores = edit.candidates.scores
    total = float(scores[np.isfinite(scores)].sum(dtype=np.float64))
    return edit.center, total, float(edit.candidates.places.sum(dtype=np.float64))


def _placed(sought: Sequence[Sought]) -> Placement:
    plain = [edit.candidates for edit in sought]
    chosen, values = _solved(sought, plain)
    if all(edit.mirrored is None for edit in sought):
        return _taken(plain, chosen)
    turned = [edit.mirrored or edit.candidates for edit in sought]
    chosen_turned, values_turned = _solved(sought, turned)
    counting = sum(edit.counts and edit.mirrored is not None for edit in sought)
    mirrored: BoolArray = np.greater(values_turned, values + MIRRORED * max(counting, 1))
    as_is, seen = _taken(plain, chosen), _taken(turned, chosen_turned)
    return Placement(
        scores=np.where(mirrored, seen.scores, as_is.scores),
        places=np.where(mirrored[:, None], seen.places, as_is.places),
        scales=np.where(mirrored, seen.scales, as_is.scales),
        mirrored=mirrored,
    )


def _taken(candidates: Sequence[Candidates], chosen: IntArray) -> Placement:
    """Return the chosen (N, T) of the candidates of each edit."""
    rows = np.arange(len(chosen))
    picks = [(of, (rows, index)) for of, index in zip(candidates, chosen.T, strict=True)]
    return Placement(
        scores=np.stack([_without_gaps(of.scores[at]) for of, at in picks]),
        places=np.stack([of.places[at] for of, at in picks]),
        scales=np.stack([of.scales[at] for of, at in picks]),
        mirrored=np.zeros(len(chosen), np.bool_),
    )


def _without_gaps(scores: FloatArray) -> FloatArray:
    """Give images without any candidate the worst score of those that have one."""
    known = np.isfinite(scores)
    if not known.all():
        scores[~known] = scores[known].min() if known.any() else 0
    return scores


def _solved(
    sought: Sequence[Sought], candidates: Sequence[Candidates]
) -> tuple[IntArray, npt.NDArray[np.float64]]:
    """Return which candidate each edit takes in each image (N, T), and the stars' sums (N,)."""
    from explorer.kernels.jit import read_only
    from explorer.kernels.placing import place_kernel

    is_near = all(edit.reach == "near" for edit in sought if edit.counts)
    counting = sum(edit.counts for edit in sought)
    stars = _stars(sought, candidates, is_alone=is_near and counting == 1)
    grid = _grid() if is_near and counting > 1 else np.empty((2, 0), np.float32)
    fixed = read_only(_edits(sought)), read_only(grid), _prices(is_near=is_near)
    chosen = np.zeros((len(stars), len(sought)), np.int32)
    values = np.zeros(len(stars))

    def place(part: slice) -> None:
        place_kernel(read_only(stars[part]), *fixed, chosen[part], values[part])

    for_each(place, blocks(len(stars), BLOCK))
    return chosen, values


def _prices(*, is_near: bool) -> tuple[float, float, float, float]:
    limit = float(REACH) if is_near else np.inf
    return LIKENESS / (2 * SPREAD**2), LIKENESS / (2 * STRETCH**2), OUTLIER, limit


def _grid() -> FloatArray:
    """Return the displacements (2, G) as (x, y) within the reach, the smallest first."""
    steps = np.arange(-REACH, REACH + 1, STEP, dtype=np.float32)
    grid = np.stack(np.meshgrid(steps, steps)).reshape(2, -1)
    return np.ascontiguousarray(grid[:, np.argsort((grid**2).sum(axis=0), kind="stable")])


def _edits(sought: Sequence[Sought]) -> npt.NDArray[np.float64]:
    """Return (x, y from the middle of the edits that count, counts, is sought at any size)."""
    centers = np.array([edit.center for edit in sought], np.float64)
    counts = np.array([edit.counts for edit in sought])
    middle = centers[counts if counts.any() else slice(None)].mean(axis=0)
    anywhere = [edit.reach == "anywhere" for edit in sought]
    return np.column_stack([centers - middle, counts, anywhere])


def _stars(
    sought: Sequence[Sought], candidates: Sequence[Candidates], *, is_alone: bool
) -> FloatArray:
    """Return the candidates (N, T, 4, M) as the kernel takes them.

    Scores are standard as in `explorer.weights`, by the best of each image as it is, so that the
    same score means the same in images as they are and mirrored.
    """
    from explorer.kernels.placing import NOWHERE

    most = max(of.scores.shape[1] for of in candidates)
    stars = np.zeros((len(candidates[0].scores), len(sought), 4, most), np.float32)
    stars[:, :, 0] = NOWHERE
    for t, (edit, of) in enumerate(zip(sought, candidates, strict=True)):
        m = of.scores.shape[1]
        zero, spread = _scale(edit.candidates)
        known = np.isfinite(of.scores)
        stars[:, t, 0, :m] = np.where(known, (of.scores - zero) / spread, NOWHERE)
        stars[:, t, 1:3, :m] = np.where(known[:, None], of.places.transpose(0, 2, 1), 0)
        stars[:, t, 3, :m] = np.log(np.where(known, of.scales, 1))
        if is_alone and edit.counts:
            far = (np.abs(of.places) > REACH).any(axis=2) & ~_all_far(of)[:, None]
            stars[:, t, 0, :m][far] = NOWHERE
    return stars


def _all_far(of: Candidates) -> BoolArray:
    """Return which images have no candidate within the reach."""
    near = (np.abs(of.places) <= REACH).all(axis=2) & np.isfinite(of.scores)
    return np.logical_not(near.any(axis=1))


def _scale(of: Candidates) -> tuple[float, float]:
    best = of.scores.max(axis=1)
    known = best[np.isfinite(best)]
    return (standard_scale(known) if len(known) else None) or (0.0, 1.0)
