"""A walk that goes over to another guide and comes back: one session, whose events alone say where one is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecps_cli.core.events import (
    Abandoned,
    CameBack,
    Confirmed,
    Ended,
    Event,
    Labelled,
    Reopened,
    Resumed,
    WentOver,
    redacted,
)
from ecps_cli.core.guide import Step
from ecps_cli.core.intents import Answer, ComeBack, Confirm, GoBack, GoOver, Intent, Label, Note, Pause, Skip, Tick
from ecps_cli.core.moves import accept, apply, replay
from ecps_cli.core.session import (
    End,
    IllegalEvent,
    Session,
    crossing,
    current,
    durations,
    here,
    history,
    passed_over,
    result,
    stack,
)
from ecps_cli.core.verdicts import Rejected
from support.sample import START, Clock
from support.two_guides import DESTINATIONS, INNER, OUTER, THIRD, go_over

BY_HASH = {each.hashes: each for each in DESTINATIONS.values()}
RPPS = Answer("99700218896")


def step(session: Session, intent: Intent, clock: Clock) -> Session:
    """Session after what a person means, or after the end of a guide, which needs no word of theirs."""
    heard = accept(session, intent, clock())
    assert isinstance(heard, Event), heard
    return apply(session, heard, intent.into if isinstance(intent, GoOver) else None)


def walked(*intents: Intent) -> Session:
    """Session of these intents; an end of a guide that is reached on the way is left at once."""
    session, clock = Session(OUTER, START), Clock()
    for intent in intents:
        session = left(step(session, intent, clock), clock)
    return session


def left(session: Session, clock: Clock) -> Session:
    """Session back from each guide that has come to its end."""
    while session.away and isinstance(end := current(here(session)), End):
        session = apply(session, CameBack(clock(), crossing(stack(session)[-2]).step, end.id))
    return session


def place(session: Session) -> tuple[str, str]:
    """Return the guide and the step, or the outcome, where one is."""
    part = here(session)
    return part.guide.id, current(part).id


def happened(session: Session) -> list[Event]:
    return [each.event for each in history(session)]


SOLVED = (Answer("yes"), Answer("INC-1"), Confirm(), Confirm())
"""From the first step of the second guide to its success."""
TO_TYPE = (Confirm(), RPPS)


def test_the_other_guide_is_walked_from_its_first_step() -> None:
    """Where one stands is a step of the guide that was gone over to; steps of the same name are not mixed up."""
    session = walked(go_over("inner"))
    assert place(session) == ("inner", "start")
    assert place(walked(go_over("inner"), Answer("yes"))) == ("inner", "number")
    assert current(session).id == "start"
    assert session.resolved == {}


def test_with_its_success_one_is_back_at_the_step() -> None:
    """The step where the walk was left begins again, with all that was said before it."""
    session = walked(go_over("inner"), *SOLVED)
    assert (place(session), session.away) == (("outer", "start"), False)
    further = walked(*TO_TYPE, go_over("inner"), *SOLVED)
    assert place(further) == ("outer", "start"), "its `back` says further back"
    assert further.default("number") == "899700218896"


def test_without_success_the_walk_ends_where_the_guide_says() -> None:
    """What the other guide could not do ends this one, in the outcome that its author gave."""
    session = walked(go_over("inner"), Answer("no"), Confirm())
    assert place(session) == ("outer", "failed")
    ended = apply(session, Ended(START, "start", "failed"))
    assert (ended.closed, result(ended)) == (True, "no success")
    assert place(apply(ended, Reopened(START, "start"))) == ("outer", "start")


def test_an_outcome_that_leads_to_the_first_guide_comes_back_to_it() -> None:
    """A guide that is under way is not begun again: the other one ends, and one is back at the step."""
    session = walked(go_over("inner"), *SOLVED[:3])
    clock = Clock()
    refused = accept(session, go_over("outer"), clock())
    assert isinstance(refused, Rejected)
    with pytest.raises(IllegalEvent):
        apply(session, WentOver(START, "last", "to-outer", *DESTINATIONS["outer"].hashes), DESTINATIONS["outer"])
    from ecps_cli.core.intents import Deviate

    assert place(left(step(session, Deviate("to-outer"), clock), clock)) == ("outer", "start")


def test_a_third_guide_comes_back_to_the_second() -> None:
    """Each guide comes back to the one from which it was gone over to."""
    session = walked(go_over("inner"), *SOLVED[:3], go_over("third"))
    assert [each.guide for each in stack(session)] == [OUTER, INNER, THIRD]
    assert place(left(step(session, Confirm(), clock := Clock()), clock)) == ("inner", "last")


def test_the_first_step_of_the_other_guide_leads_back_too() -> None:
    """Back from the first step undoes going over; a key of its own does from any; nothing leads out of the first."""
    assert place(walked(go_over("inner"), GoBack())) == ("outer", "start")
    assert place(walked(go_over("inner"), Answer("yes"), GoBack())) == ("inner", "start")
    assert place(walked(go_over("inner"), Answer("yes"), ComeBack())) == ("outer", "start")
    assert isinstance(accept(walked(), ComeBack(), START), Rejected)
    with pytest.raises(IllegalEvent):
        apply(walked(), CameBack(START, "start"))


def test_going_over_is_bounded_as_any_way_back() -> None:
    """A remedy taken `max` times is refused, also when it is another guide: so every walk ends."""
    twice = walked(go_over("inner"), GoBack(), go_over("inner"), *SOLVED)
    refusal = accept(twice, go_over("inner"), START)
    assert isinstance(refusal, Rejected)
    assert "2 fois" in refusal.message
    assert [part.prefix for part in twice.parts] == ["inner/", "inner-2/"]


@pytest.mark.parametrize(
    "event",
    [
        WentOver(START, "start", "to-inner", "0" * 64, "0" * 64),
        WentOver(START, "start", "to-third", *DESTINATIONS["third"].hashes),
        WentOver(START, "last", "to-inner", *DESTINATIONS["inner"].hashes),
    ],
)
def test_only_the_guide_that_is_named_can_be_gone_over_to(event: WentOver) -> None:
    """Another text, another guide, another step: none of it can have happened."""
    with pytest.raises(IllegalEvent):
        replay(OUTER, START, [event], destinations=BY_HASH)


@pytest.mark.parametrize("event", [Ended(START, "last", "ok"), CameBack(START, "start", "ko"), CameBack(START, "type")])
def test_a_guide_is_left_as_it_ended_and_to_where_it_was_left(event: Event) -> None:
    """Only the whole walk is ended; a return names the step it leads to, and the outcome that was reached."""
    with pytest.raises(IllegalEvent):
        apply(walked(go_over("inner")), event)


def test_what_concerns_the_case_concerns_the_whole_walk() -> None:
    """A label given, or a walk abandoned and reopened, in the other guide: of the whole session."""
    session = walked(go_over("inner"), Label("GLPI 7"))
    assert (session.label, walked(go_over("inner"), Label("GLPI 7"), GoBack()).label) == ("GLPI 7", "GLPI 7")
    closed = apply(session, Abandoned(START, "start"))
    assert (closed.closed, result(closed)) == (True, "abandoned")
    assert apply(closed, Labelled(START, "start", "GLPI 8")).label == "GLPI 8"
    reopened = apply(closed, Reopened(START, "start"))
    assert (reopened.closed, place(reopened)) == (False, ("inner", "start"))


def test_a_break_loses_of_every_guide_what_is_not_kept() -> None:
    """After a resume in the other guide, an answer that the first one masks is asked again where it is needed."""
    session = apply(walked(*TO_TYPE, go_over("inner")), Resumed(START, "start"))
    assert "number" in session.lost
    assert place(left(step(session, GoBack(), clock := Clock()), clock)) == ("outer", "number")


def test_what_happened_is_told_in_the_order_in_which_it_was_written() -> None:
    """The history goes through the parts as the walk did, and time belongs to the guide where it was spent."""
    session = walked(go_over("inner"), Answer("yes"), GoBack(), GoBack(), Confirm())
    assert [type(each.event).__name__ for each in history(session)] == [
        *("WentOver", "Answered", "WentBack", "CameBack", "Confirmed"),
    ]
    times = [event.at for event in happened(session)]
    assert times == sorted(times)
    assert [*durations(session)] == ["start", "inner/start", "inner/number"]
    assert sum(spent.total_seconds() for spent in durations(session).values()) == (times[-1] - START).total_seconds()


# ------------------------------------------------------------------------------------------------- whatever is meant

MEANT: list[Intent] = [
    *(Confirm(), Confirm(), Confirm(), Answer("yes"), Answer("no"), Answer("99700218896"), GoBack(), Skip("pressé")),
    *(go_over(each) for each in DESTINATIONS),
    *(ComeBack(), Note("une note"), Pause(), Label("INC-1"), Tick("ans", "10:00", "Mme A", "R1")),
]
walks = st.lists(st.sampled_from(MEANT), max_size=40)


def drawn(intents: list[Intent]) -> tuple[Session, list[Event], list[Event]]:
    """Walk as somebody would who means all this; the session, its events, and these as a journal holds them."""
    session, clock = Session(OUTER, START), Clock()
    written: list[Event] = []
    for intent in intents:
        if not isinstance(current(here(session)), Step):
            break
        guide, heard = here(session).guide, accept(session, intent, clock())
        if isinstance(heard, Event):
            session = apply(session, heard, intent.into if isinstance(intent, GoOver) else None)
            written.append(redacted(guide, heard))
        before = len(happened(session))
        session = left(session, clock)
        written += happened(session)[before:]
    return session, happened(session), written


@settings(deadline=None)
@given(walks)
def test_any_prefix_of_a_walk_replays_to_where_it_stood(intents: list[Intent]) -> None:
    """Events alone make the session, at every moment, also across guides; what is masked changes no place."""
    session, events, written = drawn(intents)
    assert replay(OUTER, START, events, destinations=BY_HASH) == session
    step_by_step = Session(OUTER, START)
    for number, event in enumerate(events):
        into = BY_HASH[event.guide, event.facts] if isinstance(event, WentOver) else None
        step_by_step = apply(step_by_step, event, into)
        kept = replay(OUTER, START, written[: number + 1], destinations=BY_HASH)
        assert place(kept) == place(step_by_step)


@settings(deadline=None)
@given(walks)
def test_the_history_is_what_was_written_and_no_guide_is_under_way_twice(intents: list[Intent]) -> None:
    """Each event is told once, in its place; of the guides under way, none is there a second time."""
    session, events, written = drawn(intents)
    assert [replace(event, at=START) for event in events if not hasattr(event, "value")] == [
        replace(event, at=START) for event in written if not hasattr(event, "value")
    ]
    under_way = [part.guide.id for part in stack(session)]
    assert len(under_way) == len(set(under_way))


@settings(deadline=None)
@given(walks)
def test_leaving_the_other_guide_undoes_going_over(intents: list[Intent]) -> None:
    """Over and back again by `r` changes nothing of where one stands, nor of what was said; only the try counts."""
    session, _, _ = drawn(intents)
    position = current(here(session))
    if not isinstance(position, Step) or session.away or position.deviation("to-inner") is None:
        return
    gone = accept(session, go_over("inner"), START)
    if isinstance(gone, Rejected):
        return
    back = step(step(session, go_over("inner"), Clock()), GoBack(), Clock())
    assert place(back) == place(session)
    assert (back.resolved, back.ticks, back.withdrawn) == (session.resolved, session.ticks, session.withdrawn)


def test_a_confirmed_step_of_the_other_guide_is_not_one_of_the_first() -> None:
    """What is settled there is settled there alone."""
    session = walked(Confirm(), RPPS, go_over("inner"), Answer("yes"), Answer("INC-2"))
    assert [part.resolved.keys() for part in stack(session)] == [{"start", "number"}, {"start", "number"}]
    assert isinstance(session.resolved["start"], Confirmed)


def test_what_was_passed_over_in_the_other_guide_counts() -> None:
    """How the walk ended rests on the steps of every guide: one passed over there is one passed over."""
    session = walked(go_over("inner"), Answer("yes"), Skip("sans ticket"), Confirm(), Confirm())
    assert (place(session), passed_over(session)) == (("outer", "start"), 1)
