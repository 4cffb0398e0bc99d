"""Whole-image search: the images nearest to a descriptor.

The index is shared by threads and never changed by a call: what a search needs is passed with it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.collection import Collection
from index.errors import CollectionError
from index.files import write_atomically
from index.schema import SEARCH

FLAT_IMAGES = 50_000
PROBES = 32


@dataclass(frozen=True, slots=True)
class Neighbors:
    """The nearest images, nearest first.

    Attributes
    ----------
    ids : (k,) int64
        Rows of the collection.
    similarities : (k,) float32
        Inner products of unit vectors; higher is nearer.
    """

    ids: npt.NDArray[np.int64]
    similarities: npt.NDArray[np.float32]


def neighbors(collection: Collection, descriptor: npt.NDArray[Any], k: int) -> Neighbors:
    """Find the images nearest to a descriptor.

    Parameters
    ----------
    collection
        The collection.
    descriptor : (D,) float
        A unit vector, as `collection.rows("descriptor", …)` has them.
    k
        How many images at most, >= 1.

    Returns
    -------
    Neighbors
        Fewer than `k` if the collection is smaller. An image of the collection finds itself.
    """
    if k < 1:
        raise CollectionError(f"k must be >= 1, got {k}")
    index = _opened(collection)
    query = np.asarray(descriptor, np.float32).reshape(1, -1)
    if query.shape[1] != index.d:
        raise CollectionError(f"a descriptor must have length {index.d}, got {query.shape[1]}")
    similarities, ids = search(index, query, k)
    found = (ids[0] >= 0) & (ids[0] < collection.size)
    return Neighbors(ids[0][found], similarities[0][found])


def search(
    index: Any, queries: npt.NDArray[np.float32], k: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Return similarities and rows (n, k) of the nearest images; row -1 where there is none."""
    import faiss

    params = None
    if _is_inverted(index):
        params = faiss.SearchParametersIVF()
        params.nprobe = PROBES
    similarities, ids = index.search(queries, min(k, index.ntotal), params=params)
    return similarities, ids


def make_index(descriptors: npt.NDArray[np.float16]) -> Any:
    """Make an index of unit descriptors (N, D): exact up to `FLAT_IMAGES`, inverted lists above."""
    import faiss

    vectors = descriptors.astype(np.float32)
    size, length = vectors.shape
    index: Any
    if size <= FLAT_IMAGES:
        index = faiss.IndexFlatIP(length)
    else:
        lists = int(4 * np.sqrt(size))
        index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(length),
            length,
            lists,
            faiss.ScalarQuantizer.QT_fp16,
            faiss.METRIC_INNER_PRODUCT,
        )
        index.train(vectors[: 64 * lists])
    index.add(vectors)
    return index


def write_index(folder: Path, index: Any) -> None:
    """Write the index of a collection in one step."""
    import faiss

    write_atomically(
        folder / SEARCH, lambda file: file.write(faiss.serialize_index(index).tobytes())
    )


def _opened(collection: Collection) -> Any:
    import faiss

    path = collection.path / SEARCH
    index = collection.__dict__.get("_search_index")
    if index is None:
        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise CollectionError(f"{path} cannot be read: build it with --rebuild") from error
        collection.__dict__["_search_index"] = index
    return index


def _is_inverted(index: Any) -> bool:
    import faiss

    return isinstance(index, faiss.IndexIVF)
