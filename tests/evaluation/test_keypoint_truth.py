"""`evaluation.keypoint_truth`: tables of true points, in pixels of a collection's images."""

from types import SimpleNamespace

import numpy as np
import pytest

from evaluation.keypoint_truth import TruthError, read_truth

NAMES = ["a.png", "sub/b.png", "c.png"]
SIZES = [(100, 200), (50, 50), (100, 50)]


def collection(fit="stretch", names=NAMES):
    """Three photographs of several sizes, made 50 x 50."""
    sides = dict(zip(("height", "width"), zip(*SIZES, strict=True), strict=True))
    return SimpleNamespace(
        name="things",
        size=len(names),
        height=50,
        width=50,
        names=names,
        manifest=SimpleNamespace(options={"fit": fit}),
        images=SimpleNamespace(values=sides.__getitem__),
        image_id=lambda name: names.index(name) if name in names else None,
    )


@pytest.fixture
def read(tmp_path):
    def reading(text, **of_collection):
        path = tmp_path / "points.csv"
        path.write_text(text)
        return read_truth(path, collection(**of_collection))

    return reading


def test_points_become_pixels_of_the_collection(read):
    # 200 x 100 shrinks to a quarter across and to a half down: 39 -> (39 + 0.5) / 4 - 0.5 = 9.375.
    truth = read("file,x0,y0\nimages/a.png,39,9\n")
    assert truth.points[0, 0].tolist() == [9.375, 4.25]
    assert np.isnan(truth.points[1:]).all()
    assert truth.annotated.tolist() == [True, False, False]


def test_points_of_a_cut_picture_lie_where_it_was_cut(read):
    # Of 200 x 100 the middle 100 x 100 is taken, from x = 50 on, and halved.
    truth = read("file,x0,y0\na.png,69,9\n", fit="crop")
    assert truth.points[0, 0].tolist() == [9.25, 4.25]


def test_images_are_found_by_their_file_names_and_others_counted(read):
    truth = read("file,x0,y0\nelse/b.png,1,2\nimages/unknown.png,1,2\nc.png,,\n")
    assert truth.points[1, 0].tolist() == [1, 2]
    assert truth.strangers == 1
    assert truth.annotated.tolist() == [False, True, False]


def test_other_columns_choose_images(read):
    truth = read("file,split,x_heel,y_heel,toe_x,toe_y\na.png,train,1,1,2,2\nc.png,test,1,1,2,2\n")
    assert list(truth.columns) == ["split"]
    assert truth.where("split=test").tolist() == [False, False, True]


def test_a_line_a_point_is_read_too(read):
    lines = ["sub/b.png,toe,3,4,visible", "sub/b.png,heel,,,absent", "a.png,heel,3,1,occluded"]
    truth = read("\n".join(["image,keypoint,x,y,state", *lines]))
    assert truth.keypoints == ("toe", "heel")
    assert truth.points[1, 0].tolist() == [3, 4]
    assert truth.known.tolist() == [[False, True], [True, False], [False, False]]


def test_two_authors_meet_in_the_middle(read):
    lines = ["sub/b.png,toe,3,4,ada", "sub/b.png,toe,5,4,bob"]
    truth = read("\n".join(["image,keypoint,x,y,author", *lines]))
    assert truth.points[1, 0].tolist() == [4, 4]


def test_errors_are_measured_by_the_box_of_the_points(read):
    truth = read("file,x0,y0,x1,y1,x2,y2\nsub/b.png,10,10,40,20,30,14\n").chosen("2")
    assert truth.sizes[1] == 30
    assert "longer side" in truth.sized_by
    assert np.isnan(truth.sizes[0])


def test_errors_of_faces_are_measured_by_the_eyes(read):
    header = ",".join(f"x{k},y{k}" for k in range(68))
    points = ",".join(f"{k},0" for k in range(68))
    truth = read(f"file,{header}\nsub/b.png,{points}\n")
    assert truth.sizes[1] == 45 - 36
    assert "eyes" in truth.sized_by
    assert truth.pairs[0] == (0, 16)  # the two ends of the jaw
    inner = truth.chosen("17-67")
    assert inner.points.shape == (3, 51, 2)
    assert inner.points[1, 0, 0] == 17
    assert (0, 9) in inner.pairs  # the outer ends of the brows, 17 and 26
    assert inner.sizes[1] == 9


def test_keypoints_are_chosen_by_numbers_and_ids(read):
    truth = read("file,x0,y0,x1,y1,x2,y2,x3,y3\nsub/b.png,0,0,1,0,2,0,3,0\n")
    assert truth.chosen("3,0-1,1").points[1, :, 0].tolist() == [3, 0, 1]
    named = read("file,xtoe,ytoe,xheel,yheel\nsub/b.png,0,0,1,0\n")
    assert named.chosen("heel").points[1, :, 0].tolist() == [1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,x0,y0\na.png,1,2\n", "must have a column image or file, it has name, x0, y0"),
        ("file,width\na.png,1\n", "must have the columns image, keypoint, x, y or file, x0, y0"),
        ("file,x0,y0\na.png,one,2\n", "line 2: x0 must be a number, got 'one'"),
        ("file,x0,y0\nz.png,1,2\n", "must have points of things's images, such as a.png; it has z"),
        ("file,x0,y0\na.png,,\n", "it has no image with a point"),
    ],
    ids=["no-file", "no-points", "no-number", "other-images", "empty"],
)
def test_a_table_that_is_no_use_is_refused(read, text, said):
    with pytest.raises(TruthError, match=r"points\.csv") as refused:
        read(text)
    assert said in str(refused.value)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "p.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TruthError, match="must be text in UTF-8"):
        read_truth(tmp_path / "p.csv", collection())


@pytest.mark.parametrize(
    ("list_", "said"),
    [("2", "from 0 to 1"), ("1-0", "got '1-0'"), ("toe", "such as p0; got 'toe'")],
)
def test_keypoints_that_are_not_there_are_refused(read, list_, said):
    with pytest.raises(TruthError, match=said):
        read("file,x0,y0,x1,y1\na.png,1,2,3,4\n").chosen(list_)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("test", "COLUMN=VALUE, the columns are split; got 'test'"),
        ("age=3", "the columns are split"),
        ("split=tset", "no image has split=tset, split is test"),
    ],
)
def test_images_that_are_not_there_are_refused(read, where, said):
    with pytest.raises(TruthError, match=said):
        read("file,split,x0,y0\na.png,test,1,2\n").where(where)
