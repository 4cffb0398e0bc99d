"""Keypoints in a notebook: marked on averages, carried to images, accepted, to and from files."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np

from avex.keypoints import (
    Carried,
    accept,
    carry,
    export_points,
    format_of,
    import_points,
    with_mark,
    without_mark,
)
from avex.notebook_clusters import NotebookClusters
from explorer.annotation import ImagePoint, Mark, Merge
from explorer.keypoint_schema import Schema
from explorer.keypoint_templates import template
from explorer.keypoints.formats.files import FormatName
from explorer.session import Session
from index.files import write_atomically
from index.photographs import Photographs


@dataclass(frozen=True, slots=True)
class ProposedImage:
    """The keypoints that marks propose for an image.

    Attributes
    ----------
    name
        Of the image.
    confidence
        The mean of its points'.
    points
        By keypoint: x and y in pixels of the upright original, the center of the first pixel at
        (0, 0), and the confidence from 0 to 1.
    """

    name: str
    confidence: float
    points: Mapping[str, tuple[float, float, float]]


class NotebookKeypoints(NotebookClusters):
    """The methods for keypoints. Marks go to the average of the cluster in focus."""

    _carried: tuple[Session, Carried] | None = None
    """What was proposed last, and for which session."""

    def use_schema(self, schema: Schema | str) -> Self:
        """Say which keypoints there are.

        Parameters
        ----------
        schema
            A schema, or the name of a template: "face-68", "face-5" or "coco-person". Points of
            keypoints that it does not have are kept.

        Raises
        ------
        SessionError
            If there is no such template.
        """
        schema = template(schema) if isinstance(schema, str) else schema
        changed = replace(self.value.annotation, schema=schema)
        return self._become(replace(self.value, annotation=changed))

    def mark(self, keypoint: str, x: float, y: float) -> Self:
        """Place a keypoint on the average in focus, or move it, in canvas units.

        Raises
        ------
        SessionError
            If the schema has no such keypoint, or the point lies beside the canvas.
        """
        mark = Mark(
            cluster=self.cluster.id,
            keypoint=keypoint,
            at=(float(x), float(y)),
            author=self._author,
            time=time.time(),
        )
        return self._become(with_mark(self.value, mark))

    def unmark(self, keypoint: str) -> Self:
        """Take your mark of a keypoint off the average in focus; without one nothing happens."""
        return self._become(without_mark(self.value, self.cluster.id, keypoint, self._author))

    def propagate(self, clusters: Collection[str] | None = None) -> list[ProposedImage]:
        """Carry the marks to the images, and return what they propose, the least sure first.

        Nothing is written: `accept` does that.

        Parameters
        ----------
        clusters
            Ids of those whose images are to have points; all that are marked by default.

        Raises
        ------
        SessionError
            If there is no schema, no mark, or none on a cluster that is asked for.
        """
        return sorted(self._proposed(self._carry(clusters)), key=lambda image: image.confidence)

    def accept(self, threshold: float = 0.0, *, merge: Merge = "missing") -> Self:
        """Take what was proposed as points of the images; `undo` takes them back.

        Parameters
        ----------
        threshold
            The least confidence, from 0 to 1.
        merge
            Whether points that an image has already stay ("missing") or are replaced
            ("overwrite"); those placed by hand always stay.

        Raises
        ------
        CommandError
            If nothing is left to accept.
        """
        known = self._carried
        carried = known[1] if known and known[0] == self.value else self._carry()
        accepted = accept(
            self.collection,
            self.value,
            carried,
            threshold=threshold,
            merge=merge,
            author=self._author,
        )
        self._become(accepted)
        self._carried = self.value, carried
        return self

    def points(self, author: str | None = None) -> dict[str, dict[str, ImagePoint]]:
        """Return the points of the images, by name and keypoint: everybody's, or one author's."""
        return {
            image: {keypoint: one.point for keypoint, one in points.items()}
            for image, points in self.value.annotation.laid(author).items()
        }

    def export_points(
        self, path: str | Path, *, format: FormatName | None = None, threshold: float = 0.0
    ) -> None:
        """Write the points of the images: COCO (.json), YOLO-pose (.zip) or a table (.csv).

        Raises
        ------
        CommandError
            If there is no point, or the file's ending is no format's.
        """
        kind = format_of(Path(path), format)
        annotation = self.value.annotation
        content, _, _ = export_points(self.collection, annotation, kind, threshold=threshold)
        write_atomically(Path(path), lambda file: file.write(content))

    def import_points(
        self, path: str | Path, *, format: FormatName | None = None, merge: Merge = "overwrite"
    ) -> tuple[str, ...]:
        """Lay the points of a file on those of the images, and return what was not taken.

        Raises
        ------
        FormatError
            If it is no such file.
        CommandError
            If it has no point of the collection's images.
        """
        kind, content = format_of(Path(path), format), Path(path).read_bytes()
        session, reading = import_points(
            self.collection, self.value, content, kind, merge=merge, author=self._author
        )
        self._become(session)
        return reading.warnings()

    def _carry(self, clusters: Collection[str] | None = None) -> Carried:
        carried = carry(self.collection, self.value, engine=self._engine, clusters=clusters)
        self._carried = self.value, carried
        return carried

    def _proposed(self, carried: Carried) -> list[ProposedImage]:
        found, photographs = carried.proposals, Photographs(self.collection)
        images = []
        for number, row in enumerate(found.rows.tolist()):
            there = photographs.to_original(row, found.points[number])
            points = {
                keypoint: (float(x), float(y), float(sure))
                for keypoint, (x, y), sure in zip(
                    carried.marked.keypoints, there, found.confidence[number], strict=True
                )
                if np.isfinite(x) and np.isfinite(y)
            }
            sure = float(np.mean([one[2] for one in points.values()])) if points else 0.0
            images.append(ProposedImage(photographs.name(row), sure, points))
        return images
