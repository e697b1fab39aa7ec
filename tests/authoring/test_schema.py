"""The JSON Schema of a guide: what an editor is told must be what the loader takes."""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import ValidationError

from ecps_cli.authoring.schema import facts_schema, guide_schema
from ecps_cli.core import guide as model
from ecps_cli.core.guide import ACTIONS, Facts, Guide
from ecps_cli.core.model import json_schema, keys_of
from ecps_cli.core.validators import VALIDATORS
from ecps_cli.loading.loader import load_guide
from ecps_cli.loading.problems import LoadError
from support.commands import call
from support.guide_texts import BAD, FACTS, GOOD, as_editor, as_json, edited, written
from support.shapes import shaped
from support.shipped import LIBRARY
from support.tiers import first_of

SCHEMA = guide_schema()
CHECKER = FormatChecker(["date"])
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=CHECKER)


def faults(data: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(data)]


# ---------------------------------------------------------------------------------------------------- the schema itself


@pytest.mark.parametrize("schema", [SCHEMA, facts_schema()], ids=["guide", "facts"])
def test_it_is_a_json_schema_of_2020_12(schema: dict[str, Any]) -> None:
    """The schema is one, names its dialect, and has a title and a description."""
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {"title", "description"} <= set(schema)


def test_it_has_what_a_register_of_schemas_asks_for() -> None:
    """Its `$id` is an https address, and every reference in it is to a part of itself."""
    assert SCHEMA["$id"].startswith("https://")
    for reference in re.findall(r'"\$ref": "([^"]+)"', json.dumps(SCHEMA)):
        assert reference.removeprefix("#/$defs/") in SCHEMA["$defs"]


def test_every_key_of_the_model_is_explained_in_french_and_no_other() -> None:
    """Each key that an author may write has a description, and no description is of a key that there is not."""
    described = {"Guide": SCHEMA, **SCHEMA["$defs"], "Fact": facts_schema()["additionalProperties"]}
    for name, shape in described.items():
        keys = shape if "properties" in shape else shape["oneOf"][1]
        written = {key: each.description for key, each in keys_of(getattr(model, name)).items()}
        assert {key: each["description"] for key, each in keys["properties"].items()} == written
        assert keys["additionalProperties"] is False
        assert re.fullmatch(r"(Une?|La) .+", shape["title"])
        assert re.fullmatch(r"[A-ZÀÉ«c].*\.", shape["description"])
        assert all(re.fullmatch(r"[A-ZÀÉ«].*\.", str(meaning)) for meaning in written.values())


def test_a_validator_is_one_of_those_that_there_are() -> None:
    """The names after `validate:` are those of the validators."""
    assert SCHEMA["$defs"]["Step"]["properties"]["validate"]["enum"] == list(VALIDATORS)


@pytest.mark.parametrize("options", [(), ("--facts",)])
def test_the_command_prints_it(options: tuple[str, ...]) -> None:
    """`schema` prints the schema in UTF-8, even where the console has another encoding."""
    ran = call("schema", *options)
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out) == (facts_schema() if options else SCHEMA)


def test_the_guides_name_the_schema_that_is_beside_them() -> None:
    """The first line of each shipped guide leads an editor to the schema, in the repository as in the package."""
    for guide_id in LIBRARY.ids():
        first = LIBRARY.find(guide_id).text.split("\n")[0]
        found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert found, guide_id
        assert json.loads((LIBRARY.folder / found[1]).read_text("utf-8")) == SCHEMA


@pytest.mark.skipif(not os.environ.get("ECPS_CHECKOUT"), reason="only where the checkout is named")
def test_the_file_in_the_repository_is_what_the_command_prints() -> None:
    """docs/guide.schema.json is up to date, byte for byte; else: ecps-guide schema > docs/guide.schema.json."""
    file = Path(os.environ["ECPS_CHECKOUT"]) / "docs/guide.schema.json"
    assert file.read_text("utf-8").replace("\u00a0", " ") == call("schema").out


# ------------------------------------------------------------------------------------------- against what authors write


@pytest.mark.parametrize("guide_id", LIBRARY.ids())
def test_every_shipped_guide_is_valid(guide_id: str) -> None:
    """An editor finds no fault in the project's own guides."""
    assert faults(as_editor(LIBRARY.find(guide_id).text)) == []


