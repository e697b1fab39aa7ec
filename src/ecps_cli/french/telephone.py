"""The guide over the telephone: what support says, asks and waits for, derived from the same steps. Pure text.

Nothing in a guide is written for the telephone. A `do` is an infinitive; it is said in the imperative, or as
« Vous allez … », which is right before any infinitive clause, where its pronouns or verbs leave a doubt. Where no
rule is sure, nothing is made up: with a verb it does not know the sentence is read as it is, and a text that speaks of
the doctor stands under a cue that asks support for words of their own (« Faites faire », « Remède »).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from ecps_cli.core.guide import Deviation, Facts, Guide, Step
from ecps_cli.core.session import Session
from ecps_cli.french.imperative import instruction, prohibition
from ecps_cli.french.words import DEVICES, addresses, duration, quoted, shown, where_of, who_and_where

CODE_IS_YOURS = "Vos codes restent à vous : ne me les dites pas, ne les dites à personne."
"""Sentence to the doctor at a `secret` step."""

HOW = (
    "Lisez à voix haute ce qui suit « Dites ».",
    "Demandez « Que voyez-vous ? » et n’avancez que sur ce qui suit « Attendez ».",
)
LOUDSPEAKER = "Si le médecin appelle avec son téléphone : haut-parleur, sans raccrocher."


class Line(NamedTuple):
    """One thing to do in the call: the cue, which is for the support person, and the text, in the small Markdown."""

    cue: str
    text: str


# ------------------------------------------------------------------------------------------- sentences to the doctor

_VERBS = """
    accepter activer afficher ajouter aller annuler appeler appuyer arrêter attendre autoriser brancher changer
    chercher choisir cliquer cocher coller commencer comparer composer compter connecter conserver consulter
    contacter continuer contrôler copier couper créer demander descendre débloquer débrancher décocher déconnecter
    décrocher définir démarrer déplacer désactiver désinstaller dire donner effacer enlever enregistrer entrer
    envoyer essayer échanger écrire éjecter éteindre faire fermer garder glisser identifier imprimer indiquer
    inscrire insérer installer introduire laisser lancer lire mettre modifier montrer noter ouvrir passer patienter
    porter poser prendre prévenir quitter raccrocher rafraîchir rallumer rappeler rebrancher recevoir recharger
    recommencer redémarrer refaire refermer refuser regarder relancer relever relire remettre remplacer remplir
    renseigner reprendre ressaisir retaper retirer retourner revenir réessayer réinstaller répéter répondre rouvrir
    saisir scanner sélectionner signaler signer sortir suivre supprimer taper tapoter tenir télécharger toucher
    tourner transmettre trouver utiliser valider vérifier
