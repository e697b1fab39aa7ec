"""Killed at each system call that writes, a command loses no event, and leaves nothing half erased."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from ecps_cli.core.events import Confirmed, Noted
from ecps_cli.storage.folder import JOURNAL
from ecps_cli.storage.store import Store
from support.commands import LIMIT, call, quiet
from support.kept import altered_event, kept_events

pytestmark = [
    pytest.mark.slow_disk,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not shutil.which("strace"), reason="strace, which kills at a system call, is not installed"),
]

STRIDE = int(os.environ.get("ECPS_CRASH_STRIDE") or 20)
"""One of so many system calls is tried: 1 for all of them."""
WRITING = ("pwrite64", "write", "fdatasync", "fsync", "ftruncate", "unlink", "rename", "mkdir", "fchmod")
GUIDE = """\
format: 1
id: long
version: "1"
title: Un long guide
verified_on: 2026-11-24
review_by: 2127-05-24
sources: [fiche]
steps:
  - {id: s1, who: doctor, device: phone, do: Faire la chose 1, expect: La chose 1 est faite}
  - {id: s2, who: doctor, device: phone, do: Faire la chose 2, expect: La chose 2 est faite}
  - {id: s3, who: doctor, device: phone, do: Faire la chose 3, expect: La chose 3 est faite}
  - {id: s4, who: doctor, device: phone, do: Faire la chose 4, expect: La chose 4 est faite, end: done}
outcomes:
  done: {success: true, text: Fait.}
"""
LONG_AGO = datetime(2026, 11, 24, 9, tzinfo=UTC)


class Command(NamedTuple):
    """A command to kill, and what stands in its data folder before."""

    arguments: tuple[str, ...]
    typed: str
    before: str = ""
    """Nothing, a `walk` that is half done, or one that is `due` to be erased."""
    events: int = 0
    """How many there are before."""


COMMANDS = {
    "first launch": Command(("run", "long.yaml"), "\n\n\n"),
    "walk": Command(("run", "long.yaml"), "\n\nn\nSECRET\n\n\n\n", "walk", 2),
    "resume": Command(("resume",), "\n\n\n", "walk", 2),
    "forget": Command(("forget", "--all"), "o\n", "walk", 2),
    "purge": Command(("run", "long.yaml"), "\n", "due", 2),
}


def prepare(folder: Path, before: str) -> None:
    """Make a data folder, and a guide beside it."""
    folder.mkdir()
    (folder / "long.yaml").write_text(GUIDE, "utf-8")
    (folder / "facts.yaml").write_text('fiche: {kind: source, name: Fiche, value: "https://example.org"}\n', "utf-8")
    if not before:
        return
    with closing(Store(folder / "data")) as store:
        name = store.begin(LONG_AGO, "long", GUIDE, (folder / "facts.yaml").read_text("utf-8"), "t", practice=False)
        store.append(name, Confirmed(LONG_AGO, "s1"))
        store.append(name, Noted(LONG_AGO, "s2", "SECRET-KEPT"))
        if before == "due":
            store.announce([name], "2026-11-25")


def traced(command: Command, folder: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command under strace."""
    strace = ["strace", "-f", "-qq", "-o", str(folder / "calls"), *options]
    return subprocess.run(
        [*strace, sys.executable, "-m", "ecps_cli", *command.arguments],
        input=command.typed.encode(),
        capture_output=True,
        cwd=folder,
        env=quiet({"ECPS_DATA": str(folder / "data"), "ECPS_KEEP_DAYS": "1", "PYTHONDONTWRITEBYTECODE": "1"}),
        timeout=LIMIT,
        check=False,
    )


def check(command: Command, folder: Path, out: str) -> None:
    """Hold that what stood on the screen is kept, and that nothing is half there."""
    if not (folder / "data" / JOURNAL).exists():
        assert "Étape 2" not in out
        return
    with closing(Store(folder / "data")) as store:
        assert store.is_sound()
        kept = [kept_events(store, each) for each in store.ids() if altered_event(store, each) is None]
        assert len(kept) == len(store.ids())
    erased = not any(Noted(LONG_AGO, "s2", "SECRET-KEPT") in events for events in kept)
    assert erased <= (command.before == "due" or command.arguments[0] == "forget" or not command.before)
    if erased:
        assert not any(b"SECRET-KEPT" in path.read_bytes() for path in (folder / "data").iterdir())
    begun = sum(map(len, kept)) - (0 if erased else command.events)
    shown = [int(number) for number in re.findall(r"^Étape (\d) sur", out, re.MULTILINE)]
    assert not shown or begun >= shown[-1] - shown[0], f"lost: {out}"
    ran = call("sessions", "--verify", environ={"ECPS_DATA": str(folder / "data")})
    assert ran.code == 0, ran.said


@pytest.mark.parametrize("name", COMMANDS)
def test_killed_at_a_system_call_that_writes(name: str, tmp_path: Path) -> None:
    """Wherever the kernel was asked to write, sync, cut, remove or make something, and never answered."""
    command = COMMANDS[name]
    prepare(tmp_path / "whole", command.before)
    done = traced(command, tmp_path / "whole", "-e", f"trace={','.join(WRITING)}")
    if b"ptrace" in done.stderr:
        pytest.skip("nothing may be traced here")
    calls = Counter(
        re.findall(r"^\d+ +(\w+)\(", (tmp_path / "whole" / "calls").read_text(errors="replace"), re.MULTILINE)
    )
    points = [(call, number) for call, most in sorted(calls.items()) for number in range(1, most + 1)]
    assert len(points) > 20
    killed = 0
    for place, (writing, number) in enumerate(points[::STRIDE]):
        prepare(folder := tmp_path / str(place), command.before)
        options = ("-e", f"trace={writing}", "-e", f"inject={writing}:signal=KILL:when={number}")
        done = traced(command, folder, *options)
        killed += done.returncode == -9
        check(command, folder, done.stdout.decode())
        shutil.rmtree(folder)
    assert killed == len(points[::STRIDE]), f"{killed} of {len(points[::STRIDE])}"
