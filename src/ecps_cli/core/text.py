"""Text made fit to show and to keep: one sanitiser, one truncator, escapes for what nobody sees, no-break spaces."""

from __future__ import annotations

import json
import re
import unicodedata

MAX_TEXT = 2000
"""How much of a free text is kept, in characters: a note, not a file pasted by mistake."""


_STEERING = ("Cc", "Cf")
"""Categories of control characters and direction overrides."""


def is_clean(text: str) -> bool:
    """Whether a text holds no control character, no direction override and no half of a character."""
    return not any(unicodedata.category(character) in (*_STEERING, "Cs") for character in text)


def sanitize(text: str) -> str:
    """Text on one line, without control characters or direction overrides, cut to `MAX_TEXT` characters."""
    spaced = "".join(" " if character.isspace() else character for character in text[: 2 * MAX_TEXT])
    visible = "".join(character for character in spaced if unicodedata.category(character) not in _STEERING)
    valid = "".join("\ufffd" if unicodedata.category(character) == "Cs" else character for character in visible)
    return " ".join(valid.split())[:MAX_TEXT]


def shorten(text: object, length: int = 40) -> str:
    """Beginning of a text, sanitised, in at most `length` characters: safe to quote in a sentence."""
    line = sanitize(str(text)[: 4 * length])
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


NO_BREAK = "\u00a0"


def typeset(text: str) -> str:
    """Text, as long as it was, with no-break spaces before : ; ! ? and » (but a key behind ·), after «."""
    return re.sub(r" (?:(?=[:;!?»])(?<=[^\s·] )|(?<=« ))", NO_BREAK, text)  # the space first: five times as fast


def text_digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal: what `sha256sum` says of its file."""
    import hashlib  # OpenSSL with it, which costs the first screen two milliseconds

    return hashlib.sha256(text.encode()).hexdigest()


def visible(text: str) -> str:
    """Text whose unseen characters are escapes, as JSON writes them: what steers a terminal, or the order of writing.

    Its lines and tabs stay.
    """
    return text.translate(_SHOWN)


def visible_line(text: object) -> str:
    """The same on one line: the name of a file may hold anything, and must not look like a line of ours."""
    return visible(str(text)).replace("\n", "\\n").replace("\t", "\\t")


class _Shown(dict[int, str]):
    """Code of a character → what is written for it, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        unseen = unicodedata.category(character) in _UNSEEN and character not in _SEEN
        self[code] = json.dumps(character)[1:-1] if unseen else character
        return self[code]


_SHOWN = _Shown()
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Categories of controls, marks of direction, halves of characters, and separators that break lines to some."""
_SEEN = "\n\t\u200c\u200d"
"""Those of them that are shown: U+200C and U+200D join letters and emoji."""
