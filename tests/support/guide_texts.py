"""Guides as texts: a good one, its edits, and the table of bad ones with what must be said of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from ecps_cli.core.guide import Guide
from ecps_cli.loading.answers import load_answers
from ecps_cli.loading.loader import load_facts, load_guide

GOOD = """\
format: 1
id: good
version: "2026.1"
title: Un bon guide
verified_on: 2026-09-20
review_by: 2027-03-20
sources: [fiche]
contacts: [help-line]
otherwise:
  - {if: "La e-CPS a expiré", do: "La supprimer"}
steps:
  - id: start
    who: doctor
    device: phone
    do: Ouvrir la page
    deviations:
      - id: blank
        if: La page est blanche
        do: Recommencer
        then: retry
        max: 2
  - id: rpps
    ask: Numéro RPPS
    validate: rpps
    keep: masked
  - id: approved
    choose: Acceptée ?
    options: {accepted: "Oui", refused: "Non", unsure: "Je ne sais pas"}
  - id: scan
    when: {approved: [accepted, unsure]}
    who: doctor
    device: phone
    do: Scanner le code
    deadline: 90 s
    resume_at: start
    show: [rpps]
    links: [page]
  - id: tell
    tick: Prévenir
    items:
      - {id: ans, text: "L'ANS", contact: help-line, link: page, record: [time]}
    end: done
outcomes:
  done: {success: true, text: "C'est fait."}
"""
GOOD_FACTS = """\
fiche: {kind: source, name: Fiche, value: "https://example.org/fiche"}
help-line: {kind: phone, name: Aide, value: "0 806 800 213", source: fiche, verified_on: 2026-09-20}
old-line: {kind: phone, name: Aide, value: "0 809 40 00 82", source: fiche, verified_on: 2026-09-20, \
status: former, replaced_by: help-line}
lost-line: {kind: phone, name: Aide, value: "3608", source: fiche, verified_on: 2026-09-20, status: former}
page: {kind: url, name: Page, value: "https://example.org/page", source: fiche, verified_on: 2026-09-20}
"""
FACTS = load_facts(GOOD_FACTS, "facts.yaml")


def guide_of(text: str) -> Guide:
    return load_guide(text, "g.yaml", FACTS)


def edited(*edits: tuple[str, str], text: str = GOOD) -> str:
    """Return a good text with each first string of a pair replaced, once, by the second."""
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


LOADERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "guide": (GOOD, guide_of),
    "facts": (GOOD_FACTS, lambda text: load_facts(text, "g.yaml")),
    "answers": ("rpps: a\n", lambda text: load_answers(text, "g.yaml", guide_of(GOOD))),
}


class Case(NamedTuple):
    """A bad file and what must be said of it."""

    kind: str
    name: str
    text: str
    said: list[str]


def bad_files() -> Iterator[Case]:
    """Yield the cases of bad_guides.txt."""
    _, *sections = re.split(r"^## ", (Path(__file__).parent / "bad_guides.txt").read_text("utf-8"), flags=re.MULTILINE)
    for section in sections:
        title, _, body = section.partition("\n")
        kind, _, name = title.partition(": ")
        body = re.sub(r"\\u\{([0-9A-F]+)\}", lambda found: chr(int(found[1], 16)), body)
        said = [line for line in body.split("\n") if re.match(r"\d+:\d+: ", line)]
        text = LOADERS[kind][0]
        for old, new in re.findall(r"((?:^-(?: .*)?\n)*)((?:^\+(?: .*)?\n)+)", body, flags=re.MULTILINE):
            before, after = ("\n".join(line[2:] for line in part.split("\n")[:-1]) for part in (old, new))
            text = edited((before, after), text=text) if old else after
        yield Case(kind, name, text, said)


BAD = list(bad_files())


def as_editor(text: str) -> Any:
    """Return a text in YAML as an editor hands it to a schema: numbers and booleans; dates and keys as texts."""
    return as_json(yaml.safe_load(text))


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key).lower() if isinstance(key, bool) else str(key): as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    return value if isinstance(value, bool | int | float | None) else str(value)


def written(text: str) -> Any:
    """Return a text in YAML as the loader reads it: every scalar the text that was written."""
    return yaml.load(text, yaml.BaseLoader)
