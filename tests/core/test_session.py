"""The session: what is accepted, what it becomes, where one then stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from ecps_cli.core.intents import Answer, Confirm, Deviate, GoBack, Intent, Label, Note, Pause, Skip, Tick, Untick
from ecps_cli.core.moves import BECOMES, MOVES, accept, apply, replay
from ecps_cli.core.session import (
    End,
    IllegalEvent,
    Session,
    before,
    current,
    deadline,
    durations,
    known,
    on_the_way,
    plan,
    result,
)
from ecps_cli.core.text import MAX_TEXT, sanitize, shorten
from ecps_cli.core.verdicts import Doubtful, Rejected
from ecps_cli.storage.rows import KINDS
from support.sample import GUIDE, START
from support.shapes import shaped

AT = START
RPPS = "899700218896"
THE_GUIDE = shaped(Guide, GUIDE)
HAPPY: list[Event] = [
    Confirmed(AT, "open"),
    Answered(AT, "rpps", RPPS),
    Answered(AT, "name", "ameli"),
    Confirmed(AT, "type"),
    Answered(AT, "seen", "yes"),
    Confirmed(AT, "pin"),
    Ticked(AT, "tell", "am"),
    Confirmed(AT, "tell"),
    Ended(AT, "tell", "done"),
]


def at(*events: Event) -> Session:
    return replay(THE_GUIDE, START, events)


def here(session: Session) -> str:
    return current(session).id


# ------------------------------------------------------------------------------------------------ the way through


def test_the_walk_goes_step_by_step_to_its_end() -> None:
    """Where one stands follows from what happened, event by event, to the outcome."""
    places = [here(at(*HAPPY[:count])) for count in range(len(HAPPY) + 1)]
    assert places == ["open", "rpps", "name", "type", "seen", "pin", "tell", "tell", "done", "done"]
    session = at(*HAPPY)
    assert session.closed
    assert current(session) == End("done", THE_GUIDE.outcomes["done"])


@pytest.mark.parametrize(
    ("answer", "next_step"),
    [("yes", "pin"), ("unsure", "pin"), ("no", "stop")],
)
def test_when_opens_only_the_steps_of_the_answer(answer: str, next_step: str) -> None:
    """A step with `when` is met only with one of its answers."""
    assert here(at(*HAPPY[:4], Answered(AT, "seen", answer))) == next_step


def applies(session: Session, step: Step) -> bool | None:
    return {each.id: verdict for each, verdict in on_the_way(session)}[step.id]


@pytest.mark.parametrize("chain", [True, False])
def test_a_guide_in_which_everything_depends_on_everything_is_no_slower(chain: bool) -> None:
    """Each verdict is reached once: 400 questions, each `when` the one before it or all of them, are walked at once."""
    ids = [f"q{number}" for number in range(400)]
    steps = [
        {
            "id": each,
            "choose": "Oui ?",
            "options": {"yes": "Oui", "no": "Non"},
            "when": {key: ["yes"] for key in ids[max(number - 1, 0) if chain else 0 : number]},
        }
        for number, each in enumerate(ids)
    ]
    session = Session(shaped(Guide, {**GUIDE, "steps": steps}), START)
    assert len(plan(session)) == 400
    assert current(apply(session, Answered(START, "q0", "yes"))) is session.guide.steps[1]


def test_applies_is_open_until_the_question_is_answered() -> None:
    """Whether a step is on the way is unknown while the question it depends on is open."""
    stop, pin = THE_GUIDE.step("stop"), THE_GUIDE.step("pin")
    assert stop is not None
    assert pin is not None
    assert applies(at(), stop) is None
    answered = at(*HAPPY[:4], Answered(AT, "seen", "no"))
    assert (applies(answered, stop), applies(answered, pin)) == (True, False)


def test_a_question_that_is_not_on_the_way_satisfies_no_when() -> None:
    """A step that depends on a question never asked is not met."""
    steps = [
        {"id": "a", "choose": "A ?", "options": {"x": "X", "y": "Y"}},
        {"id": "b", "choose": "B ?", "options": {"x": "X", "y": "Y"}, "when": {"a": ["x"]}},
        {"id": "c", "do": "C", "when": {"b": ["x", "y"]}},
        {"id": "d", "do": "D", "end": "done"},
    ]
    nested = shaped(Guide, {**GUIDE, "steps": steps})
    assert here(replay(nested, START, [Answered(AT, "a", "y")])) == "d"
    asked = replay(nested, START, [Answered(AT, "a", "x"), Answered(AT, "b", "x")])
    assert here(asked) == "c"


def test_a_question_settled_without_an_answer_satisfies_no_when() -> None:
    """A question left by a deviation has no answer, so nothing that depends on it is met."""
    steps = [
        {
            "id": "a",
            "choose": "A ?",
            "options": {"x": "X", "y": "Y"},
            "deviations": [{"id": "gone", "if": "…", "do": "…", "then": "continue"}],
        },
        {"id": "b", "do": "B", "when": {"a": ["x"]}},
        {"id": "c", "do": "C", "end": "done"},
    ]
    guide = shaped(Guide, {**GUIDE, "steps": steps})
    assert here(replay(guide, START, [Deviated(AT, "a", "gone")])) == "c"


def test_the_plan_narrows_as_answers_come() -> None:
    """The plan holds what is done and what may still come, and ends at the first sure end."""
    assert [step.id for step in plan(at())] == ["open", "rpps", "name", "type", "seen", "stop", "pin", "tell"]
    refused = at(*HAPPY[:4], Answered(AT, "seen", "no"))
    assert [step.id for step in plan(refused)] == ["open", "rpps", "name", "type", "seen", "stop"]
    assert [step.id for step in plan(at(Deviated(AT, "open", "stolen")))] == ["open"]


def test_a_path_without_end_is_an_error_of_the_guide() -> None:
    """The core never invents an outcome: a path that has none raises."""
    endless = shaped(Guide, {**GUIDE, "steps": [{"id": "a", "do": "A"}]})
    assert [step.id for step in plan(Session(endless, START))] == ["a"]
    with pytest.raises(IllegalEvent):
        current(replay(endless, START, [Confirmed(AT, "a")]))


# ------------------------------------------------------------------------------------------------ going back


def test_going_back_keeps_later_answers_as_defaults() -> None:
    """Back withdraws the step and all after it; what they said is offered again, and given up when answered anew."""
    session = at(*HAPPY[:4], WentBack(AT, "seen", "rpps"))
    assert here(session) == "rpps"
    assert (session.value("rpps"), session.default("rpps"), session.default("name")) == (None, RPPS, "ameli")
    session = apply(session, Answered(AT, "rpps", "899700427885"))
    assert (session.value("rpps"), session.default("rpps")) == ("899700427885", None)
    assert session.default("open") is None


def test_back_leads_to_the_last_step_done() -> None:
    """Back goes to the last settled step on the way, and there is none before the first."""
    assert before(at()) is None
    seen = at(*HAPPY[:2])
    step = before(seen)
    assert step is not None
    assert step.id == "rpps"


def test_ticks_outlive_going_back() -> None:
    """Somebody who was told stays told, whatever is walked again."""
    session = at(*HAPPY[:7], WentBack(AT, "tell", "pin"))
    assert ("tell", "am") in session.ticks


# ------------------------------------------------------------------------------------------------ deviations


def test_a_deviation_leads_where_it_says() -> None:
    """Continue passes on, retry stays, back goes back, end ends."""
    assert here(at(Deviated(AT, "open", "old"))) == "rpps"
    assert here(at(Deviated(AT, "open", "black"))) == "open"
    assert here(at(Deviated(AT, "open", "stolen"))) == "stopped"
    assert here(at(*HAPPY[:3], Deviated(AT, "type", "again"))) == "rpps"


def test_a_way_back_is_bounded_by_max() -> None:
    """A remedy taken `max` times is refused with a sentence, and its event is illegal: so every walk ends."""
    tired = at(Deviated(AT, "open", "black"), Deviated(AT, "open", "black"))
    refusal = accept(tired, Deviate("black"), AT)
    assert isinstance(refusal, Rejected)
    assert "2 fois" in refusal.message
    with pytest.raises(IllegalEvent):
        apply(tired, Deviated(AT, "open", "black"))


# ------------------------------------------------------------------------------------------------ what is refused

REFUSED: list[tuple[int, Intent, str]] = [
    (0, Answer("x"), "n’attend pas de texte"),
    (0, Deviate("nothing"), "n’est pas dans la liste"),
    (0, GoBack(), "première étape"),
    (0, Skip("  "), "pourquoi"),
    (0, Note("\x1b"), "vide"),
    (0, Tick("am"), "n’a pas de liste"),
    (0, Untick("am"), "n’a pas de liste"),
    (1, Confirm(), "attend une réponse"),
    (1, Answer(""), "vide"),
    (1, Answer("12"), ""),
    (2, Answer("\u202e"), "vide"),
    (4, Answer("maybe"), "pas une des réponses"),
    (4, Skip("pressé"), "je ne sais pas"),
    (6, Untick("am"), "pas cochée"),
    (6, Tick("nobody"), "pas une ligne de la liste"),
]


@pytest.mark.parametrize(("done", "intent", "sentence"), REFUSED)
def test_a_refusal_is_a_sentence_and_changes_nothing(done: int, intent: Intent, sentence: str) -> None:
    """What cannot happen is refused in a sentence, and the session stays what it was."""
    session = at(*HAPPY[:done])
    heard = accept(session, intent, AT)
    assert isinstance(heard, Rejected)
    assert sentence in heard.message
    assert session == at(*HAPPY[:done])


STEP_OF: dict[Action, int] = {"do": 0, "ask": 1, "choose": 4, "tick": 6}
"""Action → how many events of the happy walk lead to a step that has it."""

WITHOUT = {
    (Unticked, "tick"),
    (WentBack, "do"),
    *((Deviated, each) for each in ("ask", "choose", "tick")),
    *((kind, each) for kind in (WentOver, CameBack) for each in ACTIONS),
}
"""What the table allows and this guide has no case of: nothing ticked, nothing before, no deviation, no other guide."""

POSSIBLE: dict[type[Event], Callable[[Step], Event]] = {
    Confirmed: lambda step: Confirmed(AT, step.id),
    Answered: lambda step: Answered(AT, step.id, next(iter(step.options), RPPS)),
    Ticked: lambda step: Ticked(AT, step.id, step.items[0].id if step.items else "am"),
    Unticked: lambda step: Unticked(AT, step.id, "am"),
    Deviated: lambda step: Deviated(AT, step.id, step.deviations[0].id),
    WentOver: lambda step: WentOver(AT, step.id, "over", "", ""),
    CameBack: lambda step: CameBack(AT, step.id),
    Sensed: lambda step: Sensed(AT, step.id, "lecteur : oui"),
    WentBack: lambda step: WentBack(AT, step.id, "open"),
    Skipped: lambda step: Skipped(AT, step.id, "pressé"),
    Noted: lambda step: Noted(AT, step.id, "x"),
    Paused: lambda step: Paused(AT, step.id),
    Resumed: lambda step: Resumed(AT, step.id),
    Ended: lambda step: Ended(AT, step.id, "done"),
    Labelled: lambda step: Labelled(AT, step.id, "GLPI 4711"),
    Abandoned: lambda step: Abandoned(AT, step.id),
    Reopened: lambda step: Reopened(AT, step.id),
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("kind", MOVES, ids=lambda kind: kind.__name__)
def test_the_table_says_what_may_happen_at_each_action(kind: type[Event], action: Action) -> None:
    """An event that the table refuses is illegal at a step of that action; any other can happen there."""
    session = at(*HAPPY[: STEP_OF[action]])
    step = current(session)
    assert isinstance(step, Step)
    if MOVES[kind][action]:
        with pytest.raises(IllegalEvent):
            apply(session, POSSIBLE[kind](step))
    elif (kind, action) not in WITHOUT:
        assert isinstance(apply(session, POSSIBLE[kind](step)).events[-1], kind)


def test_every_event_has_its_row_and_every_intent_its_event() -> None:
    """The table is whole: a new event or intent without its row is a fault found here, not on a walk."""
    assert set(MOVES) == set(KINDS.values())
    assert set(BECOMES) == set(Intent.__subclasses__())
    assert set(BECOMES.values()) | {Resumed, Ended, Reopened} == set(MOVES)
    assert all(set(row) == set(ACTIONS) for row in MOVES.values())


@pytest.mark.parametrize(
    ("done", "event"),
    [
        (0, Confirmed(AT, "rpps")),
        (1, Confirmed(AT, "rpps")),
        (0, WentBack(AT, "open", "tell")),
        (8, Confirmed(AT, "tell")),
        (8, Ended(AT, "tell", "stopped")),
        (9, Ended(AT, "tell", "done")),
        (9, Noted(AT, "tell", "x")),
    ],
)
def test_an_illegal_event_raises_and_changes_nothing(done: int, event: Event) -> None:
    """An event that cannot have happened raises; the session passed in is as it was."""
    session = at(*HAPPY[:done])
    with pytest.raises(IllegalEvent):
        apply(session, event)
    assert session == at(*HAPPY[:done])


def test_nothing_is_accepted_after_the_end() -> None:
    """An intent after the end is a fault of the caller, not a refusal to a person."""
    with pytest.raises(IllegalEvent):
        accept(at(*HAPPY[:8]), Confirm(), AT)


def test_a_session_cannot_be_changed_in_place() -> None:
    """A session and its events are frozen."""
    with pytest.raises(FrozenInstanceError):
        at().closed = True  # type: ignore[misc]


# ------------------------------------------------------------------------------------------------ what is accepted


def test_an_answer_is_kept_in_its_canonical_form() -> None:
    """What was typed becomes the canonical value, and says what was understood."""
    heard = accept(at(*HAPPY[:1]), Answer("99700 21 8896"), AT)
    assert isinstance(heard, Answered)
    assert (heard.value, heard.verified) == (RPPS, True)
    assert "8" in heard.note


def test_insisting_on_a_doubted_value_keeps_it_as_unverified() -> None:
    """A wrong key is doubted, and taken as unverified when the same number comes again; another one is doubted anew."""
    session = at(*HAPPY[:1])
    doubt = accept(session, Answer("10003461033"), AT)
    assert isinstance(doubt, Doubtful)
    other = accept(session, Answer("10005678901"), AT, insisting=doubt.value)
    assert isinstance(other, Doubtful)
    heard = accept(session, Answer("8 10003461033"), AT, insisting=doubt.value)
    assert isinstance(heard, Answered)
    assert (heard.value, heard.verified) == ("810003461033", False)


def test_free_texts_are_kept_as_one_safe_line() -> None:
    """Controls, bidi overrides and line ends typed or pasted never reach the record."""
    dirty = " a\x1b[31m\n\u202eb\t c\x00 "
    assert accept(at(), Note(dirty), AT) == Noted(AT, "open", "a[31m b c")
    assert accept(at(), Skip(dirty), AT) == Skipped(AT, "open", "a[31m b c")
    assert accept(at(*HAPPY[:2]), Answer(dirty), AT) == Answered(AT, "name", "a[31m b c")
    ticked = accept(at(*HAPPY[:6]), Tick("am", dirty, dirty, dirty), AT)
    assert ticked == Ticked(AT, "tell", "am", "a[31m b c", "a[31m b c", "a[31m b c")


@given(st.text())
def test_plain_is_one_printable_line(text: str) -> None:
    """Whatever is typed, what is kept is one bounded line without controls, and tidying it again changes nothing."""
    kept = sanitize(text)
    assert kept == sanitize(kept)
    assert not any(character < " " or character == "\x7f" for character in kept)
    assert len(kept) <= MAX_TEXT


def test_a_paste_of_a_megabyte_is_cut() -> None:
    """A file pasted by mistake is kept as its beginning only, and quoted as less."""
    assert len(sanitize("x" * 1_000_000)) == MAX_TEXT
    assert shorten("x" * 1_000_000).endswith("…")
    assert len(shorten("x" * 1_000_000)) == 40


def test_unticking_takes_the_tick_back() -> None:
    """A line ticked by mistake can be unticked, and then only once."""
    session = at(*HAPPY[:7], Unticked(AT, "tell", "am"))
    assert not session.ticks
    assert isinstance(accept(session, Untick("am"), AT), Rejected)


# ------------------------------------------------------------------------------------------------ what is written down


def test_a_record_holds_what_the_guide_allows() -> None:
    """`never` keeps nothing of an answer, `masked` its masked form, `full` all; remarks on what was typed go too."""
    number = Answered(AT, "rpps", RPPS, note="8 997 0021 8896, lu sans le 8")
    assert redacted(THE_GUIDE, number) == Answered(AT, "rpps", "", masked="8 *** **** 8896")
    assert redacted(THE_GUIDE, redacted(THE_GUIDE, number)) == redacted(THE_GUIDE, number)
    assert redacted(THE_GUIDE, Answered(AT, "name", "ameli")) == Answered(AT, "name", "ameli")
    assert redacted(THE_GUIDE, Answered(AT, "seen", "no")) == Answered(AT, "seen", "no")
    assert redacted(THE_GUIDE, Noted(AT, "rpps", "x")) == Noted(AT, "rpps", "x")
    steps = [{"id": "a", "ask": "A ?"}, {"id": "b", "ask": "B ?", "keep": "masked", "end": "done"}]
    guide = shaped(Guide, {**GUIDE, "steps": steps})
    assert redacted(guide, Answered(AT, "a", "x")) == Answered(AT, "a", "")
    assert redacted(guide, Answered(AT, "b", "x")) == Answered(AT, "b", "", masked="(masqué)")


def test_an_answer_that_was_not_kept_is_asked_again_where_it_is_needed() -> None:
    """After a resume, a step that shows a value which the record did not keep sends back to its question, and on."""
    for events in (HAPPY[:3], [redacted(THE_GUIDE, event) for event in HAPPY[:3]]):
        assert here(at(*events)) == "type"
        session = at(*events, Resumed(AT, "type"))
        assert (session.value("rpps"), session.value("name")) == (None, "ameli")
    assert here(session) == "rpps"
    session = apply(session, Answered(AT, "rpps", RPPS))
    assert here(session) == "type"
    assert session.value("name") == "ameli"


def asked_again(kind: str, given: str) -> Session:
    """Return a session that was resumed where an answer of that kind, kept as its mask, is needed."""
    ask = {"id": "q", "who": "support", "ask": "Combien ?", "validate": kind, "keep": "masked"}
    use = {"id": "use", "who": "support", "do": "Le dire.", "show": ["q"], "end": "done"}
    session = Session(shaped(Guide, {**GUIDE, "steps": [ask, use]}), START)
    answered = accept(session, Answer(given), AT)
    assert isinstance(answered, Answered)
    return apply(apply(session, answered), Resumed(AT, "use"))


@pytest.mark.parametrize(
    ("kind", "given", "other"),
    [
        ("rpps", "99700218896", "10001234565"),
        ("rpps", "99700218896", "&ààà&é\"'(-("),
        ("phone-fr", "01 99 00 12 34", "01 99 00 12 35"),
        ("mobile-fr", "06 39 98 12 34", "06 39 98 12 35"),
        ("email", "docteur@exemple.fr", "marie@exemple.fr"),
        ("email", "docteur@exemple.fr", "docteur@gmail.con"),
    ],
)
def test_an_answer_that_a_kept_mask_contradicts_is_doubted(kind: str, given: str, other: str) -> None:
    """Asked again after a resume, what does not fit the kept mask is doubted, and not verified when insisted on."""
    session = asked_again(kind, given)
    assert here(session) == "q"
    doubt = accept(session, Answer(other), AT)
    assert isinstance(doubt, Doubtful)
    assert f"ne va pas avec {session.mask('q')}" in doubt.message.replace("\u00a0", " ")
    insisted = accept(session, Answer(other), AT, doubt.value)
    assert isinstance(insisted, Answered)
    assert not insisted.verified
    again = accept(session, Answer(given), AT)
    assert isinstance(again, Answered)
    assert again.verified


@pytest.mark.parametrize(("kind", "given", "other"), [("date", "hier", "24/11"), ("department", "75", "13")])
def test_a_mask_that_says_nothing_contradicts_nothing(kind: str, given: str, other: str) -> None:
    """A day or a department is masked whole: asked again after a resume, any is taken."""
    session = asked_again(kind, given)
    assert isinstance(accept(session, Answer(other), AT), Answered)


def test_a_full_answer_is_never_empty() -> None:
    """Only what a guide does not keep may be missing from a history."""
    with pytest.raises(IllegalEvent):
        at(*HAPPY[:2], Answered(AT, "name", ""))


# ------------------------------------------------------------------------------------------------ time


def test_durations_leave_pauses_out() -> None:
    """The time between a pause and what follows it is nobody's work; a clock that goes backwards counts as zero."""
    events = [
        Noted(START + timedelta(minutes=1), "open", "x"),
        Paused(START + timedelta(minutes=2), "open"),
        Confirmed(START + timedelta(minutes=60), "open"),
        Answered(START + timedelta(minutes=63), "rpps", RPPS),
        Answered(START + timedelta(minutes=62), "name", "ameli"),
    ]
    crashed = [Noted(START + timedelta(minutes=1), "open", "x"), Resumed(START + timedelta(minutes=90), "open")]
    assert durations(at(*crashed)) == {"open": timedelta(minutes=1)}
    assert durations(at(*events)) == {
        "open": timedelta(minutes=2),
        "rpps": timedelta(minutes=3),
        "name": timedelta(),
    }


