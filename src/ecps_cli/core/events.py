"""What happened on a walk, in the past tense: the truth from which all else is derived."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from ecps_cli.core.guide import Guide
from ecps_cli.core.validators import VALIDATORS
from ecps_cli.core.value import Value

FIRST_DAY = date(2026, 11, 24)
"""The day of this tool's first version: an event that is dated before was dated by a wrong clock."""


class Event(Value):
    """Something that happened at a step."""

    at: datetime
    """When, with its UTC offset."""
    step: str
    """The id of the step where it happened."""


class Confirmed(Event):
    """The action was done and the expected state seen; or the list of a `tick` step was left."""


class Answered(Event):
    """An `ask` or `choose` step was answered."""

    value: str
    """The canonical value, or the id of the option."""
    verified: bool = True
    """False when the person insisted on a value that the validator doubts."""
    note: str = ""
    """What was understood of what was typed, when it is worth saying."""
    masked: str = ""
    """What the record holds where `value` is not kept, and so empty."""


class Ticked(Event):
    """An item of a `tick` step was ticked, with what its `record` asks for."""

    item: str
    time: str = ""
    person: str = ""
    reference: str = ""


class Unticked(Event):
    """A tick was taken back."""

    item: str


class Deviated(Event):
    """Something else was seen; the remedy of this deviation was done."""

    deviation: str


class WentOver(Deviated):
    """The remedy of a deviation is another guide: it was gone over to, from this step."""

    guide: str
    """SHA-256 of its text."""
    facts: str
    """SHA-256 of the text of its facts."""


class CameBack(Event):
    """The guide that was gone over to is left; this is the step from which it was."""

    outcome: str = ""
    """The id of the outcome that it came to; empty when it was left before."""


class Sensed(Event):
    """The PC was asked what it sees of the card path."""

    text: str
    """What it said, in sentences: never a code, which it does not ask."""
    seen: str = ""
    """The part of it that says which card is in the reader; empty when none is seen, or none that is a CPS."""


class WentBack(Event):
    """The person went back to an earlier step."""

    to: str


class Skipped(Event):
    """The step was passed over, and why."""

    why: str


class Noted(Event):
    """A note was written, for the record."""

    text: str
    mismatch: bool = False
    """True when it says that the step no longer matches what is on the screen."""


class Paused(Event):
    """The walk was interrupted; the time until the next event is nobody's work."""


class Resumed(Event):
    """The walk was taken up again; the time before is nobody's work."""


class Ended(Event):
    """The walk was closed on an outcome; nothing follows."""

    outcome: str


class Labelled(Event):
    """The case was given a label by which one tells it apart: a ticket number, initials; no name and no secret."""

    label: str


class Abandoned(Event):
    """The walk was closed without an outcome, by the person: it is not offered again."""


class Reopened(Event):
    """A walk that was abandoned, or that ended without success, goes on at its last step."""


def redacted(guide: Guide, event: Event) -> Event:
    """Return an event as it may be written down: of an answer, what its step's `keep` allows."""
    step = guide.step(event.step)
    if not isinstance(event, Answered) or step is None or step.action == "choose" or step.keep == "full":
        return event
    masked = event.masked
    if step.keep == "masked" and event.value:
        masked = VALIDATORS[step.validator].mask(event.value) if step.validator else "(masqué)"
    return replace(event, value="", note="", masked=masked)
