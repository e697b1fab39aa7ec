"""What changes between two sets of guides, for the person who decides: steps, facts, versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ecps_cli.core.guide import Fact, Facts, Guide, Step
from ecps_cli.core.model import as_data
from ecps_cli.core.text import shorten
from ecps_cli.french.words import plural

QUOTED = 70
"""Characters of a text that are quoted: enough to know it again."""


def changes(old: Mapping[str, Guide], new: Mapping[str, Guide]) -> Iterator[str]:
    """Yield a line for each guide, step and key that is added, goes, or changes."""
    for guide_id in sorted({*old, *new}):
        before, after = old.get(guide_id), new.get(guide_id)
        if before is None and after is not None:
            yield f"+ guide {guide_id}, version {after.version} : {after.title} ({plural(len(after.steps), 'étape')})"
        elif after is None and before is not None:
            yield f"- guide {guide_id} : il n’est plus là"
        elif before is not None and after is not None and before != after:
            yield f"~ guide {guide_id}, version {before.version} → {after.version}"
            yield from _guide_changes(before, after)


def _guide_changes(before: Guide, after: Guide) -> Iterator[str]:
    old, new = ({step.id: step for step in guide.steps} for guide in (before, after))
    for step_id, step in new.items():
        if step_id not in old:
            yield f"    + étape {step_id} : {shorten(step.text, QUOTED)}"
        elif old[step_id] != step:
            yield f"    ~ étape {step_id} : {_step_change(old[step_id], step)}"
    for step_id in old.keys() - new.keys():
        yield f"    - étape {step_id} : {shorten(old[step_id].text, QUOTED)}"
    if [*old] != [*new] and {*old} == {*new}:
        yield "    ~ les étapes sont dans un autre ordre"
    others = [key for key in _changed_keys(before, after) if key not in ("steps", "version")]
    if others:
        yield f"    ~ {', '.join(others)}"


def _step_change(before: Step, after: Step) -> str:
    keys = _changed_keys(before, after)
    if before.text != after.text:
        return f"« {shorten(before.text, QUOTED)} » → « {shorten(after.text, QUOTED)} »"
    return ", ".join(keys)


def _changed_keys(before: Any, after: Any) -> list[str]:
    old, new = (as_data(each) for each in (before, after))
    return [key for key in new if old[key] != new[key]]


def fact_changes(old: Facts, new: Facts) -> Iterator[str]:
    """Yield a line for each fact that is added, goes, or says something else."""
    for fact_id, fact in new.items():
        if fact_id not in old:
            yield f"+ fait {fact_id} : {shorten(fact.value, QUOTED)}"
        elif old[fact_id].value != fact.value:
            yield f"~ fait {fact_id} : {shorten(old[fact_id].value, QUOTED)} → {shorten(fact.value, QUOTED)}"
        elif old[fact_id] != fact:
            yield f"~ fait {fact_id} : {', '.join(_changed_keys(old[fact_id], fact))}"
    for fact_id in old.keys() - new.keys():
        yield f"- fait {fact_id} : il n’est plus là"


def downgrades(old: Mapping[str, Guide], new: Mapping[str, Guide], old_facts: Facts, new_facts: Facts) -> Iterator[str]:
    """Yield a line for each guide verified, or made, before the one in use, and each fact seen before."""
    for each in sorted(old.keys() & new.keys()):
        if _age(new[each]) < _age(old[each]):
            yield f"{each}, {_made(new[each])} (en usage : {_made(old[each])})"
    for each in sorted(old_facts.keys() & new_facts.keys()):
        before, after = old_facts[each], new_facts[each]
        if before.value != after.value and (after.verified_on or date.min) < (before.verified_on or date.min):
            yield f"{each}, {_seen(after)} (en usage : {_seen(before)})"


def _made(guide: Guide) -> str:
    return f"version {guide.version} vérifiée le {guide.verified_on:%d/%m/%Y}"


def _seen(fact: Fact) -> str:
    return f"vu le {fact.verified_on:%d/%m/%Y}" if fact.verified_on else "sans date"


def _age(guide: Guide) -> tuple[date, tuple[int, ...]]:
    numbers = "".join(each if each.isdigit() else " " for each in guide.version)
    return guide.verified_on, tuple(map(int, numbers.split()))
