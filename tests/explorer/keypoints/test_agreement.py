"""`explorer.keypoints.agreement`: how far two people's points lie apart."""

import pytest

from explorer.annotation import Annotation, ImagePoint, ImagePoints, Layer, Mark
from explorer.keypoint_schema import Keypoint, Schema
from explorer.keypoints.agreement import authors_of, mark_pairs_between, pairs_between
from explorer.session import Cluster, Session

SCHEMA = Schema(keypoints=(Keypoint(id="eye", name="Eye"), Keypoint(id="nose", name="Nose")))


def layer(author, *points, kind="hand", image="1.png"):
    images = (ImagePoints(image=image, points=points),)
    return Layer(id=f"{author}-{kind}-{image}", kind=kind, images=images, author=author)


def point(x, y, keypoint="eye", **fields):
    return ImagePoint(keypoint=keypoint, x=x, y=y, **fields)


def pairs(*layers):
    return pairs_between(Annotation(schema=SCHEMA, layers=layers), "ann", "bob")


def test_distance_is_between_the_points_of_both_in_pixels():
    [pair] = pairs(layer("ann", point(1, 2)), layer("bob", point(4, 6), point(9, 9, "nose")))
    assert (pair.image, pair.keypoint, pair.distance) == ("1.png", "eye", 5.0)
    assert (pair.a, pair.b) == ((1, 2), (4, 6))


def test_what_a_file_brought_counts_as_its_author_s():
    assert len(pairs(layer("ann", point(1, 2)), layer("bob", point(4, 6), kind="imported"))) == 1


@pytest.mark.parametrize(
    "other",
    [
        layer("bob", point(4, 6), kind="accepted"),
        layer("bob", point(4, 6, confidence=0.9), kind="imported"),
        layer("bob", point(4, 6, state="absent")),
        layer("bob", point(4, 6), image="2.png"),
        layer("bob", point(4, 6, "gone")),
        layer("eve", point(4, 6)),
    ],
)
def test_what_not_both_placed_has_no_distance(other):
    assert pairs(layer("ann", point(1, 2), point(1, 2, "gone")), other) == []


def test_accepting_over_own_points_does_not_hide_them():
    over = layer("ann", point(50, 50), kind="accepted")
    [pair] = pairs(layer("ann", point(1, 2)), over, layer("bob", point(4, 6)))
    assert pair.distance == 5


def test_marks_of_both_are_compared_on_every_average():
    marks = (
        Mark(cluster="a", keypoint="eye", at=(0.5, 0.5), author="ann"),
        Mark(cluster="a", keypoint="eye", at=(0.75, 0.25), author="bob"),
        Mark(cluster="b", keypoint="eye", at=(0.75, 0.25), author="bob"),
        Mark(cluster="a", keypoint="gone", at=(0.5, 0.5), author="ann"),
        Mark(cluster="a", keypoint="gone", at=(0.5, 0.5), author="bob"),
    )
    annotation = Annotation(schema=SCHEMA, marks=marks)
    session = Session(clusters=(Cluster(id="a"), Cluster(id="b")), annotation=annotation)
    [pair] = mark_pairs_between(session, "ann", "bob")
    assert (pair.cluster, pair.keypoint) == ("a", "eye")
    assert pair.distance(height=16, width=12) == 5  # 0.25 * 12 = 3 right, 0.25 * 16 = 4 up


def test_authors_are_those_who_placed_something_the_most_busy_first():
    annotation = Annotation(
        schema=SCHEMA,
        marks=(Mark(cluster="a", keypoint="eye", at=(0, 0), author="eve"),),
        layers=(
            layer("ann", point(1, 2), point(1, 2, "nose")),
            layer("bob", point(1, 2), point(1, 2, "nose"), kind="accepted"),
        ),
    )
    assert authors_of(annotation) == ["ann", "eve"]
