"""The HTTP routes: pictures, questions, files, and who may ask."""

import io
import json

import cv2
import numpy as np
import pytest

from ui.wire.protocol import PROTOCOL

STROKE = {
    "kind": "color",
    "id": "s1",
    "paths": [[[0.5, 0.5]]],
    "radius": 0.125,
    "color": [250, 10, 10],
    "strength": 1.0,
    "enabled": True,
    "reach": "near",
}
BIG = b" " * (17 * 1024**2)
SESSION = {
    "format": "average-explorer session",
    "version": 3,
    "collection": "elsewhere",
    "clusters": [
        {
            "id": "main",
            "name": "Red",
            "weighting": "focus",
            "count": 7,
            "alignment": "rigid",
            "mirror": True,
            "color": "#aabbcc",
            "edits": [{"author": "eve", "time": 5.0, "edit": STROKE}],
        }
    ],
}


@pytest.fixture
def painted(client):
    assert client.post("/api/shoes/session.json", json=SESSION).json() == {"revision": 1}
    return client


def pixel(response):
    blue, green, red = cv2.imdecode(np.frombuffer(response.content, np.uint8), 1)[0, 0]
    return int(red), int(green), int(blue)


def test_health_says_what_is_served(client):
    health = client.get("/healthz").json()
    assert health == {"status": "ok", "protocol": PROTOCOL, "collections": ["shoes"]}


def test_collections_are_described(client):
    [info] = client.get("/api/collections").json()
    assert (info["name"], info["images"], info["metadata"]) == ("shoes", 6, ["number"])


@pytest.mark.parametrize(("size", "width"), [("thumb", 16), ("full", 32)])
def test_image_comes_by_its_number_and_size(client, size, width):
    response = client.get(f"/api/shoes/images/3?size={size}")
    assert response.headers["content-type"] == "image/jpeg"
    assert pixel(response) == (120, 120, 120)
    assert cv2.imdecode(np.frombuffer(response.content, np.uint8), 1).shape[1] == width


def test_image_is_kept_for_good_only_under_the_collections_version(client):
    version = client.get("/api/collections").json()[0]["version"]
    kept = client.get(f"/api/shoes/images/0?v={version}").headers["cache-control"]
    assert "immutable" in kept
    assert "immutable" not in client.get("/api/shoes/images/0").headers["cache-control"]


def test_unchanged_image_is_not_sent_again(client):
    tag = client.get("/api/shoes/images/0").headers["etag"]
    again = client.get("/api/shoes/images/0", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/shoes/images/6", 404),
        ("/api/shoes/images/-1", 404),
        ("/api/hats/images/0", 404),
        ("/api/shoes/images/0?size=huge", 422),
        ("/api/shoes/images/../../etc", 404),
        ("/api/shoes/images/0/why?cluster=ears", 422),
        ("/static/../settings.py", 404),
    ],
)
def test_what_is_not_there_is_an_error_with_a_status(client, path, status):
    assert client.get(path).status_code == status


def test_wrong_part_of_a_request_is_named_in_our_shape(client):
    answer = client.get("/api/shoes/images/0?size=huge")
    assert list(answer.json()) == ["error"]
    assert answer.json()["error"].startswith("size: Input should be 'thumb'")


def test_wrong_field_of_a_body_is_named(client):
    answer = client.post("/api/shoes/palette", json={"paths": [[[0.5, 0.5]]], "radius": 0})
    assert (answer.status_code, answer.json()) == (
        422,
        {"error": "radius: Input should be greater than 0"},
    )


def test_body_that_is_no_json_is_refused(client):
    answer = client.post(
        "/api/shoes/palette", content="{", headers={"content-type": "application/json"}
    )
    assert (answer.status_code, list(answer.json())) == (422, ["error"])


def test_image_says_why_it_is_in(painted):
    answer = painted.get("/api/shoes/images/1/why").json()
    assert (answer["name"], answer["metadata"]) == ("grey/1.png", {"number": "1"})
    assert (answer["rank"], answer["weight"], answer["score"]) == (1, 0.5, 1.0)
    assert (answer["moved"], answer["mirrored"]) == (False, False)
    box = [0.625, 0.25, 0.25, 0.5]  # 4 px either side of 0.5, moved by 8 of 32 px
    assert answer["reasons"] == [{"edit_id": "s1", "contribution": 0.25, "box": box}]


