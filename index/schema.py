"""The collection folder: which files there are, their shapes, dtypes and versions. Nowhere else.

    NAME.avex/
      manifest.json             what was built, how, and which shards there are
      images.arrow              one row an image: name, original size, hash, metadata columns
      report.json               rejected files with their reasons, groups of duplicates
      statistics.safetensors    statistics of the natural visual world (whitening of HOG)
      search.faiss              whole-image descriptors of all images
      shards/000000/*.npy       features of up to SHARD_IMAGES consecutive images
      modes/NAME/*.npy          modes of all spots, mined from all images; the manifest has the NAME
      rooms.sqlite*             the rooms' logs, and proposed keypoints (written by `ui` alone)

Axes: n images of a shard, H and W pixels, h and w pixels of a thumbnail, Y and X cells (H // CELL,
W // CELL), 31 HOG channels. "rows" are image-major (an image is contiguous: averaging, re-ranking);
"planes" are image-minor (a cell of all images is contiguous: matching).
Axes of the modes: S spots, K modes of all spots, M matches of all modes, N images; "S+1" and "K+1"
are where each begins in the axis below it, and at last where that axis ends.
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
MODES = "modes"
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

NO_MODE = 255
SCORE_STEPS = 255
SCALE_STEPS = 60
"""Steps of a scale of 1: most ratios of two numbers of cells are whole steps."""


@dataclass(frozen=True, slots=True)
class ModesSpec:
    """One array of the modes of a collection: `modes/NAME/name.npy`.

    Attributes
    ----------
    name
        The array's name.
    axes
        One word an axis, as described above.
    dtype
        NumPy's name of the dtype.
    meaning
        What a value is.
    """

    name: str
    axes: str
    dtype: str
    meaning: str


MODES_ARRAYS = {
    spec.name: spec
    for spec in (
        ModesSpec("spots", "S 3", "uint16", "side, row and column in cells, in rising order"),
        ModesSpec("first_mode", "S+1", "int64", "where the modes of each spot begin"),
        ModesSpec("seeds", "K", "uint32", "the image whose patch at the spot is the seed"),
        ModesSpec("inliers", "K", "float16", "share of the collection among its nearest patches"),
        ModesSpec("first_match", "K+1", "int64", "where the matches of each mode begin"),
        ModesSpec("images", "M", "uint32", "the image of a match; of a mode, best first"),
        ModesSpec("scores", "M", "uint8", "similarity to the seed, 255 is 1"),
        ModesSpec("places", "M 2", "int8", "middle of match less that of spot, (x, y) in pixels"),
        ModesSpec("scales", "M", "uint8", "side of the match over that of the spot, 60 is 1"),
        ModesSpec("best", "S N", "uint8", "the mode that an image shows best at a spot, 255: none"),
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
