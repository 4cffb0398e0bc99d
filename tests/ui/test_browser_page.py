"""The page in a real browser: painting, its room, keys, and no request off the machine."""

import json
import re
from urllib.parse import urlsplit

import pytest

from explorer.annotation import Annotation, ImagePoint, ImagePoints, Layer
from explorer.session import Cluster, Session
from explorer.session_json import session_to_json
from tests.ui.browsing import MARKS, Wire, edits, frames, open_room, press_on, session_url
from ui.settings import Settings

pytestmark = MARKS


def paint_red(page):
    page.keyboard.press("b")
    page.keyboard.press("1")
    press_on(page, (0.4, 0.5), (0.5, 0.55), (0.6, 0.5))
    page.mouse.up()
    page.get_by_text("Red stroke").wait_for()


def test_a_color_that_no_image_has_is_explained_and_stays_explained(page):
    page.keyboard.press("b")
    page.keyboard.press("3")  # yellow
    before = frames(page, "frames")
    press_on(page, (0.4, 0.5), (0.6, 0.5))
    page.mouse.up()
    hint = page.get_by_text("no image shows this color there")
    hint.wait_for()
    page.wait_for_function(
        "before => Number(document.querySelector('.ax-host').dataset.frames) > before",
        arg=before,
    )
    assert hint.is_visible()


def test_no_request_leaves_the_machine_and_none_fails(page, address):
    paint_red(page)
    page.get_by_role("tab", name="Collections").click()
    page.get_by_role("link", name="disks").wait_for()
    hosts = {urlsplit(url).netloc for url in page.requests_seen if not url.startswith("data:")}
    assert hosts == {urlsplit(address).netloc}
    assert page.problems == []


def test_frames_arrive_while_the_stroke_is_drawn(page):
    before = frames(page)
    press_on(page, (0.3, 0.5), (0.7, 0.5))
    page.wait_for_function(
        "before => Number(document.querySelector('.ax-host').dataset.live) > before", arg=before
    )
    assert edits(page).count() == 0
    page.mouse.up()
    edits(page).first.wait_for()


@pytest.mark.slow
def test_session_with_more_points_than_a_message_holds_is_opened_and_undone(page, address):
    many = 30_000
    points = tuple(ImagePoint(keypoint=f"spot-{number}", x=number) for number in range(many))
    layer = Layer(id="l1", kind="imported", images=(ImagePoints(image="red00.png", points=points),))
    session = Session(clusters=(Cluster(name="Red ones"),), annotation=Annotation(layers=(layer,)))
    content = json.dumps(session_to_json(session)).encode()
    assert len(content) > Settings().message_limit
    page.locator("input[type=file][accept*=json]").first.set_input_files(
        {"name": "session.json", "mimeType": "application/json", "buffer": content}
    )
    page.get_by_text("Red ones").first.wait_for()
    saved = page.request.get(session_url(address)).json()["annotation"]
    assert len(saved["layers"][0]["images"]["red00.png"]) == many
    page.keyboard.press("Control+z")
    page.get_by_text("Red ones").first.wait_for(state="hidden")
    assert "annotation" not in page.request.get(session_url(address)).json()
    assert page.problems == []


@pytest.mark.slow
def test_file_that_is_no_session_is_refused_in_words(page):
    file = page.locator("input[type=file][accept*=json]").first
    for content, words in ((b"ear", "must be JSON"), (b"{}", "session.clusters is missing")):
        buffer = {"name": "a.json", "mimeType": "application/json", "buffer": content}
        file.set_input_files(buffer)
        page.get_by_text(words).wait_for()


def test_reload_and_a_second_window_show_the_same_state(page, context, address):
    paint_red(page)
    page.reload()
    page.get_by_text("Red stroke").wait_for()
    second = context.new_page()
    open_room(second, address)
    second.get_by_text("Red stroke").wait_for()
    page.get_by_label("Delete this edit").click()
    edits(second).first.wait_for(state="detached")


def test_undo_removes_a_stroke_and_redo_brings_it_back(page):
    paint_red(page)
    page.keyboard.press("Control+z")
    edits(page).first.wait_for(state="detached")
    page.keyboard.press("Control+Shift+z")
    edits(page).first.wait_for()


def test_painting_red_puts_red_images_first(page):
    paint_red(page)
    page.locator(".ax-thumb[aria-label^='1: red']").wait_for()
    page.locator(".ax-thumb").first.click()
    page.get_by_text("Why it is in").wait_for()
    page.get_by_role("button", name="Pin", exact=True).click()
    page.keyboard.press("Escape")
    edits(page).filter(has_text="Pinned red").first.wait_for()


def test_painting_works_without_a_pointer(page):
    page.locator(".ax-overlay").focus()
    for key in ("ArrowLeft", "Space", "ArrowRight", "Shift+ArrowRight", "Space"):
        page.keyboard.press(key)
    edits(page).first.wait_for()


@pytest.mark.slow
def test_escape_gives_up_the_stroke_in_progress(page):
    press_on(page, (0.3, 0.5), (0.7, 0.5))
    page.keyboard.press("Escape")
    page.mouse.up()
    paint_red(page)
    assert edits(page).count() == 1


@pytest.mark.slow
def test_the_eraser_removes_what_is_under_it(page):
    paint_red(page)
    page.keyboard.press("e")
    press_on(page, (0.3, 0.5), (0.5, 0.55), (0.7, 0.5))
    page.mouse.up()
    edits(page).first.wait_for(state="detached")


