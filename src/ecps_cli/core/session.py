"""The session: a pure machine over events. What happened is the truth; where one stands is worked out from it.

`accept` turns what a person means into what happened, or says in a sentence why not. `apply` folds one event into the
session and raises `IllegalEvent` on one that cannot have happened. `current` is the step to do, or the end reached.
No clock, disk or terminal here: the time of an event comes with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from ecps_cli.core.guide import Deviation, Guide, Outcome, Step
from ecps_cli.core.text import sanitize, shorten
from ecps_cli.core.validators import VALIDATORS, Doubtful, Rejected

# ---------------------------------------------------------------------------------------------- events: what happened


@dataclass(frozen=True)
class Event:
    """Something that happened at a step."""

    at: datetime
    """When, with its UTC offset."""
    step: str
    """The id of the step where it happened."""


class Confirmed(Event):
    """The action was done and the expected state seen; or the list of a `tick` step was left."""


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Ticked(Event):
    """An item of a `tick` step was ticked, with what its `record` asks for."""

    item: str
    time: str = ""
    person: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Unticked(Event):
    """A tick was taken back."""

    item: str


@dataclass(frozen=True)
class Deviated(Event):
    """Something else was seen; the remedy of this deviation was done."""

    deviation: str


@dataclass(frozen=True)
class WentBack(Event):
    """The person went back to an earlier step."""

    to: str


@dataclass(frozen=True)
class Skipped(Event):
    """The step was passed over, and why."""

    why: str


@dataclass(frozen=True)
class Noted(Event):
    """A note was written, for the record."""

    text: str
    mismatch: bool = False
    """True when it says that the step no longer matches what is on the screen."""


class Paused(Event):
    """The walk was interrupted; the time until the next event is nobody's work."""


class Resumed(Event):
    """The walk was taken up again; the time before is nobody's work."""


@dataclass(frozen=True)
class Ended(Event):
    """The walk was closed on an outcome; nothing follows."""

    outcome: str


class IllegalEvent(ValueError):
    """An event that cannot have happened in this session; the session is unchanged."""


# ------------------------------------------------------------------------------------------------------ the session


