"""Typed text → a canonical value, a doubt to confirm, or a sentence that says what was read and what to do.

Pure functions of the text. How a thing may be typed (spaces, dashes, digits of other scripts, invisible
characters) is settled once, in `_plain`; the rules read plain text. `phonenumbers` and `email_validator` are
imported where they are used, so that a walk which asks for neither pays for neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple


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
    offer: bool
    """Whether the prompt may offer the value; if not, it is typed again: two typings that agree."""


class Rejected(NamedTuple):
    """A sentence: what was read, what is wrong, what to do."""

    message: str


Verdict = Accepted | Doubtful | Rejected


class Validator(NamedTuple):
    """One kind of answer: how it is checked, shown, masked and asked for."""

    name: str
    check: Callable[[str], Verdict]
    show: Callable[[str], str]
    """Canonical → the form to read aloud and to type."""
    mask: Callable[[str], str]
    """Canonical → what a masked record may hold, in ASCII."""
    hint: str
    sample: str
    """As it would be typed, an answer that is nobody's: a published test number, what the ARCEP keeps for fiction."""
    doubted: str = ""
    """As it would be typed, one that can be insisted on: nobody's either; empty where there is none such."""


# --- Text: how anything may be typed, and how it is spoken of

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


def _plain(text: str) -> str:
    return "".join(map(_plain_character, unicodedata.normalize("NFC", text))).strip()


def _unreadable(text: str, hint: str) -> str:
    """Return why a text cannot be read at all, or nothing."""
    if len(text) > _LIMIT:
        return f"{len(text)} caractères lus, c’est trop : donnez seulement {hint}."
    return "" if _plain(text) else f"Rien n’a été lu : donnez {hint}."


def _quote(text: str) -> str:
    words = " ".join(_plain(text).split())
    return f"« {words if len(words) <= 30 else words[:29] + '…'} »"


def _count(seen: int, expected: int) -> str:
    gap = expected - seen
    verdict = f"il en manque {gap}" if gap > 0 else f"il y en a {-gap} de trop"
    return f"{expected} chiffres attendus, {seen} {'lus' if seen > 1 else 'lu'} : {verdict}"


def _say(sentence: str) -> str:
    """Return the sentence with the no-break spaces of French typography."""
    return re.sub(r" (?=[:;!?»])|(?<=«) ", "\u00a0", sentence)


def _no(sentence: str) -> Rejected:
    return Rejected(_say(sentence))


def _offer(value: str, sentence: str) -> Doubtful:
    return Doubtful(value, _say(f"{sentence} Confirmez si c’est bien cela."), verified=True, offer=True)


def _again(value: str, sentence: str) -> Doubtful:
    insist = "Retapez-le : redonné à l’identique, il sera gardé comme non vérifié."
    return Doubtful(value, _say(f"{sentence} {insist}"), verified=False, offer=False)


# --- RPPS
# Source: ansforge/IG-modele-objets-sante, Professionnel.fsh and EntiteGeographique.fsh, 2026-04-20; JDV_J77.
# ADELI is decommissioned, and doctors have had an RPPS since 2012 (DREES, 2025): nine digits end no walk, one looks
# the RPPS up.

