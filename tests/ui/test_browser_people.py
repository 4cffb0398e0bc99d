"""Several people in a room, each with a real page: seen, heard, undone apart, cut off and back."""

import contextlib
import json
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from explorer.session_json import session_from_json
from tests.ui.browsing import (
    MARKS,
    Wire,
    edits,
    open_room,
    press_on,
    saved_edits,
    serving,
    shown_edits,
    somebody,
)

pytestmark = MARKS

COUNT_IS = "count => document.querySelectorAll('.ax-edit').length === count"


def paint(page, y, count):
    """Paint a line at a height of the canvas; then so many edits are listed."""
    page.keyboard.press("b")
    press_on(page, (0.4, y), (0.6, y))
    page.mouse.up()
    page.wait_for_function(COUNT_IS, arg=count)


def point_at(page, x, y):
    box = page.locator(".ax-overlay").bounding_box()
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=3)


def all_equal(address, *pages):
    """Wait until nobody waits for an answer, and return the edits that everybody then has."""
    for page in pages:
        page.wait_for_function(
            "() => !Object.keys(sessionStorage).some(k => k.startsWith('avex-unsent'))"
        )
    saved = saved_edits(pages[0], address)
    for page in pages:
        page.wait_for_function(
            "ids => [...document.querySelectorAll('.ax-edit')].reverse()"
            ".map(row => row.dataset.edit).join() === ids.join()",
            arg=saved,
        )
    assert len(set(saved)) == len(saved)
    return saved


def test_two_people_see_each_other_undo_apart_and_agree_after_one_was_cut_off(
    page, browser, address
):
    wire = Wire()
    with somebody(browser, address, "Bob Hill", wire) as bob:
        point_at(bob, 0.25, 0.75)
        page.locator(".ax-cursor-name", has_text="Bob Hill").wait_for()
        page.get_by_role("button", name="2 people here: Bob Hill and you").wait_for()
        paint(page, 0.3, count=1)
        bob.wait_for_function(COUNT_IS, arg=1)
        paint(bob, 0.5, count=2)
        page.wait_for_function(COUNT_IS, arg=2)
        _, of_bob = shown_edits(page)
        page.keyboard.press("Control+z")
        bob.wait_for_function(COUNT_IS, arg=1)
        assert shown_edits(bob) == [of_bob]
        wire.cut()
        bob.get_by_text("The connection is lost").wait_for()
        paint(bob, 0.6, count=2)
        paint(bob, 0.7, count=3)
        bob.get_by_text("2 things that you did meanwhile are kept").wait_for()
        paint(page, 0.4, count=2)
        wire.mend()
        bob.get_by_role("button", name="Try now").click()
        bob.wait_for_function(COUNT_IS, arg=4)
        page.wait_for_function(COUNT_IS, arg=4)
        assert all_equal(address, page, bob)[0] == of_bob
        assert "since=" in wire.asked[-1]


@pytest.mark.slow
def test_what_was_done_while_cut_off_survives_loading_the_page_anew(page, browser, address):
    wire = Wire()
    with somebody(browser, address, "Bob", wire) as bob:
        paint(bob, 0.5, count=1)
        wire.cut()
        bob.get_by_text("The connection is lost").wait_for()
        paint(bob, 0.6, count=2)
        bob.get_by_role("button", name="Undo", exact=True).click()
        bob.wait_for_function(COUNT_IS, arg=1)
        bob.get_by_role("button", name="Redo", exact=True).click()
        bob.wait_for_function(COUNT_IS, arg=2)
        bob.on("dialog", lambda dialog: dialog.accept())
        wire.mend()
        open_room(bob, address)
        page.wait_for_function(COUNT_IS, arg=2)
        assert len(all_equal(address, page, bob)) == 2


