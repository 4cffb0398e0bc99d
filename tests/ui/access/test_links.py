"""`ui.access.links`: links are kept as hashes, found by their tokens, and can be revoked."""

import sqlite3
import time
from dataclasses import replace

import pytest

from ui.access import links as module
from ui.access.links import DAY_S, LinkError, Links, TooManyLinksError, UnknownLinkError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "rooms.sqlite"


@pytest.fixture
def links(path):
    links = Links()
    links.serve("shoes", path)
    return links


def again(path, name="shoes"):
    links = Links()
    links.serve(name, path)
    return links


def test_a_link_is_found_by_its_token_after_a_restart(links, path):
    link, token = links.create("shoes", "annotator", label="for bob", author="ann")
    assert again(path).find(token) == link
    assert (link.address, link.role, link.label, link.author, link.is_open) == (
        "shoes",
        "annotator",
        "for bob",
        "ann",
        True,
    )


def test_the_file_does_not_have_the_token(links, path):
    _, token = links.create("shoes", "owner")
    assert token.encode() not in path.read_bytes()
    with sqlite3.connect(path) as connection:
        assert token not in str(connection.execute("SELECT * FROM links").fetchall())


def test_tokens_have_256_bits(links):
    tokens = {links.create("shoes", "viewer")[1] for _ in range(20)}
    assert len(tokens) == 20
    assert {len(token) for token in tokens} == {43}  # 32 bytes are 42.7 characters of 6 bits


@pytest.mark.parametrize("token", ["", "x", "é", "\ud800", "x" * 10_000])
def test_what_is_no_token_finds_nothing(links, token):
    links.create("shoes", "viewer")
    assert links.find(token) is None


def test_a_revoked_link_is_shut_and_stays_so(links, path):
    link, token = links.create("shoes", "viewer")
    links.revoke("shoes", link.id)
    assert not links.find(token).is_open
    assert not again(path).find(token).is_open


def test_a_link_of_another_room_is_not_revoked(links):
    link, token = links.create("shoes~k3h7q2", "viewer")
    with pytest.raises(UnknownLinkError):
        links.revoke("shoes", link.id)
    with pytest.raises(UnknownLinkError):
        links.revoke("shoes", "none")
    assert links.find(token).is_open


def test_a_link_of_a_branch_leads_there_also_under_another_name(links, path):
    _, token = links.create("shoes~k3h7q2", "viewer")
    assert again(path, "shoes-2").find(token).address == "shoes-2~k3h7q2"


def test_links_are_told_by_room_the_oldest_first(links):
    made = [links.create(address, "viewer")[0] for address in ("shoes", "shoes~a", "shoes")]
    assert links.of("shoes") == (made[0], made[2])


def test_a_link_ends_after_its_days(links, monkeypatch):
    link, token = links.create("shoes", "viewer", days=2)
    assert link.is_open
    now = time.time()
    monkeypatch.setattr(module.time, "time", lambda: now + 2 * DAY_S + 1)
    assert not links.find(token).is_open


def test_there_are_only_so_many_links(links, monkeypatch):
    monkeypatch.setattr(module, "LINKS_LIMIT", 2)
    for address in ("shoes", "shoes~a"):
        links.create(address, "viewer")
    with pytest.raises(TooManyLinksError):
        links.create("shoes", "viewer")


def test_links_that_let_nobody_in_make_room_for_new_ones(links, path, monkeypatch):
    monkeypatch.setattr(module, "LINKS_LIMIT", 3)
    made = [links.create("shoes", "viewer")[0] for _ in range(3)]
    with pytest.raises(TooManyLinksError, match="revoke some first"):
        links.make_room("shoes", is_owner=True)
    for link in made[:2]:
        links.revoke("shoes", link.id)
    links.make_room("shoes", is_owner=True)  # forgets no more than it must
    new, _ = links.create("shoes", "viewer")
    for known in (links, again(path)):
        assert [link.id for link in known.of("shoes")] == [made[1].id, made[2].id, new.id]


def test_others_leave_some_links_to_the_owner_of_the_server(links, monkeypatch):
    monkeypatch.setattr(module, "LINKS_LIMIT", 2)
    monkeypatch.setattr(module, "GUESTS_LIMIT", 1)
    links.create("shoes~a", "viewer")
    with pytest.raises(TooManyLinksError):
        links.make_room("shoes~a", is_owner=False)
    links.make_room("shoes", is_owner=True)


def test_a_link_made_by_one_that_is_forgotten_stays_shut(links, monkeypatch):
    first, _ = links.create("shoes", "owner")
    below, _ = links.create("shoes", "viewer", via=[first.id])
    links.revoke("shoes", first.id)
    monkeypatch.setattr(module, "LINKS_LIMIT", 2)
    links.make_room("shoes", is_owner=True)
    assert links.get(first.id) is None
    assert not links.is_open(below)


def test_a_file_that_is_none_is_said(tmp_path):
    (tmp_path / "rooms.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(LinkError, match="the links in"):
        again(tmp_path / "rooms.sqlite")


def test_a_link_is_open_as_long_as_one_is_that_its_author_came_by(links, path):
    first, second = (links.create("shoes", "editor")[0] for _ in range(2))
    made, token = links.create("shoes~x", "owner", via=[second.id, first.id])
    below, _ = links.create("shoes~x", "viewer", via=[made.id])
    assert again(path).find(token) == made
    links.revoke("shoes", first.id)
    assert links.is_open(below)
    links.revoke("shoes", second.id)
    assert not links.is_open(made)
    assert not links.is_open(below)


def test_a_link_by_links_that_lead_in_a_circle_or_nowhere_is_over(links):
    link, _ = links.create("shoes", "viewer", via=["none"])
    assert not links.is_open(link)
    links._know(replace(link, via=(link.id,)))
    assert not links.is_open(links.get(link.id))


def test_a_file_of_an_earlier_version_is_taken_on(links, path):
    link, token = links.create("shoes", "viewer")
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE links DROP COLUMN via")
    assert again(path).find(token) == link
