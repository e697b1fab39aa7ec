"""The text for the ticket: one fact a line, masked what is to be masked, and never what is not to be kept."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest

from ecps_cli.core.events import (
    Abandoned,
    Answered,
    Confirmed,
    Deviated,
    Ended,
    Event,
    Labelled,
    Noted,
    Paused,
    Reopened,
    Skipped,
    Ticked,
    WentBack,
)
from ecps_cli.core.guide import Fact, Guide
from ecps_cli.core.moves import replay
from ecps_cli.core.session import End, Session, current
from ecps_cli.exports.record import record_of
from ecps_cli.exports.ticket import ticket
from ecps_cli.french.event_text import answer, sentence
from ecps_cli.loading.library import open_library
from support.sample import GUIDE, START
from support.scripts import scripts
from support.shapes import shaped

RPPS = "899700218896"
NAME = "Service des [bold]urgences[/bold]"


def to_the_list(answer: str = "yes") -> list[Event]:
    """Return what leads to the last step of the guide, ten seconds a step."""
    return [
        Confirmed(START + timedelta(seconds=10), "open"),
        Answered(START + timedelta(seconds=20), "rpps", RPPS),
        Answered(START + timedelta(seconds=30), "name", NAME),
        Confirmed(START + timedelta(seconds=40), "type"),
        Answered(START + timedelta(seconds=50), "seen", answer),
        Confirmed(START + timedelta(seconds=60), "stop" if answer == "no" else "pin"),
    ]


def ticket_of(session: Session) -> str:
    """Ticket of a session whose guide names no fact but its own."""
    facts = {name: Fact(kind="source", name=name, value=name) for name in ("fiche", "aide", "page")}
    return ticket(record_of(session, facts))


def lines(guide: Guide, events: list[Event]) -> list[str]:
    return ticket_of(replay(guide, START, events)).splitlines()


def test_a_walk_to_success_line_by_line(guide: Guide) -> None:
    """The record of a walk holds its guide, result, times, answers and ticks, and nothing else."""
    later = START + timedelta(seconds=70)
    events = [
        *to_the_list(),
        Ticked(later, "tell", "am", "18:31", "Mme X", "AB-42"),
        Confirmed(START + timedelta(seconds=95), "tell"),
        Ended(START + timedelta(seconds=95), "tell", "done"),
    ]
    assert lines(guide, events) == [
        "Guide : Essai (demo, version 1) ; début : 24/11/2026 à 18:30 ; durée : 1 min 35 s",
        "Résultat : réussi. C’est « activé ».",
        "Numéro RPPS : 8 *** **** 8896",
        f"Nom du service : {NAME}",
        "Cela marche-t-il ? Oui",
        "L’Assurance Maladie : fait à 18:31 ; Mme X ; AB-42",
        "L’Ordre : à faire",
    ]


def test_an_end_without_success_says_so(guide: Guide) -> None:
    """An outcome that is no success is told as such, and the steps that were never on the way are not."""
    events = [*to_the_list("no")]
    session = replay(guide, START, events)
    assert isinstance(current(session), End)
    text = ticket_of(session)
    assert "Résultat : pas abouti. C’est arrêté." in text.splitlines()
    assert "L’Ordre" not in text


def test_a_result_says_how_many_steps_it_does_not_rest_on(guide: Guide) -> None:
    """A success that was reached by passing over steps says so beside the result."""
    events: list[Event] = [
        Skipped(START, "open", "déjà ouvert"),
        *to_the_list()[1:],
        Confirmed(START + timedelta(seconds=95), "tell"),
        Ended(START + timedelta(seconds=95), "tell", "done"),
    ]
    assert "Résultat : réussi, 1 étape passée. C’est « activé »." in lines(guide, events)


def test_a_walk_that_stopped_names_the_step(guide: Guide) -> None:
    """A walk that is not at its end says where it stands instead of a result."""
    text = ticket_of(replay(guide, START, [*to_the_list()[:2], Paused(START + timedelta(hours=2), "name")]))
    assert "Arrêté à l’étape : Nom du service" in text.splitlines()
    assert "Résultat" not in text


def test_a_break_is_nobodys_time(guide: Guide) -> None:
    """What passes between a pause and the next event is not counted."""
    events: list[Event] = [
        Confirmed(START + timedelta(seconds=10), "open"),
        Paused(START + timedelta(seconds=15), "rpps"),
        Answered(START + timedelta(hours=15), "rpps", RPPS),
        Answered(START + timedelta(hours=15, seconds=20), "name", NAME),
    ]
    assert "durée : 35 s" in ticket_of(replay(guide, START, events))


def test_what_went_otherwise_is_told(guide: Guide) -> None:
    """Deviations, steps passed over and why, notes, changed screens: a line each, in order; the same twice, once."""
    events: list[Event] = [
        Noted(START, "open", "le médecin est pressé"),
        Deviated(START, "open", "black"),
        Deviated(START, "open", "black"),
        Deviated(START, "open", "old"),
        Skipped(START, "rpps", "carte oubliée"),
        Noted(START, "name", "un bouton rouge", mismatch=True),
    ]
    assert lines(guide, events)[-5:] == [
        "Note : « le médecin est pressé »",
        "Écart : Écran noir. Remède : Rallumer. (2 fois)",
        "Écart : L’ancien écran. Remède : Continuer.",
        "Passée : Numéro RPPS. Raison : « carte oubliée »",
        "Écran différent : « un bouton rouge »",
    ]


def test_a_step_that_was_passed_over_and_then_done_is_not_told(guide: Guide) -> None:
    """Nobody reads in a ticket that a step was passed over which is done: the lines and their count agree."""
    events: list[Event] = [Skipped(START, "open", "médecin absent"), WentBack(START, "rpps", "open"), *to_the_list()]
    text = ticket_of(replay(guide, START, events))
    assert "Passée" not in text
    assert "Passée : Ouvrir" in ticket_of(replay(guide, START, events[:1]))


def test_an_answer_taken_back_is_gone(guide: Guide) -> None:
    """After going back, an answer that was not given again is not in the record."""
    events: list[Event] = [*to_the_list()[:3], WentBack(START + timedelta(seconds=35), "type", "rpps")]
    text = ticket_of(replay(guide, START, events))
    assert "8896" not in text
    assert NAME not in text


def with_keep(keep: str, validator: str | None) -> Guide:
    data = deepcopy(GUIDE)
    data["steps"][1]["keep"] = keep
    if validator:
        data["steps"][1]["validate"] = validator
    else:
        del data["steps"][1]["validate"]
    return shaped(Guide, data)


@pytest.mark.parametrize(
    ("keep", "validator", "value", "expected"),
    [
        ("masked", "rpps", RPPS, "8 *** **** 8896"),
        ("full", "rpps", RPPS, "8 997 0021 8896"),
        ("masked", "mobile-fr", "+33639981234", None),
        ("masked", "email", "docteur.exemple@exemple.fr", None),
        ("masked", None, "Le secret", "(masqué)"),
        ("full", None, "En clair", "En clair"),
        ("never", "rpps", RPPS, ""),
        ("never", None, "Le secret", ""),
    ],
)
def test_what_a_record_holds_of_an_answer(keep: str, validator: str | None, value: str, expected: str | None) -> None:
    """Full is as one reads it aloud, masked gives nothing to use, never is not there at all."""
    guide = with_keep(keep, validator)
    text = ticket_of(replay(guide, START, [Confirmed(START, "open"), Answered(START, "rpps", value)]))
    line = next((line for line in text.splitlines() if line.startswith("Numéro RPPS : ")), "")
    assert bool(line) is (keep != "never")
    if expected:
        assert line.removeprefix("Numéro RPPS : ").replace("\u00a0", " ") == expected
    if keep != "full":
        assert value not in text
        assert value[1:-5] not in text.replace(" ", "")
    if keep == "masked" and validator:
        assert "*" in line


@pytest.mark.parametrize("keep", ["masked", "full"])
def test_a_number_insisted_on_is_marked(keep: str) -> None:
    """An answer that its validator doubts stands in the record as unverified."""
    guide = with_keep(keep, "rpps")
    assert "non vérifié" in answer(guide, Answered(START, "rpps", "810003461033", verified=False))
    assert "non vérifié" not in answer(guide, Answered(START, "rpps", RPPS))


def test_a_list_of_mere_ticks_is_one_line_once_done() -> None:
    """A list that asks for nothing but ticks is told in one line, with what is left of it by name."""
    data = deepcopy(GUIDE)
    del data["steps"][-1]["items"][0]["record"]
    guide = shaped(Guide, data)
    ticks = [*to_the_list(), Ticked(START + timedelta(seconds=61), "tell", "am")]
    assert lines(guide, ticks[:-1])[-1] == "Prévenir : à faire"
    assert lines(guide, ticks)[-1] == "Prévenir : 1 sur 2 ; à faire : L’Ordre"
    assert lines(guide, [*ticks, Ticked(START + timedelta(seconds=62), "tell", "ordre")])[-1] == (
        "Prévenir : tout est coché"
    )


def test_an_exercise_says_so_first(guide: Guide) -> None:
    """The first line of the ticket of an exercise says that it is one."""
    assert ticket_of(replay(guide, START, [], practice=True)).startswith("EXERCICE")


def test_a_resumed_session_tells_the_masked_form(guide: Guide) -> None:
    """What was read back from the journal, where only the masked form is, is told by that form."""
    assert answer(guide, Answered(START, "rpps", "", masked="8 *** **** 8896")) == "8 *** **** 8896"
    assert answer(guide, Answered(START, "unknown", "x")) == ""


def test_no_line_is_markdown() -> None:
    """A ticket is bare text: the marks of a guide's small Markdown are not in it; a label has quotes in their place."""
    data = deepcopy(GUIDE)
    data["steps"][2]["ask"] = "Nom du **service**"
    text = ticket_of(replay(shaped(Guide, data), START, to_the_list()))
    assert "Nom du « service » : " in text
    assert "**service**" not in text


