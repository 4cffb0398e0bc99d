"""The review of keypoints in a real browser: accepting, correcting, taking back, two people."""

import re

import pytest

from tests.ui.browsing import IMAGES, MARKS, READY, open_room, session_url
from tests.ui.reviewing import keypoints_url, open_review, put_marks, told, wait_until

# What is rarer is slow, so that `make test` has one way through and CI has all of them.
pytestmark = MARKS


@pytest.fixture
def page(page, address):
    """The page of a room in which an average has three marks, which were carried to all images."""
    put_marks(page, address)
    open_review(page)
    return page


def middle_of(page, keypoint):
    box = page.locator(f".ax-ink-point[data-keypoint='{keypoint}'] .ax-ink-dot").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def scale(page):
    return float(page.locator(".ax-review-stage").get_attribute("data-scale"))


def drag(page, keypoint, across, down):
    """Take a point by so many pixels of its photograph; return the image's id."""
    x, y = middle_of(page, keypoint)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across * scale(page) / 2, y + down * scale(page) / 2)
    page.mouse.move(x + across * scale(page), y + down * scale(page))
    page.mouse.up()
    return image_id(page)


def image_id(page):
    chosen = page.locator(".ax-queue-row[aria-selected=true]").get_attribute("id")
    return int(chosen.removeprefix("ax-queue-"))


def laid(page, address, image):
    """Return the points of an image by keypoint, as the server has them."""
    points = told(page, address, f"images/{image}")["laid"]
    return {point["keypoint"]: point for point in points}


def proposed(page, address, image):
    points = told(page, address, f"images/{image}")["proposed"]
    return {point["keypoint"]: point for point in points}


def open_again(page):
    page.reload()
    page.wait_for_selector(READY)
    page.keyboard.press("r")


def tab(page, name):
    page.get_by_role("tab", name=name).click()


def accept_all(page, threshold="0"):
    """Accept every point of at least a confidence by the slider, and wait for the layer."""
    tab(page, "Accept many")
    page.get_by_label("Least confidence", exact=True).fill(threshold)
    page.get_by_role("button", name=re.compile(r"^Accept \d+ points$")).click()
    page.get_by_text(re.compile(r"^Accepted \d+ points$")).wait_for()


def test_the_queue_shows_confidence_by_number_and_opens_the_worst(page, address):
    worst = told(page, address, "review")[0]
    rows = page.locator(".ax-queue-row")
    assert rows.first.get_attribute("aria-setsize") == str(IMAGES)
    assert image_id(page) == worst["id"]
    assert (
        rows.first.locator(".ax-confidence")
        .inner_text()
        .startswith(f"{worst['lowest'] or worst['confidence']:.2f}")
    )
    assert page.problems == []


def test_a_dragged_point_is_written_down_in_pixels_of_the_photograph(page, address):
    image = image_id(page)
    before = proposed(page, address, image)["left"]
    drag(page, "left", -5, 7)
    wait_until(page, lambda: "left" in laid(page, address, image))
    after = laid(page, address, image)["left"]
    assert after["kind"] == "hand"
    assert after["x"] == pytest.approx(before["x"] - 5, abs=0.3)
    assert after["y"] == pytest.approx(before["y"] + 7, abs=0.3)
    page.get_by_text("1 correction since the last propagation").wait_for()


@pytest.mark.slow
def test_arrows_nudge_the_selected_point_by_one_and_by_ten_pixels(page, address):
    image = image_id(page)
    before = proposed(page, address, image)["top"]
    page.locator(".ax-point").nth(2).click()
    for key in ("ArrowLeft", "ArrowLeft", "Shift+ArrowDown"):
        page.keyboard.press(key)
    wait_until(page, lambda: "top" in laid(page, address, image))
    after = laid(page, address, image)["top"]
    assert after["x"] == pytest.approx(before["x"] - 2, abs=0.02)
    assert after["y"] == pytest.approx(before["y"] + 10, abs=0.02)
    page.keyboard.press("Control+z")
    wait_until(page, lambda: laid(page, address, image) == {})


def test_keys_say_that_a_point_is_hidden_or_absent_and_take_that_back(page, address):
    image = image_id(page)
    for at, key in enumerate(("v", "o", "a")):
        page.locator(".ax-point").nth(at).click()
        page.keyboard.press(key)
    wait_until(page, lambda: len(laid(page, address, image)) == 3)
    states = {one: point["state"] for one, point in laid(page, address, image).items()}
    assert states == {"left": "visible", "right": "occluded", "top": "absent"}
    wait_until(page, lambda: page.locator(".ax-ink-point").count() == 2)
    page.keyboard.press("Delete")
    wait_until(page, lambda: len(laid(page, address, image)) == 2)
    page.locator(".ax-ink-point[data-keypoint=top][data-source=proposed]").wait_for()


