"""A build that is stopped at any moment is resumed, and what is finished is not done again."""

import signal
import subprocess
import sys

import pytest

from index.collection import open_collection
from index.errors import CollectionError
from index.schema import SHARDS
from precompute import ingest
from precompute.errors import BuildCancelled

PROGRAM = """
import sys
from precompute import ingest
from precompute.build import build
from precompute.options import BuildOptions

ingest.SHARD_IMAGES, ingest.COMMIT = 5, 2
tell = lambda told: print(told.stage, told.done, flush=True)
build(sys.argv[1], sys.argv[2], BuildOptions(size=(48, 64), workers=1), on_progress=tell)
"""


@pytest.fixture(autouse=True)
def small_shards(monkeypatch):
    monkeypatch.setattr(ingest, "SHARD_IMAGES", 5)
    monkeypatch.setattr(ingest, "COMMIT", 2)


def shard_bytes(collection):
    files = sorted((collection / SHARDS).rglob("*"))
    return {
        str(path.relative_to(collection)): path.read_bytes() for path in files if path.is_file()
    }


def stop_after(count):
    """Return an `is_cancelled` that lets `count` steps pass."""
    left = iter(range(count))
    return lambda: next(left, None) is None


def run_until(line, photos, out):
    """Start a build in a process of its own; return it when it has printed `line`."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(photos), str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": ":".join(filter(None, sys.path)), "PATH": "/usr/bin:/bin"},
    )
    for printed in process.stdout:
        if printed.strip() == line:
            return process
    raise AssertionError(process.stderr.read())


def test_a_build_stopped_at_every_step_ends_like_one_that_was_not(photos, build_small):
    (photos / "broken.jpg").write_bytes(b"broken")
    straight = build_small(photos, "straight.avex")
    stops = 0
    while True:
        try:
            resumed = build_small(photos, "c.avex", is_cancelled=stop_after(3))
        except BuildCancelled:
            stops += 1
        else:
            break
    assert stops > 10
    assert shard_bytes(resumed.path) == shard_bytes(straight.path)
    assert resumed.rejected == straight.rejected


def test_what_is_decoded_is_not_decoded_again(photos, build_small, progress):
    with pytest.raises(BuildCancelled, match="run the same command again"):
        build_small(
            photos,
            is_cancelled=lambda: bool(progress) and progress[-1].done == 7,
            on_progress=progress.append,
        )
    again = []
    build_small(photos, on_progress=again.append)
    assert max(told.total for told in again if told.stage == "decode") == 12 - 9


def test_an_unfinished_collection_says_how_to_go_on(photos, build_small, tmp_path):
    with pytest.raises(BuildCancelled):
        build_small(photos, is_cancelled=stop_after(5))
    with pytest.raises(CollectionError, match="run the same `avex build` again"):
        open_collection(tmp_path / "c.avex")


def test_a_collection_stays_open_while_a_build_of_more_is_stopped(photos, build_small, grow):
    path = build_small(photos).path
    grow(photos, 9)
    with pytest.raises(BuildCancelled):
        build_small(photos, is_cancelled=stop_after(8))
    assert open_collection(path).size == 12
    assert build_small(photos).images == 21


@pytest.mark.parametrize("moment", ["decode 4", "hog 0", "search 0"])
def test_a_killed_build_is_resumed(photos, build_small, tmp_path, moment):
    straight = build_small(photos, "straight.avex")
    process = run_until(moment, photos, tmp_path / "c.avex")
    process.kill()
    process.communicate()
    resumed = build_small(photos, "c.avex")
    assert shard_bytes(resumed.path) == shard_bytes(straight.path)


def test_an_interrupt_says_that_the_same_command_resumes(photos, build_small, tmp_path):
    process = run_until("decode 4", photos, tmp_path / "c.avex")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert "BuildCancelled: the build was stopped: run the same command again" in errors
    assert build_small(photos, "c.avex").images == 12


def test_half_a_line_of_the_journal_does_not_count(photos, build_small, tmp_path):
    with pytest.raises(BuildCancelled):
        build_small(photos, is_cancelled=stop_after(3))
    (shard,) = (tmp_path / "c.avex" / SHARDS).iterdir()
    with (shard / "journal.jsonl").open("a") as journal, (shard / "pixels.raw").open("a") as raw:
        journal.write('{"name": "half')
        raw.write("half a picture")
    straight = build_small(photos, "straight.avex")
    assert shard_bytes(build_small(photos).path) == shard_bytes(straight.path)
