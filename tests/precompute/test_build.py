"""`precompute.build`: from photographs to a collection, and what an earlier one becomes."""

import json
import os
import shutil
import zipfile

import cv2
import numpy as np
import pytest
from PIL import Image

from index.collection import open_collection
from index.info import describe
from index.schema import FEATURES, SHARDS
from precompute.build import build as build_collection
from precompute.errors import BuildError
from precompute.lock import only_build


def shard_bytes(collection):
    files = sorted((collection / SHARDS).rglob("*"))
    return {
        str(path.relative_to(collection)): path.read_bytes() for path in files if path.is_file()
    }


def test_every_photograph_becomes_an_image_with_all_features(photos, build_small):
    report = build_small(photos)
    collection = open_collection(report.path)
    assert (collection.size, collection.height, collection.width) == (12, 48, 64)
    assert sorted(collection.names) == [f"{seed:04}.jpg" for seed in range(12)]
    sizes = {"n": 12, "H": 48, "W": 64, "h": 48, "w": 64, "Y": 6, "X": 8, "D": 688}
    for spec in FEATURES.values():
        (shard,) = collection.shards(spec.name)
        expected = [int(axis) if axis.isdigit() else sizes[axis] for axis in spec.axes.split()]
        assert (list(shard.shape), str(shard.dtype)) == (expected, spec.dtype), spec.name
    original = cv2.imread(str(photos / "0003.jpg"))[..., ::-1]
    expected = cv2.resize(original, (64, 48), interpolation=cv2.INTER_AREA).astype(int)
    (found,) = collection.rows("pixels", [collection.image_id("0003.jpg")])
    assert np.abs(found - expected).mean() < 2


def test_the_size_is_the_mean_of_the_upright_photographs(tmp_path, build_small):
    exif = Image.Exif()
    exif[0x0112] = 6
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.new("RGB", (400, 200), "red").save(folder / "wide.jpg")
    Image.new("RGB", (400, 200), "blue").save(folder / "turned.jpg", exif=exif)
    report = build_small(folder, size="auto", longer_side=128)
    collection = open_collection(report.path)
    assert (collection.height, collection.width) == (128, 128)


def test_the_same_photographs_give_the_same_bytes(photos, build_small):
    one = build_small(photos, "one.avex", workers=1)
    two = build_small(photos, "two.avex", workers=2)
    assert shard_bytes(one.path) == shard_bytes(two.path)


def test_a_second_run_does_nothing(photos, build_small):
    first = build_small(photos)
    before = {path: path.stat().st_mtime_ns for path in first.path.rglob("*.*")}
    second = build_small(photos)
    changed = {path.name for path, mtime in before.items() if path.stat().st_mtime_ns != mtime}
    assert (second.images, second.added) == (12, 0)
    assert changed <= {"build.lock", "timings.jsonl"}


def test_a_grown_folder_adds_shards_and_leaves_an_open_handle_as_it_was(photos, build_small, grow):
    collection = open_collection(build_small(photos).path)
    before = shard_bytes(collection.path)
    grow(photos, 5)
    report = build_small(photos)
    grown = open_collection(report.path)
    assert (report.added, grown.size, len(grown.manifest.shards)) == (5, 17, 2)
    assert before.items() <= shard_bytes(collection.path).items()
    assert list(grown.names[:12]) == list(collection.names)
    assert collection.size == len(collection.names) == 12
    assert len(collection.shards("color")) == 1
    assert grown.rows("thumbs", [16, 0]).shape == (2, 48, 64, 3)


def test_changed_and_vanished_files_are_told_and_keep_their_picture(photos, build_small):
    first = open_collection(build_small(photos).path)
    before = first.rows("pixels", range(12))
    Image.new("RGB", (90, 70), "red").save(photos / "0001.jpg")
    (photos / "0002.jpg").unlink()
    report = build_small(photos)
    assert (report.changed, report.vanished, report.added) == (("0001.jpg",), ("0002.jpg",), 0)
    again = open_collection(report.path)
    assert (again.rows("pixels", range(12)) == before).all()
    assert describe(again)["vanished"] == ["0002.jpg"]


def test_rebuild_starts_afresh_and_spares_the_rooms(photos, build_small):
    first = build_small(photos)
    (first.path / "rooms.sqlite").write_bytes(b"a log")
    (photos / "0002.jpg").unlink()
    report = build_small(photos, size=(64, 64), rebuild=True)
    assert (report.images, report.vanished) == (11, ())
    assert open_collection(report.path).height == 64
    assert (first.path / "rooms.sqlite").read_bytes() == b"a log"


def test_bad_files_are_listed_with_reasons_and_the_rest_is_built(photos, build_small):
    (photos / "empty.jpg").touch()
    (photos / "cut.jpg").write_bytes((photos / "0001.jpg").read_bytes()[:600])
    (photos / "notes.txt").write_text("not a picture")
    (photos / ".DS_Store").write_bytes(b"x")
    report = build_small(photos)
    reasons = dict(report.rejected)
    assert report.images == 12
    assert sorted(reasons) == [".DS_Store", "cut.jpg", "empty.jpg", "notes.txt"]
    told = describe(open_collection(report.path))
    assert {file["path"]: file["reason"] for file in told["rejected"]} == reasons
    assert dict(build_small(photos).rejected) == reasons


