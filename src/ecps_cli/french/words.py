"""The French words for values: who and where, states, durations, the small Markdown of guides. Pure text, no screen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from ecps_cli.core.events import Confirmed, Deviated, Skipped
from ecps_cli.core.guide import Deviation, Device, Fact, Facts, Guide, Otherwise, Step, Who
from ecps_cli.core.link import parse_link
from ecps_cli.core.session import Result, Session, before, current, known
from ecps_cli.core.validators import VALIDATORS


class Person(NamedTuple):
    """The words for one of the two who do the steps."""

    addressed: str
    """Before what that person does, as support reads it on the screen."""
    label: str
    """On paper, which anybody may read."""


WHO: dict[Who, Person] = {
    "doctor": Person("Le médecin", "Médecin"),
    "support": Person("Vous", "Support"),
}


class Place(NamedTuple):
    """The words for a device on which a step is done: they are all the doctor's."""

    label: str
    at_hand: str
    """Among what the doctor has before him."""
    where: str


DEVICES: dict[Device, Place] = {
    "phone": Place("téléphone", "son téléphone", "sur son téléphone"),
    "computer": Place("ordinateur", "l’ordinateur", "sur l’ordinateur"),
    "second-device": Place("deuxième appareil", "un deuxième appareil", "sur le deuxième appareil"),
}
USED_BY_SUPPORT: dict[Device, Place] = {
    **DEVICES,
    "phone": Place("téléphone du médecin", "le téléphone du médecin", "sur le téléphone du médecin"),
}
"""The same where support does the step: support has a telephone too."""

State = Literal["fait", "écart", "passé", "partiel", "en cours", "à faire"]
"""State of a step or of a line; the words themselves, which every record and screen shares."""
DONE: State = "fait"
DEVIATED: State = "écart"
PASSED: State = "passé"
PARTLY: State = "partiel"
"""Of a list that was left with lines undone."""
CURRENT: State = "en cours"
TO_DO: State = "à faire"

RESULT: dict[Result, str] = {
    "success": "réussi",
    "no success": "pas abouti",
    "abandoned": "abandonné",
    "unfinished": "inachevé",
}
"""Words for the end of a walk, or for one that goes on."""

PRACTICE = "EXERCICE : rien de ceci n’est réel."
"""The first words of every screen and record of an exercise."""

DOCTOR_ALONE = "Le médecin seul : un code ne se demande pas, ne se lit pas, ne se note pas."

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
        elif link := parse_link(found["link"]):
            yield Span(f"{found['label']} ({link.address})" if with_addresses else found["label"])
        else:  # it leads nowhere: it stays the text that was written
            yield Span(found[0])
        position = found.end()
    yield Span(line[position:])


def addresses(source: str) -> list[str]:
    """Return the addresses of the links in the small Markdown of a guide."""
    return [link.value for link in links_in(source)]


def quoted(source: str) -> str:
    """Return the small Markdown of a guide with its labels between « », bold as they were."""
    return re.sub(r"(?<!« )\*\*(.+?)\*\*", r"« **\1** »", source) if "**" in source else source


def former_labels(step: Step, facts: Facts) -> list[str]:
    """Sentences that give the former wording of the labels a step names, where the facts have one."""
    labels = {
        found["bold"] for text in (step.text, step.expect or "") for found in _INLINE.finditer(text) if found["bold"]
    }
    return [
        f"Ancien libellé de « {facts[fact.replaced_by].value} » : « {fact.value} »."
        for fact in facts.values()
        if fact.kind == "label" and fact.replaced_by in facts and facts[fact.replaced_by].value in labels
    ]


@lru_cache(1024)
def strip_markup(source: str) -> str:
    """Return the small Markdown of a guide as one line of bare text."""
    return "".join(span.text for span in spans(source)).replace("\n", " ")


def step_named(step: Step) -> str:
    """Text of a step between « », as a sentence names it."""
    return f"« {strip_markup(step.text).rstrip('.')} »"


