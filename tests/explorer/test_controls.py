"""`explorer.controls`: what the edits found lies where the edits are, in every image."""

import numpy as np
import pytest

from explorer.alignment.maps import grid_points
from explorer.clusters import Claim
from explorer.controls import aligned
from explorer.edits import AnyOf, ColorStroke, LikeImage, ModePick
from explorer.evidence import Branches, Evidence
from explorer.session import Cluster
from explorer.weights import WeightRule

SIDE, IMAGES = 64, 3
ROWS = np.arange(IMAGES, dtype=np.int32)
GRID = grid_points(SIDE, SIDE)


class Canvas:
    """All that is asked of the collection here."""

    height, width, size = SIDE, SIDE, IMAGES


def pick(edit_id, x, y=0.5, **changes):
    """An edit in the middle of which is pixel x = 64 * x - 0.5."""
    fields = {"id": edit_id, "image": "0.jpg", "center": (x, y), "size": 0.25}
    return ModePick(**fields | changes)


def evidence(*edits, places=None, contributions=None, **changes):
    """What edits found; `places` (T, N, 2) and `contributions` (T, N) or what gives such."""
    shape = len(edits), IMAGES
    nothing = np.array([], np.int32)
    rule = WeightRule(weighting="focus", count=None, pinned=nothing, excluded=nothing)
    fields = {
        "edits": edits,
        "scores": np.ones(shape, np.float32),
        "contributions": np.broadcast_to(
            np.float32(1 if contributions is None else contributions), shape
        ),
        "combined": np.ones(IMAGES, np.float32),
        "places": np.broadcast_to(np.float32(0 if places is None else places), (*shape, 2)),
        "scales": np.ones(shape, np.float32),
        "mirrored": np.zeros(IMAGES, np.bool_),
        "branches": {},
        "rule": rule,
        "unplaced": (),
        "claim": Claim(claims=np.ones(IMAGES, np.float32), fits=None),
    }
    return Evidence(**fields | changes)


def maps_of(found, alignment="similarity", rows=ROWS):
    return aligned(Canvas(), Cluster(alignment=alignment), found, rows)


def moves(maps, image=0):
    """How far each node's pixel is from the node."""
    return maps.nodes[image] - GRID


def test_each_image_is_moved_by_where_its_one_edit_was_found():
    places = [[[0, 0], [5, -3], [-40, 8]]]
    maps = maps_of(evidence(pick("a", 0.5), places=places))
    for image in range(IMAGES):
        assert np.allclose(moves(maps, image), places[0][image], atol=1e-3)


def test_only_the_images_that_are_asked_for_are_moved():
    rows = np.array([2], np.int32)
    maps = maps_of(evidence(pick("a", 0.5), places=[[[0, 0], [5, -3], [7, 8]]]), rows=rows)
    assert maps.rows.tolist() == [2]
    assert np.allclose(moves(maps), (7, 8), atol=1e-3)


def test_without_alignment_nothing_is_moved():
    assert maps_of(evidence(pick("a", 0.5), places=8), "none") is None


def test_mirrored_images_are_mirrored_even_without_alignment():
    mirrored = np.array([False, True, False])
    maps = maps_of(evidence(pick("a", 0.5), places=8, mirrored=mirrored), "none")
    assert maps.mirrored.tolist() == mirrored.tolist()
    assert np.array_equal(maps.nodes[1], GRID)


def test_two_edits_that_were_found_farther_apart_enlarge():
    """Controls at x = 15.5 and 47.5 whose sources are 48 apart instead of 32."""
    edits = pick("a", 0.25), pick("b", 0.75)
    places = np.stack([np.tile([-8, 0], (IMAGES, 1)), np.tile([8, 0], (IMAGES, 1))])
    maps = maps_of(evidence(*edits, places=places))
    assert np.allclose(moves(maps), 0.5 * (GRID - 31.5), atol=1e-2)


def test_rigid_maps_turn_but_do_not_enlarge():
    """The right control point is found 16 pixels lower: atan2(16, 32) is its turn."""
    edits = pick("a", 0.25), pick("b", 0.75)
    places = np.stack([np.zeros((IMAGES, 2)), np.tile([0, 16], (IMAGES, 1))])
    nodes = maps_of(evidence(*edits, places=places), "rigid").nodes[0]
    right = nodes[0, 1:] - nodes[0, :-1]
    assert np.allclose(np.linalg.norm(right, axis=-1), 8, atol=0.5)  # 8.9 if enlarged
    assert np.allclose(np.arctan2(right[:, 1], right[:, 0]), np.arctan2(16, 32), atol=0.1)


