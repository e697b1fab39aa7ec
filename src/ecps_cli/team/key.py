"""The team's key: what a person wrote or answered leaves a PC only under it, and it is never in the database.

Fernet (AES-128-CBC with HMAC-SHA-256) seals the body of each event. Its hash leaves as a keyed fingerprint: whoever has
the database alone could otherwise try out short notes and initials against it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from ecps_cli.core.journal import JournalError, Unwritable
from ecps_cli.storage.folder import data_folder, make_folder

NAME = "team.key"


class TeamKey:
    """The key of a team."""

    def __init__(self, text: str) -> None:
        """Take it as its file has it.

        Raises:
            ValueError: it is none.

        """
        self._fernet = Fernet(text)
        self._mark = hmac.digest(base64.urlsafe_b64decode(text), b"ecps-guide fingerprint", "sha256")

    def seal(self, text: str) -> bytes:
        """Text as it may stand in the database."""
        return base64.urlsafe_b64decode(self._fernet.encrypt(text.encode()))

    def open(self, sealed: bytes) -> str:
        """Text that was sealed.

        Raises:
            JournalError: it was sealed under another key, or altered.

        """
        try:
            return self._fernet.decrypt(base64.urlsafe_b64encode(sealed)).decode()
        except InvalidToken:
            raise JournalError(
                "La base de l’équipe a été écrite avec une autre clé, ou altérée. Prenez le team.key de l’équipe."
            ) from None

    def fingerprint(self, row_hash: str) -> bytes:
        """Keyed fingerprint of a row's hash: alike for the same hash only, and of no use to find it."""
        return hmac.digest(self._mark, row_hash.encode(), hashlib.sha256)


def key_file(environ: Mapping[str, str]) -> Path:
    """File of the key: `ECPS_TEAM_KEY`, or `team.key` in the data folder."""
    given = environ.get("ECPS_TEAM_KEY")
    return Path(given).expanduser() if given else data_folder(environ) / NAME


def read_key(environ: Mapping[str, str]) -> TeamKey:
    """Key of the team.

    Raises:
        JournalError: there is no such file, or it is no key.

    """
    path = key_file(environ)
    try:
        return TeamKey(path.read_text("ascii").strip())
    except OSError:
        raise JournalError(
            f"La clé de l’équipe manque : copiez-la dans « {path} », ou donnez son fichier par ECPS_TEAM_KEY."
        ) from None
    except (ValueError, binascii.Error):
        raise JournalError(
            f"« {path} » n’est pas la clé d’une équipe. Reprenez celui que « team init » a écrit."
        ) from None


def make_key(environ: Mapping[str, str]) -> Path | None:
    """Make the key of a new team, for its owner alone; return its file, or None where there is one already.

    Raises:
        Unwritable: it cannot be written.

    """
    path = key_file(environ)
    try:
        make_folder(path.parent)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return None
    except OSError as error:
        raise Unwritable(f"La clé de l’équipe ne peut pas être écrite dans « {path} ».") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(Fernet.generate_key() + b"\n")
    return path
