"""The one command that is asked for: built alone, it is as it is among all the others."""

from __future__ import annotations

from typing import Any

import pytest
import typer

from ecps_cli.cli.app import app
from ecps_cli.cli.one_command import asked_for, with_one_command

WHOLE = typer.main.get_command(app).commands  # type: ignore[attr-defined]
COMPLETING = {"_ECPS_GUIDE_COMPLETE": "complete_bash"}


def told(command: Any) -> list[object]:
    """What a command, or each command of a group, takes and says of itself."""
    if hasattr(command, "commands"):
        return [command.help, *(told(each) for each in command.commands.values())]
    keys = ("name", "opts", "required", "nargs", "is_flag", "multiple", "help", "metavar", "hidden", "default")
    taken = [[getattr(each, key, None) for key in keys] for each in command.params]
    return [type(command), command.name, command.help, command.rich_help_panel, taken]


@pytest.mark.parametrize("name", WHOLE)
def test_a_command_alone_is_the_same(name: str) -> None:
    """It takes the same parameters and says the same of itself, and no other is built."""
    alone = typer.main.get_command(with_one_command(app, name)).commands  # type: ignore[attr-defined]
    assert [*alone] == [name]
    assert told(alone[name]) == told(WHOLE[name])


@pytest.mark.parametrize("word", ["", "--help", "-V", "Fraud", "frau", "aide", "list-guides"])
def test_another_word_leaves_all_commands(word: str) -> None:
    """What names no command is answered by the whole: its help, or which command was meant."""
    assert with_one_command(app, word) is app


@pytest.mark.parametrize(
    ("environ", "arguments", "word"),
    [
        ({}, ["run", "fraud"], "run"),
        ({}, ["--version"], "--version"),
        ({}, [], ""),
        ({**COMPLETING, "COMP_WORDS": "ecps-guide run fr", "COMP_CWORD": "2"}, None, "run"),
        ({**COMPLETING, "COMP_WORDS": "ecps-guide", "COMP_CWORD": "1"}, ["run"], ""),
        ({**COMPLETING, "COMP_WORDS": "ecps-guide run"}, None, ""),
        ({**COMPLETING, "COMP_WORDS": "ecps-guide run "}, None, "run"),
        ({**COMPLETING, "COMP_WORDS": "'/opt/e-CPS check list/ecps-guide' show --"}, None, "show"),
        ({**COMPLETING, "COMP_WORDS": "ecps-guide run 'Mes gui"}, None, ""),
        ({"_ECPS_GUIDE_COMPLETE": "complete_pwsh", "_TYPER_COMPLETE_ARGS": "ecps-guide run"}, None, ""),
        (
            {
                "_ECPS_GUIDE_COMPLETE": "complete_zsh",
                "COMP_WORDS": "ecps-guide run ",
                "_TYPER_COMPLETE_ARGS": "e show ",
            },
            None,
            "show",
        ),
        ({"_ECPS_GUIDE_COMPLETE": "", "COMP_WORDS": "ecps-guide run x"}, ["show", "--help"], "show"),
        ({"_ECPS_GUIDE_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "ecps-guide show "}, None, "show"),
        ({"_ECPS_GUIDE_COMPLETE": "complete_bash"}, ["run"], ""),
    ],
)
def test_the_word_is_the_first_argument(environ: dict[str, str], arguments: list[str] | None, word: str) -> None:
    """Of what was called, or of what a shell wants completed."""
    assert asked_for(environ, arguments) == word
