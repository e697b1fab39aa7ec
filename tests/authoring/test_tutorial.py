"""docs/tutorial.md is done, block by block and in order, as its reader does it: what it promises is what happens.

A comment above each block says what becomes of it: `run` (what is typed, how it ends), `file`, `change`, `terminal` (a
real one, then left by `q`), and `shows`, of the command before it. `if COMMAND`: once there is such a command.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from support.commands import Ran, call, spawn

CHECKOUT = Path(os.environ.get("ECPS_CHECKOUT") or Path(__file__).parents[2])
PAGE = CHECKOUT / "docs" / "tutorial.md"
if not PAGE.is_file():
    pytest.skip("docs/ is not here: name the checkout in ECPS_CHECKOUT", allow_module_level=True)
TEXT = PAGE.read_text("utf-8")

pytestmark = pytest.mark.timeout(240)


class Block(NamedTuple):
    """A block of the page: what becomes of it, and its text."""

    line: int
    what: str
    text: str
    command: str
    """The command that must exist for it, or an empty text."""


def blocks() -> Iterator[Block]:
    for found in re.finditer(r"<!-- (.+?)(?:, if (.+?))? -->\n```\w+\n(.*?)```\n", TEXT, flags=re.DOTALL):
        yield Block(TEXT.count("\n", 0, found.start()) + 1, found[1], found[3], found[2] or "")


class Reader:
    """Somebody who does what the page says, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ran: Ran | None = None

    def do(self, block: Block) -> None:
        """Do one block; what it promises is held."""
        verb, _, rest = block.what.partition(", ")
        if verb == "run":
            self._run(block, rest)
        elif verb == "terminal":
            self._on_a_terminal(block)
        elif verb == "shows":
            self._seen(block)
        else:
            verb, _, name = verb.partition(": ")
            assert verb in ("file", "change"), block
            (self._write if verb == "file" else self._change)(self.folder / name, block)

    def _run(self, block: Block, how: str) -> None:
        typing, ends = re.search(r'typing (".*")', how), re.search(r"exit (\d)", how)
        for line in block.text.splitlines():
            command, *arguments = shlex.split(line)
            if command == "mkdir":
                (self.folder / arguments[0]).mkdir()
            elif command == "cd":
                self.folder /= arguments[0]
                os.chdir(self.folder)
            else:
                assert command == "ecps-guide", block
                self.ran = spawn(*arguments, typed=json.loads(typing[1]) if typing else "")
                assert self.ran.code == (int(ends[1]) if ends else 0), (block, self.ran)

    def _on_a_terminal(self, block: Block) -> None:
        if sys.platform == "win32":  # no pseudo-terminal, and so nothing to hold the next block against
            self.ran = None
            return
        from support.real_terminal import RealTerminal

        with RealTerminal(*shlex.split(block.text)[1:], rows=40) as terminal:
            text = terminal.wait("q : quitter")
            terminal.send("q")
            self.ran = Ran(terminal.end(), text, "")
        assert self.ran.code == 0

    def _seen(self, block: Block) -> None:
        if sys.platform == "win32" and self.ran is None:
            return
        assert self.ran is not None
        rest = self.ran.said.replace("•", "-")  # as in a pipe, where no screen reader stumbles on it
        for line in block.text.replace("•", "-").splitlines():
            before, found, rest = rest.partition(" ".join(line.split()))
            assert found, f"line {block.line}: not shown, or not in this order: {line!r}; shown: {before}"

    def _write(self, path: Path, block: Block) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(block.text, "utf-8")

    def _change(self, path: Path, block: Block) -> None:
        lines = block.text.splitlines(keepends=True)
        old, new = ("".join(line[1:] or "\n" for line in lines if line[0] in mark) for mark in (" -", " +"))
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"line {block.line}: one place to change, in: {text}"
        path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.terminal
def test_every_block_of_the_tutorial_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run and end as said, show what is printed under them, and files become what the page makes of them."""
    monkeypatch.setenv("ECPS_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("ECPS_GUIDES", raising=False)
    monkeypatch.chdir(tmp_path)
    reader = Reader(tmp_path)
    for block in blocks():
        if not block.command or _is_there(block.command):
            reader.do(block)


def _is_there(command: str) -> bool:
    """Whether there is such a command, with such an option if one is named."""
    name, *option = command.split()
    help_text = call(name, "--help")
    return help_text.code == 0 and all(each in help_text.out for each in option)


def test_no_block_is_passed_over() -> None:
    """Every block of the page has a comment above it that says what becomes of it."""
    assert len(list(blocks())) == TEXT.count("\n```") // 2 > 20


def test_its_files_are_what_the_reader_has_in_front_of_them() -> None:
    """A line of a changed file is never a line that the page has not shown before."""
    shown = set(re.findall(r"^(.+)$", TEXT, flags=re.MULTILINE))
    for block in blocks():
        if block.what.startswith("change"):
            for line in block.text.splitlines():
                assert line.startswith("+") or line[1:] in shown or f"+{line[1:]}" in shown, line
