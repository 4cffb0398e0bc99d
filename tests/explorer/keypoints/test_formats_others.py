"""Other tools' own readers take what is exported, and find every point where it was.

pycocotools comes with the development packages. The others are large; docs/keypoints.md says how to
run these tests with them.
"""

import json
import os

import numpy as np
import pytest

from explorer.annotation import Annotation, ImagePoint, ImagePoints, Layer
from explorer.keypoint_templates import template
from explorer.keypoints.formats.files import to_bytes, unzipped

pytestmark = pytest.mark.filterwarnings("ignore")

SCHEMA = template("face-68")
SIZES = {"a/1.png": (90, 120), "a/2.png": (60, 80)}
HIDDEN, ABSENT, BESIDE = 3, 5, 7
"""Numbers of a point that is occluded, of one that is absent, and of one beside the photograph."""
FLAGS = np.full(68, 2)
FLAGS[[HIDDEN, ABSENT]] = 1, 0
PLACES = {
    name: np.random.default_rng(0).uniform(0, [width - 1, height - 1], (68, 2)).round(2)
    for name, (height, width) in SIZES.items()
}
for one in PLACES.values():
    one[ABSENT] = 0
    one[BESIDE] = 150, 30


@pytest.fixture
def laid():
    states = {HIDDEN: "occluded", ABSENT: "absent"}
    images = tuple(
        ImagePoints(
            image=name,
            points=tuple(
                ImagePoint(keypoint=keypoint, x=x, y=y, state=states.get(number, "visible"))
                for number, (keypoint, (x, y)) in enumerate(zip(SCHEMA.ids, places, strict=True))
            ),
        )
        for name, places in PLACES.items()
    )
    return Annotation(layers=(Layer(id="l", kind="hand", author="ada", images=images),)).laid()


@pytest.fixture
def coco(laid, tmp_path):
    """Return the path of an export, as CVAT's archives have it, with the photographs beside it."""
    path = tmp_path / "annotations/person_keypoints_default.json"
    path.parent.mkdir()
    path.write_bytes(to_bytes("coco", SCHEMA, laid, SIZES))
    draw(tmp_path / "images")
    return path


def draw(folder):
    import cv2

    for name, (height, width) in SIZES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), np.full((height, width, 3), 200, np.uint8))


def needs(module):
    """Return a module of another tool, or skip: the project does not need it."""
    return pytest.importorskip(module, reason=f"{module} is not installed, see docs/keypoints.md")


def test_pycocotools_reads_and_scores_it(coco):
    module, scores = needs("pycocotools.coco"), needs("pycocotools.cocoeval")
    dataset = module.COCO(str(coco))
    for image in dataset.loadImgs(dataset.getImgIds()):
        (one,) = dataset.loadAnns(dataset.getAnnIds(imgIds=image["id"]))
        found = np.array(one["keypoints"]).reshape(68, 3)
        assert found[:, :2] == pytest.approx(PLACES[image["file_name"]], abs=0.01)
        assert (found[:, 2] == FLAGS).all()
    told = [
        {"image_id": one["image_id"], "category_id": 1, "score": 1, "keypoints": one["keypoints"]}
        for one in dataset.anns.values()
    ]
    scored = scores.COCOeval(dataset, dataset.loadRes(told), "keypoints")
    scored.params.kpt_oks_sigmas = np.full(68, 0.05)
    scored.evaluate()
    scored.accumulate()
    scored.summarize()
    assert scored.stats[0] == 1  # average precision of the truth itself


def test_cvat_s_reader_reads_it(coco):
    # CVAT has a datumaro of its own, in which keypoints are skeletons; the one of PyPI has points.
    module = needs("datumaro.components.dataset")
    dataset = module.Dataset.import_from(str(coco.parent.parent), "coco_person_keypoints")
    items = {f"{item.id}.png": item for item in dataset}
    assert set(items) == set(SIZES)
    for name, item in items.items():
        (one,) = (a for a in item.annotations if a.type.name in ("skeleton", "points"))
        parts = one.elements if one.type.name == "skeleton" else [one]
        points = np.concatenate([part.points for part in parts]).reshape(68, 2)
        assert points == pytest.approx(PLACES[name], abs=0.01)
        states = [state.name for part in parts for state in part.visibility]
        assert [states[n] for n in (0, HIDDEN, ABSENT)] == ["visible", "hidden", "absent"]


def test_fiftyone_s_reader_reads_it(coco):
    needs("fiftyone")
    module = needs("fiftyone.utils.coco")
    read = module.load_coco_detection_annotations(str(coco))
    images, annotations = read[3], read[4]
    for number, image in images.items():
        (one,) = annotations[number]
        size = image["width"], image["height"]
        keypoint = one.to_keypoints(size)
        there = np.delete(np.array(keypoint.points) * size, ABSENT, axis=0)
        assert there == pytest.approx(np.delete(PLACES[image["file_name"]], ABSENT, 0), abs=0.01)


def test_ultralytics_reader_reads_it(laid, tmp_path, monkeypatch):
    monkeypatch.setenv("YOLO_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("YOLO_OFFLINE", "true")
    utils, data = needs("ultralytics.data.utils"), needs("ultralytics.data.dataset")
    monkeypatch.setattr(utils, "check_font", lambda *words: None)
    for path, text in unzipped(to_bytes("yolo", SCHEMA, laid, SIZES)).items():
        file = tmp_path / "set" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    draw(tmp_path / "set/images")
    told = utils.check_det_dataset(str(tmp_path / "set/data.yaml"), autodownload=False)
    read = data.YOLODataset(img_path=told["train"], data=told, task="pose", augment=False)
    assert len(read.labels) == len(SIZES)
    for label in read.labels:
        name = os.path.relpath(label["im_file"], tmp_path / "set/images")
        height, width = label["shape"]
        found = label["keypoints"][0]
        flags = np.where(np.arange(68) == BESIDE, 0, FLAGS)
        assert (found[:, 2] == flags).all()
        there = found[:, :2] * [width, height] - 0.5
        assert there[flags > 0] == pytest.approx(PLACES[name][flags > 0], abs=0.01)
    assert json.dumps(told["kpt_shape"]) == "[68, 3]"
