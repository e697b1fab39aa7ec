"""Where things are kept: files that are ours, in folders that are ours, or a sentence that says which and why not."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest

from ecps_cli.core.events import Noted
from ecps_cli.core.journal import JournalError, Unwritable
from ecps_cli.loading.library import open_library
from ecps_cli.storage.faults import rollback_journal
from ecps_cli.storage.folder import JOURNAL, data_folder, make_folder, not_writable
from ecps_cli.storage.lock import Lock
from ecps_cli.storage.store import Store
from ecps_cli.walk.prompter import EndOfInput
from support.commands import call
from support.kept import kept_events
from support.sample import START

posix = pytest.mark.skipif(os.name != "posix", reason="links, modes and owners are POSIX")


@posix
@pytest.mark.parametrize("kind", ["link", "dangling link", "pipe"])
@pytest.mark.parametrize("read_only", [False, True])
def test_a_journal_that_is_no_plain_file_is_refused(tmp_path: Path, kind: str, read_only: bool) -> None:
    """A link or a pipe in the journal's place is neither opened, nor changed, nor set aside; the sentence names it."""
    elsewhere = tmp_path / "elsewhere"
    if kind != "dangling link":
        elsewhere.write_text("à un autre", "utf-8")
        elsewhere.chmod(0o644)
    (folder := tmp_path / "data").mkdir()
    place = folder / JOURNAL
    if kind == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to(elsewhere)
    with pytest.raises(JournalError, match="est un lien ou un périphérique"):
        Store(folder, read_only)
    assert [path.name for path in folder.iterdir()] == [JOURNAL]
    if kind != "dangling link":
        assert (elsewhere.read_text("utf-8"), stat.S_IMODE(elsewhere.stat().st_mode)) == ("à un autre", 0o644)
    else:
        assert not elsewhere.exists()
    ran = call("fraud", typed="n\nune note\n", environ={"ECPS_DATA": str(folder)})
    assert (ran.code, "Rien ne sera gardé de ce parcours." in ran.said) == (5, True)


@posix
@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_a_rollback_journal_that_is_no_plain_file_is_refused(tmp_path: Path, kind: str) -> None:
    """SQLite would cut what a link leads to, and wait for ever at a pipe: it is not asked to; the sentence names it."""
    folder, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    elsewhere.write_text("à un autre", "utf-8")
    Store(folder).close()
    place = rollback_journal(folder / JOURNAL)
    place.unlink(missing_ok=True)
    place.symlink_to(elsewhere) if kind == "link" else os.mkfifo(place)
    ran = call("fraud", typed="n\nune note\n", environ={"ECPS_DATA": str(folder)})
    assert (ran.code, f"« {place} » est un lien ou un périphérique" in ran.said) == (5, True)
    assert elsewhere.read_text("utf-8") == "à un autre"


@posix
def test_a_lock_that_is_a_link_is_refused(tmp_path: Path) -> None:
    """A link in a lock's place is not followed, and what it leads to is not made."""
    (tmp_path / "s.lock").symlink_to(tmp_path / "made")
    with pytest.raises(OSError):
        Lock(tmp_path, "s")
    assert not (tmp_path / "made").exists()


def test_an_id_from_outside_leads_nowhere(tmp_path: Path) -> None:
    """Whatever a session is called, its lock is in the folder."""
    (folder := tmp_path / "data").mkdir()
    for name in ("../x", "/x", "a/b", "..", "", "x" * 300, "é/\x00"):
        Lock(folder, name).close()
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert len(list(folder.iterdir())) == 7


@posix
@pytest.mark.parametrize("umask", [0, 0o022, 0o077])
def test_folders_are_for_their_owner_alone_parents_too(tmp_path: Path, umask: int) -> None:
    """Each folder that is made on the way is 0700 whatever the umask; one that was there is left as it is."""
    tmp_path.chmod(0o755)
    before = os.umask(umask)
    try:
        make_folder(tmp_path / "a" / "b" / "c")
    finally:
        os.umask(before)
    made = [tmp_path / "a", tmp_path / "a" / "b", tmp_path / "a" / "b" / "c"]
    assert [stat.S_IMODE(each.stat().st_mode) for each in made] == [0o700] * 3
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


