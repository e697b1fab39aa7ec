"""The formats of guides and sessions: one file for each, imported when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ecps_cli.core.guide import Facts, Guide
    from ecps_cli.core.session import Session
    from ecps_cli.exports.document import Document
    from ecps_cli.exports.record import Provenance

SESSION_FORMATS = ("text", "markdown", "html", "pdf", "json", "eml")
GUIDE_FORMATS = ("markdown", "html", "pdf", "json", "mermaid")
"""The text of a guide is painted by `screen.document_view`, from the document that the first three lay out."""


def export_session(
    fmt: str, session: Session, facts: Facts, provenance: Provenance, ticket_number: str = ""
) -> str | bytes:
    """Record of a session in one of `SESSION_FORMATS`; bytes for `pdf` and `eml`, which is for a ticket of that number.

    Raises:
        MissingExtra: the package that makes this format is not installed.
        ValueError: no such format.

    """
    from ecps_cli.exports.record import record_of

    record = record_of(session, facts)
    if fmt == "text":
        from ecps_cli.exports.ticket import ticket

        return ticket(record)
    if fmt == "json":
        from ecps_cli.exports.to_json import record_to_json

        return record_to_json(record, provenance)
    from ecps_cli.exports.incident_report import report

    if fmt == "eml":
        from ecps_cli.exports.to_eml import to_eml

        return to_eml(record, report(record, provenance), provenance, ticket_number)
    return _laid_out(fmt, report(record, provenance))


def export_guide(fmt: str, guide: Guide, facts: Facts, others: Callable[[], Mapping[str, str]]) -> str | bytes:
    """Guide, with the facts that it names, in one of `GUIDE_FORMATS`; bytes for `pdf`.

    `others` says how the guides to which it sends are named; it is asked by the formats that name them.

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

    return _laid_out(fmt, sheet(guide, facts, others()))


def export_poster(guide: Guide, facts: Facts) -> bytes:
    """Poster of a guide, as PDF.

    Raises:
        MissingExtra: the package that makes it is not installed.
        NoPoster: the guide has no critical step, or lines that are too long.

    """
    from ecps_cli.exports.poster import poster
    from ecps_cli.exports.to_pdf import poster_to_pdf

    return poster_to_pdf(poster(guide, facts))


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