@pytest.mark.parametrize(("below", "expected"), [(1.0, 0), (0.85, 4), (0.7, 8), (0.0, 8)])
def test_place_of_a_bad_match_is_the_less_its_own_the_worse_it_is(below, expected):
    """One edit is sure that nothing moved; the other was found 8 pixels to the right.

    Its score is so far below the best image's. From 0.7 on it is sure, at 1 not at all, and between
    half so: then it is worth half a voice of the mean (8 / 3), and goes half of the way to its own.
    """
    edits = pick("a", 0.25), pick("b", 0.75)
    places = np.stack([np.zeros((IMAGES, 2)), np.tile([8, 0], (IMAGES, 1))])
    contributions = np.ones((2, IMAGES))
    contributions[1, 0] = 1 - below
    maps = maps_of(evidence(*edits, places=places, contributions=contributions), "affine")
    mean = 8 / 3
    wanted = {4: mean + 0.5 * (8 - mean)}.get(expected, expected)
    at_edit = moves(maps)[4, 6]  # the node at x = 48, next to the control point at 47.5
    assert at_edit[0] == pytest.approx(wanted, abs=0.4)


def test_strength_does_not_make_a_place_surer():
    """Contributions are scores times strength."""
    places = np.stack([np.zeros((IMAGES, 2)), np.tile([8, 0], (IMAGES, 1))])
    both = [
        maps_of(
            evidence(
                pick("a", 0.25),
                pick("b", 0.75, strength=strength),
                places=places,
                contributions=[[1, 1, 1], [0.15 * strength, strength, strength]],
            )
        )
        for strength in (1.0, 3.0)
    ]
    assert np.allclose(both[0].nodes, both[1].nodes, atol=1e-3)


@pytest.mark.parametrize(
    "edit", [LikeImage(id="l", image="0.jpg"), pick("n", 0.5, strength=-1.0)], ids=["like", "less"]
)
def test_edit_without_a_place_to_be_at_moves_nothing(edit):
    assert maps_of(evidence(edit, places=8)) is None


@pytest.mark.parametrize(
    "edit",
    [
        pick("a", 0.5, reach="anywhere"),
        ColorStroke(id="c", paths=(((0.5, 0.5),),), radius=0.02, color=(9, 9, 9), reach="anywhere"),
    ],
    ids=["mode", "dot"],
)
def test_edit_that_was_found_twice_as_large_shrinks_the_image(edit):
    """Twice as far from the middle in the image as on the canvas."""
    found = evidence(edit, scales=np.full((1, IMAGES), 2, np.float32))
    steps = np.diff(maps_of(found).nodes, axis=2)[..., 0]
    assert np.allclose(steps, 16, atol=0.1)


def test_size_of_an_edit_that_looks_near_does_not_count():
    found = evidence(pick("a", 0.5), scales=np.full((1, IMAGES), 2, np.float32))
    assert np.allclose(moves(maps_of(found)), 0)


def test_maps_do_not_fold_where_edits_were_found_in_another_order():
    edits = pick("a", 0.25), pick("b", 0.5), pick("c", 0.75)
    places = np.zeros((3, IMAGES, 2))
    places[1, :, 0] = 28  # the middle one beyond the right one
    nodes = maps_of(evidence(*edits, places=places)).nodes
    right, down = np.diff(nodes, axis=2)[:, :-1], np.diff(nodes, axis=1)[:, :, :-1]
    assert (right[..., 0] * down[..., 1] - right[..., 1] * down[..., 0]).min() > 0


def merged(*groups, best):
    either = AnyOf(id="any", names=("x", "y"), parts=((pick("a", 0.5),), (pick("b", 0.5),)))
    branches = {"any": Branches(groups=groups, best=np.array(best, np.int32))}
    return evidence(either, branches=branches)


def test_each_image_of_a_merged_cluster_follows_the_group_that_it_fits():
    left, right = (evidence(pick("a", 0.5), places=[shift, 0]) for shift in (-8, 8))
    maps = maps_of(merged(left, right, best=[0, 1, 0]))
    assert [round(float(moves(maps, image)[..., 0].mean())) for image in range(3)] == [-8, 8, -8]


def test_image_of_a_merged_cluster_is_mirrored_as_its_group_has_it():
    plain = evidence(pick("a", 0.5))
    turned = evidence(pick("b", 0.5), mirrored=np.array([True, True, False]))
    assert maps_of(merged(plain, turned, best=[0, 1, 1])).mirrored.tolist() == [False, True, False]
