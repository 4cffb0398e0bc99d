"""Comments, votes and claims in real browsers: one says something, the other sees it."""

import re

import pytest

from tests.ui.browsing import IMAGES, MARKS, READY, open_room, press_on
from tests.ui.reviewing import open_review, put_marks, told, wait_until

# What is rarer is slow, so that `make test` has one way through and CI has all of them.
pytestmark = MARKS

CARD = ".ax-card[data-cluster]"

# What a person says in a room is taken back by that person alone: so each test begins with these
# two taking back what they said in the one before.
CLEAR = """async ([address, author]) => {
  const takeBack = (board) => {
    const own = (items) => items.filter((one) => one.author === author);
    const claimed = own(board.claims).map(({image}) => image);
    const gone = [
      ...own(board.comments).map(({id}) => ({type: "remove_comment", id})),
      ...own(board.votes).map(({image}) => ({type: "remove_vote", image})),
      ...(claimed.length > 0 ? [{type: "remove_claim", images: claimed}] : []),
    ];
    return gone.map((operation, at) => {
      const op_id = `clear-${Date.now()}-${at}`;
      socket.send(JSON.stringify({type: "operate", op_id, operation}));
      return op_id;
    });
  };
  const url = `${address.replace(/^http/, "ws")}ws?collection=disks&author=${author}&protocol=5`;
  const socket = new WebSocket(url);
  let left = null;
  await new Promise((done) => (socket.onmessage = ({data}) => {
    if (typeof data !== "string") return;
    for (const {type, board, op_id} of [JSON.parse(data)].flat()) {
      if (type === "welcome") left = new Set(takeBack(board));
      if (type === "applied") left.delete(op_id);
    }
    if (left?.size === 0) done();
  }));
  socket.close();
}"""


def called(context, author):
    """Give everybody who opens a page in a context this id."""
    context.add_init_script(f"localStorage.setItem('avex-author', '{author}')")
    return context


@pytest.fixture
def context(context):
    return called(context, "ann")


@pytest.fixture
def page(page, address):
    for author in ("ann", "ben"):
        page.evaluate(CLEAR, [address.rstrip("/") + "/", author])
    page.wait_for_function("document.querySelectorAll('.ax-pin').length === 0")
    return page


@pytest.fixture
def other(browser, page, address):
    """The page of another person in the same room."""
    theirs = called(browser.new_context(viewport={"width": 1280, "height": 800}), "ben")
    other = theirs.new_page()
    open_room(other, address)
    yield other
    theirs.close()


def choose_tool(page):
    """Take the comment tool; what was offered to start from is closed."""
    close = page.get_by_role("button", name="Close: start from the average of all")
    if close.is_visible():
        close.click()
    page.keyboard.press("Shift+C")


def click_on(page, x, y):
    press_on(page, (x, y))
    page.mouse.up()


def say(page, text):
    """Write into the box that has the focus, and send it."""
    page.locator("textarea:focus").fill(text)
    page.keyboard.press("Control+Enter")


def pin(page, x, y, text):
    choose_tool(page)
    click_on(page, x, y)
    say(page, text)
    comment(page, text).wait_for()


def thread(page):
    return page.get_by_role("dialog", name="Comment", exact=True)


def comment(page, text):
    return page.locator(".ax-comment-text:visible", has_text=text)


def pins(page):
    return page.locator(".ax-pin")


def listed(page):
    page.keyboard.press("Shift+M")
    return page.get_by_role("dialog", name="Comments")


def test_one_pins_a_comment_and_the_other_sees_it_and_answers(page, other):
    pin(page, 0.25, 0.5, "Is this rim <b>sharp</b>?")
    pins(other).wait_for()
    listed(other).get_by_text("Is this rim <b>sharp</b>?").wait_for()
    other.keyboard.press("Enter")
    say(other, "It is")
    comment(page, "It is").wait_for()
    assert page.locator(".ax-comment b", has_text="You").count() == 1
    box, frame = pins(other).bounding_box(), other.locator(".ax-frame").bounding_box()
    tip = (box["x"] - frame["x"], box["y"] + box["height"] - frame["y"])
    assert tip == pytest.approx((0.25 * frame["width"], 0.5 * frame["height"]), abs=2)
    assert page.problems == []


