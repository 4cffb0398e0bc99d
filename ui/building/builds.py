"""The builds that the page has started: one runs, the others wait their turn.

How a collection is built is not known here: `build` is passed in, and reports what it has done.
"""

import dataclasses
import logging
import queue
import re
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from ui.building.uploads import (
    USUAL,
    FreeNames,
    UploadError,
    UploadLimits,
    check_room,
    check_upload,
    kept_name,
)
from ui.library import url_name

WAITING_LIMIT = 8
NAME_LIMIT = 80
SHOWN_LIMIT = 200
CANCELLED = "cancelled: press Resume, and it goes on from here"

_logger = logging.getLogger(__name__)


class BuildError(ValueError):
    """A build cannot be started as asked."""


class CancelledBuild(Exception):  # noqa: N818
    """Raised by `report` in a build that is no longer wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a build is: `done` of `total` (None: not known yet) in the stage of that name."""

    stage: str
    done: int = 0
    total: int | None = None


Report: TypeAlias = Callable[[Progress], None]
State: TypeAlias = Literal["waiting", "running", "done", "failed", "cancelled"]


Fit: TypeAlias = Literal["stretch", "crop", "pad"]


class Build(Protocol):
    """Builds a collection; may be interrupted by any exception out of `report`, and resumed."""

    def __call__(self, source: Path, out: Path, *, size: str, fit: Fit, report: Report) -> None:
        """Build `out` from `source`, and call `report` at least once a second.

        Parameters
        ----------
        source
            A folder, zip, video or table.
        out
            The folder of the collection.
        size
            "auto" or "WxH", in pixels.
        fit
            How a picture of another shape is made to fit.
        report
            Takes how far the build is; raises what ends it when it is no longer wanted.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A collection that was built: the name it is served under, and (path, reason) of rejects."""

    collection: str
    images: int = 0
    rejected: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildStatus:
    """What a page shows of a build; rate in images (or the stage's steps) a second.

    `collection` is the name under which a finished one is served, `images` is how many it has,
    `rejected` are the files that could not be used, each with its reason.
    """

    id: str
    name: str
    state: State
    stage: str = ""
    done: int = 0
    total: int | None = None
    rate: float | None = None
    seconds_left: float | None = None
    text: str = ""
    collection: str = ""
    images: int = 0
    rejected: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Order:
    id: str
    source: Path
    name: str
    out: Path
    size: str
    fit: Fit


