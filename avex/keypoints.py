"""Keypoints without a browser: marks carried to images, points written to files and read."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from avex.console import CommandError
from explorer.annotation import Annotation, Laid, Layer, Mark, Merge
from explorer.engine import Engine
from explorer.errors import SessionError
from explorer.keypoint_templates import template
from explorer.keypoints.accepting import Acceptance, accepted_layer
from explorer.keypoints.formats.files import ENDINGS, FormatName, from_bytes, to_bytes
from explorer.keypoints.formats.photos import Sizes, confident
from explorer.keypoints.formats.reading import Reading
from explorer.keypoints.propagation import Propagator
from explorer.keypoints.sessions import Explores, MarkedSession, marked_averages, propose
from explorer.keypoints.values import Proposals
from explorer.session import Session
from index.collection import Collection as Images
from index.photographs import Photographs
from ui.rooms.room_keypoints import annotated
from ui.wire.operations import PutLayer, SetSchema

AVERAGED = 0.2
"""The part of the progress that is for the averages."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Carried:
    """What marks on averages propose for the images.

    Attributes
    ----------
    marked
        The averages.
    proposals
        In pixels of the collection's images.
    """

    marked: MarkedSession
    proposals: Proposals


@dataclass(frozen=True, slots=True)
class Counted:
    """How much a file or a layer has."""

    images: int
    points: int

    @classmethod
    def of(cls, layer: Layer) -> "Counted":
        """Count the points of a layer."""
        return cls(len(layer.images), sum(len(image.points) for image in layer.images))

    def __str__(self) -> str:
        images, points = ("" if number == 1 else "s" for number in (self.images, self.points))
        return f"{self.points} point{points} of {self.images} image{images}"


