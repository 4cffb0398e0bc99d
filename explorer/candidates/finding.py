"""Find the best places of an edit in every image, in the picture as it is or as in a mirror."""

from explorer.candidates.colors import color_anywhere, color_near
from explorer.candidates.picks import pick_near
from explorer.candidates.seeds import pick_anywhere
from explorer.candidates.sketches import sketch_anywhere, sketch_near
from explorer.edits import ColorStroke, ModePick, SketchStroke
from explorer.matching import Candidates, Match
from explorer.view import View


def find_candidates(
    view: View,
    edit: ColorStroke | SketchStroke | ModePick,
    match: Match,
    *,
    is_mirrored: bool = False,
) -> Candidates:
    """Find the best places of an edit in every image, the best first.

    Parameters
    ----------
    view
        The collection, N images.
    edit
        What is looked for, and whether near its place or anywhere.
    match
        What the edit's matcher returned: the best place near where it was painted.
    is_mirrored
        Whether images are looked at as in a mirror.

    Returns
    -------
    Candidates
        8 places an image, none within 2 cells of a better one. Of an edit that is looked for near
        its place the first is that of its match, as another edit of the cluster may move it; the
        others may lie up to twice as far from where it was painted. Places are those of the
        mirrored image if `is_mirrored`.

    Raises
    ------
    EditError
        If a stroke lies beside the canvas.
    """
    is_near = edit.reach == "near"
    match edit:
        case ColorStroke() if not is_near:
            return color_anywhere(view, edit, is_mirrored=is_mirrored)
        case SketchStroke() if not is_near:
            return sketch_anywhere(view, edit, is_mirrored=is_mirrored)
        case ModePick() if not is_near:
            return pick_anywhere(view, edit, is_mirrored=is_mirrored)
        case ColorStroke():
            return color_near(view, edit, match, is_mirrored=is_mirrored)
        case SketchStroke():
            return sketch_near(view, edit, match, is_mirrored=is_mirrored)
        case ModePick():
            return pick_near(view, edit, match, is_mirrored=is_mirrored)
