"""`ui.rooms.archive`: a room comes back as it was, and a file that is none is refused by name."""

import io
import json
import stat
import struct
import zipfile
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings

from tests.ui.room_log import add, put, stroke
from tests.ui.rooms.test_past import carried_out, logs
from ui.rooms.archive import Archive, Manifest, replayed, write_archive
from ui.rooms.archive_zip import MANIFEST, OPERATIONS, ArchiveError
from ui.rooms.bringing import RoomsError, bring_in
from ui.rooms.digest import digest_of
from ui.rooms.room import RoomState, replay
from ui.rooms.store import ROOM_RESERVE, RoomRecord, Store, StoreError
from ui.wire.operations import Undo

WANTED = [
    ("ann", put(stroke("a"))),
    ("ben", add("ears")),
    ("ann", put(stroke("b"))),
    ("ann", Undo()),
]


def manifest_of(log, **fields):
    plain = {"collection": "shoes", "collection_version": "v1", "title": "Ours"}
    state = {"operations": len(log), "digest": digest_of(replay("shoes", log))}
    return Manifest(**(plain | state | fields))


def packed(log, **fields):
    file = io.BytesIO()
    write_archive(file, manifest_of(log, **fields), log)
    return file.getvalue()


LOG = carried_out(WANTED)[1]
GOOD = packed(LOG)


def opened(content, name="mine.zip"):
    return Archive(io.BytesIO(content), name)


