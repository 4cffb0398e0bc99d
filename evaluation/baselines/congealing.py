"""Congealing: images are lined up with their own average, again and again, as wholes.

Each image moves by one similarity transform. It is matched to the mean of the others by OpenCV's
enhanced correlation coefficient (ECC), on grey levels of which the contrast is evened out, coarse
to fine. (Lengths of gradients were tried and lined faces up worse than not at all.)
"""

from dataclasses import replace

import cv2
import numpy as np

from evaluation.baselines.drawing import BLOCK, Rows, gathered
from evaluation.baselines.values import MOST, Clustering, Tell
from explorer.alignment.maps import Maps, grid_points
from explorer.arrays import DoubleArray, FloatArray
from explorer.view import View

SIDE = 96
"""The longer side of the pictures that are matched, in pixels."""
BLURS = (4.0, 3.0, 2.0, 1.5, 1.0, 0.7)
"""Of each round, in pixels of these pictures."""
AROUND, QUIET = 5.0, 0.1
"""Contrast is evened out over so many pixels; a deviation well below 0.1 of white stays small."""
STEPS, SMALLEST_STEP = 20, 1e-3
ZOOM, TURN, SHIFT = 1.4, 0.5, 0.2
"""How far an image may go: times its size, radians, and the part of the longer side."""


def congeal(
    view: View, clustering: Clustering, name: str, tell: Tell = lambda done, total: None
) -> Clustering:
    """Line up the members of each cluster.

    Parameters
    ----------
    view
        The collection.
    clustering
        The clusters. Their weights are kept, but in a collection of more than `MOST` images each
        loses the same part of its members, the lightest.
    name
        What the result is called.
    tell
        Is told of the images that are done.

    Returns
    -------
    Clustering
        The same clusters, warped.

    References
    ----------
    .. [1] E. Learned-Miller, "Data driven image models through continuous joint alignment", IEEE
       TPAMI 28(2), 2006: to line up by rounds, and the transforms' mean that is taken out.
    .. [2] M. Cox, S. Sridharan, S. Lucey, J. Cohn, "Least squares congealing for unsupervised
       alignment of images", CVPR 2008: to match each image to the mean of the others.
    .. [3] G. D. Evangelidis, E. Z. Psarakis, "Parametric image alignment using enhanced
       correlation coefficient maximization", IEEE TPAMI 30(10), 2008. The steps are theirs; that
       the affine step is cut to the nearest similarity, and the limits, are ours.
    """
    weights = np.stack([_heaviest(column) for column in clustering.weights.T], axis=1)
    todo = [np.flatnonzero(column > 0) for column in weights.T]
    total, done = sum(map(len, todo)) * len(BLURS), 0
    maps = []
    for rows in todo:
        pictures = _evened(view, rows)
        matrices = np.tile(np.eye(2, 3), (len(rows), 1, 1))
        for blur in BLURS:
            matrices = _round(pictures, matrices, blur)
            done += len(rows)
            tell(done, total)
        maps.append(_maps(view, rows, matrices, pictures.shape[1:]))
    return replace(clustering, name=name, weights=weights, maps=tuple(maps))


def _heaviest(weights: FloatArray) -> FloatArray:
    """Return weights (N,) without those of the lightest members, if there are too many images."""
    members = np.count_nonzero(weights)
    kept = max(1, round(members * min(1.0, MOST / len(weights))))
    order = np.argsort(-weights, kind="stable")
    some = weights.copy()
    some[order[kept:]] = 0
    return np.asarray(some / some.sum(), np.float32)


def _evened(view: View, rows: Rows) -> FloatArray:
    """Return some images in grey (n, h, w) float32, the longer side 96 pixels, contrast evened out.

    Light and color differ between images that should lie on each other; where it is lighter than
    around it does not.
    """
    shrink = min(1.0, SIDE / max(view.height, view.width))
    size = round(view.width * shrink), round(view.height * shrink)
    evened = np.empty((len(rows), size[1], size[0]), np.float32)
    for start in range(0, len(rows), BLOCK):
        for place, image in enumerate(gathered(view, rows[start : start + BLOCK]), start):
            small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
            grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
            above = grey - cv2.GaussianBlur(grey, (0, 0), AROUND)
            spread = cv2.GaussianBlur(above * above, (0, 0), AROUND)
            evened[place] = above / np.sqrt(spread + QUIET**2)
    return evened


