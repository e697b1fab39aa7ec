"""Names of the parts of a guide on a sheet and in a drawing: number, letter, condition; the facts that it names."""

from __future__ import annotations

from collections.abc import Callable

from ecps_cli.core.guide import Deviation, Guide, Step
from ecps_cli.core.text import NO_BREAK
from ecps_cli.french.words import strip_markup


def number_of(guide: Guide, step_id: str) -> int:
    """Return the number of a step on the sheet."""
    return guide.numbers[step_id]


def letter_of(guide: Guide, outcome_id: str) -> str:
    """Return the letter of an outcome on the sheet: A to Z, then A1."""
    number = [*guide.outcomes].index(outcome_id)
    return chr(ord("A") + number % 26) + (str(number // 26) if number >= 26 else "")


def condition(guide: Guide, step: Step, asked: Callable[[Step], str] | None = None) -> str:
    """Answers with which a step applies, or those with which it does not when these are fewer.

    The question is named by `asked`, else by the number of its step on the sheet.
    """
    said = []
    for question_id, options in step.when.items():
        question = guide.step(question_id)
        if question is None:
            continue
        others = [each for each in question.options if each not in options]
        fewer, word = (others, "sauf si") if 0 < len(others) < len(options) else (options, "si")
        quoted = " ou ".join(f"« {strip_markup(question.options[each])} »" for each in fewer)
        named = asked(question) if asked else f" (étape{NO_BREAK}{number_of(guide, question_id)})"
        said.append(f"{word} {quoted}{named}")
    return " et ".join(said)


def times(deviation: Deviation) -> str:
    """Limit on how often a deviation may be taken, or an empty text."""
    return f"({deviation.max} fois au plus)" if deviation.max else ""


def named_in(guide: Guide) -> tuple[str, ...]:
    """Return the ids of the facts that a guide names, each once: the help line, then step by step."""
    named = [*guide.contacts]
    for step in guide.steps:
        named += [*step.contacts, *step.links]
        named += [each for item in step.items for each in (item.contact, item.link) if each]
        named += [each for deviation in step.deviations for each in (*deviation.contacts, *deviation.links)]
    for outcome in guide.outcomes.values():
        named += [*outcome.contacts, *outcome.links]
    return tuple(dict.fromkeys([*named, *guide.links, *guide.sources]))
