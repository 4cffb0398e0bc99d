"""How sure a mean is: bootstrap intervals."""

import numpy as np
import numpy.typing as npt

RESAMPLES = 2000


def mean_interval(values: npt.NDArray[np.float64], seed: int = 0) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a mean.

    Parameters
    ----------
    values : (n,) float64
        What was measured, once an independent draw.
    seed
        Of the resampling.

    Returns
    -------
    tuple
        The 0.025 and the 0.975 quantile of the means of resamples.

    Examples
    --------
    >>> mean_interval(np.full(5, 0.25))
    (0.25, 0.25)
    """
    rng = np.random.default_rng(seed)
    means = values[rng.integers(len(values), size=(RESAMPLES, len(values)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def ratio_interval(
    tops: npt.NDArray[np.float64], bottoms: npt.NDArray[np.float64], seed: int = 0
) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of sum(tops) / sum(bottoms).

    Parameters
    ----------
    tops, bottoms : (n,) float64
        Both of one independent draw; `bottoms` >= 0, and one at least > 0.
    seed
        Of the resampling. Resamples whose bottoms are all 0 do not count.

    Examples
    --------
    >>> ratio_interval(np.array([1.0, 3.0]), np.array([2.0, 6.0]))
    (0.5, 0.5)
    """
    rng = np.random.default_rng(seed)
    draws = rng.integers(len(tops), size=(RESAMPLES, len(tops)))
    below = bottoms[draws].sum(axis=1)
    ratios = tops[draws].sum(axis=1)[below > 0] / below[below > 0]
    low, high = np.quantile(ratios, (0.025, 0.975))
    return float(low), float(high)
