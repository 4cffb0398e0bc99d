"""`ui.compute`: the worker answers the newest job, once, and survives what breaks."""

import queue
import time

import cv2
import numpy as np
import pytest

from explorer.edits import ColorStroke, ModePick, Sharpen
from explorer.session import Cluster, Entry, Session
from ui import cards, compute
from ui.compute import Carded, Job, Worker

LIMIT_S = 10


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


def stroke(radius=0.1):
    return ColorStroke(id="s1", paths=(((0.5, 0.5),),), radius=radius, color=(250, 0, 0))


def job(*clusters, **fields):
    session = Session(clusters=clusters or (Cluster(),))
    plain = {"key": "ann", "collection": "shoes", "session": session, "cluster": "main"}
    return Job(**(plain | {"revision": 0, "request": 0, "live": None} | fields))


def cluster(cluster_id="main", *edits, **settings):
    return Cluster(id=cluster_id, entries=tuple(Entry(edit=edit) for edit in edits), **settings)


def test_same_average_at_rest_is_computed_once(worker, answers, engine):
    for revision, name in ((1, "Average"), (2, "Another name")):
        worker.submit(job(cluster(name=name, color="#aabbcc"), revision=revision))
        assert answers.get()[1].frame.revision == revision
    assert len(engine.asked) == 1
    worker.submit(job(cluster("main", stroke())))
    answers.get()
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
    name = worker._seats["shoes"].averages.library.names[0]
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


WHITE, GREY = (255, 255, 255), (128, 128, 128)


def white(radius=0.1):
    return ColorStroke(id="w1", paths=(((0.5, 0.5),),), radius=radius, color=WHITE)


def test_other_clusters_follow_as_small_pictures_each_once(worker, answers):
    worker.submit(job(cluster(), cluster("ears"), cluster("tail"), revision=4, request=7))
    assert answers.get()[1].frame.cluster == "main"
    assert sorted(answers.cards(2)) == ["ears", "tail"]
    worker.submit(job(cluster(), cluster("ears"), cluster("tail"), revision=5))
    answers.get()
    assert answers.figures().revision == 5
    time.sleep(0.05)
    assert all(carded.frame is None for _, carded in list(answers.follow.queue))


def test_painting_in_one_cluster_changes_the_card_of_the_other(worker, answers):
    worker.submit(job(cluster(), cluster("ears"), request=1))
    assert answers.cards(1) == ["ears"]
    worker.submit(job(cluster(), cluster("ears"), request=2, live=white()))
    answers.get()
    _, carded = answers.follow.get(timeout=LIMIT_S)
    while carded.frame is None:
        _, carded = answers.follow.get(timeout=LIMIT_S)
    assert (carded.frame.kind, carded.frame.cluster, carded.frame.request) == ("card", "ears", 2)
    picture = cv2.imdecode(np.frombuffer(carded.frame.picture, np.uint8), 1)
    assert picture.max() < 8  # what white drives away is black in this engine


def test_figures_of_all_clusters_and_what_none_explains(worker, answers):
    worker.submit(job(cluster(), cluster("ears"), revision=3))
    figures = answers.figures()
    assert [one.id for one in figures.clusters] == ["main", "ears"]
    assert [one.share for one in figures.clusters] == [0.25, 0.25]
    assert figures.outliers == 0.5
    assert figures.revision == 3


def test_frames_go_before_cards(worker, answers, engine):
    engine.gate.clear()
    worker.submit(job(*(cluster(name) for name in ("main", "ears", "tail"))))
    while not engine.asked:
        time.sleep(0.001)
    worker.submit(job(key="bob"))
    engine.gate.set()
    for _ in range(2):
        answers.get()
    answers.cards(2)
    assert [shown.id for shown, _ in engine.asked] == ["main", "main", "ears", "tail"]