_RPPS_HINT = "11 chiffres, ou 12 en commençant par 8 ; exemple : 8 997 0021 8896"
_RETYPE = "tapez les 12 chiffres de la première ligne de la carte CPS, ou les 11 du RPPS"
_FIND_RPPS = "cherchez le RPPS sur annuaire.sante.fr, ou lisez la première ligne de la carte CPS"
_OTHER_NUMBERS = {  # (how many digits, the first one if it matters) → kind, what to say
    (9, ""): ("adeli", f"c’est un ancien numéro ADELI, ou un RPPS incomplet ; {_FIND_RPPS}"),
    (10, "0"): ("adeli", f"c’est un ancien numéro ADELI précédé de 0 ; {_FIND_RPPS}"),
    (10, "3"): ("finess", f"c’est un FINESS précédé de 3, donc un établissement ; {_RETYPE}"),
    (10, "4"): ("siren", f"c’est un SIREN précédé de 4, donc une entreprise ; {_RETYPE}"),
    (12, "1"): ("cabinet-adeli", f"c’est un cabinet ADELI, ou il y a un chiffre de trop ; {_RETYPE}"),
    (12, ""): ("unknown", f"le premier devrait être 8, ou il y en a un de trop ; {_RETYPE}"),
    (14, ""): ("rpps-rang", f"c’est un cabinet (RPPS-rang, ou SIRET), pas une personne ; {_RETYPE}"),
    (15, "5"): ("siret", f"c’est un SIRET précédé de 5, donc un établissement ; {_RETYPE}"),
    (15, "6"): ("cabinet-rpps", f"c’est un cabinet (6 puis RPPS-rang), pas une personne ; {_RETYPE}"),
}
# The unshifted digit row of a French keyboard (of the PC, then § and ! of the Mac), autocorrected or not
_AZERTY = dict(zip("&é\"'(-è_çà§!", "123456789068", strict=True))
_AZERTY |= dict.fromkeys("’‘ʼ′´`", "4") | dict.fromkeys("“”„″«»", "3")


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
    """Return whether the Luhn key is right; it runs over the last 11 digits, never over the 8 in front."""
    weighted = (int(digit) * (1 + rank % 2) for rank, digit in enumerate(reversed(digits[-11:])))
    return sum(sum(divmod(each, 10)) for each in weighted) % 10 == 0


def _digits(plain: str) -> tuple[str, str]:
    """Return the digits and, if it must be said, how they were understood; or none, and why."""
    digits, rest = re.sub("[^0-9]", "", plain), re.sub("[0-9 .-]", "", plain)
    if digits and not rest:
        return digits, ""
    if rest and all(char in _AZERTY for char in rest.lower()):
        # A hyphen is the key of the 6, or a separator as ever: whichever makes a whole number with a right key.
        rows = ["".join(_AZERTY.get(c, c) for c in plain.lower() if c not in drop) for drop in (" .", " .-")]
        if found := [row for row in rows if _whole(row)] or ([] if digits else rows[:1]):
            return max(found, key=_key_ok), "Lu comme la rangée de chiffres AZERTY sans Maj : "
    letters = any(set(word) <= set("OoIiLl") for word in re.findall(r"[^\W\d_]+", plain))
    if _whole(digits) and _key_ok(digits) and not letters:
        return digits, f"Lu en laissant de côté {_quote(rest)} : "
    why = "O et l sont des lettres, tapez les chiffres 0 et 1" if letters else f"il faut {_RPPS_HINT}"
    return "", f"{_quote(plain)} : {why}."


def read_rpps(text: str) -> RppsReading:
    """Return what the text is, whether it may be taken as an RPPS, and a French sentence that says so.

    Source: ansforge/IG-modele-objets-sante, Professionnel.fsh, 2026-04-20: 11 digits, the last one a Luhn key;
    the national id is 8 + RPPS. Numbers seen begin 100, 101, or 997 and 999 for tests: none is refused for that.
    """
    unreadable = _unreadable(text, _RPPS_HINT)
    digits, lead = ("", unreadable) if unreadable else _digits(_plain(text))
    if _whole(digits):
        return _read_whole(text, digits, lead)
    size, first = len(digits), digits[:1]
    kind, what = _OTHER_NUMBERS.get((size, first)) or _OTHER_NUMBERS.get((size, "")) or ("unknown", "")
    if what:
        lead += f"{_quote(digits)}, {size} chiffres : {what}."
    elif digits:
        lead += f"{_count(size, 12 if first == '8' else 11)} ; relisez {_quote(digits)} chiffre par chiffre."
    national_id = f"0{digits[-9:]}" if kind == "adeli" else None
    return RppsReading(text, national_id, None, False, kind, None, _say(lead))


