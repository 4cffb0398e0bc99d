"""How well the support meter tells edits of a collection from edits of something else."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from evaluation.strokes import Region
from evaluation.support_cases import (
    KINDS,
    MOST_EDITS,
    Case,
    Kind,
    Truth,
    WithGuests,
    altered,
    cut_chimera,
    cut_one,
    fitted,
    recurs,
)
from explorer.arrays import ByteArray
from explorer.edits import ImageVerdict
from explorer.engine import Engine
from explorer.session import Cluster, Entry
from explorer.support import words
from index.collection import Collection
from index.errors import CollectionError

GUESTS = 60
COPIES = 20
TRIES = 10
RESAMPLES = 1000
PROTOCOL = (
    "{cases} times each, one to three edits cut from a random image (seed {seed}), which is left "
    "out: of the collection (present), the same where what the edits are cut from is in 20 other "
    "images and in twice as many as by chance, by its edges (recurring), of {others} (foreign), "
    "the same with {copies} altered copies of the image in the collection (planted), or each edit "
    "from another image, all of one region (chimera); level: what exploring them says; auc: the "
    "area under the curve of what is there against what is absent; low and high: 95 % bootstrap "
    "interval; said: how often each word is said of two or three edits, of all cases together"
)

Levels = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """A case, and what the meter says of it."""

    case: Case
    level: float


def evaluate_support(
    collection: Collection, others: Sequence[Collection], *, cases: int = 60, seed: int = 0
) -> dict[str, Any]:
    """Measure whether the meter tells present modes from absent ones.

    Parameters
    ----------
    collection
        What is explored.
    others
        Collections of other things: edits cut from their images are foreign.
    cases
        How many present, foreign and chimeric cases of one, two and three edits each to try.
    seed
        Of the random choice.

    Returns
    -------
    dict
        "collection", "protocol" and "rows": the area under the curve of each comparison, with its
        interval; and how often the meter says each of its words.

    Notes
    -----
    What is "there"? An image that was cut from a collection need not be there a second time: most
    cuts of a photograph of a cat are not. So three answers are given. "present": any cut, which is
    a lower bound, for some of it is absent. "recurring": cuts whose regions match in many other
    images by their edges, which is known without the meter and without what the edits ask for,
    though a picked mode is looked for in the same way. "planted": cuts of an image of which there
    are 20 altered copies, which is sure. And a cut that is "foreign" may well be there, as a grey
    stroke is in any collection: that bounds the area from above.

    Raises
    ------
    CollectionError
        If there is no other collection, or this one has fewer than four images.
    """
    if not others or collection.size <= MOST_EDITS:
        raise CollectionError(
            f"{collection.name} needs four images and another collection to compare with"
        )
    judged = list(judge(collection, others, cases=cases, seed=seed))
    return {
        "collection": collection.name,
        "protocol": PROTOCOL.format(
            cases=cases, seed=seed, copies=COPIES, others=", ".join(other.name for other in others)
        ),
        "rows": [*_rows(judged, seed), *_said(judged)],
    }


def judge(
    collection: Collection, others: Sequence[Collection], *, cases: int, seed: int
) -> Iterator[Judged]:
    """Yield the cases of `evaluate_support` with what the engine says of them."""
    rng = np.random.default_rng(seed)
    guests = [_guest(collection, others[k % len(others)], rng) for k in range(GUESTS)]
    for case in _cases(collection, guests, cases, rng):
        left_out = [
            ImageVerdict(id=f"x{number}", image=name, verdict="exclude")
            for number, name in enumerate(case.sources)
        ]
        entries = tuple(Entry(edit=edit) for edit in (*case.edits, *left_out))
        explored = Engine(case.view).explore(Cluster(entries=entries))
        if not explored.unplaced and explored.support is not None:
            yield Judged(case, explored.support)


def _guest(collection: Collection, other: Collection, rng: np.random.Generator) -> ByteArray:
    picture = other.rows("pixels", [int(rng.integers(other.size))])[0]
    return fitted(picture, collection.height, collection.width)


def _cases(
    collection: Collection, guests: Sequence[ByteArray], count: int, rng: np.random.Generator
) -> Iterator[Case]:
    """Draw cases; an image that shows too little is replaced by another, a few times."""
    for number, edits in itertools.product(range(count), range(1, MOST_EDITS + 1)):
        combinations = list(itertools.combinations_with_replacement(KINDS, edits))
        draws: list[Callable[..., Case | None]] = [_present, _recurring, _foreign, _planted]
        draws += [_chimera] if edits > 1 else []
        kinds = list(combinations[number % len(combinations)])
        for draw in draws:
            for _ in range(TRIES):
                case = draw(collection, guests, kinds, rng)
                if case is not None:
                    yield case
                    break


def _present(
    collection: Collection,
    guests: Sequence[ByteArray],
    kinds: Sequence[Kind],
    rng: np.random.Generator,
) -> Case | None:
    row = int(rng.integers(collection.size))
    name = collection.names[row]
    edits = cut_one(collection.rows("pixels", [row])[0], name, kinds, rng)
    return Case(edits, "present", (name,), collection) if edits else None


def _recurring(
    collection: Collection,
    guests: Sequence[ByteArray],
    kinds: Sequence[Kind],
    rng: np.random.Generator,
) -> Case | None:
    row = int(rng.integers(collection.size))
    name, regions = collection.names[row], list[Region]()
    edits = cut_one(collection.rows("pixels", [row])[0], name, kinds, rng, regions)
    if not edits or not recurs(collection, row, regions):
        return None
    return Case(edits, "recurring", (name,), collection)


def _foreign(
    collection: Collection,
    guests: Sequence[ByteArray],
    kinds: Sequence[Kind],
    rng: np.random.Generator,
) -> Case | None:
    guest = guests[int(rng.integers(len(guests)))]
    edits = cut_one(guest, "guest 0", kinds, rng)
    view = WithGuests(collection, guest[None])
    return Case(edits, "foreign", ("guest 0",), view) if edits else None


def _planted(
    collection: Collection,
    guests: Sequence[ByteArray],
    kinds: Sequence[Kind],
    rng: np.random.Generator,
) -> Case | None:
    guest = guests[int(rng.integers(len(guests)))]
    edits = cut_one(guest, "guest 0", kinds, rng)
    copies = [altered(guest, rng) for _ in range(COPIES)]
    view = WithGuests(collection, np.stack([guest, *copies]))
    return Case(edits, "planted", ("guest 0",), view) if edits else None


def _chimera(
    collection: Collection,
    guests: Sequence[ByteArray],
    kinds: Sequence[Kind],
    rng: np.random.Generator,
) -> Case | None:
    rows: list[int] = rng.choice(collection.size, len(kinds), replace=False).tolist()
    names = tuple(collection.names[row] for row in rows)
    edits = cut_chimera(list(collection.rows("pixels", rows)), names, kinds, rng)
    return Case(edits, "chimera", names, collection) if edits else None


COMPARED = (
    ("present", "foreign"),
    ("recurring", "foreign"),
    ("planted", "foreign"),
    ("recurring", "chimera"),
)


def _rows(judged: Sequence[Judged], seed: int) -> Iterator[dict[str, Any]]:
    for there, absent in COMPARED:
        for name, wanted in _groups().items():
            levels = {
                truth: np.array(
                    [j.level for j in judged if j.case.truth == truth and wanted(j.case)]
                )
                for truth in (there, absent)
            }
            if all(map(len, levels.values())):
                area = _area(levels[there], levels[absent], seed)
                yield {"method": f"{there} or {absent}, {name}", **area}


def _said(judged: Sequence[Judged]) -> Iterator[dict[str, Any]]:
    """Yield how often the meter says each word of several edits, by what is true of them."""
    for truth in get_args(Truth):
        levels = [j.level for j in judged if j.case.truth == truth and len(j.case.edits) > 1]
        if levels:
            said = Counter(words(level) for level in levels)
            shares = {
                f"said {word}": said[word] / len(levels) for word in ("not there", "weak", "there")
            }
            yield {"method": f"words: {truth}", **shares, "n": len(levels)}


def _groups() -> dict[str, Callable[[Case], bool]]:
    """Return which cases are compared, by name."""
    groups: dict[str, Callable[[Case], bool]] = {f"one {kind}": _is_one(kind) for kind in KINDS}
    groups["one edit"] = lambda case: len(case.edits) == 1
    groups["two edits"] = lambda case: len(case.edits) == 2
    groups["three edits"] = lambda case: len(case.edits) == 3
    groups["two or three edits"] = lambda case: len(case.edits) > 1
    groups["two or three strokes"] = lambda case: (
        len(case.edits) > 1 and all(edit.kind != "mode" for edit in case.edits)
    )
    return groups


def _is_one(kind: str) -> Callable[[Case], bool]:
    return lambda case: [edit.kind for edit in case.edits] == [kind]


def _area(present: Levels, absent: Levels, seed: int) -> dict[str, Any]:
    """Return the area under the curve, and its bootstrap interval."""
    from sklearn.metrics import roc_auc_score

    truth = np.repeat([1, 0], [len(present), len(absent)])
    area = float(roc_auc_score(truth, np.concatenate([present, absent])))
    low, high = np.quantile(resampled_areas(present, absent, seed), (0.025, 0.975))
    return {
        "auc": area,
        "auc_low": float(low),
        "auc_high": float(high),
        "there": float(np.mean(present)),
        "absent": float(np.mean(absent)),
        "n": len(truth),
    }


def resampled_areas(present: Levels, absent: Levels, seed: int) -> Levels:
    """Return the areas of resamples: shares of the pairs in which the present one is higher."""
    rng = np.random.default_rng(seed)
    wins = (present[:, None] > absent) + 0.5 * (present[:, None] == absent)
    of_present, of_absent = (
        rng.multinomial(len(levels), np.full(len(levels), 1 / len(levels)), RESAMPLES) / len(levels)
        for levels in (present, absent)
    )
    areas: Levels = ((of_present @ wins) * of_absent).sum(axis=1)
    return areas
