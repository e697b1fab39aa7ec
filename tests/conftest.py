"""What several tests share: a small guide that has one of everything, its facts, and a clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ecps_cli.core.guide import Fact, Facts, Guide

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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of `test_snapshots` and `test_matrix`."""
    parser.addoption("--update-snapshots", action="store_true", help="keep the screens as they are now")
    parser.addoption("--whole-matrix", action="store_true", help="run every combination, not a quarter of them")


@pytest.fixture(scope="session")
def guide() -> Guide:
    return Guide.model_validate(GUIDE)


@pytest.fixture(scope="session")
def facts() -> Facts:
    return {
        "fiche": Fact(kind="source", name="La fiche", value="Fiche de 2026"),
        "aide": Fact(kind="phone", name="Aide", value="0 806 800 213", source="fiche"),
        "page": Fact(kind="url", name="La page", value="https://example.org/une/page/assez/longue", source="fiche"),
    }


class Clock:
    """A clock that moves ten seconds forward each time it is read."""

    def __init__(self, start: datetime = START) -> None:
        self.time = start

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=10)
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()