@dataclass(frozen=True)
class Session:
    """A guide and what happened while it was walked; everything but those is derived by `apply`."""

    guide: Guide
    started: datetime
    events: tuple[Event, ...] = ()
    resolved: Mapping[str, Event] = field(default_factory=dict)
    """Step id → the event that settled it: `Confirmed`, `Answered`, `Deviated` or `Skipped`."""
    withdrawn: Mapping[str, Event] = field(default_factory=dict)
    """Step id → what settled it before the person went back: offered again as the default."""
    ticks: Mapping[tuple[str, str], Ticked] = field(default_factory=dict)
    """(step id, item id) → its tick."""
    tries: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(step id, deviation id) → how often it was taken."""
    lost: frozenset[str] = frozenset()
    """The questions whose answers a resume found not to be kept: asked again where they are needed."""
    closed: bool = False
    practice: bool = False
    """An exercise: the same walk, kept apart and marked on every screen and record."""

    def value(self, step_id: str) -> str | None:
        """Return the answer given at a step, or None when there is none now, or none that was kept."""
        event = self.resolved.get(step_id)
        return event.value or None if isinstance(event, Answered) else None

    def default(self, step_id: str) -> str | None:
        """Return the answer that was given at a step before going back, or None."""
        event = self.withdrawn.get(step_id)
        return event.value if isinstance(event, Answered) else None

    def exhausted(self, step_id: str, deviation: Deviation) -> bool:
        """Return whether a deviation was taken as often as its guide allows."""
        return deviation.max is not None and self.tries.get((step_id, deviation.id), 0) >= deviation.max


class End(NamedTuple):
    """The end that a walk has reached."""

    id: str
    outcome: Outcome


def current(session: Session) -> Step | End:
    """Return the step to do now, or the end that was reached.

    Raises:
        IllegalEvent: the guide has no end on this path; the loader refuses such a guide.

    """
    for step, applies in on_the_way(session):
        if not applies:
            continue
        event = session.resolved.get(step.id)
        if event is None:
            return _asked_again(session, step) or step
        outcome = _outcome_of(session, step, event)
        if outcome:
            return End(outcome, session.guide.outcomes[outcome])
    raise IllegalEvent("this path of the guide has no end")


def _asked_again(session: Session, step: Step) -> Step | None:
    """Return the first question whose answer this step needs and the record did not keep, or None."""
    return next((session.guide.step(ask) for ask in step.show if ask in session.lost), None)


def on_the_way(session: Session) -> Iterator[tuple[Step, bool | None]]:
    """Yield each step with whether it applies: True, False, or None while a question it depends on is open.

    A question without an answer (not on the way, or left by a deviation) satisfies no `when`, which only looks back.
    """
    verdicts: dict[str, bool | None] = {}
    for step in session.guide.steps:
        verdicts[step.id] = _verdict(session, step, verdicts)
        yield step, verdicts[step.id]


def _verdict(session: Session, step: Step, verdicts: Mapping[str, bool | None]) -> bool | None:
    """Return whether a step applies, given that of those before it."""
    verdict: bool | None = True
    for question_id, options in step.when.items():
        event = session.resolved.get(question_id)
        if isinstance(event, Answered):
            if event.value not in options:
                return False
        elif event or verdicts.get(question_id, False) is False:
            return False
        else:
            verdict = None
    return verdict


def plan(session: Session) -> tuple[Step, ...]:
    """Return the steps of this walk as far as they are known: those done, the current one, those that may come."""
    steps = []
    for step, applies in on_the_way(session):
        if applies is False:
            continue
        steps.append(step)
        event = session.resolved.get(step.id)
        if applies and (step.end or (event and _outcome_of(session, step, event))):
            break
    return tuple(steps)


def was_reached(session: Session, step: Step) -> bool:
    """Return whether a walk came to a step of its plan: of those yet to come, some may exclude each other."""
    position = current(session)
    if isinstance(position, End) or step is position or step.id in session.resolved:
        return True
    return any(at == step.id for at, _ in session.ticks)


def passed_over(session: Session) -> int:
    """Return how many steps of the walk were passed over: what it ends in does not rest on them."""
    return sum(isinstance(session.resolved.get(step.id), Skipped) for step in plan(session))


def before(session: Session) -> Step | None:
    """Return the step to which going back leads, or None at the first one."""
    done = [step for step in plan(session) if step.id in session.resolved]
    return done[-1] if done else None


def reached_at(session: Session) -> datetime:
    """Return when the current step was come to: from then on its deadline runs, whatever is noted meanwhile."""
    meanwhile = Noted | Ticked | Unticked | Paused
    return next((event.at for event in reversed(session.events) if not isinstance(event, meanwhile)), session.started)


def durations(session: Session) -> dict[str, timedelta]:
    """Return the time spent at each step, pauses left out, in the order in which the steps were first met."""
    spent: dict[str, timedelta] = {}
    since: datetime | None = session.started
    for event in session.events:
        if since is not None and not isinstance(event, Resumed):
            spent[event.step] = spent.get(event.step, timedelta()) + max(event.at - since, timedelta())
        since = None if isinstance(event, Paused) else event.at
    return spent


def _outcome_of(session: Session, step: Step, event: Event) -> str | None:
    """Return the id of the outcome to which this event at this step leads, or None."""
    if isinstance(event, Deviated):
        deviation = step.deviation(event.deviation)
        if deviation and deviation.then.end:
            return deviation.then.end
    if step.end_if_unticked and any((step.id, item.id) not in session.ticks for item in step.items):
        return step.end_if_unticked
    return step.end


# --------------------------------------------------------------------- accept: what a person means, into what happened


def accept(session: Session, meant: Event, insisting: str = "") -> Event | Doubtful | Rejected:
    """Return the event that happens when a person means this one, or the sentence that says why none does.

    `meant` holds texts as they were typed; the event returned holds canonical values. A `Doubtful` is to be shown and
    asked again; `insisting` is the value that was doubted just before: the same again is taken.

    Raises:
        IllegalEvent: the walk is at its end, or `meant` is of another step than the current one.

    """
    step = current(session)
    if isinstance(step, End) or meant.step != step.id:
        raise IllegalEvent(f"not at the step {meant.step!r}")
    refusal = _refusal(session, step, meant)
    if refusal:
        return Rejected(refusal)
    if not isinstance(meant, Answered) or step.action == "choose":
        return _tidied(meant)
    if not sanitize(meant.value):
        return Rejected(EMPTY)
    if step.validator is None:
        return _tidied(meant)
    verdict = VALIDATORS[step.validator].check(meant.value)
    if isinstance(verdict, Doubtful) and verdict.value == insisting:
        return replace(meant, value=verdict.value, verified=verdict.verified)
    if isinstance(verdict, Doubtful | Rejected):
        return verdict
    return replace(meant, value=verdict.value, note=verdict.note)


EMPTY = "La réponse est vide. Écrivez-la, ou passez l’étape avec « s »."


def _refusal(session: Session, step: Step, event: Event) -> str | None:
    """Return why this event cannot happen at this step, as a sentence for the person; None when it can."""
    match event:
        case Confirmed() if step.action not in ("do", "tick"):
            return "Cette étape attend une réponse. Répondez, ou passez-la avec « s »."
        case Answered() if step.action not in ("ask", "choose"):
            return "Cette étape n’attend pas de texte. Entrée pour continuer, « n » pour écrire une note."
        case Answered() if step.action == "choose" and event.value not in step.options:
            return f"« {shorten(event.value)} » n’est pas une des réponses. Tapez le numéro de l’une d’elles."
        case Answered() if step.keep == "full" and not sanitize(event.value):
            return EMPTY
        case Ticked() if step.item(event.item) is None:
            return f"« {shorten(event.item)} » n’est pas une ligne de la liste. Tapez le numéro de l’une d’elles."
        case Unticked() if (step.id, event.item) not in session.ticks:
            return "Cette ligne n’est pas cochée. Tapez son numéro pour la cocher."
        case Deviated():
            return _no_way(session, step, event.deviation)
        case WentBack() if event.to not in session.resolved:
            return "C’est la première étape : il n’y a rien avant."
        case Skipped() if step.action == "choose":
            return "La suite dépend de cette réponse. Choisissez « je ne sais pas » si vous ne savez pas."
        case Skipped() if not sanitize(event.why):
            return "Dites en un mot pourquoi l’étape est passée."
        case Noted() if not sanitize(event.text):
            return "La note est vide : rien n’a été noté."
        case Ended():
            return "Le guide n’est pas terminé."
        case _:
            return None


def _no_way(session: Session, step: Step, deviation_id: str) -> str | None:
    deviation = step.deviation(deviation_id)
    if deviation is None:
        return f"« {shorten(deviation_id)} » n’est pas dans la liste. Tapez un de ses numéros."
    if session.exhausted(step.id, deviation):
        return f"Ce remède a déjà été essayé {deviation.max} fois. Choisissez-en un autre, ou appelez l’aide."
    return None


def _tidied(event: Event) -> Event:
    """Return the event with its free texts as they are kept."""
    match event:
        case Answered():
            return replace(event, value=sanitize(event.value))
        case Skipped():
            return replace(event, why=sanitize(event.why))
        case Noted():
            return replace(event, text=sanitize(event.text))
        case Ticked():
            time, person, reference = sanitize(event.time), sanitize(event.person), sanitize(event.reference)
            return replace(event, time=time, person=person, reference=reference)
        case _:
            return event


def redacted(guide: Guide, event: Event) -> Event:
    """Return an event as it may be written down: of an answer, what its step's `keep` allows."""
    step = guide.step(event.step)
    if not isinstance(event, Answered) or step is None or step.action == "choose" or step.keep == "full":
        return event
    masked = event.masked
    if step.keep == "masked" and event.value:
        masked = VALIDATORS[step.validator].mask(event.value) if step.validator else "(masqué)"
    return replace(event, value="", note="", masked=masked)


