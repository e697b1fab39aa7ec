"""A kept session, changed from outside a walk: the label of its case, or its end without an outcome."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from ecps_cli.cli.console import now
from ecps_cli.cli.output import say_problem
from ecps_cli.core.events import Abandoned, Event, Labelled
from ecps_cli.core.journal import JournalError
from ecps_cli.core.masking import MASKED, hides, masked
from ecps_cli.core.moves import LONGEST_LABEL, apply
from ecps_cli.core.session import End, Session, current, here
from ecps_cli.storage.archive import load_session, open_store
from ecps_cli.storage.lock import Lock
from ecps_cli.storage.lookup import session_named
from ecps_cli.storage.store import Store
from ecps_cli.storage.stored_journal import take


def abandon(reference: str) -> int:
    """Close an unfinished session without an outcome, so that it is not offered again; return the exit code.

    Raises:
        JournalError: there is no such session, it has ended, or it cannot be written.

    """

    def closed(session: Session) -> Event:
        if session.closed or isinstance(current(here(session)), End):
            raise JournalError(f"La session « {reference} » est déjà terminée : il n’y a rien à abandonner.")
        return Abandoned(now(), _step(session))

    session_id = _append(reference, closed)
    say_problem(f"Abandonnée : {session_id}. Pour la rouvrir : ecps-guide resume {session_id}")
    return 0


def label(reference: str, text: str) -> int:
    """Give a session's case another label; return the exit code.

    Raises:
        JournalError: there is no such session, or it cannot be written.

    """
    wanted = masked(text)
    if len(wanted) > LONGEST_LABEL:
        say_problem(
            f"« {wanted} » est trop long : {LONGEST_LABEL} caractères au plus, un numéro de ticket, des initiales."
        )
        return 1
    if hides(text):
        say_problem(MASKED)
    session_id = _append(reference, lambda session: Labelled(now(), _step(session), wanted))
    say_problem(f"Dossier {wanted} : session {session_id}." if wanted else f"Sans dossier : session {session_id}.")
    return 0


def taken(store: Store, session_id: str) -> closing[Lock]:
    """A session's lock, to be closed, so that nobody walks it meanwhile.

    Raises:
        JournalError: somebody does.

    """
    try:
        return closing(take(store, session_id, now()))
    except BlockingIOError:
        raise JournalError(f"La session {session_id} est ouverte dans une autre fenêtre. Fermez-la d’abord.") from None


def _step(session: Session) -> str:
    """The step at which something is recorded of a session as a whole."""
    position = current(here(session))
    return session.events[-1].step if isinstance(position, End) else position.id


def _append(reference: str, event: Callable[[Session], Event]) -> str:
    """Record an event of a session that nobody walks now, named by its id or its case; return its id."""
    with closing(open_store()) as store:
        row = session_named(store, reference)
        with taken(store, row.id):
            session = load_session(store, row).session
            happened = event(session)
            apply(session, happened)
            store.append(row.id, happened)
    return row.id
