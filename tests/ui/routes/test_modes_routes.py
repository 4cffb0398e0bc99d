"""The HTTP routes of the explorer brush."""

import base64
import csv

import cv2
import numpy as np
import pytest

from explorer.edits import ColorStroke
from explorer.start import StartAverage
from ui.routes import interest, modes_routes
from ui.wire.operations import PutEdit

RED = ColorStroke(id="s1", paths=(((0.5, 0.5),),), radius=0.1, color=(250, 0, 0))
HERE = "x=0.375&y=0.5&size=32"


def test_modes_of_a_place_come_as_a_table(larger_client):
    answer = larger_client.get(f"/api/shoes/modes.csv?{HERE}")
    [mode] = csv.DictReader(answer.text.splitlines())
    # of the two modes that are everywhere the average shows the first, in three quarters of it
    assert (mode["rank"], mode["seed"], float(mode["share"])) == ("1", "grey/0.png", 0.75)
    assert (float(mode["x"]), float(mode["y"]), float(mode["size"])) == (0.375, 0.5, 0.25)
    assert "shoes-modes.csv" in answer.headers["content-disposition"]


def test_modes_of_a_place_come_as_a_page(larger_client):
    answer = larger_client.get(f"/api/shoes/modes.html?{HERE}")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "grey/0.png" in answer.text


@pytest.mark.parametrize(
    ("query", "wrong"),
    [("x=2&y=0.5", "x: "), ("y=0.5", "x: "), (f"{HERE}&cluster=ears", "no cluster 'ears'")],
)
def test_wrong_place_is_refused_by_name(larger_client, query, wrong):
    answer = larger_client.get(f"/api/shoes/modes.csv?{query}")
    assert answer.status_code == 422
    assert wrong in answer.json()["error"]


def test_images_that_are_too_small_have_no_modes_to_report(client):
    answer = client.get(f"/api/shoes/modes.html?{HERE}")
    assert answer.status_code == 404
    assert "modes need two images of at least 32 x 32 pixels" in answer.json()["error"]


def test_averages_to_start_with_are_what_a_like_edit_gives(client, engine, monkeypatch):
    client.app.state.services.hub.operate("shoes", PutEdit(cluster="main", edit=RED))

    def one_average(view, explore, weights, count):
        assert weights.tolist() == [0.25, 0.5, 0.25, 0, 0, 0]
        average = explore(4).average
        return [StartAverage(image=4, share=0.5, images=3, average=average)] * count

    monkeypatch.setattr(modes_routes, "start_averages", one_average)
    first, second = client.get("/api/shoes/start?count=2").json()["averages"]
    assert (first["image"], first["share"], first["images"]) == ("grey/4.png", 0.5, 3)
    assert first == second
    data = np.frombuffer(base64.b64decode(first["picture"]), np.uint8)
    assert cv2.imdecode(data, cv2.IMREAD_COLOR).shape == (16, 32, 3)
    asked, _ = engine.asked[-1]
    assert [edit.kind for edit in asked.edits] == ["color", "like"]
    assert asked.edits[-1].image == "grey/4.png"


def test_number_of_averages_to_start_with_is_limited(client):
    answer = client.get("/api/shoes/start?count=1000")
    assert (answer.status_code, answer.json()["error"][:7]) == (422, "count: ")


def test_best_places_are_where_a_hover_finds_them(larger_client, monkeypatch):
    found = np.zeros((8, 16), np.float32)
    found[2:6, 4:8] = 1  # a patch of 4 x 4 cells whose middle is (48, 32) px of 128 x 64
    monkeypatch.setattr(interest, "map_of", lambda finder, library, side: found)
    answer = larger_client.get("/api/shoes/interest.json?size=32").json()
    assert answer["map"] == found.tolist()
    assert answer["best"][0] == {"x": 48 / 128, "y": 32 / 64, "size": 32}


def test_small_images_have_an_empty_map(client):
    answer = client.get("/api/shoes/interest.json").json()
    assert answer == {"map": [[0.0] * 4] * 2, "best": []}
    assert client.get("/api/shoes/interest.png").headers["content-type"] == "image/png"
