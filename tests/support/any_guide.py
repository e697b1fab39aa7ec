"""Texts that anybody might have in a file: whatever can be drawn, and whatever takes the longest."""

from __future__ import annotations

import json
import random
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


def mutations() -> st.SearchStrategy[str]:
    """Draw the good guide with slips in it."""
    return st.integers(0, 2**32).map(lambda seed: slipped(random.Random(seed)))


def slipped(chosen: random.Random, text: str = GOOD, most: int = 6) -> str:
    """Text of a guide with lines dropped, moved or doubled, characters swapped, keys exchanged."""
    lines = text.split("\n")
    for _ in range(chosen.randint(1, most)):
        at, to = chosen.randrange(len(lines)), chosen.randrange(len(lines))
        match chosen.choice(["drop", "double", "swap", "indent", "character", "key"]):
            case "drop" if len(lines) > 1:
                del lines[at]
            case "double":
                lines.insert(to, lines[at])
            case "swap":
                lines[at], lines[to] = lines[to], lines[at]
            case "indent":
                lines[at] = chosen.choice([" ", "  ", "    ", "\t", "- "]) + lines[at]
            case "character" if lines[at]:
                column = chosen.randrange(len(lines[at]))
                new = chosen.choice([*string.printable, "\u200b", ""])
                lines[at] = lines[at][:column] + new + lines[at][column + 1 :]
            case _:
                lines[at] = re.sub(r"\w+:", chosen.choice(KEYS) + ":", lines[at], count=1)
    return "\n".join(lines)


STEERING = (
    *("\x1b[31m", "\x1b]8;;https://x@y\x07", "\x9b2J", "\u202e", "\u2066", "\x07", "\r", "\x00", "\ufeff"),
    *("\u2028", "\u200b", "\u200d", "\u00ad", "\ud800", "\U000e0041", "\uffff", "\ue000"),
    *("[a](https://x@y)", "[a](javascript:alert)", "[a](//x)", "[b]: http://x", "<file:///x>", "https://x@y.org/"),
    *("[a](https://e.org/'onclick=)", "[a](https://e.org:99999)", "[a](b)", "\t", "\n# T", "code PIN ?"),
)
MARKUP = (
    *("[a](https://e.org/?a=%1b&b)", "[a](tel:112)", "https://e.org/a&b", "א", "ﷺ", "e\u0301" * 9, "👩\u200d⚕️", "漢字"),
    *(
        "<b>",
        "</script>",
        "]]>",
        "<!--",
        "&#27;",
        "&lt;b&gt;",
        "`x`",
        "```",
        "{{x}}",
        "{% x %}",
        "**",
        "**[a",
        "![i](x)",
    ),
    *(
        "\n- x",
        "\n1. x",
        "|",
        "\\",
        "\\n",
        "$$",
        '"]',
        "-->",
        "%%{init",
        "#quot;",
        "@",
        "[/b]",
        ":smile:",
        "[^1]",
        "\n\n",
    ),
    *(
        "x" * 300,
        "x " * 300,
        "‘’“”",
        "#let x",
        "%s",
        "{0}",
        "'; DROP",
        "../x",
        "$(x)",
        "\u00a0",
        "\u3000",
        "0" * 40,
        "~~~",
    ),
)
"""What a stranger might put into a text: what the loader is to refuse, and what every format is to write as text."""

KINDS = (STEERING, MARKUP, MARKUP, MARKUP)

_TEXT = re.compile(
    r"""(?<=[:\[,{-]\ )"(?!\d)(?:[^"\\\n]|\\.)*"                       # quoted, and no number
      | (?<=:\ )[^\s\[{|>"'&*!%@`-][^\n,}\]#]*\ [^\n,}\]#]{3,}$       # of several words, to the line's end
    """,
    re.VERBOSE | re.MULTILINE,
)


def laced(chosen: random.Random, text: str) -> str:
    """Text of a guide or of facts with something foreign put into one or two of its texts."""
    for _ in range(chosen.randint(1, 2)):
        found = chosen.choice(list(_TEXT.finditer(text)))
        was = json.loads(found[0]) if found[0][0] == '"' else found[0]
        at = chosen.choice([0, chosen.randint(0, len(was)), len(was)])
        foreign = json.dumps(
            was[:at] + chosen.choice(chosen.choice(KINDS)) + was[at:], ensure_ascii=chosen.random() < 0.9
        )
        text = text[: found.start()] + foreign + text[found.end() :]
    return text


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
