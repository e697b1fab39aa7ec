"""The RPPS number: 11 digits with a Luhn key, or 12 with the 8 in front, and the numbers that are mistaken for it.

Source: ansforge/IG-modele-objets-sante, Professionnel.fsh and EntiteGeographique.fsh, 2026-04-20; JDV_J77.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ecps_cli.core.text import typeset
from ecps_cli.core.verdicts import (
    Accepted,
    Rejected,
    Verdict,
    count,
    normalize,
    offered,
    quote,
    retyped,
    unreadable,
)

RPPS_HINT = "11 chiffres, ou 12 en commençant par 8 ; exemple : 8 997 0021 8896"
_RETYPE = "tapez le RPPS, 11 chiffres, ou 12 avec le 8"
# ADELI is decommissioned, and doctors have had an RPPS since 2012 (DREES, 2025): the RPPS is to be looked up.
_LOOK_UP = "cherchez le RPPS sur annuaire.sante.fr ou, carte en main, sur sa 1re ligne"
_OTHER_NUMBERS = {  # (how many digits, the first one if it matters) → kind, what to say
    (9, ""): ("adeli", f"ancien numéro ADELI, ou RPPS incomplet ; {_LOOK_UP}"),
    (10, "0"): ("adeli", f"ancien numéro ADELI précédé de 0 ; {_LOOK_UP}"),
    (10, "3"): ("finess", f"un FINESS précédé de 3, donc un établissement ; {_RETYPE}"),
    (10, "4"): ("siren", f"un SIREN précédé de 4, donc une entreprise ; {_RETYPE}"),
    (12, "1"): ("cabinet-adeli", f"un cabinet ADELI, ou un chiffre de trop ; {_RETYPE}"),
    (12, ""): ("unknown", f"le premier devrait être 8, ou un est de trop ; {_RETYPE}"),
    (14, ""): ("rpps-rang", f"un cabinet (RPPS-rang, ou SIRET), pas une personne ; {_RETYPE}"),
    (15, "5"): ("siret", f"un SIRET précédé de 5, donc un établissement ; {_RETYPE}"),
    (15, "6"): ("cabinet-rpps", f"un cabinet (6 puis RPPS-rang), pas une personne ; {_RETYPE}"),
}
# The unshifted digit row of a French keyboard (of the PC, then § and ! of the Mac), autocorrected or not
_AZERTY = dict(zip("&é\"'(-è_çà§!", "123456789068", strict=True))
_AZERTY |= dict.fromkeys("’‘ʼ′´`", "4") | dict.fromkeys("“”„″«»", "3")
# Letters for 0 and 1 in a number touch one of its digits; in a word (il, ll, hello) they are letters.
_LETTERS_AS_DIGITS = re.compile(r"(?<![^\W\d_])([OoIiLl]+(?=\d)|(?<=\d)[OoIiLl]+)(?![^\W\d_])")


class RppsReading(NamedTuple):
    """What a text is, read as an RPPS; `valid` when it may be taken as typed, without a question."""

    input: str
    national_id: str | None
    rpps: str | None
    valid: bool
    kind: str
    key_ok: bool | None
    message: str


def _whole(digits: str) -> bool:
    return len(digits) == 11 or (len(digits) == 12 and digits[0] == "8")


def _key_ok(digits: str) -> bool:
    """Whether the Luhn key is right; it runs over the last 11 digits, never over the 8 in front."""
    weighted = (int(digit) * (1 + rank % 2) for rank, digit in enumerate(reversed(digits[-11:])))
    return sum(sum(divmod(each, 10)) for each in weighted) % 10 == 0


def _digits(plain: str) -> tuple[str, str]:
    """Digits and, if it must be said, how they were understood; or none, and why."""
    digits, rest = re.sub("[^0-9]", "", plain), re.sub("[0-9 .-]", "", plain)
    if digits and not rest:
        return digits, ""
    if rest and all(char in _AZERTY for char in rest.lower()):
        # A hyphen is the key of the 6, or a separator as ever: whichever makes a whole number with a right key.
        rows = ["".join(_AZERTY.get(c, c) for c in plain.lower() if c not in drop) for drop in (" .", " .-")]
        if found := [row for row in rows if _whole(row)] or ([] if digits else rows[:1]):
            return max(found, key=_key_ok), "AZERTY sans Maj : "
    letters = _LETTERS_AS_DIGITS.search(plain) is not None
    if _whole(digits) and _key_ok(digits) and not letters:
        return digits, f"Lu sans {quote(rest)} : "
    why = "O et l sont des lettres, tapez les chiffres 0 et 1" if letters else f"il faut {RPPS_HINT}"
    return "", f"{quote(plain)} : {why}."


def read_rpps(text: str) -> RppsReading:
    """Reading of a text as an RPPS: what it is, whether it may be taken as one, and a French sentence that says so.

    Source: ansforge/IG-modele-objets-sante, Professionnel.fsh, 2026-04-20: 11 digits, the last one a Luhn key;
    the national id is 8 + RPPS. Numbers seen begin 100, 101, or 997 and 999 for tests: none is refused for that.
    """
    why = unreadable(text, RPPS_HINT)
    digits, lead = ("", why) if why else _digits(normalize(text))
    if _whole(digits):
        return _read_whole(text, digits, lead)
    size, first = len(digits), digits[:1]
    kind, what = _OTHER_NUMBERS.get((size, first)) or _OTHER_NUMBERS.get((size, "")) or ("unknown", "")
    if what:
        size_said = "" if lead else f", {size} chiffres"  # two lines of a terminal, at most
        lead += f"{quote(digits)}{size_said} : {what}."
    elif digits:
        lead += f"{count(size, 12 if first == '8' else 11)} ; relisez {quote(digits)} chiffre par chiffre."
    national_id = f"0{digits[-9:]}" if kind == "adeli" else None
    return RppsReading(text, national_id, None, False, kind, None, typeset(lead))


def _read_whole(text: str, digits: str, lead: str) -> RppsReading:
    rpps, key_ok = digits[-11:], _key_ok(digits)
    valid = key_ok and not lead and not _only_zeros(rpps)
    message = f"{lead}{show_rpps(rpps)}{_said_of(digits, rpps, key_ok, bool(lead))}."
    return RppsReading(text, f"8{rpps}", rpps, valid, "rpps", key_ok, typeset(message))


def _said_of(digits: str, rpps: str, key_ok: bool, repaired: bool) -> str:
    """What follows the number in the sentence about it; the less of it, the more was said of how it was read."""
    missing = "il manque un chiffre après ce 8" if digits == rpps and rpps[0] == "8" else ""
    if _only_zeros(rpps):
        return " : que des zéros, le numéro de personne"
    if not key_ok:
        why = "" if repaired else f", ou {missing}" if missing else " : très probablement une faute de frappe"
        return f", la clé est fausse{why} ; relisez-le"
    added = " ; lu sans le 8 du début, je l’ajoute" if digits == rpps and not repaired else ""
    added += f" (ou {missing})" if missing else ""
    return f", la clé est juste{added}{' ; c’est un numéro de test' if rpps.startswith(('997', '999')) else ''}"


def _only_zeros(rpps: str) -> bool:
    """Whether the number is one that passes for filled in: its key is right, and it is nobody's."""
    return set(rpps) == {"0"}


def check_rpps(text: str) -> Verdict:
    """Verdict on an RPPS: kept as 12 digits; doubted with a wrong key, of zeros, or among other characters."""
    reading = read_rpps(text)
    if reading.rpps is None:
        return Rejected(reading.message)
    value = f"8{reading.rpps}"
    if reading.valid:
        nothing_to_say = reading.message == f"{show_rpps(value)}, la clé est juste."
        return Accepted(value, "" if nothing_to_say else reading.message)
    return (offered if reading.key_ok and not _only_zeros(reading.rpps) else retyped)(value, reading.message)


def show_rpps(value: str) -> str:
    """Canonical number in groups, to read aloud and type: 8 997 0021 8896."""
    rpps = value[-11:]
    return f"8 {rpps[:3]} {rpps[3:7]} {rpps[7:]}"


def mask_rpps(value: str) -> str:
    """Canonical number of which the last four digits alone are left."""
    return f"8 *** **** {value[-4:]}"
