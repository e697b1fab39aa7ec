"""Kept sessions: the commands that list them, hand them out or erase them."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple

import typer

from ecps_cli import __version__
from ecps_cli.cli.console import now, sure
from ecps_cli.cli.desktop import copy
from ecps_cli.cli.output import as_json_text, hand_out, read_or_not, say, say_line, say_problem
from ecps_cli.cli.replicating import erased_too
from ecps_cli.core.events import Noted
from ecps_cli.core.guide import Guide, Step
from ecps_cli.core.journal import JournalError
from ecps_cli.core.session import Result, history
from ecps_cli.exports.formats import export_session
from ecps_cli.exports.unavailable import MissingExtra
from ecps_cli.french.words import RESULT, duration, plural, quoted_line
from ecps_cli.storage.archive import StoredSession, load_session, open_store
from ecps_cli.storage.lookup import LISTED, in_short, session_named, sessions_named
from ecps_cli.storage.rows import SessionRow, as_time
from ecps_cli.storage.store import Store
from ecps_cli.storage.summaries import summaries, verified


class Wanted(NamedTuple):
    """Which sessions are listed."""

    guide: str = ""
    since: str = ""
    practice: bool = False


# ------------------------------------------------------------------------------------------------------------- listing


def list_sessions(wanted: Wanted, as_json: bool) -> int:
    """Print the sessions, the newest first: that one at once, the others as they fill what a pipe takes."""
    with closing(open_store()) as store:
        found = (
            {"id": row.id, "started": row.started, "guide": row.guide_id, **summary._asdict()}
            for row, summary in summaries(store, _wanted(store, wanted))
        )
        if as_json:
            _stream_json(found)
        else:
            _print_summaries(found)
    return 0


def _wanted(store: Store, wanted: Wanted) -> Iterator[SessionRow]:
    since = _day(wanted.since)
    for row in store.rows(wanted.practice):
        if since and row.started < since.isoformat():
            return
        if not wanted.guide or row.guide_id == wanted.guide:
            yield row


def _day(text: str) -> datetime | None:
    """Beginning of a day given as 24/11/2026, 24/11 or "hier"; None for an empty text."""
    if not text:
        return None
    from ecps_cli.core.dates import read_day
    from ecps_cli.core.verdicts import Rejected

    day = read_day(text, now().date())
    if isinstance(day, Rejected):
        raise typer.BadParameter(day.message)
    return datetime.combine(day, time()).astimezone()


def _print_summaries(summaries: Iterator[dict[str, Any]]) -> None:
    number = 0
    for number, summary in enumerate(summaries, 1):
        _print_summary(summary)
        if number == 1:
            _flush()
    if not number:
        say("Aucune session.")


def _flush() -> None:
    with read_or_not():
        sys.stdout.flush()


def _print_summary(summary: dict[str, Any]) -> None:
    """Print one session, on two lines of a terminal or one line of a file."""
    when = _when(summary["started"])
    spent = duration(timedelta(seconds=summary["seconds"])) if summary["seconds"] is not None else ""
    when = f"{summary['id']:<18} {when}  {_state(summary['state']):<10} {spent:>12}".rstrip()
    label = f"[{summary['label']}] " if summary["label"] else ""
    what = f"{label}{summary['title'] or summary['guide']} : {summary['text']}"
    if sys.stdout.isatty():
        say_line(when)
        say_line(what, "  ")
    else:
        say_line(f"{when}  {what}")


def _state(state: Result | Literal["unreadable"]) -> str:
    return "illisible" if state == "unreadable" else RESULT[state]


def _when(started: str) -> str:
    found = as_time(started)
    return f"{found.astimezone():%d/%m/%Y %H:%M}" if found else "?"  # altered


def _stream_json(summaries: Iterator[dict[str, Any]]) -> None:
    separator = "["
    gc.enable()  # see `__main__`: each text of JSON leaves a circle of references
    for summary in summaries:
        with read_or_not():
            sys.stdout.write(f"{separator}\n{as_json_text(summary)}")
        if separator == "[":
            _flush()
        separator = ","
    say("[]" if separator == "[" else "\n]")


PROVED = (
    "Un accident ou une retouche se verrait ; une chaîne entière refaite, non : comparez le sceau d’un relevé remis "
    "avant (ecps-guide report SESSION)."
)
"""What a chain without a key proves, and what it does not (SECURITY.md)."""


def verify() -> int:
    """Hold the file, then every session against its hashes; name the first event of each that does not fit."""
    altered = count = 0
    with closing(open_store()) as store:
        if not store.is_sound():
            altered += 1
            say_problem(f"Le fichier du journal est abîmé, sans que cela touche forcément une session : {store.path}")
        for session_id, problem, misled in verified(store):
            count += 1
            if problem:
                altered += 1
                say_problem(f"Session {session_id} : {problem}")
            if misled:
                say_problem(f"Session {session_id} : la liste en disait autre chose que ses événements. C’est refait.")
    if not altered:
        say_line(f"Rien d’altéré : {plural(count, 'session vérifiée')}. {PROVED}")
    return 1 if altered else 0


# --------------------------------------------------------------------------------------------------------- handing out


def session_or_last(store: Store, reference: str) -> StoredSession:
    """Session that an id or a case names, or the last one.

    Raises:
        JournalError: there is none, or it cannot be read.

    """
    row = session_named(store, reference) if reference else next(store.rows(), None)
    if row is None:
        raise JournalError("Aucune session n’est gardée.")
    return load_session(store, row)


class Handing(NamedTuple):
    """How the record of a session is handed out."""

    fmt: str
    output: Path | None = None
    force: bool = False
    copy: bool = False
    ticket: str = ""
    """Number of the ticket that a mail is for."""


def report(reference: str, how: Handing) -> int:
    """Write the record of a session: on standard output, into a file, or on the clipboard."""
    from ecps_cli.exports.record import Provenance

    with closing(open_store()) as store:
        told = session_or_last(store, reference)
    provenance = Provenance(told.row.id, told.seal, f"ecps-guide {__version__}", told.row.guide, told.row.facts)
    try:
        record = export_session(how.fmt, told.session, told.facts, provenance, how.ticket)
    except MissingExtra as missing:
        say_problem(str(missing))
        return 1
    example = f"releve.{how.fmt}"
    if how.copy:
        what = "Un PDF" if how.fmt == "pdf" else "Un courriel"
        say_problem(
            copy(record) if isinstance(record, str) else f"{what} ne se copie pas : donnez un fichier, -o {example}"
        )
    if how.fmt == "text" and isinstance(record, str) and how.output is None:
        say_line(record)
        return 0
    return hand_out(record, how.output, how.force, example)


def feedback(reference: str) -> int:
    """Print what was noted as no longer matching, guide by guide, as the text of an issue for its author."""
    with closing(open_store()) as store:
        told = session_or_last(store, reference)
    seen: dict[str, tuple[Guide, list[Noted]]] = {}
    for part, event, _ in history(told.session):
        if isinstance(event, Noted) and event.mismatch:
            seen.setdefault(part.guide.id, (part.guide, []))[1].append(event)
    if not seen:
        say_problem("Rien n’a été signalé dans cette session. Pendant un parcours : « e ».")
        return 1
    for guide, notes in seen.values():
        _say_feedback(guide, notes)
    return 0


def _say_feedback(guide: Guide, notes: Sequence[Noted]) -> None:
    say_line(f"# Guide {guide.id}, version {guide.version} : des étapes ne correspondent plus\n")
    for event in notes:
        step = guide.step(event.step)
        say_line(f"- Étape « {event.step} » ({_first(step)}), vu le {event.at.astimezone():%d/%m/%Y} : {event.text}")
    say_line(f"\nAttendu par le guide, vérifié le {guide.verified_on:%d/%m/%Y}.")
    say_problem(f"À envoyer : {guide.feedback}" if guide.feedback else "À envoyer à l’auteur du guide.")


def _first(step: Step | None) -> str:
    return quoted_line(step.text) if step else ""


# ------------------------------------------------------------------------------------------------------------- erasing


def forget(session_ids: Sequence[str], older_than: str, everything: bool) -> int:
    """Erase sessions for good, once a clear yes was given; with all of them, the damaged journals that hold others."""
    with closing(open_store()) as store:
        named = list(dict.fromkeys(_doomed(store, session_ids, older_than, everything)))
        doomed = [session_id for session_id in named if store.is_free(session_id)]
        _say_open({*named} - {*doomed})
        damaged = store.damaged() if everything else []
        if not doomed and not damaged:
            say_problem("Aucune session à oublier.")
            return 1 if named else 0
        many = _many(len(doomed), len(damaged))
        _say_doomed(store, doomed)
        if not sure(f"Effacer pour toujours {many} ?"):
            say_problem("Rien n’a été effacé.")
            return 0
        erased = erased_too(store, doomed, lambda: store.forget(doomed))
        _say_open({*doomed} - {*erased})  # opened while the question stood
        store.erase(damaged)
    say_problem(f"Effacé : {_many(len(erased), len(damaged)) or 'rien'}.")
    return 1 if len(erased) < len(named) else 0


def _say_doomed(store: Store, session_ids: Sequence[str]) -> None:
    """Say which sessions are about to be erased, as whoever is asked knows them."""
    for session_id in session_ids[:LISTED]:
        say_problem(f"{session_id} : {in_short(store, session_id)}")
    if len(session_ids) > LISTED:
        say_problem(f"Et {plural(len(session_ids) - LISTED, 'autre')}.")


def _say_open(session_ids: Collection[str]) -> None:
    """Name the sessions that cannot be erased now."""
    for session_id in sorted(session_ids):
        say_problem(f"La session {session_id} est ouverte dans une autre fenêtre : elle n’est pas effacée.")


def _many(sessions: int, damaged: int) -> str:
    """Sessions and journals to erase, counted in words."""
    counted = (
        (sessions, "session"),
        (damaged, "journal abîmé"),
    )
    return " et ".join(plural(number, words) for number, words in counted if number)


def _doomed(store: Store, session_ids: Sequence[str], older_than: str, everything: bool) -> list[str]:
    if everything:
        return store.ids()
    if older_than:
        found = re.fullmatch(r"(\d{1,5}) ?[dj]", older_than)
        if not found:
            raise typer.BadParameter(f"« {older_than} » n’est pas une durée en jours. Écrivez-la ainsi : 90d.")
        limit = (now() - timedelta(days=int(found[1]))).isoformat()
        return [row.id for row in [*store.rows(), *store.rows(practice=True)] if row.started < limit]
    return [row.id for reference in session_ids for row in sessions_named(store, reference)]
