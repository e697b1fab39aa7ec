"""Causes: the place where the parser gave up is not the place of the mistake, and a remedy that is named works."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple
from unittest import mock

import pytest
import yaml

from ecps_cli.loading import tree
from ecps_cli.loading.causes import CAUSES
from ecps_cli.loading.doubts import doubts
from ecps_cli.loading.problems import NO_BREAK, LoadError, Problem
from support.guide_texts import GOOD, edited, guide_of
from support.tiers import first_of

N = NO_BREAK[0]
ACTION = "do: Ouvrir la page\n"


class Slip(NamedTuple):
    """A text with one slip, and what is said of it."""

    name: str
    cause: str
    text: str
    place: tuple[int, int]
    said: str


def slip(name: str, cause: str, old: str, new: str, place: tuple[int, int], said: str) -> Slip:
    return Slip(name, cause, edited((old, new)), place, said)


LIST, GLUED, HARD = "« - », le tiret du clavier", "une espace après « - »", "une espace insécable est ici"
COMMENT, QUOTES = "est un commentaire : le texte s’arrête avant", "ce ne sont pas les guillemets du YAML"
ALL = GOOD.replace("  - id", "  – id")
SLIPS = [
    slip("en dash", "bullet", "  - id: rpps", "  – id: rpps", (22, 3), LIST),
    slip("en dash, the first", "bullet", "  - id: start", "  – id: start", (12, 3), LIST),
    Slip("en dashes all along", "bullet", ALL, (12, 3), LIST),
    Slip("bullets", "bullet", ALL.replace("–", "•"), (12, 3), LIST),
    Slip("bullets and no-break spaces", "bullet", ALL.replace("– ", f"•{N}"), (12, 3), LIST),
    Slip("stars", "bullet", ALL.replace("–", "*"), (12, 3), LIST),
    slip("hyphen without a space", "bullet", "  - id: rpps", "  -id: rpps", (22, 3), GLUED),
    slip("hyphen without a space, the first", "bullet", "  - id: start", "  -id: start", (12, 3), GLUED),
    Slip("hyphens without spaces, keys under them", "bullet", "needs:\n  -id: a\n   do: b\n", (2, 3), GLUED),
    slip("quote", "quote not closed", ACTION, 'do: "Ouvrir.\n    expect: "Vu."\n', (15, 9), "pas refermé"),
    slip("apostrophe", "quote not closed", ACTION, "do: 'Ouvrir.\n    expect: 'Vu.'\n", (15, 9), "pas refermé"),
    slip("quote in braces", "quote not closed", 'supprimer"}', "supprimer}", (10, 35), "pas refermé"),
    slip("quotes in quotes", "quote in quotes", ACTION, 'do: "Lire "Oui"."\n', (15, 15), "avant sa fin"),
    slip("apostrophe in apostrophes", "quote in quotes", ACTION, "do: 'L'écran'\n", (15, 11), "avant sa fin"),
    slip("curly quotes", "quotes of typography", ACTION, "do: “Attention : lire”\n", (15, 9), QUOTES),
    slip("chevrons", "quotes of typography", ACTION, f"do: «{N}Attention : lire{N}»\n", (15, 9), QUOTES),
    slip("comment in braces", "comment", '"La supprimer"', "Taper #06# puis", (10, 41), COMMENT),
    slip("comment line", "comment", ACTION, "do: Taper\n      #06#\n      puis\n", (16, 7), COMMENT),
    slip("colon", "colon without a space", "    do: Ouv", "    do:Ouv", (15, 7), "une espace après « : »"),
    slip("hard space after a colon", "no-break space", "who: doctor", f"who:{N}doctor", (13, 9), HARD),
    slip("hard indentation", "no-break space", "    who: doctor", f"{N * 4}who: doctor", (13, 1), HARD),
    slip("hard space after a hyphen", "no-break space", "- id: rpps", f"-{N}id: rpps", (22, 4), HARD),
    Slip("fences", "Markdown fences", f"```yaml\n{GOOD}```\n", (1, 1), "qui commence par « ``` », et gardez le reste."),
    Slip("fences in a text", "Markdown fences", f"# G\n\nVoici\n~~~\n{GOOD}~~~\nFin.\n", (4, 1), "pas entre elles"),
    Slip("front matter", "front matter", f"---\ntitle: Un\nby: moi\n---\n{GOOD}", (1, 1), "Enlevez les lignes 1 à 4."),
    Slip("marker at the end", "front matter", f"---\n{GOOD}---\n", (46, 1), "rien ne suit ce « --- »"),
    Slip("text behind", "front matter", f"---\n{GOOD}---\n\nDu texte : et voilà\n", (46, 1), "le guide est fini"),
    Slip("two guides", "front matter", f"{GOOD}---\n{GOOD}", (45, 1), "Mettez celui qui suit"),
]


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(LoadError) as caught:
        guide_of(text)
    return caught.value.problems


@pytest.mark.parametrize("case", SLIPS, ids=lambda case: case.name)
def test_the_mistake_is_named_on_its_own_line(case: Slip) -> None:
    """One problem, at the slip itself and not where the parser stumbled, that says what to type there."""
    (problem,) = problems(case.text)
    assert ((problem.line, problem.column), problem.code) == (case.place, CAUSES[case.cause][1])
    assert case.said in problem.message


@pytest.mark.parametrize("case", SLIPS, ids=lambda case: case.name)
def test_the_same_is_said_without_libyaml(case: Slip, monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser in Python gives up elsewhere; the cause is found from there, too."""
    monkeypatch.setattr(tree, "Loader", yaml.SafeLoader)
    (problem,) = problems(case.text)
    assert ((problem.line, problem.column), case.said in problem.message) == (case.place, True)