@posix
def test_what_is_written_into_a_file_goes_through_no_link(tmp_path: Path) -> None:
    """The draft of `-o` is a new file: links that wait under every name that was once used for it are not followed."""
    victim = tmp_path / "victim"
    for pid in range(os.getpid() - 2, os.getpid() + 3):
        (tmp_path / f".out.json.{pid}.tmp").symlink_to(victim)
    assert call("show", "fraud", "--format", "json", "-o", str(tmp_path / "out.json")).code == 0
    assert not victim.exists()


def test_a_tilde_is_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`~` in ECPS_DATA and ECPS_GUIDES is the user's folder, also where no shell has expanded it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert data_folder({"ECPS_DATA": "~/ici"}) == tmp_path / "ici"
    (tmp_path / "guides").mkdir()
    assert open_library(None, {"ECPS_GUIDES": "~/guides"}).folder == tmp_path / "guides"


@posix
def test_an_account_without_a_home_walks_unkept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without HOME and without an entry in passwd the walk goes on and says that nothing is kept; nothing is made."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ECPS_DATA", raising=False)
    for name in ("HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    with mock.patch("pwd.getpwuid", side_effect=KeyError("uid")):
        ran = call("fraud", typed="n\nune note\n")
        said = call("sessions")
        with mock.patch("ecps_cli.screen.pages.fact_list", side_effect=RuntimeError):
            bug = call("facts")
    assert (ran.code, "Ce compte n’a pas de dossier personnel." in ran.said) == (5, True)
    assert "Rien ne sera gardé de ce parcours." in ran.said
    assert (said.code, "ECPS_DATA" in said.said) == (1, True)
    assert (bug.code, "Le rapport n’a pas pu être écrit" in bug.said) == (3, True)
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_folder_of_somebody_else_is_named_with_its_owner(tmp_path: Path) -> None:
    """The sentence says which folder, whose it is, and what to do."""
    denied = PermissionError(errno.EACCES, "no")
    with mock.patch("os.geteuid", return_value=tmp_path.stat().st_uid + 1):
        said = not_writable(tmp_path, denied)
    assert f"« {tmp_path} » ne peut pas être écrit (il appartient " in said
    assert "ECPS_DATA" in said
    assert "appartient" not in not_writable(tmp_path, denied)


@posix
def test_a_folder_without_locks_is_said_as_such(tmp_path: Path) -> None:
    """A network folder that has no locks is not said to be unwritable."""
    with closing(Store(tmp_path)) as store:
        name = store.begin(START, "fraud", "g", "f", "t", False)
        with (
            mock.patch("ecps_cli.storage.lock._lock", side_effect=OSError(errno.ENOLCK, "no locks")),
            pytest.raises(Unwritable, match="ne sait pas verrouiller"),
        ):
            store.is_free(name)


def test_a_journal_that_is_busy_at_the_start_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Held by another program when the walk starts, it keeps the whole walk once let go; until then that is said."""
    Store(tmp_path).close()
    connect = sqlite3.connect
    monkeypatch.setattr("sqlite3.connect", lambda *given, **named: connect(*given, **{**named, "timeout": 0}))
    holder = connect(tmp_path / JOURNAL, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    lines = iter(["n", "une", "n", "deux", "n", "trois"])

    def read() -> str:
        line = next(lines, None)
        if line is None:
            raise EndOfInput
        if line == "trois":
            holder.execute("ROLLBACK")
        return line

    monkeypatch.setattr("ecps_cli.cli.console.read_stdin", read)
    ran = call("fraud", environ={"ECPS_DATA": str(tmp_path)})
    holder.close()
    assert ran.code == 5
    assert "Le journal est occupé par un autre programme." in ran.said
    assert "Pour reprendre : ecps-guide resume" in ran.said
    with closing(Store(tmp_path)) as store:
        (row,) = store.rows()
        assert [each.text for each in kept_events(store, row.id) if isinstance(each, Noted)] == ["une", "deux", "trois"]
