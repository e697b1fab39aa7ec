"""A record as JSON: stable keys in English, times with their UTC offset."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

from ecps_cli.exports.record import Record
from ecps_cli.exports.sentences import PRACTICE

FORMAT = 1
"""Goes up when a key changes its meaning or goes away; not when one is added."""


def to_json(record: Record) -> str:
    """Return a record as JSON; that of an exercise says so first."""
    told = {"notice": PRACTICE if record.practice else "", "format": FORMAT, **asdict(record)}
    return json.dumps(told, ensure_ascii=False, indent=2, default=_iso)


def _iso(day: date) -> str:
    return day.isoformat()  # of a datetime too, with its time and offset
