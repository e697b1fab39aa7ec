"""Guides and keys at random: nothing is raised, nothing raw leaves, what a terminal sends by itself changes nothing.

`ECPS_FUZZ_GUIDES` and `ECPS_FUZZ_KEYS` say how many are tried, `ECPS_FUZZ_SEED` which: each is drawn by its number, and
a number that failed is drawn again by the same seed.
"""

from __future__ import annotations

import html
import io
import json
import os
import random
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
import yaml

from ecps_cli.core.events import Event
from ecps_cli.core.guide import Facts, Guide
from ecps_cli.core.link import parse_link
from ecps_cli.exports.formats import GUIDE_FORMATS, SESSION_FORMATS, export_guide, export_session
from ecps_cli.exports.record import Provenance
from ecps_cli.exports.sheet import sheet
from ecps_cli.loading.loader import load_facts, load_guide
from ecps_cli.loading.problems import LoadError
from ecps_cli.screen.document_view import document_view
from ecps_cli.screen.terminal import make_console, paint
from ecps_cli.walk.by_keys import KeyPrompter
from support.any_guide import laced, slipped
from support.commands import call
from support.guide_texts import GOOD, GOOD_FACTS
from support.sample import GUIDE, Clock
from support.shipped import FACTS, LIBRARY
from support.stage import Stage, typed

