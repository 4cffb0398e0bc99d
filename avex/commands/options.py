"""Options that several commands have, with the same words in each."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Seed: TypeAlias = Annotated[int, typer.Option(help="Seed of every random choice.")]
Minutes: TypeAlias = Annotated[
    float | None,
    typer.Option(min=0.1, metavar="M", help="How long to look for our clusters, at most."),
]
Negatives: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Unrelated photographs; without, decoys are drawn."),
]
