"""Any bytes, loaded as a guide, facts or answers: what the fuzzer and the test of its corpus both do."""

from __future__ import annotations

from pathlib import Path

from ecps_cli.loading.answers import load_answers
from ecps_cli.loading.library import open_library
from ecps_cli.loading.loader import load_facts, load_guide
from ecps_cli.loading.problems import LoadError
from ecps_cli.loading.text_file import read_text

FRAUD = open_library(None, {}).find("fraud")


def load(data: bytes, file: Path) -> str:
    """Load bytes as the first of them says, and return the problems, one a line; anything raised is a bug."""
    file.write_bytes(data[1:])
    try:
        text = read_text(file)
        match data[0] % 3:
            case 0:
                load_guide(text, "fuzz.yaml", FRAUD.facts)
            case 1:
                load_facts(text, "fuzz.yaml")
            case _:
                load_answers(text, "fuzz.yaml", FRAUD.guide)
    except LoadError as error:
        return str(error)
    return ""
