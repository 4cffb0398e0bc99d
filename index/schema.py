"""The collection folder: which files there are, their shapes, dtypes and versions. Nowhere else.

    NAME.avex/
      manifest.json             what was built, how, and which shards there are
      images.arrow              one row an image: name, original size, hash, metadata columns
      report.json               rejected files with their reasons, groups of duplicates
      statistics.safetensors    statistics of the natural visual world (whitening of HOG)
      search.faiss              whole-image descriptors of all images
      shards/000000/*.npy       features of up to SHARD_IMAGES consecutive images
      rooms.sqlite              the rooms' logs (written by `ui` alone)

Axes: n images of a shard, H and W pixels, h and w pixels of a thumbnail, Y and X cells (H // CELL,
W // CELL), 31 HOG channels. "rows" are image-major (an image is contiguous: averaging, re-ranking);
"planes" are image-minor (a cell of all images is contiguous: matching).
"""

from dataclasses import dataclass
from typing import Literal

FORMAT = 1
SHARD_IMAGES = 1024
CELL = 8
THUMB_SIDE = 100
COLOR_BINS = 64
HOG_CHANNELS = 31
HOG_PLANES = 16

MANIFEST = "manifest.json"
IMAGES = "images.arrow"
REPORT = "report.json"
STATISTICS = "statistics.safetensors"
SEARCH = "search.faiss"
SHARDS = "shards"
ROOMS = "rooms.sqlite"


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """One feature of every image, a `.npy` file in each shard.

    Attributes
    ----------
    name
        The feature's name; the file is `name.npy`.
    axes
        One word an axis, as in `explorer.arrays.check_array`.
    dtype
        NumPy's name of the dtype.
    layout
        "rows" if the image axis is first, "planes" if it is last.
    meaning
        What a value is.
    """

    name: str
    axes: str
    dtype: str
    layout: Literal["rows", "planes"]
    meaning: str


FEATURES = {
    spec.name: spec
    for spec in (
        FeatureSpec("pixels", "n H W 3", "uint8", "rows", "sRGB at the collection's size"),
        FeatureSpec("thumbs", "n h w 3", "uint8", "rows", "sRGB, longer side 100 px"),
        FeatureSpec(
            "color", "64 Y X n", "uint8", "planes", "pixels of the cell in RGB bin 16 r + 4 g + b"
        ),
        FeatureSpec(
            "hog", "n Y X 31", "int8", "rows", "HOG whitened a cell, in units of `hog_scale`"
        ),
        FeatureSpec(
            "hog_planes", "16 Y X n", "int8", "planes", "`hog` projected on `hog_basis`, scaled"
        ),
        FeatureSpec("descriptor", "n D", "float16", "rows", "unit-norm HOG beside a tiny picture"),
    )
}

PLAN = "plan.json"
LOCK = "build.lock"
JOURNAL = "journal.jsonl"
REJECTED = "rejected.jsonl"
TIMINGS = "timings.jsonl"
COMPARED = "compared.jsonl"
PARTIAL = ".partial"

METADATA_PREFIX = "metadata."