def quoted_line(source: str) -> str:
    """Return the small Markdown of a guide as one line of bare text, in which labels stand between « »."""
    return strip_markup(quoted(source))


def question_of(text: str) -> str:
    """Question alone of a text that says more before it; a title is left as it is, without its full stop."""
    if not text.endswith("?"):
        return text.rstrip(".")
    *_, question = re.split(r"(?<=[.!?]) (?!\?$)", text)
    return question


def named_in_list(step: Step) -> str:
    """Text of a step in a list of steps: of a question, without what is said before it, which is done by nobody yet."""
    text = quoted_line(step.text)
    return question_of(text) if text.endswith("?") else text


class Named(NamedTuple):
    """Things of a step that can be opened, shown as a code or copied; each once, in the order of the screen."""

    links: tuple[Fact, ...]
    phones: tuple[Fact, ...]
    values: tuple[tuple[str, str], ...]
    """Answers: the question, and the value as it is to be pasted."""


def named_by(session: Session, step: Step, facts: Facts) -> Named:
    """Links, numbers and values of a step: of its contacts, lines and texts, and the answers that are typed elsewhere.

    Of those, the ones that it shows; and the one just given, where a step of the guide shows it.
    """
    items = step.items
    ids = [*step.links, *step.contacts, *(each for item in items for each in (item.link, item.contact) if each)]
    texts = [step.text, step.why, step.expect, step.help, *step.options.values(), *(item.text for item in items)]
    named = [*(facts[each] for each in ids), *(link for text in texts if text for link in links_in(text))]
    last = before(session)
    is_typed = last is not None and any(last.id in each.show for each in session.guide.steps)
    asks = [session.guide.step(ask_id) for ask_id in step.show] + [last if is_typed else None]
    values = ((quoted_line(ask.text), pasted(shown(ask, session.value(ask.id) or ""))) for ask in asks if ask)
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
        if found["link"] and (link := parse_link(found["link"])):
            yield Fact(kind="url", name=found["label"].strip(), value=link.address)


def pasted(value: str) -> str:
    """Return a number without its spaces, which forms seldom take; any other text as it is."""
    number = value.replace(" ", "").replace("\u00a0", "")
    return number if number.removeprefix("+").isdecimal() else value


def who_and_where(step: Step) -> str:
    """Person who does a step and the device it is done on, as support reads it: Le médecin, sur son téléphone."""
    who = WHO[step.who or "support"].addressed
    where = where_of(step)
    return f"{who}, {where}" if where else who


def where_of(step: Step) -> str:
    """Device on which a step is done, with its preposition; an empty text without one."""
    place = _place(step)
    return place.where if place else ""


def who_and_device(step: Step) -> str:
    """Person who does a step and the device it is done on, as a label: Médecin · téléphone."""
    who = WHO[step.who or "support"].label
    place = _place(step)
    return f"{who} · {place.label}" if place else who


def _place(step: Step) -> Place | None:
    places = DEVICES if step.who == "doctor" else USED_BY_SUPPORT
    return places[step.device] if step.device else None


def state_of(session: Session, step: Step) -> State:
    """State in which a step stands in a walk."""
    if current(session) is step:
        return CURRENT
    event = session.resolved.get(step.id)
    if isinstance(event, Skipped):
        return PASSED
    if isinstance(event, Deviated):
        return DEVIATED
    if isinstance(event, Confirmed) and any((step.id, item.id) not in session.ticks for item in step.items):
        return PARTLY
    return DONE if event else TO_DO


def result_text(result: Result, passed: int) -> str:
    """Words for a result, with how many steps it does not rest on: réussi, 1 étape passée."""
    rests_on_all = not passed or result == "unfinished"
    return RESULT[result] if rests_on_all else f"{RESULT[result]}, {plural(passed, 'étape passée')}"


def plural(number: int, words: str) -> str:
    """Words behind their number, agreeing with it: 1 étape passée, 2 étapes passées, 2 journaux."""
    return f"{number} {' '.join(map(_in_plural, words.split(' '))) if number > 1 else words}"


