"""The walk: the same events from every prompter; what each key does; nothing lost on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from rich.console import ConsoleDimensions

from ecps_cli.core.events import (
    Answered,
    Confirmed,
    Deviated,
    Ended,
    Event,
    Noted,
    Paused,
    Resumed,
    Skipped,
    Ticked,
    WentBack,
    redacted,
)
from ecps_cli.core.guide import Facts, Guide, Step
from ecps_cli.core.journal import JournalError
from ecps_cli.core.moves import apply, replay
from ecps_cli.core.session import current
from ecps_cli.screen.painting import Look
from ecps_cli.walk import answering
from ecps_cli.walk.by_keys import KeyPrompter
from ecps_cli.walk.by_lines import FilePrompter, LinePrompter
from ecps_cli.walk.prompter import Key
from support.sample import GUIDE, START, Clock
from support.scripts import Script, scripts, timeless
from support.shapes import shaped
from support.stage import Stage, kinds, typed


@pytest.fixture
def stage(guide: Guide, facts: Facts, clock: Clock) -> Stage:
    return Stage(guide, facts, clock)


# --------------------------------------------------------------------------------------------- every prompter, one walk

DEMO = list(scripts(shaped(Guide, GUIDE)))


@pytest.mark.parametrize("script", DEMO, ids=lambda script: script.name)
def test_every_prompter_gives_the_same_events(script: Script, facts: Facts) -> None:
    """Lines, keys and a file of answers make the same events, for every option and deviation of the guide."""
    by_lines = Stage(script.session.guide, facts, Clock()).run(*(move.line for move in script.moves))
    assert timeless(by_lines.events) == script.events

    with typed("".join(move.keys for move in script.moves)):
        by_keys = Stage(script.session.guide, facts, Clock()).run_with(KeyPrompter())
    assert timeless(by_keys.events) == script.events

    answers: dict[str, tuple[str, ...]] = {}
    for move in script.moves:
        answers[move.step] = (*answers.get(move.step, ()), move.line)
    stage = Stage(script.session.guide, facts, Clock())
    by_file = stage.run_with(FilePrompter(stage.say, answers))
    assert timeless(by_file.events) == script.events


def test_the_journal_is_given_what_happened_in_order(stage: Stage) -> None:
    """What the session holds is what the journal was given, event by event."""
    session = stage.run("", "99700218896", "ameli", "")
    assert list(session.events) == stage.journal.events


def test_a_journal_that_fails_is_said_and_tried_again(stage: Stage) -> None:
    """While nothing can be written the walk goes on and says so; what is missing is written as soon as it can be."""
    append, full = stage.journal.append, True

    def sometimes(event: Event, *rest: object) -> None:
        if full:
            raise JournalError("Le disque est plein.")
        append(event, stage.walk.here.guide)

    stage.journal.append = sometimes  # type: ignore[method-assign]
    stage.run("", "99700218896")
    assert stage.journal.events == []
    assert "Le disque est plein. Ce qui suit n’est pas gardé" in stage.output
    full = False
    session = stage.run("ameli")
    assert stage.journal.events == list(session.events)
    assert stage.walk.warning == ""


def test_an_end_that_is_not_kept_is_said_beside_the_ticket(stage: Stage) -> None:
    """A disk that fills at the very last event is told on the last screen, which has the ticket to save."""
    append = stage.journal.append

    def but_the_end(event: Event, guide: Guide, texts: Sequence[str]) -> None:
        if isinstance(event, Ended):
            raise JournalError("Le disque est plein.")
        append(event, guide, texts)

    stage.journal.append = but_the_end  # type: ignore[method-assign]
    session = stage.run("p", "stolen", "")
    assert isinstance(session.events[-1], Ended)
    said = "Le disque est plein. La fin de ce parcours n’est pas gardée : copiez le ticket. Pour le ticket :"
    assert said in stage.output.replace("\u00a0", " ")


def test_an_interrupt_while_writing_records_no_pause(stage: Stage) -> None:
    """An event that was being written when Ctrl-C came may be in the journal: nothing is put after it."""
    append = stage.journal.append

    def interrupted(event: Event, *rest: object) -> None:
        append(event, stage.walk.here.guide)
        raise KeyboardInterrupt

    stage.journal.append = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        stage.run("")
    assert [type(event) for event in stage.journal.events] == [Confirmed]


def test_a_terminal_that_is_gone_pauses(stage: Stage) -> None:
    """When the screen can no longer be painted, the walk pauses where it stood."""

    def gone(screen: object) -> None:
        raise OSError(5, "Input/output error")

    stage.walk.environment = replace(stage.walk.environment, show=gone)
    assert kinds(stage.run("")) == [Paused]


@pytest.mark.parametrize("script", DEMO, ids=lambda script: script.name)
def test_a_walk_replayed_from_what_was_kept_stands_where_it_stood(script: Script) -> None:
    """At every event, the walk replayed from its record is at the same step; and so is one that was resumed there."""
    guide, events = script.session.guide, script.session.events
    written = [redacted(guide, event) for event in events]
    for count in range(len(events)):
        live, read = replay(guide, START, events[:count]), replay(guide, START, written[:count])
        assert current(live) == current(read)
        position = current(live)
        if isinstance(position, Step):
            resumed = Resumed(START, position.id)
            assert current(apply(live, resumed)) == current(apply(read, resumed))


# --------------------------------------------------------------------------------------------- what each key does


def test_end_of_input_pauses_and_answers_nothing(stage: Stage) -> None:
    """When the input ends, the walk is paused where it stands: no answer is made up."""
    session = stage.run("")
    assert kinds(session) == [Confirmed, Paused]


def test_q_pauses(stage: Stage) -> None:
    """`q` records a pause and leaves the walk."""
    assert kinds(stage.run("q")) == [Paused]


def test_to_abandon_is_told_for_what_it_is(stage: Stage) -> None:
    """An abandoned walk is not offered again, and can be reopened by its name: `q` says no more than that."""
    session = stage.run("", "q", "x")
    assert session.closed
    assert "x : abandonner, ne plus le proposer" in stage.output.replace("\u00a0", " ")
    assert "sans reprise" not in stage.output


def test_ctrl_c_records_the_pause_and_goes_on_up(stage: Stage) -> None:
    """Ctrl-C at a question is recorded as a pause, then handed on to whoever started the walk."""

    def interrupted() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stage.run_with(LinePrompter(stage.say, interrupted))
    assert kinds(stage.walk.session) == [Paused]


def test_r_goes_back_and_the_answer_is_offered_again(stage: Stage) -> None:
    """After going back, the earlier answer is what Enter gives."""
    session = stage.run("", "99700218896", "r", "", "x")
    assert kinds(session)[2:5] == [WentBack, Answered, Answered]
    assert session.value("rpps") == "899700218896"
    assert "Entrée seule : 8 997 0021 8896" in stage.output


def test_r_at_the_first_step_says_so(stage: Stage) -> None:
    """There is nothing before the first step, and a sentence says so."""
    assert kinds(stage.run("r")) == [Paused]
    assert "Erreur : C’est la première étape" in stage.output


def test_s_asks_why(stage: Stage) -> None:
    """A step is skipped with its reason; without one it is not."""
    session = stage.run("s", "", "s", "déjà ouvert")
    assert session.events[0] == Skipped(session.events[0].at, "open", "déjà ouvert")
    assert "Dites en un mot" in stage.output


def test_a_critical_step_is_skipped_only_on_a_clear_yes(stage: Stage) -> None:
    """Enter alone never means yes to passing over a critical step."""
    way = ["", "99700218896", "ameli"]
    session = stage.run(*way, "s", "", "peut-être", "non", "s", "OUI", "pas le temps")
    assert kinds(session)[3:] == [Skipped, Paused]
    assert "Répondez o pour oui" in stage.output


def test_a_question_that_decides_is_not_skipped(stage: Stage) -> None:
    """A `choose` cannot be skipped: what follows depends on it."""
    session = stage.run("", "99700218896", "ameli", "v", "s", "pressé")
    assert Skipped not in kinds(session)
    assert "Choisissez « je ne sais pas »" in stage.output


def test_n_and_e_write_notes(stage: Stage) -> None:
    """`n` writes a note, `e` one that says the screen has changed; an empty one writes nothing."""
    session = stage.run("n", "il est pressé", "n", "", "e", "le bouton a disparu", "e", "")
    notes = [(event.text, event.mismatch) for event in session.events if isinstance(event, Noted)]
    assert notes == [("il est pressé", False), ("le bouton a disparu", True)]


@pytest.mark.parametrize(
    "lines",
    [
        ["p", "4", "r"],
        ["n", "r"],
        ["e", "R"],
        ["s", "r"],
        ["", "p", "r"],
        ["", "99700218896", "ameli", "v", "1", "v", "1", "r"],
        ["", "99700218896", "ameli", "v", "1", "v", "1", "", "Mme X", "r", "r", "r"],
    ],
    ids=["p, in a list", "n", "e", "s", "p", "time", "reference"],
)
def test_r_goes_back_from_every_free_text(stage: Stage, lines: list[str]) -> None:
    """At a note, a reason, what is recorded of a line: `r` alone is the way back, at the first to the step; no text."""
    session = stage.run(*lines)
    assert {Noted, Skipped, Ticked} & set(kinds(session)) == set()
    assert kinds(session)[-1] is Paused
    asked = stage.output.replace("\u00a0", " ").rindex("r : retour")
    assert "? : aide" in stage.output[asked:]


TO_THE_LIST = ["", "99700218896", "ameli", "v", "1", "v"]


def test_r_among_the_details_of_a_line_loses_none(stage: Stage) -> None:
    """It leads to the detail before, as that was typed; Enter keeps each of them."""
    session = stage.run(*TO_THE_LIST, "1", "10:00", "Mme X", "r", "r", "", "", "REF 1")
    (tick,) = (event for event in session.events if isinstance(event, Ticked))
    assert (tick.time, tick.person, tick.reference) == ("10:00", "Mme X", "REF 1")


def test_what_was_ticked_is_still_ticked_after_r(guide: Guide, facts: Facts, clock: Clock) -> None:
    """By keys, a list that one comes back to from a detail has the ticks that were set in it, to be gone on with."""
    with typed("\r99700218896\rameli\rv1v" + "t\r" + "r\r" + "\r\r\r\r" + "\x15\x04" * 9):
        session = Stage(guide, facts, clock, Look()).run_with(KeyPrompter())
    assert kinds(session)[-4:-1] == [Ticked, Ticked, Confirmed]


@pytest.mark.parametrize("wrong", ["25:70", "demain"])
def test_a_time_typed_behind_a_refused_one_is_that_time(stage: Stage, wrong: str) -> None:
    """What was refused stands in the line: whoever types the whole time behind it means that."""
    session = stage.run(*TO_THE_LIST, "1", wrong, f"{wrong}10:00", "", "")
    (tick,) = (event for event in session.events if isinstance(event, Ticked))
    assert tick.time == "10:00"


def test_r_behind_a_refused_time_is_the_key(stage: Stage) -> None:
    """As behind any text that stands in a line: it leads back, and is no part of a time."""
    assert Ticked not in kinds(stage.run(*TO_THE_LIST, "1", "25:70", "25:70r"))
    assert "« 25:70r »" not in stage.output


def test_l_and_help_show_and_come_back(stage: Stage) -> None:
    """The list and the help are shown beside the walk, and record nothing."""
    assert kinds(stage.run("l", "", "?", "")) == [Paused]
    assert "en cours" in stage.output
    assert "ouvrir le lien" in stage.output
    assert "L’icône porte le nom « e-CPS »." in stage.output
    assert "0 806 800 213" in stage.output


def test_o_opens_the_link_or_prints_it(stage: Stage) -> None:
    """`o` opens the step's address and shows it; without a browser it is there to copy; without a link it says so."""
    stage.run("o")
    assert stage.opened == ["https://example.org/une/page/assez/longue"]
    assert "Ouvert dans le navigateur : https://example.org" in stage.output
    stage.browser = False
    stage.run("o", "", "o")
    assert "Pas de navigateur ici" in stage.output
    assert "Cette étape n’a pas de lien." in stage.output


