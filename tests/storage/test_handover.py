"""A walk handed over: one file between two data folders, nothing lost, nothing taken that does not fit."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ecps_cli.core.events import Noted
from ecps_cli.core.text import text_digest
from ecps_cli.storage.lock import Lock
from ecps_cli.storage.rows import EventRow, SessionRow, digest
from ecps_cli.storage.store import Store
from support.commands import Ran, call

GUIDE = """\
format: 1
id: handed
version: "1"
title: Ce qui est transmis
verified_on: 2026-11-24
review_by: 2127-05-24
sources: [fiche]
steps:
  - {id: read, who: support, device: computer, do: Lire, expect: C’est lu}
  - {id: number, who: support, ask: Numéro RPPS, validate: rpps, keep: masked}
  - {id: mail, who: support, ask: Courriel, keep: full}
  - {id: type, who: support, device: computer, do: Taper le numéro, expect: Il est affiché, show: [number], end: done}
outcomes:
  done: {success: true, text: Fait.}
"""


class Home:
    """A PC: its data folder, and the commands run there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str, typed: str = "") -> Ran:
        return call(*arguments, typed=typed, environ={"ECPS_DATA": str(self.folder)})

    def rows(self) -> dict[SessionRow, list[EventRow]]:
        with closing(Store(self.folder)) as store:
            return {row: store.event_rows(row.id) for row in store.rows()}


@pytest.fixture
def here(tmp_path: Path) -> Home:
    return Home(tmp_path / "here")


@pytest.fixture
def there(tmp_path: Path) -> Home:
    return Home(tmp_path / "there")


@pytest.fixture
def file(here: Home, tmp_path: Path) -> Path:
    """Walk half of a guide here, and return the file that it was exported into."""
    (tmp_path / "facts.yaml").write_text('fiche: {kind: source, name: F, value: "https://example.org"}\n', "utf-8")
    (guide := tmp_path / "handed.yaml").write_text(GUIDE, "utf-8")
    typed = "\n\n99700218896\nn\nle code est 4177\nameli\nq\n\n"
    assert here.run("run", str(guide), "--case", "INC-12", typed=typed).code == 5
    ((row, _),) = here.rows().items()
    written = tmp_path / "marche.json"
    ran = here.run("sessions", "--export", row.id, "-o", str(written))
    assert (ran.code, ran.out) == (0, "")
    return written


def test_a_walk_goes_on_at_another_pc(here: Home, there: Home, file: Path) -> None:
    """There it stands where it stood here, asks again what is masked, and notes from which case it came."""
    ran = there.run("resume", str(file), typed="99700218896\n\n")
    assert ran.code == 0
    assert "Numéro RPPS" in ran.out  # and the address, which is kept, is not asked again: nothing was typed for it
    ((row, events),) = there.rows().items()
    ((same, before),) = here.rows().items()
    assert (row, events[: len(before)]) == (same, before)
    assert "Transmis d’un autre poste, dossier INC-12." in events[len(before)].body
    assert there.run("sessions", "--verify").code == 0


def test_what_is_masked_on_the_disk_is_masked_in_the_file(file: Path) -> None:
    """No answer that the guide does not let be kept, and no code of a note, is in the file."""
    text = file.read_text("utf-8")
    bodies = [re.sub(r'"at": "[^"]*"', "", each["body"]) for each in json.loads(text)["events"]]
    assert "8 *** **** 8896" in text
    assert any("****" in each for each in bodies)
    assert "99700218896" not in text
    assert [each for each in bodies if "4177" in each] == []  # which the digits of a hash or of a time may hold


def test_taking_a_file_twice_changes_nothing(there: Home, file: Path) -> None:
    """The second time, no event is added by the taking itself, and there is one session still."""
    assert there.run("resume", str(file)).code == 5
    ((row, once),) = there.rows().items()
    assert there.run("resume", str(file)).code == 5
    ((again, twice),) = there.rows().items()
    assert (again, twice[: len(once)]) == (row, once)
    assert [each.kind for each in twice[len(once) :]] == ["Resumed", "Paused"]
    assert sum("Transmis" in each.body for each in twice) == 1


def test_a_walk_may_come_back(here: Home, there: Home, file: Path, tmp_path: Path) -> None:
    """What was walked on there is taken here as its continuation; what went on otherwise here is refused."""
    ((row, before),) = here.rows().items()
    assert there.run("resume", str(file), typed="99700218896\nn\nde là-bas\nq\n\n").code == 5
    back = tmp_path / "retour.json"
    assert there.run("sessions", "--export", row.id, "-o", str(back)).code == 0
    assert here.run("resume", str(back)).code == 5
    ((_, after),) = here.rows().items()
    assert any("de là-bas" in each.body for each in after)
    assert here.run("sessions", "--verify").code == 0
    assert there.run("resume", row.id, typed="n\nautrement\n").code == 5
    assert there.run("sessions", "--export", row.id, "-o", str(back), "--force").code == 0
    count = len((here.rows())[row])
    refused = here.run("resume", str(back))
    assert refused.code == 1
    assert "a continué autrement ici, depuis l’événement n° " in refused.said
    assert len(here.rows()[row]) == count
    assert len(before) < count


