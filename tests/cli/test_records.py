"""What was kept, handed out or erased: `sessions`, `report` into a file, `feedback`, `forget`, and exercises apart."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest

from ecps_cli.core.events import Confirmed, Event
from ecps_cli.core.journal import JournalError
from ecps_cli.storage.folder import JOURNAL
from ecps_cli.storage.rows import digest
from ecps_cli.storage.store import Store
from ecps_cli.storage.stored_journal import take
from support.commands import LIMIT, Ran, call, quiet
from support.tiers import each_value


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Keep what the tool writes out of the user's folders."""
    return {"ECPS_DATA": str(tmp_path / "data")}


@pytest.fixture
def store(home: dict[str, str]) -> Iterator[Store]:
    with closing(Store(Path(home["ECPS_DATA"]))) as opened:
        yield opened


def walk(home: dict[str, str], *lines: str, guide: str = "fraud", practice: bool = False) -> Ran:
    """Walk a guide by lines, until they end."""
    more = ("--practice",) if practice else ()
    return call("run", guide, *more, typed="".join(f"{line}\n" for line in lines), environ=home)


FALSE_ALARM = ("p", "1", "")
"""What is typed at `fraud` to end at once, with success."""


def ids(home: dict[str, str], *more: str) -> list[str]:
    """Return the ids that `sessions` lists."""
    return [each["id"] for each in json.loads(call("sessions", "--json", *more, environ=home).out)]


def alter(home: dict[str, str], statement: str) -> None:
    with closing(Store(Path(home["ECPS_DATA"]))) as opened:
        for (name,) in opened._base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            opened._base.execute(f"DROP TRIGGER {name}")
        opened._base.executescript(statement)


# ------------------------------------------------------------------------------------------------------------- sessions


def test_sessions_are_listed_newest_first_with_their_state(home: dict[str, str]) -> None:
    """Where no terminal reads it, each session is one line: when, which guide, its outcome or where it stopped."""
    walk(home, *FALSE_ALARM)
    walk(home, "", "n", "une note", guide="activate-mobile")
    ran = call("sessions", environ=home)
    assert (ran.code, ran.err) == (0, "")
    first, second = ran.out.splitlines()
    assert " Créer sa e-CPS en mobilité ou sans sa carte CPS : " in first
    assert "inachevé" in first
    assert first.endswith("Numéro RPPS du médecin")
    assert " Fraude à la e-CPS : " in second
    assert "réussi" in second
    assert "Ce n’était pas une fraude" in second
    assert f"{datetime.now().astimezone():%d/%m/%Y}" in first


def test_sessions_as_json_says_the_same(home: dict[str, str]) -> None:
    """The JSON is one list of objects with ids, ISO times, states, and nothing but JSON on standard output."""
    walk(home, *FALSE_ALARM)
    walk(home, "6")
    unfinished, done = json.loads(call("sessions", "--json", environ=home).out)
    assert (done["guide"], done["title"], done["state"]) == ("fraud", "Fraude à la e-CPS", "success")
    assert (done["outcome"], done["where"]) == ("false-alarm", None)
    assert (unfinished["state"], unfinished["outcome"], unfinished["where"]) == ("unfinished", None, "deactivate")
    assert datetime.fromisoformat(done["started"]).tzinfo
    assert isinstance(done["seconds"], int)


@pytest.mark.parametrize("more", [(), ("--guide", "nothing"), ("--practice",)])
def test_no_session_is_a_sentence_and_an_empty_list(home: dict[str, str], more: tuple[str, ...]) -> None:
    """Without any session there is a sentence; in JSON, an empty list."""
    if "--guide" in more or "--since" in more:
        walk(home, "1")
    ran = call("sessions", *more, environ=home)
    assert (ran.code, ran.out) == (0, "Aucune session.\n")
    assert json.loads(call("sessions", "--json", *more, environ=home).out) == []