def test_a_choice_is_told_in_words(guide: Guide) -> None:
    """The answer of a choice is part of the procedure, and is always told in its words."""
    assert "Cela marche-t-il ? Je ne sais pas" in lines(guide, to_the_list("unsure"))


def test_a_ticket_says_no_line_that_says_nothing(guide: Guide) -> None:
    """A walk of one step makes the lines that it has, and none of what did not happen."""
    assert lines(guide, to_the_list()[:1]) == [
        "Guide : Essai (demo, version 1) ; début : 24/11/2026 à 18:30 ; durée : 10 s",
        "Arrêté à l’étape : Numéro RPPS",
    ]


def test_a_ticket_has_twelve_lines_at_most(guide: Guide) -> None:
    """Of a long one, notes go first, the last before the others, and the ticket says how many more there are."""
    notes = [Noted(START + timedelta(seconds=each), "rpps", f"note {each}") for each in range(20)]
    events: list[Event] = [
        Deviated(START, "open", "old"),
        *notes,
        Skipped(START + timedelta(minutes=1), "rpps", "pressé"),
    ]
    long = lines(guide, events)
    assert len(long) == 12
    assert long[2] == "Écart : L’ancien écran. Remède : Continuer."
    assert long[-3:] == [
        "Note : « note 6 »",
        "Passée : Numéro RPPS. Raison : « pressé »",
        "Et 13 autres lignes, dans le relevé complet.",
    ]


