"""Sizes of images as people write them."""

from typing import Literal


def parse_size(text: str) -> tuple[int, int] | Literal["auto"]:
    """Read "auto", or a width and a height.

    Returns
    -------
    "auto" or (height, width)
        In pixels.

    Raises
    ------
    ValueError
        If it is neither.

    Examples
    --------
    >>> parse_size("200x160")
    (160, 200)
    """
    if text == "auto":
        return "auto"
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise ValueError(f"size must be auto or WIDTHxHEIGHT (200x160), got {text!r}")
    return int(height), int(width)