@pytest.mark.slow
def test_what_is_resolved_leaves_the_average_and_stays_in_the_list(page, other):
    pin(page, 0.5, 0.5, "Too dark")
    pins(other).wait_for()
    listed(other)
    other.keyboard.press("Enter")
    thread(other).get_by_role("button", name="Resolve").click()
    other.keyboard.press("Escape")
    pins(other).wait_for(state="detached")
    listed(other).get_by_text("All comments are resolved.").wait_for()
    other.get_by_role("switch", name="Show resolved").click()
    other.locator(".ax-comments-item", has_text="Too dark").wait_for()
    assert pins(other).count() == 1


@pytest.mark.slow
def test_one_rewords_and_takes_back_only_ones_own(page, other):
    pin(page, 0.5, 0.5, "Too dork")
    thread(page).get_by_role("button", name="Reword").click()
    say(page, "Too dark")
    comment(page, "Too dark").wait_for()
    pins(other).wait_for()
    listed(other)
    other.keyboard.press("Enter")
    comment(other, "Too dark").wait_for()
    assert thread(other).get_by_role("button", name=re.compile("Reword|Take it back")).count() == 0
    thread(page).get_by_role("button", name="Take it back").click()
    pins(other).wait_for(state="detached")
    thread(other).wait_for(state="hidden")


@pytest.mark.slow
def test_a_comment_written_offline_is_seen_at_once_and_sent_later(page, other, context):
    context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    pin(page, 0.5, 0.5, "Said in a tunnel")
    page.get_by_text("not sent yet").wait_for()
    assert pins(other).count() == 0
    context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    pins(other).wait_for()
    comment(page, "Said in a tunnel").wait_for()
    page.get_by_text("not sent yet").wait_for(state="hidden")
    assert pins(other).count() == 1


@pytest.mark.slow
def test_a_comment_stays_in_the_list_when_its_average_was_removed(page):
    page.keyboard.press("n")
    page.locator(".ax-menu-item:visible").filter(has_text="Copy of this average").first.click()
    page.locator(CARD).nth(1).wait_for()
    pin(page, 0.5, 0.5, "Nicer than the first")
    page.keyboard.press("Escape")
    page.locator(CARD).nth(1).locator("button").first.focus()
    page.keyboard.press("Delete")
    page.locator(CARD).nth(1).wait_for(state="detached")
    assert pins(page).count() == 0
    listed(page).get_by_text("an average that was removed").wait_for()
    page.keyboard.press("Enter")
    comment(page, "Nicer than the first").wait_for()


@pytest.mark.slow
def test_pins_let_strokes_begin_on_them(page):
    pin(page, 0.5, 0.5, "Paint over me")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    press_on(page, (0.51, 0.48), (0.6, 0.5))
    page.mouse.up()
    page.locator(".ax-edit").wait_for()
    assert thread(page).is_hidden()


@pytest.mark.slow
def test_what_is_new_is_marked_until_it_is_read_and_the_mark_outlives_a_reload(page, other):
    pin(page, 0.5, 0.5, "News")
    badge = other.locator(".ax-badge[data-unread=true]")
    badge.wait_for()
    other.reload()
    other.wait_for_selector(READY)
    badge.wait_for()
    listed(other)
    other.keyboard.press("Enter")
    badge.wait_for(state="detached")
    other.reload()
    other.wait_for_selector(READY)
    other.locator(".ax-badge[data-unread=false]").wait_for()


@pytest.mark.slow
def test_an_image_is_talked_about_where_it_is_looked_at(page, other):
    for one in (page, other):
        one.locator(".ax-thumb").first.click()
        one.get_by_role("heading", name="Comments").wait_for()
    page.get_by_role("textbox", name="Comment").fill("Left shoe only")
    page.keyboard.press("Control+Enter")
    comment(other, "Left shoe only").wait_for()
    other.get_by_role("textbox", name="Answer").fill("Then mirror it")
    other.keyboard.press("Control+Enter")
    comment(page, "Then mirror it").wait_for()


