"""The HTTP routes of the explorer brush."""

import csv

import pytest

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
