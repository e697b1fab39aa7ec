"""Instructions of a start: `ecps-guide` against bare scripts on the same libraries. They do not depend on the load.

Run with `python benchmarks/instructions.py` where valgrind is installed, in an environment that has the wheel (a
checkout and an editable installation have no compiled guides); `--python PYTHON` counts in another one too, such as
one with the lowest version of Typer that is supported. Each command runs on a pseudo-terminal of its own until the
awaited text is on it, a second time, so that all bytecode is there. The floors a and b are those of `startup.py`; the
goals are ratios to them.
"""

from __future__ import annotations

import argparse
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from startup import COMPLETING, prepare, settle

COUNTING = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
LIMIT = 300.0


class Start(NamedTuple):
    """A command, the text until which it is counted, and the goal: at most so many times that floor."""

    said: str
    command: list[str]
    awaited: bytes
    floor: str = ""
    goal: float = 0.0
    environ: tuple[tuple[str, str], ...] = ()


def starts(python: str, folder: Path) -> dict[str, Start]:
    """What is counted, in the environment of that Python."""
    bare = {name: ([python, *command[1:]], awaited) for name, (command, awaited) in prepare(folder).items()}
    guide = [python, "-m", "ecps_cli"]
    return {
        "a": Start("a bare Typer script, until its panel", *bare["a"]),
        "b": Start("the same, until its question", *bare["b"]),
        "fraud": Start("fraud, until its first line", [*guide, "fraud"], b"Fraude", "a", 1.0),
        "mobile": Start("activate --mobile, until its question", [*guide, "activate", "--mobile"], b"aide)", "b", 0.9),
        "rpps": Start("rpps", [*guide, "rpps", "99700218896"], b"899700218896", "a", 0.7),
        "completion": Start("completion", guide, b"card-on-pc", "a", 0.7, (*COMPLETING.items(),)),
        "help": Start("--help", [*guide, "--help"], b"--version", "a", 0.7),
        "resume": Start("resume, nothing to resume", [*guide, "resume"], b"inachev", "a", 0.6),
        "sessions": Start("sessions, none kept", [*guide, "sessions"], b"session", "a"),
        "list": Start("list", [*guide, "list"], b"renew", "a"),
    }


def count(start: Start, data: Path, counting: list[str]) -> int:
    """Instructions that a command runs until it has written its text on its terminal; 0 without what counts them."""
    read, write = os.pipe()
    pid, fd = pty.fork()
    if pid == 0:
        settle(os.environ)
        os.environ.update({"PYTHONHASHSEED": "0", "ECPS_DATA": str(data), "LC_ALL": "C.UTF-8"})
        os.environ.update(start.environ)
        os.set_inheritable(write, True)
        told = [*counting, f"--log-fd={write}"] if counting else []
        os.execvp((told or start.command)[0], [*told, *start.command])  # noqa: S606 — the commands are ours
    os.close(write)
    seen, until = b"", time.monotonic() + LIMIT
    try:
        while start.awaited not in seen:
            ready, _, _ = select.select([fd], [], [], max(until - time.monotonic(), 0))
            if not ready:
                raise SystemExit(f"{' '.join(start.command)}: never wrote {start.awaited!r}, but {seen!r}")
            seen += os.read(fd, 65536)
        os.kill(pid, signal.SIGQUIT)  # which ends it at once: nobody handles it, and valgrind still says its sum
    except OSError:  # it has ended by itself
        if start.awaited not in seen:
            raise SystemExit(f"{' '.join(start.command)}: ended before {start.awaited!r}: {seen!r}") from None
    os.waitpid(pid, 0)
    os.close(fd)
    with os.fdopen(read, "rb") as log:
        found = re.search(rb"I +refs: +([\d,]+)", log.read())
    return int(found[1].replace(b",", b"")) if found else 0


def table(python: str, names: list[str]) -> None:
    """Count each start in the environment of a Python, and print the table."""
    asked = "import importlib.metadata as m; print(*(f'{n} {m.version(n)}' for n in ('typer', 'pydantic', 'rich')))"
    said = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True).stdout.strip()
    folder = Path(tempfile.mkdtemp())
    counted: dict[str, int] = {}
    print(f"\n{said}")
    try:
        for name, start in starts(python, folder).items():
            if names and name not in {*names, "a", "b"}:
                continue
            count(start, folder / "data", [])
            counted[name] = count(start, folder / "data", COUNTING)
            ratio = f"{counted[name] / counted[start.floor]:.2f} x {start.floor}" if start.floor else ""
            goal = f"(goal: {start.goal})" if start.goal else ""
            print(f"{start.said:40} {counted[name] / 1e6:7.0f} M  {ratio:9} {goal}".rstrip(), flush=True)
    finally:
        shutil.rmtree(folder)


def main() -> None:
    """Print a table for each environment."""
    parser = argparse.ArgumentParser(description="Instructions of a start, against bare scripts.")
    parser.add_argument("--python", action="append", default=[], help="the Python of another environment")
    parser.add_argument("names", nargs="*", help="what is counted beside the floors (default: all)")
    arguments = parser.parse_args()
    for python in [sys.executable, *arguments.python]:
        table(python, arguments.names)


if __name__ == "__main__":
    main()
