"""`ui.rooms.opening`: what is known of a room, when several people change it at once."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from ui.rooms.opening import Opening, Seat
from ui.rooms.store import RoomRecord

BRANCH = RoomRecord(id="try", title="Try", parent="main", base=1)


def test_two_changes_at_once_are_both_kept():
    both = threading.Barrier(2)

    class Slow:
        """Writes only when two want to, or after a while."""

        def put_room(self, record):
            with contextlib.suppress(threading.BrokenBarrierError):
                both.wait(0.3)

    opening = Opening({}, lambda room: None)
    opening._seats["shoes"] = Seat("shoes", SimpleNamespace(name="shoes"), Slow())
    opening._records["shoes~try"] = BRANCH
    with ThreadPoolExecutor(2) as threads:
        changes = [
            threads.submit(opening.change, "shoes~try", **fields)
            for fields in ({"is_private": True}, {"base": 7})
        ]
        for change in changes:
            change.result()
    record = opening.record("shoes~try")
    assert (record.is_private, record.base) == (True, 7)
