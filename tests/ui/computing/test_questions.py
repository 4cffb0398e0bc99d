"""`ui.computing.questions`: what can wait does so while somebody paints, and not for ever."""

import pytest

from tests.ui.working import LIMIT_S, job, stroke
from ui.computing import questions as waiting
from ui.computing.questions import PATIENCE_S, Questions


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(waiting.time, "perf_counter", lambda: now[0])
    return now


def test_question_in_a_hurry_goes_before_one_that_came_earlier_and_can_wait(clock):
    questions = Questions()
    late = questions.put(lambda: "late", is_patient=True)
    soon = questions.put(lambda: "soon")
    assert len(questions) == 2
    questions.due()()
    assert (soon.result(0), late.done(), questions.due()) == ("soon", False, None)
    questions.patient()()
    assert (late.result(0), questions.patient(), len(questions)) == ("late", None, 0)


def test_patience_ends(clock):
    questions = Questions()
    assert questions.wait_s(0.25) is None
    late = questions.put(lambda: "late", is_patient=True)
    assert (questions.wait_s(0.25), questions.wait_s(99.0)) == (0.25, PATIENCE_S)
    clock[0] += PATIENCE_S - 0.125
    assert (questions.due(), questions.wait_s(0.25)) == (None, 0.125)
    clock[0] += 0.125
    assert questions.wait_s(0.25) == 0
    questions.due()()
    assert late.result(0) == "late"


def test_both_kinds_are_cancelled_when_the_worker_stops():
    questions = Questions()
    known = [questions.put(lambda: 1), questions.put(lambda: 1, is_patient=True)]
    questions.close()
    assert all(future.cancelled() for future in (*known, questions.put(lambda: 1)))


def test_patient_question_is_answered_once_a_stroke_is_done(clock, worker, answers):
    worker.submit(job(live=stroke()))
    answers.get()
    asked = worker.ask("shoes", lambda averages: "then", is_patient=True)
    worker.submit(job(key="bob", live=stroke()))
    assert answers.get()[0].key == "bob"
    assert not asked.done()
    clock[0] += 0.25
    assert asked.result(LIMIT_S) == "then"
