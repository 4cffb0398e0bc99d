"""Answers that are files."""

from fastapi import Response


def download(content: bytes, media_type: str, name: str) -> Response:
    """Return a file that the browser saves."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
