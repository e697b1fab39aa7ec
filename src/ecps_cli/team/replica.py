"""The replica: the functions of the team's database; rows go out sealed, and come back held against their chain."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import psycopg
from psycopg import sql

from ecps_cli.core.journal import JournalError
from ecps_cli.core.text import text_digest
from ecps_cli.loading.problems import LoadError
from ecps_cli.loading.tree import read_tree
from ecps_cli.storage.handover import Handed
from ecps_cli.storage.rows import EventRow, SessionRow, digest, texts_named
from ecps_cli.team.address import TeamError, connect, explained
from ecps_cli.team.answers import Answer
from ecps_cli.team.key import TeamKey, read_key

BATCH = 500
"""Events that go out together."""
APPEND = """SELECT * FROM ecps.append(%s, %s, %s::double precision, %s, %s, %s::text[], %s::text[], %s::timestamptz[],
    %s::double precision[], %s::text[], %s::bytea[], %s::bytea[])"""
"""Its empty lists of values have no type of their own."""


class Head(NamedTuple):
    """How far the replica has come with a walk."""

    last: int
    forgotten: bool


class Taken(NamedTuple):
    """How it went to take a walk over."""

    status: Literal["taken", "held", "busy", "ended", "gone"]
    """See `ecps.take` in the migrations."""
    fence: int
    holder: str
    since: datetime | None


class Unfinished(NamedTuple):
    """A walk that waits for somebody, as it is listed."""

    seal: str
    label: str
    session: str
    guide_id: str
    guide: str
    facts: str
    step: str
    touched: datetime
    holder: str
    """The workstation where it was last walked."""
    since: datetime
    held: bool
    """Whether somebody walks it now."""


class Replica:
    """The team's database, with the rights of an appender."""

    def __init__(self, connection: psycopg.Connection, key: TeamKey) -> None:
        self._connection = connection
        self._key = key

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Replica:
        """Replica that `ECPS_TEAM` names.

        Raises:
            TeamError: it cannot be used; `Unreachable` where it may be later.
            JournalError: the key is missing.

        """
        return cls(connect(environ), read_key(environ))

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _rows(self, function: str, *values: Any) -> list[Any]:
        places = sql.SQL(", ").join(sql.Placeholder() * len(values))
        call = sql.SQL("SELECT * FROM ecps.{}({})").format(sql.Identifier(function), places)
        with explained():
            return self._connection.execute(call, values, binary=True).fetchall()

    # ------------------------------------------------------------------------------------------------------- sending

    def heads(self, seals: Sequence[str]) -> dict[str, Head]:
        """How far the replica has come with walks; those that it does not know are left out."""
        found = self._rows("heads", [bytes.fromhex(each) for each in seals])
        return {seal.hex(): Head(last, forgotten) for seal, last, forgotten in found}

    def begin(self, row: SessionRow, text: Callable[[str], str], workstation: str) -> None:
        """Make a walk known, with the texts of its guide and facts."""
        self._keep_texts([row.guide, row.facts], text)
        version = guide_version(text(row.guide))
        kept = row.id, row.started, row.guide_id, version, row.guide, row.facts, row.tool
        self._rows("begin", bytes.fromhex(row.seal), *kept, workstation)

    def name_texts(self, seal: str, named: Sequence[str], text: Callable[[str], str]) -> None:
        """Keep the texts of the guides that a walk went over to, as long as the walk is kept."""
        self._keep_texts(named, text)
        self._rows("name_texts", bytes.fromhex(seal), list(named))

    def _keep_texts(self, sha256: Sequence[str], text: Callable[[str], str]) -> None:
        for (missing,) in self._rows("missing_texts", list(sha256)):
            self._rows("keep_text", text(missing))

    def append(
        self, row: SessionRow, fence: int, rows: Sequence[EventRow], after: int, lease: float | None = None
    ) -> Answer:
        """Send the rows of a walk from the one after this number on, or none, and renew or give back its lease.

        `rows` are all that there are, since the time that a step took is told by the row before it.
        """
        sent = [self._leaving(row, place, rows) for place in range(after, min(len(rows), after + BATCH))]
        previous = self._key.fingerprint(rows[after - 1].hash) if sent and after else b""
        columns = [list(each) for each in zip(*sent, strict=True)] or [[]] * 7
        return self._append(row.seal, fence, lease, after + 1, previous, *columns)

    def release(self, seal: str, fence: int) -> None:
        """Give a lease back."""
        self._append(seal, fence, 0, 1, b"", *[[]] * 7)

    def _append(self, seal: str, *values: Any) -> Answer:
        with explained():
            found = self._connection.execute(APPEND, (bytes.fromhex(seal), *values)).fetchone()
        assert found  # noqa: S101 — a function returns one row
        return Answer(*found)

    def _leaving(self, session: SessionRow, place: int, rows: Sequence[EventRow]) -> tuple[Any, ...]:
        """Values of a row as they leave this PC: in clear what statistics count, the rest sealed."""
        row = rows[place]
        body = json.loads(row.body)
        at = datetime.fromisoformat(body["at"])
        since = None if row.kind in ("Resumed", "Labelled") else _since(session, rows[:place])
        spent = None if since is None else max((at - since).total_seconds(), 0.0)
        fingerprint, sealed = self._key.fingerprint(row.hash), self._key.seal(row.body)
        return row.kind, body["step"], at, spent, _detail(row.kind, body), fingerprint, sealed

    def forget(self, seal: str) -> None:
        """Have a walk erased; nobody sees it from now on."""
        self._rows("forget", bytes.fromhex(seal))

    def erase_forgotten(self) -> bool:
        """Erase at once what is to be; False where this login may not, and the team's retention will."""
        try:
            self._rows("erase_forgotten")
        except TeamError:
            return False
        return True

    # --------------------------------------------------------------------------------------------------- taking over

    def unfinished(self, limit: int) -> list[Unfinished]:
        """Walks that have not ended, those left last first."""
        return [
            Unfinished(*row)._replace(seal=row[0].hex(), label=self._label(row[1]))
            for row in self._rows("unfinished", limit)
        ]

    def _label(self, sealed: bytes | None) -> str:
        return str(json.loads(self._key.open(sealed))["label"]) if sealed else ""

    def texts(self, sha256: Sequence[str]) -> dict[str, str]:
        """Texts of guides and facts."""
        return dict(self._rows("texts", list(sha256)))

    def take(self, seal: str, workstation: str, lease: float) -> Taken:
        """Take the lease of a walk for so many seconds, if nobody holds it."""
        ((status, fence, holder, since),) = self._rows("take", bytes.fromhex(seal), workstation, lease)
        return Taken(status, fence or 0, holder or "", since)

    def pull(self, seal: str) -> Handed:
        """Walk as the replica has it, each row held against its chain.

        Raises:
            JournalError: it is not there any more, or was altered.

        """
        found = self._rows("pull_walk", bytes.fromhex(seal))
        if not found:
            raise JournalError("Ce parcours n’est plus dans la base de l’équipe : il a été effacé.")
        ((session, started, guide_id, guide, facts, tool, guide_text, facts_text),) = found
        row = SessionRow(session, started, guide_id, guide, facts, tool, 0)
        if row.seal != seal or [text_digest(guide_text), text_digest(facts_text)] != [guide, facts]:
            raise _altered(session, 0)
        events = tuple(self._events(row))
        named = [text for each in events for text in texts_named(each.kind, each.body)]
        others = self.texts(named) if named else {}
        if any(text_digest(others.get(each, "")) != each for each in named):
            raise _altered(session, 0)
        return Handed(row, {guide: guide_text, facts: facts_text, **others}, events)

    def _events(self, row: SessionRow) -> Iterator[EventRow]:
        previous = row.seal
        found = self._rows("pull_events", bytes.fromhex(row.seal))
        for place, (number, kind, fingerprint, sealed) in enumerate(found, 1):
            body = self._key.open(sealed)
            event = EventRow(row.id, number, kind, body, previous, digest(row.id, number, kind, body, previous))
            if number != place or self._key.fingerprint(event.hash) != fingerprint:
                raise _altered(row.id, place)
            yield event
            previous = event.hash