GUIDES = int(os.environ.get("ECPS_FUZZ_GUIDES") or 400)
PRESSED = int(os.environ.get("ECPS_FUZZ_KEYS") or 2_880)
SEED = int(os.environ.get("ECPS_FUZZ_SEED") or 20261128)
pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(120 + GUIDES // 5 + PRESSED // 20)]

# -------------------------------------------------------------------------------------------------------------- guides

SMALL_FACTS = GOOD_FACTS + GOOD_FACTS.replace("help-line: {", "aide: {").splitlines(keepends=True)[1]
SMALL = (GOOD, yaml.safe_dump(GUIDE, allow_unicode=True, sort_keys=False, width=1000))
SHIPPED = tuple(LIBRARY.find(guide_id).text for guide_id in sorted(LIBRARY.ids()))
ADDRESS = re.compile(r"""(?<!xmlns=")\b(?:https?|ftp|file|data|javascript|vbscript):[^\s<>)"“”«»’|]+""", re.IGNORECASE)
"""What somebody may follow: a link, or an address that a terminal or a browser makes one of."""
TYPED = (
    *("", "", "1", "2", "3", "o", "c", "k", "n", "p", "r", "s", "l", "?", "e", "v"),
    "99700218896",
    "\x1b[31mrouge",
)
PDF, WHOLE, BATCH = 500, 50, 100
"""One guide of so many is also made a PDF; is also walked by keys, its record exported; are checked by one command."""


def drawn(number: int) -> tuple[random.Random, str, str]:
    """Dice of a guide, its text, and that of its facts: small or shipped, with slips or something foreign."""
    chosen = random.Random(f"{SEED}-{number}")
    text = chosen.choice(SMALL if chosen.random() < 0.95 else SHIPPED)
    text = slipped(chosen, text, most=2) if chosen.random() < 0.3 else laced(chosen, text)
    return chosen, text, laced(chosen, SMALL_FACTS) if chosen.random() < 0.2 else SMALL_FACTS


def check_nothing_raw(text: str, leads: bool = True, markup: bool = False) -> None:
    """Hold that a text steers no terminal, and leads only to addresses that were parsed; of `markup`, as read."""
    found = {each for each in text if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert found <= {*"\n\t\u200b\u200c\u200d"}  # the first of the last three is what we put into Mermaid
    for address in ADDRESS.findall(html.unescape(text) if markup else text) if leads else ():
        written = address.lower() if address.isupper() else address  # a section's title is shown in capitals
        assert parse_link(written.rstrip(".,;:!?*]'")), address
    for address in re.findall(r'\b(?:href|src)="([^"#][^"]*)"', text):
        assert parse_link(html.unescape(address)), address


def check_made(fmt: str, made: str | bytes) -> None:
    """Hold the same of what was made in a format."""
    check_nothing_raw(as_read(fmt, made), markup=fmt in ("html", "markdown"))


def as_read(fmt: str, made: str | bytes) -> str:
    """What was made, as whoever reads its format has it: of JSON the texts, of a letter its lines, of a PDF nothing.

    And Markdown with its escapes as those of HTML, which it takes too.
    """
    if isinstance(made, bytes):
        return made.decode("ascii").replace("\r\n", "\n") if fmt == "eml" else ""
    if fmt == "markdown":
        return re.sub(r"\\([!-/:-@\[-`{-~])", lambda found: html.escape(found[1]), made)
    return "\n".join(texts_in(json.loads(made))) if fmt == "json" else made


def texts_in(value: object) -> Iterator[str]:
    """Yield the texts and keys of a value that JSON has."""
    if isinstance(value, dict | list):
        for each in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from texts_in(each)
    else:
        yield str(value)


def check_guide(number: int) -> None:
    """Hold that a guide is refused, or shown in every format and walked, and that nothing raw leaves."""
    chosen, text, facts_text = drawn(number)
    try:
        known = {**FACTS, **load_facts(facts_text, "facts.yaml", FACTS)}
        guide = load_guide(text, "g.yaml", known)
    except LoadError as error:
        check_nothing_raw(str(error), leads=False)  # it says which address it refuses
        return
    for fmt in GUIDE_FORMATS:
        if fmt != "pdf" or number % PDF == 0:
            check_made(fmt, export_guide(fmt, guide, known, dict))
    paint(make_console(screen := io.StringIO()), document_view(sheet(guide, known, {})))
    check_nothing_raw(screen.getvalue())
    stage = Stage(guide, known, Clock())
    lines = [chosen.choice(TYPED) for _ in range(25)]
    if number % WHOLE:
        stage.run(*lines)
    else:
        with typed("\r".join(lines) + "\x15\x04" * 9):
            stage.run_with(KeyPrompter())
        for fmt in SESSION_FORMATS:
            if fmt != "pdf":
                provenance = Provenance("x", "0" * 64, "t", "0" * 64, "0" * 64)
                check_made(fmt, export_session(fmt, stage.walk.session, known, provenance))
    check_nothing_raw(stage.output)
    assert all(map(parse_link, stage.opened))
    check_nothing_raw("\n".join(stage.copied))


@pytest.mark.parametrize("part", range(4))
def test_any_guide_is_refused_or_shown_and_walked(part: int) -> None:
    """Whoever wrote a guide and its facts: refused, or shown in every format and walked; nothing raised or raw."""
    failed = []
    for number in range(part, GUIDES, 4):
        try:
            check_guide(number)
        except Exception as error:
            failed.append(f"{number}: {error!r}")
    assert not failed, "\n".join(failed[:20])


@pytest.mark.parametrize("part", range(4))
def test_any_guide_is_checked(part: int, tmp_path: Path) -> None:
    """Whatever stands in a folder of guides, `check` ends with 0 or 1 and prints nothing raw, in each format."""
    for first in range(part * BATCH, GUIDES, 4 * BATCH):
        folder = tmp_path / str(first)
        folder.mkdir()
        for number in range(first, min(first + BATCH, GUIDES)):
            _, text, facts = drawn(number)
            (folder / f"g{number}.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
        (folder / "facts.yaml").write_bytes(facts.encode("utf-8", "surrogatepass"))
        ran = call("check", "--format", ("text", "json", "github")[first // BATCH % 3], str(folder))
        assert ran.code in (0, 1), (first, ran.said)
        check_nothing_raw(ran.out + ran.err, leads=False)


# ---------------------------------------------------------------------------------------------------------------- keys

KEYS = (
    "\r",
    "\r",
    "1",
    "2",
    "3",
    " ",
    "p",
    "r",
    "s",
    "n",
    "l",
    "?",
    "v",
    "o",
    "c",
    "e",
    "t",
    "x",
    "é",
    "\x1b[A",
    "\x1b[B",
    "\x7f",
)
LATE = (
    *("\x1b[O", "\x1b[I", "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\", "\x1b]10;rgb:ffff/ffff/ffff\x07", "\x1b[?1;2c"),
    *(
        "\x1bP>|XTerm(370) \x1b\\",
        "\x1b[?2026;2$y",
        "\x1b_Gi=31;OK\x1b\\",
        "\x1b[97;5u",
        "\x1b[8;24;80t",
        "\x12",
        "\x0f",
        "\x11",
    ),
)
"""What terminals send by themselves, and the editing keys of readline that mean nothing here."""


def events(guide: Guide, facts: Facts, keys: list[str]) -> list[Event]:
    """Events of a walk in which these keys are pressed, until the input ends."""
    stage = Stage(guide, facts, Clock())
    with (
        typed("".join(keys) + "\x15\x04" * 9),
        mock.patch("ecps_cli.walk.by_keys.KeyPrompter._typed_ahead", return_value=""),
    ):
        stage.run_with(KeyPrompter())
    return [type(event)(**{**vars(event), "at": stage.walk.session.started}) for event in stage.walk.session.events]


@pytest.mark.parametrize("number", range(12))
def test_a_walk_is_the_same_whatever_the_terminal_sends(number: int, guide: Guide, facts: Facts) -> None:
    """Keys at random, with late replies at random between them, make the events that the keys alone make."""
    chosen = random.Random(SEED + number)
    made = 0
    for _ in range(max(PRESSED // 720, 1)):
        keys = [chosen.choice(KEYS) for _ in range(60)]
        mixed = [part for key in keys for part in (*chosen.choices(LATE, k=chosen.choice([0, 0, 1, 2])), key)]
        alone = events(guide, facts, keys)
        assert events(guide, facts, mixed) == alone, (keys, mixed)
        made += len(alone)
    assert made > 4
