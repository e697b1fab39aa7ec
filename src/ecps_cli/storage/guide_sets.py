"""Guides that a person has installed over those that come along: a folder for each set, and a file that lists them.

A set is written whole beside the others before that file names it, so that what was in use stays so until then.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from ecps_cli.core.journal import JournalError, Unwritable
from ecps_cli.storage.folder import make_folder, not_writable

KEPT = 3
"""How many sets are kept: the one in use, and those that one can go back to."""


class GuideSet(NamedTuple):
    """A set of guides that was installed."""

    folder: str
    """Its name in the folder of the sets."""
    source: str
    sha256: str
    installed: str
    """ISO 8601, with its UTC offset."""
    over: str
    """Latest day on which something of the guides that come along had been verified then."""


class GuideSets:
    """The sets of one user, the last of which is in use."""

    def __init__(self, data: Path) -> None:
        self.root = data / "guides"
        self._list = self.root / "installed.json"

    def all(self) -> list[GuideSet]:
        """Sets, in the order in which they were installed; none where nothing ever was.

        Raises:
            JournalError: the file that lists them is damaged.

        """
        try:
            return [GuideSet(*map(str, each)) for each in json.loads(self._list.read_text("utf-8"))]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise Unwritable(not_writable(self.root, error)) from error
        except (ValueError, TypeError):
            raise JournalError(
                f"« {self._list} » est abîmé : on ne sait plus quels guides ont été installés. Effacez-le, puis "
                "recommencez : ecps-guide guides --update"
            ) from None

    def path(self, one: GuideSet) -> Path:
        """Folder of a set."""
        return self.root / Path(one.folder).name

    @contextmanager
    def staged(self, files: Mapping[str, bytes]) -> Iterator[Path]:
        """Folder that holds these files for as long as they are looked at; `install` may take it, else it goes.

        Raises:
            Unwritable: it cannot be written.

        """
        folder = self.root / f".{os.urandom(8).hex()}"
        try:
            with self._explained():
                make_folder(folder)
                for name, raw in files.items():
                    _write_durably(folder / name, raw)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def install(self, staged: Path, source: str, sha256: str, over: str, at: datetime) -> GuideSet:
        """Take a staged folder into use.

        Raises:
            JournalError: what lists the sets is damaged.
            Unwritable: it cannot be written; what was in use stays so.

        """
        before = self.all()
        one = GuideSet(f"{at:%Y%m%d-%H%M%S}-{os.urandom(3).hex()}", source, sha256, at.isoformat(), over)
        with self._explained():
            staged.replace(self.path(one))
            self._keep([*before, one][-KEPT:])
        for old in [*before, one][:-KEPT]:
            shutil.rmtree(self.path(old), ignore_errors=True)
        return one

    def roll_back(self) -> None:
        """Take the set before into use again, or none, and remove the one in use.

        Raises:
            JournalError: what lists the sets is damaged, or there is none.
            Unwritable: it cannot be written.

        """
        *before, last = self.all()
        with self._explained():
            self._keep(before)
        shutil.rmtree(self.path(last), ignore_errors=True)

    def _keep(self, sets: list[GuideSet]) -> None:
        draft = self._list.with_name(f".{os.urandom(8).hex()}.json")
        try:
            _write_durably(draft, json.dumps(sets, ensure_ascii=False, indent=1).encode())
            draft.replace(self._list)
        finally:
            with suppress(OSError):
                draft.unlink()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Unwritable(not_writable(self.root, error)) from error


def _write_durably(path: Path, raw: bytes) -> None:
    with path.open("xb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
