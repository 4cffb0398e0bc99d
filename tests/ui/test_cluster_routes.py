"""`ui.cluster_routes`: clusters side by side, and what no cluster explains."""

import cv2
import numpy as np
import pytest

from tests.ui.working import stroke
from ui.cluster_routes import difference
from ui.operations import AddCluster, FromEdits, PutEdit


@pytest.fixture
def two(client):
    """A server whose second cluster is red, so that the first is its opposite."""
    source = FromEdits(edits=(stroke(),))
    client.app.state.services.hub.operate(
        "shoes", AddCluster(id="ears", name="Ears", source=source)
    )
    return client


def pixel(response):
    assert response.status_code == 200
    blue, green, red = cv2.imdecode(np.frombuffer(response.content, np.uint8), 1)[0, 0]
    return int(red), int(green), int(blue)


def test_each_cluster_has_its_picture(two):
    answer = two.get("/api/shoes/clusters/ears.jpg")
    assert answer.headers["content-type"] == "image/jpeg"
    assert pixel(answer) == pytest.approx((250, 0, 0), abs=4)
    assert pixel(two.get("/api/shoes/clusters/main.jpg")) == pytest.approx((5, 255, 255), abs=4)


def test_picture_without_alignment_is_asked_for_without_changing_the_room(two, engine):
    assert pixel(two.get("/api/shoes/clusters/ears.jpg?aligned=false")) == pytest.approx(
        (250, 0, 0), abs=4
    )
    shown, _ = engine.asked[-1]
    assert (shown.id, shown.alignment) == ("ears", "none")
    room = two.app.state.services.hub.room("shoes")
    assert room.state.session.cluster("ears").alignment == "similarity"


def test_difference_is_around_mid_grey(two):
    # 127.5 + (250 - 5) / 2 = 250, 127.5 - 255 / 2 = 0; the other way round 5 and 255.
    answer = two.get("/api/shoes/difference.png?a=ears&b=main")
    assert pixel(answer) == (250, 0, 0)
    assert pixel(two.get("/api/shoes/difference.png?a=main&b=ears")) == (5, 255, 255)
    assert pixel(two.get("/api/shoes/difference.png?a=main&b=main")) == (128, 128, 128)


def test_difference_can_be_exaggerated():
    first, second = (np.full((1, 1, 3), value, np.uint8) for value in (110, 100))
    assert difference(first, second, gain=2)[0, 0, 0] == 138  # 127.5 + 2 * 10 / 2, rounded to even
    assert difference(second, first, gain=16)[0, 0, 0] == 48  # 127.5 - 16 * 10 / 2


def test_outliers_are_the_least_explained_first(two):
    answer = two.get("/api/shoes/outliers?count=2").json()
    assert answer["images"] == [
        {"id": 5, "name": "grey/5.png", "unexplained": 1.0},
        {"id": 4, "name": "grey/4.png", "unexplained": pytest.approx(0.8)},
    ]
    assert answer["share"] == pytest.approx(2 / 6)  # those above 0.6 of 0, 0.2 ... 1


def test_outliers_have_an_average(two):
    assert pixel(two.get("/api/shoes/outliers.jpg")) == (128, 128, 128)


@pytest.mark.parametrize(
    "path",
    ["clusters/tail.jpg", "clusters/tail.jpg?aligned=false", "difference.png?a=ears&b=tail"],
)
def test_cluster_that_is_not_there_is_an_error(two, path):
    answer = two.get(f"/api/shoes/{path}")
    assert (answer.status_code, "no cluster 'tail'" in answer.json()["error"]) == (422, True)


def test_without_a_cluster_the_first_is_meant(two):
    hub = two.app.state.services.hub
    hub.operate("shoes", PutEdit(cluster="main", edit=stroke()))
    lines = two.get("/api/shoes/ranking.csv").text.splitlines()
    assert lines[0] == "rank,path,weight,score,s1"
    named = two.get("/api/shoes/ranking.csv").headers["content-disposition"]
    assert "shoes-main.csv" in named
