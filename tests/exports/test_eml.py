"""A record as a mail: its subject as GLPI and iTop read it, a draft to nobody, the dossier attached."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from ecps_cli.cli.output import hand_out
from ecps_cli.core.events import Confirmed, Labelled
from ecps_cli.core.guide import Facts, Guide
from ecps_cli.core.moves import replay
from ecps_cli.core.session import Session
from ecps_cli.core.text import NO_BREAK
from ecps_cli.exports.formats import export_session
from ecps_cli.exports.record import Provenance
from ecps_cli.exports.to_eml import ticket_mark
from ecps_cli.exports.unavailable import MissingExtra
from support.commands import call
from support.sample import START

PROVENANCE = Provenance("20261124-1930", "5ea1" * 16, "ecps-guide 0.1.0", "9d" * 32, "fa" * 32)
GLPI = re.compile(r"\[.+#(\d+)\]")
"""What GLPI's collector looks for in a subject (MailCollector, from 0.84 to 10)."""
ITOP = re.compile(r"R-([0-9]{6})")
"""What iTop's documentation of « Mail to ticket automation » gives as pattern of the title."""


def session_of(guide: Guide) -> Session:
    events = [Labelled(START, "open", "GLPI 4711"), Confirmed(START + timedelta(seconds=9), "open")]
    return replay(guide, START, events)


def mail_of(guide: Guide, facts: Facts, ticket: str = "4711", practice: bool = False) -> EmailMessage:
    session = replace(session_of(guide), practice=practice)
    made = export_session("eml", session, facts, PROVENANCE, ticket)
    assert isinstance(made, bytes)
    mail = message_from_bytes(made, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


@pytest.mark.parametrize("number", ["4711", "#4711", "GLPI 4711", "GLPI #4711", " 0004711 "])
def test_glpi_finds_its_ticket(guide: Guide, facts: Facts, number: str) -> None:
    """A number, however written, is in the subject as GLPI writes it, and its collector finds that number."""
    subject = mail_of(guide, facts, number)["Subject"]
    assert subject.startswith("[GLPI #0004711] ")
    found = GLPI.search(subject)
    assert found
    assert int(found[1]) == 4711


def test_itop_finds_its_ticket(guide: Guide, facts: Facts) -> None:
    """A reference of iTop is in the subject with its six digits."""
    found = ITOP.search(mail_of(guide, facts, "r-4711")["Subject"])
    assert found
    assert found[1] == "004711"
    assert ticket_mark("I-12") == "[I-000012]"


@pytest.mark.parametrize("number", ["", "abc", "R-", "R-1234567", "4711]", "12 34", "١٢", "#\n12", "12345678901"])
def test_what_no_collector_reads_is_no_number(number: str) -> None:
    """What is no number of a ticket gets no mark, and by the command a sentence and 2."""
    assert ticket_mark(number) == ""
    if number:
        ran = call("report", "--format", "eml", "--ticket", number)
        assert (ran.code, ran.out) == (2, "")
        assert "Écrivez 4711 (GLPI) ou R-004711 (iTop)." in ran.said


def test_a_number_needs_a_mail() -> None:
    """`--ticket` without the format that has a subject is refused: it would say nothing."""
    ran = call("report", "--ticket", "4711")
    assert ran.code == 2
    assert "Écrivez : --format eml" in ran.said


def test_a_mail_is_a_draft_to_nobody(guide: Guide, facts: Facts) -> None:
    """It opens as one to be sent, and names no sender, no recipient and no date: a person adds them."""
    mail = mail_of(guide, facts, "")
    assert mail["X-Unsent"] == "1"
    assert {*mail} == {"Subject", "X-Unsent", "MIME-Version", "Content-Type"}
    assert mail["Subject"].replace(NO_BREAK, " ") == "Essai : inachevé"


def test_a_mail_has_the_ticket_and_the_dossier(guide: Guide, facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its text is that of the ticket; the PDF is attached, or the HTML where nothing makes a PDF."""
    text = str(export_session("text", session_of(guide), facts, PROVENANCE))
    body, pdf = mail_of(guide, facts).iter_parts()
    assert " ".join(body.get_content().split()) == " ".join(text.split())
    assert (pdf.get_filename(), pdf.get_content()[:5]) == ("releve-20261124-1930.pdf", b"%PDF-")

    def missing(_: object) -> bytes:
        raise MissingExtra("no Typst")

    monkeypatch.setattr("ecps_cli.exports.to_pdf.to_pdf", missing)
    _, page = mail_of(guide, facts).iter_parts()
    assert page.get_filename() == "releve-20261124-1930.html"
    assert (
        page.get_content().replace("\r\n", "\n").strip()
        == str(export_session("html", session_of(guide), facts, PROVENANCE)).strip()
    )


def test_one_record_is_one_mail(guide: Guide, facts: Facts) -> None:
    """The same record gives the same bytes, in lines that any mail program takes."""
    made = [export_session("eml", session_of(guide), facts, PROVENANCE, "4711") for _ in range(2)]
    assert made[0] == made[1]
    assert isinstance(made[0], bytes)
    assert made[0].isascii()
    assert max(map(len, made[0].split(b"\r\n"))) <= 998
    assert b"\n" not in made[0].replace(b"\r\n", b"")


def test_no_title_adds_a_header(guide: Guide, facts: Facts) -> None:
    """A title from a stranger's guide stays in the subject, on one line and short; an exercise says so there."""
    hostile = replace(guide, title="A\r\nBcc: x@example.org\n\nB " + "é" * 300)
    mail = mail_of(hostile, facts, practice=True)
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("[GLPI #0004711] EXERCICE : A Bcc: x@example.org B éé")
    assert len(mail["Subject"]) < 130


def test_a_mail_is_written_into_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`report --format eml -o` writes the bytes as they are; on a terminal and on the clipboard it says what to do."""
    monkeypatch.setenv("ECPS_DATA", str(tmp_path / "data"))
    assert call("fraud", "--plain", typed="1\n").code == 5
    file = tmp_path / "releve.eml"
    assert call("report", "--format", "eml", "--ticket", "12", "-o", str(file)).code == 0
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"].startswith("[GLPI #0000012] ")
    assert "Un courriel ne se copie pas" in call("report", "--format", "eml", "--copy").err


def test_a_mail_is_not_for_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """On a terminal it is refused with what to do: base64 is nothing to read."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert hand_out(b"Subject: x", None, False, example="releve.eml") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "Un courriel ne s’affiche pas" in err.replace(NO_BREAK, " ")
