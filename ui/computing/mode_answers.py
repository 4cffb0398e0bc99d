"""What is said about the modes under the cursor: the message for a hover, pictures included."""

from dataclasses import dataclass

from explorer.arrays import FloatArray
from explorer.edits import Point
from explorer.matching import CELL
from explorer.modes.averages import average_patch
from explorer.modes.ranking import pick_of, rank_modes
from explorer.modes.spots import Spot, sides_of, spot_at
from explorer.modes.values import RankedMode, SpotModes
from explorer.session import Session
from explorer.view import View
from ui.computing.images import jpeg_text
from ui.library import Library
from ui.wire.figures import ModeMessage, Modes

FEWEST_IMAGES = 2
"""A mode is what images share."""

USUAL_SIZE = 48
"""Side of the patch, in pixels, where none is asked for."""

SMALLEST = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class HoverJob:
    """A hover to be answered.

    Attributes
    ----------
    key
        Whom it is for, room and member: a newer job of the same key takes its place.
    collection
        The collection's name in URLs.
    session, cluster
        The clusters, and the id of the one whose images count, and how much.
    revision, request
        The room's revision, and the hover's number of its connection.
    point
        The cursor, (x, y) in canvas units.
    size
        Wished side of the patch, in pixels.
    """

    key: tuple[str, str]
    collection: str
    session: Session
    cluster: str
    revision: int
    request: int
    point: Point
    size: int


def spot_of(view: View, point: Point, size: float) -> Spot | None:
    """Return the spot under a cursor, None if the collection is too small to have modes.

    Parameters
    ----------
    view
        The collection.
    point
        The cursor, (x, y) in canvas units.
    size
        Wished side of the patch, in pixels.
    """
    if view.size < FEWEST_IMAGES or not sides_of(view.height, view.width):
        return None
    return spot_at(point, size, view.height, view.width)


def no_modes(view: View, job: HoverJob) -> Modes:
    """Return the answer of a collection that has no modes anywhere."""
    return Modes(
        revision=job.revision,
        request=job.request,
        cluster=job.cluster,
        box=(0.0, 0.0, 1.0, 1.0),
        size=min(view.height, view.width),
        sizes=(),
        is_final=True,
        modes=(),
    )


def messages_of(library: Library, found: SpotModes, weights: FloatArray) -> tuple[ModeMessage, ...]:
    """Return the modes that an average shows at a spot, best first, with their pictures.

    Parameters
    ----------
    library
        The collection.
    found
        The modes of the spot; a coarse guess knows only the first images.
    weights : (N,) float32
        Each image's share of the average.
    """
    sample = weights[: len(found.best)]
    weights = sample / max(float(sample.sum()), SMALLEST)
    ranked = [mode for mode in rank_modes(found, weights) if mode.merit > 0]
    return tuple(_message(library, found, mode, weights) for mode in ranked)


def modes_of(
    view: View, job: HoverJob, spot: Spot, modes: tuple[ModeMessage, ...], *, is_final: bool
) -> Modes:
    """Return the answer to a hover: the modes at its spot, and where that is."""
    x, y, side, _ = spot.box
    width, height = view.width, view.height
    return Modes(
        revision=job.revision,
        request=job.request,
        cluster=job.cluster,
        box=(x / width, y / height, side / width, side / height),
        size=side,
        sizes=tuple(cells * CELL for cells in sides_of(height, width)),
        is_final=is_final,
        modes=modes,
    )


def _message(
    library: Library, found: SpotModes, mode: RankedMode, weights: FloatArray
) -> ModeMessage:
    image = library.names[int(found.seeds[mode.index])]
    pick = pick_of(found, mode.index, image, (library.height, library.width), "mode")
    patch = average_patch(library, found, mode.index, weights)
    return ModeMessage(
        image=image,
        center=pick.center,
        size=pick.size,
        share=mode.share,
        images=mode.images,
        inlier=float(found.inliers[mode.index]),
        picture=jpeg_text(patch),
    )