@pytest.mark.slow
def test_a_server_that_is_killed_and_comes_back_has_everything_once(browser, root, tmp_path):
    with contextlib.ExitStack() as stack:
        with apart(root, tmp_path) as (server, address):
            bob = stack.enter_context(somebody(browser, address, "Bob"))
            paint(bob, 0.4, count=1)
            server.kill()
        bob.get_by_text("The connection is lost").wait_for()
        paint(bob, 0.5, count=2)
        paint(bob, 0.6, count=3)
        stack.enter_context(serving(tmp_path, port=urlsplit(address).port))
        bob.get_by_text("The connection is lost").wait_for(state="hidden")
        assert len(all_equal(address, bob)) == 3


@pytest.mark.slow
def test_a_stroke_in_the_hand_outlives_the_connection(page, browser, address):
    wire = Wire()
    with somebody(browser, address, "Bob", wire) as bob:
        bob.keyboard.press("b")
        press_on(bob, (0.3, 0.5), (0.5, 0.5))
        wire.cut()
        bob.get_by_text("The connection is lost").wait_for()
        wire.mend()
        bob.get_by_text("The connection is lost").wait_for(state="hidden")
        bob.mouse.move(700, 420, steps=4)
        bob.mouse.up()
        page.wait_for_function(COUNT_IS, arg=1)
        all_equal(address, page, bob)


@pytest.mark.slow
def test_whoever_is_followed_leads_until_one_goes_elsewhere_oneself(page, browser, address):
    with somebody(browser, address, "Bob", None) as bob:
        paint(bob, 0.5, count=1)
        page.get_by_role("button", name="2 people here").click()
        page.get_by_role("button", name="Follow Bob").click()
        page.get_by_text("Following Bob").wait_for()
        bob.keyboard.press("n")
        bob.keyboard.press("Enter")
        second = page.locator(".ax-card[aria-current=true] .ax-card-name", has_text="Average 2")
        second.wait_for()
        page.get_by_role("button", name="looked at by Bob").wait_for()
        page.keyboard.press("Escape")
        page.get_by_text("Following Bob").wait_for(state="hidden")
        bob.keyboard.press(",")
        page.get_by_role("button", name="Average 1: Average").and_(
            page.get_by_label("looked at by Bob")
        ).wait_for()
        assert second.is_visible()


@pytest.mark.slow
def test_a_name_is_changed_for_everybody_and_remembered_of_who_has_left(page, browser, address):
    with somebody(browser, address, "Bob") as bob:
        paint(bob, 0.5, count=1)
        bob.get_by_role("button", name="2 people here").click()
        name = bob.get_by_label("Your name, as others see it")
        name.fill("Roberta")
        name.press("Enter")
        page.get_by_role("button", name="2 people here: Roberta and you").wait_for()
        page.get_by_text("Roberta has joined").wait_for(state="attached")
    page.get_by_role("button", name="Only you are here").wait_for()
    page.get_by_text("Roberta has left").wait_for(state="attached")
    assert edits(page).locator(".ax-edit-author").inner_text() == "Roberta"


@pytest.mark.slow
def test_whoever_never_met_an_author_reads_the_name_after_a_restart(browser, root, tmp_path):
    with apart(root, tmp_path) as (_, address), somebody(browser, address, "Ada") as ada:
        paint(ada, 0.5, count=1)
        ada.locator(".ax-side").get_by_text("connected").wait_for()
    with serving(tmp_path) as (_, address), somebody(browser, address, "Bob") as bob:
        assert edits(bob).locator(".ax-edit-author").inner_text() == "Ada"
        bob.locator(".ax-overlay").focus()
        bob.keyboard.press("h")
        bob.locator(".ax-timeline").get_by_text("Ada").first.wait_for()
        bob.get_by_role("button", name="Only you are here").wait_for()


@contextlib.contextmanager
def apart(root, folder):
    """A server on a copy of the collection in which nobody has been yet."""
    empty = shutil.ignore_patterns("rooms.sqlite*")
    shutil.copytree(root / "disks.avex", folder / "disks.avex", ignore=empty)
    shutil.copytree(root / "photos", folder / "photos")
    with serving(folder) as served:
        yield served


