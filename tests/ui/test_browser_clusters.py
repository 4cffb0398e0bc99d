"""Clusters in a real browser: cards, spawning, order, merging, deleting, comparing, lining up."""

import json
import re

import cv2
import numpy as np
import pytest

from explorer.session import Cluster, Session
from explorer.session_json import session_to_json
from tests.ui.browsing import (
    HEIGHT,
    MARKS,
    WIDTH,
    Wire,
    edits,
    open_room,
    press_on,
    saved_clusters,
    session_url,
)

pytestmark = MARKS

CARD = ".ax-cards .ax-card[data-cluster]"
PHOTOS = 60
FOCUSED = f"{CARD}[aria-current=true]"


@pytest.fixture(scope="module")
def draw():
    """Draw a white square on two of five images, a black one on the others."""

    def photos(folder):
        folder.mkdir()
        for i in range(PHOTOS):
            image = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
            tone = "white" if i % 5 in (1, 3) else "black"
            x, y = WIDTH // 2 - 36 + 2 * (i % 5), HEIGHT // 2 - 36 + 2 * (i % 3)
            cv2.rectangle(image, (x, y), (x + 64, y + 64), (255 * (tone == "white"),) * 3, -1)
            cv2.imwrite(str(folder / f"{tone}{i:02}.png"), image)

    return photos


def cards(page):
    return page.locator(CARD)


def names(page):
    return page.locator(f"{CARD} .ax-card-name").all_text_contents()


def wait_for_names(page, *wanted):
    wait_until(page, lambda: names(page) == list(wanted))


def spawn(page, what):
    """Make a cluster by the menu, and wait until it has the focus."""
    before = cards(page).count()
    page.keyboard.press("n")
    page.locator(".ax-menu-item:visible").filter(has_text=what).first.click()
    page.wait_for_function(
        "before => document.querySelectorAll('.ax-card[data-cluster]').length > before", arg=before
    )


def brightness(page, place):
    """Return the mean level in the middle of a card's picture."""
    return page.evaluate(
        """place => {
            const picture = document.querySelectorAll('.ax-card[data-cluster] canvas')[place];
            const [w, h] = [picture.width, picture.height];
            const { data } = picture.getContext('2d').getImageData(w / 4, h / 4, w / 2, h / 2);
            const levels = data.filter((_, at) => at % 4 !== 3);
            return levels.reduce((a, b) => a + b) / levels.length;
        }""",
        place,
    )


def wait_until(page, is_so):
    for _ in range(100):
        if is_so():
            return
        page.wait_for_timeout(100)
    assert is_so()


def paint(page, key):
    """Paint the middle in a color, and leave the mouse pressed."""
    page.keyboard.press("b")
    page.keyboard.press(key)
    press_on(page, (0.4, 0.45), (0.6, 0.5), (0.4, 0.55))


def test_a_copy_of_this_average_is_a_cluster_that_has_the_focus(page):
    paint(page, "9")
    page.mouse.up()
    edits(page).first.wait_for()
    spawn(page, "Copy of this average")
    wait_for_names(page, "Average", "Average copy")
    assert page.locator(FOCUSED).get_by_text("Average copy").count() == 1
    assert edits(page).count() == 1
    assert page.problems == []


def test_painting_one_average_white_turns_the_other_dark_while_the_hand_moves(page):
    spawn(page, "Empty")
    page.locator(f"{FOCUSED}").get_by_text("Average 2").wait_for()
    wait_until(page, lambda: abs(brightness(page, 0) - 0.4 * 255) < 12)
    paint(page, "9")
    wait_until(page, lambda: brightness(page, 0) < 60)
    page.mouse.up()
    edits(page).first.wait_for()
    wait_until(page, lambda: brightness(page, 0) < 60 < 200 < brightness(page, 1))


