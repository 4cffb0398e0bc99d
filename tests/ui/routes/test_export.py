"""Files to take home: the average from the original files, and what it is made of."""

import cv2
import numpy as np
import pytest

from explorer.session import Cluster
from tests.ui.conftest import FakeEngine, FakeLibrary
from ui.routes.export import heaviest_only, ranking_csv
from ui.wire.board import Vote


@pytest.fixture
def originals(settings):
    """Original i is plain, one level brighter than the collection's image, and 4 times as large."""
    folder = settings.collections[0].parent / "photos"
    folder.mkdir()
    for i in range(6):
        cv2.imwrite(str(folder / f"{i}.png"), np.full((64, 128, 3), 40 * i + 1, np.uint8))


def picture(response):
    return cv2.imdecode(np.frombuffer(response.content, np.uint8), cv2.IMREAD_UNCHANGED)


@pytest.mark.usefixtures("originals")
def test_export_is_made_of_the_originals_at_their_size(client):
    response = client.get("/api/shoes/export.tiff")
    assert response.headers["content-type"] == "image/tiff"
    assert response.headers["x-originals"] == "3 of 3"
    # the engine gives images 0, 1 and 2 a quarter, a half and a quarter
    level = round((1 + 2 * 41 + 81) / 4 * 257)
    image = picture(response)
    assert (image.shape, image.dtype) == ((64, 128, 3), np.uint16)
    assert np.abs(image.astype(int) - level).max() <= 1


@pytest.mark.usefixtures("originals")
def test_longer_side_of_an_export_is_as_asked(client):
    assert picture(client.get("/api/shoes/export.png?long_side=50")).shape == (25, 50, 3)
    assert client.get("/api/shoes/export.png?long_side=3").status_code == 422


@pytest.mark.usefixtures("originals")
def test_original_of_an_image_comes_at_its_size(client):
    assert picture(client.get("/api/shoes/images/1?size=original")).shape == (64, 128, 3)


def test_export_without_originals_says_what_is_missing(client):
    response = client.get("/api/shoes/export.png")
    assert response.status_code == 404
    assert "none of 3 originals" in response.json()["error"]


def test_only_the_heaviest_images_are_exported():
    weights = np.array([0.1, 0.4, 0.1, 0.4], np.float32)
    assert heaviest_only(weights, 2).tolist() == [0, 0.5, 0, 0.5]


def test_the_ranked_list_says_how_many_are_for_and_against_each_image(tmp_path):
    ballots = [("ann", 1, 1), ("ben", 1, 1), ("cem", 1, -1), ("ann", 0, -1)]
    votes = [Vote(image=f"grey/{i}.png", author=who, value=value) for who, i, value in ballots]
    explored = FakeEngine().explored(Cluster(), None, [])
    table = ranking_csv(FakeLibrary(tmp_path), Cluster(), explored, votes).splitlines()
    said = {line.split(",")[1]: line.split(",")[4:] for line in table}
    assert said["path"] == ["for", "against"]
    assert said["grey/1.png"] == ["2", "1"]
    assert said["grey/0.png"] == ["0", "1"]
    assert said["grey/2.png"] == ["0", "0"]
