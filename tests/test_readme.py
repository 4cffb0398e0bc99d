"""README tells the truth: what it shows runs, and what grows is named in it."""

import json
import re
import shlex
from pathlib import Path
from typing import get_args

import pytest

from avex import Session as PythonSession
from avex.__main__ import COMMANDS, GROUPS, app
from explorer.session_json import EDIT_KINDS, session_from_json, session_to_json
from index.schema import FEATURES
from precompute.stages import STAGES
from ui.wire.operations import Operation
from ui.wire.protocol import ClientMessage, ServerMessage

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def types_of(union):
    members = get_args(get_args(union)[0])
    return [get_args(member.model_fields["type"].annotation)[0] for member in members]


def command_lines():
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    lines += re.findall(r"\| `(avex [^`]*)`", README)
    return [shlex.split(line.removeprefix(".venv/bin/")) for line in lines if "avex" in line]


def parameters(words):
    """Return the options of the command that the words call."""
    import typer

    command = typer.main.get_command(app)
    for word in words:
        found = getattr(command, "commands", {}).get(word)
        if found is None:
            break
        command = found
    return {option for parameter in command.params for option in parameter.opts}


@pytest.mark.parametrize("text", blocks("json"))
def test_session_is_read_and_written_unchanged(text):
    assert session_to_json(session_from_json(json.loads(text))) == json.loads(text)


def test_session_has_every_kind_of_edit():
    (text,) = blocks("json")
    (cluster,) = session_from_json(json.loads(text)).clusters
    assert [edit.kind for edit in cluster.edits] == list(EDIT_KINDS)


@pytest.mark.parametrize("path", sorted((ROOT / "docs/examples").glob("*.json")), ids=str)
def test_example_is_a_session(path):
    data = json.loads(path.read_text(encoding="utf-8"))
    assert session_to_json(session_from_json(data)) == data


def test_every_command_is_named():
    names = {command.__name__ for command in COMMANDS}
    names |= {
        f"{group} {command.name or command.callback.__name__}"
        for group, app in GROUPS.items()
        for command in app.registered_commands
    }
    assert {name for name in names if f"`avex {name}" not in README} == set()


@pytest.mark.parametrize("words", command_lines(), ids=" ".join)
def test_command_has_the_options_that_are_shown(words):
    shown = {word for word in words if word.startswith("--")}
    assert shown <= parameters(words[1:])


@pytest.mark.parametrize(
    "union", [ClientMessage, ServerMessage, Operation], ids=["up", "down", "op"]
)
@pytest.mark.parametrize("text", [README, PROTOCOL], ids=["README", "protocol"])
def test_every_message_is_named(text, union):
    rows = [line for line in text.splitlines() if line.startswith("|")]
    named = set(re.findall(r"`(\w+)`", "\n".join(row.split("|")[1] for row in rows)))
    assert set(types_of(union)) <= named


def test_every_feature_and_stage_is_named():
    names = {*FEATURES, *(stage.makes for stage in STAGES)}
    assert {name for name in names if f"| `{name}` |" not in README} == set()


def test_python_example_uses_what_there_is():
    (text,) = blocks("python")
    used = re.findall(r"^session\.(\w+)", text, re.MULTILINE)
    assert used
    assert [name for name in used if not hasattr(PythonSession, name)] == []


def test_every_target_of_make_is_named():
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert [name for name in targets if name != "help" and f"make {name}" not in README] == []


def test_linked_files_are_there():
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []
