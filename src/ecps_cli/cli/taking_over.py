"""A colleague's walk taken over: chosen among those that wait in the team's database, under a lease there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from ecps_cli.cli.console import Options, Terminal, now
from ecps_cli.cli.errors import PAUSED
from ecps_cli.cli.handing_over import keep
from ecps_cli.cli.replicating import required
from ecps_cli.cli.resuming import OFFERED, resume_row
from ecps_cli.core.journal import JournalError
from ecps_cli.french.question import Question
from ecps_cli.french.words import ago, since, step_named
from ecps_cli.loading.problems import LoadError
from ecps_cli.storage.archive import open_store, read_guide
from ecps_cli.storage.folder import data_folder
from ecps_cli.storage.leases import Leases
from ecps_cli.team.leasing import lease
from ecps_cli.team.sender import workstation
from ecps_cli.walk.prompter import EndOfInput, Key

if TYPE_CHECKING:  # see `required`
    from ecps_cli.team.replica import Replica, Unfinished

LISTED = 500
"""How many walks are looked through for a label or a session."""


def take_over(reference: str, options: Options) -> int:
    """Take up a walk of the team's, chosen or named by its case or session, and return the exit code.

    Raises:
        JournalError: there is none, somebody walks it, or the database cannot be used.

    """
    required()
    from ecps_cli.team.replica import Replica

    terminal = Terminal(options)
    with closing(open_store()) as store:
        with closing(Replica.of(os.environ)) as replica:
            here = workstation()
            waiting = replica.unfinished(LISTED)
            if reference:
                wanted = [each for each in waiting if reference in (each.session, each.label)]
            else:
                mine = store.ids()
                wanted = [each for each in waiting if not (each.held or (each.holder == here and each.session in mine))]
            chosen = _chosen(replica, wanted, terminal, bool(reference))
            if chosen is None:
                return PAUSED
            with _leased(replica, chosen.seal, here):
                handed = replica.pull(chosen.seal)
                keep(store, handed, f"Repris du poste {chosen.holder}")
        return resume_row(store, handed.row, terminal, options)


@contextmanager
def _leased(replica: Replica, seal: str, here: str) -> Iterator[None]:
    """Take the lease of a walk, which is given back where what follows fails."""
    fence = lease(replica, seal, here)
    try:
        Leases(data_folder(os.environ)).hold(seal, fence)
        yield
    except BaseException:
        replica.release(seal, fence)
        raise


def _chosen(replica: Replica, wanted: Sequence[Unfinished], terminal: Terminal, named: bool) -> Unfinished | None:
    if not wanted:
        raise JournalError(
            "Aucun parcours de l’équipe n’a ce dossier ou cet identifiant, ou il est terminé."
            if named
            else "Aucun parcours de l’équipe n’attend d’être repris."
        )
    if named and len(wanted) == 1:
        return wanted[0]
    lines = in_words(replica, wanted[:OFFERED])
    more = " Les autres : ecps-guide resume --team DOSSIER" if len(wanted) > OFFERED else ""
    try:
        question = Question(f"Quel parcours reprendre ?{more}", ("q : quitter",))
        chosen = terminal.prompter.choose(question, lines, "q", wanted[0].seal, deliberate=True)
    except EndOfInput:
        return None
    return None if isinstance(chosen, Key) else next(each for each in wanted if each.seal == chosen)


def in_words(replica: Replica, waiting: Sequence[Unfinished]) -> dict[str, str]:
    """Walks that wait, each in one line: its case, its guide, where it stands, since when, on which workstation."""
    texts = replica.texts([text for each in waiting for text in (each.guide, each.facts)])
    return {each.seal: _in_words(each, texts) for each in waiting}


def _in_words(waiting: Unfinished, texts: dict[str, str]) -> str:
    title, where = waiting.guide_id, ""
    try:
        guide, _ = read_guide(waiting.guide_id, texts[waiting.guide], texts[waiting.facts])
    except (LoadError, KeyError):  # of another version of the tool: its id says enough to choose by
        pass
    else:
        step = guide.step(waiting.step)
        title, where = guide.title, f", à {step_named(step)}" if step else ""
    label = f"{waiting.label} : " if waiting.label else ""
    held = f", ouvert{since(waiting.since)}" if waiting.held else ""
    return f"{label}{title}{where}, laissé {ago(now() - waiting.touched)}, poste {waiting.holder}{held}"
