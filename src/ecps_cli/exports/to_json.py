"""Records and guides as JSON: stable keys in English, times with their UTC offset, a guide in its own format."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from ecps_cli.core.guide import Fact, Facts, Guide
from ecps_cli.core.model import as_data
from ecps_cli.exports.naming import named_in
from ecps_cli.exports.record import Provenance, Record
from ecps_cli.french.words import PRACTICE

FORMAT = 1
"""Goes up when a key changes its meaning or goes away; not when one is added."""


def record_to_json(record: Record, provenance: Provenance) -> str:
    """Record as JSON; that of an exercise says so first."""
    told = {"notice": PRACTICE if record.practice else "", "format": FORMAT, **asdict(record)}
    guide = told.pop("guide")
    told["origin"] = {
        "session": provenance.session_id,
        "tool": provenance.tool,
        "guide": guide.pop("id"),
        **guide,
        "guide_sha256": provenance.guide_sha256,
        "facts_sha256": provenance.facts_sha256,
        "seal": provenance.seal,
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=_iso)


def _iso(day: date) -> str:
    return day.isoformat()  # of a datetime too, with its time and offset


def guide_to_json(guide: Guide, facts: Facts) -> str:
    """Guide as JSON in its own keys, as an author would write them, with the facts that it names."""
    told = {"guide": _as_written(guide), "facts": {each: _bare(facts[each]) for each in _named(guide, facts)}}
    return json.dumps(told, ensure_ascii=False, indent=2)


def facts_as_data(facts: Facts) -> list[dict[str, Any]]:
    """Facts as JSON has them: one entry each, every key of it, with its id first."""
    return [{"id": each, **as_data(fact)} for each, fact in facts.items()]


def _bare(value: Guide | Fact) -> dict[str, Any]:
    return as_data(value, whole=False)


def _as_written(guide: Guide) -> dict[str, Any]:
    """Guide as its file may say it: a duration with its unit, a way on as one word."""
    told = _bare(guide)
    for step in told["steps"]:
        if "deadline" in step:
            minutes, seconds = divmod(step["deadline"], 60)
            step["deadline"] = f"{step['deadline']} s" if seconds else f"{minutes} min"
        for deviation in step.get("deviations", ()):
            deviation["then"] = deviation["then"].get("go", deviation["then"])
    return told


def _named(guide: Guide, facts: Facts) -> Iterable[str]:
    """Ids of the facts that a guide names, and of those by which these are explained."""
    named = dict.fromkeys(named_in(guide))
    todo = [*named]
    while todo:
        fact = facts[todo.pop()]
        more = [each for each in (fact.source, fact.replaced_by) if each and each not in named]
        named.update(dict.fromkeys(more))
        todo += more
    return named