def edited(file: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads(file.read_text("utf-8"))
    edit(document)
    file.write_text(json.dumps(document), "utf-8")


CHANGES: dict[str, Callable[[dict[str, Any], int], object]] = {
    "body": lambda event, _: event.update(body=event["body"].replace("T", "t", 1)),
    "kind": lambda event, _: event.update(kind="Paused" if event["kind"] != "Paused" else "Resumed"),
    "previous": lambda event, _: event.update(previous="0" * 64),
    "hash": lambda event, _: event.update(hash="0" * 64),
    "number": lambda event, _: event.update(number=event["number"] + 1),
}


@pytest.mark.parametrize("change", [*CHANGES, "taken out"])
def test_an_altered_file_is_refused_with_its_first_event(there: Home, file: Path, change: str) -> None:
    """Whichever event was altered or taken out, also the last, its number is named, and nothing of the file is kept."""
    whole = file.read_text("utf-8")
    count = len(json.loads(whole)["events"])
    assert count > 5
    for index in range(count):
        file.write_text(whole, "utf-8")
        if change == "taken out":
            edited(file, lambda document, index=index: document["events"].pop(index))  # type: ignore[misc]
        else:
            edited(file, lambda document, index=index: CHANGES[change](document["events"][index], index))  # type: ignore[misc]
        ran = there.run("resume", str(file))
        assert ran.code == 1
        assert f"a été altéré : l’événement n° {index + 1} n’est pas celui qui a été écrit." in ran.said
        assert there.rows() == {}


@pytest.mark.parametrize("name", SessionRow._fields)
def test_an_altered_session_is_refused(there: Home, file: Path, name: str) -> None:
    """A field of the session that was changed shows at its first event, or is none that can be."""
    value: dict[str, object] = {"practice": 1, "id": "20260101-000000", "started": "2020-01-01T00:00:00+00:00"}
    edited(file, lambda document: document["session"].update({name: value.get(name, "autre")}))
    ran = there.run("resume", str(file))
    assert (ran.code, "altéré : l’événement n° 1 " in ran.said, there.rows()) == (1, True, {})


@pytest.mark.parametrize("name", ["guide", "facts"])
def test_an_altered_guide_is_refused(there: Home, file: Path, name: str) -> None:
    """The texts of the guide and of its facts are those whose hashes the session holds."""
    edited(file, lambda document: document.update({name: document[name] + "\n"}))
    ran = there.run("resume", str(file))
    assert (ran.code, "le guide ou les faits ne sont pas ceux" in ran.said, there.rows()) == (1, True, {})


def forged(document: dict[str, Any]) -> None:
    """Make the chain of a document that was changed anew, as whoever knows the tool can."""
    document["session"].update(guide=text_digest(document["guide"]), facts=text_digest(document["facts"]))
    row = SessionRow(**document["session"])
    document["seal"] = row.seal
    for number, event in enumerate(document["events"], 1):
        previous = document["seal"]
        document["seal"] = digest(row.id, number, event["kind"], event["body"], previous)
        event.update(number=number, previous=previous, hash=document["seal"])


BODIES = {
    "deep": "[" * 5000,
    "half a character": '{"at": "2026-11-24T08:00:00+00:00", "step": "read", "text": "\\ud800", "mismatch": false}',
    "no offset": '{"at": "2026-11-24T08:00:00", "step": "read", "text": "x", "mismatch": false}',
    "the end of time": '{"at": "9999-12-31T23:59:59-23:59", "step": "read", "text": "x", "mismatch": false}',
    "the beginning of time": '{"at": "0001-01-01T00:00:00+23:59", "step": "read", "text": "x", "mismatch": false}',
    "NaN": "NaN",
    "a number": '{"at": 1e999, "step": "read", "text": "x", "mismatch": false}',
    "a colour": '{"at": "2026-11-24T08:00:00+00:00", "step": "read", "text": "\\u001b[31m", "mismatch": false}',
    "an unknown key": '{"at": "2026-11-24T08:00:00+00:00", "step": "read", "text": "x", "mismatch": false, "more": 1}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_forged_event_that_none_can_be_is_refused_with_its_number(there: Home, file: Path, body: str) -> None:
    """With its chain made anew, what is no event is still none, and is refused before anything is kept."""

    def forge(document: dict[str, Any]) -> None:
        document["events"].insert(1, {"kind": "Noted", "body": body})
        forged(document)

    edited(file, forge)
    ran = there.run("resume", str(file))
    assert (ran.code, "l’événement n° 2 ne se lit pas avec cette version" in ran.said) == (1, True)
    assert there.rows() == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("started", "9999-12-31T23:59:59-23:59"),
        ("started", "0001-01-01T00:00:00+23:59"),
        ("tool", "\ud800"),
        ("guide_id", "\ud800"),
        ("tool", "\x1b[31m"),
        ("guide_id", "another"),
    ],
)
def test_a_forged_session_that_none_can_be_is_refused(there: Home, file: Path, field: str, value: str) -> None:
    """A time beyond the calendar, half a character, the id of another guide: no session, whatever its chain says."""

    def forge(document: dict[str, Any]) -> None:
        document["session"][field] = value
        if value.isascii():
            forged(document)

    edited(file, forge)
    ran = there.run("resume", str(file))
    assert (ran.code, there.rows()) == (1, {})


