"""The journal: a list that no crash shortens, no hand alters unseen, no fault of the disk turns into a traceback."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from ecps_cli.core import events as core_events
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
from ecps_cli.core.guide import Guide
from ecps_cli.core.journal import JournalError
from ecps_cli.core.text import text_digest
from ecps_cli.interrupts import interruptible
from ecps_cli.storage import faults
from ecps_cli.storage import store as journal
from ecps_cli.storage.folder import JOURNAL
from ecps_cli.storage.lock import Lock
from ecps_cli.storage.rows import SessionRow, decoded, digest, encoded
from ecps_cli.storage.schema import MIGRATIONS
from ecps_cli.storage.store import Store
from ecps_cli.storage.stored_journal import StoredJournal, take
from support.commands import LIMIT, as_before, call, quiet, spawn
from support.kept import altered_event, kept_events, kept_seal
from support.sample import START
from support.tiers import each_value, first_of

POSIX = os.name == "posix"
posix = pytest.mark.skipif(not POSIX, reason="modes, mounts and limits are POSIX")

# ------------------------------------------------------------------------------------------------------ what is shared

texts = st.text(st.characters(codec="utf-8"), max_size=30)
times = st.datetimes(
    min_value=datetime(2020, 1, 1),
    max_value=datetime(2040, 1, 1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-9, minutes=-30))]),
)
CLASSES: tuple[type[Event], ...] = (
    *(Confirmed, Answered, Ticked, Unticked, Deviated, WentBack, Skipped, Noted, Paused, Resumed, Ended),
    *(Labelled, Abandoned, Reopened, WentOver, CameBack, Sensed),
)
event_of = {
    each: st.builds(each, **{"at": times, "step": texts}) for each in (Confirmed, Paused, Resumed, Abandoned, Reopened)
} | {
    Labelled: st.builds(Labelled, times, texts, texts),
    Answered: st.builds(Answered, times, texts, texts, st.booleans(), texts, texts),
    Ticked: st.builds(Ticked, times, texts, texts, texts, texts, texts),
    Unticked: st.builds(Unticked, times, texts, texts),
    Deviated: st.builds(Deviated, times, texts, texts),
    WentBack: st.builds(WentBack, times, texts, texts),
    Skipped: st.builds(Skipped, times, texts, texts),
    Noted: st.builds(Noted, times, texts, texts, st.booleans()),
    Ended: st.builds(Ended, times, texts, texts),
    WentOver: st.builds(WentOver, times, texts, texts, texts, texts),
    CameBack: st.builds(CameBack, times, texts, texts),
    Sensed: st.builds(Sensed, times, texts, texts, texts),
}
events: st.SearchStrategy[Event] = st.one_of([event_of[each] for each in CLASSES])

WRITTEN = [
    Confirmed(START, "open"),
    Answered(START + timedelta(seconds=10), "name", "ameli"),
    Noted(START + timedelta(seconds=20), "type", "il est pressé"),
    Ended(START + timedelta(seconds=30), "tell", "done"),
]


def begin(store: Store, number: int = 0, practice: bool = False, guide: str = "le guide") -> str:
    """Begin one more session, of a minute of its own."""
    return store.begin(START + timedelta(minutes=number), "demo", guide, "les faits", "ecps-guide 1", practice)


def fill(store: Store, sessions: int = 1, written: list[Event] | None = None) -> list[str]:
    """Write sessions with these events, and return their ids."""
    names = [begin(store, number) for number in range(sessions)]
    for name in names:
        for event in WRITTEN if written is None else written:
            store.append(name, event)
    return names


def data(folder: Path) -> bytes:
    """Return the bytes of every file of a folder."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@contextmanager
def raw(folder: Path, *, without_triggers: bool = False) -> Iterator[sqlite3.Connection]:
    """Open the file past the journal, as somebody who alters it would."""
    with closing(sqlite3.connect(folder / JOURNAL, isolation_level=None)) as base:
        base.execute("PRAGMA journal_mode = PERSIST")  # Windows removes no file that a store has open beside this
        if without_triggers:
            for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                base.execute(f"DROP TRIGGER {name}")
        yield base


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path)) as opened:
        yield opened


# ------------------------------------------------------------------------------------------------------- there and back


def test_every_event_class_is_tried_here() -> None:
    """The classes that these tests write are all the events there are."""
    concrete = {
        each
        for each in vars(core_events).values()
        if isinstance(each, type) and issubclass(each, Event) and each is not Event
    }
    assert set(CLASSES) == concrete == set(event_of)


@given(events)
def test_an_event_comes_back_as_it_was_written(event: Event) -> None:
    """Whatever an event holds, what is read is what was written, its time with its offset."""
    back = decoded(type(event).__name__, encoded(event))
    assert back == event
    assert type(back) is type(event)
    assert back.at.utcoffset() == event.at.utcoffset()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("Nothing", "{}"),
        ("IllegalEvent", '{"at": "2026-11-24T18:30:00+00:00", "step": "open"}'),
        ("Session", '{"at": "2026-11-24T18:30:00+00:00", "step": "open"}'),
        ("Confirmed", "{"),
        ("Confirmed", "[]"),
        ("Confirmed", "{}"),
        ("Confirmed", '{"at": 3, "step": "open"}'),
        ("Confirmed", '{"at": "yesterday", "step": "open"}'),
        ("Confirmed", '{"at": "2026-11-24T18:30:00+00:00", "step": "open", "more": 1}'),
        ("Answered", '{"at": "2026-11-24T18:30:00+00:00", "step": "open"}'),
    ],
)
def test_a_body_that_is_no_event_is_a_value_error(kind: str, body: str) -> None:
    """What is no event is refused as such, and by nothing else than a ValueError."""
    with pytest.raises(ValueError):
        decoded(kind, body)


@given(st.lists(texts, max_size=3), st.lists(texts, max_size=3))
def test_two_lists_of_values_never_share_a_hash(one: list[str], other: list[str]) -> None:
    """The hash tells where one value ends and the next begins."""
    assert (digest(*one) == digest(*other)) == (one == other)


# ------------------------------------------------------------------------------------------------ the journal is a list


def _closed(written: list[Event]) -> bool:
    """Return whether a session with these events has ended or was abandoned, and was not reopened since."""
    last = [each for each in written if isinstance(each, Ended | Abandoned | Reopened)][-1:]
    return bool(last) and not isinstance(last[0], Reopened)


