"""The findings of the preflight, to read: words for the answers, in both looks. Prints nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import ConsoleRenderable, Group

from ecps_cli.french.typography import typeset
from ecps_cli.preflight.checks import Answer, Finding
from ecps_cli.screen.painting import BLANK, Hanging, Text, indented

STYLES = {Answer.YES: "bold green", Answer.UNSEEN: "bold", Answer.NO: "bold red"}
"""The answers in the order in which they are painted: what is to be mended stands last, and stays before the eyes."""

REASSURANCE = "Aucun code n’est demandé. Rien n’est envoyé à la carte : seuls son état et son ATR sont lus."


def finding_list(findings: Sequence[Finding], plain: bool) -> Group:
    """Return the findings under their answers, then how many are to be mended; plain, each as one line, in order."""
    lines = [_one_line(each) for each in findings] + [BLANK] if plain else list(_by_answer(findings))
    return Group(*lines, Text(typeset(_summary(findings)), "bold"), Text(typeset(REASSURANCE), "italic"))


def _by_answer(findings: Sequence[Finding]) -> Iterator[ConsoleRenderable]:
    for answer, style in STYLES.items():
        given = [each for each in findings if each.answer is answer]
        if given:
            yield Text(typeset(answer.said.upper()), style)
            for each in given:
                seen = Text(typeset(each.question)).append(typeset(f" {each.detail}".rstrip()), "italic")
                yield Hanging(Text("  • "), seen)
                if each.remedy:
                    yield indented(Text(typeset(each.remedy), "bold" if answer is Answer.NO else ""), 4)
            yield BLANK


def _one_line(finding: Finding) -> Text:
    answer = f"{finding.answer.said.capitalize()}."
    remedy = f"Remède : {finding.remedy}" if finding.remedy else ""
    return Text(typeset(" ".join(filter(None, (finding.question, answer, finding.detail, remedy)))))


def _summary(findings: Sequence[Finding]) -> str:
    wrong = sum(each.answer is Answer.NO for each in findings)
    if not wrong:
        return "Rien de ce qui se voit d’ici ne manque."
    return f"{wrong} point{'s' if wrong > 1 else ''} à régler ; ensuite, relancez : ecps-guide preflight"
