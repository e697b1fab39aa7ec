"""What may not hold: dates that are past, facts seen too long ago or never filled in, sources and helpers not named.

Today comes in as an argument: this module knows no clock. The rules are advice: none stops a walk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from ecps_cli.core.guide import Facts
from ecps_cli.core.text import shorten
from ecps_cli.loading.problems import Finding, Unknown, Violations
from ecps_cli.loading.raw_guide import RawFacts, RawGuide
from ecps_cli.loading.rules import apply_rules

LASTS = {"phone": 1, "url": 1, "label": 2}
"""Kind of fact → for how many years it is taken to hold. A number and an address are checked by a call or a click, and
lead astray when they are wrong; a label needs the device in hand, and is seen to be wrong. In the 28 months between the
two sheets that the shipped guides come from, two numbers, two addresses and two labels changed. Definitions and sources
are texts of their day: they do not age."""


class Setting(NamedTuple):
    """Day and library that a guide is held against."""

    today: date
    guides: Collection[str]
    """The ids that it may name."""


def stale_facts(facts: Facts, today: date) -> frozenset[str]:
    """Ids of the facts that are to be seen again."""
    return frozenset(
        fact_id
        for fact_id, fact in facts.items()
        if fact.status == "current" and _is_old(fact.kind, fact.verified_on, today)
    )


def _is_old(kind: str, seen: date | None, today: date) -> bool:
    """Whether a fact of this kind was seen to hold too long ago."""
    years = LASTS.get(kind)
    return bool(years and seen and (today.year - seen.year, today.month, today.day) > (years, seen.month, seen.day))


def _date(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) and len(text) == len("2026-09-20") else None
    except ValueError:
        return None


def _french(day: date) -> str:
    return f"{day:%d/%m/%Y}"


# --------------------------------------------------------------------------------------------------------------- guides


MOST_YEARS = 2
"""How long after it was verified a guide may wait for its review: as long as the facts that last longest."""


def review_is_not_due(guide: RawGuide, setting: Setting) -> Violations:
    """A guide whose review is due, or so far away that nobody would see the guide grow old."""
    checked, due = (_date(guide.data.get(key)) for key in ("verified_on", "review_by"))
    if due and due < setting.today:
        remedy = "Comparez-le à ses sources, puis changez « verified_on » et « review_by »."
        yield ("review_by",), f"ce guide est à relire depuis le {_french(due)}. {remedy}"
    elif due and checked and (due.year - checked.year, due.month, due.day) > (MOST_YEARS, checked.month, checked.day):
        said = f"le {_french(due)} est plus de {MOST_YEARS} ans après « verified_on » : rien ne dirait que le guide"
        yield ("review_by",), f"{said} a vieilli. Écrivez une date plus proche."


def checked_already(guide: RawGuide, setting: Setting) -> Violations:
    """A guide that says it was verified on a day to come."""
    checked = _date(guide.data.get("verified_on"))
    if checked and checked > setting.today:
        yield ("verified_on",), _TO_COME.format(day=_french(checked))


_TO_COME = "le {day} n’est pas encore passé. Écrivez le jour où la vérification a été faite."


def sources_of_facts_are_cited(guide: RawGuide, _: Setting) -> Violations:
    """Facts whose source is not among the sources of the guide, so that its sheet would not name it."""
    named = {cited.word for cited in guide.citations if cited.kind == "source"}
    told: set[str] = set()
    for path, word, kind, fact in guide.citations:
        if kind != "source" and fact and fact.source and not {fact.source} & (named | told):
            told.add(fact.source)
            yield path, f"la source de « {word} », « {fact.source} », n’est pas citée. Ajoutez-la à « sources »."


def somebody_can_be_called(guide: RawGuide, _: Setting) -> Violations:
    """A guide without a help line."""
    if not guide.data.get("contacts"):
        said = "personne n’est à appeler quand rien ne correspond. Ajoutez par exemple « contacts: [ans-help] »."
        yield (), said


def other_guides_exist(guide: RawGuide, setting: Setting) -> Violations:
    """Ways out into a guide that is not there."""
    for pattern, remedy in (
        ("otherwise.*.guide", "Écrivez « do: » et ce qu’il faut faire."),
        ("steps.*.deviations.*.then.guide", "Laissez « {end: une-issue} »."),
        ("outcomes.*.guide", "Dites dans « next » ce qui reste à faire."),
    ):
        for path, word in guide.texts_at(pattern):
            if word not in setting.guides:
                yield path, Unknown("le guide", word, setting.guides, remedy)


# ---------------------------------------------------------------------------------------------------------------- facts


def facts_were_seen_lately(facts: RawFacts, setting: Setting) -> Violations:
    """Facts that were seen to hold too long ago."""
    for path, text in facts.texts_at("*.verified_on"):
        fact, seen = facts.fact(path[0]), _date(text)
        if seen and fact.get("status") != "former" and _is_old(str(fact.get("kind")), seen, setting.today):
            remedy = "Vérifiez qu’il vaut encore, puis changez la date."
            yield path, f"ce fait n’a pas été vu depuis le {_french(seen)}. {remedy}"


def check_cited_facts(guide: RawGuide, today: date) -> Iterator[Finding]:
    """First citation of each fact not seen lately, or never filled in: for a guide checked without its facts."""
    facts = guide.facts or {}
    old = set(stale_facts(facts, today))
    unfilled = {fact_id: left for fact_id, fact in facts.items() if (left := _left_of(fact.name, fact.value))}
    for path, word, _, fact in guide.citations:
        if left := unfilled.pop(word, ""):
            said = f"le fait « {word} » est encore celui du modèle : « {left} ». Remplacez-le dans les faits."
            yield Finding(path, said, "W707")
        if word in old and fact and fact.verified_on:
            old.remove(word)
            said = f"le fait « {word} » n’a pas été vu depuis le {_french(fact.verified_on)}."
            yield Finding(path, f"{said} Vérifiez qu’il vaut encore, puis changez sa date.", "W703")


_PLACEHOLDER = re.compile(r"\s*à remplacer(?!\w).*|.*\([^()]*(?<!\w)à remplacer\).*", re.IGNORECASE | re.DOTALL)
"""What `new` writes where a text of one's own belongs: « À remplacer : … », « Support (numéro à remplacer) »."""


