"""A server that is started with a session shows it, and never in place of what people did."""

from dataclasses import replace

import pytest

from explorer.annotation import Annotation, Review
from explorer.edits import LikeImage
from explorer.session import Cluster, Entry, Session
from ui.app import create_server
from ui.rooms.room import OperationError

LIKE = LikeImage(id="e1", image="grey/1.png")
EXPLORED = Session(
    collection="elsewhere",
    clusters=(Cluster(id="a", entries=(Entry(edit=LIKE),)), Cluster(id="b", name="Second")),
)


@pytest.fixture
def serve(settings, parts):
    """Start a server with a session, and return its room; it must be stopped."""
    hubs = []

    def started(session):
        hub = create_server(replace(settings, session=session), parts).state.services.hub
        hubs.append(hub)
        return hub.room(None)

    yield started
    for hub in hubs:
        hub.room(None).store.close()


def test_session_is_shown_at_first_and_is_in_the_log(serve):
    room = serve(EXPLORED)
    assert room.state.session == replace(EXPLORED, collection="shoes")
    room.store.close()
    assert serve(None).state.session.clusters == EXPLORED.clusters


def test_same_session_again_changes_nothing(serve):
    room = serve(EXPLORED)
    room.store.close()
    assert serve(EXPLORED).state.revision == room.state.revision == 1


@pytest.mark.parametrize(
    "session",
    [
        Session(clusters=(Cluster(entries=(Entry(edit=LIKE),)),)),
        Session(annotation=Annotation(reviews=(Review(image="grey/1.png"),))),
    ],
    ids=["an edit", "a review"],
)
def test_edited_room_is_not_replaced(settings, parts, serve, session):
    hub = create_server(settings, parts).state.services.hub
    room = hub.room(None)
    room.begin(session)
    with pytest.raises(OperationError, match="shoes has been edited: leave --session out"):
        room.begin(EXPLORED)
    room.store.close()
    assert [cluster.id for cluster in serve(None).state.session.clusters] == ["main"]


def test_session_with_too_many_clusters_is_refused(serve):
    clusters = tuple(Cluster(id=f"c{number}") for number in range(65))
    with pytest.raises(OperationError, match="at most 64 clusters"):
        serve(Session(clusters=clusters))
