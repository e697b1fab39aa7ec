"""What the replica answers to rows that were sent; apart, since whoever reads it needs no library."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple


class Answer(NamedTuple):
    """What became of rows that were sent."""

    status: Literal["kept", "refused", "forked", "behind", "unknown", "forgotten"]
    """See `ecps.append` in the migrations."""
    last: int
    holder: str
    since: datetime | None
