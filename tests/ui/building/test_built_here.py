"""`ui.building.built_here`: what a page built is served again after a restart, nothing else is."""

import dataclasses
import json

import pytest
from starlette.testclient import TestClient

from index.errors import CollectionError
from ui.app import create_server
from ui.building.built_here import BUILT_HERE, remember, remembered


def made(folder, name):
    """A folder that looks like a finished collection."""
    path = folder / name
    path.mkdir()
    (path / "manifest.json").write_text("{}")
    return path


def test_only_finished_collections_that_were_built_here_are_remembered(tmp_path):
    made(tmp_path, "unrelated.avex")
    hats, shoes = made(tmp_path, "hats.avex"), made(tmp_path, "shoes.avex")
    for path in (hats, shoes, hats, tmp_path / "deleted.avex"):
        remember(path)
    assert remembered(tmp_path) == (hats, shoes)
    assert remembered(tmp_path, [tmp_path / "." / "hats.avex"]) == (shoes,)


def test_folder_without_builds_remembers_nothing(tmp_path):
    made(tmp_path, "unrelated.avex")
    assert remembered(tmp_path) == ()
    assert remembered(tmp_path / "nowhere") == ()


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '{"collections": [3]}', '{"collections": ["../hats.avex", "hats", ".."]}'],
)
def test_damaged_list_leads_nowhere(tmp_path, content):
    folder = tmp_path / "builds"
    folder.mkdir()
    made(tmp_path, "hats.avex")
    made(folder, "hats")
    (folder / BUILT_HERE).write_text(content)
    assert remembered(folder) == ()


def test_list_that_cannot_be_written_does_not_end_the_build(tmp_path, caplog):
    remember(tmp_path / "nowhere" / "hats.avex")
    assert "will not be served after a restart" in caplog.text


def build(source, out, *, size, fit, report):
    made(out.parent, out.name)


def served(settings, parts, *, order=None):
    """The names that a server serves, after a build if one is ordered."""
    app = create_server(settings, dataclasses.replace(parts, build=build))
    with TestClient(app, base_url="http://127.0.0.1:7860") as client:
        if order:
            client.post("/api/builds", json=order)
            while client.get("/api/builds").json()[0]["state"] in ("waiting", "running"):
                pass
        return client.get("/healthz").json()["collections"]


def test_collection_built_from_the_page_is_there_after_a_restart(settings, parts, tmp_path):
    order = {"folder": str(tmp_path), "name": "Hats"}
    assert served(settings, parts, order=order) == ["shoes", "hats"]
    assert served(settings, parts) == ["shoes", "hats"]
    named = dataclasses.replace(settings, collections=(tmp_path / "hats.avex",))
    assert served(named, parts) == ["hats"]


def test_remembered_collection_that_is_damaged_does_not_stop_the_server(settings, parts, tmp_path):
    def open_library(path):
        if path.stem == "hats":
            raise CollectionError("hats is damaged")
        return parts.open_library(path)

    made(tmp_path, "hats.avex")
    (tmp_path / BUILT_HERE).write_text(json.dumps({"collections": ["hats.avex"]}))
    assert served(settings, dataclasses.replace(parts, open_library=open_library)) == ["shoes"]
