"""A guide as a Mermaid flowchart: its steps, answers, deviations and outcomes; every text is a quoted label."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecps_cli.core.guide import Action, Guide, Step
from ecps_cli.exports.flow import Arrow, arrows
from ecps_cli.exports.naming import condition, times
from ecps_cli.french.words import quoted_line, who_and_device

_MARKUP = re.compile(r"[^\w .,!?’…«»()/'\u00a0·—:-]|_|:(?! )|^\d(?=\d*[.)])|^-")
"""Markup to Mermaid, which drops the semicolon of an entity after `style` and a colon."""
_ALSO_DECODED = re.compile(r"(?<=\$)(?=\$)|(?<=:)(?=fa-)|(?<=\\)(?=n)")
"""Places where entities, once read, would begin a formula, an icon or a new line: a space of no width goes there."""
_SHAPES: dict[Action, tuple[str, str]] = {
    "do": ("[", "]"),
    "ask": ("[/", "/]"),
    "choose": ("{{", "}}"),
    "tick": ("[[", "]]"),
}
_STYLES = (
    "classDef critical fill:#fdecec,stroke:#8a1c1c,stroke-width:3px,color:#1a1a1a",
    "classDef success fill:#e7f4e8,stroke:#2c6b2f,color:#1a1a1a",
    "classDef failure fill:#fbf0dc,stroke:#8a5a00,color:#1a1a1a",
)


def to_mermaid(guide: Guide) -> str:
    """Return the flow of a guide as Mermaid."""
    return "\n".join(_lines(guide))


def _lines(guide: Guide) -> Iterator[str]:
    yield "flowchart TD"
    steps = {step.id: f"s{number}" for number, step in enumerate(guide.steps, 1)}
    outcomes = {outcome_id: f"e{number}" for number, outcome_id in enumerate(guide.outcomes, 1)}
    for number, step in enumerate(guide.steps, 1):
        opening, closing = _SHAPES[step.action]
        yield f'  s{number}{opening}"{_step(number, step)}"{closing}{":::critical" if step.critical else ""}'
    for outcome_id, outcome in guide.outcomes.items():
        style = "success" if outcome.success else "failure"
        yield f'  {outcomes[outcome_id]}(["{label(quoted_line(outcome.text))}"]):::{style}'
    for arrow in arrows(guide):
        target = steps[arrow.to_step] if arrow.to_step else outcomes[arrow.to_outcome]
        yield f"  {steps[arrow.step]} {_arrow(guide, arrow)} {target}"
    yield from (f"  {style}" for style in _STYLES)


def label(text: str) -> str:
    """Return a text as it stands between the quotes of a label, where nothing in it is markup."""
    bare = _ALSO_DECODED.sub("\u200b", " ".join(text.split()))
    return _MARKUP.sub(lambda mark: f"#{ord(mark[0])};", bare)


def _step(number: int, step: Step) -> str:
    return f"{number} · {label(who_and_device(step))}<br/>{label(quoted_line(step.text))}"


def _arrow(guide: Guide, arrow: Arrow) -> str:
    step, target = guide.step(arrow.step), guide.step(arrow.to_step)
    text = _reason(step, arrow) if step else ""
    if arrow.taken != "always" and target:
        when = condition(guide, target) if arrow.taken == "if" else "sinon"
        text = " — ".join(filter(None, [text, when]))
    dotted = arrow.kind in ("deviation", "unticked")
    if not text:
        return "-.->" if dotted else "-->"
    return f'-. "{label(text)}" .->' if dotted else f'-- "{label(text)}" -->'


def _reason(step: Step, arrow: Arrow) -> str:
    """Reason to go this way, or an empty text when the step is simply done."""
    deviation = step.deviation(arrow.via)
    match arrow.kind:
        case "answer":
            return quoted_line(step.options[arrow.via])
        case "unticked":
            return "s’il reste des lignes à cocher"
        case "deviation" if deviation:
            return " ".join(filter(None, [quoted_line(deviation.if_), times(deviation)]))
        case _:
            return ""
