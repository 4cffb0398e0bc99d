"""How often the natural world shows a patch like this: fitted to unrelated photographs.

The patches themselves do not ship, their statistics do; `explorer.modes.world` uses them.
"""

import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray
from explorer.modes.patches import POOL, region_of
from explorer.modes.world import World

GAUSSIANS = 1024
PATCHES_EACH = 40
PATCHES = 100_000
PLACES_MAX = 200
QUERIES = 400
RANK = 50
ROUNDS = 12

Planes = npt.NDArray[np.int8]


def fit_worlds(planes: Planes, mean: FloatArray) -> dict[str, npt.NDArray[np.generic]]:
    """Fit the mixtures of every side.

    Parameters
    ----------
    planes : (16, Y, X, n) int8
        `hog_planes` of n photographs.
    mean : (16,) float32
        Of the planes in the natural world, in their steps.

    Returns
    -------
    dict
        `world_centers_S` (G, d), `world_shares_S` (G,), `world_spreads_S` (G,) and
        `world_residual_S` (d, d), float16 but for the shares, for each side S in cells.
    """
    found: dict[str, npt.NDArray[np.generic]] = {}
    for side in POOL:
        world = fit_world(planes, mean, side)
        found[f"world_centers_{side}"] = world.centers.astype(np.float16)
        found[f"world_shares_{side}"] = world.shares
        found[f"world_spreads_{side}"] = world.spreads.astype(np.float16)
        found[f"world_residual_{side}"] = world.residual.astype(np.float16)
    return found


def fit_world(planes: Planes, mean: FloatArray, side: int) -> World:
    """Fit a mixture to the patches of one side, its tails as heavy as those of new photographs.

    Within a Gaussian real patches have heavier tails than a normal distribution. The spreads are
    widened so that, for patches of new photographs, the mixture of the others gives the inlier
    score that their patches themselves give, on average.
    """
    half = planes.shape[-1] // 2
    bank = unit_patches(planes[..., :half], mean, side, PATCHES // 2)
    new = unit_patches(planes[..., half:], mean, side, PATCHES // 2)
    queries, best = _nearest_photos(new, planes.shape[-1] - half)
    near = -np.sort(-(queries @ bank.T), axis=1)[:, : best.shape[1]]
    nearer = np.stack([np.searchsorted(-of, -own) for of, own in zip(near, best, strict=True)])
    share = len(new) / len(bank)
    true = (np.arange(1, 1 + best.shape[1]) + share * nearer <= best.shape[1]).mean()
    known = _mixture(bank)
    low, high = 1.0, 4.0
    for _ in range(ROUNDS):
        width = (low + high) / 2
        wider = World(known.centers, known.shares, known.spreads * width, known.residual)
        score = float(wider.projected(queries).inliers(best, len(new)).mean())
        low, high = (width, high) if score > true else (low, width)
    world = _mixture(unit_patches(planes, mean, side, PATCHES))
    spreads = (world.spreads * (low + high) / 2).astype(np.float32)
    return World(world.centers, world.shares, spreads, world.residual)


def _nearest_photos(patches: FloatArray, photos: int) -> tuple[FloatArray, FloatArray]:
    """Return some of the patches, and their similarity to the nearest of other photographs.

    Patch i is of photograph i modulo `photos`; each photograph counts with its best patch, as an
    image of a collection does.
    """
    queries = np.arange(len(patches))[:: max(1, len(patches) // QUERIES)]
    similarity = (patches[queries] @ patches.T).reshape(len(queries), -1, photos).max(axis=1)
    similarity[np.arange(len(queries)), queries % photos] = -1
    k = min(RANK, max(1, photos // 4))
    return patches[queries], -np.sort(-similarity, axis=1)[:, :k]


def unit_patches(planes: Planes, mean: FloatArray, side: int, count: int) -> FloatArray:
    """Cut about `count` random patches, the same number from each photograph, as unit vectors."""
    rng = np.random.default_rng(side)
    rows, columns = planes.shape[1] - side + 1, planes.shape[2] - side + 1
    places = min(PLACES_MAX, max(1, round(count / planes.shape[-1])))
    pool, found = POOL[side], []
    for _ in range(places):
        place = int(rng.integers(rows)), int(rng.integers(columns))
        region = region_of(planes, (*place, side, side), pool, mean)
        cells, inverse = region.patches(place, side // pool)
        found.append((cells * inverse).T.astype(np.float32))
    return np.concatenate(found)


def _mixture(patches: FloatArray) -> World:
    """Return a mixture by k-means: a mean, a share and a size each, one shape of covariance."""
    import faiss

    size = max(1, min(GAUSSIANS, len(patches) // PATCHES_EACH))
    means = faiss.Kmeans(
        patches.shape[1],
        size,
        niter=ROUNDS,
        seed=0,
        max_points_per_centroid=PATCHES_EACH,
        gpu=faiss.get_num_gpus() > 0,
    )
    means.train(patches)
    centers = np.asarray(means.centroids, np.float32)
    which = means.index.search(patches, 1)[1][:, 0]
    counts = np.bincount(which, minlength=size)
    rest = patches - centers[which]
    energy = np.einsum("nd,nd->n", rest, rest)
    spreads = np.bincount(which, energy, size) / np.maximum(counts, 1) / energy.mean()
    return World(
        centers=centers,
        shares=(counts / len(patches)).astype(np.float32),
        spreads=spreads.astype(np.float32),
        residual=np.cov(rest, rowvar=False).astype(np.float32),
    )