def members():
    """The members of a good archive, to be changed."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(content, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return file.getvalue()


def with_manifest(**fields):
    told = json.loads(members()[MANIFEST]) | fields
    return zipped(members() | {MANIFEST: json.dumps(told)})


def with_lines(*lines):
    return zipped(members() | {OPERATIONS: b"".join(lines)})


def lines():
    return members()[OPERATIONS].splitlines(keepends=True)


def at(seconds):
    """The first operation, done at another time: there, just after the year 9999."""
    return json.dumps(json.loads(lines()[0]) | {"time": seconds}).encode() + b"\n"


@given(logs)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_room_comes_back_with_its_state_and_everybodys_undo(wanted):
    states, log = carried_out(wanted)
    archive = opened(packed(log))
    assert list(archive.operations()) == log
    assert replayed(archive, "shoes") == states[-1]
    assert digest_of(replayed(archive, "boots")) == archive.manifest.digest


def test_names_of_authors_come_back_as_they_may_be_shown(tmp_path):
    said = {"ann": "Ann \u202e  Lee", "ben": "\x1b[2J", "cat": "\u200b"}
    archive = opened(packed(LOG, names=said))
    assert archive.names == {"ann": "Ann Lee", "ben": "[2J"}
    store = Store(tmp_path / "rooms.sqlite")
    store.put_names("main", {"ben": "Ben", "dan": "Dan"})
    record = bring_in(store, archive, "shoes", author="ann")
    assert store.names(record.id) == {"ann": "Ann Lee", "ben": "Ben"}  # nobody is renamed by a file
    assert store.names("main") == {"ben": "Ben", "dan": "Dan"}
    store.close()


def test_archive_of_the_first_version_has_no_names():
    told = {k: v for k, v in json.loads(members()[MANIFEST]).items() if k != "names"}
    old = zipped(members() | {MANIFEST: json.dumps(told | {"version": 1})})
    assert (opened(old).names, list(opened(old).operations())) == ({}, LOG)


def test_same_room_gives_the_same_bytes():
    assert packed(LOG) == GOOD


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "must be a zip with a room"),
        (b"no zip" * 99, "must be a zip with a room"),
        (GOOD[: len(GOOD) // 2], "none or was cut off"),
        (GOOD[:-1], "none or was cut off"),
        (GOOD + b"more", "none or was cut off"),
        (zipped({}), "it holds nothing"),
        (zipped({OPERATIONS: b""}), "must hold manifest.json and operations.jsonl alone"),
        (zipped(members() | {"../../etc/passwd": b"x"}), "alone, it holds"),
        (zipped(members() | {"/etc/evil": b"x"}), "alone, it holds"),
        (zipped(members() | {"state.pickle": b"x"}), "alone, it holds"),
        (zipped({f"f{n}": b"" for n in range(200)}), "a zip of two files"),
        (zipped(members(), zipfile.ZIP_LZMA), "packed in a way that is not read"),
        (with_manifest(format="other"), "names the format 'other'"),
        (with_manifest(version=3), "must have version 2, has 3"),
        (with_manifest(names={"ann": "A" * 41}), "names"),
        (with_manifest(names={"../ann": "Ann"}), "names"),
        (with_manifest(names={f"a{n}": "Ann" for n in range(501)}), "names"),
        (with_manifest(surprise=1), "surprise"),
        (with_manifest(title=""), "title"),
        (zipped(members() | {MANIFEST: b"[1]"}), "manifest.json in mine.zip cannot be read"),
        (zipped(members() | {MANIFEST: b"x" * 270_000}), "larger than 262144 bytes"),
    ],
)
def test_what_is_no_archive_is_refused_by_name(content, words):
    with pytest.raises(ArchiveError, match=r"mine\.zip") as refused:
        opened(content)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (with_lines(*lines()[:-1]), "must have 4 operations, it has 3"),
        (with_lines(*lines(), lines()[0]), "must have 4 operations, it has more"),
        (with_lines(*lines()[:-1], lines()[-1][:-1]), "in the middle of an operation"),
        (with_lines(*lines()[:-1], b"{}\n"), "operation 4 in mine.zip cannot be read"),
        (with_lines(*lines()[:-1], b"[" * 9999 + b"\n"), "operation 4 in mine.zip cannot be read"),
        (with_lines(*lines()[:-1], b"\xff\n"), "operation 4 in mine.zip cannot be read"),
        (with_lines(*lines()[:3], lines()[0]), "operation 4 in mine.zip stands there twice"),
        (with_lines(lines()[1], *lines()[1:]), "operation 2 in mine.zip stands there twice"),
        (with_lines(*(lines()[n] for n in (2, 1, 0, 3))), "does not give the state"),
        (with_lines(at(253_402_300_800), *lines()[1:]), "operation 1 in mine.zip cannot be read"),
        (with_manifest(digest="0" * 64), "does not give the state"),
    ],
)
def test_changed_operations_are_refused_before_anything_is_written(content, words, tmp_path):
    store = Store(tmp_path / "rooms.sqlite")
    with pytest.raises(ArchiveError, match=r"mine\.zip") as refused:
        bring_in(store, opened(content), "shoes", author="ann")
    assert words in str(refused.value)
    assert store.logged_rooms() == ()
    store.close()


def test_operation_that_cannot_be_carried_out_is_named():
    nowhere = lines()[2].replace(b'"cluster":"main"', b'"cluster":"nose"')
    with pytest.raises(
        ArchiveError, match=r"operation 3 in mine\.zip cannot be carried out: .*nose"
    ):
        replayed(opened(with_lines(*lines()[:2], nowhere, lines()[3])), "shoes")


def test_link_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(MANIFEST, members()[MANIFEST])
        link = zipfile.ZipInfo(OPERATIONS)
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ArchiveError, match="must be a plain file"):
        opened(file.getvalue())


def test_encrypted_member_is_refused():
    content = bytearray(GOOD)
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ArchiveError, match="encrypted"):
        opened(bytes(content))


def test_damaged_bytes_are_refused():
    content = bytearray(GOOD)
    place = GOOD.index(OPERATIONS.encode()) + len(OPERATIONS) + 30
    content[place] ^= 0xFF
    with pytest.raises(ArchiveError, match=r"mine\.zip"):
        list(opened(bytes(content)).operations())


def test_bomb_is_found_while_it_is_unpacked_whatever_it_declares():
    bomb = with_lines(b" " * 5_000_000 + b"\n")
    size = struct.pack("<L", 5_000_001)
    assert bomb.count(size) == 2
    for content in (bomb, bomb.replace(size, struct.pack("<L", 10))):
        with (
            patch("ui.rooms.archive.LINE_LIMIT", 1_000_000),
            pytest.raises(ArchiveError, match=r"bomb|damaged|middle of an operation"),
        ):
            list(opened(content).operations())


def test_all_lines_together_have_a_limit():
    with (
        patch("ui.rooms.archive.TOTAL_LIMIT", sum(map(len, lines())) - 1),
        pytest.raises(ArchiveError, match="more than a room can hold"),
    ):
        list(opened(GOOD).operations())


def test_directory_that_would_fill_the_memory_is_not_read():
    huge = bytearray(GOOD)
    struct.pack_into("<L", huge, len(huge) - 10, 2**31)
    with (
        patch("ui.rooms.archive_zip.zipfile.ZipFile", side_effect=AssertionError("it was read")),
        pytest.raises(ArchiveError, match="a zip of two files"),
    ):
        opened(bytes(huge))


def test_work_that_takes_too_long_is_given_up():
    with pytest.raises(ArchiveError, match="takes longer than 0 s"):
        replayed(opened(GOOD), "shoes", limit_s=0)


def test_other_collection_is_told():
    archive = opened(GOOD)
    assert archive.warnings("shoes", "v1") == []
    (other,) = archive.warnings("boots", "v1")
    assert "of the collection 'shoes'" in other
    (anew,) = archive.warnings("shoes", "v2")
    assert "built anew" in anew


def test_new_room_is_beside_the_others_and_known_once_it_is_whole(tmp_path):
    store = Store(tmp_path / "rooms.sqlite")
    store.put_room(RoomRecord(id="main", title="Ours"))
    with patch("ui.rooms.bringing.BATCH", 3):
        record = bring_in(store, opened(GOOD), "shoes", author="cleo")
    assert (record.title, record.parent, record.author) == ("Ours 2", None, "cleo")
    assert list(store.load(record.id)) == LOG
    assert [one.id for one in store.rooms()] == ["main"]
    (checkpoint,) = store.checkpoints(record.id)
    assert (checkpoint.revision, checkpoint.digest) == (4, manifest_of(LOG).digest)
    store.close()


def test_there_are_no_more_rooms_than_a_limit(tmp_path):
    store = Store(tmp_path / "rooms.sqlite")
    store.put_room(RoomRecord(id="main", title="Ours"))
    with (
        patch("ui.rooms.bringing.ROOMS_LIMIT", 1),
        pytest.raises(RoomsError, match="at most 1 rooms"),
    ):
        bring_in(store, opened(GOOD), "shoes", author="")
    store.close()


def test_empty_room_is_a_room():
    archive = opened(packed([]))
    assert digest_of(replayed(archive, "shoes")) == digest_of(RoomState())


def test_room_that_the_disk_has_no_place_for_is_not_brought_in(tmp_path, monkeypatch):
    store = Store(tmp_path / "rooms.sqlite")
    free = SimpleNamespace(free=ROOM_RESERVE)
    monkeypatch.setattr("ui.rooms.store.shutil.disk_usage", lambda path: free)
    with pytest.raises(StoreError, match="leaves too little of the disk"):
        bring_in(store, opened(GOOD), "shoes", author="")
    assert store.logged_rooms() == ()
    store.close()
