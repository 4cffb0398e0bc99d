"""A server of fakes for attacks on it: the one that the tests of `ui` use."""

from tests.ui.conftest import client, engine, finder, parts, settings  # noqa: F401 - fixtures
