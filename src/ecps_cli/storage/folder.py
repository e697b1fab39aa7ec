"""The folder for what is kept between runs, and files in it that are nobody else's."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ecps_cli.core.journal import JournalError, Unwritable

JOURNAL = "journal.sqlite3"
"""Name of the file of the sessions, in the folder for what is kept."""


def data_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder for what is kept between runs: `ECPS_DATA`, or the user's data folder of this system.

    Raises:
        Unwritable: this account has no folder of its own.

    """
    try:
        if environ.get("ECPS_DATA"):
            return Path(environ["ECPS_DATA"]).expanduser()
        from platformdirs import user_data_path

        folder = user_data_path("ecps-guide", appauthor=False)
    except RuntimeError:  # what pathlib says of an account without a home
        folder = Path("~")
    if folder.parts[:1] == ("~",):
        raise Unwritable("Ce compte n’a pas de dossier personnel. Donnez un dossier par la variable ECPS_DATA.")
    return folder


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are not there, for their owner alone whatever the umask."""
    for each in (*reversed(folder.parents), folder):
        if not each.exists():
            each.mkdir(mode=0o700, exist_ok=True)


def make_file(path: Path, read_only: bool = False) -> None:
    """Make a file for its owner alone, if it is not there; read only, make none. What is no plain file is refused.

    Raises:
        JournalError: it is a link, a pipe or a device.
        OSError: it cannot be opened.

    """
    descriptor = opened(path, os.O_RDONLY if read_only else os.O_CREAT | os.O_RDWR)
    try:
        if sys.platform != "win32" and not read_only and os.fstat(descriptor).st_uid == os.geteuid():
            os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def refuse_link(path: Path) -> None:
    """Refuse a link, a pipe or a device in the place of a file that another program is to open; none is right too.

    Raises:
        JournalError: it is one.
        OSError: it cannot be opened.

    """
    with suppress(FileNotFoundError):
        os.close(opened(path, os.O_RDONLY))


def overwrite(path: Path) -> None:
    """Write zeros over a file, where it is on the disk.

    Raises:
        JournalError: it is a link, a pipe or a device.
        OSError: it cannot be opened or written.

    """
    with os.fdopen(opened(path, os.O_RDWR | getattr(os, "O_BINARY", 0)), "r+b") as file:
        file.write(bytes(os.fstat(file.fileno()).st_size))
        file.flush()
        os.fsync(file.fileno())


def opened(path: Path, flags: int) -> int:
    """Descriptor of a plain file, or of a folder, of which SQLite says the rest; nothing is done to anything else."""
    try:
        descriptor = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0), 0o600)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise JournalError(_no_file(path)) from error
        raise
    kind = os.fstat(descriptor).st_mode
    if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
        os.close(descriptor)
        raise JournalError(_no_file(path))
    return descriptor


def _no_file(path: Path) -> str:
    return (
        f"« {path} » est un lien ou un périphérique, et non un fichier. Enlevez-le, ou donnez un dossier par ECPS_DATA."
    )


def not_writable(folder: Path, error: OSError) -> str:
    """Sentence for a folder in which something cannot be written: which, whose, what to do."""
    if error.errno == getattr(errno, "ENOLCK", None):
        return f"Le dossier de données « {folder} » ne sait pas verrouiller un fichier. {ANOTHER}"
    return f"Le dossier de données « {folder} » ne peut pas être écrit{_owner(folder)}. {ANOTHER}"


ANOTHER = "Donnez-en un autre par ECPS_DATA."


def _owner(folder: Path) -> str:
    """Whose a folder is, between brackets, when it is somebody else's."""
    if sys.platform == "win32":
        return ""
    try:
        if (found := folder.stat().st_uid) == os.geteuid():
            return ""
        return f" (il appartient à {folder.owner()})"
    except KeyError:
        return f" (il appartient au compte n° {found})"
    except OSError:
        return ""
