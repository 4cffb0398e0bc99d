"""`explorer.spawning`: new clusters from what is there."""

import itertools

import pytest

from explorer.edits import AnyOf, ColorStroke, ImageVerdict, LikeImage, ModePick, Sharpen
from explorer.errors import SessionError
from explorer.session import Cluster, Entry
from explorer.spawning import copied, from_images, from_mode, merged


def like(image, edit_id="e"):
    return LikeImage(id=edit_id, image=image)


def cluster(name, *edits, **settings):
    return Cluster(id=name, name=name, entries=tuple(Entry(edit=e) for e in edits), **settings)


def ids():
    numbers = itertools.count()
    return lambda: f"new-{next(numbers)}"


def test_copy_has_the_same_edits_and_a_color_of_its_own():
    original = cluster("boots", like("boot.jpg"), color="#ff0000", mirror=True, count=30)
    copy = copied(original, "c2", "More boots")
    assert (copy.id, copy.name, copy.color) == ("c2", "More boots", "")
    assert (copy.entries, copy.mirror, copy.count) == (original.entries, True, 30)


def test_cluster_from_images_pins_them_all_and_looks_for_others_like_them():
    found = from_images(["a", "b"], "c", "Two", ids())
    assert [e.image for e in found.edits if isinstance(e, ImageVerdict)] == ["a", "b"]
    assert [e.strength for e in found.edits if isinstance(e, LikeImage)] == [0.5, 0.5]
    assert len({edit.id for edit in found.edits}) == 4


def test_cluster_from_many_images_is_like_the_first_eight_and_pins_the_rest_too():
    found = from_images([f"{n}.jpg" for n in range(12)], "c", "Many", ids())
    assert sum(isinstance(edit, LikeImage) for edit in found.edits) == 8
    assert sum(isinstance(edit, ImageVerdict) for edit in found.edits) == 12


def test_cluster_from_no_image_is_refused():
    with pytest.raises(SessionError, match="select some"):
        from_images([], "c", "None", ids())


def test_cluster_from_a_mode_asks_for_that_mode():
    pick = ModePick(id="m", image="a", center=(0.5, 0.5), size=0.2)
    assert from_mode(pick, "c", "Mode").edits == (pick,)


def test_merged_clusters_ask_for_either():
    both = merged([cluster("a", like("a")), cluster("b", like("b"))], "c", "Both", "any")
    assert both.edits == (AnyOf(id="any", names=("a", "b"), parts=((like("a"),), (like("b"),))),)


def test_merging_a_merged_cluster_adds_to_its_groups():
    both = merged([cluster("a", like("a")), cluster("b", like("b"))], "c", "Both", "any")
    three = merged([both, cluster("d", like("d"))], "e", "Three", "any")
    assert three.edits[0].names == ("a", "b", "d")


def test_merging_with_a_cluster_without_edits_keeps_the_edits_as_they_are():
    alone = cluster("a", like("a"))
    assert merged([alone, cluster("empty")], "c", "Same", "any").edits == alone.edits


def test_disabled_edits_do_not_take_part_in_a_merge():
    off = LikeImage(id="off", image="z", enabled=False)
    both = merged([cluster("a", like("a"), off), cluster("b", like("b"))], "c", "Both", "any")
    assert both.edits[0].parts == ((like("a"),), (like("b"),))


def test_merging_keeps_verdicts_and_one_sharpening_under_ids_that_differ():
    pin = ImageVerdict(id="e", image="p", verdict="pin")
    sharpen = Sharpen(id="s")
    both = merged(
        [cluster("a", like("a"), pin, sharpen), cluster("b", like("b"), sharpen)], "c", "Both", "e"
    )
    assert [edit.kind for edit in both.edits] == ["any", "image", "sharpen"]
    assert len({edit.id for edit in both.edits}) == 3


def test_last_verdict_on_an_image_stays_unless_it_is_switched_off():
    def verdict(edit_id, word, **changes):
        return ImageVerdict(id=edit_id, image="p", verdict=word, **changes)

    first = cluster("a", like("a"), verdict("v", "pin"))
    for last, kept in (
        (verdict("w", "exclude"), "exclude"),
        (verdict("w", "exclude", enabled=False), "pin"),
    ):
        both = merged([first, cluster("b", like("b"), last)], "c", "Both", "any")
        assert [e.verdict for e in both.edits if isinstance(e, ImageVerdict)] == [kept]


def test_merged_edit_whose_strength_was_changed_stays_a_group_of_its_own():
    """Its groups would count fully in place of half."""
    either = AnyOf(id="any", names=("a", "b"), parts=((like("a"),), (like("b"),)), strength=0.5)
    both = merged([cluster("half", either), cluster("d", like("d"))], "e", "All", "any")
    assert both.edits[0].names == ("half", "d")


def test_merged_cluster_may_mirror_if_one_part_may():
    parts = [cluster("a", like("a")), cluster("b", like("b"), mirror=True)]
    assert merged(parts, "c", "Both", "any").mirror


def test_merged_cluster_asks_for_as_many_images_as_its_parts_together():
    parts = [cluster("a", like("a"), count=10), cluster("b", like("b"), count=20)]
    assert merged(parts, "c", "Both", "any").count == 30
    assert merged([*parts, cluster("d", like("d"))], "c", "All", "any").count is None


def test_merging_one_cluster_is_refused():
    with pytest.raises(SessionError, match="at least two"):
        merged([cluster("a")], "c", "One", "any")


def test_merged_strokes_keep_where_they_are():
    stroke = ColorStroke(id="s", paths=(((0.5, 0.5),),), radius=0.1, color=(1, 2, 3))
    both = merged([cluster("a", stroke), cluster("b", like("b"))], "c", "Both", "any")
    assert both.edits[0].parts[0] == (stroke,)
