"""`ui.building.builds`: a build that the page starts, watches and cancels."""

import dataclasses
import threading

import pytest
from starlette.testclient import TestClient

from ui.app import create_server
from ui.build_form import ask_files, ask_folder, resume_cancelled
from ui.building.builds import WAITING_LIMIT, BuildError, Builds, Finished, Progress


class FakeBuild:
    """Reports, waits until it is let go on, reports again, and writes what it was given."""

    def __init__(self):
        self.begun = threading.Event()
        self.let_go = threading.Event()
        self.error = None

    def __call__(self, source, out, *, size, fit, report):
        self.options = (size, fit)
        report(Progress(stage="decode", done=3, total=12))
        self.begun.set()
        assert self.let_go.wait(10)
        if self.error:
            raise self.error
        report(Progress(stage="decode", done=12, total=12))
        out.mkdir()
        files = sorted(source.iterdir()) if source.is_dir() else [source]
        (out / "files.txt").write_text("\n".join(path.name for path in files))


@pytest.fixture
def build():
    return FakeBuild()


@pytest.fixture
def finished():
    return []


@pytest.fixture
def builds(tmp_path, build, finished):
    def finish(path):
        finished.append(path)
        return Finished(collection=path.stem)

    builds = Builds(tmp_path, build, finish)
    builds.start()
    yield builds
    build.let_go.set()
    builds.stop()


def status_when(builds, state):
    """The only build's status as soon as it has that state."""
    for _ in range(1000):
        [status] = builds.list()
        if status.state == state:
            return status
        threading.Event().wait(0.01)
    raise AssertionError(f"the build never was {state}: {status}")


def photos(tmp_path, *names):
    folder = tmp_path / "My photos"
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(name.encode())
    return folder


def test_running_build_says_how_far_it_is(builds, build, tmp_path):
    builds.start_folder(photos(tmp_path, "a.jpg"))
    assert build.begun.wait(10)
    status = status_when(builds, "running")
    assert (status.name, status.stage) == ("my-photos", "decode")
    assert (status.done, status.total) == (3, 12)


def test_finished_build_is_served(builds, build, tmp_path, finished):
    builds.start_folder(photos(tmp_path, "a.jpg"), "Cats")
    build.let_go.set()
    assert status_when(builds, "done").collection == "cats"
    assert finished == [tmp_path / "cats.avex"]


def test_cancelled_build_stops_at_its_next_report(builds, build, tmp_path, finished):
    build_id = builds.start_folder(photos(tmp_path, "a.jpg"))
    assert build.begun.wait(10)
    builds.cancel(build_id)
    build.let_go.set()
    status_when(builds, "cancelled")
    assert finished == []


def cancelled(builds, build, source, **options):
    """The id of a build that was begun and cancelled; the next one will wait again."""
    build_id = builds.start_folder(source, "cats", **options)
    assert build.begun.wait(10)
    builds.cancel(build_id)
    build.let_go.set()
    assert "Resume" in status_when(builds, "cancelled").text
    return build_id


def test_cancelled_build_goes_on_in_its_own_folder(builds, build, tmp_path, finished):
    builds.resume(cancelled(builds, build, photos(tmp_path, "a.jpg")))
    assert status_when(builds, "done").name == "cats"
    assert finished == [tmp_path / "cats.avex"]
    builds.resume(builds.list()[0].id)
    assert len(finished) == 1


def test_cancelled_build_that_is_ordered_again_goes_on(builds, build, tmp_path, finished):
    folder = photos(tmp_path, "a.jpg")
    build_id = cancelled(builds, build, folder)
    assert builds.start_folder(folder, "cats") == build_id
    status_when(builds, "done")
    assert finished == [tmp_path / "cats.avex"]


def test_cancelled_build_that_is_ordered_in_another_way_is_another(builds, build, tmp_path):
    folder = photos(tmp_path, "a.jpg")
    build_id = cancelled(builds, build, folder)
    assert builds.start_folder(folder, "cats", size="64x48") != build_id
    assert [status.name for status in builds.list()] == ["cats", "cats-2"]


def test_failed_build_says_why(builds, build, tmp_path):
    build.error = OSError("the disk is full")
    builds.start_folder(photos(tmp_path, "a.jpg"))
    build.let_go.set()
    assert status_when(builds, "failed").text == "the disk is full"


def test_uploaded_files_of_one_name_are_both_kept(builds, build, tmp_path):
    one, two = photos(tmp_path, "a.jpg") / "a.jpg", tmp_path / "a.jpg"
    two.write_bytes(b"two")
    builds.start_files([one, two], "Upload")
    build.let_go.set()
    status_when(builds, "done")
    kept = sorted(path.name for path in (tmp_path / "upload.photos").iterdir())
    assert kept == ["a-2.jpg", "a.jpg"]


def test_single_zip_is_the_source_itself(builds, build, tmp_path):
    builds.start_files([photos(tmp_path, "shoes.zip") / "shoes.zip"])
    build.let_go.set()
    status_when(builds, "done")
    assert (tmp_path / "shoes.avex" / "files.txt").read_text() == "shoes.zip"


def test_two_builds_of_one_name_are_two_collections(builds, build, tmp_path):
    folder = photos(tmp_path, "a.jpg")
    for _ in range(2):
        builds.start_folder(folder, "cats")
    assert [status.name for status in builds.list()] == ["cats", "cats-2"]
    build.let_go.set()


