"""Average Explorer from Python: open a collection, paint, look at the average.

>>> from avex import Session, open_collection  # doctest: +SKIP
>>> session = Session(open_collection("shoes.avex"))  # doctest: +SKIP
>>> session.paint((200, 30, 40), [(0.5, 0.6), (0.7, 0.6)])  # doctest: +SKIP

Names are imported when they are first used, so `import avex` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from avex.notebook import Session
    from index.collection import Collection, open_collection

__all__ = ["Collection", "Session", "open_collection"]

_HOMES = {
    "Collection": "index.collection",
    "Session": "avex.notebook",
    "open_collection": "index.collection",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'avex' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
