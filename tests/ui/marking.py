"""What the tests of keypoints share: a room with marks, and a propagator that waits when told to.

The images of the collection are 32 x 16 pixels, their photographs four times as large. All of them
belong to the first cluster, main.
"""

import threading
import time

import numpy as np
import pytest

from explorer.annotation import ImagePoint, ImagePoints, Layer
from explorer.errors import Cancelled
from explorer.keypoint_schema import Keypoint, Schema
from explorer.keypoints.values import Proposals
from ui.wire.operations import AddCluster, PutLayer, PutMark, SetSchema

SCHEMA = Schema(
    keypoints=(
        Keypoint(id="left", name="Left"),
        Keypoint(id="right", name="Right"),
        Keypoint(id="tip", name="Tip"),
    ),
    pairs=(("left", "right"),),
)
URL = "/api/shoes/keypoints"


class FakePropagator:
    """Proposes the marks themselves for all members; `confidence` (6, 3) says how surely.

    While `gate` is closed nothing is found. What it was told is in `asked`. The first keypoint of
    the images in `beside` lies a pixel left of the picture.
    """

    def __init__(self):
        self.gate, self.begun = threading.Event(), threading.Event()
        self.gate.set()
        self.asked = []
        self.confidence = np.full((6, 3), 0.5, np.float32)
        self.beside = set()
        self.breaks = False

    def propagate(self, averages, *, corrected, pairs, progress, is_cancelled):
        self.asked.append((averages, corrected, pairs))
        progress(0.5)
        self.begun.set()
        while not self.gate.wait(0.005):
            if is_cancelled():
                raise Cancelled("a fake is cancelled")
        if self.breaks:
            raise RuntimeError("this propagator breaks")
        rows = np.concatenate([one.members for one in averages])
        points = np.concatenate([np.repeat(a.points[None], len(a.members), 0) for a in averages])
        points[np.isin(rows, list(self.beside)), 0, 0] = -1
        known = np.isfinite(points[..., 0])
        confidence = np.where(known, self.confidence[rows, : points.shape[1]], 0).astype(np.float32)
        return Proposals(rows=rows, points=points, confidence=confidence)


@pytest.fixture
def propagator(monkeypatch):
    fake = FakePropagator()
    monkeypatch.setattr("ui.keypoints.service.Propagator", lambda view: fake)
    yield fake
    fake.gate.set()


@pytest.fixture
def marked(client, propagator):
    """A room whose first average has two marks: left at (7.5, 7.5), right at (15.5, 3.5)."""
    operate(client, SetSchema(schema_=SCHEMA))
    operate(client, AddCluster(id="ears", name="Ears"))
    mark(client, "left", (0.25, 0.5))
    mark(client, "right", (0.5, 0.25))
    return client


def operate(client, operation, author="ann"):
    client.app.state.services.hub.operate("shoes", operation, author=author)


def mark(client, keypoint, at, cluster="main", author="ann"):
    operate(client, PutMark(cluster=cluster, keypoint=keypoint, at=at), author)


def place(client, image_id, keypoint, at, author="ann", **fields):
    """Place a point by hand, in pixels of the photograph."""
    point = ImagePoint(keypoint=keypoint, x=at[0], y=at[1], **fields)
    images = (ImagePoints(image=f"grey/{image_id}.png", points=(point,)),)
    layer_id = f"hand-{author}-{image_id}-{keypoint}"
    operate(client, PutLayer(layer=Layer(id=layer_id, kind="hand", images=images)), author)


def propagated(client, clusters=None):
    """Return the status once a propagation has ended."""
    answer = client.post(f"{URL}/propagate", json={"clusters": clusters})
    assert answer.status_code == 200, answer.text
    return ended(client)


def ended(client):
    end_s = time.monotonic() + 10
    while time.monotonic() < end_s:
        status = client.get(f"{URL}/propagate").json()
        if status["state"] != "running":
            return status
        time.sleep(0.005)
    raise AssertionError("the propagation does not end")


def accept(client, **asked):
    """Return the answer to an acceptance of ann's."""
    return client.post(f"{URL}/accept", json={"author": "ann"} | asked)
