"""A question that a text answers: what Enter alone gives, what stands in its line, what is typed behind that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ecps_cli.core.guide import Step
from ecps_cli.core.session import Session
from ecps_cli.core.validators import VALIDATORS
from ecps_cli.core.verdicts import Accepted, Doubtful
from ecps_cli.french.words import shown
from ecps_cli.walk.prompter import Key


def default(session: Session, step: Step, doubt: Doubtful | None, today: date) -> str:
    """Answer that Enter alone gives: the repair that is offered, the answer from before going back, a likely one."""
    if doubt:
        return shown(step, doubt.offer) if doubt.offer else ""
    earlier = session.default(step.id)
    if earlier or not step.validator:
        return shown(step, earlier) if earlier else ""
    return VALIDATORS[step.validator].suggestion(today)


def standing(step: Step, doubt: Doubtful | None, typed: str) -> str:
    """Text that stands in the line already: the one that was refused, or the repair of it that is offered."""
    return shown(step, doubt.offer) if doubt and doubt.offer else typed


Check = Callable[[str], object]
"""What takes a text for an answer: its verdict is then an `Accepted`."""


def check_of(step: Step, today: date) -> Check | None:
    """Check of the answers of a step; None where any text is one."""
    known = VALIDATORS[step.validator] if step.validator else None
    return (lambda text: known.check(text, today)) if known else None


def meant(check: Check | None, stood: str, heard: str, keys: str) -> str | Key:
    """Answer or key meant by a line in which a text `stood`: the one typed behind it, where that is one by itself.

    But the whole line where this is an answer: with « r » typed behind it, « hie » has become « hier ».
    """
    behind = heard.removeprefix(stood).strip() if stood else ""
    if not check or not behind or behind == heard.strip() or isinstance(check(heard), Accepted):
        return heard
    if len(behind) == 1 and behind.lower() in keys:
        return Key(behind.lower())
    return behind if isinstance(check(behind), Accepted) else heard