class JournalMachine(RuleBasedStateMachine):
    """The journal beside the lists that it should be, written, dropped, crashed and erased from two sides."""

    sessions = Bundle("sessions")

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.folder = self.root / "0"
        self.stores = [Store(self.folder), Store(self.folder)]
        self.lost: list[Store] = []
        self.model: dict[str, list[Event]] = {}
        self.practice: set[str] = set()
        self.crashes = 0

    def teardown(self) -> None:
        for each in (*self.stores, *self.lost):
            each.close()
        shutil.rmtree(self.root)

    @initialize(target=sessions)
    def first(self) -> str:
        return self._begin(0, False)

    @rule(target=sessions, side=st.integers(0, 1), practice=st.booleans())
    def begin(self, side: int, practice: bool) -> str:
        return self._begin(side, practice)

    def _begin(self, side: int, practice: bool) -> str:
        name = begin(self.stores[side], practice=practice)  # always of the same second
        assert name not in self.model
        self.model[name] = []
        if practice:
            self.practice.add(name)
        return name

    @rule(side=st.integers(0, 1), name=sessions, event=events)
    def append(self, side: int, name: str, event: Event) -> None:
        self.stores[side].append(name, event)
        self.model[name].append(event)

    @rule(side=st.integers(0, 1))
    def reopen(self, side: int) -> None:
        self.stores[side].close()
        self.stores[side] = Store(self.folder)

    @rule(side=st.integers(0, 1))
    def drop(self, side: int) -> None:
        """Lose a connection that stays open, as that of a process which hangs."""
        self.lost.append(self.stores[side])
        self.stores[side] = Store(self.folder)

    @rule(name=sessions)
    def crash_while_writing(self, name: str) -> None:
        """Go on from what is on the disk while another process is in the middle of a write: as after `kill -9`."""
        with raw(self.folder, without_triggers=False) as base:
            base.execute("PRAGMA cache_size = 1")
            base.execute("BEGIN IMMEDIATE")
            for number in range(40):
                base.execute("INSERT INTO event VALUES (?, ?, 'Noted', ?, '', '')", (name, 900 + number, "x" * 3000))
            assert (self.folder / f"{JOURNAL}-journal").stat().st_size > 0
            self.crashes += 1
            after = self.root / str(self.crashes)
            shutil.copytree(self.folder, after)
        for each in self.stores:
            each.close()
        self.folder = after
        self.stores = [Store(after), Store(after)]

    @rule(side=st.integers(0, 1), names=st.lists(consumes(sessions), min_size=1, max_size=2), twice=st.booleans())
    def forget(self, side: int, names: list[str], twice: bool) -> None:
        self.stores[side].forget(names * 2 if twice else names)
        for name in names:
            self.model.pop(name, None)
            self.practice.discard(name)

    @rule(target=sessions, side=st.integers(0, 1))
    def forget_all(self, side: int) -> Any:
        assert sorted(self.stores[side].forget(self.stores[side].ids())) == sorted(self.model)
        self.model.clear()
        self.practice.clear()
        return self._begin(side, False)

    @invariant()
    def both_sides_hold_the_model(self) -> None:
        real = set(self.model) - self.practice
        for each in self.stores:
            assert {row.id for row in each.rows()} == real
            assert {row.id for row in each.rows(practice=True)} == self.practice
            begun = {name for name in real if self.model[name]}
            open_ones = {name for name in begun if not _closed(self.model[name])}
            assert {row.id for row in each.unfinished(limit=1000)} == open_ones
            for name, written in self.model.items():
                assert kept_events(each, name) == written
                assert altered_event(each, name) is None


# After `forget_all` every id in the bundle but the new one is of a session that is gone: those rules are not legal.
class Forgetful(JournalMachine):
    """The same, where a rule that is given a session which is gone does nothing."""

    @rule(side=st.integers(0, 1), name=JournalMachine.sessions, event=events)
    def append(self, side: int, name: str, event: Event) -> None:
        if name in self.model:
            super().append(side, name, event)
        else:
            with pytest.raises(JournalError, match="n’existe plus"):
                self.stores[side].append(name, event)