def test_sessions_of_a_guide_and_since_a_day(home: dict[str, str], store: Store) -> None:
    """`--guide` and `--since` narrow the list; the day itself is in it; a day is read as in a walk."""
    now = datetime.now().astimezone()
    for days in (20, 10, 0):
        at = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)
        store.append(store.begin(at, f"guide-{days}", "g", "", "t", False), Confirmed(at, "open"))
    assert len(ids(home)) == 3
    assert len(ids(home, "--guide", "guide-10")) == 1
    ten = now - timedelta(days=10)
    assert len(ids(home, "--since", f"{ten:%d/%m/%Y}")) == 2
    assert len(ids(home, "--since", f"{ten + timedelta(days=1):%Y-%m-%d}")) == 1
    assert len(ids(home, "--since", "hier")) == 1
    assert len(ids(home, "--since", "01/01/2020")) == 3
    for text, says in {"tantôt": "n’est pas une date", "demain": "est à venir"}.items():
        wrong = call("sessions", "--since", text, environ=home)
        assert wrong.code == 2
        assert says in wrong.said


def test_a_session_that_cannot_be_read_does_not_hide_the_others(home: dict[str, str]) -> None:
    """A session of a guide that this tool can no longer read, or whose time was altered, is listed as such."""
    walk(home, *FALSE_ALARM)
    walk(home, "6")
    alter(home, "UPDATE session SET started = 'jadis' WHERE id = (SELECT max(id) FROM session)")
    ran = call("sessions", environ=home)
    assert ran.code == 0
    assert "illisible" in ran.out
    assert "réussi" in ran.out
    assert {each["state"] for each in json.loads(call("sessions", "--json", environ=home).out)} == {
        "success",
        "unreadable",
    }


def test_verify_says_that_nothing_was_altered(home: dict[str, str]) -> None:
    """When every hash fits, `--verify` says how many sessions, exercises too, with 0."""
    walk(home, "6")
    walk(home, "6", practice=True)
    ran = call("sessions", "--verify", environ=home)
    assert ran.code == 0
    assert "2 sessions vérifiées" in ran.out


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE event SET body = replace(body, 'pending', 'refused') WHERE number = 1", "l’événement n° 1 "),
        ("UPDATE event SET kind = 'Ended' WHERE number = 2", "l’événement n° 2 "),
        ("DELETE FROM event WHERE number = 1", "l’événement n° 1 "),
        ("UPDATE session SET started = '2020-01-01T00:00:00+00:00'", "l’événement n° 1 "),
        ("UPDATE session SET practice = 2", "l’événement n° 1 "),
        ("UPDATE session SET started = x'41'", "l’événement n° 1 "),
        ("DELETE FROM session", "il n’en reste que les événements"),
        ("UPDATE text SET body = body || ' '", "ont été altérés"),
        ("UPDATE text SET body = CAST(body AS BLOB)", "ont été altérés"),
        ("UPDATE event SET body = CAST(body AS BLOB) WHERE number = 2", "l’événement n° 2 "),
        ("UPDATE event SET kind = x'00' WHERE number = 1", "l’événement n° 1 "),
        ("UPDATE session SET guide_id = x'00'", "l’événement n° 1 "),
        ("UPDATE session SET practice = x'30'", "l’événement n° 1 "),
        ("DELETE FROM event WHERE number = 2", "l’événement n° 2 "),
        ("DELETE FROM event", "il n’en reste que le début"),
        (
            "DROP INDEX session_started; CREATE INDEX x ON session (id); PRAGMA writable_schema = ON;"
            " UPDATE sqlite_master SET sql = 'CREATE INDEX x ON session (started)' WHERE name = 'x'",
            "Le fichier du journal est abîmé",
        ),
    ],
)
def test_verify_names_what_was_altered(home: dict[str, str], statement: str, said: str) -> None:
    """`--verify` names the session and its first event that does not fit, or its text, with 1."""
    walk(home, "1", "")
    (name,) = ids(home)
    alter(home, statement)
    ran = call("sessions", "--verify", environ=home)
    assert (ran.code, ran.out) == (1, "")
    assert f"Session {name} : " in ran.err or "fichier" in said
    assert said in ran.said


