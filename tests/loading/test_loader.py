"""The loader: what it takes, all that it says of what it refuses, and that no text makes it raise anything else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ecps_cli.authoring.scenarios import WrittenScenario, WrittenScenarios
from ecps_cli.core import guide as model
from ecps_cli.core.model import build, keys_of
from ecps_cli.loading import tree
from ecps_cli.loading.answers import load_answers
from ecps_cli.loading.library import open_library
from ecps_cli.loading.loader import load_guide
from ecps_cli.loading.problems import MOST, LoadError, Problem
from ecps_cli.loading.tree import read_tree
from support.any_guide import HUGE, KEYS, TREES, YAMLISH, mutations
from support.guide_texts import BAD, FACTS, GOOD, LOADERS, Case, edited, guide_of
from support.tiers import first_of


def found(load: Callable[[str], object], text: str) -> tuple[Problem, ...]:
    """Problems of a text; none if it is taken."""
    try:
        load(text)
    except LoadError as error:
        return error.problems
    return ()


def problems(load: Callable[[str], object], text: str) -> list[str]:
    """What is said of a text, without the name of the file; [] if nothing is."""
    return [str(problem).partition(":")[2] for problem in found(load, text)]


def coded(load: Callable[[str], object], text: str) -> list[str]:
    """What is said of a text, with the codes of the rules."""
    return [f"{each.line}:{each.column}: {each.code} {each.message}" for each in found(load, text)]


# --- the table of bad files


@pytest.mark.parametrize("case", BAD, ids=lambda case: f"{case.kind}: {case.name}")
def test_a_bad_file_gets_all_its_problems_and_no_other(case: Case) -> None:
    """What is said of a bad file is exactly what the table says, in the order of the file."""
    assert case.said, "a case of the table says what is wrong"
    assert coded(LOADERS[case.kind][1], case.text) == case.said


def test_the_table_is_read_whole() -> None:
    """No case of the table is lost to a slip in its writing, and no two have the same name."""
    names = [(case.kind, case.name) for case in BAD]
    assert len(names) == len(set(names)) >= 195


ONLY_LIBYAML = {  # where the parser in Python stops elsewhere, or takes what libyaml does not
    "contradiction": "a question mark at the end of a text between braces",
    "unknown escape": "the next column",
    "half a character escaped": "is taken, and refused as a hidden character",
    "directive": "is ignored",
}


def test_without_libyaml_the_same_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyYAML has no libyaml, its parser in Python is used, and its errors are in the same French."""
    monkeypatch.setattr(tree, "Loader", yaml.SafeLoader)
    assert guide_of(GOOD)
    differ = {case.name for case in BAD if coded(LOADERS[case.kind][1], case.text) != case.said}
    assert differ == set(ONLY_LIBYAML)


# --- what is taken


def test_the_quick_reading_finds_what_the_careful_one_does() -> None:
    """A text that is read without its places holds the same as with them, and nothing is to be said of it."""
    shipped = [path.read_text("utf-8") for path in open_library(None, {}).folder.glob("*.yaml")]
    quick: dict[str, Any] = {}
    for text in [*shipped, GOOD, *(case.text for case in BAD)]:
        try:
            quick[text] = tree._plain(text)
        except (yaml.YAMLError, UnicodeError):  # neither is read any further
            continue
        if quick[text] is not None:
            careful = tree.Tree(text)
            assert careful.root
            assert (careful.data, careful.diagnostics) == (quick[text], [])
    assert len(shipped) > 5
    assert sum(quick[text] is not None for text in shipped) > 5
    assert any(each is None for each in quick.values())


def test_no_usual_character_is_a_hidden_one() -> None:
    """A text of usual characters alone is not looked at for hidden ones: it can have none."""
    usual = [each for each in map(chr, range(0x110000)) if tree._USUAL.fullmatch(each)]
    assert len(usual) > 200
    assert not tree._UNSEEN.search("".join(usual))


def test_a_good_guide_is_taken_whole() -> None:
    """The guide holds what its text says."""
    guide = guide_of(GOOD)
    assert (guide.format, guide.id, guide.sources) == ("1", "good", ("fiche",))
    assert [step.id for step in guide.steps] == ["start", "rpps", "approved", "scan", "tell"]
    assert guide.steps[0].deviations[0].then.way == "retry"
    assert (guide.steps[3].deadline, guide.steps[3].when) == (90, {"approved": ("accepted", "unsure")})
    assert guide.outcomes["done"].success is True


