"""The checks as lines to read: words for the answers, no colour and no screen, which would take longer to load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ecps_cli.preflight.checks import Answer, Check


class Line(NamedTuple):
    """A line of text; where it is broken, it goes on under itself, behind its label."""

    text: str
    label: str = ""


ORDER = (Answer.YES, Answer.UNSEEN, Answer.NO)
"""Of the headings: what is to be mended stands last, and stays before the eyes in a low window."""

REASSURANCE = "Aucun code n’est demandé. Rien n’est envoyé à la carte : seuls son état et son ATR sont lus."


AGAIN = "relancez : ecps-guide preflight"
"""How one looks again from the command line."""


def lines_of(checks: Sequence[Check], plain: bool, again: str = AGAIN) -> Iterator[Line]:
    """Yield the checks under their answers, then how many are to be mended; plain, each as one line, in order."""
    if plain:
        yield from map(_one_line, checks)
        yield Line("")
    else:
        yield from _by_answer(checks)
    yield Line(_summary(checks, again))
    yield Line(REASSURANCE)


SHORT = {
    "service": "service des cartes",
    "reader": "lecteur",
    "card": "carte lue",
    "cps": "carte CPS",
    "cryptolib": "Cryptolib CPS",
    "cryptolib-version": "Cryptolib assez récente",
    "browser": "Chrome ou Edge",
}
TOLD = ("reader", "cps", "cryptolib-version", "browser")
"""The checks whose detail says what was seen, in its first sentence."""


def in_brief(checks: Sequence[Check]) -> str:
    """Checks as a record tells them, behind « Vu de ce PC : »: each in two words, with what was seen."""
    told = {answer: ", ".join(_in_two_words(each) for each in checks if each.answer is answer) for answer in Answer}
    lacking = f" Manque : {told[Answer.NO]}." if told[Answer.NO] else ""
    unseen = f" Ne se voit pas d’ici : {told[Answer.UNSEEN]}." if told[Answer.UNSEEN] else ""
    return f"{told[Answer.YES] or 'rien'}.{lacking}{unseen}"


def _in_two_words(check: Check) -> str:
    name = SHORT.get(check.id, check.id)
    seen = check.id in TOLD and check.answer is Answer.YES and check.detail
    return f"{name} ({_first_sentence(check)})" if seen else name


def card_seen(checks: Sequence[Check]) -> str:
    """Family of the CPS card that a reader sees; an empty text when none does."""
    return next((_first_sentence(each) for each in checks if each.id == "cps" and each.answer is Answer.YES), "")


def _first_sentence(check: Check) -> str:
    return check.detail.split(". ")[0].rstrip(".")


def _by_answer(checks: Sequence[Check]) -> Iterator[Line]:
    for answer in ORDER:
        given = [each for each in checks if each.answer is answer]
        if given:
            yield Line(answer.said.upper())
        for each in given:
            yield Line(f"{each.question} {each.detail}".rstrip(), "  • ")
            if each.remedy:
                yield Line(each.remedy, "    ")
        if given:
            yield Line("")


def _one_line(check: Check) -> Line:
    answer = f"{check.answer.said.capitalize()}."
    remedy = f"Remède : {check.remedy}" if check.remedy else ""
    return Line(" ".join(filter(None, (check.question, answer, check.detail, remedy))))


def _summary(checks: Sequence[Check], again: str) -> str:
    wrong = sum(each.answer is Answer.NO for each in checks)
    if not wrong:
        return "Rien de ce qui se voit d’ici ne manque."
    return f"{wrong} point{'s' if wrong > 1 else ''} à régler ; ensuite, {again}"
