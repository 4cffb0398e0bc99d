"""The average at full resolution as a file: PNG of 8 bits, or TIFF of 16."""

from typing import Any, Literal, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray, check_array

Kind: TypeAlias = Literal["png", "tiff"]

RANGES: dict[Kind, tuple[str, type[np.unsignedinteger[Any]]]] = {
    "png": (".png", np.uint8),
    "tiff": (".tif", np.uint16),
}
"""Ending and type of the numbers, by kind of file."""


def encode_full_size(average: FloatArray, kind: Kind) -> bytes:
    """Encode an average, as `index.originals.average_originals` makes it.

    Parameters
    ----------
    average : (h, w, 3) float32
        sRGB, 0 to 1.
    kind
        "png": 8 bits a channel; "tiff": 16 bits, packed without loss.

    Raises
    ------
    ArrayError
        If the average has another shape or dtype.
    """
    check_array(average, "average", "H W 3")
    ending, number = RANGES[kind]
    steps = np.iinfo(number).max
    whole: npt.NDArray[Any] = np.rint(np.clip(average, 0, 1) * np.float32(steps)).astype(number)
    _, encoded = cv2.imencode(ending, np.ascontiguousarray(whole[..., ::-1]))
    return encoded.tobytes()
