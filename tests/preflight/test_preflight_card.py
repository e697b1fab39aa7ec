"""The preflight on a real pcscd with a virtual reader: cards of every family, and all that may be missing."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from ecps_cli.core.events import Sensed
from ecps_cli.loading.library import open_library
from ecps_cli.preflight import pcsc
from ecps_cli.preflight.checks import CPS, HELD, Answer, Check
from ecps_cli.preflight.sensing import sense
from support import virtual_card
from support.commands import spawn
from support.sample import Clock
from support.stage import Stage
from support.virtual_card import VirtualCard, daemon, wait_for

CPS_ATRS = (
    "3BAC00402A001225006480000310009000",
    "3BAC00402A001225006480820212009000",
    "3BDC18FF00001225006480000401009000",
    "3B8F80010031B86404B0ECC1739401808290000E",
)
VITALE = "3B7513000048 09EA9000"
BANK = "3B6800000073C84012009000"
YES, NO, UNSEEN = Answer

pytestmark = pytest.mark.card


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep this machine's one place for a pcscd for this test, or skip it with its reason."""
    if why := virtual_card.why_not():
        pytest.skip(why)
    monkeypatch.delenv("PCSCLITE_CSOCK_NAME", raising=False)
    with virtual_card.exclusive():
        if virtual_card.answers():
            pytest.skip("a pcscd is running already")
        yield


Insert = Callable[..., VirtualCard]


@pytest.fixture
def insert(alone: None) -> Iterator[Insert]:
    """Run a pcscd with the virtual reader, and return what puts a card into it."""
    with daemon(), ExitStack() as inserted:
        wait_for(lambda: seen()["reader"].answer is YES)

        def insert(atr: str, slot: int = 0) -> VirtualCard:
            card = VirtualCard(atr, slot)
            inserted.callback(card.pull)
            return card

        yield insert


def seen() -> dict[str, Check]:
    return {check.id: check for check in sense()}


def answers(found: dict[str, Check]) -> list[Answer]:
    return [found[name].answer for name in ("service", "reader", "card", "cps")]


def with_card() -> dict[str, Check]:
    """Return the checks once a card is read."""
    return wait_for(lambda: found if (found := seen())["card"].answer is YES else None)


def test_without_daemon_the_service_is_no() -> None:
    """The service that does not run is said, with its remedy; what hangs on it is not guessed."""
    found = seen()
    assert answers(found) == [NO, UNSEEN, UNSEEN, UNSEEN]
    assert found["service"].remedy


def test_without_reader_the_reader_is_no(tmp_path: Path) -> None:
    """A service without readers is told from one with empty readers, and readers that PC/SC cannot see are named."""
    with daemon(tmp_path):
        found = seen()
    assert answers(found) == [YES, NO, UNSEEN, UNSEEN]
    assert "GALSS" in found["reader"].detail


@pytest.mark.usefixtures("insert")
def test_an_empty_reader_is_named() -> None:
    """Without a card the reader is still seen, by its name."""
    found = seen()
    assert answers(found) == [YES, YES, NO, UNSEEN]
    assert "Virtual PCD 00 00" in found["reader"].detail


@pytest.mark.parametrize("atr", CPS_ATRS)
def test_each_known_cps_is_one_and_is_sent_nothing(insert: Insert, atr: str) -> None:
    """The four CPS cards known are recognised, and no command reaches the card: a PIN could not."""
    card = insert(atr)
    assert answers(with_card()) == [YES, YES, YES, YES]
    assert virtual_card.POWER_ON in card.received
    assert card.commands == []


@pytest.mark.parametrize(("atr", "told"), [(VITALE, "Vitale"), (BANK, BANK)])
def test_another_card_is_no_cps(insert: Insert, atr: str, told: str) -> None:
    """A Vitale card is called one; any other is shown by its ATR; the remedy is the doctor's card."""
    card = insert(atr)
    found = with_card()
    assert answers(found) == [YES, YES, YES, NO]
    assert told in found["cps"].detail
    assert "CPS" in found["cps"].remedy
    assert card.commands == []