def _read_whole(text: str, digits: str, lead: str) -> RppsReading:
    rpps, key_ok = digits[-11:], _key_ok(digits)
    message = f"{lead}{_show_rpps(rpps)}, la clé est {'juste' if key_ok else 'fausse'}"
    short = " (ou il manque un chiffre après ce 8)" if digits == rpps and rpps[0] == "8" else ""
    if not key_ok:
        message += f" : très probablement une faute de frappe{short}, relisez la première ligne de la carte"
    elif digits == rpps:
        message += f" ; lu sans le 8 du début, je l’ajoute{short}"
    if key_ok and rpps.startswith(("997", "999")):
        message += " ; c’est un numéro de test"
    if key_ok and lead:
        message += " ; comparez avec la carte"
    return RppsReading(text, f"8{rpps}", rpps, key_ok and not lead, "rpps", key_ok, _say(f"{message}."))


def _rpps(text: str) -> Verdict:
    reading = read_rpps(text)
    if reading.rpps is None:
        return Rejected(reading.message)
    value = f"8{reading.rpps}"
    if reading.valid:
        nothing_to_say = reading.message == f"{_show_rpps(value)}, la clé est juste."
        return Accepted(value, "" if nothing_to_say else reading.message)
    return (_offer if reading.key_ok else _again)(value, reading.message)


def _show_rpps(value: str) -> str:
    rpps = value[-11:]
    return f"8 {rpps[:3]} {rpps[3:7]} {rpps[7:]}"


def _mask_rpps(value: str) -> str:
    return f"8 *** **** {value[-4:]}"


# --- Telephone

_PHONE_HINT = "10 chiffres en commençant par 0 ; exemple : 01 99 00 12 34"
_MOBILE_HINT = "un mobile, 10 chiffres en commençant par 06 ou 07 ; exemple : 06 39 98 12 34"
_NO_PHONE = "ne se lit pas comme un numéro français : tapez 10 chiffres en commençant par 0, ou 9 après +33."
_REGIONS = ("RE", "YT", "GP", "MQ", "GF")  # dialled in all of France as 0692…, and yet not +33
_FRENCH = (33, 262, 590, 594, 596, 508, 681, 687, 689)
_DIALLED_WITH_0 = r"\+(?:33|262|590|594|596)(\d{9})"
# Source: Arcep, decision 2018-0881 (numbering plan): numbers kept for fiction, so for tests and examples.
_FICTION = r"\+33(19900|26191|35301|46571|53649|63998)\d{4}"


def _phone(plain: str, *, mobile_only: bool = False) -> Verdict:
    import phonenumbers as lib

    digits, types = re.sub("[^0-9]", "", plain), lib.PhoneNumberType
    mobiles = (types.MOBILE, types.FIXED_LINE_OR_MOBILE)
    if not digits or re.search(r"[^0-9+()./ -]", plain):
        return _no(f"{_quote(plain)} : un numéro de téléphone n’a que des chiffres ; donnez {_PHONE_HINT}.")
    try:
        number, *overseas = (lib.parse(plain, region) for region in ("FR", *_REGIONS))
    except lib.NumberParseException:
        return _no(f"{_quote(plain)} {_NO_PHONE}")
    personal = (types.FIXED_LINE, *mobiles)
    of_a_service = lib.is_valid_number(number) and lib.number_type(number) not in personal
    for each in () if of_a_service else overseas:  # 0806 is no number of French Guiana
        if lib.is_valid_number(each) and lib.number_type(each) in personal:
            number = each
    code, value = number.country_code, lib.format_number(number, lib.PhoneNumberFormat.E164)
    known, shown = lib.is_valid_number(number), _show_phone(value)
    if code not in _FRENCH:
        return _no(f"{_quote(plain)} est un numéro étranger (+{code}) ; demandez un numéro français.")
    if not lib.is_possible_number(number):
        dialled = re.match("0[1-9]", plain)
        return _no(f"{_quote(plain)} {f': {_count(len(digits), 10)} ; relisez.' if dialled else _NO_PHONE}")
    mobile = lib.number_type(number) in mobiles or (not known and str(number.national_number)[0] in "67")
    if mobile_only and not mobile:
        return _no(f"{shown} n’est pas un mobile : le SMS doit arriver sur un mobile, demandez son numéro.")
    if re.fullmatch(_FICTION, value):
        return Accepted(value, "Numéro réservé à la fiction, pour un essai seulement.")
    if not known:
        return _again(value, f"{shown} ne semble pas attribué : très probablement une faute de frappe, relisez.")
    return Accepted(value, "" if code == 33 else f"Numéro d’outre-mer, lu avec l’indicatif +{code}.")


