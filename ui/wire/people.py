"""Presence: who is in a room, where their cursors are. It may be dropped; operations never are."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from ui.wire.base import Id, ImageName, Message, UnitPoint, Units
from ui.wire.roles import Role

PERSON_NAME_LIMIT = 40
TOOL_LIMIT = 24

PersonName: TypeAlias = Annotated[str, Field(max_length=PERSON_NAME_LIMIT)]
ToolName: TypeAlias = Annotated[str, Field(max_length=TOOL_LIMIT)]


class Here(Message):
    """Client: where I am. The newest wins, and others hear of it at most twenty times a second.

    `at` is the cursor on the average of `cluster` in canvas units, null where it is not over it;
    `radius` is the brush's while it is down, a share of the width, null while nothing is painted;
    `image` names the photograph that is looked at, in the review for example. `is_active` is false
    where the person has done nothing for a while, or looks at another tab.
    """

    type: Literal["here"] = "here"
    name: PersonName
    cluster: Id
    at: UnitPoint | None = None
    tool: ToolName = ""
    radius: Units | None = None
    image: ImageName | None = None
    is_active: bool = True


class Person(Message):
    """Somebody in the room: one for each open page.

    `id` is this page's, `author` stands at what the person does. `color` is given by the room, so
    that people differ. `state`: `idle` if nothing was done for 20 s.
    """

    id: str
    author: str
    name: str
    color: str
    role: Role
    cluster: str
    at: UnitPoint | None = None
    tool: str = ""
    radius: float | None = None
    image: str | None = None
    state: Literal["here", "idle"] = "here"


class People(Message):
    """Server: who has come, moved or gone since the last message of this type.

    With `is_all` it names everybody, the receiver included, and replaces what was known.
    """

    type: Literal["people"] = "people"
    people: tuple[Person, ...]
    gone: tuple[str, ...] = ()
    is_all: bool = False
