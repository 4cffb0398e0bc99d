"""How well edits find objects that were planted in photographs, of which the places are known."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from evaluation.intervals import mean_interval
from evaluation.scenes import (
    RED,
    SIDE,
    Photographs,
    Scene,
    shifted_copies,
    small_cars,
    turned_cars,
    two_figures,
)
from explorer.edits import ColorStroke, ModePick, Reach, SketchStroke
from explorer.edits import Path as Line
from explorer.engine import Engine, Exploration
from explorer.session import Cluster, Entry
from index.collection import Collection, open_collection
from precompute.build import build
from precompute.options import BuildOptions

BEST = 50
RIGHT = 8.0  # pixels: as far from the truth as a cell is wide
CLOSE = 4.0
PROTOCOL = (
    "{draws} draws (first seed {seed}) of {count} pictures of 200 x 200 pixels; two figures: head, "
    "then body of one of two figures with the same head, each edit alone (greedy) or both together "
    "(joint), correct: share of places within 8 px of the truth in the pictures with figures; "
    "small cars, 10 to 30 % of the side wide: one edit, recall: share of them in the best 50; "
    "turned cars: every other one left for right, recall: share in as many best as there are, "
    "flags: share of them of which the engine knows whether they are; shifted copies: up to 40 px "
    "in x and y, error: mean distance from the truth in px, close: share within 4 px, sharpness: "
    "of the average, moved and unmoved, over that of the picture itself; low and high: 95 % "
    "bootstrap interval over the draws; differences are paired"
)

PlacedEdit: TypeAlias = ColorStroke | SketchStroke | ModePick
Measured: TypeAlias = dict[str, dict[str, float]]
"""Of each row, its measures."""


def evaluate_planted(
    folder: Path, *, draws: int = 5, count: int = 300, seed: int = 0
) -> dict[str, Any]:
    """Plant objects in photographs, play edits, and compare what is found with what was planted.

    Parameters
    ----------
    folder
        Photographs that show none of the objects, for the background.
    draws
        How many times everything is drawn anew.
    count
        How many pictures each collection has.
    seed
        Of the first draw.

    Returns
    -------
    dict
        "collection" (the folder's name), "protocol", and "rows": a dict for each method with the
        mean over the draws of its measures and their intervals (`_low`, `_high`); and "draws": the
        same for each draw alone.

    Raises
    ------
    CollectionError
        If the folder has no photographs.
    """
    photographs = Photographs(folder)
    drawn = [
        measure_all(photographs, np.random.default_rng(seed + number), count)
        for number in range(draws)
    ]
    return {
        "collection": folder.name,
        "protocol": PROTOCOL.format(draws=draws, seed=seed, count=count),
        "rows": [_row(method, [draw[method] for draw in drawn]) for method in drawn[0]],
        "draws": drawn,
    }


def measure_all(photographs: Photographs, rng: np.random.Generator, count: int) -> Measured:
    """Return the measures of one draw of every kind of scene."""
    measured: Measured = {}
    kinds: tuple[tuple[Callable[..., Scene], Callable[[Played], Measured]], ...] = (
        (two_figures, measure_two_figures),
        (small_cars, measure_small),
        (turned_cars, measure_turned),
        (shifted_copies, measure_shifted),
    )
    for draw, measure in kinds:
        with played(draw(photographs, rng, count)) as scene:
            measured |= measure(scene)
    return measured


class Played:
    """A scene as a collection, and an engine to play edits on it.

    Parameters
    ----------
    scene
        The pictures, in their own order.
    collection
        The same, in the order of the collection, named 0.png, 1.png and so on.
    """

    def __init__(self, scene: Scene, collection: Collection) -> None:
        self.scene = scene
        self._engine = Engine(collection)
        rows = [collection.image_id(name_of(k)) for k in range(len(scene.pictures))]
        self._rows = np.array([-1 if row is None else row for row in rows])
        self.kept = self._rows >= 0

    @property
    def holders(self) -> npt.NDArray[np.int64]:
        """Pictures that show the object, but for the one that edits are taken from."""
        return np.flatnonzero(self.kept & ~np.isnan(self.scene.places[:, 0]))[1:]

    def explore(self, *edits: PlacedEdit, **settings: Any) -> Exploration:
        """Return what edits of one cluster say, rows in the order of the collection."""
        cluster = Cluster(entries=tuple(Entry(edit=edit) for edit in edits), **settings)
        return self._engine.explore(cluster)

    def ordered(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return values of the collection's rows as values of the scene's pictures."""
        ordered: npt.NDArray[Any] = values[np.maximum(self._rows, 0)]
        return ordered

    def distances(self, found: Exploration, edit: PlacedEdit) -> npt.NDArray[np.float64]:
        """Return how far from the truth, in pixels, an edit was placed in each holder."""
        places = self.ordered(np.asarray(found.places[edit.id], np.float64))
        away = places[self.holders] - self.scene.places[self.holders]
        return np.hypot(away[:, 0], away[:, 1])

    def recall(self, found: Exploration, best: int) -> float:
        """Return the share of the holders that are among so many best, the first picture aside."""
        scores = np.where(self.kept, self.ordered(found.scores), -np.inf)[1:]
        top = np.argsort(-scores, kind="stable")[:best] + 1
        return float(np.isin(self.holders, top).mean())


def name_of(number: int) -> str:
    """Return what a scene's picture is called."""
    return f"{number}.png"


@contextmanager
def played(scene: Scene) -> Iterator[Played]:
    """Build a scene's collection in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        pictures = Path(folder) / "pictures"
        pictures.mkdir()
        for number, picture in enumerate(scene.pictures):
            cv2.imwrite(str(pictures / name_of(number)), picture[:, :, ::-1])
        out = Path(folder) / "scene.avex"
        build(pictures, out, BuildOptions(modes="none", size=(SIDE, SIDE), workers=1))
        yield Played(scene, open_collection(out))


def measure_two_figures(scene: Played) -> Measured:
    """Compare edits that are placed each alone with edits that are placed together."""
    measured: Measured = {}
    kinds: dict[str, tuple[PlacedEdit, PlacedEdit]] = {
        "mode": _figure_modes(),
        "sketch": _figure_sketches(),
    }
    for kind, (head, body) in kinds.items():
        together = scene.explore(head, body)
        of = {
            "greedy": [scene.distances(scene.explore(edit), edit) for edit in (head, body)],
            "joint": [scene.distances(together, edit) for edit in (head, body)],
        }
        for name, distances in of.items():
            right = [float((away <= RIGHT).mean()) for away in distances]
            measured[f"two figures, {kind}, {name}"] = {
                "correct": float(np.mean(right)),
                "head": right[0],
                "body": right[1],
            }
        greedy, joint = (measured[f"two figures, {kind}, {name}"] for name in of)
        measured[f"two figures, {kind}, joint less greedy"] = {
            name: joint[name] - greedy[name] for name in joint
        }
    return measured


def measure_small(scene: Played) -> Measured:
    """Compare looking near an edit with looking anywhere, for small objects at any place."""
    measured: Measured = {}
    for reach in ("near", "anywhere"):
        for kind, edit in car_edits(48, reach).items():
            found = scene.explore(edit)
            measured[f"small cars, {kind}, {reach}"] = {
                "recall": scene.recall(found, BEST),
                "correct": float((scene.distances(found, edit) <= RIGHT).mean()),
            }
    return measured


def measure_turned(scene: Played) -> Measured:
    """Compare a cluster that looks at mirrored images too with one that does not."""
    measured: Measured = {}
    truth = scene.scene.mirrored[scene.holders]
    for kind, edit in car_edits(112, "near").items():
        if kind == "color":
            continue  # a color looks the same from both sides
        for name, mirror in (("as they are", False), ("mirrored too", True)):
            found = scene.explore(edit, mirror=mirror)
            flags = scene.ordered(found.mirrored)[scene.holders]
            measured[f"turned cars, {kind}, {name}"] = {
                "recall": scene.recall(found, len(scene.holders)),
                "flags": float((flags == truth).mean()),
            }
    return measured


def measure_shifted(scene: Played) -> Measured:
    """Measure how well copies are found where they are, and how sharp their average becomes."""
    edit = _mode("middle", scene.scene.center, 80)
    settings = {"count": len(scene.holders) + 1}
    moved = scene.explore(edit, **settings)
    unmoved = scene.explore(edit, alignment="none", **settings)
    away = scene.distances(moved, edit)
    alone = scene.explore(edit, count=1, alignment="none").sharpness
    return {
        "shifted copies": {
            "error": float(away.mean()),
            "close": float((away <= CLOSE).mean()),
            "sharpness_moved": moved.sharpness / alone,
            "sharpness_unmoved": unmoved.sharpness / alone,
        }
    }


def _mode(name: str, center: tuple[float, float], side: float, reach: Reach = "near") -> ModePick:
    return ModePick(
        id=name, image=name_of(0), center=_units(*center), size=side / SIDE, reach=reach
    )


def _units(x: float, y: float) -> tuple[float, float]:
    """Return pixels as canvas units."""
    return (x + 0.5) / SIDE, (y + 0.5) / SIDE


def _figure_modes() -> tuple[ModePick, ModePick]:
    return _mode("head", (100, 76), 48), _mode("body", (100, 124), 48)


def _figure_sketches() -> tuple[SketchStroke, SketchStroke]:
    """Draw the head's outline with its mouth, and the sides of the body with its cross."""
    turns = np.linspace(0, 2 * np.pi, 25)
    oval = tuple(_units(100 + 19 * np.cos(a), 76 + 22 * np.sin(a)) for a in turns)
    cross = ((_units(85, 106), _units(115, 141)), (_units(115, 106), _units(85, 141)))
    sides = tuple((_units(x, 100), _units(x, 146)) for x in (79, 121))
    mouth = (_units(92, 88), _units(108, 88))
    return (
        SketchStroke(id="head", paths=(oval, mouth), radius=2 / SIDE),
        SketchStroke(id="body", paths=(*cross, *sides), radius=2 / SIDE),
    )


def car_edits(width: float, reach: Reach) -> Mapping[str, PlacedEdit]:
    """Paint, draw and pick the car of picture 0, which is so many pixels wide."""
    unit = width / 80

    def at(x: float, y: float) -> tuple[float, float]:
        return _units(100 + (x - 40) * unit, 100 + (y - 20) * unit)

    outline: Line = tuple(at(*p) for p in ((3, 31), (3, 17), (14, 3), (38, 3), (52, 17), (78, 17)))
    front: Line = (at(78, 17), at(78, 31))
    wheels = tuple(
        tuple(at(x + 8 * np.cos(a), 31 + 8 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 13))
        for x in (16, 61)
    )
    side: Line = (at(8, 23), at(72, 23))
    return {
        "color": ColorStroke(
            id="car", paths=(side,), radius=7 * unit / SIDE, color=RED, reach=reach
        ),
        "sketch": SketchStroke(
            id="car", paths=(outline, front, *wheels), radius=2 / SIDE, reach=reach
        ),
        "mode": _mode("car", (100, 100), width, reach),
    }


def _row(method: str, draws: list[dict[str, float]]) -> dict[str, Any]:
    row: dict[str, Any] = {"method": method}
    for name in draws[0]:
        values = np.array([draw[name] for draw in draws])
        low, high = mean_interval(values)
        row |= {name: float(values.mean()), f"{name}_low": low, f"{name}_high": high}
    return row