@pytest.mark.parametrize(
    "scalar",
    ["no", "yes", "True", "0123", "12:30", "2024-99-99", "1_000", "0x1F", "1e3", ".inf", "~", "null", "=", "<<", "0o7"],
)
def test_a_scalar_is_the_text_that_was_written(scalar: str) -> None:
    """Nothing that YAML would take for a number, a date, a truth or nothing becomes one."""
    assert guide_of(edited(("Un bon guide", scalar))).title == scalar


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"]), min_size=1))
def test_any_quoted_text_is_kept(text: str) -> None:
    """A text between quotes comes out as it went in, spaces around it aside."""
    written = edited(("Un bon guide", json.dumps(text, ensure_ascii=False)))
    if text.strip() and not problems(guide_of, written):
        assert guide_of(written).title == text.strip()
    else:  # a link in it that is none, nothing but spaces, or a character without a shape (U+E0100…)
        assert not text.strip() or ":" in text or "](" in text or tree._UNSEEN.search(text)


@pytest.mark.parametrize("title", ["👩\u200d⚕️ soigne", "a\tb", "e\u0301", "« oui »", "mi\u200cxte", "\U00020000"])
def test_what_can_be_shown_is_permitted(title: str) -> None:
    """Joined emoji, combining accents, no-break spaces and rare characters are no hidden characters."""
    assert guide_of(edited(("Un bon guide", f'"{title}"'))).title == title


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r"])
def test_any_line_break_and_a_byte_order_mark_are_taken(break_: str) -> None:
    """What editors of Windows and of old Macs write is read alike, and places are right there too."""
    assert guide_of("\ufeff" + GOOD.replace("\n", break_)) == guide_of(GOOD)
    bad = "\ufeff" + edited(("keep: masked", "keep: oui")).replace("\n", break_)
    assert problems(guide_of, bad) == [
        "25:11: « oui » n’est pas permis ici. Écrivez « never », « masked » ou « full »."
    ]


def test_facts_are_taken_whole() -> None:
    """The facts hold what their text says."""
    assert FACTS["old-line"].replaced_by == "help-line"
    assert str(FACTS["page"].verified_on) == "2026-09-20"
    assert FACTS["fiche"].source is None


def test_answers_are_texts_in_the_order_of_typing() -> None:
    """A text stands for a list of one; an empty value is an empty line; nothing becomes a number."""
    text = 'rpps: [x, "", 0123]\napproved: no\nscan:\ntell: {}\n'
    guide = guide_of(GOOD)
    assert load_answers(text.replace("tell: {}\n", ""), "a", guide) == {
        "rpps": ("x", "", "0123"),
        "approved": ("no",),
        "scan": ("",),
    }
    assert load_answers("{}", "a", guide) == {}


def test_a_guide_that_no_rule_forbids_is_taken() -> None:
    """What is near to a fault and is none is let through."""
    text = edited(
        ("    keep: masked\n", "    keep: masked\n    links: []\n    when: {}\n    critical: false\n"),
        ("then: retry\n        max: 2", "then: continue"),
        (
            "  - id: tell\n",
            "  - id: told\n    when: {approved: [accepted, refused, unsure]}\n    ask: Et ?\n  - id: tell\n",
        ),
        ("Ouvrir la page", '"Ouvrir [la page](https://example.org/a?b=c#d) : c’est là. Ou <https://e.org>"'),
        (
            "  - id: tell\n",
            "  - {id: no, when: {approved: [refused]}, tick: A, items: [{id: a, text: A}], end: done}\n  - id: tell\n",
        ),
    )
    assert problems(guide_of, text) == []


def test_a_question_that_a_deviation_leaves_open_ends_no_walk() -> None:
    """Each answer ends the guide, but a deviation goes on without one: the step after them is reached."""
    ends = ("    links: [page]\n", "    end: done\n  - {id: no, when: {approved: [refused]}, ask: Quoi ?, end: done}\n")
    open_end = "\n    deviations: [{id: none, if: Rien, do: Continuer, then: continue}]"
    assert [line[:5] for line in coded(guide_of, edited(ends))] == ["39:5:"]
    assert coded(guide_of, edited(ends, ('sais pas"}', f'sais pas"}}{open_end}'))) == []


@pytest.mark.parametrize("path", sorted(open_library(None, {}).ids()))
def test_a_guide_that_comes_along_is_good(path: str) -> None:
    """The guides of the project have no problem."""
    assert open_library(None, {}).find(path).guide.id == path


# --- single rules, in more detail than the table


