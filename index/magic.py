"""What a file is by its first bytes, whatever its name says.

Only for telling people what they gave, and for not opening what is no photograph: image decoders
look at the content themselves.
"""

from collections.abc import Callable

HEAD = 512
"""So many first bytes are enough to tell."""

Test = Callable[[bytes], bool]

PICKLE_PROTOCOLS = range(2, 6)
MOVIE_BOXES = (b"moov", b"mdat", b"wide", b"free", b"skip")
STILL_BRANDS = (b"avif", b"avis")
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
TRANSPORT_STEP = 188


def kind_of(head: bytes) -> str:
    r"""Return what the first bytes of a file say it is, "" if nothing that is known here.

    Examples
    --------
    >>> kind_of(b"PK\x03\x04..."), kind_of(b"<svg xmlns="), kind_of(b"\xff\xd8\xff")
    ('zip', 'markup', '')
    """
    return next((kind for kind, is_one in _TESTS if is_one(head)), "")


def _begins(*signatures: bytes) -> Test:
    return lambda head: head.startswith(signatures)


def _is_pickle(head: bytes) -> bool:
    """Return whether it begins with the number of a pickle protocol."""
    return len(head) > 2 and head[0] == 0x80 and head[1] in PICKLE_PROTOCOLS


def _is_video(head: bytes) -> bool:
    box, brand = head[4:8], head[8:12]
    if box == b"ftyp":
        return brand not in (*STILL_BRANDS, *HEIF_BRANDS)
    is_transport = len(head) > TRANSPORT_STEP and head[0] == head[TRANSPORT_STEP] == 0x47
    is_avi = head.startswith(b"RIFF") and brand == b"AVI "
    is_other = head.startswith((b"\x1aE\xdf\xa3", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3"))
    return is_avi or is_other or is_transport or box in MOVIE_BOXES


def _is_markup(head: bytes) -> bool:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return text.startswith((b"<?xml", b"<svg", b"<!doctype", b"<html", b"<!--"))


_TESTS: tuple[tuple[str, Test], ...] = (
    ("zip", _begins(b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")),
    ("video", _is_video),
    ("HEIF", lambda head: head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS),
    ("pickle", _is_pickle),
    ("NumPy array", _begins(b"\x93NUMPY")),
    ("markup", _is_markup),
    ("playlist", _begins(b"#EXTM3U", b"ffconcat")),
    ("PDF", _begins(b"%PDF")),
    ("PostScript", _begins(b"%!PS", b"\xc5\xd0\xd3\xc6")),
    ("archive", _begins(b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ")),
    ("program", _begins(b"\x7fELF", b"MZ\x90", b"#!", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")),
    ("data base", _begins(b"SQLite format 3", b"\x89HDF")),
)
