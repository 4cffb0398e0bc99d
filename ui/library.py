"""What the server needs of a collection. `index.collection.Collection` satisfies it."""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias, cast

import numpy.typing as npt

from explorer.view import View
from index.collection import Collection as IndexedCollection
from index.collection import Original
from index.manifest import Manifest
from index.schema import MANIFEST
from index.search import neighbors
from ui.wire.protocol import CollectionInfo


class Library(View, Protocol):
    """A collection with its names, its metadata and its folder."""

    @property
    def path(self) -> Path:
        """The collection's folder."""
        ...

    @property
    def name(self) -> str:
        """What the collection is called."""
        ...

    @property
    def manifest(self) -> Manifest:
        """What the collection consists of."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """The name of each image: its path as built."""
        ...

    @property
    def report(self) -> Mapping[str, Any]:
        """What the build rejected, and which images are duplicates."""
        ...

    def rows(self, feature: str, ids: Sequence[int]) -> npt.NDArray[Any]:
        """Return an image-major feature of some images, copied."""
        ...

    def metadata(self, image_id: int) -> Mapping[str, str]:
        """Return the metadata of one image by column."""
        ...

    def modes_at(self, side: int, row: int, column: int) -> Mapping[str, npt.NDArray[Any]] | None:
        """Return the modes that a build has stored for a spot in cells, None where it has not."""
        ...

    def original(self, image_id: int) -> Original:
        """Return where the original of an image is."""
        ...


Nearest: TypeAlias = Callable[[Library, int, int], list[tuple[int, float]]]
"""From a library, an image and k to the k images most like it, with their similarities."""


def nearest(library: Library, image_id: int, k: int) -> list[tuple[int, float]]:
    """Return the k images most like one, by the index of the collection; without itself."""
    descriptor = library.rows("descriptor", [image_id])[0]
    found = neighbors(cast(IndexedCollection, library), descriptor, k + 1)
    pairs = zip(found.ids.tolist(), found.similarities.tolist(), strict=True)
    return [(row, similarity) for row, similarity in pairs if row != image_id][:k]


def info_of(library: Library, name: str) -> CollectionInfo:
    """Return what the page must know of a collection that is served under `name`."""
    return CollectionInfo(
        name=name,
        images=library.size,
        height=library.height,
        width=library.width,
        metadata=tuple(library.metadata(0)) if library.size else (),
        version=version_of(library.path),
    )


def version_of(path: Path) -> str:
    """Return a word that is another one when the collection was built again."""
    manifest = path / MANIFEST
    content = manifest.read_bytes() if manifest.is_file() else b""
    return hashlib.blake2b(content, digest_size=6).hexdigest()


def url_name(name: str, taken: Collection[str]) -> str:
    """Return a name for URLs that is not taken.

    Examples
    --------
    >>> url_name("My shoes", ["my-shoes"])
    'my-shoes-2'
    """
    plain = re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-") or "collection"
    number, free = 1, plain
    while free in taken:
        number += 1
        free = f"{plain}-{number}"
    return free