def test_p_shows_the_remedy_before_it_is_recorded(stage: Stage) -> None:
    """A deviation is recorded once its remedy is said to be done; `r` leaves without recording."""
    session = stage.run("p", "2", "r", "p", "r", "p", "2", "")
    assert kinds(session) == [Deviated, Paused]
    assert "Rallumer." in stage.output
    assert "Ensuite : recommencer cette étape (2 fois au plus)." in stage.output


def test_a_deviation_used_up_says_so_and_points_to_what_remains(stage: Stage) -> None:
    """After `max` times, a remedy is marked as tried and refused with a sentence."""
    session = stage.run("p", "2", "", "p", "2", "", "p", "2")
    assert kinds(session) == [Deviated, Deviated, Paused]
    assert "(remède déjà essayé)" in stage.output
    assert "déjà été essayé 2 fois" in stage.output


def test_p_with_nothing_that_fits_shows_the_help_line_and_keeps_what_is_seen(stage: Stage) -> None:
    """When no deviation fits, the help line is shown and what is seen can be noted."""
    session = stage.run("p", "4", "un écran vert")
    assert session.events[0] == Noted(session.events[0].at, "open", "un écran vert", mismatch=True)
    assert "Rien ne correspond ? L’aide :" in stage.output


def test_p_on_a_step_without_deviations(stage: Stage) -> None:
    """A step that foresees nothing else goes straight to the help line."""
    stage.run("", "p", "")
    assert "Rien ne correspond ? L’aide :" in stage.output