"""
_INFINITIVES = frozenset(_VERBS.split())
"""The verbs of procedures: a closed list, since « papier » and « premier » end as a verb does."""
_CLITIC = r"(?:(?:se|le|la|les|y|en) |[sl][’'])"
_INFINITIVE = re.compile(rf"(?P<clitics>{_CLITIC}*)(?P<verb>[a-zà-ÿœ]+)\b", re.IGNORECASE)
_THIRD_PERSON = re.compile(r"\b(médecins?|docteur|lui|son|sa|ses|sien|sienne)\b", re.IGNORECASE)
_ON_OUR_SCREEN = re.compile(r"\bquestion suivante\b|\bla liste\b|\bce guide\b|\becps-guide\b", re.IGNORECASE)
"""Things that only support sees: the doctor has no next question and no list before him."""
_NEGATIVE = re.compile(r"Ne (?=(?:pas|plus|jamais|rien) )")
# An infinitive may be what a sentence is about, not what it asks for: « L’accepter engage votre responsabilité ».
_SUBORDINATE = re.compile(r"\*\*|[:;,(]|\b(?:qui|que|où|dont|quand|lorsque|si|pour)\b|\b(?:qu|lorsqu|s)[’']")
_FINITE = re.compile(
    r"\b(annule|bloque|coûte|déconnecte|désactive|doit|efface|empêche|engage|entraîne|est|évite|expose|fait|laisse|oblige"
    r"|permet|peut|provoque|rend|revient|risque|sert|sont|suffit|supprime)\b|\bn(?:e |[’'])"
)
_LIKE_A_VERB = re.compile(r"\w*(?:er|ir|re)\b", re.IGNORECASE)
_COORDINATED = re.compile(r",| et | ou | puis ")

# What belongs to the doctor: an article, a noun with what most often goes with it, « du médecin ».
_OF_THE_DOCTOR = re.compile(
    r"\b(?P<article>[Ll]a |[Ll]e |[Ll][’']|[Ll]es |[Dd]u |[Aa]u |[Dd]es |[Aa]ux |^)"
    r"(?P<noun>(?:bonne? |ancien(?:ne)? |nouve(?:au|lle) )?\w+(?: [A-Z]+| (?:de |d[’'])\w+)?) du médecin\b"
)
_POSSESSIVES = {
    "la": "votre", "le": "votre", "l’": "votre", "l'": "votre", "": "votre", "les": "vos",
    "du": "de votre", "au": "à votre", "des": "de vos", "aux": "à vos",
}  # fmt: skip


def to_doctor(text: str) -> str:
    """Return a text of a guide as it is said to the doctor; its labels in bold stand between « »."""
    lines = [_sentences(line) for line in _yours(text).strip().splitlines()]
    instruction = next((one for line in lines for one in line if _announced(one) != one), None)
    # The first one only: « Vous allez … Vous allez … » is no better heard, and what comes after may be its reason.
    return quoted("\n".join(" ".join(_announced(one) if one is instruction else one for one in line) for line in lines))


def _sentences(line: str) -> list[str]:
    return re.split(r"(?<=[.!?]) +(?=[A-ZÀ-Þ])", line)


def _announced(sentence: str) -> str:
    """Put « vous allez » before the infinitive that a sentence begins with, or has after its first comma."""
    if sentence.startswith("- "):
        return sentence
    if _NEGATIVE.match(sentence):
        if _COORDINATED.search(sentence):
            return sentence
        clause = sentence.removeprefix("Ne ")
        return prohibition(clause, _INFINITIVES) or f"Il ne faut {clause}"
    if _is_infinitive(sentence):
        otherwise = f"Vous allez {_reflexive(sentence[0].lower() + sentence[1:])}"
        return instruction(sentence, _INFINITIVES) or otherwise
    head, comma, rest = sentence.partition(", ")
    if comma and head.count("**") % 2 == 0 and _is_infinitive(rest) and not _LIKE_A_VERB.match(head):
        said = instruction(rest, _INFINITIVES)
        return f"{head}, {said[0].lower()}{said[1:]}" if said else f"{head}, vous allez {_reflexive(rest)}"
    return sentence


def _is_infinitive(clause: str) -> bool:
    found = _INFINITIVE.match(clause)
    main = _SUBORDINATE.split(clause)[0]
    return bool(found and found["verb"].lower() in _INFINITIVES and not _FINITE.search(main))


def _reflexive(clause: str) -> str:
    """Return a clause in which what the doctor does to himself is said to him: « se connecter », « vous connecter »."""

    def yours(found: re.Match[str]) -> str:
        return f"{found[1]}vous {found[2]}" if found[2] in _INFINITIVES else found[0]

    return re.sub(r"(^|\s)(?:se |s[’'])([a-zà-ÿœ]+)", yours, clause)


def _yours(text: str) -> str:
    """Return a text in which what is the doctor's is yours: « la messagerie du médecin », « votre messagerie »."""

    def yours(found: re.Match[str]) -> str:
        word, article = _POSSESSIVES[found["article"].strip().lower()], found["article"]
        noun = found["noun"]
        if not article:  # a bare noun at the start, as a question has it: « Numéro RPPS du médecin »
            return f"Votre {noun[0].lower()}{noun[1:]}" if noun[1:2].islower() else f"Votre {noun}"
        return f"{word.capitalize() if article[0].isupper() else word} {noun}"

    return _OF_THE_DOCTOR.sub(yours, text.replace("au nom du médecin", "en votre nom"))


# ------------------------------------------------------------------------------------------------------ a step, said


def by_the_doctor(step: Step) -> bool:
    """Return whether the doctor's hands do it: all the devices of a guide are at the doctor's."""
    return step.who == "doctor" or step.device is not None


def who(step: Step) -> str:
    """Person and device of a step, when only one of the two people is there."""
    return who_and_where(replace(step, who="doctor") if by_the_doctor(step) else step)


def said(session: Session, step: Step) -> Iterator[Line]:
    """Lines to say, to ask and to wait for at a step, in the order of the call; addresses and items stand apart."""
    yield from _action(step)
    if step.why:
        yield _to_say("Dites pourquoi", "Pourquoi", step.why, quoted(_yours(step.why)))
    if step.secret:
        yield Line("Dites", CODE_IS_YOURS)
    for ask_id in step.show:
        value, ask = session.value(ask_id), session.guide.step(ask_id)
        if value is not None and ask is not None:
            yield Line("Dites", f"**{said_value(ask, value)}**")
            how = "comparez, groupe par groupe" if _is_number(ask) else "comparez"
            doubt = "" if getattr(session.resolved[ask_id], "verified", True) else " ; **non vérifié**"
            yield Line("Faites relire", f"{how}{doubt}.")
    if step.deadline:
        yield Line("Dites", f"Vous avez {duration(timedelta(seconds=step.deadline))}.")
    if step.expect:
        yield Line("Attendez", quoted(step.expect))


