"""`ui.routes.cluster_routes`: clusters side by side, and what no cluster explains."""

from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from explorer.alignment.maps import Maps, grid_points
from tests.ui.working import stroke
from ui.computing.images import difference
from ui.computing.taking_part import is_mirrored, is_moved
from ui.routes.single_images import as_it_takes_part
from ui.wire.operations import AddCluster, FromEdits, PutEdit


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
    assert lines[0] == "rank,path,weight,score,for,against,s1"
    named = two.get("/api/shoes/ranking.csv").headers["content-disposition"]
    assert "shoes-main.csv" in named


@dataclass
class Shown:
    """Image 3 is moved 8 pixels to the left, image 4 mirrored only, the others as they are."""

    maps: Maps
    mirrored: tuple = (False, False, True, False, True, False)


def stripes(size):
    """A library whose images have a white left half on black."""
    image = np.zeros((16, 32, 3), np.uint8)
    image[:, :16] = 255
    rows = {"pixels": image, "thumbs": image[::2, ::2]}

    class Library:
        height, width = 16, 32

        def rows(self, feature, ids):
            return np.stack([rows[feature]] * len(ids))

    nodes = grid_points(16, 32)[None] + np.float32([8, 0])
    nodes = np.concatenate([nodes, grid_points(16, 32)[None]])
    maps = Maps(rows=np.int32([3, 4]), nodes=nodes, mirrored=np.array([False, True]))
    return [
        as_it_takes_part(Library(), Shown(maps), image_id, size)[0, :, 0] for image_id in range(5)
    ]


def test_an_image_says_how_it_takes_part():
    nodes = grid_points(16, 32)[None]
    nudged = nodes + np.float32([0.4, 0])  # less than half a pixel
    nodes = np.concatenate([nudged, nodes + np.float32([0, 0.6]), nodes])
    maps = Maps(rows=np.int32([2, 3, 4]), nodes=nodes, mirrored=np.array([False, True, True]))
    # By itself image 2 is mirrored, in what is drawn it is not; image 4 is the other way round.
    found = Shown(maps, (True, False, True, False, False))
    assert [image_id for image_id in range(5) if is_mirrored(found, image_id)] == [0, 3, 4]
    assert [image_id for image_id in range(5) if is_moved(found, image_id)] == [3]


@pytest.mark.parametrize(("size", "scale"), [("full", 1), ("thumb", 2)])
def test_image_is_drawn_as_it_takes_part(size, scale):
    as_it_is, _, flipped, moved, mirrored = stripes(size)
    middle, quarter = 16 // scale, 8 // scale
    assert as_it_is[:middle].min() == 255
    assert as_it_is[middle:].max() == 0
    assert np.array_equal(flipped, as_it_is[::-1])
    assert np.array_equal(mirrored, as_it_is[::-1])
    assert moved[: middle - quarter].min() == 255
    assert moved[middle - quarter + 1 : -quarter - 1].max() == 0
    assert moved[-quarter + 1 :].min() == 255  # the image does not reach there


def test_image_of_a_cluster_comes_as_a_picture(two):
    assert pixel(two.get("/api/shoes/clusters/ears/images/3.jpg")) == (120, 120, 120)
    assert two.get("/api/shoes/clusters/ears/images/9.jpg").status_code == 404
