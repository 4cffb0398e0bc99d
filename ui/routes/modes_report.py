"""The modes of one place in an average, to take home: as a page of one file, and as a table.

Neither holds a date: the same collection and the same edits give the same bytes.
"""

import base64
import csv
import io
from html import escape
from pathlib import Path

from explorer.arrays import ByteArray
from explorer.edits import ColorStroke, Edit, ModePick
from explorer.engine import Exploration
from explorer.modes.ranking import pick_of
from explorer.modes.report import EXAMPLES, ModeExample, ModeReport, ReportedMode
from explorer.session import Cluster
from ui.computing.edit_words import place_in_words, words_of
from ui.computing.images import REST_QUALITY, encode_jpeg
from ui.library import Library
from ui.wire.figures import Box

STYLE = Path(__file__).with_name("modes_report.css")
COLUMNS = ("rank", "share", "images", "inlier", "merit", "seed", "x", "y", "size")


def edit_of(library: Library, report: ModeReport, mode: ReportedMode) -> ModePick:
    """Return the edit that asks for a mode; the same mode of the same place has the same id."""
    x, y, side, _ = report.spot.box
    return pick_of(
        report.found,
        mode.ranked.index,
        library.names[mode.seed],
        (library.height, library.width),
        f"mode-{x}-{y}-{side}-{mode.seed}",
    )


def report_csv(library: Library, report: ModeReport) -> str:
    """Return one row a mode: its rank, its figures, its seed in canvas units, and its examples."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([*COLUMNS, *(f"example_{number}" for number in range(1, EXAMPLES + 1))])
    for rank, mode in enumerate(report.modes, start=1):
        edit = edit_of(library, report, mode)
        numbers = (mode.inlier, mode.ranked.merit)
        seed = (*edit.center, edit.size)
        examples = [library.names[example.image] for example in mode.examples]
        table.writerow(
            [
                rank,
                f"{mode.ranked.share:.6g}",
                mode.ranked.images,
                *(f"{number:.6g}" for number in numbers),
                edit.image,
                *(f"{number:.6g}" for number in seed),
                *examples,
                *[""] * (EXAMPLES - len(examples)),
            ]
        )
    return text.getvalue()


def report_html(
    library: Library, cluster: Cluster, exploration: Exploration, report: ModeReport
) -> str:
    """Return a page that needs no other file: the average, its edits, and the modes of a place.

    Parameters
    ----------
    library
        The collection.
    cluster, exploration
        The average, and what its edits say.
    report
        Its modes at one place.
    """
    modes = "\n".join(_mode(library, mode, rank) for rank, mode in enumerate(report.modes, start=1))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Modes of {escape(library.name)}</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<main>
{_header(library, cluster, exploration, report)}
<ol class="modes">
{modes}
</ol>
<p class="rest">{_rest(report)}</p>
<footer>
<p>The modes stand in the order of how well and how often the average shows them, times their
inlier score. <b>Share</b>: the part of the average's weight on images that show this mode better
than any other. <b>Images</b>: how many images of the collection those are. <b>Inlier</b>: how much
more often patches like it are found in this collection than in photographs of anything: 1 is
nowhere else, 0.5 is no difference. <b>Examples</b>: the images of the average that show it best,
and where.</p>
</footer>
</main>
</body>
</html>
"""


def _header(
    library: Library, cluster: Cluster, exploration: Exploration, report: ModeReport
) -> str:
    x, y, side, _ = report.spot.box
    center = ((x + side / 2) / library.width, (y + side / 2) / library.height)
    size = f"{library.width} &times; {library.height}"
    picture = _boxed(exploration.average, _in_canvas(library, report.spot.box), "The average")
    return f"""<header>
<figure class="where">{picture}</figure>
<div>
<p class="kicker">{escape(library.name)}</p>
<h1>Modes {place_in_words([center])}</h1>
<dl>
<div><dt>Average</dt><dd>{escape(cluster.name)}</dd></div>
<div><dt>Made of</dt><dd>{_made_of(library, exploration)}</dd></div>
<div><dt>Patch</dt><dd>{side} &times; {side} pixels, of {size}</dd></div>
<div><dt>Edits</dt><dd>{_edits(cluster)}</dd></div>
</dl>
</div>
</header>"""


