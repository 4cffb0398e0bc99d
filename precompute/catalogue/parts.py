"""From a shoe's attributes to the parts that are painted, from the back to the front."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from precompute.catalogue.curves import Curve, band, ellipse, polygon, spline
from precompute.catalogue.foot import Foot, foot_of
from precompute.catalogue.shoe import SOLES, Material, Rgb, Shaft, Shoe

LINING: Rgb = (214, 190, 162)
METAL: Rgb = (206, 196, 170)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """One piece of a shoe.

    Attributes
    ----------
    outline : (P, 2) float64
        Centimeters, x towards the toe, y up.
    round_cm
        How wide its edge is rounded; a seam has 0 and is not shaded.
    within
        Name of an earlier part that it is painted on, or empty.
    """

    name: str
    outline: Curve
    rgb: Rgb
    material: Material = "matte"
    round_cm: float = 1.5
    within: str = ""
    opacity: float = 1.0


def parts_of(shoe: Shoe) -> list[Part]:
    """List the parts of a shoe, the farthest first."""
    foot = foot_of(shoe)
    if shoe.shaft == "sneaker":
        return _sneaker(shoe, foot)
    return [*_UPPERS[shoe.shaft](shoe, foot)]


def darker(rgb: Rgb, factor: float) -> Rgb:
    """Return the color, darker (factor under 1) or mixed with white (over 1)."""
    if factor > 1:
        red, green, blue = (round(v + (255 - v) * (factor - 1)) for v in rgb)
    else:
        red, green, blue = (round(v * factor) for v in rgb)
    return red, green, blue


def _seam(shoe: Shoe, line: Curve, *, width: float = 0.13) -> list[Part]:
    """Return a line of stitches on the upper: a shallow groove with thread in it."""
    light = sum(shoe.rgb) < 150
    thread = darker(shoe.rgb, 1.35 if light else 0.62)
    groove = Part(
        name="groove", outline=band(line, width * 2.6), rgb=darker(shoe.rgb, 0.72), round_cm=0,
        within="upper", opacity=0.35,
    )  # fmt: skip
    at = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    count = max(2, int(at[-1] / 0.75))
    stitches = []
    for k in range(count):
        wanted = np.linspace(k, k + 0.62, 3) * at[-1] / count
        dash = np.stack([np.interp(wanted, at, line[:, axis]) for axis in (0, 1)], axis=1)
        stitches.append(
            Part(name="stitch", outline=band(dash, width), rgb=thread, round_cm=0, within="upper")
        )
    return [groove, *stitches]


def _sole(shoe: Shoe, foot: Foot) -> list[Part]:
    """Return heel and sole."""
    x = np.linspace(-0.1, foot.toe + 0.15, 160)
    thickness = (foot.sole + 0.15) * np.sqrt(1 - np.clip((x - foot.toe + 1) / 1.16, 0, 1) ** 2)
    lower = np.stack([x, foot.over(x) + 0.15 - thickness], axis=1)
    upper = np.stack([x, foot.over(x) + 0.15], axis=1)[::-1]
    rgb = SOLES[shoe.sole]
    sole = Part(name="sole", outline=np.vstack([lower, upper]), rgb=rgb, round_cm=0.5)
    covered = shoe.heel == "stiletto" or shoe.shaft == "pump"
    heel_rgb = darker(shoe.rgb, 0.95) if covered else rgb
    material = shoe.material if covered else "matte"
    heel = Part(
        name="heel", outline=_heel(shoe, foot), rgb=heel_rgb, material=material, round_cm=1.6
    )
    parts = [heel, sole]
    if shoe.heel != "wedge":
        tip = heel.outline[heel.outline[:, 1] < 0.45]
        left, right = (tip[:, 0].min(), tip[:, 0].max()) if len(tip) else (0.0, 0.0)
        cap = polygon((left, 0), (right, 0), (right, 0.4), (left, 0.4))
        parts.append(Part(name="cap", outline=cap, rgb=(40, 36, 34), round_cm=0, within="heel"))
    return parts


def _heel(shoe: Shoe, foot: Foot) -> Curve:
    """Return the outline of the heel."""
    h, low = foot.heel, float(foot.under(4.9))
    seat = np.linspace(-0.1, 4.9, 12)
    top = np.stack([seat, foot.under(seat) + 0.3], axis=1)
    if shoe.heel == "wedge":
        x = np.linspace(-0.1, foot.ball + 1, 40)
        top = np.stack([x, foot.under(x) + 0.3], axis=1)
        return np.vstack([top, polygon((foot.ball + 1, 0), (0.5, 0))])
    if shoe.heel == "stiletto":
        back = spline((1.3, 0), (1.25, 0.4), (1.1, h * 0.3), (0.5, h * 0.7), (-0.1, h))
        front = spline((4.9, low), (3.0, h * 0.78), (2.1, h * 0.42), (1.95, 0.4), (1.95, 0))
        return np.vstack([back, top, front])
    if shoe.heel == "block":
        back = spline((0.35, 0), (0.3, 0.4), (0.2, h * 0.5), (-0.1, h))
        front = spline((4.9, low), (4.3, h * 0.6), (4.05, 0.4), (4.0, 0))
        return np.vstack([back, top, front])
    return np.vstack([polygon((0.05, 0)), top, polygon((5.2, low), (5.0, 0))])


def _toe(shoe: Shoe, foot: Foot) -> Curve:
    """Return the line from the throat over the toe down to the sole."""
    at, end = foot.above, foot.toe
    if shoe.toe == "pointed":
        return spline(
            at(foot.ball + 1.4, 3.5), at(foot.ball + 4, 2.75), at(end - 2.8, 1.6), at(end, 0.35)
        )
    return spline(
        at(foot.ball + 1.4, 3.6), at(foot.ball + 4, 3.2), at(end - 1.7, 2.35), at(end - 0.1, 1.0),
        at(end, 0.1),
    )  # fmt: skip


def _pump(shoe: Shoe, foot: Foot) -> list[Part]:
    """Return a pump, or a ballerina where its heel is flat."""
    at, ball = foot.above, foot.ball
    flat = shoe.heel == "flat"
    back = spline(at(-0.05, 0), at(-0.5, 2.0), at(-0.1, 4.0), at(0.35, 5.4))
    throat = ball + (3.0 if flat else 1.6)
    topline = spline(
        at(0.35, 5.4), at(2.4, 4.7), at(ball * 0.42, 3.3), at(ball * 0.75, 2.7), at(throat, 3.2)
    )
    toe = _toe(shoe, foot)
    toe = toe[toe[:, 0] > throat]
    far = spline(at(0.35, 5.4), at(3.2, 5.5), at(ball * 0.55, 4.3), at(throat, 3.25))
    floor = foot.along(-0.05, foot.toe)[::-1]
    rgb = shoe.rgb
    parts = [
        Part(name="lining", outline=np.vstack([far, topline[::-1]]), rgb=LINING, round_cm=0.8),
        *_sole(shoe, foot),
        Part(name="upper", outline=np.vstack([back, topline, toe, floor]), rgb=rgb,
             material=shoe.material, round_cm=2.4),
        *_seam(shoe, topline - (0, 0.42)),
    ]  # fmt: skip
    if flat:
        x, y = at(throat - 0.3, 3.1)
        for side in (-1, 1):
            loop = ellipse((x + side * 0.85, y + 0.25), (0.85, 0.5))
            parts.append(Part(name="bow", outline=loop, rgb=darker(rgb, 0.9), round_cm=0.4))
        parts.append(Part(name="knot", outline=ellipse((x, y + 0.2), (0.35, 0.4)), rgb=rgb))
    return parts


def _boot(shoe: Shoe, foot: Foot, outline: tuple[Curve, Curve, Curve]) -> list[Part]:
    """Return a boot from the lines of its back, its opening and its front."""
    back, opening, front = outline
    edges = [back, opening, front, _toe(shoe, foot), foot.along(-0.05, foot.toe)[::-1]]
    left, right = opening[0], opening[-1]
    middle = (left + right) / 2
    radius = (right[0] - left[0]) / 2
    return [
        Part(name="lining", outline=ellipse(middle, (radius, 0.75)), rgb=LINING, round_cm=0.8),
        *_sole(shoe, foot),
        Part(name="upper", outline=np.vstack(edges), rgb=shoe.rgb, material=shoe.material,
             round_cm=3.2),
    ]  # fmt: skip


def _ankle_boot(shoe: Shoe, foot: Foot) -> list[Part]:
    """Return an ankle boot: flat ones with an elastic gusset, others with a zip."""
    at, ball = foot.above, foot.ball
    top = float(foot.over(0))
    back = spline(at(-0.05, 0), at(-0.5, 2.2), at(0.0, 5), at(0.25, 8), (-0.1, top + 12))
    opening = spline((-0.1, top + 12), (4.4, top + 11.6), (8.9, top + 12.3))
    instep = (9.3, top + 7.4 - 0.12 * foot.heel)
    front = spline((8.9, top + 12.3), instep, at(ball * 0.82, 5.4), at(ball + 1.4, 3.6))[:-1]
    parts = _boot(shoe, foot, (back, opening, front))
    if shoe.heel in ("flat", "block"):
        gusset = np.vstack(
            [spline((2.6, top + 12), (3.2, top + 7), (4.6, top + 4.2)),
             spline((5.4, top + 4.2), (6.5, top + 7), (7.0, top + 12))]
        )  # fmt: skip
        parts.append(
            Part(
                name="gusset",
                outline=gusset,
                rgb=darker(shoe.rgb, 0.6),
                round_cm=0.6,
                within="upper",
            )
        )
        for x in np.linspace(3.1, 6.6, 8):
            rib = spline((x, top + 12), (4.9 + (x - 4.9) * 0.5, top + 4))
            parts.append(Part(name="rib", outline=band(rib, 0.12), rgb=darker(shoe.rgb, 0.42),
                              round_cm=0, within="gusset", opacity=0.7))  # fmt: skip
        return parts
    zipper = spline((5.2, top + 12), (5.0, top + 6), at(5.6, 1.2))
    parts.append(
        Part(name="zip", outline=band(zipper, 0.3), rgb=METAL, round_cm=0.2, within="upper")
    )
    return [*parts, *_seam(shoe, zipper - (0.6, 0)), *_seam(shoe, zipper - (-0.6, 0))]


def _knee_boot(shoe: Shoe, foot: Foot) -> list[Part]:
    """Return a knee boot with a seam down its back and a strap at the ankle."""
    at, ball = foot.above, foot.ball
    top = float(foot.over(0))
    back = spline(
        at(-0.05, 0), at(-0.5, 2.2), at(0.2, 6), (0.3, top + 10), (-1.5, top + 21), (-1.2, top + 31)
    )
    opening = spline((-1.2, top + 31), (4.7, top + 30.5), (10.8, top + 31.6))
    front = spline(
        (10.8, top + 31.6), (10.4, top + 21), (9.2, top + 12), (9.4, top + 7.2 - 0.12 * foot.heel),
        at(ball * 0.82, 5.4), at(ball + 1.4, 3.6),
    )[:-1]  # fmt: skip
    parts = _boot(shoe, foot, (back, opening, front))
    strap = spline((-0.6, top + 6.2), (4.5, top + 7.4), (10.4, top + 6.4))
    parts += _seam(shoe, spline((3.4, top + 31), (3.8, top + 18), (4.2, top + 8)))
    parts.append(Part(name="strap", outline=band(strap, 1.2), rgb=darker(shoe.rgb, 0.84),
                      material=shoe.material, round_cm=0.4, within="upper"))  # fmt: skip
    buckle = ellipse((4.5, top + 7.35), (0.75, 0.8))
    parts.append(Part(name="buckle", outline=buckle, rgb=METAL, material="glossy", round_cm=0.4))
    hole = ellipse((4.5, top + 7.35), (0.4, 0.45))
    parts.append(Part(name="hole", outline=hole, rgb=darker(shoe.rgb, 0.7), round_cm=0))
    return parts


def _sandal(shoe: Shoe, foot: Foot) -> list[Part]:
    """Return a sandal: a cup at the heel, a strap at the ankle, bands over the toes."""
    at, ball = foot.above, foot.ball
    x0, y0 = at(1.2, 6.6)
    ring = ellipse((x0 + 3.1, y0 + 0.6), (3.5, 1.3))
    lean = np.array([[1, 0], [-0.12, 1]])
    ring = (ring - ring.mean(axis=0)) @ lean.T + ring.mean(axis=0)
    far, near = ring[:26], np.vstack([ring[23:], ring[:2]])
    crest = spline(at(ball - 4.4, 4.6), at(ball, 3.9), at(ball + 3.4, 3.1), at(ball + 6.2, 2.1))
    base = foot.along(ball - 5, ball + 7)[::-1]
    bands = [Part(name="foot", outline=np.vstack([crest, base]), rgb=shoe.rgb, opacity=0)]
    dark = darker(shoe.rgb, 0.5)
    for rgb, shift, drop in ((dark, 1.5, 0.25), (shoe.rgb, 0.0, 0.0)):
        for start, width in ((ball - 3.0, 1.7), (ball + 0.2, 1.5), (ball + 3.2, 1.3)):
            left = start + shift
            line = spline(at(left, -0.6), at(left + 0.5, 1.6), at(left + 2.0, 4.6 - drop))
            bands.append(Part(name="strap", outline=band(line, width), rgb=rgb,
                              material=shoe.material, round_cm=0.7, within="foot"))  # fmt: skip
    cup = np.vstack(
        [spline(at(-0.05, 0), at(-0.5, 2.2), at(-0.1, 5.0), at(0.5, 7.2)),
         spline(at(1.5, 7.1), at(2.4, 4.0), at(4.6, 1.6), at(6.4, 0))]
    )  # fmt: skip
    insole = np.vstack([foot.along(0, foot.toe - 0.2), foot.along(0, foot.toe - 0.2, 0.45)[::-1]])
    return [
        Part(name="far strap", outline=band(far, 0.6), rgb=darker(shoe.rgb, 0.6), round_cm=0.3),
        Part(name="insole", outline=insole, rgb=LINING, round_cm=0.4),
        *_sole(shoe, foot),
        *bands,
        Part(name="upper", outline=cup, rgb=shoe.rgb, material=shoe.material, round_cm=1.6),
        *_seam(shoe, spline(at(1.0, 6.6), at(1.9, 3.9), at(4.0, 1.4))),
        Part(name="near strap", outline=band(near, 0.7), rgb=shoe.rgb, material=shoe.material,
             round_cm=0.35),
    ]  # fmt: skip


def _sneaker(shoe: Shoe, foot: Foot) -> list[Part]:
    """Return a sneaker: a thick sole, panels, a stripe and laces."""
    end = 25.0
    low = Foot(heel=0.0, ball=16.5, toe=end, spring=0.9, sole=foot.heel)
    at = low.above
    x = np.linspace(-0.5, end + 0.5, 60)
    ground = np.stack([x, low.under(x) + 0.25 * np.clip(1 - (x + 0.5) / 2.5, 0, 1)], axis=1)
    wall = spline(
        at(end + 0.7, -0.2), at(end, 0.5), at(16, 0.1), at(8, 0.2), at(0, 0.6), at(-0.7, 0.3)
    )
    sole_rgb = SOLES[shoe.sole]
    accent = sole_rgb if abs(sum(sole_rgb) - sum(shoe.rgb)) > 160 else darker(shoe.rgb, 0.55)
    if sum(shoe.rgb) < 160 and accent != sole_rgb:
        accent = (150, 152, 156)
    back = spline(at(-0.2, 0), at(-0.6, 2.5), at(0.1, 5.0), at(-0.2, 7.0))
    collar = spline(at(-0.2, 7.0), at(2.2, 6.0), at(5.4, 6.0), at(8.6, 8.2))
    eyes = spline(at(8.6, 8.2), at(12, 6.7), at(15.6, 5.0), at(17.2, 4.3))
    toe = spline(at(17.2, 4.3), at(20.4, 3.7), at(23.4, 2.6), at(end - 0.1, 0.9), at(end, 0))
    upper = np.vstack([back, collar, eyes, toe, low.along(-0.2, end)[::-1]])
    tongue = np.vstack(
        [spline(at(7.2, 7.0), at(7.0, 9.3), at(8.6, 9.7)),
         spline(at(9.6, 9.2), at(13, 7.0), at(16.6, 4.6))]
    )  # fmt: skip
    far = spline(at(-0.2, 7.0), at(2.6, 7.1), at(5.6, 7.0), at(8.6, 8.4))
    cap = np.vstack([spline(at(19.2, 0), at(19.8, 2.4), at(18.8, 5)), polygon((30, 6), (30, 0))])
    counter = np.vstack([polygon((-3, 0), (-3, 14)), spline(at(2.0, 8), at(2.4, 4.2), at(5.4, 0))])
    parts = [
        Part(name="lining", outline=np.vstack([far, collar[::-1]]), rgb=darker(LINING, 0.9)),
        Part(name="tongue", outline=tongue, rgb=darker(shoe.rgb, 0.85), round_cm=0.8),
        Part(name="sole", outline=np.vstack([ground, wall]), rgb=sole_rgb, round_cm=0.8),
        Part(name="upper", outline=upper, rgb=shoe.rgb, material=shoe.material, round_cm=2.8),
        Part(name="cap", outline=cap, rgb=darker(shoe.rgb, 0.86),
             round_cm=0.7, material=shoe.material, within="upper"),
        Part(name="counter", outline=counter, rgb=accent,
             round_cm=0.7, material=shoe.material, within="upper"),
    ]  # fmt: skip
    for k in range(2):
        stripe = spline(at(8.4 + 2.6 * k, 0.3), at(9.8 + 2.6 * k, 2.6), at(11.6 + 2.1 * k, 5.4))
        parts.append(Part(name="stripe", outline=band(stripe, 1.1), rgb=accent, round_cm=0.3,
                          within="upper"))  # fmt: skip
    parts += _seam(shoe, eyes[2:] - (0.25, 0.8))
    for k in range(6):
        place = eyes[3 + 6 * k] if 3 + 6 * k < len(eyes) else eyes[-1]
        lace = spline(*(place + np.array([(0.75, 0.25), (0.1, 0.15), (-0.55, -0.85)])))
        rgb: Rgb = (240, 238, 232) if sum(shoe.rgb) < 560 else (96, 98, 104)
        parts.append(Part(name="lace", outline=band(lace, 0.5), rgb=rgb, round_cm=0.3))
    tread = band(np.stack([x, low.under(x) + 0.3], axis=1), 0.5)
    parts.append(
        Part(name="tread", outline=tread, rgb=darker(sole_rgb, 0.62), round_cm=0, within="sole")
    )
    return parts


_UPPERS: Mapping[Shaft, Callable[[Shoe, Foot], list[Part]]] = {
    "pump": _pump,
    "sandal": _sandal,
    "ankle boot": _ankle_boot,
    "knee boot": _knee_boot,
}
