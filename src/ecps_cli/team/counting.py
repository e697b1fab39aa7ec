"""The team's statistics: counted in its database, which gives no count under five, read with the rights of a reader."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from ecps_cli.core.figures import Figure
from ecps_cli.core.guide import Guide
from ecps_cli.loading.problems import LoadError
from ecps_cli.storage.archive import read_guide
from ecps_cli.team.address import connect, explained


def counted(environ: Mapping[str, str]) -> tuple[list[Figure], dict[tuple[str, str], Guide]]:
    """Figures of all walks of the team, and the guides that put them into words.

    Raises:
        TeamError: the login of `ECPS_TEAM` is no reader, or the database cannot be used.

    """
    with connect(environ) as connection, explained():
        found = connection.execute("SELECT * FROM ecps.figures()").fetchall()
        texts = connection.execute("SELECT * FROM ecps.counted_guides()").fetchall()
    guides = {}
    for guide_id, version, guide, facts in texts:
        with suppress(LoadError):  # of another version of the tool: its steps are told by their ids
            guides[guide_id, version] = read_guide(guide_id, guide, facts)[0]
    return [Figure(*row) for row in found], guides
