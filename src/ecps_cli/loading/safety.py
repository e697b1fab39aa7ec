"""What a text may not do: have a secret told, or lead to an address that is not safe to follow."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from ecps_cli.core.link import parse_link
from ecps_cli.core.masking import PUBLIC_CODES
from ecps_cli.core.model import KeyPath
from ecps_cli.core.text import shorten
from ecps_cli.loading.problems import Violations
from ecps_cli.loading.raw_guide import RawDocument, RawFacts, RawGuide, mapping, words

# -------------------------------------------------------------------------------------------------------------- secrets

_SECRET = rf"""\bp\W?i\W?n\b | \bpuk\b | \botp\b | \bcv[vc]2?\b | \bcryptogramme
      | \b(?:mots?|phrases?)\W+de\W+passe\b | \bmdp\b | \bpass(?:word|code|phrase)
      | \b(?:phrases?\W+)?secrete?s?\b (?!\W+(?:medical|professionnel))
      | \b(?:schema|motif|dessin)\W+de\W+(?:de)?verrouillage | \bcles?\W+de\W+(?:recuperation|secours)\b
      | \b(?:\w+\W)?chiffres\W+
        (?: (?:recu|affiche)\w* | par\W+sms | (?:de|du)\W+(?:(?:la|sa|votre|cette|son)\W+)?(?:carte|sms|code\b) )
      | (?<!\bqr\W) \bcodes?\b (?!\W+(?:(?:du|des?|d|l|la|le)\W+){{0,2}} (?:{PUBLIC_CODES})s?\b) [^.;?!\n]{{0,60}}"""
"""A secret as it is called, in letters without accents: any code, save those of `PUBLIC_CODES`."""
_TOLD = re.compile(
    r"""(?<!\*\*)(?<!\bne\W)(?<!\bne\Wlui\W)(?<!\bpas\W)(?<!\bpas\Wlui\W)(?<!\bsans\W)(?<!\bjamais\W)  # a defence
    \b(?: (?:demand|not|dict|relev|reclam|communiqu|donn|epel)e[rz] | (?:dict|not|relev)e | dire | dites
        | (?:recueill|obten)(?:ir|ez) | transmett(?:re|ez) )
    (?: \W+lui | (?: \W+(?:au|aux|a|du|des|sur|dans)\W+(?:(?:la|l|le)\W+)?\w+ ){1,2} )?  # to whom, or where
    \W+(?: (?:quel\w*\W+est\W+)? (?:le|la|les|l|son|sa|ses|leurs?|votre|vos|ce|ces|quel\w*)\W+ )  # not « un »
    (?: (?:\d+|quatre|six|huit|premiers?|derniers?|nouveau)\W+ ){0,2}""",
    re.VERBOSE,
)
"""What has somebody tell the secret that is named behind it."""


_HINT = re.compile(r"c(?:ode|v[vc]|rypto|hiffres|up)|p(?:\W?i\W?n|uk|ass)|otp|mdp|sec(?:r|ours)|verrouil")
"""What every secret has in its name, accents or not: most texts have none of it, and are not looked at further.

In small letters: it would be ten times as slow to leave their case aside.
"""


@cache
def _secret_pattern() -> re.Pattern[str]:
    """Pattern of a secret's name; compiled for the first text that may hold one, since that takes milliseconds."""
    return re.compile(_SECRET, re.VERBOSE)


def no_secret_is_asked(guide: RawGuide) -> Violations:
    """Texts that ask somebody to disclose a secret: a question, a line to tick that records words, an order to ask."""
    for texts, is_order, remedy in (
        (guide.texts_at("steps.*.ask"), False, "Faites une étape « do » avec « secret: true »."),
        (_recorded(guide), False, "Enlevez « record », ou faites une étape « do » avec « secret: true »."),
        (_orders(guide), True, "Écrivez que le médecin le tape seul, avec « secret: true »."),
    ):
        for path, text in texts:
            if secret := _secret(text, is_order):
                yield path, f"« {shorten(secret)} » : un secret ne se demande pas. {remedy}"


