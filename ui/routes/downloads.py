"""Answers that are files."""

from fastapi import Response

from ui.library import url_name
from ui.rooms.live_room import LiveRoom
from ui.wire.addresses import MAIN


def download(content: bytes, media_type: str, name: str) -> Response:
    """Return a file that the browser saves."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


def stem_of(room: LiveRoom) -> str:
    """Return how the names of a room's files begin; a branch's address is not for everybody."""
    return room.seat if room.id == MAIN else f"{room.seat}-{url_name(room.about.title, ())}"
