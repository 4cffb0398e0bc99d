"""In which order modes are offered, and how much of the collection each holds."""

import numpy as np

from explorer.arrays import FloatArray, check_array
from explorer.edits import EditId, ModePick
from explorer.matching import CELL
from explorer.modes.values import RankedMode, SpotModes

OFFERED = 10


def rank_modes(modes: SpotModes, weights: FloatArray, count: int = OFFERED) -> list[RankedMode]:
    """Rank the modes of a spot by what the user did before.

    Parameters
    ----------
    modes
        Of the spot.
    weights : (N,) float32
        Each image's share of the average.
    count
        How many to return at most.

    Returns
    -------
    list of RankedMode
        By falling sum of weight times score, times the inlier score (thesis, section 4.3.2).
    """
    check_array(weights, "weights", str(len(modes.best)))
    found = weights[modes.images] * modes.scores
    sums = np.add.reduceat(np.append(found, 0), modes.starts[:-1]) if len(modes) else found[:0]
    sums[np.diff(modes.starts) == 0] = 0
    merits = sums * modes.inliers
    has_mode = modes.best >= 0
    shares = np.bincount(modes.best[has_mode], weights[has_mode], len(modes))
    images = np.bincount(modes.best[has_mode], minlength=len(modes))
    order = np.argsort(-merits, kind="stable")[:count]
    return [
        RankedMode(
            index=int(k), merit=float(merits[k]), share=float(shares[k]), images=int(images[k])
        )
        for k in order
    ]


def pick_of(
    modes: SpotModes, index: int, image: str, size: tuple[int, int], edit_id: EditId
) -> ModePick:
    """Return the edit that asks for a mode.

    Parameters
    ----------
    modes, index
        The mode.
    image
        Name of its seed's image.
    size
        (height, width) of the collection, in pixels.
    edit_id
        The edit's id.
    """
    x, y, side, _ = modes.spot.box
    return ModePick(
        id=edit_id,
        image=image,
        center=((x + side / 2) / size[1], (y + side / 2) / size[0]),
        size=modes.spot.side * CELL / size[1],
    )
