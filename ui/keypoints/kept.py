"""Proposals on disk, so that a server that starts again has them: a file beside the rooms' log.

They can be found again, so what cannot be written or read is only a line in the server's log.
"""

import json
import logging
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np

from explorer.keypoints.values import Proposals
from index.files import write_atomically
from ui.keypoints.found import Basis, Found
from ui.rooms.live_room import LiveRoom
from ui.wire.addresses import MAIN

SUFFIX = ".proposals.npz"
FORMAT = 1

_logger = logging.getLogger(__name__)


def keep_found(room: LiveRoom, found: Found) -> None:
    """Write the proposals of a collection down, in place of those from before."""
    said = json.dumps(_told(room, found))

    def write(file: BinaryIO) -> None:
        np.savez_compressed(
            file,
            said=np.frombuffer(said.encode(), np.uint8),
            rows=found.proposals.rows,
            points=found.proposals.points,
            confidence=found.proposals.confidence,
        )

    try:
        write_atomically(_path(room), write)
    except OSError:
        _logger.exception("the proposals of %s could not be written", room.info.name)


def read_found(room: LiveRoom) -> Found | None:
    """Return the proposals that were written down for a collection, None if there are none.

    Those of a collection that was built anew since are none of its images.
    """
    try:
        with _path(room).open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            said = json.loads(file["said"].tobytes())
            if (said["format"], said["collection"]) != (FORMAT, room.info.version):
                return None
            arrays = {name: file[name] for name in ("rows", "points", "confidence")}
        return _found(said, Proposals(**arrays))
    except FileNotFoundError:
        return None
    except Exception:
        _logger.warning("the proposals of %s cannot be read", room.info.name, exc_info=True)
        return None


def copy_found(source: LiveRoom, target: LiveRoom) -> None:
    """Let a room that leaves another one begin with its proposals."""
    try:
        content = _path(source).read_bytes()
        write_atomically(_path(target), lambda file: file.write(content))
    except FileNotFoundError:
        return
    except OSError:
        _logger.exception("the proposals of %s could not be copied", source.info.name)


def _path(room: LiveRoom) -> Path:
    """Return where a room's proposals are: a branch has its own, under its id."""
    name = room.store.path.name if room.id == MAIN else f"{room.store.path.name}.{room.id}"
    return room.store.path.with_name(name + SUFFIX)


def _told(room: LiveRoom, found: Found) -> dict[str, Any]:
    """Return all but the arrays; clusters that were found at once rest on the same."""
    clusters = list(found.bases)
    bases: list[Basis] = []
    for basis in found.bases.values():
        if not any(basis is known for known in bases):
            bases.append(basis)
    of_cluster = [
        next(i for i, known in enumerate(bases) if known is basis) for basis in found.bases.values()
    ]
    owners = {owner: number for number, owner in enumerate(dict.fromkeys(found.owners))}
    return {
        "format": FORMAT,
        "collection": room.info.version,
        "version": found.version,
        "revision": found.revision,
        "keypoints": found.keypoints,
        "owners": list(owners),
        "owner_of": [owners[owner] for owner in found.owners],
        "clusters": clusters,
        "basis_of": of_cluster,
        "bases": [
            {
                "digest": basis.digest,
                "marked": {cluster: sorted(ids) for cluster, ids in basis.marked.items()},
                "corrected": [[*place, *at] for place, at in basis.corrected.items()],
            }
            for basis in bases
        ],
    }


def _found(said: dict[str, Any], proposals: Proposals) -> Found:
    bases = [
        Basis(
            digest=one["digest"],
            marked={cluster: frozenset(ids) for cluster, ids in one["marked"].items()},
            corrected={(image, keypoint): (x, y) for image, keypoint, x, y in one["corrected"]},
        )
        for one in said["bases"]
    ]
    owners = cast(list[str], said["owners"])
    pairs = zip(said["clusters"], said["basis_of"], strict=True)
    return Found(
        version=said["version"],
        revision=said["revision"],
        keypoints=tuple(said["keypoints"]),
        proposals=proposals,
        owners=tuple(owners[number] for number in said["owner_of"]),
        bases={cluster: bases[number] for cluster, number in pairs},
    )
