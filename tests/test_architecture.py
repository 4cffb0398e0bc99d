"""The rules of the architecture that a machine can check."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("avex", "evaluation", "explorer", "index", "precompute", "ui")
LINES_LIMIT = 400
HEAVY = (
    "torch",
    "gradio",
    "fastapi",
    "starlette",
    "faiss",
    "PIL",
    "pydantic",
    "pyarrow",
    "sklearn",
)
LIGHT_MODULES = {
    "avex.__main__": ("torch", "gradio", "fastapi", "faiss", "PIL", "cv2", "numba", "numpy"),
    "explorer.edits": HEAVY,
    "explorer.session_json": HEAVY,
    "explorer.weights": HEAVY,
    "explorer.engine": HEAVY,
    "index.collection": HEAVY,
    "ui.rooms.room": ("torch", "gradio", "fastapi", "starlette", "faiss", "PIL", "cv2"),
}
SOURCES = sorted(
    path
    for folder in (*PACKAGES, "tests")
    for pattern in ("*.py", "*.js")
    for path in (ROOT / folder).rglob(pattern)
)


def test_import_contracts_hold():
    # In a process of its own: import-linter silences every logger that exists already.
    lint = Path(sys.executable).with_name("lint-imports")
    found = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout


def test_no_file_has_more_lines_than_a_person_reads_at_once():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in SOURCES}
    assert {path: n for path, n in lengths.items() if n > LINES_LIMIT} == {}


def test_tests_are_no_packages_that_hide_the_ones_they_test():
    assert [*(ROOT / "tests").rglob("__init__.py")] == []


def test_every_module_says_what_it_is_for():
    modules = [path for path in SOURCES if path.suffix == ".py"]
    mute = [path for path in modules if not path.read_text().lstrip().startswith(('"""', 'r"""'))]
    assert mute == []


@pytest.mark.parametrize("module", LIGHT_MODULES)
def test_light_module_loads_nothing_heavy(module):
    forbidden = LIGHT_MODULES[module]
    program = f"import sys, {module}; print(sorted(set({forbidden}) & set(sys.modules)))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]"