def test_enter_accepts_an_image_and_goes_to_the_next_worst(page, address):
    image, following = [one["id"] for one in told(page, address, "review")[:2]]
    page.keyboard.press("Enter")
    wait_until(page, lambda: image_id(page) == following)
    wait_until(page, lambda: len(laid(page, address, image)) == 3)
    wait_until(page, lambda: told(page, address, f"images/{image}")["is_reviewed"])
    page.get_by_role("button", name="Done 1").click()
    wait_until(page, lambda: page.locator(".ax-queue-row").count() == 1)
    open_again(page)
    page.get_by_role("button", name="Done 1").wait_for()


@pytest.mark.slow
def test_undo_after_enter_takes_the_points_and_the_review_back_and_shows_the_image(page, address):
    image = image_id(page)
    page.keyboard.press("Enter")
    wait_until(page, lambda: told(page, address, f"images/{image}")["is_reviewed"])
    wait_until(page, lambda: image_id(page) != image)
    page.keyboard.press("Control+z")
    wait_until(page, lambda: image_id(page) == image)
    wait_until(page, lambda: laid(page, address, image) == {})
    assert not told(page, address, f"images/{image}")["is_reviewed"]


@pytest.mark.slow
def test_an_image_that_gets_better_keeps_its_place_in_the_queue(page, address):
    first, second = [one["id"] for one in told(page, address, "review")[:2]]
    page.locator(".ax-queue-shows [data-show=all]").click()
    with page.expect_response(re.compile("keypoints/review")):
        page.keyboard.press("m")
        wait_until(page, lambda: told(page, address, "review")[-1]["id"] == first)
    page.locator(f"#ax-queue-{first}", has_text="reviewed").wait_for()
    page.keyboard.press("j")
    wait_until(page, lambda: image_id(page) == second)


@pytest.mark.slow
def test_what_was_accepted_and_corrected_is_there_after_a_reload(page, address):
    accept_all(page)
    tab(page, "Images")
    image = drag(page, "right", 6, 0)
    wait_until(page, lambda: laid(page, address, image)["right"]["kind"] == "hand")
    before = laid(page, address, image)
    open_again(page)
    page.locator(".ax-point[data-source=accepted]").first.wait_for()
    assert laid(page, address, image) == before
    assert {point["kind"] for point in before.values()} == {"hand", "accepted"}


def test_a_layer_is_taken_back_and_leaves_what_was_corrected(page, address):
    image = drag(page, "left", 4, 4)
    wait_until(page, lambda: len(laid(page, address, image)) == 1)
    accept_all(page)
    wait_until(page, lambda: len(laid(page, address, image)) == 3)
    page.get_by_role("button", name=re.compile("^Take back")).click()
    wait_until(page, lambda: [*laid(page, address, image)] == ["left"])
    page.get_by_text("1 correction by hand").wait_for()


@pytest.mark.slow
def test_a_threshold_says_what_it_accepts(page, address):
    tab(page, "Accept many")
    for threshold in (0.9, 0):
        page.get_by_label("Least confidence", exact=True).fill(str(threshold))
        sure = told(page, address, f"proposals?threshold={threshold}")["images"]
        points, images = sum(one["fresh"] for one in sure), sum(one["fresh"] > 0 for one in sure)
        said = f"Accepts {points} points of {images} images" if points else "Accepts nothing"
        page.get_by_text(said).wait_for()
    assert (points, images) == (3 * IMAGES, IMAGES)


@pytest.mark.slow
def test_corrections_fit_the_neighbors_again_and_nothing_is_written_unasked(page, address):
    accept_all(page)
    tab(page, "Images")
    image = drag(page, "top", 8, 0)
    wait_until(page, lambda: laid(page, address, image)["top"]["kind"] == "hand")
    before = [laid(page, address, other) for other in range(IMAGES)]
    version = told(page, address, "propagate")["version"]
    page.get_by_role("button", name="Fit the neighbors again").click()
    wait_until(page, lambda: told(page, address, "propagate")["version"] > version)
    page.get_by_text(re.compile("Fitt(ing|ed) again")).wait_for()
    assert [laid(page, address, other) for other in range(IMAGES)] == before


@pytest.mark.slow
def test_points_that_would_move_are_shown_by_arrows_and_taken_over_image_by_image(page, address):
    accept_all(page)
    tab(page, "Images")
    session = page.request.get(session_url(address)).json()
    for mark in session["annotation"]["marks"]:
        if mark["keypoint"] == "top":
            mark["at"] = [0.5, 0.5]
    page.request.post(session_url(address), data=session)
    before = laid(page, address, image_id(page))["top"]
    page.get_by_role("button", name="Propagate again").click()
    page.get_by_text(re.compile(rf"would move \d+ laid points of {IMAGES} images")).wait_for()
    page.locator("[data-move=top]").wait_for()
    image = image_id(page)
    page.get_by_role("button", name="Take this image over").click()
    wait_until(page, lambda: laid(page, address, image)["top"]["y"] > before["y"] + 5)
    page.get_by_text(re.compile(rf"of {IMAGES - 1} images")).wait_for()
    other = image_id(page)
    kept = laid(page, address, other)
    page.get_by_role("button", name="Leave all").click()
    page.get_by_text("would move").wait_for(state="hidden")
    assert (other != image, laid(page, address, other)) == (True, kept)


