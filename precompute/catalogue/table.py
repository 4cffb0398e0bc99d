"""A folder of drawn shoes with a table of their true attributes."""

import csv
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from precompute.catalogue.backdrop import Backdrop
from precompute.catalogue.picture import invent_pose, picture_of
from precompute.catalogue.shoe import Shoe, invent_shoe, price_of

COLUMNS = (
    "path", "title", "type", "heel", "heel_height_cm", "toe", "shaft", "color", "sole", "material",
    "price", "link",
)  # fmt: skip
JPEG_QUALITY = 94


def render_catalogue(
    folder: Path,
    count: int = 600,
    seed: int = 2014,
    *,
    on_progress: Callable[[int, int], object] = lambda done, total: None,
) -> Path:
    """Paint a catalogue of shoes; the same arguments make the same files.

    Parameters
    ----------
    folder
        Where to put `images/*.jpg` and `catalogue.csv`; made if it is not there.
    count, seed
        How many shoes, and which. A larger catalogue begins with the smaller one.
    on_progress
        Called after every shoe with how many are painted, of how many.

    Returns
    -------
    Path
        The table, written last: where it is, every picture is.
    """
    (folder / "images").mkdir(parents=True, exist_ok=True)
    rows = []
    for number in range(count):
        rows.append(_render(folder, number, seed))
        on_progress(number + 1, count)
    table = folder / "catalogue.csv"
    partial = table.with_suffix(".partial")
    with partial.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    partial.replace(table)
    return table


def _render(folder: Path, number: int, seed: int) -> dict[str, str]:
    """Paint one shoe and return its row."""
    rng = np.random.default_rng([seed, number])
    shoe = invent_shoe(rng)
    price = price_of(shoe, rng)
    pose = invent_pose(rng)
    kinds: tuple[Backdrop, ...] = ("studio", "gradient", "texture")
    on = kinds[int(rng.choice(3, p=(0.78, 0.13, 0.09)))]
    image = picture_of(shoe, rng, pose=pose, on=on).image
    name = f"images/shoe-{number:04d}.jpg"
    encoded = cv2.imencode(".jpg", image[..., ::-1], (cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY))[1]
    (folder / name).write_bytes(encoded.tobytes())
    return _row(shoe, name, price, number)


def _row(shoe: Shoe, name: str, price: float, number: int) -> dict[str, str]:
    """Return one row of the table."""
    return {
        "path": name, "title": shoe.title, "type": shoe.type, "heel": shoe.heel,
        "heel_height_cm": f"{shoe.heel_height_cm:.1f}", "toe": shoe.toe, "shaft": shoe.shaft,
        "color": shoe.color, "sole": shoe.sole, "material": shoe.material, "price": f"{price:.2f}",
        "link": f"https://example.invalid/item/{number:04d}",
    }  # fmt: skip
