"""What each command loads: nothing that it does not use, since somebody waits for it to start."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecps_cli.authoring.compiling import compile_guides
from support.commands import spawn
from support.shipped import LIBRARY

COSTLY = (
    *("pydantic", "yaml", "rich", "sqlite3", "questionary", "prompt_toolkit", "phonenumbers", "email_validator"),
    *("segno", "jinja2", "typst", "psycopg", "smartcard", "email", "importlib.metadata", "_hashlib"),
    *("ecps_cli.loading.loader", "ecps_cli.loading.rules", "ecps_cli.walk.walk", "ecps_cli.exports.record"),
)
"""Libraries and modules of ours that take long to load."""

LOADED = """
import sys
import ecps_cli
ecps_cli.__path__.append({folder!r})
from ecps_cli.cli.app import main
main({command!r})
print("loaded:", *[each for each in {costly!r} if each in sys.modules])
"""
"""Runs a command where the guides that come along are compiled, as in a wheel."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the shipped guides, compiled."""
    folder = tmp_path_factory.mktemp("made")
    compile_guides(LIBRARY, folder / "compiled")
    return folder


@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize(
    ("command", "loaded"),
    [
        (("--version",), ()),
        (("--help",), ("rich",)),
        (("rpps", "99700218896"), ()),
        (("list", "--json"), ()),
        (("list",), ("rich",)),
        (("sessions",), ("sqlite3",)),
        (("resume",), ("sqlite3",)),
        (("fraud",), ("rich", "sqlite3", "ecps_cli.walk.walk")),
        (("activate", "--mobile", "--practice"), ("rich", "sqlite3", "ecps_cli.walk.walk")),
    ],
    ids=lambda each: "-".join(each).strip("-") or "nothing",
)
def test_a_command_loads_what_it_uses(
    folder: Path, tmp_path: Path, command: tuple[str, ...], loaded: tuple[str, ...]
) -> None:
    """A command loads these of the costly modules, and no other; Typer, which asks a parameter how it is read, none.

    It fails as well where Typer asks in another way than `cli/help.py` answers.
    """
    python = ("-c", LOADED.format(folder=str(folder), command=command, costly=COSTLY))
    ran = spawn(python=python, environ={"ECPS_DATA": str(tmp_path / "data")})  # where nothing is kept yet
    assert ran.out.splitlines()[-1].split() == ["loaded:", *loaded]
