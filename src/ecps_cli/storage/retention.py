"""How long sessions are kept. Nothing is erased on the word of one reading of the clock: see docs/adr/0007.

A session that is too old is announced; it is erased by a later walk, of another day, on which it is still too old.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from ecps_cli.core.events import FIRST_DAY
from ecps_cli.french.words import plural
from ecps_cli.storage.rows import as_time
from ecps_cli.storage.store import Store

KEEP_DAYS = 90
"""How long a session is kept, in days, unless `ECPS_KEEP_DAYS` says otherwise."""
MOST_DAYS = 36_500


def keep_days(environ: Mapping[str, str]) -> int:
    """Number of days for which sessions are kept: `ECPS_KEEP_DAYS`, from 1 on (a century at most), or 90."""
    days = environ.get("ECPS_KEEP_DAYS", "").strip()
    wanted = int(days) if days.isdecimal() and len(days) < 20 else 0
    return min(wanted, MOST_DAYS) or KEEP_DAYS


class Ages(NamedTuple):
    """What the clock says now of the age of the sessions."""

    announced: tuple[str, ...]
    """Too old since today: to be announced."""
    due: tuple[str, ...]
    """Too old, as was announced on another day: to be erased."""
    misdated: tuple[str, ...]
    """Dated before the tool existed, or in the future, or unreadably: kept."""


def ages(starts: Mapping[str, str], announced: Mapping[str, str], now: datetime, days: int) -> Ages:
    """Sort sessions, given when each was started and on which day it was announced, by what is to become of them."""
    new: list[str] = []
    due: list[str] = []
    misdated: list[str] = []
    for session_id, text in starts.items():
        started = as_time(text)
        if started is None or started.date() < FIRST_DAY or started > now + timedelta(days=1):
            misdated.append(session_id)
        elif started < now - timedelta(days=days):
            before = announced.get(session_id, now.date().isoformat()) != now.date().isoformat()
            (due if before else new).append(session_id)
    return Ages(tuple(new), tuple(due), tuple(misdated))


def retain(store: Store, now: datetime, days: int, say: Callable[[str], None]) -> None:
    """Announce the sessions that are too old, and erase those that were announced on another day; each is said first.

    Raises:
        JournalError: they could not be read, noted or erased.

    """
    before = store.announced()
    found = ages(store.starts(), before, now, days)
    if found.misdated:
        many = plural(len(found.misdated), "session datée")
        say(f"{many} d’avant l’outil, d’un jour à venir ou sans date lisible (horloge fausse ?) : rien n’est effacé.")
    fresh = [each for each in found.announced if each not in before]
    if fresh:
        say(
            f"{plural(len(fresh), 'session')} de plus de {days} jours, si ce PC est bien à l’heure "
            f"({now:%d/%m/%Y}) : effacement au prochain parcours, un autre jour."
        )
    if {*found.announced, *found.due} != {*before}:
        store.announce([*found.announced, *found.due], now.date().isoformat())
    if found.due:
        say(f"{plural(len(found.due), 'session')} de plus de {days} jours : effacement maintenant, comme annoncé.")
        store.forget(found.due)
