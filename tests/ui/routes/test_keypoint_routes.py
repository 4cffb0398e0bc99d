"""`ui.routes.keypoint_routes`: proposals, images, accepting, the queue, what changed, trust."""

import cv2
import numpy as np
import pytest

from tests.ui.marking import SCHEMA, URL, accept, mark, operate, place, propagated
from ui.wire.board import PutClaim
from ui.wire.operations import PutReview, RemoveLayer, SetSchema, Undo

WANTED = ("free", "own", "others")


@pytest.fixture
def proposed(marked, propagator):
    """Left is proposed with confidence 0.9, right with 0.1 for image 0, 0.2 for 1, and so on."""
    propagator.confidence[:, 0] = 0.9
    propagator.confidence[:, 1] = np.arange(1, 7) / 10
    propagated(marked)
    return marked


def get(client, path):
    answer = client.get(f"{URL}/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def laid(client, image_id):
    return {point["keypoint"]: point for point in get(client, f"images/{image_id}")["laid"]}


def session(client):
    return client.app.state.services.hub.room("shoes").state.session


def test_before_a_propagation_there_is_nothing_to_see(marked):
    assert get(marked, "proposals") == {
        "version": 0,
        "keypoints": [],
        "images": [],
        "histogram": [0] * 20,
    }
    assert get(marked, "review") == []
    assert get(marked, "changes") == []
    assert get(marked, "images/0")["proposed"] == []


def test_proposals_are_listed_worst_first(proposed):
    answer = get(proposed, "proposals?threshold=0.5")
    assert (answer["version"], answer["keypoints"]) == (1, ["left", "right", "tip"])
    assert [image["id"] for image in answer["images"]] == [0, 1, 2, 3, 4, 5]
    assert answer["images"][0] == {
        "id": 0,
        "name": "grey/0.png",
        "cluster": "main",
        "confidence": 0.5,  # of 0.9 and 0.1; tip is marked nowhere
        "lowest": 0.1,
        "points": 1,
        "fresh": 1,
        "by_hand": 0,
        "accepted": 0,
        "is_reviewed": False,
    }
    assert answer["images"][4]["points"] == 2  # 0.9 and 0.5


def test_proposals_tell_which_points_a_threshold_would_add(proposed):
    accept(proposed, keypoints=["left"])
    first = get(proposed, "proposals")["images"][0]
    assert (first["points"], first["accepted"], first["fresh"], first["by_hand"]) == (2, 1, 1, 0)


def test_histogram_counts_the_confidence_of_all_points_in_twentieths(proposed):
    counts = get(proposed, "proposals")["histogram"]
    assert (len(counts), sum(counts), counts[18]) == (20, 12, 6)


def test_proposals_of_one_cluster_can_be_asked_for(proposed):
    assert len(get(proposed, "proposals?cluster=main")["images"]) == 6
    assert get(proposed, "proposals?cluster=ears")["images"] == []


def test_image_has_its_proposals_in_pixels_of_the_photograph(proposed):
    answer = get(proposed, "images/1")
    assert {name: answer[name] for name in ("id", "name", "height", "width")} == {
        "id": 1,
        "name": "grey/1.png",
        "height": 64,
        "width": 128,
    }
    assert answer["proposed"] == [
        {"keypoint": "left", "x": 31.5, "y": 31.5, "confidence": 0.9},  # (7.5 + 0.5) * 4 - 0.5
        {"keypoint": "right", "x": 63.5, "y": 15.5, "confidence": 0.2},
    ]
    assert (answer["laid"], answer["is_reviewed"]) == ([], False)


def test_image_has_what_is_laid_with_where_it_comes_from(proposed):
    place(proposed, 1, "right", (60, 20), state="occluded")
    operate(proposed, PutReview(image="grey/1.png"))
    answer = get(proposed, "images/1")
    assert answer["laid"] == [
        {
            "keypoint": "right",
            "x": 60,
            "y": 20,
            "state": "occluded",
            "confidence": 1,
            "layer": "hand-ann-1-right",
            "kind": "hand",
            "author": "ann",
        }
    ]
    assert answer["is_reviewed"]


def test_keypoint_that_the_schema_lost_is_not_shown(proposed):
    place(proposed, 1, "right", (60, 20))
    operate(proposed, SetSchema(schema_=type(SCHEMA)(keypoints=SCHEMA.keypoints[:1])))
    answer = get(proposed, "images/1")
    assert [point["keypoint"] for point in answer["proposed"]] == ["left"]
    assert answer["laid"] == []


def test_image_that_is_not_there_is_not_found(proposed):
    assert proposed.get(f"{URL}/images/6").status_code == 404


def test_accepted_proposals_are_a_layer_of_whoever_accepts_them(proposed):
    answer = accept(proposed, op_id="o1", threshold=0.5).json()
    assert answer == {"layer": "accepted-o1", "images": 6, "points": 8}
    [layer] = session(proposed).annotation.layers
    assert (layer.kind, layer.author, layer.clusters) == ("accepted", "ann", ("main",))
    assert laid(proposed, 0)["left"]["x"] == 31.5
    assert "right" not in laid(proposed, 0)


def test_acceptance_is_undone_by_its_author(proposed):
    accept(proposed)
    operate(proposed, Undo())
    assert laid(proposed, 0) == {}


def test_same_operation_again_changes_nothing(proposed):
    first = accept(proposed, op_id="o1", threshold=0.5)
    again = accept(proposed, op_id="o1", threshold=0.0)
    assert again.json() == first.json()
    operate(proposed, RemoveLayer(layer_id="accepted-o1"))
    assert accept(proposed, op_id="o1").json() == first.json()
    assert session(proposed).annotation.layers == ()


@pytest.mark.parametrize(
    ("asked", "points"),
    [
        ({"images": ["grey/0.png", "grey/3.png"]}, 4),
        ({"keypoints": ["right"]}, 6),
        ({"clusters": ["main"]}, 12),
        ({"threshold": 0.9}, 6),
    ],
)
def test_less_than_everything_can_be_accepted(proposed, asked, points):
    assert accept(proposed, **asked).json()["points"] == points


def test_only_what_is_missing_is_filled_unless_overwriting_is_asked_for(proposed):
    accept(proposed, keypoints=["left"])
    mark(proposed, "left", (0.5, 0.5))
    propagated(proposed)
    assert accept(proposed, op_id="o2").json()["points"] == 6
    assert laid(proposed, 0)["left"]["x"] == 31.5
    assert accept(proposed, merge="overwrite").json()["points"] == 12
    assert laid(proposed, 0)["left"]["x"] == 63.5


def test_what_was_placed_by_hand_stays(proposed):
    place(proposed, 0, "left", (1, 2))
    assert accept(proposed, merge="overwrite").json()["points"] == 11
    assert laid(proposed, 0)["left"]["kind"] == "hand"


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"threshold": 0.95}, 409, "lower the threshold"),
        ({"clusters": ["ears"]}, 404, "no proposals for a cluster 'ears'"),
        ({"images": ["grey/9.png"]}, 404, "no proposals for an image 'grey/9.png'"),
        ({"keypoints": ["toe"]}, 404, "no proposals for a keypoint 'toe'"),
        ({"merge": "all"}, 422, "merge"),
        ({"threshold": 2}, 422, "threshold"),
    ],
)
def test_what_cannot_be_accepted_says_why(proposed, asked, status, words):
    answer = accept(proposed, **asked)
    assert (answer.status_code, words in answer.json()["error"]) == (status, True)
    assert session(proposed).annotation.layers == ()


