"""Texts that anybody might have in a file: whatever can be drawn, and whatever takes the longest."""

from __future__ import annotations

import re
import string

from hypothesis import strategies as st

from ecps_cli.core import guide
from ecps_cli.core.model import keys_of
from support.guide_texts import GOOD

YAMLISH = st.lists(
    st.sampled_from(["\n", "  ", "- ", ": ", *"abc:,[]{}?!&*|>'\"%@`#\t\\-é \r\ufeff\x00\u202e\ud800"])
).map("".join)
SHAPES = (guide.Guide, guide.Step, guide.Deviation, guide.Then, guide.Item, guide.Outcome, guide.Otherwise, guide.Fact)
KEYS = sorted({"go", *(key for shape in SHAPES for key in keys_of(shape))})
WORDS = st.sampled_from([*KEYS, "", "x", "start", "rpps", "done", "2", "retry", "true", "2026-01-01", "page", "fiche"])
TREES = st.recursive(
    WORDS, lambda under: st.lists(under, max_size=4) | st.dictionaries(WORDS, under, max_size=6), max_leaves=40
)
LINES = GOOD.split("\n")


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """Draw the good guide with lines dropped, moved or doubled, characters swapped, keys exchanged."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 6))):
        at, to = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        match draw(st.sampled_from(["drop", "double", "swap", "indent", "character", "key"])):
            case "drop" if len(lines) > 1:
                del lines[at]
            case "double":
                lines.insert(to, lines[at])
            case "swap":
                lines[at], lines[to] = lines[to], lines[at]
            case "indent":
                lines[at] = draw(st.sampled_from([" ", "  ", "    ", "\t", "- "])) + lines[at]
            case "character" if lines[at]:
                column = draw(st.integers(0, len(lines[at]) - 1))
                new = draw(st.sampled_from([*string.printable, "\u200b", ""]))
                lines[at] = lines[at][:column] + new + lines[at][column + 1 :]
            case _:
                lines[at] = re.sub(r"\w+:", draw(st.sampled_from(KEYS)) + ":", lines[at], count=1)
    return "\n".join(lines)


HUGE = {
    "brackets": "[" * 100_000,
    "dashes": "- " * 100_000,
    "braces": "{a: " * 100_000,
    "nested keys": "".join(" " * depth + "a:\n" for depth in range(1_000)),
    "list of texts": "steps: [" + "a," * 300_000 + "]",
    "keys": "".join(f"k{number}: v\n" for number in range(60_000)),
    "keys like known ones": "".join(f"title{number}: v\n" for number in range(9_000)),
    "aliases": "a: &a [x]\n" + "".join(f"k{number}: [*a, *a, *a]\n" for number in range(4_000)),
    "one line": "title: " + "a" * 1_000_000,
    "one quoted line": 'title: "' + "é" * 1_000_000,
    "one id": "steps: [{id: " + "a" * 400_000 + "}, {back: x, show: [" + "a" * 400_000 + "]}]",
    "one key": "a" * 1_000_000 + ": b",
    "blank lines": "title: >\n" + "\n" * 1_000_000,
    "hidden characters": "title: " + "\u200b" * 100_000,
    "links": "title: " + "](<a:[" * 150_000,
    "codes": "steps: [{id: a, ask: '" + "code à " * 140_000 + "'}]",
    "references": "steps:\n" + "".join(f"- {{id: s{number}, show: [t{number}]}}\n" for number in range(2_500)),
    "chain of questions": "steps:\n"
    + "".join(
        f"- {{id: s{number}, choose: a, options: {{a: A, b: B}}, when: {{s{number - 1}: [a]}}, end: a}}\n"
        for number in range(1_000)
    ),
}
