"""Scripted walks: what a person would type to reach each step, deviation and end, worked out from the guide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

from ecps_cli.authoring.scenarios import Run, Typed, name_of
from ecps_cli.core.events import Ended, Event, Ticked
from ecps_cli.core.guide import Deviation, Guide, Step
from ecps_cli.core.intents import Answer, Confirm, Deviate, Intent, Tick
from ecps_cli.core.moves import accept, apply
from ecps_cli.core.session import End, Session, current, history, walked
from ecps_cli.walk.legend import deliberate
from ecps_cli.walk.prompter import DONE
from support.sample import START

ANSWERS = {
    "rpps": "99700218896",
    "phone-fr": "01 99 00 12 34",
    "mobile-fr": "06 39 98 12 34",
    "email": "docteur@exemple.fr",
    "date": "24/11/2026",
    "department": "75",
    None: "ameli.fr",
}
"""What is typed at an `ask`, by its validator."""


@dataclass(frozen=True)
class Move:
    """One answer: as a line, and as keys of a terminal."""

    step: str
    line: str
    keys: str


@dataclass
class Script:
    """A walk to its end: what is typed, and the events that it makes (at no particular time)."""

    name: str
    session: Session
    moves: list[Move] = field(default_factory=list)

    @property
    def events(self) -> list[Event]:
        """The events, without their times."""
        return timeless(self.session.events)


def timeless(events: Iterator[Event] | tuple[Event, ...] | list[Event]) -> list[Event]:
    """Return events with one time for all, and the default time of day blanked: what is left is what happened."""
    plain = [replace(event, at=START) for event in events]
    return [replace(event, time="") if isinstance(event, Ticked) else event for event in plain]


def everything(session: Session) -> list[Event]:
    """Return all that happened, in the guides that were gone over to as well, at no particular time."""
    return timeless([each.event for each in history(session)])


def scripts(guide: Guide) -> Iterator[Script]:
    """Yield walks that together take every option and every deviation of a guide, and leave every list unfinished."""
    straight = [(choice, _walk(guide, choice, None, None)) for choice in _choices(guide)]
    yield from (walk for _, walk in straight)
    first = {move.step: choice for choice, walk in reversed(straight) for move in walk.moves}
    for step in guide.steps:
        for deviation in step.deviations:
            yield _walk(guide, first[step.id], step, deviation)
    for step in guide.steps:
        if step.end_if_unticked:
            yield _walk(guide, first[step.id], step, None)


def pressed(script: Script) -> set[tuple[str, ...]]:
    """Return what a walk asks of keys: each step of its guide, and each answer at a kind of step."""
    guide = script.session.guide
    steps = {step.id: step for step in guide.steps}
    answers = {(steps[move.step].action, move.keys) for move in script.moves}
    return answers | {(guide.id, move.step) for move in script.moves}


def _choices(guide: Guide) -> Iterator[Mapping[str, str]]:
    """Yield every combination of answers to the `choose` steps."""
    questions = [step for step in guide.steps if step.action == "choose"]
    for answers in product(*(step.options for step in questions)):
        yield dict(zip((step.id for step in questions), answers, strict=True))


def _walk(guide: Guide, choice: Mapping[str, str], at: Step | None, deviation: Deviation | None) -> Script:
    """Walk a guide with these answers to its end; the first time at the step `at`, take this deviation of it.

    Without a deviation, its list is left there with one line that is not ticked.
    """
    taken = (at.id, deviation.id if deviation else "unticked") if at else choice.values()
    name = "-".join((guide.id, *taken))
    script = Script(name, Session(guide, START))
    while not isinstance(position := current(script.session), End):
        if at is not None and position.id == at.id:
            if deviation is not None:
                _deviate(script, position, deviation)
            else:
                _tick_all(script, position, but=1)
            at = None
        else:
            _go_on(script, position, choice)
    script.session = apply(script.session, Ended(START, script.session.events[-1].step, position.id))
    return script


def _record(script: Script, intent: Intent) -> None:
    heard = accept(script.session, intent, START)
    assert isinstance(heard, Event), heard
    script.session = apply(script.session, heard)


def _deviate(script: Script, step: Step, deviation: Deviation) -> None:
    number = str(step.deviations.index(deviation) + 1)
    p = "p\r" if step.action == "ask" else "p"
    script.moves += [Move(step.id, "p", p), Move(step.id, number, f"{number}\r"), Move(step.id, "", "\r")]
    _record(script, Deviate(deviation.id))


def _go_on(script: Script, step: Step, choice: Mapping[str, str]) -> None:
    match step.action:
        case "do":
            done = DONE if deliberate(step) else ""
            script.moves.append(Move(step.id, done, done or "\r"))
            _record(script, Confirm())
        case "ask":
            earlier = script.session.default(step.id)
            text = earlier or ANSWERS[step.validator]
            script.moves.append(Move(step.id, "", "\r") if earlier else Move(step.id, text, f"{text}\r"))
            _record(script, Answer(text))
        case "choose":
            number = str(list(step.options).index(choice[step.id]) + 1)
            script.moves.append(Move(step.id, number, f"{number}\r"))
            _record(script, Answer(choice[step.id]))
        case _:
            _tick_all(script, step)


def _tick_all(script: Script, step: Step, but: int = 0) -> None:
    """Tick the lines one after the other, but the last ones; by keys, all at once, and the list is left with that.

    Where one has come back to a list, what is ticked on it stays so.
    """
    ticked = {item for at, item in script.session.ticks if at == step.id}
    untouched = enumerate(step.items[: len(step.items) - but], 1)
    items = [(number, item) for number, item in untouched if item.id not in ticked]
    numbers = "".join(str(number) for number, _ in items) + "\r"
    for number, item in items:
        script.moves.append(Move(step.id, str(number), numbers if number == items[0][0] else ""))
        script.moves += [Move(step.id, "", "\r") for _ in item.record]
        _record(script, Tick(item.id))
    script.moves.append(Move(step.id, "", "" if items else "\r"))
    if but:
        ends = step.end or step.end_if_unticked
        script.moves.append(Move(step.id, "3", "3\r") if ends else Move(step.id, "o", "o"))
    _record(script, Confirm())


def keys_of(typed: Typed) -> str:
    """Return the keys of a terminal that say what a typed line of a scenario says."""
    is_key = len(typed.line) == 1 and not typed.number
    if typed.question == "text":
        return f"\x15{typed.line}\r" if typed.line else "\r"  # what was refused stands in the line
    if typed.question in ("choose", "tick") and typed.number:
        assert typed.number < 10, "a list has no number keys beyond nine"
        return f"{typed.number}\r"
    return typed.line if is_key else "\r"


def moves_of(run: Run) -> list[Move]:
    """Return the moves of a scenario that was run: as lines, and as keys of a terminal."""
    steps = {name_of(part, step.id): step for part, step in walked(run.session)}
    moves, just_ticked = [], False
    for each in run.typed:
        keys = keys_of(each)
        if each.question == "tick":
            if just_ticked:  # by keys, the Enter that ticked has left the list, or asked how to
                keys = stays(steps[each.step]) + keys if each.line else ""
            just_ticked = bool(each.number)
        moves.append(Move(each.step, each.line, keys))
        just_ticked = just_ticked and each.question in ("tick", "text")
    return moves


def stays(step: Step) -> str:
    """Return the keys that stay on a list which was to be left with lines undone."""
    return "2\r" if step.end or step.end_if_unticked else "n"