def _made_of(library: Library, exploration: Exploration) -> str:
    effective = round(exploration.effective_images)
    if effective >= library.size:
        return f"all {library.size:,} images, alike"
    return f"about {effective:,} of {library.size:,} images"


def _edits(cluster: Cluster) -> str:
    if not cluster.edits:
        return "none"
    return f"<ul>{''.join(f'<li>{_edit(edit)}</li>' for edit in cluster.edits)}</ul>"


def _edit(edit: Edit) -> str:
    swatch = ""
    if isinstance(edit, ColorStroke):
        red, green, blue = edit.color
        swatch = f'<i class="swatch" style="background:#{red:02x}{green:02x}{blue:02x}"></i>'
    return swatch + escape(words_of(edit))


def _mode(library: Library, mode: ReportedMode, rank: int) -> str:
    examples = "".join(_example(library, example) for example in mode.examples)
    share = 100 * mode.ranked.share
    seed = escape(library.names[mode.seed])
    return f"""<li>
<figure class="mode">{_image(mode.average, f"Average of mode {rank}")}</figure>
<div class="figures">
<p class="share">{_percent(mode.ranked.share)}</p>
<p class="bar"><i style="width:{share:.1f}%"></i></p>
<p>{_images(mode.ranked.images)}</p>
<p class="seed">inlier {mode.inlier:.2f}</p>
<p class="seed name" title="Seed: {seed}"><bdi>{seed}</bdi></p>
</div>
<div class="examples">{examples}</div>
</li>"""


def _example(library: Library, example: ModeExample) -> str:
    name = escape(library.names[example.image])
    thumb = library.rows("thumbs", [example.image])[0]
    whole = _boxed(thumb, _in_canvas(library, example.box), f"The whole of {name}")
    patch = _image(example.patch, f"Patch of {name}")
    aspect = f"{library.width / library.height:.3f}"
    return (
        f'<figure title="{name}, score {example.score:.2f}"><div class="pair">'
        f'<span style="--aspect:1">{patch}</span><span style="--aspect:{aspect}">{whole}</span>'
        f'</div><figcaption class="name"><bdi>{name}</bdi></figcaption></figure>'
    )


def _rest(report: ModeReport) -> str:
    if not report.modes:
        return "No mode was found there: try another place, or another size."
    return (
        f"<b>{_percent(report.others)}</b> of the average shows another mode, "
        f"<b>{_percent(report.none)}</b> shows none."
    )


def _images(count: int) -> str:
    return "1 image" if count == 1 else f"{count:,} images"


def _percent(share: float) -> str:
    return "under 1 %" if 0.0005 < share < 0.0095 else f"{100 * share:.0f} %"


def _in_canvas(library: Library, box: tuple[int, int, int, int]) -> Box:
    x, y, width, height = box
    return (
        x / library.width,
        y / library.height,
        width / library.width,
        height / library.height,
    )


def _boxed(image: ByteArray, box: Box, text: str) -> str:
    left, top, width, height = (f"{100 * value:.2f}%" for value in box)
    frame = f"left:{left};top:{top};width:{width};height:{height}"
    return f'<span class="boxed">{_image(image, text)}<i style="{frame}"></i></span>'


def _image(image: ByteArray, text: str) -> str:
    """Return a picture as an element; `text` is escaped already."""
    height, width = image.shape[:2]
    data = base64.b64encode(encode_jpeg(image, quality=REST_QUALITY)).decode()
    source = f"data:image/jpeg;base64,{data}"
    return f'<img src="{source}" width="{width}" height="{height}" alt="{text}">'
