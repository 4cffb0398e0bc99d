"""A session for scripts and notebooks: paint, look at the average, undo, save."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from avex.modes import DEFAULT_SIZE, OfferedMode, finder_of, modes_at, offered
from avex.sessions import load_session, save_session
from explorer.arrays import ByteArray
from explorer.edits import (
    ColorStroke,
    Edit,
    EditId,
    ImageVerdict,
    LikeImage,
    ModePick,
    Point,
    Rgb,
    SketchStroke,
)
from explorer.engine import Engine, Exploration
from explorer.modes.ranking import OFFERED
from explorer.session import Cluster, Entry
from explorer.session import Session as SessionValue
from index.collection import Collection, open_collection
from ui.images import encode_png

PAINT_RADIUS = 0.06
SKETCH_RADIUS = 0.01


@dataclass(frozen=True, slots=True)
class Ranked:
    """An image by its place in the list, with its share of the average and its score."""

    rank: int
    name: str
    weight: float
    score: float


class Session:
    """One average of a collection and the edits that shape it; it shows itself in a notebook.

    Every method that edits returns the session, so calls can be chained. Points are canvas units:
    (x, y) in [0, 1], y down.

    Parameters
    ----------
    collection
        A collection, or the path of one.
    cluster
        Edits to begin with; none by default.
    author
        Whose name the edits carry.
    """

    def __init__(
        self, collection: Collection | str | Path, cluster: Cluster | None = None, author: str = ""
    ) -> None:
        if not isinstance(collection, Collection):
            collection = open_collection(collection)
        self.collection = collection
        self._engine = Engine(self.collection)
        self._finder = finder_of(self.collection)
        self._author = author
        self._past: list[Cluster] = [cluster or Cluster()]
        self._future: list[Cluster] = []
        self._explored: tuple[Cluster, Exploration] | None = None

    @classmethod
    def load(cls, collection: Collection | str | Path, path: str | Path) -> "Session":
        """Open the first average of a saved session."""
        return cls(collection, load_session(path).clusters[0])

    @property
    def cluster(self) -> Cluster:
        """The edits as they are now: a value that never changes."""
        return self._past[-1]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits in their order."""
        return self.cluster.edits

    @property
    def exploration(self) -> Exploration:
        """Weights, scores and contributions of all images; computed when first asked for."""
        if self._explored is None or self._explored[0] != self.cluster:
            self._explored = (self.cluster, self._engine.explore(self.cluster))
        return self._explored[1]

    @property
    def average(self) -> ByteArray:
        """(H, W, 3) uint8, sRGB: the average."""
        return self.exploration.average

    def paint(
        self,
        color: Rgb,
        path: Sequence[Point],
        *,
        radius: float = PAINT_RADIUS,
        strength: float = 1.0,
    ) -> "Session":
        """Paint a color along a path: images that show it there weigh more."""
        points = tuple((float(x), float(y)) for x, y in path)
        return self.put(
            ColorStroke(
                id=self._new_id(), paths=(points,), radius=radius, color=color, strength=strength
            )
        )

    def sketch(
        self,
        *paths: Sequence[Point],
        radius: float = SKETCH_RADIUS,
        strength: float = 1.0,
    ) -> "Session":
        """Draw the lines of one shape: images that have edges there weigh more."""
        lines = tuple(tuple((float(x), float(y)) for x, y in path) for path in paths)
        return self.put(
            SketchStroke(id=self._new_id(), paths=lines, radius=radius, strength=strength)
        )

    def modes(
        self, x: float, y: float, size: float = DEFAULT_SIZE, *, count: int = OFFERED
    ) -> list[OfferedMode]:
        """Return what many images of the average share around a point, to pick from.

        Parameters
        ----------
        x, y
            The middle of the patch, in canvas units.
        size
            Side of the patch in the collection's pixels: 32, 48, 80 or 128, or nearly.
        count
            How many modes at most.

        Returns
        -------
        list of OfferedMode
            The one that counts most first; `session.put(modes[0].edit)` asks for it.

        Raises
        ------
        ValueError
            If the point lies beside the canvas.
        CollectionError
            If the collection is too small to have modes.
        """
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise ValueError(f"x and y must be canvas units, each from 0 to 1, got {x} and {y}")
        report = modes_at(
            self.collection, self.exploration, (x, y), size, count=count, finder=self._finder
        )
        return offered(self.collection, report)

    def pick(self, image: str, center: Point, size: float, *, strength: float = 1.0) -> "Session":
        """Ask for images that have something like a patch of one, around the same place.

        Parameters
        ----------
        image
            Name of the image that the patch is part of.
        center
            Its middle.
        size
            Its side, in canvas units of the width.
        strength
            How much the edit counts.
        """
        x, y = center
        middle = (float(x), float(y))
        return self.put(
            ModePick(id=self._new_id(), image=image, center=middle, size=size, strength=strength)
        )

    def like(self, image: str, *, strength: float = 1.0) -> "Session":
        """Ask for images that look like one as a whole."""
        return self.put(LikeImage(id=self._new_id(), image=image, strength=strength))

    def pin(self, image: str) -> "Session":
        """Make an image weigh as much as the best."""
        return self.put(ImageVerdict(id=self._new_id(), image=image, verdict="pin"))

    def exclude(self, image: str) -> "Session":
        """Make an image weigh nothing."""
        return self.put(ImageVerdict(id=self._new_id(), image=image, verdict="exclude"))

    def put(self, edit: Edit) -> "Session":
        """Add an edit, or replace the one with its id."""
        entry = Entry(edit=edit, author=self._author, time=time.time())
        return self._become(self.cluster.put(entry))

    def remove(self, edit_id: EditId) -> "Session":
        """Remove an edit."""
        return self._become(self.cluster.remove(edit_id))

    def focus(self, count: int | None) -> "Session":
        """Make the average of about so many images; None narrows as edits are added."""
        return self._become(replace(self.cluster, count=count))

    def undo(self) -> "Session":
        """Take the last change back; without one nothing happens."""
        if len(self._past) > 1:
            self._future.append(self._past.pop())
        return self

    def redo(self) -> "Session":
        """Do again what was taken back last."""
        if self._future:
            self._past.append(self._future.pop())
        return self

    def top(self, count: int = 20) -> list[Ranked]:
        """Return the images that weigh most, best first."""
        explored = self.exploration
        return [
            Ranked(
                rank,
                self.collection.names[row],
                float(explored.weights[row]),
                float(explored.scores[row]),
            )
            for rank, row in enumerate(explored.top[:count].tolist(), start=1)
        ]

    def save(self, path: str | Path) -> None:
        """Write the edits as JSON, for the page, for `avex replay` and for `Session.load`."""
        save_session(SessionValue(collection=self.collection.name, clusters=(self.cluster,)), path)

    def __repr__(self) -> str:
        return (
            f"<Session on {self.collection.name}: {len(self.edits)} edits, "
            f"{self.exploration.effective_images:.0f} images effectively>"
        )

    def _repr_png_(self) -> bytes:
        """Return the average, for a notebook."""
        return encode_png(self.average)

    def _become(self, cluster: Cluster) -> "Session":
        if cluster != self.cluster:
            self._past.append(cluster)
            self._future.clear()
        return self

    def _new_id(self) -> EditId:
        taken = {edit.id for past in self._past for edit in past.edits}
        number = len(taken) + 1
        while f"e{number}" in taken:
            number += 1
        return f"e{number}"