def _altered(session: str, number: int) -> JournalError:
    return JournalError(
        f"Le parcours {session} a été altéré dans la base de l’équipe : "
        f"l’événement n° {number} n’est pas celui d’origine."
    )


def _since(session: SessionRow, before: Sequence[EventRow]) -> datetime | None:
    """Time since which the walk went on, as `core.session.under_way` says; None where nobody walked meanwhile."""
    last = next((row for row in reversed(before) if row.kind != "Labelled"), None)
    if last is None:
        return datetime.fromisoformat(session.started)
    walked = last.kind not in ("Paused", "Ended", "Abandoned")
    return datetime.fromisoformat(json.loads(last.body)["at"]) if walked else None


def _detail(kind: str, body: Mapping[str, Any]) -> str:
    """What is counted of an event beside its step: ids of the guide, never what a person wrote."""
    match kind:
        case "Deviated" | "WentOver":
            return str(body["deviation"])
        case "Ended":
            return str(body["outcome"])
        case "Noted":
            return "mismatch" if body.get("mismatch") else ""
        case _:
            return ""


@lru_cache(maxsize=16)
def guide_version(text: str) -> str:
    """Version that a guide's text gives itself, or an empty text."""
    try:
        return str(read_tree(text, "guide.yaml").data["version"])
    except (LoadError, KeyError, TypeError):
        return ""
