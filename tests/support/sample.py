"""What most tests begin from: a small guide that has one of everything, and a clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
GUIDE: dict[str, Any] = {
    "format": "1",
    "id": "demo",
    "version": "1",
    "title": "Essai",
    "verified_on": "2026-11-24",
    "review_by": "2027-05-24",
    "sources": ["fiche"],
    "fits": ["Le médecin est là."],
    "otherwise": [{"if": "C’est une fraude", "guide": "fraud"}, {"if": "Pas de téléphone", "do": "Revenir demain."}],
    "needs": ["Un téléphone."],
    "contacts": ["aide"],
    "links": ["page"],
    "steps": [
        {
            "id": "open",
            "section": "Préparer",
            "who": "doctor",
            "device": "phone",
            "do": "Ouvrir **l’application**.",
            "expect": "L’accueil est affiché.",
            "help": "L’icône porte le nom **e-CPS**.",
            "links": ["page"],
            "deviations": [
                {"id": "old", "if": "L’ancien écran.", "do": "Continuer.", "then": "continue"},
                {"id": "black", "if": "Écran noir.", "do": "Rallumer.", "then": "retry", "max": "2"},
                {"id": "stolen", "if": "Téléphone volé.", "do": "Arrêter.", "then": {"end": "stopped"}},
            ],
        },
        {"id": "rpps", "who": "support", "ask": "Numéro RPPS", "validate": "rpps", "keep": "masked"},
        {"id": "name", "who": "support", "ask": "Nom du service", "keep": "full"},
        {
            "id": "type",
            "section": "Activer",
            "who": "doctor",
            "device": "phone",
            "critical": "true",
            "why": "Un chiffre faux bloque la suite.",
            "do": "Taper le numéro.",
            "show": ["rpps", "name"],
            "deadline": "90 s",
            "resume_at": "open",
            "deviations": [
                {"id": "again", "if": "Refusé.", "do": "Reprendre.", "then": {"back": "rpps"}, "max": "1"},
            ],
        },
        {
            "id": "seen",
            "who": "support",
            "choose": "Cela marche-t-il ?",
            "options": {"yes": "Oui", "no": "Non", "unsure": "Je ne sais pas"},
        },
        {
            "id": "stop",
            "who": "doctor",
            "device": "computer",
            "do": "Tout fermer.",
            "when": {"seen": ["no"]},
            "end": "stopped",
        },
        {
            "id": "pin",
            "who": "doctor",
            "device": "phone",
            "do": "Choisir le code.",
            "secret": "true",
            "when": {"seen": ["unsure", "yes"]},
        },
        {
            "id": "tell",
            "section": "Prévenir",
            "who": "support",
            "tick": "Prévenir",
            "items": [
                {
                    "id": "am",
                    "text": "L’Assurance Maladie",
                    "contact": "aide",
                    "record": ["time", "person", "reference"],
                },
                {"id": "ordre", "text": "L’Ordre", "link": "page"},
            ],
            "end": "done",
        },
    ],
    "outcomes": {
        "done": {"success": "true", "text": "C’est **activé**.", "next": ["Se connecter."], "contacts": ["aide"]},
        "stopped": {"success": "false", "text": "C’est arrêté."},
    },
}


class Clock:
    """A clock that moves ten seconds forward each time it is read."""

    def __init__(self, start: datetime = START) -> None:
        self.time = start

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=10)
        return self.time
