"""`ui.rooms.store`: what was acknowledged is there after a crash."""

import os
import sqlite3
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.edits import ColorStroke
from explorer.session import Cluster, Entry, Session
from tests.ui.room_log import layer, schema
from ui.rooms.room import Logged, OperationError, RoomState, carry_out, replay
from ui.rooms.store import STORE_VERSION, Store, StoreError
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


@pytest.mark.parametrize("version", [1, 2])
def test_log_of_an_older_version_replays(tmp_path, version):
    path = tmp_path / "rooms.sqlite"
    Store(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
        for number, text in enumerate(OLD_LOG, start=1):
            text = text.replace('"version":1', f'"version":{version}')
            row = ("main", number, f"op-{number}", "ann", 5.0, text)
            connection.execute("INSERT INTO operations VALUES (?, ?, ?, ?, ?, ?)", row)
    connection.close()
    store = Store(path)
    [main] = replay("shoes", store.load("main")).session.clusters
    store.close()
    assert (main.name, main.weighting, main.count) == ("Red", "paper", 5)
    assert (main.alignment, main.mirror, main.color) == ("similarity", False, "")
    assert [edit.id for edit in main.edits] == ["s1"]


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


def test_rooms_are_apart(tmp_path):
    store = Store(tmp_path / "rooms.sqlite")
    store.append("main", 1, logged(1, Undo()))
    store.append("other", 1, logged(1, Undo()))
    assert len(list(store.load("main"))) == 1
    store.close()


@pytest.mark.parametrize(("revision", "number"), [(1, 2), (2, 1)])
def test_same_revision_or_operation_twice_is_refused(tmp_path, revision, number):
    store = Store(tmp_path / "rooms.sqlite")
    store.append("main", 1, logged(1, Undo()))
    with pytest.raises(StoreError, match=f"operation {revision} must be written"):
        store.append("main", revision, logged(number, Undo()))
    store.close()


def test_log_that_another_server_has_open_is_refused(tmp_path):
    store = Store(tmp_path / "rooms.sqlite")
    with pytest.raises(StoreError, match="open in another server"):
        Store(tmp_path / "rooms.sqlite")
    store.close()


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


def test_damaged_row_is_refused_by_its_number(tmp_path):
    store = Store(tmp_path / "rooms.sqlite")
    store.append("main", 1, logged(1, Undo()))
    store._connection.execute("UPDATE operations SET operation = '{}'")
    with pytest.raises(StoreError, match="operation 1"):
        list(store.load("main"))
    store.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folder_that_cannot_be_written_asks_for_a_state_folder(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="--state DIR"):
        Store(tmp_path / "rooms.sqlite")
