"""A walk in this process: by lines, or by keys pressed on a keyboard that prompt_toolkit takes for a real one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING
from unittest import mock

from rich.console import Console

from ecps_cli.authoring.scenarios import Find
from ecps_cli.core.guide import Facts, Guide
from ecps_cli.core.journal import MemoryJournal
from ecps_cli.core.session import Session
from ecps_cli.screen.painting import Look
from ecps_cli.walk.by_lines import LinePrompter
from ecps_cli.walk.environment import Desktop, Environment
from ecps_cli.walk.prompter import EndOfInput, Prompter
from ecps_cli.walk.walk import Walk
from support.sample import Clock

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyBindingsBase


class Stage:
    """A walk of a guide by lines, with everything it says and keeps at hand."""

    def __init__(
        self, guide: Guide, facts: Facts, clock: Clock, look: Look | None = None, find: Find = lambda _: None
    ) -> None:
        self.console = Console(
            file=StringIO(), width=80, height=24, markup=False, highlight=False, legacy_windows=False
        )
        self.journal = MemoryJournal()
        self.opened: list[str] = []
        self.copied: list[str] = []
        self.browser = True
        environment = Environment(
            prompter=LinePrompter(self.say, self._nobody),
            show=self.console.print,
            look=look or Look(plain=True),
            now=clock,
            journal=self.journal,
            desktop=Desktop(self._open, self._copy),
            find=find,
        )
        self.walk = Walk(Session(guide, clock.time), facts, environment)

    def say(self, line: str) -> None:
        self.console.print(line, soft_wrap=True)

    def _nobody(self) -> str:
        raise EndOfInput

    def _open(self, address: str) -> bool:
        self.opened.append(address)
        return self.browser

    def _copy(self, text: str) -> str:
        self.copied.append(text)
        return "Copié par l’essai."

    def run(self, *lines: str) -> Session:
        """Walk with these lines typed, until they end."""
        rest = iter(lines)

        def read() -> str:
            try:
                return next(rest)
            except StopIteration:
                raise EndOfInput from None

        return self.run_with(LinePrompter(self.say, read))

    def run_with(self, prompter: Prompter) -> Session:
        self.walk.environment = replace(self.walk.environment, prompter=prompter)
        return self.walk.run()

    @property
    def output(self) -> str:
        stream = self.console.file
        assert isinstance(stream, StringIO)
        return " ".join(stream.getvalue().split())


@cache
def _key_bindings() -> KeyBindingsBase:
    """Return what prompt_toolkit binds by itself, made once for all questions: that takes longer than a walk."""
    from prompt_toolkit.key_binding.defaults import load_key_bindings

    return load_key_bindings()


@contextmanager
def typed(keys: str) -> Iterator[None]:
    """Give prompt_toolkit a keyboard on which these keys are pressed, and a screen that nobody looks at."""
    from prompt_toolkit.application import application, create_app_session
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import DummyOutput

    with (
        mock.patch.object(application, "load_key_bindings", _key_bindings),
        create_pipe_input() as keyboard,
        create_app_session(input=keyboard, output=DummyOutput()),
    ):
        keyboard.send_text(keys)
        yield


def kinds(session: Session) -> list[type]:
    return [type(event) for event in session.events]
