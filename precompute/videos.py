"""Photographs in a video: one frame at each tick of the wished frame rate."""

import os
from pathlib import Path

import cv2

from index.manifest import SourceInfo
from precompute.errors import BuildError
from precompute.sources import Candidate, Listing

# FFmpeg writes about a broken file to standard error itself, where our one line is to stand.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")


def list_video(path: Path, fps: float) -> Listing:
    """List the frames of a video, `fps` a second; their names tell the time in seconds.

    Raises
    ------
    BuildError
        If the video cannot be opened, or has no frame.
    """
    capture = cv2.VideoCapture(str(path))
    try:
        frames = int(capture.get(cv2.CAP_PROP_FRAME_COUNT)) if capture.isOpened() else 0
        own_fps = capture.get(cv2.CAP_PROP_FPS) or fps
    finally:
        capture.release()
    if frames < 1:
        raise BuildError(f"{path} must be a video with frames, it cannot be read as one")
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
