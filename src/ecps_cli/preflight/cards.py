"""Which family of card an ATR belongs to. It tells neither the holder nor the validity."""

from __future__ import annotations

from typing import NamedTuple


class Family(NamedTuple):
    """A family of cards, and the bytes by which it is known."""

    name: str
    cps: bool
    atr: bytes
    mask: bytes
    """Bits that count."""
    longer: bool = False
    """Whether only the beginning of the ATR is known."""


def _family(name: str, atr: str, mask: str = "", cps: bool = True, longer: bool = False) -> Family:
    wanted = bytes.fromhex(atr)
    return Family(name, cps, wanted, bytes.fromhex(mask) if mask else b"\xff" * len(wanted), longer)


FAMILIES = (
    _family("CPS4", "3BDC18FF00001225006480000401009000"),
    # The two masks of Cryptolib CPS 5.2.2, of 2024-06-25: with contacts, and without.
    _family("CPS", "3B00000000001225006480000000009000", "FF00000000FFFFFFFFFFFF000000FFFFFF"),
    _family("CPS sans contact", "3B8F80010031B8640000ECC0739401808290000E", "FFFFFFFFFFFFFFFF0000FFC0FFFFFFFFFFFFFFFF"),
    _family("Vitale", "3B751300004009EA9000", "FFFFFFFFFFF0FFFFFFFF", cps=False),
    _family("Vitale", "3B751300004009FA9000", "FFFFFFFFFFF0FFFFFFFF", cps=False),
    _family("Vitale", "3F6525", cps=False, longer=True),
)
"""The first that fits is the card's."""


def family_of(atr: bytes) -> Family | None:
    """Family of the card that gave this ATR, or None if it is none of those known."""
    return next((each for each in FAMILIES if _fits(atr, each)), None)


def _fits(atr: bytes, family: Family) -> bool:
    if len(atr) != len(family.atr) and not (family.longer and len(atr) > len(family.atr)):
        return False
    return all((seen ^ wanted) & bits == 0 for seen, wanted, bits in zip(atr, family.atr, family.mask, strict=False))
