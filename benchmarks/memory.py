"""The most memory that each command takes, as the system counts it, beside Python alone.

Run with `python benchmarks/memory.py` in an environment that has the project with its extra `pdf`, on Linux or macOS.
Each command runs in a process of its own, on a data folder that holds one walk; `check` is also given a thousand
guides. Printed is the greatest resident size, in MB, of the process or of one that it starts. The exit code is 1 where
a command takes more than `--most`, 60 MB; but one that makes a PDF, or a message with one, may.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from check import fill

FRAUD = "reject\n\nrefused\n"
"""What is typed in a walk that is left at its end of input: it can be resumed, and reported."""
COMMANDS = (
    ("--version",),
    ("--help",),
    ("list",),
    ("show", "fraud"),
    ("show", "fraud", "--format", "markdown"),
    ("show", "fraud", "--format", "html"),
    ("show", "fraud", "--format", "json"),
    ("show", "fraud", "--format", "mermaid"),
    ("show", "fraud", "--format", "pdf"),
    ("show", "fraud", "--format", "pdf", "--poster"),
    ("facts",),
    ("qr", "help-page"),
    ("help-line",),
    ("rpps", "99700218896"),
    ("preflight",),
    ("sessions",),
    ("sessions", "--verify"),
    ("report",),
    ("report", "--format", "html"),
    ("report", "--format", "pdf"),
    ("report", "--format", "eml"),
    ("stats",),
    ("guides",),
    ("new", "mon-guide"),
    ("schema",),
    ("test",),
    ("check",),
    ("check", "--no-cache", "--jobs", "1", "MANY"),
    ("check", "--no-cache", "MANY"),
    ("check", "MANY"),
    ("check", "MANY"),
    ("fraud", "--plain"),
    ("activate", "--mobile", "--plain"),
    ("resume", "--plain"),
)
"""MANY stands for a folder of a thousand guides; the second `check` of it finds what the first one kept."""


def peak(command: list[str], folder: str, typed: str = "") -> tuple[float, int]:
    """Return the greatest resident size of a command and of what it starts, in MB, and its exit code."""
    measured = (
        "import resource, subprocess, sys\n"
        "code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", measured, *command],
        cwd=folder,
        env={**os.environ, "ECPS_DATA": str(Path(folder) / "data")},
        input=typed,
        capture_output=True,
        text=True,
        check=True,
    )
    most, code = map(int, done.stdout.split())
    return most / (2**20 if sys.platform == "darwin" else 2**10), code


def main() -> int:
    """Run each command, print a table, and return the exit code."""
    parser = argparse.ArgumentParser(description="memory of each command")
    parser.add_argument("--most", type=float, default=60)
    options = parser.parse_args()
    too_much = []
    with tempfile.TemporaryDirectory() as folder:
        many = fill(Path(folder) / "many", 1000)
        ours = [sys.executable, "-m", "ecps_cli"]
        peak([*ours, "fraud", "--plain"], folder, FRAUD)
        print(f"Python {platform.python_version()}")
        print(f"{'python -c pass':42}{peak([sys.executable, '-c', 'pass'], folder)[0]:7.1f} MB")
        for command in COMMANDS:
            arguments = [str(many) if each == "MANY" else each for each in command]
            most, code = peak([*ours, *arguments], folder)
            print(f"{' '.join(command):42}{most:7.1f} MB   exit code {code}", flush=True)
            if most > options.most and not {"pdf", "eml"} & {*command}:
                too_much.append(" ".join(command))
    print(f"More than {options.most:.0f} MB: {', '.join(too_much) or 'none but those with a PDF'}")
    return 1 if too_much else 0


if __name__ == "__main__":
    sys.exit(main())
