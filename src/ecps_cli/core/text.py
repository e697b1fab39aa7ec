"""Foreign text made safe to show and to keep: one sanitiser, one truncator."""

from __future__ import annotations

import hashlib
import unicodedata

MAX_TEXT = 2000
"""How much of a free text is kept, in characters: a note, not a file pasted by mistake."""


_UNSEEN = ("Cc", "Cf")
"""Categories of control characters and direction overrides."""


def is_clean(text: str) -> bool:
    """Whether a text holds no control character, no direction override and no half of a character."""
    return not any(unicodedata.category(character) in (*_UNSEEN, "Cs") for character in text)


def sanitize(text: str) -> str:
    """Text on one line, without control characters or direction overrides, cut to `MAX_TEXT` characters."""
    spaced = "".join(" " if character.isspace() else character for character in text[: 2 * MAX_TEXT])
    visible = "".join(character for character in spaced if unicodedata.category(character) not in _UNSEEN)
    valid = "".join("\ufffd" if unicodedata.category(character) == "Cs" else character for character in visible)
    return " ".join(valid.split())[:MAX_TEXT]


def shorten(text: object, length: int = 40) -> str:
    """Beginning of a text, sanitised, in at most `length` characters: safe to quote in a sentence."""
    line = sanitize(str(text)[: 4 * length])
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def text_digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal: what `sha256sum` says of its file."""
    return hashlib.sha256(text.encode()).hexdigest()
