"""What a guide may name after `validate:`: how each kind of answer is checked, shown, masked and asked for.

A check turns typed text into a canonical value, a doubt to confirm, or a sentence that says what was read and what to
do. Pure functions of the text and of the day. `phonenumbers` and `email_validator` are imported where they are used, so
that a walk which asks for neither pays for neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from ecps_cli.core.dates import DATE_HINT, check_date, show_date
from ecps_cli.core.rpps import RPPS_HINT, check_rpps, mask_rpps, show_rpps
from ecps_cli.core.verdicts import (
    Accepted,
    Verdict,
    count,
    normalize,
    offered,
    quote,
    rejected,
    repaired,
    retyped,
    unreadable,
)


class Validator(NamedTuple):
    """One kind of answer: how it is checked, shown, masked and asked for."""

    name: str
    check: Callable[[str, date], Verdict]
    """What was typed, on which day → the verdict."""
    show: Callable[[str], str]
    """Canonical → the form to read aloud and to type."""
    mask: Callable[[str], str]
    """Canonical → what a masked record may hold, in ASCII."""
    hint: str
    sample: str
    """As it would be typed, on any day, an answer that is nobody's: a published test number, one kept for fiction."""
    doubted: str = ""
    """As it would be typed, one that can be insisted on: nobody's either; empty where there is none such."""
    suggestion: Callable[[date], str] = lambda _: ""
    """On which day → what Enter alone may answer before anything was typed, as it would be typed; empty for most."""


# --- Telephone

_PHONE_HINT = "10 chiffres en commençant par 0 ; exemple : 01 99 00 12 34"
_MOBILE_HINT = "un mobile, 10 chiffres en commençant par 06 ou 07 ; exemple : 06 39 98 12 34"
_NO_PHONE = "ne se lit pas comme un numéro français : tapez 10 chiffres en commençant par 0, ou 9 après +33."
_REGIONS = ("RE", "YT", "GP", "MQ", "GF")  # dialled in all of France as 0692…, and yet not +33
_FRENCH = (33, 262, 590, 594, 596, 508, 681, 687, 689)
_NINE_DIGITS = "33|262|590|594|596"
_DIALLED_WITH_0 = rf"\+(?:{_NINE_DIGITS})(\d{{9}})"
# Source: Arcep, decision 2018-0881 (numbering plan): numbers kept for fiction, so for tests and examples.
_FICTION = r"\+33(19900|26191|35301|46571|53649|63998)\d{4}"


def _miscounted(plain: str) -> str:
    """How many digits are missing or too many: the library would read another number in what is left."""
    dialled = re.sub("[^0-9+]", "", plain)
    if re.match("0[1-9]", dialled):
        return count(len(dialled), 10) if len(dialled) != 10 else ""
    found = re.match(rf"(?:\+|00)({_NINE_DIGITS})0?(\d*)", dialled)
    return count(len(found[2]), 9, f" après +{found[1]}") if found and len(found[2]) != 9 else ""


def _phone(plain: str, *, mobile_only: bool = False) -> Verdict:
    import phonenumbers as lib

    types = lib.PhoneNumberType
    mobiles = (types.MOBILE, types.FIXED_LINE_OR_MOBILE)
    if not re.search("[0-9]", plain) or re.search(r"[^0-9+()./ -]", plain):
        return rejected(f"{quote(plain)} : un numéro de téléphone n’a que des chiffres ; donnez {_PHONE_HINT}.")
    if miscounted := _miscounted(plain):
        return rejected(f"{quote(plain)} : {miscounted} ; relisez.")
    try:
        number, *overseas = (lib.parse(plain, region) for region in ("FR", *_REGIONS))
    except lib.NumberParseException:
        return rejected(f"{quote(plain)} {_NO_PHONE}")
    personal = (types.FIXED_LINE, *mobiles)
    of_a_service = lib.is_valid_number(number) and lib.number_type(number) not in personal
    for each in () if of_a_service else overseas:  # 0806 is no number of French Guiana
        if lib.is_valid_number(each) and lib.number_type(each) in personal:
            number = each
    code, value = number.country_code, lib.format_number(number, lib.PhoneNumberFormat.E164)
    known, shown = lib.is_valid_number(number), _show_phone(value)
    if code not in _FRENCH:
        return rejected(f"{quote(plain)} est un numéro étranger (+{code}) ; demandez un numéro français.")
    if not lib.is_possible_number(number) or number.italian_leading_zero:  # no French one begins by 00
        return rejected(f"{quote(plain)} {_NO_PHONE}")
    dialled = re.fullmatch(_DIALLED_WITH_0, value)
    may_be = not dialled or dialled[1][0] in "67"  # a mobile, of a range opened since the library's release
    mobile = lib.number_type(number) in mobiles or (not known and may_be)
    if mobile_only and not mobile:
        return rejected(f"{shown} n’est pas un mobile : le SMS doit arriver sur un mobile, demandez son numéro.")
    if re.fullmatch(_FICTION, value):
        return Accepted(value, "Numéro réservé à la fiction, pour un essai seulement.")
    if not known:
        return retyped(value, f"{shown} ne semble pas attribué : très probablement une faute de frappe, relisez.")
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
# The domains of most private addresses in France: one slip away from one of them is most probably that one.
_MAILBOXES = (
    *("gmail.com", "hotmail.com", "hotmail.fr", "outlook.com", "outlook.fr", "live.com", "live.fr", "icloud.com"),
    *("yahoo.com", "yahoo.fr", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "neuf.fr", "bbox.fr", "laposte.net"),
    *("mail.com", "ymail.com"),  # right as they are
)