def test_nothing_can_be_accepted_before_a_propagation(marked):
    answer = accept(marked)
    assert (answer.status_code, "no proposals yet" in answer.json()["error"]) == (409, True)


def ids(queue):
    return [image["id"] for image in queue]


def test_queue_begins_with_the_least_confident_and_ends_with_the_reviewed(proposed):
    operate(proposed, PutReview(image="grey/0.png"))
    queue = get(proposed, "review")
    assert ids(queue) == [1, 2, 3, 4, 5, 0]
    assert queue[0] == {
        "id": 1,
        "name": "grey/1.png",
        "cluster": "main",
        "confidence": 0.55,
        "lowest": 0.2,
        "laid": 0,
        "missing": 3,
        "is_reviewed": False,
        "claimed_by": None,
        "claimed_until": None,
    }


def test_images_with_equally_bad_points_are_sorted_by_all_of_their_points(marked, propagator):
    propagator.confidence[:, 0] = 0
    propagator.confidence[:, 1] = [0.5, 0.4, 0.3, 0.6, 0.6, 0.1]
    propagated(marked)
    assert ids(get(marked, "review")) == [5, 2, 1, 0, 3, 4]
    assert ids(get(marked, "proposals")["images"]) == [5, 2, 1, 0, 3, 4]


def test_point_beside_the_photograph_is_not_proposed_and_to_be_looked_at(marked, propagator):
    propagator.beside = {3}
    propagated(marked)
    assert [point["keypoint"] for point in get(marked, "images/3")["proposed"]] == ["right"]
    worst = get(marked, "review")[0]
    assert (worst["id"], worst["lowest"], worst["confidence"]) == (3, 0, 0.25)
    assert accept(marked).json()["points"] == 11


