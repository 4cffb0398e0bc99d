"""Pictures of an evaluation of keypoints, to look at: marked averages, proposals, a curve."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from evaluation.average_explorer import NAME
from evaluation.baselines.drawing import gathered
from evaluation.contact_sheet import SOFT, SheetRow, draw_contact_sheet
from evaluation.keypoint_errors import Errors, coverage_curve
from evaluation.keypoints import Evaluated
from evaluation.sheet import GAP, INK, WHITE
from explorer.arrays import ByteArray, FloatArray
from explorer.keypoints.values import Proposals

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

SHOWN, ACROSS = 24, 6
"""How many images a block shows, and how many a row."""
LONGER = 300
"""The longer side of an image, in pixels."""
MARK, TRUE, BRIDGE = (255, 60, 60), (60, 230, 90), (255, 210, 60)
UNSURE = (90, 150, 255)
"""Of a proposal below the threshold."""
COLORS = (
    (220, 50, 47), (38, 110, 200), (60, 150, 70), (150, 90, 190),
    (200, 130, 20), (20, 150, 150), (120, 120, 120), (90, 60, 30),
)  # fmt: skip
GRAPH, LEFT, FOOT = (1130, 560), 70, 60
LEGEND = 230
"""How wide the names of the curves are, to the right of them."""
TEXT, HEADING = 14, 20
STEPS = np.linspace(0.05, 1.0, 20)

Rows = npt.NDArray[np.intp]


def write_pictures(evaluated: Evaluated, folder: Path) -> tuple[Path, ...]:
    """Write what a person looks at to judge the figures.

    Parameters
    ----------
    evaluated
        What `evaluate_keypoints` returns.
    folder
        Where to; it is made if it is not there.

    Returns
    -------
    tuple of paths
        `keypoints-coverage.png` (error against coverage), `keypoints-averages.png` (the averages of
        all methods with their marks), `keypoints-images.png` (the 24 worst and 24 random images:
        true points green, proposals red or, below the threshold, blue).
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = ("coverage", "averages", "images")
    paths = tuple(folder / f"keypoints-{name}.png" for name in names)
    pictures = (draw_curves(evaluated), draw_marks(evaluated), draw_images(evaluated))
    for path, picture in zip(paths, pictures, strict=True):
        picture.save(path)
    return paths


def draw_curves(evaluated: Evaluated) -> "Image":
    """Draw the error in pixels against the share of points that is annotated, a line a method."""
    from PIL import Image, ImageDraw, ImageFont

    globally = evaluated.prepared.globally
    curves = {name: _curve(errors, globally) for name, errors in evaluated.errors.items()}
    top = 1.05 * max((y for curve in curves.values() for _, y in curve), default=1.0)
    picture = Image.new("RGB", GRAPH, WHITE)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(TEXT)

    def place(share: float, error: float) -> tuple[float, float]:
        right, foot = GRAPH[0] - LEGEND - 3 * GAP, GRAPH[1] - FOOT
        return LEFT + share * (right - LEFT), foot - error / top * (foot - HEADING - 4 * GAP)

    pen.text(
        (GAP, GAP), f"Keypoints of {evaluated.report['collection']}", INK,
        ImageFont.load_default(HEADING),
    )  # fmt: skip
    for share in np.linspace(0, 1, 11):
        pen.line([place(share, 0), place(share, top)], (235, 235, 235))
        x, y = place(share, 0)
        pen.text((x, y + 2 * GAP), f"{share:.0%}", SOFT, font, anchor="mt")
    for error in _ticks(top):
        pen.line([place(0, error), place(1, error)], (235, 235, 235))
        x, y = place(0, error)
        pen.text((x - 2 * GAP, y), f"{error:g} px", SOFT, font, anchor="rm")
    pen.text((LEFT, GRAPH[1] - TEXT - 2 * GAP), "share of the points annotated", INK, font)
    for number, (name, curve) in enumerate(sorted(curves.items(), key=lambda one: one[0] != NAME)):
        color = COLORS[number % len(COLORS)]
        points = [place(*point) for point in curve]
        pen.line(points, color, 4 if name == NAME else 2)
        for x, y in points:
            pen.ellipse((x - 3, y - 3, x + 3, y + 3), color)
        x, y = GRAPH[0] - LEGEND, HEADING + 4 * GAP + number * (TEXT + 2 * GAP)
        pen.rectangle((x, y + 3, x + 20, y + 9), color)
        pen.text((x + 26, y - 2), name, INK, font)
    return picture


def draw_marks(evaluated: Evaluated) -> "Image":
    """Draw the averages of every method with what the annotator marked, a row a method."""
    rows = []
    for told in evaluated.report["rows"]:
        name = told["method"]
        marked, drawn = evaluated.prepared.marked[name], evaluated.drawn[name]
        pictures = [
            _dotted(drawn[place].picture, average.points)
            for place, average in zip(marked.places, marked.averages, strict=True)
        ]
        title = (
            f"{name}: {_px(told['error_px'])} with {told['points_annotated'] or 0:.0%} annotated"
        )
        rows.append(SheetRow(title, {}, pictures))
    return draw_contact_sheet(f"Marked averages of {evaluated.report['collection']}", rows)


