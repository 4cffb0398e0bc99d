"""Keypoints in a real browser: placing, skipping, nudging, undo, zoom, two windows, schemas."""

import json
import re

import pytest

from tests.ui.browsing import HEIGHT, MARKS, WIDTH, Wire, open_room, session_url

# What is rarer is slow, so that `make test` has one way through and CI has all of them.
pytestmark = MARKS

FACE = ["eye-left", "eye-right", "nose-tip", "mouth-left", "mouth-right"]
PLACES = [(0.3, 0.3), (0.7, 0.3), (0.5, 0.5), (0.35, 0.75), (0.65, 0.75)]
NEXT = ".ax-kp-list .ax-next .ax-kp-name"


def keypoints(page, template="Face, 5 points"):
    """Take the tool, and a template where the room has none yet."""
    page.keyboard.press("k")
    page.locator(".ax-kp-panel").wait_for()
    if template:
        page.get_by_role("button", name=template).click()
        page.locator(NEXT).wait_for()


def click_on(page, x, y):
    box = page.locator(".ax-overlay").bounding_box()
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=3)
    page.mouse.down()
    page.mouse.up()


def asked(page, name):
    """Wait until a keypoint is asked for."""
    page.locator(NEXT, has_text=name).wait_for()


def marks(page, address):
    """Return where the server has the marks, by keypoint."""
    annotation = page.request.get(session_url(address)).json()["annotation"]
    return {mark["keypoint"]: mark["at"] for mark in annotation["marks"]}


def settled(page, address, ids):
    """Return the server's marks as soon as they are of these keypoints."""
    for _ in range(100):
        found = marks(page, address)
        if sorted(found) == sorted(ids):
            return found
        page.wait_for_timeout(50)
    raise AssertionError(f"the server has marks of {sorted(found)}, not of {sorted(ids)}")


def moved_to(page, address, keypoint, at, within=1e-4):
    """Wait until the server has a mark at a place, in canvas units."""
    for _ in range(100):
        found = marks(page, address).get(keypoint)
        if found == pytest.approx(at, abs=within):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{keypoint} is at {found}, not at {at}")


def test_five_points_are_placed_in_order_and_are_still_there_after_a_reload(page, address):
    keypoints(page)
    for place in PLACES:
        click_on(page, *place)
    page.locator(".ax-kp-next", has_text="All placed").wait_for()
    found = settled(page, address, FACE)
    # The pointer stands on whole pixels of the screen: the canvas is over 300 of them wide.
    for keypoint, place in zip(FACE, PLACES, strict=True):
        assert found[keypoint] == pytest.approx(place, abs=1 / 300)
    assert page.problems == []
    page.reload()
    page.problems.clear()  # a request that a reload breaks off is none
    page.locator(".ax-card-marks", has_text="5/5").wait_for()
    page.locator(".ax-kp-next", has_text="All placed").wait_for()
    assert page.problems == []


@pytest.mark.slow
def test_a_skipped_point_leaves_a_hole(page, address):
    keypoints(page)
    asked(page, "Eye left")
    click_on(page, *PLACES[0])
    asked(page, "Eye right")
    page.keyboard.press("s")
    asked(page, "Nose tip")
    page.keyboard.press(" ")
    asked(page, "Mouth left")
    click_on(page, *PLACES[3])
    assert sorted(settled(page, address, ["eye-left", "mouth-left"])) == ["eye-left", "mouth-left"]
    assert page.locator(".ax-kp-state", has_text="skipped").count() == 2


def test_arrows_move_the_placed_point_by_pixels_of_the_average_and_one_undo_takes_them_back(
    page, address
):
    keypoints(page)
    click_on(page, 0.5, 0.5)
    x, y = settled(page, address, FACE[:1])["eye-left"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    moved_to(page, address, "eye-left", (x + 1 / WIDTH, y + 10 / HEIGHT))
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+z")
    # What arrows did since they rested is one step.
    moved_to(page, address, "eye-left", (x + 1 / WIDTH, y + 10 / HEIGHT))
    page.keyboard.press("Control+z")
    moved_to(page, address, "eye-left", (x, y))
    page.keyboard.press("Control+z")
    settled(page, address, [])
    asked(page, "Eye left")


def test_a_point_is_dragged_and_deleted(page, address):
    keypoints(page)
    click_on(page, 0.3, 0.3)
    settled(page, address, FACE[:1])
    box = page.locator(".ax-overlay").bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.4 * box["height"], steps=5)
    page.mouse.up()
    page.wait_for_timeout(100)
    assert settled(page, address, FACE[:1])["eye-left"] == pytest.approx((0.6, 0.4), abs=1 / 200)
    page.keyboard.press("Backspace")
    settled(page, address, [])
    asked(page, "Eye left")


