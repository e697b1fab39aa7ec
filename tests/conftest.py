"""What all tests share: a small guide that has one of everything, its facts, a clock, and a bound on memory."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from ecps_cli.core.guide import Fact, Facts, Guide
from support.layouts import drop_layouts
from support.sample import GUIDE, Clock
from support.shapes import shaped
from support.wine import expect_limits, is_wine

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of `test_snapshots` and `test_matrix`."""
    parser.addoption("--update-snapshots", action="store_true", help="keep the screens as they are now")
    parser.addoption(
        "--whole-matrix", action="store_true", help="with -m exhaustive: every combination, not a quarter of them"
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two processes a core for `-n auto`: a test on a terminal mostly waits for what is painted."""
    return 2 * (os.cpu_count() or 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Expect what Wine cannot do to fail under it, and nowhere else."""
    if is_wine():
        expect_limits(items)


MOST_MEMORY = 600
"""Megabytes that the process of the tests may take: 501 were measured, with coverage, in a run of all tiers."""


def memory() -> float:
    """Return how many megabytes this process has taken at most; 0 where the system does not say."""
    if resource is None:  # whatever system a test plays
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def held() -> float:
    """Return how many megabytes this process holds now; on another system than Linux, has held at most."""
    try:
        with open("/proc/self/statm", "rb") as told:  # noqa: PTH123 — no `Path`, which a test may have patched
            return int(told.read().split()[1]) * resource.getpagesize() / 2**20
    except (AttributeError, OSError):
        return memory()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """Fail the test in which this process takes more memory than it may; drop what one that grew it may have left."""
    before, at_first = memory(), held()
    yield
    after = memory()
    if held() > at_first + 1:
        drop_layouts()
    if before < MOST_MEMORY < after:
        pytest.fail(f"{after:.0f} MB of memory are taken, {after - before:.0f} of them by this test", pytrace=False)


@pytest.fixture(scope="session")
def guide() -> Guide:
    return shaped(Guide, GUIDE)


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


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start other processes without the measure of coverage, which imports modules of its own."""
    for name in [name for name in os.environ if name.startswith("COVERAGE")]:
        monkeypatch.delenv(name)
