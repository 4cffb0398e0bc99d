"""`ui.rooms.store`: what was acknowledged is there after a crash."""

import dataclasses
import os
import sqlite3
import subprocess
import sys
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.edits import ColorStroke
from explorer.session import Cluster, Entry, Session
from tests.ui.room_log import layer, schema
from ui.rooms.room import Logged, OperationError, RoomState, carry_out, replay
from ui.rooms.store import (
    ROOM_RESERVE,
    STORE_VERSION,
    Checkpoint,
    RoomRecord,
    Store,
    StoreError,
)
from ui.wire.operations import (
    AddCluster,
    Clear,
    FromImages,
    MergeClusters,
    MoveCluster,
    PutEdit,
    PutLayer,
    PutMark,
    PutReview,
    RemoveCluster,
    RemoveLayer,
    ReplaceSession,
    SetSchema,
    Undo,
)


def stroke(edit_id):
    return ColorStroke(id=edit_id, paths=(((0.1, 1 / 3),),), radius=0.1, color=(1, 2, 3))


OPERATIONS = (
    PutEdit(cluster="main", edit=stroke("s1")),
    PutEdit(cluster="main", edit=stroke("s2")),
    Clear(cluster="main"),
    Undo(),
    AddCluster(id="ears", name="Ears", source=FromImages(images=("a.jpg", "b.jpg"))),
    MoveCluster(cluster="ears", place=0),
    MergeClusters(clusters=("main", "ears"), id="both", name="Both"),
    RemoveCluster(cluster="main"),
    ReplaceSession(session=Session(clusters=(Cluster(entries=(Entry(edit=stroke("s3")),)),))),
    SetSchema(schema_=schema("eye", "nose")),
    PutMark(cluster="main", keypoint="eye", at=(1 / 3, 0.5)),
    PutLayer(layer=layer("l1", {"a.jpg": ("eye", "nose"), "b.jpg": ()}, x=200 / 3)),
    PutReview(image="a.jpg"),
    RemoveLayer(layer_id="l1"),
)


def logged(number, operation, author="ann"):
    return Logged(op_id=f"op-{number}", author=author, time=number / 3, operation=operation)


@given(st.lists(st.tuples(st.sampled_from(["ann", "bob"]), st.sampled_from(OPERATIONS))))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_reopened_log_replays_to_the_same_state(tmp_path_factory, steps):
    path = tmp_path_factory.mktemp("rooms") / "rooms.sqlite"
    store, state = Store(path), RoomState(session=Session(collection="shoes"))
    for number, (author, operation) in enumerate(steps):
        entry = logged(number, operation, author)
        try:
            state, _ = carry_out(state, entry)
        except OperationError:
            continue
        store.append("main", state.revision, entry)
    store.close()
    reopened = Store(path)
    assert replay("shoes", reopened.load("main")) == state
    reopened.close()


EARS = RoomRecord(
    id="k3h7q2", title="Ears", parent="main", base=2, author="ann", created=4.5, is_private=True
)

OLD_LOG = (
    '{"type":"put_edit","cluster":"main","edit":{"id":"s1","paths":[[[0.1,0.5]]],"radius":0.1,'
    '"color":[1,2,3],"strength":1.0,"enabled":true,"kind":"color"}}',
    '{"type":"set_cluster","cluster":"main","name":"Red","weighting":"paper","count":5}',
    '{"type":"replace_session","session":{"format":"average-explorer session","version":1,'
    '"collection":"x","clusters":[{"id":"ears","name":"Ears","weighting":"focus","count":null,'
    '"edits":[]}]}}',
    '{"type":"undo"}',
)
"""As protocol 2 wrote it; what protocol 3 wrote differs in version 2 of its sessions alone."""


