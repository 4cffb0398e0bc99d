"""Every error that the engine raises on purpose."""


class EngineError(ValueError):
    """Base of every error that `explorer` raises on purpose."""


class ArrayError(EngineError):
    """An array has the wrong shape, dtype or range."""


class EditError(EngineError):
    """An edit cannot be carried out as given; `edit_id` says which.

    The default lets the error cross a process boundary: unpickling passes the message alone.
    """

    def __init__(self, message: str, *, edit_id: str = "") -> None:
        super().__init__(message)
        self.edit_id = edit_id


class SessionError(EngineError):
    """A session cannot be read as given; the message names the field."""


class FormatError(EngineError):
    """A file of keypoints cannot be read as given, or cannot hold what is to be written."""


class Cancelled(EngineError):  # noqa: N818 - nothing went wrong
    """Long work was given up because its caller asked for it."""
