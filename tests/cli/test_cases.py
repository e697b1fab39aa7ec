"""Files that one can tell apart: the label of a case, a walk that is abandoned and reopened, what the menu offers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ecps_cli.cli.menu import _unfinished
from support.commands import call


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Keep what the tool writes out of the user's folders."""
    return {"ECPS_DATA": str(tmp_path / "data"), "BROWSER": "true"}


def newest(home: dict[str, str]) -> dict[str, str]:
    """Return the newest session, as `sessions --json` tells of it."""
    told: dict[str, str] = json.loads(call("sessions", "--json", environ=home).out)[0]
    return told


def test_a_label_is_shown_wherever_a_session_is_named(home: dict[str, str]) -> None:
    """Given when the walk begins or afterwards, the label is in `sessions`, its JSON, `resume` and `report`."""
    call("fraud", "--case", "GLPI 4711", typed="3\n", environ=home)
    session = newest(home)
    assert session["label"] == "GLPI 4711"
    assert call("case", session["id"], "INC", "12", environ=home).said == f"Dossier INC 12 : session {session['id']}."
    assert newest(home)["label"] == "INC 12"
    assert "INC 12" in call("sessions", environ=home).out
    assert "1. INC 12, " in call("resume", environ=home).out
    assert "INC 12" in call("report", session["id"], environ=home).out
    assert json.loads(call("report", session["id"], "--format", "json", environ=home).out)["label"] == "INC 12"


def test_a_label_is_short_and_holds_no_code(home: dict[str, str]) -> None:
    """More than forty characters are refused, and a code is masked, with a sentence."""
    assert call("fraud", "--case", "x" * 41, environ=home).code == 2
    ran = call("fraud", "--case", "PIN 4521", typed="3\n", environ=home)
    assert "4521" not in ran.out + ran.err + str(newest(home))


def test_a_label_is_given_on_the_opening_screen(home: dict[str, str]) -> None:
    """`d` asks for it, in words that ask for no name; it is then on the line of keys, and a longer one is refused."""
    ran = call("activate", "--mobile", typed=f"d\n{'x' * 41}\nGLPI 12\n\n99700218896\n", environ=home)
    assert "Numéro de ticket ou initiales (r : retour, Entrée : aucun ; ni nom, ni code) :" in ran.said
    assert "41 caractères : 40 au plus." in ran.said
    assert "d : dossier GLPI 12" in ran.said
    assert newest(home)["label"] == "GLPI 12"


def test_a_walk_that_ended_unfinished_can_be_reopened(home: dict[str, str]) -> None:
    """With calls left to make, the end is no dead end: named, the session goes on at the step that ended it."""
    leave = ["", "o"]
    way = ["3", *leave, "", *leave, *leave, "", "s", "inconnu", *leave, "", "2", "la CPAM demain"]
    assert call("fraud", typed="\n".join([*way, ""]), environ=home).code == 4
    session = newest(home)
    assert (session["state"], session["outcome"]) == ("no success", "unfinished")
    again = call("resume", session["id"], environ=home)
    assert again.code == 5
    assert "Qui rappeler, et quand" in again.out
    assert newest(home)["state"] == "unfinished"


def test_an_abandoned_walk_is_offered_no_more_and_can_be_reopened(home: dict[str, str]) -> None:
    """Closed from outside, a session is not offered by `resume` alone; named, it goes on."""
    call("fraud", typed="3\n", environ=home)
    session_id = newest(home)["id"]
    assert f"ecps-guide resume {session_id}" in call("sessions", "--abandon", session_id, environ=home).said
    assert call("resume", environ=home).said == "Aucune session n’est restée inachevée."
    again = call("resume", session_id, environ=home)
    assert again.code == 5
    assert "Étape 2 sur" in again.out
    assert newest(home)["state"] == "unfinished"


@pytest.mark.parametrize("options", [(), ("--phone",), ("--plain", "--phone"), ("--guides",)], ids=" ".join)
def test_a_paused_walk_is_resumed_under_its_options(
    options: tuple[str, ...], home: dict[str, str], tmp_path: Path
) -> None:
    """The command that is offered is the whole of it: over the telephone, what is taken up is said as well."""
    folder = [str(tmp_path)] if "--guides" in options else []
    ran = call("fraud", *options, *folder, typed="3\nq\n\n", environ=home)
    assert ran.err.split("\n")[-2].endswith(" ".join(["Pour reprendre : ecps-guide resume", *options, *folder]))
    again = call("resume", *options, *folder, typed="\nq\n\n", environ=home)
    assert ("Dites : " in again.said) is ("--phone" in options)


def test_a_walk_abandoned_at_q_says_how_to_reopen_it(home: dict[str, str]) -> None:
    """`x` after `q` ends it without success, under an id that reopens it; where nothing is kept, no id is promised."""
    ran = call("fraud", typed="3\nq\nx\n", environ=home)
    assert ran.code == 4
    assert ran.err.split("\n")[-2] == f"Abandonné. Pour le rouvrir : ecps-guide resume {newest(home)['id']}"
    Path(home["ECPS_DATA"]).rename(f"{home['ECPS_DATA']} of before")
    Path(home["ECPS_DATA"]).write_text("no folder", "utf-8")
    lost = call("fraud", typed="3\nq\nx\n", environ=home)
    assert lost.code == 4
    assert lost.err.split("\n")[-2] == "Abandonné."
    assert "ecps-guide resume" not in lost.said


@pytest.mark.parametrize(
    ("left", "offered"),
    [
        (0, None),
        (1, r"Reprendre : T0, \d.*, laissé .* : Fraude à la e-CPS, à « Appeler l’ANS tout de suite »"),
        (2, r"Reprendre un parcours \(2 inachevés\)"),
        (3, r"Reprendre un parcours \(plus de 2 inachevés\)"),
    ],
)
def test_the_menu_offers_what_is_unfinished(
    left: int, offered: str | None, home: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One session is named with its label and age, several are counted, and of more than are listed that is said."""
    for number in range(left):
        call("fraud", "--case", f"T{number}", typed="3\n", environ=home)
    monkeypatch.setattr("ecps_cli.cli.resuming.OFFERED", 2)
    monkeypatch.setenv("ECPS_DATA", home["ECPS_DATA"])
    said = next(iter(_unfinished().values()), None)
    assert (said is None) == (offered is None)
    assert offered is None or re.fullmatch(offered, said or "")
