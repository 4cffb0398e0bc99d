"""In a real browser: let the page find averages, and go on with what it found."""

import pytest

from tests.ui.browsing import MARKS

pytestmark = MARKS

CARD = ".ax-cards .ax-card[data-cluster]"
BEGIN = "text=Find sharp averages for me"


def test_averages_are_found_opened_and_undone(page):
    page.locator(".ax-start-item").first.wait_for()
    page.click(BEGIN)
    page.locator(".ax-tour-running").wait_for()
    page.wait_for_function(f"document.querySelectorAll('{CARD}').length > 1", timeout=120_000)
    assert page.locator(f"{CARD} .ax-card-name").first.text_content() == "Average 1"
    page.keyboard.press("Control+z")
    page.wait_for_function(f"document.querySelectorAll('{CARD}').length === 1")


@pytest.mark.slow
def test_search_for_averages_can_be_cancelled(page):
    page.locator(".ax-start-item").first.wait_for()
    page.click(BEGIN)
    page.locator(".ax-tour-running >> text=Cancel").click()
    page.locator(BEGIN).wait_for(timeout=60_000)
    assert page.locator(CARD).count() == 1
