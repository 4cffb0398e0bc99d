"""`ui.rooms.checking`: a whole log is clean; of a damaged one it is said what is wrong where."""

import contextlib
import sqlite3

import pytest

from tests.ui.room_log import add, put, stroke
from ui.rooms.checking import check_log
from ui.rooms.digest import digest_of
from ui.rooms.room import Logged, replay
from ui.rooms.store import Checkpoint, RoomRecord, Store, StoreError
from ui.wire.operations import Undo

OPERATIONS = (put(stroke("a")), add("ears"), put(stroke("b"), "ears"), Undo(), put(stroke("c")))
LOG = [
    Logged(op_id=f"op-{number}", author="ann", time=float(number), operation=operation)
    for number, operation in enumerate(OPERATIONS, 1)
]


def branch(**fields):
    return RoomRecord(**({"id": "k3", "title": "Try", "parent": "main", "base": 2} | fields))


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "rooms.sqlite")
    store.append_all("main", 1, LOG)
    store.put_checkpoint("main", Checkpoint(3, digest_of(replay("shoes", LOG[:3]))))
    store.put_checkpoint("main", Checkpoint(5, digest_of(replay("shoes", LOG))))
    store.copy_log("main", "k3", 2)
    store.put_room(branch())
    yield store
    store.close()


@pytest.fixture
def damage(store):
    def run(*statements):
        with contextlib.closing(sqlite3.connect(store.path)) as connection, connection:
            for statement in statements:
                connection.execute(*([statement] if isinstance(statement, str) else statement))
        return check_log(store.path)

    return run


def told(checked):
    return [(one.room, one.revision, one.text) for one in checked.problems]


def test_whole_log_is_clean_while_a_server_has_it_open(store):
    checked = check_log(store.path)
    assert told(checked) == []
    assert checked.rooms == {"main": 5, "k3": 2}
    assert checked.checkpoints == 2


def test_one_room_can_be_checked_alone(store):
    assert check_log(store.path, "k3").rooms == {"k3": 2}
    with pytest.raises(StoreError, match="no room 'k4': it has k3, main"):
        check_log(store.path, "k4")


def test_missing_operation_is_named(damage):
    checked = damage("DELETE FROM operations WHERE room = 'main' AND revision = 3")
    ((room, revision, text),) = told(checked)
    assert (room, revision) == ("main", 3)
    assert "operation 3 of main is missing" in text
    assert checked.rooms == {"main": 2, "k3": 2}


def test_operation_that_nobody_can_read_is_named(damage):
    checked = damage("UPDATE operations SET operation = '{}' WHERE room = 'k3' AND revision = 2")
    ((room, revision, text),) = told(checked)
    assert (room, revision) == ("k3", 2)
    assert "operation 2" in text


def test_operation_that_cannot_be_carried_out_again_is_named(damage):
    nowhere = put(stroke("z"), "nowhere").model_dump_json()
    update = "UPDATE operations SET operation = ? WHERE room = 'main' AND revision = 5"
    checked = damage((update, [nowhere]))
    room, revision, text = told(checked)[0]
    assert (room, revision) == ("main", 5)
    assert "cannot be carried out: the session has no cluster 'nowhere'" in text


def test_operation_that_says_something_else_is_found_by_the_digest(damage):
    other = put(stroke("a", strength=2.0)).model_dump_json()
    update = "UPDATE operations SET operation = ? WHERE room = 'main' AND revision = 1"
    checked = damage((update, [other]))
    assert [(room, revision) for room, revision, _ in told(checked)] == [("main", 3), ("main", 5)]


def test_digest_of_a_revision_that_is_gone_is_found(damage):
    ((room, revision, text),) = told(damage("DELETE FROM operations WHERE revision = 5"))
    assert (room, revision) == ("main", 5)
    assert "a digest was written of revision 5, which is not there" in text


def test_branch_of_nothing_is_found(damage):
    checked = damage("UPDATE rooms SET parent = 'k9', base = 7")
    (left, _, nowhere), (late, revision, beyond) = told(checked)
    assert (left, late, revision) == ("k3", "k3", 3)
    assert "the room k9 that it left is not there" in nowhere
    assert "it left at revision 7, but has 2" in beyond


def test_branch_that_left_just_after_its_end_is_found(damage):
    checked = damage("UPDATE rooms SET base = 3 WHERE id = 'k3'")
    ((_, _, beyond),) = told(checked)
    assert "it left at revision 3, but has 2" in beyond
    assert told(damage("UPDATE rooms SET base = 2 WHERE id = 'k3'")) == []


def test_operation_that_stands_there_twice_is_found(store, damage):
    store.close()
    schema = "SELECT sql FROM sqlite_schema WHERE name = 'operations'"
    with contextlib.closing(sqlite3.connect(store.path)) as connection:
        (made,) = connection.execute(schema).fetchone()
    made = made.replace("operations", "twice", 1).replace(",\n    UNIQUE (room, op_id)", "")
    checked = damage(
        made,
        "INSERT INTO twice SELECT * FROM operations",
        "UPDATE twice SET op_id = 'op-1' WHERE revision = 2",
        "DROP TABLE operations",
        "ALTER TABLE twice RENAME TO operations",
    )
    assert ("main", 2) in {(room, revision) for room, revision, _ in told(checked)}
    assert "operation 2 has the id of operation 1" in told(checked)[0][2]


def test_room_that_was_never_finished_is_no_harm(store, damage):
    checked = damage("DELETE FROM rooms WHERE id = 'k3'")
    assert told(checked) == []
    (note,) = checked.notes
    assert "room k3 has operations, but was never finished" in note


def test_damaged_page_is_found_and_the_rest_is_told(tmp_path):
    store = Store(tmp_path / "rooms.sqlite")
    many = [
        Logged(op_id=f"op-{n:04}", author="ann", time=1.0, operation=put(stroke(f"s{n % 9}")))
        for n in range(400)
    ]
    store.append_all("main", 1, many)
    store.close()
    content = bytearray(store.path.read_bytes())
    place = content.index(b"op-0300")  # in the middle of a page of the table
    page = place // 4096 * 4096
    content[page : page + 4096] = b"\xff" * 4096
    store.path.write_bytes(content)
    checked = check_log(store.path)
    assert any("the file is damaged" in text for _, _, text in told(checked))
    assert any(
        room == "main" and 0 < revision <= 301 for room, revision, _ in told(checked) if room
    )


@pytest.mark.parametrize("content", [b"", b"no log at all, but long enough to be read as one" * 99])
def test_what_is_no_log_is_refused_by_name(tmp_path, content):
    path = tmp_path / "rooms.sqlite"
    with pytest.raises(StoreError, match=r"rooms\.sqlite"):
        check_log(path)
    path.write_bytes(content)
    if content:
        with pytest.raises(StoreError, match=r"rooms\.sqlite"):
            check_log(path)
