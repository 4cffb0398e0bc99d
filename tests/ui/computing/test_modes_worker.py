"""`ui.computing.modes_worker`: short work first, the newest hover wins, and the thread survives."""

import dataclasses
import queue
import threading
import time
from concurrent.futures import Future

import pytest

from explorer.errors import Cancelled
from explorer.modes.spots import Spot
from explorer.session import Cluster, Session
from ui.computing import modes_worker
from ui.computing.mode_answers import HoverJob
from ui.computing.modes_worker import ModesWorker, neighbors_of

LIMIT_S = 10
HERE = Spot(4, 2, 4)
POINT = (0.375, 0.5)  # its middle in images of 128 x 64 px


@pytest.fixture
def answers():
    return queue.Queue()


@pytest.fixture
def library(parts, tmp_path):
    small = parts.open_library(tmp_path / "shoes.avex")
    return dataclasses.replace(small, height=64, width=128)


@pytest.fixture
def painting():
    """Set while averages are made."""
    return threading.Event()


@pytest.fixture
def idle(answers, engine, finder, library, painting):
    """A worker that was not started yet."""

    averages = {}

    def explore(name, session, cluster_id):
        future = Future()
        found = engine.explore_in(session, cluster_id)
        future.set_result(averages.setdefault((session, cluster_id), found))
        return future

    worker = ModesWorker(explore, lambda *answer: answers.put(answer), painting.is_set)
    worker.add("shoes", library, finder)
    yield worker
    worker.stop()


@pytest.fixture
def worker(idle):
    idle.start()
    return idle


def hover(request, key="ann", point=POINT, size=32):
    return HoverJob(
        key=key,
        collection="shoes",
        session=Session(),
        cluster="main",
        revision=0,
        request=request,
        point=point,
        size=size,
    )


def take(answers, count):
    """The next answers: whose, to which request, and whether final."""
    taken = [answers.get(timeout=LIMIT_S) for _ in range(count)]
    return [(job.key, job.request, modes.is_final) for job, modes in taken]


def test_known_spot_is_answered_once(worker, answers, finder):
    finder.mined.append(HERE)
    worker.submit(hover(1))
    worker.submit(hover(2, key="bob"))
    assert take(answers, 2) == [("ann", 1, True), ("bob", 2, True)]


def test_unknown_spot_is_answered_at_once_and_then_in_full(worker, answers):
    worker.submit(hover(1))
    assert take(answers, 2) == [("ann", 1, False), ("ann", 1, True)]


def test_everybody_has_a_first_answer_before_anybody_has_a_full_one(idle, answers):
    idle.submit(hover(1, key="ann"))
    idle.submit(hover(1, key="bob"))
    idle.start()
    order = [(key, is_final) for key, _, is_final in take(answers, 4)]
    assert order == [("ann", False), ("bob", False), ("ann", True), ("bob", True)]


def test_newer_hover_ends_the_mining_for_an_older_one(worker, answers, finder):
    finder.gate.clear()
    worker.submit(hover(1))
    assert take(answers, 1) == [("ann", 1, False)]
    assert finder.started.wait(LIMIT_S)
    worker.submit(hover(2, point=(0.75, 0.5)))
    assert take(answers, 1) == [("ann", 2, False)]
    finder.gate.set()
    assert take(answers, 1) == [("ann", 2, True)]
    assert finder.mined[0] != HERE


def test_pictures_are_made_once_for_the_same_average(worker, answers, finder, monkeypatch):
    made = []
    monkeypatch.setattr(modes_worker, "messages_of", lambda *about: made.append(about) or ())
    monkeypatch.setattr(modes_worker, "neighbors_of", lambda spot, view: [])
    finder.mined.append(HERE)
    for request, cluster in enumerate((Cluster(), Cluster(), Cluster(count=2), Cluster(count=2))):
        worker.submit(dataclasses.replace(hover(request), session=Session(clusters=(cluster,))))
        take(answers, 1)
    assert len(made) == 2


def test_hover_that_waits_is_replaced_by_the_next_of_its_member(idle, answers):
    for request in (1, 2, 3):
        idle.submit(hover(request))
    idle.start()
    assert take(answers, 2) == [("ann", 3, False), ("ann", 3, True)]


def test_who_leaves_is_not_mined_for(worker, answers, finder):
    finder.gate.clear()
    worker.submit(hover(1))
    take(answers, 1)
    assert finder.started.wait(LIMIT_S)
    worker.forget("ann")
    worker.submit(hover(5, key="bob"))
    assert take(answers, 1) == [("bob", 5, False)]
    finder.gate.set()
    assert take(answers, 1) == [("bob", 5, True)]


def test_spots_around_the_last_cursor_are_mined_when_nobody_asks(worker, answers, finder):
    worker.submit(hover(1))
    take(answers, 2)
    around = [HERE, Spot(4, 2, 3), Spot(4, 2, 5), Spot(4, 1, 4), Spot(4, 3, 4)]
    deadline = time.monotonic() + LIMIT_S
    while len(finder.mined) < len(around) and time.monotonic() < deadline:
        time.sleep(0.001)
    assert finder.mined == around


