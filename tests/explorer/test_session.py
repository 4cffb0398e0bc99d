"""`explorer.session`: a session is a value, and its JSON says the same."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.edits import ColorStroke, ImageVerdict, LikeImage, ModePick, SketchStroke
from explorer.errors import SessionError
from explorer.session import Cluster, Entry, Session
from explorer.session_json import session_from_json, session_to_json

units = st.floats(-2, 2)
paths = st.lists(
    st.lists(st.tuples(units, units), min_size=1, max_size=3).map(tuple), min_size=1, max_size=2
).map(tuple)
ids = st.text(min_size=1, max_size=8)
brush = {
    "id": ids,
    "paths": paths,
    "radius": st.floats(0.001, 1),
    "strength": st.floats(-4, 4),
    "enabled": st.booleans(),
}
example = {
    "id": ids,
    "image": st.text(min_size=1),
    "strength": st.floats(-4, 4),
    "enabled": st.booleans(),
}
inside = st.floats(0, 1)
channel = st.integers(0, 255)
edits = st.one_of(
    st.builds(ColorStroke, color=st.tuples(channel, channel, channel), **brush),
    st.builds(SketchStroke, **brush),
    st.builds(ModePick, center=st.tuples(inside, inside), size=st.floats(0.001, 1), **example),
    st.builds(LikeImage, **example),
    st.builds(
        ImageVerdict,
        id=ids,
        image=st.text(min_size=1),
        verdict=st.sampled_from(["pin", "exclude"]),
    ),
)
entries = st.builds(Entry, edit=edits, author=st.text(), time=st.floats(0, 4e9))


def cluster_of(items):
    cluster = Cluster()
    for item in items:
        cluster = cluster.put(item)
    return cluster


@given(st.lists(entries, max_size=4))
def test_session_read_back_from_its_json_is_the_same_session(items):
    session = Session(collection="shoes", clusters=(cluster_of(items),))
    assert session_from_json(json.loads(json.dumps(session_to_json(session)))) == session


@given(st.lists(entries, max_size=4), entries)
def test_edit_that_is_put_and_removed_leaves_the_others(items, item):
    before = cluster_of(items).remove(item.edit.id)
    after = before.put(item)
    assert after.edit(item.edit.id) == item.edit
    assert after.remove(item.edit.id) == before


def test_putting_an_edit_again_keeps_its_place():
    first, second = (
        Entry(edit=ImageVerdict(id=name, image="x.jpg", verdict="pin")) for name in "ab"
    )
    changed = Entry(edit=ImageVerdict(id="a", image="x.jpg", verdict="exclude"))
    assert cluster_of([first, second, changed]).entries == (changed, second)


def good():
    stroke = ColorStroke(id="a", paths=(((0.5, 0.5),),), radius=0.1, color=(1, 2, 3))
    return session_to_json(Session(clusters=(Cluster().put(Entry(edit=stroke)),)))


def in_edit(**changes):
    data = good()
    data["clusters"][0]["edits"][0]["edit"] |= changes
    return data


def in_mode(**changes):
    """Return a session of one mode pick with a field changed, and one left out where it is None."""
    pick = ModePick(id="m", image="a.jpg", center=(0.5, 0.75), size=0.4)
    data = session_to_json(Session(clusters=(Cluster().put(Entry(edit=pick)),)))
    fields = data["clusters"][0]["edits"][0]["edit"] | changes
    fields = {name: value for name, value in fields.items() if value is not None}
    data["clusters"][0]["edits"][0]["edit"] = fields
    return data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "session must be an object"),
        (good() | {"format": "x"}, "format must be"),
        (good() | {"version": 4}, "open it with the avex that wrote it"),
        (good() | {"extra": 1}, r"session\.extra is unknown"),
        (good() | {"clusters": []}, "at least one cluster"),
        (good() | {"clusters": 3}, "clusters must be a list"),
        ({**good(), "clusters": [*good()["clusters"] * 2]}, "different ids"),
        (in_edit(kind="oil"), r"edits\[0\]\.edit\.kind must be one of"),
        (in_edit(paths=3), r"paths must be a list"),
        (in_edit(paths=[[[1]]]), r"paths\[0\]\[0\] must be \[x, y\]"),
        (in_edit(color=[1, 2]), "three numbers"),
        (in_edit(radius="wide"), "radius must be a finite number"),
        (in_edit(radius=3), r"edit: radius must be in"),
        (in_edit(enabled=1), "enabled must be true or false"),
        (in_mode(center=[0.5]), r"edits\[0\]\.edit\.center must be \[x, y\]"),
        (in_mode(center=[0.5, 2]), "edit: center must be canvas units"),
        (in_mode(size="large"), "edit.size must be a finite number"),
        (in_mode(image=3), "edit.image must be a text"),
        (in_mode(image=None), "edit.image is missing"),
        (in_mode(radius=0.1), "edit.radius is unknown"),
    ],
)
def test_wrong_field_is_named(data, message):
    with pytest.raises(SessionError, match=message):
        session_from_json(data)


@pytest.mark.parametrize("changes", [{"weighting": "best"}, {"count": 0}, {"id": "A b"}])
def test_cluster_that_cannot_be_is_refused(changes):
    with pytest.raises(SessionError):
        Cluster(**changes)


def test_cluster_that_is_not_there_is_named():
    with pytest.raises(SessionError, match="no cluster 'hats'"):
        Session().cluster("hats")
