"""docs/format.md, the reference for authors: each key with its type and meaning, each example loaded."""

from __future__ import annotations

import copy
import os
import re
from pathlib import Path
from runpy import run_path
from typing import Any, NamedTuple

import pytest
import yaml

from ecps_cli.authoring.schema import Schema
from ecps_cli.loading.loader import load_facts, load_guide
from support.guide_texts import written

CHECKOUT = Path(os.environ.get("ECPS_CHECKOUT") or Path(__file__).parents[2])
PAGE = CHECKOUT / "docs" / "format.md"
if not PAGE.is_file():
    pytest.skip("docs/ is not here: name the checkout in ECPS_CHECKOUT", allow_module_level=True)
TEXT_OF_PAGE = PAGE.read_text("utf-8")

# ----------------------------------------------------------------------------------------------------------- the tables

MAKER = run_path(str(CHECKOUT / "docs" / "tables.py"))
SHAPES: dict[str, Schema] = MAKER["shapes"]()
TABLES: dict[str, str] = MAKER["tables"]()


@pytest.mark.parametrize("name", SHAPES)
def test_every_key_of_the_model_is_there_with_its_type_and_no_other(name: str) -> None:
    """The table of each class has its keys, in their order, with type, whether it is needed, and meaning."""
    assert _marked(name) == TABLES[name], "python docs/tables.py writes it"


def test_every_validator_is_there_and_no_other() -> None:
    """The table of validators has their names and what each expects."""
    assert _marked("validators") == TABLES["validators"], "python docs/tables.py writes it"


def _marked(name: str) -> str:
    found = re.search(rf"<!-- table: {name} -->\n\n((?:\|.*\n)+)", TEXT_OF_PAGE)
    assert found, f"no table of {name}"
    return found[1].rstrip("\n")


def test_the_page_is_what_the_generator_makes_of_it() -> None:
    """Written anew, the page stays as it is; a table that was changed by hand would not."""
    assert MAKER["filled"](TEXT_OF_PAGE) == TEXT_OF_PAGE
    assert MAKER["filled"](TEXT_OF_PAGE.replace("| oui |", "| peut-être |")) == TEXT_OF_PAGE


def test_no_table_is_of_something_else() -> None:
    """Each table of keys on the page is one of those that are held against the model."""
    assert set(re.findall(r"<!-- table: (\w+) -->", TEXT_OF_PAGE)) == {*SHAPES, "validators"}
    assert TEXT_OF_PAGE.count("| clé |") == len(SHAPES)


def test_every_link_inside_the_page_leads_to_a_heading() -> None:
    """The anchors are those that GitHub makes of the headings."""
    headings = {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", TEXT_OF_PAGE, flags=re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT_OF_PAGE)) <= headings


# --------------------------------------------------------------------------------------------------------- the examples


class Example(NamedTuple):
    """A block of YAML of the page: where its first line says that it belongs, and what it says."""

    place: str
    text: str


EXAMPLES = [
    Example(found[1], found[0]) for found in re.finditer(r"(?<=```yaml\n)# (.+)\n(?:(?!```).*\n)+", TEXT_OF_PAGE)
]
WHOLE, FACTS_WHOLE = "Un guide entier", "facts.yaml, en entier"
STEPS, DEVIATIONS, OUTCOMES = "À mettre sous « steps: »", "À mettre sous « deviations: »", "À mettre sous « outcomes: »"


def _one(place: str) -> str:
    return next(each.text for each in EXAMPLES if each.place == place)


FACTS = load_facts(_one(FACTS_WHOLE), "facts.yaml")


def completed(example: Example) -> str:
    """Text of a whole guide that has this example where it says that it belongs."""
    if example.place == WHOLE:
        return example.text
    data: Any = copy.deepcopy(written(_one(WHOLE)))
    piece = written(example.text)
    last = data["steps"][-1]
    if example.place == STEPS:
        data["steps"][-1:] = [*piece, last]
    elif example.place == DEVIATIONS:
        last["deviations"] = piece
    else:
        assert example.place == OUTCOMES
        ways = [{"id": f"to-{each}", "if": "A", "do": "B", "then": {"end": each}} for each in piece]
        data["outcomes"] |= piece
        last["deviations"] = ways
    return yaml.safe_dump(data, allow_unicode=True)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.place}-{len(example.text)}")
def test_every_example_loads(example: Example) -> None:
    """A whole guide as it is, a piece in the place of the whole guide that its first line names."""
    if example.place == FACTS_WHOLE:
        assert load_facts(example.text, "facts.yaml")
    else:
        load_guide(completed(example), "example.yaml", FACTS)


def test_no_example_is_passed_over() -> None:
    """Every block of YAML begins with the line that says where it belongs."""
    assert len(EXAMPLES) == TEXT_OF_PAGE.count("```yaml") > 5
    assert all(each.place in (WHOLE, FACTS_WHOLE, STEPS, DEVIATIONS, OUTCOMES) for each in EXAMPLES)


def _used() -> dict[str, set[str]]:
    """Keys, by class, that the examples of guides and facts have."""
    used: dict[str, set[str]] = {name: set() for name in SHAPES}

    def use(name: str, value: Any) -> None:
        for key, each in value.items() if isinstance(value, dict) else ():
            used[name].add(key)
            inner = {"steps": "Step", "otherwise": "Otherwise", "deviations": "Deviation", "items": "Item"}.get(key)
            for one in each if inner else ():
                use(str(inner), one)
            if key == "then":
                use("Then", each)
        for outcome in value["outcomes"].values() if name == "Guide" else ():
            use("Outcome", outcome)

    for example in EXAMPLES:
        if example.place == FACTS_WHOLE:
            for fact in written(example.text).values():
                use("Fact", fact)
        else:
            use("Guide", written(completed(example)))
    return used


@pytest.mark.parametrize("name", SHAPES)
def test_every_key_has_an_example(name: str) -> None:
    """Each key of each class stands in an example of the page."""
    assert _used()[name] == set(SHAPES[name]["properties"])


def test_the_page_of_the_architecture_has_the_moves_of_the_machine() -> None:
    """The table of moves that a newcomer reads is the one that the machine obeys."""
    page = (CHECKOUT / "docs" / "architecture.md").read_text("utf-8")
    assert MAKER["with_moves"](page) == page, "python docs/tables.py writes it"
