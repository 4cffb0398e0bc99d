"""`avex.Session` with several clusters."""

import numpy as np
import pytest

import avex
from avex.sessions import load_session
from explorer.edits import AnyOf, ModePick, Sharpen
from explorer.engine import Engine
from explorer.errors import SessionError

RED, BLUE = (200, 30, 40), (30, 60, 200)
MIDDLE = [(0.4, 0.5), (0.6, 0.5)]


@pytest.fixture
def session(collection):
    return avex.Session(collection, author="ada")


@pytest.fixture
def two(session):
    """Two clusters: what is red in the middle, and what is blue there, which is in focus."""
    session.paint(RED, MIDDLE, radius=0.15).rename("Red")
    return session.spawn("Blue").paint(BLUE, MIDDLE, radius=0.15)


def ids(session):
    return [cluster.id for cluster in session.clusters]


def kinds(session):
    return [image.name[:3] for image in session.top(8)]


def test_spawned_cluster_is_empty_and_in_focus(session):
    session.paint(RED, MIDDLE).spawn("Others")
    assert [cluster.name for cluster in session.clusters] == ["Average", "Others"]
    assert (session.cluster.name, session.edits) == ("Others", ())


def test_edits_go_to_the_cluster_in_focus(two):
    assert kinds(two) == ["blu"] * 8
    assert kinds(two.look_at("main")) == ["red"] * 8
    assert [len(cluster.edits) for cluster in two.clusters] == [1, 1]


def test_clusters_push_each_other_as_in_the_engine(two, collection):
    alone = Engine(collection).explore(two.cluster)
    pushed = Engine(collection).explore_in(two.value, two.cluster.id)
    assert (two.average == pushed.average).all()
    assert not np.allclose(pushed.weights, alone.weights)


def test_undo_takes_a_cluster_back_with_the_focus(two):
    spawned = two.cluster.id
    assert two.undo().undo().cluster.id == "main"
    assert ids(two) == ["main"]
    assert two.redo().cluster.id == spawned


def test_copy_can_be_edited_apart(session):
    session.paint(RED, MIDDLE).spawn_copy("Copy").exclude("red00.png")
    assert [len(cluster.edits) for cluster in session.clusters] == [1, 2]
    assert session.clusters[0].edits[0] == session.clusters[1].edits[0]


def test_cluster_of_images_has_them_and_their_like(session, collection):
    images = ["green02.png", "green05.png"]
    session.spawn_from_images(images)
    weights = session.exploration.weights
    assert (weights[[collection.image_id(name) for name in images]] == weights.max()).all()
    assert [edit.kind for edit in session.edits] == ["like", "like", "image", "image"]
    assert {entry.author for entry in session.cluster.entries} == {"ada"}


def test_cluster_of_no_image_is_refused(session):
    with pytest.raises(SessionError, match="at least one image"):
        session.spawn_from_images([])


def test_cluster_of_a_mode_asks_for_it(session):
    pick = ModePick(id="m", image="red00.png", center=(0.5, 0.5), size=0.5)
    assert session.spawn_from_mode(pick).edits == (pick,)


def test_merged_cluster_is_of_either(two):
    two.merge()
    assert (two.cluster.name, len(two.clusters)) == ("Red or Blue", 1)
    assert [type(edit) for edit in two.edits] == [AnyOf]
    weights = two.exploration.weights
    share = {
        color: weights[[name.startswith(color) for name in two.collection.names]].sum()
        for color in ("red", "blue", "green")
    }
    assert min(share["red"], share["blue"]) > 2 * share["green"]
    assert len(two.undo().clusters) == 2


def test_only_the_named_clusters_are_merged(two):
    two.spawn("Rest")
    first, second, rest = ids(two)
    two.merge(first, rest, name="Both")
    assert [cluster.name for cluster in two.clusters] == ["Both", "Blue"]
    with pytest.raises(SessionError, match="no cluster 'nonsense'"):
        two.merge(second, "nonsense")


def test_cluster_can_be_removed_but_not_the_last(two):
    two.remove_cluster()
    assert two.cluster.name == "Red"
    with pytest.raises(SessionError, match="at least one cluster"):
        two.remove_cluster()
    assert two.undo().cluster.name == "Blue"


def test_removing_another_cluster_keeps_the_focus(two):
    assert two.spawn("Last").remove_cluster("main").cluster.name == "Last"


def test_moved_cluster_is_at_its_place(two):
    assert [cluster.name for cluster in two.move_cluster(0).clusters] == ["Blue", "Red"]


def test_settings_are_those_of_the_cluster_in_focus(two):
    two.rename("Sea").color("#1e3cc8").align("rigid").mirror()
    assert two.cluster.name == "Sea"
    assert (two.cluster.color, two.cluster.alignment, two.cluster.mirror) == (
        "#1e3cc8", "rigid", True,
    )  # fmt: skip
    assert (two.clusters[0].name, two.clusters[0].alignment) == ("Red", "similarity")
    with pytest.raises(SessionError, match="alignment must be one of"):
        two.align("bent")


def test_sharpening_moves_images_and_gives_a_sharper_average(session):
    blurred = session.like("red00.png").exploration
    sharpened = session.sharpen().exploration
    assert (blurred.maps is None, sharpened.maps is None) == (True, False)
    assert sharpened.sharpness > blurred.sharpness
    assert session.remove("e2").exploration.sharpness == blurred.sharpness


def test_sharpening_again_replaces_the_edit(session):
    session.paint(RED, MIDDLE).sharpen().sharpen(rounds=2)
    assert [edit.rounds for edit in session.edits if isinstance(edit, Sharpen)] == [2]


def test_shares_and_what_is_unexplained_make_up_the_collection(two):
    shares = two.shares()
    assert list(shares) == ids(two)
    rest = Engine(two.collection).explore_outliers(two.value).share
    assert sum(shares.values()) + rest == pytest.approx(1)


def test_outliers_are_what_neither_cluster_shows(two):
    outliers = two.outliers(8)
    assert [outlier.rank for outlier in outliers] == list(range(1, 9))
    assert {outlier.name[:5] for outlier in outliers} == {"green"}
    told = [outlier.unexplained for outlier in outliers]
    assert told == sorted(told, reverse=True)


def test_compared_average_is_grey_where_both_are_white(two):
    first, second = ids(two)
    apart = two.compare(first, second)
    assert set(apart[0, 0].tolist()) <= {127, 128}
    red, _, blue = apart[24, 32].tolist()
    assert red > 140 > 115 > blue
    assert (two.compare(first, first) == 128).all()


def test_session_of_several_clusters_is_saved_and_opened(two, collection, tmp_path):
    two.save(tmp_path / "s.json")
    assert load_session(tmp_path / "s.json") == two.value
    again = avex.Session.load(collection, tmp_path / "s.json")
    assert (again.clusters, again.cluster.name) == (two.clusters, "Red")


def test_text_says_which_cluster_is_in_focus(two):
    assert repr(two).startswith("<Session on disks, cluster 2 of 2: 1 edits, ")
