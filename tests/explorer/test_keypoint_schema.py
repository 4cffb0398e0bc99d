"""`explorer.keypoint_schema`: what keypoints there may be."""

import pytest

from explorer.errors import SessionError
from explorer.keypoint_schema import Keypoint, Schema

EYES = (Keypoint(id="eye_l", name="Left eye"), Keypoint(id="eye_r", name="Right eye"))


def test_ids_stand_in_the_order_of_the_keypoints():
    assert Schema(keypoints=EYES).ids == ("eye_l", "eye_r")
    assert Schema(keypoints=EYES[::-1]).ids == ("eye_r", "eye_l")


@pytest.mark.parametrize("id_", ["a", "0-9_z", "x" * 48])
def test_id_may_have_letters_digits_and_lines(id_):
    assert Keypoint(id=id_, name="A", color="#00ff7f").id == id_


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"id": ""}, "1 to 48 of a-z"),
        ({"id": "x" * 49}, "1 to 48 of a-z"),
        ({"id": "Eye"}, "1 to 48 of a-z"),
        ({"id": "eye\n"}, "1 to 48 of a-z"),
        ({"name": ""}, "keypoint 'eye' must have a name"),
        ({"color": "red"}, 'color must be "" or "#rrggbb"'),
        ({"color": "#AABBCC"}, 'color must be "" or "#rrggbb"'),
    ],
)
def test_keypoint_that_cannot_be_is_refused(fields, says):
    with pytest.raises(SessionError, match=says):
        Keypoint(**({"id": "eye", "name": "Eye"} | fields))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"keypoints": EYES[:1] * 2}, "different ids"),
        ({"edges": (("eye_l", "nose"),)}, "an edge must join two different keypoints"),
        ({"edges": (("eye_l", "eye_l"),)}, "an edge must join two different keypoints"),
        ({"pairs": (("nose", "eye_r"),)}, "a pair must join two different keypoints"),
        ({"pairs": (("eye_l", "eye_r"), ("eye_r", "eye_l"))}, "in one pair at most"),
    ],
)
def test_schema_that_cannot_be_is_refused(fields, says):
    with pytest.raises(SessionError, match=says):
        Schema(**({"keypoints": EYES} | fields))
