"""`avex serve` and `avex users`: where settings come from, and who may log in."""

import io

import pytest

from avex.commands.serve_settings import SETTINGS


@pytest.fixture
def asked(monkeypatch):
    """What would be served."""
    asked = []
    monkeypatch.setattr("ui.app.serve", lambda settings, build: asked.append(settings))
    return asked


@pytest.fixture
def config(tmp_path):
    def config(text):
        path = tmp_path / "avex.toml"
        path.write_text(text)
        return path

    return config


def test_help_names_every_flag_and_variable(run):
    _, out, _ = run("serve", "--help")
    words = out.replace("\n", " ").split()
    for setting in SETTINGS:
        assert setting.flag in words
        assert any(word.strip("[];,") == setting.variable for word in words)
    assert "AVEX_CONFIG]" in words


def test_flags_win_over_the_environment_and_that_over_the_file(run, asked, config, monkeypatch):
    path = config('port = 1001\nhost = "127.0.0.2"\nlog_level = "info"\n')
    assert run("serve", "--config", path)[0] == 0
    monkeypatch.setenv("AVEX_PORT", "1002")
    run("serve", "--config", path)
    run("serve", "--config", path, "--port", "1003")
    monkeypatch.setenv("AVEX_CONFIG", str(path))
    run("serve", "--log-level", "error")
    assert [(one.port, one.host, one.log_level) for one in asked] == [
        (1001, "127.0.0.2", "info"),
        (1002, "127.0.0.2", "info"),
        (1003, "127.0.0.2", "info"),
        (1002, "127.0.0.2", "error"),
    ]


def test_every_setting_can_stand_in_the_file(run, asked, config, tmp_path):
    path = config(
        'collections = ["a.avex", "b.avex"]\nhost = "127.0.0.1"\nport = 1\n'
        'token = "a-token-of-twenty-characters"\nusers = "people"\nallow_host = ["avex.example"]\n'
        'builds = "/builds"\nstate = "state"\nmetrics = false\nlog_format = "json"\n'
        'log_level = "debug"\n'
    )
    status, _, complaints = run("serve", "--config", path)
    assert (status, asked != []) == (0, True), complaints
    [settings] = asked
    assert settings.collections == (tmp_path / "a.avex", tmp_path / "b.avex")
    assert (settings.users, settings.state_dir) == (tmp_path / "people", tmp_path / "state")
    assert str(settings.builds_dir) == "/builds"
    assert (settings.port, settings.metrics, settings.log_format) == (1, False, "json")
    assert settings.allowed_hosts == ("avex.example",)
    assert settings.token == "a-token-of-twenty-characters"  # noqa: S105


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("prot = 1", "got prot"),
        ("port = ", "must be TOML"),
        ('port = "x"', "port"),
        ('log_level = "loud"', "log_level must be one of debug, info, warning, error, got 'loud'"),
        ('token = "short"', "at least 16 characters, got 5"),
    ],
)
def test_a_file_that_is_wrong_is_wrong_use_and_names_the_key(run, asked, config, text, complaint):
    status, _, complaints = run("serve", "--config", config(text))
    assert (status, asked) == (2, [])
    assert complaint in complaints
    assert complaints.count("\n") == 1


def test_a_token_may_be_left_out_but_not_empty(run, asked):
    run("serve", "--token")
    run("serve", "--token", "--port", "0")
    run("serve", "--token", "a-token-of-twenty-characters")
    run("serve")
    assert [one.token for one in asked] == ["", "", "a-token-of-twenty-characters", None]
    assert [one.is_guarded for one in asked] == [True, True, True, False]
    assert run("serve", "--token", "")[0] == 2
    assert "a-token" not in repr(asked)


@pytest.mark.parametrize(
    ("words", "is_guarded"),
    [
        ([], False),
        (["--host", "::1"], False),
        (["--host", "0.0.0.0"], True),  # noqa: S104
        (["--host", "192.168.1.5"], True),
        (["--allow-host", "avex.example"], True),
        (["--users", "people"], True),
    ],
)
def test_whoever_is_not_on_this_machine_is_asked_who_they_are(run, asked, words, is_guarded):
    run("serve", *words)
    assert [one.is_guarded for one in asked] == [is_guarded]


def test_people_are_added_listed_and_taken_out(run, monkeypatch, tmp_path):
    people = tmp_path / "people"

    def add(name, password, *words):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        return run("users", "add", people, name, *words)

    assert add("ann", "correct horse", "--role", "owner")[0] == 0
    assert add("bob", "correct horse")[0] == 0
    assert add("eve", "short")[0] == 1
    assert add("eve", "correct horse", "--role", "king")[0] == 2
    assert run("users", "list", people)[1] == "ann\towner\nbob\teditor\n"
    assert "correct horse" not in people.read_text()
    assert run("users", "remove", people, "ann")[0] == 0
    assert run("users", "remove", people, "ann")[0] == 1
    assert run("users", "list", people)[1] == "bob\teditor\n"