def draw_lines(page, count):
    for at in range(count):
        press_on(page, (0.2 + 0.15 * at, 0.3), (0.25 + 0.15 * at, 0.7))
        page.mouse.up()


def saved_edits(page, address):
    session = page.request.get(f"{address.rstrip('/')}/api/disks/session.json").json()
    return [entry["edit"] for entry in session["clusters"][0]["edits"]]


def saved_lines(page, address, wanted):
    """Return the number of lines of each saved edit, as soon as it is the wanted one."""
    for _ in range(50):
        lines = [len(edit["paths"]) for edit in saved_edits(page, address)]
        if lines == wanted:
            break
        page.wait_for_timeout(100)
    return lines


@pytest.mark.slow
def test_sketch_lines_without_a_pause_are_all_kept(page, address):
    page.keyboard.press("s")
    draw_lines(page, 4)
    page.get_by_text("Sketch (4 lines)").wait_for()
    assert saved_lines(page, address, [4]) == [4]
    page.reload()
    page.get_by_text("Sketch (4 lines)").wait_for()


def test_what_is_drawn_without_a_connection_waits_in_the_list_and_is_sent(page, context, address):
    page.close()
    page, wire = context.new_page(), Wire()
    page.route_web_socket(re.compile("/ws"), wire)
    open_room(page, address)
    wire.cut()
    page.get_by_text("The connection is lost").wait_for()
    page.keyboard.press("s")
    draw_lines(page, 2)
    page.get_by_text("Sketch (2 lines) waiting").wait_for()
    assert saved_edits(page, address) == []
    wire.mend()
    retry = page.get_by_role("button", name="Try now", include_hidden=True)
    retry.evaluate("button => button.click()")  # hidden if the page has tried by itself
    page.get_by_text("Sketch (2 lines) waiting").wait_for(state="detached")
    assert saved_lines(page, address, [2]) == [2]


def test_question_mark_opens_the_sheet_of_shortcuts(page):
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Shortcuts and help").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="Shortcuts and help").wait_for(state="hidden")


@pytest.mark.slow
def test_right_click_offers_the_colors_under_the_brush(page):
    page.locator(".ax-overlay").click(button="right")
    page.locator(".ax-colors-data button").first.wait_for()


@pytest.mark.slow
def test_a_press_beside_an_open_popover_only_closes_it(page):
    for opener in ("Choose a color", "Save and export"):
        page.get_by_role("button", name=opener).click()
        page.locator(".ax-popover:popover-open").wait_for()
        press_on(page, (0.97, 0.97))
        page.mouse.up()
        page.locator(".ax-popover:popover-open").wait_for(state="detached")
    paint_red(page)
    assert edits(page).count() == 1


@pytest.mark.slow
def test_the_palette_is_walked_by_arrows_and_left_by_escape(page):
    page.locator(".ax-overlay").focus()
    page.keyboard.press("c")
    swatch = page.locator(".ax-colors-grid button:focus")
    swatch.wait_for()
    first = swatch.get_attribute("data-hex")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert swatch.get_attribute("data-hex") != first
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    assert swatch.get_attribute("data-hex") == first
    page.keyboard.press("Escape")
    page.locator(".ax-popover:popover-open").wait_for(state="detached")
    page.locator(".ax-overlay:focus").wait_for()


@pytest.mark.slow
def test_the_menu_is_walked_by_arrows_and_left_by_escape(page):
    page.get_by_role("button", name="Save and export").press("Enter")
    page.keyboard.press("ArrowDown")
    page.locator(".ax-menu-item:nth-of-type(2):focus").wait_for()
    page.keyboard.press("Escape")
    page.locator(".ax-popover:popover-open").wait_for(state="detached")
    assert page.evaluate("document.activeElement.textContent") == "Save and export"


@pytest.mark.slow
def test_the_focus_goes_from_a_deleted_edit_to_the_next_and_last_to_the_canvas(page):
    paint_red(page)
    page.keyboard.press("2")
    press_on(page, (0.4, 0.2))
    page.mouse.up()
    page.get_by_label("Delete this edit: Orange stroke").press("Enter")
    page.locator(".ax-edit:has(:focus)").get_by_text("Red stroke").wait_for()
    page.get_by_label("Delete this edit: Red stroke").press("Enter")
    page.locator(".ax-overlay:focus").wait_for()


@pytest.mark.slow
def test_keys_on_the_strength_are_one_change_and_one_undo(page, address):
    paint_red(page)
    slider = page.get_by_label("Strength of Red stroke")
    for _ in range(5):
        slider.press("ArrowLeft")
    page.get_by_text("0.5\N{MULTIPLICATION SIGN}").wait_for()
    for _ in range(50):
        if saved_edits(page, address)[0]["strength"] != 1:
            break
        page.wait_for_timeout(100)
    assert saved_edits(page, address)[0]["strength"] == 0.5
    slider.press("Control+z")
    page.get_by_text("1.0\N{MULTIPLICATION SIGN}").wait_for()


@pytest.mark.slow
def test_an_excluded_image_says_why_it_is_out(page):
    page.locator(".ax-thumb").first.click()
    page.get_by_role("heading", name="Why it is in").wait_for()
    page.get_by_role("button", name="Exclude").click()
    page.get_by_role("heading", name="Why it is out").wait_for()
    page.get_by_text("It was excluded by hand").wait_for()


@pytest.mark.slow
def test_dark_follows_the_system(browser, address):
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    open_room(page, address)
    light = page.evaluate(
        "getComputedStyle(document.querySelector('.ax-root')).backgroundColor.match(/\\d+/g)"
    )
    context.close()
    assert max(map(int, light[:3])) < 64
