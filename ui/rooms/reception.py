"""Reads what members of a room send, and does what it says."""

import asyncio
import dataclasses
import json
import logging
import time
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from pydantic import ValidationError

from explorer.session import Session
from ui.rooms.asking import Asking
from ui.rooms.budget import Budgets
from ui.rooms.focus import focus_after
from ui.rooms.live_room import LiveRoom
from ui.rooms.member import CLOSE_TOO_MANY, Member
from ui.rooms.room import OperationError
from ui.rooms.store import StoreError
from ui.rooms.under_way import UnderWay
from ui.settings import Settings
from ui.watching import metrics
from ui.wire.base import ID_LIMIT
from ui.wire.board import BoardOperation, PutClaim, PutComment
from ui.wire.operations import KeypointOperation, Operation, PutEdit, PutLayer
from ui.wire.people import Here
from ui.wire.protocol import (
    Cancel,
    ClientMessage,
    Focus,
    Hover,
    Operate,
    Ping,
    Pong,
    Preview,
    Refused,
    RefusedCode,
    client_message,
)
from ui.wire.roles import Role, is_at_least, least_role
from ui.wire.validation import told

PLAIN = KeypointOperation | BoardOperation
"""What changes no average."""

_logger = logging.getLogger(__name__)


class Reception:
    """Does what members ask for, as much of it as is one member's share.

    Operations beyond that are read later, and none is lost: what a connection cannot take waits on
    the other side. Previews and cursors beyond it are left out, as newer ones follow.

    Parameters
    ----------
    asking
        Asks the workers for what members look at.
    settings
        Say how many operations are a member's share.

    Attributes
    ----------
    is_open
        Whether operations are taken; what comes later is neither carried out nor answered, so pages
        send it again elsewhere.
    cannot_write
        Whether the newest operation could not be written.
    """

    def __init__(self, asking: Asking, settings: Settings) -> None:
        self.is_open = True
        self.cannot_write = False
        self._asking = asking
        self._settings = settings
        self._budgets: WeakKeyDictionary[Member, Budgets] = WeakKeyDictionary()
        self._under_way = UnderWay()

    async def receive(self, room: LiveRoom, member: Member, text: str) -> None:
        """Read one message of a member and do what it says, as `take`, and wait until it is done.

        What the sender can mend comes back as `refused`. Any other exception is a bug, and ends the
        connection.
        """
        await self.take(room, member, text)
        await self._under_way.all_done(member)

    async def take(self, room: LiveRoom, member: Member, text: str) -> None:
        """Read one message of a member; return when the next one may be read.

        Operations are begun in the order in which they came, but not waited for: a member whose
        page sends many has them written together. What may name a cluster waits for them.
        """
        budgets = self._budgets.get(member) or Budgets(self._settings)
        self._budgets[member] = budgets
        try:
            message: ClientMessage = client_message.validate_json(text)
        except ValidationError as error:
            _refuse_unread(member, text, error)
            if not budgets.mistakes.take():
                member.close(CLOSE_TOO_MANY, "too many messages that cannot be read")
            return
        if isinstance(message, Operate | Focus | Cancel) or _ends_preview(message):
            await self._slow_down(budgets.operation_wait_s(text))
            await self._do(room, member, message)
        elif budgets.of_type(message.type).take():
            if not isinstance(message, Here | Ping):
                await self._under_way.all_done(member)
            self._note(room, member, message)
        else:
            room.crowd.hear(member)
            metrics.SKIPPED.labels(message.type).inc()

    def _note(self, room: LiveRoom, member: Member, message: ClientMessage) -> None:
        """Do what may be left out, as a newer one follows."""
        match message:
            case Ping(time=sent):
                room.crowd.hear(member)
                member.show("pong", Pong(time=sent).model_dump_json())
            case Here():
                room.crowd.move(member, _known_here(room, member, message))
            case Preview():
                self._preview(room, member, message)
            case Hover():
                self._hover(room, member, message)

    async def _slow_down(self, wait_s: float) -> None:
        if wait_s > 0:
            metrics.SLOWED.inc()
            await asyncio.sleep(wait_s)

    async def _do(self, room: LiveRoom, member: Member, message: ClientMessage) -> None:
        """Do what must not be left out."""
        room.crowd.act(member)
        if isinstance(message, Operate):
            if self.is_open:
                await self._under_way.begin(member, self._operate(room, member, message))
            return
        await self._under_way.all_done(member)
        match message:
            case Preview():
                self._preview(room, member, message)
            case Focus():
                self._focus(room, member, message)
            case Cancel():
                self._cancel(room, member, message)

    def refocus(self, room: LiveRoom, before: Session, operations: Sequence[Operation]) -> None:
        """Let members whose cluster is gone look at another one, and all see what has become.

        A stroke that was put is no longer drawn.
        """
        metrics.WRITE_BATCH.observe(len(operations))
        for operation in operations:
            metrics.OPERATIONS.labels(operation.type).inc()
        put = {operation.edit.id for operation in operations if isinstance(operation, PutEdit)}
        for member in room.members.values():
            member.cluster = focus_after(before, room.state.session, member.cluster, operations)
            if member.live is not None and member.live.id in put:
                member.live, member.rest_from = None, room.state.revision
        if not all(isinstance(operation, PLAIN) for operation in operations):
            self._asking.frames(room)

    def _preview(self, room: LiveRoom, member: Member, message: Preview) -> None:
        room.crowd.act(member)
        if not _is_known(room, member, message.cluster):
            return
        member.cluster, member.live = message.cluster, message.edit
        member.request, member.seen = message.request, None
        self._asking.frame(room, member)

    def _hover(self, room: LiveRoom, member: Member, message: Hover) -> None:
        room.crowd.act(member)
        if _is_known(room, member, message.cluster):
            self._asking.hover(room, member, message)

    def _focus(self, room: LiveRoom, member: Member, message: Focus) -> None:
        if _is_known(room, member, message.cluster):
            room.crowd.look(member, message.cluster)
            member.cluster, member.live, member.seen = message.cluster, None, None
            self._asking.frame(room, member)

    def _cancel(self, room: LiveRoom, member: Member, message: Cancel) -> None:
        try:
            _check_role(member, least_role(message.type))
        except OperationError as error:
            _tell_refused(member, Refused(op_id=None, code=error.code, text=str(error)))
        else:
            self._asking.give_up(room, message.cluster)

    async def _operate(self, room: LiveRoom, member: Member, message: Operate) -> None:
        began_s = time.perf_counter()
        try:
            _check_role(member, least_role(message.operation.type))
            operation = _signed(room, member, message.operation)
            repeated = await room.operate(member.author, message.op_id, operation)
        except OperationError as error:
            self._refuse(room, member, message, error.code, str(error))
        except StoreError as error:
            if not self.is_open:
                return  # as if it had not come: its page sends it again to the next server
            self.cannot_write = True
            self._refuse(room, member, message, "not_saved", error.told)
        else:
            self.cannot_write = False
            if repeated is not None:
                member.send(repeated)
            metrics.ACKNOWLEDGED_SECONDS.observe(time.perf_counter() - began_s)

    def _refuse(
        self, room: LiveRoom, member: Member, message: Operate, code: RefusedCode, text: str
    ) -> None:
        """Say why an operation was not carried out; a stroke that was refused is not shown."""
        _tell_refused(member, Refused(op_id=message.op_id, code=code, text=text))
        operation, live = message.operation, member.live
        if live is not None and isinstance(operation, PutEdit) and live.id == operation.edit.id:
            member.live = None
            self._asking.frame(room, member)


