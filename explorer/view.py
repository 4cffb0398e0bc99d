"""What the engine needs of a collection. `index.Collection` satisfies it without knowing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy.typing as npt


class View(Protocol):
    """A collection of N images of one size, as arrays in shards.

    A shard holds up to a thousand or so consecutive images; image i of the collection is image
    `i - starts[s]` of shard s. Features and their axes are listed in `index/schema.py`.
    """

    @property
    def size(self) -> int:
        """How many images there are, N."""
        ...

    @property
    def height(self) -> int:
        """Height of every image, in pixels."""
        ...

    @property
    def width(self) -> int:
        """Width of every image, in pixels."""
        ...

    def shards(self, feature: str) -> Sequence[npt.NDArray[Any]]:
        """Return the arrays of one feature, one a shard, memory-mapped and read-only."""
        ...

    def statistics(self, name: str) -> npt.NDArray[Any]:
        """Return one array of the statistics of the natural visual world, by its schema name."""
        ...

    def image_id(self, name: str) -> int | None:
        """Return the row of the image of that name, or None if the collection has none."""
        ...


@dataclass(frozen=True, slots=True)
class FirstImages:
    """The first shards of a view, whole ones with at least `wished` images if there are as many.

    The order of a collection is pseudo-random, so they are a fair sample of it.
    """

    view: View
    wished: int

    @property
    def size(self) -> int:
        """How many images the shards hold."""
        return sum(map(len, self.shards("pixels")))

    @property
    def height(self) -> int:
        """Height of every image, in pixels."""
        return self.view.height

    @property
    def width(self) -> int:
        """Width of every image, in pixels."""
        return self.view.width

    def shards(self, feature: str) -> Sequence[npt.NDArray[Any]]:
        """Return the arrays of one feature in the first shards."""
        held, count = 0, 0
        for shard in self.view.shards("pixels"):
            if held >= self.wished:
                break
            held, count = held + len(shard), count + 1
        return self.view.shards(feature)[:count]

    def statistics(self, name: str) -> npt.NDArray[Any]:
        """Return one array of the statistics of the natural visual world."""
        return self.view.statistics(name)

    def image_id(self, name: str) -> int | None:
        """Return the row of the image of that name, or None if it is not among these."""
        row = self.view.image_id(name)
        return row if row is not None and row < self.size else None
