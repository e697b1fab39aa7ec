"""One walker a session: a lock of the operating system, released however its process ends."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path


class Lock:
    """The lock of one session, held until `close` or the end of the process."""

    def __init__(self, folder: Path, session_id: str) -> None:
        """Take the lock.

        Raises:
            BlockingIOError: another process holds it.
            OSError: the folder cannot be written.

        """
        self._file = os.fdopen(os.open(folder / f"{session_id}.lock", os.O_CREAT | os.O_RDWR, 0o600), "r+b")
        try:
            _lock(self._file.fileno())
        except OSError:
            self._file.close()
            raise

    def close(self) -> None:
        """Give the lock back. Its file stays: who takes it away could take it from under another."""
        self._file.close()


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
