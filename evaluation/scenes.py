"""Photographs with objects drawn into them, so that it is known where each image shows what.

The objects are drawn here: figures of a head and a body, and cars. Colors, brightness and small
differences of shape are drawn anew for every image.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from explorer.arrays import ByteArray
from index.errors import CollectionError

SIDE = 200
FINE = 4
"""Objects are drawn this much larger, and then reduced."""
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
RED = (190, 40, 45)

DoubleArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """Pictures, and where the object is in them. N pictures.

    Attributes
    ----------
    pictures : (N, 200, 200, 3) uint8
        Number 0 shows the object as it is asked for.
    places : (N, 2) float64
        Offset (x, y) in pixels of the object from where it is in picture 0; nan if it is not there.
    sizes : (N,) float64
        The object's size in sizes of that in picture 0; nan if it is not there.
    mirrored : (N,) bool
        Where it is left for right.
    center
        The object's middle in picture 0, (x, y) in pixels.
    """

    pictures: ByteArray
    places: DoubleArray
    sizes: DoubleArray
    mirrored: npt.NDArray[np.bool_]
    center: tuple[float, float]


class Photographs:
    """Draws backgrounds out of a folder of photographs.

    Parameters
    ----------
    folder
        Photographs, in any depth of folders.

    Raises
    ------
    CollectionError
        If there is none.
    """

    def __init__(self, folder: Path) -> None:
        self._paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
        if not self._paths:
            raise CollectionError(f"{folder} has no photographs: give a folder with some")

    def draw(self, count: int, side: int, rng: np.random.Generator) -> list[ByteArray]:
        """Return squares cut out of photographs, each photograph as seldom as possible."""
        rounds = [rng.permutation(len(self._paths)) for _ in range(-(-count // len(self._paths)))]
        chosen = np.concatenate(rounds)[:count]
        return [_square(self._paths[k], side, rng) for k in chosen]


def _square(path: Path, side: int, rng: np.random.Generator) -> ByteArray:
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise CollectionError(f"{path} is no photograph that can be read: take it away")
    height, width = image.shape[:2]
    factor = side * rng.uniform(1.0, 1.3) / min(height, width)
    size = max(side, round(width * factor)), max(side, round(height * factor))
    image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)[:, :, ::-1]
    top = rng.integers(image.shape[0] - side + 1)
    left = rng.integers(image.shape[1] - side + 1)
    cut = image[top : top + side, left : left + side]
    return np.ascontiguousarray(cut[:, :: 1 if rng.random() < 0.5 else -1])


def paste(
    picture: ByteArray, drawing: ByteArray, center: tuple[float, float], height: float
) -> ByteArray:
    """Return a picture with a drawing (h, w, 4) in it, its middle and height in pixels."""
    scale = height / drawing.shape[0]
    x = center[0] + 0.5 - drawing.shape[1] * scale / 2
    y = center[1] + 0.5 - height / 2
    # From pixel centers to pixel centers: half a pixel of the drawing is half of `scale`.
    matrix = np.array([[scale, 0, x + scale / 2 - 0.5], [0, scale, y + scale / 2 - 0.5]])
    smooth = cv2.GaussianBlur(drawing, (0, 0), max(0.5 / scale - 0.3, 0.01))
    size = picture.shape[1], picture.shape[0]
    laid = cv2.warpAffine(smooth, matrix, size, flags=cv2.INTER_LINEAR).astype(np.float32)
    opaque = laid[..., 3:] / 255
    return np.rint(picture * (1 - opaque) + laid[..., :3] * opaque).astype(np.uint8)


def draw_figure(body: str, rng: np.random.Generator) -> ByteArray:
    """Draw a head on a body, "crossed" or "dotted": (96, 48, 4) pixels times `FINE`, RGBA."""
    drawing = np.zeros((96 * FINE, 48 * FINE, 4), np.uint8)
    skin, coat, dark = _shade((225, 185, 150), rng), _shade((70, 90, 150), rng), (25, 25, 30, 255)
    pale = (240, 240, 235, 255)
    _ellipse(drawing, (24, 24), (19, 22), skin)
    for x in (16, 32):
        _ellipse(drawing, (x, 20), (5, 4), pale)
        _ellipse(drawing, (x, 20), (2.2, 2.5), dark)
    _ellipse(drawing, (24, 36), (8, 2.5), dark)
    _rectangle(drawing, (3, 48), (45, 95), coat)
    if body == "crossed":
        for first, last in (((9, 54), (39, 89)), ((39, 54), (9, 89))):
            cv2.line(drawing, _fine(first), _fine(last), pale, 6 * FINE)
    else:
        for x, y in ((14, 58), (34, 58), (14, 72), (34, 72), (14, 86), (34, 86)):
            _ellipse(drawing, (x, y), (5, 5), pale)
    return drawing


def draw_car(rng: np.random.Generator) -> ByteArray:
    """Draw a red car that drives to the right, (40, 80, 4) pixels times `FINE`, RGBA."""
    drawing = np.zeros((40 * FINE, 80 * FINE, 4), np.uint8)
    paint, glass = _shade(RED, rng), (185, 215, 230, 255)
    dark, light = (20, 20, 22, 255), (250, 235, 150, 255)
    cabin = np.array([(6, 17), (14, 3), (38, 3), (52, 17)]) * FINE
    cv2.fillPoly(drawing, [cabin.astype(np.int32)], paint)
    window = np.array([(25, 15), (25, 6), (37, 6), (46, 15)]) * FINE
    cv2.fillPoly(drawing, [window.astype(np.int32)], glass)
    _rectangle(drawing, (2, 16), (78, 31), paint)
    _rectangle(drawing, (72, 18), (78, 24), light)
    for x in (16, 61):
        _ellipse(drawing, (x, 31), (8, 8), dark)
        _ellipse(drawing, (x, 31), (3.5, 3.5), (200, 200, 205, 255))
    return drawing


def _shade(color: tuple[int, int, int], rng: np.random.Generator) -> tuple[int, ...]:
    shades = np.array(color) * rng.uniform(0.85, 1.1) + rng.uniform(-12, 12, 3)
    return (*np.clip(np.rint(shades), 0, 255).astype(int).tolist(), 255)


def _ellipse(
    drawing: ByteArray,
    center: tuple[float, float],
    radii: tuple[float, float],
    color: tuple[int, ...],
) -> None:
    cv2.ellipse(drawing, _fine(center), _fine(radii), 0, 0, 360, color, cv2.FILLED)


def _rectangle(
    drawing: ByteArray, first: tuple[int, int], last: tuple[int, int], color: tuple[int, ...]
) -> None:
    cv2.rectangle(drawing, _fine(first), _fine(last), color, cv2.FILLED)


def _fine(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0] * FINE), round(point[1] * FINE)


def two_figures(photographs: Photographs, rng: np.random.Generator, count: int) -> Scene:
    """Plant, in two of three pictures, a crossed figure beside a dotted one of the same head."""
    backgrounds = photographs.draw(count, SIDE, rng)
    holding = max(1, 2 * count // 3)
    middle = (100.0, 100.0)
    pictures, places = [], np.full((count, 2), np.nan)
    for k, background in enumerate(backgrounds):
        if k < holding:
            shift = rng.uniform((-32, -20), (32, 20)) if k else np.zeros(2)
            beside = shift + (rng.choice([-1, 1]) * rng.uniform(52, 62), rng.uniform(-8, 8))
            for body, offset in (("dotted", beside), ("crossed", shift)):
                at = (middle[0] + offset[0], middle[1] + offset[1])
                background = paste(background, draw_figure(body, rng), at, 96)
            places[k] = shift
        pictures.append(background)
    return _scene(pictures, places, middle)


def small_cars(photographs: Photographs, rng: np.random.Generator, count: int) -> Scene:
    """Plant, in one of six pictures, a car 10 to 30 % of the side wide, anywhere.

    In picture 0 it is as wide as 24 % of the side, and in the middle.
    """
    first = 48.0
    backgrounds = photographs.draw(count, SIDE, rng)
    holding = max(1, count // 6)
    middle = (100.0, 100.0)
    places, sizes = np.full((count, 2), np.nan), np.full(count, np.nan)
    pictures = []
    for k, background in enumerate(backgrounds):
        if k < holding:
            width = rng.uniform(0.1, 0.3) * SIDE if k else first
            margin = width / 2 + 2
            at = rng.uniform(margin, SIDE - margin, 2) if k else np.array(middle)
            background = paste(background, draw_car(rng), (at[0], at[1]), width / 2)
            places[k], sizes[k] = at - middle, width / first
        pictures.append(background)
    return _scene(pictures, places, middle, sizes=sizes)


def turned_cars(photographs: Photographs, rng: np.random.Generator, count: int) -> Scene:
    """Plant, in one of four pictures, a car near the middle, every other one left for right."""
    backgrounds = photographs.draw(count, SIDE, rng)
    holding = max(2, count // 4)
    middle = (100.0, 100.0)
    places, mirrored = np.full((count, 2), np.nan), np.zeros(count, np.bool_)
    pictures = []
    for k, background in enumerate(backgrounds):
        if k < holding:
            places[k] = rng.uniform(-24, 24, 2) if k else 0
            mirrored[k] = k % 2
            car = draw_car(rng)[:, :: -1 if mirrored[k] else 1]
            at = (middle[0] + places[k, 0], middle[1] + places[k, 1])
            background = paste(background, np.ascontiguousarray(car), at, 56)
        pictures.append(background)
    return _scene(pictures, places, middle, mirrored=mirrored)


def shifted_copies(photographs: Photographs, rng: np.random.Generator, count: int) -> Scene:
    """Fill a quarter with windows of one photograph, up to 40 pixels beside that of picture 0."""
    holding = max(2, count // 4)
    large = photographs.draw(1, SIDE + 80, rng)[0]
    places = np.full((count, 2), np.nan)
    places[:holding] = rng.integers(-40, 41, (holding, 2))
    places[0] = 0
    corners = 40 - places[:holding].astype(int)
    copies = [large[y : y + SIDE, x : x + SIDE] for x, y in corners.tolist()]
    return _scene(copies + photographs.draw(count - holding, SIDE, rng), places, (100.0, 100.0))


def _scene(
    pictures: list[ByteArray],
    places: DoubleArray,
    center: tuple[float, float],
    *,
    sizes: DoubleArray | None = None,
    mirrored: npt.NDArray[np.bool_] | None = None,
) -> Scene:
    ones = np.where(np.isnan(places[:, 0]), np.nan, 1.0)
    return Scene(
        pictures=np.stack(pictures),
        places=places,
        sizes=ones if sizes is None else sizes,
        mirrored=np.zeros(len(pictures), np.bool_) if mirrored is None else mirrored,
        center=center,
    )
