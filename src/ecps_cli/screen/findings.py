"""The findings of the preflight, as lines to read: words for the answers, in both looks. Prints nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import ConsoleRenderable, Group

from ecps_cli.french.typography import typeset
from ecps_cli.preflight.checks import Answer, Finding
from ecps_cli.screen.painting import BLANK, Text, indented

STYLES = {Answer.YES: "green", Answer.NO: "bold red", Answer.UNSEEN: "italic"}
REASSURANCE = "Aucun code n’est demandé. La carte n’est pas interrogée : seuls son état et son ATR sont lus."


def finding_list(findings: Sequence[Finding], plain: bool) -> Group:
    """Return the findings, then how many are to be mended; in the plain look, each finding is one line."""
    lines: list[ConsoleRenderable] = []
    for each in findings:
        lines += [_one_line(each)] if plain else _block(each)
    return Group(*lines, BLANK, Text(typeset(_summary(findings)), "bold"), Text(typeset(REASSURANCE), "italic"))


def _block(finding: Finding) -> Iterator[ConsoleRenderable]:
    yield Text(typeset(f"{finding.question} ")).append(typeset(finding.answer.said), STYLES[finding.answer])
    if finding.remedy:
        yield indented(Text(typeset(finding.remedy), "bold" if finding.answer is Answer.NO else ""))
    if finding.detail:
        yield indented(Text(typeset(finding.detail), "dim"))


def _one_line(finding: Finding) -> Text:
    answer = f"{finding.answer.said.capitalize()}."
    remedy = f"Remède : {finding.remedy}" if finding.remedy else ""
    return Text(typeset(" ".join(filter(None, (finding.question, answer, remedy, finding.detail)))))


def _summary(findings: Sequence[Finding]) -> str:
    wrong = sum(each.answer is Answer.NO for each in findings)
    if not wrong:
        return "Rien de ce qui se voit d’ici ne manque."
    return f"{wrong} point{'s' if wrong > 1 else ''} à régler ; ensuite, relancez : ecps-guide preflight"