def _one_slip(typed: str, meant: str) -> bool:
    """Whether one letter added, left out, changed or swapped with its neighbour is all that differs."""
    pairs = enumerate(zip(typed, meant, strict=False))
    same = next((at for at, (one, other) in pairs if one != other), min(len(typed), len(meant)))
    typed, meant = typed[same:], meant[same:]
    swapped = typed[:2] == meant[1::-1] and typed[2:] == meant[2:]
    return typed != meant and (swapped or typed[1:] in (meant, meant[1:]) or typed == meant[1:])


def _email(plain: str) -> Verdict:
    for pattern, why in _EMAIL_FAULTS:
        if re.search(pattern, plain, re.IGNORECASE):
            return rejected(f"{quote(plain)} : {why}.")
    local, _, domain = plain.rpartition("@")
    value = _address(plain)
    if value and re.search(r"[@.]mssante\.fr$", value):  # Source: ANS FAQ on the e-CPS
        return rejected(f"{quote(plain)} est une adresse MSSanté : l’adresse de contact doit en être une autre.")
    meant = next((each for each in _MAILBOXES if _one_slip(domain.lower(), each)), "")
    repair = _address(f"{local}@{meant}") if meant and domain.lower() not in _MAILBOXES else ""
    if repair:
        sentence = f"{quote(domain)} : sans doute {meant}."
        return repaired(value, repair, sentence) if value else offered(repair, sentence)
    if not value:
        return rejected(f"{quote(plain)} n’est pas une adresse possible ; relisez-la lettre par lettre.")
    return Accepted(value)


def _address(plain: str) -> str:
    """Address as it is kept, without asking the network; empty when there can be none such."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(plain, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        return ""


def _mask_email(value: str) -> str:
    return f"{value[:1]}***@{value.rpartition('@')[2]}".encode("ascii", "replace").decode()


# --- Department

_DEPARTMENT_HINT = "le numéro du département ; exemples : 75, 2A, 974"
_DEPARTMENTS = {f"{number:02}" for number in range(1, 96) if number != 20} | {"2A", "2B"}
_DEPARTMENTS |= {"971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"}


def _department(plain: str) -> Verdict:
    code = plain.replace(" ", "").upper().zfill(2)
    area = code[: 3 if code >= "97" else 2]
    if code in _DEPARTMENTS:
        return Accepted(code)
    if re.fullmatch(r"20(\d{3})?", code):
        return rejected(f"{quote(plain)}, c’est la Corse : tapez 2A (Corse-du-Sud) ou 2B (Haute-Corse).")
    if re.fullmatch(r"\d{5}", code) and area in _DEPARTMENTS:
        return offered(area, f"{code} est un code postal : le département serait {area}.")
    return rejected(f"{quote(plain)} n’est pas un département : donnez {_DEPARTMENT_HINT}.")


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
    """Validator of which the rule reads normalised text and needs no day."""

    def check(text: str, _: date) -> Verdict:
        why = unreadable(text, hint)
        return rejected(why) if why else rule(normalize(text))

    return Validator(name, check, show, mask, hint, sample, doubted)


_mobile = partial(_phone, mobile_only=True)
_ALL = (
    Validator("rpps", lambda text, _: check_rpps(text), show_rpps, mask_rpps, RPPS_HINT, "99700218896", "10003461033"),
    _validator("phone-fr", _phone, _show_phone, _mask_phone, _PHONE_HINT, "01 99 00 12 34", "07 00 00 00 00"),
    _validator("mobile-fr", _mobile, _show_phone, _mask_phone, _MOBILE_HINT, "06 39 98 12 34", "07 00 00 00 00"),
    _validator("email", _email, str, _mask_email, _EMAIL_HINT, "docteur@exemple.fr", "docteur@gmail.con"),
    Validator(
        "date",
        check_date,
        show_date,
        lambda _: "**/**/****",
        DATE_HINT,
        "hier",
        suggestion=lambda today: show_date(str(today)),
    ),
    _validator("department", _department, str, lambda _: "**", _DEPARTMENT_HINT, "75"),
)

VALIDATORS: Mapping[str, Validator] = MappingProxyType({each.name: each for each in _ALL})
"""What a guide may name after `validate:`, by name."""
