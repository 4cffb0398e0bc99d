"""`avex.progress`: how far a build is, on a terminal and elsewhere."""

import io
from types import SimpleNamespace

from avex.progress import counting, describe_progress, progress_line


class Terminal(io.StringIO):
    def isatty(self):
        return True


def state(done, stage="decode"):
    return SimpleNamespace(stage=stage, done=done, total=200, rate=41.5, seconds_left=75.0)


def test_line_tells_stage_share_rate_and_time_left():
    line = describe_progress(state(100))
    assert line.split() == ["decode", "#" * 12 + "." * 12, "100/200", "42/s", "1:15", "left"]


def test_counting_tells_the_rate_since_its_start():
    shown, times = [], iter([10.0, 10.0, 12.0])
    count = counting(shown.append, "render", clock=lambda: next(times))
    count(0, 8)
    count(6, 8)
    assert [(state.rate, state.seconds_left) for state in shown] == [(0, None), (3, 2 / 3)]


def test_elsewhere_a_line_comes_every_few_seconds():
    stream, times = io.StringIO(), iter([0.0, 1.0, 6.0, 6.0, 7.0, 11.5, 11.5])
    with progress_line(stream, clock=lambda: next(times)) as show:
        for done in (1, 2, 3, 4):
            show(state(done))
    assert [line.split()[2] for line in stream.getvalue().splitlines()] == ["2/200", "4/200"]


def test_on_a_terminal_one_line_is_drawn_over_and_then_cleared():
    stream, times = Terminal(), iter(range(100))
    with progress_line(stream, clock=lambda: next(times)) as show:
        show(state(1))
        show(state(2))
    written = stream.getvalue()
    assert "\n" not in written
    assert written.count("\rdecode") == 2
    assert written.endswith("\r\x1b[K")


def test_new_stage_is_shown_at_once_on_a_terminal():
    stream = Terminal()
    with progress_line(stream, clock=lambda: 5.0) as show:
        show(state(1, "decode"))
        show(state(2, "decode"))
        show(state(1, "hog"))
    assert "2/200" not in stream.getvalue()
    assert "hog" in stream.getvalue()
