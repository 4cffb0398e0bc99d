"""`ui.keypoints.service` and its job: carrying marks to images, asked for on a page."""

import threading

import pytest

from explorer.edits import Sharpen
from tests.ui.marking import SCHEMA, URL, ended, mark, operate, place, propagated
from tests.ui.working import stroke
from ui.wire.operations import PutEdit, RemoveCluster, SetSchema


def status(client):
    return client.get(f"{URL}/propagate").json()


def test_nobody_has_asked_for_a_propagation_at_first(client):
    assert status(client) == {
        "state": "none",
        "share": 0,
        "what": "",
        "version": 0,
        "revision": 0,
        "clusters": [],
        "stale": False,
        "stale_clusters": [],
        "corrections": 0,
        "moved_points": 0,
        "moved_images": 0,
    }


def test_propagation_tells_how_far_it_is_and_whose_proposals_it_found(marked, propagator):
    propagator.gate.clear()
    marked.post(f"{URL}/propagate")
    assert propagator.begun.wait(10)
    running = status(marked)
    assert running["state"] == "running"
    assert 0.4 < running["share"] < 1
    assert running["what"] == "carrying the points to the images"
    propagator.gate.set()
    done = ended(marked)
    assert (done["state"], done["version"], done["clusters"]) == ("done", 1, ["main"])
    assert done["revision"] == 4  # a schema, a cluster and two marks


def test_marks_reach_the_propagator_as_pixels_with_their_pairs(marked, propagator):
    propagated(marked)
    [average], corrected, pairs = propagator.asked[0]
    assert average.points[:2].tolist() == [[7.5, 7.5], [15.5, 3.5]]
    assert average.members.tolist() == [0, 1, 2, 3, 4, 5]
    assert (corrected, pairs) == ({}, [(0, 1)])


def test_second_request_joins_the_propagation_that_runs(marked, propagator):
    propagator.gate.clear()
    marked.post(f"{URL}/propagate")
    assert propagator.begun.wait(10)
    marked.post(f"{URL}/propagate")
    propagator.gate.set()
    assert ended(marked)["version"] == 1
    assert len(propagator.asked) == 1


def test_cancelled_propagation_ends_and_can_be_begun_again(marked, propagator):
    propagator.gate.clear()
    marked.post(f"{URL}/propagate")
    assert propagator.begun.wait(10)
    marked.delete(f"{URL}/propagate")
    cancelled = ended(marked)
    assert (cancelled["state"], cancelled["version"]) == ("cancelled", 0)
    propagator.gate.set()
    assert propagated(marked)["state"] == "done"


def test_propagation_that_fails_says_so_and_leaves_what_was_found(marked, propagator):
    propagated(marked)
    propagator.breaks = True
    failed = propagated(marked)
    assert (failed["state"], failed["version"]) == ("failed", 1)


def test_propagation_stands_still_while_somebody_paints(marked, propagator, monkeypatch):
    painting = threading.Event()
    painting.set()
    monkeypatch.setattr("ui.rooms.hub.Hub.is_painting", property(lambda hub: painting.is_set()))
    marked.post(f"{URL}/propagate")
    assert not propagator.begun.wait(0.2)
    painting.clear()
    assert ended(marked)["state"] == "done"


def test_propagation_that_waits_for_a_painter_can_be_cancelled(marked, monkeypatch):
    monkeypatch.setattr("ui.rooms.hub.Hub.is_painting", property(lambda hub: True))
    marked.post(f"{URL}/propagate")
    marked.delete(f"{URL}/propagate")
    assert ended(marked)["state"] == "cancelled"


def test_propagation_writes_nothing_into_the_room(marked):
    before = marked.app.state.services.hub.room("shoes").state
    propagated(marked)
    assert marked.app.state.services.hub.room("shoes").state == before