def test_an_image_is_found_by_its_name(client):
    found = [
        client.get("/api/shoes/images", params={"name": name}).json()["id"]
        for name in ("grey/2.png", "grey/9.png")
    ]
    assert found == [2, None]


def test_similar_images_come_with_names(client):
    answer = client.get("/api/shoes/similar/1?k=1").json()
    assert answer["images"] == [{"id": 0, "name": "grey/0.png", "similarity": 0.9}]


def test_palette_under_the_brush(client):
    brush = {"paths": [[[0.5, 0.5]]], "radius": 0.1}
    colors = client.post("/api/shoes/palette", json=brush).json()["colors"]
    assert colors == [{"color": [224, 224, 224], "share": 1.0}]


def test_palette_beside_the_canvas_is_refused(client):
    brush = {"paths": [[[-2.0, 0.5]]], "radius": 0.1}
    answer = client.post("/api/shoes/palette", json=brush)
    assert answer.status_code == 422
    assert "must touch the canvas" in answer.json()["error"]


def test_opened_session_is_the_one_that_is_saved(painted):
    saved = painted.get("/api/shoes/session.json")
    assert saved.json() == SESSION | {"collection": "shoes"}
    assert "shoes-session.json" in saved.headers["content-disposition"]


def test_session_of_the_first_version_is_opened(client):
    plain = {name: SESSION["clusters"][0][name] for name in ("id", "name", "weighting", "count")}
    old_edit = {name: value for name, value in STROKE.items() if name != "reach"}
    cluster = plain | {"edits": [{"author": "eve", "time": 5.0, "edit": old_edit}]}
    client.post("/api/shoes/session.json", json=SESSION | {"version": 1, "clusters": [cluster]})
    [saved] = client.get("/api/shoes/session.json").json()["clusters"]
    assert saved["edits"] == SESSION["clusters"][0]["edits"]
    assert (saved["alignment"], saved["mirror"], saved["color"]) == ("similarity", False, "")


def test_wrong_session_is_refused_by_its_field(client):
    answer = client.post("/api/shoes/session.json", json=SESSION | {"version": 99})
    assert answer.status_code == 422
    assert "version must be one of 1, 2, 3, got 99" in answer.json()["error"]


def test_file_that_is_no_session_is_refused_in_plain_words(client):
    answer = client.post("/api/shoes/session.json", json={"a": 1})
    assert answer.status_code == 422
    assert answer.json() == {"error": "this is no session: session.clusters is missing"}


def test_ranking_is_a_table_with_a_column_for_each_edit(painted):
    lines = painted.get("/api/shoes/ranking.csv").text.splitlines()
    assert lines[:2] == ["rank,path,weight,score,for,against,s1", "1,grey/1.png,0.5,1,0,0,0.25"]
    assert len(lines) == 7


def test_average_comes_as_a_png(painted):
    response = painted.get("/api/shoes/average.png")
    assert response.headers["content-type"] == "image/png"
    assert pixel(response) == (250, 10, 10)


def test_every_answer_has_the_security_headers(client):
    for path in ("/healthz", "/api/hats/images/0", "/nothing"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "default-src 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", ""]
)
def test_host_that_is_not_ours_is_refused(client, host):
    assert client.get("/healthz", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("host", ["localhost:7860", "[::1]:7860", "127.0.0.1"])
def test_names_of_this_machine_are_accepted(client, host):
    assert client.get("/healthz", headers={"host": host}).status_code == 200


def test_change_from_another_origin_is_refused(client):
    headers = {"origin": "http://evil.example"}
    answer = client.post("/api/shoes/session.json", json=SESSION, headers=headers)
    assert answer.status_code == 403


def test_request_that_is_too_large_is_refused(client):
    assert client.post("/api/shoes/palette", content=io.BytesIO(BIG)).status_code == 413


def test_session_may_be_larger_as_it_may_have_many_points(client):
    content = BIG + json.dumps(SESSION).encode()
    headers = {"content-type": "application/json"}
    answer = client.post("/api/shoes/session.json", content=content, headers=headers)
    assert answer.json() == {"revision": 1}
