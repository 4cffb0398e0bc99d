"""Taking proposals as points: an operation of whoever accepts them, so it can be undone."""

import asyncio
import dataclasses
import uuid
from collections.abc import Collection, Iterable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from explorer.annotation import Layer, Merge
from explorer.keypoints.accepting import Acceptance, accepted_layer
from ui.keypoints.answers import Known
from ui.keypoints.found import Found
from ui.keypoints.service import Propagations
from ui.rooms.hub import Hub, UnknownError
from ui.rooms.room import OperationError
from ui.wire.base import ID_LIMIT
from ui.wire.operations import PutLayer

ANSWERS_KEPT = 64


class Accept(BaseModel):
    """Which proposals become points; null asks for all clusters, images or keypoints."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    author: str = ""
    op_id: Annotated[str, Field(max_length=ID_LIMIT)] = ""
    threshold: Annotated[float, Field(ge=0, le=1)] = 0.0
    merge: Merge = "missing"
    clusters: tuple[str, ...] | None = None
    images: tuple[str, ...] | None = None
    keypoints: tuple[str, ...] | None = None


class Acceptances:
    """Carries out what is accepted, each once.

    Parameters
    ----------
    hub
        Whose rooms take the points.
    propagations
        What was proposed.
    """

    def __init__(self, hub: Hub, propagations: Propagations) -> None:
        self._hub, self._propagations = hub, propagations
        self._answers: dict[tuple[str, str], dict[str, Any]] = {}

    async def accept(self, collection: str, asked: Accept) -> dict[str, Any]:
        """Make a layer of proposals, and return its id and how much is in it.

        Raises
        ------
        UnknownError, OperationError, StoreError
            If there is no such collection, nothing was proposed or nothing is left to accept, or it
            could not be written.
        """
        op_id = asked.op_id or uuid.uuid4().hex
        layer_id = f"accepted-{op_id}"
        known = await asyncio.to_thread(self._propagations.known, collection)
        done = next((layer for layer in known.annotation.layers if layer.id == layer_id), None)
        if done is not None:
            return _told(done)
        if (answer := self._answers.get((collection, op_id))) is not None:
            return answer
        layer = await asyncio.to_thread(chosen_layer, known, layer_id, asked)
        operation = PutLayer(layer=layer)
        await self._hub.carry_out(collection, operation, asked.author, op_id)
        answer = self._answers[collection, op_id] = _told(layer)
        while len(self._answers) > ANSWERS_KEPT:
            del self._answers[next(iter(self._answers))]
        return answer


def chosen_layer(known: Known, layer_id: str, asked: Accept) -> Layer:
    """Return the proposals that are asked for as a layer.

    Raises
    ------
    UnknownError
        If an image, cluster or keypoint that is asked for has no proposals.
    OperationError
        If nothing was proposed, or nothing is left to accept.
    """
    found = known.found
    if found is None:
        raise OperationError("there are no proposals yet: carry the points to the images first")
    _check_known("cluster", asked.clusters, found.bases)
    _check_known("keypoint", asked.keypoints, known.keypoints)
    rows = _rows(known, found, asked)
    keypoints = known.keypoints if asked.keypoints is None else asked.keypoints
    layer = accepted_layer(
        found.proposals,
        found.keypoints,
        Acceptance(
            id=layer_id,
            threshold=asked.threshold,
            merge=asked.merge,
            rows=rows,
            keypoints=keypoints,
        ),
        known.photographs,
        known.laid,
    )
    if not layer.images:
        raise OperationError(
            "nothing is left to accept: lower the threshold, or overwrite what is there; points "
            "that were placed by hand stay"
        )
    names = {image.image for image in layer.images}
    owned = zip(found.proposals.rows.tolist(), found.owners, strict=True)
    taken = {owner for row, owner in owned if known.photographs.name(row) in names}
    clusters = tuple(cluster for cluster in found.bases if cluster in taken)
    return dataclasses.replace(layer, clusters=clusters)


def _rows(known: Known, found: Found, asked: Accept) -> set[int]:
    """Return the images that are asked for."""
    owned = zip(found.proposals.rows.tolist(), found.owners, strict=True)
    rows = {row for row, owner in owned if asked.clusters is None or owner in asked.clusters}
    if asked.images is None:
        return rows
    named = {name: known.photographs.row(name) for name in asked.images}
    for name, row in named.items():
        if row is None or found.place(row) is None:
            raise UnknownError(f"there are no proposals for an image {name!r}")
    return rows & {row for row in named.values() if row is not None}


def _check_known(what: str, asked: Iterable[str] | None, known: Collection[str]) -> None:
    for one in asked or ():
        if one not in known:
            raise UnknownError(f"there are no proposals for a {what} {one!r}")


def _told(layer: Layer) -> dict[str, Any]:
    points = sum(len(image.points) for image in layer.images)
    return {"layer": layer.id, "images": len(layer.images), "points": points}
