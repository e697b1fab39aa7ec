"""The team's database, for whoever runs it: prepared, brought up to date, and what was kept long enough erased."""

from __future__ import annotations

import os

from ecps_cli.cli.output import say_line, say_problem
from ecps_cli.cli.replicating import required
from ecps_cli.storage.retention import keep_days


def init() -> int:
    """Prepare the database, and the key where there is none; return the exit code.

    Raises:
        JournalError: the database cannot be used, or the key not be written.

    """
    required()
    from ecps_cli.team.key import key_file, make_key
    from ecps_cli.team.setup import prepare

    before, now = prepare(os.environ)
    was = f"schéma en version {before}" if before else "aucun schéma"
    say_line(f"La base est prête : {was} avant, version {now} maintenant.")
    if made := make_key(os.environ):
        say_line(
            f"La clé de l’équipe est écrite : {made}. Copiez-la sur chaque poste, et gardez-en une hors de la base."
        )
    else:
        say_line(f"La clé de l’équipe est celle qui est déjà là : {key_file(os.environ)}")
    return 0


def retain() -> int:
    """Erase what was announced on another day to be too old, and what was forgotten; return the exit code.

    Raises:
        JournalError: the database cannot be used with this login.

    """
    required()
    from ecps_cli.team.setup import retain as erase

    erase(os.environ, keep_days(os.environ), say_problem)
    return 0
