"""Statistics of the natural visual world: what the edges of any photograph look like.

Whitening with them takes away what all photographs share, so that what is left tells images apart.
`python -m precompute.natural_world DIR OUT` computes them from a folder of unrelated photographs.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.hog import CHANNELS, hog
from explorer.modes.patches import MEAN_SHARE
from explorer.sketch import query_directions
from index.files import write_atomically
from index.schema import HOG_PLANES
from precompute.decode import Picture, Target, decode
from precompute.errors import BuildError
from precompute.listing import list_source
from precompute.world import fit_worlds

SHIPPED = Path(__file__).with_name("natural_world.safetensors")
RIDGE = 0.003
HOG_LIMIT = 127
PLANE_LIMIT = 31
HOG_QUANTILE = 0.9999
PLANE_QUANTILE = 0.999
CELLS_LIMIT = 400_000
PHOTOS_MIN = 20
PHOTOS_MAX = 2000

Statistics = Mapping[str, npt.NDArray[Any]]


def whitened(cells: npt.NDArray[np.float32], statistics: Statistics) -> npt.NDArray[np.float32]:
    """Whiten HOG cells (…, 31) by the natural world: unit covariance there.

    The mean stays, so that a blank cell is 0, as is what lies beside an image when it is matched.
    """
    white: npt.NDArray[np.float32] = cells @ statistics["hog_whitening"]
    return white


def quantized(white: npt.NDArray[np.float32], statistics: Statistics) -> npt.NDArray[np.int8]:
    """Quantize whitened cells to int8, in units of `hog_scale`."""
    units = np.rint(white / statistics["hog_scale"])
    return np.clip(units, -HOG_LIMIT, HOG_LIMIT).astype(np.int8)


def quantized_planes(
    white: npt.NDArray[np.float32], statistics: Statistics
) -> npt.NDArray[np.int8]:
    """Project whitened cells on `hog_basis`: int8 of six bits, in units of `hog_planes_scale`."""
    units = np.rint(white @ statistics["hog_basis"] / statistics["hog_planes_scale"])
    return np.clip(units, -PLANE_LIMIT, PLANE_LIMIT).astype(np.int8)


def compute(photos: Path) -> dict[str, npt.NDArray[Any]]:
    """Compute the statistics from a folder of unrelated photographs.

    Returns
    -------
    dict
        The arrays of `statistics.safetensors`, by name.

    Raises
    ------
    BuildError
        If fewer than 20 photographs can be used.
    """
    grids = hog_grids(photos)
    cells = _sampled(grids.reshape(-1, CHANNELS))
    mean = cells.mean(axis=0, dtype=np.float64)
    covariance = np.cov(cells, rowvar=False, dtype=np.float64)
    values, vectors = np.linalg.eigh(covariance + RIDGE * np.eye(CHANNELS))
    statistics: dict[str, npt.NDArray[Any]] = {
        "hog_mean": mean.astype(np.float32),
        "hog_covariance": covariance.astype(np.float32),
        "hog_whitening": ((vectors / np.sqrt(values)) @ vectors.T).astype(np.float32),
    }
    white = whitened(cells, statistics)
    statistics["hog_scale"] = _unit(white, HOG_QUANTILE, HOG_LIMIT)
    statistics["hog_basis"] = _basis(statistics)
    projected = white @ statistics["hog_basis"]
    statistics["hog_planes_scale"] = _unit(projected, PLANE_QUANTILE, PLANE_LIMIT)
    planes = np.stack([quantized_planes(whitened(grid, statistics), statistics) for grid in grids])
    return statistics | fit_worlds(
        np.ascontiguousarray(planes.transpose(3, 1, 2, 0)), MEAN_SHARE * planes_mean(statistics)
    )


def planes_mean(statistics: Statistics) -> npt.NDArray[np.float32]:
    """Return (16,) the mean of `hog_planes` in the natural world, in their steps."""
    mean = statistics["hog_mean"] @ statistics["hog_whitening"] @ statistics["hog_basis"]
    return np.asarray(mean / statistics["hog_planes_scale"], np.float32)


def load(path: Path = SHIPPED) -> dict[str, npt.NDArray[Any]]:
    """Load statistics from a file."""
    from safetensors.numpy import load_file

    return dict(load_file(path))


def save(path: Path, statistics: Statistics) -> None:
    """Write statistics in one step."""
    from safetensors.numpy import save as to_bytes

    arrays = {name: np.asarray(array, order="C") for name, array in statistics.items()}
    write_atomically(path, lambda file: file.write(to_bytes(arrays)))


def hog_grids(photos: Path) -> npt.NDArray[np.float32]:
    """Return HOG (n, 30, 30, 31) of the middles of a folder's first photographs."""
    if not photos.is_dir():
        raise BuildError(f"the natural world must be a folder of photographs, got {photos}")
    listing = list_source(photos, fps=1.0)
    grids: list[npt.NDArray[np.float32]] = []
    for candidate in listing.candidates:
        content = (Path(listing.source.path) / candidate.member).read_bytes()
        picture = decode(content, candidate.name, Target(256, 256, "crop", 89_478_485))
        if isinstance(picture, Picture) and picture.pixels is not None:
            grids.append(hog(picture.pixels[None])[0, 1:-1, 1:-1])
        if len(grids) == PHOTOS_MAX:
            break
    if len(grids) < PHOTOS_MIN:
        raise BuildError(
            f"the natural world must have at least {PHOTOS_MIN} photographs, "
            f"{photos} has {len(grids)} that can be used"
        )
    return np.stack(grids)


def _sampled(cells: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return a fair sample of at most 400,000 cells."""
    if len(cells) <= CELLS_LIMIT:
        return cells
    rows = np.random.default_rng(0).choice(len(cells), CELLS_LIMIT, replace=False)
    return np.asarray(cells[rows], np.float32)


def _unit(values: npt.NDArray[np.float32], quantile: float, limit: int) -> npt.NDArray[np.float32]:
    """Return the step with which `limit` steps reach the quantile of the absolute values."""
    return np.array(np.quantile(np.abs(values), quantile) / limit, np.float32)


def _basis(statistics: Statistics) -> npt.NDArray[np.float32]:
    """Return (31, 16) the orthonormal directions that sketch queries use most."""
    queries = query_directions(statistics["hog_mean"], statistics["hog_whitening"])
    _, vectors = np.linalg.eigh(queries.T.astype(np.float64) @ queries)
    basis = vectors[:, ::-1][:, :HOG_PLANES]
    signs = np.sign(basis[np.abs(basis).argmax(axis=0), np.arange(HOG_PLANES)])
    return np.ascontiguousarray(basis * signs, np.float32)


def main() -> None:
    """Compute the statistics of a folder and write them to a file."""
    parser = argparse.ArgumentParser(prog="python -m precompute.natural_world")
    parser.add_argument("photos", type=Path, help="folder of unrelated photographs")
    parser.add_argument("out", type=Path, help="file to write, *.safetensors")
    arguments = parser.parse_args()
    save(arguments.out, compute(arguments.photos))


if __name__ == "__main__":
    main()