def test_a_cps_beside_a_vitale_is_enough(insert: Insert) -> None:
    """In a reader for two cards, both are there."""
    insert(VITALE)
    insert(CPS_ATRS[2], slot=1)
    found = wait_for(lambda: each if (each := seen())["cps"].answer is YES else None)
    assert found["cps"].detail.startswith("CPS4.")


def test_a_card_that_is_pulled_is_gone(insert: Insert) -> None:
    """What is told is what is there now."""
    card = insert(CPS_ATRS[0])
    with_card()
    card.pull()
    found = wait_for(lambda: each if (each := seen())["card"].answer is NO else None)
    assert found["cps"].answer is UNSEEN


def test_a_card_pulled_in_the_middle_never_makes_two_lines_contradict(insert: Insert) -> None:
    """Card and family come from one look, whenever the card comes and goes."""
    stop = threading.Event()

    def shuffle() -> None:
        while not stop.is_set():
            card = insert(CPS_ATRS[0])
            stop.wait(0.6)
            card.pull()
            stop.wait(0.4)

    shuffling = threading.Thread(target=shuffle)
    shuffling.start()
    looks = []
    try:
        end = time.monotonic() + 6
        while time.monotonic() < end:
            looks.append(tuple(answers(seen())))
    finally:
        stop.set()
        shuffling.join()
    assert set(looks) == {(YES, YES, YES, YES), (YES, YES, NO, UNSEEN)}


def test_a_program_that_holds_the_card_is_not_disturbed(insert: Insert) -> None:
    """A card that another program has for itself is read all the same, and that program goes on with it."""
    from smartcard import scard

    card = insert(CPS_ATRS[1])
    with_card()
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    code, handle, protocol = scard.SCardConnect(
        context, "Virtual PCD 00 00", scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_ANY
    )
    assert code == scard.SCARD_S_SUCCESS
    try:
        found = seen()
        code, _ = scard.SCardTransmit(handle, protocol, [0, 0xA4, 0, 0])
    finally:
        scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)
        scard.SCardReleaseContext(context)
    assert answers(found) == [YES, YES, YES, YES]
    assert found["card"].detail == HELD
    assert code == scard.SCARD_S_SUCCESS
    assert card.commands == [bytes([0, 0xA4, 0, 0])]


def test_the_command_tells_a_vitale_and_ends_with_1(insert: Insert) -> None:
    """The command, as a person and as a program use it, on a card that is none."""
    insert(VITALE)
    with_card()
    read, data = spawn("preflight", "--plain"), spawn("preflight", "--json")
    assert (read.code, data.code) == (1, 1)
    assert f"{CPS} Non. C’est une carte Vitale. Remède : Insérez la carte CPS du médecin." in read.said
    rows = {each["id"]: each for each in json.loads(data.out)["findings"]}
    assert (rows["card"]["answer"], rows["cps"]["answer"]) == ("yes", "no")


def test_a_daemon_that_never_answers_is_not_waited_for(tmp_path: Path) -> None:
    """A service that takes the connection and says nothing leaves the readers unseen, in bounded time."""
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(tmp_path / "comm"))
        deaf.listen()
        start = time.monotonic()
        ran = spawn("preflight", "--json", environ={"PCSCLITE_CSOCK_NAME": str(tmp_path / "comm")})
    assert time.monotonic() - start < 3 * pcsc.PATIENCE
    found = {each["id"]: each for each in json.loads(ran.out)["findings"]}
    assert [found[name]["answer"] for name in ("service", "reader", "card", "cps")] == ["yes", *["unseen"] * 3]
    assert found["reader"]["detail"] == pcsc.SILENT.why_unseen


def test_a_walk_records_the_card_that_this_pc_sees(insert: Insert) -> None:
    """The key of a step with the card asks this PC; the step then says by itself that the card is in the reader."""
    card = insert(CPS_ATRS[2])
    with_card()
    found = open_library(None, {}).find("activate-with-card")
    stage = Stage(found.guide, found.facts, Clock())
    stage.walk.environment = replace(stage.walk.environment, sense=sense)
    session = stage.run("", "", "d", "")
    (event,) = (each for each in session.events if isinstance(each, Sensed))
    assert (event.step, event.seen) == ("insert-card", "CPS4")
    assert "carte CPS (CPS4)" in event.text
    assert "carte CPS4 dans le lecteur" in stage.output
    assert card.commands == []
