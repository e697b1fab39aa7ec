"""The guides that the user has installed: where they are, and from where they came."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecps_cli.loading.folders import Installed
    from ecps_cli.storage.guide_sets import GuideSet


def installed() -> Installed | None:
    """Guides that the user has installed, if any.

    Raises:
        JournalError: what lists them is damaged, or cannot be read.

    """
    from ecps_cli.loading.folders import Installed

    found = last_set()
    return Installed(found[0], found[1].over) if found else None


def installed_from() -> str:
    """Source of the guides that the user has installed; an empty text where there are none."""
    from ecps_cli.core.journal import JournalError

    try:
        found = last_set()
    except JournalError:
        return ""
    return found[1].source if found else ""


def last_set() -> tuple[Path, GuideSet] | None:
    """Folder of the guides that were installed last, and what is known of them; None without any.

    Raises:
        JournalError: what lists them is damaged, or cannot be read.

    """
    from ecps_cli.core.journal import Unwritable
    from ecps_cli.storage.folder import data_folder
    from ecps_cli.storage.guide_sets import GuideSets

    try:
        sets = GuideSets(data_folder(os.environ))
    except Unwritable:
        return None
    return next(((sets.path(one), one) for one in sets.all()[-1:]), None)
