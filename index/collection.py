"""A collection on disk, opened: arrays mapped into memory, each when it is first asked for.

A handle stays what it was when it was opened. A build that adds photographs publishes new shards
and replaces the manifest; who wants them opens the collection again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import CollectionError
from index.files import map_array
from index.manifest import Manifest, read_manifest
from index.modes import ModeStore
from index.records import ImageTable, open_images
from index.schema import FEATURES, IMAGES, MODES, REPORT, SHARDS, STATISTICS


@dataclass(frozen=True, slots=True)
class Original:
    """Where the original of an image is, enough to read it again.

    Attributes
    ----------
    kind
        "folder", "zip", "video" or "table".
    source
        The folder, the zip, the video, or the folder of the table.
    member
        Path inside the source; for a video the number of the frame.
    height, width
        Size of the upright original, in pixels.
    content
        Hash of what it was when the collection was built; "" where that is not known.
    """

    kind: str
    source: Path
    member: str
    height: int
    width: int
    content: str = ""


@dataclass(frozen=True)
class Collection:
    """A handle of a collection; make one with `open_collection`.

    Attributes
    ----------
    path
        The folder.
    manifest
        What the collection consists of.
    """

    path: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """The folder's name without its ending."""
        return self.path.name.removesuffix(".avex")

    @property
    def size(self) -> int:
        """How many images there are, N."""
        return self.manifest.images

    @property
    def height(self) -> int:
        """Height of every image, in pixels."""
        return self.manifest.height

    @property
    def width(self) -> int:
        """Width of every image, in pixels."""
        return self.manifest.width

    @cached_property
    def starts(self) -> npt.NDArray[np.int64]:
        """(S + 1,) int64: the first image of each shard, and N."""
        return np.cumsum([0] + [shard.images for shard in self.manifest.shards], dtype=np.int64)

    @cached_property
    def report(self) -> dict[str, Any]:
        """Rejected files and groups of duplicates, as the build wrote them."""
        path = self.path / REPORT
        try:
            report = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CollectionError(
                f"{path} cannot be read ({error}): build it with --rebuild"
            ) from error
        return dict(report)

    @cached_property
    def images(self) -> ImageTable:
        """The table of the images: names, original sizes, metadata."""
        return open_images(self.path / IMAGES, self.size)

    @property
    def names(self) -> Sequence[str]:
        """The name of each image, by its row."""
        return self.images.names

    def image_id(self, name: str) -> int | None:
        """Return the row of the image of that name, or None if the collection has none."""
        return self.images.rows_by_name.get(name)

    def metadata(self, image_id: int) -> dict[str, str]:
        """Return the metadata of one image, by column."""
        return self.images.metadata(image_id)

    def original(self, image_id: int) -> Original:
        """Return where the original of an image is."""
        source = self.manifest.source
        row = self.images.row(image_id)
        path = Path(source.path)
        root = path.parent if source.kind == "table" else path
        size = row["height"], row["width"]
        return Original(source.kind, root, row["member"], *size, row["content"])

    def shards(self, feature: str) -> Sequence[npt.NDArray[Any]]:
        """Return the arrays of one feature, one a shard, memory-mapped and read-only.

        Raises
        ------
        CollectionError
            If there is no such feature, or a file of it is missing, damaged or misshaped.
        """
        cached = self._mapped.get(feature)
        if cached is None:
            cached = self._mapped[feature] = self._map(feature)
        return cached

    def rows(self, feature: str, ids: Sequence[int] | npt.NDArray[np.integer]) -> npt.NDArray[Any]:
        """Gather rows of an image-major feature.

        Parameters
        ----------
        feature
            A feature of layout "rows".
        ids : (n,) integers
            Rows of the collection, in any order.

        Returns
        -------
        (n, ...)
            A copy, of the feature's dtype, in the order of `ids`.
        """
        shards = self.shards(feature)
        if FEATURES[feature].layout != "rows":
            raise CollectionError(
                f"{feature} must be image-major to gather rows, it is image-minor"
            )
        wanted = np.asarray(ids, np.int64)
        if wanted.size and not (wanted.min() >= 0 and wanted.max() < self.size):
            raise CollectionError(
                f"image ids must be 0 to {self.size - 1}, got {wanted.min()} to {wanted.max()}"
            )
        gathered = np.empty((wanted.size, *shards[0].shape[1:]), shards[0].dtype)
        of_shard = np.searchsorted(self.starts, wanted, side="right") - 1
        for number in np.unique(of_shard):
            places = np.flatnonzero(of_shard == number)
            gathered[places] = shards[number][wanted[places] - self.starts[number]]
        return gathered

    def statistics(self, name: str) -> npt.NDArray[Any]:
        """Return one array of the statistics of the natural visual world, by its schema name."""
        try:
            return self._statistics[name]
        except KeyError as error:
            known = ", ".join(sorted(self._statistics))
            raise CollectionError(
                f"{self.path} must have the statistics {name}, it has {known}: run the same "
                "`avex build` again"
            ) from error

    def modes_at(self, side: int, row: int, column: int) -> Mapping[str, npt.NDArray[Any]] | None:
        """Return the modes that are stored for a spot, None where none are.

        Parameters
        ----------
        side, row, column
            The spot, in cells.

        Returns
        -------
        mapping or None
            Arrays named and shaped as the fields of `explorer.modes.values.SpotModes`.

        Raises
        ------
        CollectionError
            If a file of the modes is missing, damaged or misshaped.
        """
        return self._modes.at(side, row, column) if self._modes else None

    @cached_property
    def _modes(self) -> ModeStore | None:
        info = self.manifest.modes
        folder = self.path / MODES / info.name if info else None
        # Where the collection has grown since this handle was opened, its modes are others by now.
        return ModeStore(folder, self.size) if folder and folder.is_dir() else None

    @cached_property
    def _mapped(self) -> dict[str, list[npt.NDArray[Any]]]:
        return {}

    @cached_property
    def _statistics(self) -> dict[str, npt.NDArray[Any]]:
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        path = self.path / STATISTICS
        try:
            return dict(load_file(path))
        except (OSError, SafetensorError) as error:
            raise CollectionError(
                f"{path} cannot be read ({error}): build it with --rebuild"
            ) from error

    def _map(self, feature: str) -> list[npt.NDArray[Any]]:
        if feature not in FEATURES:
            raise CollectionError(f"feature must be one of {', '.join(FEATURES)}, got {feature!r}")
        spec = FEATURES[feature]
        arrays = []
        for shard in self.manifest.shards:
            path = self.path / SHARDS / shard.name / f"{feature}.npy"
            array = map_array(path)
            images = array.shape[0 if spec.layout == "rows" else -1] if array.ndim else 0
            if array.dtype != np.dtype(spec.dtype) or images != shard.images:
                raise CollectionError(
                    f"{path} must hold {shard.images} images of {spec.dtype}, "
                    f"holds {images} of {array.dtype}: build it with --rebuild"
                )
            arrays.append(array)
        return arrays


def open_collection(path: str | Path) -> Collection:
    """Open a collection; nothing but its manifest is read yet.

    Parameters
    ----------
    path
        The folder, `NAME.avex`.

    Returns
    -------
    Collection
        A handle that satisfies `explorer.view.View`.

    Raises
    ------
    CollectionError
        If the folder is no collection, or one that is unfinished, damaged or of a newer format.
    """
    folder = Path(path).expanduser().absolute()
    return Collection(folder, read_manifest(folder))
