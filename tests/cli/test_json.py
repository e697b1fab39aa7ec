"""What commands write as JSON, held against the schemas of `docs/json/`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from ecps_cli.cli.app import app
from ecps_cli.exports.formats import export_session
from ecps_cli.exports.record import Provenance
from support.commands import call
from support.shipped import FACTS, LIBRARY, WALKS

ROOT = Path(os.environ.get("ECPS_CHECKOUT", Path(__file__).parents[2]))
SCHEMAS = {each.name.removesuffix(".schema.json"): each for each in (ROOT / "docs/json").glob("*.schema.json")}
OUTPUTS = {
    "list": [("list", "--json")],
    "facts": [("facts", "--json"), ("facts", "--stale", "--json")],
    "rpps": [("rpps", each, "--json") for each in ("99700218896", "10003461033", "bonjour")],
    "sessions": [("sessions", "--json"), ("sessions", "--json", "--practice")],
    "preflight": [("preflight", "--json")],
    "check": [
        ("check", "--json"),
        ("check", "--format", "json", "fraud"),
        ("check", "--json", "none.yaml", "bad.yaml"),
    ],
    "test": [("test", "--json", "fraud"), ("test", "--json", "--min-coverage", "0", "bad.yaml")],
    "show": [("show", each, "--format", "json") for each in ("fraud", "activate-mobile")],
    "report": [("report", "--format", "json")],
    "session": [("sessions", "--export", "{session}")],
    "stats": [("stats", "--json")],
}
"""Schema → the commands that write what it describes."""
NEED_SESSIONS = ("sessions", "report", "session", "stats")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep sessions of each state, and a guide with faults, in a folder of the test's own."""
    monkeypatch.setenv("ECPS_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("ECPS_GUIDES", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.yaml").write_text("format: 1\nid: other\nsteps: [{id: x, do: 3}]\n", encoding="utf-8")
    return tmp_path


def kept() -> str:
    """Keep a walk that goes on and one that ended, and return the id of the first."""
    script = next(iter(WALKS["fraud"]))
    call("fraud", "--plain", typed="1\n")
    session = json.loads(call("sessions", "--json").out)[0]["id"]
    call("fraud", "--plain", "--case", "INC 1", typed="".join(f"{move.line}\n" for move in script.moves))
    call("fraud", "--plain", "--practice", typed="1\n")
    return str(session)


@cache
def validator(name: str) -> Draft202012Validator:
    guide = json.loads((ROOT / "docs/guide.schema.json").read_text("utf-8"))
    schema = json.loads(SCHEMAS[name].read_text("utf-8"))
    registry: Registry[Any] = Registry().with_resource(guide["$id"], Resource.from_contents(guide))
    return Draft202012Validator(schema, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_a_command_writes_is_what_its_schema_says(name: str) -> None:
    """Each JSON that a command writes, faults and empty lists included, is as its schema in `docs/json/` says."""
    session = kept() if name in NEED_SESSIONS else ""
    for command in OUTPUTS[name]:
        written = call(*(each.format(session=session) for each in command)).out
        validator(name).validate(json.loads(written))


def test_every_kind_of_record_is_described() -> None:
    """The record of a walk to each end of a guide, with lists or without, is as its schema says."""
    provenance = Provenance("20261124-1930", "5ea1" * 16, "ecps-guide 0.1.0", "9d" * 32, "fa" * 32)
    for guide_id in ("fraud", "activate-mobile"):
        found = LIBRARY.find(guide_id)
        ends = {script.session.events[-1]: script.session for script in WALKS[guide_id]}
        for session in {getattr(end, "outcome", ""): each for end, each in ends.items()}.values():
            text = export_session("json", session, found.facts, provenance)
            assert isinstance(text, str)
            validator("report").validate(json.loads(text))


def commands_with_json() -> Iterator[str]:
    """Yield the names of the commands that can write JSON."""
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        options = {opt: each for each in command.params for opt in each.opts}
        if "--json" in options or "json" in (getattr(options.get("--format"), "help", None) or ""):
            yield name


def test_every_command_that_writes_json_has_a_schema() -> None:
    """A command that gets `--json`, or the format, gets a schema; each schema is tried, and is one."""
    assert {*SCHEMAS} == {*OUTPUTS} == {*commands_with_json(), "session"}
    for name in SCHEMAS:
        Draft202012Validator.check_schema(validator(name).schema)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_names_every_key(name: str) -> None:
    """A key more breaks the schema, at every level: a program that reads the output is not surprised."""
    session = kept() if name in NEED_SESSIONS else ""
    command = OUTPUTS[name][0]
    written = json.loads(call(*(each.format(session=session) for each in command)).out)
    validator(name).validate(written)
    if name == "show":
        del written["guide"]  # whose schema is another one
    for value in {frozenset(each): each for each in mappings(written)}.values():
        before = len([*validator(name).iter_errors(written)])
        value["surprise"] = 1
        assert len([*validator(name).iter_errors(written)]) > before
        del value["surprise"]


def mappings(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the mappings in a value, of a list those of its first part, and of many alike the first."""
    if isinstance(value, list):
        del value[1:]
        yield from (each for part in value for each in mappings(part))
    elif isinstance(value, dict):
        yield value
        for part in [*value.values()][:30]:
            yield from mappings(part)


def test_facts_as_json_are_the_facts() -> None:
    """`facts --json` has every fact with every key; `--stale` those to see again only."""
    rows = json.loads(call("facts", "--json").out)
    facts = FACTS
    assert {row["id"]: row["name"] for row in rows} == {
        each: fact.name.replace("\u00a0", " ") for each, fact in facts.items()
    }
    stale = json.loads(call("facts", "--stale", "--json").out)
    assert {row["id"] for row in stale} < {*facts}
