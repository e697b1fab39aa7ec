"""The cache of states: whatever becomes of it or of the rows beside it, a list says what it would say without it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest

from ecps_cli.cli.records import _stream_json
from ecps_cli.core.events import Labelled, Noted
from ecps_cli.core.journal import JournalError
from ecps_cli.core.text import text_digest
from ecps_cli.storage import state_cache
from ecps_cli.storage.folder import JOURNAL
from ecps_cli.storage.handover import to_json
from ecps_cli.storage.schema import SETTINGS
from ecps_cli.storage.store import Store
from ecps_cli.storage.summaries import Summary, summaries, verified
from support.commands import call
from support.sample import START
from support.two_guides import write_guides

LABEL = "SECRET-LABEL"


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a journal of four sessions: ended, paused, gone over to another guide, of a guide that cannot be read."""
    folder = tmp_path_factory.mktemp("walked")
    environ = {"ECPS_DATA": str(folder / "data")}
    call("fraud", typed="p\n1\n\n", environ=environ)
    call("fraud", typed="1\n\n", environ=environ)
    over = ("run", "outer", "--guides", str(write_guides(folder / "guides")), "--case", LABEL)
    call(*over, typed="\np\n1\n\n1\nINC-1\nq\n", environ=environ)
    with closing(Store(folder / "data")) as store:
        store.append(store.begin(START, "demo", "no guide", "", "t", False), Noted(START, "open", "note"))
    return folder / "data"


