"""A collection explored without a person: the session that comes of it, and its averages."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from explorer.engine import Engine, Exploration
from explorer.session import Cluster, Session
from explorer.tour import TourOptions, tour
from index.collection import Collection

ENDING = "-explored.json"


@dataclass(frozen=True, slots=True, eq=False)
class Explored:
    """What was found: a session, and each of its clusters with what its edits say."""

    session: Session
    clusters: tuple[tuple[Cluster, Exploration], ...]


def explore_collection(
    collection: Collection,
    options: TourOptions,
    *,
    progress: Callable[[float, str], None] = lambda share, what: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Explored:
    """Find sharp averages that are unlike each other.

    Parameters
    ----------
    collection
        The images.
    options
        How many averages, and how long to look for them.
    progress
        Told how much is done, from 0 to 1, and what is being done.
    is_cancelled
        Asked now and then whether to stop.

    Raises
    ------
    Cancelled
        If `is_cancelled` said True.
    """
    engine = Engine(collection)
    found = tour(
        collection,
        engine,
        collection.names,
        options,
        progress=progress,
        is_cancelled=is_cancelled,
    )
    session = replace(found, collection=collection.name)
    clusters = [(one, engine.explore_in(session, one.id)) for one in session.clusters]
    return Explored(session, tuple(clusters))


def draw_averages(explored: Explored, path: Path) -> None:
    """Write the averages side by side as PNG."""
    from evaluation.contact_sheet import SheetRow, draw_contact_sheet

    averages = [exploration.average for _, exploration in explored.clusters]
    sharpness = sum(found.sharpness for _, found in explored.clusters) / len(averages)
    title = f"{len(averages)} average{'s' if len(averages) > 1 else ''}"
    row = SheetRow(title, {"sharpness": sharpness}, averages)
    draw_contact_sheet(explored.session.collection, [row]).save(path, format="PNG")
