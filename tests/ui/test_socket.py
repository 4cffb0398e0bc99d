"""Sockets into one room: what a member is told, and what it is not."""

import json

import anyio
import cv2
import numpy as np
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from ui.app import create_server
from ui.wire.frame import FRAME_HEADER

SOCKET = "ws://127.0.0.1:7860/ws"
RED, BLUE = [250, 10, 10], [10, 10, 250]
LIMIT_S = 30


def stroke(edit_id="s1", color=RED, radius=0.1):
    return {
        "kind": "color",
        "id": edit_id,
        "paths": [[[0.5, 0.5]]],
        "radius": radius,
        "color": color,
        "strength": 1.0,
        "enabled": True,
        "reach": "near",
    }


def put(edit, op_id="op-1"):
    operation = {"type": "put_edit", "cluster": "main", "edit": edit}
    return {"type": "operate", "op_id": op_id, "operation": operation}


def preview(edit, request=1):
    return {"type": "preview", "request": request, "cluster": "main", "edit": edit}


def hover(request, cluster="main"):
    place = {"x": 0.5, "y": 0.5, "size": 32}
    return {"type": "hover", "request": request, "cluster": cluster, **place}


class Member:
    """A socket that keeps what it was told, and waits for what a test wants."""

    def __init__(self, socket):
        self.socket = socket
        self.messages = []
        self.arrived = []

    def send(self, message):
        self.socket.send_text(json.dumps(message))

    def receive(self):
        if not self.arrived:
            self.arrived = self.read()
        message = self.arrived.pop(0)
        self.messages.append(message)
        return message

    def read(self):
        """The next message, or those of an array."""
        raw = self.socket.portal.call(self._receive)
        if raw["type"] == "websocket.close":
            raise WebSocketDisconnect(raw["code"], raw.get("reason"))
        if not raw.get("text"):
            return [frame(raw["bytes"])]
        said = json.loads(raw["text"])
        return said if isinstance(said, list) else [said]

    async def _receive(self):
        """`receive` of the socket would wait for good, and a test with it."""
        with anyio.fail_after(LIMIT_S):
            return await self.socket._send_rx.receive()

    def wait(self, kind, **fields):
        while True:
            message = self.receive()
            if message["type"] == kind and fields.items() <= message.items():
                return message

    def last(self, kind, **fields):
        """What was told already, or is to come: two slots may be sent in either order."""
        told = [m for m in self.messages if m["type"] == kind and fields.items() <= m.items()]
        return told[-1] if told else self.wait(kind, **fields)


def frame(content):
    names = ("kind", "codec", "cluster", "revision", "request", "elapsed", "width", "height")
    header = dict(zip(names, FRAME_HEADER.unpack_from(content), strict=True))
    picture_at = FRAME_HEADER.size + header["cluster"]
    header["cluster"] = content[FRAME_HEADER.size : picture_at].decode()
    encoded = np.frombuffer(content[picture_at:], np.uint8)
    blue, green, red = cv2.imdecode(encoded, cv2.IMREAD_COLOR)[0, 0]
    kind = {1: "live", 2: "rest", 3: "card"}[header.pop("kind")]
    type_ = "card" if kind == "card" else "frame"
    return {"type": type_, "kind": kind, "color": [int(red), int(green), int(blue)], **header}


@pytest.fixture
def join(client):
    def join(author="ann", **query):
        words = "".join(f"&{key}={value}" for key, value in query.items())
        return client.websocket_connect(f"{SOCKET}?author={author}{words}")

    return join


def is_near(color, other):
    return max(abs(a - b) for a, b in zip(color, other, strict=True)) < 8


def test_who_joins_is_told_the_state_and_shown_the_average(join):
    with join() as socket:
        member = Member(socket)
        welcome = member.wait("welcome")
        assert (welcome["revision"], welcome["author"]) == (0, "ann")
        assert welcome["collection"]["name"] == "shoes"
        assert (welcome["collection"]["images"], welcome["collection"]["width"]) == (6, 32)
        shown = member.wait("frame")
        assert (shown["kind"], shown["width"], shown["height"]) == ("rest", 32, 16)
        assert is_near(shown["color"], [128, 128, 128])


def test_clusters_each_have_their_average(join):
    with join() as socket:
        ann = Member(socket)
        add = {"type": "add_cluster", "id": "ears", "name": "Ears", "color": "#aabbcc"}
        add |= {"source": {"kind": "edits", "edits": [stroke()]}}
        ann.send({"type": "operate", "op_id": "op-1", "operation": add})
        added = ann.wait("applied")["changes"]
        assert added["order"] == ["main", "ears"]
        assert added["added"][0]["edits"][0]["edit"] == stroke()
        card = ann.wait("card", cluster="ears")
        assert is_near(card["color"], RED)
        figures = ann.last("clusters", outliers=0.5)["clusters"]
        assert [one["id"] for one in figures] == ["main", "ears"]
        ann.send({"type": "focus", "cluster": "ears"})
        assert is_near(ann.wait("frame", cluster="ears")["color"], RED)
        assert ann.wait("ranking")["cluster"] == "ears"
        ann.send(preview(stroke(color=[255, 255, 255])))
        shown = ann.wait("frame", cluster="main", request=1)
        assert is_near(shown["color"], [255, 255, 255])


