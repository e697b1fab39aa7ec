"""Signals that end a process, as one interrupt that is never lost: Ctrl-C, a closed window, a polite kill."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Those of them that the system has. SIGBREAK is Windows': Ctrl-Break, and also a closed console window, a log-off or
a shutdown, after which Windows ends the process as soon as the signal was noted, mostly before Python acts on it
(https://github.com/python/cpython/pull/96289): the pause may then be missing, what was confirmed never is."""

AGAIN = 1.0
"""Seconds after an interrupt in which Ctrl-C, held down or pressed in haste, is the same one."""

_seen: list[float] = []
_told: list[Callable[[], None]] = []


@contextmanager
def interruptible() -> Iterator[None]:
    """Make each of these signals raise KeyboardInterrupt, once; ignore them afterwards, when all is said and kept."""
    handle(interrupt)
    hook, sys.unraisablehook = sys.unraisablehook, _dropped
    try:
        yield
    finally:
        ignore()
        sys.unraisablehook = hook
        _seen.clear()


def ignore() -> None:
    """Ignore these signals; one that falls in here, between two of them, is taken note of, and raises nothing."""
    _told.append(lambda: None)
    handle(signal.SIG_IGN)
    _told.pop()


def handle(handler: Any) -> dict[signal.Signals, Any]:
    """Set the handler of each of these signals, and return those that were there."""
    signals = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
    return {each: signal.signal(each, handler) for each in signals}


def interrupt(number: int, frame: Any) -> None:
    """Take note of a signal; raise KeyboardInterrupt at the first one, and when somebody presses Ctrl-C again later.

    One more, raised while the first is being put into words, would end in a traceback.
    """
    _seen.append(time.monotonic())
    if _told:
        _told[-1]()
    elif len(_seen) == 1 or (number == signal.SIGINT and _seen[-1] - _seen[0] > AGAIN):
        raise KeyboardInterrupt


def _dropped(unraisable: Any) -> None:
    """Say nothing of an interrupt that Python could not raise where it fell: it was seen, and is raised later."""
    if not issubclass(unraisable.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)


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
