"""Smoke test of an installed ecps-guide, on any system: what a release must do before it is handed out.

    python packaging/smoke.py ecps-guide
    python packaging/smoke.py --card --pdf unzipped/python/python.exe -m ecps_cli

With `--card` or `--pdf`, the extra is there and is tried. The command must be one process: it is killed in a walk.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

COMPLETION = {"_ECPS_GUIDE_COMPLETE": "complete_powershell", "_TYPER_COMPLETE_ARGS": "ecps-guide run "}
"""How PowerShell asks for what may follow."""
LIMIT = 120
"""Seconds that a command may take."""
WALK = ["", "", "v", "ameli", "1", "1", "2", "TICKET-1", "", ""]
"""What is typed to walk the guide that `new` writes to its end: Enter is « seen », `v` where it matters."""
BEFORE_THE_KILL = 3
KILLED_AT = "Nom du service"


def main() -> None:
    """Run every check in a new folder; end with 1 at the first that fails."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    parser = argparse.ArgumentParser(description="Try an installed ecps-guide.")
    parser.add_argument("--card", action="store_true", help="the extra is there")
    parser.add_argument("--pdf", action="store_true", help="the extra is there")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    command = arguments.command or parser.error("which command?")
    command[0] = str(Path(shutil.which(command[0]) or command[0]).absolute())
    before = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="essai été ") as folder:
        os.environ["ECPS_DATA"] = str(Path(folder, "données"))
        os.chdir(folder)
        try:
            check(command, card=arguments.card, pdf=arguments.pdf)
        finally:
            os.chdir(before)  # Windows removes no folder that somebody is in
    print("smoke: all passed")


def check(command: list[str], *, card: bool, pdf: bool) -> None:
    """Version, a number, a guide, a walk, a killed one, its record and the journal, this machine's way with a card."""
    run(command, "--version", says="ecps-guide ")
    run(command, "rpps", "99700218896", says="899700218896")
    run(command, says="Aucun code secret n’est jamais demandé")
    run(command, "guides", says="Fournis avec ecps-guide")
    run(command, says="activate-mobile", environ=COMPLETION)
    run(command, "rpps", "12", codes=(1,), says="11 chiffres attendus")
    run(command, "check", says="aucune erreur")
    sensed = run(command, "preflight", codes=(0, 1), says="Un lecteur de carte est-il vu")
    assert not card or "pyscard" not in sensed, sensed
    run(command, "new", "essai", says="Écrit : essai.yaml")
    run(command, "run", "essai.yaml", typed=WALK, says="Le service est ouvert.")
    kill(command, "run", "essai.yaml", typed=WALK[:BEFORE_THE_KILL], until=KILLED_AT)
    run(command, "resume", typed=["", *WALK[BEFORE_THE_KILL:]], says="Le service est ouvert.")
    run(command, "sessions", "--verify", says="2 sessions vérifiées")
    run(command, "show", "fraud", "--format", "html", "-o", "fraude é.html", says="Écrit")
    assert "</html>" in Path("fraude é.html").read_text("utf-8")
    if pdf:
        run(command, "report", "--format", "pdf", "-o", "relevé.pdf", says="Écrit")
        assert Path("relevé.pdf").read_bytes().startswith(b"%PDF-")


def run(
    command: list[str],
    *arguments: str,
    says: str,
    codes: tuple[int, ...] = (0,),
    typed: Iterable[str] = (),
    environ: Mapping[str, str] | None = None,
) -> str:
    """Run a command, type these lines, and hold its exit code and a part of what it writes, which comes back."""
    print("smoke:", *(arguments or ["(completion)" if environ else "(nothing: the help)"]), flush=True)
    done = subprocess.run(
        [*command, *arguments],
        input="".join(f"{line}\n" for line in typed).encode(),
        capture_output=True,
        env={**os.environ, **(environ or {})},
        timeout=LIMIT,
        check=False,
    )
    said = plain(done.stdout + done.stderr)
    if done.returncode not in codes or says not in said:
        raise SystemExit(f"expected {codes} and « {says} », got {done.returncode}:\n{said}")
    return said


def kill(command: list[str], *arguments: str, typed: list[str], until: str) -> None:
    """Kill a walk once it shows a text: nothing of it may be lost."""
    print("smoke:", *arguments, "(killed)", flush=True)
    pipe = subprocess.PIPE
    with subprocess.Popen([*command, *arguments], stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT) as walk:
        assert walk.stdin is not None
        assert walk.stdout is not None
        walk.stdin.write("".join(f"{line}\n" for line in typed).encode())
        walk.stdin.flush()
        seen = b""
        while until not in plain(seen):
            read = os.read(walk.stdout.fileno(), 65536)
            if not read:
                raise SystemExit(f"the walk ended before « {until} »:\n{plain(seen)}")
            seen += read
        walk.kill()


def plain(written: bytes) -> str:
    """Text of what was written, in one line with plain spaces; to a pipe, Windows writes in its own code page."""
    try:
        text = written.decode()
    except UnicodeDecodeError:
        text = written.decode("cp1252", "replace")
    return " ".join(text.split())


if __name__ == "__main__":
    main()
