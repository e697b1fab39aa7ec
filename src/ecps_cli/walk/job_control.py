"""Ctrl-Z, or a stop from outside, at a question: the shell gets the terminal, and `fg` paints the screen again."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any, Protocol


class Screen(Protocol):
    """What is painted again after `fg`."""

    def repaint(self) -> None:
        """Paint it again."""
        ...


class JobControl:
    """The stops of one application; there is no job control on Windows."""

    def __init__(self, screen: Screen | None) -> None:
        self._screen = screen
        self._found: Any = None

    def watch(self) -> None:
        """Take the stops that come from outside; to be called before the terminal is made raw, in the event loop."""
        if sys.platform == "win32":
            return
        import asyncio
        import termios

        self._found = termios.tcgetattr(sys.stdin) if sys.stdin.isatty() else None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTSTP, self.step_aside)

    def step_aside(self) -> None:
        """Give the terminal back, stop, and come back."""
        if sys.platform == "win32":
            return
        from prompt_toolkit.application import run_in_terminal

        run_in_terminal(self._stop)

    def _stop(self) -> None:
        if sys.platform == "win32":
            return
        import asyncio
        import termios

        if self._found:  # prompt_toolkit has given back what matters, not all (IXON)
            termios.tcsetattr(sys.stdin, termios.TCSANOW, self._found)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(0, signal.SIGTSTP)  # the whole job, as the terminal itself would
        asyncio.get_running_loop().add_signal_handler(signal.SIGTSTP, self.step_aside)
        if self._screen:
            self._screen.repaint()