@pytest.mark.slow
def test_a_viewer_is_told_in_words_what_is_not_allowed(page, browser, address):
    def wire(socket):
        server = socket.connect_to_server()

        def pass_on(text):
            if isinstance(text, str) and '"welcome"' in text:
                message = json.loads(text)
                first = message[0] if isinstance(message, list) else message
                first["role"] = "viewer"
                text = json.dumps(message)
            socket.send(text)

        server.on_message(pass_on)

    paint(page, 0.5, count=1)
    with somebody(browser, address, "Eve", wire) as eve:
        eve.locator(".ax-people-role", has_text="viewer").wait_for()
        brush = eve.get_by_role("button", name="Color brush")
        assert brush.get_attribute("aria-disabled") == "true"
        assert "may look here" in brush.get_attribute("title")
        eve.keyboard.press("b")
        eve.get_by_text("You may look here, not change anything").wait_for()
        assert eve.locator(".ax-root").get_attribute("data-tool") == "explore"
        eve.get_by_label("Delete this edit").click(force=True)
        eve.keyboard.press("n")
        eve.get_by_role("button", name="More for Average").click()
        duplicate = eve.locator(".ax-cluster-menu .ax-menu-item", has_text="Duplicate")
        duplicate.and_(eve.locator("[aria-disabled=true][title*='may look here']")).click(
            force=True
        )
        eve.keyboard.press("Escape")
        eve.locator(".ax-thumb").first.click()
        pin = eve.locator(".ax-detail").get_by_role("button", name="Pin", exact=True)
        pin.and_(eve.locator("[aria-disabled=true][title*='may look here']")).click(force=True)
        eve.locator(".ax-denied-said:popover-open", has_text="You may look here").wait_for()
        assert edits(eve).count() == 1
        assert len(saved_edits(page, address)) == 1


@pytest.mark.slow
def test_an_annotator_is_told_what_is_not_allowed_until_a_tool_is_taken_that_is(
    page, browser, address
):
    room = f"{address.rstrip('/')}/api/disks"
    link = page.request.post(f"{room}/links", data={"role": "annotator", "label": "Nan"}).json()
    with somebody(browser, f"{address.rstrip('/')}/{link['path']}", "Nan") as nan:
        told_why = nan.locator(".ax-banner", has_text="not paint or change clusters")
        nan.keyboard.press("b")
        told_why.wait_for()
        nan.keyboard.press("Shift+C")
        nan.wait_for_selector(".ax-root[data-tool=comment]")
        nan.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        assert told_why.is_hidden()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "words", "button"),
    [
        (4400, "reload the page", "Reload"),
        (4403, "Your access to this room was withdrawn", None),
        (4429, "could not read what this page sent", "Reload"),
    ],
)
def test_a_connection_that_is_closed_for_good_says_why(browser, address, code, words, button):
    wire = Wire()
    with somebody(browser, address, "Bob", wire) as bob:
        wire.cut(code)
        bob.locator(".ax-banner", has_text=words).wait_for()
        assert len(wire.asked) == 1
        shown = bob.locator(".ax-banner button")
        assert shown.is_hidden() if button is None else shown.inner_text() == button
        bob.keyboard.press("r")
        bob.locator(".ax-review [role=alert]", has_text=words).wait_for()


@pytest.mark.slow
def test_nothing_is_painted_in_a_room_that_is_over_and_what_was_not_sent_is_saved(
    page, browser, address
):
    wire = Wire()
    with somebody(browser, address, "Bob", wire) as bob:
        wire.cut()
        paint(bob, 0.5, count=1)
        wire.code = 4403
        bob.locator(".ax-banner", has_text="What you did last did not get there").wait_for()
        with bob.expect_download() as saving:
            bob.get_by_role("button", name="Save", exact=True).click()
        text = Path(saving.value.path()).read_text()
        bob.wait_for_function("document.querySelector('.ax-root').dataset.tool === 'explore'")
        bob.keyboard.press("b")
        press_on(bob, (0.4, 0.2), (0.6, 0.2))
        bob.mouse.up()
        assert edits(bob).count() == 1
    assert saved_edits(page, address) == []
    session = session_from_json(json.loads(text))
    assert len(session.clusters[0].entries) == 1