# ------------------------------------------------------------------------------------------------ properties

STEPS = [step.id for step in THE_GUIDE.steps]
ids = st.sampled_from([*STEPS, "nowhere"])
texts = st.sampled_from(["", "x", RPPS, "10003461033", "yes", "no", "unsure", "\x00"])
anything = st.one_of(
    st.builds(Confirmed, st.just(AT), ids),
    st.builds(Answered, st.just(AT), ids, texts),
    st.builds(Ticked, st.just(AT), ids, st.sampled_from(["am", "ordre", "x"])),
    st.builds(Unticked, st.just(AT), ids, st.sampled_from(["am", "ordre", "x"])),
    st.builds(Deviated, st.just(AT), ids, st.sampled_from(["old", "black", "stolen", "again", "x"])),
    st.builds(WentBack, st.just(AT), ids, ids),
    st.builds(Skipped, st.just(AT), ids, texts),
    st.builds(Noted, st.just(AT), ids, texts),
    st.builds(Paused, st.just(AT), ids),
    st.builds(Ended, st.just(AT), ids, st.sampled_from(["done", "stopped", "x"])),
)


@st.composite
def moves(draw: st.DrawFn) -> list[Event]:
    """Draw events, mostly of the step where one stands, so that walks go somewhere."""
    session, events = at(), []
    for _ in range(draw(st.integers(0, 25))):
        event = draw(anything)
        position = current(session)
        if draw(st.integers(0, 9)):
            event = replace(event, step=position.id if not isinstance(position, End) else event.step)
        events.append(event)
        try:
            session = apply(session, event)
        except IllegalEvent:
            continue
    return events


