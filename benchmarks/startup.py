"""Start-up time: `ecps-guide` against bare scripts on the same libraries, and against copier, in one interleaved run.

Run with `python benchmarks/startup.py` in an environment where the wheel is installed, with its `bench` extra (a
checkout and an editable installation have no compiled guides: `loading/compiled.py`). Each command runs
on a pseudo-terminal of its own and is timed from its start until the awaited text is on it; the medians of the runs and
their ratios are printed. What is measured:

    a  a bare Typer script that reads a YAML file and paints a Rich panel, until the panel's text
    b  the same, then a Questionary select, until its question
    c  `ecps-guide fraud`, until its first painted line
    d  `ecps-guide activate --mobile`, until its first prompt
    e  `copier copy`, until its first question (left out when copier is not installed)
    f  what bash is offered at Tab after `ecps-guide run card-`, until an id
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import pty
import select
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import MutableMapping
from pathlib import Path

BARE = """
import typer, yaml
from rich.console import Console
from rich.panel import Panel

def main(path: str) -> None:
    with open(path, encoding="utf-8") as file:
        data = yaml.load(file, Loader=yaml.CSafeLoader)
    Console().print(Panel(data["text"], title=data["title"]))
{more}
typer.run(main)
"""
SELECT = """
    import questionary
    questionary.select("Que faire ?", choices=["Continuer", "Quitter"]).unsafe_ask()
"""
COMPLETING = {"_ECPS_GUIDE_COMPLETE": "complete_bash", "COMP_WORDS": "ecps-guide run card-", "COMP_CWORD": "2"}
LIMIT = 20.0


def settle(environ: MutableMapping[str, str]) -> None:
    """Set what a start may depend on, in the environment of a command: bytecode is kept, or each start compiles us."""
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    environ.update({"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"})


def prepare(folder: Path) -> dict[str, tuple[list[str], bytes]]:
    """Write the scripts to compare with; return each command and the text that ends its timing."""
    (folder / "panel.yaml").write_text("title: Essai\ntext: Bonjour\n", encoding="utf-8")
    (folder / "a.py").write_text(BARE.format(more=""), encoding="utf-8")
    (folder / "b.py").write_text(BARE.format(more=SELECT), encoding="utf-8")
    template = folder / "template"
    template.mkdir()
    (template / "copier.yml").write_text("name:\n  type: str\n  help: Quel nom\n", encoding="utf-8")
    yaml, python = str(folder / "panel.yaml"), sys.executable
    guide = [python, "-m", "ecps_cli"]
    commands = {
        "a": ([python, str(folder / "a.py"), yaml], b"Bonjour"),
        "b": ([python, str(folder / "b.py"), yaml], b"Que faire"),
        "c": ([*guide, "fraud"], b"Fraude"),
        "d": ([*guide, "activate", "--mobile"], b"aide)"),
    }
    if importlib.util.find_spec("copier"):
        commands["e"] = ([python, "-m", "copier", "copy", str(template), str(folder / "out")], b"Quel nom")
    commands["f"] = (
        [shutil.which("env") or "env", *map("=".join, COMPLETING.items()), python, "-m", "ecps_cli"],
        b"card-on-pc",
    )
    return commands


def seconds_until(command: list[str], awaited: bytes) -> float:
    """Run a command on a pseudo-terminal and return the seconds until it has written a text; then end it."""
    start = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        settle(os.environ)
        os.execv(command[0], command)  # noqa: S606 — the commands are ours
    seen = b""
    try:
        while awaited not in seen:
            ready, _, _ = select.select([fd], [], [], max(start + LIMIT - time.perf_counter(), 0))
            if not ready:
                raise SystemExit(f"{' '.join(command)}: never wrote {awaited!r}, but {seen!r}")
            try:
                seen += os.read(fd, 65536)
            except OSError:
                raise SystemExit(f"{' '.join(command)}: ended before {awaited!r}: {seen!r}") from None
        return time.perf_counter() - start
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)


def main() -> None:
    """Time every command in turn, so many times, and print medians and ratios."""
    parser = argparse.ArgumentParser(description="Start-up time, against bare scripts and copier.")
    parser.add_argument("--runs", type=int, default=21, help="runs of each command (default: 21)")
    runs = parser.parse_args().runs
    folder = Path(tempfile.mkdtemp())
    try:
        commands = prepare(folder)
        times: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(runs + 1):  # the first round warms the caches, and is not counted
            for name, (command, awaited) in commands.items():
                spent = seconds_until(command, awaited)
                if number:
                    times[name].append(spent)
    finally:
        shutil.rmtree(folder)
    report(times)


def report(times: dict[str, list[float]]) -> None:
    """Print the medians, and the ratios that are the goals."""
    median = {name: statistics.median(values) for name, values in times.items()}
    print(f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} CPU")
    for name, values in times.items():
        print(f"{name}  {median[name] * 1000:6.0f} ms  (min {min(values) * 1000:.0f}, max {max(values) * 1000:.0f})")
    print(f"c / a = {median['c'] / median['a']:.2f}  (goal: at most 1.25)")
    print(f"d / b = {median['d'] / median['b']:.2f}  (goal: at most 1.15)")
    if "e" in median:
        print(f"d / e = {median['d'] / median['e']:.2f}  (goal: below 1)")
    print(f"f = {median['f'] * 1000:.0f} ms  (goal: at most 250)")


if __name__ == "__main__":
    main()
