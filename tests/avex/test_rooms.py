"""`avex rooms`: rooms as lists, files and backups, beside a server that has them open or not."""

import contextlib
import json
import sqlite3

import pytest

from tests.ui.room_log import add, put, stroke
from ui.rooms.room import Logged
from ui.rooms.store import Checkpoint, RoomRecord, Store
from ui.wire.operations import Undo

OPERATIONS = (put(stroke("a")), add("ears"), put(stroke("b")), Undo())
LOG = [
    Logged(op_id=f"op-{number}", author="ann", time=1e9 + number, operation=operation)
    for number, operation in enumerate(OPERATIONS, 1)
]


@pytest.fixture
def collection(tmp_path):
    folder = tmp_path / "shoes.avex"
    folder.mkdir()
    (folder / "manifest.json").write_text("{}")
    return folder


@pytest.fixture
def store(collection):
    """The rooms, as a server has them open."""
    store = Store(collection / "rooms.sqlite")
    store.append_all("main", 1, LOG)
    store.copy_log("main", "k3", 2)
    store.put_room(
        RoomRecord(id="k3", title="Try", parent="main", base=2, created=1e9, is_private=True)
    )
    yield store
    store.close()


def change(store, statement, *values):
    with contextlib.closing(sqlite3.connect(store.path)) as connection, connection:
        connection.execute(statement, values)


def test_rooms_are_listed_while_a_server_has_them_open(run, collection, store):
    status, out, complaints = run("rooms", "list", collection)
    assert (status, complaints) == (0, "")
    main, branch = out.splitlines()
    assert main.split()[:2] == ["main", "4"]
    assert main.endswith("shoes")
    assert branch.split()[:2] == ["k3", "2"]
    assert branch.endswith("Try (left main at 2, private)")


def test_list_is_there_for_programs(run, collection, store):
    told = json.loads(run("rooms", "list", collection, "--json")[1])
    assert [(one["id"], one["revision"], one["updated"]) for one in told] == [
        ("main", 4, 1e9 + 4),
        ("k3", 2, 1e9 + 2),
    ]
    assert (told[1]["parent"], told[1]["base"], told[1]["is_archived"]) == ("main", 2, False)


def test_room_that_is_exported_comes_back_as_a_new_one(run, collection, store, tmp_path):
    file = tmp_path / "try.zip"
    store.put_names("k3", {"ann": "Ann"})
    status, out, _ = run("rooms", "export", collection, "--room", "shoes~k3", "--out", file)
    assert (status, out) == (0, f"{file}: Try, 2 operations\n")
    store.close()
    status, out, complaints = run("rooms", "import", collection, file, "--author", "ann")
    assert (status, complaints) == (0, "")
    new, title = out.strip().split(": ")
    assert title == "Try 2"
    with contextlib.closing(Store(collection / "rooms.sqlite")) as again:
        assert list(again.load(new)) == LOG[:2]
        assert again.names(new) == {"ann": "Ann"}
        (record,) = [one for one in again.rooms() if one.id == new]
        assert (record.author, record.parent) == ("ann", None)


def test_room_of_the_collections_own_name_gets_a_number(run, collection, store, tmp_path):
    file = tmp_path / "ours.zip"
    run("rooms", "export", collection, "--out", file)
    store.close()
    _, out, _ = run("rooms", "import", collection, file)
    assert out.strip().split(": ")[1] == "shoes 2"


def test_nothing_is_imported_beside_a_server(run, collection, store, tmp_path):
    file = tmp_path / "ours.zip"
    run("rooms", "export", collection, "--out", file)
    status, _, complaints = run("rooms", "import", collection, file)
    assert status == 1
    assert f"open in a server: open {file} in its page, or stop it first" in complaints
    assert len(store.rooms()) == 1


def test_wrong_file_is_refused_by_name(run, collection, tmp_path):
    file = tmp_path / "wrong.zip"
    file.write_bytes(b"no room")
    status, _, complaints = run("rooms", "import", collection, file)
    assert status == 1
    assert complaints.startswith(f"avex rooms: {file} must be a zip with a room")
    with contextlib.closing(Store(collection / "rooms.sqlite")) as made:
        assert made.logged_rooms() == ()