def test_a_ticket_of_a_fraud_has_twelve_lines_at_most() -> None:
    """Whatever happens on a walk for a fraud, its ticket can be pasted: every answer, deviation and unfinished list."""
    found = open_library(None, {}).find("fraud")
    for script in scripts(found.guide):
        assert len(ticket(record_of(script.session, found.facts)).splitlines()) <= 12, script.name


@pytest.mark.parametrize(
    ("time", "told"),
    [
        ("18:31", "à 18:31"),
        ("23/11 18:31", "le 23/11 à 18:31"),
        ("30/12/2025 9:05", "le 30/12/2025 à 9:05"),
        ("midi", "à midi"),
    ],
)
def test_the_time_of_a_call_is_told_with_its_day(guide: Guide, time: str, told: str) -> None:
    """A call of another day is « le … à … », in the ticket and in the sentence of the event alike."""
    tick = Ticked(START + timedelta(minutes=2), "tell", "am", time)
    assert f"L’Assurance Maladie : fait {told}" in lines(guide, [*to_the_list(), tick])
    assert sentence(guide, tick) == f"Prévenir — L’Assurance Maladie, fait {told}"


def test_an_answer_that_only_chose_the_way_leaves_a_long_ticket_first(guide: Guide) -> None:
    """A choice stands in a short ticket; in one that is full it goes without a word, then answers share a line."""
    notes = [Noted(START + timedelta(seconds=60 + each), "pin", f"note {each}") for each in range(10)]
    for many, told in ((7, True), (8, False), (9, False), (10, False)):
        ticket = lines(guide, [*to_the_list()[:5], *notes[:many]])
        assert ("Cela marche-t-il ? Oui" in ticket) is told
        assert (f"Numéro RPPS : 8 *** **** 8896 ; Nom du service : {NAME}" in ticket) is not told
        assert len(ticket) <= 12
        assert any("autres lignes" in line for line in ticket) is (many == 10)