def test_point_placed_by_hand_is_sure(proposed):
    place(proposed, 0, "right", (1, 1))
    place(proposed, 1, "right", (1, 1), state="absent")
    accept(proposed)
    queue = get(proposed, "review")
    assert ids(queue) == [2, 3, 4, 5, 0, 1]
    assert (queue[-1]["lowest"], queue[-1]["laid"], queue[-1]["missing"]) == (0.9, 2, 1)


def test_accepted_point_is_as_sure_as_when_it_was_accepted(proposed, propagator):
    accept(proposed)
    propagator.confidence[:, 1] = 0.8
    propagated(proposed)
    assert ids(get(proposed, "review"))[0] == 0


def test_queue_can_be_by_name_of_one_cluster_and_of_one_state(proposed):
    operate(proposed, PutReview(image="grey/3.png"))
    assert ids(get(proposed, "review?order=name")) == [0, 1, 2, 3, 4, 5]
    assert ids(get(proposed, "review?state=done")) == [3]
    assert ids(get(proposed, "review?state=open")) == [0, 1, 2, 4, 5]
    assert get(proposed, "review?cluster=ears") == []


def test_queue_says_who_has_claimed_an_image_and_can_leave_out_what_others_have(proposed):
    operate(proposed, PutClaim(images=("grey/0.png", "grey/1.png")), "ben")
    operate(proposed, PutClaim(images=("grey/2.png",)), "ann")
    by = {image["id"]: image["claimed_by"] for image in get(proposed, "review")}
    assert by == {0: "ben", 1: "ben", 2: "ann", 3: None, 4: None, 5: None}
    shown = {one: ids(get(proposed, f"review?claimed={one}&author=ann")) for one in WANTED}
    assert shown == {"free": [2, 3, 4, 5], "own": [2], "others": [0, 1]}


def test_a_claim_in_the_queue_ends_with_the_review_and_half_an_hour_after_it_was_made(proposed):
    operate(proposed, PutClaim(images=("grey/0.png", "grey/1.png")), "ben")
    operate(proposed, PutReview(image="grey/1.png"), "ann")
    board = proposed.app.state.services.hub.room("shoes").state.board
    [held] = [image for image in get(proposed, "review") if image["claimed_by"]]
    until = board.claims["grey/0.png"].time + 1800
    assert (held["id"], held["claimed_until"]) == (0, until)
    assert (len(board.claims_at(until - 1)), board.claims_at(until)) == (1, {})


def test_images_with_points_are_in_the_queue_without_proposals(marked):
    place(marked, 4, "left", (1, 1))
    [image] = get(marked, "review")
    assert (image["id"], image["cluster"], image["lowest"], image["missing"]) == (4, "", 1, 2)


