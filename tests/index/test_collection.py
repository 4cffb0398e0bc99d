"""`index.collection`: a folder on disk, opened."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from index.collection import open_collection
from index.errors import CollectionError
from index.files import write_array, write_atomically
from index.manifest import (
    Manifest,
    ModesInfo,
    Shard,
    SourceInfo,
    StageCost,
    read_manifest,
    write_manifest,
)
from index.modes import join_parts, write_part
from index.records import write_images
from index.schema import IMAGES, MANIFEST, MODES, PLAN, REPORT, SHARDS

COUNTS = (3, 2)


def record(number):
    return {
        "name": f"{number}.jpg",
        "member": f"in/{number}.jpg",
        "height": 100 + number,
        "width": 200,
        "content": str(number),
        "size": 1,
        "mtime_ns": 1,
        "metadata": {"label": "odd", "price": "1"} if number % 2 else {},
    }


@pytest.fixture
def folder(tmp_path):
    """Five images in two shards; pixels of image i are all i, cells of `color` likewise."""
    first = 0
    for number, count in enumerate(COUNTS):
        shard = tmp_path / SHARDS / f"{number:06}"
        shard.mkdir(parents=True)
        ids = np.arange(first, first + count, dtype=np.uint8)
        write_array(shard / "pixels.npy", np.tile(ids[:, None, None, None], (1, 16, 16, 3)))
        write_array(shard / "color.npy", np.tile(ids, (64, 2, 2, 1)))
        first += count
    write_images(tmp_path / IMAGES, [record(number) for number in range(5)])
    (tmp_path / REPORT).write_text('{"rejected": [], "duplicates": []}')
    write_manifest(
        tmp_path,
        Manifest(
            height=16,
            width=16,
            source=SourceInfo("table", "/photos/table.csv"),
            shards=tuple(Shard(f"{n:06}", count) for n, count in enumerate(COUNTS)),
            stages={"decode": StageCost(1.5, 7)},
        ),
    )
    return tmp_path


def test_a_collection_tells_its_size_names_and_metadata(folder):
    collection = open_collection(folder)
    assert (collection.size, collection.height, collection.width) == (5, 16, 16)
    assert list(collection.starts) == [0, 3, 5]
    assert collection.names[3] == "3.jpg"
    assert collection.names[-1] == "4.jpg"
    assert collection.names[1:3] == ["1.jpg", "2.jpg"]
    assert (collection.image_id("2.jpg"), collection.image_id("9.jpg")) == (2, None)
    assert collection.metadata(1) == {"label": "odd", "price": "1"}
    assert collection.metadata(2) == {}
    assert collection.images.column("label") == ["", "odd", "", "odd", ""]


def test_the_original_of_a_table_is_beside_the_table(folder):
    original = open_collection(folder).original(2)
    assert str(original.source / original.member) == "/photos/in/2.jpg"
    assert (original.height, original.width) == (102, 200)


@pytest.fixture
def with_modes(folder):
    """The collection with one mode at one spot: images 3 and 1 show it, the others none."""
    modes = {
        "seeds": [3],
        "inliers": [0.9],
        "starts": [0, 2],
        "images": [3, 1],
        "scores": [1, 0.5],
        "places": [[0, 0], [8, -8]],
        "scales": [1, 1],
        "best": [-1, 0, -1, 0, -1],
    }
    (folder / MODES).mkdir()
    arrays = {name: np.array(values) for name, values in modes.items()}
    write_part(folder / MODES / "1.npz", {(4, 0, 1): arrays})
    join_parts([folder / MODES / "1.npz"], folder / MODES / "fast-1-5")
    info = ModesInfo(name="fast-1-5", kind="fast", gives_up="much", spots=1, modes=1)
    write_manifest(folder, replace(read_manifest(folder), modes=info))
    return folder


def test_modes_are_read_where_they_are_stored(with_modes):
    collection = open_collection(with_modes)
    assert collection.manifest.modes.kind == "fast"
    modes = collection.modes_at(4, 0, 1)
    assert (modes["seeds"].tolist(), modes["best"].tolist()) == ([3], [-1, 0, -1, 0, -1])
    assert modes["places"].tolist() == [[0, 0], [8, -8]]
    assert collection.modes_at(4, 0, 0) is None


def test_a_collection_without_modes_has_none_anywhere(folder):
    assert open_collection(folder).modes_at(4, 0, 1) is None


def test_modes_that_a_build_has_replaced_are_none(with_modes):
    collection = open_collection(with_modes)
    shutil.rmtree(with_modes / MODES)
    assert collection.modes_at(4, 0, 1) is None


def test_shards_are_mapped_and_cannot_be_written(folder):
    shards = open_collection(folder).shards("color")
    assert [shard.shape for shard in shards] == [(64, 2, 2, 3), (64, 2, 2, 2)]
    with pytest.raises(ValueError, match="read-only"):
        shards[0][0, 0, 0, 0] = 1


def test_rows_come_in_the_order_of_the_ids(folder):
    rows = open_collection(folder).rows("pixels", [4, 0, 3, 0])
    assert rows.shape == (4, 16, 16, 3)
    assert list(rows[:, 0, 0, 0]) == [4, 0, 3, 0]
    assert open_collection(folder).rows("pixels", []).shape == (0, 16, 16, 3)


@pytest.mark.parametrize("ids", [[5], [-1], [0, 99]])
def test_ids_beyond_the_collection_are_refused(folder, ids):
    with pytest.raises(CollectionError, match="image ids must be 0 to 4"):
        open_collection(folder).rows("pixels", ids)


def test_rows_of_planes_are_refused(folder):
    with pytest.raises(CollectionError, match="color must be image-major"):
        open_collection(folder).rows("color", [0])


def test_an_unknown_feature_or_column_is_named(folder):
    collection = open_collection(folder)
    with pytest.raises(CollectionError, match=r"feature must be one of pixels, .* got 'smell'"):
        collection.shards("smell")
    with pytest.raises(CollectionError, match="no metadata column 'size'; there are: label, price"):
        collection.images.column("size")


def test_opening_reads_nothing_but_the_manifest(folder):
    shutil.rmtree(folder / SHARDS)
    (folder / IMAGES).unlink()
    assert open_collection(folder).size == 5


def test_a_handle_outlives_the_replacement_of_its_files(folder):
    collection = open_collection(folder)
    before = collection.shards("pixels")[0][2, 0, 0, 0]
    write_images(folder / IMAGES, [record(number) for number in range(9)])
    write_array(folder / SHARDS / "000000" / "pixels.npy", np.zeros((3, 16, 16, 3), np.uint8))
    assert collection.shards("pixels")[0][2, 0, 0, 0] == before
    assert len(collection.names) == 5
    assert collection.image_id("7.jpg") is None


def test_a_failed_write_leaves_the_old_file(folder):
    def fail(file):
        file.write(b"half")
        raise OSError("disk full")

    before = (folder / MANIFEST).read_bytes()
    with pytest.raises(OSError, match="disk full"):
        write_atomically(folder / MANIFEST, fail)
    assert (folder / MANIFEST).read_bytes() == before


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / MANIFEST).unlink(), "not a collection, it has no manifest"),
        (lambda folder: (folder / MANIFEST).rename(folder / PLAN), "is not finished: run the same"),
        (
            lambda folder: (folder / MANIFEST).write_text("{"),
            "cannot be read .* build it with --rebuild",
        ),
        (lambda folder: (folder / MANIFEST).write_text("[]"), "must have format 1, has None"),
        (lambda folder: (folder / MANIFEST).write_text('{"format": 99}'), "has 99: update avex"),
        (lambda folder: (folder / MANIFEST).write_text('{"format": 1}'), "is damaged"),
    ],
)
def test_what_is_no_collection_says_what_to_do(folder, spoil, message):
    spoil(folder)
    with pytest.raises(CollectionError, match=message):
        open_collection(folder)


def test_a_folder_that_is_not_there_says_how_to_make_one(tmp_path):
    with pytest.raises(CollectionError, match="does not exist: `avex build PHOTOS --out"):
        open_collection(tmp_path / "none.avex")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda path: path.unlink(), "is missing: build"),
        (lambda path: path.write_bytes(b"\x93NUMPY"), "is damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:300]), "is damaged"),
        (lambda path: write_array(path, np.zeros((2, 16, 16, 3), np.uint8)), "must hold 3 images"),
        (lambda path: write_array(path, np.zeros((3, 16, 16, 3))), "of uint8, holds 3 of float64"),
    ],
)
def test_a_spoilt_shard_is_told_when_it_is_read(folder, spoil, message):
    collection = open_collection(folder)
    spoil(folder / SHARDS / "000000" / "pixels.npy")
    with pytest.raises(CollectionError, match=message):
        collection.shards("pixels")


@pytest.mark.parametrize("name", ["statistics.safetensors", REPORT, IMAGES])
def test_other_spoilt_files_are_told_when_they_are_read(folder, name):
    (folder / name).write_bytes(b"garbage")
    collection = open_collection(folder)
    with pytest.raises(CollectionError, match=name):
        _ = (collection.report, collection.names, collection.statistics("hog_mean"))
