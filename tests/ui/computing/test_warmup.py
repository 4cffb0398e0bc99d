"""`ui.computing.warmup`: what is read before the first stroke."""

import os

import pytest

from index.schema import SHARDS
from ui.computing import warmup


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="this system takes no such advice")
def test_features_are_read_ahead_in_their_order_within_the_budget(tmp_path, monkeypatch, parts):
    shard = tmp_path / "shoes.avex" / SHARDS / "000000"
    shard.mkdir(parents=True)
    for feature, size in (("pixels", 5), ("thumbs", 3), ("color", 4), ("search", 1)):
        (shard / f"{feature}.npy").write_bytes(b"0" * size)
    advised = []
    monkeypatch.setattr(
        os, "posix_fadvise", lambda file, *_: advised.append(os.fstat(file).st_size)
    )
    monkeypatch.setattr(warmup, "compile_kernels", lambda: None)
    monkeypatch.setattr(warmup, "PREFETCHED_BYTES", 7)
    warmup.warm_up([parts.open_library(tmp_path / "shoes.avex")]).join()
    assert advised == [3, 4]
