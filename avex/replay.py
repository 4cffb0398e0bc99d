"""A session run on a collection, its results written to files: the same input, the same bytes."""

from dataclasses import dataclass, replace
from pathlib import Path

from avex.sessions import UNPLACED, save_session
from explorer.engine import Engine
from explorer.session import Session, WeightingName
from index.collection import Collection
from ui.computing.images import encode_png
from ui.routes.export import ranking_csv


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay wrote, and what it noticed."""

    written: tuple[Path, ...]
    warnings: tuple[str, ...]


def with_weighting(session: Session, weighting: WeightingName | None, count: int | None) -> Session:
    """Return the session with another weighting, and another number of images, where given."""
    clusters = tuple(
        replace(
            cluster,
            weighting=weighting or cluster.weighting,
            count=cluster.count if count is None else count,
        )
        for cluster in session.clusters
    )
    return replace(session, clusters=clusters)


def replay_session(collection: Collection, session: Session, out: Path) -> Replay:
    """Run every cluster of a session, and write its average and its ranked list.

    Parameters
    ----------
    collection
        The images.
    session
        The edits.
    out
        A folder; it is made if it is not there.

    Raises
    ------
    EngineError
        If an edit cannot be carried out.
    OSError
        If the folder cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    engine = Engine(collection)
    written, warnings = [], []
    if session.collection not in ("", collection.name):
        warnings.append(
            f"the session was made on {session.collection!r}, this is {collection.name!r}"
        )
    for cluster in session.clusters:
        exploration = engine.explore_in(session, cluster.id)
        warnings += [
            f"cluster {cluster.id}: the edit {edit_id!r} counts for nothing: {UNPLACED}"
            for edit_id in exploration.unplaced
        ]
        average = out / f"average-{cluster.id}.png"
        average.write_bytes(encode_png(exploration.average))
        ranking = out / f"ranking-{cluster.id}.csv"
        ranking.write_text(
            ranking_csv(collection, cluster, exploration), encoding="utf-8", newline=""
        )
        written += [average, ranking]
    save_session(session, out / "session.json")
    return Replay((*written, out / "session.json"), tuple(warnings))
