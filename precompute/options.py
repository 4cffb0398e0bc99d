"""What a build is asked for, and what it tells while it runs and when it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from index.fitting import Fit
from precompute.errors import BuildError

Size: TypeAlias = tuple[int, int] | Literal["auto"]
ModesKind: TypeAlias = Literal["fast", "exact", "none"]

SIDE_MIN = 16
SIDE_MAX = 1024
FPS_MAX = 50.0
NOTHING_UNRELATED = (
    "exact modes are compared with unrelated photographs, none are given: "
    "add --natural-world DIR, or take --modes fast"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """How photographs become a collection.

    Attributes
    ----------
    size
        (height, width) of every image in pixels, or "auto": the mean size of the photographs,
        rounded to whole cells.
    fit
        What happens to a photograph of another shape: it is stretched, cropped, or padded white.
    longer_side
        Upper limit of the longer side for "auto", in pixels.
    fps
        Frames a second that are taken from a video.
    natural_world
        A folder of unrelated photographs for the statistics; None takes those of the package.
        Exact modes are compared with these photographs, so they need them.
    max_pixels
        Photographs with more pixels are rejected before they are decoded: by default those that
        Pillow takes for an attack. Phones make 108 million.
    file_timeout_s
        A file that takes longer to decode is rejected.
    modes
        Which modes are mined for every spot; "none" leaves that to the explorer brush, when it
        comes there. None is what the collection has, "fast" for a new one. The features stay.
    workers
        Processes that decode; None takes one a core, at most 8.
    rebuild
        Throw the collection away and start afresh.
    """

    size: Size = "auto"
    fit: Fit = "stretch"
    longer_side: int = 256
    fps: float = 2.0
    natural_world: Path | None = None
    max_pixels: int = 178_956_970
    file_timeout_s: float = 30.0
    modes: ModesKind | None = None
    workers: int | None = None
    rebuild: bool = False

    def __post_init__(self) -> None:
        if self.fit not in ("stretch", "crop", "pad"):
            raise BuildError(f"fit must be stretch, crop or pad, got {self.fit!r}")
        sides = (self.longer_side,) if self.size == "auto" else self.size
        if any(not SIDE_MIN <= side <= SIDE_MAX for side in sides):
            raise BuildError(
                f"a side must be {SIDE_MIN} to {SIDE_MAX} pixels, got {self.size_text}"
            )
        if not 0 < self.fps <= FPS_MAX:
            raise BuildError(f"fps must be above 0 and at most {FPS_MAX:g}, got {self.fps}")
        if self.modes not in (None, "fast", "exact", "none"):
            raise BuildError(f"modes must be fast, exact or none, got {self.modes!r}")
        if self.modes == "exact" and self.natural_world is None:
            raise BuildError(NOTHING_UNRELATED)
        if self.workers is not None and self.workers < 1:
            raise BuildError(f"workers must be >= 1, got {self.workers}")

    @property
    def size_text(self) -> str:
        """The size as a person writes it: "auto", or width times height."""
        return (
            f"auto, at most {self.longer_side}"
            if self.size == "auto"
            else (f"{self.size[1]}x{self.size[0]}")
        )

    def content(self) -> dict[str, Any]:
        """Return the options that decide what the features are, as JSON values."""
        return {
            "size": self.size_text,
            "fit": self.fit,
            "fps": self.fps,
            "natural_world": str(self.natural_world.absolute()) if self.natural_world else None,
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a build is.

    Attributes
    ----------
    stage
        What is being done: "scan", "measure", "decode", a feature, "search", "duplicates", "modes".
    done, total
        How many images of how many; for the modes, spots.
    rate
        As many a second of this stage; 0 while unknown.
    seconds_left
        Estimate for decoding and describing all images, then for the search for duplicates, then
        for the modes; None while unknown.
    """

    stage: str
    done: int
    total: int
    rate: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did.

    Attributes
    ----------
    path
        The collection.
    images
        How many images it has now.
    added
        How many of them are new.
    rejected
        (path, reason) of every file that is not in it.
    duplicates
        How many groups of duplicates there are.
    changed, vanished
        Names of images whose file changed or vanished since; their old picture was kept.
    seconds
        How long this build took.
    stages
        Seconds by stage.
    """

    path: Path
    images: int
    added: int
    rejected: tuple[tuple[str, str], ...] = ()
    duplicates: int = 0
    changed: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    seconds: float = 0.0
    stages: Mapping[str, float] = field(default_factory=dict)


OnProgress: TypeAlias = Callable[[Progress], object]
IsCancelled: TypeAlias = Callable[[], bool]
