"""A room that is open: its state in memory, its log on disk, and the members in it."""

import asyncio
import time
import uuid

from explorer.annotation import Annotation
from explorer.session import Session
from ui.library import Library
from ui.rooms.member import Member
from ui.rooms.room import Logged, OperationError, RoomState, carry_out, replay
from ui.rooms.store import Store
from ui.wire.operations import Operation, ReplaceSession
from ui.wire.protocol import Applied, Changes, CollectionInfo, History, RoomInfo

MAIN_ROOM = "main"


class LiveRoom:
    """The room of one collection: its state, its log, its members."""

    def __init__(self, info: CollectionInfo, library: Library, store: Store) -> None:
        """Replay the log.

        Raises
        ------
        StoreError, OperationError
            If the log cannot be read or replayed.
        """
        log = list(store.load(MAIN_ROOM))
        self.info = info
        self.about = RoomInfo(name=info.name, title=info.name)
        self.library = library
        self.store = store
        self.state: RoomState = replay(info.name, log)
        self.members: dict[str, Member] = {}
        self._revisions = {logged.op_id: place + 1 for place, logged in enumerate(log)}
        self._order = asyncio.Lock()
        self._running: set[asyncio.Task[Applied | None]] = set()

    def begin(self, session: Session) -> None:
        """Open a session before anybody is in the room; if it is open already, do nothing.

        Raises
        ------
        OperationError
            If somebody has edited here, as nobody could undo it, or the session is too large.
        StoreError
            If it could not be written.
        """
        operation = ReplaceSession(session=session)
        logged = Logged(op_id=uuid.uuid4().hex, author="", time=time.time(), operation=operation)
        state, _ = carry_out(self.state, logged)
        if state.session == self.state.session:
            return
        known = self.state.session
        if known.annotation != Annotation() or any(one.entries for one in known.clusters):
            raise OperationError(
                f"{self.info.name} has been edited: leave --session out, and open the file in the "
                "page, where that can be undone"
            )
        self.store.append(MAIN_ROOM, state.revision, logged)
        self.state = state
        self._revisions[logged.op_id] = state.revision

    async def operate(self, author: str, op_id: str, operation: Operation) -> Applied | None:
        """Carry out an operation, write it down, and tell every member.

        Returns
        -------
        Applied or None
            The answer to an operation that was carried out before; None for a new one.

        Raises
        ------
        OperationError
            If it cannot be carried out.
        StoreError
            If it could not be written; then it is not carried out.
        """
        # A member who leaves in the middle must not part what is written from what is done.
        task = asyncio.ensure_future(self._operate(author, op_id, operation))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _operate(self, author: str, op_id: str, operation: Operation) -> Applied | None:
        async with self._order:
            known = self._revisions.get(op_id)
            if known is not None:
                return Applied(revision=known, op_id=op_id, author=author, changes=Changes())
            logged = Logged(op_id=op_id, author=author, time=time.time(), operation=operation)
            state, changes = carry_out(self.state, logged)
            await asyncio.to_thread(self.store.append, MAIN_ROOM, state.revision, logged)
            self.state = state
            self._revisions[op_id] = state.revision
            applied = Applied(revision=state.revision, op_id=op_id, author=author, changes=changes)
            for member in list(self.members.values()):
                member.send(applied)
                self.tell_history(member)
        return None

    def tell_history(self, member: Member) -> None:
        """Tell a member whether it has something to undo and to redo."""
        history = History(
            can_undo=self.state.can_undo(member.author), can_redo=self.state.can_redo(member.author)
        )
        member.show("history", history.model_dump_json())
