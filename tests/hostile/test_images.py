"""Hostile images: each costs itself alone, with a reason, in bounded time and memory."""

import io
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from index.manifest import SourceInfo
from precompute.decode import Picture, Target, Unusable, decode
from precompute.pool import Pool
from precompute.tasks import Task
from precompute.worker import MEMORY_MAX
from tests.hostile.pictures import (
    BROKEN,
    NO_PHOTOGRAPHS,
    gif_of_frames,
    jpeg_of_scans,
    picture,
    png,
    png_bomb,
    png_chunk,
    saved,
    tiff_in_a_circle,
)

TARGET = Target(48, 64, "stretch", 178_956_970)


@pytest.fixture(scope="module")
def pool():
    with Pool(1) as pool:
        yield pool


@pytest.fixture
def decoded(pool, tmp_path):
    """Decode a file between two honest ones, which have to come out, by the same process."""

    def run(content, name, *, target=TARGET, timeout_s=20.0):
        (tmp_path / "honest.png").write_bytes(saved(picture()))
        (tmp_path / name).write_bytes(content)
        source = SourceInfo("folder", str(tmp_path))
        names = ["honest.png", name, "honest.png"]
        tasks = [Task(source, one, one, target, timeout_s) for one in names]
        before, found, after = pool.map(tasks)
        assert isinstance(before, Picture)
        assert isinstance(after, Picture)
        return found

    return run


def pid(pool):
    return pool._workers[0].process.pid


@pytest.mark.parametrize("case", NO_PHOTOGRAPHS)
def test_what_is_no_photograph_is_named_by_its_content(case):
    content, name, reason = NO_PHOTOGRAPHS[case]
    found = decode(content, name, TARGET)
    assert isinstance(found, Unusable)
    assert reason in found.reason


@pytest.mark.parametrize("case", BROKEN)
def test_broken_image_costs_itself_alone(case, decoded, pool):
    make, name = BROKEN[case]
    decoded(saved(picture()), "first.png")  # so that there is a process
    process = pid(pool)
    found = decoded(make(), name)
    assert isinstance(found, Picture | Unusable)
    assert pid(pool) == process, "it took its process with it"


def test_pixels_that_no_memory_holds_are_refused_before_they_are_decoded(decoded):
    found = decoded(png_bomb(30_000, 20), "a.png", target=Target(48, 64, "stretch", 500_000))
    assert re.search("bomb: 30000 x 20 pixels, at most 500000", found.reason)


CONFINED = """
import sys
from pathlib import Path
from precompute.decode import Target, decode
from precompute.worker import confine
confine(64 << 20)
for name in sys.argv[1:]:
    print(decode(Path(name).read_bytes(), name, Target(48, 64, "stretch", 10**9)))
"""


def test_image_that_needs_too_much_memory_is_refused_by_the_process_itself(tmp_path):
    (tmp_path / "large.png").write_bytes(png(6000, 6000, png_chunk(b"IDAT", b"x")))  # 144 MB
    (tmp_path / "honest.png").write_bytes(saved(picture()))
    told = subprocess.run(
        [sys.executable, "-c", CONFINED, *map(str, tmp_path.glob("*.png"))],
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    large = "Unusable(reason='decoding it needs more memory than a file may take', may_pass=True)"
    assert large in told
    assert any(line.startswith("Picture(height=60, width=80") for line in told)


def test_process_can_take_so_much_memory_and_write_no_file(pool, decoded):
    decoded(saved(picture()), "first.png")
    with open(f"/proc/{pid(pool)}/limits") as file:  # noqa: PTH123 - no file of ours
        limits = dict(re.findall(r"^(Max [a-z ]+?)  +(\S+)", file.read(), re.MULTILINE))
    assert MEMORY_MAX < int(limits["Max address space"]) < 2 * MEMORY_MAX
    assert limits["Max file size"] == "0"
    assert limits["Max core file size"] == "0"


def test_too_many_frames_are_counted_in_bounded_time(decoded):
    begun = time.monotonic()
    found = decoded(gif_of_frames(2_000_000), "a.gif", timeout_s=2)
    assert "frames" in found.reason or "longer than 2 s" in found.reason
    assert time.monotonic() - begun < 30


def test_pages_in_a_circle_end(decoded):
    assert isinstance(decoded(tiff_in_a_circle(), "a.tif"), Picture | Unusable)


def test_scans_without_end_end(decoded):
    found = decoded(jpeg_of_scans(3000), "a.jpg", timeout_s=3)
    assert isinstance(found, Picture | Unusable)


def test_honest_phone_picture_of_100_megapixels_is_taken(decoded):
    found = decoded(saved(Image.new("RGB", (11_600, 8700), "red"), "JPEG"), "a.jpg", timeout_s=60)
    assert (found.height, found.width) == (8700, 11_600)


def test_name_decides_nothing_about_how_a_file_is_read():
    assert "content is GIF" in decode(gif_of_frames(1), "a.jpg", TARGET).reason
    assert isinstance(decode(saved(picture()), "a.png", TARGET), Picture)
    file = io.BytesIO()
    picture().save(file, "EPS")
    assert "PostScript" in decode(file.getvalue(), "a.png", TARGET).reason


def test_process_does_not_know_the_secrets_of_its_parent(monkeypatch, tmp_path):
    monkeypatch.setenv("AVEX_TOKEN", "a secret")
    (tmp_path / "a.png").write_bytes(saved(picture()))
    with Pool(1) as pool:
        list(pool.map([Task(SourceInfo("folder", str(tmp_path)), "a.png", "a.png", TARGET, 20.0)]))
        environment = Path(f"/proc/{pid(pool)}/environ").read_bytes()
    assert b"PATH=" in environment
    assert b"AVEX_TOKEN" not in environment
