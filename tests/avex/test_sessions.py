"""`avex.sessions`: a session with many points is a file that people can still read."""

from avex.sessions import load_session, save_session
from explorer.annotation import Annotation, ImagePoint, ImagePoints, Layer, Review
from explorer.session import Session

POINTS = (ImagePoint(keypoint="eye", x=1.5, y=2.25), ImagePoint(keypoint="nose", state="absent"))


def test_points_of_an_image_stand_in_one_line_and_are_read_back(tmp_path):
    images = (
        ImagePoints(image='ä "1".jpg', points=POINTS),
        ImagePoints(image="b.jpg", points=()),
    )
    layers = tuple(Layer(id=name, kind="hand", images=images) for name in ("l1", "l2"))
    session = Session(
        collection="faces", annotation=Annotation(layers=layers, reviews=(Review(image="b.jpg"),))
    )
    path = tmp_path / "session.json"
    save_session(session, path)
    assert load_session(path) == session
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    line = (
        r'"ä \"1\".jpg": [["eye", 1.5, 2.25, "visible", 1.0], ["nose", 0.0, 0.0, "absent", 1.0]],'
    )
    assert lines.count(line) == 2
    assert lines.count('"b.jpg": []') == 2


def test_session_without_points_is_indented_as_ever(tmp_path):
    path = tmp_path / "session.json"
    save_session(Session(collection="faces"), path)
    assert path.read_text(encoding="utf-8").startswith(
        '{\n  "format": "average-explorer session",\n'
    )
