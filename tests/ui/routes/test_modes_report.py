"""`ui.routes.modes_report`: the modes of a place as a page and as a table, to take home."""

import base64
import csv
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import cv2
import numpy as np
import pytest

from explorer.edits import (
    AnyOf,
    ColorStroke,
    ImageVerdict,
    LikeImage,
    ModePick,
    Sharpen,
    SketchStroke,
)
from explorer.modes.ranking import rank_modes
from explorer.modes.report import ModeExample, ModeReport, ReportedMode
from explorer.modes.spots import Spot
from explorer.modes.values import SpotModes
from explorer.session import Cluster, Entry, Session
from ui.computing.edit_words import place_in_words, words_of
from ui.routes.modes_report import edit_of, report_csv, report_html

SPOT = Spot(1, 0, 2)  # 8 pixels a side, its corner at (16, 0), of 32 by 16
RED = ColorStroke(id="c", paths=(((0.2, 0.2),),), radius=0.1, color=(200, 30, 40))
EVIL = '<script>alert("1")</script>&.png'


class Pictures(HTMLParser):
    """The elements of a page, and its pictures decoded."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text = [], ""
        self.sources = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == "img":
            self.sources.append(dict(attributes)["src"])

    def handle_data(self, data):
        self.text += f"{data} "

    def decoded(self):
        parts = [source.removeprefix("data:image/jpeg;base64,") for source in self.sources]
        raw = [np.frombuffer(base64.b64decode(part), np.uint8) for part in parts]
        return [cv2.imdecode(data, cv2.IMREAD_COLOR) for data in raw]


@pytest.fixture
def library(parts):
    return parts.open_library(Path("/none/shoes.avex"))


@pytest.fixture
def exploration(engine):
    return engine.explore_in(Session(), "main")


@pytest.fixture
def report(exploration):
    """Images 0, 1 and 2 show mode 0, a patch of image 1; mode 1 is shown by 3, which weighs 0."""
    found = SpotModes(
        spot=SPOT,
        seeds=np.int32([1, 3]),
        inliers=np.float32([0.875, 0.75]),
        starts=np.int32([0, 3, 4]),
        images=np.int32([1, 0, 2, 3]),
        scores=np.float32([1, 0.5, 0.5, 1]),
        places=np.zeros((4, 2), np.int32),
        scales=np.ones(4, np.float32),
        best=np.int32([-1, 0, 0, 1, -1, -1]),
    )
    ranked = rank_modes(found, exploration.weights)[0]
    examples = tuple(
        ModeExample(
            image=image,
            box=(16, 0, 8, 8),
            score=0.5,
            weight=0.25,
            patch=np.full((8, 8, 3), 40 * image, np.uint8),
        )
        for image in (1, 0)
    )
    average = np.full((8, 8, 3), 99, np.uint8)
    mode = ReportedMode(ranked=ranked, seed=1, inlier=0.875, average=average, examples=examples)
    return ModeReport(spot=SPOT, found=found, modes=(mode,), others=0.0, none=0.25)


def test_edit_of_a_mode_is_its_seed_at_the_place_of_the_report(library, report):
    edit = edit_of(library, report, report.modes[0])
    # The patch reaches from x = 16 to 24 of 32 pixels, from y = 0 to 8 of 16.
    assert edit == ModePick(
        id="mode-16-0-8-1", image="grey/1.png", center=(20 / 32, 4 / 16), size=8 / 32
    )


def test_table_has_one_row_a_mode(library, report):
    [row] = csv.DictReader(io.StringIO(report_csv(library, report)))
    assert row == {
        "rank": "1",
        "share": "0.75",
        "images": "2",
        "inlier": "0.875",
        "merit": f"{(0.5 * 1 + 0.25 * 0.5 + 0.25 * 0.5) * 0.875:.6g}",
        "seed": "grey/1.png",
        "x": "0.625",
        "y": "0.25",
        "size": "0.25",
        "example_1": "grey/1.png",
        "example_2": "grey/0.png",
        "example_3": "",
    }


def test_page_needs_no_other_file_and_no_network(library, exploration, report):
    page = report_html(library, Cluster(), exploration, report)
    pictures = Pictures(page)
    assert not {"script", "link", "iframe", "object"} & set(pictures.tags)
    assert all(source.startswith("data:image/jpeg;base64,") for source in pictures.sources)
    assert re.findall(r"https?:|url\(|@import", page) == []


def test_page_shows_the_average_then_each_mode_with_its_examples(library, exploration, report):
    pictures = Pictures(report_html(library, Cluster(), exploration, report)).decoded()
    # The average, the mode, and the patch and the whole of two examples.
    assert [picture.shape[:2] for picture in pictures] == [
        (16, 32), (8, 8), (8, 8), (8, 16), (8, 8), (8, 16),
    ]  # fmt: skip
    levels = [round(float(picture.mean())) for picture in pictures]
    assert levels == pytest.approx([128, 99, 40, 40, 0, 0], abs=1)


def test_page_says_what_the_figures_are(library, exploration, report):
    text = Pictures(report_html(library, Cluster(name="Warm"), exploration, report)).text
    for said in ("shoes", "Warm", "75 %", "2 images", "inlier 0.88", "grey/1.png", "25 %"):
        assert said in text
    assert "about 2 of 6 images" in text  # the engine says 2.5 effectively


def test_box_is_drawn_where_the_modes_are_looked_for(library, exploration, report):
    page = report_html(library, Cluster(), exploration, report)
    assert "left:50.00%;top:0.00%;width:25.00%;height:50.00%" in page


def test_edits_stand_in_the_page_in_words(library, exploration, report):
    cluster = Cluster(entries=(Entry(edit=RED, author="ada", time=5.0),))
    page = report_html(library, cluster, exploration, report)
    assert "the color #c81e28 at the top left" in Pictures(page).text
    assert "background:#c81e28" in page


def test_name_is_text_and_never_markup(library, exploration, report):
    evil = replace(library, name=EVIL, names=(EVIL,) * 6)
    cluster = Cluster(name=EVIL, entries=(Entry(edit=LikeImage(id=EVIL, image=EVIL)),))
    page = Pictures(report_html(evil, cluster, exploration, report))
    assert "script" not in page.tags
    assert page.text.count(EVIL) >= 6  # the title, the head, the average, the edit, seed, examples


def test_page_without_modes_says_so(library, exploration, report):
    empty = replace(report, modes=(), none=1.0)
    assert "No mode was found there" in report_html(library, Cluster(), exploration, empty)


def test_page_is_the_same_bytes_again(library, exploration, report):
    pages = [report_html(library, Cluster(), exploration, report) for _ in range(2)]
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (replace(RED, strength=-1.0), "less of the color #c81e28 at the top left"),
        (replace(RED, strength=2.5), "the color #c81e28 at the top left, strength 2.5"),
        (replace(RED, enabled=False), "the color #c81e28 at the top left (switched off)"),
        (SketchStroke(id="s", paths=(((0.5, 0.5),),), radius=0.1), "a line in the middle"),
        (
            SketchStroke(id="s", paths=(((0.9, 0.9),), ((0.9, 0.8),)), radius=0.1),
            "2 lines at the bottom right",
        ),
        (
            ModePick(id="m", image="a.jpg", center=(0.5, 0.1), size=0.2),
            "a mode at the top, as in a.jpg",
        ),
        (
            LikeImage(id="l", image="a.jpg", strength=-0.5),
            "less of images like a.jpg as a whole, strength 0.5",
        ),
        (
            ModePick(id="m", image="a.jpg", center=(0.5, 0.1), size=0.2, reach="anywhere"),
            "a mode anywhere, as in a.jpg",
        ),
        (
            AnyOf(id="a", parts=((), ()), names=("Flat", "High"), strength=2.0),
            "either Flat or High, strength 2",
        ),
        (Sharpen(id="z", rounds=1, enabled=False), "sharpened in 1 round (switched off)"),
        (ImageVerdict(id="p", image="a.jpg", verdict="pin"), "with a.jpg"),
        (ImageVerdict(id="p", image="a.jpg", verdict="exclude"), "without a.jpg"),
    ],
)
def test_edit_says_what_it_asks_for(edit, words):
    assert words_of(edit) == words


def test_place_is_a_ninth_of_the_canvas():
    rows = [[place_in_words([(x, y)]) for x in (0.1, 0.5, 0.9)] for y in (0.1, 0.5, 0.9)]
    assert rows == [
        ["at the top left", "at the top", "at the top right"],
        ["at the left", "in the middle", "at the right"],
        ["at the bottom left", "at the bottom", "at the bottom right"],
    ]
