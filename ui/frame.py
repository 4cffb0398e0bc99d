"""A frame on the wire: one average as a picture, after a small header of fixed size."""

import struct
from dataclasses import dataclass
from typing import Literal

from ui.protocol import REQUEST_LIMIT

FRAME_HEADER = struct.Struct("<BBHIIIHH")
"""kind u8, codec u8, cluster u16, revision u32, request u32, elapsed u32, width u16, height u16."""

FRAME_KINDS = {"live": 1, "rest": 2}
FRAME_CODECS = {"jpeg": 1, "png": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One average as it goes to a member: 20 bytes of header, little-endian, and the picture.

    Attributes
    ----------
    kind
        "live" while a stroke is drawn, "rest" when the hand is still.
    cluster
        Place of the cluster in the session at `revision`.
    revision, request
        The newest operation and the receiver's newest preview that the picture shows. A client
        drops a frame whose (revision, request) is smaller than the last shown one's.
    elapsed_s
        From the message's arrival to the encoded picture, in seconds.
    """

    kind: Literal["live", "rest"]
    codec: Literal["jpeg", "png"]
    cluster: int
    revision: int
    request: int
    elapsed_s: float
    width: int
    height: int
    picture: bytes

    def to_bytes(self) -> bytes:
        """Return the frame as it is sent."""
        header = FRAME_HEADER.pack(
            FRAME_KINDS[self.kind],
            FRAME_CODECS[self.codec],
            self.cluster,
            self.revision,
            self.request,
            min(round(self.elapsed_s * 1e6), REQUEST_LIMIT),
            self.width,
            self.height,
        )
        return header + self.picture
