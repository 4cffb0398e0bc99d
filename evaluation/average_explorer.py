"""Our own clusters, as the comparison wants them: a session run on a collection."""

import numpy as np

from evaluation.baselines.values import Clustering
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
        exploration = engine.explore_in(session, cluster.id)
        weights.append(exploration.weights)
        shares.append(exploration.shares)
        maps.append(exploration.maps)
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
