"""`ui.page`: what Gradio shows of collections and builds."""

from ui.access.identity import OPEN, Identity
from ui.building.builds import BuildStatus
from ui.page import build_html, logout_html, progress_words, rejects_html, wrong_html


def running(**fields):
    return BuildStatus(id="b1", name="holiday", state="running", **fields)


def test_progress_says_stage_count_rate_and_time_left():
    status = running(stage="images", done=1500, total=6000, rate=250.0, seconds_left=18.0)
    assert progress_words(status) == "images: 1,500 of 6,000, 250 a second, 18 s left"


def test_progress_of_unknown_length_has_no_total():
    assert progress_words(running(stage="scan", done=7)) == "scan: 7"


def test_a_finished_build_says_how_many_images_it_has_and_how_many_were_left_out():
    done = BuildStatus(id="b1", name="a", state="done", images=1200)
    assert progress_words(done) == "done: 1,200 images"
    one = BuildStatus(id="b1", name="a", state="done", images=1, rejected=(("x", "empty"),) * 3)
    assert progress_words(one) == "done: 1 image, 3 left out"


def test_a_finished_build_can_be_opened_by_its_name():
    status = BuildStatus(id="b1", name="a b", state="done", collection="a b")
    assert 'href="?collection=a%20b"' in build_html(status)


def test_rejected_files_are_listed_with_their_reason_as_text_not_markup():
    status = BuildStatus(id="b1", name="x", state="done", rejected=(("<b>.jpg", "truncated"),))
    shown = rejects_html(status)
    assert "1 file could not be used" in shown
    assert "<td>&lt;b&gt;.jpg</td><td>truncated</td>" in shown


def test_a_build_without_rejects_says_nothing_of_them():
    assert rejects_html(running()) == ""


def test_who_is_asked_for_a_name_can_log_out():
    assert "You are ann here" in logout_html(Identity(author="user-ann", name="ann"))
    assert 'action="logout"' in logout_html(Identity(author="p-1"))
    assert "token" in logout_html(Identity(author="p-1", role="owner"))
    assert "&lt;b&gt;" in logout_html(Identity(name="<b>"))
    assert logout_html(OPEN) == ""


def test_what_is_wrong_with_a_build_is_text_not_markup():
    assert "&lt;b&gt; is none" in wrong_html("<b> is none")
    assert wrong_html("") == ""
