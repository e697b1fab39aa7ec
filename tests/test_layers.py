"""The house: its packages in one direction, each foreign library in one, no file too long; the page that draws it."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

import ecps_cli

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
CONTRACTS: list[dict[str, Any]] = tomllib.loads(PYPROJECT.read_text("utf-8"))["tool"]["importlinter"]["contracts"]
(LAYERS,) = (each for each in CONTRACTS if each["type"] == "layers")
FORBIDDEN = [each for each in CONTRACTS if each["type"] == "forbidden"]
COMPILED = "(compiled)"
"""In brackets since only a wheel has it: guides as modules, which import nothing but the model."""

PAGE = Path(os.environ.get("ECPS_CHECKOUT") or Path(__file__).parents[1]) / "docs" / "architecture.md"
needs_page = pytest.mark.skipif(not PAGE.is_file(), reason="only where the checkout is named")
LONGEST = 500
"""Lines of a file."""


def test_the_contracts_hold(capsys: pytest.CaptureFixture[str]) -> None:
    """Every contract of `[tool.importlinter]` holds, as `lint-imports` says."""
    status = lint_imports(config_filename=str(PYPROJECT), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("contract", FORBIDDEN, ids=lambda each: each["name"])
def test_a_foreign_library_is_forbidden_to_all_but_its_owner(contract: dict[str, Any]) -> None:
    """A contract that forbids a library lists every layer but the owner that its name says: none can be forgotten.

    The layers are all packages and modules, since their contract is exhaustive. `__main__`, above them, is left out.
    """
    assert LAYERS["exhaustive"]
    named = {layer for line in LAYERS["layers"] for layer in line.split(" | ")} - {"__main__", COMPILED}
    owner = set(re.findall(r" in (\w+)", contract["name"]))
    assert owner <= named
    assert contract["source_modules"] == [f"ecps_cli.{layer}" for layer in sorted(named - owner)]


@needs_page
def test_the_drawing_of_the_layers_is_that_of_their_contract() -> None:
    """The page of the architecture draws the layers in the order of the contract, side by side where they are there."""
    drawing = PAGE.read_text("utf-8").partition("## The layers")[2].split("```")[1]
    drawn = [re.split(" {2,}", line)[0] for line in drawing.strip().splitlines()]
    assert drawn == [each for each in LAYERS["layers"] if each != COMPILED]


@needs_page
def test_what_the_page_names_is_in_the_file_that_it_says() -> None:
    """Each `file.py: name` of the page of the architecture is a class, a function or a constant of that file."""
    named = re.findall(r"`([\w/]+\.py): ([\w.]+)`", PAGE.read_text("utf-8"))
    assert named
    for file, names in named:
        source = (Path(ecps_cli.__path__[0]) / file).read_text("utf-8")
        for name in names.split("."):
            assert re.search(rf"^(?: *(?:def|class) )?{name}\b", source, re.MULTILINE), (file, name)


def test_no_file_is_too_long() -> None:
    """A module that outgrows its sentence is split: none has more than 500 lines."""
    source = Path(ecps_cli.__path__[0])
    lengths = {
        path.relative_to(source).as_posix(): path.read_text("utf-8").count("\n") for path in source.rglob("*.py")
    }
    assert lengths
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