def test_leaving_a_list_unfinished_asks_first(stage: Stage) -> None:
    """Lines left undone are counted and asked about; a line ticked by mistake can be unticked."""
    way = ["", "99700218896", "ameli", "v", "1", "v"]
    session = stage.run(*way, "9", "1", "25:10", "18:00", "Mme X", "42", "1", "2", "", "2", "", "3")
    tick = next(event for event in session.events if isinstance(event, Ticked))
    assert (tick.time, tick.person, tick.reference) == ("18:00", "Mme X", "42")
    assert session.closed
    assert "« 25:10 » n’est pas une heure. Écrivez-la ainsi : 14:30." in stage.output
    assert [item for _, item in session.ticks] == ["ordre"]
    assert "Il reste 1 ligne à faire" in stage.output
    assert "« 9 » n’est pas une ligne de la liste" in stage.output


def test_the_time_of_a_tick_is_understood_and_never_to_come(stage: Stage) -> None:
    """A time is kept in one form, with its day when that is another; one to come is asked again; a name is no time."""
    way = ["", "99700218896", "ameli", "v", "1", "v"]
    session = stage.run(*way, "1", "23h59", "hier 18h40", "25:10", "42", "", "3")
    tick = next(event for event in session.events if isinstance(event, Ticked))
    assert (tick.time, tick.person, tick.reference) == ("23/11 18:40", "25:10", "42")
    assert "« 23h59 » est à venir" in stage.output.replace("\u00a0", " ")