TestJournalIsAList = Forgetful.TestCase
TestJournalIsAList.settings = settings(
    max_examples=30, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ecps_cli.storage.store import Store
from ecps_cli.core.events import Noted
store = Store(Path(sys.argv[1]))
for name in sys.argv[3:]:
    for number in range(int(sys.argv[2])):
        store.append(name, Noted(datetime(2026, 11, 24, tzinfo=UTC), "child", str(number)))
        print(number, flush=True)
"""


def start(*arguments: str, code: str = WRITER) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, env=quiet())


def test_two_processes_write_at_once_and_nothing_is_lost(store: Store, tmp_path: Path) -> None:
    """Two real processes that append to one session and to two keep every event, in chains that fit."""
    own, shared = begin(store), begin(store)
    child = start(str(tmp_path), "40", shared, own)
    try:
        for number in range(40):
            store.append(shared, Noted(START, "parent", str(number)))
        child.communicate(timeout=LIMIT)
    finally:
        child.kill()
    assert child.returncode == 0
    written = kept_events(store, shared)
    for side in ("parent", "child"):
        assert [each.text for each in written if isinstance(each, Noted) and each.step == side] == [
            *map(str, range(40))
        ]
    assert len(kept_events(store, own)) == 40
    assert altered_event(store, shared) is None


@pytest.mark.parametrize("again", first_of(1, range(6)))
def test_two_processes_that_make_the_file_at_once_both_use_it(tmp_path: Path, again: int) -> None:
    """Whoever comes second while the file is being made waits, and finds it made."""
    code = WRITER.split("for name", maxsplit=1)[0] + "print(store.begin(datetime.now(UTC), 'a', 'b', 'c', 'd', False))"
    children = [start(str(tmp_path), code=code) for _ in range(3)]
    try:
        outputs = [child.communicate(timeout=LIMIT)[0] for child in children]
    finally:
        for child in children:
            child.kill()
    assert [child.returncode for child in children] == [0, 0, 0]
    with closing(Store(tmp_path)) as opened:
        assert {row.id for row in opened.rows()} == {each.decode().strip() for each in outputs}


def test_a_file_made_meanwhile_by_another_is_taken_as_it_is(tmp_path: Path) -> None:
    """A process that saw an empty file, and waited while another made its tables, goes on with those."""
    versions = iter([0])
    with closing(Store(tmp_path)) as first:
        name = fill(first)[0]
        real = Store._version
        with mock.patch.object(Store, "_version", lambda self: next(versions, None) or real(self)):
            assert next(versions, None) == 0
            versions = iter([0])
            with closing(Store(tmp_path)) as second:
                assert kept_events(second, name) == WRITTEN


@posix
def test_a_process_killed_in_the_middle_of_a_write_leaves_the_file_whole(store: Store, tmp_path: Path) -> None:
    """A transaction open in a process that is killed is undone, and nothing of what stood before is lost."""
    name = fill(store)[0]
    code = """
import sqlite3, sys, time
base = sqlite3.connect(sys.argv[1], isolation_level=None)
base.execute("PRAGMA cache_size = 1")
base.execute("BEGIN IMMEDIATE")
for number in range(60):
    base.execute("INSERT INTO event VALUES (?, ?, 'Noted', ?, '', '')", (sys.argv[2], 900 + number, "x" * 3000))
print("ready", flush=True)
time.sleep(60)
"""
    child = start(str(store.path), name, code=code)
    assert child.stdout
    assert child.stdout.readline() == b"ready\n"
    child.kill()
    child.communicate(timeout=LIMIT)
    assert (tmp_path / f"{JOURNAL}-journal").exists()
    with closing(Store(tmp_path)) as opened:
        assert kept_events(opened, name) == WRITTEN
        opened.append(name, Paused(START, "open"))
        assert kept_events(opened, name) == [*WRITTEN, Paused(START, "open")]


def test_a_list_left_open_keeps_nobody_from_writing(store: Store, tmp_path: Path) -> None:
    """While somebody reads the sessions page by page, a walk still writes."""
    names = fill(store, 3, [])
    with closing(Store(tmp_path)) as reader:
        rows = reader.rows()
        assert next(rows).id == names[-1]
        store.append(names[0], Confirmed(START, "open"))
        assert [row.id for row in rows] == [names[1], names[0]]


@pytest.mark.parametrize("sessions", [0, 1, 99, 100, 101, 250])
def test_every_session_is_listed_once_newest_first(store: Store, sessions: int) -> None:
    """However many sessions there are, also of the same second, each is listed once, the newest first."""
    names = [begin(store, number // 3) for number in range(sessions)]
    listed = list(store.rows())
    assert sorted(row.id for row in listed) == sorted(names)
    assert [row.started for row in listed] == sorted((row.started for row in listed), reverse=True)


def test_a_failed_write_leaves_no_trace_and_no_lock(store: Store, tmp_path: Path) -> None:
    """What cannot be written whole is not written at all, and the next write goes through."""
    name = fill(store)[0]
    with mock.patch.object(journal, "SessionRow", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        begin(store, guide="another guide")
    with closing(Store(tmp_path)) as other:
        other.append(name, Resumed(START, "open"))
        with pytest.raises(JournalError):
            other.text(text_digest("another guide"))
    assert kept_events(store, name) == [*WRITTEN, Resumed(START, "open")]


def test_a_busy_file_says_so_and_stays_where_it_is(store: Store, tmp_path: Path) -> None:
    """A file that another program holds is no damaged file: it is said to be busy, and is not set aside."""
    name = fill(store)[0]
    store._base.execute("PRAGMA busy_timeout = 10")
    with raw(tmp_path) as base:
        base.execute("BEGIN EXCLUSIVE")
        with pytest.raises(JournalError, match="occupé"):
            store.append(name, Paused(START, "open"))
    store.append(name, Paused(START, "open"))
    assert {path.name for path in tmp_path.iterdir()} == {JOURNAL, f"{JOURNAL}-journal"}


def test_nothing_is_kept_of_a_walk_in_which_nothing_was_done(store: Store, guide: Guide, tmp_path: Path) -> None:
    """Looking at a guide and leaving it is no session; the first thing done makes one, under its lock."""
    kept_here = StoredJournal(store, partial(store.begin, START, guide.id, "texte", "", "ecps-guide 1", False))
    kept_here.append(Paused(START, "open"), guide)
    assert list(store.rows()) == []
    kept_here.append(Confirmed(START, "open"), guide)
    (row,) = store.rows()
    assert store.text(row.guide) == "texte"
    assert (tmp_path / f"{row.id}.lock").exists()
    with pytest.raises(BlockingIOError):
        take(store, row.id, START)
    kept_here.close()


# ------------------------------------------------------------------------------------------------------------- secrets

SPELLINGS = ["99700218896", "899700218896", "8 997 0021 8896", "997-00-21-88-96", "9 9 7 0 0 2 1 8 8 9 6"]
HELD = """\
format: 1
id: held
version: "1"
title: Ce qui est gardé
verified_on: 2026-11-24
review_by: 2127-05-24
sources: [fiche]
steps:
  - {{id: number, who: support, ask: Numéro, validate: rpps, keep: {keep}}}
  - {{id: mail, who: support, ask: Courriel, validate: email, keep: {keep}}}
  - {{id: mobile, who: support, ask: Mobile, validate: mobile-fr, keep: {keep}}}
  - {{id: free, who: support, ask: Nom, keep: {keep}}}
  - {{id: type, who: doctor, device: phone, do: Taper le numéro, expect: Il est affiché, show: [number, free]}}
  - {{id: code, who: doctor, device: phone, do: Choisir le code, expect: Le code est pris, secret: true, end: done}}
outcomes:
  done: {{success: true, text: Fait.}}
"""
PERSONAL = ["docteur.inconnu@exemple.fr", "06 39 98 12 34", "Mirabelle Quetsche"]


def held(folder: Path, keep: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "facts.yaml").write_text('fiche: {kind: source, name: Fiche, value: "https://example.org"}\n', "utf-8")
    path = folder / "held.yaml"
    path.write_text(HELD.format(keep=keep), "utf-8")
    return str(path)


def digits(content: bytes) -> str:
    """Return the digits of some bytes, whatever stands between those of one number."""
    return re.sub(r"(?<=\d)[ .\-\u00a0]+(?=\d)", "", content.decode("utf-8", "replace"))


@pytest.mark.parametrize(("keep", "typed"), each_value(["never", "masked", "full"], SPELLINGS))
def test_what_may_not_be_kept_is_in_no_file(tmp_path: Path, keep: str, typed: str) -> None:
    """After walks, a pause, a resume and two bugs, no file holds an answer that is not to be kept; else one does."""
    guide, folder = held(tmp_path / "guides", keep), tmp_path / "data"
    environ = {"ECPS_DATA": str(folder)}
    said = f"\n{typed}\n" + "\n".join(PERSONAL) + "\n"
    assert call("run", guide, typed=said, environ=environ).code == 5
    assert call("run", guide, typed=f"{said}\nv\n", environ=environ).code == 0
    assert call("run", guide, typed=f"\nr\n12\n{typed[:-1]}0\n{said[1:]}", environ=environ).code == 5
    # A resume asks again what was not kept: the step shows the number and the name.
    ran = call("resume", typed=f"\n{typed}\n{PERSONAL[2]}\n\nv\n", environ=environ)
    assert ran.code == (0 if keep != "full" else ran.code)
    with mock.patch("ecps_cli.walk.walk.StepScreen", side_effect=RuntimeError(typed)):
        assert call("resume", typed="\n\n", environ=environ).code in (1, 3)
    with mock.patch("ecps_cli.cli.records.load_session", side_effect=RuntimeError(f"{typed} {PERSONAL}")):
        assert call("report", environ=environ).code == 3
    assert list((folder / "crash").iterdir())
    found = data(folder)
    number_found = "99700218896" in digits(found)
    others = [
        each for each in (PERSONAL[0], "639981234", PERSONAL[2]) if each in digits(found) or each.encode() in found
    ]
    if keep == "full":
        assert number_found
        assert len(others) == 3
    else:
        assert not number_found
        assert others == []
    if keep == "masked":
        assert b"8896" in found


@pytest.mark.parametrize("keep", ["never", "masked"])
def test_the_store_is_never_handed_what_it_may_not_keep(tmp_path: Path, store: Store, keep: str) -> None:
    """The value and what was understood of it are blank in what is written; the masked form is the validator's."""
    from ecps_cli.loading.library import open_library

    guide = open_library(None, {}).find(held(tmp_path / "guides", keep)).guide
    for step, value in (("number", "899700218896"), ("mail", "a@exemple.fr"), ("free", "Quetsche")):
        written = redacted(guide, Answered(START, step, value, True, f"lu : {value}"))
        assert isinstance(written, Answered)
        assert written.value == written.note == ""
        assert bool(written.masked) == (keep == "masked")
        assert value not in written.masked


# ---------------------------------------------------------------------------------------------------------- append only


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET body = '{}'",
        "UPDATE event SET hash = 'x' WHERE number = 2",
        "DELETE FROM event",
        "DELETE FROM event WHERE number = 4",
        "UPDATE session SET started = ''",
        "DELETE FROM session",
        "INSERT OR REPLACE INTO event SELECT session, number, kind, '{}', previous, hash FROM event",
        "REPLACE INTO session SELECT id, '', guide_id, guide, facts, tool, practice FROM session",
        "UPDATE text SET body = ''",
    ],
)
def test_what_was_written_is_not_overwritten(store: Store, tmp_path: Path, statement: str) -> None:
    """The file itself refuses that an event, a session or a text is changed or taken away."""
    name = fill(store)[0]
    with raw(tmp_path) as base, pytest.raises(sqlite3.IntegrityError, match="append only"):
        base.execute(statement)
    assert kept_events(store, name) == WRITTEN