def _round(pictures: FloatArray, matrices: DoubleArray, blur: float) -> DoubleArray:
    """Match each picture (n, h, w) once to the mean of the others; `matrices` canvas to image."""
    if len(pictures) < 2:
        return matrices
    blurred = np.stack([cv2.GaussianBlur(picture, (0, 0), blur) for picture in pictures])
    drawn = np.stack([_drawn(*pair) for pair in zip(blurred, matrices, strict=True)])
    whole = drawn.sum(axis=0)
    found = np.stack(
        [
            _matched((whole - drawn[k]) / (len(pictures) - 1), blurred[k], matrices[k])
            for k in range(len(pictures))
        ]
    )
    return _centered(found, pictures.shape[1:])


def _drawn(picture: FloatArray, matrix: DoubleArray) -> FloatArray:
    height, width = picture.shape
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpAffine(
            picture, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE
        )
    )


def _matched(mean: FloatArray, picture: FloatArray, matrix: DoubleArray) -> DoubleArray:
    """Return the similarity transform with which a picture fits the mean, from `matrix` on."""
    criteria = cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, STEPS, SMALLEST_STEP
    start = matrix.astype(np.float32)
    try:
        fit, found = cv2.findTransformECC(mean, picture, start, cv2.MOTION_AFFINE, criteria)
    except cv2.error:
        return matrix  # nothing to hold on to, or the two lie too far apart
    found = _similarity(np.asarray(found, np.float64), picture.shape)
    before = _correlation(mean, _drawn(picture, matrix))
    after = _correlation(mean, _drawn(picture, found))
    return found if np.isfinite(fit) and after > before else matrix


def _correlation(first: FloatArray, second: FloatArray) -> float:
    one, other = first - first.mean(), second - second.mean()
    return float((one * other).sum() / max(np.sqrt((one**2).sum() * (other**2).sum()), 1e-9))


def _similarity(matrix: DoubleArray, size: tuple[int, ...]) -> DoubleArray:
    """Return the nearest similarity transform, within the limits; the middle goes where it went."""
    middle = np.array([size[1] - 1, size[0] - 1]) / 2
    shift = matrix[:, :2] @ middle + matrix[:, 2] - middle
    rotor = complex(matrix[0, 0] + matrix[1, 1], matrix[1, 0] - matrix[0, 1]) / 2
    return _transform(np.log(rotor) if rotor else 0j, shift, size)


def _transform(rotor: complex, shift: DoubleArray, size: tuple[int, ...]) -> DoubleArray:
    """Return the transform of a zoom and a turn (the log of a complex number) and a shift."""
    zoom = np.exp(np.clip(rotor.real, -np.log(ZOOM), np.log(ZOOM)))
    turn = np.clip(rotor.imag, -TURN, TURN)
    limit = SHIFT * max(size)
    linear = zoom * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    middle = np.array([size[1] - 1, size[0] - 1]) / 2
    moved = middle + np.clip(shift, -limit, limit) - linear @ middle
    return np.concatenate([linear, moved[:, None]], axis=1)


def _centered(matrices: DoubleArray, size: tuple[int, ...]) -> DoubleArray:
    """Take the mean transform out, or the images would shrink or wander together."""
    middle = np.array([size[1] - 1, size[0] - 1]) / 2
    rotors = np.log(matrices[:, 0, 0] + 1j * matrices[:, 1, 0])
    shifts = matrices[:, :, :2] @ middle + matrices[:, :, 2] - middle
    rotors, shifts = rotors - rotors.mean(), shifts - shifts.mean(axis=0)
    return np.stack([_transform(*pair, size) for pair in zip(rotors, shifts, strict=True)])


def _maps(view: View, rows: Rows, matrices: DoubleArray, size: tuple[int, ...]) -> Maps:
    """Return what matrices of the small pictures are on the canvas."""
    grown = view.width / size[1], view.height / size[0]
    nodes = grid_points(view.height, view.width).astype(np.float64)
    small = (nodes + 0.5) / grown - 0.5
    moved = np.einsum("yxc,ndc->nyxd", small, matrices[:, :, :2]) + matrices[:, None, None, :, 2]
    return Maps(
        rows=rows.astype(np.int32),
        nodes=((moved + 0.5) * grown - 0.5).astype(np.float32),
        mirrored=np.zeros(len(rows), np.bool_),
    )
