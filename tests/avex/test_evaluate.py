"""`avex evaluate`: what is asked of the measurements."""

import pytest

from avex.__main__ import app
from avex.sessions import save_session
from explorer.session import Cluster, Session


class StopError(Exception):
    """Ends the command before the measuring."""


@pytest.mark.parametrize(
    ("clusters", "words", "expected"),
    [(3, (), 3), (1, (), 2), (3, ("--clusters", 5), 5), (0, (), 9)],
    ids=["of-session", "at-least-two", "as-wished", "nine"],
)
def test_baselines_make_as_many_clusters_as_the_session_has(
    collection_path, tmp_path, monkeypatch, clusters, words, expected
):
    asked = []

    def measure(collection, comparison, progress):
        asked.append(comparison.clusters)
        raise StopError

    monkeypatch.setattr("evaluation.clusters.evaluate_clusters", measure)
    if clusters:
        ours = Session(clusters=tuple(Cluster(id=f"c{k}") for k in range(clusters)))
        save_session(ours, tmp_path / "s.json")
        words = (*words, "--session", tmp_path / "s.json")
    with pytest.raises(StopError):
        app(["evaluate", "clusters", *map(str, (collection_path, *words))], standalone_mode=False)
    assert asked == [expected]
