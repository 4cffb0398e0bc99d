"""`explorer.evidence`: what the edits of one cluster say, put together."""

import dataclasses

import numpy as np
import pytest

from explorer import evidence as module
from explorer.clusters import unexplained
from explorer.edits import AnyOf, ColorStroke, ImageVerdict, LikeImage
from explorer.evidence import EvidenceGatherer
from explorer.session import Cluster, Entry

RED, BLUE = (224, 32, 32), (32, 32, 224)
SIDE = 64


@pytest.fixture(scope="module")
def view(memory_view):
    """Twelve grey pictures with a square: red at the left, red at the right, blue at the left."""
    images = np.full((12, SIDE, SIDE, 3), 128, np.uint8)
    for row, image in enumerate(images):
        left = 32 if row % 3 == 1 else 8
        image[20:44, left : left + 24] = BLUE if row % 3 == 2 else RED
    return memory_view(images)


def stroke(edit_id="c", **changes):
    fields = {"id": edit_id, "paths": (((0.3, 0.5),),), "radius": 0.15, "color": RED}
    return ColorStroke(**fields | changes)


def cluster(*edits, **settings):
    return Cluster(entries=tuple(Entry(edit=edit) for edit in edits), **settings)


def test_rows_stand_in_the_order_of_the_edits(view):
    edits = LikeImage(id="l", image="0.jpg"), stroke("b", color=BLUE), stroke("a")
    found = EvidenceGatherer(view).gather(cluster(*edits))
    assert [edit.id for edit in found.edits] == ["l", "b", "a"]
    alone = EvidenceGatherer(view).gather(cluster(edits[0]))
    assert np.array_equal(found.scores[0], alone.scores[0])


def test_pinned_image_is_explained_and_an_excluded_one_is_not(view):
    verdicts = (
        ImageVerdict(id="p", image="2.jpg", verdict="pin"),
        ImageVerdict(id="x", image="0.jpg", verdict="exclude"),
    )
    missing = unexplained([EvidenceGatherer(view).gather(cluster(stroke(), *verdicts)).claim], 12)
    assert (missing[0], missing[2]) == (1, 0)
    assert missing[3] < 0.1  # another red one


def test_group_of_many_edits_fits_no_better_than_one_of_few(view):
    """The same question twice is twice the score, but the average of its edits is the same."""
    one, two = (stroke(color=BLUE),), (stroke("a"), stroke("b"))
    either = AnyOf(id="any", names=("blue", "red"), parts=(one, two))
    found = EvidenceGatherer(view).gather(cluster(either))
    assert found.branches["any"].best[0::3].tolist() == [1] * 4
    assert found.branches["any"].best[2::3].tolist() == [0] * 4
    assert found.scores[0].max() <= 1.5  # of one edit


def test_edit_that_asks_for_less_does_not_tell_where_the_object_is(view, monkeypatch):
    told = []
    place = module.place_edits
    monkeypatch.setattr(
        module, "place_edits", lambda sought, size: told.extend(sought) or place(sought, size)
    )
    EvidenceGatherer(view).gather(cluster(stroke(), stroke("n", strength=-1.0)))
    assert [one.counts for one in told] == [True, False]


def test_images_stay_mirrored_while_an_edit_is_in_progress(view):
    gatherer = EvidenceGatherer(view)
    # Red at the left and grey at the right: the red squares at the right fit mirrored.
    asked = cluster(
        stroke(), stroke("g", paths=(((0.8, 0.5),),), color=(128, 128, 128)), mirror=True
    )
    known = gatherer.gather(asked)
    assert known.mirrored[1]
    live = gatherer.gather_live(asked, stroke("new", color=BLUE), known)
    assert np.array_equal(live.mirrored, known.mirrored)


def test_edit_in_progress_is_gathered_once_for_all_that_ask(view):
    gatherer = EvidenceGatherer(view)
    known = gatherer.gather(cluster())
    live = stroke()
    assert gatherer.gather_live(cluster(), live, known) is gatherer.gather_live(
        cluster(), live, known
    )


def test_evidence_does_not_depend_on_names_nor_on_sharpening(view):
    gatherer = EvidenceGatherer(view)
    asked = cluster(stroke())
    renamed = dataclasses.replace(asked, id="other", name="Red", color="#ff0000")
    assert gatherer.gather(renamed) is gatherer.gather(asked)
