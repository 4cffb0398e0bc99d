"""From keypoints on averages to keypoints on their images: proposals, each with a confidence.

Two estimates that know little of each other, from each average by itself and from all images lined
up together, are averaged; where they differ, neither is to be trusted. Then experts that have
learned what each keypoint looks like look again around it, and a model of shapes holds what they
see together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from explorer.alignment.edges import SHRUNK
from explorer.arrays import BoolArray, DoubleArray, FloatArray, IntArray
from explorer.errors import Cancelled
from explorer.keypoints.corrections import moved_like
from explorer.keypoints.experts import features_of, look
from explorer.keypoints.lining_up import Pool, by_all_averages, by_each_average, pooled, turned
from explorer.keypoints.shapes import (
    Complex,
    as_complex,
    as_points,
    common_shape,
    fitted_poses,
    learned,
    onto,
)
from explorer.keypoints.values import MarkedAverage, Proposals
from explorer.view import View

HELPERS = 40
"""So many images help with the marks of each average, whether or not they are asked for."""
TOGETHER = 1500
"""At most so many images are lined up together, which takes 1 MB each; more are done by turns."""
HELPING = 0.25
"""Of those that are done by turns at most so many are helpers, the same in each turn."""
FEW = 24
"""From fewer images an expert learns nothing."""
ALONE = 2.0
"""How far an estimate that stands alone is taken to differ from others, in shrunk pixels."""
MISSED, UNSEARCHED = 0.25, 8.0
"""How much a pixel missed on the way there and back adds to the doubt, and what is taken to be
missed where nobody went."""
UNSEEN = 2.0
"""How much it adds that no expert has looked."""
AROUND = 0.5
"""How much the doubts about an image's other points count."""
PER_DOUBT, CERTAIN = 1.05, 4.8
"""Pixels of error that are to be expected for each unit of doubt above some; fitted to the split
"train" of faces-helen."""
BEND = 2.0
"""How softly that begins, in units of doubt: even of two points without doubt one is surer."""
HALF_SURE = 0.03
"""Confidence is one half where the error to be expected is so much of the longer side."""
OWN, ALL, LOOKED = 0.5, 0.85, 0.99
"""How much of the work is done after each step."""

Pairs = Sequence[tuple[int, int]]
Progress = Callable[[float], None]