def test_a_cluster_is_renamed_by_f2_and_by_double_click(page):
    page.locator(f"{FOCUSED} .ax-card-face").focus()
    page.keyboard.press("F2")
    page.keyboard.type("White ones")
    page.keyboard.press("Enter")
    wait_for_names(page, "White ones")
    page.reload()
    wait_for_names(page, "White ones")
    page.locator(f"{CARD} .ax-card-name").dblclick()
    page.keyboard.type("Squares")
    page.keyboard.press("Escape")
    wait_for_names(page, "White ones")


@pytest.mark.slow
def test_cards_change_places_by_keys_and_by_dragging(page, address):
    spawn(page, "Empty")
    wait_for_names(page, "Average", "Average 2")
    page.locator(f"{FOCUSED} .ax-card-face").focus()
    page.keyboard.press("Alt+ArrowUp")
    wait_for_names(page, "Average 2", "Average")
    page.locator(f"{FOCUSED} .ax-card-face:focus").wait_for()
    box, other = (cards(page).nth(at).bounding_box() for at in (0, 1))
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(other["x"] + 40, other["y"] + other["height"], steps=8)
    page.mouse.up()
    wait_for_names(page, "Average", "Average 2")
    wait_until(page, lambda: [one["name"] for one in saved_clusters(page, address)] == names(page))


def test_two_clusters_merge_into_one_of_either(page):
    paint(page, "9")
    page.mouse.up()
    edits(page).first.wait_for()
    spawn(page, "Empty")
    paint(page, "8")
    page.mouse.up()
    edits(page).get_by_text("Black stroke").wait_for()
    page.get_by_label("More for Average 2").click()
    page.locator(".ax-menu-item:visible").filter(has_text="Merge into").click()
    page.locator(".ax-menu-cluster:visible").filter(has_text="Average").click()
    wait_for_names(page, "Average or Average 2")
    edits(page).get_by_text("Any of: Average, Average 2").wait_for()
    page.locator(".ax-toast").get_by_role("button", name="Undo").click()
    wait_for_names(page, "Average", "Average 2")


def test_a_deleted_cluster_comes_back_by_the_toast(page):
    spawn(page, "Empty")
    paint(page, "9")
    page.mouse.up()
    edits(page).first.wait_for()
    page.locator(f"{FOCUSED} .ax-card-face").focus()
    page.keyboard.press("Delete")
    wait_for_names(page, "Average")
    assert edits(page).count() == 0
    page.locator(f"{FOCUSED} .ax-card-face:focus").wait_for()
    page.locator(".ax-toast").get_by_role("button", name="Undo").click()
    wait_for_names(page, "Average", "Average 2")
    page.locator(FOCUSED).get_by_text("Average 2").wait_for()
    edits(page).first.wait_for()


def test_the_last_cluster_is_not_deleted(page):
    page.locator(f"{FOCUSED} .ax-card-face").focus()
    page.keyboard.press("Delete")
    page.get_by_label("More for Average").click()
    assert page.locator(".ax-menu-item:visible").filter(has_text="Delete").is_disabled()
    wait_for_names(page, "Average")


def test_keys_walk_the_clusters_and_a_reload_keeps_the_focus(page):
    spawn(page, "Empty")
    spawn(page, "Empty")
    focused = page.locator(f"{FOCUSED} .ax-card-name")
    page.locator(".ax-overlay").focus()
    for key, wanted in ((",", "Average 2"), ("Alt+1", "Average"), (".", "Average 2")):
        page.keyboard.press(key)
        focused.get_by_text(wanted, exact=True).wait_for()
    page.locator(f"{FOCUSED} .ax-card-face").focus()
    page.keyboard.press("ArrowDown")
    page.locator(f"{FOCUSED} .ax-card-face:focus").wait_for()
    focused.get_by_text("Average 3").wait_for()
    page.reload()
    focused.get_by_text("Average 3").wait_for()


def test_a_chosen_color_marks_the_card(page, address):
    page.locator(f"{FOCUSED} .ax-card-dot").click()
    page.locator(".ax-cluster-swatches button").nth(3).click()
    wait_until(page, lambda: saved_clusters(page, address)[0]["color"] == "#66ccee")
    color = cards(page).first.evaluate("card => card.style.getPropertyValue('--cluster')")
    assert color == "#66ccee"


