"""Files that one can tell apart: the label of a case, a walk that is abandoned and reopened, what the menu offers."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest

from ecps_cli.cli.menu import KEPT, _choices
from ecps_cli.cli.resuming import left_unfinished
from ecps_cli.cli.starting import _unfinished
from ecps_cli.storage.store import Store
from support.commands import call
from support.shipped import GUIDES


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
    """With calls left to make, the end is no dead end: it says how the session goes on, at the step that ended it."""
    leave = ["", "o"]
    way = ["3", *leave, "", *leave, *leave, "", "s", "inconnu", *leave, "v", "2", "la CPAM demain"]
    ended = call("fraud", typed="\n".join([*way, ""]), environ=home)
    session = newest(home)
    assert (ended.code, ended.err) == (4, f"Pas abouti. Pour le rouvrir : ecps-guide resume {session['id']}\n")
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


def test_a_walk_in_which_nothing_was_done_is_not_said_to_be_paused(home: dict[str, str]) -> None:
    """Left at its first step, whatever page stood before, it leaves no session: nothing is there to be taken up."""
    ran = call("activate", "--mobile", "--case", "GLPI 4711", typed="\nq\n", environ=home)
    assert ran.code == 5
    assert "Rien n’a été commencé." in ran.err
    assert "pause" not in ran.said
    assert call("sessions", environ=home).out == "Aucune session.\n"


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
    first, *_, last = _choices().values()
    assert re.fullmatch(offered or "Suivre un guide", first)
    assert last == (KEPT["kept"] if left else "Lire un guide")


def named(home: dict[str, str], label: str, guide: str = "fraud", typed: str = "3\n") -> str:
    """Walk a guide for a case, as far as these lines go, and return the id of the session."""
    call("run", guide, "--case", label, typed=typed, environ=home)
    return newest(home)["id"]


def test_a_case_is_named_wherever_a_session_is(home: dict[str, str], tmp_path: Path) -> None:
    """The label of a case, in any capitals, stands for its only session in every command that takes one."""
    session_id = named(home, "Dr Petit")
    call("fraud", typed="3\n", environ=home)
    assert "Dr Petit" in call("report", "dr petit", environ=home).out
    assert "Rien n’a été signalé" in call("feedback", "Dr Petit", environ=home).said
    assert "Étape 2 sur" in call("resume", "Dr Petit", environ=home).out
    assert f"La session {session_id} est inachevée" in call("test", "--from", "Dr Petit", environ=home).said
    handed = tmp_path / "parcours.json"
    assert call("sessions", "--export", "Dr Petit", "-o", str(handed), environ=home).code == 0
    assert session_id in handed.read_text("utf-8")
    assert f"ecps-guide resume {session_id}" in call("sessions", "--abandon", "Dr Petit", environ=home).said
    assert call("case", "Dr Petit", "GLPI", "12", environ=home).said == f"Dossier GLPI 12 : session {session_id}."
    assert "La session ou le dossier « Dr Petit » n’existe pas." in call("report", "Dr Petit", environ=home).said


def test_a_case_with_several_sessions_names_them(home: dict[str, str]) -> None:
    """Where one session is meant and the case has two, a sentence lists both; `resume` takes the unfinished one."""
    done, left = (
        named(home, "Dr Martin", typed="p\n1\n\n"),
        named(home, "Dr Martin", "activate-mobile", "\n99700218896\n"),
    )
    ran = call("report", "Dr Martin", environ=home)
    assert (ran.code, ran.out) == (1, "")
    assert "Le dossier « Dr Martin » a 2 sessions. Nommez-en une : " in ran.said
    assert re.search(rf"{done} \(Dr Martin, \d\d/\d\d/\d{{4}} à \d\d:\d\d : Fraude à la e-CPS\)", ran.said)
    assert left in ran.said
    resumed = call("resume", "Dr Martin", environ=home)
    assert (resumed.code, "en mobilité" in resumed.out, "Quelle session" in resumed.out) == (5, True, False)


def test_a_request_for_erasure_is_answered_by_the_case(home: dict[str, str]) -> None:
    """`forget` with a label takes all sessions of that case, exercises too, named before the question, and no other."""
    first, second = named(home, "Dr Martin"), named(home, "Dr Martin", "activate-mobile", "\n99700218896\n")
    call("fraud", "--practice", "--case", "dr martin", typed="3\n", environ=home)
    other = named(home, "Dr Petit")
    ran = call("forget", "Dr Martin", typed="o\n", environ=home)
    assert ran.code == 0
    told, asked = ran.err, ran.out
    assert re.search(rf"^{first} : Dr Martin, \d\d/\d\d/\d{{4}} à \d\d:\d\d : Fraude à la e-CPS$", told, re.MULTILINE)
    assert f"{second} : Dr Martin, " in told
    assert "dr martin, exercice, " in told
    assert other not in told
    assert "Effacer pour toujours 3 sessions ? (o/n)" in asked
    assert [each["id"] for each in json.loads(call("sessions", "--json", environ=home).out)] == [other]
    assert call("sessions", "--practice", environ=home).out == "Aucune session.\n"


@pytest.mark.parametrize(
    ("case", "offered"),
    [
        ("", "Dr Martin"),
        ("dr martin", "Dr Martin"),
        ("Dr Petit", None),
        ("DR LUNE", "Dr Lune"),
    ],
)
def test_a_guide_is_offered_again_for_its_own_case_alone(home: dict[str, str], case: str, offered: str | None) -> None:
    """The newest unfinished session; where a case is given, the one of that case; of another case, none."""
    ids = {label: named(home, label) for label in ("Dr Lune", "Dr Martin")}
    with closing(Store(Path(home["ECPS_DATA"]))) as store:
        found = _unfinished(store, GUIDES["fraud"], case)
        assert (found.id if found else None) == ids.get(offered or "")
        if found:
            told = f"ce guide est resté inachevé (dossier {offered}), à « Appeler l’ANS tout de suite »."
            assert left_unfinished(store, found).endswith(told)


def test_the_menu_leads_to_a_record_and_to_its_erasure(home: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has the menu alone reads the record of any session, an older one too, copies it, and erases it."""
    monkeypatch.setattr("ecps_cli.cli.rereading.OFFERED", 2)
    oldest, *others = [named(home, f"T{number}") for number in range(3)]
    with mock.patch("ecps_cli.cli.app.sys") as seen:
        seen.stdin.isatty.return_value = seen.stdout.isatty.return_value = True
        left = call(typed="6\n1\n\n", environ=home)
        gone = call(typed="6\n3\n1\nc\ne\no\n", environ=home)
    assert "Dossier : T2 ; guide : Fraude à la e-CPS" in left.said
    assert "Plus anciens" in gone.said
    assert "Dossier : T0 ; guide : Fraude à la e-CPS" in gone.said
    assert "copié" in gone.said.lower()
    assert f"{oldest} : T0, " in gone.err
    assert "Effacé : 1 session." in gone.err
    assert {each["id"] for each in json.loads(call("sessions", "--json", environ=home).out)} == {*others}