@pytest.mark.parametrize(
    "question",
    [
        "Quel est le code PIN ?",
        "PIN",
        "Votre P.I.N. ?",
        "Mot de passe du médecin",
        "Mots de passe",
        "mdp",
        "Password",
        "Code reçu par SMS",
        "Code SMS",
        "Codes à usage unique",
        "Code porteur de la carte",
        "Code secret",
        "Code dynamique affiché",
        "Le **code** de confirmation",
        "Code confidentiel",
        "Code de déblocage",
        "Le code que le médecin a reçu",
        "Quel est le code ?",
        "OTP",
        "CVV",
        "Cryptogramme",
        "Ｃｏｄｅ ＳＭＳ",
        "code postal, puis code SMS",
    ],
)
def test_a_question_that_asks_for_a_secret_is_refused(question: str) -> None:
    """No step asks for a PIN, a password or a code that proves who one is, however it is written."""
    said = problems(guide_of, edited(("Numéro RPPS", json.dumps(question, ensure_ascii=False))))
    assert len(said) == 1
    assert "un secret ne se demande pas" in said[0]


@pytest.mark.parametrize(
    "question",
    [
        "Code postal du cabinet",
        "Code du département",
        "Code d’erreur affiché",
        "Code INSEE de la commune",
        "Nom du poste",
        "Adresse de l’épinglette",
        "Numéro du pinceau",
        "Codage utilisé",
    ],
)
def test_a_question_that_asks_for_no_secret_is_taken(question: str) -> None:
    """A code that anybody may know can be asked for."""
    assert problems(guide_of, edited(("Numéro RPPS", question))) == []


@pytest.mark.parametrize(
    "text",
    [
        "[a](http://e.org)",
        "[a](https://e.org:99999999)",
        "[a](//e.org)",
        "[a](page.html)",
        "[a]()",
        "[a]( <javascript:x> )",
        "![a](data:image/png)",
        "<ftp://e.org>",
        "http://e.org",
        "JavaScript:alert(1)",
        "[a]: http://e.org",
        "[a](https://e.org@evil.org)",
        "[a](https://e.org>@evil.org/x)",
        "[a](<https://e.org>)",
        "[a](https://e.org\\evil)",
        "[a](https://é.org)",
        "[a](tel:)",
        "[a](tel:3608;ext=1)",
        "<tel:0x806>",
    ],
)
def test_a_link_that_is_not_safe_is_refused(text: str) -> None:
    """Whichever way Markdown writes it, a link leads to an https address or to a number to call."""
    said = problems(guide_of, edited(("Ouvrir la page", json.dumps(text, ensure_ascii=False))))
    assert [line for line in said if "n’est ni une adresse https" in line] == said != []


@pytest.mark.parametrize("text", ["[a](https://e.org/b)", "[a](tel:3608)", "<tel:+33153893200>", "[a](tel:01.53-89)"])
def test_a_link_that_is_safe_is_taken(text: str) -> None:
    """An https address, and a number to call, may stand in a text."""
    assert problems(guide_of, edited(("Ouvrir la page", json.dumps(text)))) == []


def test_a_library_s_guide_has_the_name_of_its_file() -> None:
    """The id must be the stem under which a library keeps the guide; a stranger's file may have any name."""
    assert load_guide(GOOD, "good.yaml", FACTS, stem="good")
    with pytest.raises(LoadError) as caught:
        load_guide(edited(("id: good", "id: goood")), "good.yaml", FACTS, stem="good")
    assert str(caught.value) == (
        "good.yaml:2:5: le fichier s’appelle « good », le guide « goood ». Donnez-leur le même nom."
    )
    with pytest.raises(LoadError, match="il manque « id »"):
        load_guide(edited(("id: good\n", "")), "good.yaml", FACTS, stem="good")


def test_one_run_shows_the_faults_of_the_text_the_model_and_the_rules() -> None:
    """A file with faults of every kind is read once and mended once."""
    text = edited(
        ("title: Un bon guide", "titel: Un bon guide\nid: again"),
        ("who: doctor", "who: docteur"),
        ("show: [rpps]", "show: [rrps]"),
    )
    assert [line.split(": ")[0] for line in problems(guide_of, text)] == ["4:1", "5:1", "14:10", "37:12"]


def test_a_number_of_thousands_of_digits_is_no_crash() -> None:
    """A number that Python itself declines to read is a number out of bounds."""
    said = problems(guide_of, edited(("max: 2", "max: " + "9" * 5000)))
    assert said == ["21:14: « max » n’est pas un nombre de 1 à 9. Écrivez par exemple « max: 2 »."]


SHAPES = [each for each in vars(model).values() if is_dataclass(each)]
SHAPES += [WrittenScenario, WrittenScenarios]
EXAMPLES = {(each, name): key.example for each in SHAPES for name, key in keys_of(each).items()}
"""Shape and key → the example of its value."""


