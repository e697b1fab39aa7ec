"""The clipboard: each tool is given the whole text in the form it reads; one that fails leaves it to the next."""

from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("the tools are stood in for by shell scripts", allow_module_level=True)

from ecps_cli.cli import desktop
from ecps_cli.cli.desktop import copy
from ecps_cli.walk.environment import NO_CLIPBOARD
from support.commands import call
from support.real_terminal import RealTerminal

TEXT = "Médecin n° 899700218896 : « l’e-CPS »\nligne 2"
HERE = ("SystemRoot", "WAYLAND_DISPLAY", "DISPLAY", "TMUX", "SSH_CONNECTION", "SSH_TTY")
"""The variables that say which clipboards there are."""


class Desk:
    """A machine without any clipboard, on which tools are laid that write down what they are given."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.monkeypatch = monkeypatch
        for name in HERE:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PATH", str(folder))

    def lay(self, name: str, then: str = "exit 0") -> None:
        """Put a tool on the path."""
        self.script(self.folder / name, then)

    def script(self, path: Path, then: str = "exit 0") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        noted = 'echo "$@" > "$0.arguments"; echo "$LC_CTYPE" > "$0.lc"; /bin/cat > "$0.given"'
        path.write_text(f"#!/bin/sh\n{noted}\n{then}\n")
        path.chmod(0o755)

    def given(self, name: str) -> bytes:
        return (self.folder / f"{name}.given").read_bytes()

    def note(self, name: str, what: str) -> str:
        return (self.folder / f"{name}.{what}").read_text().strip()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("tool", "variable", "arguments"),
    [
        ("pbcopy", "HOME", ""),
        ("wl-copy", "WAYLAND_DISPLAY", ""),
        ("xclip", "DISPLAY", "-selection clipboard"),
        ("tmux", "TMUX", "load-buffer -w -"),
    ],
)
def test_a_tool_is_given_the_whole_text(desk: Desk, tool: str, variable: str, arguments: str) -> None:
    """Each tool gets the text in UTF-8, byte for byte, with the arguments of its manual; the sentence names it."""
    desk.lay(tool)
    desk.monkeypatch.setenv(variable, "there")
    assert tool in copy(TEXT)
    assert desk.given(tool) == TEXT.encode()
    assert desk.note(tool, "arguments") == arguments


def test_pbcopy_reads_utf_8_whatever_the_locale(desk: Desk) -> None:
    """`pbcopy` is told that its input is UTF-8: under another LC_CTYPE « é » would be pasted as « √© »."""
    desk.lay("pbcopy")
    desk.monkeypatch.setenv("LC_CTYPE", "C")
    copy(TEXT)
    assert desk.note("pbcopy", "lc") == "UTF-8"


def test_windows_is_given_utf_16_without_a_mark(desk: Desk) -> None:
    """`clip.exe` gets UTF-16 little-endian without the mark that it would copy with the text."""
    desk.script(desk.folder / "System32" / "clip.exe")
    desk.monkeypatch.setenv("SystemRoot", str(desk.folder))
    assert copy(TEXT) == "Copié avec clip."
    assert desk.given("System32/clip.exe") == TEXT.encode("utf-16-le")


def test_no_clip_but_that_of_windows_is_run(desk: Desk) -> None:
    """A `clip` beside a guide or on the path is not the system's: it is not run."""
    desk.monkeypatch.setenv("SystemRoot", str(desk.folder / "Windows"))
    desk.lay("clip")
    desk.lay("clip.exe")
    desk.monkeypatch.chdir(desk.folder)
    assert copy(TEXT) == NO_CLIPBOARD
    assert not list(desk.folder.glob("*.given"))


@pytest.mark.parametrize("failing", ["exit 1", "exec /bin/sleep 60"])
def test_a_tool_that_fails_or_hangs_leaves_it_to_the_next(desk: Desk, failing: str) -> None:
    """A tool that fails, or never ends, is given up, and the next one is given the text."""
    run = subprocess.run

    def impatient(command: list[str], **options: Any) -> Any:
        return run(command, **{**options, "timeout": 0.5 if command[0].endswith("wl-copy") and slow else 30})

    slow = failing.startswith("exec")
    desk.monkeypatch.setattr(subprocess, "run", impatient)
    desk.monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    desk.monkeypatch.setenv("DISPLAY", ":0")
    desk.lay("wl-copy", failing)
    desk.lay("xclip")
    assert copy(TEXT) == "Copié avec xclip."
    assert desk.given("xclip") == TEXT.encode()


def test_a_tool_that_cannot_be_run_leaves_it_to_the_next(desk: Desk) -> None:
    """A file that is no program is passed over without a word."""
    desk.monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    desk.lay("wl-copy")
    (desk.folder / "wl-copy").write_bytes(b"\x00nothing that runs")
    assert copy(TEXT) == NO_CLIPBOARD


def test_without_its_variable_a_tool_is_not_tried(desk: Desk) -> None:
    """A tool that is installed where there is no such screen is not asked."""
    for tool in ("clip", "wl-copy", "xclip", "tmux"):
        desk.lay(tool)
    assert copy(TEXT) == NO_CLIPBOARD


def test_over_ssh_the_far_clipboard_is_left_alone(desk: Desk) -> None:
    """Over SSH the clipboard of the far machine is of no use to the person: only those that reach theirs are used."""
    desk.monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    desk.monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    desk.lay("pbcopy")
    desk.lay("wl-copy")
    assert copy(TEXT) == NO_CLIPBOARD
    desk.lay("xclip")
    desk.monkeypatch.setenv("DISPLAY", "localhost:10.0")
    assert copy(TEXT) == "Copié avec xclip."