def test_what_is_forgotten_is_gone_from_the_file(store: Store, tmp_path: Path) -> None:
    """After a session is forgotten its bytes are in no file, its lock neither; the other sessions stand.

    The file is made smaller with the last of them: its end would be given back to the disk with what stands there.
    """
    gone = begin(store, guide="SECRET-GUIDE " * 900)
    stays = begin(store, 1)
    for number in range(200):
        store.append(gone, Noted(START, "open", f"SECRET-NOTE {number} " + "y" * number * 10))
    for event in WRITTEN:
        store.append(stays, event)
    take(store, gone, START).close()
    before = store.path.stat().st_size
    assert data(tmp_path).count(b"SECRET") > 1000
    store.forget([gone])
    found = data(tmp_path)
    assert b"SECRET" not in found
    assert gone.encode() not in found
    assert not (tmp_path / f"{gone}.lock").exists()
    assert store.path.stat().st_size == before
    assert kept_events(store, stays) == WRITTEN
    store.forget([stays])
    assert store.path.stat().st_size < before / 2
    with pytest.raises(JournalError, match="n’existe pas"):
        kept_events(store, gone)


def test_what_is_forgotten_is_overwritten_where_the_file_cannot_be_made_smaller(store: Store, tmp_path: Path) -> None:
    """Without room to write the file anew, what is forgotten is overwritten all the same."""
    name = begin(store)
    for number in range(50):
        store.append(name, Noted(START, "open", f"SECRET-NOTE {number} " + "y" * number * 10))
    real = store._base

    class NoRoom:
        def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
            if statement == "VACUUM":
                raise sqlite3.OperationalError("database or disk is full")
            return real.execute(statement, *values)

        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

    with mock.patch.object(store, "_base", NoRoom()):
        store.forget([name])
    assert b"SECRET" not in data(tmp_path)


def test_an_erasure_that_was_cut_short_is_finished_when_the_file_is_opened(store: Store, tmp_path: Path) -> None:
    """Killed before what SQLite keeps of a write was overwritten, that is done by the next command."""
    name = begin(store)
    for number in range(50):
        store.append(name, Noted(START, "open", f"SECRET-NOTE {number}"))
    with mock.patch("ecps_cli.storage.store.overwrite", side_effect=SystemExit), pytest.raises(SystemExit):
        store.forget([name])
    assert b"SECRET" in data(tmp_path)
    Store(tmp_path, read_only=True).close()
    assert b"SECRET" in data(tmp_path)
    Store(tmp_path).close()
    assert b"SECRET" not in data(tmp_path)


@posix
def test_what_is_to_be_overwritten_is_a_file_of_ours(store: Store, tmp_path: Path) -> None:
    """A link in the place of what is to be erased is named, and what it leads to stays as it is."""
    store._base.execute("INSERT INTO forgetting VALUES ('')")
    (tmp_path / "else").write_text("à quelqu’un d’autre", "utf-8")
    for name in ("journal-abîmé-1.sqlite3", f"{JOURNAL}-journal"):
        (tmp_path / name).unlink(missing_ok=True)
        (tmp_path / name).symlink_to(tmp_path / "else")
    with pytest.raises(JournalError, match="est un lien"):
        store.erase(store.damaged())
    with pytest.raises(JournalError):
        Store(tmp_path)
    assert (tmp_path / "else").read_text("utf-8") == "à quelqu’un d’autre"