def carry(
    collection: Images,
    session: Session,
    *,
    engine: Explores | None = None,
    clusters: Collection[str] | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Carried:
    """Carry the marks of a session's averages to their images, as the page does.

    Parameters
    ----------
    collection
        The images.
    session
        The clusters, the schema, the marks, and what was placed by hand.
    engine
        Of the collection; None makes one.
    clusters
        Whose images are to have points; None: of all that are marked.
    progress
        Told how much is done, from 0 to 1.

    Raises
    ------
    SessionError
        If there is no schema, no mark, or none on a cluster that is asked for.
    """
    marked = marked_averages(
        engine or Engine(collection), session, clusters, lambda share: progress(AVERAGED * share)
    )
    proposals = propose(
        Propagator(collection),
        marked,
        session.annotation,
        Photographs(collection),
        progress=lambda share: progress(AVERAGED + (1 - AVERAGED) * share),
    )
    return Carried(marked=marked, proposals=proposals)


def counted(proposals: Proposals) -> Counted:
    """Count proposals."""
    there = np.asarray(np.isfinite(proposals.points).all(axis=-1))
    return Counted(int(np.count_nonzero(there.any(axis=1))), int(there.sum()))


def accept(
    collection: Images,
    session: Session,
    carried: Carried,
    *,
    threshold: float = 0.0,
    merge: Merge = "missing",
    author: str = "",
) -> Session:
    """Return the session with proposals laid on top, as "Accept" of the page does it.

    What was placed by hand is never covered. The layer has the time of the newest mark, so the same
    session gives the same file.

    Parameters
    ----------
    threshold
        The least confidence, from 0 to 1.
    merge
        What happens where an image has the point already.
    author
        Who accepts.

    Raises
    ------
    CommandError
        If nothing is left to accept.
    """
    annotation = session.annotation
    asked = Acceptance(
        id=new_layer_id(annotation, "accepted"),
        threshold=threshold,
        merge=merge,
    )
    layer = accepted_layer(
        carried.proposals,
        carried.marked.keypoints,
        asked,
        Photographs(collection),
        annotation.laid(),
    )
    if not layer.images:
        raise CommandError(
            "nothing is left to accept: lower the threshold, or overwrite what is there; points "
            "that were placed by hand stay"
        )
    known = {collection.image_id(image.image) for image in layer.images}
    taken = {session.clusters[carried.marked.owners[row]].id for row in known}
    clusters = tuple(one for one in carried.marked.clusters if one in taken)
    newest = max(mark.time for mark in annotation.marks)
    return laid_on(session, replace(layer, clusters=clusters, author=author, time=newest))


def with_mark(session: Session, mark: Mark) -> Session:
    """Return the session with a mark, in place of its author's earlier one of the keypoint there.

    Raises
    ------
    SessionError
        If there is no such cluster or keypoint.
    """
    annotation = session.annotation
    session.cluster(mark.cluster)
    if mark.keypoint not in annotation.schema.ids:
        known = ", ".join(annotation.schema.ids) or "none"
        raise SessionError(f"the schema's keypoints are {known}; got {mark.keypoint!r}")
    left = without_mark(session, mark.cluster, mark.keypoint, mark.author).annotation
    return replace(session, annotation=replace(left, marks=(*left.marks, mark)))


def without_mark(session: Session, cluster: str, keypoint: str, author: str) -> Session:
    """Return the session without an author's mark, if there is one."""
    annotation, gone = session.annotation, (cluster, keypoint, author)
    marks = tuple(m for m in annotation.marks if (m.cluster, m.keypoint, m.author) != gone)
    return replace(session, annotation=replace(annotation, marks=marks))


def laid_on(session: Session, *layers: Layer) -> Session:
    """Return the session with layers on top, as a room puts them there.

    Raises
    ------
    SessionError
        If a point is of no keypoint of the schema.
    """
    for layer in layers:
        put = annotated(session, PutLayer(layer=layer), layer.author, layer.time)
        session = replace(session, annotation=put)
    return session


def new_layer_id(annotation: Annotation, kind: str) -> str:
    """Return an id that no layer has, nor one begins with."""
    taken = "\n" + "-\n".join(layer.id for layer in annotation.layers) + "-"
    number = 1
    while f"\n{kind}-{number}-" in taken:
        number += 1
    return f"{kind}-{number}"


def sizes_of(collection: Images) -> Sizes:
    """Return the (height, width) of every photograph, by its name."""
    sides = (collection.images.values(side) for side in ("height", "width"))
    return dict(zip(collection.names, zip(*sides, strict=True), strict=True))


def format_of(path: Path, kind: FormatName | None) -> FormatName:
    """Return the format of a file: the one that is named, or that of its ending.

    Raises
    ------
    CommandError
        If the ending is no format's.
    """
    known = {ending: name for name, ending in ENDINGS.items()}
    found = kind or known.get(path.suffix.lower())
    if found is None:
        raise CommandError(f"--format must be {', '.join(ENDINGS)}: the ending of {path} is none's")
    return found


def export_points(
    collection: Images,
    annotation: Annotation,
    kind: FormatName,
    *,
    threshold: float = 0.0,
    author: str | None = None,
) -> tuple[bytes, Counted, tuple[str, ...]]:
    """Return the points of a session's images as a file.

    Parameters
    ----------
    collection
        The images.
    annotation
        The schema and the points.
    kind
        The format.
    threshold
        The least confidence, from 0 to 1, of points that nobody placed by hand.
    author
        Whose points; None: everybody's.

    Returns
    -------
    tuple
        The file, how much is in it, and the images that have points and are not in the collection.

    Raises
    ------
    CommandError
        If there is no point.
    FormatError
        If the format cannot hold the collection's names.
    """
    laid: Laid = confident(annotation.laid(author), threshold)
    sizes, ids = sizes_of(collection), set(annotation.schema.ids)
    there = [ids & set(points) for image, points in laid.items() if image in sizes]
    written = Counted(sum(map(bool, there)), sum(map(len, there)))
    if not written.points:
        raise CommandError(
            "the session has no points of images to write: carry its marks to them first (avex "
            "keypoints propagate), or lower the threshold"
        )
    content = to_bytes(kind, annotation.schema, laid, sizes)
    return content, written, tuple(image for image in laid if image not in sizes)


def with_template(session: Session, name: str) -> Session:
    """Return the session with a schema of `explorer.keypoint_templates`, if it has none.

    Raises
    ------
    SessionError
        If there is no such template.
    CommandError
        If the session has another schema.
    """
    schema, known = template(name), session.annotation.schema
    if known.keypoints and known != schema:
        raise CommandError(
            f"the session has a schema already, {known.name!r}: leave --template out"
        )
    return replace(session, annotation=replace(session.annotation, schema=schema))


def import_points(
    collection: Images,
    session: Session,
    content: bytes,
    kind: FormatName,
    *,
    merge: Merge = "overwrite",
    author: str = "",
) -> tuple[Session, Reading]:
    """Return the session with the points of a file laid on top, a layer for each author in it.

    Parameters
    ----------
    collection
        The images.
    session
        Its schema stays; one without keypoints takes the file's.
    content
        The file.
    kind
        Its format.
    merge
        What happens where an image has the point already.
    author
        Whose the points are that the file gives to nobody.

    Raises
    ------
    FormatError
        If it is no such file.
    CommandError
        If it has no point of the collection's images.
    """
    annotation = session.annotation
    reading = from_bytes(kind, content, sizes_of(collection), annotation.schema)
    if not reading.count:
        raise CommandError(
            "; ".join(("the file has no point of the collection's images", *reading.warnings()))
        )
    if not annotation.schema.keypoints:
        changed = annotated(session, SetSchema(schema_=reading.schema), author, 0.0)
        session = replace(session, annotation=changed)
    layer_id = new_layer_id(annotation, "imported")
    layers = reading.layers(layer_id, author=author, merge=merge)
    return laid_on(session, *layers), reading
