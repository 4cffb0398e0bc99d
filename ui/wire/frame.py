"""A frame on the wire: one average as a picture, after a small header of fixed size."""

import struct
from dataclasses import dataclass
from typing import Literal

from ui.wire.base import REQUEST_LIMIT

FRAME_HEADER = struct.Struct("<BBHIIIHH")
"""kind u8, codec u8, id u16, revision u32, request u32, elapsed u32, width u16, height u16."""

FRAME_KINDS = {"live": 1, "rest": 2, "card": 3}
FRAME_CODECS = {"jpeg": 1, "png": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One average as it goes to a member: header, id of the cluster, picture.

    The header has 20 bytes, little-endian; it says how many bytes the id has, which is ASCII.

    Attributes
    ----------
    kind
        "live" while a stroke is drawn, "rest" when the hand is still; "card" is a small picture of
        a cluster that the receiver does not look at, in either case.
    cluster
        Id of the cluster.
    revision, request
        The newest operation and the receiver's newest preview that the picture shows. A client
        drops a frame whose (revision, request) is smaller than the last shown one's, a card if it
        is smaller than that of the last card of its cluster.
    elapsed_s
        From the message's arrival to the encoded picture, in seconds.
    """

    kind: Literal["live", "rest", "card"]
    codec: Literal["jpeg", "png"]
    cluster: str
    revision: int
    request: int
    elapsed_s: float
    width: int
    height: int
    picture: bytes

    def to_bytes(self) -> bytes:
        """Return the frame as it is sent."""
        name = self.cluster.encode("ascii")
        header = FRAME_HEADER.pack(
            FRAME_KINDS[self.kind],
            FRAME_CODECS[self.codec],
            len(name),
            self.revision,
            self.request,
            min(round(self.elapsed_s * 1e6), REQUEST_LIMIT),
            self.width,
            self.height,
        )
        return header + name + self.picture
