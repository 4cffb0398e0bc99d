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
