"""What the tests of the team share: a server, a database of each test's own, a key, and the PCs of technicians."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.postgres import Cluster, Database
    from support.team import PC


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    from support.postgres import Cluster

    running = Cluster()
    yield running
    running.close()


@pytest.fixture
def database(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("PGPASSFILE", str(cluster.passwords))
    return cluster.database()


@pytest.fixture
def pc(database: Database, tmp_path: Path) -> Callable[..., PC]:
    from ecps_cli.team.key import make_key
    from support.team import PC, write_guide

    key = tmp_path / "team.key"
    make_key({"ECPS_TEAM_KEY": str(key)})
    guide = write_guide(tmp_path)
    return lambda name="a", **options: PC(guide, database.environ(tmp_path / name, key, **options))
