"""What several tests share: a small guide that has one of everything, its facts, and a clock."""

from __future__ import annotations

import pytest

from ecps_cli.core.guide import Fact, Facts, Guide
from support.sample import GUIDE, Clock


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of `test_snapshots` and `test_matrix`."""
    parser.addoption("--update-snapshots", action="store_true", help="keep the screens as they are now")
    parser.addoption("--whole-matrix", action="store_true", help="run every combination, not a quarter of them")


@pytest.fixture(scope="session")
def guide() -> Guide:
    return Guide.model_validate(GUIDE)


@pytest.fixture(scope="session")
def facts() -> Facts:
    return {
        "fiche": Fact(kind="source", name="La fiche", value="Fiche de 2026"),
        "aide": Fact(kind="phone", name="Aide", value="0 806 800 213", source="fiche"),
        "page": Fact(kind="url", name="La page", value="https://example.org/une/page/assez/longue", source="fiche"),
    }


@pytest.fixture
def clock() -> Clock:
    return Clock()
