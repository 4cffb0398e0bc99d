"""Our own clusters, as the comparison wants them: a session run on a collection."""

import numpy as np

from evaluation.baselines.values import Clustering, Tell
from explorer.engine import Engine
from explorer.session import Session
from explorer.tour import TourOptions, tour
from index.collection import Collection

NAME = "average-explorer"
STEPS = 100


def clusters_of(
    collection: Collection,
    session: Session | None,
    options: TourOptions,
    tell: Tell = lambda done, total: None,
) -> Clustering:
    """Run a session: its averages' weights and warps, each image in the cluster that it is most of.

    Parameters
    ----------
    collection
        The collection.
    session
        The clusters; None lets the automatic explorer find them.
    options
        What it is asked for.
    tell
        Is told how far it is.

    Raises
    ------
    EngineError
        If an edit cannot be carried out.
    """
    engine = Engine(collection)
    if session is None:
        session = tour(
            collection,
            engine,
            collection.names,
            options,
            progress=lambda share, what: tell(round(STEPS * share), STEPS),
        )
    found = [engine.explore_in(session, cluster.id) for cluster in session.clusters]
    return Clustering(
        name=NAME,
        weights=np.stack([one.weights for one in found], axis=1),
        labels=np.stack([one.shares for one in found], axis=1).argmax(axis=1).astype(np.int32),
        maps=tuple(one.maps for one in found),
    ).by_size()