class Builds:
    """The builds of a running server, in a thread of their own.

    Parameters
    ----------
    folder
        Where collections, and the photographs that were uploaded for them, are kept.
    build
        How a collection is built; None if this server cannot.
    finished
        Called in the build's thread with the folder of each collection that is done: serves it.
    limits
        How much one upload may be.
    """

    def __init__(
        self,
        folder: Path,
        build: Build | None,
        finished: Callable[[Path], Finished],
        limits: UploadLimits = USUAL,
    ) -> None:
        self._limits = limits
        self.can_build = build is not None
        self._folder = folder
        self._build = build
        self._finished = finished
        self._statuses: dict[str, BuildStatus] = {}
        self._ordered: dict[str, _Order] = {}
        self._unwanted: set[str] = set()
        self._orders: queue.Queue[_Order | None] = queue.Queue()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="builds", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Cancel everything; what was built so far can be resumed by another build."""
        for status in self.list():
            self.cancel(status.id)
        self._orders.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def list(self) -> tuple[BuildStatus, ...]:
        """Return the builds of this server, the oldest first."""
        with self._lock:
            return tuple(self._statuses.values())

    def start_folder(
        self, source: str | Path, name: str = "", *, size: str = "auto", fit: Fit = "stretch"
    ) -> str:
        """Start a build from a folder, zip, video or table on this machine; return its id.

        A build that was cancelled or has failed goes on if it is ordered again as it was.

        Raises
        ------
        BuildError
            If this server cannot build, no source is named or there is none of that name, the name
            or the size is none, or too many builds wait.
        """
        path = _existing(source).absolute()
        self._check(name, size)
        named = name.strip() or path.stem[:NAME_LIMIT]
        again = self._interrupted(path, named, size, fit)
        if again is not None:
            return self._enqueue(again)
        return self._order(path, named, self._free(named), size=size, fit=fit)

    def start_files(
        self,
        files: Sequence[Path],
        name: str = "",
        *,
        size: str = "auto",
        fit: Fit = "stretch",
    ) -> str:
        """Start a build from uploaded files, which are moved beside the collection; return its id.

        Parameters
        ----------
        files
            Where the uploaded files lie now. A single zip or video is the source by itself, by
            its content. A table is refused: it names files of the server.
        name
            What to call the collection; "" takes the first file's name.

        Raises
        ------
        BuildError
            If this server cannot build, the files are none that it takes, the name or the size is
            none, too many builds wait, or the files cannot be kept.
        """
        kind = self._checked(files)
        self._check(name, size)
        first = files[0]
        out = self._free(name.strip() or first.stem[:NAME_LIMIT])
        kept = out.with_name(out.name.removesuffix(".avex") + ".photos")
        try:
            taken = _moved(files, kept)
            source = _as_source(kept / min(taken), kind) if kind else kept
        except OSError as error:
            raise BuildError(f"the upload cannot be kept in {kept}: {error}") from error
        return self._order(source, out.stem, out, size=size, fit=fit)

    def resume(self, build_id: str) -> None:
        """Go on with a build that was cancelled or has failed; any other stays as it is.

        Raises
        ------
        BuildError
            If too many builds wait.
        """
        order = self._ordered.get(build_id)
        if order is not None and self._statuses[build_id].state in ("cancelled", "failed"):
            self._check("", order.size)
            self._enqueue(order)

    def cancel(self, build_id: str) -> None:
        """Make a build stop at its next report; one that is over stays as it is."""
        with self._lock:
            self._unwanted.add(build_id)

    def _checked(self, files: Sequence[Path]) -> str:
        try:
            check_room(self._folder, 0)
            return check_upload(files, self._limits)
        except UploadError as error:
            raise BuildError(str(error)) from error

    def _check(self, name: str, size: str) -> None:
        if not self.can_build:
            raise BuildError("this server cannot build: start it with `avex serve`")
        if len(name) > NAME_LIMIT:
            raise BuildError(f"a name must have at most {NAME_LIMIT} characters, got {len(name)}")
        if name.strip() and not any(character.isalnum() for character in name):
            raise BuildError(f"a name must have a letter or a digit, got {name!r}")
        if size != "auto" and not re.fullmatch(r"[1-9]\d{0,3}x[1-9]\d{0,3}", size):
            raise BuildError(f"the size must be auto or WxH, such as 256x192, got {size[:20]!r}")
        if sum(status.state in ("waiting", "running") for status in self.list()) >= WAITING_LIMIT:
            raise BuildError(f"at most {WAITING_LIMIT} builds may wait: try again later")

    def _interrupted(self, source: Path, name: str, size: str, fit: Fit) -> _Order | None:
        for status in reversed(self.list()):
            order = self._ordered[status.id]
            asked = (source, name, size, fit)
            if (order.source, order.name, order.size, order.fit) == asked:
                return order if status.state in ("cancelled", "failed") else None
        return None

    def _order(self, source: Path, name: str, out: Path, *, size: str, fit: Fit) -> str:
        return self._enqueue(_Order(uuid.uuid4().hex[:12], source, name, out, size, fit))

    def _enqueue(self, order: _Order) -> str:
        status = BuildStatus(id=order.id, name=order.out.stem, state="waiting")
        with self._lock:
            self._unwanted.discard(order.id)
            self._ordered[order.id] = order
            self._statuses[order.id] = status
        self._orders.put(order)
        return order.id

    def _free(self, name: str) -> Path:
        taken = {path.name.removesuffix(".avex") for path in self._folder.glob("*.avex")}
        taken |= {status.name for status in self.list()}
        return self._folder / f"{url_name(name, taken)}.avex"

    def _run(self) -> None:
        build = self._build
        while build is not None and (order := self._orders.get()) is not None:
            try:
                report = partial(self._report, order.id, {})
                report(Progress(stage="start"))
                build(order.source, order.out, size=order.size, fit=order.fit, report=report)
                finished = self._finished(order.out)
            except CancelledBuild:
                self._change(order.id, state="cancelled", text=CANCELLED)
            except Exception as error:
                _logger.exception("the build of %s failed", order.out)
                self._change(order.id, state="failed", text=str(error))
            else:
                self._change(order.id, state="done", seconds_left=0.0, **asdict(finished))

    def _report(self, build_id: str, started: dict[str, float], progress: Progress) -> None:
        if build_id in self._unwanted:
            raise CancelledBuild
        now = time.monotonic()
        elapsed = now - started.setdefault(progress.stage, now)
        rate = progress.done / elapsed if elapsed > 0 and progress.done else None
        left = (progress.total - progress.done) / rate if rate and progress.total else None
        self._change(
            build_id,
            state="running",
            stage=progress.stage,
            done=progress.done,
            total=progress.total,
            rate=rate,
            seconds_left=left,
        )

    def _change(self, build_id: str, **fields: object) -> None:
        with self._lock:
            status = self._statuses[build_id]
            self._statuses[build_id] = dataclasses.replace(status, **fields)  # type: ignore[arg-type]


def _as_source(path: Path, kind: str) -> Path:
    """Let a source be called what it is, as a build goes by its name."""
    return path.rename(path.with_name(kept_name(path.name, kind)))


def _moved(files: Sequence[Path], folder: Path) -> set[str]:
    folder.mkdir(parents=True, exist_ok=True)
    names = FreeNames()
    for path in files:
        shutil.move(path, folder / names.take(path.name))
    return names.taken


def _existing(source: str | Path) -> Path:
    """Return the path as typed by a person; "" would be the folder that the server runs in."""
    text = str(source).strip()
    if not text:
        raise BuildError("a build needs a folder, zip, video or table: type its path")
    try:
        path = Path(text).expanduser()
        path.stat()
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BuildError(
            f"a build needs a folder, zip, video or table, {text[:SHOWN_LIMIT]!r} is none: {reason}"
        ) from error
    return path
