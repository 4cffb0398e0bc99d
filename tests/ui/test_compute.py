"""`ui.compute`: the worker answers the newest job, once, and survives what breaks."""

import queue
import time

import pytest

from explorer.edits import ColorStroke, ModePick
from explorer.session import Cluster, Entry
from ui import compute
from ui.compute import Job, Worker


@pytest.fixture
def answers():
    return queue.Queue()


@pytest.fixture
def worker(answers, engine, parts, settings):
    worker = Worker(lambda job, rendered: answers.put((job, rendered)))
    worker.add("shoes", parts.open_library(settings.collections[0]), engine)
    worker.start()
    yield worker
    engine.gate.set()
    worker.stop()


def stroke(radius=0.1):
    return ColorStroke(id="s1", paths=(((0.5, 0.5),),), radius=radius, color=(250, 0, 0))


def job(**fields):
    plain = {"key": "ann", "collection": "shoes", "cluster": Cluster(), "place": 0}
    return Job(**(plain | {"revision": 0, "request": 0, "live": None} | fields))


def test_same_average_at_rest_is_computed_once(worker, answers, engine):
    for revision, name in ((1, "Average"), (2, "Another name")):
        worker.submit(job(revision=revision, cluster=Cluster(name=name)))
        assert answers.get(timeout=10)[1].frame.revision == revision
    assert len(engine.asked) == 1
    worker.submit(job(cluster=Cluster(entries=(Entry(edit=stroke()),))))
    answers.get(timeout=10)
    assert len(engine.asked) == 2


def test_members_do_not_replace_each_other(worker, answers, engine):
    engine.gate.clear()
    for key in ("ann", "bob", "ann", "cat", "bob"):
        worker.submit(job(key=key, live=stroke()))
    engine.gate.set()
    keys = [answers.get(timeout=10)[0].key for _ in range(3)]
    assert {"ann", "bob", "cat"} >= set(keys)
    assert "cat" in [*keys, *(one[0].key for one in list(answers.queue))]


def test_ranking_comes_less_often_than_frames_while_painting(worker, answers, monkeypatch):
    monkeypatch.setattr(compute, "RANKING_EVERY_S", 1000.0)
    rankings = []
    for request in range(5):
        worker.submit(job(request=request, live=stroke()))
        rankings.append(answers.get(timeout=10)[1].ranking)
    assert rankings[0] is not None
    assert rankings[1:] == [None] * 4
    worker.submit(job(request=5))
    assert answers.get(timeout=10)[1].ranking is not None


def test_every_live_mode_has_its_ranking_since_it_may_stand_for_long(worker, answers, monkeypatch):
    monkeypatch.setattr(compute, "RANKING_EVERY_S", 1000.0)
    name = worker._seats["shoes"].library.names[0]
    mode = ModePick(id="m1", image=name, center=(0.5, 0.5), size=0.4)
    for request in range(2):
        worker.submit(job(request=request, live=mode))
        assert answers.get(timeout=10)[1].ranking.request == request


def test_live_stroke_has_its_box_in_the_ranking(worker, answers):
    worker.submit(job(live=stroke()))
    assert "s1" in answers.get(timeout=10)[1].ranking.top[0].boxes


def test_job_that_breaks_is_answered_and_the_worker_goes_on(worker, answers):
    worker.submit(job(live=stroke(radius=1)))
    assert answers.get(timeout=10)[1] is None
    worker.submit(job())
    assert answers.get(timeout=10)[1] is not None


def test_question_that_breaks_raises_where_it_was_asked(worker):
    broken = Cluster(entries=(Entry(edit=stroke(radius=1)),))
    with pytest.raises(RuntimeError, match="breaks"):
        worker.explore("shoes", broken).result(timeout=10)
    assert worker.explore("shoes", Cluster()).result(timeout=10).effective_images == 2.5


def test_who_has_left_is_not_computed_for(worker, answers, engine):
    engine.gate.clear()
    worker.submit(job(key="first"))
    while not engine.asked:
        time.sleep(0.001)
    worker.submit(job(key="gone"))
    worker.submit(job(key="last"))
    worker.forget("gone")
    engine.gate.set()
    assert [answers.get(timeout=10)[0].key for _ in range(2)] == ["first", "last"]


def test_stop_answers_who_still_waits():
    idle = Worker(lambda job, rendered: None)
    early = idle.explore("shoes", Cluster())
    idle.stop()
    assert early.cancelled()
    assert idle.explore("shoes", Cluster()).cancelled()


def test_question_that_nobody_waits_for_does_not_end_the_worker(worker, engine):
    engine.gate.clear()
    worker.submit(job())
    while not engine.asked:
        time.sleep(0.001)
    worker.explore("shoes", Cluster()).cancel()
    engine.gate.set()
    assert worker.explore("shoes", Cluster()).result(timeout=10).effective_images == 2.5


def test_frame_says_how_long_it_took(worker, answers):
    worker.submit(job(received_s=time.perf_counter() - 2))
    assert 2 <= answers.get(timeout=10)[1].frame.elapsed_s < 12