def test_while_somebody_paints_cards_take_a_part_of_the_time(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(cards.time, "perf_counter", lambda: now[0])
    pace = cards.Pace()
    pace.made(0.1, clusters=3)
    assert pace.wait_s() == 0
    pace.painted()
    pace.made(0.1, clusters=3)
    assert pace.wait_s() == pytest.approx(cards.PAUSE * 0.1)
    pace.made(0.001, clusters=3)
    assert pace.wait_s() == pytest.approx(cards.LIVE_EVERY_S / 2)
    now[0] += cards.PAINTING_S + 1
    pace.made(0.1, clusters=3)
    assert pace.wait_s() == 0


def test_card_that_was_made_longest_ago_is_owed_first(worker, answers):
    session = Session(clusters=tuple(cluster(name) for name in ("main", "ears", "tail", "paws")))
    told = cards.Told()
    told.owe(session, "main")
    assert told.owed == ["ears", "tail", "paws"]
    worker.submit(job())
    card = worker.ask("shoes", lambda averages: averages.card(session, "ears")).result(LIMIT_S)
    told.take("ears", card)
    told.owe(session, "paws")
    assert told.owed == ["main", "tail", "ears"]


def test_removed_cluster_that_comes_back_has_its_card_again(worker, answers):
    for clusters in ((cluster(), cluster("ears")), (cluster(),), (cluster(), cluster("ears"))):
        worker.submit(job(*clusters))
        answers.get()
        if len(clusters) > 1:
            assert answers.cards(1) == ["ears"]


def test_broken_card_does_not_stop_the_others(worker, answers):
    worker.submit(job(cluster(), cluster("ears", white(radius=1)), cluster("tail")))
    assert answers.cards(1) == ["tail"]


def sharpened():
    return cluster("main", Sharpen(id="z1"))


def test_cluster_is_shown_before_it_is_sharpened_and_again_after(worker, answers, engine):
    engine.may_sharpen.clear()
    worker.submit(job(sharpened()))
    plain = answers.get()[1].frame.picture
    assert engine.sharpening.wait(LIMIT_S)
    engine.may_sharpen.set()
    states = [answers.told.get(timeout=LIMIT_S) for _ in range(3)]
    assert [(told.state, told.share) for told in states] == [
        ("running", 0.0),
        ("running", 0.5),
        ("done", 1.0),
    ]
    worker.submit(job(sharpened()))
    assert answers.get()[1].frame.picture != plain


def test_frames_and_questions_pass_while_a_cluster_is_sharpened(worker, answers, engine):
    engine.may_sharpen.clear()
    worker.submit(job(sharpened()))
    answers.get()
    assert engine.sharpening.wait(LIMIT_S)
    worker.submit(job(sharpened(), request=1, live=white()))
    assert answers.get()[1].frame.request == 1
    assert worker.explore("shoes", Session(), "main").result(LIMIT_S).effective_images == 2.5
    assert engine.sharp == []


def test_sharpening_stands_still_while_somebody_paints(worker, answers, engine, monkeypatch):
    monkeypatch.setattr(cards, "PAINTING_S", 1000.0)
    worker.submit(job(live=white()))
    answers.get()
    worker.submit(job(sharpened(), key="bob"))
    answers.get()
    time.sleep(0.05)
    assert engine.sharp == []
    monkeypatch.setattr(cards, "PAINTING_S", 0.0)
    worker.submit(job(sharpened()))
    told_until(answers, "done")


def told_until(answers, state):
    told = answers.told.get(timeout=LIMIT_S)
    while told.state != state:
        told = answers.told.get(timeout=LIMIT_S)
    return told


def test_sharpening_that_is_given_up_is_not_begun_again_until_the_cluster_changes(
    worker, answers, engine
):
    engine.may_sharpen.clear()
    worker.submit(job(sharpened()))
    assert engine.sharpening.wait(LIMIT_S)
    worker.give_up("shoes", "main")
    assert told_until(answers, "cancelled").cluster == "main"
    engine.may_sharpen.set()
    worker.submit(job(sharpened(), revision=1))
    answers.get()
    answers.get()
    worker.explore("shoes", Session(), "main").result(LIMIT_S)
    assert engine.sharp == []
    worker.submit(job(cluster("main", Sharpen(id="z1"), white()), revision=2))
    told_until(answers, "done")
    assert engine.sharp == ["main"]


def test_sharpening_of_edits_that_are_gone_is_ended(worker, answers, engine):
    engine.may_sharpen.clear()
    worker.submit(job(sharpened()))
    assert engine.sharpening.wait(LIMIT_S)
    worker.submit(job(cluster(), revision=1))
    told_until(answers, "cancelled")
    assert engine.sharp == []


def test_sharpening_that_breaks_is_told_and_not_tried_again(worker, answers, engine, monkeypatch):
    tried = []

    def broken(*about):
        tried.append(about)
        raise RuntimeError("this engine cannot sharpen")

    monkeypatch.setattr(engine, "sharpen", broken)
    for revision in range(2):
        worker.submit(job(sharpened(), revision=revision))
        answers.get()
    assert told_until(answers, "failed").label == "Sharpening Average"
    worker.explore("shoes", Session(), "main").result(LIMIT_S)
    assert len(tried) == 1


def test_worker_stops_in_the_middle_of_a_sharpening(worker, engine):
    engine.may_sharpen.clear()
    worker.submit(job(sharpened()))
    assert engine.sharpening.wait(LIMIT_S)
    worker.stop()
    assert not worker._thread.is_alive()
    assert engine.sharp == []
