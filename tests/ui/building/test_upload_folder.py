"""Uploads lie in a folder of the server's own, which does not outlive it for long."""

import fcntl
import os
import tempfile
import time

import pytest

from ui.building.upload_folder import (
    LOCK,
    PREFIX,
    YOUNG_S,
    forget_uploads,
    keep_uploads_private,
    sweep,
)


def folder_of_a_server(parent, name, age_s=2 * YOUNG_S):
    folder = parent / f"{PREFIX}{name}"
    folder.mkdir()
    (folder / "photo.jpg").write_bytes(b"photo")
    (folder / LOCK).touch()
    then = time.time() - age_s
    os.utime(folder, (then, then))
    return folder


def test_uploads_of_a_server_that_was_killed_are_taken_away(tmp_path):
    left = folder_of_a_server(tmp_path, "left")
    sweep(tmp_path)
    assert not left.exists()


def test_uploads_of_a_server_that_runs_stay(tmp_path):
    running = folder_of_a_server(tmp_path, "running")
    with (running / LOCK).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sweep(tmp_path)
    assert (running / "photo.jpg").exists()


def test_a_folder_that_was_just_made_stays_as_it_may_not_be_locked_yet(tmp_path):
    young = folder_of_a_server(tmp_path, "young", age_s=YOUNG_S / 2)
    sweep(tmp_path)
    assert (young / "photo.jpg").exists()


@pytest.mark.parametrize("kind", ["file", "link", "other"])
def test_what_is_no_folder_of_uploads_stays(tmp_path, kind):
    target = tmp_path / "target"
    target.mkdir()
    (target / "kept").touch()
    name = tmp_path / ("mine" if kind == "other" else f"{PREFIX}1")
    match kind:
        case "file":
            name.touch()
        case "link":
            name.symlink_to(target)
        case "other":
            name.mkdir()
    then = time.time() - 2 * YOUNG_S
    os.utime(name, (then, then), follow_symlinks=False)
    sweep(tmp_path)
    assert name.is_symlink() == (kind == "link")
    assert name.exists()
    assert [one.name for one in target.iterdir()] == ["kept"]


def test_the_folder_is_locked_and_nobody_else_may_read_it(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("GRADIO_TEMP_DIR", "")
    monkeypatch.delenv("GRADIO_TEMP_DIR")
    keep_uploads_private()
    (folder,) = tmp_path.iterdir()
    assert os.environ["GRADIO_TEMP_DIR"] == str(folder)
    assert folder.stat().st_mode & 0o077 == 0
    then = time.time() - 2 * YOUNG_S
    os.utime(folder, (then, then))
    sweep(tmp_path)
    assert folder.exists()
    forget_uploads()
    assert not folder.exists()