def test_keypoints_are_told_without_their_points_and_saved_with_them(join, client):
    schema = {"name": "shoe", "keypoints": [{"id": "toe", "name": "Toe", "color": ""}]}
    schema |= {"edges": [], "pairs": []}
    images = {"grey/1.png": [["toe", 3.25, 4.0, "visible", 1.0]]}
    layer = {"id": "hand-ann-1-toe", "kind": "hand", "images": images}
    said = [
        {"type": "set_schema", "schema": schema},
        {"type": "put_mark", "cluster": "main", "keypoint": "toe", "at": [0.5, 0.25]},
        {"type": "put_layer", "layer": layer},
        {"type": "put_review", "image": "grey/1.png"},
    ]
    with join("ann") as one, join("bob") as other:
        ann, bob = Member(one), Member(other)
        for number, operation in enumerate(said, start=1):
            ann.send({"type": "operate", "op_id": f"op-{number}", "operation": operation})
            told = bob.wait("applied", revision=number, author="ann")["changes"]["annotation"]
        assert [review["image"] for review in told["put_reviews"]] == ["grey/1.png"]
    with join("eve") as socket:
        seen = Member(socket).wait("welcome")["session"]["annotation"]
    assert seen["schema"] == schema
    assert [(mark["at"], mark["author"]) for mark in seen["marks"]] == [([0.5, 0.25], "ann")]
    [known] = seen["layers"]
    assert (known["id"], known["images"], known["points"]) == ("hand-ann-1-toe", 1, 1)
    saved = client.get("/api/shoes/session.json").json()
    assert saved["annotation"]["layers"][0]["images"] == images
    assert client.post("/api/shoes/session.json", json=saved).json() == {"revision": 5}
    assert client.get("/api/shoes/session.json").json() == saved


def test_sharpening_tells_how_far_it_is_and_can_be_given_up(join, engine):
    engine.may_sharpen.clear()
    with join() as socket:
        ann = Member(socket)
        ann.send(put({"kind": "sharpen", "id": "z1", "rounds": 3, "enabled": True}))
        assert ann.wait("progress", state="running")["cluster"] == "main"
        ann.send({"type": "cancel", "what": "sharpen", "cluster": "main"})
        ann.wait("progress", state="cancelled")
        engine.may_sharpen.set()
        ann.send({"type": "operate", "op_id": "op-2", "operation": {"type": "undo"}})
        ann.wait("applied", revision=2)
        ann.send(put({"kind": "sharpen", "id": "z2", "rounds": 2, "enabled": True}, "op-3"))
        ann.wait("progress", state="done")
        ann.send(preview(None))  # the sharpened frame may have come before the word that it is done
        shown = ann.wait("frame", revision=3, request=1)
        assert is_near(shown["color"], [255, 255, 255])


def test_operation_reaches_the_other_window_and_its_average(join):
    with join("ann") as first, join("bob") as second:
        ann, bob = Member(first), Member(second)
        bob.wait("frame")
        ann.send(put(stroke()))
        applied = bob.wait("applied")
        assert (applied["revision"], applied["author"]) == (1, "ann")
        assert applied["changes"]["put"][0]["entry"]["edit"] == stroke()
        assert ann.wait("history", can_undo=True)
        assert is_near(bob.wait("frame", revision=1)["color"], RED)


def test_reloaded_page_sees_the_same_state(join):
    with join() as socket:
        member = Member(socket)
        member.send(put(stroke()))
        member.wait("applied")
    with join() as socket:
        member = Member(socket)
        welcome = member.wait("welcome")
        entries = welcome["session"]["clusters"][0]["edits"]
        assert [entry["edit"] for entry in entries] == [stroke()]
        assert welcome["revision"] == 1
        assert member.wait("history")["can_undo"]


def test_preview_is_shown_to_its_painter_and_written_nowhere(join):
    with join("ann") as first, join("bob") as second:
        ann, bob = Member(first), Member(second)
        bob.wait("frame")
        ann.send(preview(stroke(color=BLUE), request=5))
        shown = ann.wait("frame", request=5)
        assert (shown["kind"], shown["revision"]) == ("live", 0)
        assert is_near(shown["color"], BLUE)
        bob.send({"type": "ping", "time": 1.5})
        assert bob.wait("pong") == {"type": "pong", "time": 1.5}
        assert [m["request"] for m in bob.messages if m["type"] == "frame"] == [0]
    with join() as socket:
        assert Member(socket).wait("welcome")["revision"] == 0


def test_only_the_newest_preview_is_computed(join, engine):
    with join() as socket:
        member = Member(socket)
        member.wait("frame")
        engine.gate.clear()
        for request in range(1, 30):
            member.send(preview(stroke(radius=request / 100), request))
        member.send({"type": "ping", "time": 0.0})
        member.wait("pong")
        engine.gate.set()
        member.wait("frame", request=29)
        radii = [live.radius for _, live in engine.asked if live]
        assert len(radii) <= 2
        assert radii[-1] == 0.29


