"""The wheel, in an empty environment, builds, replays and serves outside the project."""

import json
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

from avex.sessions import save_session

ROOT = Path(__file__).parent.parent.parent
CONSTRAINTS = ROOT / ".ci" / "constraints.txt"
NEEDED = (
    "avex/__main__.py",
    "evaluation/bench/__init__.py",
    "explorer/engine.py",
    "index/schema.py",
    "precompute/natural_world.safetensors",
    "ui/static/main.js",
    "ui/static/explorer.css",
)
ANSWER_S = 60

pytestmark = [pytest.mark.slow, pytest.mark.wheel]


def run(*words, folder):
    done = subprocess.run(
        [str(word) for word in words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, folder=ROOT)
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def programs(wheel, tmp_path_factory):
    """The programs of an environment in which the wheel is installed, and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder, folder=folder)
    pip = (folder / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check", "-q")
    run(*pip, "--constraint", CONSTRAINTS, wheel, folder=folder)
    yield folder / "bin"
    shutil.rmtree(folder)  # two gigabytes


def test_wheel_holds_every_package_with_its_files(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert [name for name in NEEDED if name not in names] == []
    assert [name for name in names if name.startswith("tests/")] == []


def test_installed_command_builds_and_replays(programs, photos, red_session, tmp_path):
    run(programs / "avex", "build", photos, "--out", "disks.avex", folder=tmp_path)
    told = json.loads(run(programs / "avex", "info", "disks.avex", "--json", folder=tmp_path))
    assert (told["images"], told["rejected"]) == (24, [])
    save_session(red_session, tmp_path / "s.json")
    run(programs / "avex", "replay", "disks.avex", "s.json", "--out", "r", folder=tmp_path)
    best = (tmp_path / "r" / "ranking-main.csv").read_text().splitlines()[1]
    assert best.startswith("1,red")


def test_installed_command_serves_the_page(programs, collection_path, tmp_path):
    command = [str(programs / "avex"), "serve", str(collection_path), "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as server:
        try:
            address = next(line.strip() for line in server.stdout if line.startswith("http"))
            assert json.loads(answer(f"{address}/healthz"))["collections"] == ["disks"]
            assert b"<html" in answer(f"{address}/").lower()
            assert b"import" in answer(f"{address}/static/main.js")
        finally:
            server.send_signal(signal.SIGINT)
            assert server.wait(timeout=ANSWER_S) in (0, 130)


def answer(url):
    """Return what a server answers, as soon as it does."""
    until = time.monotonic() + ANSWER_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=ANSWER_S) as response:  # noqa: S310
                return response.read()
        except ConnectionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
