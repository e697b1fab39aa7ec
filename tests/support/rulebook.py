"""The rulebook as its tests use it: its text, its rules, and the guide in which its examples are tried."""

from __future__ import annotations

from datetime import date

from ecps_cli.authoring.rulebook import blocks_of, find_rulebook, read_rulebook

TEXT = find_rulebook().read_text("utf-8")
RULES = read_rulebook(TEXT)
BASE, BASE_FACTS = (block.text for block in blocks_of(TEXT.partition("## E101")[0]) if block.info.startswith("yaml"))
DAY = date(2026, 11, 24)
