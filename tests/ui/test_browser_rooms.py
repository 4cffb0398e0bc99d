"""Rooms in a real browser: branches, the history that is scrubbed, links for others."""

import re

import pytest

from tests.ui.browsing import (
    MARKS,
    READY,
    edits,
    empty_room,
    open_room,
    press_on,
    saved_clusters,
    somebody,
)

pytestmark = MARKS

SLIDER = ".ax-timeline [role=slider]"


def wait_until(page, is_so):
    for _ in range(100):
        if is_so():
            return
        page.wait_for_timeout(100)
    assert is_so()


def choose(page, what):
    """Open the menu of rooms and choose an entry that begins with this."""
    page.locator(".ax-room-button").click()
    page.locator(".ax-room-menu:popover-open [aria-busy=false]").wait_for()
    page.locator(".ax-room-menu .ax-menu-item").filter(has_text=re.compile(f"^{what}")).click()


def in_room(page, title):
    """Wait until the page shows a room that is called so."""
    page.get_by_role("button", name=f"Room: {title}", exact=True).wait_for()
    page.locator(".ax-side").get_by_text("connected").wait_for()


def branch(page, title):
    """Make a branch, and wait until the page is in it."""
    choose(page, "New branch")
    page.get_by_role("textbox", name="Title").fill(title)
    page.get_by_role("button", name="Make the branch").click()
    in_room(page, title)


def paint(page, key):
    """Paint the middle in a color, and wait until the edit is listed."""
    before = edits(page).count()
    page.locator(".ax-overlay").focus()
    page.keyboard.press("b")
    page.keyboard.press(key)
    press_on(page, (0.4, 0.45), (0.6, 0.5))
    page.mouse.up()
    edits(page).nth(before).wait_for()
    page.locator(".ax-side").get_by_text("connected").wait_for()


def open_history(page):
    page.locator(".ax-overlay").focus()
    page.keyboard.press("h")
    page.locator(f"{SLIDER}:focus").wait_for()


def place(page):
    """Return which step of how many the history shows."""
    slider = page.locator(SLIDER)
    return int(slider.get_attribute("aria-valuenow")), int(slider.get_attribute("aria-valuemax"))


def shown_step(page):
    return page.locator(".ax-timeline-frame[aria-busy=false]").get_attribute("data-revision")


def test_a_branch_goes_its_own_way_and_is_published_back_in_a_step_that_can_be_undone(
    page, address
):
    branch(page, "Winter")
    paint(page, "9")
    assert saved_clusters(page, address)[0]["edits"] == []
    choose(page, "Publish to “Main room”")
    page.get_by_text("“Average”: 1 edit new").wait_for()
    page.get_by_role("button", name="Publish", exact=True).click()
    in_room(page, "Main room")
    edits(page).first.wait_for()
    assert len(saved_clusters(page, address)[0]["edits"]) == 1
    page.locator(".ax-toast").get_by_role("button", name="Undo").click()
    wait_until(page, lambda: saved_clusters(page, address)[0]["edits"] == [])
    assert page.problems == []


@pytest.mark.slow
def test_history_is_scrubbed_by_keys_and_a_step_is_restored_as_a_branch(page, address):
    paint(page, "9")
    paint(page, "1")
    open_history(page)
    at, newest = place(page)
    assert at == newest
    page.locator(".ax-timeline-now b").get_by_text(re.compile("^You .* stroke")).wait_for()
    page.keyboard.press("ArrowLeft")
    assert place(page) == (newest - 1, newest)
    wait_until(page, lambda: shown_step(page) == str(newest - 1))
    page.get_by_role("button", name="Restore as a new branch").click()
    page.get_by_role("button", name="Restore", exact=True).click()
    in_room(page, f"Main room at step {newest - 1}")
    wait_until(page, lambda: edits(page).count() == 1)
    assert len(saved_clusters(page, address)[0]["edits"]) == 2
    assert page.problems == []


@pytest.mark.slow
def test_a_step_is_restored_for_everybody_and_taken_back(page, browser, address):
    paint(page, "9")
    paint(page, "1")
    with somebody(browser, address, "Bob") as bob:
        open_history(page)
        restore = page.get_by_role("button", name="Restore here …")
        assert restore.is_disabled()
        page.keyboard.press("ArrowLeft")
        restore.click()
        page.get_by_role("button", name="Restore here", exact=True).click()
        wait_until(bob, lambda: edits(bob).count() == 1)
        page.locator(".ax-overlay:focus").wait_for()
        page.locator(".ax-toast", has_text="Restored step").get_by_role("button").click()
        wait_until(bob, lambda: edits(bob).count() == 2)
    assert page.problems == []


@pytest.mark.slow
def test_the_room_goes_on_while_its_history_is_looked_at(page, context, address):
    paint(page, "9")
    open_history(page)
    page.keyboard.press("Home")
    at, newest = place(page)
    page.get_by_text("The beginning: nothing is done yet").wait_for()
    other = context.new_page()
    open_room(other, address)
    paint(other, "1")
    wait_until(page, lambda: place(page) == (0, newest + 1))
    page.keyboard.press("Escape")
    page.locator(".ax-timeline").wait_for(state="hidden")
    assert at == 0
    wait_until(page, lambda: edits(page).count() == 2)


