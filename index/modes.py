"""The modes of all spots of a collection, on disk: written part by part, read spot by spot.

A spot is three whole numbers, its side, row and column in cells, and its modes are arrays named and
shaped as the fields of `explorer.modes.values.SpotModes`. On disk they take an eighth to a quarter
of the room in memory: scores and scales are bytes, places are whole pixels.
"""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from index.errors import CollectionError
from index.files import map_array, write_array, write_atomically
from index.schema import MODES_ARRAYS, NO_MODE, PARTIAL, SCALE_STEPS, SCORE_STEPS

REMEDY = "the same `avex build` again mines the modes anew"

SpotKey: TypeAlias = tuple[int, int, int]
Arrays: TypeAlias = Mapping[str, npt.NDArray[Any]]


class ModeStore:
    """The modes of a collection, opened: arrays mapped into memory.

    Parameters
    ----------
    folder
        Where the arrays are.
    images
        How many images the collection has.

    Raises
    ------
    CollectionError
        If an array is missing, damaged or misshaped.
    """

    def __init__(self, folder: Path, images: int) -> None:
        self._folder = folder
        self._images = images
        self._arrays = {name: map_array(folder / f"{name}.npy", REMEDY) for name in MODES_ARRAYS}
        self._check()
        self._keys = _keys(self._arrays["spots"])

    @property
    def spots(self) -> list[SpotKey]:
        """The spots, in rising order."""
        return [(int(side), int(row), int(column)) for side, row, column in self._arrays["spots"]]

    @property
    def modes(self) -> int:
        """How many modes all spots have together."""
        return len(self._arrays["seeds"])

    def at(self, side: int, row: int, column: int) -> Arrays | None:
        """Return the modes of a spot, None if the spot is not there.

        Raises
        ------
        CollectionError
            If what is stored cannot be.
        """
        key = _keys(np.array([[side, row, column]]))[0]
        place = int(np.searchsorted(self._keys, key))
        if place == len(self._keys) or self._keys[place] != key:
            return None
        found = self._cut(place)
        if not self._is_sound(found):
            raise CollectionError(
                f"{self._folder} must hold modes of {self._images} images, at spot {side}, {row}, "
                f"{column} it does not: {REMEDY}"
            )
        return _unpacked(found)

    def _cut(self, place: int) -> dict[str, npt.NDArray[Any]]:
        modes = slice(*(int(first) for first in self._arrays["first_mode"][place : place + 2]))
        first = self._arrays["first_match"][modes.start : modes.stop + 1]
        matches = slice(int(first[0]), int(first[-1])) if len(first) else slice(0)
        of_axis = {"K": modes, "M": matches}
        cut = {
            name: self._arrays[name][of_axis[spec.axes[0]]]
            for name, spec in MODES_ARRAYS.items()
            if spec.axes[0] in of_axis and name != "first_match"
        }
        return {**cut, "starts": first - matches.start, "best": self._arrays["best"][place]}

    def _is_sound(self, found: Arrays) -> bool:
        modes, starts, best = len(found["seeds"]), found["starts"], found["best"]
        rows = np.concatenate([found["seeds"], found["images"], [0]])
        return bool(
            len(starts) == modes + 1
            and (np.diff(starts) >= 0).all()
            and starts[-1] == len(found["images"])
            and rows.max() < max(self._images, 1)
            and ((best < modes) | (best == NO_MODE)).all()
        )

    def _check(self) -> None:
        arrays = self._arrays
        sizes = {"N": self._images, "3": 3, "2": 2}
        for name, axis in (("spots", "S"), ("seeds", "K"), ("images", "M")):
            sizes[axis] = len(arrays[name]) if arrays[name].ndim else 0
            sizes[f"{axis}+1"] = sizes[axis] + 1
        for spec in MODES_ARRAYS.values():
            shape = tuple(sizes[axis] for axis in spec.axes.split())
            found = arrays[spec.name]
            if (found.shape, found.dtype) != (shape, np.dtype(spec.dtype)):
                raise CollectionError(
                    f"{self._folder / spec.name}.npy must be {shape} {spec.dtype}, "
                    f"is {found.shape} {found.dtype}: {REMEDY}"
                )


