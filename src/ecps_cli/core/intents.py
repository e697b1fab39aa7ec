"""What a person means at the step before them, as it was typed: `moves.accept` makes an event of it, or refuses it."""

from __future__ import annotations

from dataclasses import dataclass

from ecps_cli.core.session import Destination


class Intent:
    """Something a person wants to do at the current step."""


@dataclass(frozen=True)
class Confirm(Intent):
    """The action is done and the expected state seen; or the list of a `tick` step is left."""


@dataclass(frozen=True)
class Answer(Intent):
    """An answer to an `ask` or `choose` step."""

    value: str
    """The text that was typed, or the id of the option."""


@dataclass(frozen=True)
class Tick(Intent):
    """A line of a `tick` step is done, with what its `record` asks for."""

    item: str
    time: str = ""
    person: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Untick(Intent):
    """A line of a `tick` step is not done after all."""

    item: str


@dataclass(frozen=True)
class Deviate(Intent):
    """Something else was seen, and the remedy of this deviation done."""

    deviation: str


@dataclass(frozen=True)
class GoOver(Intent):
    """Another guide is the remedy of this deviation, and is followed from here."""

    deviation: str
    into: Destination


class ComeBack(Intent):
    """The guide that was gone over to is left for the one before."""


@dataclass(frozen=True)
class GoBack(Intent):
    """Back to the step before; from the first one of a guide that was gone over to, out of it."""


@dataclass(frozen=True)
class Sense(Intent):
    """What this PC sees of the card path, for the record."""

    text: str
    seen: str


@dataclass(frozen=True)
class Skip(Intent):
    """The step is passed over, and why."""

    why: str


@dataclass(frozen=True)
class Note(Intent):
    """A note for the record."""

    text: str
    mismatch: bool = False
    """True when it says that the step no longer matches what is on the screen."""


@dataclass(frozen=True)
class Pause(Intent):
    """The walk stops here, to be taken up later."""


@dataclass(frozen=True)
class Label(Intent):
    """A label by which one tells the case apart."""

    label: str


@dataclass(frozen=True)
class Abandon(Intent):
    """The walk is closed here, without an outcome."""