def test_every_cause_of_the_table_is_tried() -> None:
    """No cause stands in the table without a text that has it."""
    assert {case.cause for case in SLIPS} == set(CAUSES)


@pytest.mark.parametrize("name", CAUSES)
def test_without_its_cause_a_slip_is_said_otherwise(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cause explains what nothing else does: taken out of the table, its slips get another message."""
    before = [problems(case.text) for case in SLIPS if case.cause == name]
    monkeypatch.delitem(CAUSES, name)
    after = [problems(case.text) for case in SLIPS if case.cause == name]
    assert all(one != other for one, other in zip(before, after, strict=True))


def test_a_cause_whose_remedy_does_not_help_is_not_named() -> None:
    """What only looks like a slip is not blamed for a failure that mending it would not mend."""
    text = edited(("title: Un", "title: – Un # 1\n# -x\nneeds: [a, b"))
    assert [(each.line, each.code) for each in problems(text)] == [(6, "E104")]
    assert "« [ »" in problems(text)[0].message


@pytest.mark.parametrize(
    "unit",
    first_of(
        4,
        [
            *(
                'a: "b\n',
                "a: 'b\n",
                "- – a\n",
                "-a\n",
                ": “",
                "“",
                "#a ",
                " #a",
                "a:b\n",
                "```\n",
                "---\n",
                f"{N}a: b\n",
            ),
            *("-" * 9, '"a",', "{a: '", "« ", "* a\n", "Ã©", "- " * 9, "a b, ", "\n", " ", "\t"),
        ],
    ),
)
@pytest.mark.timeout(20)
def test_causes_are_looked_for_in_bounded_time(unit: str) -> None:
    """A quarter of a megabyte of anything that looks like a slip is refused, or taken, in a moment."""
    for text in (unit * (250_000 // len(unit)), "a: {" + unit * (250_000 // len(unit))):
        with pytest.raises(LoadError):
            guide_of(text)
        with suppress(yaml.YAMLError):
            doubts(text)


# --- what is read, and hardly meant


def doubtful(text: str) -> list[tuple[int, int, str]]:
    return [(*each.position, each.code) for each in doubts(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("do: Taper le numéro #06# puis valider", [(1, 21, "W101")]),
        ("do: Taper #06#", [(1, 11, "W101")]),
        ("do: Choisir le rayon # 3", [(1, 22, "W101")]),
        ("- Taper\n  *\n  #06#\n- b", [(3, 3, "W101")]),
        ("do: Ouvrir\n  #06#\nif: x", [(2, 3, "W101")]),
        ("do: “Ouvrir la page.”", [(1, 5, "W103")]),
        (f"- «{N}Ouvrir la page.{N}»", [(1, 3, "W103")]),
        ("a:\n  - Un\n    – Deux\n    -Trois", [(3, 5, "W105"), (4, 5, "W105")]),
        ("do: premiÃ¨re", [(1, 10, "W102")]),
        ("do: lâ€™ANS, dÃ©jÃ\u00a0", [(1, 6, "W102")]),
        ("do: cÅ“ur", [(1, 6, "W102")]),
    ],
)
def test_what_would_be_lost_in_silence_is_doubted(text: str, found: list[tuple[int, int, str]]) -> None:
    """Text cut by a comment, quotes that are printed, a list read as one text, letters decoded twice: each in place."""
    assert doubtful(text) == found


@pytest.mark.parametrize(
    "text",
    [
        *(
            "day: 2026-09-20  # seen",
            "day: 2026-09-20 # seen",
            "id: a # why",
            "do: Ouvrir la page  # why",
            "a: # why\n  b: c",
        ),
        *(
            "# all\na: b",
            "do: Ouvrir la page\n#06#",
            "do: Ouvrir la page\n  #expect: x",
            "a: [b, c] #d",
            "a: {b: c} #d",
        ),
        *(
            'do: "Taper #06#"',
            "do: |\n  Taper #06#\n  – a",
            "do: Dire « oui » puis « non »",
            "do: Lire « oui »",
            "do: a#b",
        ),
        *(
            "do: – a",
            "a: -1",
            f"do: RÉSUMÉ{N}: À «{N}lire{N}»",
            "do: THÉÂTRE",
            "do: “a” ou “b”",
            "do: '“a”'",
            "do: 50 –\n  60",
        ),
    ],
)
def test_what_is_meant_is_not_doubted(text: str) -> None:
    """Comments that look like comments, quoted texts, typography inside a text are left alone."""
    assert doubtful(text) == []


DIRE = f"Dire{N}: «{N}Oui.{N}»"
"""A colon, a space and an opening quote, as in any French sentence."""


@pytest.mark.parametrize(
    "text",
    [
        f"do: {DIRE}",
        f'do: "{DIRE}"\nif: « Oui »',
        f'- "{DIRE}"\n- « Oui »',
        f'do: "{DIRE}" #06#',
        f'do: "{DIRE}\n  #06#"',
        f"do: Lire\n  – {DIRE}",
        f'do: Lire\n  "{DIRE} #06#"',
        f'{{do: "{DIRE}", if: « Oui »}}',
        f'"do": "{DIRE}"\nif: “Oui”',
        f"do: >-\n  {DIRE}\nif: “Oui”",
    ],
)
def test_no_doubt_is_passed_over_for_haste(text: str) -> None:
    """What a text is looked over for first is in each that holds a doubt, wherever quotes and colons stand."""
    quick: object = None
    with suppress(yaml.YAMLError):
        quick = doubtful(text)
    with mock.patch("ecps_cli.loading.doubts._is_suspect", return_value=True), suppress(yaml.YAMLError):
        assert quick == doubtful(text)


def test_a_french_sentence_is_no_reason_to_read_a_text_twice() -> None:
    """Between YAML's quotes a colon and « open nothing: most guides have such a line, and no doubt."""
    with mock.patch("ecps_cli.loading.doubts._plain_texts", side_effect=AssertionError):
        assert doubtful(f'next:\n  - "{DIRE}"\ndo: "{DIRE}"\n') == []


def test_the_remedy_of_a_comment_works_both_ways() -> None:
    """Quotes, or the spaces of a comment: either way, nothing more is said."""
    assert (
        doubtful('do: "Taper le numéro #06# puis valider"') == doubtful("do: Taper le numéro  # 06# puis valider") == []
    )


def test_a_doubt_stops_no_walk() -> None:
    """What is doubtful is for `check`: the guide is taken as it is."""
    assert guide_of(edited(("do: Ouvrir la page", "do: Taper le numéro #06#")))