# --------------------------------------------------------------------------------------------- a number that is wrong


def test_a_wrong_key_is_asked_again_and_kept_when_insisted_on(stage: Stage) -> None:
    """A wrong key is explained and asked again; the same number again is taken on a clear yes, as unverified."""
    session = stage.run("", "10003461033", "10003461033", "o")
    answer = session.events[1]
    assert isinstance(answer, Answered)
    assert (answer.value, answer.verified) == ("810003461033", False)
    assert "très probablement une faute de frappe" in stage.output


def test_a_wrong_key_is_not_kept_on_enter(stage: Stage) -> None:
    """Enter alone never confirms a doubtful number."""
    session = stage.run("", "10003461033", "")
    assert kinds(session) == [Confirmed, Paused]


def test_an_unshifted_row_is_repaired_only_after_showing(stage: Stage) -> None:
    """AZERTY characters are shown as the digits understood, and taken when confirmed with Enter."""
    azerty = "99700218896".translate(str.maketrans("1234567890", "&é\"'(-è_çà"))
    session = stage.run("", azerty, "")
    assert session.value("rpps") == "899700218896"
    assert "Entrée seule : 8 997 0021 8896" in stage.output


def test_what_was_understood_is_said(stage: Stage) -> None:
    """Eleven digits are taken with the 8 added, and a sentence says so."""
    stage.run("", "99700218896")
    assert "je l’ajoute" in stage.output


def test_a_refused_text_stands_in_the_line_to_be_edited(guide: Guide, facts: Facts) -> None:
    """On a terminal a refused text comes back in the field, whose editing keys work; a key is a key again after it."""
    stage = Stage(guide, facts, Clock(), Look())
    with typed("\r9970021889\r\x15" + "99700218896\rq\r\r"):
        session = stage.run_with(KeyPrompter())
    assert session.value("rpps") == "899700218896"
    assert "9970021889" in stage.output
    assert kinds(session)[-1] is Paused