OLD_TABLE = (
    "CREATE TABLE operations (room TEXT NOT NULL, revision INTEGER NOT NULL, op_id TEXT NOT NULL,"
    " author TEXT NOT NULL, time REAL NOT NULL, operation TEXT NOT NULL,"
    " PRIMARY KEY (room, revision), UNIQUE (room, op_id)) WITHOUT ROWID"
)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_log_of_an_older_version_replays(tmp_path, version):
    path = tmp_path / "rooms.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(OLD_TABLE)
        connection.execute(f"PRAGMA user_version = {version}")
        for number, text in enumerate(OLD_LOG, start=1):
            text = text.replace('"version":1', f'"version":{version}')
            row = ("main", number, f"op-{number}", "ann", 5.0, text)
            connection.execute("INSERT INTO operations VALUES (?, ?, ?, ?, ?, ?)", row)
    connection.close()
    log = Store.read(path)
    assert (log.rooms(), log.checkpoints("main"), log.last("main")) == ((), (), (4, 5.0))
    store = Store(path)
    [main] = replay("shoes", store.load("main")).session.clusters
    store.append("main", 5, logged(5, Undo()))
    store.put_room(EARS)
    assert (store.last("main"), store.rooms()) == ((5, 5 / 3), (EARS,))
    store.close()
    assert (main.name, main.weighting, main.count) == ("Red", "paper", 5)
    assert (main.alignment, main.mirror, main.color) == ("similarity", False, "")
    assert [edit.id for edit in main.edits] == ["s1"]


def test_each_transaction_is_synced_to_the_disk(store):
    # 2 is FULL: a commit returns only after the fsync of the write-ahead log.
    assert store._connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert store._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_points_are_written_short(tmp_path):
    store = Store(tmp_path / "rooms.sqlite")
    store.append("main", 1, logged(1, PutLayer(layer=layer("l1", {"a.jpg": ("eye",)}, x=200 / 3))))
    [(text,)] = store._connection.execute("SELECT operation FROM operations").fetchall()
    store.close()
    assert '"images":{"a.jpg":[["eye",66.67,4.0,"visible",1.0]]}' in text


def test_killed_server_loses_nothing_that_was_written(tmp_path):
    path = tmp_path / "rooms.sqlite"
    program = (
        "import os, pathlib, sys; from ui.wire.operations import Clear;"
        "from ui.rooms.room import Logged;"
        "from ui.rooms.store import Store; store = Store(pathlib.Path(sys.argv[1]));"
        "store.append('main', 1, Logged(op_id='op-1', author='ann', time=1.0,"
        " operation=Clear(cluster='main'))); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(path)], check=False)
    assert killed.returncode == -9
    store = Store(path)
    assert [entry.op_id for entry in store.load("main")] == ["op-1"]
    store.close()


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "rooms.sqlite")
    yield store
    store.close()


def test_rooms_are_apart(store):
    store.append("main", 1, logged(1, Undo()))
    store.append("other", 1, logged(1, Undo()))
    assert len(list(store.load("main"))) == 1
    assert store.logged_rooms() == ("main", "other")


def numbers(log, room, **bounds):
    return [int(entry.op_id.removeprefix("op-")) for entry in log.load(room, **bounds)]


def test_batch_of_which_one_is_refused_is_not_written_at_all(store):
    store.append("main", 1, logged(1, Undo()))
    with pytest.raises(StoreError, match="operation 2 and 2 more must be written"):
        store.append_all("main", 2, [logged(2, Undo()), logged(3, Undo()), logged(1, Undo())])
    assert numbers(store, "main") == [1]
    store.append_all("main", 2, [logged(4, Undo()), logged(5, Undo())], Checkpoint(3, "abc"))
    assert numbers(store, "main") == [1, 4, 5]
    assert store.checkpoints("main") == (Checkpoint(3, "abc"),)


def test_checkpoint_stands_with_the_batch_or_not_at_all(store):
    store.append("main", 1, logged(1, Undo()))
    with pytest.raises(StoreError):
        store.append_all("main", 1, [logged(2, Undo())], Checkpoint(1, "abc"))
    assert store.checkpoints("main") == ()


