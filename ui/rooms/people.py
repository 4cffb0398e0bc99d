"""Who is in a room and where: told to all others a few times a second, each time the newest.

Changes are numbered. A member's message is made when its connection is ready for one, of what has
changed since the number that it was told last. So a slow member gets fewer messages, none of them
old, and never misses who came or went. Whoever was told the same last is told the same text.
"""

import functools
import json
import time
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from ui.rooms.member import Member
from ui.rooms.names import clean_name
from ui.watching import metrics
from ui.wire.people import Here, Person

TICK_S = 0.05
"""How often those who moved are told to the others."""

ALONG_S = 0.025
"""How long after that they may be told again, where a message to everybody goes out anyway."""

IDLE_S = 20.0
"""How long somebody may do nothing and still counts as there."""

SILENT_S = 20.0
"""How long nothing may be heard of somebody whose page is in front."""

HIDDEN_S = 90.0
"""The same, of a page that said it is hidden: browsers let its timers run once a minute."""

NOBODY = "Guest"
AUTHORS_KEPT = 1000
NOTHING = -1
"""What somebody was told of who has just come."""

PALETTE = (
    "#0055ff",
    "#eebb00",
    "#882222",
    "#88ccee",
    "#cc4400",
    "#007788",
    "#bbcc77",
    "#004499",
    "#55aa88",
    "#7799ff",
)
"""Apart for all who see red and green alike too: a search for the greatest least difference."""


@dataclass(slots=True)
class _Seen:
    """One page in the room: the number of its newest change, and up to which it was told all."""

    member: Member
    person: Person
    text: str
    has_own_name: bool
    here: Here | None = None
    heard_s: float = 0.0
    acted_s: float = 0.0
    changed: int = 0
    known: int = NOTHING


