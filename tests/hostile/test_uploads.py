"""Uploads: what they are counts, not what they are called, and there is an end to how much."""

import io
import zipfile

import pytest

from tests.hostile.pictures import picture, saved
from ui.building.uploads import (
    FreeNames,
    UploadError,
    UploadLimits,
    check_room,
    check_upload,
    kept_name,
    safe_name,
)

LIMITS = UploadLimits(files=3, bytes=1000)


@pytest.fixture
def written(tmp_path):
    def write(**files):
        paths = [tmp_path / name.replace("_", ".") for name in files]
        for path, content in zip(paths, files.values(), strict=True):
            path.write_bytes(content)
        return paths

    return write


def zip_of_one():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.png", saved(picture(), "PNG"))
    return file.getvalue()[:900]


def test_count_and_bytes_have_an_end(written):
    with pytest.raises(UploadError, match="may have 3 files, got 4"):
        check_upload(written(a_png=b"", b_png=b"", c_png=b"", d_png=b""), LIMITS)
    with pytest.raises(UploadError, match="may have 1,000 bytes, got 1,001"):
        check_upload(written(a_png=bytes(500), b_png=bytes(501)), LIMITS)
    with pytest.raises(UploadError, match="at least one file"):
        check_upload([], LIMITS)


def test_zip_is_one_by_its_content_whatever_it_is_called(written):
    assert check_upload(written(photos_jpg=zip_of_one()), LIMITS) == "zip"
    assert check_upload(written(photos_zip=b"\xff\xd8\xff no zip"), LIMITS) == ""
    assert kept_name("photos.jpg", "zip") == "photos.zip"


def test_zip_among_others_is_no_source(written):
    assert check_upload(written(a_zip=zip_of_one(), b_png=b"x"), LIMITS) == ""


@pytest.mark.parametrize("name", ["files_csv", "files_tsv", "files_parquet", "files_CSV"])
def test_table_that_names_files_of_the_server_is_refused(written, name):
    with pytest.raises(UploadError, match="names files of the server"):
        check_upload(written(**{name: b"path\n/etc/passwd\nhttp://canary.example/\n"}), LIMITS)


def test_link_is_not_taken_for_the_file_that_it_leads_to(tmp_path):
    (tmp_path / "a.png").symlink_to("/etc/passwd")
    with pytest.raises(UploadError, match="link or a device"):
        check_upload([tmp_path / "a.png"], LIMITS)


def test_disk_keeps_a_reserve(tmp_path):
    check_room(tmp_path, 0)
    with pytest.raises(UploadError, match="no room"):
        check_room(tmp_path, 1 << 60)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\windows\\a.png", "a.png"),
        ("/etc/cron.d/job", "job"),
        (".bashrc", "bashrc"),
        ("..", "photo"),
        ("", "photo"),
        ("a\0.png", "a.png"),
        ("a\nb\x1b[31m.png", "a_b_[31m.png"),
        ("a\u202egnp.exe", "a_gnp.exe"),
        ("a\ud800.png", "a?.png"),
        ("x" * 5000 + ".png", "x" * 196 + ".png"),
        ("é" * 5000, "é" * 100),
        ("." + "x" * 5000, "x" * 200),
    ],
)
def test_name_is_safe_on_any_disk(name, safe, tmp_path):
    assert safe_name(name) == safe
    (tmp_path / safe).write_bytes(b"x")


def test_ten_thousand_files_of_one_name_get_names_of_their_own():
    names = FreeNames()
    taken = [names.take("a.jpg") for _ in range(10_000)]
    assert len(set(taken)) == 10_000
    assert taken[-1] == "a-10000.jpg"


def test_uploaded_table_is_refused_over_http(client):
    files = [("files", ("files.csv", b"path\n/etc/passwd\n"))]
    answer = client.post("/api/builds", files=files)
    assert answer.status_code == 409
    assert client.get("/api/builds").json() == []