def test_part_of_a_log_is_read(store):
    store.append_all("main", 1, [logged(number, Undo()) for number in range(1, 6)])
    assert numbers(store, "main", after=1, up_to=4) == [2, 3, 4]
    assert numbers(store, "main", after=5) == []


def test_log_with_a_hole_is_refused(store):
    store.append_all("main", 1, [logged(number, Undo()) for number in range(1, 4)])
    store._connection.execute("DELETE FROM operations WHERE revision = 2")
    with pytest.raises(StoreError, match="operation 2 of main is missing"):
        list(store.load("main"))


def test_branch_begins_with_a_copy_of_the_log_up_to_its_base(store):
    store.append_all("main", 1, [logged(number, Undo()) for number in range(1, 6)])
    store.copy_log("main", EARS.id, 3)
    store.append(EARS.id, 4, logged(9, Undo()))
    assert numbers(store, EARS.id) == [1, 2, 3, 9]
    assert numbers(store, "main") == [1, 2, 3, 4, 5]
    with pytest.raises(StoreError, match="room k3h7q2 must be written"):
        store.copy_log("main", EARS.id, 3)


def test_branch_leaves_the_disk_to_what_others_write(store, monkeypatch):
    store.append("main", 1, logged(1, Undo()))
    length = len('{"type":"undo"}')
    usage = SimpleNamespace(free=ROOM_RESERVE + 2 * length - 1)
    monkeypatch.setattr("ui.rooms.store.shutil.disk_usage", lambda path: usage)
    with pytest.raises(StoreError, match="leaves too little of the disk"):
        store.copy_log("main", EARS.id, 1)
    assert numbers(store, EARS.id) == []
    usage.free += 1
    store.copy_log("main", EARS.id, 1)
    assert numbers(store, EARS.id) == [1]


def test_authors_are_called_as_they_were_last_and_a_branch_knows_them_too(store):
    first = [logged(1, Undo()), logged(2, Undo(), "ben")]
    store.append_all("main", 1, first, None, {"ann": "Ann", "ben": "Ben"})
    store.copy_log("main", EARS.id, 2)
    store.append_all(EARS.id, 3, [logged(3, Undo())], None, {"ann": "Anna"})
    assert store.names("main") == {"ann": "Ann", "ben": "Ben"}
    assert store.names(EARS.id) == {"ben": "Ben", "ann": "Anna"}
    assert list(store.names(EARS.id)) == ["ben", "ann"]  # who was named last is the last to go


def test_names_stand_with_the_batch_or_not_at_all(store):
    store.append("main", 1, logged(1, Undo()))
    with pytest.raises(StoreError):
        store.append_all("main", 1, [logged(2, Undo())], None, {"ann": "Ann"})
    assert store.names("main") == {}


def test_of_very_many_names_those_named_first_are_forgotten(store, monkeypatch):
    monkeypatch.setattr("ui.rooms.store.NAMES_LIMIT", 2)
    for author in ("ann", "ben", "cat"):
        store.put_names("main", {author: author.title()})
        store.put_names(EARS.id, {author: author.title()})
    assert store.names("main") == {"ben": "Ben", "cat": "Cat"}
    assert store.names(EARS.id) == store.names("main")


def test_log_from_before_names_were_kept_has_none(store):
    store._connection.execute("DROP TABLE names")
    assert store.names("main") == {}
    assert Store.read(store.path).names("main") == {}


def test_room_is_known_by_what_was_written_last(store):
    store.put_room(EARS)
    renamed = dataclasses.replace(EARS, title="Both ears", is_private=False, is_archived=True)
    main = RoomRecord(id="main", title="Shoes", created=9.0)
    store.put_room(main)
    store.put_room(renamed)
    assert store.rooms() == (renamed, main)


