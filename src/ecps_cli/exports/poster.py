"""A guide as a sheet for the wall, to read at two metres: what must not be missed, and whom to call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time
from itertools import islice
from typing import NamedTuple

from ecps_cli import qr
from ecps_cli.core.guide import Facts, Guide, Step
from ecps_cli.core.text import typeset
from ecps_cli.exports.document import Code
from ecps_cli.exports.naming import condition
from ecps_cli.exports.sheet import UNOFFICIAL
from ecps_cli.exports.unavailable import NoPoster
from ecps_cli.french.event_text import on_paper
from ecps_cli.french.typography import unbroken
from ecps_cli.french.words import question_of, quoted_line

MOST_LINES = 4
MOST_NUMBERS = 3


class Line(NamedTuple):
    """A line of a poster."""

    text: str
    condition: str
    """The answers with which it holds; an empty text where it always does."""


class Poster(NamedTuple):
    """All that stands on a poster."""

    title: str
    lines: tuple[Line, ...]
    numbers: tuple[Code, ...]
    footer: str
    date: datetime
    """The day on which the guide was verified."""


def poster(guide: Guide, facts: Facts) -> Poster:
    """Poster of a guide: the sentences of its critical steps, then those who are to be told.

    Raises:
        NoPoster: no step of the guide is critical.

    """
    if not any(step.critical for step in guide.steps):
        raise NoPoster(
            f"Le guide « {guide.id} » n’a pas d’étape critique, donc pas d’affiche. Sans --poster : la fiche entière."
        )
    called = [*guide.contacts, *(item.contact for step in guide.steps for item in step.items if item.contact)]
    numbers = (facts[each] for each in dict.fromkeys(called))
    return Poster(
        title=typeset(quoted_line(guide.title)),
        lines=tuple(islice(dict.fromkeys(_lines(guide)), MOST_LINES)),
        numbers=tuple(
            Code(typeset(fact.name), unbroken(fact.value), qr.payload(fact)) for fact in islice(numbers, MOST_NUMBERS)
        ),
        footer=typeset(f"Version {guide.version}, vérifiée le {guide.verified_on:%d/%m/%Y}. {UNOFFICIAL}"),
        date=datetime.combine(guide.verified_on, time(), UTC),
    )


def _lines(guide: Guide) -> Iterator[Line]:
    """Sentences of the critical steps that ask nothing, then the titles of the lists of those who are to be told."""
    critical = [step for step in guide.steps if step.critical]
    for step in [each for each in critical if not each.when] or critical:  # a poster is for everybody
        sentences = re.split(r"(?<=[.!?…])\s+(?!\?)", on_paper(quoted_line(step.text)))
        yield from (_line(guide, step, each) for each in sentences if not each.endswith("?"))
    for step in guide.steps:
        if any(item.record for item in step.items):
            yield _line(guide, step, quoted_line(step.text))


def _line(guide: Guide, step: Step, text: str) -> Line:
    return Line(typeset(text), typeset(condition(guide, step, _asked)))


def _asked(question: Step) -> str:
    """A question, behind answers to it; without a word where its step stands on the poster."""
    return "" if question.critical else f" à « {question_of(quoted_line(question.text))} »"
