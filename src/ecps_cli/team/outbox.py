"""The outbox: what the journal holds and the replica does not, sent in order; the journal itself is the queue.

At least once, since a row may be sent whose acknowledgement was lost; the replica knows it again by its fingerprint.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ecps_cli.storage.leases import Leases
from ecps_cli.storage.rows import SessionRow, texts_named
from ecps_cli.storage.store import Store
from ecps_cli.team.answers import Answer

if TYPE_CHECKING:
    from ecps_cli.team.replica import Replica

LEASE = 300.0
"""Seconds for which a lease is taken; renewed while the walk goes on, given back at its pause or end."""


_BRANCH = Answer("forked", 0, "", None)
"""What is said of a walk that was found earlier to have gone on elsewhere."""


@dataclass
class Outbox:
    """What one PC has to send; kept by one thread, which opened the journal."""

    store: Store
    leases: Leases
    workstation: str
    forgotten: set[str] = field(default_factory=set)
    """Sessions of this journal that the team has erased."""
    branched: dict[str, Answer] = field(default_factory=dict)
    """Sessions of which it was found now that they went on elsewhere, and where; and the walked one, if it had."""
    _known: dict[str, SessionRow] = field(default_factory=dict)
    _heads: dict[str, int] = field(default_factory=dict)
    """Session → how far the replica has come; asked once a connection."""
    _aside: set[str] | None = None
    """Seals of the branches."""

    def ask_again(self) -> None:
        """Believe nothing of what the replica said: the connection was lost, and it may have been restored."""
        self._heads.clear()

    def send(self, replica: Replica, walked: str = "", lease: float | None = None) -> None:
        """Send all that the replica does not have yet; with a lease, renew that of the walked session, or give it back.

        Raises:
            JournalError: the journal or the replica cannot be used now.

        """
        for seal in self.leases.to_forget():
            replica.forget(seal)
            self.leases.forgotten(seal)
        lasts = self.store.lasts()
        self._learn(replica, lasts)
        if walked in self._known and self._known[walked].seal in self._branches():
            self.branched.setdefault(walked, _BRANCH)
        for session, last in lasts.items():
            if not self._is_settled(session) and (
                self._heads[session] < last or (session == walked and lease is not None)
            ):
                self._send(replica, self._known[session], lease if session == walked else None)

    def _is_settled(self, session: str) -> bool:
        """Whether nothing more of a session is to be sent."""
        return session in self.forgotten or (session in self._known and self._known[session].seal in self._branches())

    def _branches(self) -> set[str]:
        if self._aside is None:
            self._aside = self.leases.branches()
        return self._aside

    def _learn(self, replica: Replica, lasts: dict[str, int]) -> None:
        """Ask how far the replica has come with the sessions of which that is not known."""
        unknown = [each for each in lasts if each not in self._heads and each not in self.forgotten]
        if not unknown:
            return
        for session in unknown:
            self._known.setdefault(session, self.store.row(session))
        heads = replica.heads([self._known[each].seal for each in unknown])
        for session in unknown:
            head = heads.get(self._known[session].seal)
            if head and head.forgotten:
                self.forgotten.add(session)
            self._heads[session] = head.last if head else 0
            if head is None:
                replica.begin(self._known[session], self.store.text, self.workstation)

    def _send(self, replica: Replica, row: SessionRow, lease: float | None) -> None:
        """Send one session, by batches, until nothing is left of it."""
        rows, altered = self.store.checked_rows(row.id)
        if altered is not None:  # `sessions --verify` names it, and no copy is made
            self._heads[row.id] = sys.maxsize
            return
        named = [text for each in rows[self._heads[row.id] :] for text in texts_named(each.kind, each.body)]
        if named:
            replica.name_texts(row.seal, named, self.store.text)
        while True:
            answer = replica.append(row, self.leases.fence(row.seal), rows, self._heads[row.id], lease)
            match answer.status:
                case "kept" | "behind":
                    self._heads[row.id] = answer.last
                    if answer.status == "kept" and answer.last >= len(rows):
                        return
                case "refused" | "forked":
                    self.leases.branch_off(row.seal)
                    self._branches().add(row.seal)
                    self.branched[row.id] = answer
                    return
                case _:
                    del self._heads[row.id]  # unknown or forgotten: it is asked anew
                    return
