"""For whoever writes guides: the schema for their editor, and a guide to start from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from ecps_cli.authoring import schema, starter
from ecps_cli.cli.output import hand_out, is_somewhere, say, say_problem, why_not
from ecps_cli.cli.reading import library
from ecps_cli.core.guide import Facts
from ecps_cli.loading.folders import FACTS, exists, is_folder, yaml_file
from ecps_cli.loading.loader import load_facts, load_guide
from ecps_cli.loading.problems import LoadError
from ecps_cli.loading.text_file import read_text

# ---------------------------------------------------------------------------------------------------------- the schema


def print_schema(of_facts: bool) -> int:
    """Print the JSON Schema of a guide, or of facts: always in UTF-8, since JSON is."""
    text = schema_text(schema.facts_schema() if of_facts else schema.guide_schema())
    return hand_out(text.rstrip("\n"), None, force=False, example="guide.schema.json")


def schema_text(of: schema.Schema) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(of, ensure_ascii=False, indent=2) + "\n"


# ---------------------------------------------------------------------------------------------------- a starting point


class CannotStart(Exception):
    """A new guide cannot be written; the text is the sentence that says why, and what to do."""


def write_new(guide_id: str, output: Path | None, today: date) -> int:
    """Write a new guide, and beside it what it needs and is not there yet: its facts, the schema for the editor.

    On standard output (`-`), the guide alone.
    """
    on_stdout = str(output) == "-"
    path = output if output and not on_stdout else Path(f"{guide_id}.yaml")
    try:
        files = new_files(guide_id, path, today)
        if on_stdout:
            return hand_out(files[path].rstrip("\n"), None, force=False, example=path.name)
        for each, text in files.items():
            _write(each, text)
    except CannotStart as error:
        say_problem(str(error))
        return 1
    for each in files:
        say(f"Écrit : {each}{_WHAT.get(each.name, '')}")
    say(f"Essayez : ecps-guide run {_quoted(path)}")
    return 0


_WHAT = {
    FACTS: " (les numéros, adresses et sources que le guide nomme)",
    starter.SCHEMA_FILE: " (pour l’éditeur de texte : il complète et signale les fautes)",
}


def new_files(guide_id: str, path: Path, today: date) -> Mapping[Path, str]:
    """Return the files to write for a new guide at a path, and their texts; the guide loads with them as it is.

    Raises:
        CannotStart: it has no place there, or no such id can be.
        LoadError: the facts that are there already have problems.

    """
    if FACTS in (path.name, f"{guide_id}.yaml"):
        raise CannotStart(f"« {FACTS} » est le nom du fichier des faits. Donnez un autre nom au guide.")
    files = {}
    facts_path, schema_path = yaml_file(path.parent / FACTS), path.parent / starter.SCHEMA_FILE
    if exists(facts_path):
        facts = load_facts(read_text(facts_path), str(facts_path), library(None).facts())
    else:
        files[facts_path] = starter.facts_text(today)
        facts = load_facts(files[facts_path], FACTS)
    if not exists(schema_path):
        files[schema_path] = schema_text(schema.guide_schema())
    contact = _first(facts, "phone")
    source = (facts[contact].source if contact else None) or _first(facts, "source")
    if not source:
        raise CannotStart(f"« {facts_path} » n’a aucun fait de genre « source ». Ajoutez-en un, puis recommencez.")
    text = starter.guide_text(guide_id, source, contact, today)
    try:
        load_guide(text, path.name, facts)
    except LoadError as error:  # only the id comes from outside
        said = error.problems[0].message
        raise CannotStart(said[:1].upper() + said[1:]) from None
    return {path: text, **files}


def _first(facts: Facts, kind: str) -> str:
    """Return the id of the first fact of a kind that still holds, or an empty text."""
    return next((each for each, fact in facts.items() if fact.kind == kind and fact.status == "current"), "")


def _write(path: Path, text: str) -> None:
    """Write a file that is not there yet."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        remedy = f"Choisissez un autre identifiant, ou un autre dossier : -o DOSSIER/{path.name}"
        raise CannotStart(f"Le fichier « {path} » existe déjà. {remedy}") from None
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not is_somewhere():
            raise  # which the one error handler explains
        if isinstance(error, FileNotFoundError) and not is_folder(path.parent):
            said = f"Le dossier « {path.parent} » n’existe pas. Créez-le, ou donnez un autre nom."
            raise CannotStart(said) from None
        with suppress(OSError):
            path.unlink()  # what was begun: a guide that is half there would be in the way of the next try
        said = f"Le fichier « {path} » ne peut pas être écrit{why_not(error)}. Donnez un autre nom."
        raise CannotStart(said) from None


def _quoted(path: Path) -> str:
    """Return a path as it can be pasted in a command."""
    return f'"{path}"' if " " in str(path) else str(path)
