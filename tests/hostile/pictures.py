"""Files that are meant to do harm, made when a test asks for them."""

# ruff: noqa: E501 - one case a line

import io
import pickle
import struct
import zlib

import numpy as np
from PIL import Image


def picture(seed=0, height=60, width=80):
    """A honest picture: noise of a seed."""
    pixels = np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def saved(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_chunk(kind, body):
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def png(width, height, *chunks, bits=8, color=2):
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + png_chunk(b"IEND", b"")


def png_bomb(width, height):
    """All pixels that the header claims, as zeros: a thousand times smaller than they are."""
    packer = zlib.compressobj(9)
    row = bytes(1 + 3 * width)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return png(width, height, png_chunk(b"IDAT", packed))


def text_bomb():
    """A comment of 256 MB in a PNG of one pixel."""
    packed = zlib.compress(bytes(1 << 28), 9)
    pixel = png_chunk(b"IDAT", zlib.compress(bytes(4)))
    return png(1, 1, png_chunk(b"zTXt", b"comment\0\0" + packed), pixel)


def profile_bomb():
    """A color profile of 256 MB in a PNG of one pixel."""
    packed = zlib.compress(bytes(1 << 28), 9)
    pixel = png_chunk(b"IDAT", zlib.compress(bytes(4)))
    return png(1, 1, png_chunk(b"iCCP", b"profile\0\0" + packed), pixel)


def tiff_of_one_strip(width, height):
    """A TIFF that claims a size and has eight bytes of pixels."""
    entries = {
        256: width,
        257: height,
        258: 8,
        259: 1,
        262: 1,
        273: 200,
        277: 1,
        278: height,
        279: 8,
    }
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries.items())
    start = b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + struct.pack("<I", 0)
    return start.ljust(208, b"\0")


def tiff_in_a_circle():
    """A TIFF whose first page is its second, and so on."""
    whole = tiff_of_one_strip(4, 2)
    at = 10 + 12 * 9
    return whole[:at] + struct.pack("<I", 8) + whole[at + 4 :]


def gif_of_frames(count):
    """A GIF of that many frames of one pixel, 20 bytes each."""
    frame = b"\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0"
    return b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff" + frame * count + b";"


def jpeg_of_scans(count):
    """A progressive JPEG that says everything again and again."""
    whole = saved(picture(), "JPEG", progressive=True)
    last = whole.rfind(b"\xff\xda")
    return whole[:last] + whole[last:-2] * count + whole[-2:]


def exif_of(body):
    """A JPEG with these bytes as EXIF."""
    whole = saved(picture(), "JPEG")
    block = b"Exif\0\0" + body
    return whole[:2] + b"\xff\xe1" + struct.pack(">H", 2 + len(block)) + block + whole[2:]


class Runs:
    """What a pickle of it would run."""

    def __reduce__(self):
        return (print, ("a pickle was opened",))


NO_PHOTOGRAPHS = {
    "pickle": (pickle.dumps(Runs()), "weights.pkl", "a pickle"),
    "pickle called JPEG": (pickle.dumps(Runs(), protocol=4), "a.jpg", "a pickle"),
    "old pickle": (pickle.dumps(Runs(), protocol=0), "model.pt", "weights or a pickle"),
    "array of objects": (b"\x93NUMPY\1\0v\0{'descr': '|O'}" + bytes(90), "a.npy", "array of NumPy"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://a/"/></svg>', "a.svg", "SVG"),
    "SVG called PNG": (b'\xef\xbb\xbf <?xml version="1.0"?><svg/>', "a.png", "SVG"),
    "XML with entities": (
        b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>', "a.xml", "XML",
    ),
    "playlist called MP4": (b"#EXTM3U\nfile:///etc/passwd\n", "a.mp4", "list of other files"),
    "list of FFmpeg": (b"ffconcat version 1.0\nfile /etc/passwd\n", "a.avi", "list of other files"),
    "PostScript": (b"%!PS\n(/etc/passwd) (r) file\n", "a.png", "PostScript"),
    "PDF": (b"%PDF-1.7\n", "a.pdf", "PDF"),
    "program": (b"\x7fELF\2\1\1" + bytes(100), "a.png", "program"),
    "script": (b"#!/bin/sh\nrm -rf /\n", "a.gif", "program"),
    "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0", "a.heic", "save it as JPEG"),
    "zip": (b"PK\3\4" + bytes(40), "a.png", "a zip"),
    "gzip": (b"\x1f\x8b\x08" + bytes(40), "a.tar.gz", "an archive"),
    "nothing": (b"", "a.png", "empty"),
}  # fmt: skip
"""Content, name, and what the build has to say of it."""

BROKEN = {
    "text bomb": (text_bomb, "a.png"),
    "profile bomb": (profile_bomb, "a.png"),
    "one strip of a million": (lambda: tiff_of_one_strip(1000, 1000), "a.tif"),
    "size of zero": (lambda: png(0, 5), "a.png"),
    "size of 2 to the 31": (lambda: png(2**31 - 1, 1), "a.png"),
    "16 bits and a palette": (lambda: png(9, 9, png_chunk(b"IDAT", b""), bits=16, color=3), "a.png"),
    "EXIF in a circle": (lambda: exif_of(b"II*\0\x08\0\0\0\1\0\x69\x87\4\0\1\0\0\0\x08\0\0\0"), "a.jpg"),
    "EXIF of a million entries": (lambda: exif_of(b"II*\0\x08\0\0\0\xff\xff" + bytes(60000)), "a.jpg"),
    "cut in half": (lambda: saved(picture(), "WEBP")[:900], "a.webp"),
    "AVIF without boxes": (lambda: b"\0\0\0\x1cftypavif" + bytes(20), "a.avif"),
    "JPEG 2000 without stream": (lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(64), "a.jp2"),
    "PPM of negative size": (lambda: b"P6 -5 9 255\n" + bytes(90), "a.ppm"),
    "PPM of a long number": (lambda: b"P6 " + b"9" * 5000 + b" 9 255\n", "a.ppm"),
    "BMP of negative size": (
        lambda: b"BM" + struct.pack("<IIIIiiHHIIiiII", 99, 0, 54, 40, -(2**31), -5, 1, 24, *[0] * 6),
        "a.bmp",
    ),
}  # fmt: skip
"""What decoders have stumbled over: any answer is right, but it has to come, and alone."""
