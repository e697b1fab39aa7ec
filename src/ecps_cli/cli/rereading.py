"""A kept session, for whoever has the menu alone: its record to read, to copy, or to erase."""

from __future__ import annotations

from contextlib import closing
from itertools import islice

from ecps_cli.cli.console import Terminal
from ecps_cli.cli.desktop import copy
from ecps_cli.cli.records import forget
from ecps_cli.core.journal import JournalError
from ecps_cli.exports.record import record_of
from ecps_cli.exports.ticket import ticket
from ecps_cli.french.question import Question
from ecps_cli.screen.views import READ_ON, Page, kept_record
from ecps_cli.storage.archive import load_session, open_store
from ecps_cli.storage.lookup import every, in_short
from ecps_cli.storage.store import Store
from ecps_cli.walk.prompter import EndOfInput, Key

OFFERED = 8
"""How many sessions are offered at once, the older ones after them: each has a key of its own."""
OLDER = "older"
KEYS = ("Entrée : fermer", "c : copier", "e : effacer")


def reread(terminal: Terminal) -> int:
    """Ask which kept session is wanted, show its record, copy or erase it; return the exit code.

    Raises:
        JournalError: what is kept cannot be read.

    """
    try:
        with closing(open_store()) as store:
            session_id = _chosen(store, terminal)
            if session_id is None:
                return 0
            name, record = in_short(store, session_id), _record(store, session_id)
        return forget([session_id], "", everything=False) if _is_to_go(terminal, name, record) else 0
    except EndOfInput:
        return 0


def _chosen(store: Store, terminal: Terminal) -> str | None:
    """The id of the session that is chosen; None when the person leaves."""
    rows = every(store)
    page = list(islice(rows, OFFERED))
    while True:
        coming = list(islice(rows, OFFERED))
        options = {row.id: in_short(store, row.id) for row in page} | ({OLDER: "Plus anciens"} if coming else {})
        chosen = terminal.prompter.choose(Question("Quel relevé ?", ("q : quitter",)), options, "q", deliberate=True)
        if chosen != OLDER:
            return None if isinstance(chosen, Key) else chosen
        page = coming


def _record(store: Store, session_id: str) -> str:
    """The record of a session, as for a ticket; of one that cannot be read, why."""
    try:
        told = load_session(store, store.row(session_id))
    except JournalError as error:
        return str(error)
    return ticket(record_of(told.session, told.facts))


def _is_to_go(terminal: Terminal, name: str, record: str) -> bool:
    """Show a record until it is left; whether it is to be erased."""
    prompter = terminal.prompter
    page = Page(kept_record(name, record), Question(keys=(*KEYS, READ_ON)).whole())
    terminal.show(page)
    while True:
        more = (READ_ON,) if page.left or page.start else ()
        match prompter.key(Question(keys=(*KEYS, *more)), "ce" + "l" * len(more)).letter:
            case "c":
                prompter.refused(copy(record))
            case "l":
                page = page.next()
                terminal.show(page)
            case letter:
                return letter == "e"
