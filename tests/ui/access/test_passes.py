"""`ui.access.passes`: a pass is what was signed here, and nothing else."""

import base64
import dataclasses
import json
import stat
import time

import pytest

from ui.access.passes import KEY_NAME, LINKS_LIMIT, TEXT_LIMIT, Passes, key_in, new_pass


@pytest.fixture
def passes(tmp_path):
    return Passes(tmp_path)


def parts_of(text):
    content, mark = text.split(".")
    return json.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4))), mark


def forged(fields, mark):
    content = (
        base64.urlsafe_b64encode(json.dumps(fields, separators=(",", ":")).encode())
        .decode()
        .rstrip("=")
    )
    return f"{content}.{mark}"


def test_a_pass_is_read_as_it_was_signed(passes):
    known = dataclasses.replace(new_pass("ann", user="ann", proof="1"), links=("a", "b"))
    assert passes.read(passes.sign(known)) == known


@pytest.mark.parametrize(("place", "value"), [(0, "eve"), (2, "root"), (4, ["x"]), (5, 2**40)])
def test_a_pass_that_was_changed_is_none(passes, place, value):
    fields, mark = parts_of(passes.sign(new_pass("ann")))
    assert passes.read(forged(fields, mark)) is not None
    fields[place] = value
    assert passes.read(forged(fields, mark)) is None


@pytest.mark.parametrize(
    "text", ["", ".", "x", "x.", ".x", "a.b.c", "é.é", "x" * (TEXT_LIMIT + 1), "W10.\0", "\ud800.x"]
)
def test_what_is_no_pass_is_none(passes, text):
    assert passes.read(text) is None


def test_a_mark_that_is_cut_short_or_empty_is_none(passes):
    content, mark = passes.sign(new_pass()).split(".")
    assert [passes.read(f"{content}.{mark[:n]}") for n in (0, 1, len(mark) - 1)] == [None] * 3


def test_a_pass_of_another_key_is_none(passes, tmp_path):
    theirs = Passes(tmp_path / "theirs").sign(new_pass("ann"))
    assert passes.read(theirs) is None


def test_a_pass_is_over_when_it_ends(passes):
    now = int(time.time())
    over = dataclasses.replace(new_pass(), expires=now)
    soon = dataclasses.replace(new_pass(), expires=now + 60)
    assert passes.read(passes.sign(over)) is None
    assert passes.read(passes.sign(soon)) == soon


def test_something_signed_for_another_purpose_is_no_pass(passes):
    content, _ = passes.sign(new_pass()).split(".")
    proof = passes._digest(b"proof", content.encode())
    mark = base64.urlsafe_b64encode(proof).decode().rstrip("=")
    assert passes.read(f"{content}.{mark}") is None


def test_a_pass_with_too_many_links_forgets_the_oldest_and_fits_in_a_cookie(passes):
    links = tuple(f"{number:016}" for number in range(LINKS_LIMIT + 5))
    text = passes.sign(dataclasses.replace(new_pass(), links=links))
    assert passes.read(text).links == links[5:]
    assert len(text) < TEXT_LIMIT


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path):
    key = key_in(tmp_path / "state")
    path = tmp_path / "state" / KEY_NAME
    assert (len(key), key_in(tmp_path / "state")) == (32, key)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [path.name for path in path.parent.iterdir()] == [KEY_NAME]


def test_a_key_that_others_could_read_is_closed_to_them(tmp_path):
    key_in(tmp_path)
    (tmp_path / KEY_NAME).chmod(0o644)
    key_in(tmp_path)
    assert stat.S_IMODE((tmp_path / KEY_NAME).stat().st_mode) == 0o600


def test_a_file_that_is_no_key_is_not_used(tmp_path, caplog):
    (tmp_path / KEY_NAME).write_bytes(b"short")
    assert len(key_in(tmp_path)) == 32
    assert "is no key" in caplog.text


def test_authors_are_made_anew_each_time():
    assert len({new_pass().author for _ in range(50)}) == 50
    assert len({new_pass("ann").id for _ in range(50)}) == 50