def test_report_copy_copies_what_it_prints(desk: Desk) -> None:
    """`report --copy` puts on the clipboard the record that it prints, and says how; a PDF it says that it cannot."""
    desk.lay("xclip")
    environ = {"ECPS_DATA": str(desk.folder / "data"), "DISPLAY": ":0"}
    call("fraud", typed="1\n\n", environ=environ)
    ran = call("report", "--copy", environ=environ)
    assert (ran.code, ran.err) == (0, "Copié avec xclip.\n")
    assert desk.given("xclip").decode().split() == ran.out.split()
    pytest.importorskip("typst")
    ran = call("report", "--copy", "--format", "pdf", "-o", str(desk.folder / "a.pdf"), environ=environ)
    assert "Un PDF ne se copie pas" in ran.err


# ------------------------------------------------------------------------------------------------ through the terminal


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_without_a_tool_the_terminal_is_asked(desk: Desk) -> None:
    """Failing all tools the text goes out as OSC 52, and the sentence does not promise that the terminal took it."""
    terminal = Terminal()
    desk.monkeypatch.setattr(sys, "stdout", terminal)
    desk.monkeypatch.setenv("TERM", "xterm")
    assert copy(TEXT) == "Copié par le terminal (OSC 52), s’il le permet."
    found = re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", terminal.getvalue())
    assert found
    assert base64.b64decode(found[1]).decode() == TEXT


def test_what_terminals_would_cut_is_not_sent(desk: Desk) -> None:
    """A text whose sequence passes 100,000 characters is refused with a sentence; the longest one below is sent."""
    terminal = Terminal()
    desk.monkeypatch.setattr(sys, "stdout", terminal)
    desk.monkeypatch.setenv("TERM", "xterm")
    assert copy("x" * 74_995) == "Trop long pour être copié par le terminal : rien n’a été copié."
    assert terminal.getvalue() == ""
    assert copy("x" * 74_992).startswith("Copié par le terminal")
    assert len(terminal.getvalue()) <= desktop.LONGEST


@pytest.mark.parametrize("term", ["dumb", None])
def test_where_a_sequence_would_be_read_as_text_none_is_written(desk: Desk, term: str | None) -> None:
    """Neither a dumb terminal nor a pipe is sent an escape sequence: nothing was copied, and that is said."""
    output = Terminal() if term else io.StringIO()
    desk.monkeypatch.setattr(sys, "stdout", output)
    desk.monkeypatch.setenv("TERM", term or "xterm")
    assert copy(TEXT) == NO_CLIPBOARD
    assert output.getvalue() == ""


@pytest.mark.terminal
def test_a_walk_over_ssh_copies_through_the_terminal(tmp_path: Path) -> None:
    """`c` after the RPPS sends its 12 digits, without spaces, through a real pseudo-terminal, and shows them."""
    environ = {**dict.fromkeys(HERE, ""), "ECPS_DATA": str(tmp_path), "SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}
    with RealTerminal("activate", "--mobile", environ=environ) as terminal:
        terminal.wait("Numéro RPPS du médecin")
        terminal.press("99700218896", "Enter", then="Étape 2 sur")
        terminal.press(
            "c", then="Copié par le terminal (OSC 52), s’il le permet. Numéro RPPS du médecin : 899700218896"
        )
        sent = base64.b64encode(b"899700218896")
        assert b"\x1b]52;c;" + sent + b"\x07" in terminal.raw


# --------------------------------------------------------------------------------------------------- with real tools


@pytest.fixture
def display() -> Iterator[str]:
    """Start an X server without a screen, which says itself what display it is once it is there."""
    if not (shutil.which("Xvfb") and shutil.which("xclip")):
        pytest.skip("Xvfb and xclip are not installed")
    server = subprocess.Popen(["Xvfb", "-displayfd", "1"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert server.stdout is not None
    with server:
        number = server.stdout.readline().decode().strip()
        yield f":{number}"
        server.kill()


def test_xclip_gives_back_what_was_copied(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a real X server what was copied is what another program pastes."""
    for name in HERE:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", display)
    assert copy(TEXT) == "Copié avec xclip."
    deadline = time.monotonic() + 10
    pasted = b""
    while not pasted and time.monotonic() < deadline:  # xclip ends before the server knows who has the selection
        pasted = subprocess.run(["xclip", "-o", "-selection", "clipboard"], capture_output=True, timeout=15).stdout
    assert pasted.decode() == TEXT


def test_tmux_gives_back_what_was_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a real tmux with its default options, what was copied is in its buffer."""
    tmux = shutil.which("tmux")
    if not tmux:
        pytest.skip("tmux is not installed")
    for name in HERE:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "inside.py").write_text(f"from ecps_cli.cli.desktop import copy\nprint(copy({TEXT!r}))\n", "utf-8")
    base = [tmux, "-S", str(tmp_path / "socket"), "-f", "/dev/null"]

    def run(*arguments: str) -> str:
        return subprocess.run([*base, *arguments], capture_output=True, timeout=30, check=True).stdout.decode()

    said = tmp_path / "said"
    run("new-session", "-d", f"{sys.executable} {tmp_path}/inside.py > {said}; {tmux} wait-for -S done; cat")
    try:
        run("wait-for", "done")
        assert run("show-buffer") == TEXT
        assert said.read_text("utf-8").startswith("Copié dans tmux")
    finally:
        run("kill-server")
