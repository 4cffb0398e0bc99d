"""Files to take home: the ranked list as a table."""

import csv
import io

import numpy as np

from explorer.arrays import FloatArray
from explorer.engine import Exploration
from explorer.session import Cluster
from ui.library import Library


def ranking_csv(library: Library, cluster: Cluster, exploration: Exploration) -> str:
    """Return every image by falling weight: rank, path, weight, score, one column for each edit.

    The column of an edit that adds to no score (one switched off, a verdict on an image) is empty.
    """
    columns = [exploration.contributions.get(edit.id) for edit in cluster.edits]
    numbers = [exploration.weights, exploration.scores, *columns]
    order = np.lexsort((-exploration.scores, -exploration.weights))
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["rank", "path", "weight", "score", *(edit.id for edit in cluster.edits)])
    for rank, image_id in enumerate(order.tolist(), start=1):
        values = ["" if column is None else f"{column[image_id]:.6g}" for column in numbers]
        table.writerow([rank, library.names[image_id], *values])
    return text.getvalue()


def heaviest_only(weights: FloatArray, limit: int) -> FloatArray:
    """Return weights (N,) in which all but the `limit` greatest are 0, and which sum to 1."""
    kept = np.zeros_like(weights)
    rows = np.argsort(-weights, kind="stable")[:limit]
    kept[rows] = weights[rows] / weights[rows].sum()
    return kept
