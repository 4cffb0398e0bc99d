"""Photographs in a video: one frame at each tick of the wished frame rate."""

import math
import os
from pathlib import Path

import cv2

from index.magic import HEAD, kind_of
from index.manifest import SourceInfo
from precompute.errors import BuildError
from precompute.sources import COUNT_MAX, Candidate, Listing

# FFmpeg writes about a broken file to standard error itself, where our one line is to stand.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")


def list_video(path: Path, fps: float) -> Listing:
    """List the frames of a video, `fps` a second; their names tell the time in seconds.

    Raises
    ------
    BuildError
        If it is no video by its content, cannot be opened, or has no frame or too many.
    """
    with path.open("rb") as file:
        if kind_of(file.read(HEAD)) != "video":  # FFmpeg would open a list of other files
            raise BuildError(f"{path} must be a video, its content is none")
    capture = cv2.VideoCapture(str(path))
    try:
        frames = int(capture.get(cv2.CAP_PROP_FRAME_COUNT)) if capture.isOpened() else 0
        own_fps = capture.get(cv2.CAP_PROP_FPS) or fps
    finally:
        capture.release()
    if frames < 1 or not 0 < own_fps < math.inf:
        raise BuildError(f"{path} must be a video with frames, it cannot be read as one")
    if frames > COUNT_MAX:
        raise BuildError(f"{path} must have at most {COUNT_MAX:,} frames, it says {frames:,}")
    step = max(own_fps / fps, 1.0)
    numbers = dict.fromkeys(round(tick * step) for tick in range(int((frames - 1) / step) + 1))
    status = path.stat()
    candidates = tuple(
        Candidate(
            f"{path.name}#t={number / own_fps:.2f}",
            str(number),
            status.st_size,
            status.st_mtime_ns,
        )
        for number in numbers
    )
    return Listing(SourceInfo("video", str(path)), candidates, ())