def test_zoom_does_not_change_what_is_placed(page, address):
    keypoints(page)
    box = page.locator(".ax-overlay").bounding_box()
    at = (box["x"] + 0.25 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.move(*at)
    page.mouse.wheel(0, -600)
    page.wait_for_function("parseInt(document.querySelector('.ax-kp-scale').textContent) > 200")
    page.mouse.down()
    page.mouse.up()
    found = settled(page, address, FACE[:1])["eye-left"]
    assert found == pytest.approx((0.25, 0.5), abs=1 / 300)
    page.keyboard.press("0")
    page.get_by_text("100%", exact=True).first.wait_for()
    assert marks(page, address)["eye-left"] == found


@pytest.mark.slow
def test_without_a_pointer_arrows_move_a_cross_and_enter_places(page, address):
    keypoints(page)
    page.locator(".ax-overlay").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    asked(page, "Eye right")
    found = settled(page, address, FACE[:1])["eye-left"]
    assert found == pytest.approx((0.5 + 10 / WIDTH, 0.5 - 1 / HEIGHT), abs=1e-4)
    page.keyboard.press("Shift+Tab")
    page.locator(".ax-kp-list .ax-selected", has_text="Eye left").wait_for()
    page.keyboard.press("ArrowDown")
    moved_to(page, address, "eye-left", (0.5 + 10 / WIDTH, 0.5))


def test_two_windows_see_each_other_s_points(page, context, address):
    keypoints(page)
    other = context.new_page()
    open_room(other, address)
    keypoints(other, template=None)
    click_on(page, *PLACES[0])
    other.locator(".ax-card-marks", has_text="1/5").wait_for()
    asked(other, "Eye right")
    click_on(other, *PLACES[1])
    page.locator(".ax-card-marks", has_text="2/5").wait_for()
    asked(page, "Nose tip")


@pytest.mark.slow
def test_what_another_person_placed_can_be_moved_but_not_deleted(page, browser, address):
    keypoints(page)
    click_on(page, *PLACES[0])
    settled(page, address, FACE[:1])
    elsewhere = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        other = elsewhere.new_page()
        open_room(other, address)
        keypoints(other, template=None)
        other.locator(".ax-kp-row", has_text="Eye left").click()
        other.keyboard.press("Delete")
        other.get_by_text("Somebody else placed Eye left").wait_for()
        settled(page, address, FACE[:1])
    finally:
        elsewhere.close()


def test_a_room_without_points_offers_templates_and_a_schema_of_one_s_own(page, address):
    keypoints(page, template=None)
    page.get_by_role("button", name="Free: name your own").click()
    new = page.get_by_label("Name of a new keypoint")
    for name in ("Heel", "Toe"):
        new.fill(name)
        new.press("Enter")
        page.get_by_label(f"Color of {name}").wait_for()
    page.get_by_label("Join Heel to").focus()
    page.get_by_label("Join Heel to").select_option(label="Toe")
    page.get_by_label("Take the edge between Toe and Heel away").wait_for()
    page.get_by_label("Name of keypoint 2").fill("Tip")
    page.get_by_label("Name of keypoint 2").press("Enter")
    page.get_by_label("Color of Tip").wait_for()
    page.keyboard.press("Escape")
    schema = page.request.get(session_url(address)).json()["annotation"]["schema"]
    assert [(one["id"], one["name"]) for one in schema["keypoints"]] == [
        ("heel", "Heel"),
        ("toe", "Tip"),
    ]
    assert schema["edges"] == [["heel", "toe"]]
    page.get_by_label("Add a keypoint").fill("Strap")
    page.get_by_label("Add a keypoint").press("Enter")
    asked(page, "Strap")
    click_on(page, 0.5, 0.2)
    settled(page, address, ["strap"])
    asked(page, "Heel")


@pytest.mark.slow
def test_shift_and_a_click_join_two_points(page, address):
    keypoints(page)
    for place in PLACES[:2]:
        click_on(page, *place)
    settled(page, address, FACE[:2])
    # The second point is selected; the template has an edge to the first, which goes away.
    page.keyboard.down("Shift")
    click_on(page, *PLACES[0])
    page.keyboard.up("Shift")
    page.wait_for_timeout(200)
    edges = page.request.get(session_url(address)).json()["annotation"]["schema"]["edges"]
    assert ["eye-left", "eye-right"] not in edges
    assert len(edges) == 5
    assert sorted(marks(page, address)) == FACE[:2]


@pytest.mark.slow
def test_a_left_out_keypoint_keeps_its_points_and_comes_back_with_them(page, address):
    keypoints(page)
    click_on(page, *PLACES[0])
    settled(page, address, FACE[:1])
    page.get_by_role("button", name="Edit points").click()
    page.get_by_label("Remove Eye left").click()
    page.get_by_text("still has points").wait_for()
    assert list(marks(page, address)) == ["eye-left"]
    page.get_by_role("button", name="+ Eye left").click()
    page.get_by_text("still has points").wait_for(state="hidden")
    page.keyboard.press("Escape")
    page.locator(".ax-card-marks", has_text="1/5").wait_for()


@pytest.mark.slow
def test_a_coco_category_is_exported_and_imported_again(page, address):
    keypoints(page)
    page.get_by_role("button", name="Edit points").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export COCO").click()
    text = download.value.path().read_text("utf-8")
    category = json.loads(text)["categories"][0]
    assert category["keypoints"][2] == "Nose tip"
    category["keypoints"][2] = "Snout"
    file = {"name": "dog.json", "mimeType": "application/json", "buffer": json.dumps(category)}
    page.locator("input[aria-label='COCO file']").set_input_files(
        [file | {"buffer": file["buffer"].encode()}]
    )
    page.get_by_label("Color of Snout").wait_for()


@pytest.mark.slow
def test_points_of_another_average_start_from_here_and_follow_what_is_placed(page, address):
    keypoints(page)
    for place in PLACES:
        click_on(page, *place)
    settled(page, address, FACE)
    page.get_by_role("button", name="New cluster").click()
    page.get_by_role("button", name="Empty").click()
    page.locator(".ax-card[data-cluster]").nth(1).wait_for()
    page.locator(".ax-card-face").first.click()
    page.get_by_role("button", name="Next average without points").click()
    asked(page, "Eye left")
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_text("5 copied points start").wait_for()
    box = page.locator(".ax-overlay").bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.35 * box["height"], steps=5)
    page.mouse.up()
    page.get_by_text("4 copied points start").wait_for()
    page.get_by_role("button", name="Place all here").click()
    page.locator(".ax-card-marks", has_text="5/5").nth(1).wait_for()
    annotation = page.request.get(session_url(address)).json()["annotation"]
    nose = [mark["at"] for mark in annotation["marks"] if mark["keypoint"] == "nose-tip"]
    # One point that was dragged takes the others along: by 0.1 to the right and 0.05 down.
    assert nose[1] == pytest.approx((0.6, 0.55), abs=0.01)
    page.locator(".ax-toast").get_by_role("button", name="Undo").click()
    page.locator(".ax-card-marks", has_text="1/5").wait_for()


