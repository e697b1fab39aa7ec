"""What follows from what was sensed: families of cards, versions, answers, remedies; no system is asked."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecps_cli.cli import preflight as command
from ecps_cli.preflight import pcsc
from ecps_cli.preflight.cards import family_of
from ecps_cli.preflight.checks import (
    Answer,
    Check,
    Cryptolib,
    Readings,
    Service,
    Slot,
    Slots,
    checks_of,
    version_numbers,
)
from support.commands import call

YES, NO, UNSEEN = Answer
CPS4 = bytes.fromhex("3BDC18FF00001225006480000401009000")
VITALE = bytes.fromhex("3B751300004809EA9000")
EMPTY, CARD, OTHER = Slot("A"), Slot("B", "read", CPS4), Slot("C", "read", b"\x3b\x00")

IDS = ["service", "reader", "card", "cps", "cryptolib", "cryptolib-version", "browser"]


def sensed(**other: object) -> Readings:
    """Return a PC on which all is well, but for what is given."""
    well = Readings("windows", Service(True, 2), Slots((CARD,)), Cryptolib("C:/x.dll", True, "5.2.6"), ("Chrome",))
    return well._replace(**other)  # type: ignore[arg-type]


def found(**other: object) -> dict[str, Check]:
    return {each.id: each for each in checks_of(sensed(**other))}


# -------------------------------------------------------------------------------------------------------------- cards


@pytest.mark.parametrize(
    ("atr", "family"),
    [
        ("3BAC00402A001225006480000310009000", "CPS"),
        ("3BAC00402A001225006480820212009000", "CPS"),
        ("3BDC18FF00001225006480000401009000", "CPS4"),
        ("3B8F80010031B86404B0ECC1739401808290000E", "CPS sans contact"),
        ("3B751300004809EA9000", "Vitale"),
        ("3B751300004609FA9000", "Vitale"),
        ("3F65250019097090 00", "Vitale"),
        ("3F6525", "Vitale"),
        ("3F65", None),
        ("3BAC00402A0012250064800003100090", None),  # one byte short
        ("3BAC00402A00122500648000031000900000", None),  # one byte more
        ("3BAC00402A001225006580000310009000", None),  # a bit that counts
        ("3B751300005809EA9000", None),
        ("3B751300004809EB9000", None),
        ("3B6800000073C84012009000", None),
        ("", None),
    ],
)
def test_a_family_is_known_by_the_bits_of_its_mask(atr: str, family: str | None) -> None:
    """The four CPS cards and Vitale cards are told; one bit or byte off, and it is another card."""
    told = family_of(bytes.fromhex(atr))
    assert (told.name if told else None) == family


@given(st.binary(max_size=33))
def test_any_atr_has_an_answer(atr: bytes) -> None:
    """Whatever a card says of itself, the answer is yes only for a CPS, and each "no" has its remedy."""
    cps = found(slots=Slots((Slot("R", "read", atr),)))["cps"]
    family = family_of(atr)
    assert cps.answer is (YES if family and family.cps else NO)
    assert bool(cps.remedy) == (cps.answer is NO)


# ------------------------------------------------------------------------------------------------------------- checks


@pytest.mark.parametrize(
    ("other", "name", "answer", "told"),
    [
        ({"service": Service(True, 2)}, "service", YES, "automatique"),
        ({"service": Service(True, 3)}, "service", YES, "L’ANS demande « Automatique »."),
        ({"service": Service(True)}, "service", YES, ""),
        ({"service": Service(False, 4)}, "service", NO, "désactivé"),
        ({"service": Service(False)}, "service", NO, "SCardSvr"),
        ({"service": Service(None)}, "service", UNSEEN, ""),
        ({"service": Service(False), "system": "other"}, "service", NO, "pcscd"),
        ({"slots": Slots()}, "reader", NO, "GALSS"),
        ({"slots": Slots()}, "card", UNSEEN, "Aucun lecteur"),
        ({"slots": pcsc.missing()}, "reader", UNSEEN, "pip install"),
        ({"slots": pcsc.missing()}, "card", UNSEEN, ""),
        ({"slots": pcsc.STOPPED}, "reader", UNSEEN, "arrêté"),
        ({"slots": Slots((EMPTY, CARD))}, "reader", YES, "A ; B"),
        ({"slots": Slots((EMPTY,))}, "card", NO, "puce"),
        ({"slots": Slots((EMPTY,))}, "cps", UNSEEN, "Aucune carte"),
        ({"slots": Slots((Slot("A", "silent"),))}, "card", NO, "elle ne répond pas"),
        ({"slots": Slots((Slot("A", "silent"),))}, "cps", UNSEEN, ""),
        ({"slots": Slots((EMPTY, CARD))}, "card", YES, ""),
        ({"slots": Slots((CARD._replace(held=True),))}, "card", YES, "logiciel métier"),
        ({"slots": Slots((CARD,))}, "cps", YES, "CPS4."),
        ({"slots": Slots((OTHER, CARD))}, "cps", YES, "CPS4."),
        ({"slots": Slots((OTHER, Slot("V", "read", VITALE)))}, "cps", NO, "carte Vitale"),
        ({"slots": Slots((OTHER,))}, "cps", NO, "3B00"),
        ({"cryptolib": Cryptolib("x.dll")}, "cryptolib", YES, "x.dll"),
        ({"cryptolib": Cryptolib()}, "cryptolib", NO, "5.2 ou plus"),
        ({"cryptolib": Cryptolib(searched=False)}, "cryptolib", UNSEEN, "habituels"),
        ({"cryptolib": Cryptolib("x", version="5.2")}, "cryptolib-version", YES, "5.2."),
        ({"cryptolib": Cryptolib("x", version="5.10.0")}, "cryptolib-version", YES, "5.10.0."),
        ({"cryptolib": Cryptolib("x", version="6.0")}, "cryptolib-version", YES, ""),
        ({"cryptolib": Cryptolib("x", version="5.1.9")}, "cryptolib-version", NO, "5.2.6"),
        ({"cryptolib": Cryptolib("x", version="cinq")}, "cryptolib-version", UNSEEN, "registre"),
        ({"cryptolib": Cryptolib("x"), "system": "macos"}, "cryptolib-version", UNSEEN, "Windows"),
        ({"browsers": ("Edge", "Firefox")}, "browser", YES, "Edge, Firefox."),
        ({"browsers": ("Firefox",)}, "browser", NO, "Firefox."),
        ({"browsers": ()}, "browser", NO, "Chrome ou Edge"),
        ({"hosts": (("wallet", "w.fr", True),)}, "network-wallet", YES, "w.fr"),
        ({"hosts": (("wallet", "w.fr", False),)}, "network-wallet", NO, "réessayez"),
        ({"hosts": (("wallet", "w.fr", None),)}, "network-wallet", UNSEEN, "proxy"),
    ],
)
def test_each_answer_says_what_was_seen(other: dict[str, object], name: str, answer: Answer, told: str) -> None:
    """What was sensed has one answer; what is told of it stands in the line; a "no" alone must have a remedy."""
    check = found(**other)[name]
    assert check.answer is answer
    assert told in " ".join((check.question, check.remedy, check.detail))
    assert check.remedy or check.answer is not NO


@pytest.mark.parametrize("system", ["windows", "macos", "other"])
@pytest.mark.parametrize("slots", [Slots(), Slots((EMPTY,)), Slots((OTHER,)), pcsc.missing(), pcsc.STOPPED])
def test_the_ids_are_the_same_everywhere(system: str, slots: Slots) -> None:
    """A program, or a record, finds each line by its id on every system and whatever is there."""
    assert list(found(system=system, slots=slots)) == IDS


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("5.2.6", (5, 2, 6)), ("5.2", (5, 2)), ("5", ()), ("5.2.6-beta", ()), ("", ()), ("5..2", ()), ("٥.٢", ())],
)
def test_a_version_is_numbers_or_nothing(version: str, numbers: tuple[int, ...]) -> None:
    """A version that is not written as one is never compared."""
    assert version_numbers(version) == numbers


# ------------------------------------------------------------------------------------------------------------ PC/SC


@dataclass
class FakeScard:
    """PC/SC as pyscard has it, in which a reader may leave after it was listed."""

    leaves: int = 0
    """How often a look finds the reader gone."""
    state: int = 0x20
    atr: bytes = CPS4
    listed: int = 0
    released: bool = False

    SCARD_SCOPE_USER = SCARD_STATE_UNAWARE = SCARD_S_SUCCESS = 0
    SCARD_STATE_PRESENT, SCARD_STATE_EXCLUSIVE, SCARD_STATE_MUTE = 0x20, 0x80, 0x200
    SCARD_E_NO_READERS_AVAILABLE, SCARD_E_UNKNOWN_READER, SCARD_E_NO_SERVICE = 0x8010002E, 0x80100009, 0x8010001D

    def SCardEstablishContext(self, scope: int) -> tuple[int, int]:  # noqa: N802
        return 0, 7

    def SCardListReaders(self, context: int, groups: list[str]) -> tuple[int, list[str]]:  # noqa: N802
        self.listed += 1
        return 0, ["Reader \x1b[31m"]

    def SCardGetStatusChange(  # noqa: N802
        self, context: int, timeout: int, wanted: list[tuple[str, int]]
    ) -> tuple[int, list[tuple[str, int, list[int]]]]:
        assert timeout == 0
        if self.listed <= self.leaves:
            return self.SCARD_E_UNKNOWN_READER, []
        return 0, [(reader, self.state, list(self.atr)) for reader, _ in wanted]

    def SCardReleaseContext(self, context: int) -> None:  # noqa: N802
        self.released = True


@pytest.mark.parametrize(
    ("scard", "slots"),
    [
        (FakeScard(), Slots((Slot("Reader [31m", "read", CPS4),))),
        (FakeScard(leaves=2), Slots((Slot("Reader [31m", "read", CPS4),))),
        (FakeScard(leaves=3), Slots(why_unseen="PC/SC ne répond pas (0x80100009).")),
        (FakeScard(state=0x10, atr=b""), Slots((Slot("Reader [31m"),))),
        (FakeScard(atr=b""), Slots((Slot("Reader [31m", "silent"),))),
        (FakeScard(state=0x220), Slots((Slot("Reader [31m", "silent"),))),
        (FakeScard(state=0xA0), Slots((Slot("Reader [31m", "read", CPS4, held=True),))),
    ],
)
def test_a_reader_that_leaves_is_looked_for_again(scard: FakeScard, slots: Slots) -> None:
    """A reader unplugged between the list and the look is no error; names are sanitised; the context is released."""
    assert pcsc._read(scard) == slots
    assert scard.released


# -------------------------------------------------------------------------------------------------------- the command

WELL = checks_of(sensed())


@pytest.mark.parametrize(
    ("checks", "code", "told"),
    [
        (WELL, 0, "Rien de ce qui se voit d’ici ne manque."),
        (
            checks_of(sensed(service=Service(None), slots=pcsc.missing())),
            0,
            "Rien de ce qui se voit d’ici ne manque.",
        ),
        (checks_of(sensed(browsers=())), 1, "1 point à régler"),
        (checks_of(sensed(browsers=(), slots=Slots())), 1, "2 points à régler"),
    ],
)
@pytest.mark.parametrize("options", [(), ("--plain",), ("--json",)])
def test_the_exit_code_is_1_for_a_no(
    checks: list[Check], code: int, told: str, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """0 when no answer is "no", 1 with a "no", which the text counts; what is not seen from here is no fault."""
    monkeypatch.setattr(command, "sense", lambda hosts: checks)
    ran = call("preflight", *options)
    assert ran.code == code
    assert options == ("--json",) or told in ran.said
    assert ran.err == ""


def test_the_json_has_the_documented_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shape of `--json` is what docs/preflight.md says; another one needs another number."""
    monkeypatch.setattr(command, "sense", lambda hosts: WELL)
    data = json.loads(call("preflight", "--json").out)
    assert list(data) == ["format", "findings"]
    assert data["format"] == 1
    assert [each["id"] for each in data["findings"]] == IDS
    assert {tuple(each) for each in data["findings"]} == {("id", "question", "answer", "remedy", "detail")}
    assert {each["answer"] for each in data["findings"]} <= {"yes", "no", "unseen"}
    checkout = Path(os.environ.get("ECPS_CHECKOUT") or Path(__file__).parents[2])
    page = (checkout / "docs" / "preflight.md").read_text("utf-8")
    named = re.findall(r"^\| `(.+?)`(?:, `(.+?)`)?", page, re.MULTILINE)
    assert [name for row in named for name in row if name] == [
        *IDS,
        *(f"network-{each}" for each in command.HOST_FACTS),
    ]