@pytest.fixture(scope="module")
def seen(walked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give that journal once it was listed: the states of three of them are kept."""
    folder = tmp_path_factory.mktemp("seen") / "data"
    shutil.copytree(walked, folder)
    listed(folder)
    with raw(folder) as base:
        assert base.execute("SELECT count(*) FROM state").fetchone() == (3,)
    return folder


@pytest.fixture
def folder(seen: Path, tmp_path: Path) -> Path:
    """Give a copy of it."""
    return shutil.copytree(seen, tmp_path / "data")


def raw(folder: Path) -> closing[sqlite3.Connection]:
    """Open the file past the journal."""
    return closing(sqlite3.connect(folder / JOURNAL, isolation_level=None))


def listed(folder: Path, read_only: bool = False) -> list[Summary]:
    with closing(Store(folder, read_only)) as store:
        return [summary for _, summary in summaries(store, store.rows())]


def without_cache(folder: Path) -> list[Summary]:
    """Return what is listed where no state is found."""
    with mock.patch.object(state_cache.StateCache, "read", return_value={}):
        return listed(folder)


def replays(folder: Path) -> int:
    """Return how many sessions had to be replayed to be listed."""
    with mock.patch("ecps_cli.storage.summaries.replayed", side_effect=JournalError) as replayed:
        listed(folder)
    return int(replayed.call_count)


ALTERED = (
    *(
        f"UPDATE event SET {column} = {column} || ' ' WHERE number = 2"
        for column in ("kind", "body", "previous", "hash")
    ),
    "UPDATE event SET number = number + 9 WHERE number = 2",
    "UPDATE event SET body = CAST(body AS BLOB) WHERE number = 1",
    "DELETE FROM event WHERE number = 1",
    "DELETE FROM event WHERE number > 1",
    "UPDATE last SET number = number + 1",
    *(f"UPDATE session SET {column} = {column} || ' '" for column in ("started", "guide_id", "guide", "facts", "tool")),
    "UPDATE session SET practice = x'30' WHERE guide_id = 'fraud'",
    "UPDATE text SET body = body || ' '",
    "UPDATE text SET body = body || ' ' WHERE body LIKE '%Le second%'",
    "DELETE FROM text",
)
"""What an accident or a hand may do to what a state rests on."""


@pytest.mark.parametrize("statement", ALTERED)
def test_whatever_is_altered_a_list_says_so_with_the_cache_as_without_it(folder: Path, statement: str) -> None:
    """A state is not found again once anything that it rests on has changed, be it the type of a value alone."""
    before = listed(folder)
    with raw(folder) as base:
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f"DROP TRIGGER {name}")
        base.execute(statement)
        assert base.execute("SELECT changes()").fetchone() > (0,)
    assert listed(folder) == without_cache(folder) != before


SPOILT = (
    "UPDATE state SET body = replace(body, 'success', 'abandoned')",
    "UPDATE state SET body = x'ff', digest = 3",
    "UPDATE state SET body = (SELECT max(body) FROM state), digest = (SELECT max(digest) FROM state)",
    "DELETE FROM state",
    "DROP TABLE state",
    "DROP TABLE state; CREATE TABLE state (other)",
)
"""What may become of the cache."""


@pytest.mark.parametrize("statement", SPOILT)
def test_a_cache_that_is_missing_or_damaged_is_as_if_there_were_none(folder: Path, statement: str) -> None:
    """Whatever is wrong with the table, the list is right and nothing is said; where it can be mended, it is."""
    right = listed(folder)
    with raw(folder) as base:
        base.executescript(statement)
    ran = call("sessions", environ={"ECPS_DATA": str(folder)})
    assert (ran.code, ran.err) == (0, "")
    assert listed(folder) == right
    assert replays(folder) == (4 if "other" in statement else 1), "but the one that cannot be read"


def test_a_damaged_page_of_the_cache_sets_no_journal_aside(folder: Path) -> None:
    """Where the disk has spoilt the table, sessions are listed and walked on as ever."""
    right = listed(folder)
    with raw(folder) as base:
        (page,) = base.execute("SELECT rootpage FROM sqlite_master WHERE name = 'state'").fetchone()
        (size,) = base.execute("PRAGMA page_size").fetchone()
    with (folder / JOURNAL).open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    assert listed(folder) == right
    with closing(Store(folder)) as store:
        store.append(store.ids()[0], Noted(START, "open", "note"))
    assert not [*folder.glob("journal-ab*")]


def test_the_states_of_another_version_are_not_used(folder: Path) -> None:
    """Another version may read a session otherwise: it works its states out itself, and keeps them for itself."""
    assert replays(folder) == 1
    with mock.patch.object(state_cache, "__version__", "0.0.1"):
        assert replays(folder) == 4
        listed(folder)
        assert replays(folder) == 1
    assert replays(folder) == 4


def test_a_state_of_fewer_events_is_not_used(folder: Path) -> None:
    """What was done since the list was last seen is in the next one; only that session is replayed."""
    with closing(Store(folder)) as store:
        session_id = next(row.id for row in store.rows() if row.guide_id == "outer")
        store.append(session_id, Labelled(START, "tell", "GLPI 8"))
    assert replays(folder) == 2
    assert "GLPI 8" in {each.label for each in listed(folder)}


def test_an_event_that_comes_while_a_state_is_worked_out_puts_it_out_of_use(folder: Path) -> None:
    """A state is kept under what stood before it was worked out, never under what came after."""
    with raw(folder) as base:
        base.execute("DELETE FROM state")
    with closing(Store(folder)) as reader, closing(Store(folder)) as walker:
        rows = summaries(reader, reader.rows())
        met = [next(rows)]
        walker.append(met[0][0].id, Labelled(START, "tell", "GLPI 8"))
        met += rows
    assert (
        [each.label for _, each in met]
        != [each.label for each in listed(folder)]
        == [each.label for each in without_cache(folder)]
    )


def test_an_older_tool_in_another_window_writes_and_erases_as_ever(folder: Path) -> None:
    """One that knows nothing of the cache appends and forgets: a state goes with its session, from every file."""
    assert LABEL.encode() in b"".join(each.read_bytes() for each in folder.iterdir())
    with raw(folder) as base:
        base.executescript(SETTINGS)
        assert base.execute("PRAGMA user_version").fetchone() == (2,), "which an older tool takes for its own"
        base.execute("BEGIN IMMEDIATE")
        (session_id,) = base.execute("SELECT id FROM session WHERE guide_id = 'outer'").fetchone()
        base.execute("INSERT INTO forgetting VALUES (?)", (session_id,))
        base.execute("DELETE FROM session WHERE id = ?", (session_id,))
        for table in ("event", "holder", "announced", "last"):
            base.execute(f"DELETE FROM {table} WHERE session = ?", (session_id,))
        base.execute("COMMIT")
        assert base.execute("SELECT count(*) FROM state").fetchone() == (2,)
    assert LABEL.encode() not in (folder / JOURNAL).read_bytes()


def test_what_is_forgotten_is_gone_from_the_cache_and_from_every_file(folder: Path) -> None:
    """The label of a case that is forgotten is in no file, though it was listed, given anew and listed again."""
    with closing(Store(folder)) as store:
        session_id = next(row.id for row in store.rows() if row.guide_id == "outer")
        for label in (f"{LABEL} 2", f"{LABEL} 3"):
            store.append(session_id, Labelled(START, "tell", label))
            assert label in {summary.label for _, summary in summaries(store, store.rows())}
        store.forget([session_id])
        assert not any(LABEL.encode() in each.read_bytes() for each in folder.iterdir())


def test_a_list_waits_for_nobody_to_keep_its_states(folder: Path) -> None:
    """While another program holds the file for writing, and where it is read only, the list is whole and at once."""
    with raw(folder) as base:
        base.execute("DELETE FROM state")
        base.execute("BEGIN IMMEDIATE")
        before = time.monotonic()
        with closing(Store(folder)) as store:
            assert [each for _, each in summaries(store, store.rows())] == without_cache(folder)
            assert store._base.execute("PRAGMA busy_timeout").fetchone() == (5000,), "an event waits again"
        assert time.monotonic() - before < 4
        base.execute("ROLLBACK")
    content = (folder / JOURNAL).read_bytes()
    assert len(listed(folder, read_only=True)) == 4
    assert (folder / JOURNAL).read_bytes() == content


def test_verify_mends_a_state_that_was_made_up(folder: Path) -> None:
    """A state that fits its session but does not follow from it misleads a list; `--verify` says so and mends it.

    That is no alteration of a session: the exit code is 0.
    """
    environ = {"ECPS_DATA": str(folder)}
    with closing(Store(folder)) as store:
        store.forget([row.id for row in store.rows() if row.guide_id == "demo"])
    right = listed(folder)
    with closing(Store(folder)) as store:
        prints = store.states.prints(store.ids())
        states = store.states.read(prints)
        assert call("sessions", "--verify", environ=environ).err == ""
        store.states.write(prints, {name: body.replace('"success"', '"abandoned"') for name, body in states.items()})
    assert listed(folder) != right
    ran = call("sessions", "--verify", environ=environ)
    assert (ran.code, ran.err.count("C’est refait")) == (0, 1)
    assert listed(folder) == right
    assert call("sessions", "--verify", environ=environ).err == ""


def test_a_state_of_another_form_is_as_if_it_were_not_there(folder: Path) -> None:
    """What an earlier checkout of the same version kept, with a field less, is worked out anew."""
    right = listed(folder)
    with closing(Store(folder)) as store:
        prints = store.states.prints(store.ids())
        states = {name: json.loads(body) for name, body in store.states.read(prints).items()}
        shorter = {name: json.dumps([values[1:], texts]) for name, (values, texts) in states.items()}
        store.states.write(prints, shorter)
    assert replays(folder) == len(right)
    assert listed(folder) == right


def test_verify_reads_each_row_and_hashes_each_text_once(folder: Path) -> None:
    """However many sessions rest on one text, it is held against its hash once, and so is each event."""
    statements: list[str] = []
    with closing(Store(folder)) as store:
        texts = store._base.execute("SELECT count(*) FROM text").fetchone()[0]
        store._base.set_trace_callback(statements.append)
        with mock.patch("ecps_cli.storage.store.text_digest", wraps=text_digest) as hashed:
            found = [*verified(store)]
        assert len(found) == 4
        assert sum("FROM event WHERE session = " in each for each in statements) == len(found)
        assert hashed.call_count == texts


def test_json_is_written_as_it_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    """The first session is on standard output before the second one is looked for."""

    def found() -> Iterator[dict[str, object]]:
        yield {"id": "first"}
        assert "first" in capsys.readouterr().out
        yield {"id": "second"}

    _stream_json(found())
    assert "second" in capsys.readouterr().out


def test_no_copy_that_leaves_this_pc_holds_a_state(folder: Path, walked: Path) -> None:
    """The file of a session for another PC is the same with the cache as without it."""
    with closing(Store(folder)) as store, closing(Store(walked)) as bare:
        assert {name: to_json(store, name) for name in store.ids()} == {
            name: to_json(bare, name) for name in bare.ids()
        }