def test_two_averages_are_compared_by_a_slider_and_their_difference(page):
    spawn(page, "Empty")
    paint(page, "9")
    page.mouse.up()
    edits(page).first.wait_for()
    page.keyboard.press("d")
    page.get_by_role("dialog", name="Compare two averages").wait_for()
    page.get_by_text("contrast").wait_for()
    swipe = page.locator(".ax-swipe:focus")
    swipe.press("ArrowRight")
    assert swipe.get_attribute("aria-valuenow") == "52"
    box = page.locator(".ax-swipe").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 4, box["y"] + 20)
    assert page.locator(".ax-swipe").get_attribute("aria-valuenow") == "25"
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="Compare two averages").wait_for(state="hidden")
    assert page.problems == []


def test_picked_images_become_a_cluster(page, address):
    page.locator(".ax-thumb").nth(1).click(modifiers=["Control"])
    page.locator(".ax-thumb").nth(3).click(modifiers=["Shift"])
    page.get_by_text("3 images picked").wait_for()
    page.get_by_role("button", name="New cluster from these").click()
    wait_for_names(page, "Average", "Like 3 images")
    page.locator(FOCUSED).get_by_text("Like 3 images").wait_for()
    assert page.locator(".ax-picked").count() == 0
    assert len(saved_clusters(page, address)[1]["edits"]) > 0


def test_an_image_is_picked_and_let_go_without_a_pointer(page):
    page.locator(".ax-thumb").first.focus()
    page.keyboard.press(" ")
    page.get_by_text("1 image picked").wait_for()
    page.keyboard.press(" ")
    page.get_by_text("1 image picked").wait_for(state="hidden")


def test_what_no_cluster_explains_is_shown_in_the_strip(page):
    paint(page, "9")
    page.mouse.up()
    page.locator(".ax-outliers:visible .ax-card-face").click()
    page.get_by_text("What no cluster explains, the least first").wait_for()
    page.get_by_role("button", name="New cluster from these").click()
    wait_for_names(page, "Average", "Like 8 images")
    page.get_by_text("What no cluster explains, the least first").wait_for(state="hidden")
    assert page.problems == []


def test_lining_up_is_switched_by_a_key_and_by_the_panel(page, address):
    switch = page.get_by_role("switch", name="Line up images")
    assert switch.get_attribute("aria-checked") == "true"
    page.locator(".ax-overlay").focus()
    page.keyboard.press("l")
    wait_until(page, lambda: saved_clusters(page, address)[0]["alignment"] == "none")
    page.get_by_text("Details: how").click()
    page.get_by_text("Rigid").click()
    wait_until(page, lambda: saved_clusters(page, address)[0]["alignment"] == "rigid")
    page.keyboard.press("l")
    page.get_by_role("switch", name="Mirrored images too").click()
    wait_until(page, lambda: saved_clusters(page, address)[0]["mirror"])


@pytest.mark.slow
def test_an_edit_is_looked_for_anywhere_and_near_again(page, address):
    paint(page, "9")
    page.mouse.up()
    reach = page.get_by_label("Look anywhere in the picture: White stroke")

    def saved():
        return [entry["edit"]["reach"] for entry in saved_clusters(page, address)[0]["edits"]]

    reach.click()
    wait_until(page, lambda: saved() == ["anywhere"])
    reach.click()
    wait_until(page, lambda: saved() == ["near"])
    wait_until(page, lambda: reach.get_attribute("aria-pressed") == "false")


def middle_row(page):
    """Return the levels along the middle row of the average."""
    return page.evaluate(
        """() => {
            const { width, height } = document.querySelector('.ax-picture');
            const context = document.querySelector('.ax-picture').getContext('2d');
            return [...context.getImageData(0, height / 2, width, 1).data];
        }"""
    )