UNQUOTED = (
    ("format: 1", 'format: "1"'),
    ("id: good", "id: 2026"),
    ("title: Un bon guide", "title: 112"),
    ("title: Un bon guide", "title: 3.5"),
    ("title: Un bon guide", "title: true"),
    ('version: "2026.1"', "version: 2026.1"),
    ("verified_on: 2026-09-20", 'verified_on: "2026-09-20"'),
    ("max: 2", 'max: "2"'),
    ("success: true", "success: yes"),
    ("success: true", 'success: "Oui"'.replace("Oui", "on")),
    ("success: true", "success: 1"),
    ("deadline: 90 s", "deadline: 2min"),
    ("then: retry\n        max: 2", "then: {end: done}"),
)
"""What authors may write as they like: what stands in the good guide, and the other way."""


@pytest.mark.parametrize(("usual", "other"), UNQUOTED)
def test_a_value_may_be_written_in_each_way_that_the_loader_takes(usual: str, other: str) -> None:
    """With quotes or without, a number, a date or a boolean is what the loader reads: the schema takes both."""
    text = edited((usual, other))
    assert _loads(text), "the example itself"
    assert faults(as_editor(text)) == []


REFUSED = (
    ("format: 1", "format: 2"),
    ("id: good", "id: Un guide"),
    ("title: Un bon guide", "titel: Un bon guide"),
    ("title: Un bon guide\n", ""),
    ("title: Un bon guide", "title:"),
    ("title: Un bon guide", 'title: "  "'),
    ("title: Un bon guide", "title: [Un, deux]"),
    ("title: Un bon guide", "title: {a: b}"),
    ("verified_on: 2026-09-20", "verified_on: 20/09/2026"),
    ("verified_on: 2026-09-20", 'verified_on: "2026-02-30"'),
    ("sources: [fiche]", "sources: []"),
    ("sources: [fiche]", "sources: fiche"),
    ("success: true", "success: peut-être"),
    ("who: doctor", "who: nurse"),
    ("device: phone", "device: fax"),
    ("do: Ouvrir la page", "do: Ouvrir la page\n    ask: Et ?"),
    ("    do: Ouvrir la page\n", ""),
    ("    who: doctor\n", ""),
    ("validate: rpps", "validate: siret"),
    ("validate: rpps", "validate:"),
    ("keep: masked", "keep: always"),
    ("max: 2", "max: 0"),
    ("max: 2", "max: 2.5"),
    ("        max: 2\n", ""),
    ("then: retry", "then: again"),
    ("then: retry", "then: {back: start, end: done}"),
    ("then: retry", "then: {to: start}"),
    ("then: retry", "then: {}"),
    ("deadline: 90 s", "deadline: 90"),
    ("deadline: 90 s", "deadline: 90 heures"),
    ("    resume_at: start\n", ""),
    ("record: [time]", "record: [hour]"),
    ("record: [time]", "record: time"),
)
"""What stands in the good guide, and what must not."""


@pytest.mark.parametrize(("good", "bad"), REFUSED)
def test_a_bad_guide_is_refused(good: str, bad: str) -> None:
    """A wrong key, type, word or shape is a fault to the editor, as it is to the loader."""
    text = edited((good, bad))
    assert not _loads(text), "the example itself"
    assert faults(as_editor(text))


def _loads(text: str, facts: Facts = FACTS) -> bool:
    try:
        load_guide(text, "g.yaml", facts)
    except LoadError:
        return False
    return True


# ----------------------------------------------------------------------------------- the same verdict as the loader's

VALUES: tuple[Any, ...] = (
    *("", "x", "Bad Id", "a-b", "-a", "0", "1", "2", "9", "10", "1.5", "2.0", "+3", "true", "NO", "y", "off", "maybe"),
    *("2026-01-01", "2026-13-01", "2026-1-1", "90 s", "2min", "0 s", "99999 s", "continue", "retry", "doctor", "phone"),
    *("full", "rpps", "time", "start", "done", "fiche", "a" * 61, "é", "  ", "12:30", "~x", "null-x", "no"),
    *([], ["x"], ["x", "Bad Id"], [[]], {}, {"x": "y"}, {"Bad Id": "y"}, {"x": ["y"]}, {"back": "start"}),
    *({"end": "done"}, {"back": "a", "end": "b"}, {"x": {"success": "true", "text": "t"}}),
)
"""What a value may be replaced by; texts, lists and mappings as the loader reads them."""


