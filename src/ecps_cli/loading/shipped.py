"""The data that comes along with the program: guides, rules, schema."""

from __future__ import annotations

from pathlib import Path

import ecps_cli


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
    from contextlib import ExitStack
    from importlib.resources import as_file, files

    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(as_file(files(ecps_cli) / name))
