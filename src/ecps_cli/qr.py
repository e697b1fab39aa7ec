"""A fact as a QR code: what a phone's camera reads, as the modules of a screen or as a picture on a page."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from ecps_cli.core.guide import Fact
from ecps_cli.loading.compiled import compiled_code

if TYPE_CHECKING:
    from segno import QRCode

QUIET = 4
"""Light modules around a code, without which readers miss it (ISO/IEC 18004)."""

Modules = tuple[tuple[bool, ...], ...]
"""The rows of a code, its quiet zone included; True is dark."""


def payload(fact: Fact) -> str:
    """Text of the code of a fact: an https address, or the `tel:` of a number as one dials it in France.

    The number stays national (RFC 3966 calls it local): a short one such as 3608 has no other form.
    """
    if fact.kind == "phone":
        return "tel:" + "".join(character for character in fact.value if character in "+0123456789")
    return fact.value


def modules(text: str) -> Modules:
    """Code of a text for a screen, which has few lines: low correction (7 % may be lost), or more where it is free."""
    code = _code(text, "l")
    return tuple(tuple(bool(dark) for dark in row) for row in code.matrix_iter(border=QUIET))


def svg(text: str) -> str:
    """Code of a text for paper, as `draw` draws it: it was drawn with the wheel if it is that of a fact."""
    return compiled_code(text) or draw(text)


def draw(text: str) -> str:
    """Code of a text for paper, which gets stained: medium correction (15 %), as SVG, black on its own white."""
    picture = BytesIO()
    _code(text, "m").save(
        picture,
        kind="svg",
        border=QUIET,
        dark="#000",
        light="#fff",
        xmldecl=False,
        omitsize=True,
        svgclass=None,
        lineclass=None,
        nl=False,
    )
    return picture.getvalue().decode()


@lru_cache(64)
def _code(text: str, correction: Literal["l", "m"]) -> QRCode:
    """Code of a text: segno tries eight masks on it, which takes some 5 ms, once."""
    import segno

    return segno.make(text, micro=False, error=correction, boost_error=correction == "l")
