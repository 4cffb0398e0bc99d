"""What evaluations of our clusters are told alike: where these come from, and whom to tell."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from explorer.session import Session

Show: TypeAlias = Callable[[str, int, int], None]
"""Is told the stage, and how many of how many steps of it are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How our clusters are found, and what those of other methods are made against.

    Attributes
    ----------
    seed
        Of every random choice.
    session
        Our clusters; None lets the automatic explorer find them.
    minutes
        After how long it begins no further cluster; None lets it end.
    negatives
        A folder of unrelated photographs for the sub-categories; None draws decoys.
    """

    seed: int = 0
    session: Session | None = None
    minutes: float | None = None
    negatives: Path | None = None
