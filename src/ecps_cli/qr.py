"""A fact as a QR code: what a phone's camera reads, and the modules that make it."""

from __future__ import annotations

from typing import Literal

from ecps_cli.core.guide import Fact

QUIET = 4
"""Light modules around a code, without which readers miss it (ISO/IEC 18004)."""

Modules = tuple[tuple[bool, ...], ...]
"""The rows of a code, its quiet zone included; True is dark."""


def payload(fact: Fact) -> str:
    """Return what the code of a fact says: an https address, or the `tel:` of a number as one dials it in France.

    The number stays national (RFC 3966 calls it local): a short one such as 3608 has no other form.
    """
    if fact.kind == "phone":
        return "tel:" + "".join(character for character in fact.value if character in "+0123456789")
    return fact.value


def modules(text: str, correction: Literal["l", "m"] = "m") -> Modules:
    """Return the QR code of a text, as small as its error correction allows.

    Medium (15 % of a code may be lost) for paper, which gets stained; low (7 %) for a screen, which has few lines.
    """
    import segno

    code = segno.make(text, micro=False, error=correction, boost_error=correction == "l")
    return tuple(tuple(bool(dark) for dark in row) for row in code.matrix_iter(border=QUIET))