@pytest.mark.parametrize(
    ("command", "table"),
    each_value(
        [("sessions",), ("sessions", "--json"), ("report",), ("resume",), ("feedback",)],
        ["session", "event", "text", "holder"],
    ),
)
def test_a_value_of_a_wrong_type_ends_no_command_with_a_bug(
    home: dict[str, str], command: tuple[str, ...], table: str
) -> None:
    """Whichever column of a journal holds bytes, null or a number in place of text, a session is set apart by name."""
    walk(home, "6")
    walk(home, *FALSE_ALARM)
    with closing(Store(Path(home["ECPS_DATA"]))) as opened:
        columns = [row[1] for row in opened._base.execute(f"PRAGMA table_info({table})")]
    file = Path(home["ECPS_DATA"]) / JOURNAL
    whole = file.read_bytes()
    for column in columns:
        for value in ("x'ff00'", "3.5", f"CAST({column} AS BLOB)"):
            alter(home, f"UPDATE OR IGNORE {table} SET {column} = {value}")
            ran = call(*command, environ=home)
            assert (ran.code in (0, 1, 5), "Traceback" in ran.err) == (True, False), (column, value, ran)
            file.write_bytes(whole)


def test_an_event_that_only_a_newer_tool_knows_sets_its_session_apart(home: dict[str, str]) -> None:
    """An event of a kind unknown here, whole in its chain, makes its session unreadable; the others are listed."""
    walk(home, "6")
    walk(home, *FALSE_ALARM)
    _, newer = ids(home)
    with closing(Store(Path(home["ECPS_DATA"]))) as store:
        last = store.event_rows(newer)[-1]
        values = (newer, last.number + 1, "Newer", "{}", last.hash)
        store._base.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", (*values, digest(*values)))
        store._base.execute("UPDATE last SET number = number + 1 WHERE session = ?", (newer,))
    listed, verified = call("sessions", environ=home), call("sessions", "--verify", environ=home)
    assert (listed.code, "illisible" in listed.out, "réussi" in listed.out) == (0, True, True)
    assert verified.code == 1
    assert f"Session {newer} : La session {newer} ne peut plus être lue par cette version" in verified.said


def test_what_is_proved_is_said(home: dict[str, str]) -> None:
    """A check that finds nothing says also what it cannot find: a chain that was rewritten whole."""
    walk(home, "6")
    assert "une chaîne entière refaite, non" in call("sessions", "--verify", environ=home).said


def test_the_file_of_another_program_is_left_alone(home: dict[str, str]) -> None:
    """A database that says that it is another program's is neither written to nor set aside."""
    folder = Path(home["ECPS_DATA"])
    folder.mkdir()
    with closing(sqlite3.connect(folder / JOURNAL)) as base:
        base.executescript("PRAGMA application_id = 42; CREATE TABLE other (x);")
    before = (folder / JOURNAL).read_bytes()
    ran = call("sessions", environ=home)
    assert (ran.code, "fichier d’un autre programme" in ran.said) == (1, True)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {JOURNAL: before}


# --------------------------------------------------------------------------------------------------------------- report


@pytest.mark.skipif(os.name != "posix", reason="modes, links and pipes of POSIX")
def test_a_file_that_is_replaced_keeps_its_mode_and_its_place(home: dict[str, str], tmp_path: Path) -> None:
    """`--force` replaces what a link leads to, for the same eyes as before; what is no plain file is refused."""
    walk(home, *FALSE_ALARM)
    real, link, pipe = tmp_path / "real.txt", tmp_path / "link.txt", tmp_path / "pipe"
    real.write_text("avant", "utf-8")
    real.chmod(0o600)
    link.symlink_to(real)
    os.mkfifo(pipe)
    assert call("report", "-o", str(link), "--force", environ=home).code == 0
    assert link.is_symlink()
    assert "Fraude" in real.read_text("utf-8")
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    refused = call("report", "-o", str(pipe), "--force", environ=home)
    assert (refused.code, "n’est pas un fichier ordinaire" in refused.said, pipe.is_fifo()) == (1, True, True)


