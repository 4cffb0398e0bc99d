"""`evaluation.support`: how well the support meter tells present modes from absent ones."""

import cv2
import numpy as np
import pytest

from evaluation.support import COPIES, evaluate_support, judge, resampled_areas
from evaluation.support_cases import WithGuests, cut_chimera, cut_one, fitted, recurs
from explorer.edits import ColorStroke
from index.collection import open_collection
from index.errors import CollectionError
from precompute.build import build
from precompute.options import BuildOptions

SIDE = 64
GUESTS_TOO = ("foreign", "planted")


def thing(rng, ink, shape):
    """A thing of one color on paper, a little off its usual place."""
    image = np.full((SIDE, SIDE, 3), 255, np.uint8)
    top, left = (32 - np.array(shape) // 2 + rng.integers(-3, 4, 2)).tolist()
    image[top : top + shape[0], left : left + shape[1]] = ink
    return image


@pytest.fixture(scope="module")
def collections(tmp_path_factory):
    """Forty upright red things; and twenty pictures of green noise."""
    folder = tmp_path_factory.mktemp("collections")
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 90, (20, SIDE, SIDE, 3)) + np.array([0, 150, 0])
    pictures = {
        "things": [thing(rng, (200, 30, 40), (36, 14)) for _ in range(40)],
        "noise": list(noise.astype(np.uint8)),
    }
    opened = []
    for name, images in pictures.items():
        (folder / name).mkdir()
        for number, image in enumerate(images):
            cv2.imwrite(str(folder / name / f"{number}.png"), image[..., ::-1])
        build(folder / name, folder / f"{name}.avex", BuildOptions(modes="none"))
        opened.append(open_collection(folder / f"{name}.avex"))
    return opened


def test_edits_of_the_things_are_told_from_edits_of_noise(collections):
    things, noise = collections
    report = evaluate_support(things, [noise], cases=3)
    areas = {row["method"]: row for row in report["rows"]}
    foreign = areas["present or foreign, two or three edits"]
    assert foreign["auc"] > 0.9
    assert foreign["auc_low"] <= foreign["auc"] <= foreign["auc_high"]
    said = {row: areas[f"words: {row}"] for row in ("present", "foreign")}
    assert said["foreign"]["said not there"] > said["present"]["said not there"]
    for shares in said.values():
        total = sum(shares[f"said {word}"] for word in ("not there", "weak", "there"))
        assert total == pytest.approx(1)


def test_the_interval_of_levels_that_never_mix_is_one():
    levels = np.array([0.8, 0.9]), np.array([0.1, 0.2, 0.3])
    assert np.allclose(resampled_areas(*levels, seed=0), 1)
    assert np.allclose(resampled_areas(*levels[::-1], seed=0), 0)
    assert np.allclose(resampled_areas(levels[0][:1], levels[0][:1], seed=0), 0.5)


def test_images_that_edits_were_cut_from_are_seen_by_the_engine_and_do_not_count(
    collections, monkeypatch
):
    things, noise = collections
    seen = []

    def of(meter, edits, scores, places, excluded):
        seen.append(list(excluded))
        return 0.5

    monkeypatch.setattr("explorer.support.SupportMeter.of", of)
    for judged, excluded in zip(judge(things, [noise], cases=1, seed=0), seen, strict=False):
        case = judged.case
        assert excluded == [case.view.image_id(name) for name in case.sources]
        assert len(excluded) == (len(case.edits) if case.truth == "chimera" else 1)
        assert all((row >= things.size) == (case.truth in GUESTS_TOO) for row in excluded)


def test_copies_that_were_planted_are_of_the_image_that_the_edits_are_from(collections):
    things, noise = collections
    judged = [j for j in judge(things, [noise], cases=1, seed=0) if j.case.truth == "planted"]
    assert judged
    for case in (one.case for one in judged):
        pictures = case.view.shards("pixels")[-1].astype(float)
        assert case.view.size == things.size + 1 + COPIES
        assert all(np.abs(copy.mean() - pictures[0].mean()) < 60 for copy in pictures[1:])


def test_a_part_of_every_thing_recurs_and_a_part_of_one_picture_of_noise_does_not(collections):
    things, noise = collections
    whole = [(0, SIDE, 0, SIDE)]
    assert recurs(things, 3, whole)
    assert not recurs(WithGuests(things, noise.rows("pixels", [0])), things.size, whole)


def test_guests_have_the_features_of_the_images_they_are_copies_of(collections):
    things, _ = collections
    view = WithGuests(things, things.rows("pixels", [5]))
    assert view.size == 41
    assert view.image_id("guest 0") == 40
    for feature in ("color", "hog", "hog_planes", "descriptor"):
        shards = view.shards(feature)
        is_minor = feature in ("color", "hog_planes")
        own = shards[0][..., 5] if is_minor else shards[0][5]
        assert np.array_equal(own, shards[-1][..., 0] if is_minor else shards[-1][0])


def test_colors_of_a_chimera_cannot_be_in_one_place():
    red, blue = (
        thing(np.random.default_rng(1), ink, (40, 40)) for ink in ((200, 0, 0), (0, 0, 200))
    )
    rng = np.random.default_rng(0)
    cuts = cut_chimera([red, blue], ["a", "b"], ["color", "color"], rng)
    first, second = (np.array(edit.color) for edit in cuts)
    assert np.linalg.norm(first - second) > 96
    assert cut_chimera([red, red], ["a", "b"], ["color", "color"], rng) == ()


def test_edits_cut_from_one_image_are_of_the_kinds_asked_for():
    image = thing(np.random.default_rng(1), (200, 0, 0), (40, 40))
    cuts = cut_one(image, "a", ["color", "sketch", "mode"], np.random.default_rng(0))
    assert [edit.kind for edit in cuts] == ["color", "sketch", "mode"]
    assert isinstance(cuts[0], ColorStroke)
    assert len({edit.id for edit in cuts}) == 3


def test_a_guest_is_cropped_to_the_collection_and_not_squeezed():
    wide = np.zeros((50, 200, 3), np.uint8)
    wide[:, 75:125] = 255
    guest = fitted(wide, 100, 100)
    assert guest.shape == (100, 100, 3)
    assert guest.min() == 255


def test_an_evaluation_without_other_collections_is_refused(collections):
    with pytest.raises(CollectionError, match="another collection"):
        evaluate_support(collections[0], [])