@given(moves())
def test_replay_is_the_fold_and_illegal_events_change_nothing(events: list[Event]) -> None:
    """Folding the events one by one, illegal ones raising, gives the session that replaying the legal ones gives."""
    session, legal = at(), []
    for event in events:
        unchanged = replay(THE_GUIDE, START, legal)
        try:
            session = apply(session, event)
        except IllegalEvent:
            assert session == unchanged
            continue
        legal.append(event)
        assert session.events == tuple(legal)
    assert session == replay(THE_GUIDE, START, legal)


def intent_of(event: Event) -> Intent | None:
    """Return the intent that would become an event, or None of one that nobody means."""
    match event:
        case Confirmed() | Paused():
            return Confirm() if isinstance(event, Confirmed) else Pause()
        case Answered():
            return Answer(event.value)
        case Ticked():
            return Tick(event.item)
        case Unticked():
            return Untick(event.item)
        case Deviated():
            return Deviate(event.deviation)
        case Skipped():
            return Skip(event.why)
        case Noted():
            return Note(event.text)
        case _:
            return None


@given(moves())
def test_what_is_accepted_can_happen(events: list[Event]) -> None:
    """An accepted intent becomes a legal event, a refused one is no legal event: the two know the same rules."""
    session = at()
    for event in events:
        position, intent = current(session), intent_of(event)
        if isinstance(position, End) or event.step != position.id or intent is None:
            continue
        heard = accept(session, intent, AT)
        if isinstance(heard, Event):
            session = apply(session, heard)
        elif isinstance(heard, Rejected) and not isinstance(event, Answered):
            with pytest.raises(IllegalEvent):
                apply(session, event)


