"""Edits in words, for reports."""

from collections.abc import Sequence

from explorer.edits import (
    AnyOf,
    ColorStroke,
    Edit,
    ImageVerdict,
    LikeImage,
    ModePick,
    Point,
    Sharpen,
    SketchStroke,
)

WORDS_BELOW = 1 / 3
WORDS_ABOVE = 2 / 3


def words_of(edit: Edit) -> str:
    """Say what an edit asks for, and where.

    Examples
    --------
    >>> words_of(ColorStroke(id="a", paths=(((0.1, 0.9),),), radius=0.1, color=(200, 30, 40)))
    'the color #c81e28 at the bottom left'
    >>> words_of(ImageVerdict(id="b", image="a.jpg", verdict="exclude", enabled=False))
    'without a.jpg (switched off)'
    """
    said = _what(edit)
    if not isinstance(edit, ImageVerdict | Sharpen):
        if edit.strength < 0:
            said = f"less of {said}"
        if abs(edit.strength) != 1:
            said += f", strength {abs(edit.strength):g}"
    return said if edit.enabled else f"{said} (switched off)"


def place_in_words(points: Sequence[Point]) -> str:
    """Say in which ninth of the canvas the middle of some points lies.

    Examples
    --------
    >>> place_in_words([(0.5, 0.5)]), place_in_words([(0.4, 0.9), (0.6, 0.9)])
    ('in the middle', 'at the bottom')
    """
    x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
    down = "top" if y < WORDS_BELOW else "bottom" if y > WORDS_ABOVE else ""
    across = "left" if x < WORDS_BELOW else "right" if x > WORDS_ABOVE else ""
    side = f"{down} {across}".strip()
    return f"at the {side}" if side else "in the middle"


def _what(edit: Edit) -> str:
    match edit:
        case ColorStroke():
            red, green, blue = edit.color
            return f"the color #{red:02x}{green:02x}{blue:02x} {_where(edit)}"
        case SketchStroke():
            lines = "a line" if len(edit.paths) == 1 else f"{len(edit.paths)} lines"
            return f"{lines} {_where(edit)}"
        case ModePick():
            where = "anywhere" if edit.reach == "anywhere" else place_in_words([edit.center])
            return f"a mode {where}, as in {edit.image}"
        case ImageVerdict():
            return f"{'with' if edit.verdict == 'pin' else 'without'} {edit.image}"
        case AnyOf():
            return f"either {' or '.join(edit.names)}"
        case Sharpen():
            rounds = "round" if edit.rounds == 1 else "rounds"
            return f"sharpened in {edit.rounds} {rounds}"
        case LikeImage():
            return f"images like {edit.image} as a whole"


def _where(stroke: ColorStroke | SketchStroke) -> str:
    if stroke.reach == "anywhere":
        return "anywhere"
    return place_in_words([point for path in stroke.paths for point in path])
