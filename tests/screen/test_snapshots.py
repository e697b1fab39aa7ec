"""Screens as text, at three widths, held against what `snapshots/` keeps of them.

A changed screen is looked at, then kept: `python -m pytest tests/screen/test_snapshots.py --update-snapshots`.
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from unittest import mock

import pytest
from rich.console import ConsoleRenderable

from ecps_cli.core.journal import MemoryJournal
from ecps_cli.core.session import Session
from ecps_cli.french.question import Question
from ecps_cli.french.typography import line_lines, option_lines, question_lines
from ecps_cli.screen import views
from ecps_cli.screen.painting import Look
from ecps_cli.screen.terminal import make_console, paint
from ecps_cli.walk.environment import Desktop, Environment
from ecps_cli.walk.lookups import MORE
from ecps_cli.walk.prompter import (
    DELIBERATE_HINT,
    ENTER,
    HINT,
    LINE_HINT,
    TICK_HINT,
    UNSURE,
    Countdown,
    EndOfInput,
    Key,
    Ticks,
    by_enter,
    marked,
)
from ecps_cli.walk.walk import Walk
from support.commands import call
from support.sample import START, Clock
from support.shipped import LIBRARY, WALKS

KEPT = Path(__file__).with_name("snapshots")
HEIGHT = 24


class Screens:
    """The screen and the prompter of a walk, that writes down what is seen; what is typed is given."""

    def __init__(self, typed: list[str], columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take what is typed at each question, and the width."""
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("LINES", str(HEIGHT))
        self.columns = columns
        self.typed = deque(typed)
        self.seen: list[str] = []

    def show(self, screen: ConsoleRenderable) -> None:
        """Paint a screen."""
        out = io.StringIO()
        paint(make_console(out), screen)
        self.seen.append(out.getvalue())

    def at(self, step_id: str) -> None:
        """Do nothing."""

    def key(
        self, asked: Question, keys: str = "", enter: bool = True, words: str = "", countdown: Countdown | None = None
    ) -> Key:
        """Write the question down, and return the key that was given; every page is turned, however many there are."""
        if countdown:
            self._ask(countdown())
        self._ask(asked.whole())
        return ENTER if asked == MORE else Key(self._next())

    def yes_no(self, question: str) -> bool:
        """Write the question down, and return whether the key that was given is yes."""
        self._ask(f"{question} (o/n)")
        return self._next() == "o"

    def refused(self, why: str) -> None:
        """Write it down before the question."""
        self._ask(why)

    def text(self, asked: Question, keys: str = "", default: str = "", typed: str = "") -> str | Key:
        """Write the question down, with what stands in its line already, and return what was given."""
        whole = marked(asked, LINE_HINT if keys else "").whole() + by_enter("" if typed else default)
        lines = line_lines(whole, self.columns)
        self.seen[-1] += "".join(f"{line}\n" for line in [*lines[:-1], f"{lines[-1]} {typed}".strip()])
        line = self._next()
        return Key(line) if len(line) == 1 and line in keys else line or default

    def choose(
        self,
        asked: Question,
        options: Mapping[str, str],
        keys: str = "",
        default: str = "",
        deliberate: bool = False,
    ) -> str | Key:
        """Write the question and its options down, and return the option whose number was given, or the key."""
        self._ask(marked(asked, DELIBERATE_HINT if deliberate else HINT).whole())
        opened = next((each for each in (default, *UNSURE) if each in options), next(iter(options)))
        for number, (option, text) in enumerate(options.items(), 1):
            lines = "\n      ".join(option_lines(text, self.columns))
            self.seen[-1] += f" {'>' if option == opened else ' '} {number}) {lines}\n"
        line = self._next()
        return list(options)[int(line) - 1] if line.isdecimal() else Key(line)

    def tick(self, asked: Question, options: Mapping[str, str], ticked: frozenset[str], keys: str = "") -> Ticks | Key:
        """Write the question and its lines down; tick the lines whose numbers were given, or leave as they are."""
        self._ask(marked(asked, TICK_HINT).whole())
        pointed = next((each for each in options if each not in ticked), "")
        for number, (option, text) in enumerate(options.items(), 1):
            lines = "\n      ".join(option_lines(text, self.columns))
            mark = "●" if option in ticked else "○"
            self.seen[-1] += f" {'>' if option == pointed else ' '} {mark} {number}. {lines}\n"
        line = self._next()
        if line and not line.isdecimal():
            return Key(line)
        chosen = {list(options)[int(number) - 1] for number in line}
        return Ticks(ticked | chosen, left=True)

    def _ask(self, question: str) -> None:
        self.seen[-1] += "".join(f"{line}\n" for line in question_lines(question, self.columns))

    def _next(self) -> str:
        if not self.typed:
            raise EndOfInput
        return self.typed.popleft()


def walked(guide_id: str, screens: Screens, look: Look) -> list[str]:
    """Return the screens of a walk."""
    found = LIBRARY.find(guide_id)
    if not found.guide.steps[0].critical:
        screens.show(views.opening(found.guide, found.facts, look))
    desktop = Desktop(open_link=lambda address: True)
    environment = Environment(screens, screens.show, look, Clock(), MemoryJournal(), desktop)
    walk = Walk(Session(found.guide, START), found.facts, environment)
    walk.run()
    return screens.seen


def to_the_end(guide_id: str) -> list[str]:
    """Return what is typed to walk a guide to its first end."""
    walk = WALKS[guide_id][0]
    return [move.keys.removesuffix("\r") for move in walk.moves if move.keys]


def shots(columns: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[str]]]:
    """Yield each kept set of screens under its name."""

    def walk(guide_id: str, *typed: str, look: Look = FANCY) -> list[str]:
        return walked(guide_id, Screens(list(typed), columns, monkeypatch), look)

    yield "activate-mobile", walk("activate-mobile", "99700218896", "p", "r", "v")
    yield "activate-with-card", walk("activate-with-card", "?", "", "p", "1", "", "")
    yield "fraud", walk("fraud", "l", "", "p", "2", "", "1", "2", "24/11/2026", "ameli", "1", "n")
    yield "fraud-end", walk("fraud", *to_the_end("fraud"))[-1:]
    yield "fraud-plain", walk("fraud", "4", look=Look(plain=True))
    with mock.patch.object(sys.modules["__main__"], "__package__", ""):  # which the help would name as what was run
        yield "help", [call("--help", environ={"COLUMNS": str(columns)}).out]


FANCY = Look()
RULE = "=" * 20


@pytest.fixture(autouse=True)
def utc() -> Iterator[None]:
    """Put the walk where the clock of the tests stands."""
    with mock.patch.dict(os.environ, {"TZ": "UTC"}):
        getattr(time, "tzset", lambda: None)()
        yield
    getattr(time, "tzset", lambda: None)()


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_the_screens_are_those_that_were_kept(
    columns: int, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Each screen reads as it was last looked at; a change is seen in the files before it is kept."""
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    changed = []
    for name, seen in shots(columns, monkeypatch):
        text = f"\n{RULE}\n".join(screen.rstrip() for screen in seen).replace("\u00a0", " ") + "\n"
        path = KEPT / f"{name}-{columns}.txt"
        if request.config.getoption("--update-snapshots"):
            KEPT.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            changed.append(f"{path.name} has changed; now:\n{text}")
    assert changed == [], "look, then: python -m pytest tests/screen/test_snapshots.py --update-snapshots"
