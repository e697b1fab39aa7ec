"""The readers and their cards, by PC/SC: state and ATR alone.

No card is ever connected to: nothing is sent to it, and a program that works with it is not disturbed.
"""

from __future__ import annotations

import threading
from typing import Any

from ecps_cli.core.text import sanitize
from ecps_cli.installation import how_to_add
from ecps_cli.preflight.checks import Slot, Slots

STOPPED = Slots(why_unseen="Le service est arrêté.")
SILENT = Slots(why_unseen="PC/SC ne répond pas.")
PATIENCE = 3.0
"""Seconds to wait for a service that has stopped answering."""
TRIES = 3
"""How often the readers are listed when one leaves before it was looked at."""


def read_slots(running: bool | None) -> Slots:
    """State of every reader, as PC/SC tells it now; it is not asked when its service is known to be stopped."""
    try:
        from smartcard import scard
    except ImportError:
        return missing()
    if running is False:
        return STOPPED
    seen: list[Slots] = []
    reading = threading.Thread(target=lambda: seen.append(_read(scard)), daemon=True)
    reading.start()
    reading.join(PATIENCE)
    return seen[0] if seen else SILENT


def missing() -> Slots:
    """Nothing seen, for want of pyscard, and how to add it to this installation."""
    remedy = f"Pour voir d’ici les lecteurs et la carte : {how_to_add('card')}"
    return Slots(why_unseen="Il manque l’extra « card » (pyscard).", remedy=remedy)


def _read(scard: Any) -> Slots:
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if code != scard.SCARD_S_SUCCESS:
        return _refused(code)
    try:
        for _ in range(TRIES):
            code, seen = _look(scard, context)
            if code != scard.SCARD_E_UNKNOWN_READER:
                break
    finally:
        scard.SCardReleaseContext(context)
    return Slots(seen) if code == scard.SCARD_S_SUCCESS else _refused(code)


def _look(scard: Any, context: int) -> tuple[int, tuple[Slot, ...]]:
    """Return the result code, and with a success the slots."""
    code, readers = scard.SCardListReaders(context, [])
    if code == scard.SCARD_E_NO_READERS_AVAILABLE or (code == scard.SCARD_S_SUCCESS and not readers):
        return scard.SCARD_S_SUCCESS, ()
    if code != scard.SCARD_S_SUCCESS:
        return code, ()
    wanted = [(reader, scard.SCARD_STATE_UNAWARE) for reader in readers]
    code, states = scard.SCardGetStatusChange(context, 0, wanted)
    return code, tuple(_slot(scard, *state) for state in states) if code == scard.SCARD_S_SUCCESS else ()


def _slot(scard: Any, reader: str, state: int, atr: list[int]) -> Slot:
    present = bool(state & scard.SCARD_STATE_PRESENT)
    read = present and bool(atr) and not state & scard.SCARD_STATE_MUTE
    return Slot(
        sanitize(reader),
        "read" if read else "silent" if present else "none",
        bytes(atr) if read else b"",
        held=read and bool(state & scard.SCARD_STATE_EXCLUSIVE),
    )


def _refused(code: int) -> Slots:
    return SILENT._replace(why_unseen=f"PC/SC ne répond pas (0x{code & 0xFFFFFFFF:08X}).")
