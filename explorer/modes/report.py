"""What the modes of one place say about an average: how much of it shows which of them.

With edits made elsewhere this answers a conditional question: among the images that look like this
here, what is found there, and how often?
"""

from dataclasses import dataclass

import cv2
import numpy as np

from explorer.arrays import ByteArray, FloatArray
from explorer.modes.averages import average_patch
from explorer.modes.finder import ModeFinder
from explorer.modes.ranking import OFFERED, rank_modes
from explorer.modes.spots import Spot
from explorer.modes.values import RankedMode, SpotModes
from explorer.view import View

EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModeExample:
    """An image that shows a mode.

    Attributes
    ----------
    image
        Its row.
    box
        (x, y, width, height) in pixels: where it shows the mode, cut at the image's border.
    score
        Similarity to the seed, less far from the spot and at another scale, in (0, 1].
    weight
        The image's share of the average.
    patch : (S, S, 3) uint8, sRGB
        What is in the box, at the size of the spot.
    """

    image: int
    box: tuple[int, int, int, int]
    score: float
    weight: float
    patch: ByteArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReportedMode:
    """One mode of a report.

    Attributes
    ----------
    ranked
        Its place in the `SpotModes`, merit, share of the weight and number of images.
    seed
        Row of the image of which it is a patch.
    inlier
        How much it sets the collection apart from the natural world; 0.5 is chance.
    average : (S, S, 3) uint8, sRGB
        The average of its best matches.
    examples
        The images of largest weight times score, best first; those that show another mode better
        only where there are too few others.
    """

    ranked: RankedMode
    seed: int
    inlier: float
    average: ByteArray
    examples: tuple[ModeExample, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModeReport:
    """The modes of one spot in one average.

    Attributes
    ----------
    spot
        Where.
    found
        All modes of the spot.
    modes
        Those that count most for the average, best first; each has a share of it.
    others
        Share of the weight on images that show another mode best.
    none
        Share of the weight on images that show no mode.
    """

    spot: Spot
    found: SpotModes
    modes: tuple[ReportedMode, ...]
    others: float
    none: float


def mode_report(
    view: View, finder: ModeFinder, spot: Spot, weights: FloatArray, count: int = OFFERED
) -> ModeReport:
    """Report the modes of a spot in an average.

    Parameters
    ----------
    view
        The collection.
    finder
        Of the same collection.
    spot
        Where to look.
    weights : (N,) float32
        Each image's share of the average.
    count
        How many modes to report at most.

    Raises
    ------
    ArrayError
        If `weights` has another shape or dtype.

    References
    ----------
    .. [1] J.-Y. Zhu, Y. J. Lee, A. A. Efros, "AverageExplorer", ACM Trans. Graph. 33(4), 2014.
       Fixing one region and listing another (Colbert's ties) is theirs; the shares are ours.
    """
    found = finder.find(spot)
    ranked_modes = [ranked for ranked in rank_modes(found, weights, len(found)) if ranked.share > 0]
    modes = tuple(
        ReportedMode(
            ranked=ranked,
            seed=int(found.seeds[ranked.index]),
            inlier=float(found.inliers[ranked.index]),
            average=average_patch(view, found, ranked.index, weights),
            examples=_examples(view, found, ranked.index, weights),
        )
        for ranked in ranked_modes[:count]
    )
    return ModeReport(
        spot=spot,
        found=found,
        modes=modes,
        others=float(sum(ranked.share for ranked in ranked_modes[count:])),
        none=float(weights[found.best < 0].sum()),
    )


def _examples(
    view: View, modes: SpotModes, index: int, weights: FloatArray
) -> tuple[ModeExample, ...]:
    start, end = modes.starts[index : index + 2]
    images = modes.images[start:end]
    worth = weights[images] * modes.scores[start:end]
    is_shown_better = modes.best[images] != index
    best = start + np.lexsort((-worth, is_shown_better, worth == 0))[:EXAMPLES]
    return tuple(
        _example(view, modes, int(match), float(weights[modes.images[match]]))
        for match in best
        if weights[modes.images[match]] > 0
    )


def _example(view: View, modes: SpotModes, match: int, weight: float) -> ModeExample:
    image = int(modes.images[match])
    x, y, width, height = box = _box(view, modes, match)
    side = modes.spot.box[2]
    cut = _pixels(view, image)[y : y + height, x : x + width]
    patch: ByteArray = cv2.resize(cut, (side, side), interpolation=cv2.INTER_AREA).astype(np.uint8)
    return ModeExample(
        image=image,
        box=box,
        score=float(modes.scores[match]),
        weight=weight,
        patch=patch,
    )


def _box(view: View, modes: SpotModes, match: int) -> tuple[int, int, int, int]:
    """Return where a match lies in its image, in pixels."""
    x, y, side, _ = modes.spot.box
    reach = side * float(modes.scales[match])
    dx, dy = modes.places[match].tolist()
    left, top = (round(value + side / 2 - reach / 2) for value in (x + dx, y + dy))
    right, bottom = min(left + round(reach), view.width), min(top + round(reach), view.height)
    left, top = max(0, left), max(0, top)
    return left, top, right - left, bottom - top


def _pixels(view: View, image: int) -> ByteArray:
    for shard in view.shards("pixels"):
        if image < len(shard):
            return np.asarray(shard[image])
        image -= len(shard)
    raise IndexError(f"there is no image {image} in the shards of pixels")
