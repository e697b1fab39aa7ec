"""One reading of a link: what the checker judges is what is shown, copied, coded and opened."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

_LINK = re.compile(
    r"""(?P<scheme>https)://
        (?P<host>[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+)  # no user before it: https://good@bad leads to bad
        (?::(?P<port>[0-9]{1,5}))?
        (?:[/?#][!#-&(-;=?-Z\[\]_a-z~]*)?            # printable ASCII but quotes, < > \ ^ ` { | }
      | (?P<tel>tel):\+?[0-9](?:[.-]?[0-9]){1,14}""",
    re.VERBOSE,
)
_LAST_PORT = 65535


class Link(NamedTuple):
    """An address that may be followed."""

    scheme: Literal["https", "tel"]
    host: str
    """Where an https address leads; empty of a number."""
    address: str
    """The whole, as it was written."""


def parse_link(text: str) -> Link | None:
    """Link that a text is, whole; None when it is no https address nor a number to call."""
    found = _LINK.fullmatch(text)
    if found is None or int(found["port"] or 0) > _LAST_PORT:
        return None
    return Link("tel" if found["tel"] else "https", found["host"] or "", text)
