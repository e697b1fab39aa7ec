"""The data that comes along with the program: guides, rules, schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import ecps_cli

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def shipped(name: str) -> Path:
    """Path of a shipped file or folder such as `guides`; it need not exist.

    A wheel carries it inside the package, a checkout beside `src`; from a zip archive it is unpacked until the process
    ends. `importlib.resources` costs some 15 ms to import, so it is asked only where the package is no folder.
    """
    package = Path(ecps_cli.__path__[0])
    if not package.is_dir():
        return _unpacked(name)
    inside = package / name
    return inside if inside.exists() else package.parents[1] / name


def _unpacked(name: str) -> Path:
    import atexit
    import shutil
    import tempfile
    from importlib.resources import files

    folder = Path(tempfile.mkdtemp(prefix="ecps-guide-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    target = folder / Path(name).name
    _copy(files(ecps_cli) / name, target)
    return target


def _copy(source: Traversable, target: Path) -> None:
    """Copy a file or a whole folder, which `importlib.resources.as_file` does from Python 3.12 on only."""
    if source.is_dir():
        target.mkdir()
        for each in source.iterdir():
            _copy(each, target / each.name)
    elif source.is_file():
        target.write_bytes(source.read_bytes())
