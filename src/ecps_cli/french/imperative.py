"""An infinitive of a guide as an instruction: « Appuyer sur … » is said « Appuyez sur … »."""

from __future__ import annotations

import re

_IRREGULAR = {
    "dire": "dites", "faire": "faites", "refaire": "refaites", "lire": "lisez", "relire": "relisez",
    "prendre": "prenez", "reprendre": "reprenez", "écrire": "écrivez", "inscrire": "inscrivez",
    "éteindre": "éteignez", "introduire": "introduisez", "recevoir": "recevez",
    "choisir": "choisissez", "saisir": "saisissez", "ressaisir": "ressaisissez", "définir": "définissez",
    "remplir": "remplissez",
}  # fmt: skip
"""Verbs of procedures that are not formed on their stem."""

_JOINED = re.compile(r"(?P<link>, puis | et | ou |, |; )(?P<verb>[a-zà-ÿœ]+(?:er|ir|re))\b")
_JOINED_REFLEXIVE = re.compile(r"(?:puis|et|ou) (?:se |s[’'])")
_NEGATIVE = re.compile(r"(?P<never>pas|plus|jamais|rien) (?P<verb>[a-zà-ÿœ]+)\b")
_REFLEXIVE = re.compile(r"(?:se |s[’'])(?P<verb>[a-zà-ÿœ]+)\b")


def imperative(verb: str, verbs: frozenset[str]) -> str:
    """Second person plural of the imperative of a verb; an empty text for one that is not among `verbs`."""
    if verb not in verbs:
        return ""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    return f"{verb[:-2]}ez"  # mettre: mettez; attendre: attendez; ouvrir: ouvrez


def instruction(clause: str, verbs: frozenset[str]) -> str:
    """Clause that begins with an infinitive, as an instruction; an empty text where the rule is not sure.

    Verbs that are joined to the first one are instructions too; one that is not known, or a pronoun before the verb
    whose gender does not show, leaves the clause to other words.
    """
    clause = clause[0].lower() + clause[1:]
    reflexive = _REFLEXIVE.match(clause)
    first = reflexive["verb"] if reflexive else re.match(r"[a-zà-ÿœ]*", clause)[0]  # type: ignore[index]
    said = imperative(first, verbs)
    rest = clause[reflexive.end() if reflexive else len(first) :]
    joined = [found["verb"] for found in _JOINED.finditer(rest)]
    unsure = any(verb not in verbs for verb in joined if _is_verb(verb, rest)) or _JOINED_REFLEXIVE.search(rest)
    if not said or unsure:
        return ""
    rest = _JOINED.sub(lambda found: f"{found['link']}{imperative(found['verb'], verbs) or found['verb']}", rest)
    return f"{said[0].upper()}{said[1:]}{'-vous' if reflexive else ''}{rest}"


def _is_verb(word: str, clause: str) -> bool:
    """Whether a word that ends as an infinitive does is one: « papier » after an article is not."""
    return not re.search(rf"\b(?:le|la|les|un|une|du|des|ce|cette|son|sa|votre) {re.escape(word)}\b", clause)


def prohibition(clause: str, verbs: frozenset[str]) -> str:
    """« Ne pas taper … » as « Ne tapez pas … »; an empty text where the rule is not sure. `clause` follows « Ne »."""
    found = _NEGATIVE.match(clause)
    said = imperative(found["verb"], verbs) if found else ""
    not_ = "N’" if said[:1] in "aeéiouyhœ" else "Ne "
    return f"{not_}{said} {found['never']}{clause[found.end() :]}" if found and said else ""
