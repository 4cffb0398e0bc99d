"""The attributes of one shoe: what is drawn, and what the table says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

import numpy as np

Rgb: TypeAlias = tuple[int, int, int]
Heel: TypeAlias = Literal["flat", "block", "stiletto", "wedge"]
Toe: TypeAlias = Literal["round", "pointed", "open"]
Shaft: TypeAlias = Literal["pump", "sandal", "ankle boot", "knee boot", "sneaker"]
Material: TypeAlias = Literal["matte", "glossy", "suede"]
Name = TypeVar("Name", bound=str)

COLORS: Mapping[str, Rgb] = {
    "black": (32, 31, 34),
    "white": (232, 231, 227),
    "grey": (128, 130, 134),
    "red": (196, 30, 42),
    "burgundy": (112, 24, 42),
    "pink": (232, 148, 172),
    "fuchsia": (204, 36, 122),
    "orange": (226, 106, 34),
    "yellow": (236, 190, 50),
    "green": (40, 122, 74),
    "olive": (104, 106, 58),
    "sky": (116, 176, 220),
    "blue": (38, 84, 176),
    "navy": (32, 42, 86),
    "brown": (96, 60, 40),
    "tan": (182, 126, 76),
    "nude": (222, 184, 158),
}
SOLES: Mapping[str, Rgb] = {
    "black": (34, 33, 35),
    "white": (236, 235, 230),
    "tan": (178, 134, 90),
    "brown": (88, 60, 42),
    "red": (186, 34, 44),
    "gum": (196, 148, 96),
}
HEIGHTS: Mapping[Heel, tuple[float, float]] = {
    "flat": (1.0, 2.2),
    "block": (4.0, 8.0),
    "stiletto": (7.5, 11.0),
    "wedge": (4.0, 8.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shoe:
    """One shoe of the catalogue.

    Attributes
    ----------
    heel_height_cm
        From the ground to the bottom of the shoe at its back; the thickness of a sneaker's sole.
    color, sole
        Names in `COLORS` and `SOLES`.
    rgb
        The color as painted, sRGB: the named color, slightly varied.
    """

    shaft: Shaft
    heel: Heel
    heel_height_cm: float
    toe: Toe
    color: str
    rgb: Rgb
    sole: str
    material: Material

    @property
    def type(self) -> str:
        """What a shop would call it."""
        if self.shaft == "pump":
            return "ballerina" if self.heel == "flat" else "pump"
        return self.shaft

    @property
    def title(self) -> str:
        """A line for a shop window."""
        heel = "" if self.shaft == "sneaker" else f", {self.heel} heel {self.heel_height_cm:g} cm"
        return f"{self.color.capitalize()} {self.material} {self.type}{heel}"


SHAFTS: Mapping[Shaft, float] = {
    "pump": 30, "sandal": 16, "ankle boot": 20, "knee boot": 12, "sneaker": 22
}  # fmt: skip
HEELS: Mapping[Heel, float] = {"flat": 26, "block": 26, "stiletto": 26, "wedge": 12}
TOES: Mapping[Toe, float] = {"round": 6, "pointed": 4}
MATERIALS: Mapping[Material, float] = {"matte": 5, "glossy": 3, "suede": 2}


def invent_shoe(rng: np.random.Generator) -> Shoe:
    """Draw the attributes of one shoe, only such as go together."""
    shaft = _pick(rng, SHAFTS)
    heel: Heel = "flat" if shaft == "sneaker" else _pick(rng, HEELS)
    low, high = (2.4, 3.6) if shaft == "sneaker" else HEIGHTS[heel]
    toe = _ONLY_TOE.get(shaft) or _pick(rng, TOES)
    color = str(rng.choice(list(COLORS)))
    shift = rng.normal(0, 5, 3)
    red, green, blue = (int(v) for v in np.clip(np.add(COLORS[color], shift), 18, 244))
    return Shoe(
        shaft=shaft,
        heel=heel,
        heel_height_cm=round(float(rng.uniform(low, high)), 1),
        toe=toe,
        color=color,
        rgb=(red, green, blue),
        sole=_pick(rng, _SOLES_OF.get(shaft, _SOLES)),
        material=_pick(rng, MATERIALS),
    )


def price_of(shoe: Shoe, rng: np.random.Generator) -> float:
    """Draw a price: material, shaft and heel make most of it, the brand the rest."""
    base: float = {"pump": 59, "sandal": 49, "ankle boot": 95, "knee boot": 139, "sneaker": 69}[
        shoe.shaft
    ]
    base += {"matte": 0, "glossy": 12, "suede": 20}[shoe.material] + 2 * shoe.heel_height_cm
    return int(base * rng.lognormal(0, 0.22)) + 0.95


_ONLY_TOE: Mapping[Shaft, Toe] = {"sneaker": "round", "sandal": "open"}
_SOLES: Mapping[str, float] = {"black": 5, "tan": 4, "brown": 2, "red": 2}
_SOLES_OF: Mapping[str, Mapping[str, float]] = {
    "sneaker": {"white": 7, "gum": 2, "black": 2},
    "sandal": {"tan": 5, "brown": 2, "black": 2},
}


def _pick(rng: np.random.Generator, shares: Mapping[Name, float]) -> Name:
    """Draw one name by its share."""
    total = np.asarray(list(shares.values()), np.float64)
    return list(shares)[int(rng.choice(len(shares), p=total / total.sum()))]
