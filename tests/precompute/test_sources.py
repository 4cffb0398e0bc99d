"""`precompute.sources`: every file of a source is a candidate, or is rejected with a reason."""

import os
import stat
import zipfile

import cv2
import numpy as np
import pytest

from precompute.errors import BuildError
from precompute.listing import list_source
from precompute.sources import Candidate, in_order


def reasons(listing):
    return {file.path: file.reason for file in listing.rejected}


def names(listing):
    return sorted(candidate.name for candidate in listing.candidates)


def test_a_folder_is_listed_at_any_depth_and_nothing_is_lost(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in ("one.jpg", "a/two.png", "a/b/three", ".hidden.jpg", "notes.txt", "table.csv"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / ".git").mkdir()
    (tmp_path / "old.avex").mkdir()
    (tmp_path / "old.avex" / "manifest.json").write_text("{}")
    (tmp_path / "dangling.jpg").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.jpg")
    listing = list_source(tmp_path, 1)
    assert names(listing) == ["a/b/three", "a/two.png", "notes.txt", "one.jpg"]
    found = reasons(listing)
    assert set(found) == {
        ".hidden.jpg", ".git", "old.avex", "dangling.jpg", "loop", "pipe.jpg", "table.csv",
    }  # fmt: skip
    assert "`path` column" in found["table.csv"]
    assert "regular" in found["pipe.jpg"]


def test_a_name_that_is_not_utf8_is_rejected_readably(tmp_path):
    path = os.fsencode(tmp_path) + b"/\xff.jpg"
    with open(path, "wb") as file:  # noqa: PTH123 - Path takes no bytes
        file.write(b"x")
    assert reasons(list_source(tmp_path, 1)) == {"\\xff.jpg": "the name is not UTF-8: rename it"}


def test_a_zip_is_read_in_place_and_its_traps_are_refused(tmp_path):
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/one.jpg", b"x" * 100)
        archive.writestr("../out.jpg", b"x")
        archive.writestr("/etc/passwd.jpg", b"x")
        archive.writestr("bomb.png", bytes(3 << 20))
        archive.writestr("__MACOSX/one.jpg", b"x")
        link = zipfile.ZipInfo("link.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "one.jpg")
    listing = list_source(path, 1)
    assert names(listing) == ["a/one.jpg"]
    found = reasons(listing)
    assert "out of the zip" in found["../out.jpg"]
    assert "out of the zip" in found["/etc/passwd.jpg"]
    assert "zip bomb" in found["bomb.png"]
    assert found["link.jpg"] == "a link"
    assert found["__MACOSX/one.jpg"] == "a hidden file"


def test_an_encrypted_member_is_refused(tmp_path):
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("secret.jpg", b"x")
    content = bytearray(path.read_bytes())
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert "encrypted" in reasons(list_source(path, 1))["secret.jpg"]


def test_a_table_gives_metadata_and_tells_of_missing_and_repeated_rows(tmp_path):
    (tmp_path / "img").mkdir()
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / "img" / name).write_bytes(b"x")
    rows = [
        "path,label,price",
        'img/a.jpg,"Shoes, red",007',
        "img/b.jpg,,9.50",
        "img/c.jpg,x,1",
        "img/a.jpg,y,2",
        ",z,3",
    ]
    (tmp_path / "t.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    listing = list_source(tmp_path / "t.csv", 1)
    metadata = {candidate.name: candidate.metadata for candidate in listing.candidates}
    assert metadata == {
        "img/a.jpg": {"label": "Shoes, red", "price": "007"},
        "img/b.jpg": {"price": "9.50"},
    }
    found = reasons(listing)
    assert "cannot be found" in found["img/c.jpg"]
    assert "listed again in row 4" in found["img/a.jpg"]
    assert found["t.csv, row 5"] == "the row has no path"


def test_parquet_says_the_same_as_csv(tmp_path):
    import pyarrow as pa
    from pyarrow import parquet

    (tmp_path / "a.jpg").write_bytes(b"x")
    parquet.write_table(pa.table({"path": ["a.jpg"], "year": [2011]}), tmp_path / "t.parquet")
    (candidate,) = list_source(tmp_path / "t.parquet", 1).candidates
    assert (candidate.name, candidate.metadata) == ("a.jpg", {"year": "2011"})


def test_a_table_without_paths_says_which_columns_it_has(tmp_path):
    (tmp_path / "t.csv").write_text("file,label\na.jpg,x\n", encoding="utf-8")
    with pytest.raises(BuildError, match=r"column `path` .* has file, label"):
        list_source(tmp_path / "t.csv", 1)


def test_a_video_is_sampled_at_the_wished_rate(tmp_path):
    path = str(tmp_path / "clip.avi")
    writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for shade in range(25):
        writer.write(np.full((48, 64, 3), shade * 10, np.uint8))
    writer.release()
    found = [candidate.name for candidate in list_source(tmp_path / "clip.avi", 2).candidates]
    assert found == [f"clip.avi#t={time:.2f}" for time in (0, 0.5, 1, 1.5, 2)]
    assert len(list_source(tmp_path / "clip.avi", 50).candidates) == 25


@pytest.mark.parametrize("name", ["nothing", "file.doc", "broken.zip", "broken.mp4", "broken.csv"])
def test_what_is_no_source_is_refused(tmp_path, name):
    if name != "nothing":
        (tmp_path / name).write_bytes(b"\x00\x01\x02")
    with pytest.raises(BuildError, match="must"):
        list_source(tmp_path / name, 1)


def test_the_order_is_of_the_names_alone():
    candidates = [Candidate(f"{number}.jpg", "", number, number) for number in range(50)]
    shuffled = in_order(reversed(candidates))
    assert shuffled == in_order(candidates)
    assert shuffled != candidates
    kept = [candidate for candidate in shuffled if candidate.size < 25]
    assert kept == in_order(candidates[:25])
