"""`ui.computing.manners`: a thread that computes steps back, and no other does."""

import os
import sys
import threading

import pytest

from ui.computing.manners import NICE, step_back


def priority():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of threads")
def test_a_thread_steps_back_alone_and_with_those_that_it_starts():
    found = {}

    def work():
        step_back()
        found["thread"] = priority()
        inner = threading.Thread(target=lambda: found.update(inner=priority()))
        inner.start()
        inner.join()

    before = priority()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == {"thread": NICE, "inner": NICE}
    assert priority() == before
