"""Feeds the message reader and the image intake with what chance makes of honest files.

`python -m tests.hostile.fuzz --seconds 60 --seed 1` stops at the first input that does harm, keeps
it in a temporary folder, and says how to see it again.
"""

import argparse
import json
import sys
import tempfile
import time
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from pydantic import ValidationError

from precompute.decode import Picture, Target, Unusable, decode
from precompute.errors import BuildError
from precompute.zips import list_zip
from tests.hostile.mutations import chance
from tests.hostile.pictures import picture, saved
from tests.ui.room_log import by
from ui.rooms.reception import _op_id
from ui.rooms.room import OperationError, carry_out, replay
from ui.wire.protocol import Operate, Refused, client_message
from ui.wire.validation import first_wrong

KINDS = {
    "AVIF": "avif", "BMP": "bmp", "GIF": "gif", "JPEG": "jpg", "JPEG2000": "jp2", "PNG": "png",
    "PPM": "ppm", "TIFF": "tif", "WEBP": "webp",
}  # fmt: skip
TARGET = Target(48, 64, "stretch", 1_000_000)
KEPT = Path(tempfile.gettempdir(), "avex-fuzz")


def read_message(text, state):
    """Read a message as the server does, carry it out if it can be, and return the state."""
    try:
        message = client_message.validate_json(text)
    except ValidationError as error:
        wrong = first_wrong(error.errors(include_url=False, include_input=False))
        answer = Refused(op_id=_op_id(text), code="bad_message", text=wrong).model_dump_json()
        assert len(answer) < 4000, "the answer is longer than it need be"
        return state
    assert client_message.validate_json(message.model_dump_json()) == message
    if not isinstance(message, Operate):
        return state
    try:
        state, changes = carry_out(state, by("ann", message.operation))
    except OperationError as error:
        Refused(op_id=None, code=error.code, text=str(error)).model_dump_json()
        return state
    changes.model_dump_json()
    return state


def messages(rng, state):
    """Read a hundred messages; yield each before it is read."""
    for text in chance(rng, 100):
        yield text.encode("utf-8", "surrogatepass")
        state = read_message(text, state)


def bent(rng, content):
    """Return bytes with some of them changed, cut out, repeated or joined."""
    body = bytearray(content)
    for _ in range(rng.integers(1, 12)):
        at = int(rng.integers(len(body))) if body else 0
        kind = rng.integers(5)
        if kind == 0 and body:
            body[at] = int(rng.integers(256))
        elif kind == 1:
            body[at : at + 4] = int(rng.choice([0, 1, 2**31 - 1, 2**32 - 1])).to_bytes(4, "big")
        elif kind == 2:
            del body[at : at + int(rng.integers(1, 64))]
        elif kind == 3:
            body[at:at] = body[: int(rng.integers(200))]
        else:
            body = body[: max(at, 1)]
    return bytes(body)


def images(rng):
    """Decode a picture of each format with some bytes changed; yield each before."""
    for kind, ending in KINDS.items():
        content = bent(rng, HONEST[kind])
        yield content
        found = decode(content, f"a.{ending}", TARGET)
        assert isinstance(found, Picture | Unusable)
        if isinstance(found, Picture):
            assert found.pixels.shape == (48, 64, 3)


def zips(rng, folder):
    """List a zip with some bytes changed; yield it before."""
    content = bent(rng, HONEST["zip"])
    yield content
    path = folder / "fuzzed.zip"
    path.write_bytes(content)
    try:
        list_zip(path)
    except BuildError:
        return


def _zip():
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.png", saved(picture(number, 12, 16)))
    return file.getvalue()


HONEST = {kind: saved(picture(0, 40, 50), kind) for kind in KINDS} | {"zip": _zip()}


def run(seed, folder, until):
    """Feed until `until()`; return how many inputs there were.

    Raises
    ------
    Exception
        Whatever an input did; it lies in the folder then, as `last`.
    """
    Image.MAX_IMAGE_PIXELS = None  # as in the workers
    rng = np.random.default_rng(seed)
    count = 0
    while not until(count):
        for inputs in (messages(rng, replay("shoes", [])), images(rng), zips(rng, folder)):
            for content in inputs:
                (folder / "last").write_bytes(content)
                count += 1
    return count


def main():
    """Feed for a while."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    asked = parser.parse_args()
    KEPT.mkdir(exist_ok=True)
    end = time.monotonic() + asked.seconds
    try:
        count = run(asked.seed, KEPT, lambda _: time.monotonic() > end)
    except Exception:
        sys.stderr.write(f"seed {asked.seed}: the input is {KEPT / 'last'}\n")
        raise
    sys.stdout.write(json.dumps({"seed": asked.seed, "inputs": count}) + "\n")


if __name__ == "__main__":
    main()
