"""The lease of a walk: one technician walks it at a time, and whoever comes second is told by whom and since when."""

from __future__ import annotations

from time import monotonic, sleep
from typing import TYPE_CHECKING

from ecps_cli.core.journal import JournalError
from ecps_cli.french.words import since
from ecps_cli.team.outbox import LEASE

if TYPE_CHECKING:
    from ecps_cli.team.replica import Replica

LONGEST = 2.0
"""Seconds for which one waits for somebody who takes the same walk at this very moment."""


def lease(replica: Replica, seal: str, workstation: str, seconds: float = LEASE) -> int:
    """Fencing number of a lease that was taken for so many seconds.

    Raises:
        JournalError: somebody else walks it, or it has ended; the sentence says who, and since when.

    """
    limit = monotonic() + LONGEST
    while True:
        taken = replica.take(seal, workstation, seconds)
        match taken.status:
            case "taken":
                return taken.fence
            case "busy" if monotonic() < limit:  # whoever is at it shows as soon as that is done
                sleep(0.02)
            case "busy":
                raise JournalError("Quelqu’un prend ce parcours à l’instant. Réessayez.")
            case "held":
                raise JournalError(
                    f"Ce parcours est ouvert sur le poste {taken.holder}{since(taken.since)}. "
                    "Demandez-y une pause, ou attendez : il se libère de lui-même 5 minutes après un arrêt brutal."
                )
            case "ended":
                raise JournalError("Ce parcours s’est terminé entre-temps.")
            case _:
                raise JournalError("Ce parcours n’est plus dans la base de l’équipe : il a été effacé.")
