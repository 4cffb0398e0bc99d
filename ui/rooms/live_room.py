"""A room that is open: its state in memory, its log on disk, and the members in it."""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

from explorer.annotation import Annotation
from explorer.session import Session
from ui.library import Library
from ui.rooms.batches import Batches, Waiting
from ui.rooms.digest import Digests
from ui.rooms.member import Member
from ui.rooms.names import Names
from ui.rooms.offers import Offers
from ui.rooms.past import Past
from ui.rooms.people import Crowd
from ui.rooms.recent import Followed, Recent
from ui.rooms.room import Logged, OperationError, RoomState, advanced, carry_out
from ui.rooms.store import Checkpoint, StoppingError, Store, StoreError
from ui.wire.addresses import MAIN
from ui.wire.operations import Operation, ReplaceSession
from ui.wire.protocol import Applied, Changes, CollectionInfo, RoomInfo

_logger = logging.getLogger(__name__)

CHECKPOINT_EVERY = 500
"""Operations between two digests of the state in the log."""

PAUSE_S = 0.001
"""For each member more than a few, as long as sending it a message takes several times over."""
LONGEST_PAUSE_S = 0.03


@dataclass(frozen=True, slots=True)
class _Step:
    """An operation that can be carried out, and what comes of it."""

    waiting: Waiting
    logged: Logged
    state: RoomState
    changes: Changes

    @property
    def applied(self) -> Applied:
        return Applied(
            revision=self.state.revision,
            op_id=self.logged.op_id,
            author=self.logged.author,
            changes=self.changes,
        )


