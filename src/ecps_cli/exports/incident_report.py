"""A record as a French document: the words for what happened, and their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

from ecps_cli.exports.document import Block, Bullets, Document, Pairs, Paragraph, Section, Table
from ecps_cli.exports.record import Entry, Line, Provenance, Record, Reference
from ecps_cli.french.event_text import labelled, quoted
from ecps_cli.french.typography import typeset, unbroken
from ecps_cli.french.words import DONE, PRACTICE, TO_DO, WHO, Span, duration, result_text

KINDS = {"dossier": "Relevé d’un incident de sécurité", "summary": "Compte rendu"}
UNOFFICIAL = (
    "Ce relevé n’est pas un document officiel de l’ANS (Agence du Numérique en Santé), ni de l’Ordre, ni de "
    "l’Assurance Maladie. Il a été écrit au fil des étapes. Aucun code secret n’y est demandé ni gardé."
)
SEALED = (
    "Sceau : empreinte SHA-256 du dernier événement du journal. Chaque événement porte l’empreinte du précédent : "
    "un événement modifié après coup donnerait un autre sceau."
)
WHOSE = "« Qui » est la personne à qui le guide confie l’étape. Entre guillemets : ce qui a été tapé, sans correction."


def report(record: Record, provenance: Provenance) -> Document:
    """Document that tells a record: the dossier of an incident, or a summary."""
    told = _dossier(record) if record.kind == "dossier" else _summary(record)
    sections = (*told, *_references(record), _origin(record, provenance))
    return Document(
        notice=typeset(PRACTICE) if record.practice else "",
        kind=typeset(KINDS[record.kind]),
        title=typeset(record.guide.title),
        lead=(Span(f"{_result(record)}.", bold=True), Span(typeset(f" {_lead(record)}"))),
        sections=tuple(section for section in sections if section.blocks),
        footer=typeset(f"Session {provenance.session_id} · sceau {provenance.seal[:16]}…"),
        date=record.last,
    )


def _result(record: Record) -> str:
    return typeset(result_text(record.state, len(record.passed))).capitalize()


def _lead(record: Record) -> str:
    return f"Arrêté à l’étape : {record.text}" if record.state == "unfinished" else record.text


def _dossier(record: Record) -> Iterator[Section]:
    yield Section("En bref", (_pairs(_brief(record)),))
    yield Section("Qui a été prévenu", _table(TOLD, map(_told, _recorded(record))))
    yield Section("Ce qui reste à faire", _to_tick(_remaining(record)))
    for heading, lines in groupby((line for line in record.lines if not line.recorded), key=lambda each: each.list):
        yield Section(typeset(heading.rstrip(".")), _checklist(lines))
    yield Section("Chronologie", (*_chronology(record), Paragraph(typeset(WHOSE))))


def _summary(record: Record) -> Iterator[Section]:
    yield Section("En bref", (_pairs(_brief(record)),))
    yield Section("Ce qui reste à faire", _to_tick(_remaining(record)))
    yield Section("Ce qui est arrivé en chemin", tuple(_chronology(record)))
    yield Section("Les étapes", _table(STAGES, _stages(record)))


# ---------------------------------------------------------------------------------------------------------- in brief


def _brief(record: Record) -> Iterator[tuple[str, str]]:
    yield "Début", _moment(record.started)
    yield "Dernier événement", _moment(record.last)
    yield "Temps passé", f"{duration(timedelta(seconds=record.seconds))}, pauses non comprises"
    for reply in record.answers:
        if reply.answer:
            yield reply.question.rstrip("."), reply.answer


TOLD = ("Qui prévenir", "Quand", "Personne", "Référence"), (32, 26, 22, 20)


def _recorded(record: Record) -> list[Line]:
    return [line for line in record.lines if line.recorded]


def _told(line: Line) -> tuple[str, ...]:
    if line.at is None:
        return f"{line.text}{_call(line)}", "PAS ENCORE", "—", "—"
    noted = f"noté le {line.at:%d/%m/%Y à %H:%M} ({_offset(line.at)})"
    when = f"{line.time}, {noted}" if line.time else noted
    return line.text, when, line.person or "non notée", line.reference or "non notée"


def _call(line: Line) -> str:
    return f" — {line.contact.name} : {unbroken(line.contact.value)}" if line.contact else ""


def _remaining(record: Record) -> Iterator[str]:
    """Tasks that remain, as far as the guide and the record say."""
    if record.state == "unfinished":
        yield f"Reprendre à l’étape : {record.text}"
    for line in record.lines:
        if line.at is None:
            yield f"{labelled(line.list, line.text)}{_call(line)}"
    for step in record.passed:
        yield f"Étape passée : {step.text} — raison : {quoted(step.why)}"
    yield from record.next


def _to_tick(items: Iterable[str]) -> tuple[Block, ...]:
    texts = tuple(map(typeset, items))
    return (Bullets(texts, (False,) * len(texts)),) if texts else ()


def _checklist(lines: Iterable[Line]) -> tuple[Block, ...]:
    told = [(f"{line.text} : {_ticked(line)}", line.at is not None) for line in lines]
    return (Bullets(tuple(typeset(text) for text, _ in told), tuple(ticked for _, ticked in told)),)


def _ticked(line: Line) -> str:
    return f"{DONE}, coché le {line.at:%d/%m/%Y à %H:%M}" if line.at else TO_DO


# ----------------------------------------------------------------------------------------------------- what happened

EVENTS = ("Heure", "Qui", "Événement"), (11, 11, 78)
COMMON = ("confirmed", "answered", "ticked", "ended")
"""The events of every walk: a summary tells its steps instead."""


def _chronology(record: Record) -> Iterator[Block]:
    """Tables of events, one for each day and UTC offset, under these."""
    told = [entry for entry in record.events if record.kind == "dossier" or entry.kind not in COMMON]
    if record.kind == "dossier":
        told = [Entry(record.started, "started", "", "", "Début."), *told]
    for day, entries in groupby(told, key=lambda entry: f"{_day(entry.at)}, heure locale ({_offset(entry.at)})"):
        yield Paragraph(day[0].upper() + day[1:])
        yield from _table(EVENTS, ((f"{each.at:%H:%M:%S}", _who(each), each.text) for each in entries))


def _who(entry: Entry) -> str:
    return WHO[entry.who].label if entry.who else ""


STAGES = ("N°", "Étape", "État", "Durée"), (6, 64, 13, 17)


def _stages(record: Record) -> Iterator[tuple[str, ...]]:
    for number, stage in enumerate(record.stages, 1):
        spent = duration(timedelta(seconds=stage.seconds)) if stage.state != TO_DO else ""
        yield str(number), stage.text, stage.state, spent


# ------------------------------------------------------------------------------------------------- where it is from


def _references(record: Record) -> Iterator[Section]:
    contacts = (
        (each.name, unbroken(each.value) + (f" ({each.price})" if each.price else "")) for each in record.contacts
    )
    links = ((each.name, each.value) for each in record.links)
    yield Section("Contacts", (_pairs([*contacts, *links]),))
    yield Section("Sources du guide", _bullets(map(_source, record.sources)), small=True)


def _source(source: Reference) -> str:
    return f"{source.value}{f' (vu le {_date(source.verified_on)})' if source.verified_on else ''}"


def _origin(record: Record, provenance: Provenance) -> Section:
    rows = [
        ("Session", provenance.session_id),
        ("Outil", provenance.tool),
        ("Guide suivi", f"{record.guide}, vérifié le {_date(record.guide.verified_on)}"),
        ("Empreinte du guide", provenance.guide_sha256),
        ("Empreinte des faits", provenance.facts_sha256),
        ("Sceau", provenance.seal),
    ]
    blocks = _pairs(rows), Paragraph(typeset(SEALED)), Paragraph(typeset(UNOFFICIAL))
    return Section("Origine et sceau", blocks, small=True)


# ------------------------------------------------------------------------------------------------------------- pieces


def _pairs(rows: Iterable[tuple[str, str]]) -> Pairs:
    return Pairs(tuple((typeset(name), typeset(value)) for name, value in rows))


def _bullets(items: Iterable[str]) -> tuple[Block, ...]:
    texts = tuple(map(typeset, items))
    return (Bullets(texts),) if texts else ()


def _table(columns: tuple[tuple[str, ...], tuple[int, ...]], rows: Iterable[tuple[str, ...]]) -> tuple[Block, ...]:
    head, widths = columns
    told = tuple(tuple(map(typeset, row)) for row in rows)
    return (Table(head, told, widths),) if told else ()


DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def _date(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _offset(at: datetime) -> str:
    """Offset of a time from UTC: UTC+01:00."""
    shift = f"{at:%z}"
    return f"UTC{shift[:3]}:{shift[3:5]}"


def _day(at: datetime) -> str:
    """Day in full: mardi 24 novembre 2026."""
    number = "1er" if at.day == 1 else str(at.day)
    return f"{DAYS[at.weekday()]} {number} {MONTHS[at.month - 1]} {at.year}"


def _moment(at: datetime) -> str:
    return f"{_day(at)} à {at:%H:%M} ({_offset(at)})"
