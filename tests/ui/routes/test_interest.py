"""`ui.routes.interest`: the map of where to look, made once and shown in one hue."""

import dataclasses

import cv2
import numpy as np
import pytest

from explorer.modes.spots import spots_of
from tests.ui.conftest import modes_at
from ui.routes import interest
from ui.routes.interest import HUE, STRONGEST, InterestMaps, encode_interest, map_of


@pytest.fixture
def library(parts, tmp_path):
    small = parts.open_library(tmp_path / "shoes.avex")
    return dataclasses.replace(small, height=64, width=128)


def decoded(content):
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)


def test_picture_is_of_one_hue_and_as_opaque_as_it_is_interesting():
    picture = decoded(encode_interest(np.float32([[0, 1], [0, 1]]), 16, 16))
    assert (picture[..., 2::-1] == HUE).all()
    # in the middle of the first cell, and of the last; in between it rises
    assert (picture[4, 0, 3], picture[4, 15, 3]) == (0, STRONGEST)
    assert (np.diff(picture[..., 3].astype(int), axis=1) >= 0).all()


def test_picture_has_the_size_of_the_collection_also_between_cells():
    picture = decoded(encode_interest(np.float32([[0.5, 1]]), 13, 21))
    assert picture.shape == (13, 21, 4)
    assert (picture[:, 16:, 3] == STRONGEST).all()  # beyond the last cell as at its border


def test_guesses_at_some_spots_make_the_map_of_a_collection_without_stored_modes(
    library, finder, monkeypatch
):
    looked = []
    monkeypatch.setattr(finder, "coarse", lambda spot: looked.append(spot) or modes_at(spot))
    assert map_of(finder, library, 4).shape == (8, 16)
    assert not finder.mined
    assert 0 < len(looked) < len(spots_of(4, 64, 128))


def test_stored_modes_of_every_spot_make_the_map(library, finder, monkeypatch):
    monkeypatch.setattr(library, "modes_at", lambda *spot: {"seeds": np.empty(0)}, raising=False)
    map_of(finder, library, 4)
    assert finder.mined == spots_of(4, 64, 128)


def test_map_is_made_once_for_each_size(larger_client, monkeypatch):
    made = []

    def counted(finder, library, side):
        made.append(side)
        return np.zeros((8, 16), np.float32)

    monkeypatch.setattr(interest, "map_of", counted)
    for size in (32, 32, 48, 32):
        assert larger_client.get(f"/api/shoes/interest.png?size={size}").status_code == 200
    assert made == [4, 6]


def test_map_that_could_not_be_made_is_tried_again(larger_client, monkeypatch):
    maps = InterestMaps(larger_client.app.state.services.hub)
    monkeypatch.setattr(interest, "map_of", lambda finder, library, side: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        maps.ask("shoes", 4).result(10)
    monkeypatch.setattr(interest, "map_of", lambda finder, library, side: "a map")
    assert maps.ask("shoes", 4).result(10) == "a map"
