"""The house: its packages in one direction, and each foreign library in one of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_the_contracts_hold(capsys: pytest.CaptureFixture[str]) -> None:
    """Every contract of `[tool.importlinter]` holds, as `lint-imports` says."""
    status = lint_imports(config_filename=str(Path(__file__).parents[1] / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out
