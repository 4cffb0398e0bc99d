"""A short run of the fuzzer: `make fuzz` has a long one. What it has found is named here."""

import pytest

from tests.hostile import fuzz
from ui.wire.protocol import client_message


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_that_chance_makes_does_harm(seed, tmp_path):
    assert fuzz.run(seed, tmp_path, lambda count: count >= 250) >= 250


def test_fuzzer_finds_a_reader_that_breaks(tmp_path, monkeypatch):
    def break_on_null(text):
        if "null" in text:
            raise RuntimeError("a reader that breaks")
        return client_message.validate_json(text)

    class Broken:
        validate_json = staticmethod(break_on_null)

    monkeypatch.setattr(fuzz, "client_message", Broken)
    with pytest.raises(RuntimeError, match="a reader that breaks"):
        fuzz.run(1, tmp_path, lambda count: count >= 250)
    assert b"null" in (tmp_path / "last").read_bytes()
