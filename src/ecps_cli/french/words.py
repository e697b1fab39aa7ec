"""The French words for values: who and where, states, durations, the small Markdown of guides. Pure text, no screen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import NamedTuple

from ecps_cli.core.events import Deviated, Skipped
from ecps_cli.core.guide import Deviation, Fact, Facts, Guide, Otherwise, Step
from ecps_cli.core.session import Session, before, current
from ecps_cli.core.validators import VALIDATORS

WHO = {"doctor": "Le médecin", "support": "Vous"}
DEVICE = {
    ("doctor", "phone"): "sur son téléphone",
    ("support", "phone"): "sur le téléphone du médecin",
    ("doctor", "computer"): "sur l’ordinateur",
    ("support", "computer"): "sur l’ordinateur",
    ("doctor", "second-device"): "sur le deuxième appareil",
    ("support", "second-device"): "sur le deuxième appareil",
}
DOCTOR_ALONE = "Le médecin seul : ne demandez pas ce code, ne le lisez pas, ne le notez pas."

_INLINE = re.compile(r"\*\*(?P<bold>.+?)\*\*|\[(?P<label>[^\[\]]+)\]\((?P<link>[^)\s]+)\)")


class Span(NamedTuple):
    """A run of text of one weight."""

    text: str
    bold: bool = False


def spans(source: str, with_addresses: bool = True) -> Iterator[Span]:
    """Yield the small Markdown of a guide (bold, links, lists) as runs of text; lines end in a newline.

    A link is its label, with its address behind it unless the addresses are shown apart.
    """
    for number, line in enumerate(source.strip().splitlines()):
        yield Span("\n" if number else "")
        bullet = line.startswith("- ")
        yield Span("• " if bullet else "")
        yield from _inline(line[2:] if bullet else line, with_addresses)


def _inline(line: str, with_addresses: bool) -> Iterator[Span]:
    position = 0
    for found in _INLINE.finditer(line):
        yield Span(line[position : found.start()])
        if found["bold"]:
            yield Span(found["bold"], bold=True)
        else:
            yield Span(f"{found['label']} ({found['link']})" if with_addresses else found["label"])
        position = found.end()
    yield Span(line[position:])


def addresses(source: str) -> list[str]:
    """Return the addresses of the links in the small Markdown of a guide."""
    return [found["link"] for found in _INLINE.finditer(source) if found["link"]]


def quoted(source: str) -> str:
    """Return the small Markdown of a guide with its labels between « », bold as they were."""
    return re.sub(r"(?<!« )\*\*(.+?)\*\*", r"« **\1** »", source)


def strip_markup(source: str) -> str:
    """Return the small Markdown of a guide as one line of bare text."""
    return "".join(span.text for span in spans(source)).replace("\n", " ")


class Named(NamedTuple):
    """What a step names that can be opened, shown as a code or copied; each thing once, in the order of the screen."""

    links: tuple[Fact, ...]
    phones: tuple[Fact, ...]
    values: tuple[tuple[str, str], ...]
    """Answers: the question, and the value as it is to be pasted."""


def named_by(session: Session, step: Step, facts: Facts) -> Named:
    """Return what a step names: in its links, contacts, lines and texts, and the answers shown or just given."""
    items = step.items
    ids = [*step.links, *step.contacts, *(each for item in items for each in (item.link, item.contact) if each)]
    texts = [step.text, step.why, step.expect, step.help, *step.options.values(), *(item.text for item in items)]
    named = [*(facts[each] for each in ids), *(link for text in texts if text for link in links_in(text))]
    last = before(session)
    asks = [session.guide.step(ask_id) for ask_id in step.show] + [last if last and last.action == "ask" else None]
    values = ((strip_markup(ask.text), pasted(shown(ask, session.value(ask.id) or ""))) for ask in asks if ask)
    return Named(
        links=_once(fact for fact in named if fact.kind == "url"),
        phones=_once(fact for fact in named if fact.kind == "phone"),
        values=tuple(dict.fromkeys((question, value) for question, value in values if value)),
    )


def _once(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple({fact.value: fact for fact in reversed([*facts])}.values())[::-1]


def links_in(source: str) -> Iterator[Fact]:
    """Yield the links in the small Markdown of a guide, as facts that stand nowhere else."""
    for found in _INLINE.finditer(source):
        if found["link"]:
            yield Fact(kind="url", name=found["label"], value=found["link"])


def pasted(value: str) -> str:
    """Return a number without its spaces, which forms seldom take; any other text as it is."""
    number = value.replace(" ", "").replace("\u00a0", "")
    return number if number.removeprefix("+").isdecimal() else value


def who_and_where(step: Step) -> str:
    """Return who does a step, and on which device."""
    who = step.who or "support"
    where = DEVICE.get((who, step.device or ""))
    return f"{WHO[who]}, {where}" if where else WHO[who]


def section_of(guide: Guide, step: Step) -> str:
    """Return the heading under which a step stands, or an empty text."""
    section = ""
    for each in guide.steps:
        section = each.section or section
        if each.id == step.id:
            break
    return section


def state_of(session: Session, step: Step) -> str:
    """Return where a step stands: fait, passé, en cours, à faire."""
    if current(session) is step:
        return "en cours"
    event = session.resolved.get(step.id)
    if isinstance(event, Skipped):
        return "passé"
    if isinstance(event, Deviated):
        return "écart"
    return "fait" if event else "à faire"


def leads_to(guide: Guide, deviation: Deviation) -> str:
    """Return where a deviation leads once its remedy is done; after the step that ends a walk, nothing comes."""
    last = next((step.end for step in guide.steps if any(each is deviation for each in step.deviations)), None)
    end = last if deviation.then.way == "continue" else deviation.then.end
    if end:
        return f"Ensuite : le guide s’arrête. {strip_markup(guide.outcomes[end].text)}"
    match deviation.then.way:
        case "continue":
            return "Ensuite : passer à l’étape suivante."
        case "retry":
            return f"Ensuite : recommencer cette étape ({deviation.max} fois au plus)."
        case _:
            target = guide.step(deviation.then.back or "")
            return f"Ensuite : reprendre à l’étape « {strip_markup(target.text) if target else ''} »"


def way_out(way: Otherwise) -> str:
    """Return what somebody does who opened the wrong guide."""
    return f"{way.if_} : {way.do or f'suivre le guide **{way.guide}**.'}"


def condition_of(guide: Guide, step: Step) -> str:
    """Return when a step applies: the answers that lead to it, or an empty text."""
    conditions = []
    for question_id, options in step.when.items():
        question = guide.step(question_id)
        if question:
            conditions.append(" ou ".join(f"« {strip_markup(question.options[option])} »" for option in options))
    return f"si {' et '.join(conditions)}" if conditions else ""


def shown(ask: Step, value: str) -> str:
    """Return an answer in the form to read aloud and type."""
    return VALIDATORS[ask.validator].show(value) if ask.validator else value


def but_passed(passed: int) -> str:
    """Return how many steps were passed over, to stand behind the result of a walk; an empty text when none was."""
    return f", {passed} étape{'s' if passed > 1 else ''} passée{'s' if passed > 1 else ''}" if passed else ""


def ago(span: timedelta) -> str:
    """Return how long ago something was: il y a 5 min, il y a 3 h, il y a 2 jours."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return "à l’instant"
    if minutes < 60:
        return f"il y a {minutes} min"
    if minutes < 24 * 60:
        return f"il y a {minutes // 60} h"
    days = minutes // (24 * 60)
    return f"il y a {days} jour{'s' if days > 1 else ''}"


def duration(span: timedelta) -> str:
    """Return a length of time: 45 s, 12 min 30 s, 1 h 05 min."""
    seconds = int(span.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02} min"