@given(moves())
def test_settled_steps_are_those_before_the_current_one(events: list[Event]) -> None:
    """Nothing after the current step is settled, whatever was done: the way is walked in order."""
    session = at()
    for event in events:
        try:
            session = apply(session, event)
        except IllegalEvent:
            continue
        position = current(session)
        if not isinstance(position, End) and position.id not in session.resolved:  # else: asked again
            later = STEPS[STEPS.index(position.id) :]
            assert not set(later) & set(session.resolved)
            assert set(session.resolved) <= set(STEPS)


# ------------------------------------------------------------------------------------ labels, ends and new beginnings


def test_a_label_is_the_last_one_given_and_may_be_given_after_the_end() -> None:
    """A case is told apart by its label: short, changed at any time, also once the walk has ended."""
    session = at(Labelled(AT, "open", "GLPI 4711"), *HAPPY, Labelled(AT, "tell", "GLPI 4712"))
    assert (session.label, session.closed) == ("GLPI 4712", True)
    assert isinstance(accept(at(), Label("x" * 41), AT), Rejected)
    assert accept(at(), Label(" GLPI\x1b 4711 "), AT) == Labelled(AT, "open", "GLPI 4711")
    with pytest.raises(IllegalEvent):
        apply(at(*HAPPY), Labelled(AT, "tell", "x" * 41))


