"""Free text as it may be kept: an RPPS number in it masked as answers are, a secret code masked whole.

What a person writes of their own accord has no field that could refuse it: so it is masked before it is an event.
"""

from __future__ import annotations

import re
import unicodedata

from ecps_cli.core.rpps import read_rpps
from ecps_cli.core.text import sanitize
from ecps_cli.core.validators import VALIDATORS

MASK = "****"
"""What stands in place of a code: no longer than the shortest, and the same for all."""
NOT_KEPT = "un code ou un numéro RPPS n’a pas à être gardé."
MASKED = f"Masqué : {NOT_KEPT}"
"""What is said of a text in which something was masked, right after it."""

_MONTHS = "janvier | fevrier | mars | avril | mai | juin | juillet | aout | septembre | octobre | novembre | decembre"
_OTHER = rf"""
    (?<!\d) (?:0?[1-9]|[12]\d|3[01]) ([-./ ]) (?:0?[1-9]|1[0-2]) \1 (?:19|20)\d\d\b  # 28/11/2026
    | \b(?:19|20)\d\d ([-/]) \d\d \2 \d\d\b                                         # 2026-11-28
    | \b (?: depuis | {_MONTHS} ) \W (?:19|20)\d\d\b                                # 28 novembre 2026
    | (?<!\d) \d{{1,2}} [ ]?[h:][ ]? \d\d\b                                         # 14:30
    | (?<!\d) (?: \+33[ ]? | 0[ ]? ) [1-9] (?:[ .-]?\d){{8}} (?!\d)                  # 06 39 98 12 34
    | \b r?appel\w* \W (?:le|au) \W \d{{4}}\b                                       # appeler le 3608
    | (?<!du[ ]) (?<!de[ ]la[ ]) \b (?: glpi | tickets? | incident | inc | ritm | req | dossier | demande | plainte
      | pv | ref(?:erence)? | poste | bureau | salle | chambre | page | version | articles? )
      [ ._-]{{0,2}} (?:n\W{{1,2}})? \d[\d./-]*                                        # GLPI 4711
    | 8[ ]\*{{3}}[ ]\*{{4}}[ ]\d{{4}}                                                 # an RPPS, masked
    """
"""Numbers that are no code, in letters without accents: a day, a time, a telephone, a ticket, a room."""

PUBLIC_CODES = (
    r"posta(?:l|ux) | erreur | retour | insee | finess | ccam | ngap | cim | ape | naf | qr | barre | penal | service"
    r" | commune | departement | region | pays | specialite | profession | etablissement | organisme | regime"
    r" | produit | couleur | http | source"
)
"""What a code may be of that anybody may know, in letters without accents."""

_OF = r"(?:(?:du|des?|d|l|la|le)\W+){0,2}"
_WORDS = r"mdp | mots?\W*de\W*passe | pass(?:word|code|phrase)"
_SECRET = rf"""(?<![^\W\d_]) (?:codes?)?? (?: p\W?i\W?n | puk | otp | nip | cpe | {_WORDS} | cryptogramme | cv[vc]2?
    | secrete?s? | (?<!qr\W) (?:digi)?codes? (?!\W+{_OF}(?:{PUBLIC_CODES})s?\b) ) (?![^\W\d_])"""
_CODE = r"(?<!\d) (?<!\d[/:,]) (?<!\+) \d(?:[ .-]?\d){3,7} (?![ .-]?\d) (?![/:]\d)"
_IT_IS = r"(?: c\W?est\W+ (?:(?:le|un|mon|son)\W+)? )?"
_BETWEEN = rf"(?: [^\d.;!?] | \d{{1,3}}(?=\W*[^\W\d_]) ){{0,60}} | \W{{0,8}} {_IT_IS}"
"""What may stand between a secret's name and the code: words, a small number of something (« à 4 chiffres »)."""
_BEFORE = r"""[ ,(=:]{0,3} (?:(?:c\W?est|sont|est|etait|comme|pour|en)\W+)?
    (?:(?:les?|la|l|un|du|de|d|mon|ma|ses|son|sa|leur|votre)\W+){0,2}"""
_NAMED = rf"{_SECRET} (?:{_BETWEEN}) (?P<code>{_CODE})"
_NAMED_AFTER = rf"(?P<code>{_CODE}) {_BEFORE} {_SECRET}"
_PASSWORD = rf"""(?<![^\W\d_]) (?:{_WORDS}) (?: \W+ (?:est|etait|c\W?est) )? [ :="'«(]{{1,4}}
    (?P<code> (?=\S*\d) (?=\S*[^\W\d_]) (?!\d+\w?\b) \S{{4,}}? ) (?= [.,;:»)"']* (?:\s|$) )"""
"""A password beside its name: letters and digits in one word. One of letters alone reads as any word of a sentence."""
_SECRETS = (_PASSWORD, _NAMED, _NAMED_AFTER)
"""These patterns are compiled with the first text, since no screen waits for one."""
_NUMBER = re.compile(r"(?<![\d+])(?:8[ .-]?)?\d(?:[ .-]?\d){10}(?!\d)")
"""As long as an RPPS number: 11 digits, or 12 with the 8 in front, however they are grouped."""


def masked(text: str) -> str:
    """Text on one line as it may be kept: sanitised, its RPPS numbers and its secret codes masked.

    What is masked may leave digits beside the name of a secret: they are looked at again, until nothing changes.
    """
    kept = _without_codes(_without_rpps(sanitize(text)))
    return kept if kept == text else masked(kept)


def hides(text: str) -> bool:
    """Whether something of a text is masked before it is kept."""
    return masked(text) != sanitize(text)


def _without_rpps(text: str) -> str:
    at = 0
    while found := _NUMBER.search(text, at):
        digits = "".join(str(int(each)) for each in found[0] if each.isdecimal())
        if not _is_rpps(digits):
            at = found.start() + 1
            continue
        mask = VALIDATORS["rpps"].mask(digits)
        text = text[: found.start()] + mask + text[found.end() :]
        at = found.start() + len(mask)
    return text


def _is_rpps(digits: str) -> bool:
    """Whether digits are an RPPS number, or one with a slip of the hand: all that are known begin like these."""
    return bool(read_rpps(digits).key_ok) or digits[-11:].startswith(("100", "101", "997", "999"))


def _without_codes(text: str) -> str:
    """Text without the codes that stand after a secret's name, or before it; each name may have several."""
    plain = re.sub(_OTHER, lambda other: re.sub(r"\d", "x", other[0]), _plain(text), flags=re.VERBOSE)
    while found := next(filter(None, (re.search(each, plain, re.VERBOSE) for each in _SECRETS)), None):
        start, end = found.span("code")
        text, plain = (f"{each[:start]}{MASK}{each[end:]}" for each in (text, plain))
    return text


def _plain(text: str) -> str:
    """Text in small letters without accents, each character in its place."""
    return "".join(unicodedata.normalize("NFD", each)[0].lower()[0] for each in text)