def test_in_the_plain_look_each_finding_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Question, answer, remedy and detail follow each other as sentences."""
    monkeypatch.setattr(command, "sense", lambda hosts: checks_of(sensed(browsers=("Firefox",))))
    said = call("preflight", "--plain").said
    assert "Chrome ou Edge est-il installé ? Non. Firefox. Remède : Installez Chrome ou Edge : avec Firefox," in said
    assert "La Cryptolib CPS est-elle en version 5.2 ou plus ? Oui. Version 5.2.6." in said


def test_what_is_to_be_mended_stands_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a screen the checks stand under their answers, "no" last, where a low window still shows it."""
    checks = checks_of(sensed(service=Service(None), browsers=()))
    monkeypatch.setattr(command, "sense", lambda hosts: checks)
    said = call("preflight").said
    order = ("OUI", "Cryptolib", "NE SE VOIT PAS D’ICI", "service", "NON", "Chrome", "1 point à régler")
    places = [said.index(each) for each in order]
    assert places == sorted(places)


def test_no_host_is_asked_unless_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `--network` nothing goes out; with it, the hosts of the shipped facts are asked."""
    asked: list[object] = []
    monkeypatch.setattr(command, "sense", lambda hosts: asked.append(hosts) or WELL)
    call("preflight")
    call("preflight", "--network", environ={"ECPS_GUIDES": "/nowhere"})
    hosts = {"wallet": "wallet.esw.esante.gouv.fr", "test-page": "essaietaecps.eservices.esante.gouv.fr"}
    assert asked == [None, hosts]
