"""What all tests share: a small guide that has one of everything, its facts, a clock, and a bound on memory."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest

from ecps_cli.core.guide import Fact, Facts, Guide
from support.memory import give_back, held, peak
from support.sample import GUIDE, Clock
from support.shapes import shaped
from support.wine import expect_limits, is_wine


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


def pytest_collection_finish() -> None:
    """Keep thousands of tests out of sight of the collector: a full one waits until a quarter as much is made."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Expect what Wine cannot do to fail under it, and nowhere else."""
    if is_wine():
        expect_limits(items)


MOST_MEMORY = 500
"""Megabytes that the process of the tests may take."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """Fail the test in which this process takes more memory than it may; give back what one that grew it has left."""
    before, at_first = peak(), held()
    yield
    after = peak()
    if held() > at_first + 1:
        give_back()
    if before < MOST_MEMORY < after:
        pytest.fail(f"{after:.0f} MB of memory are taken, {after - before:.0f} of them by this test", pytrace=False)


TAKEN: list[float] = []
"""Megabytes that each worker has taken at most, as far as they have ended."""


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a worker tell the process that started it what it took."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["taken"] = peak()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear it of one that has ended."""
    TAKEN.append(getattr(node, "workeroutput", {}).get("taken", 0))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it, beside the bound."""
    if most := max([*TAKEN, peak()]):
        terminalreporter.write_line(f"At most {most:.0f} MB of memory in one process (bound: {MOST_MEMORY} MB)")


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
