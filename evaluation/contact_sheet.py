"""The averages of all methods, a row a method: a picture, and a page without scripts."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation.sheet import GAP, INK, WHITE
from explorer.arrays import ByteArray
from ui.computing.images import REST_QUALITY, encode_jpeg

if TYPE_CHECKING:
    from PIL.Image import Image

LONGER = 150
"""The longer side of an average on the sheet, in pixels."""
TITLE, FIGURES, HEADING = 18, 13, 20
SOFT = (110, 110, 110)
SHOWN = ("sharpness", "kept", "coverage", "variety", "nmi", "purity", "images")
TABLE = (*SHOWN[:4], "drawn", "images", "assigned", *SHOWN[4:6])
STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8a8a8a }
body { font: 15px/1.45 system-ui, sans-serif }
body { margin: 2rem auto; max-width: 100rem; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.2rem; margin-top: 2.5rem }
table { border-collapse: collapse }
td, th { padding: .3rem .8rem; border-bottom: 1px solid var(--line) }
td { text-align: right; font-variant-numeric: tabular-nums } th { text-align: right }
tr > :first-child { text-align: left } small, .protocol { color: var(--soft) }
.best { font-weight: 700 } .scroll { overflow-x: auto }
section h3 { font-size: 1rem; margin: 1.2rem 0 .3rem }
.row { display: flex; flex-wrap: wrap; gap: 6px } .row img { display: block; border-radius: 3px }
"""


@dataclass(frozen=True, slots=True, eq=False)
class SheetRow:
    """One method.

    Attributes
    ----------
    title
        What people call it.
    figures
        What was measured, by name; `_low` and `_high` are the interval.
    pictures
        Its averages, (H, W, 3) uint8 each, sRGB.
    """

    title: str
    figures: Mapping[str, Any]
    pictures: Sequence[ByteArray]


def draw_contact_sheet(heading: str, rows: Sequence[SheetRow]) -> "Image":
    """Draw one row of averages a method, under its name and its figures."""
    from PIL import Image, ImageDraw, ImageFont

    most = max(len(row.pictures) for row in rows)
    height, width = _size(rows[0].pictures[0])
    text = TITLE + FIGURES + 2 * GAP
    line = text + height + 3 * GAP
    across = max(GAP + most * (width + GAP), 900)
    sheet = Image.new("RGB", (across, HEADING + 4 * GAP + len(rows) * line), WHITE)
    pen = ImageDraw.Draw(sheet)
    fonts = [ImageFont.load_default(size) for size in (HEADING, TITLE, FIGURES)]
    pen.text((GAP, GAP), heading, INK, fonts[0])
    for number, row in enumerate(rows):
        top = HEADING + 4 * GAP + number * line
        pen.text((GAP, top), row.title, INK, fonts[1])
        pen.text((GAP, top + TITLE + GAP), _told(row.figures), SOFT, fonts[2])
        for place, picture in enumerate(row.pictures):
            drawn = Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS)
            sheet.paste(drawn, (GAP + place * (width + GAP), top + text))
    return sheet


def write_page(
    path: Path, heading: str, protocol: str, blocks: Sequence[tuple[str, Sequence[SheetRow]]]
) -> None:
    """Write a page that holds its pictures: a table of the figures, then the averages.

    Parameters
    ----------
    path
        Where to.
    heading, protocol
        What is compared, and how.
    blocks
        What the averages of a block are, and a row for each method.
    """
    title = escape(heading)
    parts = [
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<style>{STYLE}</style><h1>{title}</h1>",
        _table(blocks[0][1]),
        f'<p class="protocol">{escape(protocol)}</p>',
    ]
    for name, rows in blocks:
        parts += [
            f"<section><h2>{escape(name[:1].upper() + name[1:])}</h2>",
            *map(_strip, rows),
            "</section>",
        ]
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")


def _strip(row: SheetRow) -> str:
    height, width = _size(row.pictures[0])
    images = "".join(
        f'<img width="{width}" height="{height}" alt="{escape(row.title)}, average {number}" '
        f'src="data:image/jpeg;base64,{_base64(picture)}">'
        for number, picture in enumerate(row.pictures, 1)
    )
    return f'<h3>{escape(row.title)}</h3><div class="row">{images}</div>'


def _base64(picture: ByteArray) -> str:
    return base64.b64encode(encode_jpeg(picture, quality=REST_QUALITY)).decode()


def _table(rows: Sequence[SheetRow]) -> str:
    names = [name for name in TABLE if any(row.figures.get(name) is not None for row in rows)]
    best = {name: _best(rows, name) for name in names}
    lines = ["<tr><th>method</th>" + "".join(f"<th>{name}</th>" for name in names) + "</tr>"]
    for row in rows:
        cells = "".join(_cell(row.figures, name, best[name]) for name in names)
        lines.append(f"<tr><td>{escape(row.title)}</td>{cells}</tr>")
    return f'<div class="scroll"><table>{"".join(lines)}</table></div>'


def _best(rows: Sequence[SheetRow], name: str) -> float | None:
    """Return the greatest figure; how many images there are is no merit."""
    known = [row.figures[name] for row in rows if row.figures.get(name) is not None]
    return None if name == "images" or not known else max(known)


def _cell(figures: Mapping[str, Any], name: str, best: float | None) -> str:
    value = figures.get(name)
    if value is None:
        return "<td>&ndash;</td>"
    low, high = figures.get(f"{name}_low"), figures.get(f"{name}_high")
    interval = (
        "" if low is None or high is None else f"<br><small>{_short(low)} to {_short(high)}</small>"
    )
    mark = ' class="best"' if value == best else ""
    return f"<td{mark}>{_short(value)}{interval}</td>"


def _told(figures: Mapping[str, Any]) -> str:
    known = [(name, figures.get(name)) for name in SHOWN]
    return "   ".join(f"{name} {_short(value)}" for name, value in known if value is not None)


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 20 else f"{value:.2f}"


def _size(picture: ByteArray) -> tuple[int, int]:
    """Return height and width on the sheet."""
    height, width = picture.shape[:2]
    scale = LONGER / max(height, width)
    return max(1, round(height * scale)), max(1, round(width * scale))
