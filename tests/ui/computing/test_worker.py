"""`ui.computing.worker`: the worker answers the newest job, once, and survives what breaks."""

import time

import pytest

from explorer.edits import ModePick
from explorer.session import Session
from tests.ui.working import LIMIT_S, cluster, job, stroke
from ui.computing import worker as compute
from ui.computing.worker import Worker


def test_same_average_at_rest_is_computed_once(worker, answers, engine):
    for revision, name in ((1, "Average"), (2, "Another name")):
        worker.submit(job(cluster(name=name, color="#aabbcc"), revision=revision))
        assert answers.get()[1].frame.revision == revision
    assert len(engine.asked) == 1
    worker.submit(job(cluster("main", stroke())))
    answers.get()
    assert len(engine.asked) == 2


@pytest.mark.parametrize(
    "changed",
    [
        (cluster(alignment="none"), cluster("ears")),
        (cluster(mirror=True), cluster("ears")),
        (cluster(count=5), cluster("ears")),
        (cluster(), cluster("ears", stroke())),
        (cluster(), cluster("ears", weighting="paper")),
        (cluster(),),
    ],
)
def test_average_is_computed_again_when_any_cluster_changes(worker, changed, engine):
    for clusters in ((cluster(), cluster("ears")), changed, changed):
        worker.explore("shoes", Session(clusters=clusters), "main").result(LIMIT_S)
    assert len(engine.asked) == 2


def test_members_do_not_replace_each_other(worker, answers, engine):
    engine.gate.clear()
    for key in ("ann", "bob", "ann", "cat", "bob"):
        worker.submit(job(key=key, live=stroke()))
    engine.gate.set()
    keys = [answers.get()[0].key for _ in range(3)]
    assert {"ann", "bob", "cat"} >= set(keys)
    assert "cat" in [*keys, *(one[0].key for one in list(answers.frames.queue))]


def test_ranking_comes_less_often_than_frames_while_painting(worker, answers, monkeypatch):
    monkeypatch.setattr(compute, "RANKING_EVERY_S", 1000.0)
    rankings = []
    for request in range(5):
        worker.submit(job(request=request, live=stroke()))
        rankings.append(answers.get()[1].ranking)
    assert rankings[0] is not None
    assert rankings[1:] == [None] * 4
    worker.submit(job(request=5))
    assert answers.get()[1].ranking is not None


def test_every_live_mode_has_its_ranking_since_it_may_stand_for_long(worker, answers, monkeypatch):
    monkeypatch.setattr(compute, "RANKING_EVERY_S", 1000.0)
    name = worker._seats["shoes"].library.names[0]
    mode = ModePick(id="m1", image=name, center=(0.5, 0.5), size=0.4)
    for request in range(2):
        worker.submit(job(request=request, live=mode))
        assert answers.get()[1].ranking.request == request


def test_live_stroke_has_its_box_in_the_ranking(worker, answers):
    worker.submit(job(live=stroke()))
    assert "s1" in answers.get()[1].ranking.top[0].boxes


def test_job_that_breaks_is_answered_and_the_worker_goes_on(worker, answers):
    worker.submit(job(live=stroke(radius=1)))
    assert answers.get()[1] is None
    worker.submit(job())
    assert answers.get()[1] is not None


def test_question_that_breaks_raises_where_it_was_asked(worker):
    broken = Session(clusters=(cluster("main", stroke(radius=1)),))
    with pytest.raises(RuntimeError, match="breaks"):
        worker.explore("shoes", broken, "main").result(timeout=10)
    assert worker.explore("shoes", Session(), "main").result(timeout=10).effective_images == 2.5


def test_who_has_left_is_not_computed_for(worker, answers, engine):
    engine.gate.clear()
    worker.submit(job(key="first"))
    while not engine.asked:
        time.sleep(0.001)
    worker.submit(job(key="gone"))
    worker.submit(job(key="last"))
    worker.forget("gone")
    engine.gate.set()
    assert [answers.get()[0].key for _ in range(2)] == ["first", "last"]


def test_stop_answers_who_still_waits():
    idle = Worker(lambda job, rendered: None)
    early = idle.explore("shoes", Session(), "main")
    idle.stop()
    assert early.cancelled()
    assert idle.explore("shoes", Session(), "main").cancelled()


def test_question_that_nobody_waits_for_does_not_end_the_worker(worker, engine):
    engine.gate.clear()
    worker.submit(job())
    while not engine.asked:
        time.sleep(0.001)
    worker.explore("shoes", Session(), "main").cancel()
    engine.gate.set()
    assert worker.explore("shoes", Session(), "main").result(timeout=10).effective_images == 2.5


def test_frame_says_how_long_it_took(worker, answers):
    worker.submit(job(received_s=time.perf_counter() - 2))
    assert 2 <= answers.get()[1].frame.elapsed_s < 12
