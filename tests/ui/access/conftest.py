"""A guarded server on the same six images: a token owns it, ann and bob are in its file."""

import dataclasses

import pytest
from starlette.testclient import TestClient

from ui.access import login, users
from ui.access.users import new_user, write_users
from ui.app import create_server

TOKEN = "a-token-of-twenty-characters"  # noqa: S105
PASSWORD = "correct horse"  # noqa: S105
BASE = "http://192.168.1.5:7860"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Let wrong passwords and hashes take no time."""
    monkeypatch.setattr(users, "COST", 2**4)
    monkeypatch.setattr(login, "FAILURE_S", 0)


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people"
    known = [new_user("ann", "owner", PASSWORD), new_user("bob", "viewer", PASSWORD)]
    write_users(path, {one.name: one for one in known})
    return path


@pytest.fixture
def guarded_settings(settings, tmp_path, people):
    return dataclasses.replace(
        settings,
        host="0.0.0.0",  # noqa: S104
        token=TOKEN,
        users=people,
        state_dir=tmp_path / "state",
    )


@pytest.fixture
def guarded(guarded_settings, parts):
    """A client of the guarded server, that nobody knows yet."""
    app = create_server(guarded_settings, parts)
    with TestClient(app, base_url=BASE, follow_redirects=False) as client:
        yield client


@pytest.fixture
def browser_of(guarded):
    """Return another browser of the same server, with nothing in it."""

    def browser_of():
        return TestClient(guarded.app, base_url=BASE, follow_redirects=False)

    return browser_of


@pytest.fixture
def owner(browser_of):
    """A browser of somebody who has shown the token."""
    browser = browser_of()
    assert browser.get(f"/join/{TOKEN}").status_code == 303
    return browser


@pytest.fixture
def come_by_link(owner, browser_of):
    """Return a browser that has followed a new link with a role, and the link."""

    def come(role, address="shoes", **more):
        link = owner.post(f"/api/{address}/links", json={"role": role, **more}).json()
        browser = browser_of()
        answer = browser.get(f"/{link['path']}")
        assert answer.headers["location"] == f"/?collection={address}"
        return browser, link

    return come
