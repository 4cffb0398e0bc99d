"""Sharpen an average: move each image until it agrees with the average of the others.

Images are compared by how much edge of each direction there is around each point, in proportion to
all edges nearby, so that neither color nor contrast matters. A round is coarser or finer by how far
edges are smeared and how stiff the movement is; the first moves whole pictures, the last details.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.alignment.edges import SHRUNK, blurred, edge_maps, sampled, smeared_edges
from explorer.alignment.maps import NODE
from explorer.arrays import ByteArray, FloatArray, check_array
from explorer.errors import Cancelled
from explorer.kernels.threads import for_each

SMEARED = (3.0, 0.75)
"""Standard deviation of the smear of edges in the first and the last round, in shrunk pixels."""
STIFF = (30.0, 4.5)
"""Standard deviation of the window that moves as one, in the first and the last round."""
STEPS = 4
PIECES = 3
"""A step is made in so many pieces, between which others may have the processor."""
CAUTION = 0.5
FLAT = np.float32(1e-6)
"""Far below the squared slopes of any edge: where nothing has an edge, nothing moves."""
LONGEST = 2.0
"""Longest movement of one step, in shrunk pixels."""

NARROWEST = 2.0
"""A blur of so many pixels is made pixel by pixel."""

HalfArray = npt.NDArray[np.float16]
Progress = Callable[[float], None]
IsCancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """How far edges are smeared and how large the windows are, in shrunk pixels."""

    smeared: float
    stiff: float


def congeal(
    images: ByteArray,
    weights: FloatArray,
    nodes: FloatArray,
    rounds: int,
    *,
    progress: Progress = lambda share: None,
    is_cancelled: IsCancelled = lambda: False,
) -> FloatArray:
    """Refine how images are warped, such that their weighted average gets sharp.

    Parameters
    ----------
    images : (M, H, W, 3) uint8
        Those that take part mirrored are mirrored already.
    weights : (M,) float32
        How much each counts, > 0.
    nodes : (M, Y, X, 2) float32
        How they are warped so far, as `Maps.nodes`.
    rounds
        From coarse to fine, at least 1.
    progress
        Told how much is done, from 0 to 1.
    is_cancelled
        Asked now and then whether to stop.

    Returns
    -------
    (M, Y, X, 2) float32
        Nodes that may fold where images disagree, see `explorer.alignment.guard`.

    Raises
    ------
    ArrayError
        If an array has another shape or dtype.
    Cancelled
        If `is_cancelled` said True.

    References
    ----------
    .. [1] E. G. Learned-Miller, "Data driven image models through continuous joint alignment",
       IEEE TPAMI 28(2), 2006. The idea, to move each image toward the others again and again.
    .. [2] B. D. Lucas, T. Kanade, "An iterative image registration technique with an application
       to stereo vision", IJCAI 1981. The step; channels of edge directions, windows that grow
       smaller from round to round and the exclusion of the image itself from the average are ours.
    """
    sizes = check_array(images, "images", "M H W 3", np.uint8)
    check_array(weights, "weights", str(sizes["M"]))
    stack = _Stack(images, weights, _dense(nodes, images.shape[1:3]))
    pieces = rounds * STEPS * PIECES
    for number in range(rounds):
        along = number / max(rounds - 1, 1)
        stack.start(_Round(smeared=_between(SMEARED, along), stiff=_between(STIFF, along)))
        for step in range(STEPS):
            for piece, _ in enumerate(stack.step(), 1):
                if is_cancelled():
                    raise Cancelled("the sharpening was cancelled")
                progress(((number * STEPS + step) * PIECES + piece) / pieces)
    return _coarse(stack.maps, nodes.shape[1:3])


class _Stack:
    """Images with the maps under which they are compared. M images of h x w shrunk pixels.

    What is kept of each image is kept in 16 bits, as there may be more than a thousand.
    """

    def __init__(self, images: ByteArray, weights: FloatArray, maps: FloatArray) -> None:
        self._weights = (weights / weights.sum()).astype(np.float32)
        self._edges = for_each(lambda image: _halved(edge_maps(image)), list(images))
        self.maps = maps
        self._places = _places(maps.shape[1:3])
        self._features: list[HalfArray] = []
        self._round = _Round(smeared=1.0, stiff=1.0)

    def start(self, settings: _Round) -> None:
        """Compare the images in another way from now on."""
        self._round = settings
        self._features = for_each(
            lambda edges: _halved(smeared_edges(edges.astype(np.float32), settings.smeared)),
            self._edges,
        )

    def step(self) -> Iterator[None]:
        """Move every image once toward the average of the others; yield after each piece of it."""
        shown = for_each(self._shown, range(len(self.maps)))
        yield
        average = self._average(shown)
        down, right = (np.gradient(average, axis=axis) for axis in (0, 1))
        xx, xy, yy = (
            self._around(np.einsum("yxc,yxc->yx", one, other))
            for one, other in ((right, right), (right, down), (down, down))
        )
        caution = CAUTION * float((xx + yy).mean()) + FLAT
        xx, yy = xx + caution, yy + caution
        area = xx * yy - xy * xy

        steps = np.empty_like(self.maps)

        def move(image: int) -> None:
            # The average holds the image itself, which agrees with itself: the rest is compared.
            differs = (shown[image] - average) / (1 - min(self._weights[image], 0.5))
            x, y = (
                self._around(np.einsum("yxc,yxc->yx", slope, differs)) for slope in (right, down)
            )
            step = np.stack([yy * x - xy * y, xx * y - xy * x], axis=-1) / area[..., None]
            steps[image] = -step.clip(-LONGEST, LONGEST)

        for_each(move, range(len(self.maps)))
        shown.clear()  # before there are more maps
        yield
        # All together must not drift: the average stays where the edits made it.
        steps -= np.tensordot(self._weights, steps, axes=1)
        for_each(lambda k: self._compose(k, steps[k]), range(len(steps)))
        yield

    def _shown(self, image: int) -> HalfArray:
        return _halved(sampled(self._features[image].astype(np.float32), self.maps[image]))

    def _average(self, shown: list[HalfArray]) -> FloatArray:
        """Return the weighted average of the features where images are valid."""
        height, width = self.maps.shape[1:3]
        total = np.zeros(shown[0].shape, np.float32)
        mass = np.full((height, width), 1e-6, np.float32)
        for features, weight, places in zip(shown, self._weights, self.maps, strict=True):
            x, y = places[..., 0], places[..., 1]
            inside = (x > -0.5) & (y > -0.5) & (x < width - 0.5) & (y < height - 0.5)
            share = weight * inside.astype(np.float32)
            total += features * share[..., None]
            mass += share
        average: FloatArray = total / mass[..., None]
        return average

    def _around(self, values: FloatArray) -> FloatArray:
        return _widely_blurred(values.astype(np.float32), self._round.stiff)

    def _compose(self, image: int, step: FloatArray) -> None:
        """Let an image make one more movement on the canvas."""
        places = self._places + step
        offsets = self.maps[image] - self._places
        self.maps[image] = places + sampled(offsets, places)


def _halved(values: FloatArray) -> HalfArray:
    return values.astype(np.float16)


def _between(ends: tuple[float, float], along: float) -> float:
    """Return a value between two, in equal ratios."""
    return float(ends[0] * (ends[1] / ends[0]) ** along)


def _widely_blurred(values: FloatArray, deviation: float) -> FloatArray:
    """Return nearly the same as `_blurred`, sooner: a wide blur needs few pixels."""
    import cv2

    fewer = int(deviation // NARROWEST)
    if fewer < 2:
        return blurred(values, deviation)
    height, width = values.shape
    size = (-(-width // fewer), -(-height // fewer))
    small = cv2.resize(values, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    wide = cv2.resize(blurred(small, deviation / fewer), (width, height))
    return wide.astype(np.float32)


def _places(shape: tuple[int, ...]) -> FloatArray:
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    return np.stack([x, y], axis=-1)


def _dense(nodes: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Return maps between shrunk pixels (M, h, w, 2) from maps at nodes between pixels."""
    shrunk = _places((shape[0] // SHRUNK, shape[1] // SHRUNK))
    pixels = shrunk * SHRUNK + (SHRUNK - 1) / 2
    at = (pixels / NODE).astype(np.float32)
    return np.stack([(sampled(one, at) - (SHRUNK - 1) / 2) / SHRUNK for one in nodes])


def _coarse(maps: FloatArray, grid: tuple[int, ...]) -> FloatArray:
    """Return maps at nodes between pixels (M, Y, X, 2) from maps between shrunk pixels."""
    at = (_places(grid) * NODE - np.float32((SHRUNK - 1) / 2)) / np.float32(SHRUNK)
    places = _places(maps.shape[1:3])
    pixels = [sampled(one - places, at) + at for one in maps]
    return (np.stack(pixels) * SHRUNK + (SHRUNK - 1) / 2).astype(np.float32)
