"""Signals that end a process, as one interrupt that is never lost: Ctrl-C, a closed window, a polite kill."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Those of them that the system has. SIGBREAK is Windows': Ctrl-Break, and also a closed console window, a log-off or
a shutdown, after which Windows ends the process as soon as the signal was noted, mostly before Python acts on it
(https://github.com/python/cpython/pull/96289): the pause may then be missing, what was confirmed never is."""

_seen: list[int] = []
_told: list[Callable[[], None]] = []


@contextmanager
def interruptible() -> Iterator[None]:
    """Make each of these signals raise KeyboardInterrupt, once; leave the handlers as they were."""
    _seen.clear()
    signals = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
    before = {each: signal.signal(each, _interrupt) for each in signals}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _interrupt(number: int, frame: Any) -> None:
    again = bool(_seen)
    _seen.append(number)
    if not again and _told:
        _told[-1]()
    elif not again or number == signal.SIGINT:
        raise KeyboardInterrupt


@contextmanager
def raised_after(tell: Callable[[], None]) -> Iterator[None]:
    """Keep an interrupt until what runs within has ended; `tell` is called at once, and is to make it end.

    For an event loop: raised where it falls there, an interrupt may be the error of a task that nobody awaits.
    """
    _told.append(tell)
    try:
        yield
    finally:
        _told.pop()
        raise_if_interrupted()


def raise_if_interrupted() -> None:
    """Raise KeyboardInterrupt if one was: Python drops what is raised in a destructor or a weak reference's callback.

    To be called before anything that waits, so that no interrupt is waited out.
    """
    if _seen:
        raise KeyboardInterrupt