def test_switching_lining_up_off_changes_the_average_and_on_again_brings_it_back(page):
    page.keyboard.press("s")
    press_on(page, (0.25, 0.3), (0.25, 0.7))
    page.mouse.up()
    edits(page).get_by_text("Sketch").wait_for()
    page.keyboard.press("l")
    page.get_by_role("switch", name="Line up images", checked=False).wait_for()
    page.wait_for_timeout(1000)
    plain = middle_row(page)
    page.keyboard.press("l")
    wait_until(page, lambda: middle_row(page) != plain)
    page.keyboard.press("l")
    wait_until(page, lambda: middle_row(page) == plain)


@pytest.mark.slow
def test_sharpening_tells_how_far_it_is_and_is_cancelled(page, context, address):
    page.close()
    page, lines, sent, heard = context.new_page(), [], [], []

    def connect(line):
        server = line.connect_to_server()
        line.on_message(lambda text: (sent.append(json.loads(text)), server.send(text)))
        server.on_message(lambda data: (heard.append(data), line.send(data)))
        lines.append(line)

    page.route_web_socket(re.compile("/ws"), connect)
    open_room(page, address)
    paint(page, "9")
    page.mouse.up()
    edits(page).first.wait_for()
    page.get_by_role("button", name="Sharpen").click()
    edits(page).get_by_text("Sharpen (5 rounds)").wait_for()
    wait_until(page, lambda: any('"state":"done"' in one for one in heard if isinstance(one, str)))
    running = {"type": "progress", "cluster": "main", "label": "Sharpening Average"}
    lines[-1].send(json.dumps(running | {"share": 0.5, "state": "running"}))
    page.get_by_text("Sharpening Average: 50%").wait_for()
    page.get_by_role("button", name="Cancel").click()
    edits(page).get_by_text("Sharpen (5 rounds)").wait_for(state="detached")
    assert {"type": "cancel", "what": "sharpen", "cluster": "main"} in sent
    lines[-1].send(json.dumps(running | {"share": 0.5, "state": "cancelled"}))
    page.locator(".ax-progress").wait_for(state="hidden")


def test_sharpen_is_an_edit_that_can_be_undone(page):
    paint(page, "9")
    page.mouse.up()
    edits(page).first.wait_for()
    page.locator(".ax-overlay").focus()
    page.keyboard.press("Shift+S")
    edits(page).get_by_text("Sharpen (5 rounds)").wait_for()
    page.get_by_label("Switch off: Sharpen (5 rounds)").wait_for()
    page.keyboard.press("Control+z")
    edits(page).get_by_text("Sharpen (5 rounds)").wait_for(state="detached")


@pytest.mark.slow
def test_fifteen_clusters_all_have_a_card_with_a_picture(page, context, address):
    clusters = tuple(Cluster(id=f"c{i}", name=f"Number {i}") for i in range(15))
    context.request.post(session_url(address), data=session_to_json(Session(clusters=clusters)))
    wait_until(page, lambda: cards(page).count() == 15)
    wait_until(
        page,
        lambda: page.locator(f"{CARD} canvas").evaluate_all(
            "all => all.every((one) => one.width > 1)"
        ),
    )
    page.locator(FOCUSED).get_by_text(re.compile("^Number 0$")).wait_for()
    assert (
        len(set(page.locator(CARD).evaluate_all("all => all.map((one) => one.style.cssText)")))
        == 15
    )


def test_a_cluster_made_without_a_connection_is_kept_and_sent(page, context, address):
    page.close()
    page, wire = context.new_page(), Wire()
    page.route_web_socket(re.compile("/ws"), wire)
    open_room(page, address)
    wire.cut()
    page.get_by_text("The connection is lost").wait_for()
    spawn(page, "Empty")
    page.locator(FOCUSED).get_by_text("Average 2").wait_for()
    assert len(saved_clusters(page, address)) == 1
    wire.mend()
    wait_until(page, lambda: len(saved_clusters(page, address)) == 2)
    page.locator(FOCUSED).get_by_text("Average 2").wait_for()
