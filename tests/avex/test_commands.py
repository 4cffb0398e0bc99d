"""The command line, run in this process as a person would type it."""

import json

import pytest

from avex.commands import bench
from avex.reports import lines
from avex.sessions import save_session
from explorer.modes.mining import FAST_GIVES_UP
from precompute.errors import BuildCancelled

OUT = ("--out", "{tmp}/r")


def test_build_names_what_it_left_out(run, photos, tmp_path):
    folder = tmp_path / "mixed"
    folder.mkdir()
    for name in ("red00.png", "blue01.png"):
        (folder / name).write_bytes((photos / name).read_bytes())
    (folder / "bad.jpg").write_bytes(b"no picture")
    status, out, complaints = run(
        "build", folder, "--out", tmp_path / "m.avex", "--workers", 1, "--modes", "none"
    )
    assert status == 0
    assert "2 images (2 new), 1 left out" in out
    assert "left out: bad.jpg: " in complaints
    status, out, _ = run("info", tmp_path / "m.avex", "--json")
    assert json.loads(out)["rejected"][0]["path"] == "bad.jpg"


def test_info_prints_what_programs_rely_on(run, collection_path):
    status, out, complaints = run("info", collection_path, "--json")
    told = json.loads(out)
    assert (status, complaints) == (0, "")
    assert (told["images"], told["height"], told["width"], told["rejected"]) == (24, 48, 64, [])
    assert set(told["stages"]["hog"]) == {"seconds", "bytes"}
    assert isinstance(told["duplicates"], list)


def test_info_prints_counts_for_people(run, collection_path):
    status, out, _ = run("info", collection_path)
    assert status == 0
    assert out.startswith("disks: 24 images of 64x48")


def test_info_says_what_fast_modes_take_and_give_up(run, collection_path):
    status, out, _ = run("info", collection_path)
    told = json.loads(run("info", collection_path, "--json")[1])["modes"]
    on_disk = sum(file.stat().st_size for file in (collection_path / "modes").rglob("*.npy"))
    assert (status, told["kind"], told["spots"]) == (0, "fast", 3 * 5 + 1 * 3)
    assert f"modes: fast, {told['modes']} at 18 spots, {on_disk / 24 / 1e3:.1f} kB an image" in out
    assert f"  gives up: {FAST_GIVES_UP}" in out


def test_modes_may_be_left_out_of_a_build(run, photos, tmp_path):
    words = ("build", photos, "--out", tmp_path / "m.avex", "--size", "64x48", "--workers", 1)
    assert run(*words, "--modes", "none")[0] == 0
    assert "modes: none stored" in run("info", tmp_path / "m.avex")[1]


def test_replay_lists_the_files_that_it_wrote(run, collection_path, red_session, tmp_path):
    save_session(red_session, tmp_path / "s.json")
    status, out, _ = run(
        "replay", collection_path, tmp_path / "s.json", "--out", tmp_path / "r", "--weighting",
        "paper",
    )  # fmt: skip
    assert status == 0
    assert [line.rpartition("/")[2] for line in out.splitlines()] == [
        "average-main.png", "ranking-main.csv", "session.json",
    ]  # fmt: skip
    session = json.loads((tmp_path / "r" / "session.json").read_text())
    assert session["clusters"][0]["weighting"] == "paper"


def test_export_says_how_large_the_average_is(run, collection_path, red_session, tmp_path):
    save_session(red_session, tmp_path / "s.json")
    status, out, _ = run(
        "export", collection_path, tmp_path / "s.json", "--out", tmp_path / "f.png"
    )
    assert status == 0
    assert "128x96" in out


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["build"], "Missing argument 'PHOTOS'"),
        (["build", ".", "--out", "a.avex", "--size", "3"], "size must be auto or WIDTHxHEIGHT"),
        (["build", ".", "--out", "a.avex", "--fps", "0"], "fps must be above 0"),
        (["build", ".", "--out", "a.avex", "--modes", "exact"], "add --natural-world DIR"),
        (["paint"], "No such command 'paint'"),
        (["info", "a.avex", "--yaml"], "No such option"),
        (["build", "nothing", "--out", "n.avex"], "'nothing' does not exist"),
    ],
)
def test_wrong_use_is_2_and_one_line(run, words, complaint):
    status, out, complaints = run(*words)
    assert (status, out) == (2, "")
    assert complaint in complaints
    assert complaints.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["info", "nothing.avex"], "nothing.avex does not exist"),
        (
            ["replay", "{collection}", "{tmp}/no.json", *OUT],
            "no.json: no such file",
        ),
        (
            ["replay", "{collection}", "{tmp}/broken.json", *OUT],
            "must be a session in JSON",
        ),
        (["bench", "nonsense"], "a benchmark must be one of"),
        (["build", "{tmp}/broken.mp4", "--out", "{tmp}/n.avex"], "must be a video with frames"),
    ],
)
def test_anything_else_is_1_and_one_line(run, words, complaint, collection_path, tmp_path):
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "broken.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(2000))
    places = {"collection": collection_path, "tmp": tmp_path}
    status, out, complaints = run(*(word.format(**places) for word in words))
    assert (status, out) == (1, "")
    assert complaint in complaints
    assert complaints.count("\n") == 1


