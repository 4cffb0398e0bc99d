"""Names of images in tables of others, which have folders before them that a collection has not."""

from collections.abc import Iterator, Sequence


class TruthError(ValueError):
    """A table of keypoints cannot be used as given; the message says what is wrong."""


class ImageNames:
    """Finds the images that a table names.

    Parameters
    ----------
    names
        Of the collection's images, in their order: paths with "/".
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._rows: dict[str, int] = {}
        self._ends: dict[str, list[int]] = {}
        for row in range(len(names)):
            name = names[row]
            self._rows[name] = row
            for end in _ends(name):
                self._ends.setdefault(end, []).append(row)

    def row(self, name: str) -> int | None:
        """Return the row of the image that a table means, None if there is none.

        It is the one whose path has the longest end in common with that of the table, at least the
        file's name.

        Raises
        ------
        TruthError
            If several images are meant equally.
        """
        for end in _ends(name.strip().replace("\\", "/")):
            if end in self._rows:
                return self._rows[end]
            rows = self._ends.get(end, [])
            if len(rows) > 1:
                raise TruthError(
                    f"{name!r} must name one image of the collection, {len(rows)} end in {end!r}"
                )
            if rows:
                return rows[0]
        return None


def _ends(path: str) -> Iterator[str]:
    """Yield a path, and what is left of it without its first folders, the longest first."""
    parts = path.split("/")
    for start in range(len(parts)):
        yield "/".join(parts[start:])