# ---------------------------------------------------------------------------------- apply: an event into the session


def apply(session: Session, event: Event) -> Session:
    """Return the session after one more event.

    Raises:
        IllegalEvent: the event cannot have happened here; the session passed in is unchanged.

    """
    if session.closed:
        raise IllegalEvent("the session is closed")
    position = current(session)
    if isinstance(position, End):
        if not isinstance(event, Ended) or event.outcome != position.id:
            raise IllegalEvent(f"at the end {position.id!r}, not a {type(event).__name__}")
        return replace(session, events=(*session.events, event), closed=True)
    if event.step != position.id or _refusal(session, position, event):
        raise IllegalEvent(f"at the step {position.id!r}, not a {type(event).__name__} of {event.step!r}")
    return _fold(replace(session, events=(*session.events, event)), position, event)


def replay(guide: Guide, started: datetime, events: Iterable[Event], practice: bool = False) -> Session:
    """Return the session that these events make.

    Raises:
        IllegalEvent: one of them cannot have happened after those before it.

    """
    session = Session(guide, started, practice=practice)
    for event in events:
        session = apply(session, event)
    return session


def _fold(session: Session, step: Step, event: Event) -> Session:
    match event:
        case Confirmed() | Answered() | Skipped():
            return _settle(session, event)
        case Deviated():
            return _deviated(session, step, event)
        case WentBack():
            return _withdraw(session, event.to)
        case Resumed():
            return _resumed(session)
        case Ticked():
            return replace(session, ticks={**session.ticks, (step.id, event.item): event})
        case Unticked():
            ticks = {place: tick for place, tick in session.ticks.items() if place != (step.id, event.item)}
            return replace(session, ticks=ticks)
        case _:
            return session


