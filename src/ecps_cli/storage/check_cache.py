"""What `check` found in files today, in the user's cache folder: whoever checks them again need not wait again.

It may be lost or spoilt at any time: what is not whole, or of another day or version, is as if it were not there.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import ecps_cli
from ecps_cli.core.journal import JournalError
from ecps_cli.core.text import text_digest
from ecps_cli.storage.folder import make_folder, opened

FILE = "check.json"

CheckCache = dict[str, Any]
"""By the digest of all that a report depends on but the day and the version of this tool, what JSON can hold of it."""


def cache_folder(environ: Mapping[str, str]) -> Path | None:
    """Folder for what may be lost between runs, in `ECPS_DATA` if it is set; None where this account has no home."""
    try:
        if environ.get("ECPS_DATA"):
            return Path(environ["ECPS_DATA"]).expanduser() / "cache"
        from platformdirs import user_cache_path

        return user_cache_path("ecps-guide", appauthor=False)
    except RuntimeError:
        return None


def remembered(folder: Path | None, today: date) -> CheckCache:
    """Reports of this day and this version; {} where there are none, or they cannot be read whole."""
    try:
        with os.fdopen(opened(_file(folder), os.O_RDONLY), encoding="utf-8") as file:
            digest, _, rest = file.read().partition("\n")
        stamp, reports = json.loads(rest) if digest == text_digest(rest) else ("", {})
        return reports if stamp == _stamp(today) else {}
    except (OSError, ValueError, JournalError):
        return {}


def remember(folder: Path | None, today: date, reports: CheckCache) -> None:
    """Keep reports for the next run of this day; where that cannot be done, nothing is lost but time."""
    draft = None
    try:
        path, told = _file(folder), json.dumps([_stamp(today), reports])
        make_folder(path.parent)
        draft = path.with_name(f".{os.urandom(8).hex()}.json")
        with os.fdopen(opened(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY), "w", encoding="utf-8") as file:
            file.write(f"{text_digest(told)}\n{told}")
        draft.replace(path)
    except (OSError, JournalError):
        if draft:
            with suppress(OSError):
                draft.unlink()


def _file(folder: Path | None) -> Path:
    if folder is None:
        raise FileNotFoundError
    return folder / FILE


def _stamp(today: date) -> str:
    """Day and version; of a checkout, whose version stays while its rules change, the age of its files."""
    ages = sorted(path.stat().st_mtime_ns for path in Path(ecps_cli.__path__[0]).glob("*/*.py"))
    return " ".join(map(str, (today, ecps_cli.__version__, sys.version, text_digest(str(ages)))))
