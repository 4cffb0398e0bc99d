"""Nothing outside the collection can be read, by whatever a path, an id or a manifest says."""

import os

import pytest

from index.collection import Original
from index.errors import CollectionError
from index.originals import read_original
from index.pictures import content_hash
from tests.hostile.pictures import picture, saved

IDS = [
    "-1",
    "6",
    "99999999999999999999",
    "1" * 5000,
    "0x1",
    "1.5",
    "NaN",
    "..",
    "%2e%2e%2fetc",
    "a",
]
NAMES = ["../../etc/passwd", "/etc/passwd", "grey/0.png/../../..", "\0", "x" * 10_000, "%00"]


@pytest.mark.parametrize("number", IDS, ids=lambda text: text[:24])
def test_image_that_is_not_there_is_not_there(client, number):
    begun = ("images/{}", "images/{}/why", "similar/{}", "clusters/main/images/{}.jpg")
    for place in (path.format(number) for path in begun):
        answer = client.get(f"/api/shoes/{place}")
        assert answer.status_code in (400, 404, 422), (place, answer.status_code)
        assert "/tmp" not in answer.text  # noqa: S108 - where the collection of the test is


@pytest.mark.parametrize("name", NAMES, ids=lambda text: ascii(text[:24]))
def test_name_that_no_image_has_is_no_image(client, name):
    answer = client.get("/api/shoes/images", params={"name": name})
    assert answer.json() == {"id": None}


@pytest.mark.parametrize(
    "collection", ["..", "%2e%2e", "..%2f..%2fetc", "shoes%00", "shoes~", "shoes~..", "x" * 5000]
)
def test_collection_that_is_not_served_is_not_found(client, collection):
    for place in ("images/0", "session.json", "average.png"):
        assert client.get(f"/api/{collection}/{place}").status_code in (400, 403, 404, 422)


def original(kind, source, member, content=""):
    return Original(kind, source, member, 60, 80, content)


def test_file_outside_the_folder_of_the_originals_is_not_read(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "secret.png").write_bytes(saved(picture()))
    for member in ("../secret.png", str(tmp_path / "secret.png"), "a/../../secret.png"):
        with pytest.raises(CollectionError, match="leads out of the folder"):
            read_original(original("folder", tmp_path / "photos", member))


@pytest.mark.parametrize("kind", ["folder", "table"])
def test_file_that_the_collection_was_not_built_from_is_not_read(tmp_path, kind):
    (tmp_path / "secret.png").write_bytes(saved(picture()))
    known = content_hash(saved(picture(1)))
    with pytest.raises(CollectionError, match="no longer what the collection was built from"):
        read_original(original(kind, tmp_path, "secret.png", known))
    known = content_hash(saved(picture()))
    assert read_original(original(kind, tmp_path, "secret.png", known)).shape == (60, 80, 3)


def test_pipes_and_devices_are_no_originals(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    for source, member in ((tmp_path, "pipe.png"), ("/dev", "zero")):
        with pytest.raises(CollectionError, match="is no file"):
            read_original(original("folder", source, member))


@pytest.mark.parametrize(
    "text", ["#EXTM3U\n/etc/passwd\n", "ffconcat version 1.0\nfile /etc/passwd"]
)
def test_list_of_files_is_no_video(tmp_path, text):
    path = tmp_path / "clip.mp4"
    path.write_text(text)
    with pytest.raises(CollectionError, match=r"clip\.mp4 is no video"):
        read_original(original("video", path, "0"))


def test_error_names_no_path_of_the_server(tmp_path):
    (tmp_path / "broken.png").write_bytes(b"x")
    for member in ("missing.png", "broken.png"):
        with pytest.raises(CollectionError) as caught:
            read_original(original("folder", tmp_path, member))
        assert str(tmp_path) not in str(caught.value)