class LiveRoom:
    """A room of one collection: its state, its log, its members. All on the event loop.

    Attributes
    ----------
    id
        Its name in the log.
    seat
        The collection, by its name in URLs, whose engine and images it uses.
    past
        Its earlier states.
    names
        How its authors were called last.
    after_batch
        Called with the session before and the operations, once they are carried out and told.
    """

    def __init__(
        self,
        info: CollectionInfo,
        library: Library,
        store: Store,
        *,
        room_id: str = MAIN,
        about: RoomInfo | None = None,
        seat: str = "",
    ) -> None:
        """Replay the log.

        Raises
        ------
        StoreError, OperationError
            If the log cannot be read or replayed.
        """
        self.id = room_id
        self.info = info
        self.seat = seat or info.name
        self.about = about or RoomInfo(name=info.name, title=info.name)
        self.library = library
        self.store = store
        self.members: dict[str, Member] = {}
        self.crowd = Crowd()
        self.after_batch: Callable[[Session, Sequence[Operation]], None] | None = None
        self._revisions: dict[str, int] = {}
        self.names = Names(store.names(room_id))
        self.past = Past(store, room_id, self.seat)
        self.state: RoomState = self.past.follow(map(self._counted, store.load(room_id)))
        self._recent = Recent(self.state.revision)
        self._batches = Batches(self._write, self._pause_s)
        self._offers = Offers(self.members)
        self._disk: Executor = ThreadPoolExecutor(1, thread_name_prefix="log")
        self._checker: Executor = ThreadPoolExecutor(1, thread_name_prefix="check")
        self._checks: set[asyncio.Future[None]] = set()
        self._is_closed = False
        self._digests = Digests()
        self._checked = max([0, *(known.revision for known in store.checkpoints(room_id))])

    def _counted(self, logged: Logged) -> Logged:
        self._revisions[logged.op_id] = len(self._revisions) + 1
        return logged

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
        state = advanced(self.state, logged)
        if state.session == self.state.session:
            return
        known = self.state.session
        if known.annotation != Annotation() or any(one.entries for one in known.clusters):
            raise OperationError(
                f"{self.info.name} has been edited: leave --session out, and open the file in the "
                "page, where that can be undone"
            )
        self.store.append(self.id, state.revision, logged)
        self.state = state
        self._counted(logged)
        self._recent = Recent(state.revision)

    async def operate(self, author: str, op_id: str, operation: Operation) -> Applied | None:
        """Carry out an operation, write it down, and tell every member.

        Who stops waiting does not stop the operation.

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
        if self._is_closed:
            raise StoppingError(StoppingError.told)
        self.names.hear(author, self.crowd.called(author))
        return self._again(op_id, author) or await self._batches.put(author, op_id, operation)

    async def learn(self, names: Mapping[str, str]) -> None:
        """Take over how authors are called in another room, of whom nothing is known here.

        Raises
        ------
        StoreError
            If it could not be written.
        """
        known = self.names.known
        new = {author: name for author, name in names.items() if author not in known}
        if new and not self._is_closed:
            run = asyncio.get_running_loop().run_in_executor
            await run(self._disk, self.store.put_names, self.id, new)
            self.names.keep(new)

    @property
    def waiting(self) -> int:
        """How many operations are not carried out yet, or not written."""
        return self._batches.waiting

    @property
    def last(self) -> str:
        """The id of the newest operation, "" if there is none."""
        return next(reversed(self._revisions), "")

    def missed(self, since: Followed) -> list[str] | None:
        """Return what a client has missed; None if it must be told the whole state."""
        is_ours = not since.last or self._revisions.get(since.last) == since.revision
        return self._recent.after(since.revision) if is_ours else None

    def tell_history(self, member: Member) -> None:
        """Tell a member who has just come whether it has something to undo and to redo."""
        self._offers.tell(member, self.state)

    async def close(self) -> None:
        """Carry out what was sent, and write down what the state is at last."""
        self._is_closed = True
        await self._batches.finish()
        if self.state.revision > self._checked:
            self._begin_check(self.state)
        if self._checks:
            await asyncio.wait(self._checks)
        self._disk.shutdown()
        self._checker.shutdown()

    def _pause_s(self) -> float:
        """Return how long to gather operations: each batch costs a message to every member."""
        return min(PAUSE_S * max(0, len(self.members) - 8), LONGEST_PAUSE_S)

    def _again(self, op_id: str, author: str) -> Applied | None:
        """Return the answer to an operation that was carried out before."""
        revision = self._revisions.get(op_id)
        if revision is None:
            return None
        return Applied(revision=revision, op_id=op_id, author=author, changes=Changes())

    async def _write(self, batch: Sequence[Waiting]) -> None:
        """Carry out a batch, write it down, and only then let it be so and tell everybody.

        Refusals too are told at the end: they may follow from an operation that is not written.
        """
        for waiting in batch:
            if waiting.op_id in self._revisions:  # written since it was sent for the second time
                waiting.succeed(self._again(waiting.op_id, waiting.author))
        steps, refused = self._planned(batch)
        if steps:
            await self._on_disk([step.logged for step in steps])
            self._take_effect(steps)
        for waiting, error in refused:
            waiting.fail(error)
        for step in steps:
            step.waiting.succeed(None)
        for waiting in batch:
            if not waiting.answer.done():
                waiting.succeed(self._again(waiting.op_id, waiting.author))

    def _planned(
        self, batch: Sequence[Waiting]
    ) -> tuple[list[_Step], list[tuple[Waiting, Exception]]]:
        """Return what would come of a batch; an operation that is sent again is in neither list."""
        state, steps, refused = self.state, list[_Step](), list[tuple[Waiting, Exception]]()
        ids: set[str] = set()
        for waiting in batch:
            if waiting.op_id in self._revisions or waiting.op_id in ids:
                continue
            logged = Logged(
                op_id=waiting.op_id,
                author=waiting.author,
                time=time.time(),
                operation=waiting.operation,
            )
            try:
                state, changes = carry_out(state, logged)
            except OperationError as error:
                refused.append((waiting, error))
            except Exception as error:
                _logger.exception("an operation of the type %s failed", waiting.operation.type)
                refused.append((waiting, error))
            else:
                ids.add(waiting.op_id)
                steps.append(_Step(waiting, logged, state, changes))
        return steps, refused

    async def _on_disk(self, batch: Sequence[Logged]) -> None:
        """Write in the room's own thread: in the common one it might wait for long work."""
        write, revision = self.store.append_all, self.state.revision + 1
        names = self.names.fresh
        await asyncio.get_running_loop().run_in_executor(
            self._disk, write, self.id, revision, batch, None, names
        )
        self.names.keep(names)

    def _begin_check(self, state: RoomState) -> None:
        """Write a digest of a state down, beside all else: nobody waits for it."""
        self._checked = state.revision
        check = asyncio.get_running_loop().run_in_executor(self._checker, self._check, state)
        self._checks.add(check)
        check.add_done_callback(self._checks.discard)

    def _check(self, state: RoomState) -> None:
        checkpoint = Checkpoint(state.revision, self._digests.of(state))
        try:
            self.store.put_checkpoint(self.id, checkpoint)
        except StoreError:
            _logger.exception("a checkpoint of %s could not be written", self.info.name)

    def _take_effect(self, steps: Sequence[_Step]) -> None:
        before = self.state.session
        self.state = steps[-1].state
        texts = [step.applied.model_dump_json() for step in steps]
        for step, text in zip(steps, texts, strict=True):
            self._counted(step.logged)
            self.past.keep(step.state, step.logged)
            self._recent.add(text)
        for member in self.members.values():
            member.send_texts(*texts)
        self.crowd.tell_along()
        self._offers.changed(self.state)
        if self.state.revision // CHECKPOINT_EVERY > self._checked // CHECKPOINT_EVERY:
            self._begin_check(self.state)
        if self.after_batch is not None:
            self.after_batch(before, [step.logged.operation for step in steps])
