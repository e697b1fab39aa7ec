"""Single keys, read unseen and for a while, by prompt_toolkit's raw input: for a screen that repaints by itself."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ecps_cli.walk.job_control import Stops

if TYPE_CHECKING:
    from prompt_toolkit.input import Input

BETWEEN_LOOKS = 0.02
"""Seconds between two looks at the keyboard."""

END, STOP = ("c-c", "c-d"), "c-z"
"""How prompt_toolkit names these keys."""


@contextmanager
def keyboard() -> Iterator[Callable[[float], str]]:
    """A function that waits so many seconds for a key, and the terminal as it was afterwards.

    The function returns a letter in lower case, `RETURN`, another key by its name, or an empty text when none came;
    after Ctrl-Z, or a stop from outside, and `fg`, it returns `STOP`.

    Raises:
        EOFError: by the function: the input has ended, by Ctrl-C, Ctrl-D or a terminal that is gone.

    """
    from prompt_toolkit.input import create_input

    source, stops = create_input(sys.stdin), Stops()
    with stops.noted(), source.raw_mode():
        yield lambda seconds: _key(source, stops, seconds)


def _key(source: Input, stops: Stops, seconds: float) -> str:
    until = time.monotonic() + seconds
    while not source.closed:
        for press in source.read_keys():
            name = getattr(press.key, "value", press.key).lower()
            if name in END:
                raise EOFError
            stops.pending |= name == STOP
            if not stops.pending:
                return name
        if stops.pending:
            with source.cooked_mode():
                stops.stop()
            return STOP
        if time.monotonic() > until:
            return ""
        time.sleep(BETWEEN_LOOKS)
    raise EOFError
