"""A new guide: what `new` writes, beside what is there, and what it refuses to write."""

from __future__ import annotations

import json
import os
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from ecps_cli.authoring.schema import guide_schema
from ecps_cli.authoring.starter import CONTACT, SOURCE, facts_text, guide_text, six_months_after
from ecps_cli.core.guide import ACTIONS
from ecps_cli.core.session import End, current
from ecps_cli.loading.library import Library
from ecps_cli.loading.loader import load_facts, load_guide
from support.commands import call
from support.guide_texts import as_editor
from support.scripts import Script, scripts

TODAY = date(2026, 11, 24)
FACTS = load_facts(facts_text(TODAY), "facts.yaml")
GUIDE = load_guide(guide_text("mine", SOURCE, CONTACT, TODAY), "mine.yaml", FACTS)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, away from the user's own."""
    monkeypatch.setenv("ECPS_DATA", str(tmp_path / "data"))
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


# ------------------------------------------------------------------------------------------------- the starting point


def test_it_loads_and_is_valid_as_it_is(folder: Path) -> None:
    """What is written loads without a problem, is valid to an editor, and names the schema that lies beside it."""
    assert call("new", "mine").code == 0
    assert Library(folder).find("mine").guide.id == "mine"
    text = (folder / "mine.yaml").read_text("utf-8")
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert named
    schema = json.loads((folder / named[1]).read_text("utf-8"))
    assert schema == guide_schema()
    assert Draft202012Validator(schema).is_valid(as_editor(text))


@pytest.mark.parametrize("script", list(scripts(GUIDE)), ids=lambda script: script.name)
def test_every_path_of_it_ends(script: Script) -> None:
    """Each option and each deviation of the starting point leads to an end."""
    assert isinstance(current(script.session), End)


def test_check_says_what_of_it_is_still_to_be_replaced(folder: Path) -> None:
    """The facts that it wrote are the template's: a warning for each, with the guide alone and with the folder."""
    call("new", "mine")
    alone, whole, strict = call("check", "mine.yaml"), call("check", "."), call("check", "--strict", "mine.yaml")
    assert (alone.code, whole.code, strict.code) == (0, 0, 1)
    for ran, file, count in ((alone, "mine.yaml", 2), (whole, "facts.yaml", 2)):
        assert len(re.findall(rf"^{file}:\d+:\d+: W707 ", ran.out, re.MULTILINE)) == count
    text = (folder / "facts.yaml").read_text("utf-8")
    for old, new in ((r"À remplacer : [^\"]*", "Notice de 2026"), (r"Support \([^)]*\)", "Support du cabinet")):
        text = re.sub(old, new, text)
    (folder / "facts.yaml").write_text(text, "utf-8")
    assert call("check", "--strict", "mine.yaml").code == 0


def test_what_explains_its_keys_is_at_hand(folder: Path) -> None:
    """Its comments send nobody to a page of a repository: what they name is a command, or lies beside it."""
    call("new", "mine")
    comments = " ".join(re.findall(r"#(.*)", (folder / "mine.yaml").read_text("utf-8")))
    assert "docs/" not in comments
    for file in re.findall(r"\b[\w.]+\.(?:md|json|yaml)\b", comments):
        assert (folder / file).exists()
    assert call(*re.findall(r"ecps-guide (check --explain \w+)", comments)[0].split()).code == 0


def test_it_is_walked_at_once_from_the_command_that_is_proposed(folder: Path) -> None:
    """The command that `new` proposes walks the guide, as it was written, to its end."""
    proposed = call("new", "mine").out.splitlines()[-1].partition(" : ")[2].split()
    ran = call(*proposed[1:], typed="\n\nv\nameli\n1\n1\n2\nA42\n\n")
    assert ran.code == 0, ran.said
    assert "RÉUSSI — Le service est ouvert." in ran.said


