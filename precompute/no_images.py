"""Why a file is no photograph, in words that say what to do instead."""

from pathlib import PurePosixPath

from index.magic import HEAD, kind_of
from precompute.sources import IMAGE_ENDINGS

WEIGHT_ENDINGS = (".pkl", ".pickle", ".pt", ".pth", ".ckpt", ".npy", ".npz", ".joblib")

REASONS = {
    "zip": "a zip, no image: build from it alone, or unpack it",
    "video": "a video, no image: build from it alone",
    "HEIF": "HEIF (.heic) is not read: save it as JPEG",
    "pickle": "a pickle, no image: it could run a program, and is never opened",
    "NumPy array": "an array of NumPy, no image: save it as PNG",
    "markup": "SVG, XML or HTML, no image of pixels: it could ask for other files, and is never "
    "opened",
    "playlist": "a list of other files or addresses, no image: nothing is fetched",
    "archive": "an archive, no image: unpack it",
}


def reason_of(content: bytes, name: str) -> str:
    """Return why content that no image decoder knows is not used.

    Parameters
    ----------
    content
        The file's bytes, or the first of them.
    name
        Its name: people see an ending, and must be told where it is wrong.
    """
    kind = kind_of(content[:HEAD])
    ending = PurePosixPath(name).suffix.lower()
    if kind:
        return REASONS.get(kind, f"a {kind} file, no image")
    if ending in WEIGHT_ENDINGS:
        return "weights or a pickle, no image: it could run a program, and is never opened"
    if any(ending in endings for endings in IMAGE_ENDINGS.values()):
        return f"not an image, although the name ends in {ending}"
    return "not an image of a known format"
