"""The dialog of one image in a real browser."""

import re

from tests.ui.browsing import MARKS, edits, press_on

pytestmark = MARKS


def place_of_disk(page, path):
    """Return the pixel (x, y) of the middle of what is not white in the picture of the dialog."""
    picture = page.locator(f".ax-detail-picture img[src*='{path}']")
    picture.wait_for()
    return picture.evaluate(
        """async (image) => {
            await image.decode();
            const [width, height] = [image.naturalWidth, image.naturalHeight];
            const canvas = Object.assign(document.createElement("canvas"), { width, height });
            canvas.getContext("2d").drawImage(image, 0, 0);
            const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
            const sum = [0, 0, 0];
            for (let at = 0; at < width * height; at++) {
                const dark = 765 - data[4 * at] - data[4 * at + 1] - data[4 * at + 2];
                sum[0] += dark * (at % width);
                sum[1] += dark * Math.floor(at / width);
                sum[2] += dark;
            }
            return [sum[0] / sum[2], sum[1] / sum[2]];
        }"""
    )


def test_an_image_is_shown_as_it_is_and_as_it_takes_part(page):
    page.keyboard.press("s")
    press_on(page, (0.3, 0.4), (0.28, 0.5), (0.3, 0.6))
    page.mouse.up()
    edits(page).get_by_text("Sketch").wait_for()
    page.locator(".ax-strip .ax-box").first.wait_for()
    page.locator(".ax-thumb").first.click()
    page.get_by_role("heading", name="Why it is in").wait_for()
    switch = page.get_by_role("switch", name="As it takes part: moved")
    for _ in range(6):  # an image may lie just where the edge was drawn
        if switch.is_visible():
            break
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(300)
    x, y = place_of_disk(page, "/api/disks/images/")
    page.locator(".ax-detail-picture .ax-box").wait_for()
    switch.focus()
    page.keyboard.press(" ")
    page.get_by_role("switch", name="As it takes part", checked=True).wait_for()
    moved_x, moved_y = place_of_disk(page, "/clusters/main/images/")
    assert max(abs(moved_x - x), abs(moved_y - y)) > 0.5
    assert page.locator(".ax-detail-picture .ax-box").count() == 0
    assert page.get_by_alt_text(re.compile("png, moved$")).count() == 1
    page.keyboard.press(" ")
    page.locator(".ax-detail-picture .ax-box").wait_for()
    assert page.problems == []
