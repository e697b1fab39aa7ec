"""Starting point of a new guide: its text, commented for whoever has never written one, and its facts."""

from __future__ import annotations

import json
from calendar import monthrange
from datetime import date

from ecps_cli.loading.shipped import shipped

SCHEMA_FILE = "guide.schema.json"
"""Beside a new guide: what its first line tells an editor to complete from."""


def guide_text(guide_id: str, source: str, contact: str, today: date) -> str:
    """Text of a guide of that id, for the loader to judge: dated today, to be read again in six months.

    `source` and `contact` are the facts that it names as its source and as whom to call; `contact` may be empty.
    """
    review = six_months_after(today)
    return _filled("guide.yaml", ID=json.dumps(guide_id), SOURCE=source, CONTACT=contact, TODAY=today, REVIEW=review)


def facts_text(today: date) -> str:
    """Text of the facts of a new guide, to be replaced: a source and a number to call."""
    return _filled("facts.yaml", SOURCE=SOURCE, CONTACT=CONTACT, TODAY=today)


SOURCE, CONTACT = "ma-source", "mon-support"
"""The ids of these facts."""


def _filled(template: str, **values: object) -> str:
    """Text of a template, with each `<NAME>` in it replaced."""
    text = shipped(f"authoring/templates/{template}").read_text("utf-8")
    for name, value in {"SCHEMA": SCHEMA_FILE, **values}.items():
        text = text.replace(f"<{name}>", str(value))
    return text


def six_months_after(day: date) -> date:
    """Same day six months later, or the last one of that month when it is shorter."""
    years, month = divmod(day.month + 5, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
