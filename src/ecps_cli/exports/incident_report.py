"""A record as a French document: the words for what happened, and their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby

from ecps_cli.core.dates import in_words
from ecps_cli.core.text import typeset
from ecps_cli.exports.clock import sentences, utc_offset
from ecps_cli.exports.document import (
    Addresses,
    Blanks,
    Block,
    Bullets,
    Code,
    Document,
    Pairs,
    Paragraph,
    Section,
    Table,
    Words,
)
from ecps_cli.exports.record import Entry, Line, Other, Provenance, Record, Reference
from ecps_cli.french.event_text import done_of_list, of_list, passed
from ecps_cli.french.typography import unbroken
from ecps_cli.french.words import PRACTICE, TO_DO, WHO, Span, duration, question_of, result_text, sentenced

KINDS = {"dossier": "Relevé d’un incident de sécurité", "summary": "Compte rendu"}
UNOFFICIAL = (
    "Ce relevé n’est pas un document officiel de l’ANS (Agence du Numérique en Santé), ni de l’Ordre, ni de "
    "l’Assurance Maladie. Il a été écrit au fil des étapes. Aucun code secret n’y est demandé ni gardé."
)
SEALED = (
    "Sceau : empreinte SHA-256 du dernier événement du journal. Chaque événement porte l’empreinte du précédent : "
    "un événement modifié après coup donnerait un autre sceau."
)


def report(record: Record, provenance: Provenance) -> Document:
    """Document that tells a record: the dossier of an incident, or a summary."""
    told = _dossier(record) if record.kind == "dossier" else _summary(record)
    sections = (*told, *_references(record), _origin(record, provenance))
    label = f" {record.label}" if record.label else ""
    return Document(
        notice=typeset(PRACTICE) if record.practice else "",
        kind=typeset(KINDS[record.kind] + (f" · Dossier :{label}" if label else "")),
        title=typeset(record.guide.title),
        lead=_lead(record),
        sections=tuple(section for section in sections if section.blocks),
        footer=typeset(f"Session {provenance.session_id} · sceau {provenance.seal[:16]}…"),
        date=record.last,
    )


def _lead(record: Record) -> Words:
    """How the walk stands: its result in bold, then its outcome or the step where it was left."""
    told = result_text(record.state, len(record.passed))
    result = typeset(told).capitalize()
    match record.state:
        case "unfinished":
            return Span(f"{result}.", bold=True), Span(typeset(f" Arrêté à l’étape : {record.text}"))
        case "abandoned":
            return Span(result, bold=True), Span(typeset(f" à l’étape : {record.text}"))
        case _:
            return Span(typeset(f"Résultat : {told}."), bold=True), Span(typeset(f" {record.text}"))


def _dossier(record: Record) -> Iterator[Section]:
    """Sections in the order in which they are read: what to fill in, what happened, what is left, then the rest."""
    yield Section("À remplir à la main", (Blanks(BLANKS), Paragraph(typeset(BY_HAND))))
    yield Section("En bref", (_pairs(_brief(record)),))
    facts = [entry for entry in record.events if _is_fact(record, entry)]
    tables = _by_day(FACTS, facts, partial(_fact, record))
    yield Section("Les faits, dans l’ordre", (*tables, *_of_the_clock(record)))
    yield from _kept(record)
    yield Section("Ce qui reste à faire", _bullets(_remaining(record), ticked=False))
    detours = [entry for entry in record.events if _is_detour(record, entry)]
    yield Section("Annexe : corrections et détours", tuple(_by_day(DETOURS, detours, partial(_detour, record))))


def _summary(record: Record) -> Iterator[Section]:
    yield Section("En bref", (_pairs(_brief(record)),))
    yield Section("Ce qui reste à faire", _bullets(_remaining(record), ticked=False))
    otherwise = [entry for entry in record.events if entry.kind not in COMMON or _is_told_elsewhere(entry)]
    yield Section(
        "Ce qui est arrivé en chemin",
        (*_by_day(DETOURS, otherwise, partial(_detour, record)), *_of_the_clock(record)),
    )
    yield Section("Les étapes", _table(STAGES, _stages(record)))


# ---------------------------------------------------------------------------------------------------------- in brief

BLANKS = (
    ("Victime : nom et prénom",),
    ("Numéro RPPS", "Téléphone"),
    ("Adresse",),
    ("Dossier écrit par : nom et qualité",),
    ("Fait à", "Le", "Signature"),
)
BY_HAND = "Ces lignes sont pour le stylo : l’outil ne demande ni ne garde rien de ce qui s’y écrit."


def _brief(record: Record) -> Iterator[tuple[str, str]]:
    yield "Début", _moment(record.started)
    yield "Dernier événement", _moment(record.last)
    yield "Temps passé", f"{duration(timedelta(seconds=record.seconds))}, pauses non comprises"
    for reply in record.answers:
        if reply.answer:
            yield question_of(reply.question), reply.answer


def _of_the_clock(record: Record) -> tuple[Block, ...]:
    """Sentences on the clock of the computer, where it was wrong."""
    order = ["Les lignes restent dans l’ordre où elles ont été écrites"] if record.setbacks else []
    return _bullets(f"{each}." for each in [*sentences(record.misdated, record.setbacks, record.leaps), *order])


# --------------------------------------------------------------------------------------------------- facts and detours

FACTS = ("Noté à", "Qui", "Fait", "Personne", "Référence"), (12, 12, 44, 16, 16)
DETOURS = ("Heure", "Qui", "Événement"), (12, 12, 76)
COMMON = ("confirmed", "answered", "ticked", "ended", "labelled")
"""The events of every walk: a summary tells its steps instead."""


def _is_fact(record: Record, entry: Entry) -> bool:
    """Whether a dossier tells an event among the facts: what was done and still holds, who was told, how it ended."""
    match entry.kind:
        case "confirmed":
            return entry.stands and all(line.step != entry.step for line in record.lines)
        case "ticked":
            return entry.stands and entry.act
        case "deviated" | "noted":
            return entry.stands
        case _:
            return entry.kind in ("ended", "abandoned", "reopened", "wentover", "cameback", "sensed")


def _is_told_elsewhere(entry: Entry) -> bool:
    """Whether somebody was told in another guide that a summary went over to."""
    return entry.kind == "ticked" and entry.act and entry.stands


def _is_detour(record: Record, entry: Entry) -> bool:
    """Whether an event is a correction or a detour: what no longer holds, and the way to it."""
    told_elsewhere = entry.kind == "labelled" or (entry.stands and entry.kind in ("answered", "ticked", "confirmed"))
    return not _is_fact(record, entry) and not told_elsewhere


def _fact(record: Record, entry: Entry) -> tuple[str, ...]:
    noted = f"{entry.at:%H:%M:%S}", _who(entry)
    line = next((each for each in record.lines if (each.step, each.item) == (entry.step, entry.item)), None)
    if line is None:
        return *noted, _with_step(record, entry), "", ""
    told = done_of_list(line.list, line.text, line.time)
    return *noted, told, line.person or "non notée", line.reference or "non notée"


def _detour(record: Record, entry: Entry) -> tuple[str, ...]:
    return f"{entry.at:%H:%M:%S}", _who(entry), _with_step(record, entry)


def _with_step(record: Record, entry: Entry) -> str:
    """Sentence of an event; a deviation alone does not say at which step something else was seen."""
    step = next((stage.text for stage in record.stages if stage.step == entry.step), "")
    return (
        f"{entry.text} Étape : {sentenced(question_of(step))}"
        if entry.kind in ("deviated", "wentover") and step
        else entry.text
    )


def _by_day(
    columns: tuple[tuple[str, ...], tuple[int, ...]], entries: Iterable[Entry], row: Callable[[Entry], tuple[str, ...]]
) -> Iterator[Block]:
    """Tables of events, one for each day and UTC offset, under these."""
    for day, told in groupby(entries, key=lambda entry: f"{in_words(entry.at)}, heure locale ({utc_offset(entry.at)})"):
        yield Paragraph(day[0].upper() + day[1:])
        yield from _table(columns, map(row, told))


def _who(entry: Entry) -> str:
    return WHO[entry.who].label if entry.who else ""


def _kept(record: Record) -> Iterator[Section]:
    """Lists of what was ticked and needed no name: each line once, with its time."""
    ticked = [line for line in record.lines if not line.recorded and line.at]
    for heading, lines in groupby(ticked, key=lambda each: each.list):
        told = (f"{line.text} : coché le {line.at:%d/%m/%Y à %H:%M}" for line in lines)
        yield Section(typeset(heading.rstrip(".")), _bullets(told, ticked=True))


# ------------------------------------------------------------------------------------------------- what remains to do


def _remaining(record: Record) -> Iterator[str]:
    """Tasks that remain, as far as the guide and the record say."""
    if record.state in ("unfinished", "abandoned"):
        yield f"Reprendre à l’étape : {record.text}"
    for line in record.lines:
        if line.at is None:
            yield f"{of_list(line.list, line.text)}{_call(line)}"
    yield from (passed(step.text, step.why) for step in record.passed if not step.question)
    yield from record.next


def _call(line: Line) -> str:
    return f" — {line.contact.name} : {unbroken(line.contact.value)}" if line.contact else ""


STAGES = ("N°", "Étape", "État", "Durée"), (6, 64, 13, 17)


def _stages(record: Record) -> Iterator[tuple[str, ...]]:
    number = within = 0
    for stage in record.stages:
        within = within + 1 if "/" in stage.step else 0  # of a guide that was gone over to from the step before
        number += not within
        spent = duration(timedelta(seconds=stage.seconds)) if stage.state != TO_DO else ""
        yield f"{number}.{within}" if within else str(number), stage.text, stage.state, spent


# ------------------------------------------------------------------------------------------------- where it is from


def _references(record: Record) -> Iterator[Section]:
    contacts = (
        (each.name, unbroken(each.value) + (f" ({each.price})" if each.price else "")) for each in record.contacts
    )
    links = tuple(Code(typeset(each.name), each.value, each.value) for each in record.links)
    blocks = (_pairs(contacts), *((Addresses(links),) if links else ()))
    yield Section("Contacts", tuple(block for block in blocks if any(block)))
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
        *(row for other in record.others for row in _other(other)),
        ("Sceau", provenance.seal),
    ]
    blocks = _pairs(rows), Paragraph(typeset(SEALED)), Paragraph(typeset(UNOFFICIAL))
    return Section("Origine et sceau", blocks, small=True)


def _other(other: Other) -> Iterator[tuple[str, str]]:
    yield "Guide suivi en chemin", f"{other.guide}, vérifié le {_date(other.guide.verified_on)}"
    yield "Son empreinte", other.guide_sha256
    yield "Empreinte de ses faits", other.facts_sha256


# ------------------------------------------------------------------------------------------------------------- pieces


def _pairs(rows: Iterable[tuple[str, str]]) -> Pairs:
    return Pairs(tuple((typeset(name), typeset(value)) for name, value in rows))


def _bullets(items: Iterable[str], ticked: bool | None = None) -> tuple[Block, ...]:
    """List of texts, with boxes where it is said whether they are ticked."""
    texts = tuple(map(typeset, items))
    boxes = () if ticked is None else (ticked,) * len(texts)
    return (Bullets(texts, boxes),) if texts else ()


def _table(columns: tuple[tuple[str, ...], tuple[int, ...]], rows: Iterable[tuple[str, ...]]) -> tuple[Block, ...]:
    head, widths = columns
    told = tuple(tuple(map(typeset, row)) for row in rows)
    return (Table(head, told, widths),) if told else ()


def _date(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _moment(at: datetime) -> str:
    return f"{in_words(at)} à {at:%H:%M} ({utc_offset(at)})"
