"""A technician's PC in a team: its data folder, its walks, and what its journal and the replica hold."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from ecps_cli.storage.leases import Leases
from ecps_cli.storage.rows import EventRow
from ecps_cli.storage.store import Store
from ecps_cli.team.outbox import Outbox
from ecps_cli.team.replica import Replica
from support.commands import Ran, call

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
RPPS = "899700218896"
NOTE = "Le lecteur est sous le bureau"
LABEL = "GLPI 4711"


def write_guide(folder: Path) -> Path:
    """Write the guide of the team, and its facts."""
    (folder / "facts.yaml").write_text('fiche: {kind: source, name: Fiche, value: "https://example.org"}\n', "utf-8")
    path = folder / "helped.yaml"
    path.write_text(GUIDE, "utf-8")
    return path


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
        return Replica.of(self.environ)

    def pulled(self) -> dict[str, list[EventRow]]:
        """What the replica holds of the walks of this journal, held against its chains."""
        with closing(self.replica()) as replica:
            return {seal: list(replica.pull(seal).events) for seal in replica.heads([*self.rows()])}