def draw_images(evaluated: Evaluated, seed: int = 0) -> "Image":
    """Draw the images that ours is worst on, then random ones, with true and proposed points."""
    from PIL import Image, ImageDraw, ImageFont

    errors, proposals = evaluated.errors[NAME], evaluated.proposals[NAME]
    threshold = errors.threshold(evaluated.report["coverage"])
    off = np.where(errors.annotated(threshold), errors.distances, np.nan)
    measured = np.flatnonzero(np.isfinite(off).any(axis=1))
    means = np.array([np.nanmean(off[row]) for row in measured])
    count = min(SHOWN, len(measured))
    worst = measured[np.argsort(-means, kind="stable")[:count]]
    drawn = np.random.default_rng(seed).choice(measured, count, replace=False)
    blocks = {"Worst": worst, "Random": np.sort(drawn)}
    size = _scaled(evaluated.prepared.view.height, evaluated.prepared.view.width)
    lines = -(-count // ACROSS)
    line, block = size[0] + TEXT + 3 * GAP, HEADING + 4 * GAP
    across = GAP + min(ACROSS, max(count, 3)) * (size[1] + GAP)
    sheet = Image.new("RGB", (across, GAP + len(blocks) * (block + lines * line)), WHITE)
    pen = ImageDraw.Draw(sheet)
    fonts = ImageFont.load_default(HEADING), ImageFont.load_default(TEXT)
    for number, (title, rows) in enumerate(blocks.items()):
        top = GAP + number * (block + lines * line)
        pen.text((GAP, top), f"{title} (true: green; proposed: red; unsure: blue)", INK, fonts[0])
        for place, row in enumerate(rows):
            x = GAP + place % ACROSS * (size[1] + GAP)
            y = top + block + place // ACROSS * line
            sheet.paste(_compared(evaluated, proposals, int(row), threshold), (x, y))
            name = evaluated.names[row]
            pen.text((x, y + size[0] + 2), f"{np.nanmean(off[row]):.1f} px  {name}", SOFT, fonts[1])
    return sheet


def _compared(evaluated: Evaluated, proposals: Proposals, row: int, threshold: float) -> "Image":
    """Draw an image with its true points, its proposed ones, and a line from each to the other."""
    from PIL import Image, ImageDraw

    view = evaluated.prepared.view
    height, width = _scaled(view.height, view.width)
    picture = Image.fromarray(gathered(view, np.array([row]))[0])
    picture = picture.resize((width, height), Image.Resampling.BICUBIC)
    pen, grown = ImageDraw.Draw(picture), width / view.width
    place = int(np.searchsorted(proposals.rows, row))
    pairs = zip(
        evaluated.prepared.truth.points[row],
        proposals.points[place],
        proposals.confidence[place],
        strict=True,
    )
    for true, found, sure in pairs:
        ends = [((point + 0.5) * grown - 0.5).tolist() for point in (true, found)]
        is_true, is_found = np.isfinite(true).all(), np.isfinite(found).all()
        if is_true and is_found:
            pen.line([tuple(end) for end in ends], BRIDGE)
        if is_true:
            _dot(pen, ends[0], TRUE)
        if is_found:
            _dot(pen, ends[1], MARK if sure >= threshold else UNSURE)
    return picture


def _dotted(picture: ByteArray, points: FloatArray) -> ByteArray:
    """Draw marks on an average; it is small on the sheet, so the dots are large."""
    radius = max(1, round(max(picture.shape) / 110))
    dotted = picture.copy()
    for x, y in points[np.isfinite(points).all(axis=-1)]:
        cv2.circle(dotted, (round(float(x)), round(float(y))), radius, MARK, -1, cv2.LINE_AA)
    return dotted


def _dot(pen: "ImageDraw", at: Sequence[float], color: tuple[int, int, int]) -> None:
    x, y = at
    pen.ellipse((x - 2, y - 2, x + 2, y + 2), color)


def _curve(errors: Errors, globally: Errors) -> list[tuple[float, float]]:
    """Return points (share annotated, error in pixels), by rising share, each once."""
    rows = coverage_curve(errors, globally, STEPS.tolist())
    known: Mapping[float, float] = {
        row["points_annotated"]: row["error_px"]
        for row in rows
        if row["points_annotated"] is not None and row["error_px"] is not None
    }
    return sorted(known.items())


def _ticks(top: float) -> list[float]:
    """Return round numbers up to `top`, four to ten of them."""
    step = 10.0 ** np.floor(np.log10(max(top, 1e-9)))
    step = next(part for part in (step, step / 2, step / 5, step / 10) if top / part >= 4)
    return [float(step * k) for k in range(int(top / step) + 1)]


def _scaled(height: int, width: int) -> tuple[int, int]:
    scale = LONGER / max(height, width)
    return max(1, round(height * scale)), max(1, round(width * scale))


def _px(value: float | None) -> str:
    return "nothing" if value is None else f"{value:.2f} px"
