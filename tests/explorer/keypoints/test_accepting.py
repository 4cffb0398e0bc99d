"""`explorer.keypoints.accepting`: from proposals to a layer of points."""

import numpy as np
import pytest

from explorer.annotation import Annotation, ImagePoint, ImagePoints, Layer
from explorer.keypoints.accepting import Acceptance, accepted_layer
from explorer.keypoints.values import Proposals
from tests.explorer.keypoints.photographed import Doubled

PROPOSALS = Proposals(
    rows=np.int32([0, 2]),
    points=np.float32([[[1, 2], [3, 4]], [[5, 6], [np.nan, np.nan]]]),
    confidence=np.float32([[0.9, 0.4], [0.6, 0.0]]),
)


def accepted(laid=None, **asked):
    asked = Acceptance(id="acc", **asked)
    return accepted_layer(PROPOSALS, ("eye", "nose"), asked, Doubled(), laid or {})


def taken(layer):
    return [(one.image, [point.keypoint for point in one.points]) for one in layer.images]


def laid(kind, state="visible"):
    point = ImagePoint(keypoint="eye", state=state)
    images = (ImagePoints(image="0.png", points=(point,)),)
    return Annotation(layers=(Layer(id="first", kind=kind, images=images),)).laid()


def test_points_are_pixels_of_the_photographs_with_their_confidence():
    layer = accepted(clusters=("a",), merge="overwrite")
    assert (layer.id, layer.kind, layer.merge, layer.clusters) == (
        "acc",
        "accepted",
        "overwrite",
        ("a",),
    )
    point = layer.images[0].points[0]
    assert (point.keypoint, point.x, point.y) == ("eye", 2.5, 4.5)  # (1 + 0.5) * 2 - 0.5
    assert point.confidence == pytest.approx(0.9)


def test_everything_with_a_place_is_accepted_unless_less_is_asked_for():
    assert taken(accepted()) == [("0.png", ["eye", "nose"]), ("2.png", ["eye"])]


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({"threshold": 0.9}, [("0.png", ["eye"])]),
        ({"threshold": 0.95}, []),
        ({"rows": [2]}, [("2.png", ["eye"])]),
        ({"keypoints": ["nose"]}, [("0.png", ["nose"])]),
    ],
)
def test_less_can_be_asked_for(asked, left):
    assert taken(accepted(**asked)) == left


@pytest.mark.parametrize("state", ["visible", "occluded", "absent"])
def test_what_a_hand_placed_is_never_covered(state):
    known = laid("hand", state)
    assert taken(accepted(known, merge="overwrite")) == [("0.png", ["nose"]), ("2.png", ["eye"])]


@pytest.mark.parametrize("kind", ["accepted", "imported"])
def test_other_points_are_covered_or_left_as_the_merge_says(kind):
    assert taken(accepted(laid(kind), merge="overwrite"))[0] == ("0.png", ["eye", "nose"])
    assert taken(accepted(laid(kind), merge="missing"))[0] == ("0.png", ["nose"])