class Propagator:
    """Carries keypoints from averages to images. For one thread at a time.

    Parameters
    ----------
    view
        The collection.
    """

    def __init__(self, view: View) -> None:
        self._view = view

    def propagate(
        self,
        averages: Sequence[MarkedAverage],
        *,
        corrected: Mapping[int, FloatArray] | None = None,
        pairs: Pairs = (),
        progress: Progress = lambda share: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Proposals:
        """Propose the keypoints of every member of some averages.

        Parameters
        ----------
        averages
            With the same K keypoints; what is marked on one helps the others' images too.
        corrected
            By image: points (K, 2) float32 that a person has put right, as in `Proposals.points`,
            NaN where none; images that look the same there are proposed anew.
        pairs
            Numbers of keypoints that change places in a mirrored image.
        progress
            Told how much is done, from 0 to 1.
        is_cancelled
            Asked now and then whether to stop.

        Raises
        ------
        Cancelled
            If `is_cancelled` said True.

        References
        ----------
        .. [1] J.-Y. Zhu, Y. J. Lee, A. A. Efros, "AverageExplorer", ACM Trans. Graph. 33(4), 2014.
           Marks that go back through the alignment are theirs; all that follows is ours, see
           `explorer.keypoints.lining_up` and `explorer.keypoints.experts`.
        """
        is_marked: BoolArray = np.asarray(
            _known(np.stack([one.points for one in averages])).any(axis=0)
        )
        marked = [replace(one, points=one.points[is_marked]) for one in averages]
        found = np.zeros((self._view.size, len(is_marked), 3), np.float32)
        found[..., :2] = np.nan
        rows = np.sort(np.concatenate([one.members for one in averages])).astype(np.int32)
        turns = _turns(averages) if is_marked.any() and len(rows) else []
        for number, chosen in enumerate(turns):

            def tell(share: float, number: int = number) -> None:
                if is_cancelled():
                    raise Cancelled("the propagation was cancelled")
                progress((number + share) / len(turns))

            pool = pooled(self._view, marked, chosen)
            hints = np.full((len(pool.rows), len(is_marked), 2), np.nan, np.float32)
            for k, row in enumerate(pool.rows.tolist()):
                hints[k] = (corrected or {}).get(row, np.nan)
            hints = turned(hints, pool.mirrored, self._view.width, pairs)
            whole = np.zeros((len(pool.rows), len(is_marked), 3), np.float32)
            whole[..., :2] = np.nan
            whole[:, is_marked] = _proposed(pool, marked, hints[:, is_marked], tell)
            is_own = _are_members(averages, chosen)
            found[pool.rows[is_own]] = turned(whole, pool.mirrored, self._view.width, pairs)[is_own]
        progress(1)
        return Proposals(rows=rows, points=found[rows, :, :2], confidence=found[rows, :, 2])


def _turns(averages: Sequence[MarkedAverage]) -> list[list[IntArray]]:
    """Return the images of each average in each turn: those that are asked for, and helpers."""
    at_once = [_with_helpers(one, one.members, HELPERS) for one in averages]
    if sum(map(len, at_once)) <= TOGETHER:
        return [at_once]
    helpers = max(1, min(HELPERS, int(HELPING * TOGETHER) // len(averages)))
    room = max(1, TOGETHER - helpers * len(averages))
    turns = -(-sum(len(one.members) for one in averages) // room)
    return [
        [_with_helpers(one, one.members[turn::turns], helpers) for one in averages]
        for turn in range(turns)
    ]


def _are_members(averages: Sequence[MarkedAverage], chosen: Sequence[IntArray]) -> BoolArray:
    """Return which images belong to the average that they are chosen for.

    One that only helps there may belong to another average, which says where its keypoints are.
    """
    return np.concatenate(
        [np.isin(rows, one.members) for one, rows in zip(averages, chosen, strict=True)]
    )


def _with_helpers(average: MarkedAverage, asked: IntArray, count: int) -> IntArray:
    """Return images with the heaviest of their average, of its own ones if it has any."""
    candidates = average.members if len(average.members) else np.flatnonzero(average.weights)
    order = np.argsort(-average.weights[candidates], kind="stable")[:count]
    return np.union1d(asked, candidates[order]).astype(np.int32)


def _proposed(
    pool: Pool, averages: Sequence[MarkedAverage], hints: FloatArray, tell: Progress
) -> FloatArray:
    """Return x, y and confidence (M, K, 3) of images as they take part, all keypoints marked."""
    own = by_each_average(pool, averages, _part(tell, 0, OWN))
    shared, nodes = by_all_averages(pool, averages, own.warped, _part(tell, OWN, ALL))
    marks = _shrunk(np.stack([one.points for one in averages]))
    frame = common_shape(marks)
    poses = fitted_poses(_shrunk(nodes.reshape(len(nodes), -1, 2)), frame, nodes.shape[1:3])
    estimates = [poses.to_common(_shrunk(one)) for one in (*own.found, shared)]
    shapes, differ = _averaged(np.stack(estimates))
    doubts = differ + MISSED * np.where(np.isfinite(own.missed), own.missed, UNSEARCHED)
    if len(shapes) >= FEW:
        sight = look(features_of(pool.images), poses, shapes, _part(tell, ALL, LOOKED))
        model = learned(shapes, onto(marks, frame))
        shapes = model.settled(shapes + sight.offsets, 1 / sight.variances)
        shapes = _put_right(shapes, poses.to_common(_shrunk(hints)), sight.looks)
        doubts += np.sqrt(sight.variances)
    else:
        doubts += UNSEEN
    places = as_points(poses.to_image(shapes)) * SHRUNK + (SHRUNK - 1) / 2
    confidence = _confidence(doubts * np.abs(poses.turns)[:, None], max(pool.images.shape[1:3]))
    is_hinted = _known(hints)
    places[is_hinted], confidence[is_hinted] = hints[is_hinted], 1
    return np.concatenate([places, confidence[..., None]], axis=-1).astype(np.float32)


def _averaged(estimates: Complex) -> tuple[Complex, DoubleArray]:
    """Return the mean (M, K) of the estimates (S, M, K) that there are, and how they differ.

    That is the root mean square, or `ALONE` where there is but one.
    """
    is_there = np.isfinite(estimates)
    count = np.maximum(is_there.sum(axis=0), 1)
    mean = np.where(is_there, estimates, 0).sum(axis=0) / count
    away = np.where(is_there, np.abs(estimates - mean) ** 2, 0).sum(axis=0) / count
    return mean, np.where(count > 1, np.sqrt(away), ALONE)


def _confidence(doubts: DoubleArray, side: int) -> DoubleArray:
    """Return how sure each point is, from how doubtful it is by itself, (M, K).

    A point that is hard to find in the other images is hard to find in this one, and so is one in
    an image where the others are. What is found so grows with the error that is to be expected.
    """
    doubts = doubts + doubts.mean(axis=0) + AROUND * doubts.mean(axis=1, keepdims=True)
    above = doubts - CERTAIN
    errors = PER_DOUBT * (above + np.hypot(above, BEND)) / 2
    return np.asarray(1 / (1 + np.square(errors / (HALF_SURE * side))))


def _put_right(shapes: Complex, hints: Complex, looks: FloatArray) -> Complex:
    """Move points as people moved those that look alike."""
    is_hinted = np.isfinite(hints)
    return shapes + moved_like(looks, np.where(is_hinted, hints - shapes, 0), is_hinted)


def _shrunk(points: FloatArray) -> Complex:
    """Return pixels (..., 2) as complex numbers, in shrunk pixels."""
    return as_complex((points - (SHRUNK - 1) / 2) / SHRUNK)


def _known(points: FloatArray) -> BoolArray:
    return np.asarray(np.isfinite(points).all(axis=-1))


def _part(tell: Progress, start: float, end: float) -> Progress:
    return lambda share: tell(start + (end - start) * share)
