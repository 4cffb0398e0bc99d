"""Edits in a few plain words, for those who look at what happened in a room."""

import colorsys
import dataclasses

from explorer.edits import (
    AnyOf,
    ColorStroke,
    Edit,
    ImageVerdict,
    LikeImage,
    ModePick,
    Rgb,
    Sharpen,
    SketchStroke,
)

NAME_SHOWN = 40
"""Characters of a name that somebody gave; more are cut off."""

_GREYS = ((0.12, "black"), (0.4, "dark grey"), (0.7, "grey"), (0.9, "light grey"), (2.0, "white"))
_HUES = (
    (15, "red"),
    (42, "orange"),
    (66, "yellow"),
    (165, "green"),
    (195, "turquoise"),
    (255, "blue"),
    (290, "violet"),
    (335, "pink"),
    (361, "red"),
)
_GREY_BELOW, _NEARLY_BLACK = 0.16, 0.12
_DARK_BELOW, _LIGHT_ABOVE = 0.45, 0.9


def color_word(color: Rgb) -> str:
    """Return what people call a color.

    Examples
    --------
    >>> color_word((200, 30, 40)), color_word((30, 60, 200)), color_word((250, 250, 250))
    ('red', 'blue', 'white')
    >>> color_word((110, 70, 30)), color_word((10, 60, 20)), color_word((9, 9, 9))
    ('brown', 'dark green', 'black')
    """
    red, green, blue = (channel / 255 for channel in color)
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    if value < _NEARLY_BLACK or saturation < _GREY_BELOW:
        return next(word for limit, word in _GREYS if value < limit)
    word = next(word for limit, word in _HUES if hue * 360 < limit)
    if word == "orange" and value < 0.75:
        return "brown"
    if word == "red" and saturation < 0.55 and value > _LIGHT_ABOVE:
        return "pink"
    return f"dark {word}" if value < _DARK_BELOW else word


def thing_of(edit: Edit) -> str:
    """Return what an edit is, as in "took a red stroke out".

    Examples
    --------
    >>> thing_of(ColorStroke(id="a", paths=(((0.1, 0.9),),), radius=0.1, color=(200, 30, 40)))
    'a red stroke'
    """
    match edit:
        case ColorStroke():
            word = color_word(edit.color)
            thing = f"{'an' if word[0] in 'aeiou' else 'a'} {word} stroke"
        case SketchStroke():
            thing = "a line" if len(edit.paths) == 1 else f"{len(edit.paths)} lines"
        case ModePick():
            thing = "a mode"
        case ImageVerdict():
            thing = f"{'the pin of' if edit.verdict == 'pin' else 'the exclusion of'} "
            return thing + file_word(edit.image)
        case LikeImage():
            thing = f"the likeness to {file_word(edit.image)}"
        case AnyOf():
            thing = f"either {' or '.join(short(name) for name in edit.names)}"
        case Sharpen():
            return "the sharpening"
    return f"less of {thing}" if edit.strength < 0 else thing


def put_words(edit: Edit, known: Edit | None, where: str) -> str:
    """Return what somebody did who put an edit into the cluster called `where`.

    Parameters
    ----------
    known
        The edit that it took the place of, None if it is a new one.
    """
    return _added(edit, where) if known is None else _changed(edit, known, where)


def short(name: str) -> str:
    """Return a name that somebody gave in one line of few characters.

    Examples
    --------
    >>> short("Boots"), short("a" * 41) == "a" * 39 + "…"
    ('Boots', True)
    """
    line = " ".join(name.split())
    return line if len(line) <= NAME_SHOWN else line[: NAME_SHOWN - 1] + "…"


def file_word(image: str) -> str:
    """Return the last part of an image's name.

    Examples
    --------
    >>> file_word("images/shoe-0107.jpg")
    'shoe-0107.jpg'
    """
    return short(image.rstrip("/").rpartition("/")[2] or image)


def _added(edit: Edit, where: str) -> str:
    match edit:
        case ColorStroke() if edit.strength >= 0:
            return f"painted {thing_of(edit)} in {where}"
        case SketchStroke() if edit.strength >= 0:
            return f"drew {thing_of(edit)} in {where}"
        case ImageVerdict(verdict="pin"):
            return f"pinned {file_word(edit.image)} in {where}"
        case ImageVerdict():
            return f"excluded {file_word(edit.image)} from {where}"
        case LikeImage() if edit.strength >= 0:
            return f"asked for images like {file_word(edit.image)} in {where}"
        case LikeImage():
            return f"asked for images unlike {file_word(edit.image)} in {where}"
        case Sharpen():
            return f"sharpened {where}"
        case _:
            return f"asked for {thing_of(edit)} in {where}"


def _changed(edit: Edit, known: Edit, where: str) -> str:
    thing = f"{thing_of(known)} in {where}"
    differing = {
        field.name
        for field in dataclasses.fields(edit)
        if getattr(edit, field.name) != getattr(known, field.name, None)
    }
    if differing == {"enabled"}:
        return f"switched {thing} {'on' if edit.enabled else 'off'}"
    if differing == {"strength"} and not isinstance(edit, ImageVerdict | Sharpen):
        return f"set {thing} to strength {edit.strength:g}"
    if differing and differing <= {"paths", "center"}:
        return f"moved {thing}"
    if differing == {"color"} and isinstance(edit, ColorStroke):
        return f"made {thing} {color_word(edit.color)}"
    return f"changed {thing}"
