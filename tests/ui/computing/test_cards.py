"""`ui.computing.cards`: pictures of the other clusters follow each frame, and hold none up."""

import dataclasses
import time

import cv2
import numpy as np
import pytest

from explorer.edits import ImageVerdict, Sharpen
from explorer.session import Session
from tests.ui.working import LIMIT_S, cluster, job, white
from ui.computing import cards
from ui.computing.averages import figures_of, shrunk


def test_other_clusters_follow_as_small_pictures(worker, answers):
    worker.submit(job(cluster(), cluster("ears"), cluster("tail"), revision=4, request=7))
    assert answers.get()[1].frame.cluster == "main"
    assert sorted(answers.cards(2)) == ["ears", "tail"]


def test_cluster_that_not_everybody_looks_at_has_a_card_too(worker, answers, engine):
    worker.submit(job(cluster(), cluster("ears"), is_alone=False))
    answers.get()
    assert sorted(answers.cards(2)) == ["ears", "main"]
    assert [shown.id for shown, _ in engine.asked] == ["main", "ears"]  # the frame is its card


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
    pace.framed(is_live=True)
    pace.made(0.1, clusters=3)
    assert pace.wait_s() == pytest.approx(cards.PAUSE * 0.1)
    pace.made(0.001, clusters=3)
    assert pace.wait_s() == pytest.approx(cards.LIVE_EVERY_S / 2)
    now[0] += cards.PAINTING_S + 1
    pace.made(0.1, clusters=3)
    assert pace.wait_s() == 0


def test_true_cards_wait_until_nobody_asks_for_frames(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(cards.time, "perf_counter", lambda: now[0])
    pace = cards.Pace()
    pace.framed(is_live=False)
    assert (pace.wait_s(), pace.wait_s(is_fine=True)) == (0, cards.QUIET_S)
    now[0] += cards.QUIET_S
    assert pace.wait_s(is_fine=True) == 0


def test_quick_cards_are_followed_by_true_ones(worker, answers, engine, monkeypatch):
    monkeypatch.setattr(cards, "QUIET_S", 0.01)
    made = []
    explore_in = engine.explore_in

    def watched(session, cluster_id, **how):
        made.append((cluster_id, how.get("is_coarse", False)))
        return explore_in(session, cluster_id, **how)

    monkeypatch.setattr(engine, "explore_in", watched)
    worker.submit(job(cluster(), cluster("ears"), cluster("tail")))
    wanted = [("main", False), ("ears", True), ("tail", True), ("ears", False), ("tail", False)]
    for _ in range(1000):
        if len(made) == len(wanted):
            break
        time.sleep(0.01)
    assert made == wanted


def test_sharpness_and_support_are_not_taken_from_a_quick_card(worker):
    session = Session(clusters=(cluster(), cluster("ears", white())))
    told = cards.Told()
    card = worker.ask("shoes", lambda averages: averages.card(session, "ears")).result(LIMIT_S)
    told.take("ears", card)
    figures = card.figures.model_copy(update={"sharpness": 9.0, "share": 0.75, "support": None})
    told.take("ears", dataclasses.replace(card, figures=figures, is_coarse=True))
    [known] = told.figures_in(session)
    assert (known.sharpness, known.share) == (1.0, 0.75)
    assert (known.support, known.words) == (0.875, "there")


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


@pytest.mark.parametrize(
    ("edits", "support", "words"),
    [
        ((), None, ""),
        ((ImageVerdict(id="v1", image="a.jpg", verdict="pin"), Sharpen(id="z1")), None, ""),
        ((dataclasses.replace(white(), enabled=False),), None, ""),
        ((white(),), 0.875, "there"),
    ],
)
def test_support_is_of_what_is_asked_for(engine, edits, support, words):
    asked = cluster("main", *edits)
    figures = figures_of(asked, engine.explore_in(Session(clusters=(asked,)), "main"))
    assert (figures.support, figures.words) == (support, words)


def test_edit_that_cannot_count_asks_for_nothing(engine):
    asked = cluster("main", white())
    explored = engine.explore_in(Session(clusters=(asked,)), "main")
    explored = dataclasses.replace(explored, unplaced=(white().id,))
    assert figures_of(asked, explored).support is None


def test_picture_of_a_card_keeps_its_shape():
    assert shrunk(np.zeros((200, 100, 3), np.uint8), 50).shape == (50, 25, 3)
    assert shrunk(np.zeros((20, 10, 3), np.uint8), 50).shape == (20, 10, 3)
