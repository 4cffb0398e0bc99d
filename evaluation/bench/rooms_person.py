"""What one made-up person does in a room: strokes, settings, undo, comments, votes, marks."""

from collections.abc import Callable
from typing import Any

import numpy as np

Json = dict[str, Any]

KEYPOINTS = ("a", "b", "c")
STROKES = 3
"""A person has at most so many; then the oldest is taken away."""

SHARES = {
    "_paint": 0.22,
    "_change": 0.2,
    "_remove": 0.08,
    "_undo": 0.1,
    "_redo": 0.05,
    "_settle": 0.03,
    "_comment": 0.08,
    "_vote": 0.14,
    "_mark": 0.1,
}
"""How often people do what, by the method below that does it."""

SCHEMA: Json = {
    "type": "set_schema",
    "schema": {
        "name": "bench",
        "keypoints": [{"id": one, "name": one.upper(), "color": ""} for one in KEYPOINTS],
        "edges": [],
        "pairs": [],
    },
}


class Person:
    """Makes operations, the same for the same seed.

    Parameters
    ----------
    author
        Who it is.
    images
        Names of images to vote on.
    rng
        Where chance comes from.
    """

    def __init__(self, author: str, images: list[str], rng: np.random.Generator) -> None:
        self._author = author
        self._images = images
        self._rng = rng
        self._strokes: list[str] = []
        self._comments: list[str] = []
        self._number = 0

    def operation(self) -> Json:
        """Return what the person does next."""
        name = str(self._rng.choice(list(SHARES), p=np.array(list(SHARES.values()))))
        act: Callable[[], Json] = getattr(self, name)
        return act()

    def place(self) -> list[float]:
        """Return a place on the canvas."""
        return [round(float(value), 4) for value in self._rng.random(2)]

    def _new_id(self) -> str:
        self._number += 1
        return f"{self._author}-{self._number}"

    def _paint(self) -> Json:
        if len(self._strokes) >= STROKES:
            return self._remove()
        self._strokes.append(self._new_id())
        return self._stroke(self._strokes[-1])

    def _change(self) -> Json:
        return (
            self._stroke(str(self._rng.choice(self._strokes))) if self._strokes else self._paint()
        )

    def _stroke(self, edit_id: str) -> Json:
        edit = {
            "kind": "color",
            "id": edit_id,
            "paths": [[self.place(), self.place()]],
            "radius": 0.05,
            "color": self._rng.integers(0, 256, 3).tolist(),
            "strength": round(float(self._rng.uniform(-2, 2)), 2),
            "enabled": True,
            "reach": "near",
        }
        return {"type": "put_edit", "cluster": "main", "edit": edit}

    def _remove(self) -> Json:
        if not self._strokes:
            return self._vote()
        return {"type": "remove_edit", "cluster": "main", "edit_id": self._strokes.pop(0)}

    def _undo(self) -> Json:
        return {"type": "undo"}

    def _redo(self) -> Json:
        return {"type": "redo"}

    def _settle(self) -> Json:
        return {
            "type": "set_cluster",
            "cluster": "main",
            "name": f"Average of {self._author}",
            "weighting": "focus",
            "count": int(self._rng.integers(10, 200)),
            "alignment": "none",
            "mirror": False,
            "color": "",
        }

    def _comment(self) -> Json:
        if len(self._comments) >= STROKES:
            return {"type": "remove_comment", "id": self._comments.pop(0)}
        self._comments.append(self._new_id())
        place = {"kind": "average", "cluster": "main", "at": self.place()}
        return {
            "type": "put_comment",
            "id": self._comments[-1],
            "place": place,
            "text": f"What {self._author} sees here.",
            "reply_to": None,
        }

    def _vote(self) -> Json:
        image = str(self._rng.choice(self._images))
        return {"type": "put_vote", "image": image, "value": int(self._rng.choice([-1, 1]))}

    def _mark(self) -> Json:
        keypoint = str(self._rng.choice(KEYPOINTS))
        return {"type": "put_mark", "cluster": "main", "keypoint": keypoint, "at": self.place()}