def write_part(path: Path, modes: Mapping[SpotKey, Arrays]) -> None:
    """Write the modes of a few spots, in one step.

    Raises
    ------
    CollectionError
        If they are more, farther off or larger than the file has room for.
    """
    pieces = [_packed(spot, arrays) for spot, arrays in modes.items()]
    part = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
    write_atomically(path, lambda file: np.savez(file, allow_pickle=False, **part))


def join_parts(parts: Sequence[Path], folder: Path) -> None:
    """Make a store of parts, those in rising order; the folder is there only when it is complete.

    Raises
    ------
    CollectionError
        If a part is damaged.
    """
    partial = folder.with_name(folder.name + PARTIAL)
    partial.mkdir(exist_ok=True)
    for spec in MODES_ARRAYS.values():
        whole = np.concatenate([_piece(part, spec.name) for part in parts])
        if spec.axes.endswith("+1"):
            whole = np.concatenate([[0], np.cumsum(whole)])
        write_array(partial / f"{spec.name}.npy", whole.astype(spec.dtype))
    partial.rename(folder)


def _piece(part: Path, name: str) -> npt.NDArray[Any]:
    try:
        with part.open("rb") as file, np.load(file, allow_pickle=False) as pieces:
            return np.asarray(pieces[name])
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise CollectionError(
            f"{part} is damaged ({error}): remove it, and the same `avex build` makes it anew"
        ) from error


def _keys(spots: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return one number a spot, that rises as the spots do."""
    side, row, column = spots.T.astype(np.int64)
    keys: npt.NDArray[np.int64] = (side << 32) | (row << 16) | column
    return keys


def _packed(spot: SpotKey, modes: Arrays) -> dict[str, npt.NDArray[Any]]:
    """Return the modes of one spot as they are stored; counts where a store has where each begins.

    `first_mode` and `first_match` are those counts.
    """
    steps = np.rint(modes["scales"] * SCALE_STEPS)
    if len(modes["seeds"]) > NO_MODE:
        raise CollectionError(
            f"a spot must have at most {NO_MODE} modes, {spot} has {len(modes['seeds'])}"
        )
    if not ((np.abs(modes["places"]) <= 127).all() and ((steps >= 1) & (steps <= 255)).all()):
        raise CollectionError(
            f"a match must be within 127 pixels and at most {255 / SCALE_STEPS} times as large, "
            f"at {spot} one is not"
        )
    best = np.where(modes["best"] < 0, NO_MODE, modes["best"])
    packed = {
        "spots": [spot],
        "first_mode": [len(modes["seeds"])],
        "seeds": modes["seeds"],
        "inliers": modes["inliers"],
        "first_match": np.diff(modes["starts"]),
        "images": modes["images"],
        "scores": np.clip(np.rint(modes["scores"] * SCORE_STEPS), 1, SCORE_STEPS),
        "places": modes["places"],
        "scales": steps,
        "best": best[None],
    }
    return {
        name: np.asarray(values).astype(MODES_ARRAYS[name].dtype) for name, values in packed.items()
    }


def _unpacked(found: Arrays) -> dict[str, npt.NDArray[Any]]:
    best = found["best"].astype(np.int32)
    best[found["best"] == NO_MODE] = -1
    return {
        "seeds": found["seeds"].astype(np.int32),
        "inliers": found["inliers"].astype(np.float32),
        "starts": found["starts"].astype(np.int32),
        "images": found["images"].astype(np.int32),
        "scores": found["scores"].astype(np.float32) / np.float32(SCORE_STEPS),
        "places": found["places"].astype(np.int32),
        "scales": found["scales"].astype(np.float32) / np.float32(SCALE_STEPS),
        "best": best,
    }
