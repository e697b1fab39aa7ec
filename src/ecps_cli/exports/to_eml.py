"""A record as a mail to be sent: the ticket as its text, the dossier attached, and no address but those one adds."""

from __future__ import annotations

import re
from email import policy
from email.message import EmailMessage

from ecps_cli.core.text import shorten, typeset
from ecps_cli.exports.document import Document
from ecps_cli.exports.record import Provenance, Record
from ecps_cli.exports.ticket import ticket
from ecps_cli.exports.unavailable import MissingExtra
from ecps_cli.french.words import RESULT


def ticket_mark(number: str) -> str:
    """Ticket number as the mail collectors find it in a subject; an empty text if it is none of theirs.

    GLPI reads `[GLPI #0004711]` (its own notifications; the collector takes any `[… #digits]`), and iTop a reference
    such as `R-004711` (its documented pattern is `/R-([0-9]{6})/`).
    """
    found = re.fullmatch(r"(?:GLPI)? ?#?(\d{1,10})|([A-Za-z])-(\d{1,6})", number.strip(), re.ASCII | re.IGNORECASE)
    if not found:
        return ""
    digits, letter, reference = found.groups()
    return f"[GLPI #{int(digits):07}]" if digits else f"[{letter.upper()}-{int(reference):06}]"


def to_eml(record: Record, document: Document, provenance: Provenance, number: str) -> bytes:
    """Record as a mail for the ticket of that number (none for an empty text): the same bytes for the same record.

    A mail program opens it as a draft (`X-Unsent`), so that a person sees what is sent, and to whom. The dossier is
    attached as PDF, or as HTML where nothing is installed that makes one.
    """
    about = f"{record.guide.title} : {RESULT[record.state]}"
    subject = [ticket_mark(number), "EXERCICE :" if record.practice else "", shorten(about, 90)]
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = " ".join(filter(None, subject))
    mail["X-Unsent"] = "1"
    mail.set_content(typeset(ticket(record)), cte="base64")
    name = f"releve-{provenance.session_id}"
    try:
        from ecps_cli.exports.to_pdf import to_pdf

        mail.add_attachment(to_pdf(document), maintype="application", subtype="pdf", filename=f"{name}.pdf")
    except MissingExtra:
        from ecps_cli.exports.to_html import to_html

        mail.add_attachment(to_html(document), subtype="html", filename=f"{name}.html", cte="base64")
    mail.set_boundary(f"=={provenance.seal[:40]}==")
    return mail.as_bytes()