def places(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every value in data, but that of the whole."""
    for key, each in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield (*path, key)
        yield from places(each, (*path, key))


def changed(data: Any, path: tuple[str | int, ...], *value: Any, key: str = "") -> Any:
    """Copy of data with another value at a path, or none, or the same under another key."""
    data = copy.deepcopy(data)
    around = data
    for part in path[:-1]:
        around = around[part]
    taken = around.pop(path[-1]) if key or not value else None
    if key:
        around[key] = taken
    elif value:
        around[path[-1]] = value[0]
    return data


def changes(data: Any) -> Iterator[Any]:
    """Yield data with one change, for every change that there is at every place."""
    for path in places(data):
        yield changed(data, path)
        for value in VALUES:
            yield changed(data, path, value)
        if isinstance(path[-1], str):
            yield from (changed(data, path, key=key) for key in ("unknown", "Bad Id", *ACTIONS) if key != path[-1])


def unquoted(data: Any) -> Any:
    """Data as an editor reads it where the author put no quotes that can be left out."""
    if isinstance(data, dict):
        return {key: unquoted(each) for key, each in data.items()}
    if isinstance(data, list):
        return [unquoted(each) for each in data]
    return as_json(_plain_scalar(data))


@cache
def _plain_scalar(text: str) -> Any:
    try:
        read = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return text
    return read if read is not None and not isinstance(read, dict | list) else text


def verdicts(data: Any) -> tuple[bool, bool]:
    """Whether the model takes data, and whether the loader, with its rules, does too."""
    try:
        shaped(Guide, data)
    except ValidationError:
        return False, False
    return True, _loads(yaml.safe_dump(data, allow_unicode=True))


def hold(data: Any) -> bool:
    """Hold that the schema refuses what the model refuses, and takes what the loader takes; return if that does."""
    by_model, by_loader = verdicts(data)
    quoted = not faults(data)
    assert by_model or not quoted, f"the schema lets through what the model refuses: {data}"
    if by_loader:
        assert quoted, f"the schema refuses what the loader takes: {faults(data)}"
        assert faults(unquoted(data)) == [], "the same without quotes"
    return by_loader


@pytest.mark.parametrize("part", first_of(1, range(10)))
def test_one_change_gets_the_same_verdict_from_the_schema_as_from_the_loader(part: int) -> None:
    """Of a guide with one of everything, every value is changed in every way; none is refused wrongly, or let by."""
    taken = [hold(data) for data in islice(changes(written(GOOD)), part, None, 10)]
    assert any(taken), "some changes leave a guide that loads"


@pytest.mark.fuzz
@given(st.data())
@settings(max_examples=30, deadline=None, derandomize=True)
def test_two_changes_of_a_shipped_guide_get_the_same_verdict(draw: st.DataObject) -> None:
    """The same holds of the shipped guides, with two changes at once."""
    data = written(LIBRARY.find(draw.draw(st.sampled_from(LIBRARY.ids()))).text)
    for _ in range(2):
        path = draw.draw(st.sampled_from(list(places(data))))
        data = changed(data, path, draw.draw(st.sampled_from(VALUES)))
    assert verdicts(data)[0] or faults(data)
    if _loads(yaml.safe_dump(data, allow_unicode=True), LIBRARY.facts()):
        assert faults(data) == []


def _misshapen() -> Iterator[tuple[str, Any]]:
    """Yield the guides of the loader's table of bad ones that the model alone refuses."""
    for case in BAD:
        try:
            data = written(case.text) if case.kind == "guide" else None
        except (yaml.YAMLError, TypeError):  # no YAML, or a key that is no text
            continue
        if data is not None and not verdicts(data)[0]:
            yield case.name, data


def test_what_the_table_of_bad_guides_has_of_wrong_shape_is_refused() -> None:
    """Of the loader's own table of bad guides, the schema refuses each one that the model refuses."""
    found = {name: faults(data) for name, data in _misshapen()}
    assert len(found) > 50
    assert [name for name, each in found.items() if not each] == []


def test_a_key_of_the_model_is_left_out_only_where_it_is_no_key_of_the_format() -> None:
    """Every field of the model is explained, but the one that holds the bare word after `then:`."""
    shapes = json_schema(Guide)
    shapes = {"Guide": shapes, **shapes["$defs"]}
    left = {
        (name, key)
        for name, shape in shapes.items()
        for key, each in shape["properties"].items()
        if "description" not in each
    }
    assert left == {("Then", "go")}