READER = """
import pathlib, sys
from ui.rooms.store import Store
log = Store.read(pathlib.Path(sys.argv[1]))
log.backup(pathlib.Path(sys.argv[2]))
print([entry.op_id for entry in log.load("main")])
"""


def run(program, *paths):
    command = [sys.executable, "-c", program, *map(str, paths)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_another_process_reads_and_backs_up_while_the_server_writes(store, tmp_path):
    store.append("main", 1, logged(1, Undo()))
    store.put_room(EARS)
    assert run(READER, store.path, tmp_path / "copy.sqlite") == "['op-1']"
    store.append("main", 2, logged(2, Undo()))
    copy = Store(tmp_path / "copy.sqlite")
    assert (numbers(copy, "main"), copy.rooms()) == ([1], (EARS,))
    copy.close()
    assert numbers(store, "main") == [1, 2]


def test_backup_never_takes_the_place_of_a_file(store):
    with pytest.raises(StoreError, match="new file"):
        store.backup(store.path)


def test_backup_that_cannot_be_written_leaves_nothing(store, tmp_path):
    with pytest.raises(StoreError, match="backup must be written"):
        store.backup(tmp_path / "nowhere" / "copy.sqlite")
    assert not (tmp_path / "nowhere").exists()


def test_reading_writes_nothing(tmp_path):
    path = tmp_path / "rooms.sqlite"
    Store(path).close()
    before = path.read_bytes()
    log = Store.read(path)
    assert list(log.load("main")) == []
    assert path.read_bytes() == before


def test_what_is_not_there_is_not_read(tmp_path):
    with pytest.raises(StoreError, match="no such file"):
        Store.read(tmp_path / "rooms.sqlite")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("revision", "number"), [(1, 2), (2, 1)])
def test_same_revision_or_operation_twice_is_refused(store, revision, number):
    store.append("main", 1, logged(1, Undo()))
    with pytest.raises(StoreError, match=f"operation {revision} must be written"):
        store.append("main", revision, logged(number, Undo()))


def test_log_that_another_server_has_open_is_refused_until_that_one_ends(tmp_path):
    path = tmp_path / "rooms.sqlite"
    store = Store(path)
    with pytest.raises(StoreError, match="open in another server"):
        Store(path)
    store.close()
    store.close()
    Store(path).close()


def test_store_that_is_closed_says_that_nothing_is_written(tmp_path):
    store = Store(tmp_path / "rooms.sqlite")
    store.close()
    with pytest.raises(StoreError, match="operation 1 must be written"):
        store.append("main", 1, logged(1, Undo()))


def test_newer_log_is_refused(tmp_path):
    path = tmp_path / "rooms.sqlite"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {STORE_VERSION + 1}")
    connection.close()
    with pytest.raises(StoreError, match=f"has {STORE_VERSION + 1}"):
        Store(path)


def test_file_that_is_no_log_is_refused(tmp_path):
    path = tmp_path / "rooms.sqlite"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(StoreError, match="--state DIR"):
        Store(path)


def test_table_whose_damage_is_no_text_is_refused(tmp_path):
    store = Store(tmp_path / "rooms.sqlite")
    store.close()
    content = store.path.read_bytes()
    damaged = content.replace(b"CREATE TABLE operations", b"CREATE \xccABLE operations", 1)
    assert damaged != content
    store.path.write_bytes(damaged)
    with pytest.raises(StoreError, match=r"rooms\.sqlite"):
        Store(store.path)
    with pytest.raises(StoreError, match=r"rooms\.sqlite"):
        list(Store.read(store.path).load("main"))


def test_damaged_row_is_refused_by_its_number(store):
    store.append("main", 1, logged(1, Undo()))
    store._connection.execute("UPDATE operations SET operation = '{}'")
    with pytest.raises(StoreError, match="operation 1"):
        list(store.load("main"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folder_that_cannot_be_written_asks_for_a_state_folder(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="--state DIR"):
        Store(tmp_path / "rooms.sqlite")
