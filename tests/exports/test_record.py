"""The record in every format: the whole of what happened, nothing that is not to be kept, and no markup."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from email import message_from_bytes, policy
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pypdf import PdfReader

from ecps_cli.core.events import (
    Abandoned,
    Answered,
    Confirmed,
    Deviated,
    Ended,
    Event,
    Labelled,
    Noted,
    Paused,
    Reopened,
    Resumed,
    Skipped,
    Ticked,
    Unticked,
    WentBack,
)
from ecps_cli.core.guide import Facts, Guide
from ecps_cli.core.moves import replay
from ecps_cli.core.session import Session
from ecps_cli.core.text import NO_BREAK, sanitize, typeset
from ecps_cli.exports.clock import sentences
from ecps_cli.exports.document import Addresses, Blanks, Bullets, Code, Document, Paragraph, Section, Table
from ecps_cli.exports.formats import SESSION_FORMATS, export_session
from ecps_cli.exports.incident_report import report
from ecps_cli.exports.record import Provenance, record_of
from ecps_cli.exports.ticket import ticket
from ecps_cli.exports.to_html import to_html
from ecps_cli.exports.to_markdown import escaped, to_markdown
from ecps_cli.exports.to_pdf import to_pdf
from ecps_cli.exports.unavailable import MissingExtra
from ecps_cli.french.event_text import sentence
from ecps_cli.french.words import Span
from ecps_cli.installation import how_to_add
from support.html_page import Page
from support.sample import GUIDE
from support.scripts import scripts
from support.shapes import shaped
from support.shipped import FACTS, GUIDES, LIBRARY, WALKS
from support.tiers import first_of

WINTER = timezone(timedelta(hours=1))
BEGIN = datetime(2026, 11, 24, 19, 30, tzinfo=WINTER)
PROVENANCE = Provenance("20261124-1930", "5ea1" * 16, "ecps-guide 0.1.0", "9d" * 32, "fa" * 32)
RPPS = "899700218896"
HOSTILE = (
    '#import "x" #read("/etc/passwd") <script>alert(1)</script> </td></table> [x](javascript:alert(1)) ![i](a) *gras* '
    "_a_ | b | `code` $x^2$ ~~z~~ \\ &amp; &lt; https://evil.example www.evil.example <https://evil.example> @moi"
)
TEXT_FORMATS = [fmt for fmt in SESSION_FORMATS if fmt not in ("pdf", "eml")]


def at(seconds: int) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def to_the_list(note: str = "le médecin est pressé") -> list[Event]:
    return [
        Noted(at(5), "open", note),
        Deviated(at(10), "open", "black"),
        Confirmed(at(20), "open"),
        Answered(at(30), "rpps", RPPS),
        Answered(at(40), "name", "Urgences"),
        WentBack(at(41), "type", "name"),
        Answered(at(42), "name", "Cardiologie"),
        Skipped(at(50), "type", "déjà fait"),
        Answered(at(60), "seen", "yes"),
        Paused(at(61), "pin"),
        Resumed(at(50_000), "pin"),
        Confirmed(at(50_010), "pin"),
        Ticked(at(50_020), "tell", "ordre"),
        Unticked(at(50_021), "tell", "ordre"),
        Ticked(at(50_030), "tell", "am", "09:21", "Mme Núñez", "AB-42"),
    ]


def to_the_end() -> list[Event]:
    return [*to_the_list(), Confirmed(at(50_040), "tell"), Ended(at(50_040), "tell", "done")]


def exported(fmt: str, session: Session, facts: Facts) -> str:
    """Return a record as text, that of the PDF without its line breaks, and of a mail with what is attached."""
    made = export_session(fmt, session, facts, PROVENANCE)
    if fmt == "eml":
        assert isinstance(made, bytes)
        body, attached = message_from_bytes(made, policy=policy.default).iter_parts()  # type: ignore[attr-defined]
        return f"{body.get_content()}\n{pdf_text(attached.get_content())}"
    return pdf_text(made) if isinstance(made, bytes) else made


def pdf_text(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


PAGE = "https://example.org/une/page/assez/longue"
KNOWN = {"text", "text_special", "strong_open", "strong_close", "link_open", "link_close"}
ADDRESSES = {fact.value for fact in FACTS.values()} | {PAGE}
"""All that a record may link to: the addresses of facts."""


def markdown_texts(source: str) -> Iterator[str]:
    """Yield the text of each cell, item and paragraph of a Markdown document; refuse all markup but the expected."""
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for token in reader.parse(source):
        assert token.type != "html_block"
        assert token.type != "fence"
        assert token.type != "code_block"
        if token.type == "inline":
            children = token.children or []
            assert {child.type for child in children} <= KNOWN, source
            assert {child.attrs["href"] for child in children if child.type == "link_open"} <= ADDRESSES
            yield "".join(child.content for child in children)


# --------------------------------------------------------------------------------------------------- what a record says


def test_the_dossier_tells_every_event_in_words(guide: Guide, facts: Facts) -> None:
    """Where somebody was to be told, the chronology holds each event, in order, with its local time and UTC offset."""
    told = report(record_of(replay(guide, BEGIN, to_the_end()), facts), PROVENANCE)
    facts_told, detours = (
        section for section in told.sections if section.heading in ("Les faits, dans l’ordre", ANNEX)
    )
    days = [block.text for block in facts_told.blocks if isinstance(block, Paragraph)]
    assert days[:2] == [
        "Mardi 24 novembre 2026, heure locale (UTC+01:00)",
        "Mercredi 25 novembre 2026, heure locale (UTC+01:00)",
    ]
    assert rows_of(facts_told) == [
        ("19:30:05", "", "Note : « le médecin est pressé »", "", ""),
        ("19:30:20", "Médecin", "Fait : Ouvrir « l’application ». Constaté : L’accueil est affiché.", "", ""),
        ("09:23:30", "Médecin", "Fait : Choisir le code.", "", ""),
        ("09:23:50", "Support", "Prévenir — L’Assurance Maladie, fait à 09:21", "Mme Núñez", "AB-42"),
        ("09:24:00", "", "Fin : C’est « activé ».", "", ""),
    ]
    assert rows_of(detours) == [
        ("19:30:10", "Médecin", "Écart : Écran noir. Remède : Rallumer. Étape : Ouvrir « l’application »."),
        ("19:30:40", "Support", "Réponse : Nom du service : Urgences"),
        ("19:30:41", "", "Retour à l’étape : Nom du service"),
        ("19:30:50", "", "Passée : Taper le numéro. Raison : « déjà fait »"),
        ("19:31:01", "", "Pause."),
        ("09:23:20", "", "Reprise."),
        ("09:23:40", "Support", "Coché : L’Ordre"),
        ("09:23:41", "", "Décoché : L’Ordre"),
    ]


ANNEX = "Annexe : corrections et détours"


def rows_of(section: Section) -> list[tuple[str, ...]]:
    rows = (row for block in section.blocks if isinstance(block, Table) for row in block.rows)
    return [tuple(cell.replace(NO_BREAK, " ") for cell in row) for row in rows]


def dossier(guide: Guide, facts: Facts, events: list[Event]) -> dict[str, Section]:
    """Sections of the dossier of these events, by their headings."""
    told = report(record_of(replay(guide, BEGIN, events), facts), PROVENANCE)
    return {section.heading: section for section in told.sections}


def test_a_dossier_begins_with_blanks_for_a_pen(guide: Guide, facts: Facts) -> None:
    """Name, number, address, telephone, author, date, place, signature: lines to fill in by hand, first of all."""
    first = next(iter(dossier(guide, facts, to_the_end()).values()))
    blanks = [name for block in first.blocks if isinstance(block, Blanks) for row in block.rows for name in row]
    assert blanks == [
        *("Victime : nom et prénom", "Numéro RPPS", "Téléphone", "Adresse", "Dossier écrit par : nom et qualité"),
        *("Fait à", "Le", "Signature"),
    ]
    session = replay(guide, BEGIN, to_the_end())
    assert Page(exported("html", session, facts)).tags.count("input") == 0
    assert exported("html", session, facts).count('class="blank"') == len(blanks)
    assert all(f"- {name}{NO_BREAK}: ……" in exported("markdown", session, facts) for name in blanks)
    assert not any(name in exported("json", session, facts) for name in ("Victime", "Signature"))


def test_each_event_is_told_once(guide: Guide, facts: Facts) -> None:
    """No tick, act or detour stands in two sections: what is ticked and needs no name is a list of its own."""
    sections = dossier(guide, facts, [*to_the_list(), Ticked(at(50_035), "tell", "ordre"), *to_the_end()[-2:]])
    lists = [
        item
        for each in sections.values()
        for block in each.blocks
        if isinstance(block, Bullets)
        for item in block.items
    ]
    assert sum("L’Ordre" in item for item in lists) == 1
    assert sum("L’Ordre" in cell for row in rows_of(sections["Les faits, dans l’ordre"]) for cell in row) == 0
    facts_told, detours = rows_of(sections["Les faits, dans l’ordre"]), rows_of(sections[ANNEX])
    assert not {(row[0], row[2]) for row in facts_told} & {(row[0], row[2]) for row in detours}


def test_what_is_seen_is_stated_only_where_it_was_confirmed(guide: Guide, facts: Facts) -> None:
    """« Constaté » stands for a confirmation that holds; a deviation, a step passed over or gone back over has none."""
    for event in (Deviated(at(20), "open", "old"), Skipped(at(20), "open", "pressé")):
        text = exported("markdown", replay(guide, BEGIN, [event]), facts)
        assert "Constaté" not in text
        assert "Fait : " not in text
    sections = dossier(guide, facts, [Confirmed(at(20), "open"), WentBack(at(30), "rpps", "open")])
    assert "Les faits, dans l’ordre" not in sections
    assert "Constaté" in rows_of(sections[ANNEX])[0][2]


def test_the_ways_a_walk_may_be_left_have_their_own_words(guide: Guide, facts: Facts) -> None:
    """Given up, opened again, named: each event has its sentence, and the lead says where the walk was given up."""
    events: list[Event] = [Labelled(at(1), "open", "INC-42"), Confirmed(at(2), "open"), Abandoned(at(3), "rpps")]
    record = record_of(replay(guide, BEGIN, events), facts)
    told = report(record, PROVENANCE)
    assert "".join(span.text for span in told.lead).replace(NO_BREAK, " ") == ("Abandonné à l’étape : Numéro RPPS")
    assert told.kind.replace(NO_BREAK, " ").endswith("Dossier : INC-42")
    assert [entry.text for entry in record.events][::2] == ["Dossier : INC-42", "Abandonné à l’étape : Numéro RPPS"]
    assert sentence(guide, Reopened(at(4), "rpps")) == "Rouvert à l’étape : Numéro RPPS"


@pytest.mark.parametrize("fmt", SESSION_FORMATS)
def test_a_clock_that_was_put_back_is_said(guide: Guide, facts: Facts, fmt: str) -> None:
    """An event dated before the one that came before it: the lines stay in their order, and the record says why."""
    session = replay(guide, BEGIN, [Confirmed(at(20), "open"), Noted(at(-3600), "rpps", "trop tôt")])
    text = exported(fmt, session, facts).replace(NO_BREAK, " ")
    before, after = "24/11/2026 à 19:30:20 (UTC+01:00)", "24/11/2026 à 18:30:00 (UTC+01:00)"
    said = f"reculé de 1 h : après le {before}, l’événement suivant est daté du {after}"
    assert (said in text) is (fmt != "json")
    if fmt == "json":
        assert [each["seconds"] for each in json.loads(text)["setbacks"]] == [3620]


YEAR = 365 * 24 * 3600


def clock_of(guide: Guide, facts: Facts, events: list[Event], begin: datetime = BEGIN) -> str:
    """Return what the dossier and the ticket, which must agree, say of the clock."""
    record = record_of(replay(guide, begin, events), facts)
    said = [*sentences(record.misdated, record.setbacks, record.leaps)]
    assert all(each in ticket(record) for each in said)
    assert all(typeset(f"{each}.") in to_markdown(report(record, PROVENANCE)) for each in said)
    return " ".join(said)


def test_a_clock_that_was_put_on_is_said(guide: Guide, facts: Facts) -> None:
    """More than a day between two events without a pause is said: no walk takes that long while somebody is there."""
    events = [Confirmed(at(20), "open"), Noted(at(YEAR + 20), "rpps", "une note"), Noted(at(90), "rpps", "à l’heure")]
    said = clock_of(guide, facts, events)
    assert "365 jours sans événement ni pause, du 24/11/2026 à 19:30:20" in said
    assert "reculé de 364 jours 23 h" in said


@pytest.mark.parametrize(
    "between",
    [
        [Paused(at(30), "rpps"), Resumed(at(YEAR), "rpps")],
        [Resumed(at(YEAR), "rpps")],
        [Paused(at(30), "rpps"), Labelled(at(YEAR), "rpps", "INC-1"), Resumed(at(2 * YEAR), "rpps")],
        [Labelled(at(YEAR), "rpps", "INC-1"), Resumed(at(2 * YEAR), "rpps")],
        [Abandoned(at(30), "rpps"), Reopened(at(YEAR), "rpps"), Resumed(at(YEAR), "rpps")],
    ],
)
def test_a_break_is_no_work_and_no_fault_of_the_clock(guide: Guide, facts: Facts, between: list[Event]) -> None:
    """Paused, killed, given up or labelled meanwhile: the time until somebody goes on is neither spent nor strange."""
    events = [Confirmed(at(20), "open"), *between]
    session = replay(guide, BEGIN, events)
    assert clock_of(guide, facts, events) == ""
    assert record_of(session, facts).seconds in (20, 30)


def test_a_session_dated_before_the_tool_says_so(guide: Guide, facts: Facts) -> None:
    """An empty battery says 2015: the record says that its dates are not to be believed."""
    past = datetime(2015, 1, 1, tzinfo=WINTER)
    assert "datée d’avant cet outil (24/11/2026)" in clock_of(guide, facts, [Confirmed(past, "open")], past)


def test_no_command_is_printed_in_a_record() -> None:
    """A dossier is read on paper, a ticket by others: neither names a command to type, whatever a guide says."""
    found = LIBRARY.find("fraud")
    outcomes = {
        each: replace(outcome, next=(*outcome.next, "Reprendre ensuite : ecps-guide run renew"))
        for each, outcome in found.guide.outcomes.items()
    }
    guide = replace(found.guide, outcomes=outcomes)
    for script in scripts(guide):
        for fmt in ("text", "markdown"):
            made = exported(fmt, script.session, found.facts).replace(PROVENANCE.tool, "")
            assert "ecps-guide" not in made


def test_two_who_were_told_at_one_moment_are_both_named() -> None:
    """Lines ticked at the same instant, as a coarse clock gives it, are told each as itself."""
    record = record_of(max(WALKS["fraud"], key=lambda each: len(each.moves)).session, FACTS)
    text = to_markdown(report(record, PROVENANCE)).replace(NO_BREAK, " ")
    told = [line.text for line in record.lines if line.recorded and line.at]
    assert len(told) > 3
    assert {each: text.count(f" — {each.replace(NO_BREAK, ' ')}, fait") for each in told} == dict.fromkeys(told, 1)


def test_the_dossier_says_who_was_told_and_what_remains(guide: Guide, facts: Facts) -> None:
    """Each one told has its time, person and reference; what is not ticked or was passed over remains to be done."""
    text = to_markdown(report(record_of(replay(guide, BEGIN, to_the_end()), facts), PROVENANCE)).replace(NO_BREAK, " ")
    assert "| 09:23:50 | Support | Prévenir — L’Assurance Maladie, fait à 09:21 | Mme Núñez | AB-42 |" in text
    assert "- [ ] Prévenir — L’Ordre\n" in text
    assert "- [ ] Passée : Taper le numéro. Raison : « déjà fait »" in text
    assert "- [ ] Se connecter." in text
    assert "**Aide :** 0 806 800 213" in text


def test_a_question_without_an_answer_is_told_once_and_is_no_task(guide: Guide, facts: Facts) -> None:
    """A question that was passed over stands among the detours, with why: there may be nothing to answer."""
    sections = dossier(guide, facts, [Confirmed(at(20), "open"), Skipped(at(30), "rpps", "carte perdue")])
    told = [name for name, each in sections.items() if "carte perdue" in str(each)]
    assert told == [ANNEX]


def test_one_not_told_yet_stands_with_the_number_to_call(guide: Guide, facts: Facts) -> None:
    """Of a walk that is not finished, the dossier says where it stands, who is not told yet, and by which number."""
    session = replay(guide, BEGIN, to_the_list()[:12])
    text = to_markdown(report(record_of(session, facts), PROVENANCE)).replace(NO_BREAK, " ")
    assert "**Inachevé.** Arrêté à l’étape : Prévenir" in text
    assert ", fait" not in text
    assert "- [ ] Reprendre à l’étape : Prévenir" in text
    assert "- [ ] Prévenir — L’Assurance Maladie — Aide : 0 806 800 213" in text


def test_what_was_not_recorded_with_a_tick_is_not_invented(guide: Guide, facts: Facts) -> None:
    """A tick without time, person or reference says so; the time is then that of the tick alone."""
    session = replay(guide, BEGIN, [*to_the_list()[:12], Ticked(at(50_030), "tell", "am")])
    text = to_markdown(report(record_of(session, facts), PROVENANCE))
    assert "| 09:23:50 | Support | Prévenir — L’Assurance Maladie, fait | non notée | non notée |" in text


def test_nobody_to_tell_makes_a_short_record(guide: Guide, facts: Facts) -> None:
    """Without somebody to tell on its way, a walk is told by its steps, durations, and what went otherwise."""
    events = [
        *to_the_list()[:8],
        Answered(at(60), "seen", "no"),
        Confirmed(at(70), "stop"),
        Ended(at(70), "stop", "stopped"),
    ]
    told = report(record_of(replay(guide, BEGIN, events), facts), PROVENANCE)
    assert told.kind == "Compte rendu"
    assert told.lead[0].text.replace(NO_BREAK, " ") == "Résultat : pas abouti, 1 étape passée."
    text = to_markdown(told).replace(NO_BREAK, " ")
    assert "Qui a été prévenu" not in text
    assert "| 19:30:10 | Médecin | Écart : Écran noir. Remède : Rallumer. Étape : Ouvrir « l’application ». |" in text
    assert "Fait :" not in text
    assert "| 6 | Tout fermer. | fait | 10 s |" in text
    assert "| 4 | Taper le numéro. | passé | 9 s |" in text


def test_the_times_of_two_offsets_are_apart(guide: Guide, facts: Facts) -> None:
    """When the clocks change during a walk, each time still stands under its own UTC offset."""
    summer = datetime(2026, 10, 25, 2, 50, tzinfo=timezone(timedelta(hours=2)))
    winter = datetime(2026, 10, 25, 2, 10, tzinfo=WINTER)
    session = replay(guide, summer, [Noted(summer, "open", "avant"), Noted(winter, "open", "après")])
    text = to_markdown(report(record_of(session, facts), PROVENANCE))
    assert "Dimanche 25 octobre 2026, heure locale (UTC+02:00)" in text
    assert "Dimanche 25 octobre 2026, heure locale (UTC+01:00)" in text


def test_the_first_of_a_month_is_written_in_french(guide: Guide, facts: Facts) -> None:
    """The first day of a month is « 1er »."""
    session = replay(guide, datetime(2026, 12, 1, 8, tzinfo=WINTER), [])
    assert "mardi 1er décembre 2026 à 08:00 (UTC+01:00)" in exported("markdown", session, facts)


def test_an_event_that_its_guide_does_not_know_is_told_as_far_as_it_is(guide: Guide) -> None:
    """A sentence never fails: an event of no known step, item or deviation is told without it."""
    assert sentence(guide, Confirmed(BEGIN, "gone")) == ""
    assert sentence(guide, Event(BEGIN, "open")) == ""
    assert sentence(guide, Ticked(BEGIN, "tell", "gone")) == "Coché : "
    assert sentence(guide, Deviated(BEGIN, "open", "gone")) == "Écart."


@pytest.mark.parametrize("fmt", SESSION_FORMATS)
def test_a_record_says_where_it_comes_from(guide: Guide, facts: Facts, fmt: str) -> None:
    """Every format but the ticket holds the seal, the hashes, the guide, its dates, and that it is not official."""
    text = exported(fmt, replay(guide, BEGIN, to_the_end()), facts)
    assert "Essai" in text
    if fmt != "text":
        assert all(each in text.replace(" ", "") for each in PROVENANCE[1:2] + PROVENANCE[3:])
        assert PROVENANCE.tool in text
        assert "Fiche de 2026" in text
        assert "2026-11-24" in text or "24/11/2026" in text
    if fmt not in ("text", "json"):
        assert "n’est pas un document officiel de l’ANS" in text
        assert "Chaque événement porte l’empreinte du précédent" in text


def test_the_deadline_of_the_guide_is_in_the_dossier() -> None:
    """What a guide says is due, and by when, is told word for word: the 72 hours of the CNIL."""
    found = LIBRARY.find("fraud")
    ends = (script.session for script in WALKS[found.guide.id])
    session = next(each for each in ends if each.events[-1] == Ended(each.started, "follow-up", "contained"))
    assert "La CNIL est probablement à prévenir sous 72 h" in exported("pdf", session, found.facts)


# --------------------------------------------------------------------------------------------------- what it never says


def with_keep(keep: str) -> Guide:
    data = deepcopy(GUIDE)
    data["steps"][1]["keep"] = keep
    data["steps"][2]["keep"] = keep
    return shaped(Guide, data)


@pytest.mark.parametrize("fmt", SESSION_FORMATS)
@pytest.mark.parametrize("keep", ["never", "masked"])
def test_what_is_not_to_be_kept_is_in_no_format(facts: Facts, fmt: str, keep: str) -> None:
    """An answer of `keep: never` is nowhere, given or taken back, and of a masked one nothing but its masked form."""
    bare = exported(fmt, replay(with_keep(keep), BEGIN, to_the_end()), facts)
    assert "Cardiologie" not in bare
    assert "Urgences" not in bare
    assert "9970021" not in bare.replace(" ", "").replace(NO_BREAK, "")
    assert ("8 *** **** 8896" in bare.replace("\\", "")) is (keep == "masked")


@pytest.mark.parametrize("fmt", SESSION_FORMATS)
def test_an_exercise_is_marked_first_in_every_format(guide: Guide, facts: Facts, fmt: str) -> None:
    """The record of an exercise says so before all else, and that of a real walk never does."""
    session = replay(guide, BEGIN, to_the_end(), practice=True)
    text = exported(fmt, session, facts)
    assert text.startswith(("EXERCICE", "**EXERCICE", '{\n  "notice": "EXERCICE', "<!doctype html>"))
    assert "EXERCICE" not in "".join(exported(fmt, replace(session, practice=False), facts).split("</style>")[-1:])


def test_an_exercise_is_marked_on_each_page(guide: Guide, facts: Facts) -> None:
    """Each page of the PDF of an exercise says so, and so do the title, the top and the printed pages of the HTML."""
    session = replay(
        guide, BEGIN, [*to_the_list("x" * 2000), *(Noted(at(50_030), "tell", "y " * 900) for _ in range(4))]
    )
    session = replace(session, practice=True)
    pdf = export_session("pdf", session, facts, PROVENANCE)
    assert isinstance(pdf, bytes)
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) > 1
    assert all(page.extract_text().lstrip().startswith("EXERCICE") for page in pages)
    source = exported("html", session, facts)
    assert "<title>EXERCICE" in source
    assert '<body class="practice">\n<p class="notice" role="note">EXERCICE' in source


# ------------------------------------------------------------------------------------------------------- hostile texts


def note_session(guide: Guide, note: str) -> Session:
    return replay(guide, BEGIN, to_the_list(note))


SPOKEN = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(
    lambda text: bool(sanitize(text))
)
MARKS = st.text("#*_`[]()<>!|\\~&;$^{}@:/.-+=1 awx\n\"'", min_size=1, max_size=40).filter(
    lambda text: bool(sanitize(text))
)
once = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


@once
@given(SPOKEN | MARKS)
@example(HOSTILE)
@example("\u202emerde\u202c\u2066")
@example("1. # - > \t```")
def test_a_note_is_read_back_from_every_text_format(guide: Guide, facts: Facts, note: str) -> None:
    """Whatever was noted is, read by a parser of the format, the same text, in one place, and nothing else."""
    session = note_session(guide, note)
    said = f"Note : « {sanitize(note)} »"
    assert said in [entry["text"] for entry in json.loads(exported("json", session, facts))["events"]]
    assert typeset(said) in Page(exported("html", session, facts)).texts
    assert typeset(said) in list(markdown_texts(exported("markdown", session, facts)))
    assert said in exported("text", session, facts).split("\n")


@once
@given(MARKS)
@example("- a")
@example("1) a")
@example("[x](javascript:alert(1))")
@example("===")
def test_no_text_is_markdown(text: str) -> None:
    """A text alone in a paragraph, after a bullet or in a heading is one run of that text for a Markdown reader."""
    wanted = " ".join(text.split())
    for prefix in ("", "- ", "# "):
        found = [each for each in markdown_texts(prefix + escaped(wanted)) if each]
        assert found == ([wanted] if wanted else [])


@pytest.mark.parametrize(
    "text",
    [
        *(
            "8 *** **** 8896",
            "le fichier note_de_service",
            "R&D & co",
            "a > b < 3",
            "{x} ^ 2",
            "n° #12 = 4",
            "-5 °C, +33",
        ),
        *("24.12 à 18:30", "C:\\Users", "une barre | et ]", "à ~ 3 min", "!", "fin #1."),
    ],
)
def test_what_is_no_markup_is_not_escaped(text: str) -> None:
    """A text in which nothing is markup is written as it is: whoever reads the source reads no backslash of ours."""
    assert escaped(text) == text
    assert list(markdown_texts(text)) == [text]


@pytest.mark.parametrize("text", ["a | b", "|", "\\|", "a\\| b", ":-: | -", "|-|"])
def test_a_bar_never_ends_a_cell(text: str) -> None:
    """In a table, a bar is text wherever it stands, behind a backslash too."""
    table = Document("", "k", "t", (), (Section("", (Table(("x", "y"), ((text, "z"),), (50, 50)),)),), "", BEGIN)
    assert list(markdown_texts(to_markdown(table)))[-2:] == [text, "z"]


def test_a_bare_address_is_no_link_in_markdown() -> None:
    """What some readers make a link of, an address or a name after @, is broken up."""
    assert escaped("https://a.b www.a.b c@d") == "https\\://a.b www\\.a.b c\\@d"


def test_the_html_holds_no_script_and_asks_for_nothing(guide: Guide, facts: Facts) -> None:
    """The page has no script, nothing from elsewhere, links to facts alone; it forbids itself more; it is in French."""
    page = Page(exported("html", note_session(guide, HOSTILE), facts))
    assert not {"script", "img", "link", "iframe", "form", "object", "base"} & {*page.tags}
    assert not {name for name, _ in page.attributes if name.startswith("on") or name in ("src", "action")}
    assert {value for name, value in page.attributes if name == "href"} == {PAGE}
    assert ("lang", "fr") in page.attributes
    assert any("default-src 'none'" in (value or "") for name, value in page.attributes if name == "content")
    assert page.tags.count("h1") == 1
    assert page.open == []
    source = exported("html", note_session(guide, HOSTILE), facts)
    assert "url(" not in source
    assert "@import" not in source


def test_the_tables_of_the_html_name_their_columns_and_rows(guide: Guide, facts: Facts) -> None:
    """Every heading of a table says whether it is of a column or of a row, for a screen reader."""
    source = exported("html", replay(guide, BEGIN, to_the_end()), facts)
    page = Page(source)
    assert page.tags.count("th") == source.count('scope="col"') + source.count('scope="row"')


def test_hostile_texts_reach_the_pdf_as_text(guide: Guide, facts: Facts) -> None:
    """What looks like Typst, or like a command, is printed as it was typed."""
    text = exported("pdf", note_session(guide, HOSTILE), facts)
    for each in ('#import "x"', '#read("/etc/passwd")', "<script>alert(1)</script>", "*gras*", "$x^2$", "&amp;"):
        assert each in text


@pytest.mark.parametrize("note", ["x" * 2000, "mot ! " * 330, "مرحبا 你好 🙂", "é" * 41, '"]); #panic()', "\\u{0} \\"])
def test_any_note_makes_a_pdf(guide: Guide, facts: Facts, note: str) -> None:
    """Texts without a space, of other scripts, or that end strings elsewhere, all make a PDF of few pages."""
    pdf = export_session("pdf", note_session(guide, note), facts, PROVENANCE)
    assert isinstance(pdf, bytes)
    assert pdf.startswith(b"%PDF-")
    assert 1 <= len(PdfReader(BytesIO(pdf)).pages) <= 3


def test_a_sign_that_no_font_has_is_named(guide: Guide, facts: Facts) -> None:
    """What the PDF cannot draw is said by its code at the end; of what it can draw, nothing is said."""
    said = "Signes que ce PDF n’a pas de quoi dessiner"
    assert said not in exported("pdf", note_session(guide, "Ünïcödé Жанна Σημα محمد ☑ ≥ → œ"), facts)
    lost = exported("pdf", note_session(guide, f"signe {NO_FONT_HAS}"), facts)
    assert f"U+{ord(NO_FONT_HAS):04X}." in lost[lost.index(said) :]


NO_FONT_HAS = "\U00016e40"
"""A letter of Medefaidrin, a script of a village in Nigeria."""


# ------------------------------------------------------------------------------------------------------------- formats


def test_the_pdf_is_the_same_each_time_and_says_what_it_is(guide: Guide, facts: Facts) -> None:
    """One session makes one PDF, to the byte: its date is the last event's, its title and language are set."""
    session = replay(guide, BEGIN, to_the_end())
    pdf = export_session("pdf", session, facts, PROVENANCE)
    assert isinstance(pdf, bytes)
    assert pdf == export_session("pdf", session, facts, PROVENANCE)
    reader = PdfReader(BytesIO(pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == "Relevé d’un incident de sécurité — Essai"
    assert reader.metadata.creation_date == at(50_040)
    assert reader.root_object["/Lang"] == "fr-FR"
    assert "Page 1 sur" in pdf_text(pdf)


def test_an_ordinary_dossier_fits_two_pages() -> None:
    """Every walk of the guide for fraud makes a PDF of one or two A4 pages."""
    found = LIBRARY.find("fraud")
    for script in WALKS[found.guide.id]:
        pdf = export_session("pdf", script.session, found.facts, PROVENANCE)
        assert isinstance(pdf, bytes)
        pages = PdfReader(BytesIO(pdf)).pages
        assert len(pages) <= 2
        assert [round(float(side)) for side in pages[0].mediabox[2:]] == [595, 842]


@pytest.mark.parametrize("lines", [51, 52, 53, 54])
def test_a_heading_never_stands_on_another_page_than_its_table(lines: int) -> None:
    """Wherever a page ends, a section begins with what it is about, and not with its heading alone."""
    filled = Section("Début", (Bullets(tuple(f"ligne {number}" for number in range(lines))),))
    table = Table(("Heure", "Événement"), (("08:00", "Passée"),), (20, 80))
    section = Section("Annexe", (Paragraph("Samedi 28 novembre"), table))
    pdf = to_pdf(Document("", "Relevé", "Essai", (Span("Fait."),), (filled, section), "pied", BEGIN))
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    assert (
        len({next(at for at, text in enumerate(pages) if each in text) for each in ("Annexe", "Samedi", "Passée")}) == 1
    )


def test_a_long_address_is_broken_between_its_parts() -> None:
    """In a column of a PDF an address goes on below after a slash, a dot or a hyphen, never within a word."""
    address = "https://www.example.org/" + "/".join(["conseils-departementaux"] * 5)
    section = Section("Contacts", (Addresses((Code("Annuaire", address, address),)),))
    pdf = to_pdf(Document("", "Relevé", "Essai", (Span("Fait."),), (section,), "pied", BEGIN))
    lines = PdfReader(BytesIO(pdf)).pages[0].extract_text().splitlines()
    broken = [line for line in lines if "conseils" in line or "departementaux" in line]
    assert len(broken) > 1
    assert all(line[-1] in "/.-" for line in broken[:-1])


def test_without_its_package_the_pdf_says_how_to_go_on(
    guide: Guide, facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without Typst, the refusal says what to install, and which other format needs nothing."""
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MissingExtra, match=f"{re.escape(how_to_add('pdf'))}.*--format html"):
        export_session("pdf", replay(guide, BEGIN, []), facts, PROVENANCE)


def test_a_format_that_does_not_exist_is_refused(guide: Guide, facts: Facts) -> None:
    """No other word is taken for a format."""
    with pytest.raises(ValueError, match="no such format"):
        export_session("docx", replay(guide, BEGIN, []), facts, PROVENANCE)


def test_the_json_has_stable_keys_and_times_with_an_offset(guide: Guide, facts: Facts) -> None:
    """The keys of the JSON are in English and always there; a time is ISO 8601 with its offset."""
    told: dict[str, Any] = json.loads(exported("json", replay(guide, BEGIN, to_the_end()), facts))
    assert [*told] == [
        *("notice", "format", "practice", "label", "kind", "state", "text", "outcome", "started", "last", "seconds"),
        *(
            "answers",
            "lines",
            "passed",
            "next",
            "events",
            "setbacks",
            "leaps",
            "misdated",
            "stages",
            "contacts",
            "links",
            "sources",
            "others",
            "origin",
        ),
    ]
    assert [*json.loads(exported("json", replay(guide, BEGIN, []), facts))] == [*told]
    assert (told["kind"], told["state"], told["outcome"], told["seconds"]) == ("dossier", "success", "done", 101)
    assert told["started"] == "2026-11-24T19:30:00+01:00"
    assert all(datetime.fromisoformat(entry["at"]).utcoffset() is not None for entry in told["events"])
    assert told["lines"][0] == {
        "step": "tell",
        "list": "Prévenir",
        "item": "am",
        "text": "L’Assurance Maladie",
        "recorded": True,
        "contact": {"name": "Aide", "value": "0 806 800 213", "price": "", "verified_on": None},
        "at": "2026-11-25T09:23:50+01:00",
        "time": "09:21",
        "person": "Mme Núñez",
        "reference": "AB-42",
    }
    assert told["origin"]["seal"] == PROVENANCE.seal
    assert date.fromisoformat(told["origin"]["verified_on"]) == guide.verified_on


@pytest.mark.parametrize("guide_id", GUIDES)
def test_every_walk_of_every_guide_has_its_record_in_every_text_format(guide_id: str) -> None:
    """Each scripted walk is told, parsed back whole, with the outcome that it reached and no masked number."""
    found = LIBRARY.find(guide_id)
    for script in WALKS[found.guide.id]:
        told = record_of(script.session, found.facts)
        made = {fmt: exported(fmt, script.session, found.facts) for fmt in TEXT_FORMATS}
        assert typeset(told.text) in "".join(Page(made["html"]).texts), script.name
        assert any(typeset(told.text) in text for text in markdown_texts(made["markdown"])), script.name
        assert json.loads(made["json"])["text"] == told.text
        assert told.text in made["text"]
        assert len(json.loads(made["json"])["events"]) == len(script.session.events)
        assert not any("9970021" in text.replace(" ", "").replace(NO_BREAK, "") for text in made.values())


@pytest.mark.parametrize("guide_id", first_of(2, GUIDES))
def test_every_guide_has_its_record_as_pdf(guide_id: str) -> None:
    """One walk to each outcome of each guide makes a PDF that says the outcome."""
    found = LIBRARY.find(guide_id)
    ends = {record_of(script.session, found.facts).outcome: script.session for script in WALKS[found.guide.id]}
    assert {*ends} == {*found.guide.outcomes}
    for session in ends.values():
        text = exported("pdf", session, found.facts)
        assert record_of(session, found.facts).text[:30].replace(NO_BREAK, " ") in text.replace(NO_BREAK, " ")


def test_the_html_and_the_markdown_of_a_document_by_hand() -> None:
    """A document becomes its headings, lists, boxes and paragraphs, in order."""
    sections = (Section("Suite & fin", (Bullets(("a < b",)), Bullets(("c", "d"), (True, False)), Paragraph("_e_"))),)
    lead = (Span("Terminé.", bold=True), Span(" Bien."))
    told = Document("", "Relevé", "Essai", lead, sections, "pied", BEGIN)
    assert to_markdown(told) == (
        "# Relevé — Essai\n\n**Terminé.** Bien.\n\n## Suite & fin\n\n- a < b\n\n- [x] c\n- [ ] d\n\n\\_e\\_\n"
    )
    source = to_html(told)
    assert "<h2>Suite &amp; fin</h2>\n<ul>\n<li>a &lt; b</li>\n</ul>" in source
    assert '<li><span aria-hidden="true">☑</span>c</li>\n<li><span aria-hidden="true">☐</span>d</li>' in source
    assert "<p>_e_</p>" in source
    assert to_pdf(told).startswith(b"%PDF-")


@pytest.mark.usefixtures("unmeasured")
def test_a_format_imports_itself_only() -> None:
    """The last screen of a walk needs the ticket, which is made of the record alone, without the other formats."""
    code = "import sys; import ecps_cli.exports.ticket; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {*ran.stdout.split()}
    assert {name for name in loaded if name.startswith("ecps_cli.exports.")} == {
        "ecps_cli.exports.clock",
        "ecps_cli.exports.record",
        "ecps_cli.exports.ticket",
    }
    assert not loaded & {"typst", "jinja2", "segno", "html", "ecps_cli.qr"}