@pytest.mark.slow
def test_a_place_that_is_blurred_is_told_beside_the_cursor(page):
    keypoints(page)
    box = page.locator(".ax-overlay").bounding_box()
    # In the corner all images are plain white: nothing there can be found again.
    page.mouse.move(box["x"] + 0.02 * box["width"], box["y"] + 0.02 * box["height"])
    page.locator(".ax-kp-tip", has_text="blurred here").wait_for()
    page.get_by_label("Show where it is blurred").uncheck()
    page.mouse.move(box["x"] + 0.03 * box["width"], box["y"] + 0.02 * box["height"])
    page.locator(".ax-kp-mush").wait_for(state="hidden")


@pytest.mark.slow
def test_what_is_placed_without_a_connection_is_seen_at_once_and_sent_later(page, context, address):
    keypoints(page)
    window, wire = context.new_page(), Wire()
    window.route_web_socket(re.compile("/ws"), wire)
    open_room(window, address)
    keypoints(window, template=None)
    asked(window, "Eye left")
    wire.cut()
    window.get_by_text("The connection is lost").wait_for()
    click_on(window, *PLACES[0])
    asked(window, "Eye right")
    assert marks(page, address) == {}
    wire.mend()
    settled(page, address, FACE[:1])


@pytest.mark.slow
def test_a_tap_places_a_finger_drags_and_two_fingers_zoom(browser, page, address):
    keypoints(page)
    tablet = browser.new_context(viewport={"width": 820, "height": 1180}, has_touch=True)
    try:
        touched = tablet.new_page()
        open_room(touched, address)
        keypoints(touched, template=None)
        asked(touched, "Eye left")
        box = touched.locator(".ax-overlay").bounding_box()
        line = tablet.new_cdp_session(touched)

        def touch(kind, *points):
            at = [
                {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"], "id": i}
                for i, (x, y) in enumerate(points)
            ]
            line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

        touched.touchscreen.tap(box["x"] + 0.25 * box["width"], box["y"] + 0.5 * box["height"])
        found = settled(page, address, FACE[:1])["eye-left"]
        assert found == pytest.approx((0.25, 0.5), abs=1 / 300)
        touch("touchStart", (0.25, 0.5))
        touch("touchMove", (0.3, 0.5))
        touch("touchMove", (0.5, 0.75))
        touch("touchEnd")
        touched.locator(".ax-kp-list .ax-selected", has_text="Eye left").wait_for()
        moved_to(page, address, "eye-left", (0.5, 0.75), within=1 / 300)
        touch("touchStart", (0.4, 0.4))
        touch("touchStart", (0.4, 0.4), (0.6, 0.6))
        touch("touchMove", (0.3, 0.3), (0.7, 0.7))
        touch("touchEnd")
        touched.get_by_role("button", name="200%").wait_for()
        assert list(marks(page, address)) == ["eye-left"]
    finally:
        tablet.close()


def test_marks_are_propagated_and_the_review_opens(page, address):
    keypoints(page)
    for place in PLACES[:2]:
        click_on(page, *place)
    settled(page, address, FACE[:2])
    page.get_by_role("button", name="Propagate to the images").click()
    page.get_by_text("images have proposals").wait_for()
    page.get_by_role("button", name="Review", exact=True).click()
    page.get_by_role("dialog", name="Review of keypoints").wait_for()
    assert page.problems == []
