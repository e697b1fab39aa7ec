"""Guides and facts for the commands that only read."""

from __future__ import annotations

import os
from pathlib import Path

from ecps_cli.guide import Guide
from ecps_cli.library import Library, open_library


def library(folder: Path | None) -> Library:
    """Return the library that the command line, the environment or the package names."""
    return open_library(folder, os.environ)


def every_guide(folder: Path | None) -> list[Guide]:
    """Return the guides of the library, in the order of their ids."""
    found = library(folder)
    return [found.find(guide_id).guide for guide_id in found.ids()]
