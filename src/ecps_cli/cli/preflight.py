"""`preflight`: what this PC says about the card path, for a person or for a program."""

from __future__ import annotations

from collections.abc import Sequence

from ecps_cli.cli.output import as_json_text, say, say_line
from ecps_cli.preflight.checks import Answer, Check
from ecps_cli.preflight.sensing import sense
from ecps_cli.preflight.wording import lines_of
from ecps_cli.screen.terminal import is_read_aloud

JSON_FORMAT = 1
"""Number of the shape that `--json` writes (docs/preflight.md); another shape gets another number."""

HOST_FACTS = ("wallet", "test-page")
"""Facts whose hosts `--network` asks: the page where a card activates, and the one that tries Pro Santé Connect."""


def preflight(network: bool, as_json: bool, plain: bool) -> int:
    """Print what this PC says; return 1 when an answer is "no", which comes with its remedy, else 0."""
    checks = sense(card_hosts() if network else None)
    if as_json:
        say(as_json_text(as_data(checks)))
    else:
        for line in lines_of(checks, plain or is_read_aloud()):
            say_line(line.text, line.label)
    return int(any(each.answer is Answer.NO for each in checks))


def as_data(checks: Sequence[Check]) -> dict[str, object]:
    """Return the checks as JSON has them."""
    return {"format": JSON_FORMAT, "findings": [each._asdict() for each in checks]}


def card_hosts() -> dict[str, str]:
    """Hosts to ask, by the id of the fact: those of the shipped facts, whatever guides are in use.

    Raises:
        LoadError: the facts have problems.
        NotFound: there are none.

    """
    from urllib.parse import urlsplit

    from ecps_cli.loading.library import open_library

    facts = open_library(None, {}).facts()
    return {fact_id: urlsplit(facts[fact_id].value).hostname or "" for fact_id in HOST_FACTS}
