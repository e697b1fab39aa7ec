"""Retention: what is too old goes, after it was said; a clock that is wrong once, either way, erases nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecps_cli.core.events import Noted
from ecps_cli.core.journal import Erased
from ecps_cli.storage.lock import Lock
from ecps_cli.storage.retention import Ages, ages, keep_days, retain
from ecps_cli.storage.store import Store
from support.commands import LIMIT, Ran, call, quiet, spaced
from support.sample import START

NOW = START + timedelta(days=200)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        *(("", 90), ("30", 30), (" 7 ", 7), ("1", 1), ("0", 90), ("-5", 90), ("rubbish", 90), ("1.5", 90)),
        *(("²", 90), ("999999", 36_500), ("9" * 5000, 90)),
    ],
)
def test_how_long_sessions_are_kept(text: str, days: int) -> None:
    """`ECPS_KEEP_DAYS` is a number of days from 1 on; anything else is the 90 of the README; none is too large."""
    assert keep_days({"ECPS_KEEP_DAYS": text}) == days


def aged(store: Store, *days: float) -> list[str]:
    """Write a session started so many days before `NOW`, each with a note that names its age."""
    names = []
    for each in days:
        at = NOW - timedelta(days=each)
        names.append(store.begin(at, "fraud", "g", "f", "t", False))
        store.append(names[-1], Noted(at, "refuse", f"AGE-{each}."))
    return names


def said(store: Store, now: datetime) -> list[str]:
    lines: list[str] = []
    retain(store, now, 90, lines.append)
    return lines


def test_what_is_too_old_is_announced_then_erased_on_another_day(tmp_path: Path) -> None:
    """The first walk says how many are too old, once; a walk of another day says so again, and erases those alone."""
    with closing(Store(tmp_path)) as store:
        *old, young = aged(store, 91, 100, 89)
        (line,) = said(store, NOW)
        assert line.startswith("2 sessions de plus de 90 jours, si ce PC est bien à l’heure (12/06/2027)")
        assert said(store, NOW + timedelta(hours=1)) == []
        assert store.ids() == sorted([*old, young])
        assert said(store, NOW + timedelta(days=1)) == [
            "2 sessions de plus de 90 jours : effacement maintenant, comme annoncé."
        ]
        assert store.ids() == [young]
        assert store.announced() == {}
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert [age for age in (91, 100, 89) if f"AGE-{age}.".encode() in content] == [89]


def test_it_is_said_before_it_is_done(tmp_path: Path) -> None:
    """When the line is said, everything is still there."""
    with closing(Store(tmp_path)) as store:
        aged(store, 91)
        said(store, NOW)
        there: list[int] = []
        retain(store, NOW + timedelta(days=1), 90, lambda _: there.append(len(store.ids())))
        assert (there, store.ids()) == ([1], [])


@pytest.mark.parametrize("days", [-1000, -200, 400, 4000])
def test_a_clock_that_is_wrong_on_one_day_erases_nothing(tmp_path: Path, days: int) -> None:
    """Years ahead or behind: what was announced by a wrong clock is taken back by the next one that is right."""
    with closing(Store(tmp_path)) as store:
        names = aged(store, 0, 1, 89)
        for now in (NOW + timedelta(days=days), NOW + timedelta(days=days, hours=2), NOW, NOW + timedelta(hours=1)):
            said(store, now)
        said(store, NOW + timedelta(days=days))
        assert store.ids() == sorted(names)


def test_a_session_dated_by_a_wrong_clock_is_kept_and_said(tmp_path: Path) -> None:
    """A session from before the tool, or from a day to come, or from no day, is kept, and a line says so."""
    with closing(Store(tmp_path)) as store:
        for at in (datetime(2015, 1, 1, tzinfo=UTC), NOW + timedelta(days=3)):
            store.begin(at, "fraud", "g", "f", "t", False)
        for day in range(3):
            assert said(store, NOW + timedelta(days=day / 2)) == [
                "2 sessions datées d’avant l’outil, d’un jour à venir ou sans date lisible (horloge fausse ?) : "
                "rien n’est effacé."
            ]
        assert len(store.ids()) == 2
    assert ages({"a": "jadis", "b": "2026-12-01T10:00:00"}, {}, NOW, 90) == Ages((), (), ("a", "b"))


@given(
    st.dictionaries(st.sampled_from("abcde"), st.integers(-5000, 5000), min_size=1),
    st.lists(st.integers(-5000, 5000), max_size=8),
)
def test_no_two_readings_of_one_day_ever_erase(started: dict[str, int], readings: list[int]) -> None:
    """Whatever the clock says, what is due was too old on an earlier walk, by a reading of another day."""
    starts = {name: (NOW + timedelta(days=days)).isoformat() for name, days in started.items()}
    announced: dict[str, str] = {}
    old_on: dict[str, set[int]] = {}
    for reading in readings:
        found = ages(starts, announced, NOW + timedelta(days=reading), 90)
        for name in (*found.announced, *found.due):
            old_on.setdefault(name, set()).add(reading)
        assert all(len(old_on[name]) > 1 for name in found.due)
        today = (NOW + timedelta(days=reading)).date().isoformat()
        announced = {name: announced.get(name, today) for name in (*found.announced, *found.due)}


# ----------------------------------------------------------------------------------------------------- what is open


def test_a_session_that_is_open_elsewhere_is_not_erased(tmp_path: Path) -> None:
    """A purge skips what somebody walks now, and erases it once it is closed."""
    with closing(Store(tmp_path)) as store:
        open_one, _ = aged(store, 91, 92)
        said(store, NOW)
        with closing(Lock(tmp_path, open_one)):
            said(store, NOW + timedelta(days=1))
            assert store.ids() == [open_one]
            assert store.forget([open_one]) == []
        said(store, NOW + timedelta(days=2))
        assert store.ids() == []
        assert list(tmp_path.glob("*.lock")) == []


def test_a_lock_that_was_removed_meanwhile_is_not_held_by_two(tmp_path: Path) -> None:
    """Who takes a lock after its file was removed takes the new file's, never that of a file that is gone."""
    first = Lock(tmp_path, "s")
    first.remove()
    with closing(Lock(tmp_path, "s")), pytest.raises(BlockingIOError):
        Lock(tmp_path, "s")


