"""`ui.access.users`: the file of people, and their passwords."""

import os
import stat

import pytest

from ui.access import users as module
from ui.access.users import Users, UsersError, new_user, read_users, write_users

PASSWORD = "correct horse"  # noqa: S105


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(module, "COST", 2**4)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "people"
    people = [new_user("ann", "owner", PASSWORD), new_user("bob", "viewer", "another one")]
    write_users(path, {one.name: one for one in people})
    return path


def test_people_are_read_as_they_were_written(path):
    assert {name: user.role for name, user in read_users(path).items()} == {
        "ann": "owner",
        "bob": "viewer",
    }


def test_the_file_holds_no_password_and_only_its_owner_reads_it(path):
    assert PASSWORD not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_password_has_another_hash_each_time():
    assert new_user("ann", "viewer", PASSWORD).hash != new_user("bob", "viewer", PASSWORD).hash


def test_only_the_right_password_of_the_right_name_is_right(path):
    people = Users(path)
    assert people.check("ann", PASSWORD).author == "user-ann"
    tries = [("bob", PASSWORD), ("ann", ""), ("ann", PASSWORD + "\0"), ("eve", PASSWORD), ("", "")]
    assert [people.check(*one) for one in tries] == [None] * 5


def test_a_name_that_is_not_there_costs_a_hash_as_well(path, monkeypatch):
    asked = []
    known = module._hash
    monkeypatch.setattr(module, "_hash", lambda *words: asked.append(words) or known(*words))
    Users(path).check("eve", PASSWORD)
    assert len(asked) == 1


def test_who_is_taken_out_of_the_file_is_out_at_once(path):
    people = Users(path)
    kept = read_users(path)
    del kept["ann"]
    write_users(path, kept)
    assert people.get("ann") is None
    assert people.get("bob").role == "viewer"


def test_a_file_that_broke_lets_nobody_in(path, caplog):
    people = Users(path)
    path.write_text("ann:owner\n")
    assert people.check("ann", PASSWORD) is None
    assert "line 1" in caplog.text


def test_a_file_that_is_gone_lets_nobody_in(path):
    people = Users(path)
    os.unlink(path)  # noqa: PTH108
    assert people.get("ann") is None


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("ann", "name:role:salt:hash"),
        ("a b:viewer:AAAA:AAAA", "name:role:salt:hash"),
        ("ann:king:AAAA:AAAA", "must be one of"),
        ("ann:viewer:!:AAAA", "base64"),
        ("ann:viewer:AAAA:AAAA", "must have 16 and 32 bytes"),
    ],
)
def test_a_line_that_is_none_is_named(tmp_path, line, what):
    (tmp_path / "people").write_text(f"# people\n\n{line}\n")
    with pytest.raises(UsersError, match=what) as caught:
        read_users(tmp_path / "people")
    assert "line 3" in str(caught.value)


def test_a_name_that_stands_there_twice_is_wrong(path):
    path.write_text(path.read_text() * 2)
    with pytest.raises(UsersError, match="ann a second time"):
        read_users(path)


def test_a_file_without_people_lets_no_server_start(tmp_path):
    (tmp_path / "people").write_text("# nobody\n")
    with pytest.raises(UsersError, match="names nobody"):
        Users(tmp_path / "people")


@pytest.mark.parametrize(
    ("name", "password"),
    [("", PASSWORD), ("a:b", PASSWORD), ("a" * 41, PASSWORD), ("ann", "short")],
)
def test_a_name_or_a_password_that_is_none_is_refused(name, password):
    with pytest.raises(UsersError):
        new_user(name, "viewer", password)