@pytest.mark.parametrize(
    ("kind", "refused", "behind", "heard"),
    [
        ("rpps", "10100000001", "s", Key("s")),
        ("rpps", "10100000001", " ? ", Key("?")),
        ("rpps", "1010000000", "x", "1010000000x"),
        ("rpps", "10100000001", "99700218896", "99700218896"),
        ("rpps", "9970021889", "6", "99700218896"),
        ("rpps", "8 997 0021 8896", "", "8 997 0021 8896"),
        ("date", "hie", "r", "hier"),
        ("date", "32/11", "q", Key("q")),
        ("email", "docteur@exemple.f", "r", "docteur@exemple.fr"),
        (None, "amel", "s", "amels"),
    ],
)
def test_a_key_behind_a_refused_text_is_that_key(
    guide: Guide, kind: str | None, refused: str, behind: str, heard: str | Key
) -> None:
    """A refused text stands in the line: behind it a key is a key, a whole answer an answer; or they complete it."""
    asked = replace(guide.steps[1], validator=kind)
    check = answering.check_of(asked, START.date())
    assert answering.meant(check, refused, refused + behind, "prsnlokce?q") == heard


def test_a_key_behind_a_refused_text_acts(guide: Guide, facts: Facts) -> None:
    """On a terminal: `s` and Enter, typed behind the refused number that came back, pass the step over."""
    stage = Stage(guide, facts, Clock(), Look())
    with typed("\r10100000001\rs\rinconnu\r\x04"):
        session = stage.run_with(KeyPrompter())
    assert kinds(session) == [Confirmed, Skipped, Paused]


def test_a_list_left_unfinished_ends_where_the_guide_says(guide: Guide, facts: Facts) -> None:
    """A `tick` step with `end_if_unticked` ends there unless every line is ticked, even when it is skipped."""
    steps = [replace(step, end_if_unticked="stopped") if step.id == "tell" else step for step in guide.steps]
    unfinished = replace(guide, steps=tuple(steps))
    way = ["", "99700218896", "ameli", "v", "1", "v"]
    for lines, outcome in (
        (["1", "", "", "", "2", ""], "done"),
        (["1", "", "", "", "", "3"], "stopped"),
        (["s", "plus tard"], "stopped"),
    ):
        session = Stage(unfinished, facts, Clock()).run(*way, *lines)
        assert session.closed
        assert getattr(session.events[-1], "outcome", None) == outcome


# --------------------------------------------------------------------------------------------- the plain look


def test_the_plain_look_never_repeats_a_step(stage: Stage) -> None:
    """A refusal does not paint the step again: a screen reader hears the sentence, then the question."""
    stage.run("", "12", "34", "56")
    assert stage.output.count("Numéro RPPS") == 1


@pytest.mark.parametrize("key", ["x", "oui", "42"])
def test_a_wrong_key_is_one_sentence(stage: Stage, key: str) -> None:
    """A key that means nothing here is said so, and nothing else happens."""
    assert kinds(stage.run(key, "")) == [Confirmed, Paused]
    assert f"Erreur : « {key} »" in stage.output


def test_an_option_may_be_given_by_number_or_id(stage: Stage) -> None:
    """A choice takes the number or the id; anything else is asked again."""
    way = ["", "99700218896", "ameli", "v"]
    session = stage.run(*way, "0", "9", "no")
    assert session.value("seen") == "no"
    assert "Tapez un numéro de 1 à 3" in stage.output


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (Confirmed(START, "open"), "Fait en dernier"),
        (Deviated(START, "open", "old"), "Écart en dernier"),
        (Skipped(START, "open", "pressé"), "Passé en dernier"),
        (Confirmed(START - timedelta(days=365), "open"), "Fait en dernier, le 24/11/2025"),
    ],
)
def test_a_resumed_walk_says_what_became_of_its_last_step(stage: Stage, last: Event, said: str) -> None:
    """A step that ended by a deviation is not told as done; the last is the last written, whatever the clock said."""
    stage.walk.session = apply(stage.walk.session, last)
    stage.walk.resume()
    assert f"Reprise. {said}" in stage.walk.notice
    later = Answered(START - timedelta(days=365 * 2), "rpps", "899700218896")
    stage.walk.session = replay(stage.walk.session.guide, START, [last, later])
    stage.walk.resume()
    assert "24/11/2024" in stage.walk.notice
    assert "Numéro RPPS" in stage.walk.notice


def test_a_step_with_a_deadline_whose_values_were_not_kept_is_resumed_earlier(stage: Stage) -> None:
    """The way back before a deadline is taken from the question that a resume asks again, when there is one."""
    session = stage.run("", "99700218896", "ameli")
    stage.walk.session = replay(session.guide, START, [redacted(session.guide, event) for event in session.events])
    stage.walk.resume()
    step = current(stage.walk.session)
    assert isinstance(step, Step)
    assert step.id == "open"