class Crowd:
    """The people in one room.

    Parameters
    ----------
    clock
        Tells the time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[str, _Seen] = {}
        self._colors: dict[str, str] = {}
        self._moved: set[str] = set()
        self._number = 0
        self._gone: dict[str, int] = {}
        self._texts: dict[int, str] = {}
        self._told_s = -ALONG_S

    def __len__(self) -> int:
        return len(self._seen)

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody, in the order in which they came."""
        return tuple(seen.person for seen in self._seen.values())

    def come(self, member: Member, cluster: str, name: str = "") -> Person:
        """Let somebody in, and tell everybody at once.

        Parameters
        ----------
        member
            Who comes.
        cluster
            What it looks at first.
        name
            What it is called whatever its page says; empty: what its page says.
        """
        now = self._clock()
        person = Person(
            id=member.id,
            author=member.author,
            name=clean_name(name) or NOBODY,
            color=self._color_for(member.author),
            role=member.role,
            cluster=cluster,
        )
        seen = _Seen(member, person, person.model_dump_json(), bool(clean_name(name)))
        seen.heard_s = seen.acted_s = now
        self._seen[member.id] = seen
        self._share({member.id})
        return person

    def name_of(self, member: Member) -> str:
        """Return how somebody is called; empty: nobody knows."""
        seen = self._seen.get(member.id)
        return "" if seen is None or seen.person.name == NOBODY else seen.person.name

    def called(self, author: str) -> str:
        """Return how an author is called who is there; empty: nobody knows."""
        pages = (seen for seen in reversed(self._seen.values()) if seen.member.author == author)
        return next((seen.person.name for seen in pages if seen.person.name != NOBODY), "")

    def go(self, member: Member) -> None:
        """Let somebody go, and tell everybody at once."""
        if self._seen.pop(member.id, None) is None:
            return
        self._moved.discard(member.id)
        heard = min((seen.known for seen in self._seen.values()), default=self._number)
        self._gone = {gone: number for gone, number in self._gone.items() if number > heard}
        self._gone[member.id] = self._number + 1
        self._share(set())

    def hear(self, member: Member) -> None:
        """Take note that something was heard of somebody."""
        if member.id in self._seen:
            self._seen[member.id].heard_s = self._clock()

    def act(self, member: Member) -> None:
        """Take note that somebody has done something."""
        seen = self._seen.get(member.id)
        if seen is None:
            return
        seen.heard_s = seen.acted_s = self._clock()
        if seen.person.state != "here":
            self._become(seen, seen.person.model_copy(update={"state": "here"}))

    def move(self, member: Member, here: Here) -> None:
        """Take note of where somebody is; the others hear of it on the next tick."""
        seen = self._seen.get(member.id)
        if seen is None:
            return
        seen.heard_s = self._clock()
        if here != seen.here:
            seen.acted_s = seen.heard_s
        seen.here = here
        is_idle = not here.is_active or seen.heard_s - seen.acted_s >= IDLE_S
        where = here.model_dump(exclude={"type", "name", "is_active"})
        if not seen.has_own_name:
            name = clean_name(here.name)
            where["name"] = name if name and member.may_be_called(name) else NOBODY
        where["state"] = "idle" if is_idle else "here"
        self._become(seen, seen.person.model_copy(update=where))

    def look(self, member: Member, cluster: str) -> None:
        """Take note of which cluster somebody looks at."""
        seen = self._seen.get(member.id)
        if seen is not None and seen.person.cluster != cluster:
            self._become(seen, seen.person.model_copy(update={"cluster": cluster, "at": None}))

    def tick(self) -> list[Member]:
        """Tell everybody who has moved, and return those of whom nothing was heard for long."""
        now = self._clock()
        for seen in self._seen.values():
            if seen.person.state == "here" and now - seen.acted_s >= IDLE_S:
                self._become(seen, seen.person.model_copy(update={"state": "idle"}))
        self.tell_along()
        return [seen.member for seen in self._seen.values() if _is_silent(seen, now)]

    def tell_along(self) -> None:
        """Tell everybody who has moved, unless they have just been told.

        A room does so when it tells of operations: both then go as one message.
        """
        now = self._clock()
        if now - self._told_s < ALONG_S:
            return
        self._told_s = now
        moved, self._moved = self._moved, set()
        if moved:
            self._share(moved)

    def _become(self, seen: _Seen, person: Person) -> None:
        if person != seen.person:
            seen.person, seen.text = person, ""
            self._moved.add(person.id)

    def _share(self, changed: set[str]) -> None:
        """Have everybody told of some people, but nobody of oneself alone."""
        self._number += 1
        self._texts.clear()
        for one in changed:
            self._seen[one].changed = self._number
        for one, seen in self._seen.items():
            if seen.known == NOTHING or changed != {one}:
                seen.member.show("people", functools.partial(self._message, seen))

    def _message(self, seen: _Seen) -> str:
        """Return what somebody is to be told, which it then has been."""
        text = self._texts.get(seen.known)
        if text is None:
            text = self._texts[seen.known] = self._since(seen.known)
        seen.known = self._number
        metrics.PRESENCE_SENT.inc()
        return text

    def _since(self, known: int) -> str:
        """Return what has changed since a number."""
        people = ",".join(self._text(one) for one in self._seen.values() if one.changed > known)
        is_all = known == NOTHING
        left = [] if is_all else [gone for gone, number in self._gone.items() if number > known]
        gone = json.dumps(sorted(left))
        return (
            f'{{"type":"people","people":[{people}],"gone":{gone},"is_all":{json.dumps(is_all)}}}'
        )

    @staticmethod
    def _text(seen: _Seen) -> str:
        if not seen.text:
            seen.text = seen.person.model_dump_json()
        return seen.text

    def _color_for(self, author: str) -> str:
        """Return a color that the fewest have: the author's own one if it is among them."""
        used = Counter(seen.person.color for seen in self._seen.values())
        fewest = min(used[color] for color in PALETTE)
        free = [color for color in PALETTE if used[color] == fewest]
        color = self._colors.pop(author, None)
        self._colors[author] = color if color in free else self._unclaimed(author, free)
        if len(self._colors) > AUTHORS_KEPT:
            del self._colors[next(iter(self._colors))]
        return self._colors[author]

    def _unclaimed(self, author: str, free: list[str]) -> str:
        """Return of some colors one that nobody who left had, or else that of who left first.

        An author has one of its own among them, so that most keep theirs when the server has been
        started again, whoever comes back first.
        """
        claimed = list(self._colors.values())
        own = zlib.crc32(author.encode(errors="surrogatepass"))

        def rank(color: str) -> tuple[int, int]:
            left = claimed.index(color) + 1 if color in claimed else 0
            return left, (PALETTE.index(color) - own) % len(PALETTE)

        return min(free, key=rank)


def _is_silent(seen: _Seen, now: float) -> bool:
    is_hidden = seen.here is not None and not seen.here.is_active
    return now - seen.heard_s >= (HIDDEN_S if is_hidden else SILENT_S)