def test_it_shows_one_of_each_and_keeps_the_rules_of_checklists() -> None:
    """It has each kind of action, a critical step with its why, an `unsure`, and what must be seen at each action."""
    assert {step.action for step in GUIDE.steps} == set(ACTIONS)
    assert any(step.critical and step.why for step in GUIDE.steps)
    for step in GUIDE.steps:
        assert step.action != "do" or step.expect
        assert step.action != "choose" or step.options["unsure"] == "Je ne sais pas"
        assert len(step.text.split()) <= 20
        assert all(len(each.do.split()) <= 20 for each in step.deviations)


def test_every_key_that_it_explains_is_one() -> None:
    """What its comments quote as keys or words of the format are keys or words of it."""
    comments = " ".join(re.findall(r"#(.*)", guide_text("mine", SOURCE, CONTACT, TODAY)))
    words = set(re.findall(r"« ([a-z_]+) »", comments))
    schema = json.dumps(guide_schema())
    assert words
    assert all(f'"{word}"' in schema for word in words - {"unsure", "fait"})


def test_the_facts_that_it_proposes_load_once_uncommented() -> None:
    """The examples in the new facts.yaml are facts, without their `#`."""
    text = re.sub(r"^# (?=[a-z ])", "", facts_text(TODAY), flags=re.MULTILINE)
    assert set(load_facts(text, "facts.yaml")) == {SOURCE, CONTACT, "page-du-service"}


@pytest.mark.parametrize(
    ("today", "review"),
    [
        (date(2026, 11, 24), date(2027, 5, 24)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 6, 30), date(2026, 12, 30)),
        (date(2026, 12, 31), date(2027, 6, 30)),
    ],
)
def test_it_is_to_be_read_again_in_six_months(today: date, review: date) -> None:
    """The review is due the same day six months later, or on the last day of a shorter month."""
    assert six_months_after(today) == review
    assert load_guide(guide_text("mine", SOURCE, CONTACT, today), "mine.yaml", FACTS).review_by == review


def test_the_days_are_those_of_today(folder: Path) -> None:
    """The command dates the guide and its source with the day on which it is run."""
    before = date.today()
    call("new", "mine")
    found = Library(folder).find("mine")
    assert before <= found.guide.verified_on <= date.today()
    assert found.facts[SOURCE].verified_on == found.guide.verified_on


# ------------------------------------------------------------------------------------------------- beside what is there


NOTICE = "notice: {kind: source, name: N, value: V}\n"
OTHER = NOTICE.replace("notice", "other")
PHONES = """\
old: {kind: phone, name: A, value: "3607", source: notice, verified_on: 2026-01-01, status: former}
aide: {kind: phone, name: A, value: "3608", source: notice, verified_on: 2026-01-01}
"""


@pytest.mark.parametrize(("text", "contacts"), [(NOTICE, ()), (OTHER + PHONES + NOTICE, ("aide",))])
def test_the_facts_that_are_there_are_taken(text: str, contacts: tuple[str, ...], folder: Path) -> None:
    """In a folder with facts, the new guide names a number of theirs and its source, and nothing there is touched."""
    facts = folder / "facts.yaml"
    facts.write_text(text, "utf-8")
    before = facts.read_bytes()
    ran = call("new", "mine")
    assert ran.code == 0
    assert "facts.yaml" not in ran.out
    assert facts.read_bytes() == before
    guide = Library(folder).find("mine").guide
    assert (guide.sources, guide.contacts) == (("notice",), contacts)


def test_a_second_guide_shares_what_the_first_one_brought(folder: Path) -> None:
    """The facts and the schema are written once."""
    call("new", "one")
    ran = call("new", "two")
    assert ran.out.splitlines() == ["Écrit : two.yaml", "Essayez : ecps-guide run two.yaml"]
    assert set(Library(folder).ids()) == {"one", "two"}


