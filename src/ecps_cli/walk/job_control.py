"""Ctrl-Z, or a stop from outside, at a question: the shell gets the terminal, and `fg` paints the screen again."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prompt_toolkit.application import Application


class Stops:
    """The stops that come from outside while a terminal is raw, which is to be given back first as it was."""

    def __init__(self) -> None:
        self.pending = False
        self._found: Any = None

    @contextmanager
    def noted(self, tell: Callable[[], bool] = lambda: True) -> Iterator[None]:
        """Note a stop, where `tell` says that somebody will see to it; to be entered before the terminal is raw.

        There is no job control on Windows.
        """
        if sys.platform == "win32":
            yield
            return
        import termios

        def stopped(number: int, frame: Any) -> None:
            if tell():
                self.pending = True
            else:
                _stop(os.getpid())

        self._found = termios.tcgetattr(sys.stdin) if sys.stdin.isatty() else None
        before = signal.signal(signal.SIGTSTP, stopped)
        try:
            yield
        finally:
            signal.signal(signal.SIGTSTP, before)

    def stop(self) -> None:
        """Stop the whole job, as the terminal itself would, its terminal as it was found; return after `fg`."""
        self.pending = False
        if sys.platform == "win32":
            return
        import termios

        if self._found:  # prompt_toolkit gives back what matters, not all (IXON)
            termios.tcsetattr(sys.stdin, termios.TCSANOW, self._found)
        _stop(0)


class JobControl:
    """The stops of one application."""

    def __init__(self, repaint: Callable[[], None]) -> None:
        """Take what paints the screen again after `fg`."""
        self._repaint = repaint
        self._stops = Stops()

    @contextmanager
    def watched(self, app: Application[Any]) -> Iterator[None]:
        """Take the stops that come from outside while an application runs; to be entered before it does.

        By no handler of its event loop: one that is there while a loop closes makes a signal write into a closed pipe,
        of which Python complains on the screen.
        """

        def tell() -> bool:
            if app.loop:
                app.loop.call_soon_threadsafe(self.step_aside)
            return app.loop is not None  # else the terminal is as it was

        with self._stops.noted(tell):
            yield

    def step_aside(self) -> None:
        """Give the terminal back, stop, and come back."""
        if sys.platform == "win32":
            return
        from prompt_toolkit.application import run_in_terminal

        run_in_terminal(self.stop)

    def stop(self) -> None:
        """Stop, where the terminal is not raw, and come back."""
        self._stops.stop()
        self._repaint()


def _stop(process: int) -> None:
    """Stop a process, or with 0 the whole job, as if nobody handled it."""
    if sys.platform != "win32":
        handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(process, signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, handler)
