"""The explorer brush in a real browser: modes, where to look, averages to start from."""

import re

import cv2
import numpy as np
import pytest

from tests.ui.browsing import MARKS, edits, frames, open_room, press_on

pytestmark = MARKS

MODE = ".ax-mode:visible"
HIGHLIGHTED = ".ax-mode[aria-pressed=true]:visible"


def point_at(page, x, y):
    """Move the mouse over the canvas."""
    box = page.locator(".ax-overlay").bounding_box()
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=3)


def explore(page, x=0.5, y=0.5):
    """Take the explorer brush, hover, and wait for the final modes."""
    page.keyboard.press("x")
    page.locator(".ax-modes").wait_for()
    point_at(page, x, y)
    page.locator(".ax-modes[data-busy=false] .ax-mode:visible").nth(1).wait_for()


def highlighted(page):
    """Return which patch has the highlight, counted from 0."""
    pressed = page.locator(MODE).evaluate_all("all => all.map(one => one.ariaPressed)")
    assert pressed.count("true") == 1
    return pressed.index("true")


def words(page):
    return page.locator(".ax-modes-words").text_content()


def test_hovering_shows_modes_and_previews_the_first(page):
    before = frames(page)
    explore(page)
    assert highlighted(page) == 0
    assert re.search(
        r"\d+% of the average shows this .* \d+ image",
        page.locator(MODE).first.get_attribute("title"),
    )
    page.wait_for_function(
        "before => Number(document.querySelector('.ax-host').dataset.live) > before", arg=before
    )
    assert edits(page).count() == 0


@pytest.mark.slow
def test_arrows_and_tab_walk_the_modes_and_tab_leaves_at_the_end(page):
    explore(page)
    modes = page.locator(MODE).count()
    page.keyboard.press("ArrowRight")
    assert page.locator(HIGHLIGHTED).count() == 1
    page.wait_for_function("document.querySelectorAll('.ax-mode')[1].ariaPressed === 'true'")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.querySelectorAll('.ax-mode')[0].ariaPressed === 'true'")
    for _ in range(modes - 1):
        page.keyboard.press("Tab")
    page.wait_for_function(
        "last => document.querySelectorAll('.ax-mode')[last].ariaPressed === 'true'", arg=modes - 1
    )
    assert page.locator(".ax-overlay:focus").count() == 1
    page.keyboard.press("Tab")
    page.locator(".ax-mode:focus").wait_for()
    page.keyboard.press("Tab")
    page.locator(".ax-modes-use:focus").wait_for()


