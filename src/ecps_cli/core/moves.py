"""The moves of the machine: which event may happen at which step, and what it makes of the session.

`accept` turns an intent into an event, or says in a sentence why not; `apply` folds an event into the session and
raises `IllegalEvent` on one that cannot have happened. Both ask the same table and the same conditions. No clock here:
the time of an event is an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from ecps_cli.core.events import (
    Abandoned,
    Answered,
    CameBack,
    Confirmed,
    Deviated,
    Ended,
    Event,
    Labelled,
    Noted,
    Paused,
    Reopened,
    Resumed,
    Sensed,
    Skipped,
    Ticked,
    Unticked,
    WentBack,
    WentOver,
    redacted,
)
from ecps_cli.core.guide import ACTIONS, Action, Guide, Step
from ecps_cli.core.intents import (
    Abandon,
    Answer,
    ComeBack,
    Confirm,
    Deviate,
    GoBack,
    GoOver,
    Intent,
    Label,
    Note,
    Pause,
    Sense,
    Skip,
    Tick,
    Untick,
)
from ecps_cli.core.masking import hides, masked
from ecps_cli.core.session import Destination, End, IllegalEvent, Session, before, crossing, current, returns_to, stack
from ecps_cli.core.text import sanitize, shorten
from ecps_cli.core.validators import VALIDATORS
from ecps_cli.core.verdicts import Accepted, Doubtful, Rejected, unlike

# ------------------------------------------------------------------------------------------------------- the table

ALLOWED = ""
_ASKED = "Cette étape attend une réponse. Répondez, ou passez-la avec « s »."
_NO_TEXT = "Cette étape n’attend pas de texte. Entrée pour continuer, « n » pour écrire une note."
_NO_LIST = "Cette étape n’a pas de liste. Entrée pour continuer."
_DECIDES = "La suite dépend de cette réponse. Choisissez « je ne sais pas » si vous ne savez pas."
_NOT_OVER = "Le guide n’est pas terminé."


def _row(*verdicts: str) -> dict[Action, str]:
    return dict(zip(ACTIONS, verdicts, strict=True))


MOVES: Mapping[type[Event], Mapping[Action, str]] = {
    #               do         ask        choose     tick
    Confirmed: _row(ALLOWED, _ASKED, _ASKED, ALLOWED),
    Answered: _row(_NO_TEXT, ALLOWED, ALLOWED, _NO_TEXT),
    Ticked: _row(_NO_LIST, _NO_LIST, _NO_LIST, ALLOWED),
    Unticked: _row(_NO_LIST, _NO_LIST, _NO_LIST, ALLOWED),
    Deviated: _row(ALLOWED, ALLOWED, ALLOWED, ALLOWED),
    WentOver: _row(ALLOWED, ALLOWED, ALLOWED, ALLOWED),
    CameBack: _row(ALLOWED, ALLOWED, ALLOWED, ALLOWED),
    WentBack: _row(ALLOWED, ALLOWED, ALLOWED, ALLOWED),
    Skipped: _row(ALLOWED, ALLOWED, _DECIDES, ALLOWED),
    Noted: _row(ALLOWED, ALLOWED, ALLOWED, ALLOWED),
    Sensed: _row(ALLOWED, ALLOWED, ALLOWED, ALLOWED),
    Paused: _row(ALLOWED, ALLOWED, ALLOWED, ALLOWED),
    Resumed: _row(ALLOWED, ALLOWED, ALLOWED, ALLOWED),
    Labelled: _row(ALLOWED, ALLOWED, ALLOWED, ALLOWED),
    Abandoned: _row(ALLOWED, ALLOWED, ALLOWED, ALLOWED),
    Ended: _row(_NOT_OVER, _NOT_OVER, _NOT_OVER, _NOT_OVER),
    Reopened: _row(_NOT_OVER, _NOT_OVER, _NOT_OVER, _NOT_OVER),
}
"""Event × action of the current step → allowed, or the sentence that refuses.