def test_a_mended_file_comes_in_and_is_no_longer_rejected(photos, build_small):
    shutil.copy(photos / "0000.jpg", photos / "fine.jpg")
    (photos / "broken.jpg").write_bytes(b"broken")
    assert len(build_small(photos).rejected) == 1
    shutil.copy(photos / "0003.jpg", photos / "broken.jpg")
    report = build_small(photos)
    assert (report.added, report.rejected) == (1, ())


def test_other_options_are_refused_with_advice(photos, build_small):
    build_small(photos)
    with pytest.raises(BuildError, match=r"built with fit stretch, now it is crop: .*--rebuild"):
        build_small(photos, fit="crop")


def test_other_photographs_are_refused(photos, tmp_path, build_small, grow):
    build_small(photos)
    other = tmp_path / "other"
    grow(other, 3)
    with pytest.raises(BuildError, match=r"was built from .* has 0: use another folder"):
        build_small(other)


def test_a_moved_folder_may_grow(photos, tmp_path, build_small, grow):
    build_small(photos)
    moved = photos.rename(tmp_path / "moved")
    grow(moved, 1)
    report = build_small(moved)
    assert report.added == 1
    assert open_collection(report.path).original(0).source == moved


def test_a_collection_among_the_photographs_is_not_taken_for_one(photos, build_small):
    first = build_small(photos, "photos/inside.avex")
    again = build_small(photos, "photos/inside.avex")
    assert first.rejected == again.rejected
    assert [path for path, _ in first.rejected] == ["inside.avex"]
    assert (again.images, again.added) == (12, 0)


def test_two_builds_at_once_are_refused(photos, build_small, tmp_path):
    (tmp_path / "c.avex").mkdir()
    with (
        only_build(tmp_path / "c.avex"),
        pytest.raises(BuildError, match=f"being built by process {os.getpid()}"),
    ):
        build_small(photos)


def test_a_folder_of_something_else_is_not_written_to(photos, build_small, tmp_path):
    (tmp_path / "c.avex").mkdir()
    (tmp_path / "c.avex" / "thesis.tex").write_text("precious")
    with pytest.raises(BuildError, match=r"holds thesis\.tex"):
        build_small(photos)
    with pytest.raises(BuildError, match=r"holds thesis\.tex"):
        build_small(photos, rebuild=True)


def test_nothing_usable_says_what_is_wrong(tmp_path, build_small):
    folder = tmp_path / "empty"
    folder.mkdir()
    with pytest.raises(BuildError, match="it is empty"):
        build_small(folder)
    (folder / "a.jpg").write_bytes(b"text")
    with pytest.raises(
        BuildError, match=r"none of its 1 files can be used; .* a.jpg: not an image"
    ):
        build_small(folder)


def test_a_table_brings_metadata(photos, build_small):
    table = photos / "table.csv"
    table.write_text("path,label,price\n0001.jpg,shoe,12\n0002.jpg,bag,\nnone.jpg,x,1\n")
    report = build_small(table)
    collection = open_collection(report.path)
    row = collection.image_id("0001.jpg")
    assert collection.metadata(row) == {"label": "shoe", "price": "12"}
    assert collection.metadata(1 - row) == {"label": "bag"}
    assert sorted(collection.images.column("label")) == ["bag", "shoe"]
    assert report.rejected[0][0] == "none.jpg"
    original = collection.original(row)
    assert (original.source / original.member).read_bytes() == (photos / "0001.jpg").read_bytes()


def test_a_zip_gives_the_same_images_as_its_folder(photos, tmp_path, build_small):
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        for path in photos.iterdir():
            archive.write(path, path.name)
    zipped = open_collection(build_small(tmp_path / "photos.zip", "z.avex").path)
    folder = open_collection(build_small(photos, "f.avex").path)
    assert list(zipped.names) == list(folder.names)
    assert (zipped.rows("pixels", range(12)) == folder.rows("pixels", range(12))).all()


def test_frames_of_a_video_are_those_of_their_times(tmp_path, build_small):
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for shade in range(25):
        writer.write(np.full((48, 64, 3), shade * 10, np.uint8))
    writer.release()
    collection = open_collection(build_small(path, fps=2.0).path)
    means = {
        name: collection.rows("pixels", [row])[0].mean()
        for row, name in enumerate(collection.names)
    }
    for tick in range(5):
        assert means[f"clip.avi#t={tick / 2:.2f}"] == pytest.approx(tick * 50, abs=3)


def test_progress_counts_to_the_end_and_costs_are_kept(photos, build_small, progress):
    report = build_small(photos, on_progress=progress.append)
    decoded = [told for told in progress if told.stage == "decode"]
    assert (decoded[-1].done, decoded[-1].total) == (12, 12)
    assert {"scan", "decode", "hog", "duplicates"} <= set(report.stages)
    stages = describe(open_collection(report.path))["stages"]
    assert stages["decode"]["bytes"] > 12 * 48 * 64 * 3
    assert json.dumps(stages)


def test_a_build_that_cannot_begin_leaves_nothing_behind(tmp_path):
    with pytest.raises(BuildError):
        build_collection(tmp_path / "nothing", tmp_path / "out.avex")
    assert not (tmp_path / "out.avex").exists()