def _show_phone(value: str) -> str:
    dialled = re.fullmatch(_DIALLED_WITH_0, value)
    pairs = re.findall("..?", f"0{dialled[1]}" if dialled else value[4:])
    return " ".join(pairs if dialled else [value[:4], *pairs])


def _mask_phone(value: str) -> str:
    return re.sub(r"\d(?=(\D*\d){2})", "*", _show_phone(value))


# --- E-mail

_EMAIL_HINT = "une adresse de courriel ; exemple : prenom.nom@example.org"
_EMAIL_FAULTS = (
    (r"^[^@]*$", "il manque l’arobase (@)"),
    (r"@.*@", "il y a deux arobases (@), ou deux adresses ; gardez-en une"),
    (r"\s", "il y a une espace, une adresse n’en a pas ; retapez-la"),
    (r"[,;:<>]", "donnez l’adresse seule, sans virgule, deux-points ni chevron"),
    (r"^@", "il manque ce qui précède l’arobase (@)"),
    (r"@$", "il manque le domaine, après l’arobase (@)"),
    (r"\.\.|^\.|\.@|@\.|\.$", "un point est de trop, au bord ou doublé ; retirez-le"),
    (r"@[^.]*$", "le domaine, après l’arobase, n’a pas de point ; complétez-le (.fr, .com…)"),
    (r"[^\x00-\x7f].*@", "une lettre accentuée ou un signe rare précède l’arobase ; relisez l’adresse"),
    (r"\.(test|invalid|local|localhost|onion|arpa)$", "ce domaine est réservé et ne reçoit aucun courriel"),
)


def _email(plain: str) -> Verdict:
    from email_validator import EmailNotValidError, validate_email

    for pattern, why in _EMAIL_FAULTS:
        if re.search(pattern, plain, re.IGNORECASE):
            return _no(f"{_quote(plain)} : {why}.")
    try:
        value = validate_email(plain, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        return _no(f"{_quote(plain)} n’est pas une adresse possible ; relisez-la lettre par lettre.")
    if re.search(r"[@.]mssante\.fr$", value):  # Source: ANS FAQ on the e-CPS
        return _no(f"{_quote(plain)} est une adresse MSSanté : l’adresse de contact doit en être une autre.")
    return Accepted(value)


def _mask_email(value: str) -> str:
    return f"{value[:1]}***@{value.rpartition('@')[2]}".encode("ascii", "replace").decode()


# --- Time of day


def impossible_time(text: str) -> bool:
    """Return whether a text reads as a time of day that there is not, as 25:10 does; "hier soir" does not."""
    found = re.fullmatch(r"\s*(\d{1,2})\s*[:hH]\s*(\d{1,2})?\s*", text)
    return found is not None and not (int(found[1]) < 24 and int(found[2] or 0) < 60)


# --- Date and department

_DATE_HINT = "le jour, le mois et l’année sur quatre chiffres ; exemple : 24/11/2026"
_DATES = (
    r"(?P<year>\d{4}) *[-/. ] *(?P<month>\d{1,2}) *[-/. ] *(?P<day>\d{1,2})",
    r"(?P<day>\d{1,2})(er)? *[-/. ] *(?P<month>\d{1,2}|[a-z]{3,})\.? *[-/. ] *(?P<year>\d{4}|\d{2})",
)
_MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin"]
_MONTHS += ["juillet", "août", "septembre", "octobre", "novembre", "décembre"]


def _unaccented(text: str) -> str:
    return re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text.lower()))