@pytest.mark.slow
def test_people_vote_and_the_shortlist_has_the_most_wanted_first(page, other):
    for one in (page, other):
        one.locator(".ax-thumb").first.click()
        one.locator(".ax-detail .ax-vote").first.wait_for()
    second = page.locator(".ax-thumb").nth(1).get_attribute("title")
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    page.locator(".ax-detail h2", has_text=second.removesuffix(".png")).wait_for()
    other.keyboard.press("ArrowRight")
    other.locator(".ax-detail h2", has_text=second.removesuffix(".png")).wait_for()
    page.keyboard.press("+")
    other.keyboard.press("+")
    page.locator(".ax-detail .ax-vote[data-side=for]", has_text="2").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Shortlist 2").click()
    wait_until(page, lambda: page.locator(".ax-thumb").count() == 2)
    assert page.locator(".ax-thumb").first.get_attribute("title") == second
    page.locator(".ax-strip-item").first.hover()
    page.locator(".ax-strip-item .ax-vote[data-side=for]").first.click()
    other.locator(".ax-detail .ax-vote[data-side=for]", has_text="1").wait_for()


@pytest.mark.slow
def test_a_viewer_reads_what_was_voted_and_dealt_with_and_is_told_that_looking_is_all(
    page, browser, address
):
    page.locator(".ax-thumb").first.click()
    page.keyboard.press("+")
    page.locator(".ax-detail textarea").fill("Whose shoe is this?")
    page.keyboard.press("Control+Enter")
    page.locator(".ax-detail").get_by_role("button", name="Resolve").click()
    room = f"{address.rstrip('/')}/api/disks"
    link = page.request.post(f"{room}/links", data={"role": "viewer", "label": "Vic"}).json()
    guest = browser.new_context(viewport={"width": 1280, "height": 800})
    viewer = guest.new_page()
    open_room(viewer, f"{address.rstrip('/')}/{link['path']}")
    assert not viewer.get_by_text("Start from one of these").is_visible()
    viewer.locator(".ax-thumb").first.click()
    thread = viewer.locator(".ax-detail .ax-thread", has_text="Whose shoe is this?")
    thread.get_by_text("Resolved", exact=True).wait_for()
    told_why = viewer.locator(".ax-denied-said:popover-open", has_text="You may look here")
    vote = viewer.locator(".ax-detail .ax-vote[data-side=against][aria-disabled=true]")
    vote.click(force=True)
    told_why.wait_for()
    viewer.keyboard.press("-")
    assert viewer.locator(".ax-detail .ax-vote", has_text="1").get_attribute("data-side") == "for"
    guest.close()


@pytest.mark.slow
def test_claims_of_two_annotators_never_overlap(page, other, address):
    put_marks(page, address)
    open_review(page)
    open_review(other)
    for one in (page, other):
        one.get_by_role("button", name="Claim next 20").click()
    wait_until(page, lambda: all(image["claimed_by"] for image in told(page, address, "review")))
    refused = re.compile("others have claimed all|Every image that is open has been claimed")
    wait_until(page, lambda: any(one.get_by_text(refused).is_visible() for one in (page, other)))
    holders = {image["claimed_by"] for image in told(page, address, "review")}
    assert len(holders) == 1


@pytest.mark.slow
def test_an_image_that_somebody_else_has_is_changed_only_after_asking(page, other, address):
    put_marks(page, address)
    open_review(page)
    open_review(other)
    page.get_by_role("button", name="Claim", exact=True).click()
    first = told(page, address, "review")[0]
    other.get_by_text(re.compile("has claimed this image, for 30 more minutes")).wait_for()
    other.keyboard.press("m")
    other.get_by_text("change it all the same?").wait_for()
    assert not told(page, address, "review")[0]["is_reviewed"]
    other.get_by_role("button", name="Change it all the same").click()
    wait_until(page, lambda: told(page, address, f"images/{first['id']}")["is_reviewed"])
    assert [one["claimed_by"] for one in told(page, address, "review")] == [None] * IMAGES
    page.get_by_role("button", name="Claim", exact=True).wait_for()
