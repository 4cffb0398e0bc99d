"""What the tests of the worker share: jobs, and a listener that keeps what is delivered."""

import queue

import pytest

from explorer.edits import ColorStroke
from explorer.session import Cluster, Entry, Session
from ui.computing.jobs import Carded, Job
from ui.computing.worker import Worker

LIMIT_S = 10
WHITE = (255, 255, 255)


class Answers:
    """What the worker delivers: frames, and apart from them what follows."""

    def __init__(self):
        self.frames, self.follow, self.told = queue.Queue(), queue.Queue(), queue.Queue()

    def put(self, job, answer):
        (self.follow if isinstance(answer, Carded) else self.frames).put((job, answer))

    def get(self):
        return self.frames.get(timeout=LIMIT_S)

    def cards(self, count):
        """Whose the next so many cards are."""
        found = []
        while len(found) < count:
            _, carded = self.follow.get(timeout=LIMIT_S)
            found += [carded.frame.cluster] if carded.frame else []
        return found

    def figures(self):
        """The next figures, when everything that was owed is made."""
        carded = self.follow.get(timeout=LIMIT_S)[1]
        while carded.clusters.outliers is None:
            carded = self.follow.get(timeout=LIMIT_S)[1]
        return carded.clusters


def stroke(radius=0.1):
    return ColorStroke(id="s1", paths=(((0.5, 0.5),),), radius=radius, color=(250, 0, 0))


def job(*clusters, **fields):
    session = Session(clusters=clusters or (Cluster(),))
    plain = {"key": "ann", "collection": "shoes", "session": session, "cluster": "main"}
    plain |= {"room": fields.get("key", "ann"), "revision": 0, "request": 0, "live": None}
    return Job(**(plain | fields))


def cluster(cluster_id="main", *edits, **settings):
    return Cluster(id=cluster_id, entries=tuple(Entry(edit=edit) for edit in edits), **settings)


def white(radius=0.1):
    return ColorStroke(id="w1", paths=(((0.5, 0.5),),), radius=radius, color=WHITE)


@pytest.fixture
def answers():
    return Answers()


@pytest.fixture
def worker(answers, engine, parts, settings):
    worker = Worker(answers.put, lambda name, progress: answers.told.put(progress))
    worker.add("shoes", parts.open_library(settings.collections[0]), engine)
    worker.start()
    yield worker
    engine.gate.set()
    engine.may_sharpen.set()
    worker.stop()
