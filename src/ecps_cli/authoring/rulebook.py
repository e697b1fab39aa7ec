"""The rules as they are explained to the authors of guides: `docs/rules.md`, one section a code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from ecps_cli.loading.shipped import shipped


class Block(NamedTuple):
    """A paragraph, or an example."""

    text: str
    info: str = ""
    """What stands behind the fence of an example: its language, and what it is an example of."""


class Rule(NamedTuple):
    """A section: why the rule is there, an example that breaks it and one that keeps it."""

    code: str
    title: str
    blocks: list[Block]


def find_rulebook() -> Path:
    """Path of the rulebook that is shipped."""
    return shipped("docs/rules.md")


def read_rulebook(text: str) -> dict[str, Rule]:
    """Rules of a rulebook, by code."""
    parts = re.split(r"^## ([EW]\d{3}) — (.+)$", text, flags=re.MULTILINE)[1:]
    return {code: Rule(code, title, blocks_of(body)) for code, title, body in zip(*[iter(parts)] * 3, strict=True)}


def blocks_of(body: str) -> list[Block]:
    """Paragraphs and examples of a section; the lines of a paragraph are joined."""
    blocks = []
    for number, part in enumerate(re.split(r"^```", body, flags=re.MULTILINE)):
        if number % 2:
            info, _, text = part.partition("\n")
            blocks.append(Block(text.rstrip("\n"), info))
        else:
            paragraphs = (" ".join(each.split()) for each in part.split("\n\n"))
            blocks += [Block(each) for each in paragraphs if each]
    return blocks
