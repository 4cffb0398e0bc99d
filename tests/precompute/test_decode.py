"""`precompute.decode`: any bytes become a picture or a reason."""

import io
import re
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageCms

from precompute.decode import Picture, Target, Unusable, decode

TARGET = Target(48, 64, "stretch", 1_000_000)


def gradient(height=60, width=80):
    """Red grows to the right, green downwards."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0] = np.linspace(0, 255, width)
    pixels[..., 1] = np.linspace(0, 255, height)[:, None]
    return pixels


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def jpeg(**options):
    return saved(Image.fromarray(gradient()), "JPEG", quality=95, **options)


def png_header(width, height):
    """A PNG that claims a size, with no pixels behind it."""

    def chunk(kind, body):
        checksum = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def animation(kind):
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "green", "blue")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:])


def pixels_of(content, name="a.jpg", target=TARGET):
    found = decode(content, name, target)
    assert isinstance(found, Picture), found
    return found.pixels.astype(int)


HOSTILE = {
    "empty": (lambda: b"", "a.jpg", "empty"),
    "truncated": (lambda: jpeg()[:700], "a.jpg", "truncated"),
    "cut in the header": (lambda: jpeg()[:30], "a.jpg", "broken|not an image"),
    "text": (lambda: b"this is a text\n" * 50, "a.jpg", "not an image, although .* .jpg"),
    "text of another name": (lambda: b"this is a text\n", "a.txt", "not an image"),
    "a PNG named JPEG": (
        lambda: saved(Image.fromarray(gradient()), "PNG"),
        "a.jpg",
        "content is PNG: rename it to end in .png",
    ),
    "a JPEG named text": (jpeg, "a.txt", "content is JPEG: rename it to end in .jpg"),
    "animated GIF": (lambda: animation("GIF"), "a.gif", "3 frames"),
    "animated WebP": (lambda: animation("WEBP"), "a.webp", "3 frames"),
    "animated PNG": (lambda: animation("PNG"), "a.png", "3 frames"),
    "pages": (lambda: animation("TIFF"), "a.tif", "3 pages"),
    "larger than allowed": (lambda: png_header(2000, 600), "a.png", "bomb: 2000 x 600 pixels"),
    "huge": (lambda: png_header(60_000, 60_000), "a.png", "decompression bomb"),
    "PostScript": (
        lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        "a.eps",
        "PostScript",
    ),
    "no pixels": (lambda: png_header(20, 20), "a.png", "broken or truncated"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_cannot_be_used_gets_a_reason(case: str):
    make, name, reason = HOSTILE[case]
    found = decode(make(), name, TARGET)
    assert isinstance(found, Unusable)
    assert re.search(reason, found.reason), found.reason


def test_every_orientation_comes_out_upright():
    plain = pixels_of(jpeg())
    turns: dict[int, Callable[[Image.Image], Image.Image]] = {
        3: lambda i: i.transpose(Image.Transpose.ROTATE_180),
        6: lambda i: i.transpose(Image.Transpose.ROTATE_90),
        8: lambda i: i.transpose(Image.Transpose.ROTATE_270),
    }
    for orientation, turned in turns.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        content = saved(turned(Image.fromarray(gradient())), "JPEG", quality=95, exif=exif)
        assert np.abs(pixels_of(content) - plain).mean() < 2
        found = decode(content, "a.jpg", Target(0, 0, "stretch", 10**6))
        assert isinstance(found, Picture)
        assert (found.height, found.width) == (60, 80)


def test_cmyk_palette_grey_and_alpha_become_srgb():
    image = Image.fromarray(gradient())
    plain = pixels_of(saved(image, "PNG"), "a.png")
    assert np.abs(pixels_of(saved(image.convert("CMYK"), "JPEG", quality=95)) - plain).mean() < 3
    palette = saved(image.quantize(256), "PNG")
    assert np.abs(pixels_of(palette, "a.png") - plain).mean() < 6
    grey = pixels_of(saved(image.convert("L"), "PNG"), "a.png")
    assert (grey[..., 0] == grey[..., 1]).all()
    assert pixels_of(saved(image.convert("1"), "PNG"), "a.png").shape == (48, 64, 3)


def test_transparent_places_are_white():
    clear = Image.new("RGBA", (80, 60), (200, 0, 0, 0))
    assert (pixels_of(saved(clear, "PNG"), "a.png") == 255).all()
    palette = Image.new("P", (80, 60), 1)
    palette.putpalette([9, 9, 9, 200, 0, 0])
    content = saved(palette, "PNG", transparency=1)
    assert (pixels_of(content, "a.png") == 255).all()


def test_sixteen_bits_are_scaled_to_eight():
    ramp = np.linspace(0, 65535, 80).astype(np.uint16)[None].repeat(60, 0)
    found = pixels_of(saved(Image.fromarray(ramp), "PNG"), "a.png")
    assert found[0, 0, 0] < 4
    assert abs(found[0, 32, 0] - 129) < 3
    assert found[0, -1, 0] > 251


def test_a_color_profile_is_applied():
    usual = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = usual.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))
    for one, other in ((b"rXYZ", b"?XYZ"), (b"gXYZ", b"rXYZ"), (b"?XYZ", b"gXYZ")):
        swapped = swapped.replace(one, other, 1)
    plain = pixels_of(jpeg())
    assert np.abs(pixels_of(jpeg(icc_profile=usual)) - plain).max() == 0
    assert np.abs(pixels_of(jpeg(icc_profile=swapped)) - plain[..., [1, 0, 2]]).mean() < 1
    assert np.abs(pixels_of(jpeg(icc_profile=b"broken")) - plain).max() == 0


def test_fits_keep_what_they_promise():
    white_middle = np.zeros((60, 120, 3), np.uint8)
    white_middle[:, 40:80] = 255
    content = saved(Image.fromarray(white_middle), "PNG")
    square = {fit: Target(48, 48, fit, 10**6) for fit in ("stretch", "crop", "pad")}
    cropped = pixels_of(content, "a.png", square["crop"])
    assert (cropped[24, :6] == 0).all()
    assert (cropped[24, 10:38] == 255).all()
    padded = pixels_of(content, "a.png", square["pad"])
    assert (padded[:11] == 255).all()
    assert (padded[13:35, :14] == 0).all()
    stretched = pixels_of(content, "a.png", square["stretch"])
    assert (stretched[:, :15] == 0).all()


def test_a_large_jpeg_is_shrunk_without_losing_its_shape():
    large = Image.fromarray(gradient(960, 1280))
    found = pixels_of(saved(large, "JPEG", quality=95), target=Target(48, 64, "stretch", 10**8))
    small = pixels_of(saved(large, "PNG"), "a.png", Target(48, 64, "stretch", 10**8))
    assert np.abs(found - small).mean() < 1.5
