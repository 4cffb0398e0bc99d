"""Every error that the store raises on purpose."""


class CollectionError(ValueError):
    """A collection cannot be read or written as given; the message names the file or the field."""
