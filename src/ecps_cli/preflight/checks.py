"""The readings of this PC → checks: a question, one of three answers, and the remedy of each "no". Pure values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Literal, NamedTuple

from ecps_cli.preflight.cards import Family, family_of


class Answer(StrEnum):
    """Answer to a question about this PC; the value is what JSON and a record hold."""

    YES = "yes"
    NO = "no"
    UNSEEN = "unseen"

    @property
    def said(self) -> str:
        """French of it."""
        return {"yes": "oui", "no": "non", "unseen": "ne se voit pas d’ici"}[self.value]


class Check(NamedTuple):
    """One question of the preflight, answered. Texts are French, on one line; an empty one says nothing."""

    id: str
    question: str
    answer: Answer
    remedy: str = ""
    """What to do; each "no" has one."""
    detail: str = ""
    """What was seen, or why nothing is."""


# --------------------------------------------------------------------------------------------------- what can be read

System = Literal["windows", "macos", "other"]


class Service(NamedTuple):
    """PC/SC service of the system."""

    running: bool | None
    """None where the system does not say."""
    start: int | None = None
    """How Windows starts it: 2 automatic, 3 by hand, 4 disabled."""


class Slot(NamedTuple):
    """A reader, and the card in it."""

    reader: str
    card: Literal["none", "silent", "read"] = "none"
    """A card is silent that gives no ATR."""
    atr: bytes = b""
    held: bool = False
    """Whether another program has it for itself."""


class Slots(NamedTuple):
    """Every reader that PC/SC sees, or why it sees none that could be told."""

    slots: tuple[Slot, ...] = ()
    why_unseen: str = ""
    remedy: str = ""


class Cryptolib(NamedTuple):
    """Cryptolib CPS of the system."""

    file: str = ""
    searched: bool = True
    """Whether all the places were searched where it would be: then no file means no Cryptolib."""
    version: str = ""
    """Version in the Windows registry."""


class Readings(NamedTuple):
    """All that was read of this PC."""

    system: System
    service: Service
    slots: Slots
    cryptolib: Cryptolib
    browsers: tuple[str, ...] = ()
    hosts: tuple[tuple[str, str, bool | None], ...] = ()
    """Fact id, host, and whether it takes a connection; None where this PC goes through a proxy."""


def checks_of(readings: Readings) -> list[Check]:
    """Return the checks, in the order in which they are to be mended; each has its id, whatever the system."""
    return [
        _service(readings.system, readings.service),
        *_slots(readings.slots),
        _cryptolib(readings.cryptolib),
        _version(readings.system, readings.cryptolib),
        _browser(readings.browsers),
        *_hosts(readings.hosts),
    ]


# ------------------------------------------------------------------------------------------------ service and readers

WINDOWS_SERVICE = "Démarrez le service « Carte à puce » (SCardSvr), type de démarrage « Automatique »."
STARTS = {2: "automatique", 3: "manuel", 4: "désactivé"}
AUTOMATIC = 2
SERVICES = {
    "windows": ("Le service « Carte à puce » est-il démarré ?", WINDOWS_SERVICE),
    "macos": ("Le service PC/SC répond-il ?", ""),
    "other": ("Le service PC/SC (pcscd) est-il démarré ?", "Installez le paquet pcscd, ou démarrez ce service."),
}


def _service(system: System, service: Service) -> Check:
    question, remedy = SERVICES[system]
    if service.running is None:
        return Check("service", question, Answer.UNSEEN)
    start = STARTS.get(service.start or 0, "")
    detail = f"Type de démarrage : {start}." if start else ""
    if not service.running:
        return Check("service", question, Answer.NO, remedy, detail)
    if start and service.start != AUTOMATIC:
        detail += " L’ANS demande « Automatique »."
    return Check("service", question, Answer.YES, detail=detail)


READER = "Un lecteur de carte est-il vu (PC/SC) ?"
PLUG = "Branchez le lecteur. S’il l’est déjà, un autre port USB aidera probablement."
GALSS = "Un lecteur piloté par le logiciel métier (GALSS, mode PSS) peut rester invisible d’ici."
CARD = "Une carte est-elle lue dans le lecteur ?"
INSERT = "Insérez la carte, la puce dans le bon sens. Si elle y est, un autre port USB aidera probablement."
HELD = "Un autre programme garde la carte pour lui : fermez le logiciel métier, ou prenez un autre lecteur PC/SC."
CPS = "Est-ce une carte CPS ?"
SWAP = "Insérez la carte CPS du médecin."
FAMILY_ONLY = "L’ATR dit la famille de la carte, ni son titulaire ni sa validité."


def _slots(seen: Slots) -> Iterator[Check]:
    """Yield the checks on the readers, on a card in one of them, and on its family."""
    if seen.why_unseen:
        yield Check("reader", READER, Answer.UNSEEN, seen.remedy, seen.why_unseen)
        yield Check("card", CARD, Answer.UNSEEN)
        yield Check("cps", CPS, Answer.UNSEEN)
        return
    if not seen.slots:
        yield Check("reader", READER, Answer.NO, PLUG, GALSS)
        yield Check("card", CARD, Answer.UNSEEN, detail="Aucun lecteur n’est vu.")
        yield Check("cps", CPS, Answer.UNSEEN)
        return
    yield Check("reader", READER, Answer.YES, detail=" ; ".join(slot.reader for slot in seen.slots))
    read = [slot for slot in seen.slots if slot.card == "read"]
    yield _card(seen.slots, read)
    yield _family(read)


def _card(slots: Sequence[Slot], read: Sequence[Slot]) -> Check:
    if not read:
        silent = any(slot.card == "silent" for slot in slots)
        detail = "Une carte est insérée, mais elle ne répond pas." if silent else ""
        return Check("card", CARD, Answer.NO, INSERT, detail)
    return Check("card", CARD, Answer.YES, detail=HELD if any(slot.held for slot in read) else "")


def _family(read: Sequence[Slot]) -> Check:
    """Return the check on the family: of several cards, as in a reader for two, one CPS is enough."""
    if not read:
        return Check("cps", CPS, Answer.UNSEEN, detail="Aucune carte n’est lue.")
    families = [(slot, family_of(slot.atr)) for slot in read]
    cards = [family.name for _, family in families if family and family.cps]
    if cards:
        return Check("cps", CPS, Answer.YES, detail=f"{' ; '.join(cards)}. {FAMILY_ONLY}")
    return Check("cps", CPS, Answer.NO, SWAP, " ".join(_other(slot, family) for slot, family in families))


def _other(slot: Slot, family: Family | None) -> str:
    return f"C’est une carte {family.name}." if family else f"Carte inconnue (ATR {slot.atr.hex().upper()})."


# ------------------------------------------------------------------------------------------- programs and the network

NEEDED = (5, 2)
CRYPTOLIB = "La Cryptolib CPS est-elle installée ?"
INSTALL = "Installez la Cryptolib CPS, version 5.2 ou plus. Elle ne sert qu’à la voie avec la carte."
VERSION = "La Cryptolib CPS est-elle en version 5.2 ou plus ?"
UPDATE = (
    "Installez une Cryptolib CPS 5.2 ou plus : une CPS4 la demande. Dernière connue : 5.2.6 (Windows, 8 mars 2026)."
)
BROWSER = "Chrome ou Edge est-il installé ?"
CHROME = "Installez Chrome ou Edge : avec Firefox, la connexion par carte peut échouer."
CARD_BROWSERS = ("Chrome", "Edge")
OUTAGE = "Vérifiez la connexion à internet. Si elle marche, réessayez plus tard : une panne nationale est possible."
PROXY = "Ce PC passe par un proxy : ouvrez l’adresse dans le navigateur."


def _cryptolib(found: Cryptolib) -> Check:
    if found.file:
        return Check("cryptolib", CRYPTOLIB, Answer.YES, detail=found.file)
    if found.searched:
        return Check("cryptolib", CRYPTOLIB, Answer.NO, INSTALL)
    return Check("cryptolib", CRYPTOLIB, Answer.UNSEEN, detail="Elle n’est pas dans les dossiers habituels.")


def _version(system: System, found: Cryptolib) -> Check:
    numbers = version_numbers(found.version)
    if numbers:
        newer = numbers >= NEEDED
        detail = f"Version {found.version}."
        return Check("cryptolib-version", VERSION, Answer(("no", "yes")[newer]), "" if newer else UPDATE, detail)
    detail = (
        "Le registre n’en donne pas la version." if system == "windows" else "La version ne se lit que sous Windows."
    )
    return Check("cryptolib-version", VERSION, Answer.UNSEEN, detail=detail)


def version_numbers(version: str) -> tuple[int, ...]:
    """Numbers of a version such as 5.2.6; none where it is not written so."""
    return tuple(map(int, version.split("."))) if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4}){1,3}", version) else ()


def _browser(browsers: Sequence[str]) -> Check:
    detail = f"{', '.join(browsers)}." if browsers else ""
    if any(each in CARD_BROWSERS for each in browsers):
        return Check("browser", BROWSER, Answer.YES, detail=detail)
    return Check("browser", BROWSER, Answer.NO, CHROME, detail)


def _hosts(hosts: Sequence[tuple[str, str, bool | None]]) -> Iterator[Check]:
    for fact_id, host, reached in hosts:
        name, question = f"network-{fact_id}", f"{host} répond-il (TCP 443) ?"
        if reached is None:
            yield Check(name, question, Answer.UNSEEN, detail=PROXY)
        else:
            yield Check(name, question, Answer.YES if reached else Answer.NO, "" if reached else OUTAGE)
