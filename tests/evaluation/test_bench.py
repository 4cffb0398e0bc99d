"""`evaluation.bench`: the shape of the answer, and that the fast paths are right."""

import json

import pytest

from evaluation.bench import BENCHMARKS, run_benchmarks
from evaluation.bench.synthetic import synthetic_collection
from evaluation.bench.values import Benchmark, Figure, result

KEYS = {"name", "seconds", "brute_force_seconds", "speedup", "roofline_fraction", "target", "met"}


@pytest.fixture(scope="module")
def report():
    fast = [one.name for one in BENCHMARKS if one.name != "open-collection"]
    return run_benchmarks(fast, images=24)


def benchmark(of, target):
    return Benchmark(name="b", measure=lambda bench: Figure(seconds=1), of=of, target=target)


def test_every_result_has_what_programs_rely_on(report):
    assert set(report) == {"machine", "results"}
    assert all(set(one) >= KEYS for one in report["results"])
    assert json.loads(json.dumps(report)) == report


def test_results_come_in_the_order_of_the_list(report):
    names = [one.name for one in BENCHMARKS]
    assert [one["name"] for one in report["results"]] == [
        n for n in names if n != "open-collection"
    ]


def test_the_fast_paths_are_exact_on_the_pictures(report):
    notes = {one["name"]: one["notes"] for one in report["results"]}
    assert notes["sketch-match"]["recall_at_100"] == 1
    assert notes["sketch-match-torch"]["recall_at_100"] == 1
    assert notes["average"]["error_in_grey_levels"] < 0.01
    assert notes["hog"]["error"] < 1e-5


def test_the_cost_of_all_modes_is_told_for_a_thousand_and_for_ten_thousand_images(report):
    row = next(one for one in report["results"] if one["name"] == "modes")
    notes = row["notes"]
    assert row["seconds"] == notes["core_seconds_per_1000_images"]
    assert notes["core_hours_per_10000_images"] == pytest.approx(row["seconds"] * 10 / 3600)
    assert notes["times_less_than_the_paper"] == pytest.approx(
        1500 / notes["core_hours_per_10000_images"]
    )
    assert notes["bytes_an_image"] > 0
    assert f"{row['seconds']:.1f} core-seconds per 1,000 images" in row["told"]


def test_a_hover_is_timed_at_every_size_and_the_slowest_counts(report):
    for name in ("hover", "hover-coarse", "hover-cached"):
        row = next(one for one in report["results"] if one["name"] == name)
        sizes = {key: value for key, value in row["notes"].items() if key.endswith("_px")}
        assert list(sizes) == [f"seconds_{side}_px" for side in (32, 48, 80, 128)]
        assert row["seconds"] == max(sizes.values())


def test_a_family_is_run_as_a_whole(monkeypatch):
    fakes = [
        Benchmark(name=name, family=family, measure=lambda bench: Figure(seconds=1), of="seconds",
                  target=None)
        for name, family in (("average", ""), ("modes", "modes"), ("hover", "modes"))
    ]  # fmt: skip
    monkeypatch.setattr("evaluation.bench.run.BENCHMARKS", fakes)
    results = run_benchmarks(["modes"], images=1)["results"]
    assert [one["name"] for one in results] == ["modes", "hover"]


def test_speedup_and_roofline_are_derived_from_the_times():
    figure = Figure(seconds=0.5, brute_force_seconds=2.0, bytes_read=100)
    row = result(benchmark("speedup", 4), figure, read_rate=1000.0)
    assert row["speedup"] == 4
    assert row["roofline_fraction"] == pytest.approx(0.2)
    assert row["met"] is True


def test_a_target_of_seconds_is_an_upper_limit():
    assert result(benchmark("seconds", 0.4), Figure(seconds=0.5), 1.0)["met"] is False
    assert result(benchmark("seconds", 0.6), Figure(seconds=0.5), 1.0)["met"] is True


def test_a_fast_but_wrong_answer_does_not_meet_its_target():
    figure = Figure(seconds=0.5, brute_force_seconds=50.0, exact=False)
    assert result(benchmark("speedup", 4), figure, 1.0)["met"] is False


def test_what_has_no_meaning_is_null():
    row = result(benchmark("speedup", 4), Figure(seconds=0.5), 1.0)
    assert row["speedup"] is row["roofline_fraction"] is row["met"] is None


def test_an_unknown_benchmark_is_refused_by_name():
    with pytest.raises(ValueError, match=r"must be one of color-match.* got 'colour'"):
        run_benchmarks(["colour"])


def test_no_images_are_refused():
    with pytest.raises(ValueError, match="images must be at least 1, got 0"):
        run_benchmarks(images=0)


def test_the_made_up_collection_is_a_collection_and_goes_away():
    with synthetic_collection(3) as collection:
        assert (collection.size, collection.height, collection.width) == (3, 200, 200)
        assert collection.shards("hog_planes")[0].shape == (16, 25, 25, 3)
        assert collection.image_id("0000002.png") == 2
    assert not collection.path.exists()