def test_a_file_of_a_newer_version_says_so(there: Home, file: Path) -> None:
    """What another version has written is no altered file: the remedy is to update the tool."""
    edited(file, lambda document: document.update(format="ecps-guide session, version 2"))
    ran = there.run("resume", str(file))
    assert (ran.code, "vient d’une version plus récente de l’outil. Mettez l’outil à jour." in ran.said) == (1, True)


def test_a_long_walk_is_taken_and_a_huge_file_refused(there: Home, file: Path) -> None:
    """A file larger than a guide may be is read, since it holds one; what no walk makes is refused by its size."""

    def comment_much(document: dict[str, Any]) -> None:
        for text in ("guide", "facts"):
            document[text] += f"# {'x' * 90}\n" * 10_000
        forged(document)

    edited(file, comment_much)
    assert file.stat().st_size > 1_000_000
    assert there.run("resume", str(file)).code == 5
    file.write_text(" " * 20_000_001, "utf-8")
    assert "dépasse 20 Mo" in there.run("resume", str(file)).said


@pytest.mark.parametrize(
    "content",
    [
        *("", "{", "[]", "null", "3", "NaN", '"x"', "{}", '{"format": "autre"}', "[" * 5000),
        '{"format": "ecps-guide session, version 1", "session": [], "events": []}',
        '{"format": "ecps-guide session, version 1", "session": {"id": "../x"}, "events": []}',
    ],
)
def test_what_is_no_exported_session_is_a_sentence(there: Home, tmp_path: Path, content: str) -> None:
    """A file of another kind is refused in a sentence that says how one is made."""
    (wrong := tmp_path / "wrong.json").write_text(content, "utf-8")
    ran = there.run("resume", str(wrong))
    assert ran.code == 1
    assert "sessions --export" in ran.said


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "../x"),
        ("id", 3),
        ("practice", 2),
        ("practice", True),
        ("started", "jadis"),
        ("started", "2026-11-24"),
        ("tool", None),
    ],
)
def test_a_field_of_a_wrong_kind_is_refused(there: Home, file: Path, field: str, value: object) -> None:
    """An id that leads out of the folder, a time without offset, another type: no session, even before its chain."""
    edited(file, lambda document: document["session"].update({field: value}))
    ran = there.run("resume", str(file))
    assert (ran.code, "n’est pas une session exportée" in ran.said) == (1, True)
    assert [path.name for path in there.folder.parent.iterdir() if path.suffix == ".lock"] == []


def test_a_session_that_is_open_there_is_not_written_to(there: Home, file: Path) -> None:
    """While the session is walked in another window, a file adds nothing to it."""
    session_id = json.loads(file.read_text("utf-8"))["session"]["id"]
    there.folder.mkdir()
    with closing(Lock(there.folder, session_id)):
        ran = there.run("resume", str(file))
        assert (ran.code, "ouverte dans une autre fenêtre" in ran.said) == (1, True)
    assert there.rows() == {}


def test_another_session_of_the_same_second_is_not_mixed_in(there: Home, file: Path) -> None:
    """A session that has the same id and is another one keeps what it has."""
    row = SessionRow(**json.loads(file.read_text("utf-8"))["session"])
    with closing(Store(there.folder)) as store:
        store.receive(row._replace(tool="autre"), ("", ""), [])
        store.append(row.id, Noted(datetime.fromisoformat(row.started), "read", "à moi"))
    before = there.rows()
    ran = there.run("resume", str(file))
    assert (ran.code, "porte ici cet identifiant" in ran.said, there.rows() == before) == (1, True, True)


@pytest.mark.parametrize("more", [("--json",), ("--practice",), ("--verify",), ("--guide", "x"), ("--abandon", "x")])
def test_export_stands_alone(here: Home, file: Path, more: tuple[str, ...]) -> None:
    """`--export` goes with `-o` and `--force` alone, and those with nothing else."""
    assert here.run("sessions", "--export", "x", *more).code == 2
    assert here.run("sessions", "-o", str(file)).code == 2
