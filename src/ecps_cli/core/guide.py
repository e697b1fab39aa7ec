"""The model: what a guide is made of. Frozen values, no behaviour beyond reading themselves.

The loader is what builds them, from YAML; a rule that spans several fields or several steps is the loader's, which
knows the line and the column to name. Here stand the names, the types and their meaning (docs: design, format 1).
"""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

Action = Literal["do", "ask", "choose", "tick"]
ACTIONS: tuple[Action, ...] = ("do", "ask", "choose", "tick")
"""The four kinds of action; a step has exactly one."""

Who = Literal["doctor", "support"]
Device = Literal["phone", "computer", "second-device"]
Keep = Literal["never", "masked", "full"]

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
"""No longer than one screen or two, nor than a QR code can hold: what shows a text may take its time with it."""


def _iso_date(value: object) -> object:
    """Let through what is written YYYY-MM-DD; Pydantic alone would read the text "0" as 1970-01-01."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise PydanticCustomError("iso_date", "not a date written YYYY-MM-DD")
    return value


def _seconds(value: object) -> object:
    """Read a duration as an author writes it, `90 s` or `2 min`, into seconds."""
    if isinstance(value, str):
        found = re.fullmatch(r"([1-9][0-9]{0,3}) ?(s|min)", value)
        if not found:
            raise PydanticCustomError("duration", "not a duration such as 90 s or 2 min")
        return int(found[1]) * (60 if found[2] == "min" else 1)
    return value


IsoDate = Annotated[date, BeforeValidator(_iso_date)]
Seconds = Annotated[int, BeforeValidator(_seconds)]


class Model(BaseModel):
    """A frozen value that refuses keys it does not know; built lazily, since most runs need a few of them."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Then(Model):
    """Where a deviation leads: exactly one of these is set."""

    go: Literal["continue", "retry"] | None = None
    """`continue`: the step counts as done. `retry`: the same step again."""
    back: Id | None = None
    """An earlier step, from which the walk goes on."""
    end: Id | None = None
    """An outcome: the walk ends there."""

    @model_validator(mode="before")
    @classmethod
    def _from_word(cls, value: Any) -> Any:
        return {"go": value} if isinstance(value, str) else value

    @property
    def way(self) -> Literal["continue", "retry", "back", "end"]:
        """Return which of them it is."""
        return self.go or ("back" if self.back else "end")


class Deviation(Model):
    """Something else that may be seen at a step, and its remedy."""

    id: Id
    if_: Text = Field(alias="if")
    do: Text
    then: Then
    max: int | None = Field(default=None, ge=1, le=9)
    """How often it may be taken in one walk; needed by `retry` and `back`, so that every walk ends."""
    links: tuple[Id, ...] = ()
    contacts: tuple[Id, ...] = ()


class Item(Model):
    """One line of a `tick` step: somebody to tell, something to keep."""

    id: Id
    text: Text
    contact: Id | None = None
    link: Id | None = None
    record: tuple[Literal["time", "person", "reference"], ...] = ()
    """What is asked when the item is ticked."""


class Step(Model):
    """One action, who does it, on what, and what must then be seen."""

    id: Id
    section: Text | None = None
    """A heading that holds until the next one."""
    who: Who | None = None
    device: Device | None = None

    do: Text | None = None
    ask: Text | None = None
    choose: Text | None = None
    tick: Text | None = None

    expect: Text | None = None
    """What must be seen once it is done."""
    why: Text | None = None
    critical: bool = False
    """Must not be missed: it says why, and is shown first and set apart."""
    secret: bool = False
    """A code that the doctor alone types: the step has no field, and says that nobody asks for it."""
    help: Text | None = None
    """What `?` adds for this step."""
    show: tuple[Id, ...] = ()
    """Earlier `ask` steps whose value is to be typed or compared here."""
    links: tuple[Id, ...] = ()
    contacts: tuple[Id, ...] = ()
    deviations: tuple[Deviation, ...] = ()

    validator: Text | None = Field(default=None, alias="validate")
    """`ask`: the name of one of `validators.VALIDATORS`; without it, free text."""
    keep: Keep = "never"
    """`ask`: what the record may hold of the answer."""
    options: dict[Id, Text] = {}
    """`choose`: what may be answered, id to text."""
    items: tuple[Item, ...] = ()
    """`tick`: the lines to tick."""

    deadline: Seconds | None = None
    """Seconds within which it must be done; needs `resume_at`."""
    resume_at: Id | None = None
    """The earlier step from which to walk again after a break."""
    when: dict[Id, tuple[Id, ...]] = {}
    """Earlier `choose` steps and the options with which this step applies; all must hold."""
    end: Id | None = None
    """The outcome in which the walk ends after this step."""
    end_if_unticked: Id | None = None
    """`tick`: the outcome instead, when the step is left with lines that are not ticked."""

    @property
    def action(self) -> Action:
        """Return which kind of action the step is."""
        return next(action for action in ACTIONS if getattr(self, action) is not None)

    @property
    def text(self) -> str:
        """Return the text of its action."""
        return str(getattr(self, self.action))

    def deviation(self, deviation_id: str) -> Deviation | None:
        """Return its deviation of that id, or None."""
        return next((each for each in self.deviations if each.id == deviation_id), None)

    def item(self, item_id: str) -> Item | None:
        """Return its item of that id, or None."""
        return next((each for each in self.items if each.id == item_id), None)


class Outcome(Model):
    """How a walk may end."""

    success: bool
    text: Text
    next: tuple[Text, ...] = ()
    """What to do from here."""
    contacts: tuple[Id, ...] = ()
    links: tuple[Id, ...] = ()


class Otherwise(Model):
    """The way out for somebody who opened the wrong guide: a sentence, or another guide."""

    if_: Text = Field(alias="if")
    do: Text | None = None
    guide: Id | None = None


class Guide(Model):
    """A procedure: an order of steps, and the outcomes in which it may end."""

    format: Literal["1"]
    id: Id
    version: Text
    title: Text
    verified_on: IsoDate
    """When the whole was last held against its sources."""
    review_by: IsoDate
    """After that day, every walk says that it is due."""
    sources: tuple[Id, ...] = Field(min_length=1)
    fits: tuple[Text, ...] = ()
    otherwise: tuple[Otherwise, ...] = ()
    needs: tuple[Text, ...] = ()
    contacts: tuple[Id, ...] = ()
    """Whom to call when no remedy works: the help line."""
    links: tuple[Id, ...] = ()
    """What helps beside the guide: a video, a page."""
    steps: tuple[Step, ...] = Field(min_length=1)
    outcomes: dict[Id, Outcome] = Field(min_length=1)

    def step(self, step_id: str) -> Step | None:
        """Return the step of that id, or None."""
        return next((each for each in self.steps if each.id == step_id), None)


class Fact(Model):
    """A phone number, an address, a label, a definition or a source, with where and when it was seen to hold."""

    kind: Literal["phone", "url", "label", "term", "source"]
    name: Text
    value: Text
    price: Text | None = None
    note: Text | None = None
    source: Id | None = None
    """A fact of kind `source`; a source itself needs none."""
    verified_on: IsoDate | None = None
    status: Literal["current", "former"] = "current"
    replaced_by: Id | None = None


Facts = dict[Id, Fact]
"""The facts that guides name by id, so that a number changes in one place."""