def test_changes_are_proposals_that_lie_elsewhere_than_what_was_accepted(proposed):
    accept(proposed, images=["grey/1.png", "grey/2.png"])
    place(proposed, 1, "right", (1, 1))
    assert get(proposed, "changes") == []
    mark(proposed, "left", (0.5, 0.5))  # 8 pixels to the right, 32 in the photograph
    mark(proposed, "right", (0.75, 0.25))
    propagated(proposed)
    assert get(proposed, "changes") == [
        {"id": 1, "name": "grey/1.png", "moved_px": 32, "points": 1},
        {"id": 2, "name": "grey/2.png", "moved_px": 32, "points": 2},
    ]
    assert len(get(proposed, "changes?limit=1")) == 1


def test_agreement_is_between_those_who_placed_most(marked):
    place(marked, 0, "left", (10, 10))
    place(marked, 0, "left", (13, 14), author="bob")
    place(marked, 2, "left", (10, 10))
    place(marked, 2, "left", (10, 11), author="bob")
    place(marked, 2, "right", (10, 11), author="bob")
    mark(marked, "left", (0.375, 0.5), author="bob")
    answer = get(marked, "agreement")
    assert (answer["authors"], answer["a"], answer["b"]) == (["ann", "bob"], "ann", "bob")
    assert (answer["images"], answer["points"]) == (2, 2)
    assert (answer["median_px"], answer["mean_px"]) == (3, 3)  # of 5 and 1
    assert answer["per_keypoint"] == [{"keypoint": "left", "n": 2, "mean_px": 3, "max_px": 5}]
    assert answer["worst"][0] == {
        "id": 0,
        "name": "grey/0.png",
        "keypoint": "left",
        "distance_px": 5,
        "a": {"x": 10, "y": 10},
        "b": {"x": 13, "y": 14},
    }
    assert answer["marks"] == [{"cluster": "main", "keypoint": "left", "distance": 4}]  # 32 / 8
    assert get(marked, "agreement?a=bob&b=ann")["worst"][0]["a"] == {"x": 13, "y": 14}


def test_one_annotator_agrees_with_nobody(marked):
    answer = get(marked, "agreement")
    assert (answer["authors"], answer["points"], answer["median_px"]) == (["ann"], 0, None)


def test_trust_is_a_picture_to_lay_over_the_average(marked, monkeypatch):
    levels = np.zeros((16, 32), np.float32)
    levels[:, 16:] = 1
    monkeypatch.setattr("ui.keypoints.trust.trust_of", lambda library, exploration: levels)
    answer = marked.get(f"{URL}/trust/main.png")
    assert answer.headers["content-type"] == "image/png"
    picture = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture.shape == (16, 32, 4)
    assert picture[8, [0, 31], 3].tolist() == [191, 0]  # 0.75 of 255, and clear
    assert get(marked, "trust?cluster=main&x=0.4&y=1") == {"trust": 0}
    assert get(marked, "trust?cluster=main&x=0.6&y=1") == {"trust": 1}


def test_trust_is_computed_once_for_an_average(marked, monkeypatch):
    asked = []

    def trust_of(library, exploration):
        asked.append(exploration)
        return np.ones((16, 32), np.float32)

    monkeypatch.setattr("ui.keypoints.trust.trust_of", trust_of)
    for _ in range(3):
        get(marked, "trust?cluster=main&x=0.4&y=1")
    get(marked, "trust?cluster=ears&x=0.4&y=1")
    assert len(asked) == 2


def test_trust_of_no_cluster_is_an_error(marked):
    assert "no cluster 'tail'" in marked.get(f"{URL}/trust/tail.png").json()["error"]


@pytest.mark.parametrize("path", ["proposals", "review", "changes", "agreement", "images/0"])
def test_unknown_collection_is_not_found(client, path):
    assert client.get(f"/api/boots/keypoints/{path}").status_code == 404