def test_room_of_another_collection_is_opened_with_a_warning(run, collection, store, tmp_path):
    file = tmp_path / "ours.zip"
    run("rooms", "export", collection, "--out", file)
    boots = tmp_path / "boots.avex"
    boots.mkdir()
    status, out, complaints = run("rooms", "import", boots, file)
    assert status == 0
    assert "warning: " in complaints
    assert "of the collection 'shoes'" in complaints
    assert out.strip().endswith(": shoes")


def test_backup_has_every_room_and_is_a_log_itself(run, collection, store, tmp_path):
    file = tmp_path / "all.sqlite"
    status, out, _ = run("rooms", "backup", collection, "--out", file)
    assert (status, out) == (0, f"{file}: 2 rooms, 6 operations\n")
    assert run("rooms", "check", file)[0] == 0
    assert run("rooms", "export", file, "--room", "k3", "--out", tmp_path / "k3.zip")[0] == 0
    status, _, complaints = run("rooms", "backup", collection, "--out", file)
    assert status == 1
    assert "must be a new file" in complaints


@pytest.mark.parametrize("name", ["shoes-rooms.sqlite", "shoes.rooms.sqlite", "rooms.sqlite"])
def test_room_out_of_a_backup_is_of_the_collection_that_the_names_tell(
    run, collection, store, tmp_path, name
):
    store.close()
    file = (collection if name == "rooms.sqlite" else tmp_path) / name
    out = tmp_path / "lost.zip"
    if not file.exists():
        run("rooms", "backup", collection, "--out", file)
    assert run("rooms", "export", file, "--out", out)[1] == f"{out}: shoes, 4 operations\n"
    assert run("rooms", "import", collection, out)[2] == ""  # no warning of another collection


def test_whole_log_is_clean_while_a_server_has_it_open(run, collection, store):
    status, out, complaints = run("rooms", "check", collection)
    assert (status, complaints) == (0, "")
    assert out.endswith("2 rooms, 6 operations, 0 digests compared, all is well\n")


def test_damage_is_told_with_its_revision_and_the_exit_status(run, collection, store):
    change(store, "UPDATE operations SET operation = '{}' WHERE room = 'main' AND revision = 3")
    status, out, complaints = run("rooms", "check", collection)
    assert status == 1
    assert complaints.startswith("go back to the newest backup in which check finds nothing wrong")
    assert "room main: operation 3 " in out
    assert out.endswith("1 problems\n")
    status, out, _ = run("rooms", "check", collection, "--json")
    (problem,) = json.loads(out)["problems"]
    assert (status, problem["room"], problem["revision"]) == (1, "main", 3)
    assert run("rooms", "check", collection, "--room", "k3")[0] == 0


def test_file_that_is_no_log_any_more_is_told_with_what_to_do(run, tmp_path):
    file = tmp_path / "cut.sqlite"
    file.write_bytes(b"no database" * 1000)
    status, _, complaints = run("rooms", "check", file)
    assert (status, complaints.count("\n")) == (1, 1)
    assert "docs/rooms.md says how to go back to a backup" in complaints


def test_wrong_digest_is_found(run, collection, store):
    store.put_checkpoint("k3", Checkpoint(2, "0" * 64))
    status, out, _ = run("rooms", "check", collection)
    assert status == 1
    assert "room k3: at revision 2 the state is not the one that was written down" in out


def test_rooms_may_be_elsewhere(run, collection, tmp_path):
    state = tmp_path / "state"
    with contextlib.closing(Store(state / "shoes.rooms.sqlite")) as elsewhere:
        elsewhere.append_all("main", 1, LOG)
    assert "main" in run("rooms", "list", collection, "--state", state)[1]
    status, _, complaints = run("rooms", "list", collection)
    assert status == 1
    assert "nobody has worked in shoes yet, or its rooms are elsewhere: give --state" in complaints


@pytest.mark.parametrize("command", ["list", "check"])
def test_what_is_not_there_is_named(run, tmp_path, command):
    status, _, complaints = run("rooms", command, tmp_path / "no.avex")
    assert status == 1
    assert "no.avex: there is no such collection" in complaints


def test_unknown_room_is_named_with_those_that_there_are(run, collection, store, tmp_path):
    for words in (("export", "--out", tmp_path / "x.zip"), ("check",)):
        command, *rest = words
        status, _, complaints = run("rooms", command, collection, "--room", "k9", *rest)
        assert status == 1
        assert "has no room 'k9': it has main, k3" in complaints
    assert not (tmp_path / "x.zip").exists()
