"""The house: its packages in one direction, each foreign library in one of them, no file too long to be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

SOURCE = Path(__file__).parents[1] / "src" / "ecps_cli"
LONGEST = 500
"""Lines of a file."""


def test_the_contracts_hold(capsys: pytest.CaptureFixture[str]) -> None:
    """Every contract of `[tool.importlinter]` holds, as `lint-imports` says."""
    status = lint_imports(config_filename=str(Path(__file__).parents[1] / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_no_file_is_too_long() -> None:
    """A module that outgrows its sentence is split: none has more than 500 lines."""
    lengths = {
        path.relative_to(SOURCE).as_posix(): path.read_text("utf-8").count("\n") for path in SOURCE.rglob("*.py")
    }
    assert lengths
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
