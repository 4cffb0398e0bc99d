"""`evaluation.keypoints`: simulated annotators, rivals and ours on collections of known warps."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from evaluation.average_explorer import NAME
from evaluation.baselines.partitions import global_mean
from evaluation.baselines.values import Clustering
from evaluation.keypoint_marks import in_images, mark, on_canvas
from evaluation.keypoint_pictures import COLORS, MARK, TRUE, write_pictures
from evaluation.keypoint_truth import TruthError, read_truth
from evaluation.keypoints import KeypointOptions, clusterings_for, evaluate_keypoints, prepare
from explorer.alignment.maps import Maps
from explorer.edits import LikeImage
from explorer.session import Cluster, Entry, Session
from index.collection import open_collection
from precompute.build import build
from precompute.options import BuildOptions
from tests.conftest import MemoryView
from tests.evaluation.pictures import SIDE, shifted_maps, texture
from tests.evaluation.test_keypoint_errors import proposals_of, truth_of

COUNT = 40
POINTS = np.float32([[20, 20], [40, 24], [30, 44]])
"""Where the keypoints are in a picture that is not shifted."""


@pytest.fixture(scope="module")
def shifts():
    return np.random.default_rng(0).integers(-6, 7, (COUNT, 2)).astype(np.float32)


@pytest.fixture(scope="module")
def shifted(shifts):
    """One picture, shifted: (x, y) of it lies at (x + dx, y + dy)."""
    whole = texture(0, SIDE + 12)
    pictures = [whole[6 - int(y) : 6 - int(y) + SIDE, 6 - int(x) : 6 - int(x) + SIDE]
                for x, y in shifts]  # fmt: skip
    return MemoryView(np.stack(pictures))


@pytest.fixture(scope="module")
def truth(shifts):
    return truth_of(POINTS + shifts[:, None])


@pytest.fixture(scope="module")
def ours(shifts):
    """Knows the shifts; the first images weigh most."""
    falling = np.arange(COUNT, 0, -1, np.float32)[:, None]
    return Clustering(
        name=NAME,
        weights=falling / falling.sum(),
        labels=np.zeros(COUNT, np.int32),
        maps=(shifted_maps(np.arange(COUNT), shifts),),
    )


def test_the_mark_is_the_mean_of_the_ten_heaviest_members(shifted, truth, ours):
    unwarped = replace(ours, maps=(None,))
    marked = mark(shifted, truth, unwarped)
    assert marked.averages[0].points == pytest.approx(truth.points[:10].mean(axis=0), abs=1e-4)
    assert np.flatnonzero(marked.used).tolist() == list(range(10))


def test_marks_lie_where_the_average_shows_the_points(shifted, truth, ours):
    assert mark(shifted, truth, ours).averages[0].points == pytest.approx(POINTS, abs=0.01)


def test_the_annotator_sees_members_with_weight_and_truth_alone(shifted, truth, ours):
    weights = np.repeat(ours.weights, 2, axis=1)
    weights[3] = 0
    labels = (np.arange(COUNT) % 2).astype(np.int32)
    points = truth.points.copy()
    points[1] = np.nan
    both = replace(ours, weights=weights, labels=labels, maps=ours.maps * 2)
    truth = replace(truth, points=points)
    marked = mark(shifted, truth, both, count=2)
    assert np.flatnonzero(marked.used).tolist() == [0, 2, 5, 7]
    assert np.flatnonzero(~mark(shifted, truth, both, count=COUNT).used).tolist() == [1, 3]
    assert marked.averages[1].members.tolist() == list(range(1, COUNT, 2))


def test_clusters_that_nobody_can_mark_are_left_out(shifted, truth, ours):
    weights = np.repeat(ours.weights, 2, axis=1)
    both = replace(ours, weights=weights, labels=np.ones(COUNT, np.int32), maps=ours.maps * 2)
    marked = mark(shifted, truth, both)
    assert marked.places == (1,)
    assert len(marked.averages) == 1


def test_a_mirrored_image_has_its_pairs_the_other_way_round(shifted):
    rows = np.int32([5])
    maps = Maps(rows=rows, nodes=shifted_maps(rows, [(3, 0)]).nodes, mirrored=np.array([True]))
    left, right, middle = points = np.float32([[10, 20], [50, 22], [30, 40]])
    there = on_canvas(shifted, points[None], maps, rows, [(0, 1)])[0]
    # Mirrored, x becomes 63 - x; the canvas shows at x what the mirrored image has at x + 3.
    expected = [[63 - right[0] - 3, 22], [63 - left[0] - 3, 20], [63 - middle[0] - 3, 40]]
    assert there == pytest.approx(np.array(expected), abs=0.01)
    assert in_images(shifted, there, maps, rows, [(0, 1)])[0] == pytest.approx(points, abs=0.01)


def test_images_that_made_the_marks_are_left_out_of_the_errors(shifted, truth, ours):
    prepared = prepare(shifted, truth, [global_mean(COUNT), ours])
    points = truth.points.copy()
    points[:10] += 1000
    row = prepared.score(NAME, proposals_of(points, 1.0), 1.0)
    assert row["error_px"] == 0
    assert row["images"] == COUNT - 10


def test_images_that_any_annotator_used_are_not_common(shifted, truth, ours):
    last = replace(ours, name="last", weights=np.ascontiguousarray(ours.weights[::-1]))
    prepared = prepare(shifted, truth, [global_mean(COUNT), ours, last])
    points = truth.points.copy()
    points[20:30] += [0, 2]
    points[30:] += 1000
    assert prepared.score("last", proposals_of(points, 1.0), 1.0)["images"] == 30
    # Rows 10 to 29 are nobody's: half of them are off by 2.
    assert prepared.score(NAME, proposals_of(points, 1.0), 1.0)["error_common_px"] == 1


def test_a_subset_counts_and_the_others_may_make_marks(shifted, truth, ours):
    split = tuple("test" if row % 2 else "train" for row in range(COUNT))
    told = replace(truth, columns={"split": split})
    prepared = prepare(shifted, told, [global_mean(COUNT), ours], where="split=test")
    row = prepared.score(NAME, proposals_of(truth.points, 1.0), 1.0)
    assert row["images"] == 15  # of 20, five are among the ten heaviest


def test_rivals_move_marks_by_their_maps(shifted, truth, ours):
    prepared = prepare(shifted, truth, [global_mean(COUNT), ours])
    row = prepared.score(NAME, prepared.propagated(NAME), 1.0)
    assert row["error_px"] == pytest.approx(0, abs=0.01)


def test_ours_beats_the_global_mean_where_images_are_warped(shifted, truth, ours):
    prepared = prepare(shifted, truth, [global_mean(COUNT), ours])
    row = prepared.score(NAME, prepared.proposed(), 0.9)
    assert row["points_annotated"] >= 0.9
    assert row["error_over_global"] < 0.3


def test_over_the_mean_shape_chance_in_the_global_mark_is_no_merit(shifted, truth, ours):
    prepared = prepare(shifted, truth, [global_mean(COUNT), ours])
    points = np.repeat(truth.points.mean(axis=0, keepdims=True), COUNT, axis=0)
    row = prepared.score(NAME, proposals_of(points, 1.0), 1.0)
    assert row["error_over_mean"] == pytest.approx(1)
    assert row["error_over_global"] != pytest.approx(1)


def test_too_few_images_with_truth_are_refused(shifted, truth, ours):
    points = truth.points.copy()
    points[10:] = np.nan
    with pytest.raises(TruthError, match="true points of 10 images: too few to mark the 1"):
        prepare(shifted, replace(truth, points=points), [global_mean(COUNT), ours])


def test_a_session_without_edits_is_refused(shifted):
    with pytest.raises(TruthError, match="must have clusters with edits, it has none"):
        clusterings_for(shifted, KeypointOptions(session=Session()))


@pytest.fixture(scope="module")
def collection(tmp_path_factory, shifts, shifted):
    """The shifted pictures as files, with a table of their points."""
    folder = tmp_path_factory.mktemp("shifted")
    lines = ["file,split,x0,y0,x1,y1,x2,y2"]
    for row in range(COUNT):
        cv2.imwrite(str(folder / f"{row}.png"), shifted.images[row])
        points = ",".join(str(value) for value in (POINTS + shifts[row]).ravel())
        lines.append(f"images/{row}.png,{'test' if row % 2 else 'train'},{points}")
    build(folder, folder / "shifted.avex", BuildOptions(modes="none"))
    (folder / "points.csv").write_text("\n".join(lines))
    return open_collection(folder / "shifted.avex")


@pytest.fixture(scope="module")
def evaluated(collection):
    like = LikeImage(id="like", image=collection.names[0])
    clusters = tuple(
        Cluster(id=f"c{k}", alignment="none", entries=(Entry(edit=like),)) for k in range(2)
    )
    truth = read_truth(collection.path.parent / "points.csv", collection)
    options = KeypointOptions(session=Session(clusters=clusters), where="split=test", coverage=0.7)
    return evaluate_keypoints(collection, truth, options)


def test_the_report_has_ours_and_every_rival(evaluated):
    methods = [row["method"] for row in evaluated.report["rows"]]
    assert methods[0] == NAME
    assert {"global mean", "k-means", "spectral", "congealing", "sub-categories",
            "sub-categories + congealing"} < set(methods)  # fmt: skip
    for row in evaluated.report["rows"]:
        assert row["points_annotated"] >= 0.7 or row["method"] == NAME
        assert row["error_px_low"] <= row["error_px"] <= row["error_px_high"]
        assert [one["coverage"] for one in row["by_coverage"]] == [0.5, 0.6, 0.71, 0.8, 0.9, 1.0]
    assert next(row for row in evaluated.report["rows"] if row["method"] == "global mean")[
        "error_over_global"
    ] == pytest.approx(1)


def test_lining_up_beats_the_global_mean(evaluated):
    """Of one shifted picture congealing finds the shifts, and the global mean cannot."""
    rows = {row["method"]: row for row in evaluated.report["rows"]}
    assert rows["global mean"]["error_px"] > 3
    assert rows["congealing"]["error_over_global"] < 0.5


def test_rivals_are_surest_of_what_looks_like_their_average(evaluated):
    found = evaluated.proposals["global mean"]
    assert len(np.unique(found.confidence)) > COUNT / 2
    assert (found.confidence >= 0).all()
    assert (found.confidence <= 1).all()


def test_pictures_are_written_to_look_at(evaluated, tmp_path):
    paths = write_pictures(evaluated, tmp_path / "out")
    assert [path.name for path in paths] == [
        "keypoints-coverage.png", "keypoints-averages.png", "keypoints-images.png"
    ]  # fmt: skip
    for path, color in zip(paths, (COLORS[0], MARK, TRUE), strict=True):
        drawn = cv2.imread(str(path))
        assert (drawn == color[::-1]).all(axis=-1).any()
