"""What a person means at the step before them, as it was typed: `moves.accept` makes an event of it, or refuses it."""

from __future__ import annotations

from ecps_cli.core.session import Destination
from ecps_cli.core.value import Value


class Intent(Value):
    """Something a person wants to do at the current step."""


class Confirm(Intent):
    """The action is done and the expected state seen; or the list of a `tick` step is left."""


class Answer(Intent):
    """An answer to an `ask` or `choose` step."""

    value: str
    """The text that was typed, or the id of the option."""


class Tick(Intent):
    """A line of a `tick` step is done, with what its `record` asks for."""

    item: str
    time: str = ""
    person: str = ""
    reference: str = ""


class Untick(Intent):
    """A line of a `tick` step is not done after all."""

    item: str


class Deviate(Intent):
    """Something else was seen, and the remedy of this deviation done."""

    deviation: str


class GoOver(Intent):
    """Another guide is the remedy of this deviation, and is followed from here."""

    deviation: str
    into: Destination


class ComeBack(Intent):
    """The guide that was gone over to is left for the one before."""


class GoBack(Intent):
    """Back to the step before; from the first one of a guide that was gone over to, out of it."""


class Sense(Intent):
    """What this PC sees of the card path, for the record."""

    text: str
    seen: str


class Skip(Intent):
    """The step is passed over, and why."""

    why: str


class Note(Intent):
    """A note for the record."""

    text: str
    mismatch: bool = False
    """True when it says that the step no longer matches what is on the screen."""


class Pause(Intent):
    """The walk stops here, to be taken up later."""


class Label(Intent):
    """A label by which one tells the case apart."""

    label: str


class Abandon(Intent):
    """The walk is closed here, without an outcome."""