def test_frames_never_go_back(join, engine):
    with join() as socket:
        member = Member(socket)
        for request in range(1, 20):
            member.send(preview(stroke(), request))
            if request % 5 == 0:
                member.send(put(stroke(), op_id=f"op-{request}"))
        member.wait("frame", revision=3, request=19)
        numbers = [(m["revision"], m["request"]) for m in member.messages if m["type"] == "frame"]
        assert numbers == sorted(numbers)


def test_rest_frame_after_the_stroke_acknowledges_its_previews(join):
    with join() as socket:
        member = Member(socket)
        member.send(preview(stroke(), request=3))
        member.send(put(stroke()))
        assert member.wait("frame", revision=1)["kind"] == "rest"
        assert member.messages[-1]["request"] == 3


def test_ranking_has_weights_and_boxes_in_canvas_units(join):
    with join() as socket:
        member = Member(socket)
        member.send(put(stroke(radius=0.125)))
        ranking = member.wait("ranking", revision=1)
        first = ranking["top"][0]
        assert (first["id"], first["name"], first["weight"]) == (1, "grey/1.png", 0.5)
        # painted at 0.5 +- 0.125 of 32 px, matched 8 px further right; 4 px are 0.25 of 16
        assert first["boxes"] == {"s1": [0.625, 0.25, 0.25, 0.5]}
        assert [image["id"] for image in ranking["top"]] == [1, 0, 2]


def test_operation_sent_twice_is_carried_out_once(join):
    with join() as socket:
        member = Member(socket)
        for _ in range(2):
            member.send(put(stroke()))
        answers = [member.wait("applied"), member.wait("applied")]
        assert [answer["revision"] for answer in answers] == [1, 1]
        assert answers[1]["changes"]["put"] == []


def test_message_that_cannot_be_read_is_refused_and_the_next_one_works(join):
    with join() as socket:
        member = Member(socket)
        for message in ({"type": "shout"}, put(stroke(radius=-1)), [1], {"type": "ping"}):
            member.send(message)
            assert member.wait("refused")["code"] == "bad_message"
        member.send({"type": "operate", "op_id": "op-2", "operation": {"type": "undo"}})
        refused = member.wait("refused")
        assert (refused["op_id"], refused["code"]) == ("op-2", "nothing_to_undo")


def test_collection_of_small_images_has_no_modes_under_the_cursor(join):
    with join() as socket:
        member = Member(socket)
        member.send(hover(request=3))
        modes = member.wait("modes")
        assert (modes["request"], modes["is_final"], modes["modes"]) == (3, True, [])


def test_hover_in_a_cluster_that_is_not_there_is_refused(join):
    with join() as socket:
        member = Member(socket)
        member.send(hover(request=1, cluster="ears"))
        assert member.wait("refused")["code"] == "bad_operation"


def test_modes_under_the_cursor_are_told_to_who_hovers(larger_client):
    with larger_client.websocket_connect(SOCKET) as first:
        ann = Member(first)
        ann.send(put(stroke()))
        ann.wait("applied")
        ann.send(hover(request=1))
        modes = ann.wait("modes", is_final=True)
        assert (modes["revision"], modes["request"], modes["cluster"]) == (1, 1, "main")
        assert [mode["image"] for mode in modes["modes"]] == ["grey/0.png"]


def test_engine_that_breaks_is_a_status_and_the_next_stroke_works(join):
    with join() as socket:
        member = Member(socket)
        member.send(preview(stroke(radius=1), request=1))
        assert member.wait("status")["request"] == 1
        member.send(preview(stroke(), request=2))
        assert is_near(member.wait("frame", request=2)["color"], RED)


@pytest.mark.parametrize(
    ("query", "code"), [({"protocol": "99"}, 4400), ({"collection": "hats"}, 4404)]
)
def test_wrong_handshake_is_closed_with_its_code(join, query, code):
    with join(**query) as socket, pytest.raises(WebSocketDisconnect) as caught:
        Member(socket).wait("welcome")
    assert caught.value.code == code


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {"host": "evil.example:7860"},
    ],
)
def test_socket_from_another_origin_is_refused(client, headers):
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(SOCKET, headers=headers):
        pass


def test_socket_of_our_own_page_is_accepted(client):
    with client.websocket_connect(SOCKET, headers={"origin": "http://127.0.0.1:7860"}) as socket:
        assert Member(socket).wait("welcome")


def test_restarted_server_has_the_same_rooms(settings, parts):
    def server():
        return TestClient(create_server(settings, parts), base_url="http://127.0.0.1:7860")

    with server() as client, client.websocket_connect(f"{SOCKET}?author=ann") as socket:
        member = Member(socket)
        member.send(put(stroke()))
        member.wait("applied")
    with server() as client, client.websocket_connect(f"{SOCKET}?author=ann") as socket:
        member = Member(socket)
        assert member.wait("welcome")["session"]["clusters"][0]["edits"][0]["edit"] == stroke()
        member.send(put(stroke(color=BLUE)))
        assert member.wait("applied", op_id="op-1")["revision"] == 1
