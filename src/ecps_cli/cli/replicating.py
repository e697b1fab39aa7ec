"""The glue between a walk and the team's database: nothing of it is imported where `ECPS_TEAM` is not set."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from ecps_cli.cli.output import say_problem
from ecps_cli.core.events import Event
from ecps_cli.core.journal import Journal, JournalError
from ecps_cli.french.words import since

if TYPE_CHECKING:
    from ecps_cli.core.guide import Guide
    from ecps_cli.storage.leases import Leases
    from ecps_cli.storage.store import Store
    from ecps_cli.team.answers import Answer
    from ecps_cli.team.sender import Sender
    from ecps_cli.walk.walk import Walk


def is_on() -> bool:
    """Whether this PC works with a team's database."""
    return bool(os.environ.get("ECPS_TEAM", "").strip())


def required() -> None:
    """Raise JournalError where this PC works with no team's database, or lacks the libraries for it."""
    if not is_on():
        raise JournalError("Ce PC n’est d’aucune équipe : donnez l’adresse de sa base par ECPS_TEAM (docs/team.md).")
    from importlib.util import find_spec

    from ecps_cli.team.sender import missing_packages

    if not (find_spec("psycopg") and find_spec("cryptography")):
        raise JournalError(missing_packages())


def replicated(journal: Journal) -> Journal:
    """The journal; where this PC works with a team's database, one of which each event is sent there as well."""
    return ReplicatedJournal(journal) if is_on() else journal


class ReplicatedJournal:
    """A journal whose events are kept as ever, and sent afterwards by a thread that nobody waits for."""

    def __init__(self, journal: Journal) -> None:
        from ecps_cli.team.sender import Sender

        self._journal = journal
        self.sender: Sender = Sender(os.environ, lambda: journal.session_id)
        self.sender.start()
        self.walk: Walk | None = None
        self._told = False

    @property
    def session_id(self) -> str:
        """Under which a walk is taken up again; empty as long as nothing of it is kept."""
        return self._journal.session_id

    def append(self, event: Event, guide: Guide, texts: Sequence[str] = ()) -> None:
        """Keep one event of this guide, with the texts that it names; durable when this returns, and sent later.

        Raises:
            JournalError: it was not kept.

        """
        self._journal.append(event, guide, texts)
        self.sender.wake()
        self._tell()

    def _tell(self) -> None:
        """Say on the screens of the walk, from the next one on, that it went on elsewhere."""
        found = self.sender.branched.get(self.session_id)
        if found and self.walk and not self._told:
            self._told = True
            self.walk.standing = " ".join(filter(None, [self.walk.standing, branched(found)]))

    def close(self) -> None:
        """Let go of whatever is held."""
        self._journal.close()


def branched(answer: Answer) -> str:
    """What is said of a walk that went on elsewhere: where, and since when."""
    where = f" sur le poste {answer.holder}{since(answer.since)}" if answer.status == "refused" else " ailleurs"
    return f"Ce parcours a été repris{where} : ce qui est fait ici reste sur ce PC, à part."


def erased_too(store: Store, session_ids: Sequence[str], erase: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Sessions that `erase` erased here, of those that it is to; the team's database is told of each as well.

    What is to be told is noted first, so that nothing stays there because this PC was off the network, or went off.

    Raises:
        JournalError: they were not erased here.

    """
    if not is_on():
        return erase()
    from ecps_cli.storage.leases import Leases

    leases = Leases(store.path.parent)
    seals: dict[str, str] = {}
    for session_id in session_ids:
        with suppress(JournalError):  # of some only events are left: their seal is not known
            row = store.row(session_id)
            seals |= {} if row.practice else {session_id: row.seal}  # exercises never left this PC
    leases.forget(seals.values())
    erased = erase()
    leases.spare(seal for session_id, seal in seals.items() if session_id not in erased)
    _pass_on(leases)
    return erased


def _pass_on(leases: Leases) -> None:
    """Tell the team's database what is to be erased there."""
    if not leases.to_forget():
        return
    try:
        required()
        from ecps_cli.team.replica import Replica

        with closing(Replica.of(os.environ)) as replica:
            for seal in leases.to_forget():
                replica.forget(seal)
                leases.forgotten(seal)
            gone = replica.erase_forgotten()
    except JournalError as error:
        say_problem(f"{error} L’effacement y sera demandé au prochain parcours.")
        return
    retention = "invisible dès maintenant, effacé au prochain « ecps-guide team retain »"
    say_problem(f"Dans la base de l’équipe : {'effacé aussi' if gone else retention}.")


def finish(journal: Journal) -> None:
    """Give the sender a moment to end, and say once what it met."""
    if not isinstance(journal, ReplicatedJournal):
        return
    sender = journal.sender
    done = sender.finish()
    for session, answer in sorted(dict(sender.branched).items()):
        say_problem(f"Session {session}. {branched(answer)}")
    for session in sorted(set(sender.forgotten)):
        say_problem(f"La session {session} a été effacée par l’équipe. Ici aussi : ecps-guide forget {session}")
    if sender.bug:
        from ecps_cli.cli.errors import write_crash_log

        say_problem(
            f"L’envoi à la base de l’équipe s’est arrêté sur une erreur de l’outil : {write_crash_log(sender.bug)}"
        )
    elif not done:
        trouble = sender.trouble or "La base de l’équipe est lente."
        say_problem(f"{trouble} Tout est gardé ici, et partira au prochain parcours.")