def _in_plural(word: str) -> str:
    if word.endswith(("s", "x", "z")):
        return word
    return f"{word[:-2]}aux" if word.endswith("al") else f"{word}s"


def leads_to(guide: Guide, deviation: Deviation) -> str:
    """Sentence for the way on from a deviation once its remedy is done; after the step that ends a walk, none comes."""
    last = next((step.end for step in guide.steps if any(each is deviation for each in step.deviations)), None)
    end = last if deviation.then.way == "continue" else deviation.then.end
    if end and deviation.then.way != "guide":
        return f"Ensuite : le guide s’arrête. {quoted_line(guide.outcomes[end].text)}"
    match deviation.then.way:
        case "continue":
            return "Ensuite : passer à l’étape suivante."
        case "guide":
            where = guide.step(deviation.then.back or "")
            step = f"l’étape {step_named(where)}" if where else "cette étape"
            return f"Ensuite : suivre cet autre guide, puis revenir à {step}."
        case "retry":
            return f"Ensuite : recommencer cette étape ({deviation.max} fois au plus)."
        case _:
            target = guide.step(deviation.then.back or "")
            return f"Ensuite : reprendre à l’étape{f' {step_named(target)}' if target else ''}."


def place_of(session: Session, step_id: str) -> str:
    """Words for a step of a walk, seen from another guide: « Créer sa e-CPS », étape 9."""
    steps = [step.id for step in known(session)]
    number = f", étape {steps.index(step_id) + 1}" if step_id in steps else ""
    return f"« {session.guide.title} »{number}"


def way_out(way: Otherwise, guides: Mapping[str, str]) -> str:
    """The case of somebody who opened the wrong guide, and what to do then; `guides` says how others are named.

    Two sentences: an author writes what to do as one, and the case may have a colon of its own.
    """
    named = guides.get(way.guide or "", f"« {way.guide} »")
    return f"{sentenced(way.if_)} {way.do or f'Suivre le guide {named}.'}"


def sentenced(text: str) -> str:
    """Text that ends as a sentence does, for another to follow."""
    return text if text.rstrip("» \u00a0").endswith((".", "!", "?", "…")) else f"{text}."


def shown(ask: Step, value: str) -> str:
    """Return an answer in the form to read aloud and type; nothing of one that is not there."""
    return VALIDATORS[ask.validator].show(value) if ask.validator and value else value


def ago(span: timedelta) -> str:
    """Words for a time in the past: il y a 5 min, il y a 3 h, il y a 2 jours; of one to come, that it is."""
    minutes = int(span.total_seconds()) // 60
    if minutes < -1:
        return "à une date à venir (horloge fausse ?)"
    if minutes < 1:
        return "à l’instant"
    if minutes < 60:
        return f"il y a {minutes} min"
    if minutes < 24 * 60:
        return f"il y a {minutes // 60} h"
    days = minutes // (24 * 60)
    return f"il y a {plural(days, 'jour')}"


def day_and_time(at: datetime | None) -> str:
    """Day and time on the clock of this PC: 24/11/2026 à 18:30; of one that was altered, that there is none."""
    return f"{at.astimezone():%d/%m/%Y à %H:%M}" if at else "sans date"


def since(at: datetime | None) -> str:
    """Words behind what goes on, for when it began, on the clock of this PC; nothing where that is not known."""
    return f" depuis {at.astimezone():%H:%M, le %d/%m}" if at else ""


def duration(span: timedelta) -> str:
    """Length of time as people say it: 45 s, 2 min, 1 min 30 s, 1 h 05 min, 25 h, 365 jours."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    if minutes < 60:
        return " ".join(
            filter(None, [f"{minutes} min" if minutes else "", f"{seconds} s" if seconds or not minutes else ""])
        )
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return " ".join(filter(None, [f"{hours // 24} jours", f"{hours % 24} h" if hours % 24 else ""]))
    return f"{hours} h {minutes:02} min" if minutes else f"{hours} h"
