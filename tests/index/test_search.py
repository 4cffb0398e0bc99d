"""`index.search`: the nearest images, exact or nearly so."""

import numpy as np
import pytest

from index import search
from index.collection import Collection
from index.errors import CollectionError
from index.manifest import Manifest, Shard, SourceInfo


def manifest(shards):
    return Manifest(height=8, width=8, source=SourceInfo("folder", "."), shards=shards)


@pytest.fixture
def descriptors():
    vectors = np.random.default_rng(0).normal(size=(400, 24)).astype(np.float32)
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)


@pytest.fixture
def collection(tmp_path, descriptors):
    search.write_index(tmp_path, search.make_index(descriptors))
    shards = (Shard("000000", len(descriptors)),)
    return Collection(tmp_path, manifest(shards))


def test_neighbors_are_those_of_the_largest_inner_product(collection, descriptors):
    found = search.neighbors(collection, descriptors[7], 5)
    similarities = descriptors.astype(np.float32) @ descriptors[7].astype(np.float32)
    assert list(found.ids) == list(np.argsort(-similarities)[:5])
    assert found.ids[0] == 7
    assert found.similarities == pytest.approx(np.sort(similarities)[::-1][:5], abs=1e-4)


def test_more_neighbors_than_images_gives_all_images(collection, descriptors):
    assert sorted(search.neighbors(collection, descriptors[0], 999).ids) == list(range(400))


def test_images_that_a_build_has_added_since_are_not_found(collection, descriptors):
    shards = (Shard("000000", 100),)
    older = Collection(collection.path, manifest(shards))
    assert (search.neighbors(older, descriptors[300], 50).ids < 100).all()


def test_a_large_collection_is_searched_in_part_and_finds_itself(descriptors, monkeypatch):
    monkeypatch.setattr(search, "FLAT_IMAGES", 100)
    index = search.make_index(descriptors)
    _, rows = search.search(index, descriptors.astype(np.float32), 1)
    assert (rows[:, 0] == np.arange(400)).mean() > 0.99


@pytest.mark.parametrize(("length", "k", "message"), [(24, 0, "k must be"), (9, 3, "length 24")])
def test_a_wrong_query_is_refused(collection, length, k, message):
    with pytest.raises(CollectionError, match=message):
        search.neighbors(collection, np.zeros(length, np.float32), k)


def test_a_missing_index_says_to_build_again(collection, descriptors):
    (collection.path / "search.faiss").unlink()
    with pytest.raises(CollectionError, match="build it with --rebuild"):
        search.neighbors(collection, descriptors[0], 3)