At an end, `Ended` alone is allowed, or `CameBack` from a guide that was gone over to; once a walk is closed,
`Labelled`, and `Reopened` where it did not succeed.
"""

BECOMES: Mapping[type[Intent], type[Event]] = {
    Confirm: Confirmed,
    Answer: Answered,
    Tick: Ticked,
    Untick: Unticked,
    Deviate: Deviated,
    GoOver: WentOver,
    ComeBack: CameBack,
    GoBack: WentBack,
    Skip: Skipped,
    Note: Noted,
    Sense: Sensed,
    Pause: Paused,
    Label: Labelled,
    Abandon: Abandoned,
}
"""Intent → the event that it becomes when it is accepted."""

EMPTY = "La réponse est vide. Écrivez-la, ou passez l’étape avec « s »."


def _condition(session: Session, step: Step, move: Intent | Event) -> str:
    """Why a move that the table allows is refused for what it holds, as a sentence; `ALLOWED` when it is not."""
    match move:
        case Answer() | Answered() if step.action == "choose":
            if move.value not in step.options:
                return f"« {shorten(move.value)} » n’est pas une des réponses. Tapez le numéro de l’une d’elles."
        case Answer() if not sanitize(move.value):
            return EMPTY
        case Answered() if step.keep == "full" and not sanitize(move.value):
            return EMPTY
        case Tick() | Ticked() if step.item(move.item) is None:
            return f"« {shorten(move.item)} » n’est pas une ligne de la liste. Tapez le numéro de l’une d’elles."
        case Untick() | Unticked() if (step.id, move.item) not in session.ticks:
            return "Cette ligne n’est pas cochée. Tapez son numéro pour la cocher."
        case GoOver() | WentOver():
            return _no_way(session, step, move.deviation) or _no_guide(step, move.deviation)
        case Deviate() | Deviated():
            return _no_way(session, step, move.deviation)
        case ComeBack() | CameBack():
            return "Ce guide est le premier : il n’y en a pas d’autre où revenir."
        case GoBack() if before(session) is None:
            return _NOTHING_BEFORE
        case WentBack() if move.to not in session.resolved:
            return _NOTHING_BEFORE
        case Skip() | Skipped() if not sanitize(move.why):
            return "Dites en un mot pourquoi l’étape est passée."
        case Note() | Noted() if not sanitize(move.text):
            return "La note est vide : rien n’a été noté."
        case Label() | Labelled() if len(masked(move.label)) > LONGEST_LABEL:
            return f"Au plus {LONGEST_LABEL} caractères : un numéro de ticket, des initiales."
    return ALLOWED


LONGEST_LABEL = 40
"""Characters of the label of a case."""
_NOTHING_BEFORE = "C’est la première étape : il n’y a rien avant."


def _no_way(session: Session, step: Step, deviation_id: str) -> str:
    deviation = step.deviation(deviation_id)
    if deviation is None:
        return f"« {shorten(deviation_id)} » n’est pas dans la liste. Tapez un de ses numéros."
    if session.exhausted(step.id, deviation):
        return f"Ce remède a déjà été essayé {deviation.max} fois. Choisissez-en un autre, ou appelez l’aide."
    return ALLOWED


def _no_guide(step: Step, deviation_id: str) -> str:
    deviation = step.deviation(deviation_id)
    return ALLOWED if deviation and deviation.then.guide else "Ce remède n’est pas un autre guide."


# ------------------------------------------------------------------------------------------ accept: intent into event


def accept(session: Session, intent: Intent, at: datetime, insisting: str = "") -> Event | Doubtful | Rejected:
    """Event that an intent becomes at this time, or the sentence that says why it becomes none.

    The event holds canonical values, and of free words what may be kept (`masking`). A `Doubtful` is to be shown and
    asked again; `insisting` is the value that was doubted just before: the same again is taken.

    Raises:
        IllegalEvent: the walk is at its end.

    """
    *before_it, session = stack(session)
    step = current(session)
    if isinstance(step, End):
        raise IllegalEvent("the walk is at its end")
    if before_it and (isinstance(intent, ComeBack) or (isinstance(intent, GoBack) and before(session) is None)):
        return CameBack(at, crossing(before_it[-1]).step)
    if isinstance(intent, GoOver) and any(each.guide.id == intent.into.guide.id for each in (*before_it, session)):
        return Rejected("Ce guide est déjà en cours.")
    refusal = MOVES[BECOMES[type(intent)]][step.action] or _condition(session, step, intent)
    if refusal:
        return Rejected(refusal)
    match intent:
        case Answer():
            return _answered(session, step, intent.value, at, insisting)
        case Tick():
            details = (masked(each) for each in (intent.time, intent.person, intent.reference))
            return Ticked(at, step.id, intent.item, *details)
        case Untick():
            return Unticked(at, step.id, intent.item)
        case Deviate():
            return Deviated(at, step.id, intent.deviation)
        case GoOver():
            return WentOver(at, step.id, intent.deviation, *intent.into.hashes)
        case Sense():
            return Sensed(at, step.id, masked(intent.text), intent.seen)
        case GoBack():
            target = before(session)
            return WentBack(at, step.id, target.id if target else "")
        case Skip():
            return Skipped(at, step.id, masked(intent.why))
        case Note():
            return Noted(at, step.id, masked(intent.text), intent.mismatch)
        case Label():
            return Labelled(at, step.id, masked(intent.label))
        case _:
            return BECOMES[type(intent)](at, step.id)


def withholds(step: Step, intent: Intent) -> bool:
    """Whether `accept` masks something of what an intent says in free words: a code, an RPPS number."""
    match intent:
        case Note(text=text) | Skip(why=text) | Label(label=text):
            return hides(text)
        case Tick():
            return any(map(hides, (intent.time, intent.person, intent.reference)))
        case Answer() if step.action == "ask" and step.validator is None and step.keep == "full":
            return hides(intent.value)
        case _:
            return False


def _answered(session: Session, step: Step, typed: str, at: datetime, insisting: str) -> Answered | Doubtful | Rejected:
    if step.validator is None:
        return Answered(at, step.id, (masked if step.keep == "full" else sanitize)(typed))
    validator, mask = VALIDATORS[step.validator], session.mask(step.id)
    verdict = validator.check(typed, at.date())
    if isinstance(verdict, Rejected):
        return verdict
    meant = verdict.offer or verdict.value if isinstance(verdict, Doubtful) else verdict.value
    if mask and validator.mask(meant) != mask:
        verdict = unlike(verdict, validator.show(meant), mask)
    if isinstance(verdict, Accepted):
        return Answered(at, step.id, verdict.value, note=verdict.note)
    return Answered(at, step.id, verdict.value, verified=verdict.verified) if verdict.value == insisting else verdict


# ---------------------------------------------------------------------------------- apply: an event into the session


def apply(session: Session, event: Event, into: Destination | None = None) -> Session:
    """Session after one more event; `into` is the guide to which a `WentOver` goes over.

    Raises:
        IllegalEvent: the event cannot have happened here; the session passed in is unchanged.

    """
    if session.away:
        return _within(session, event, into)
    if session.closed:
        return _after_the_end(session, event)
    position = current(session)
    if isinstance(position, End):
        if not isinstance(event, Ended) or event.outcome != position.id:
            raise IllegalEvent(f"at the end {position.id!r}, not a {type(event).__name__}")
        return replace(session, events=(*session.events, event), closed=True)
    refused = MOVES[type(event)][position.action] or _condition(session, position, event)
    if refused or event.step != position.id:
        raise IllegalEvent(f"at the step {position.id!r}, not a {type(event).__name__} of {event.step!r}")
    grown = replace(session, events=(*session.events, event))
    if isinstance(event, WentOver):
        return _gone_over(grown, position, event, into)
    return _fold(grown, position, event)


def _gone_over(session: Session, step: Step, event: WentOver, into: Destination | None) -> Session:
    """Session with another guide begun in it; none that is under way, so that every walk ends."""
    deviation = step.deviation(event.deviation)
    if into is None or deviation is None or into.guide.id != deviation.then.guide or into.guide.id == session.guide.id:
        raise IllegalEvent(f"at the step {step.id!r}, not over to another guide")
    if into.hashes != (event.guide, event.facts):
        raise IllegalEvent("the guide is not the one that was gone over to")
    times = 1 + sum(part.guide.id == into.guide.id for part in session.parts)
    part = Session(
        into.guide,
        event.at,
        label=session.label,
        practice=session.practice,
        facts=into.facts,
        prefix=f"{session.prefix}{into.guide.id}{f'-{times}' if times > 1 else ''}/",
    )
    return replace(_tried(session, event), parts=(*session.parts, part), away=True)


def _within(session: Session, event: Event, into: Destination | None) -> Session:
    """Session after an event in the guide that was gone over to."""
    part = session.parts[-1]
    if isinstance(event, CameBack) and not part.away:
        return _come_back(session, part, event)
    if isinstance(event, Ended):
        raise IllegalEvent("a guide that was gone over to is left by a CameBack")
    if isinstance(event, WentOver) and into and into.guide.id == session.guide.id:
        raise IllegalEvent(f"the guide {session.guide.id!r} is under way already")
    part = apply(part, event, into)
    grown = replace(session, parts=(*session.parts[:-1], part), label=part.label, closed=part.closed)
    return _resumed(grown) if isinstance(event, Resumed) else grown


def _come_back(session: Session, part: Session, event: CameBack) -> Session:
    """Session back in its own guide: at the step where it was left, unless the other one came to nothing."""
    left, position = crossing(session), current(part)
    end = position if isinstance(position, End) else None
    if part.closed or (event.step, event.outcome) != (left.step, end.id if end else ""):
        raise IllegalEvent(f"not a CameBack to {event.step!r} with {event.outcome!r}")
    session = replace(session, events=(*session.events, event), away=False)
    if end is None:
        return session
    if end.outcome.success or end.outcome.guide == session.guide.id:
        return _withdraw(session, returns_to(session))
    return _settle(session, left)


def _after_the_end(session: Session, event: Event) -> Session:
    """Session, closed, after a label or once it is reopened."""
    position, grown = current(session), replace(session, events=(*session.events, event))
    match event:
        case Labelled() if not _condition(session, session.guide.steps[0], event):
            return replace(grown, label=event.label)
        case Reopened() if not isinstance(position, End):
            return replace(grown, closed=False)
        case Reopened() if isinstance(position, End) and not position.outcome.success:
            ended = next(each for each in reversed(session.events) if isinstance(each, Ended))
            return replace(_withdraw(grown, ended.step), closed=False)
    raise IllegalEvent("the session is closed")


Destinations = Mapping[tuple[str, str], Destination]
"""The guides that may be gone over to, by their hashes."""


def replay(
    guide: Guide,
    started: datetime,
    events: Iterable[Event],
    practice: bool = False,
    destinations: Destinations | None = None,
) -> Session:
    """Session that these events make.

    Raises:
        IllegalEvent: one of them cannot have happened after those before it.

    """
    session = Session(guide, started, practice=practice)
    for event in events:
        into = (destinations or {}).get((event.guide, event.facts)) if isinstance(event, WentOver) else None
        session = apply(session, event, into)
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
        case Labelled():
            return replace(session, label=event.label)
        case Abandoned():
            return replace(session, closed=True)
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
    session = _tried(session, event)
    deviation = step.deviation(event.deviation)
    assert deviation is not None  # noqa: S101 — `_condition` has seen it
    match deviation.then.way:
        case "retry":
            return session
        case "back":
            return _withdraw(session, deviation.then.back or step.id)
        case _:
            return _settle(session, event)


def _tried(session: Session, event: Deviated) -> Session:
    place = (event.step, event.deviation)
    return replace(session, tries={**session.tries, place: session.tries.get(place, 0) + 1})


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
