"""Every error that a build raises on purpose."""


class BuildError(ValueError):
    """A build cannot be done as asked; the message says what to change."""


class BuildCancelled(Exception):  # noqa: N818 - nothing went wrong
    """A build was stopped; what it finished is kept, and the same command resumes it."""
