"""What this PC sees of the card path, asked for by a key at a step: shown, recorded, and said by the step itself."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ecps_cli.core.events import Event, Sensed
from ecps_cli.core.guide import Facts, Guide
from ecps_cli.exports.record import record_of
from ecps_cli.exports.ticket import ticket
from ecps_cli.preflight.cards import family_of
from ecps_cli.preflight.checks import Check, Cryptolib, Readings, Service, Slot, Slots, checks_of
from ecps_cli.preflight.wording import card_seen, in_brief
from ecps_cli.screen import step_screen
from ecps_cli.screen.painting import Look
from ecps_cli.walk.by_keys import KeyPrompter
from ecps_cli.walk.by_lines import FilePrompter
from support.commands import call
from support.sample import GUIDE, Clock
from support.shapes import shaped
from support.stage import Stage, typed

CPS4 = bytes.fromhex("3BDC18FF00001225006480000401009000")
VITALE = bytes.fromhex("3B7513000048 09EA9000")


def found(*slots: Slot, running: bool = True) -> list[Check]:
    seen = Slots(slots) if running else Slots(why_unseen="Le service est arrêté.")
    return checks_of(Readings("other", Service(running), seen, Cryptolib(searched=False), ("Firefox",)))


WITH_CPS = found(Slot("Lecteur A", "read", CPS4))
WITH_VITALE = found(Slot("Lecteur A", "read", VITALE))


@pytest.fixture
def card_guide() -> Guide:
    """Return the small guide, its first step being one of the card path."""
    data: dict[str, Any] = deepcopy(GUIDE)
    data["steps"][0]["preflight"] = "true"
    return shaped(Guide, data)


def stage_of(guide: Guide, facts: Facts, checks: list[Check], look: Look | None = None) -> Stage:
    stage = Stage(guide, facts, Clock(), look)
    stage.walk.environment = replace(stage.walk.environment, sense=lambda: checks)
    return stage


def sensed(events: tuple[Event, ...]) -> list[Sensed]:
    return [event for event in events if isinstance(event, Sensed)]


def test_the_key_shows_the_answers_and_records_them(card_guide: Guide, facts: Facts) -> None:
    """What this PC says is on the screen, its remedies too, and one line of it in the record."""
    stage = stage_of(card_guide, facts, WITH_VITALE)
    (event,) = sensed(stage.run("d", "").events)
    assert "Insérez la carte CPS du médecin." in stage.output
    assert "la touche « d » de nouveau" in stage.output
    assert (event.step, event.seen) == ("open", "")
    assert event.text.startswith("service des cartes, lecteur (Lecteur A), carte lue. Manque : carte CPS")
    assert "Aucune carte CPS n’est vue de ce PC." in stage.output


def test_the_step_then_says_that_the_card_is_there(card_guide: Guide, facts: Facts) -> None:
    """The last look counts, with its time; a card that is gone again is not said to be there."""
    stage = stage_of(card_guide, facts, WITH_CPS)
    stage.run("d", "")
    assert "Vu de ce PC à 18:30 : carte CPS4 dans le lecteur." in stage.output
    later = stage_of(card_guide, facts, WITH_CPS)
    later.run("d", "")
    later.walk.environment = replace(later.walk.environment, sense=lambda: WITH_VITALE)
    assert step_screen.card_seen(later.run("d", "")) is None


def test_the_key_is_one_of_the_card_path_where_this_pc_reads_the_card(card_guide: Guide, facts: Facts) -> None:
    """Named in the legend and the help of such a step; not at another one, nor over the telephone, from another PC."""
    stage = stage_of(card_guide, facts, WITH_CPS)
    session = stage.run("?", "", "", "99700218896", "d")
    assert "d : ce PC" in stage.output
    assert "diagnostic : ce que ce PC voit de la carte" in stage.output
    assert session.value("name") == "d", "an answer like any other, where it is no key"
    away = stage_of(card_guide, facts, WITH_CPS, Look(plain=True, phone=True))
    assert sensed(away.run("d").events) == []
    assert "d : ce PC" not in away.output


def test_by_keys_and_from_a_file_the_same_is_recorded(card_guide: Guide, facts: Facts) -> None:
    """The key works in both prompters and in a file of answers."""
    with typed("d\r\x04"):
        by_keys = stage_of(card_guide, facts, WITH_CPS).run_with(KeyPrompter())
    by_file = stage_of(card_guide, facts, WITH_CPS)
    told = by_file.run_with(FilePrompter(by_file.say, {"open": ("d", "")}))
    assert [event.text for event in sensed(by_keys.events)] == [event.text for event in sensed(told.events)] != []


def test_the_record_says_what_was_seen(card_guide: Guide, facts: Facts) -> None:
    """A ticket has one line of it."""
    stage = stage_of(card_guide, facts, WITH_CPS)
    text = ticket(record_of(stage.run("d", ""), facts))
    assert "Vu de ce PC : service des cartes, lecteur" in text
    assert "carte CPS (CPS4)" in text


def test_what_is_recorded_is_short_and_names_no_file() -> None:
    """A sentence for each answer, its questions in two words; a path, which may hold a name, is left out."""
    well = checks_of(
        Readings(
            "windows",
            Service(True, 2),
            Slots((Slot("R", "read", CPS4),)),
            Cryptolib(r"C:\Users\martin\cps3.dll", True, "5.2.6"),
            ("Chrome", "Edge"),
        )
    )
    assert in_brief(well) == (
        "service des cartes, lecteur (R), carte lue, carte CPS (CPS4), Cryptolib CPS, "
        "Cryptolib assez récente (Version 5.2.6), Chrome ou Edge (Chrome, Edge)."
    )
    family = family_of(CPS4)
    assert family
    assert card_seen(well) == family.name
    assert in_brief(found(running=False)).startswith(
        "rien. Manque : service des cartes, Chrome ou Edge. Ne se voit pas d’ici : lecteur"
    )


def test_the_command_of_a_walk_asks_this_pc(tmp_path: Path) -> None:
    """In a real walk the key asks this machine, whatever it has, and the session is kept."""
    environ = {"ECPS_DATA": str(tmp_path)}
    ran = call("activate", "--with-card", typed="\n\n\nd\n\nq\n\n", environ=environ)
    assert ran.code == 5
    assert "Vu de ce PC" in call("report", environ=environ).out
