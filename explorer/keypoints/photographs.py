"""What is needed of the photographs behind a collection's images."""

from typing import Protocol

from explorer.arrays import DoubleArray, FloatArray


class Photographs(Protocol):
    """Goes between the images of a collection and their upright photographs."""

    def name(self, row: int) -> str:
        """Return the name of an image."""
        ...

    def row(self, name: str) -> int | None:
        """Return the image of that name, None if there is none."""
        ...

    def size(self, row: int) -> tuple[int, int]:
        """Return the (height, width) of a photograph, in pixels."""
        ...

    def to_original(self, row: int, points: FloatArray) -> DoubleArray:
        """Return where points (..., 2) of an image lie in its photograph; NaN stays NaN."""
        ...

    def from_original(self, row: int, points: DoubleArray) -> FloatArray:
        """Return where points (..., 2) of a photograph lie in its image; NaN stays NaN."""
        ...