def _check_role(member: Member, least: Role) -> None:
    if not is_at_least(member.role, least):
        text = f"this needs the role {least}, yours is {member.role}"
        raise OperationError(text, code="not_allowed")


def _ends_preview(message: ClientMessage) -> bool:
    return isinstance(message, Preview) and message.edit is None


def _tell_refused(member: Member, refused: Refused) -> None:
    member.send(refused)
    metrics.REFUSED.labels(refused.code).inc()
    _logger.info("refused", extra={"code": refused.code, "member": member.id})


def _refuse_unread(member: Member, text: str, error: ValidationError) -> None:
    refused = Refused(op_id=_op_id(text), code="bad_message", text=told(error))
    _tell_refused(member, refused)


def _signed(room: LiveRoom, member: Member, operation: Operation) -> Operation:
    """Return an operation with the name of who sent it, for when that one has left.

    A file that the server reads may name another author of points; a member may not.
    """
    if isinstance(operation, PutLayer):
        own = dataclasses.replace(operation.layer, author=member.author)
        return operation.model_copy(update={"layer": own})
    if not isinstance(operation, PutComment | PutClaim):
        return operation
    return operation.model_copy(update={"name": room.crowd.name_of(member)})


def _known_here(room: LiveRoom, member: Member, here: Here) -> Here:
    """Return where a member is, without a cluster or an image that is not there."""
    is_cluster = here.cluster in {cluster.id for cluster in room.state.session.clusters}
    is_image = here.image is None or room.library.image_id(here.image) is not None
    if is_cluster and is_image:
        return here
    cluster = here.cluster if is_cluster else member.cluster
    return here.model_copy(update={"cluster": cluster, "image": here.image if is_image else None})


def _is_known(room: LiveRoom, member: Member, cluster_id: str) -> bool:
    """Return whether there is the cluster that a member means, and tell it if there is not."""
    is_known = cluster_id in {cluster.id for cluster in room.state.session.clusters}
    if not is_known:
        text = f"there is no cluster {cluster_id!r} here"
        _tell_refused(member, Refused(op_id=None, code="bad_operation", text=text))
    return is_known


def _op_id(text: str) -> str | None:
    """Return which operation a bad message is about, where it says so: its sender waits for it."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    op_id = message.get("op_id") if isinstance(message, dict) else None
    if not isinstance(op_id, str) or not 0 < len(op_id) <= ID_LIMIT:
        return None
    return op_id if _is_text(op_id) else None


def _is_text(text: str) -> bool:
    """Return whether a text can be sent: JSON can name halves of letters, UTF-8 has none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