def test_an_abandoned_walk_is_closed_where_it_stood_until_it_is_reopened() -> None:
    """Abandoned is neither success nor failure: the walk is closed at its step, and goes on there once reopened."""
    session = at(*HAPPY[:2], Abandoned(AT, "name"))
    assert (result(session), session.closed, here(session)) == ("abandoned", True, "name")
    with pytest.raises(IllegalEvent):
        apply(session, Answered(AT, "name", "ameli"))
    again = apply(session, Reopened(AT, "name"))
    assert (result(again), here(again), again.value("rpps")) == ("unfinished", "name", RPPS)


def test_a_walk_that_ended_without_success_goes_on_at_its_last_step() -> None:
    """Whoever could not be reached yet is called later: the list is open again, with its ticks."""
    ended = at(*HAPPY[:4], Answered(AT, "seen", "no"), Confirmed(AT, "stop"), Ended(AT, "stop", "stopped"))
    assert result(ended) == "no success"
    again = apply(ended, Reopened(AT, "stop"))
    assert (result(again), here(again), again.value("seen")) == ("unfinished", "stop", "no")
    assert result(apply(again, Confirmed(AT, "stop"))) == "no success"


def test_a_walk_that_succeeded_stays_closed() -> None:
    """A success is sealed: nothing reopens it."""
    with pytest.raises(IllegalEvent):
        apply(at(*HAPPY), Reopened(AT, "tell"))


def test_a_step_about_which_an_open_question_decides_is_not_known_yet() -> None:
    """The total counts what is known: steps whose `when` is open join it with the answer."""
    assert [step.id for step in known(at())] == ["open", "rpps", "name", "type", "seen", "tell"]
    assert [step.id for step in known(at(*HAPPY[:5]))] == ["open", "rpps", "name", "type", "seen", "pin", "tell"]


def test_a_deadline_runs_from_its_step_and_on_under_the_same_heading() -> None:
    """It is counted from when its step was come to; while it runs, the steps after it under its heading have it too."""
    later = AT + timedelta(seconds=30)
    session = at(*HAPPY[:3], Noted(later, "type", "x"))
    end = AT + timedelta(seconds=90)
    assert deadline(at(*HAPPY[:2]), AT) is None
    assert deadline(session, later) == end
    assert deadline(session, end + timedelta(minutes=5)) == end, "its own step says that it is over"
    after = apply(session, Confirmed(later, "type"))
    assert deadline(after, later) == end
    assert deadline(after, end + timedelta(seconds=1)) is None
    assert deadline(at(*HAPPY[:6]), later) is None, "under another heading"
