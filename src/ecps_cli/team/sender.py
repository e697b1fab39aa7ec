"""The background sender: what was kept is sent while the person reads the next screen, and no key ever waits for it."""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from ecps_cli.core.journal import JournalError
from ecps_cli.installation import how_to_add
from ecps_cli.storage.folder import data_folder
from ecps_cli.storage.leases import Leases
from ecps_cli.storage.store import Store
from ecps_cli.team.answers import Answer
from ecps_cli.team.outbox import LEASE, Outbox

if TYPE_CHECKING:  # their libraries take a tenth of a second to import: in the thread, once the screen stands
    from ecps_cli.team.replica import Replica

BREATH = 0.2
"""Seconds between an event and its sending: the next screen is painted first."""
RETRY = 5.0
"""Seconds after which a database that did not answer is tried again."""
PATIENCE = 2.0
"""Seconds for which the end of a walk waits for what is being sent."""


def workstation() -> str:
    """Label of this PC, by which colleagues see where a walk is."""
    return platform.node() or "?"


def missing_packages() -> str:
    """Sentence for a PC without the libraries of a team: how they are added."""
    remedy = f"Pour les avoir : {how_to_add('team')} (docs/team.md)."
    return f"La base d’une équipe demande des paquets de plus, que ce PC n’a pas. {remedy}"


class Sender(threading.Thread):
    """A thread that sends what the journal holds and the replica does not, until it is told to finish."""

    def __init__(self, environ: Mapping[str, str], walked: Callable[[], str]) -> None:
        """Take the environment, and what says which session is walked, once there is one."""
        super().__init__(name="team", daemon=True)  # at the end of the process nobody waits for it but `finish`
        self.trouble = ""
        """Why the database could not be used when it was last tried."""
        self.bug: Exception | None = None
        """What nobody foresaw; the thread has ended on it."""
        self.branched: dict[str, Answer] = {}
        """Sessions that went on elsewhere."""
        self.forgotten: set[str] = set()
        """Sessions of this journal that the team has erased."""
        self._environ = dict(environ)
        self._walked = walked
        self._woken = threading.Event()
        self._finishing = threading.Event()
        self._replica: Replica | None = None
        self._again = 0.0

    def wake(self) -> None:
        """Say that there is something to send."""
        self._woken.set()

    def finish(self, patience: float = PATIENCE) -> bool:
        """Send what is left and give the lease back; False where it was not done in time, or could not be."""
        self._finishing.set()
        self._woken.set()
        if self.trouble and monotonic() < self._again:  # it is not tried now, and nothing is to be waited for
            return False
        self.join(patience)
        return not (self.is_alive() or self.trouble or self.bug)

    def run(self) -> None:
        """Send, whenever woken, and every now and then lest the lease expire."""
        try:
            folder = data_folder(self._environ)
            with closing(Store(folder)) as store:  # not to read only: what a kill left half written is undone first
                outbox = Outbox(store, Leases(folder), workstation())
                self.branched, self.forgotten = outbox.branched, outbox.forgotten
                while not self._finishing.wait(BREATH):
                    self._woken.clear()
                    self._send(outbox, LEASE)
                    if not self._finishing.is_set():
                        self._woken.wait(RETRY if self.trouble else LEASE / 3)
                self._send(outbox, 0)
        except JournalError as error:
            self.trouble = str(error)
        except Exception as error:
            self.bug = error
        finally:
            if self._replica:
                self._replica.close()

    def _send(self, outbox: Outbox, lease: float) -> None:
        if monotonic() < self._again:
            return
        try:
            from ecps_cli.team.replica import Replica

            self._replica = self._replica or Replica.of(self._environ)
            outbox.send(self._replica, self._walked(), lease)
            self.trouble = ""
        except ImportError:
            self.trouble, self._again = missing_packages(), inf
        except JournalError as error:  # of the database, or of the journal, which another program may hold for a moment
            self.trouble, self._again = str(error), monotonic() + RETRY
            outbox.ask_again()
            if self._replica:
                self._replica.close()
                self._replica = None
