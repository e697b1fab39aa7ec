"""What a check comes to, and how typed text is read and spoken of in every sentence about it.

How a thing may be typed (spaces, dashes, digits of other scripts, invisible characters) is settled once, in
`normalize`; the rules of each kind read what it returns. Pure functions of the text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from ecps_cli.core.text import NO_BREAK, typeset


class Accepted(NamedTuple):
    """The canonical value, and what was understood when that is worth saying."""

    value: str
    note: str = ""


class Doubtful(NamedTuple):
    """Readable, but to be confirmed by answering the same value again."""

    value: str
    message: str
    verified: bool
    """What the record says if the person insists."""
    offer: str
    """What the prompt offers: the value, or a repair of it; empty if it is typed again: two typings that agree."""


class Rejected(NamedTuple):
    """A sentence: what was read, what is wrong, what to do."""

    message: str


Verdict = Accepted | Doubtful | Rejected

_LIMIT = 300  # characters; a longer answer is a wrong paste, and no rule is asked to read it
_DASHES = "\u2212\u2043"  # minus sign and hyphen bullet, which Unicode does not file under dashes
_UNSEEN = "\u034f\u115f\u1160\u2800\u3164\ufe0e\ufe0f\uffa0"  # shown as nothing, yet not "format" characters


def _plain_character(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    kind = unicodedata.category(char)
    if digit is not None:
        return str(digit)
    if kind[0] == "Z" or char in "\t\r\n":
        return " "
    if kind[0] == "C" or char in _UNSEEN:
        return ""
    if kind == "Pd" or char in _DASHES:
        return "-"
    folded = unicodedata.normalize("NFKC", char)
    return folded if kind[0] in "PS" and len(folded) == 1 else char


def normalize(text: str) -> str:
    """Text as the rules read it: decimal digits, plain spaces and hyphens, nothing invisible, no margins."""
    return "".join(map(_plain_character, unicodedata.normalize("NFC", text))).strip()


def unaccent(text: str) -> str:
    """Text in lower case without its accents: août → aout."""
    return re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text.lower()))


def unreadable(text: str, hint: str) -> str:
    """Reason why a text cannot be read at all; empty when it can."""
    if len(text) > _LIMIT:
        return f"{len(text)} caractères lus, c’est trop : donnez seulement {hint}."
    return "" if normalize(text) else f"Rien n’a été lu : donnez {hint}."


def quote(text: str) -> str:
    """Beginning of what was read, between French quotation marks."""
    words = " ".join(normalize(text).split())
    return f"«{NO_BREAK}{words if len(words) <= 30 else words[:29] + '…'}{NO_BREAK}»"


def count(seen: int, expected: int, where: str = "") -> str:
    """How many digits were read against how many are expected, and so how many are missing or too many."""
    gap = expected - seen
    verdict = f"il en manque {gap}" if gap > 0 else f"il y en a {-gap} de trop"
    return f"{expected} chiffres attendus{where}, {seen} {'lus' if seen > 1 else 'lu'} : {verdict}"


def accepted(value: str, sentence: str) -> Accepted:
    """Verdict that takes a value, and says what was understood."""
    return Accepted(value, typeset(sentence))


def rejected(sentence: str) -> Rejected:
    """Verdict that refuses, with this sentence."""
    return Rejected(typeset(sentence))


def offered(value: str, sentence: str) -> Doubtful:
    """Verdict that offers a value which is right as soon as it is what the person means."""
    return Doubtful(value, typeset(f"{sentence} Confirmez si c’est bien cela."), verified=True, offer=value)


def retyped(value: str, sentence: str) -> Doubtful:
    """Verdict that asks for the value once more, since it is most probably a slip."""
    return Doubtful(
        value,
        typeset(f"{sentence} La même réponse, redonnée, est gardée comme non vérifiée."),
        verified=False,
        offer="",
    )


def unlike(verdict: Accepted | Doubtful, said: str, mask: str) -> Doubtful:
    """Verdict that doubts a value, as it is `said`, since it is not the one of which the record has this mask."""
    sentence = typeset(f"{said} ne va pas avec {mask}, gardé avant la reprise : une faute, ou un autre parcours ?")
    if isinstance(verdict, Accepted):
        return retyped(verdict.value, sentence)
    return verdict._replace(message=f"{sentence} {verdict.message}", verified=False)


def repaired(value: str, repair: str, sentence: str) -> Doubtful:
    """Verdict that offers a repair, and leaves the value to whoever insists on it."""
    return Doubtful(
        value,
        typeset(f"{sentence} Confirmez, ou retapez la même réponse pour la garder comme non vérifiée."),
        verified=False,
        offer=repair,
    )