def test_who_was_told_is_never_left_out() -> None:
    """Acts stand in the ticket however many there are: twelve lines are a rule, not a limit to what happened."""
    data = deepcopy(GUIDE)
    item = data["steps"][-1]["items"][0]
    data["steps"][-1]["items"] = [{**item, "id": f"one-{number}", "text": f"Service {number}"} for number in range(14)]
    text = lines(shaped(Guide, data), to_the_list())
    assert sum(line.endswith(" : à faire") for line in text) == 14


# ------------------------------------------------------------------------------------------------- only what happened


def acting() -> Guide:
    """Guide whose first step is an act."""
    data = deepcopy(GUIDE)
    data["steps"][0]["act"] = "true"
    return shaped(Guide, data)


def test_an_act_is_named_with_its_time() -> None:
    """A step that the guide marks as an act is in the ticket once it was confirmed, with when."""
    done = START + timedelta(minutes=7)
    assert "Ouvrir « l’application » : fait à 18:37" in lines(acting(), [Confirmed(done, "open")])
    assert "Ouvrir « l’application » : fait le 26/11/2026 à 18:30" in lines(
        acting(), [Confirmed(START + timedelta(days=2), "open")]
    )


@pytest.mark.parametrize("event", [Deviated(START, "open", "old"), Skipped(START, "open", "pressé")])
def test_an_act_that_was_not_confirmed_never_reads_as_done(event: Event) -> None:
    """An act left by a deviation or passed over is told by these words, and « fait » is not said of it."""
    text = "\n".join(lines(acting(), [event]))
    assert "fait" not in text.split("Arrêté", 1)[1]
    assert ("Écart : L’ancien écran. Remède : Continuer." in text) is isinstance(event, Deviated)
    assert ("Passée : Ouvrir « l’application ». Raison : « pressé »" in text) is isinstance(event, Skipped)


def test_an_act_that_was_taken_back_is_not_told() -> None:
    """After going back over it, an act is no longer among what was done."""
    events = [Confirmed(START, "open"), WentBack(START, "rpps", "open")]
    assert not [line for line in lines(acting(), events) if "fait" in line]


def test_a_tick_without_its_time_says_when_it_was_noted(guide: Guide) -> None:
    """The time of a tick is that of the note, and is not given out as the time of the call."""
    told = lines(guide, [*to_the_list(), Ticked(START + timedelta(minutes=2), "tell", "am")])
    assert "L’Assurance Maladie : fait ; noté à 18:32" in told


def test_an_abandoned_walk_says_where_and_a_label_names_the_case(guide: Guide) -> None:
    """Given up, a walk says at which step; its label stands first; what was opened again is told."""
    events: list[Event] = [Confirmed(START, "open"), Labelled(START, "rpps", "INC-42"), Abandoned(START, "rpps")]
    told = lines(guide, events)
    assert told[0].startswith("Dossier : INC-42 ; guide : Essai (demo, version 1)")
    assert told[1] == "Abandonné à l’étape : Numéro RPPS"
    assert "Rouvert à l’étape : Numéro RPPS" in lines(guide, [*events, Reopened(START, "rpps")])


def test_a_clock_that_was_put_back_is_said(guide: Guide) -> None:
    """An event dated before the one that came before it is told as what it is: the clock of the computer."""
    events = [Confirmed(START, "open"), Answered(START - timedelta(minutes=65), "rpps", RPPS)]
    assert any(
        "L’horloge de ce PC a reculé de 1 h 05 min : après le 24/11/2026" in line for line in lines(guide, events)
    )
    assert not [line for line in lines(guide, to_the_list()) if "horloge" in line]


def test_of_a_long_question_the_question_alone_is_told() -> None:
    """What a step says before it asks is an order; beside the answer, only the question stands."""
    data = deepcopy(GUIDE)
    data["steps"][4]["choose"] = "**Refusez.** Ne tapez rien. Où en est-on ?"
    assert "Où en est-on ? Oui" in lines(shaped(Guide, data), to_the_list())
