"""A client of a room, as docs/protocol.md has it: it follows, queues, and sends again."""

import itertools

from pydantic import TypeAdapter

from tests.ui.room_log import follow, follow_board
from ui.wire.protocol import Applied, Operate, Refused, ServerMessage, Welcome

messages = TypeAdapter(ServerMessage | list[ServerMessage])


class Replica:
    """What one page knows, and which of its operations wait for an answer.

    `acknowledged` and `refused` are the ids of its own operations that were answered so.
    """

    def __init__(self, name, author):
        self.name = name
        self.author = author
        self.session = None
        self.board = None
        self.revision = 0
        self.last = ""
        self.waiting = {}
        self.acknowledged = set()
        self.refused = {}
        self.is_in = False
        self._numbers = itertools.count(1)

    def do(self, operation):
        """Queue an operation, and return its message."""
        op_id = f"{self.name}-{next(self._numbers)}"
        message = Operate(op_id=op_id, operation=operation)
        self.waiting[op_id] = message.model_dump_json(by_alias=True)
        return self.waiting[op_id]

    def receive(self, text):
        """Take what the server sends, and return what is to be sent because of it."""
        received = messages.validate_json(text)
        answers = []
        for message in received if isinstance(received, list) else [received]:
            match message:
                case Welcome():
                    answers += self._enter(message)
                case Applied():
                    self._follow(message)
                case Refused(code="not_saved"):
                    answers.append(self.waiting[message.op_id])
                case Refused():
                    self.refused[message.op_id] = message.code
                    self.waiting.pop(message.op_id, None)
        return answers

    def _enter(self, welcome):
        if welcome.session is None:
            assert (welcome.revision, welcome.board) == (self.revision, None)
        else:
            self.session, self.board = welcome.session, welcome.board
            self.revision, self.last = welcome.revision, welcome.last
        self.is_in = True
        return list(self.waiting.values())

    def _follow(self, applied):
        assert self.is_in, "nothing is told before `welcome`"
        if applied.op_id in self.waiting:
            self.acknowledged.add(applied.op_id)
            del self.waiting[applied.op_id]
        if applied.revision <= self.revision:
            return
        assert applied.revision == self.revision + 1, "an operation was not told"
        self.session = follow(self.session, applied.changes)
        self.board = follow_board(self.board, applied.changes.board)
        self.revision, self.last = applied.revision, applied.op_id
