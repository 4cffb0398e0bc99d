"""Where Gradio keeps what is uploaded: nobody else may read it, and no crash leaves it behind."""

import atexit
import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

PREFIX = "avex-uploads-"
LOCK = ".lock"
YOUNG_S = 60.0
"""A folder may be so old and not be locked yet."""

_folders: list[Path] = []


def keep_uploads_private() -> None:
    """Let Gradio keep what is uploaded in a folder of ours that is gone when this process is.

    A server that was killed leaves its folder: the next one takes away what nobody holds locked.
    """
    if "GRADIO_TEMP_DIR" in os.environ:
        return
    sweep(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    fcntl.flock(os.open(folder / LOCK, os.O_CREAT | os.O_RDWR), fcntl.LOCK_EX)
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    _folders.append(folder)
    atexit.register(forget_uploads)


def forget_uploads() -> None:
    """Take the folder of uploads away."""
    while _folders:
        shutil.rmtree(_folders.pop(), ignore_errors=True)


def sweep(parent: Path) -> None:
    """Take away the folders of uploads of servers that are no longer there."""
    for folder in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if _is_left(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    about = folder.lstat()
    if not stat.S_ISDIR(about.st_mode):
        return False
    if about.st_uid != os.getuid() or time.time() - about.st_mtime < YOUNG_S:
        return False
    descriptor = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
