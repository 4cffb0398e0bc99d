"""Our own clusters, as the comparison wants them: a session run on a collection."""

from typing import Any

import numpy as np

from evaluation.baselines.values import Clustering
from explorer.alignment.maps import Maps
from explorer.arrays import FloatArray
from explorer.edits import LikeImage
from explorer.engine import Engine
from explorer.session import Cluster, Entry, Session
from explorer.start import start_averages, widened
from index.collection import Collection

NAME = "average-explorer"


def clusters_of(collection: Collection, session: Session) -> Clustering:
    """Run a session: its averages' weights and warps, each image in the cluster that it is most of.

    Raises
    ------
    EngineError
        If an edit cannot be carried out.
    """
    engine = Engine(collection)
    weights, shares, maps = [], [], []
    for cluster in session.clusters:
        exploration = _explored(engine, session, cluster)
        weights.append(exploration.weights)
        shares.append(_shares(exploration))
        found = getattr(exploration, "maps", None)
        maps.append(found if isinstance(found, Maps) else None)
    return Clustering(
        name=NAME,
        weights=np.stack(weights, axis=1),
        labels=np.stack(shares, axis=1).argmax(axis=1).astype(np.int32),
        maps=tuple(maps),
    ).by_size()


def started(collection: Collection, clusters: int) -> Session:
    """Return a session of K very different averages of whole images, one edit each."""
    engine, names, plain = Engine(collection), collection.names, Cluster()
    offers = start_averages(
        collection,
        lambda row: engine.explore(plain, live=LikeImage(id="e1", image=names[row])),
        engine.explore(widened(plain, collection.size)).weights,
        clusters,
    )
    made = [
        Cluster(
            id=f"c{number}",
            name=f"Average {number}",
            entries=(Entry(edit=LikeImage(id="e1", image=names[offer.image])),),
        )
        for number, offer in enumerate(offers, 1)
    ]
    return Session(collection=collection.name, clusters=tuple(made))


def _explored(engine: Engine, session: Session, cluster: Cluster) -> Any:
    together = getattr(engine, "explore_in", None)
    return together(session, cluster.id) if together else engine.explore(cluster)


def _shares(exploration: Any) -> FloatArray:
    """Return each image's share in a cluster, (N,) float32; its score, where shares are none."""
    shares = getattr(exploration, "shares", None)
    return np.asarray(exploration.scores if shares is None else shares, np.float32)