def test_it_can_be_written_elsewhere(folder: Path) -> None:
    """`-o` names the file; what goes with it is written beside it, and a name with a space is quoted."""
    (folder / "mes guides").mkdir()
    ran = call("new", "mine", "-o", "mes guides/mine.yaml")
    assert ran.code == 0
    assert {each.name for each in (folder / "mes guides").iterdir()} == {"mine.yaml", "facts.yaml", "guide.schema.json"}
    assert ran.out.splitlines()[-1] == f'Essayez : ecps-guide run "{Path("mes guides/mine.yaml")}"'


# ------------------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Mon Guide",), "« Mon Guide » n’est pas un identifiant. Écrivez par exemple « mon-guide »."),
        (("Éléphant_2",), "« Éléphant_2 » n’est pas un identifiant. Écrivez par exemple « elephant-2 »."),
        (("../x",), "« ../x » n’est pas un identifiant. Écrivez par exemple « x »."),
        (('"; a: b',), "n’est pas un identifiant. Écrivez par exemple « a-b »."),
        (("a\u202eb",), "Le caractère invisible U+202E n’est pas permis. Effacez-le."),
        (("a" * 61,), "est trop long pour un identifiant. Écrivez 60 caractères au plus."),
        (("",), "« id » n’a pas de valeur."),
        (("facts",), "« facts.yaml » est le nom du fichier des faits. Donnez un autre nom au guide."),
        (("x", "-o", "facts.yaml"), "« facts.yaml » est le nom du fichier des faits. Donnez un autre nom au guide."),
        (("x", "-o", "no/x.yaml"), "Le dossier « no » n’existe pas. Créez-le, ou donnez un autre nom."),
        (("x", "-o", "."), "Le fichier « . » existe déjà."),
        (("x", "-o", "y" * 300), "ne peut pas être écrit ("),
    ],
)
def test_what_cannot_be_a_guide_is_refused_with_a_remedy(arguments: tuple[str, ...], said: str, folder: Path) -> None:
    """A wrong id gets the nearest right one, a place that cannot be gets a sentence; exit 1, and nothing is written."""
    ran = call("new", *arguments)
    assert ran.code == 1
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1
    assert list(folder.iterdir()) == []


def test_nothing_is_ever_written_over(folder: Path) -> None:
    """A file that is there stays as it is, whatever it is: a guide, a link that leads nowhere."""
    call("new", "mine")
    before = {each: each.read_bytes() for each in folder.iterdir()}
    ran = call("new", "mine")
    assert (ran.code, ran.out) == (1, "")
    assert "Le fichier « mine.yaml » existe déjà. Choisissez un autre identifiant, ou un autre dossier" in ran.err
    assert {each: each.read_bytes() for each in folder.iterdir()} == before


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_that_cannot_be_written_is_said(folder: Path) -> None:
    """Without the right to write, one sentence."""
    folder.chmod(0o500)
    try:
        ran = call("new", "mine")
    finally:
        folder.chmod(0o700)
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ("a: {kind: term, name: A, value: A, source: a, verified_on: 2026-01-01}\n", "n’est pas une source"),
        ("{}\n", "« facts.yaml » n’a aucun fait de genre « source ». Ajoutez-en un, puis recommencez."),
        ("[", "facts.yaml:1:2:"),
    ],
)
def test_facts_that_do_not_serve_are_said(facts: str, said: str, folder: Path) -> None:
    """Beside facts with a problem, or without a source, no guide is written: it could not be walked."""
    (folder / "facts.yaml").write_text(facts, "utf-8")
    ran = call("new", "mine")
    assert ran.code == 1
    assert said in ran.err
    assert [each.name for each in folder.iterdir()] == ["facts.yaml"]


def test_the_text_is_plain_yaml() -> None:
    """Another reader of YAML makes the same of it: nothing in it depends on how this tool reads."""
    data: Any = yaml.safe_load(guide_text("mine", SOURCE, CONTACT, TODAY))
    assert data["id"] == "mine"
    assert data["review_by"] == date(2027, 5, 24)