def _recorded(guide: RawGuide) -> Iterator[tuple[KeyPath, str]]:
    """Lines to tick beside which words are recorded, and their titles; an hour holds no secret."""
    found: dict[KeyPath, object] = {}
    for path, item in guide.pick("steps.*.items.*"):
        if {"person", "reference"} & {*words(mapping(item).get("record"))}:
            found[(*path[:2], "tick")] = guide.steps[int(path[1])].get("tick")
            found[(*path, "text")] = item.get("text")
    return ((path, text) for path, text in found.items() if isinstance(text, str))


def _orders(guide: RawGuide) -> Iterator[tuple[KeyPath, str]]:
    """Texts that have somebody do something: actions and remedies."""
    return (order for pattern in ("steps.*.do", "steps.*.deviations.*.do") for order in guide.texts_at(pattern))


def _secret(text: str, is_order: bool) -> str:
    """Name of a secret in a text, as it is written there; in an order, only after a verb of telling. Empty if none."""
    if not _HINT.search(unicodedata.normalize("NFKD", text).casefold()):
        return ""
    text = unicodedata.normalize("NFC", text)
    plain = "".join(map(_folded_letter, text))
    named = (
        (_secret_pattern().match(plain, each.end()) for each in _TOLD.finditer(plain))
        if is_order
        else [_secret_pattern().search(plain)]
    )
    found = next(filter(None, named), None)
    if found is None:
        return ""
    places = [place for place, letter in enumerate(text) for _ in _folded_letter(letter)]
    return text[places[found.start()] : places[found.end() - 1] + 1]


@cache
def _folded_letter(letter: str) -> str:
    """Letter without its case and accents; of some, several."""
    decomposed = unicodedata.normalize("NFKD", letter).casefold()
    return "".join(each for each in decomposed if not unicodedata.combining(each))


# ---------------------------------------------------------------------------------------------------------------- links

_MARKED = re.compile(
    r"""\]\(\s*([^\s)]*)                                      # [text](address)
      | ^[ ]{0,3}\[[^\]\n]+\]:\s*(\S+)                        # [text]: address
      | <([a-z][a-z0-9+.-]{1,20}:[^\s>]+)                     # <scheme:address>
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_BARE = re.compile(r"""\b(?:https?|ftp|file|data|javascript|vbscript):[^\s()<>«»“”’"|]+""", re.IGNORECASE)
"""What a terminal or a mail program makes a link of, with what may end the sentence behind it."""


def _links_are_safe(raw: RawDocument) -> Violations:
    """Links in texts that are neither an https address nor a number to call."""
    if not _may_link(raw.whole):
        return
    for path, text in raw.texts:
        if _may_link(text):
            for address in _addresses(text):
                if parse_link(address) is None:
                    said = f"le lien « {shorten(address)} » n’est ni une adresse https, ni un numéro « tel: »."
                    yield path, f"{said} Écrivez « https://… », ou par exemple « tel:3608 »."


def _addresses(text: str) -> Iterator[str]:
    """Yield the addresses of a text: those that are marked as links, and those that stand bare between them."""
    for found in _MARKED.finditer(text):
        yield next(filter(None, found.groups()), "")
    for found in _BARE.finditer(_MARKED.sub(" ", text)):
        yield found[0].rstrip(".,;:!?*]'")


def _may_link(text: str) -> bool:
    return "](" in text or (":" in text and text.count(":") > text.count(" :"))  # not the colon of a French sentence


def links_are_safe(guide: RawGuide) -> Violations:
    """Links in the texts of a guide that are not safe to follow."""
    return _links_are_safe(guide)


def facts_link_safely(facts: RawFacts) -> Violations:
    """Addresses, and links in the texts of facts, that are not safe to follow."""
    for path, said in _links_are_safe(facts):
        if path[1:] != ("value",) or facts.kind(path[0]) != "url":
            yield path, said
    for path, value in facts.texts_at("*.value"):
        if facts.kind(path[0]) == "url" and not _is_https(value):
            yield path, f"« {shorten(value)} » n’est pas une adresse https. Écrivez « https://… », sans espace."


def _is_https(address: str) -> bool:
    link = parse_link(address)
    return link is not None and link.scheme == "https"
