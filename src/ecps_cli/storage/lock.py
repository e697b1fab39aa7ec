"""One walker a session: a lock of the operating system, released however its process ends."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from contextlib import suppress
from pathlib import Path

from ecps_cli.core.text import text_digest


class Lock:
    """The lock of one session, held until `close` or the end of the process."""

    def __init__(self, folder: Path, session_id: str) -> None:
        """Take the lock.

        Raises:
            BlockingIOError: another process holds it.
            OSError: the folder cannot be written, or what stands in the lock's place is no file of ours.

        """
        self._path = folder / f"{_file_name(session_id)}.lock"
        while True:
            descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), 0o600)
            self._file = os.fdopen(descriptor, "r+b")
            try:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise PermissionError(self._path)
                _lock(descriptor)
            except OSError:
                self._file.close()
                raise
            if self._is_the_one():
                return
            self._file.close()

    def _is_the_one(self) -> bool:
        """Whether the file is still there under its name: who held it before may have removed it."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return False
        held = os.fstat(self._file.fileno())
        return (found.st_dev, found.st_ino) == (held.st_dev, held.st_ino)

    def close(self) -> None:
        """Give the lock back. Its file stays."""
        self._file.close()

    def remove(self) -> None:
        """Give the lock back, and its file with it: the session is gone. Whoever waits for it sees that."""
        if sys.platform == "win32":  # where nothing that is open can be removed
            self.close()
        with suppress(OSError):
            self._path.unlink()
        self.close()


def _file_name(session_id: str) -> str:
    """Name of the lock's file: an id that came from outside never leads out of the folder."""
    return session_id if re.fullmatch(r"[\w-]{1,64}", session_id) else text_digest(session_id)


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in (errno.EINVAL, errno.EBADF):  # a disk without locks, and not a lock that is held
                raise
            raise BlockingIOError from error  # EACCES on Windows, 0 under Wine
        return
    import fcntl

    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
