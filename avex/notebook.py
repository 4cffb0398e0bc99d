"""A session for scripts and notebooks: paint, look at the average, undo, save."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from avex.modes import DEFAULT_SIZE, OfferedMode, modes_at, offered
from avex.notebook_keypoints import NotebookKeypoints
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
from explorer.modes.ranking import OFFERED

PAINT_RADIUS = 0.06
SKETCH_RADIUS = 0.01


@dataclass(frozen=True, slots=True)
class Ranked:
    """An image by its place in the list, with its share of the average and its score."""

    rank: int
    name: str
    weight: float
    score: float


class Session(NotebookKeypoints):
    """Averages of a collection and the edits that shape them; it shows itself in a notebook.

    Every method that edits returns the session, so calls can be chained. Edits go to the cluster
    in focus: there is one at first. Points are canvas units: (x, y) in [0, 1], y down.

    Parameters
    ----------
    collection
        A collection, or the path of one.
    start
        A session or a cluster to begin with; one average of all images by default.
    author
        Whose name the edits carry.
    """

    def paint(
        self,
        color: Rgb,
        path: Sequence[Point],
        *,
        radius: float = PAINT_RADIUS,
        strength: float = 1.0,
    ) -> Self:
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
    ) -> Self:
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

    def pick(self, image: str, center: Point, size: float, *, strength: float = 1.0) -> Self:
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

    def like(self, image: str, *, strength: float = 1.0) -> Self:
        """Ask for images that look like one as a whole."""
        return self.put(LikeImage(id=self._new_id(), image=image, strength=strength))

    def pin(self, image: str) -> Self:
        """Make an image weigh as much as the best."""
        return self.put(ImageVerdict(id=self._new_id(), image=image, verdict="pin"))

    def exclude(self, image: str) -> Self:
        """Make an image weigh nothing."""
        return self.put(ImageVerdict(id=self._new_id(), image=image, verdict="exclude"))

    def put(self, edit: Edit) -> Self:
        """Add an edit to the cluster in focus, or replace the one with its id."""
        return self._become(self.value.put_cluster(self.cluster.put(self._signed(edit))))

    def remove(self, edit_id: EditId) -> Self:
        """Remove an edit of the cluster in focus."""
        return self._become(self.value.put_cluster(self.cluster.remove(edit_id)))

    def focus(self, count: int | None) -> Self:
        """Make the average of about so many images; None narrows as edits are added."""
        return self._change(count=count)

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
