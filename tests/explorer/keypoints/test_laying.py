"""`explorer.keypoints.laying`: reading only what changed gives what reading everything gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.annotation import Annotation, ImagePoint, ImagePoints, Layer
from explorer.keypoints.laying import FEW, Laying

IMAGES = ("a.jpg", "b.jpg", "c.jpg")
said = st.dictionaries(st.sampled_from(IMAGES), st.sampled_from(["eye", "nose"]), min_size=1)
steps = st.lists(
    st.tuples(st.sampled_from(["put", "under", "remove", "turn"]), st.integers(0, 5), said),
    max_size=12,
)


def layer_of(number, images, merge="overwrite"):
    points = tuple(
        ImagePoints(image=name, points=(ImagePoint(keypoint=keypoint, x=number),))
        for name, keypoint in images.items()
    )
    return Layer(id=f"l{number}", kind="hand", merge=merge, images=points)


def after(layers, what, number, images):
    others = tuple(layer for layer in layers if layer.id != f"l{number}")
    if what == "remove":
        return others
    if what == "turn":
        return layers[::-1]
    layer = layer_of(number, images, "missing" if number % 2 else "overwrite")
    return (layer, *others) if what == "under" else (*others, layer)


@given(steps)
def test_following_layers_gives_what_reading_them_gives(steps):
    laying, layers = Laying(), ()
    for step in steps:
        layers = after(layers, *step)
        annotation = Annotation(layers=layers)
        assert laying.laid(annotation) == annotation.laid()


def test_what_was_read_before_stays_as_it_was():
    laying = Laying()
    one = layer_of(1, {"a.jpg": "eye"})
    before = laying.laid(Annotation(layers=(one,)))
    laying.laid(Annotation(layers=(one, layer_of(2, {"a.jpg": "eye"}))))
    assert before["a.jpg"]["eye"].layer == "l1"


@pytest.mark.parametrize("count", [1, FEW, FEW + 1])
def test_few_images_and_many_are_read_alike(count):
    laying = Laying()
    pile = layer_of(1, {f"{i}.jpg": "eye" for i in range(FEW + 1)})
    laying.laid(Annotation(layers=(pile,)))
    both = Annotation(layers=(pile, layer_of(2, {f"{i}.jpg": "eye" for i in range(count)})))
    assert sum(points["eye"].layer == "l2" for points in laying.laid(both).values()) == count


def test_image_that_nothing_changed_in_is_not_read_again():
    laying = Laying()
    pile = layer_of(1, dict.fromkeys(IMAGES, "eye"))
    before = laying.laid(Annotation(layers=(pile,)))
    now = laying.laid(Annotation(layers=(pile, layer_of(2, {"a.jpg": "eye"}))))
    assert now["b.jpg"] is before["b.jpg"]
    assert now["a.jpg"] is not before["a.jpg"]
