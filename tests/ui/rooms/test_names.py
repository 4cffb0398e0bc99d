"""`ui.rooms.names`: what is known of a room's authors, and what of it must be written down."""

from ui.rooms import names
from ui.rooms.names import Names


def test_only_what_is_new_or_changed_is_to_be_written():
    known = Names({"ann": "Ann"})
    for author, name in (("ann", "Ann"), ("ben", "Ben"), ("cat", ""), ("", "Nobody")):
        known.hear(author, name)
    assert known.fresh == {"ben": "Ben"}
    known.keep(known.fresh)
    assert (known.known, known.fresh) == ({"ann": "Ann", "ben": "Ben"}, {})


def test_name_that_is_taken_back_before_it_is_written_is_not_written():
    known = Names({"ann": "Ann"})
    known.hear("ann", "Anna")
    known.hear("ann", "Ann")
    assert known.fresh == {}


def test_name_that_changes_while_another_is_written_is_written_next():
    known = Names({})
    known.hear("ann", "Ann")
    written = known.fresh
    known.hear("ann", "Anna")
    known.keep(written)
    assert (known.known, known.fresh) == ({"ann": "Ann"}, {"ann": "Anna"})


def test_of_very_many_names_those_named_first_are_forgotten(monkeypatch):
    monkeypatch.setattr(names, "NAMES_LIMIT", 2)
    known = Names({"ann": "Ann", "ben": "Ben"})
    known.keep({"ann": "Anna"})
    known.keep({"cat": "Cat"})
    assert known.known == {"ann": "Anna", "cat": "Cat"}
    for author in ("dan", "eve", "fay"):
        known.hear(author, author.title())
    assert list(known.fresh) == ["eve", "fay"]