def _date(plain: str) -> Verdict:
    from calendar import monthrange

    found = next((match for each in _DATES if (match := re.fullmatch(each, _unaccented(plain)))), None)
    if not found:
        return _no(f"{_quote(plain)} n’est pas une date que je sache lire : donnez {_DATE_HINT}.")
    day, year, written = int(found["day"]), int(found["year"]), found["month"]
    if year < 1000:
        return _no(f"{_quote(plain)} : écrivez l’année sur quatre chiffres, comme 24/11/2026.")
    named = [rank for rank, name in enumerate(_MONTHS, 1) if _unaccented(name).startswith(written)]
    ranks = [int(written)] if written.isdecimal() else named
    if len(ranks) != 1 or not 1 <= ranks[0] <= 12:
        return _no(f"{_quote(plain)} : {_quote(written)} n’est pas un mois ; donnez {_DATE_HINT}.")
    last, month = monthrange(year, ranks[0])[1], f"{_MONTHS[ranks[0] - 1]} {year}"
    if not 1 <= day <= last:
        return _no(f"{_quote(plain)} : {month} va du 1er au {last}, sans jour {day} ; relisez la date.")
    return Accepted(f"{year}-{ranks[0]:02}-{day:02}")


def _show_date(value: str) -> str:
    return "/".join(value.split("-")[::-1])


_DEPARTMENT_HINT = "le numéro du département ; exemples : 75, 2A, 974"
_DEPARTMENTS = {f"{number:02}" for number in range(1, 96) if number != 20} | {"2A", "2B"}
_DEPARTMENTS |= {"971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"}


def _department(plain: str) -> Verdict:
    code = plain.replace(" ", "").upper().zfill(2)
    area = code[: 3 if code >= "97" else 2]
    if code in _DEPARTMENTS:
        return Accepted(code)
    if re.fullmatch(r"20(\d{3})?", code):
        return _no(f"{_quote(plain)}, c’est la Corse : tapez 2A (Corse-du-Sud) ou 2B (Haute-Corse).")
    if re.fullmatch(r"\d{5}", code) and area in _DEPARTMENTS:
        return _offer(area, f"{code} est un code postal : le département serait {area}.")
    return _no(f"{_quote(plain)} n’est pas un département : donnez {_DEPARTMENT_HINT}.")


# --- All of them


def _validator(
    name: str,
    rule: Callable[[str], Verdict],
    show: Callable[[str], str],
    mask: Callable[[str], str],
    hint: str,
    sample: str,
    doubted: str = "",
) -> Validator:
    def check(text: str) -> Verdict:
        unreadable = _unreadable(text, hint)
        return _no(unreadable) if unreadable else rule(_plain(text))

    return Validator(name, check, show, mask, hint, sample, doubted)


_mobile = partial(_phone, mobile_only=True)
_ALL = (
    Validator("rpps", _rpps, _show_rpps, _mask_rpps, _RPPS_HINT, "99700218896", "10003461033"),
    _validator("phone-fr", _phone, _show_phone, _mask_phone, _PHONE_HINT, "01 99 00 12 34", "07 00 00 00 00"),
    _validator("mobile-fr", _mobile, _show_phone, _mask_phone, _MOBILE_HINT, "06 39 98 12 34", "07 00 00 00 00"),
    _validator("email", _email, str, _mask_email, _EMAIL_HINT, "docteur@exemple.fr"),
    _validator("date", _date, _show_date, lambda _: "**/**/****", _DATE_HINT, "24/11/2026"),
    _validator("department", _department, str, lambda _: "**", _DEPARTMENT_HINT, "75"),
)

VALIDATORS: Mapping[str, Validator] = MappingProxyType({each.name: each for each in _ALL})
"""What a guide may name after `validate:`, by name."""