def test_nothing_is_mined_ahead_while_averages_are_made(worker, answers, finder, painting):
    finder.mined.append(HERE)
    painting.set()
    worker.submit(hover(1))
    take(answers, 1)
    assert not finder.started.wait(0.3)
    painting.clear()
    assert finder.started.wait(LIMIT_S)


def test_painting_interrupts_what_is_mined_ahead(worker, answers, finder, painting):
    finder.mined.append(HERE)
    finder.gate.clear()
    worker.submit(hover(1))
    take(answers, 1)
    assert finder.started.wait(LIMIT_S)
    painting.set()
    assert finder.given_up.wait(LIMIT_S)


def test_first_guess_in_each_collection_is_made_before_anybody_asks(idle, finder, monkeypatch):
    guessed = []
    monkeypatch.setattr(finder, "coarse", guessed.append)
    idle.warm_up()
    idle.start()
    idle.ask("shoes", lambda finder: None).result(LIMIT_S)
    assert guessed == [Spot(6, 1, 5)]  # 48 px in the middle of 128 x 64


def test_nothing_is_loaded_where_a_build_has_stored_the_modes(idle, finder, monkeypatch):
    guessed = []
    monkeypatch.setattr(finder, "coarse", guessed.append)
    finder.mined.append(Spot(6, 1, 5))
    idle.warm_up()
    idle.start()
    idle.ask("shoes", lambda finder: None).result(LIMIT_S)
    assert not guessed


def test_hover_interrupts_what_is_mined_ahead(worker, answers, finder):
    finder.mined.append(HERE)
    finder.gate.clear()
    worker.submit(hover(1))
    take(answers, 1)
    assert finder.started.wait(LIMIT_S)
    worker.submit(hover(2))
    assert take(answers, 1) == [("ann", 2, True)]
    assert finder.mined == [HERE]


def test_spots_beyond_the_border_are_not_mined_ahead(library):
    corner = Spot(4, 0, 12)  # the last column: 128 px are 16 cells
    assert neighbors_of(corner, library) == [Spot(4, 0, 11), Spot(4, 1, 12)]


def test_mining_that_breaks_is_answered_and_the_worker_goes_on(worker, answers, library):
    worker.add("tall", dataclasses.replace(library, height=128), worker._seats["shoes"].finder)
    worker.submit(dataclasses.replace(hover(1, size=128), collection="tall"))
    assert answers.get(timeout=LIMIT_S)[1] is None
    worker.submit(hover(2))
    assert take(answers, 1) == [("ann", 2, False)]


def test_question_that_breaks_raises_where_it_was_asked_and_the_next_is_answered(worker):
    with pytest.raises(ZeroDivisionError):
        worker.ask("shoes", lambda finder: 1 / 0).result(LIMIT_S)
    assert worker.ask("shoes", lambda finder: "found").result(LIMIT_S) == "found"


def test_question_that_nobody_waits_for_is_not_answered(idle):
    asked = []
    idle.ask("shoes", lambda finder: asked.append("first")).cancel()
    second = idle.ask("shoes", lambda finder: asked.append("second"))
    idle.start()
    second.result(LIMIT_S)
    assert asked == ["second"]


def test_hovers_go_before_questions(idle, answers):
    question = idle.ask("shoes", lambda finder: answers.qsize())
    idle.submit(hover(1))
    idle.start()
    assert question.result(LIMIT_S) == 2


def test_hover_goes_before_the_next_spot_of_a_question(worker, answers, finder):
    finder.gate.clear()
    spots = [Spot(4, 0, column) for column in range(3)]
    question = worker.ask("shoes", lambda finder: [finder.find(spot) for spot in spots])
    assert finder.started.wait(LIMIT_S)
    worker.submit(hover(1))
    assert take(answers, 1) == [("ann", 1, False)]
    finder.gate.set()
    assert take(answers, 1) == [("ann", 1, True)]
    assert len(question.result(LIMIT_S)) == 3
    assert finder.mined[:4] == [HERE, *spots]


def test_stop_ends_a_question(worker, finder):
    finder.gate.clear()
    question = worker.ask("shoes", lambda finder: finder.find(HERE))
    assert finder.started.wait(LIMIT_S)
    worker.stop()
    with pytest.raises(Cancelled):
        question.result(LIMIT_S)


def test_stop_answers_who_still_waits(idle):
    early = idle.ask("shoes", lambda finder: "found")
    idle.stop()
    late = idle.ask("shoes", lambda finder: "found")
    assert early.cancelled()
    assert late.cancelled()


def test_collection_of_small_images_has_no_modes(worker, answers, library, finder):
    worker.add("small", dataclasses.replace(library, height=24), finder)
    worker.submit(dataclasses.replace(hover(1), collection="small"))
    _, modes = answers.get(timeout=LIMIT_S)
    assert (modes.modes, modes.is_final) == ((), True)
    assert not finder.mined


def test_stop_ends_the_mining_in_progress(worker, answers, finder):
    finder.gate.clear()
    worker.submit(hover(1))
    assert finder.started.wait(LIMIT_S)
    worker.stop()
    assert not worker._thread.is_alive()
