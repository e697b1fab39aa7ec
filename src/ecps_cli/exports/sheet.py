"""A guide as a French document for a wall or a desk: all of it, with boxes to tick and codes to scan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import groupby

from ecps_cli import qr
from ecps_cli.core.guide import Deviation, Facts, Guide, Item, Outcome, Step
from ecps_cli.core.text import NO_BREAK, typeset
from ecps_cli.exports.document import (
    Bullets,
    Code,
    Codes,
    Document,
    Group,
    Groups,
    OtherScreen,
    Remark,
    Section,
    Task,
    Tasks,
    Tick,
    Words,
    joined,
    words,
)
from ecps_cli.exports.flow import Arrow, arrows
from ecps_cli.exports.naming import condition, letter_of, named_in, number_of, times
from ecps_cli.french.typography import unbroken
from ecps_cli.french.words import (
    DOCTOR_ALONE,
    RESULT,
    Span,
    duration,
    strip_markup,
    way_out,
    who_and_device,
)

BLANKS = {"time": "heure", "person": "personne", "reference": "référence"}
SEMICOLON = (Span(typeset("x ; ")[1:]),)
SCAN = ", à lire avec l’appareil photo du téléphone, pas avec l’application e-CPS"
UNOFFICIAL = "Document non officiel : ni de l’ANS, ni de l’Ordre, ni de l’Assurance Maladie."


def sheet(guide: Guide, facts: Facts, others: Mapping[str, str]) -> Document:
    """Document that hands out a whole guide; `others` says how the guides to which it sends are named."""
    dates = f"vérifiée le {guide.verified_on:%d/%m/%Y}, à relire avant le {guide.review_by:%d/%m/%Y}"
    sections = [
        _opening(guide, others),
        *_steps(guide, facts),
        _endings(guide, facts),
        _codes(guide, facts),
        *_small(guide, facts),
    ]
    return Document(
        notice="",
        kind="Fiche",
        title=typeset(guide.title),
        lead=(Span(typeset(f"Version {guide.version}, {dates}.")),),
        sections=tuple(section for section in sections if any(map(any, section.blocks))),
        footer=typeset(f"{strip_markup(guide.title)} · version {guide.version} · {UNOFFICIAL}"),
        date=datetime.combine(guide.verified_on, time(), UTC),
        callout=tuple((typeset(facts[each].name), unbroken(facts[each].value)) for each in guide.contacts),
        compact=True,
    )


def _opening(guide: Guide, others: Mapping[str, str]) -> Section:
    lists = (
        ("Cette fiche convient si", guide.fits),
        ("À préparer", guide.needs),
        ("Dans un autre cas", [way_out(each, others) for each in guide.otherwise]),
    )
    groups = tuple(Group(words(f"**{name} :**"), tuple(map(words, texts))) for name, texts in lists if texts)
    return Section("", (Groups(groups),), wide=True)


# ----------------------------------------------------------------------------------------------------------- the steps


def _steps(guide: Guide, facts: Facts) -> Iterator[Section]:
    ways = _ways(guide)
    for heading, steps in groupby(guide.steps, key=lambda step: guide.sections[step.id]):
        tasks = tuple(_task(guide, facts, step, ways) for step in steps)
        yield Section(typeset(strip_markup(heading or "Les étapes")), (Tasks(tasks),))


def _task(guide: Guide, facts: Facts, step: Step, ways: dict[tuple[str, str, str], str]) -> Task:
    return Task(
        number=number_of(guide, step.id),
        who=typeset(who_and_device(step)),
        condition=typeset(condition(guide, step)),
        critical=step.critical,
        action=words(step.text),
        remarks=tuple(_remarks(guide, facts, step)),
        ticks=(
            *(Tick(words(text), ways[step.id, "answer", each]) for each, text in step.options.items()),
            *(_item(facts, item) for item in step.items),
        ),
        deviations=tuple(_deviation(facts, step, each, ways) for each in step.deviations),
        leads_to=_after(step, ways),
    )


def _remarks(guide: Guide, facts: Facts, step: Step) -> Iterator[Remark]:
    if step.why:
        yield Remark("why", words(step.why))
    if step.secret:
        yield Remark("warning", words(DOCTOR_ALONE))
    if step.deadline:
        yield Remark("warning", words(f"Délai : {duration(timedelta(seconds=step.deadline))}."))
    if step.show:
        numbers = " et ".join(str(number_of(guide, each)) for each in step.show)
        which = "les réponses des étapes" if len(step.show) > 1 else "la réponse de l’étape"
        yield Remark("contact", words(f"À taper ou à comparer : {which} {numbers}."))
    if step.expect:
        yield Remark("expect", words(step.expect))
    if step.contacts or step.links:
        yield Remark("contact", _references(facts, step.contacts, step.links))


def _deviation(facts: Facts, step: Step, deviation: Deviation, ways: dict[tuple[str, str, str], str]) -> OtherScreen:
    named = _references(facts, deviation.contacts, deviation.links)
    remedy = joined([*words(deviation.do), Span(" "), *named]) if named else words(deviation.do)
    return OtherScreen(
        words(deviation.if_), remedy, typeset(_onward(step, deviation, ways[step.id, "deviation", deviation.id]))
    )


def _item(facts: Facts, item: Item) -> Tick:
    named = _references(facts, [item.contact] if item.contact else [], [item.link] if item.link else [])
    text = joined([*words(item.text), Span(" — "), *named]) if named else words(item.text)
    return Tick(text, blanks=tuple(BLANKS[each] for each in item.record))


def _references(facts: Facts, contacts: Iterable[str], links: Iterable[str]) -> Words:
    """Numbers in full, and addresses by their name: they stand in full under their codes."""
    named = [
        *((Span(typeset(f"{facts[each].name} : ")), Span(unbroken(facts[each].value), bold=True)) for each in contacts),
        *((Span(typeset(facts[each].name)),) for each in links),
    ]
    return joined(span for number, each in enumerate(named) for span in (*SEMICOLON[: min(number, 1)], *each))


# --------------------------------------------------------------------------------------------------- where one goes on


def _ways(guide: Guide) -> dict[tuple[str, str, str], str]:
    """Targets of the ways out of each step, in words, by the step, the kind of way and its id."""
    by_way = groupby(arrows(guide), key=lambda arrow: (arrow.step, arrow.kind, arrow.via))
    return {way: " ou ".join(_target(guide, arrow) for arrow in ways) for way, ways in by_way}


def _target(guide: Guide, arrow: Arrow) -> str:
    if arrow.to_outcome:
        return f"fin{NO_BREAK}{letter_of(guide, arrow.to_outcome)}"
    return f"étape{NO_BREAK}{number_of(guide, arrow.to_step)}"


def _onward(step: Step, deviation: Deviation, target: str) -> str:
    match deviation.then.way:
        case "continue":
            return target if step.end else "suite"
        case "retry":
            return f"recommencer {times(deviation)}"
        case "guide":
            return f"ensuite {target} s’il n’aboutit pas {times(deviation)}"
        case "back":
            return f"reprendre à l’{target} {times(deviation)}"
        case _:
            return target


def _after(step: Step, ways: dict[tuple[str, str, str], str]) -> str:
    """Target of a step that ends the walk; a choice says so of each answer."""
    if not step.end or step.action == "choose":
        return ""
    left = ways.get((step.id, "unticked", ""))
    return f"{ways[step.id, 'done', '']}{f' ; s’il reste des lignes à cocher, {left}' if left else ''}"


# ------------------------------------------------------------------------------------------------- below the last step


def _endings(guide: Guide, facts: Facts) -> Section:
    groups = tuple(_ending(guide, facts, each, outcome) for each, outcome in guide.outcomes.items())
    return Section("Comment cela finit", (Groups(groups),))


def _ending(guide: Guide, facts: Facts, outcome_id: str, outcome: Outcome) -> Group:
    result = RESULT["success" if outcome.success else "no success"]
    heading = Span(f"{letter_of(guide, outcome_id)} · {result}", bold=True), Span(" — "), *words(outcome.text)
    named = _references(facts, outcome.contacts, outcome.links)
    return Group(joined([*heading, *((Span(" "), *named) if named else ())]), tuple(map(words, outcome.next)))


def _codes(guide: Guide, facts: Facts) -> Section:
    codes = []
    for fact in (facts[each] for each in named_in(guide) if facts[each].kind in ("phone", "url")):
        address = qr.payload(fact)
        price = f" ({fact.price})" if fact.price else ""
        codes.append(Code(typeset(fact.name), unbroken(fact.value) + typeset(price), address))
    return Section("Numéros et adresses", (Codes(tuple(codes)),), scan=typeset(SCAN), wide=True)


def _small(guide: Guide, facts: Facts) -> Iterator[Section]:
    helps: dict[str, list[int]] = {}
    for number, step in enumerate(guide.steps, 1):
        if step.help:
            helps.setdefault(step.help, []).append(number)
    known = tuple(
        Group(words(f"**{', '.join(map(str, numbers))}**{NO_BREAK}{text}"), ()) for text, numbers in helps.items()
    )
    yield Section("À savoir, étape par étape", (Groups(known),), small=True, wide=True)
    sources = tuple(typeset(facts[each].value) for each in guide.sources)
    yield Section("Sources", (Bullets(sources),), small=True, wide=True)