@pytest.mark.slow
def test_two_people_see_each_others_corrections_and_how_far_they_lie_apart(page, browser, address):
    theirs = browser.new_context(viewport={"width": 1280, "height": 800})
    other = theirs.new_page()
    open_room(other, address)
    other.keyboard.press("r")
    other.locator(".ax-ink-point").nth(2).wait_for()
    x, y = middle_of(other, "right")
    other.mouse.move(x, y)
    other.mouse.down()
    other.mouse.move(x + 20, y)
    drag(page, "left", 3, 4)
    other.locator(".ax-ink-point[data-keypoint=left][data-source=hand]").wait_for()
    held = middle_of(other, "right")
    assert held[0] == pytest.approx(x + 20, abs=1), "the drag in progress is left alone"
    other.mouse.up()
    page.locator(".ax-ink-point[data-keypoint=right][data-source=hand]").wait_for()
    drag(other, "left", 6, 8)
    tab(page, "Agreement")
    page.locator(".ax-worst output", has_text=re.compile("^10 px$")).wait_for()
    page.locator(".ax-worst").first.click()
    page.locator(".ax-ink-person").nth(1).wait_for()
    assert page.locator(".ax-ink-person").count() == 2
    theirs.close()


def test_points_go_out_as_a_table_and_come_back_as_a_layer(page, address):
    accept_all(page)
    table = page.request.get(keypoints_url(address, "export?format=csv")).body()
    tab(page, "Export and import")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert download.value.path().read_bytes() == table
    page.locator("input[type=file][accept*=csv]").set_input_files(
        {"name": "points.csv", "mimeType": "text/csv", "buffer": table}
    )
    page.get_by_text(f"{3 * IMAGES} points of {IMAGES} images are a layer now").wait_for()
    page.locator("input[type=file][accept*=csv]").set_input_files(
        {"name": "points.json", "mimeType": "application/json", "buffer": b"{"}
    )
    page.get_by_text("the file must be JSON").wait_for()


@pytest.mark.slow
def test_the_review_is_left_by_escape_and_keys_go_to_the_page_again(page):
    page.locator(".ax-point").first.click()
    page.keyboard.press("Escape")
    page.locator(".ax-point[aria-pressed=true]").wait_for(state="detached")
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="Review of keypoints").wait_for(state="hidden")
    # What is hidden loses the focus with the next picture that the browser draws.
    page.wait_for_function("document.activeElement.closest('dialog') === null")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Shortcuts and help").wait_for()


@pytest.mark.slow
def test_a_viewer_moves_and_accepts_nothing_and_is_told_why(page, browser, address):
    room = f"{address.rstrip('/')}/api/disks"
    link = page.request.post(f"{room}/links", data={"role": "viewer", "label": "Vic"}).json()
    guest = browser.new_context(viewport={"width": 1280, "height": 800})
    viewer = guest.new_page()
    open_room(viewer, f"{address.rstrip('/')}/{link['path']}")
    open_review(viewer)
    told_why = viewer.locator(".ax-denied-said:popover-open", has_text="You may look here")
    first = image_id(viewer)
    before = told(page, address, f"images/{first}")
    viewer.keyboard.press("Enter")
    told_why.wait_for()
    for key in ("]", "ArrowRight", "a"):
        viewer.keyboard.press(key)
    assert drag(viewer, "right", 9, 7) == first, "Enter does not go on either"
    assert viewer.locator(".ax-ink-point[data-source=proposed]").count() == 3
    viewer.get_by_role("tab", name="Accept many").click()
    viewer.get_by_role("button", name=re.compile("^Accept")).and_(
        viewer.locator("[aria-disabled=true]")
    ).wait_for()
    assert told(page, address, f"images/{first}") == before
    guest.close()


@pytest.mark.slow
def test_after_claiming_enter_means_the_image(page, address):
    page.get_by_role("button", name="Claim next 20").click()
    page.get_by_role("button", name=re.compile("^Give back")).wait_for()
    first = image_id(page)
    page.keyboard.press("Enter")
    wait_until(page, lambda: len(laid(page, address, first)) == 3)
    page.get_by_role("button", name=re.compile("^Give back")).click()
    assert page.locator(".ax-review-stage:focus").count() == 1
