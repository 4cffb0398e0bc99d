"""`ui.keypoints.found`: renewing the proposals of some clusters only."""

import numpy as np

from explorer.annotation import Annotation, Mark
from explorer.keypoint_schema import Keypoint, Schema
from explorer.keypoints.values import Proposals
from explorer.session import Cluster, Session
from ui.keypoints.found import Found, basis_of, moved, renewed


def found(owners, keypoints="xy", marked="ab", at=1.0, asked="ab"):
    """Proposals of some images by row; each point is (at, at) with confidence `at` / 10."""
    rows = sorted(owners)
    shape = len(rows), len(keypoints)
    schema = Schema(keypoints=tuple(Keypoint(id=one, name=one) for one in keypoints))
    marks = tuple(Mark(cluster=one, keypoint=keypoints[0], at=(0.5, 0.5)) for one in marked)
    clusters = tuple(Cluster(id=one) for one in "abc")
    session = Session(clusters=clusters, annotation=Annotation(schema=schema, marks=marks))
    return Found(
        revision=3,
        keypoints=tuple(keypoints),
        proposals=Proposals(
            rows=np.int32(rows),
            points=np.full((*shape, 2), at, np.float32),
            confidence=np.full(shape, at / 10, np.float32),
        ),
        owners=tuple(owners[row] for row in rows),
        bases=dict.fromkeys(asked, basis_of(session)),
    )


def told(one):
    """The owner and the place of the first keypoint of each image, by row."""
    places = one.proposals.points[:, 0, 0].tolist()
    rows = one.proposals.rows.tolist()
    return dict(zip(rows, zip(one.owners, places, strict=True), strict=True))


def test_first_proposals_are_all_there_is():
    new = found({1: "a"})
    assert renewed(None, new) is new


def test_clusters_that_were_not_asked_for_keep_their_proposals():
    both = renewed(found({1: "a", 4: "b"}), found({0: "a", 1: "a"}, at=2.0, asked="a"))
    assert told(both) == {0: ("a", 2.0), 1: ("a", 2.0), 4: ("b", 1.0)}
    assert set(both.bases) == {"a", "b"}
    assert (both.place(4), both.place(2), both.place(9)) == (2, None, None)


def test_image_that_went_to_another_cluster_is_there_once():
    both = renewed(found({1: "a", 4: "b"}), found({4: "a"}, at=2.0, asked="a"))
    assert told(both) == {4: ("a", 2.0)}


def test_cluster_without_marks_is_forgotten():
    both = renewed(found({1: "a", 4: "b"}), found({1: "a"}, marked="a", asked="a"))
    assert told(both) == {1: ("a", 1.0)}
    assert set(both.bases) == {"a"}


def test_kept_proposals_follow_the_schema_as_it_is_now():
    both = renewed(found({4: "b"}), found({1: "a"}, keypoints="zy", at=2.0, asked="a"))
    assert both.keypoints == ("z", "y")
    assert np.isnan(both.proposals.points[1, 0]).all()
    assert both.proposals.confidence.tolist()[1] == [0, np.float32(0.1)]
    assert both.proposals.points[1, 1].tolist() == [1, 1]


def test_points_that_are_proposed_elsewhere_are_counted_by_points_and_images():
    before = found({1: "a", 4: "b", 5: "a"})
    now = found({1: "a", 4: "b", 6: "a"}, at=3.0)
    assert moved(before, now) == (4, 2)
    assert moved(before, found({1: "a", 4: "b"}, at=1.5)) == (0, 0)
    assert moved(None, now) == (0, 0)