@pytest.mark.parametrize("command", [("report",), ("resume",), ("forget",), ("test", "--from")])
def test_a_name_that_is_not_utf_8_is_that_of_no_session(home: dict[str, str], command: tuple[str, ...]) -> None:
    """A byte that is no letter in the name of a session is an unknown name, and no bug."""
    walk(home, "6")
    ran = call(*command, "\udcff", environ=home)
    assert (ran.code, "n’existe pas" in ran.said) == (1, True)


def test_report_takes_the_last_session_or_the_one_that_is_named(home: dict[str, str]) -> None:
    """Without a name the record is that of the last session; an unknown name is a sentence."""
    assert "Aucune session n’est gardée." in call("report", environ=home).said
    walk(home, *FALSE_ALARM)
    walk(home, "", "n", "une note", guide="activate-mobile")
    last = call("report", environ=home)
    assert last.code == 0
    assert "activate-mobile" in last.out
    named = call("report", ids(home)[1], environ=home)
    assert "fraud" in named.out
    for command in ("report", "feedback", "resume"):
        ran = call(command, "20010101-000000", environ=home)
        assert ran.code == 1
        assert "La session ou le dossier « 20010101-000000 » n’existe pas. Voyez : ecps-guide sessions" in ran.said


def test_report_into_a_file_never_overwrites(home: dict[str, str], tmp_path: Path) -> None:
    """A file that exists is left as it is, unless `--force` says otherwise; a link to nowhere exists too."""
    walk(home, *FALSE_ALARM)
    target = tmp_path / "out" / "relevé.txt"
    target.parent.mkdir()
    ran = call("report", "-o", str(target), environ=home)
    assert (ran.code, ran.out) == (0, "")
    assert "Écrit :" in ran.said
    written = target.read_text("utf-8")
    assert "fraud" in written
    target.write_text("à moi", "utf-8")
    refused = call("report", "-o", str(target), environ=home)
    assert refused.code == 1
    assert "existe déjà" in refused.said
    assert "--force" in refused.said
    assert target.read_text("utf-8") == "à moi"
    assert call("report", "-o", str(target), "--force", environ=home).code == 0
    assert target.read_text("utf-8") == written
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    if os.name == "posix":
        link = target.with_name("link")
        link.symlink_to("nowhere")
        assert call("report", "-o", str(link), environ=home).code == 1


