"""A contact sheet: the averages that several methods find at the same spots, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from explorer.arrays import ByteArray

if TYPE_CHECKING:
    from PIL.Image import Image

SHOWN = 10
SIDE = 56
GAP = 4
TITLE = 14
WHITE, INK = (255, 255, 255), (40, 40, 40)


@dataclass(frozen=True, slots=True)
class Strip:
    """One row of the sheet.

    Attributes
    ----------
    title
        What is written above it.
    pictures
        For each method its averages, (S, S, 3) uint8, sRGB, the first `SHOWN` of which are drawn.
    """

    title: str
    pictures: list[list[ByteArray]]


def draw_sheet(strips: Sequence[Strip], methods: Sequence[str]) -> "Image":
    """Draw one row of averages a strip, a column of them for each method."""
    from PIL import Image, ImageDraw

    block = SHOWN * (SIDE + 1) + 3 * GAP
    row = TITLE + SIDE + GAP
    sheet = Image.new("RGB", (GAP + len(methods) * block, TITLE + GAP + len(strips) * row), WHITE)
    pen = ImageDraw.Draw(sheet)
    for number, method in enumerate(methods):
        pen.text((GAP + number * block, GAP // 2), method, INK)
    for line, strip in enumerate(strips):
        top = TITLE + GAP + line * row
        pen.text((GAP, top), strip.title, INK)
        for number, pictures in enumerate(strip.pictures):
            for place, picture in enumerate(pictures[:SHOWN]):
                drawn = Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
                sheet.paste(drawn, (GAP + number * block + place * (SIDE + 1), top + TITLE))
    return sheet
