"""The page of statistics: one picture, and for each guide a table."""

from __future__ import annotations

from datetime import datetime

from ecps_cli.exports.document import Document, Paragraph, Picture, Section, Table, words
from ecps_cli.exports.statistics import HIDDEN, GuideFigures, StepFigures, count, heading, seconds
from ecps_cli.exports.unavailable import MissingExtra
from ecps_cli.installation import how_to_add


def to_document(guides: list[GuideFigures], hidden: bool, at: datetime) -> Document:
    """Figures as a document with one picture.

    Raises:
        MissingExtra: the package that draws it is not installed.

    """
    try:
        from ecps_cli.exports.picture import draw
    except ImportError as error:
        raise MissingExtra(f"L’image demande un paquet de plus. Pour l’avoir : {how_to_add('stats')}") from error
    picture = Picture(draw(guides), "Pour chaque étape, son temps médian et le nombre de parcours qui s’y arrêtent")
    told = "Aucune réponse, note, personne ni poste : des nombres de parcours."
    return Document(
        notice="",
        kind="Statistiques",
        title=f"Où l’on bute, au {at:%d/%m/%Y}",
        lead=words(f"{told} {HIDDEN}" if hidden else told),
        sections=(Section("", (picture,)), *map(_section, guides)),
        footer="Statistiques",
        date=at,
    )


def _section(guide: GuideFigures) -> Section:
    head = ("Étape", "Temps médian", "Parcours", "Pauses", "Abandons", "Écarts", "Ne correspond plus")
    rows = tuple((step.text, seconds(step.median), *map(count, _counts(step))) for step in guide.steps)
    results = " ; ".join(f"{each.text.rstrip('.')} ({count(each.walks)})" for each in guide.results)
    blocks = (Paragraph(f"Résultats : {results}"), Table(head, rows, (24, 13, 13, 11, 13, 10, 16)))
    return Section(heading(guide), blocks)


def _counts(step: StepFigures) -> tuple[int | None, ...]:
    return step.walks, step.paused, step.abandoned, step.deviated, step.mismatch