@pytest.mark.parametrize("place", ["missing/report.txt", "file/report.txt", ".", "x" * 300, "folder"])
@pytest.mark.parametrize("force", [False, True])
def test_a_file_that_cannot_be_written_is_a_sentence(
    home: dict[str, str], tmp_path: Path, place: str, force: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the file cannot be written a sentence says so, with 1, and nothing is left behind."""
    walk(home, *FALSE_ALARM)
    there = tmp_path / "there"
    (there / "folder").mkdir(parents=True)
    (there / "file").write_text("a file")
    monkeypatch.chdir(there)
    ran = call("report", "-o", place, *(["--force"] if force else []), environ=home)
    assert ran.code == 1, ran.said
    assert ran.err
    assert sorted(path.name for path in there.rglob("*")) == ["file", "folder"]
    assert (there / "file").read_text() == "a file"


def test_a_file_is_written_whole_or_not_at_all(home: dict[str, str], tmp_path: Path) -> None:
    """When the last move fails, the older file is as it was and the draft is gone."""
    walk(home, *FALSE_ALARM)
    target = tmp_path / "there" / "report.txt"
    target.parent.mkdir()
    target.write_text("older")
    with mock.patch.object(Path, "replace", side_effect=OSError(28, "No space left on device")):
        ran = call("report", "-o", str(target), "--force", environ=home)
    assert ran.code == 1
    assert target.read_text() == "older"
    assert [path.name for path in target.parent.iterdir()] == ["report.txt"]


# ------------------------------------------------------------------------------------------------------------- feedback


def test_feedback_is_the_text_of_an_issue(home: dict[str, str]) -> None:
    """What `e` noted comes out with the guide, its version, the step and the day; a mere note does not."""
    walk(home, "n", "il est pressé", "e", "le bouton a [bold]disparu", "")
    ran = call("feedback", environ=home)
    assert ran.code == 0
    assert ran.out.startswith("# Guide fraud, version ")
    assert "- Étape « situation » (REFUSEZ la notification." in ran.out
    assert f"vu le {datetime.now().astimezone():%d/%m/%Y} : le bouton a [bold]disparu" in ran.out
    assert "pressé" not in ran.out


def test_feedback_without_anything_noted_says_how(home: dict[str, str]) -> None:
    """When nothing was noted, a sentence says with which key it is."""
    walk(home, "n", "il est pressé")
    ran = call("feedback", environ=home)
    assert ran.code == 1
    assert ran.out == ""
    assert "« e »" in ran.said


# --------------------------------------------------------------------------------------------------------------- forget


@pytest.mark.parametrize("typed", ["", "\n", "\n\n\n", "n\n", "non\n", "peut-être\n", "\nNO\n"])
def test_forget_erases_nothing_without_a_clear_yes(home: dict[str, str], typed: str) -> None:
    """An empty line, the end of the input, a no or anything unclear erases nothing."""
    walk(home, "6")
    ran = call("forget", "--all", typed=typed, environ=home)
    assert "Rien n’a été effacé." in ran.said
    assert "Effacer pour toujours 1 session ?" in ran.said
    assert len(ids(home)) == 1


@pytest.mark.parametrize("typed", ["o\n", "OUI\n", "y\n", "\nyes\n"])
def test_forget_named_sessions(home: dict[str, str], typed: str) -> None:
    """The named sessions are erased, once each, and no other."""
    for _ in range(3):
        walk(home, "6")
    first, second, third = ids(home)
    ran = call("forget", first, third, first, typed=typed, environ=home)
    assert ran.code == 0
    assert ids(home) == [second]
    assert not list(Path(home["ECPS_DATA"]).glob("journal-ab*"))
    assert "Effacé : " in ran.said


def test_forgetting_an_unknown_session_erases_none(home: dict[str, str]) -> None:
    """When one of the names is unknown, none of the others is erased."""
    walk(home, "6")
    (name,) = ids(home)
    ran = call("forget", name, "nobody", typed="o\n", environ=home)
    assert ran.code == 1
    assert "« nobody » n’existe pas" in ran.said
    assert ids(home) == [name]


def test_forget_names_a_few_of_many_and_counts_the_rest(home: dict[str, str], store: Store) -> None:
    """Before the question stand the first five, what cannot be read among them, and how many there are besides."""
    at = datetime.now().astimezone()
    for number in range(7):
        store.append(
            store.begin(at + timedelta(seconds=number), f"guide-{number}", "g", "", "t", False), Confirmed(at, "open")
        )
    first, *_ = sorted(ids(home))
    alter(home, f"DELETE FROM session WHERE id = '{first}'")
    said = call("forget", "--all", typed="n\n", environ=home).err
    assert said.splitlines()[0] == f"{first} : il n’en reste que les événements"
    assert said.count("illisible") == 4
    assert "Et 2 autres." in said


@pytest.mark.parametrize(
    "which", [("nobody", "--all"), ("--all", "--older-than", "1d"), ("nobody", "--older-than", "1d")]
)
def test_forget_takes_one_way_to_say_which(home: dict[str, str], which: tuple[str, ...]) -> None:
    """Of a session, an age and all, one is given: a name beside `--all` must not erase everything."""
    walk(home, "6")
    assert call("forget", *which, typed="o\n", environ=home).code == 2
    assert len(ids(home)) == 1


def test_forget_older_than(home: dict[str, str], store: Store) -> None:
    """`--older-than 90d` erases what was begun before, exercises too, and nothing younger."""
    now = datetime.now().astimezone()
    for days, practice in ((91, False), (95, True), (89, False)):
        at = now - timedelta(days=days)
        store.append(store.begin(at, "fraud", "g", "", "t", practice), Confirmed(at, "refuse"))
    ran = call("forget", "--older-than", "90d", typed="o\n", environ=home)
    assert ran.code == 0
    assert "Effacé : 2 sessions." in ran.said
    assert len(ids(home)) == 1
    assert ids(home, "--practice") == []
    nothing = call("forget", "--older-than", "90j", environ=home)
    assert "Aucune session à oublier." in nothing.said
    assert nothing.code == 0


@pytest.mark.parametrize("text", ["90", "d", "-1d", "90h", "1000000d", "dix jours"])
def test_an_age_that_is_none_is_a_sentence(home: dict[str, str], text: str) -> None:
    """An age that is no number of days is a usage error that shows how one is written."""
    walk(home, "6")
    ran = call("forget", f"--older-than={text}", typed="o\n", environ=home)
    assert ran.code == 2
    assert "90d" in ran.said
    assert len(ids(home)) == 1


def test_forget_all_takes_the_exercises_too(home: dict[str, str]) -> None:
    """`--all` erases every session, real and exercise; which to erase must be said."""
    walk(home, "6")
    walk(home, "6", practice=True)
    assert call("forget", typed="o\n", environ=home).code == 2
    assert call("forget", "--all", typed="o\n", environ=home).code == 0
    assert ids(home) == ids(home, "--practice") == []


def test_a_session_that_is_being_walked_is_not_forgotten(home: dict[str, str], store: Store) -> None:
    """What another window is at is named and kept; what nobody walks is erased."""
    walk(home, "6")
    walk(home, "6")
    held, free = ids(home)
    with closing(take(store, held, datetime.now().astimezone())):
        ran = call("forget", "--all", typed="o\n", environ=home)
        assert (ran.code, ids(home)) == (1, [held])
        assert f"La session {held} est ouverte dans une autre fenêtre" in ran.said
        assert "Effacé : 1 session." in ran.said
        assert call("forget", held, environ=home).code == 1
    assert ids(home) == [held]
    assert free != held


def test_forget_all_takes_the_damaged_journals_too(home: dict[str, str]) -> None:
    """What was set aside is never erased but by `--all`, which names it first, and leaves nothing of it."""
    walk(home, "6")
    folder = Path(home["ECPS_DATA"])
    (folder / JOURNAL).write_bytes(b"Docteur Dupont" * 100)
    for _ in range(2):
        assert call("sessions", environ=home).code in (0, 1)
    walk(home, "6")
    assert "Rien n’a été effacé." in call("forget", "--all", typed="n\n", environ=home).said
    assert len(list(folder.glob("journal-*.sqlite3"))) == 1
    ran = call("forget", "--all", typed="o\n", environ=home)
    assert "Effacer pour toujours 1 session et 1 journal abîmé ?" in ran.said
    assert not list(folder.glob("journal-*.sqlite3"))
    assert not any(b"Dupont" in path.read_bytes() for path in folder.iterdir())


# ------------------------------------------------------------------------------------------------------------ exercises


def test_a_paused_exercise_says_how_it_is_resumed(home: dict[str, str]) -> None:
    """`resume` alone offers no exercise: the sentence of the pause names the session, and that command takes it up."""
    paused = call("fraud", "--practice", typed="6\nq\n\n", environ=home)
    (name,) = ids(home, "--practice")
    assert f"Pour reprendre : ecps-guide resume {name}" in paused.said
    resumed = call("resume", name, typed="q\n\n", environ=home)
    assert (resumed.code, "EXERCICE" in resumed.said) == (5, True)


def test_the_ticket_of_a_pause_lists_only_what_was_reached(home: dict[str, str]) -> None:
    """Lists that come later, some of which exclude each other, are not in the record of a walk that is not there."""
    call("fraud", typed="1\n\nq\n\n", environ=home)
    told = call("report", environ=home).said
    assert "Arrêté à l’étape : Date de la notification" in told
    assert "à faire" not in told
    dossier = call("report", "--format", "markdown", environ=home).said
    assert "Relevé d’un incident de sécurité" in dossier
    assert ", fait" not in dossier
    assert dossier.count("- [ ] ") == 1


@pytest.mark.parametrize("kept", [0, 1])
def test_a_pause_says_what_was_not_kept(home: dict[str, str], kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the last events could not be written, the pause says from which step on, and promises no more."""
    real, written = Store._append, 0

    def append(self: Store, session_id: str, event: Event, *texts: list[str]) -> None:
        nonlocal written
        written += 1
        if written > kept:
            raise JournalError("Le disque est plein.")
        real(self, session_id, event, *texts)

    monkeypatch.setattr(Store, "_append", append)
    said = call("fraud", typed="1\n\nq\n\n", environ=home).said
    if kept:
        assert "Rien n’a été gardé à partir de l’étape « Refuser la notification" in said
        assert "Pour reprendre de là : ecps-guide resume" in said
    else:  # a session is kept with its first event, or not at all
        assert "Rien n’a pu être gardé de ce parcours." in said
        assert ids(home) == []


def test_an_exercise_is_marked_on_every_screen_and_kept_apart(home: dict[str, str]) -> None:
    """Every screen of an exercise says EXERCICE, its record too; it is in no list of real sessions, nor offered."""
    ran = walk(home, "1", "", "hier", practice=True)
    assert ran.code == 5
    assert ran.out.count("Étape ") >= 4
    assert ran.out.count("EXERCICE") >= ran.out.count("Étape ")
    assert "EXERCICE" not in walk(home, "6").out
    (real,) = ids(home)
    (exercise,) = ids(home, "--practice")
    assert real != exercise
    assert "EXERCICE" in call("report", exercise, environ=home).out
    assert "EXERCICE" not in call("report", environ=home).out
    call("forget", real, typed="o\n", environ=home)
    assert "Aucune session n’est restée inachevée." in call("resume", environ=home).said
    resumed = call("resume", exercise, typed="", environ=home)
    assert resumed.code == 5
    assert "EXERCICE" in resumed.out


# ------------------------------------------------------------------------------------------------------------ the whole


def test_sessions_in_a_pipe_that_closes_early_is_no_error(home: dict[str, str], store: Store) -> None:
    """Who reads only the first line of a long list gets it, and no complaint."""
    now = datetime.now().astimezone()
    for _ in range(300):
        store.begin(now, "fraud", "g", "", "t", False)
    with subprocess.Popen(
        [sys.executable, "-m", "ecps_cli", "sessions"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=quiet(home),
    ) as child:
        try:
            assert child.stdout
            assert child.stderr
            assert b"fraud" in child.stdout.readline()
            child.stdout.close()
            assert child.wait(LIMIT) == 0
            assert child.stderr.read() == b""
        finally:
            child.kill()


@pytest.mark.parametrize("command", ["sessions", "resume", "report", "feedback"])
def test_a_journal_that_cannot_be_opened_is_one_sentence(home: dict[str, str], command: str) -> None:
    """When the journal refuses, each command says its sentence on standard error, with 1."""
    with mock.patch("ecps_cli.storage.archive.Store", side_effect=JournalError("Le disque est plein.")):
        ran = call(command, environ=home)
    assert (ran.code, ran.out) == (1, "")
    assert "Le disque est plein." in ran.err