@pytest.mark.parametrize(
    "change",
    [
        lambda marked: mark(marked, "left", (0.3, 0.5)),
        lambda marked: mark(marked, "left", (0.3, 0.5), author="bob"),
        lambda marked: mark(marked, "tip", (0.3, 0.5)),
        lambda marked: mark(marked, "left", (0.3, 0.5), cluster="ears"),
        lambda marked: operate(marked, PutEdit(cluster="ears", edit=stroke())),
        lambda marked: operate(marked, RemoveCluster(cluster="ears")),
        lambda marked: operate(
            marked, SetSchema(schema_=type(SCHEMA)(keypoints=SCHEMA.keypoints[:1]))
        ),
        lambda marked: place(marked, 0, "left", (30, 30)),
    ],
)
def test_proposals_are_stale_when_what_they_rest_on_changes(marked, change):
    assert not propagated(marked)["stale"]
    change(marked)
    assert status(marked)["stale_clusters"] == ["main"]
    assert not propagated(marked)["stale"]


@pytest.mark.parametrize(
    "change",
    [
        lambda marked: mark(marked, "left", (0.25, 0.5), author="bob"),  # the same place
        lambda marked: place(marked, 0, "left", (0, 0), state="absent"),
        lambda marked: operate(marked, SetSchema(schema_=type(SCHEMA)(
            name="boot", keypoints=SCHEMA.keypoints[::-1], pairs=SCHEMA.pairs))),
    ],
)  # fmt: skip
def test_proposals_are_not_stale_when_what_they_rest_on_stays(marked, change):
    propagated(marked)
    change(marked)
    assert not status(marked)["stale"]


def test_corrections_since_a_propagation_are_counted_until_the_next(marked, propagator):
    propagated(marked)
    place(marked, 0, "left", (30, 30))
    place(marked, 0, "left", (31, 30))
    place(marked, 1, "right", (30, 30))
    assert status(marked)["corrections"] == 2
    assert propagated(marked)["corrections"] == 0
    _, corrected, _ = propagator.asked[-1]
    assert corrected[0][0].tolist() == [7.375, 7.125]  # (31 + 0.5) / 4 - 0.5, (30 + 0.5) / 4 - 0.5
    assert sorted(corrected) == [0, 1]


def test_cluster_that_is_asked_for_is_proposed_anew_with_all_marks_as_help(marked, propagator):
    mark(marked, "left", (0.5, 0.5), cluster="ears")
    assert propagated(marked, ["ears"])["clusters"] == ["ears"]
    averages, _, _ = propagator.asked[0]
    assert [average.members.tolist() for average in averages] == [[], []]  # all images are main's
    assert propagated(marked, ["main"])["clusters"] == ["ears", "main"]


def test_averages_are_sharpened_first_as_they_are_marked_as_they_are_shown(
    marked, engine, monkeypatch
):
    class OwnEngine:
        def __init__(self, view):
            pass

        def sharpen(self, session, cluster_id, progress, is_cancelled):
            own.append(cluster_id)
            engine.sharp.append(cluster_id)

    own = []
    monkeypatch.setattr("ui.keypoints.job.Engine", OwnEngine)
    operate(marked, PutEdit(cluster="main", edit=Sharpen(id="z1")))
    operate(marked, PutEdit(cluster="ears", edit=Sharpen(id="z2")))
    assert propagated(marked)["state"] == "done"
    assert own == ["main"]  # ears has no marks
    propagated(marked)
    assert own == ["main"]


def test_without_a_schema_one_is_told_to_choose_one(client, propagator):
    answer = client.post(f"{URL}/propagate")
    assert answer.status_code == 422
    assert "choose a schema first" in answer.json()["error"]


def test_without_marks_one_is_told_to_place_some(client, propagator):
    operate(client, SetSchema(schema_=SCHEMA))
    answer = client.post(f"{URL}/propagate")
    assert answer.status_code == 422
    assert "place points on an average first" in answer.json()["error"]


def test_cluster_without_marks_cannot_be_asked_for(marked):
    answer = marked.post(f"{URL}/propagate", json={"clusters": ["ears"]})
    assert "'ears' has no points" in answer.json()["error"]


def test_unknown_collection_is_not_found(client):
    for method in (client.get, client.post, client.delete):
        assert method("/api/boots/keypoints/propagate").status_code == 404