def test_an_erased_session_is_told_at_its_next_event(tmp_path: Path) -> None:
    """An event of a session that is gone is refused as such."""
    with closing(Store(tmp_path)) as store:
        (name,) = aged(store, 1)
        assert store.forget([name]) == [name]
        with pytest.raises(Erased, match="effacée dans une autre fenêtre"):
            store.append(name, Noted(NOW, "refuse", "après"))


# ------------------------------------------------------------------------------------------------------- faketime


def at(day: str, folder: Path, *arguments: str) -> Ran:
    """Run a command on a PC whose clock says this day."""
    faketime = shutil.which("faketime")
    if faketime is None:
        pytest.skip("no faketime here (Debian: faketime)")
    done = subprocess.run(
        [faketime, "-m", f"{day} 10:00:00", sys.executable, "-m", "ecps_cli", *arguments],
        input=b"n\nune note\n",
        capture_output=True,
        env=quiet({"ECPS_DATA": str(folder)}),
        timeout=LIMIT,
        check=False,
    )
    return Ran(done.returncode, spaced(done.stdout.decode()), spaced(done.stderr.decode()))


def kept(folder: Path) -> int:
    return len(json.loads(call("sessions", "--json", environ={"ECPS_DATA": str(folder)}).out))


@pytest.mark.skipif(os.name != "posix", reason="faketime is POSIX")
def test_a_pc_a_year_ahead_for_a_day(tmp_path: Path) -> None:
    """A walk on a PC a year ahead erases nothing, and says what its clock says; a right clock takes it back."""
    assert at("2026-11-28", tmp_path, "fraud").code == 5
    ahead = at("2027-12-01", tmp_path, "fraud")
    assert "1 session de plus de 90 jours, si ce PC est bien à l’heure (01/12/2027)" in ahead.said
    assert kept(tmp_path) == 2
    assert "effac" not in at("2026-11-29", tmp_path, "fraud").err.replace("rien n’est effacé", "")
    assert "effacement au prochain parcours" in at("2027-12-02", tmp_path, "fraud").said
    assert kept(tmp_path) == 4


@pytest.mark.skipif(os.name != "posix", reason="faketime is POSIX")
def test_a_pc_years_behind_for_a_day(tmp_path: Path) -> None:
    """A walk dated 2015 is kept and said later; what is really old goes on the second day that it is."""
    assert at("2015-01-01", tmp_path, "fraud").code == 5
    assert "1 session datée d’avant l’outil" in at("2026-11-28", tmp_path, "fraud").said
    assert "1 session de plus de 90 jours" in at("2027-04-01", tmp_path, "fraud").said
    assert kept(tmp_path) == 3
    assert "1 session de plus de 90 jours : effacement maintenant" in at("2027-04-02", tmp_path, "fraud").said
    assert kept(tmp_path) == 3


def test_a_walk_whose_session_is_erased_is_told_and_promised_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no lock kept an erasure out, the next screen says that the session is gone, and `q` names no way back."""
    real, written = Store.append, 0

    def append(self: Store, session_id: str, event: Noted, *texts: list[str]) -> None:
        """Erase the session as another program could, before its third event."""
        nonlocal written
        written += 1
        if written == 3:
            monkeypatch.setattr("ecps_cli.storage.store.Lock", lambda *_: Lock(tmp_path, "autre"))
            assert self.forget([session_id]) == [session_id]
        real(self, session_id, event, *texts)

    monkeypatch.setattr(Store, "append", append)
    ran = call("fraud", typed="n\nune\nn\ndeux\nn\ntrois\nn\nquatre\nq\n\n", environ={"ECPS_DATA": str(tmp_path)})
    assert ran.code == 5
    assert "Cette session n’existe plus : elle a été effacée dans une autre fenêtre." in ran.said
    assert "Rien n’a pu être gardé de ce parcours." in ran.err
    assert "ecps-guide resume" not in ran.err
