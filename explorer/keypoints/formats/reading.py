"""What was read from a file of keypoints, in the terms of a session."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from explorer.annotation import ImagePoint, ImagePoints, Layer, Merge
from explorer.errors import FormatError
from explorer.keypoint_schema import Keypoint, Schema
from explorer.keypoint_templates import TEMPLATES, paired

NAMES_SHOWN = 3
LONGEST_ID = 40
FACE_POINTS = 68


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file says of a collection.

    Attributes
    ----------
    schema
        The session's, where it has one; else the file's.
    points
        By author ("" where the file names none): points of the collection's images, in pixels of
        the upright photograph, the center of the first pixel at (0, 0).
    unknown
        Images of the file that the collection does not have, or has in another shape.
    notes
        Sentences about what else was not taken as it is.
    """

    schema: Schema
    points: Mapping[str, tuple[ImagePoints, ...]]
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def images(self) -> int:
        """How many images of the collection have points."""
        return len({image.image for images in self.points.values() for image in images})

    @property
    def count(self) -> int:
        """How many points there are."""
        return sum(len(image.points) for images in self.points.values() for image in images)

    def warnings(self) -> tuple[str, ...]:
        """Return everything that was not taken, in sentences."""
        if not self.unknown:
            return self.notes
        images = "image" if len(self.unknown) == 1 else "images"
        missing = f"{len(self.unknown)} {images} of the file not in the collection: "
        return (missing + listed(self.unknown), *self.notes)

    def layers(
        self, layer_id: str, *, author: str = "", time: float = 0.0, merge: Merge = "overwrite"
    ) -> tuple[Layer, ...]:
        """Return the points as layers of kind "imported", one an author.

        Parameters
        ----------
        layer_id
            Of the first; the others have a number behind it.
        author
            Whose the points are that the file gives to nobody.
        time
            Seconds since 1970.
        merge
            What happens where an image has the point already.
        """
        return tuple(
            Layer(
                id=layer_id if number == 0 else f"{layer_id}-{number + 1}",
                kind="imported",
                images=images,
                merge=merge,
                author=name or author,
                time=time,
            )
            for number, (name, images) in enumerate(self.points.items())
        )


@dataclass(slots=True)
class Gathering:
    """Points and remarks, while a file is read."""

    points: dict[str, dict[str, dict[str, ImagePoint]]] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, image: str, author: str, point: ImagePoint) -> bool:
        """Add a point; return whether it is the author's first of that image and keypoint."""
        of_image = self.points.setdefault(author, {}).setdefault(image, {})
        is_new = point.keypoint not in of_image
        of_image[point.keypoint] = point
        return is_new

    def result(self, schema: Schema) -> Reading:
        """Return all of it."""
        points = {
            author: tuple(
                ImagePoints(image=image, points=tuple(said.values()))
                for image, said in images.items()
            )
            for author, images in self.points.items()
        }
        return Reading(
            schema=schema, points=points, unknown=tuple(self.unknown), notes=tuple(self.notes)
        )


def listed(names: Sequence[str]) -> str:
    """Return the first names.

    Examples
    --------
    >>> listed(["a", "b"]), listed(["a", "b", "c", "d"])
    ('a, b', 'a, b, c, ...')
    """
    return ", ".join(names[:NAMES_SHOWN]) + (", ..." if len(names) > NAMES_SHOWN else "")


def named_keypoints(names: Sequence[str]) -> tuple[Keypoint, ...]:
    """Return keypoints of names that a file has, each with an id made of its name.

    Examples
    --------
    >>> [keypoint.id for keypoint in named_keypoints(["Left eye", "Left-Eye", "ö"])]
    ['left-eye', 'left-eye-2', 'p2']
    """
    found: dict[str, Keypoint] = {}
    for number, name in enumerate(names):
        plain = re.sub("[^a-z0-9_-]+", "-", name.lower()).strip("-")[:LONGEST_ID] or f"p{number}"
        keypoint_id, again = plain, 1
        while keypoint_id in found:
            again += 1
            keypoint_id = f"{plain}-{again}"
        found[keypoint_id] = Keypoint(id=keypoint_id, name=name or keypoint_id)
    return tuple(found.values())


def distinct_names(schema: Schema) -> list[str]:
    """Return the names of the keypoints; those that several have come with their ids.

    Other tools know a keypoint by its name alone.
    """
    times = Counter(keypoint.name for keypoint in schema.keypoints)
    return [
        one.name if times[one.name] == 1 else f"{one.name} ({one.id})" for one in schema.keypoints
    ]


def numbered_schema(count: int) -> Schema:
    """Return a schema for points that a file only numbers: 68 are taken to be a face's."""
    if count == FACE_POINTS:
        return TEMPLATES["face-68"]
    return Schema(keypoints=named_keypoints([f"p{number}" for number in range(count)]))


def named_schema(name: str, names: Sequence[str]) -> Schema:
    """Return a schema of a file's names, with the pairs that they tell by "left" and "right"."""
    keypoints = named_keypoints(names)
    pairs = paired(keypoint.id for keypoint in keypoints)
    return Schema(name=name or "object", keypoints=keypoints, pairs=pairs)


def fitted_schema(mine: Schema | None, file: Schema) -> tuple[Schema, tuple[str, ...]]:
    """Return the schema to go on with, and the id in it of each keypoint of a file.

    Keypoints are the same if their ids are, or their names; if a file only numbers them, they are
    taken in order.

    Parameters
    ----------
    mine
        The session's; None, or one without keypoints, takes the file's.
    file
        The file's.

    Raises
    ------
    FormatError
        If the file has a keypoint that the session's schema does not have.
    """
    if mine is None or not mine.keypoints:
        return file, file.ids
    known = {one.name.casefold(): one.id for one in mine.keypoints} | {one: one for one in mine.ids}
    found = [known.get(one.id) or known.get(one.name.casefold()) for one in file.keypoints]
    if _is_numbered(file.keypoints) and not all(found):
        if len(file.ids) != len(mine.ids):
            raise FormatError(
                f"the file has {len(file.ids)} numbered keypoints, the schema {mine.name!r} has "
                f"{len(mine.ids)}: they must be as many"
            )
        return mine, mine.ids
    strange = [one.name for one, there in zip(file.keypoints, found, strict=True) if not there]
    if strange:
        raise FormatError(
            f"the file has keypoints that the schema {mine.name!r} does not have: "
            f"{listed(strange)} ({len(strange)} of {len(found)}); rename them or add them first"
        )
    ids = [one for one in found if one]
    if len(set(ids)) != len(ids):
        raise FormatError(f"several keypoints of the file are the same one of {mine.name!r}")
    return mine, tuple(ids)


def _is_numbered(keypoints: Iterable[Keypoint]) -> bool:
    return all(re.fullmatch(r"\D{0,2}\d+|keypoint[ _-]?\d+", one.name) for one in keypoints)
