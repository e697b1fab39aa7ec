"""A technician's PC in a team: its data folder, its walks, and what its journal and the replica hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ecps_cli.core.events import (
    Abandoned,
    Answered,
    Confirmed,
    Deviated,
    Ended,
    Event,
    Labelled,
    Noted,
    Paused,
    Reopened,
    Resumed,
    redacted,
)
from ecps_cli.core.moves import apply
from ecps_cli.core.session import Session
from ecps_cli.loading.loader import load_facts, load_guide
from ecps_cli.storage.leases import Leases
from ecps_cli.storage.rows import EventRow
from ecps_cli.storage.store import Store
from ecps_cli.team.outbox import Outbox

if TYPE_CHECKING:
    from ecps_cli.team.replica import Replica
from support.commands import Ran, call
from support.sample import START, Clock

GUIDE = """\
format: 1
id: helped
version: "7"
title: Un guide pour l’équipe
verified_on: 2026-11-24
review_by: 2127-05-24
sources: [fiche]
steps:
  - {id: rpps, who: support, ask: Numéro RPPS du médecin, validate: rpps, keep: masked}
  - id: one
    who: doctor
    device: phone
    do: Ouvrir l’application.
    expect: L’accueil est affiché.
    deviations:
      - {id: black, if: Écran noir., do: Rallumer., then: retry, max: 3}
  - {id: works, who: support, choose: Cela marche-t-il ?, options: {works: Oui, broken: Non, unsure: Je ne sais pas}}
  - id: type
    who: doctor
    device: phone
    do: Taper le numéro.
    expect: Le numéro est affiché.
    show: [rpps]
    end: done
outcomes:
  done: {success: true, text: Fait.}
"""
FACTS = 'fiche: {kind: source, name: Fiche, value: "https://example.org"}\n'
RPPS = "899700218896"
NOTE = "Le lecteur est sous le bureau"
LABEL = "GLPI 4711"


def write_guide(folder: Path) -> Path:
    """Write the guide of the team, and its facts."""
    (folder / "facts.yaml").write_text(FACTS, "utf-8")
    path = folder / "helped.yaml"
    path.write_text(GUIDE, "utf-8")
    return path


def fill(folder: Path, number: int, begun: int = 0) -> None:
    """Keep so many walks in a journal, of every sort in turn; none is like the one before."""
    facts = FACTS
    guide = load_guide(GUIDE, "helped.yaml", load_facts(facts, "facts.yaml"))
    with closing(Store(folder)) as store:
        store._base.execute("PRAGMA synchronous = OFF")  # no test cuts the power meanwhile
        for each in range(begun, begun + number):
            clock = Clock(START + timedelta(hours=each))
            session = Session(guide, clock.time)
            name = store.begin(clock.time, guide.id, GUIDE, facts, "ecps-guide", False)
            for event in events_of(each, clock):
                session = apply(session, event)
                store.append(name, redacted(guide, event))


def events_of(number: int, clock: Clock) -> Iterator[Event]:
    """Events of the walk of this number; its kind repeats every twenty."""
    kind = number % 20
    yield Labelled(clock(), "rpps", LABEL)
    yield Answered(clock(), "rpps", RPPS)
    if kind in (1, 2, 3, 4, 5, 6, 7):
        yield Deviated(clock(), "one", "black")
    if kind in (2, 3):
        yield Deviated(clock(), "one", "black")
    if kind in (3, 4, 5, 6, 7, 8):
        yield Paused(clock(), "one")
        clock()
        yield Resumed(clock(), "one")
    if kind in (7, 8):
        yield Noted(clock(), "one", NOTE, mismatch=True)
    if kind in (9, 10, 11):
        yield Abandoned(clock(), "one")
    if kind == 11:
        yield Reopened(clock(), "one")
    if kind in (9, 10, 11):
        return
    for _ in range(kind):
        clock()
    yield Confirmed(clock(), "one")
    yield Answered(clock(), "works", "works")
    if kind == 19:
        yield Paused(clock(), "type")
        return
    if kind in (3, 4, 5, 6, 7, 8):  # a pause loses the masked answer, which this step shows
        yield Answered(clock(), "rpps", RPPS)
    yield Confirmed(clock(), "type")
    yield Ended(clock(), "type", "done")
    if kind < 10:  # a label given later is nobody's time
        for _ in range(99):
            clock()
        yield Labelled(clock(), "type", LABEL)


class PC:
    """A technician's PC."""

    def __init__(self, guide: Path, environ: Mapping[str, str]) -> None:
        self.guide, self.environ = guide, dict(environ)
        self.folder = Path(environ["ECPS_DATA"])

    def walk(self, *lines: str, options: tuple[str, ...] = ()) -> Ran:
        """Walk the guide from its beginning, these lines typed, then no more."""
        typed = "".join(f"{line}\n" for line in ("", *lines))
        return call("run", str(self.guide), "--plain", *options, typed=typed, environ=self.environ)

    def call(self, *arguments: str, typed: str = "") -> Ran:
        """Run a command there."""
        return call(*arguments, typed=typed, environ=self.environ)

    def rows(self) -> dict[str, list[EventRow]]:
        """What its journal holds: the seal of each walk → its events."""
        with closing(Store(self.folder)) as store:
            return {row.seal: store.sound_rows(row.id) for row in store.rows()}

    def send(self) -> Outbox:
        """Send all that is left."""
        with closing(Store(self.folder)) as store, closing(self.replica()) as replica:
            outbox = Outbox(store, Leases(self.folder), self.folder.name)
            outbox.send(replica)
        return outbox

    def replica(self) -> Replica:
        """The replica, as this PC reaches it."""
        from ecps_cli.team.replica import Replica

        return Replica.of(self.environ)

    def pulled(self) -> dict[str, list[EventRow]]:
        """What the replica holds of the walks of this journal, held against its chains."""
        with closing(self.replica()) as replica:
            return {seal: list(replica.pull(seal).events) for seal in replica.heads([*self.rows()])}
