"""What can be done to the state of a room: each operation is a message that stands in its log.

A change here raises `ui.protocol.PROTOCOL`, updates tests/messages/, and must still read the logs
that were written before.
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, TypeAdapter

from explorer.edits import Edit
from explorer.errors import SessionError
from explorer.session import Session, WeightingName
from explorer.session_json import session_from_json, session_to_json

ID_LIMIT = 64
TEXT_LIMIT = 200
COUNT_LIMIT = 10_000_000


def read_session(value: Any) -> Session:
    """Read a session that a person opens.

    Raises
    ------
    SessionError
        If it is none; the message says why.
    """
    if isinstance(value, Session):
        return value
    try:
        return session_from_json(value)
    except SessionError as error:
        raise SessionError(f"this is no session: {error}") from error


AnyEdit: TypeAlias = Annotated[Edit, Field(discriminator="kind")]
AnySession: TypeAlias = Annotated[
    Session, PlainValidator(read_session), PlainSerializer(session_to_json)
]
Id: TypeAlias = Annotated[str, Field(min_length=1, max_length=ID_LIMIT)]


class Message(BaseModel):
    """A frozen message; an unknown field is an error, not a surprise."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PutEdit(Message):
    """Operation: add an edit, or replace the one with the same id."""

    type: Literal["put_edit"] = "put_edit"
    cluster: Id
    edit: AnyEdit


class RemoveEdit(Message):
    """Operation: remove an edit; one that is not there is no error."""

    type: Literal["remove_edit"] = "remove_edit"
    cluster: Id
    edit_id: Id


class SetCluster(Message):
    """Operation: put all settings of a cluster; `count` null lets the average narrow by itself."""

    type: Literal["set_cluster"] = "set_cluster"
    cluster: Id
    name: Annotated[str, Field(min_length=1, max_length=TEXT_LIMIT)]
    weighting: WeightingName
    count: Annotated[int, Field(ge=1, le=COUNT_LIMIT)] | None


class Clear(Message):
    """Operation: remove every edit of a cluster."""

    type: Literal["clear"] = "clear"
    cluster: Id


class ReplaceSession(Message):
    """Operation: open a session file in place of everything; it can be undone."""

    type: Literal["replace_session"] = "replace_session"
    session: AnySession


class Undo(Message):
    """Operation: put back the values from before the sender's last operation."""

    type: Literal["undo"] = "undo"


class Redo(Message):
    """Operation: put back the values from before the sender's last undo."""

    type: Literal["redo"] = "redo"


Operation: TypeAlias = Annotated[
    PutEdit | RemoveEdit | SetCluster | Clear | ReplaceSession | Undo | Redo,
    Field(discriminator="type"),
]
operation: TypeAdapter[Operation] = TypeAdapter(Operation)
