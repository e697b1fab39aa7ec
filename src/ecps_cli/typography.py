"""French typography: where a no-break space stands."""

from __future__ import annotations

import re

NO_BREAK = "\u00a0"


def typeset(text: str) -> str:
    """Return a text, as long as it was, with its no-break spaces: before : ; ! ? and », after «."""
    return re.sub(r"(?<=\S) (?=[:;!?»])|(?<=«) ", NO_BREAK, text)
