"""From a key press to the next screen: a walk, against a bare Questionary list that is answered and opened again.

Run with `python benchmarks/keypress.py` in an environment that has the project. Both run on a pseudo-terminal of
80 × 24, in turn, in the same minute. A press is timed from the moment when the key is sent until the next question
stands on the screen: prompt_toolkit has begun it, drawn it, and given line wrapping back to the terminal.

    a  `ecps-guide activate --with-card`: Enter, then `r`, and so on: two steps, painted in turn; each press is an event
       that is on the disk before the screen changes
    b  the same without a journal (`ECPS_DATA` cannot be a folder), to see what the disk takes
    c  a bare script: a Questionary list of five choices, asked again as soon as it is answered
    d  with `--before CHECKOUT`: a, as an older checkout of this repository does it
"""

from __future__ import annotations

import argparse
import fcntl
import os
import platform
import pty
import select
import shutil
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path

BARE = """
import questionary
while True:
    questionary.select("Que faire ?", choices=["Un", "Deux", "Trois", "Quatre", "Cinq"]).unsafe_ask()
"""
BEGUN, DRAWN = b"\x1b[?2004h", b"\x1b[?7h"
LIMIT = 20.0

PAGE = "Entrée : commencer".encode()


class Asked:
    """A command on a pseudo-terminal that asks one question after the other."""

    def __init__(self, command: list[str], data: str, checkout: Path | None = None, **environ: str) -> None:
        """Start it, from another checkout where one is given, and wait for its first question."""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            told = {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", "ECPS_DATA": data, "PYTHONUTF8": "1"}
            told |= {"PYTHONPATH": str(checkout / "src")} if checkout else {}
            kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            os.execve(command[0], command, {**kept, **told, **environ})  # noqa: S606 — the commands are ours
        self.wait()

    def wait(self) -> None:
        """Wait until the next question stands."""
        seen, limit = b"", time.perf_counter() + LIMIT
        while DRAWN not in seen.partition(BEGUN)[2]:
            ready, _, _ = select.select([self.fd], [], [], max(limit - time.perf_counter(), 0))
            if not ready:
                raise SystemExit(f"no question came: {seen!r}")
            seen += os.read(self.fd, 65536)
        self.seen = seen

    def press(self, key: str) -> float:
        """Press a key, and return the seconds until the next question stands."""
        while select.select([self.fd], [], [], 0.02)[0]:  # what is still drawn of the last one
            os.read(self.fd, 65536)
        start = time.perf_counter()
        os.write(self.fd, key.encode())
        self.wait()
        return time.perf_counter() - start

    def end(self) -> None:
        """End it."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def main() -> None:
    """Press so many keys in each, in turn, and print the medians and the ratios."""
    parser = argparse.ArgumentParser(description="Key press to next screen, against a bare Questionary list.")
    parser.add_argument("--presses", type=int, default=200, help="key presses in each (default: 200)")
    parser.add_argument("--before", type=Path, metavar="CHECKOUT", help="an older checkout, to compare with")
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    (folder / "bare.py").write_text(BARE, encoding="utf-8")
    guide = [sys.executable, "-m", "ecps_cli", "activate", "--with-card"]
    running = {
        "a": (Asked(guide, str(folder / "data")), ("\r", "r")),
        "b": (Asked(guide, str(folder / "bare.py")), ("\r", "r")),
        "c": (Asked([sys.executable, str(folder / "bare.py")], ""), ("\r",)),
    }
    if wanted.before:
        running["d"] = (Asked(guide, str(folder / "before"), wanted.before.resolve()), ("\r", "r"))
    try:
        for name in running.keys() - {"c"}:
            asked = running[name][0]
            if PAGE in asked.seen:  # a page comes first there
                asked.press("\r")
                time.sleep(1)
            asked.press("\r")
        time.sleep(1)  # sooner, the same key again is one that is held down
        times: dict[str, list[float]] = {name: [] for name in running}
        for number in range(wanted.presses + 10):  # the first ten warm up, and are not counted
            for name, (asked, keys) in running.items():
                spent = asked.press(keys[number % len(keys)])
                times[name] += [spent] if number >= 10 else []
    finally:
        for asked, _ in running.values():
            asked.end()
        shutil.rmtree(folder)
    report(times)


def report(times: dict[str, list[float]]) -> None:
    """Print the medians, and the ratios to the bare list."""
    print(f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} CPU, {len(times['a'])} presses")
    median = {name: statistics.median(spent) for name, spent in times.items()}
    for name, spent in times.items():
        worst = statistics.quantiles(spent, n=20)[-1]
        print(f"{name}  {median[name] * 1000:6.1f} ms  (95 %: {worst * 1000:.1f} ms)")
    print(f"a: {median['a'] * 1000:.1f} ms  (goal: at most 40 ms)")
    print(f"a / c = {median['a'] / median['c']:.2f}, b / c = {median['b'] / median['c']:.2f}")
    if "d" in median:
        print(f"a / d = {median['a'] / median['d']:.2f}  (goal: at most 1)")


if __name__ == "__main__":
    main()
