"""What the browser tests of the review share: an average with marks, carried to all images."""

import dataclasses

from explorer.annotation import Annotation, Mark
from explorer.keypoint_schema import Keypoint, Schema
from explorer.session import Session
from explorer.session_json import session_to_json
from tests.ui.browsing import RETRIES, session_url

PLACES = {"left": (0.3, 0.5), "right": (0.7, 0.5), "top": (0.5, 0.25)}
SCHEMA = Schema(
    name="disk",
    keypoints=tuple(Keypoint(id=one, name=f"The {one}") for one in PLACES),
    edges=(("left", "top"), ("top", "right")),
)


def put_marks(page, address):
    """Put three marks on the average of a room, and carry them to all images."""
    marks = tuple(Mark(cluster="main", keypoint=one, at=at) for one, at in PLACES.items())
    session = dataclasses.replace(Session(), annotation=Annotation(schema=SCHEMA, marks=marks))
    answer = page.request.post(
        session_url(address), data=session_to_json(session), max_retries=RETRIES
    )
    assert answer.ok, answer.text()
    propagate(page, address)


def open_review(page):
    page.keyboard.press("r")
    page.get_by_role("dialog", name="Review of keypoints").wait_for()
    page.locator(".ax-ink-point").nth(2).wait_for()


def keypoints_url(address, path):
    return f"{address.rstrip('/')}/api/disks/keypoints/{path}"


def told(page, address, path):
    answer = page.request.get(keypoints_url(address, path), max_retries=RETRIES)
    assert answer.ok, answer.text()
    return answer.json()


def propagate(page, address):
    """Carry the marks to the images, and wait until that is done."""
    before = told(page, address, "propagate")["version"]
    url = keypoints_url(address, "propagate")
    answer = page.request.post(url, data={"clusters": None}, max_retries=RETRIES)
    assert answer.ok, answer.text()
    wait_until(page, lambda: told(page, address, "propagate")["version"] > before)


def wait_until(page, is_so):
    for _ in range(150):
        if is_so():
            return
        page.wait_for_timeout(100)
    assert is_so()