@pytest.mark.slow
def test_a_moment_is_named_found_again_and_forgotten(page):
    paint(page, "9")
    open_history(page)
    page.get_by_label("Name of this moment").fill("One stroke")
    page.keyboard.press("Enter")
    flag = page.locator(".ax-track-flag").get_by_text("One stroke")
    wait_until(page, lambda: place(page)[1] - place(page)[0] == 1)
    at, _ = place(page)
    page.keyboard.press("Home")
    flag.click()
    assert place(page)[0] == at
    page.get_by_role("button", name="Forget “One stroke”").click()
    flag.wait_for(state="detached")


@pytest.mark.slow
def test_history_plays_to_the_end(page):
    paint(page, "9")
    open_history(page)
    page.keyboard.press("Home")
    page.keyboard.press(" ")
    wait_until(page, lambda: place(page)[0] == place(page)[1])
    page.get_by_role("button", name="Play", exact=True).wait_for()


@pytest.mark.slow
def test_a_viewer_enters_by_a_link_looks_and_is_out_when_it_is_revoked(page, browser, address):
    choose(page, "Share")
    page.get_by_label("For whom the viewer's link is").fill("Ada")
    page.locator(".ax-links-role").first.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Address of the link").input_value()
    assert link.startswith(f"{address.rstrip('/')}/join/")
    guest = browser.new_context(viewport={"width": 1280, "height": 800})
    looking = guest.new_page()
    looking.goto(link)
    looking.wait_for_selector(READY)
    looking.get_by_role("button", name="Room: Main room").wait_for()
    choose(looking, "Share")
    looking.get_by_text("Only owners of a room let others in").wait_for()
    page.get_by_role("button", name="Revoke the link for Ada").click()
    page.get_by_role("button", name="Revoke", exact=True).click()
    looking.locator(".ax-banner:visible").wait_for()
    page.get_by_text("Ada").wait_for(state="detached")
    guest.close()


@pytest.mark.slow
def test_a_copy_of_a_room_is_saved_and_opened_as_a_new_room(page, tmp_path):
    paint(page, "9")
    with page.expect_download() as saving:
        choose(page, "Save a copy")
    copy = tmp_path / "room.zip"
    saving.value.save_as(copy)
    with page.expect_file_chooser() as choosing:
        choose(page, "Open a copy")
    choosing.value.set_files(copy)
    page.wait_for_url("**/?collection=disks%7E*")
    edits(page).first.wait_for()


@pytest.mark.slow
def test_a_file_that_is_no_copy_is_refused_in_words(page, tmp_path):
    file = tmp_path / "photo.zip"
    file.write_bytes(b"no zip")
    with page.expect_file_chooser() as choosing:
        choose(page, "Open a copy")
    choosing.value.set_files(file)
    page.locator(".ax-banner").get_by_text("photo.zip was not opened").wait_for()


@pytest.mark.slow
def test_rooms_are_gone_through_without_a_pointer(page):
    page.locator(".ax-room-button").focus()
    page.keyboard.press("Enter")
    page.locator(".ax-room-item[aria-current=true]:focus").wait_for()
    page.keyboard.press("ArrowDown")
    for _ in range(60):  # each other room has two stops
        if "New branch" in page.locator(":focus").inner_text():
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("By keys")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    in_room(page, "By keys")
    assert page.title().startswith("By keys")
    choose(page, "Title and privacy")
    assert page.get_by_label("Private").is_checked()
    page.keyboard.press("Escape")
    choose(page, "Archive")
    page.get_by_role("button", name="Archive", exact=True).click()
    in_room(page, "Main room")
    page.locator(".ax-room-button").click()
    page.locator(".ax-room-menu:popover-open [aria-busy=false]").wait_for()
    assert page.locator(".ax-room-item").get_by_text("By keys").count() == 0


@pytest.mark.slow
def test_a_room_that_is_not_open_is_saved_archived_and_brought_back(page):
    branch(page, "Aside")
    choose(page, "Main room(?! at)")
    in_room(page, "Main room")

    def row():
        page.locator(".ax-room-button").click()
        page.locator(".ax-room-menu:popover-open [aria-busy=false]").wait_for()
        if page.get_by_role("button", name=re.compile("^Show .* archived")).count():
            page.get_by_role("button", name=re.compile("^Show .* archived")).click()
        page.get_by_role("button", name="More about “Aside”").press("Enter")
        return page.locator(".ax-room-row", has_text="Aside")

    with page.expect_download() as saving:
        row().get_by_role("button", name="Save a copy").click()
    assert saving.value.suggested_filename.endswith("-room.zip")
    row().get_by_role("button", name="Archive").press("Enter")
    page.get_by_role("button", name="Archive", exact=True).click()
    page.get_by_text("“Aside” is in the archive").wait_for()
    row().get_by_role("button", name="Out of the archive").click()
    page.get_by_text("“Aside” is in the list again").wait_for()
    assert page.title().startswith("disks")  # still in the main room


@pytest.mark.slow
def test_a_branch_is_renamed_and_reached_by_its_address(page, context, address):
    branch(page, "Summer")
    choose(page, "Title and privacy")
    page.get_by_role("textbox", name="Title").fill("Autumn")
    page.get_by_role("button", name="Save", exact=True).click()
    in_room(page, "Autumn")
    other = context.new_page()
    open_room(other, page.url)
    in_room(other, "Autumn")
    choose(page, "Title and privacy")
    page.get_by_role("textbox", name="Title").fill("Spring")
    page.get_by_role("button", name="Save", exact=True).click()
    in_room(other, "Spring")
    empty_room(context, address)
