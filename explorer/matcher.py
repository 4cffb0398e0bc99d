"""How well each image answers one edit, from memory where it was asked before."""

import dataclasses
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import TypeAlias

from explorer.arrays import BoolArray, ByteArray
from explorer.brushes import CELL, covered_cells
from explorer.color import IncrementalColorMatch, agreement_planes, match_color
from explorer.edits import ColorStroke, LikeImage, ModePick, Rgb, SketchStroke
from explorer.errors import EditError
from explorer.examples import match_like, match_pick
from explorer.matching import Candidates, Match
from explorer.recent import Recent
from explorer.sketch import match_sketch
from explorer.view import View

MATCHES_KEPT = 128
CANDIDATES_KEPT = 64
COLORS_KEPT = 8

SingleEdit: TypeAlias = ColorStroke | SketchStroke | ModePick | LikeImage
"""An edit that is matched by itself."""
PlacedEdit: TypeAlias = ColorStroke | SketchStroke | ModePick
"""An edit that is found at a place in each image."""


class Matcher:
    """Matches edits with one collection, and keeps what it has matched. For one thread at a time.

    Scores are sums over edits, so an edit is matched once; toggling it, or changing its strength,
    only adds up again.

    Parameters
    ----------
    view
        The collection.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._grid = (view.height // CELL, view.width // CELL)
        self._matches = Recent[Match](MATCHES_KEPT)
        self._candidates = Recent[Candidates](CANDIDATES_KEPT)
        self._planes = Recent[Sequence[ByteArray]](COLORS_KEPT)
        self._growing: tuple[Rgb, IncrementalColorMatch] | None = None

    def match(self, edit: SingleEdit) -> Match | None:
        """Return how well each image answers an edit, near its place.

        Returns
        -------
        Match or None
            None if a stroke lies beside the canvas, or the collection lacks an example's image.
        """
        key = match_key(edit)
        match = self._matches.known(key)
        if match is None:
            match = self._match_anew(edit)
            if match is not None:
                self._matches.put(key, match)
        return match

    def match_live(self, edit: SingleEdit) -> Match | None:
        """Match an edit in progress; a stroke grows, so it is not kept, and new cells are added."""
        if isinstance(edit, ModePick | LikeImage):
            return self.match(edit)
        try:
            if isinstance(edit, SketchStroke):
                return match_sketch(self._view, edit, is_live=True)
            cells = self._cells(edit)
        except EditError:
            return None
        if self._growing is None or self._growing[0] != edit.color:
            planes = self._planes_of(edit.color)
            growing = IncrementalColorMatch(planes, self._view.height, self._view.width)
            self._growing = (edit.color, growing)
        return self._growing[1].update(cells)

    def candidates(self, edit: PlacedEdit, match: Match, *, is_mirrored: bool) -> Candidates:
        """Return the best places of an edit in every image; `match` is what it gave."""
        from explorer.candidates import find_candidates

        find = partial(find_candidates, self._view, edit, match, is_mirrored=is_mirrored)
        return self._candidates.get((match_key(edit), is_mirrored), find)

    def _match_anew(self, edit: SingleEdit) -> Match | None:
        matchers: dict[type, Callable[..., Match | None]] = {
            SketchStroke: match_sketch,
            ModePick: match_pick,
            LikeImage: match_like,
            ColorStroke: self._match_color,
        }
        try:
            return matchers[type(edit)](self._view, edit)
        except EditError:
            return None

    def _match_color(self, view: View, stroke: ColorStroke) -> Match:
        cells = self._cells(stroke)
        return match_color(self._planes_of(stroke.color), cells, view.height, view.width)

    def _cells(self, stroke: ColorStroke) -> BoolArray:
        height, width = self._view.height, self._view.width
        return covered_cells(stroke.paths, stroke.radius, self._grid, height, width)

    def _planes_of(self, color: Rgb) -> Sequence[ByteArray]:
        shards = self._view.shards("color")
        return self._planes.get(color, lambda: agreement_planes(shards, color))


def match_key(edit: SingleEdit) -> Hashable:
    """Return what the match of an edit depends on: the edit without its id, strength and switch."""
    return dataclasses.replace(edit, id="key", strength=1.0, enabled=True)
