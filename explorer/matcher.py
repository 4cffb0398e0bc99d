"""How well each image answers one edit, from memory where it was asked before."""

import dataclasses
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import TypeAlias, TypeVar

from explorer.arrays import BoolArray, ByteArray
from explorer.brushes import CELL, covered_cells
from explorer.color import IncrementalColorMatch, agreement_planes, match_color
from explorer.edits import ColorStroke, LikeImage, ModePick, Rgb, SketchStroke
from explorer.errors import EditError
from explorer.examples import match_like, match_pick
from explorer.matching import Candidates, Match
from explorer.sketch import match_sketch
from explorer.view import View

MATCHES_KEPT = 128
CANDIDATES_KEPT = 64
COLORS_KEPT = 8

SingleEdit: TypeAlias = ColorStroke | SketchStroke | ModePick | LikeImage
"""An edit that is matched by itself."""
PlacedEdit: TypeAlias = ColorStroke | SketchStroke | ModePick
"""An edit that is found at a place in each image."""
Kept = TypeVar("Kept")


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
        self._matches: OrderedDict[Hashable, Match] = OrderedDict()
        self._candidates: OrderedDict[Hashable, Candidates] = OrderedDict()
        self._planes: OrderedDict[Rgb, Sequence[ByteArray]] = OrderedDict()
        self._growing: tuple[Rgb, IncrementalColorMatch] | None = None

    def match(self, edit: SingleEdit) -> Match | None:
        """Return how well each image answers an edit, near its place.

        Returns
        -------
        Match or None
            None if a stroke lies beside the canvas, or the collection lacks an example's image.
        """
        key = match_key(edit)
        if key not in self._matches:
            match = self._match_anew(edit)
            if match is None:
                return None
            self._matches[key] = match
        return _kept(self._matches, key, MATCHES_KEPT)

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

        key = match_key(edit), is_mirrored
        if key not in self._candidates:
            found = find_candidates(self._view, edit, match, is_mirrored=is_mirrored)
            self._candidates[key] = found
        return _kept(self._candidates, key, CANDIDATES_KEPT)

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
        if color not in self._planes:
            self._planes[color] = agreement_planes(self._view.shards("color"), color)
        return _kept(self._planes, color, COLORS_KEPT)


def match_key(edit: SingleEdit) -> Hashable:
    """Return what the match of an edit depends on: the edit without its id, strength and switch."""
    return dataclasses.replace(edit, id="key", strength=1.0, enabled=True)


def _kept(
    known: "OrderedDict[Hashable, Kept] | OrderedDict[Rgb, Kept]", key: Hashable, most: int
) -> Kept:
    """Return what is known under a key, as the newest; the oldest goes if there are too many."""
    known.move_to_end(key)  # type: ignore[arg-type]
    if len(known) > most:
        known.popitem(last=False)
    return known[key]  # type: ignore[index]
