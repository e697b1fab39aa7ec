"""What the replica answers to rows that were sent; apart, since whoever reads it needs no library."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Answer(NamedTuple):
    """What became of rows that were sent."""

    status: str
    """`kept`, `refused`, `forked`, `behind`, `unknown` or `forgotten`: see the migrations."""
    last: int
    holder: str
    since: datetime | None
