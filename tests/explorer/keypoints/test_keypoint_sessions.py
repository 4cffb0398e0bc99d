"""`explorer.keypoints.sessions`: from the marks of a session to what is propagated."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from explorer.annotation import Annotation, ImagePoint, ImagePoints, Layer, Mark
from explorer.errors import SessionError
from explorer.keypoint_schema import Keypoint, Schema
from explorer.keypoints.sessions import (
    corrected_points,
    inside_only,
    marked_averages,
    pairs_of,
    propose,
)
from explorer.keypoints.values import Proposals
from explorer.session import Cluster, Session
from tests.explorer.keypoints.photographed import Doubled

SCHEMA = Schema(
    keypoints=(
        Keypoint(id="left", name="Left eye"),
        Keypoint(id="right", name="Right eye"),
        Keypoint(id="nose", name="Nose"),
    ),
    pairs=(("left", "right"),),
)
SHARES = {"a": [0.6, 0.2, 0.5, 0.1], "b": [0.3, 0.7, 0.5, 0.2], "c": [0.1, 0.1, 0.0, 0.7]}


@dataclass
class Explorer:
    """Its averages are of 16 x 32 pixels; image 0 is most of a, 1 of b, 2 of a and b, 3 of c."""

    coarse: list

    def explore_in(self, session, cluster_id, *, is_coarse=False):
        self.coarse += [cluster_id] if is_coarse else []
        return SimpleNamespace(
            shares=np.float32(SHARES[cluster_id]),
            weights=np.float32(SHARES[cluster_id]) / 2,
            maps=None,
            average=np.zeros((16, 32, 3), np.uint8),
        )


def session(*marks, layers=(), schema=SCHEMA):
    annotation = Annotation(schema=schema, marks=marks, layers=layers)
    return Session(clusters=tuple(Cluster(id=one) for one in "abc"), annotation=annotation)


def mark(cluster, keypoint, at, **fields):
    return Mark(cluster=cluster, keypoint=keypoint, at=at, **fields)


def layer(kind, *points, image="0.png"):
    return Layer(id=kind, kind=kind, images=(ImagePoints(image=image, points=points),))


def test_members_are_the_images_that_are_most_of_a_cluster_the_first_of_equals():
    found = marked_averages(
        Explorer([]), session(mark("b", "nose", (0.5, 0.5)), mark("a", "nose", (0.5, 0.5)))
    )
    assert found.clusters == ("a", "b")
    assert [one.members.tolist() for one in found.averages] == [[0, 2], [1]]
    assert found.owners.tolist() == [0, 1, 0, 2]


def test_marks_become_pixels_in_the_order_of_the_schema():
    found = marked_averages(
        Explorer([]), session(mark("b", "nose", (0.25, 0.5)), mark("b", "gone", (0, 0)))
    )
    assert found.keypoints == ("left", "right", "nose")
    points = found.averages[0].points
    assert points.dtype == np.float32
    assert points[2].tolist() == [7.5, 7.5]  # 0.25 * 32 - 0.5, 0.5 * 16 - 0.5
    assert np.isnan(points[:2]).all()


def test_newest_mark_of_anybody_counts():
    marks = (
        mark("a", "nose", (0.5, 0.5), author="ann", time=2.0),
        mark("a", "nose", (0.25, 0.5), author="bob", time=1.0),
    )
    assert marked_averages(Explorer([]), session(*marks)).averages[0].points[2, 0] == 15.5


def test_only_averages_with_marks_are_made_in_full():
    explorer = Explorer([])
    marked_averages(explorer, session(mark("b", "nose", (0.5, 0.5))))
    assert explorer.coarse == ["a", "c"]


def test_averages_that_are_not_asked_for_help_without_members():
    marks = mark("a", "nose", (0.5, 0.5)), mark("b", "nose", (0.5, 0.5))
    found = marked_averages(Explorer([]), session(*marks), asked=["b"])
    assert [one.members.tolist() for one in found.averages] == [[], [1]]


@pytest.mark.parametrize(
    ("given", "asked", "message"),
    [
        (session(schema=Schema()), None, "choose a schema first"),
        (session(), None, "place points on an average first"),
        (session(mark("a", "gone", (0, 0))), None, "place points on an average first"),
        (session(mark("a", "nose", (0, 0))), ["b"], "'b' has no points"),
        (session(mark("a", "nose", (0, 0))), ["z"], "no cluster 'z'"),
    ],
)
def test_what_cannot_be_propagated_says_what_to_do(given, asked, message):
    with pytest.raises(SessionError, match=message):
        marked_averages(Explorer([]), given, asked)


def test_points_placed_by_hand_are_evidence_in_pixels_of_the_collection():
    hand = layer("hand", ImagePoint(keypoint="nose", x=9.5, y=4.5))
    found = corrected_points(session(layers=(hand,)).annotation, Doubled())
    assert list(found) == [0]
    assert found[0][2].tolist() == [4.5, 2.0]  # (9.5 + 0.5) / 2 - 0.5, (4.5 + 0.5) / 2 - 0.5
    assert np.isnan(found[0][:2]).all()


@pytest.mark.parametrize(
    "given",
    [
        layer("accepted", ImagePoint(keypoint="nose")),
        layer("hand", ImagePoint(keypoint="nose", state="absent")),
        layer("hand", ImagePoint(keypoint="gone")),
        layer("hand", ImagePoint(keypoint="nose"), image="elsewhere.png"),
    ],
)
def test_what_no_hand_placed_here_is_no_evidence(given):
    assert corrected_points(session(layers=(given,)).annotation, Doubled()) == {}


def test_pairs_are_numbers_of_keypoints():
    assert pairs_of(SCHEMA) == [(0, 1)]


def test_points_beside_the_photograph_are_not_proposed():
    # Pixels of 32 x 16 images, which end half a pixel beyond the centers of their last ones.
    points = np.float32([[[-0.5, 15.5], [-0.6, 3], [31.6, 3]]])
    confidence = np.full((1, 3), 0.5, np.float32)
    found = inside_only(
        Proposals(rows=np.int32([1]), points=points, confidence=confidence), Doubled()
    )
    assert np.isfinite(found.points).all(axis=-1).tolist() == [[True, False, False]]
    assert found.confidence.tolist() == [[0.5, 0, 0]]
    assert confidence[0, 1] == 0.5  # what was given is left as it is


class Propagator:
    """Proposes one point beside the picture, and keeps what it was told."""

    def propagate(self, averages, **told):
        self.told = told
        points = np.full((1, 3, 2), 99, np.float32)
        return Proposals(rows=np.int32([1]), points=points, confidence=np.ones((1, 3), np.float32))


def test_proposals_rest_on_corrections_and_pairs_and_stay_inside():
    hand = layer("hand", ImagePoint(keypoint="nose", x=9.5, y=4.5))
    given = session(mark("a", "nose", (0.5, 0.5)), layers=(hand,))
    propagator = Propagator()
    marked = marked_averages(Explorer([]), given)
    found = propose(propagator, marked, given.annotation, Doubled())
    assert (list(propagator.told["corrected"]), propagator.told["pairs"]) == ([0], [(0, 1)])
    assert found.confidence.tolist() == [[0, 0, 0]]