def test_a_number_asked_again_is_held_against_its_kept_mask(stage: Stage) -> None:
    """After a resume the kept mask stands with the question; another number is kept on a clear yes alone."""
    session = stage.run("", "99700218896", "ameli")
    stage.walk.session = replay(session.guide, START, [redacted(session.guide, event) for event in session.events])
    stage.walk.resume()
    session = stage.run("", "10001234565", "10001234565", "n", "10001234565", "o")
    assert "Gardé de cette réponse : 8 *** **** 8896." in stage.output.replace("\u00a0", " ")
    assert "8 100 0123 4565 ne va pas avec 8 *** **** 8896" in stage.output.replace("\u00a0", " ")
    given = [event for event in session.events if isinstance(event, Answered) and event.step == "rpps"][-1]
    assert (given.value, given.verified) == ("810001234565", False)


@pytest.mark.parametrize("line", ["1", "am"])
def test_a_line_to_tick_may_be_given_by_number_or_id(stage: Stage, line: str) -> None:
    """Given by its id, a line is the same line: its record is asked for, and given again it is taken back."""
    way = ["", "99700218896", "ameli", "v", "yes", "v", line, "", "Mme Durand", "A-12"]
    ticked = stage.run(*way).ticks["tell", "am"]
    assert (ticked.person, ticked.reference) == ("Mme Durand", "A-12")
    assert not stage.run(line).ticks


def test_end_of_input_on_a_terminal_pauses(guide: Guide, facts: Facts) -> None:
    """Ctrl-D at any of the three questions pauses, and answers nothing."""
    for way, last in (("", Paused), ("\r", Paused), ("\r99700218896\rameli\rv", Paused)):
        with typed(way + "\x04"):
            session = Stage(guide, facts, Clock()).run_with(KeyPrompter())
        assert type(session.events[-1]) is last


def test_typing_where_nothing_is_asked_is_ignored(guide: Guide, facts: Facts) -> None:
    """At a step to confirm, other keys and pastes do nothing at all."""
    with typed("zzz\x1b[200~rm -rf\nq\x1b[201~P\x04\x04"):
        session = Stage(guide, facts, Clock()).run_with(KeyPrompter())
    assert kinds(session) == [Paused]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([""], "Fait en dernier"),
        (["s", "pressé"], "Passé en dernier"),
        (["p", "1", ""], "Écart en dernier"),
    ],
)
def test_a_walk_taken_up_says_how_the_last_step_was_settled(
    guide: Guide, facts: Facts, lines: list[str], said: str
) -> None:
    """Done, passed over or deviated from: its own word, and the time of day here, whatever the offset of the event."""
    elsewhere = Stage(guide, facts, Clock(START.astimezone(timezone(timedelta(hours=9, minutes=30)))))
    session = elsewhere.run(*lines)
    elsewhere.walk.resume()
    assert f"{said}, à {session.events[0].at.astimezone():%H:%M} : Ouvrir « l’application »." in elsewhere.walk.notice


def test_nothing_is_asked_for_a_skip_that_is_refused(facts: Facts, clock: Clock) -> None:
    """At a question that decides what follows, critical or not, `s` is refused before any reason is asked for."""
    steps = [
        {**each, "critical": "true", "why": "Un danger."} if each["id"] == "seen" else each for each in GUIDE["steps"]
    ]
    stage = Stage(shaped(Guide, {**GUIDE, "steps": steps}), facts, clock)
    stage.run("", "99700218896", "ameli", "v", "s")
    assert "Choisissez « je ne sais pas »" in stage.output
    assert "Pourquoi passer" not in stage.output
    assert "critique" not in stage.output


def test_an_end_that_is_too_long_begins_with_its_outcome(guide: Guide, facts: Facts, clock: Clock) -> None:
    """Where the ticket does not fit under it, the outcome stands at the top; `l` turns the pages, Enter closes."""
    stage = Stage(guide, facts, clock, Look())
    way = ["", "99700218896", "ameli", "v", "yes", "v", "tout", "", "", "", ""]
    stage.console.size = ConsoleDimensions(80, 12)
    stage.run(*way)
    first = stage.output.rpartition("RÉUSSI")[2]
    assert "C’est « activé »." in first
    assert "lignes de plus" in first
    assert "l : lire la suite" in first
    assert "Nom du service : ameli" not in first
    stage.run("l", "")
    assert "Nom du service : ameli" in stage.output.rpartition("RÉUSSI")[2]
