"""`ui.computing.sharpening`: it goes on behind frames, tells how far it is, can be given up."""

import time

from explorer.edits import Sharpen
from explorer.session import Session
from tests.ui.working import LIMIT_S, cluster, job, white
from ui.computing import cards


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


def test_cluster_is_sharpened_while_a_mode_is_previewed_in_it(worker, answers):
    worker.submit(job(sharpened(), request=1, live=white()))
    assert answers.get()[1].frame.kind == "live"
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
    worker.give_up("ann", "main")
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


def test_rooms_of_one_collection_are_sharpened_apart(worker, answers, engine):
    """What a branch asks for ends no sharpening of the room that it left, and is told there."""
    told = []
    worker._tell = lambda room, progress: told.append((room, progress.state))
    engine.may_sharpen.clear()
    worker.submit(job(sharpened(), room="shoes"))
    assert engine.sharpening.wait(LIMIT_S)
    worker.submit(job(cluster("main", white()), room="shoes~branch", key="bob"))
    answers.get(), answers.get()
    worker.give_up("shoes~branch", "main")
    worker.explore("shoes", Session(), "main").result(LIMIT_S)
    engine.may_sharpen.set()
    worker.submit(job(sharpened(), room="shoes", revision=1))
    answers.get()
    while ("shoes", "done") not in told:
        time.sleep(0.001)
    assert {room for room, _ in told} == {"shoes"}
    assert ("shoes", "cancelled") not in told


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