def test_a_click_keeps_the_highlighted_mode_over_a_reload(page):
    explore(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelectorAll('.ax-mode')[1].ariaPressed === 'true'")
    page.mouse.down()
    page.mouse.up()
    page.get_by_text("Mode in the middle").wait_for()
    page.reload()
    page.get_by_text("Mode in the middle").wait_for()
    page.locator(".ax-edit-picture[style*='images/']").wait_for()
    assert edits(page).count() == 1


@pytest.mark.slow
def test_a_patch_is_highlighted_by_the_pointer_and_kept_by_a_click(page):
    explore(page)
    page.locator(MODE).nth(1).hover()
    page.wait_for_function("document.querySelectorAll('.ax-mode')[1].ariaPressed === 'true'")
    page.locator(MODE).nth(1).click()
    page.get_by_text("Mode in the middle").wait_for()
    page.get_by_text("the mode is in the list of edits").wait_for()


def test_shift_and_a_click_make_a_cluster_of_a_mode(page):
    explore(page)
    page.locator(MODE).nth(1).click(modifiers=["Shift"])
    page.locator(".ax-card[aria-current=true]").get_by_text("Mode in the middle").wait_for()
    edits(page).get_by_text("Mode in the middle").wait_for()
    page.locator(".ax-card-face").first.click()
    edits(page).first.wait_for(state="detached")
    point_at(page, 0.5, 0.5)
    page.locator(".ax-modes[data-busy=false] .ax-mode:visible").nth(1).wait_for()
    page.keyboard.press("Shift+Enter")
    page.locator(".ax-card[data-cluster]").nth(2).wait_for()
    page.locator(".ax-card[aria-current=true] .ax-card-name").get_by_text("Mode").wait_for()
    edits(page).get_by_text("Mode").wait_for()
    assert page.problems == []


@pytest.mark.slow
def test_the_wheel_changes_the_size_of_the_patch(page):
    explore(page)
    page.get_by_text("80 px patch").wait_for()
    page.mouse.wheel(0, 100)
    page.get_by_text("48 px patch").wait_for()
    page.mouse.wheel(0, -100)
    page.get_by_text("80 px patch").wait_for()


@pytest.mark.slow
def test_escape_ends_the_preview_and_nothing_is_kept(page):
    explore(page)
    page.keyboard.press("Escape")
    page.locator(MODE).first.wait_for(state="detached")
    assert edits(page).count() == 0


@pytest.mark.slow
def test_undoing_a_kept_mode_ends_its_strip_and_it_can_be_kept_again(page):
    explore(page)
    page.get_by_role("button", name="Use this mode").click()
    page.get_by_text("the mode is in the list of edits").wait_for()
    page.keyboard.press("Control+z")
    page.locator(MODE).first.wait_for(state="detached")
    explore(page, 0.4, 0.5)
    page.get_by_role("button", name="Use this mode").click()
    page.get_by_text("the mode is in the list of edits").wait_for()
    assert edits(page).count() == 1


@pytest.mark.slow
def test_another_tool_takes_the_strip_away_and_paints(page):
    explore(page)
    page.keyboard.press("b")
    page.locator(".ax-modes").wait_for(state="hidden")
    press_on(page, (0.4, 0.5), (0.6, 0.5))
    page.mouse.up()
    page.get_by_text("stroke").first.wait_for()


def test_modes_are_found_walked_and_kept_without_a_pointer(page):
    page.keyboard.press("x")
    page.locator(".ax-toolbar button").first.focus()
    page.keyboard.press("Shift+Tab")
    while page.locator(".ax-overlay:focus").count() == 0:
        page.keyboard.press("Tab")
    page.locator(".ax-modes[data-busy=false] .ax-mode:visible").nth(1).wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.locator(".ax-mode:focus[aria-pressed=true]").wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("Mode in the middle").wait_for()
    page.keyboard.press("Escape")
    page.locator("[data-keys=true] .ax-overlay:focus").wait_for()


@pytest.mark.slow
def test_a_finger_looks_highlights_and_keeps_by_the_button(browser, address):
    context = browser.new_context(has_touch=True, viewport={"width": 1024, "height": 800})
    page = context.new_page()
    open_room(page, address)
    page.get_by_role("button", name="Explorer brush").tap()
    page.locator(".ax-overlay").tap()
    page.locator(".ax-modes[data-busy=false] .ax-mode:visible").nth(1).wait_for()
    page.locator(MODE).nth(1).tap()
    page.wait_for_function("document.querySelectorAll('.ax-mode')[1].ariaPressed === 'true'")
    kept = page.get_by_text("the mode is in the list of edits")
    assert kept.count() == 0
    page.get_by_role("button", name="Use this mode").tap()
    kept.wait_for()
    context.close()


@pytest.mark.slow
def test_the_report_of_the_place_opens(page, context):
    explore(page)
    page.get_by_role("button", name="Report").click()
    with context.expect_page() as opened:
        page.get_by_text("Open the report").click()
    opened.value.get_by_role("heading").first.wait_for()
    assert "/modes.html?" in opened.value.url
    assert page.problems == []


@pytest.mark.slow
def test_more_like_this_is_an_edit(page):
    page.locator(".ax-thumb").first.click()
    page.get_by_role("button", name="More like this").click()
    page.locator("[aria-pressed=true]").get_by_text("More like this").wait_for()
    page.keyboard.press("Escape")
    page.locator(".ax-edit").get_by_text(re.compile("^Like ")).wait_for()


def test_where_to_look_is_laid_over_the_average_and_taken_off(page):
    _, png = cv2.imencode(".png", np.full((96, 128, 4), 128, np.uint8))
    page.route("**/interest.png?*", lambda route: route.fulfill(body=png.tobytes()))
    page.keyboard.press("w")
    page.locator(".ax-interest:visible").wait_for()
    page.get_by_text("the more distinct modes are there").wait_for()
    page.keyboard.press("w")
    page.locator(".ax-interest").wait_for(state="hidden")
    assert page.problems == []


@pytest.mark.slow
def test_a_map_that_fails_says_why_and_switches_off(page):
    wrong = {"error": "no luck"}
    page.route("**/interest.png?*", lambda route: route.fulfill(status=500, json=wrong))
    page.keyboard.press("w")
    page.get_by_text("could not be made: no luck").wait_for()
    page.locator("[aria-label^='Where to look'][aria-pressed=false]").wait_for()


def test_an_empty_room_offers_averages_and_then_finer_ones(page):
    page.get_by_text("Start from one of these").wait_for()
    page.locator(".ax-start-item").first.click()
    page.locator(".ax-edit").get_by_text(re.compile("^Like ")).wait_for()
    page.get_by_text("Narrow down").wait_for()
    page.get_by_label("Close: start from the average of all").click()
    page.locator(".ax-start").wait_for(state="hidden")
    assert edits(page).count() == 1


@pytest.mark.slow
def test_a_closed_start_stays_closed_and_is_opened_from_the_bar(page, address):
    page.get_by_label("Close: start from the average of all").click()
    open_room(page, address)
    page.locator(".ax-readouts dd small").first.wait_for()
    assert page.locator(".ax-start:visible").count() == 0
    page.get_by_label("Averages to start from").first.click()
    page.locator(".ax-start-item").first.wait_for()


@pytest.mark.slow
def test_painting_closes_the_start_that_opened_itself(page):
    page.locator(".ax-start-item").first.wait_for()
    press_on(page, (0.4, 0.5), (0.6, 0.5))
    page.mouse.up()
    page.locator(".ax-start").wait_for(state="hidden")
    assert edits(page).count() == 1


@pytest.mark.slow
def test_a_start_that_fails_says_why_and_tries_again(page):
    page.route("**/start?*", lambda route: route.fulfill(status=500, json={"error": "no luck"}))
    page.reload()
    page.get_by_text("The averages could not be made: no luck").wait_for()
    page.unroute("**/start?*")
    page.get_by_role("button", name="Try again").click()
    page.locator(".ax-start-item").first.wait_for()
