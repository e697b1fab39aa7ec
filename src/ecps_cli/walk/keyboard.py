"""Single keys, read unseen and for a while, by prompt_toolkit's raw input: for a screen that repaints by itself."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prompt_toolkit.input import Input

PAUSE = 0.02
"""Seconds between two looks at the keyboard."""

ENTER, END, STOP = "c-m", ("c-c", "c-d"), "c-z"
"""How prompt_toolkit names these keys."""


@contextmanager
def keyboard() -> Iterator[Callable[[float], str]]:
    """A function that waits so many seconds for a key, and the terminal as it was afterwards.

    The function returns a letter in lower case, `ENTER`, another key by its name, or an empty text when none came.

    Raises:
        EOFError: by the function: the input has ended, by Ctrl-C, Ctrl-D or a terminal that is gone.

    """
    from prompt_toolkit.input import create_input

    source = create_input(sys.stdin)
    with source.raw_mode():
        yield lambda seconds: _key(source, seconds)


def _key(source: Input, seconds: float) -> str:
    until = time.monotonic() + seconds
    while not source.closed:
        for press in source.read_keys():
            name = getattr(press.key, "value", press.key).lower()
            if name in END:
                raise EOFError
            if name == STOP:
                _stop(source)
            return name
        if time.monotonic() > until:
            return ""
        time.sleep(PAUSE)
    raise EOFError


def _stop(source: Input) -> None:
    """Give the terminal back to the shell as it was, and take it again after `fg`."""
    if sys.platform != "win32":  # no job control there
        with source.cooked_mode():
            os.kill(0, signal.SIGTSTP)