def _action(step: Step) -> Iterator[Line]:
    if step.action in ("ask", "choose"):
        yield Line("Demandez", quoted(_yours(step.text)))
        if step.action == "choose":
            yield Line("Lisez-lui", "les réponses, dans l’ordre.")
    elif not by_the_doctor(step):
        yield Line("Faites", quoted(step.text))
    else:
        line = _to_say("Dites", "Faites faire", step.text, to_doctor(step.text))
        yield line if step.action == "do" else line._replace(text=f"{line.text.rstrip('.')} :")
        if step.who != "doctor":
            yield Line("À distance", f"si vous avez la main {where_of(step)}, faites-le vous-même.")


def _to_say(cue: str, otherwise: str, written: str, spoken: str) -> Line:
    """Spoken text under its cue; or the written one under the other cue, when it is not for the doctor's ear.

    That is when it speaks of the doctor as of another person, or of what stands on the screen of support.
    """
    for_us = _THIRD_PERSON.search(spoken) or _ON_OUR_SCREEN.search(spoken)
    return Line(otherwise, quoted(written)) if for_us else Line(cue, spoken)


def remedy(deviation: Deviation) -> Iterator[Line]:
    """Lines for another screen and its remedy: to say, or to put in other words where it speaks of the doctor."""
    yield Line("Si" if "médecin" in deviation.if_ else "Si le médecin dit", quoted(deviation.if_))
    yield _to_say("Dites", "Remède", deviation.do, to_doctor(deviation.do))


def read_back(ask: Step, value: str) -> str:
    """Return the sentence that has what was just typed read back to the doctor, while it can still be corrected."""
    return f"Relisez au médecin : {said_value(ask, value)}. Si ce n’est pas cela : r."


def devices(guide: Guide) -> str:
    """Return the devices that the doctor has before him in the course of a guide, in the order in which they come."""
    return ", ".join(dict.fromkeys(DEVICES[step.device].at_hand for step in guide.steps if step.device))


def spellable(session: Session, step: Step, facts: Facts) -> dict[str, str]:
    """Texts that can be spelled at a step, by the name they have there: its values, its addresses, its labels."""
    found: dict[str, str] = {}
    for ask_id in step.show:
        value, ask = session.value(ask_id), session.guide.step(ask_id)
        if value is not None and ask is not None:
            found[shown(ask, value)] = shown(ask, value)
    links = [*step.links, *(item.link for item in step.items if item.link)]
    found |= {facts[link].name: facts[link].value for link in links}
    found |= {address: address for address in addresses(step.text)}
    labels = re.findall(r"\*\*(.+?)\*\*", f"{step.text} {step.expect or ''}")
    return found | {f"« {label} »": label for label in labels}


# ------------------------------------------------------------------------------------------------- numbers in groups


def groups(number: str) -> list[str]:
    """Return a number in the groups in which it is said: those it is written in, else pairs, as is the French way."""
    written = re.findall(r"[^\s/.-]+", number)
    return _pairs(written[0]) if len(written) == 1 and written[0].isdecimal() else written


def in_groups(number: str) -> str:
    """Return a number as it is said, a pause between its groups."""
    return " — ".join(groups(number))


def said_value(ask: Step, value: str) -> str:
    """Return an answer as it is said aloud: a number in groups, an e-mail address in words, another text as it is."""
    if ask.validator == "email":
        return spoken_address(value)
    return in_groups(shown(ask, value)) if _is_number(ask) else value


def _is_number(ask: Step) -> bool:
    return ask.validator not in (None, "email")


def _pairs(digits: str) -> list[str]:
    """Return digits by two, the first three together where they are odd; three or fewer stay one group."""
    if len(digits) <= 3:
        return [digits]
    first = 2 + len(digits) % 2
    return [digits[:first], *re.findall("..", digits[first:])]


# ------------------------------------------------------------------------------------------- addresses and letters