def test_build_that_cannot_start_is_refused(builds, tmp_path):
    with pytest.raises(BuildError, match="No such file"):
        builds.start_folder(tmp_path / "nothing")
    with pytest.raises(BuildError, match="auto or WxH"):
        builds.start_folder(tmp_path, size="64 by 48")
    with pytest.raises(BuildError, match="at least one file"):
        builds.start_files([])
    with pytest.raises(BuildError, match="cannot build"):
        Builds(tmp_path, None, str).start_folder(tmp_path)
    for _ in range(WAITING_LIMIT):
        builds.start_folder(tmp_path)
    with pytest.raises(BuildError, match="may wait"):
        builds.start_folder(tmp_path)


@pytest.mark.parametrize("nothing", ["", "  "])
def test_empty_path_is_not_the_folder_that_the_server_runs_in(builds, nothing):
    with pytest.raises(BuildError, match="type its path"):
        builds.start_folder(nothing)
    assert builds.list() == ()


@pytest.mark.parametrize("path", ["x" * 5000, "a\0b", "~nobody-of-this-name/photos"])
def test_path_that_no_file_can_have_is_refused_like_a_missing_one(builds, path):
    with pytest.raises(BuildError, match="is none"):
        builds.start_folder(path)


def test_name_that_is_none_is_refused(builds, tmp_path):
    with pytest.raises(BuildError, match="a letter or a digit"):
        builds.start_folder(tmp_path, "/..")
    with pytest.raises(BuildError, match="at most 80"):
        builds.start_folder(tmp_path, "x" * 81)


@pytest.fixture
def client(settings, parts, build):
    build.let_go.set()
    app = create_server(settings, dataclasses.replace(parts, build=build))
    with TestClient(app, base_url="http://127.0.0.1:7860") as client:
        yield client


def test_upload_becomes_a_collection_of_the_running_server(client):
    files = [("files", ("../../a.jpg", b"one")), ("files", ("a.jpg", b"two"))]
    assert client.post("/api/builds", files=files, data={"name": "Hats"}).status_code == 200
    status = status_when(client.app.state.services.builds, "done")
    assert (status.collection, status.images) == ("hats", 6)
    assert status.rejected == (("x", "empty"),)
    assert client.get("/api/builds").json()[0]["state"] == "done"
    assert "hats" in client.get("/healthz").json()["collections"]
    folder = client.app.state.services.settings.builds_folder
    assert (folder / "hats.avex" / "files.txt").read_text() == "a-2.jpg\na.jpg"


def test_folder_of_this_machine_is_built_as_asked(client, tmp_path, build):
    order = {"folder": str(photos(tmp_path, "a.jpg")), "size": "64x48", "fit": "crop"}
    assert client.post("/api/builds", json=order).status_code == 200
    status_when(client.app.state.services.builds, "done")
    assert build.options == ("64x48", "crop")


def test_empty_path_is_refused_over_http(client):
    answer = client.post("/api/builds", json={"folder": ""})
    assert answer.status_code == 409
    assert "type its path" in answer.json()["error"]
    assert client.get("/api/builds").json() == []


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '{"folder": 3}', '{"folder": "/nothing"}', '{"folder": "/", "size": "big"}'],
)
def test_order_that_cannot_be_carried_out_is_answered_with_a_sentence(client, content):
    headers = {"content-type": "application/json"}
    answer = client.post("/api/builds", content=content, headers=headers)
    assert answer.status_code == 409
    assert "must be" in answer.json()["error"] or "needs" in answer.json()["error"]


def test_form_is_told_what_is_wrong_and_nothing_if_all_is_well(client, tmp_path):
    services = client.app.state.services
    assert "'/nothing' is none" in ask_folder(services, "/nothing", "", "auto", "stretch")
    assert "auto or WxH" in ask_folder(services, str(tmp_path), "", "0x0", "stretch")
    assert "at least one file" in ask_files(services, None, "", "auto", "stretch")
    assert services.builds.list() == ()
    assert ask_folder(services, str(tmp_path), "", "auto", "stretch") == ""
    assert len(services.builds.list()) == 1


def test_form_resumes_what_was_cancelled(client, tmp_path, build):
    services = client.app.state.services
    build.let_go.clear()
    assert ask_folder(services, str(photos(tmp_path, "a.jpg")), "", "auto", "stretch") == ""
    assert build.begun.wait(10)
    services.builds.cancel(services.builds.list()[0].id)
    build.let_go.set()
    status_when(services.builds, "cancelled")
    assert resume_cancelled(services) == ""
    assert status_when(services.builds, "done").collection == "my-photos"


def test_folder_is_refused_where_others_can_reach_the_server(settings, parts, build, tmp_path):
    token = "a-token-of-the-owner-of-it-all"  # noqa: S105 - of this test alone
    open_to_all = dataclasses.replace(settings, host="0.0.0.0", token=token)  # noqa: S104
    app = create_server(open_to_all, dataclasses.replace(parts, build=build))
    headers = {"authorization": f"Bearer {token}"}
    with TestClient(app, base_url="http://127.0.0.1:7860", headers=headers) as client:
        answer = client.post("/api/builds", json={"folder": str(tmp_path)})
    assert answer.status_code == 409
    assert "upload" in answer.json()["error"]


def test_upload_that_is_too_large_is_refused(settings, parts, build):
    small = dataclasses.replace(settings, upload_limit=10)
    app = create_server(small, dataclasses.replace(parts, build=build))
    with TestClient(app, base_url="http://127.0.0.1:7860") as client:
        answer = client.post("/api/builds", files=[("files", ("a.jpg", b"one"))])
    assert answer.status_code == 413
