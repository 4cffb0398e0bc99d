"""`ui.access.identity`: what somebody may do in which room."""

import dataclasses

import pytest

from ui.access.identity import OPEN, Identity, author_of, highest
from ui.wire.protocol import RoomInfo

MAIN = RoomInfo(name="shoes", title="shoes")
BRANCH = RoomInfo(name="shoes~a", title="A", parent="shoes", base=3, author="ann")
PRIVATE = BRANCH.model_copy(update={"is_private": True})
NESTED = RoomInfo(name="shoes~b", title="B", parent="shoes~a", base=1, author="eve")
OTHER = RoomInfo(name="cats", title="cats")


def bob(**fields):
    return Identity(author="bob", **fields)


def ann(**fields):
    return Identity(author="ann", **fields)


@pytest.mark.parametrize(
    ("asker", "roles"),
    [
        (bob(), [None, None, None, None, None]),
        (bob(role="owner"), ["owner", "owner", None, "owner", "owner"]),
        (bob(role="viewer"), ["viewer", "viewer", None, "viewer", "viewer"]),
        (bob(grants={"shoes": "editor"}), ["editor", "editor", None, "editor", None]),
        (bob(grants={"shoes~a": "editor"}), [None, "editor", "editor", "editor", None]),
        (
            bob(role="editor", grants={"shoes": "viewer"}),
            ["editor", "editor", None, *["editor"] * 2],
        ),
        (ann(grants={"shoes": "viewer"}), ["viewer", "owner", "owner", "viewer", None]),
        (ann(), [None, None, None, None, None]),
        (Identity(), [None, None, None, None, None]),
    ],
)
def test_roles_in_rooms_of_a_guarded_server(asker, roles):
    rooms = (MAIN, BRANCH, PRIVATE, NESTED, OTHER)
    assert [asker.role_in(room) for room in rooms] == roles
    assert [asker.lists(room) for room in rooms] == [role is not None for role in roles]


def test_on_an_open_server_everybody_owns_everything():
    assert [OPEN.role_in(room) for room in (MAIN, BRANCH, PRIVATE, OTHER)] == ["owner"] * 4


def test_on_an_open_server_a_link_says_the_role_in_its_room():
    guest = dataclasses.replace(OPEN, grants={"shoes": "viewer"})
    assert [guest.role_in(room) for room in (MAIN, OTHER)] == ["viewer", "owner"]


def test_on_an_open_server_a_private_branch_stands_in_the_list_of_its_author_alone():
    of_ann, of_bob = (dataclasses.replace(OPEN, author=name) for name in ("ann", "bob"))
    assert [asker.lists(PRIVATE) for asker in (of_ann, of_bob, OPEN)] == [True, False, False]
    assert of_bob.lists(BRANCH)


def test_nobody_owns_a_room_by_having_no_name():
    nameless = BRANCH.model_copy(update={"author": ""})
    assert Identity(grants={"shoes": "viewer"}).role_in(nameless) == "viewer"


def test_who_may_no_longer_enter_the_collection_loses_their_branches_too():
    assert ann(grants={"cats": "owner"}).role_in(BRANCH) is None


def test_the_highest_of_no_roles_is_none():
    assert highest(None, None) is None
    assert highest("viewer", None, "editor", "annotator") == "editor"


@pytest.mark.parametrize("text", ["", "a b", "é", "x" * 65, "a/b", "a\n"])
def test_what_is_no_id_becomes_a_new_one(text):
    assert author_of(text) != text
    assert author_of(text) != author_of(text)
