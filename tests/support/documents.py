"""A document that has each kind of block, for what lays documents out."""

from __future__ import annotations

from typing import get_args

from ecps_cli.exports.document import (
    Addresses,
    Blanks,
    Block,
    Bullets,
    Code,
    Codes,
    Document,
    Group,
    Groups,
    Pairs,
    Paragraph,
    Picture,
    Section,
    Table,
    Task,
    Tasks,
)
from ecps_cli.french.words import Span
from support.sample import START


def _words(text: str) -> tuple[Span, ...]:
    return (Span(text),)


RED = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 9"><rect width="90" height="9" fill="#ff0000"/></svg>'
BLOCKS: dict[type, Block] = {
    Paragraph: Paragraph("un-paragraphe"),
    Pairs: Pairs((("Début", "une-paire"),)),
    Blanks: Blanks((("un-blanc", "lieu"),)),
    Table: Table(("Heure", "Qui"), (("08:00", "une-case"), ("09:00", "Support")), (50, 50)),
    Bullets: Bullets(("une-puce", "à faire"), (True, False)),
    Groups: Groups((Group(_words("un-titre"), (_words("une-ligne"),)),)),
    Tasks: Tasks((Task(1, "Support", "", False, _words("une-étape"), (), (), (), ""),)),
    Codes: Codes((Code("un-code", "36 08", "tel:3608"),)),
    Addresses: Addresses((Code("une-adresse", "https://example.org/", "https://example.org/"),)),
    Picture: Picture(RED, "un-dessin"),
}
"""One block of each kind, by its kind; its words have a hyphen, and stand nowhere else."""
assert set(BLOCKS) == set(get_args(Block))
WORDS = [
    *("un-paragraphe", "une-paire", "un-blanc", "une-case", "une-puce", "un-titre", "une-ligne"),
    *("une-étape", "un-code", "une-adresse", "un-dessin"),
]
EVERY_BLOCK = Document("", "Relevé", "Essai", _words("Réussi."), (Section("", (*BLOCKS.values(),)),), "pied", START)
