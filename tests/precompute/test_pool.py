"""`precompute.pool`: answers come in order, and a file that kills its worker costs itself alone."""

import os
import sys
import threading
import time

import pytest
from PIL import Image

from index.manifest import SourceInfo
from precompute.decode import Picture, Target, Unusable
from precompute.errors import BuildError
from precompute.pool import Pool
from precompute.tasks import Task

TARGET = Target(16, 16, "stretch", 10**6)


@pytest.fixture
def folder(tmp_path):
    for number in range(8):
        Image.new("RGB", (20 + number, 20)).save(tmp_path / f"{number}.png")
    os.mkfifo(tmp_path / "stuck.png")
    return tmp_path


def tasks(folder, names, timeout_s=20.0):
    source = SourceInfo("folder", str(folder))
    return [Task(source, name, name, TARGET, timeout_s) for name in names]


def widths(found):
    return [answer.width if isinstance(answer, Picture) else answer.reason for answer in found]


def test_answers_come_in_the_order_of_the_tasks(folder):
    names = [f"{number}.png" for number in range(8)]
    with Pool(2) as pool:
        assert widths(pool.map(tasks(folder, names))) == list(range(20, 28))
        assert widths(pool.map(tasks(folder, names[::-1]))) == list(range(27, 19, -1))


def test_a_file_that_hangs_is_rejected_and_the_others_are_not(folder):
    with Pool(1) as pool:
        found = list(pool.map(tasks(folder, ["0.png", "stuck.png", "1.png"], timeout_s=1.5)))
    assert widths(found)[::2] == [20, 21]
    assert found[1] == Unusable("decoding took longer than 1.5 s", may_pass=True)


def test_a_file_that_crashes_the_decoder_is_rejected_and_the_others_are_not(folder):
    with Pool(1) as pool:

        def crash_soon():
            while not pool._workers:
                time.sleep(0.01)
            while len(pool._workers[0].assigned) != 2:  # the first is answered, the pipe is next
                time.sleep(0.01)
            pool._workers[0].process.kill()

        thread = threading.Thread(target=crash_soon)
        thread.start()
        found = list(pool.map(tasks(folder, ["0.png", "stuck.png", "1.png"])))
        thread.join()
    assert widths(found) == [20, "the decoder crashed on it", 21]


def test_a_decoder_that_does_not_start_is_no_fault_of_the_file(folder, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Pool(1) as pool, pytest.raises(BuildError, match="a process that decodes must start"):
        list(pool.map(tasks(folder, ["0.png"])))


def test_a_missing_file_is_an_answer(folder):
    with Pool(1) as pool:
        (found,) = pool.map(tasks(folder, ["none.png"]))
    assert isinstance(found, Unusable)
    assert "cannot be read" in found.reason
    assert found.may_pass