def test_interrupted_build_says_how_to_go_on(run, photos, tmp_path, monkeypatch):
    def stopped(*words, **options):
        raise BuildCancelled("run it again to resume it")

    monkeypatch.setattr("precompute.build.build", stopped)
    status, _, complaints = run("build", photos, "--out", tmp_path / "a.avex")
    assert status == 130
    assert "resume" in complaints


def test_interrupted_command_says_so(run, monkeypatch, collection_path):
    def stopped(settings, build):
        raise KeyboardInterrupt

    monkeypatch.setattr("ui.app.serve", stopped)
    assert run("serve", collection_path) == (130, "", "avex serve: interrupted\n")


def test_without_words_the_help_is_shown(run):
    status, out, complaints = run()
    assert (status, complaints) == (2, "")
    assert "avex demo" in out


def test_version_is_printed(run):
    status, out, _ = run("--version")
    assert status == 0
    assert out.startswith("avex 0.")


def test_serving_to_other_machines_is_said(run, monkeypatch, collection_path):
    asked = []
    monkeypatch.setattr("ui.app.serve", lambda settings, build: asked.append(settings))
    _, _, complaints = run("serve", collection_path, "--host", "0.0.0.0")  # noqa: S104
    assert "every image of" in complaints
    assert "nothing is encrypted" in complaints
    _, _, complaints = run("serve", collection_path)
    assert complaints == ""
    assert [settings.host for settings in asked] == ["0.0.0.0", "127.0.0.1"]  # noqa: S104


def test_session_is_served_in_the_first_collection(
    run, monkeypatch, collection_path, red_session, tmp_path
):
    asked = []
    monkeypatch.setattr("ui.app.serve", lambda settings, build: asked.append(settings))
    save_session(red_session, tmp_path / "s.json")
    assert run("serve", collection_path, "--session", tmp_path / "s.json")[0] == 0
    assert [settings.session for settings in asked] == [red_session]
    status, _, complaints = run("serve", "--session", tmp_path / "s.json")
    assert status == 2
    assert "name one" in complaints


def test_bench_prints_a_line_for_each_figure():
    figure = {"name": "average", "seconds": 0.0105, "brute_force_seconds": None, "speedup": None,
              "roofline_fraction": 0.41, "target": 0.35,
              "target_is": "at least roofline_fraction", "met": True}  # fmt: skip
    assert bench.lines({"machine": {"cores": 2}, "results": [figure]}) == [
        "cores 2",
        "average                  10.50 ms, 41% of the roofline, target 0.35, met",
    ]


def test_bench_tells_of_a_cost_in_its_own_words_and_of_long_times_in_seconds():
    figure = {"name": "modes", "seconds": 61.2, "told": "61.2 core-seconds per 1,000 images",
              "brute_force_seconds": 1383.2, "speedup": 22.6, "roofline_fraction": None,
              "target": 180, "target_is": "at most seconds", "met": True}  # fmt: skip
    assert bench.lines({"machine": {}, "results": [figure]})[1] == (
        "modes                    61.2 core-seconds per 1,000 images, brute force 1,383 s, "
        "22.6x faster, target 180 s, met"
    )


def test_evaluate_prints_the_interval_beside_its_figure():
    row = {"method": "modes", "inlier": 0.9, "inlier_low": 0.8, "inlier_high": 0.95,
           "nmi": None, "nmi_low": None, "nmi_high": None}  # fmt: skip
    assert lines({"collection": "cats", "protocol": "24 spots", "rows": [row]}) == [
        "cats: 24 spots",
        "modes                        inlier 0.900 [0.800, 0.950]",
    ]


def test_bench_of_rooms_names_a_collection_that_is_not_there(run, tmp_path):
    status, _, complaints = run("bench", "rooms", tmp_path / "no.avex")
    assert (status, complaints.count("\n")) == (1, 1)
    assert "no.avex does not exist" in complaints