def _left_of(*texts: object) -> str:
    """First of these texts that is a placeholder, shortened; an empty one when none is."""
    return next((shorten(each) for each in texts if isinstance(each, str) and _PLACEHOLDER.fullmatch(each)), "")


def placeholders_are_replaced(facts: RawFacts, _: Setting) -> Violations:
    """Texts that the template of a new guide left for somebody to replace."""
    for path, text in facts.texts:
        if left := _left_of(text):
            yield path, f"« {left} » est encore le texte du modèle. Remplacez-le, et ce qui va avec."


def facts_were_seen_already(facts: RawFacts, setting: Setting) -> Violations:
    """Facts that were seen on a day to come."""
    for path, text in facts.texts_at("*.verified_on"):
        seen = _date(text)
        if seen and seen > setting.today:
            yield path, _TO_COME.format(day=_french(seen))


# ----------------------------------------------------------------------------------------------------------- the tables

FRESH_GUIDE_RULES: Mapping[str, Callable[[RawGuide, Setting], Violations]] = {
    "W701": review_is_not_due,
    "W702": checked_already,
    "W704": sources_of_facts_are_cited,
    "W705": somebody_can_be_called,
    "W706": other_guides_exist,
}

FRESH_FACT_RULES: Mapping[str, Callable[[RawFacts, Setting], Violations]] = {
    "W702": facts_were_seen_already,
    "W703": facts_were_seen_lately,
    "W707": placeholders_are_replaced,
}


def check_guide_freshness(guide: RawGuide, setting: Setting) -> list[Finding]:
    """Findings of what is out of date, or not named, in a guide as it was written."""
    return apply_rules(FRESH_GUIDE_RULES, guide, setting)


def check_fact_freshness(facts: RawFacts, setting: Setting) -> list[Finding]:
    """Findings of what is out of date in the facts as they were written."""
    return apply_rules(FRESH_FACT_RULES, facts, setting)
