"""Guides and sessions as documents for elsewhere; one file for each format, imported when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ecps_cli.core.guide import Facts, Guide
    from ecps_cli.core.session import Session
    from ecps_cli.exports.document import Document

SESSION_FORMATS = ("text", "markdown", "html", "pdf", "json")
GUIDE_FORMATS = ("markdown", "html", "pdf", "json", "mermaid")
"""The text of a guide is a view, made where the screens are."""


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


def export_session(fmt: str, session: Session, facts: Facts, provenance: Provenance) -> str | bytes:
    """Return the record of a session in one of `SESSION_FORMATS`; bytes for `pdf`.

    Raises:
        MissingExtra: the package that makes this format is not installed.
        ValueError: no such format.

    """
    if fmt == "text":
        from ecps_cli.french.ticket import ticket

        return ticket(session)
    from ecps_cli.exports.record import record

    told = record(session, facts, provenance)
    if fmt == "json":
        from ecps_cli.exports.to_json import record_to_json

        return record_to_json(told)
    from ecps_cli.exports.incident_report import account

    return _laid_out(fmt, account(told))


def export_guide(fmt: str, guide: Guide, facts: Facts) -> str | bytes:
    """Return a guide, with the facts that it names, in one of `GUIDE_FORMATS`; bytes for `pdf`.

    Raises:
        MissingExtra: the package that makes this format is not installed.
        ValueError: no such format.

    """
    if fmt == "json":
        from ecps_cli.exports.to_json import guide_to_json

        return guide_to_json(guide, facts)
    if fmt == "mermaid":
        from ecps_cli.exports.to_mermaid import to_mermaid

        return to_mermaid(guide)
    from ecps_cli.exports.sheet import sheet

    return _laid_out(fmt, sheet(guide, facts))


def _laid_out(fmt: str, document: Document) -> str | bytes:
    match fmt:
        case "markdown":
            from ecps_cli.exports.to_markdown import to_markdown

            return to_markdown(document)
        case "html":
            from ecps_cli.exports.to_html import to_html

            return to_html(document)
        case "pdf":
            from ecps_cli.exports.to_pdf import to_pdf

            return to_pdf(document)
        case _:
            raise ValueError(f"no such format: {fmt!r}")
