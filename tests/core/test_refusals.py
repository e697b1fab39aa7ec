"""What the core gives where there is nothing to give, or refuses although a caller should not ask."""

from __future__ import annotations

import pytest

from ecps_cli.core.events import WentOver
from ecps_cli.core.guide import Guide
from ecps_cli.core.journal import Journal, LateJournal
from ecps_cli.core.model import example_at, keys_at
from ecps_cli.core.moves import apply
from ecps_cli.core.session import IllegalEvent, Session, deadline
from support.sample import START
from support.screens import reach
from support.two_guides import DESTINATIONS


def test_a_journal_that_was_never_opened_is_closed_without_opening_it() -> None:
    """A walk of which nothing was kept leaves no file behind: closing opens nothing."""
    opened: list[Journal] = []

    def open_it() -> Journal:
        raise AssertionError("opened")

    LateJournal(open_it).close()
    assert opened == []


def test_no_deadline_runs_at_an_end(guide: Guide) -> None:
    """Where a walk has ended, nothing is to be done in time."""
    assert deadline(reach(guide, ""), START) is None


def test_a_guide_of_another_text_is_not_gone_over_to() -> None:
    """An event names the texts that were walked: the same guide in another text is refused."""
    session = Session(DESTINATIONS["outer"].guide, START)
    with pytest.raises(IllegalEvent, match="not the one"):
        apply(session, WentOver(START, "start", "to-inner", "0" * 64, "0" * 64), DESTINATIONS["inner"])


def test_a_path_below_a_text_has_no_keys() -> None:
    """A place within what holds nothing has no keys of its own, and the example of the key around it."""
    assert keys_at(Guide, ("title", "x")) == []
    assert example_at(Guide, ("title", "x")) == example_at(Guide, ("title",))
