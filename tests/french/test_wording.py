"""The French words for values: Markdown as text, who and where, states, ways, lengths of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ecps_cli.core.events import Answered, Confirmed, Deviated, Skipped, Ticked
from ecps_cli.core.guide import Deviation, Guide, Otherwise, Step, Then
from ecps_cli.core.session import Session
from ecps_cli.french.words import (
    addresses,
    ago,
    day_and_time,
    duration,
    leads_to,
    plural,
    result_text,
    shown,
    since,
    spans,
    state_of,
    strip_markup,
    way_out,
    who_and_where,
)
from support.sample import GUIDE, START
from support.shapes import shaped


def step(guide: Guide, step_id: str) -> Step:
    found = guide.step(step_id)
    assert found is not None
    return found


# --------------------------------------------------------------------------------------------------------- Markdown


@pytest.mark.parametrize(
    ("source", "text", "bold"),
    [
        ("sans rien", "sans rien", []),
        ("**Activer** puis **Fermer**", "Activer puis Fermer", ["Activer", "Fermer"]),
        ("voir [la page](https://example.org/a?b=c)", "voir la page (https://example.org/a?b=c)", []),
        ("Vérifier :\n- un\n- deux", "Vérifier :\n• un\n• deux", []),
        ("- **seul**", "• seul", ["seul"]),
        ("  autour \n", "autour", []),
        ("2 - 1 = 1", "2 - 1 = 1", []),
        ("un * deux ** trois", "un * deux ** trois", []),
        ("[bold]x[/bold] [/x]", "[bold]x[/bold] [/x]", []),
        ("[sans adresse] (rien)", "[sans adresse] (rien)", []),
        ("", "", []),
    ],
)
def test_the_small_markdown(source: str, text: str, bold: list[str]) -> None:
    """Bold, links and lists are read; an address stands beside its label; all the rest is text, letter for letter."""
    runs = list(spans(source))
    assert "".join(run.text for run in runs) == text
    assert [run.text for run in runs if run.bold] == bold


@pytest.mark.parametrize(
    ("source", "without", "found"),
    [
        ("voir [la page](https://example.org/a), puis", "voir la page, puis", ["https://example.org/a"]),
        ("[un](https://a.fr) et [deux](https://b.fr)", "un et deux", ["https://a.fr", "https://b.fr"]),
        ("**Activer**", "Activer", []),
        ("[rien] du tout", "[rien] du tout", []),
    ],
)
def test_addresses_apart(source: str, without: str, found: list[str]) -> None:
    """Where the addresses of a text are shown on lines of their own, its links are their labels only."""
    assert "".join(run.text for run in spans(source, with_addresses=False)) == without
    assert addresses(source) == found


def test_a_text_on_one_line() -> None:
    """Where only a line will do, the same text stands on one."""
    assert strip_markup("Vérifier **tout** :\n- un ;\n- deux.") == "Vérifier tout : • un ; • deux."


# ------------------------------------------------------------------------------------------------------ who and where


@pytest.mark.parametrize(
    ("who", "device", "words"),
    [
        ("doctor", "phone", "Le médecin, sur son téléphone"),
        ("doctor", "computer", "Le médecin, sur l’ordinateur"),
        ("doctor", "second-device", "Le médecin, sur le deuxième appareil"),
        ("doctor", None, "Le médecin"),
        ("support", "phone", "Vous, sur le téléphone du médecin"),
        ("support", "computer", "Vous, sur l’ordinateur"),
        ("support", "second-device", "Vous, sur le deuxième appareil"),
        ("support", None, "Vous"),
        (None, "phone", "Vous, sur le téléphone du médecin"),
        (None, None, "Vous"),
    ],
)
def test_who_does_it_and_where(who: str | None, device: str | None, words: str) -> None:
    """Each pair of person and device has its words; nobody named is the person at the keyboard."""
    given = {name: value for name, value in (("who", who), ("device", device)) if value}
    assert who_and_where(shaped(Step, {"id": "x", "do": "Y.", **given})) == words


@pytest.mark.parametrize(
    ("step_id", "section"), [("open", "Préparer"), ("name", "Préparer"), ("pin", "Activer"), ("tell", "Prévenir")]
)
def test_a_section_holds_until_the_next_one(guide: Guide, step_id: str, section: str) -> None:
    """A step stands under the last heading before it."""
    assert guide.sections[step_id] == section


def test_a_guide_without_sections_has_no_heading() -> None:
    """Where no section is named, none is shown."""
    bare = {**GUIDE, "steps": [{"id": "only", "do": "Fermer.", "end": "done"}]}
    guide = shaped(Guide, bare)
    assert guide.sections[guide.steps[0].id] == ""


# ------------------------------------------------------------------------------------------------------------- states


def test_each_state_has_its_word(guide: Guide) -> None:
    """Done, settled otherwise, passed over, left in part, under way and to come are six words."""
    skipped, deviated = Skipped(START, "rpps", "inconnu"), Deviated(START, "open", "old")
    session = replace(Session(guide, START), resolved={"open": deviated, "rpps": skipped})
    states = [state_of(session, each) for each in guide.steps[:4]]
    assert states == ["écart", "passé", "en cours", "à faire"]
    assert state_of(replace(session, resolved={"open": Confirmed(START, "open")}), guide.steps[0]) == "fait"
    left = replace(session, resolved={each.id: Confirmed(START, each.id) for each in guide.steps})
    tell = guide.steps[-1]
    assert state_of(left, tell) == "partiel"
    assert (
        state_of(replace(left, ticks={("tell", each.id): Ticked(START, "tell", each.id) for each in tell.items}), tell)
        == "fait"
    )


# --------------------------------------------------------------------------------------------------------------- ways


@pytest.mark.parametrize(
    ("then", "sentence"),
    [
        ("continue", "Ensuite : passer à l’étape suivante."),
        ("retry", "Ensuite : recommencer cette étape (1 fois au plus)."),
        ({"back": "open"}, "Ensuite : reprendre à l’étape « Ouvrir l’application »."),
        ({"back": "seen"}, "Ensuite : reprendre à l’étape « Cela marche-t-il ? »."),
        ({"end": "stopped"}, "Ensuite : le guide s’arrête. C’est arrêté."),
        ({"end": "done"}, "Ensuite : le guide s’arrête. C’est « activé »."),
    ],
)
def test_where_a_deviation_leads(guide: Guide, then: Any, sentence: str) -> None:
    """Each way out of a deviation is told before it is taken, in words and without Markdown."""
    deviation = shaped(Deviation, {"id": "x", "if": "Y", "do": "Z", "then": then, "max": "1"})
    assert leads_to(guide, deviation) == sentence


def test_going_on_from_the_last_step_is_the_end(guide: Guide) -> None:
    """After the step that ends a walk nothing comes: a remedy after which one goes on leads to the outcome."""
    deviation = shaped(Deviation, {"id": "x", "if": "Y", "do": "Z", "then": "continue"})
    last = replace(next(step for step in guide.steps if step.end == "done"), deviations=(deviation,))
    ending = replace(guide, steps=(*guide.steps[:-1], last))
    assert leads_to(ending, deviation) == "Ensuite : le guide s’arrête. C’est « activé »."


def test_a_way_back_to_nowhere_does_not_raise(guide: Guide) -> None:
    """A step that is not there, which the loader refuses, is no reason for a traceback."""
    deviation = Deviation(id="x", if_="Y", do="Z", then=Then(back="nowhere"))
    assert leads_to(guide, deviation) == "Ensuite : reprendre à l’étape."


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        ({"if": "Pas de téléphone", "do": "Revenir demain."}, "Pas de téléphone. Revenir demain."),
        ({"if": "C’est une fraude", "guide": "fraud"}, "C’est une fraude. Suivre le guide « Fraude »."),
        ({"if": "À refaire : elle a expiré.", "guide": "x"}, "À refaire : elle a expiré. Suivre le guide « x »."),
        ({"if": "Est-elle perdue ?", "do": "Appeler."}, "Est-elle perdue ? Appeler."),
    ],
)
def test_the_way_out_of_the_wrong_guide(way: dict[str, str], sentence: str) -> None:
    """Who opened the wrong guide reads what to do, or which guide to follow, as a sentence after that of the case."""
    assert way_out(shaped(Otherwise, way), {"fraud": "« Fraude »"}) == sentence


@pytest.mark.parametrize(
    ("step_id", "value", "text"),
    [("rpps", "899700218896", "8 997 0021 8896"), ("name", "899700218896", "899700218896"), ("name", "[b]", "[b]")],
)
def test_an_answer_is_shown_as_it_is_read_aloud(guide: Guide, step_id: str, value: str, text: str) -> None:
    """A number is grouped by its validator; a free text stays as it was typed."""
    assert shown(step(guide, step_id), value).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(), "0 s"),
        (timedelta(milliseconds=999), "0 s"),
        (timedelta(seconds=1), "1 s"),
        (timedelta(seconds=59.9), "59 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=12, seconds=30), "12 min 30 s"),
        (timedelta(minutes=59, seconds=59), "59 min 59 s"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=1, minutes=5, seconds=59), "1 h 05 min"),
        (timedelta(days=1, hours=2), "26 h"),
        (timedelta(days=365, minutes=59), "365 jours"),
        (timedelta(days=2, hours=3), "2 jours 3 h"),
    ],
)
def test_a_length_of_time(span: timedelta, words: str) -> None:
    """A duration is told in the two units that matter, never rounded up."""
    assert duration(span) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-5), "à l’instant"),
        (timedelta(seconds=59), "à l’instant"),
        (timedelta(minutes=5), "il y a 5 min"),
        (timedelta(hours=23, minutes=59), "il y a 23 h"),
        (timedelta(days=1), "il y a 1 jour"),
        (timedelta(days=-365), "à une date à venir (horloge fausse ?)"),
    ],
)
def test_how_long_ago(span: timedelta, words: str) -> None:
    """A time in the past is told in one unit; one to come, which a wrong clock has given, is not told as now."""
    assert ago(span) == words


def test_a_time_is_that_of_this_pc_or_said_to_be_missing() -> None:
    """When something began is told by the clock of this PC, whatever zone it was kept in; no time is made up."""
    here = START.astimezone()
    assert day_and_time(START) == f"{here.day:02}/11/2026 à {here.hour:02}:{here.minute:02}"
    assert since(START) == f" depuis {here.hour:02}:{here.minute:02}, le {here.day:02}/11"
    assert (day_and_time(None), since(None)) == ("sans date", "")


def test_an_answer_that_was_given_decides_what_is_under_way(guide: Guide) -> None:
    """At the end of a walk nothing is under way any more."""
    session = replace(
        Session(guide, START),
        resolved={
            each.id: Answered(START, each.id, "no") if each.id == "seen" else Confirmed(START, each.id)
            for each in guide.steps[:6]
        },
    )
    assert [state_of(session, each) for each in guide.steps] == ["fait"] * 6 + ["à faire"] * 2


@pytest.mark.parametrize(
    ("number", "words", "told"),
    [
        (0, "ligne", "0 ligne"),
        (1, "étape passée", "1 étape passée"),
        (2, "étape passée", "2 étapes passées"),
        (2, "journal abîmé", "2 journaux abîmés"),
        (3, "fois", "3 fois"),
    ],
)
def test_words_agree_with_their_number(number: int, words: str, told: str) -> None:
    """From two on, and not before, every word behind a number is in the plural."""
    assert plural(number, words) == told


def test_a_result_is_told_in_one_way() -> None:
    """An end that was reached by passing over steps says so; a walk that goes on rests on nothing yet."""
    assert result_text("success", 0) == "réussi"
    assert result_text("success", 2) == "réussi, 2 étapes passées"
    assert result_text("no success", 1) == "pas abouti, 1 étape passée"
    assert result_text("unfinished", 1) == "inachevé"
