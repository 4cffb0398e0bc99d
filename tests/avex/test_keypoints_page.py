"""`avex keypoints` does without a browser what the page does."""

import shutil
import time

import pytest
from starlette.testclient import TestClient

from avex.sessions import load_session, save_session
from explorer.annotation import Annotation, ImagePoint, ImagePoints, Layer, Mark
from explorer.edits import Sharpen
from explorer.keypoint_schema import Keypoint, Schema
from explorer.keypoints.formats.files import ENDINGS
from explorer.session import Cluster, Entry, Session
from ui.app import Parts, create_server
from ui.settings import Settings
from ui.wire.operations import ReplaceSession

URL = "/api/disks/keypoints"
DEADLINE_S = 60


def mark(cluster, keypoint, at):
    return Mark(cluster=cluster, keypoint=keypoint, at=at, author="ada", time=3.0)


@pytest.fixture
def session(red_session):
    """Return two clusters with marks, one of them sharpened, and a point placed by hand."""
    (red,) = red_session.clusters
    red = red.put(Entry(edit=Sharpen(id="s", rounds=2)))
    schema = Schema(
        keypoints=(Keypoint(id="left", name="Left"), Keypoint(id="right", name="Right")),
        pairs=(("left", "right"),),
    )
    marks = (
        mark("main", "left", (0.3, 0.5)),
        mark("main", "right", (0.7, 0.5)),
        mark("rest", "left", (0.4, 0.4)),
    )
    point = ImagePoint(keypoint="left", x=40, y=50)
    placed = Layer(
        id="hand-bob-0-left",
        kind="hand",
        author="bob",
        images=(ImagePoints(image="red00.png", points=(point,)),),
    )
    annotation = Annotation(schema=schema, marks=marks, layers=(placed,))
    rest = Cluster(id="rest", name="Rest")
    return Session(collection="disks", clusters=(red, rest), annotation=annotation)


@pytest.fixture
def page(collection_path, tmp_path):
    """A server with the real engine."""
    folder = tmp_path / "disks.avex"
    shutil.copytree(collection_path, folder)
    settings = Settings(collections=(folder,), builds_dir=tmp_path)
    parts = Parts(warm_up=lambda libraries: None)
    with TestClient(create_server(settings, parts), base_url="http://127.0.0.1:7860") as client:
        yield client


def accepted_in_page(page, session, **asked):
    """Return the points after somebody has carried and accepted them in the page."""
    hub = page.app.state.services.hub
    hub.operate("disks", ReplaceSession(session=session), author="ada")
    assert page.post(f"{URL}/propagate", json={"clusters": None}).status_code == 200
    end_s = time.monotonic() + DEADLINE_S
    while (told := page.get(f"{URL}/propagate").json())["state"] == "running":
        assert time.monotonic() < end_s, told
        time.sleep(0.02)
    assert told["state"] == "done", told
    answer = page.post(f"{URL}/accept", json={"author": "eve"} | asked)
    assert answer.status_code == 200, answer.text
    return hub.room("disks").state.session.annotation


@pytest.mark.parametrize("merge", ["missing", pytest.param("overwrite", marks=pytest.mark.slow)])
def test_command_line_gives_the_points_of_the_page(
    run, collection_path, session, page, tmp_path, merge
):
    path, out = tmp_path / "s.json", tmp_path / "out.json"
    save_session(session, path)
    words = ("--session", path, "--out", out, "--author", "eve", "--merge", merge)
    assert run("keypoints", "propagate", collection_path, *words)[0] == 0
    mine = load_session(out).annotation
    its = accepted_in_page(page, session, merge=merge)
    placed = {
        name: {one: p.point for one, p in there.items()} for name, there in its.laid().items()
    }
    assert len(placed) == 24
    assert placed == {
        name: {one: p.point for one, p in there.items()} for name, there in mine.laid().items()
    }
    assert [(a.kind, a.merge, a.clusters, a.author) for a in its.layers] == [
        (a.kind, a.merge, a.clusters, a.author) for a in mine.layers
    ]


@pytest.mark.parametrize("kind", ENDINGS)
def test_page_s_export_is_that_of_the_command_line(
    run, collection_path, session, page, tmp_path, kind
):
    path, out = tmp_path / "s.json", tmp_path / f"points{ENDINGS[kind]}"
    save_session(session, path)
    run("keypoints", "export", collection_path, "--session", path, "--out", out)
    page.app.state.services.hub.operate("disks", ReplaceSession(session=session), author="ada")
    answer = page.get(f"{URL}/export?format={kind}")
    assert answer.content == out.read_bytes()


@pytest.mark.parametrize("kind", ENDINGS)
def test_page_reads_what_the_command_line_wrote(
    run, collection_path, session, page, tmp_path, kind
):
    path, out = tmp_path / "s.json", tmp_path / f"points{ENDINGS[kind]}"
    save_session(session, path)
    run("keypoints", "export", collection_path, "--session", path, "--out", out)
    url = f"{URL}/import?format={kind}&author=eve"
    answer = page.post(url, content=out.read_bytes())
    assert (answer.status_code, answer.json()["points"]) == (200, 1)
    (image,) = page.app.state.services.hub.room("disks").state.session.annotation.laid().values()
    (found,) = image.values()
    assert (found.point.x, found.point.y, found.author, found.kind) == (40, 50, "bob", "imported")
