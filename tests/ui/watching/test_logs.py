"""`ui.watching.logs`: one line an event, fields for programs, and nothing secret in it."""

import io
import json
import logging

import pytest

from ui.watching.logs import SERVERS, set_up_logs, without_secrets


@pytest.fixture
def log():
    """Set up the log of this process, and put back what was there."""
    names = [None, "ui", "avex", "evaluation", "explorer", "index", "precompute", *SERVERS]
    loggers = [logging.getLogger(name) for name in names]
    known = [(one, one.level, list(one.handlers), one.propagate) for one in loggers]
    stream = io.StringIO()

    def start(form="json", level="info"):
        set_up_logs(form, level, stream)
        return stream

    yield start
    for one, level, handlers, propagate in known:
        one.handlers, one.propagate = handlers, propagate
        one.setLevel(level)


def fail(message):
    raise ValueError(message)


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_event_is_one_line_of_json_with_its_fields(log):
    stream = log()
    logging.getLogger("ui.rooms.hub").info("joined", extra={"room": "shoes", "members": 2})
    [line] = lines(stream)
    assert (line["level"], line["logger"]) == ("info", "ui.rooms.hub")
    assert (line["message"], line["room"], line["members"]) == ("joined", "shoes", 2)
    assert line["time"].endswith("Z")


def test_traceback_is_a_field(log):
    stream = log()
    try:
        fail("broken\nin two lines")
    except ValueError:
        logging.getLogger("ui.app").exception("it failed")
    [line] = lines(stream)
    assert line["message"] == "it failed"
    assert "ValueError: broken\nin two lines" in line["traceback"]


def test_text_has_the_fields_behind_the_message(log):
    stream = log("text")
    logging.getLogger("ui.rooms.hub").info("left", extra={"code": 4408})
    assert stream.getvalue().endswith(" INFO ui.rooms.hub: left code=4408\n")


def test_level_is_kept_and_other_libraries_are_not_heard_below_warnings(log):
    stream = log(level="info")
    logging.getLogger("ui.app").debug("no")
    logging.getLogger("httpx").info("no")
    logging.getLogger("uvicorn.error").info("no")
    logging.getLogger("uvicorn.error").error("yes")
    assert [line["message"] for line in lines(stream)] == ["yes"]


def test_server_of_the_web_writes_through_the_same(log):
    logging.getLogger("uvicorn.error").addHandler(logging.StreamHandler())
    stream = log(level="debug")
    logging.getLogger("uvicorn.access").info('"GET /join/abc?next=1 HTTP/1.1" 303')
    assert [line["message"] for line in lines(stream)] == ['"GET /join/... HTTP/1.1" 303']


@pytest.mark.parametrize(
    "secret",
    [
        "GET /ws?collection=shoes&token=S3CRET",
        "http://127.0.0.1:7860/join/S3CRET",
        "join/S3CRET",
        "Authorization: Bearer S3CRET",
        "token=S3CRET",
        "cookie: avex=S3CRET",
    ],
)
def test_secrets_are_left_out(secret, log):
    stream = log("text", "debug")
    logging.getLogger("ui.app").warning("asked: %s", secret)
    logging.getLogger("ui.app").warning("asked", extra={"what": secret})
    assert "S3CRET" not in stream.getvalue()
    assert stream.getvalue().count("asked") == 2


def test_names_of_photographs_stand_in_the_log_only_where_all_is_logged(log):
    def said(level):
        stream = log("json", level)
        try:
            fail("there is no image 'aunt/holidays 1.JPG'")
        except ValueError:
            logging.getLogger("ui.app").exception("reading img_0107.png failed")
        return stream.getvalue()

    assert "0107" not in said("info")
    assert "JPG" not in said("info")
    assert "0107" in said("debug")


def test_collections_are_no_photographs():
    assert without_secrets("shoes.avex of 1.5 MB") == "shoes.avex of 1.5 MB"


def test_nothing_that_somebody_sends_begins_a_line_or_speaks_to_a_terminal(log):
    stream = log("text")
    evil = "a\r\nERROR forged\x1b[2J\x85\u2028b"
    logging.getLogger("ui.app").info("of %s", evil, extra={"room": evil})
    clean = "a  ERROR forged [2J  b"
    assert stream.getvalue().partition("ui.app: ")[2] == f"of {clean} room={clean}\n"
