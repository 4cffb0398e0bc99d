"""`ui.rooms.people`: who came or went is told at once, who moved soon, and nothing old is sent."""

import asyncio
import itertools

import numpy as np
import pytest

from ui.rooms.member import Member
from ui.rooms.names import clean_name
from ui.rooms.people import (
    ALONG_S,
    HIDDEN_S,
    IDLE_S,
    NOBODY,
    PALETTE,
    SILENT_S,
    TICK_S,
    Crowd,
)
from ui.wire.people import Here, People
from ui.wire.protocol import server_message

PROTANOPIA = (
    (0.152286, 1.052583, -0.204868),
    (0.114503, 0.786281, 0.099216),
    (-0.003882, -0.048116, 1.051998),
)
DEUTERANOPIA = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
"""Of linear RGB: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, IEEE TVCG 15(6), 2009."""


class Room:
    """A crowd whose time stands still until a test moves it."""

    def __init__(self):
        self.now = 0.0
        self.crowd = Crowd(lambda: self.now)

    def come(self, author="ann", name=""):
        member = Member(author, outbox_limit=9)
        self.crowd.come(member, "main", name)
        return member

    def move(self, member, x=0.5, **fields):
        where = {"name": "Ann", "cluster": "main", "at": (x, 0.5)}
        self.crowd.move(member, Here(**(where | fields)))

    def tick(self):
        self.now += TICK_S
        self.crowd.tick()

    def person(self, member):
        return next(person for person in self.crowd.people if person.id == member.id)


@pytest.fixture
def room():
    return Room()


def told(member):
    """The message of presence that waits for a member, None if there is none."""
    if "people" not in member._slots:
        return None
    message = server_message.validate_json(asyncio.run(member.next()))
    assert isinstance(message, People)
    return message


def ids(message):
    return {person.id for person in message.people}


def test_who_comes_is_told_of_everybody_and_everybody_of_who_comes(room):
    ann = room.come("ann")
    first = told(ann)
    assert (ids(first), first.is_all) == ({ann.id}, True)
    bob = room.come("bob")
    assert (ids(told(bob)), ids(told(ann))) == ({ann.id, bob.id}, {bob.id})


def test_who_goes_is_told_at_once(room):
    ann, bob = room.come("ann"), room.come("bob")
    told(ann)
    room.crowd.go(bob)
    gone = told(ann)
    assert (gone.people, gone.gone, gone.is_all) == ((), (bob.id,), False)


def test_who_moves_is_told_on_the_next_tick_to_the_others_alone(room):
    ann, bob = room.come("ann"), room.come("bob")
    told(ann), told(bob)
    room.move(ann, 0.25, tool="color", radius=0.1, image="a.jpg")
    assert (told(ann), told(bob)) == (None, None)
    room.tick()
    assert told(ann) is None
    [person] = told(bob).people
    assert (person.at, person.tool, person.radius) == ((0.25, 0.5), "color", 0.1)
    assert (person.image, person.name, person.state) == ("a.jpg", "Ann", "here")
    room.tick()
    assert told(bob) is None


def test_slow_member_hears_the_newest_once_and_of_all_who_came_and_went(room):
    ann, bob, cat = room.come("ann"), room.come("bob"), room.come("cat")
    told(ann)
    for x in (0.1, 0.2, 0.3):
        room.move(bob, x)
        room.tick()
    room.crowd.go(cat)
    dan = room.come("dan")
    news = told(ann)
    assert {person.id: person.at for person in news.people} == {bob.id: (0.3, 0.5), dan.id: None}
    assert news.gone == (cat.id,)


def test_who_has_moved_is_told_with_what_is_told_anyway_but_not_more_often(room):
    ann, bob = room.come("ann"), room.come("bob")
    told(ann), told(bob)
    room.tick()
    room.move(ann, 0.1)
    room.now += ALONG_S / 2
    room.crowd.tell_along()
    assert told(bob) is None
    room.now += ALONG_S
    room.crowd.tell_along()
    assert ids(told(bob)) == {ann.id}
    room.move(ann, 0.2)
    room.crowd.tick()
    assert told(bob) is None
    room.tick()
    assert ids(told(bob)) == {ann.id}


def test_who_came_and_went_between_two_messages_is_only_gone(room):
    ann = room.come("ann")
    told(ann)
    bob = room.come("bob")
    room.move(bob)
    room.crowd.go(bob)
    room.crowd.tick()
    news = told(ann)
    assert (news.people, news.gone) == ((), (bob.id,))


def test_person_is_turned_into_text_once_however_many_are_told(room, monkeypatch):
    made = []
    members = [room.come(f"m{number}") for number in range(5)]
    room.move(members[0])
    room.crowd.tick()
    dump = type(room.person(members[0])).model_dump_json
    monkeypatch.setattr(
        "ui.wire.people.Person.model_dump_json", lambda self: made.append(self.id) or dump(self)
    )
    for member in members[1:]:
        told(member)
    assert made == [members[0].id]


