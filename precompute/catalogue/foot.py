"""The line that a foot makes over its heel, which every part of a shoe follows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from precompute.catalogue.curves import Curve
from precompute.catalogue.shoe import Shoe

SHANK_CM = 16.0
SEAT_CM = 4.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Foot:
    """Where a foot stands in a shoe. Centimeters; x = 0 at the back, y = 0 on the ground.

    Attributes
    ----------
    heel
        Height of the heel's seat over the ground.
    ball, toe
        Where the ball of the foot touches the ground, and where the shoe ends.
    spring
        How far the toe's tip is off the ground.
    sole
        Thickness of the sole.
    """

    heel: float
    ball: float
    toe: float
    spring: float
    sole: float

    def under(self, x: npt.ArrayLike) -> npt.NDArray[Any]:
        """Return the height of the sole's lower side at x."""
        place = np.asarray(x, np.float64)
        u = np.clip((place - SEAT_CM) / (self.ball - SEAT_CM), 0, 1)
        ahead = np.clip((place - self.ball - 2) / (self.toe - self.ball - 2), 0, 1)
        return np.asarray(self.heel * (1 - u * u * (3 - 2 * u)) + self.spring * ahead**2)

    def over(self, x: npt.ArrayLike) -> npt.NDArray[Any]:
        """Return the height of the insole at x."""
        return self.under(x) + self.sole

    def above(self, x: float, height: float) -> tuple[float, float]:
        """Return the point that far above the insole."""
        return x, float(self.over(x)) + height

    def along(self, start: float, end: float, height: float = 0.0) -> Curve:
        """Return the line that far above the insole, from one x to another."""
        x = np.linspace(start, end, 40)
        return np.stack([x, self.over(x) + height], axis=1)


def foot_of(shoe: Shoe) -> Foot:
    """Place a foot in a shoe: the higher the heel, the shorter its footprint."""
    ball = float(np.sqrt(SHANK_CM**2 - shoe.heel_height_cm**2))
    toe = ball + (9.8 if shoe.toe == "pointed" else 8.2)
    high = shoe.heel_height_cm > 6
    return Foot(heel=shoe.heel_height_cm, ball=ball, toe=toe, spring=0.7, sole=0.7 if high else 0.6)