def test_every_key_has_one_example_but_the_one_that_no_author_writes() -> None:
    """A problem can tell the author what to write at every key of the format, and at no other."""
    without = {(each, field.name) for each in SHAPES for field in fields(each) if "examples" not in field.metadata}
    assert without == {(model.Then, "go")}
    assert all(EXAMPLES.values())


@pytest.mark.parametrize(("shape", "key"), EXAMPLES)
def test_each_example_in_a_sentence_is_one_of_the_format(shape: type, key: str) -> None:
    """What a problem tells the author to write can be written: it is YAML, and the model takes it at that key."""
    example = EXAMPLES[shape, key]
    data = read_tree(f"{key}: {example}", "x").data
    assert list(data) == [key]
    _, mismatches = build(shape, data)
    assert [each for each in mismatches if each.path[:1] == (key,) and each.kind != "missing"] == []


# --- problems


def test_problems_are_sorted_by_place_and_read_as_lines() -> None:
    """An error reads as its problems, one a line, in the order of the file."""
    error = LoadError([Problem("g", 10, 1, "c.", "E1"), Problem("g", 2, 9, "b.", "E1"), Problem("g", 2, 1, "a.", "E1")])
    assert str(error) == "g:2:1: a.\ng:2:9: b.\ng:10:1: c."
    assert [problem.message for problem in error.problems] == ["a.", "b.", "c."]


@pytest.mark.parametrize(("extra", "rest"), [(1, "… et 1 autre."), (2, "… et 2 autres.")])
def test_a_file_with_too_many_problems_shows_the_first_ones(extra: int, rest: str) -> None:
    """A hundred problems are listed, and the others counted."""
    with pytest.raises(LoadError) as caught:
        guide_of(GOOD + "".join(f"zz{number:03}: a\n" for number in range(MOST + extra)))
    assert len(caught.value.problems) == MOST
    assert caught.value.more == extra
    assert str(caught.value).split("\n")[-1] == rest
    assert caught.value.problems[0].line == GOOD.count("\n") + 1


def test_a_suggestion_is_printed_on_one_line() -> None:
    """What was probably meant is shown like what was read: the author's own tab in an id never reaches the terminal."""
    assert problems(guide_of, edited(("- id: start", "- id: s\tart")))[-1].endswith("Vouliez-vous dire « s art » ?")


# --- any text at all


def check_places(load: Callable[[str], object], text: str) -> None:
    """Load a text; whatever is said of it, hold that the place is inside it and that the sentence can be printed."""
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    for problem in problems(load, text):
        found = re.fullmatch(r"(\d+):(\d+): ([^\x00-\x1f\x7f-\x9f\ud800-\udfff]{10,700}[.?…])", problem)
        assert found, problem
        line, column = int(found[1]), int(found[2])
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1


@pytest.mark.parametrize("kind", LOADERS)
@settings(deadline=None, max_examples=150)
@given(text=st.text() | YAMLISH)
def test_any_text_is_taken_or_refused(kind: str, text: str) -> None:
    """No text makes the loader raise anything but its own error, with places inside the text."""
    check_places(LOADERS[kind][1], text)


@pytest.mark.parametrize("kind", LOADERS)
@settings(deadline=None, max_examples=150)
@given(data=TREES)
def test_any_tree_is_taken_or_refused(kind: str, data: Any) -> None:
    """Lists, mappings and texts where others are awaited are problems, to the model and to each rule."""
    check_places(LOADERS[kind][1], json.dumps(data))


@pytest.mark.fuzz
@settings(deadline=None, max_examples=150)
@given(data=st.dictionaries(st.sampled_from(KEYS), TREES), step=st.dictionaries(st.sampled_from(KEYS), TREES))
def test_any_value_at_any_key_is_taken_or_refused(data: dict[str, Any], step: dict[str, Any]) -> None:
    """The same where a guide has its keys and a step has its own."""
    first = {"id": "start", "choose": "?", "options": {"x": "X", "y": "Y"}}
    check_places(guide_of, json.dumps({"steps": [first, step], **data}))


@settings(deadline=None, max_examples=500)
@given(text=mutations())
def test_any_slip_in_a_good_guide_is_taken_or_refused(text: str) -> None:
    """What an author's slips make of a good guide is a guide or its problems."""
    check_places(guide_of, text)


@pytest.mark.parametrize("name", first_of(3, HUGE))
def test_time_is_bounded(name: str) -> None:
    """A megabyte of whatever takes the longest is refused before a test's time is up, with few words."""
    check_places(guide_of, HUGE[name])
