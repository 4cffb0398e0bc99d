"""From keypoints on averages to keypoints on their images: proposals, each with a confidence.

Two estimates that know little of each other, from each average by itself and from all images lined
up together, are averaged; where they differ, neither is to be trusted. Then experts that have
learned what each keypoint looks like look again around it, and a model of shapes holds what they
see together.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from explorer.alignment.edges import SHRUNK
from explorer.arrays import BoolArray, DoubleArray, FloatArray, IntArray
from explorer.errors import Cancelled
from explorer.keypoints.corrections import moved_like
from explorer.keypoints.experts import features_of, look
from explorer.keypoints.lining_up import Pool, by_all_averages, by_each_average, pooled, turned
from explorer.keypoints.shapes import (
    Complex,
    Poses,
    as_complex,
    as_points,
    common_shape,
    fitted_poses,
    learned,
    onto,
)
from explorer.keypoints.values import MarkedAverage, Proposals
from explorer.recent import Recent
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
KEPT = 2
"""So many turns are kept, so that a correction is answered at once."""
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
        self._kept = Recent[_Unaided](KEPT)

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

            key = _key(marked, chosen)
            unaided = self._kept.known(key)
            if unaided is None:
                unaided = _unaided(pooled(self._view, marked, chosen), marked, tell)
                self._kept.put(key, unaided)
            hints = np.full((len(unaided.rows), len(is_marked), 2), np.nan, np.float32)
            for k, row in enumerate(unaided.rows.tolist()):
                hints[k] = (corrected or {}).get(row, np.nan)
            hints = turned(hints, unaided.mirrored, self._view.width, pairs)
            whole = np.zeros((len(hints), len(is_marked), 3), np.float32)
            whole[..., :2] = np.nan
            whole[:, is_marked] = unaided.with_hints(hints[:, is_marked])
            whole = turned(whole, unaided.mirrored, self._view.width, pairs)
            is_own = _are_members(averages, chosen)
            found[unaided.rows[is_own]] = whole[is_own]
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Unaided:
    """What is proposed without corrections for M images as they take part, K keypoints."""

    rows: IntArray
    mirrored: BoolArray
    poses: Poses
    shapes: Complex
    looks: npt.NDArray[np.float16] | None
    confidence: DoubleArray

    def with_hints(self, hints: FloatArray) -> FloatArray:
        """Return x, y and confidence (M, K, 3), given what people put right (M, K, 2)."""
        shapes, is_hinted = self.shapes, _known(hints)
        if self.looks is not None and is_hinted.any():
            errors = np.where(is_hinted, self.poses.to_common(_shrunk(hints)) - shapes, 0)
            shapes = shapes + moved_like(self.looks.astype(np.float32), errors, is_hinted)
        places = as_points(self.poses.to_image(shapes)) * SHRUNK + (SHRUNK - 1) / 2
        confidence = np.where(is_hinted, 1, self.confidence)
        places = np.where(is_hinted[..., None], hints, places)
        return np.concatenate([places, confidence[..., None]], axis=-1).astype(np.float32)


def _key(averages: Sequence[MarkedAverage], chosen: Sequence[IntArray]) -> Hashable:
    """Return what proposals without corrections depend on."""
    digest = blake2b(digest_size=16)
    for average, rows in zip(averages, chosen, strict=True):
        maps = average.maps
        moved = () if maps is None else (maps.rows, maps.nodes, maps.mirrored)
        for array in (rows, average.weights, average.members, average.points, *moved):
            digest.update(f"{array.shape} {array.dtype}".encode())
            digest.update(np.ascontiguousarray(array).data)
    return digest.digest()


def _unaided(pool: Pool, averages: Sequence[MarkedAverage], tell: Progress) -> _Unaided:
    """Propose points of images, all keypoints marked."""
    own = by_each_average(pool, averages, _part(tell, 0, OWN))
    shared, nodes = by_all_averages(pool, averages, own.warped, _part(tell, OWN, ALL))
    marks = _shrunk(np.stack([one.points for one in averages]))
    frame = common_shape(marks)
    poses = fitted_poses(_shrunk(nodes.reshape(len(nodes), -1, 2)), frame, nodes.shape[1:3])
    estimates = [poses.to_common(_shrunk(one)) for one in (*own.found, shared)]
    shapes, differ = _averaged(np.stack(estimates))
    doubts = differ + MISSED * np.where(np.isfinite(own.missed), own.missed, UNSEARCHED)
    looks = None
    if len(shapes) >= FEW:
        sight = look(features_of(pool.images), poses, shapes, _part(tell, ALL, LOOKED))
        model = learned(shapes, onto(marks, frame))
        shapes = model.settled(shapes + sight.offsets, 1 / sight.variances)
        looks = sight.looks.astype(np.float16)
        doubts += np.sqrt(sight.variances)
    else:
        doubts += UNSEEN
    return _Unaided(
        rows=pool.rows,
        mirrored=pool.mirrored,
        poses=poses,
        shapes=shapes,
        looks=looks,
        confidence=_confidence(doubts * np.abs(poses.turns)[:, None], max(pool.images.shape[1:3])),
    )


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


def _shrunk(points: FloatArray) -> Complex:
    """Return pixels (..., 2) as complex numbers, in shrunk pixels."""
    return as_complex((points - (SHRUNK - 1) / 2) / SHRUNK)


def _known(points: FloatArray) -> BoolArray:
    return np.asarray(np.isfinite(points).all(axis=-1))


def _part(tell: Progress, start: float, end: float) -> Progress:
    return lambda share: tell(start + (end - start) * share)
