"""Guides and keys at random: nothing is raised, nothing raw leaves, what a terminal sends by itself changes nothing.

`ECPS_FUZZ` multiplies how much is tried.
"""

from __future__ import annotations

import io
import os
import random
import re
import unicodedata
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecps_cli.core.events import Event
from ecps_cli.core.guide import Facts, Guide
from ecps_cli.core.link import parse_link
from ecps_cli.exports.formats import GUIDE_FORMATS, export_guide
from ecps_cli.exports.sheet import sheet
from ecps_cli.loading.library import open_library
from ecps_cli.loading.loader import load_guide
from ecps_cli.loading.problems import LoadError
from ecps_cli.screen.document_view import document_view
from ecps_cli.screen.terminal import make_console, paint
from ecps_cli.walk.by_keys import KeyPrompter
from support.any_guide import mutations
from support.guide_texts import FACTS
from support.sample import Clock
from support.stage import Stage, typed

TIMES = int(os.environ.get("ECPS_FUZZ") or 1)
pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(60 + 60 * TIMES)]

TEXTS = ("\\e[31m", "\\u202E", "\\x9b", "[a](https://x@y)", "[a](javascript:alert)", "<b>", "]]>", "`x`", "{{x}}", "**")
"""What is put into a guide's texts, as YAML escapes it."""


@st.composite
def laced(draw: st.DrawFn) -> str:
    """Draw a shipped guide with something put into one or two of its quoted texts, or a good one with slips."""
    library = open_library(None, {})
    if draw(st.booleans()):
        return draw(mutations())
    text = library.find(draw(st.sampled_from(sorted(library.ids())))).text
    for _ in range(draw(st.integers(1, 2))):
        quotes = [found.end() for found in re.finditer(r': "(?=[^"\n]{3})', text)]
        at = draw(st.sampled_from(quotes)) + draw(st.integers(0, 3))
        text = text[:at] + draw(st.sampled_from(TEXTS)) + text[at:]
    return text


def check_nothing_raw(text: str) -> None:
    """Hold that a text steers no terminal, and leads nowhere but to addresses that were parsed."""
    found = {each for each in text if unicodedata.category(each) in ("Cc", "Cf", "Cs")} - {*"\n\t\u200c\u200d"}
    assert found == set()
    for address in re.findall(r'href="([^"#][^"]*)"|\]\(<?([^)>\s]+)', text):
        assert parse_link("".join(address).replace("&amp;", "&")), address


@settings(deadline=None, max_examples=60 * TIMES)
@given(text=laced(), seed=st.integers(0, 2**32))
def test_any_guide_is_refused_or_shown_and_walked(text: str, seed: int) -> None:
    """A guide that loads is shown in every format and walked by lines at random, and holds nothing raw anywhere."""
    known = {**open_library(None, {}).facts(), **FACTS}
    try:
        guide = load_guide(text, "g.yaml", known)
    except LoadError as error:
        check_nothing_raw(re.sub(r"\]\([^)]*\)?", "", str(error)))
        return
    for fmt in GUIDE_FORMATS:
        made = export_guide(fmt, guide, known) if fmt != "pdf" else ""
        check_nothing_raw(str(made) if fmt in ("html", "markdown") else re.sub(r"\]\(", "", str(made)))
    paint(make_console(screen := io.StringIO()), document_view(sheet(guide, known)))
    check_nothing_raw(screen.getvalue())
    keys = random.Random(seed)
    stage = Stage(guide, known, Clock())
    stage.run(
        *(keys.choice(["", "1", "2", "o", "n", "p", "r", "s", "l", "?", "e", "v", "99700218896"]) for _ in range(40))
    )
    check_nothing_raw(stage.output)


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
    chosen = random.Random(20261128 + number)
    made = 0
    for _ in range(4 * TIMES):
        keys = [chosen.choice(KEYS) for _ in range(60)]
        mixed = [part for key in keys for part in (*chosen.choices(LATE, k=chosen.choice([0, 0, 1, 2])), key)]
        alone = events(guide, facts, keys)
        assert events(guide, facts, mixed) == alone, (keys, mixed)
        made += len(alone)
    assert made > 4
