"""What a walk needs of the world around it: somebody to ask, a screen, a clock, a journal, a desktop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from ecps_cli.core.journal import Journal
from ecps_cli.core.session import Destination
from ecps_cli.core.value import Value
from ecps_cli.walk.prompter import Prompter

if TYPE_CHECKING:
    from ecps_cli.preflight.checks import Check
    from ecps_cli.screen.painting import Look, Renderable


def _no_browser(_: str) -> bool:
    return False


NO_CLIPBOARD = "Pas de presse-papiers ici : rien n’a été copié."


def _no_guide(_: str) -> None:
    return None


def _no_clipboard(_: str) -> str:
    return NO_CLIPBOARD


class Desktop(Value):
    """The programs around the terminal; by default, none."""

    open_link: Callable[[str], bool] = _no_browser
    """Opens an address in the browser; False when there is none."""
    copy: Callable[[str], str] = _no_clipboard
    """Puts a text on the clipboard; the sentence that says how."""


class Environment(Value):
    """The world of one walk."""

    prompter: Prompter
    show: Callable[[Renderable], None]
    """Paints a screen."""
    look: Look
    now: Callable[[], datetime]
    journal: Journal
    desktop: Desktop = Desktop()
    find: Callable[[str], Destination | None] = _no_guide
    """The guide of an id, to go over to; None where there is none that can be walked."""
    sense: Callable[[], Sequence[Check]] = list
    """What this PC sees of the card path."""