SIGNS = {
    ".": "point", "-": "tiret", "_": "tiret bas", "/": "barre oblique", ":": "deux-points", "@": "arobase",
    "?": "point d’interrogation", "=": "signe égal", "&": "et commercial", "#": "dièse", "%": "pour cent", "+": "plus",
    "~": "tilde", ",": "virgule", ";": "point-virgule", "!": "point d’exclamation", "'": "apostrophe",
    "’": "apostrophe courbe", "(": "parenthèse ouvrante", ")": "parenthèse fermante", "[": "crochet ouvrant",
    "]": "crochet fermant", "*": "astérisque", "$": "dollar", "|": "barre verticale", "\\": "barre oblique inverse",
    '"': "guillemet droit", "«": "guillemet ouvrant", "»": "guillemet fermant", " ": "espace",
}  # fmt: skip
"""Names of the signs, as they are said aloud."""

_NAMES = {word for name in SIGNS.values() for word in name.split()} | {"majuscule", "majuscules"}
"""Words that name a sign: where an address has one as a word of its own, that is said."""

_FIRST_NAMES = """
    Anatole Berthe Célestin Désiré Eugène Émile François Gaston Henri Irma Joseph Kléber Louis Marcel Nicolas Oscar
    Pierre Quintal Raoul Suzanne Thérèse Ursule Victor William Xavier Yvonne Zoé
"""
ALPHABET = {name[0].lower(): name for name in _FIRST_NAMES.split()}
"""The French spelling alphabet (code d'épellation, of first names, as the French post and telephone had it).

Source: blogpoligloty.com, « Alphabet téléphonique français » (read 2026-11-24); the same words, but Célestine for C, in
gist CliffBramlett/e6fe6c27d20fad3d4a5a62cdc5181eff.
"""
_ACCENTS = {
    "\u0300": "accent grave", "\u0301": "accent aigu", "\u0302": "accent circonflexe", "\u0303": "tilde",
    "\u0308": "tréma", "\u0327": "cédille",
}  # fmt: skip
_JOINED = {"œ": "o e liés", "æ": "a e liés"}


def spoken_address(address: str) -> str:
    """Return an address in words: « wallet point esw point esante point gouv point fr ».

    Every character is said but the https:// in front, which nobody types; capitals are said, since they may count.
    Two addresses that differ are never said alike.
    """
    runs = re.findall(r"[^\W\d_]+|\d+|.", address.removeprefix("https://"), re.DOTALL)
    return " ".join(_spoken_run(run) for run in runs)


LONGEST_DICTATED = 32
"""Characters of an address, after its https://, that somebody types as they hear them."""


def dictated(name: str, address: str) -> tuple[str, str, str]:
    """Address as it is dictated: its name, its words; or, of a long one, those of its site, and what to look for there.

    A site is said, however long: by its name one might find another.
    """
    rest = address.removeprefix("https://")
    site, _, path = rest.partition("/")
    if path and rest != address and len(rest) > LONGEST_DICTATED:
        return "", spoken_address(site), f", puis cherchez « {name} »."
    return f"{name} : ", spoken_address(rest if path else site), ""


def _spoken_run(run: str) -> str:
    if run.isascii() and run.isdecimal():
        return " ".join(_pairs(run))
    if not run[0].isalpha():
        return _named(run)
    if run == run.lower():
        return f"le mot {run}" if run in _NAMES else run
    if len(run) > 1 and run == run.upper():
        return f"majuscules {run}"
    return " ".join(char if char == char.lower() else f"{char} majuscule" for char in run)


def _named(char: str) -> str:
    return SIGNS.get(char) or f"caractère U+{ord(char):04X}"


def spelled(text: str) -> list[Line]:
    """Return a text letter by letter, a line a word, the sign before it first: « e comme Eugène, s comme Suzanne ».

    The https:// in front of an address is not spelled, as it is not said.
    """
    words = re.findall(r"[\W_]*[^\W_]+|[\W_]+", text.removeprefix("https://"))
    return [Line(word.strip(), ", ".join(_spelled_character(char) for char in word)) for word in words]


def _spelled_character(char: str) -> str:
    if char.isascii() and char.isdecimal():
        return char
    base, *marks = [*unicodedata.normalize("NFD", char)]
    if base.lower() in _JOINED:
        name = _JOINED[base.lower()]
    elif base.lower() not in ALPHABET or any(mark not in _ACCENTS for mark in marks):
        return _named(char)
    else:
        name = " ".join([base, *(_ACCENTS[mark] for mark in marks)])
    capital = "" if char == char.lower() else " majuscule"
    word = ALPHABET.get(char.lower()) or ALPHABET.get(base.lower())
    return f"{name}{capital} comme {word}" if word else f"{name}{capital}"