def test_all_who_were_told_the_same_last_are_told_the_same_text(room):
    members = [room.come(f"m{number}") for number in range(3)]
    late = room.come("late")
    for member in members:
        told(member)
    for member in members[:2]:
        room.move(member, 0.125)
    room.tick()
    first, second, third = [asyncio.run(member.next()) for member in members]
    assert first is second is third
    assert told(late).is_all


def test_after_twenty_seconds_somebody_is_idle_or_gone():
    assert (IDLE_S, SILENT_S) == (20, 20)


def test_idle_is_who_has_not_moved_for_a_while_though_its_page_speaks(room):
    ann, bob = room.come("ann"), room.come("bob")
    room.move(ann)
    told(bob)
    for _ in range(4):
        room.now += IDLE_S / 4
        room.move(ann)
        room.move(bob, room.now / 100)
    room.crowd.tick()
    assert {one.id: one.state for one in told(bob).people} == {ann.id: "idle", bob.id: "here"}
    room.move(ann, 0.75)
    assert room.person(ann).state == "here"


def test_idle_is_who_looks_at_another_tab(room):
    ann = room.come()
    room.move(ann, is_active=False)
    assert room.person(ann).state == "idle"
    room.crowd.act(ann)
    assert room.person(ann).state == "here"


def test_silent_is_of_whom_nothing_was_heard_and_a_hidden_page_may_be_silent_longer(room):
    ann, bob, cat = room.come("ann"), room.come("bob"), room.come("cat")
    room.move(bob, is_active=False)
    room.now = SILENT_S - 1
    assert room.crowd.tick() == []
    room.crowd.hear(cat)
    room.now = SILENT_S
    assert room.crowd.tick() == [ann]
    room.now = HIDDEN_S
    assert room.crowd.tick() == [ann, bob, cat]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("  Ada \n Lovelace\t", "Ada Lovelace"),
        ("A\u202edA\u0000", "AdA"),
        ("\u200b\u2066 ", NOBODY),
        ("", NOBODY),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("e\u0301", "é"),
    ],
)
def test_names_are_shown_without_what_cannot_be_seen(room, said, shown):
    ann = room.come()
    room.move(ann, name=said)
    assert room.person(ann).name == shown


def test_name_of_who_logged_in_wins_over_what_its_page_says(room):
    ann = room.come("ann", name="Ada")
    room.move(ann, name="Mallory")
    assert room.person(ann).name == "Ada"


def test_name_that_grows_when_it_is_composed_still_fits():
    assert len(clean_name("\ufb2c" * 40)) == 40  # composes to three characters each


def test_colors_differ_until_all_are_used_then_each_is_used_twice(room):
    members = [room.come(f"m{number}") for number in range(2 * len(PALETTE))]
    colors = [room.person(member).color for member in members]
    assert set(colors[: len(PALETTE)]) == set(PALETTE)
    assert sorted(colors) == sorted([*PALETTE, *PALETTE])


def test_author_has_the_same_color_again_while_it_is_free(room):
    ann, bob = room.come("ann"), room.come("bob")
    first = room.person(ann).color
    room.crowd.go(ann)
    cat = room.come("cat")
    assert room.person(cat).color not in (first, room.person(bob).color)
    assert room.person(room.come("ann")).color == first


def test_authors_have_the_same_colors_after_a_restart_whoever_comes_back_first():
    def colors(authors):
        room = Room()
        return {author: room.person(room.come(author)).color for author in authors}

    alone = {colors([f"a{n}"])[f"a{n}"]: f"a{n}" for n in range(99)}  # one author of each color
    authors = list(alone.values())
    assert len(authors) == len(PALETTE)
    assert colors(authors) == colors(authors[::-1])


def test_author_of_two_pages_comes_back_with_the_color_it_had_last(room):
    pages = [room.come("ann"), room.come("ann")]
    last = room.person(pages[1]).color
    for page in pages:
        room.crowd.go(page)
    assert room.person(room.come("ann")).color == last


def test_pages_of_one_author_are_several_people_of_different_colors(room):
    people = [room.person(room.come("ann")) for _ in range(3)]
    assert len({person.id for person in people}) == 3
    assert len({person.color for person in people}) == 3


@pytest.mark.parametrize("sight", [np.eye(3), PROTANOPIA, DEUTERANOPIA])
def test_colors_are_apart_for_who_sees_red_and_green_alike_too(sight):
    """A difference of 2 can be just seen side by side; two dots far apart need ten times that."""
    known = np.array([lab(color, np.asarray(sight)) for color in PALETTE])
    pairs = itertools.combinations(known, 2)
    assert min(np.linalg.norm(one - other) for one, other in pairs) > 30


def lab(color, sight):
    """CIELAB (D65) of a color as somebody sees it."""
    rgb = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.072175],
            [0.0193339, 0.119192, 0.9503041],
        ]
    )
    xyz = to_xyz @ np.clip(sight @ linear, 0, 1) / [0.95047, 1, 1.08883]
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])
