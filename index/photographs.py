"""The photographs behind a collection's images: names, sizes, and points in their own pixels."""

from collections.abc import Sequence
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt

from index.collection import Original
from index.fitting import Fit, from_original, to_original
from index.manifest import Manifest


class Photographed(Protocol):
    """What is needed of a collection; `index.collection.Collection` has it."""

    @property
    def manifest(self) -> Manifest:
        """What the collection consists of."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """The name of each image, by its row."""
        ...

    def image_id(self, name: str) -> int | None:
        """Return the row of the image of that name, or None if the collection has none."""
        ...

    def original(self, image_id: int) -> Original:
        """Return where the original of an image is, and its size."""
        ...


class Photographs:
    """Goes between the images of a collection and their upright photographs.

    It satisfies `explorer.keypoints.photographs.Photographs` without knowing it.

    Parameters
    ----------
    collection
        Whose images.
    """

    def __init__(self, collection: Photographed) -> None:
        self._collection = collection
        manifest = collection.manifest
        self._size = manifest.height, manifest.width
        self._fit = cast(Fit, manifest.options.get("fit", "stretch"))

    def name(self, row: int) -> str:
        """Return the name of an image."""
        return self._collection.names[row]

    def row(self, name: str) -> int | None:
        """Return the image of that name, None if there is none."""
        return self._collection.image_id(name)

    def size(self, row: int) -> tuple[int, int]:
        """Return the (height, width) of a photograph, in pixels."""
        original = self._collection.original(row)
        return original.height, original.width

    def to_original(self, row: int, points: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Return where points (..., 2) of an image lie in its photograph; NaN stays NaN."""
        return to_original(points, self.size(row), self._size, self._fit)

    def from_original(self, row: int, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
        """Return where points (..., 2) of a photograph lie in its image; NaN stays NaN."""
        return from_original(points, self.size(row), self._size, self._fit)