@contextmanager
def ext4(image: Path, folder: Path) -> Iterator[Path]:
    """Make a small disk of ext4, and mount it, where this is permitted."""
    with image.open("wb") as file:
        file.truncate(32 * 2**20)
    folder.mkdir()
    for command in (["mkfs.ext4", "-q", str(image)], ["mount", "-o", "loop", str(image), str(folder)]):
        if not shutil.which(command[0]) or subprocess.run(command, capture_output=True, timeout=LIMIT).returncode:
            pytest.skip("an image cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True, timeout=LIMIT)


@posix
@pytest.mark.slow_disk
def test_what_is_forgotten_is_in_no_block_of_the_disk(tmp_path: Path) -> None:
    """After walks in turn, and erasures of some, then of all, no block of ext4 holds a note or a state of theirs."""
    order = [number for number in range(10) for _ in range(20)]
    random.Random(5).shuffle(order)
    with ext4(image := tmp_path / "image", tmp_path / "disk") as disk, closing(Store(disk)) as store:

        def found() -> set[bytes]:
            os.sync()
            return {*re.findall(rb"SECRET-(\d+) of", image.read_bytes())}

        names = [begin(store, minutes, guide=f"SECRET-GUIDE {minutes} " * 200) for minutes in range(10)]
        for number, at in enumerate(order):
            store.append(names[at], Noted(START, "open", f"SECRET-{number} of {at} " + "y" * (at * 197)))
        for more in (7, 700):
            states = {name: f"SECRET-{1000 + at} of {at} " + "y" * (at * more) for at, name in enumerate(names)}
            store.states.write(store.states.prints(names), states)
        assert len(found()) == len(order) + len(names)
        store.forget(names[::2])
        store.forget(names[1:-1:2])
        assert found() == {b"%d" % number for number, at in enumerate(order) if at == 9} | {b"1009"}
        store.forget(names[-1:])
        assert found() == set()


def test_a_text_shared_by_two_sessions_stays_with_the_last(store: Store) -> None:
    """The text of a guide goes with the last session that was walked on it."""
    first, second = begin(store), begin(store, 1)
    row = store.row(second)
    store.forget([first])
    assert store.text(row.guide) == "le guide"
    store.forget([second])
    with pytest.raises(JournalError):
        store.text(row.guide)


def test_forgetting_the_same_session_twice_at_once_is_forgetting_it(store: Store, tmp_path: Path) -> None:
    """A session that is named twice is erased once, and the file is not taken for damaged."""
    names = fill(store, 2)
    store.forget([names[0], names[0]])
    assert [row.id for row in store.rows()] == [names[1]]
    assert {path.name for path in tmp_path.iterdir()} == {JOURNAL, f"{JOURNAL}-journal"}


def test_an_erasure_that_fails_erases_nothing(store: Store, tmp_path: Path) -> None:
    """When one of several sessions cannot be erased, all of them stand as they were."""
    names = fill(store, 2)
    with raw(tmp_path) as base:
        base.execute(
            f"CREATE TRIGGER no BEFORE DELETE ON session WHEN OLD.id = '{names[1]}' "
            "BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with pytest.raises(JournalError):
        store.forget(names)
    assert [kept_events(store, name) for name in names] == [WRITTEN, WRITTEN]


# ------------------------------------------------------------------------------------------------------------ the chain

ALTERED = {
    "kind": "'Paused'",
    "body": """replace(body, 'T18', 'T19')""",
    "previous": "hash",
    "hash": "previous",
    "number": "number + 100",
}


@pytest.mark.parametrize("number", range(1, len(WRITTEN) + 1))
@pytest.mark.parametrize("column", ALTERED)
def test_the_first_altered_event_is_named(store: Store, tmp_path: Path, column: str, number: int) -> None:
    """Whatever column of whatever event is altered, also of the last, the check names the first that does not fit."""
    name, other = fill(store, 2)
    with raw(tmp_path, without_triggers=True) as base:
        where = "WHERE session = ? AND number = ?"
        base.execute(f"UPDATE event SET {column} = {ALTERED[column]} {where}", (name, number))
        assert base.execute("SELECT changes()").fetchone() == (1,)
    assert altered_event(store, name) == number
    assert altered_event(store, other) is None
    with pytest.raises(JournalError, match=f"n° {number} "):
        kept_events(store, name)


@pytest.mark.parametrize("column", SessionRow._fields[1:])
def test_an_altered_session_does_not_fit_its_first_event(store: Store, tmp_path: Path, column: str) -> None:
    """Every column of the session is sealed by its first event."""
    name = fill(store)[0]
    with raw(tmp_path, without_triggers=True) as base:
        base.execute("PRAGMA foreign_keys = OFF")
        base.execute(f"UPDATE session SET {column} = CASE WHEN {column} = 0 THEN 1 ELSE 'x' || {column} END")
    assert altered_event(store, name) == 1


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_event_taken_from_the_middle_is_noticed(store: Store, tmp_path: Path, number: int) -> None:
    """Where an event is missing, the one that took its place is named, renumbered or not."""
    name, other = fill(store, 2)
    with raw(tmp_path, without_triggers=True) as base:
        base.execute("DELETE FROM event WHERE number = ?", (number,))
        base.execute("UPDATE event SET number = number - 1 WHERE number > ? AND session = ?", (number, other))
    assert altered_event(store, name) == number
    assert altered_event(store, other) == number


def test_two_events_swapped_are_noticed(store: Store, tmp_path: Path) -> None:
    """Two events that change places no longer fit, nor does one that is copied from another session."""
    name, other, whole = fill(store, 3)
    with raw(tmp_path, without_triggers=True) as base:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            base.execute("UPDATE event SET number = ? WHERE number = ? AND session = ?", (new, old, name))
        copied = "SELECT kind, body, previous, hash FROM event AS o WHERE o.session = ? AND o.number = event.number"
        base.execute(
            f"UPDATE event SET (kind, body, previous, hash) = ({copied}) WHERE session = ? AND number = 3",
            (whole, other),
        )
    assert altered_event(store, name) == 2
    assert altered_event(store, other) == 3
    assert altered_event(store, whole) is None


@pytest.mark.parametrize("removed", [1, 2, 4])
def test_what_is_cut_off_at_the_end_is_noticed_by_its_count_alone(store: Store, tmp_path: Path, removed: int) -> None:
    """Events removed from the end leave a chain that fits: the count shows it, and no longer once it is altered too.

    That is a limit, held here so that nobody believes otherwise. Only the seal that was handed out with a report tells.
    """
    name = fill(store)[0]
    seal = kept_seal(store, name)
    with raw(tmp_path, without_triggers=True) as base:
        base.execute("DELETE FROM event WHERE number > ?", (len(WRITTEN) - removed,))
        assert altered_event(store, name) == len(WRITTEN) - removed + 1
        base.execute("UPDATE last SET number = ?", (len(WRITTEN) - removed,))
    assert altered_event(store, name) is None
    assert kept_events(store, name) == WRITTEN[: len(WRITTEN) - removed]
    assert kept_seal(store, name) != seal


def test_what_a_walk_writes_meanwhile_is_no_alteration(store: Store, tmp_path: Path) -> None:
    """An event that another window adds between any two statements which read a session does not make it altered."""
    name = fill(store)[0]
    with closing(Store(tmp_path)) as other:
        other._base.execute("PRAGMA busy_timeout = 0")

        def add(statement: str) -> None:
            with suppress(JournalError):  # it is busy: read just now
                other.append(name, Paused(START, "open"))

        store._base.set_trace_callback(add)
        rows, altered = store.checked_rows(name)
        store._base.set_trace_callback(None)
    assert altered is None
    assert len(kept_events(store, name)) >= len(rows) > len(WRITTEN), "it was added in between"


def test_an_altered_text_is_not_walked_on(store: Store, tmp_path: Path) -> None:
    """A guide's text that is no longer the one of its hash is refused with a sentence."""
    name = fill(store)[0]
    with raw(tmp_path, without_triggers=True) as base:
        base.execute("UPDATE text SET body = body || ' '")
    row = store.row(name)
    for text in (row.guide, row.facts):
        with pytest.raises(JournalError, match="altéré"):
            store.text(text)


# ------------------------------------------------------------------------------------------------- versions of the file


def test_a_file_from_a_newer_tool_is_left_alone(tmp_path: Path) -> None:
    """A newer file is refused with a sentence, and not a byte of it is changed."""
    with closing(Store(tmp_path)) as opened:
        fill(opened)
    with raw(tmp_path) as base:
        base.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(JournalError, match="plus récente"):
        Store(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_older_tool_walks_on_beside_a_newer_journal(tmp_path: Path) -> None:
    """Back with an older tool: a guide is walked and says that nothing is kept; whatever reads the journal says why."""
    with closing(Store(tmp_path)) as opened:
        fill(opened)
    with raw(tmp_path) as base:
        base.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = (tmp_path / JOURNAL).read_bytes()
    environ, why = {"ECPS_DATA": str(tmp_path)}, "Le journal vient d’une version plus récente de l’outil."
    walked = call("fraud", typed="p\n1\n\n", environ=environ)
    assert (walked.code, why in walked.said, "Rien ne sera gardé" in walked.said) == (0, True, True)
    for command in (["resume"], ["sessions"], ["report"], ["forget", "--all"]):
        ran = call(*command, environ=environ)
        assert (ran.code, why in ran.said) == (1, True), command
    assert (tmp_path / JOURNAL).read_bytes() == before


def test_a_file_that_is_refused_is_let_go(tmp_path: Path) -> None:
    """A file that cannot be used is closed at once: on Windows nobody moves or removes one that is open."""
    with closing(Store(tmp_path)), raw(tmp_path) as base:
        base.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    refused = Store.__new__(Store)
    with pytest.raises(JournalError, match="plus récente"):
        refused.__init__(tmp_path)  # type: ignore[misc]
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        refused._base.execute("SELECT 1")


@pytest.mark.parametrize("version", [0, -1])
def test_a_version_that_was_damaged_is_set_aside(tmp_path: Path, version: int) -> None:
    """A journal whose version number no longer fits its tables is set aside, and the next one is new."""
    with closing(Store(tmp_path)) as opened:
        fill(opened)
    with raw(tmp_path) as base:
        base.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(JournalError, match="mis de côté"):
        Store(tmp_path)
    with closing(Store(tmp_path)) as opened:
        assert list(opened.rows()) == []
        assert len(opened.damaged()) == 1


@pytest.mark.parametrize("content", ["nothing", "empty", "database"])
def test_a_file_of_version_0_is_given_its_tables(tmp_path: Path, content: str) -> None:
    """A file that is not there, is empty, or is a database without a table becomes a journal."""
    if content == "empty":
        (tmp_path / JOURNAL).touch()
    if content == "database":
        with raw(tmp_path) as base:
            base.executescript("CREATE TABLE t (x); DROP TABLE t;")
    with closing(Store(tmp_path)) as opened:
        assert kept_events(opened, fill(opened)[0]) == WRITTEN


UNDONE = {1: "DROP TABLE announced; DROP TABLE last;"}
"""What takes a version of the tables back to the one before."""


def schema(folder: Path) -> list[Any]:
    with raw(folder) as base:
        return sorted(base.execute("SELECT type, name, sql FROM sqlite_master").fetchall(), key=str)


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_file_of_each_earlier_version_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    """A file of any earlier version ends with the same tables as a new one, and keeps what it held."""
    old, new = tmp_path / "old", tmp_path / "new"
    with closing(Store(old)) as opened:
        name = fill(opened)[0]
    with raw(old) as base:
        for later in range(version, len(MIGRATIONS)):
            base.executescript(UNDONE[later])
        base.execute(f"PRAGMA user_version = {version}")
    Store(new).close()
    with closing(Store(old)) as opened:
        assert kept_events(opened, name) == WRITTEN
    assert schema(old) == schema(new)
    with raw(old) as base:
        assert base.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_a_migration_is_applied_once_and_keeps_everything(tmp_path: Path) -> None:
    """The next version of the schema is applied on top of this one, once, and the events are still there."""
    with closing(Store(tmp_path)) as opened:
        name = fill(opened)[0]
    further = (*MIGRATIONS, "CREATE TABLE more (x); INSERT INTO more VALUES (1);")
    for _ in range(2):
        with mock.patch.object(journal, "MIGRATIONS", further), closing(Store(tmp_path)) as opened:
            assert kept_events(opened, name) == WRITTEN
    with raw(tmp_path) as base:
        assert base.execute("SELECT count(*) FROM more").fetchone() == (1,)
    with pytest.raises(JournalError, match="plus récente"):
        Store(tmp_path)


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    """A migration is applied whole or not at all."""
    with closing(Store(tmp_path)) as opened:
        name = fill(opened)[0]
    before = schema(tmp_path)
    further = (*MIGRATIONS, "CREATE TABLE more (x); INSERT INTO nowhere VALUES (1);", "CREATE TABLE yet_more (x);")
    broken = mock.patch.object(faults, "_is_damage", return_value=False)
    with mock.patch.object(journal, "MIGRATIONS", further), broken, pytest.raises(JournalError):
        Store(tmp_path)
    assert schema(tmp_path) == before
    with closing(Store(tmp_path)) as opened:
        assert kept_events(opened, name) == WRITTEN


# --------------------------------------------------------------------------------------------------------------- modes


@posix
def test_the_folder_and_every_file_are_for_their_owner_alone(tmp_path: Path) -> None:
    """Whatever the umask, the folder is 0700, and the journal, its locks and its crash logs 0600 in it."""
    folder = tmp_path / "a" / "b"
    before = os.umask(0)
    try:
        with closing(Store(folder)) as opened:
            take(opened, fill(opened)[0], START).close()
            with raw(folder) as base:
                base.execute("BEGIN IMMEDIATE")
                base.execute("INSERT INTO holder VALUES ('x', 'y')")
                modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
                base.execute("ROLLBACK")
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(modes) == 3
    assert set(modes.values()) == {0o600}


@posix
def test_a_file_that_was_open_to_all_is_closed(tmp_path: Path) -> None:
    """A journal that others could read is made private when it is opened; a folder that was there stays as it was."""
    Store(tmp_path).close()
    (tmp_path / JOURNAL).chmod(0o644)
    tmp_path.chmod(0o755)
    Store(tmp_path).close()
    assert stat.S_IMODE((tmp_path / JOURNAL).stat().st_mode) == 0o600
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


# --------------------------------------------------------------------------------------------------------------- locks


def test_one_lock_at_a_time(tmp_path: Path) -> None:
    """A lock that is held is refused to a second, also in the same process; given back, it is taken again."""
    held_lock = Lock(tmp_path, "s")
    with pytest.raises(BlockingIOError):
        Lock(tmp_path, "s")
    Lock(tmp_path, "t").close()
    held_lock.close()
    Lock(tmp_path, "s").close()


HOLDER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from ecps_cli.storage.store import Store
from ecps_cli.storage.stored_journal import take
store = Store(Path(sys.argv[1]))
lock = take(store, sys.argv[2], datetime(2026, 11, 24, 9, 41).astimezone())
print("held", flush=True)
time.sleep(60)
"""


def test_a_second_window_is_refused_with_the_time_of_the_first(tmp_path: Path) -> None:
    """While a process walks a session `resume` refuses it, saying since when; once it is killed, no more."""
    environ = {"ECPS_DATA": str(tmp_path)}
    assert call("fraud", typed="1\n", environ=environ).code == 5
    with closing(Store(tmp_path)) as opened:
        (row,) = opened.rows()
        child = start(str(tmp_path), row.id, code=HOLDER)
        try:
            assert child.stdout
            assert child.stdout.readline().strip() == b"held"
            assert not opened.is_free(row.id)
            refused = call("resume", row.id, environ=environ)
            assert refused.code == 1
            assert "déjà ouverte dans une autre fenêtre depuis 09:41" in refused.said
            assert len(kept_events(opened, row.id)) == 2
        finally:
            child.kill()
            child.communicate(timeout=LIMIT)
        assert opened.is_free(row.id)
        assert call("resume", row.id, environ=environ).code == 5
        assert altered_event(opened, row.id) is None


# ----------------------------------------------------------------------------------------------------- a damaged file

WALK_LINES = "1\n\nhier\nameli.fr\n1\n2\n3\n4\n\n" + "".join(f"{n}\n\n\n\n" for n in range(1, 5)) + "\n"
"""What is typed to walk `fraud` to its end."""


def test_the_walk_that_the_faults_are_tried_on_ends_well(tmp_path: Path) -> None:
    """Without a fault the walk ends with 0, is kept whole, and says nothing of the journal."""
    ran = spawn("fraud", typed=WALK_LINES, environ={"ECPS_DATA": str(tmp_path)})
    assert ran.code == 0
    assert "gardé" not in ran.said
    with closing(Store(tmp_path)) as opened:
        (row,) = opened.rows()
        assert isinstance(kept_events(opened, row.id)[-1], Ended)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a journal with a few sessions of the real guide, and of their own text.

    They never begin in the same second: the second id would be longer, and each offset in the file another byte.
    """
    folder = tmp_path_factory.mktemp("whole")
    environ = {"ECPS_DATA": str(folder)}
    call("fraud", typed=WALK_LINES, environ=environ)
    time.sleep(1)
    call("fraud", typed="1\n\n", environ=environ)
    with closing(Store(folder)) as opened:
        fill(opened, 12)
    return folder


def truth(folder: Path) -> dict[str, list[Event]]:
    with closing(Store(folder)) as opened:
        return {row.id: kept_events(opened, row.id) for row in opened.rows()}


def damaged(whole: Path, folder: Path, change: Callable[[bytes], bytes]) -> bytes:
    """Make a folder whose journal is that of `whole`, changed, and return what is then in the file."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    content = change((whole / JOURNAL).read_bytes())
    (folder / JOURNAL).write_bytes(content)
    return content


def probe(folder: Path, expected: Mapping[str, list[Event]]) -> bool:
    """Read everything there is; return whether something was refused. What is read is true, or the beginning of it."""
    refused = False
    try:
        opened = Store(folder)
    except JournalError:
        return True
    with closing(opened):
        reads: list[Callable[[], Any]] = [lambda: list(opened.rows()), lambda: list(opened.rows(practice=True))]
        reads += [opened.unfinished, *(lambda name=name: kept_seal(opened, name) for name in expected)]
        reads += [lambda row=row: opened.text(row) for name in expected for row in _texts(opened, name)]
        for read in reads:
            try:
                read()
            except JournalError:
                refused = True
        for name, written in expected.items():
            try:
                found = kept_events(opened, name)
            except JournalError:
                refused = True
            else:
                assert found == written[: len(found)]
                refused |= len(found) < len(written)
    return refused


def _texts(opened: Store, name: str) -> list[str]:
    try:
        return [opened.row(name).guide, opened.row(name).facts]
    except JournalError:
        return []


def contents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir() if path.suffix == ".sqlite3"]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("mask", first_of(1, [0xFF, 0x01]))
def test_a_byte_flipped_anywhere(whole: Path, tmp_path: Path, mask: int) -> None:
    """With any one byte flipped, what is read is what was written, or a sentence; the file is kept, as it was."""
    expected = truth(whole)
    size = (whole / JOURNAL).stat().st_size
    refused = 0
    for offset in [*range(0, 100, 3), *range(100 + mask, size, 503)]:

        def flip(content: bytes, offset: int = offset) -> bytes:
            return content[:offset] + bytes([content[offset] ^ mask]) + content[offset + 1 :]

        content = damaged(whole, tmp_path / "data", flip)
        refused += probe(tmp_path / "data", expected)
        assert content in contents(tmp_path / "data"), offset
    assert refused > 25


COMMANDS = (
    ("sessions",),
    ("sessions", "--json"),
    ("sessions", "--verify"),
    ("report",),
    ("feedback",),
    ("resume",),
    ("fraud",),
)


@pytest.mark.timeout(240)
def test_no_command_breaks_on_a_flipped_byte(whole: Path, tmp_path: Path) -> None:
    """Whatever byte is flipped, every command ends in a code that is not a bug's, and with no traceback."""
    size = (whole / JOURNAL).stat().st_size
    environ = {"ECPS_DATA": str(tmp_path / "data")}
    for number, offset in enumerate([*range(0, 100, 9), *range(1000, size, 2237)]):

        def flip(content: bytes, offset: int = offset) -> bytes:
            return content[:offset] + bytes([content[offset] ^ 0x15]) + content[offset + 1 :]

        for command in (COMMANDS[number % len(COMMANDS)], COMMANDS[(number + 3) % len(COMMANDS)]):
            damaged(whole, tmp_path / "data", flip)
            ran = call(*command, typed="\n", environ=environ)
            assert ran.code in (0, 1, 4, 5), (offset, command, ran.said)
            if command == ("fraud",):
                assert ran.code == 5


def test_a_file_cut_at_each_page(whole: Path, tmp_path: Path) -> None:
    """Cut at any page, or in the middle of one, the file gives what was written, or a sentence, and is kept."""
    expected = truth(whole)
    content = (whole / JOURNAL).read_bytes()
    pages = len(content) // 4096
    assert pages > 10
    for size in [*(number * 4096 for number in range(pages)), *(number * 4096 + 777 for number in range(pages))]:
        cut = damaged(whole, tmp_path / "data", lambda content, size=size: content[:size])
        probe(tmp_path / "data", expected)
        assert size == 0 or cut in contents(tmp_path / "data"), size
        ran = call("fraud", typed="v\n", environ={"ECPS_DATA": str(tmp_path / "data")})
        assert ran.code == 5, (size, ran.said)


FOREIGN = {
    "garbage": b"This is no journal. " * 500,
    "zeros": bytes(8192),
    "text": "Bonjour, ceci n’est pas une base.".encode(),
    "header": b"SQLite format 3\x00" + b"\xff" * 5000,
}


@pytest.mark.parametrize("content", first_of(1, FOREIGN))
def test_another_thing_in_its_place_is_set_aside_and_the_walk_goes_on(tmp_path: Path, content: str) -> None:
    """A damaged journal is set aside whole; the walk says that nothing is kept and ends as ever; the next is kept."""
    (tmp_path / JOURNAL).write_bytes(FOREIGN[content])
    environ = {"ECPS_DATA": str(tmp_path)}
    ran = spawn("fraud", typed=WALK_LINES, environ=environ)
    assert ran.code == 0
    assert "a été mis de côté" in ran.said
    assert "Rien ne sera gardé" in ran.said
    assert [path.read_bytes() for path in tmp_path.glob("journal-ab*")] == [FOREIGN[content]]
    assert spawn("fraud", typed=WALK_LINES, environ=environ).code == 0
    assert len(truth(tmp_path)) == 1


def test_what_is_set_aside_never_takes_the_place_of_another(tmp_path: Path) -> None:
    """Two damaged files of the same second are both kept."""
    for number in range(3):
        (tmp_path / JOURNAL).write_bytes(b"damaged %d " % number * 50)
        with pytest.raises(JournalError, match="mis de côté"):
            Store(tmp_path)
    assert len(contents(tmp_path)) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody rename a file that another process holds")
def test_a_whole_file_is_not_set_aside_for_the_damage_of_another(whole: Path, tmp_path: Path) -> None:
    """A process that still holds a damaged file leaves the new one alone that another process has begun."""
    folder = tmp_path / "data"
    damaged(whole, folder, lambda content: content)
    holding = Store(folder)
    name = next(iter(truth(folder)))
    (folder / JOURNAL).rename(folder / "journal-abîmé-earlier.sqlite3")
    with (folder / "journal-abîmé-earlier.sqlite3").open("r+b") as file:
        size = len(file.read())
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    with closing(Store(folder)) as fresh:
        ours = fill(fresh)[0]
        holding._base.execute("PRAGMA cache_size = 0")
        with pytest.raises(JournalError):
            holding.append(name, Paused(START, "open"))
        assert (folder / JOURNAL).exists()
        fresh.append(ours, Paused(START, "open"))
    with closing(Store(folder)) as again:
        assert len(kept_events(again, ours)) == len(WRITTEN) + 1


@pytest.mark.parametrize("place", ["file", "folder", "parent"])
def test_a_thing_of_another_kind_in_the_way(tmp_path: Path, place: str) -> None:
    """A folder where the file should be, or a file where the folder should be, is a sentence; the walk goes on."""
    folder = tmp_path / "data"
    match place:
        case "file":
            (folder / JOURNAL).mkdir(parents=True)
        case "folder":
            folder.write_text("a file")
        case _:
            folder.write_text("a file")
            folder = folder / "deeper"
    with pytest.raises(JournalError):
        Store(folder)
    ran = spawn("fraud", typed=WALK_LINES, environ={"ECPS_DATA": str(folder)})
    assert ran.code == 0
    assert "Rien ne sera gardé" in ran.said
    assert call("sessions", environ={"ECPS_DATA": str(folder)}).code == 1


@posix
def test_a_signal_at_any_moment_of_a_write_leaves_no_transaction_open(tmp_path: Path) -> None:
    """Wherever in `append` a signal falls, the event is kept whole or not at all, and the next one can be written."""
    with closing(Store(tmp_path)) as store:
        name = store.begin(START, "demo", "a", "b", "tool", practice=False)
        moment, reached, traced = 0, True, sys.gettrace()  # by coverage
        while reached:
            moment, reached, passed = moment + 1, False, 0

            def trace(frame: Any, kind: str, value: Any, moment: int = moment) -> Any:
                nonlocal passed, reached
                passed += 1
                if passed == moment:
                    reached = True
                    sys.settrace(None)
                    signal.raise_signal(signal.SIGTERM)
                return trace

            before = len(kept_events(store, name))
            with as_before(), suppress(KeyboardInterrupt), interruptible():
                sys.settrace(trace)
                try:
                    store.append(name, Paused(START, "open"))
                finally:
                    sys.settrace(traced)
            assert not store._base.in_transaction, moment
            assert len(kept_events(store, name)) - before in (0, 1)
    assert moment > 50


# ------------------------------------------------------------------------------------------------- full and read-only


def test_a_full_file_is_a_sentence_and_nothing_is_lost(store: Store) -> None:
    """When the file can grow no more, the event is refused, those before it stand, and later there is room again."""
    name = fill(store)[0]
    (pages,) = store._base.execute("PRAGMA page_count").fetchone()
    store._base.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(JournalError, match="Le disque est plein"):
        store.append(name, Noted(START, "open", "z" * 200_000))
    assert kept_events(store, name) == WRITTEN
    store._base.execute("PRAGMA max_page_count = 100000")
    store.append(name, Paused(START, "open"))
    assert kept_events(store, name) == [*WRITTEN, Paused(START, "open")]


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[Path]:
    """Mount a small disk of its own, where this is permitted."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, timeout=LIMIT
    )
    if done.returncode:
        pytest.skip("mounting is not permitted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, timeout=LIMIT)


def check_that_the_walk_went_on(ran: Any, folder: Path) -> None:
    assert ran.code == 0, ran.said
    assert "Traceback" not in ran.said
    assert not (folder / "crash").exists()


@posix
@pytest.mark.slow_disk
@pytest.mark.timeout(180)
def test_a_walk_on_a_full_disk(tmp_path: Path) -> None:
    """Wherever in a walk the disk fills up, the walk ends as ever and says so; what was kept is its beginning."""
    if not shutil.which("mount"):
        pytest.skip("no mount here")
    warned = 0
    for free in (0, 4, 8, 16, 40, 72, 80, 96, 112, 124, 136, 160):
        with mounted(tmp_path / str(free), "1m") as disk:
            with (disk / "filler").open("wb") as filler:
                filler.write(bytes(2**20 - free * 1024))
            ran = spawn("fraud", typed=WALK_LINES, environ={"ECPS_DATA": str(disk / "data")})
            check_that_the_walk_went_on(ran, disk / "data")
            warned += "gardé" in ran.said
            (disk / "filler").unlink()
            if (disk / "data").exists():
                for row_id, written in truth(disk / "data").items():
                    ended = bool(written) and isinstance(written[-1], Ended)
                    assert ended or "gardé" in ran.said, (free, row_id)
                    assert spawn("sessions", environ={"ECPS_DATA": str(disk / "data")}).code == 0
    assert warned > 3


@posix
@pytest.mark.parametrize("limit", first_of(3, [0, 20_000, 70_000, 4096, 60_000, 90_000]))
def test_a_walk_under_a_quota(tmp_path: Path, limit: int) -> None:
    """A limit on the size of files, which no root may pass, is met like a full disk."""
    import resource

    environ = quiet({"ECPS_DATA": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"})
    done = subprocess.run(
        [sys.executable, "-m", "ecps_cli", "fraud"],
        input=WALK_LINES.encode(),
        capture_output=True,
        env={name: value for name, value in environ.items() if not name.startswith("COVERAGE")},  # it writes files too
        timeout=LIMIT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    if limit < 60_000:
        assert "gardé".encode() in done.stdout
    for written in truth(tmp_path).values():
        assert (bool(written) and isinstance(written[-1], Ended)) or "gardé".encode() in done.stdout + done.stderr


@posix
@pytest.mark.parametrize("there", [True, False])
def test_a_walk_on_a_read_only_disk(whole: Path, tmp_path: Path, there: bool) -> None:
    """On a read-only disk the walk says that nothing is kept and ends as ever; what was kept before is still read."""
    if not shutil.which("mount"):
        pytest.skip("no mount here")
    with mounted(tmp_path / "disk", "2m") as disk:
        if there:
            shutil.copy(whole / JOURNAL, disk / JOURNAL)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True, timeout=LIMIT)
        environ = {"ECPS_DATA": str(disk)}
        ran = spawn("fraud", typed=WALK_LINES, environ=environ)
        assert ran.code == 0
        assert "Rien ne sera gardé" in ran.said
        assert "Traceback" not in ran.said
        for command in COMMANDS[:-1]:
            ran = call(*command, environ=environ)
            assert ran.code in ((0, 1, 5) if there else (1,))
            assert ran.said
        if there:
            forget = call("forget", "--all", typed="o\n", environ=environ)
            assert (forget.code, "ne peut pas être écrit" in forget.said) == (1, True)
            assert len(call("sessions", environ=environ).out.splitlines()) == len(truth(whole))


def test_a_walk_whose_file_is_damaged_under_it(tmp_path: Path) -> None:
    """When the file is overwritten in the middle of a walk, the walk says so and ends with its own code."""
    child = subprocess.Popen(
        [sys.executable, "-m", "ecps_cli", "fraud"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=quiet({"ECPS_DATA": str(tmp_path)}),
    )
    try:
        assert child.stdin
        lines = WALK_LINES.encode().splitlines(keepends=True)
        child.stdin.write(b"".join(lines[:2]))
        child.stdin.flush()
        deadline = time.monotonic() + LIMIT
        while not (tmp_path / JOURNAL).exists() or _count(tmp_path) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        (tmp_path / JOURNAL).write_bytes(b"garbage" * 10_000)
        out, err = child.communicate(b"".join(lines[2:]), timeout=LIMIT)
    finally:
        child.kill()
    assert child.returncode == 0, err.decode()
    assert "gardé" in out.decode()
    assert b"garbage" * 10_000 in contents(tmp_path)


def _count(folder: Path) -> int:
    try:
        with raw(folder) as base:
            (count,) = base.execute("SELECT count(*) FROM event").fetchone()
            return int(count)
    except sqlite3.Error:
        return 0


def test_a_closed_store_harms_no_file(store: Store, tmp_path: Path) -> None:
    """To use a store after it was closed is refused, and no healthy file is set aside for it."""
    name = fill(store)[0]
    store.close()
    with pytest.raises(JournalError):
        store.append(name, replace(WRITTEN[0]))
    assert {path.name for path in tmp_path.iterdir()} == {JOURNAL, f"{JOURNAL}-journal"}
    assert json.loads(call("sessions", "--json", environ={"ECPS_DATA": str(tmp_path)}).out)[0]["id"] == name
