"""Guides and sessions as text for elsewhere; one file for each format, imported when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ecps_cli.guide import Facts
    from ecps_cli.session import Session

FORMATS = ("text", "markdown", "html", "pdf", "json")


class Provenance(NamedTuple):
    """Where a record comes from."""

    session_id: str
    seal: str
    """SHA-256 of the last event of the journal, which holds that of the one before: 64 hexadecimal digits."""
    tool: str
    """The tool and its version."""
    guide_sha256: str
    facts_sha256: str


class MissingExtra(Exception):
    """A format needs a package that is not installed; the text is the sentence that says how to go on."""


def export(fmt: str, session: Session, facts: Facts, provenance: Provenance) -> str | bytes:
    """Return the record of a session in one of `FORMATS`; bytes for `pdf`.

    Raises:
        MissingExtra: the package that makes this format is not installed.
        ValueError: no such format.

    """
    if fmt == "text":
        from ecps_cli.exports.ticket import ticket

        return ticket(session)
    from ecps_cli.exports.record import record

    told = record(session, facts, provenance)
    if fmt == "json":
        from ecps_cli.exports.to_json import to_json

        return to_json(told)
    from ecps_cli.exports.document import document

    match fmt:
        case "markdown":
            from ecps_cli.exports.to_markdown import to_markdown

            return to_markdown(document(told))
        case "html":
            from ecps_cli.exports.to_html import to_html

            return to_html(document(told))
        case "pdf":
            from ecps_cli.exports.to_pdf import to_pdf

            return to_pdf(document(told))
        case _:
            raise ValueError(f"no such format: {fmt!r}")
