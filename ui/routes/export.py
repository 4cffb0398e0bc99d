"""Files to take home: the ranked list as a table."""

import csv
import io
from collections import Counter
from collections.abc import Iterable

import numpy as np

from explorer.arrays import FloatArray
from explorer.engine import Exploration
from explorer.session import Cluster
from ui.library import Library
from ui.wire.board import Vote


def ranking_csv(
    library: Library,
    cluster: Cluster,
    exploration: Exploration,
    votes: Iterable[Vote] | None = None,
) -> str:
    """Return every image by falling weight: rank, path, weight, score, votes, a column an edit.

    The columns `for` and `against` count the people who voted so; without a room, `votes` is None,
    and they are left out. The column of an edit that adds to no score (one switched off, a verdict
    on an image) is empty.
    """
    said = Counter((vote.image, vote.value) for vote in votes or ())
    voted = [] if votes is None else ["for", "against"]
    columns = [exploration.contributions.get(edit.id) for edit in cluster.edits]
    numbers = [exploration.weights, exploration.scores, *columns]
    order = np.lexsort((-exploration.scores, -exploration.weights))
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    edits = [edit.id for edit in cluster.edits]
    table.writerow(["rank", "path", "weight", "score", *voted, *edits])
    for rank, image_id in enumerate(order.tolist(), start=1):
        name = library.names[image_id]
        values = ["" if column is None else f"{column[image_id]:.6g}" for column in numbers]
        votes_of = [] if votes is None else [said[name, 1], said[name, -1]]
        table.writerow([rank, name, *values[:2], *votes_of, *values[2:]])
    return text.getvalue()


def heaviest_only(weights: FloatArray, limit: int) -> FloatArray:
    """Return weights (N,) in which all but the `limit` greatest are 0, and which sum to 1."""
    kept = np.zeros_like(weights)
    rows = np.argsort(-weights, kind="stable")[:limit]
    kept[rows] = weights[rows] / weights[rows].sum()
    return kept