def _settle(session: Session, event: Event) -> Session:
    withdrawn = {step: old for step, old in session.withdrawn.items() if step != event.step}
    resolved = {**session.resolved, event.step: event}
    return replace(session, resolved=resolved, withdrawn=withdrawn, lost=session.lost - {event.step})


def _resumed(session: Session) -> Session:
    """Hold no more of the answers than the record does, as if they had just been read from it.

    So a session is the same whether it went on in memory or was replayed from what was kept.
    """
    resolved = {step: redacted(session.guide, event) for step, event in session.resolved.items()}
    withdrawn = {step: redacted(session.guide, event) for step, event in session.withdrawn.items()}
    lost = (step for step, event in resolved.items() if isinstance(event, Answered) and not event.value)
    return replace(session, resolved=resolved, withdrawn=withdrawn, lost=frozenset(lost))


def _deviated(session: Session, step: Step, event: Deviated) -> Session:
    place = (step.id, event.deviation)
    session = replace(session, tries={**session.tries, place: session.tries.get(place, 0) + 1})
    deviation = step.deviation(event.deviation)
    assert deviation is not None  # noqa: S101 — `_refusal` has seen it
    match deviation.then.way:
        case "retry":
            return session
        case "back":
            return _withdraw(session, deviation.then.back or step.id)
        case _:
            return _settle(session, event)


def _withdraw(session: Session, to: str) -> Session:
    """Unsettle the step `to` and all that come after it; what they said stays as the default."""
    ids = [step.id for step in session.guide.steps]
    later = set(ids[ids.index(to) :])
    return replace(
        session,
        resolved={step: event for step, event in session.resolved.items() if step not in later},
        withdrawn={
            **session.withdrawn,
            **{step: event for step, event in session.resolved.items() if step in later},
        },
    )
