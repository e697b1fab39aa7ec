"""The keys of a step, and the line under it that says which of them are of use there."""

from __future__ import annotations

from collections.abc import Iterator

from ecps_cli.core.events import Skipped
from ecps_cli.core.guide import Facts, Step
from ecps_cli.core.moves import MOVES
from ecps_cli.core.session import Session, before
from ecps_cli.french.question import Question
from ecps_cli.french.typography import unbroken
from ecps_cli.french.words import named_by
from ecps_cli.walk.prompter import DELIBERATE_HINT, DONE, HELP, HINT, LINE_HINT, TICK_HINT, by_enter, marked

KEYS = {
    "p": "ce n’est pas ce que je vois",
    "r": "revenir à l’étape précédente",
    "s": "passer cette étape",
    "n": "écrire une note",
    "l": "la liste des étapes",
    "o": "ouvrir le lien",
    "k": "le QR code du lien ou du numéro",
    "c": "copier le lien ou le numéro",
    "e": "cette étape ne correspond plus",
    "?": "cette aide",
    "q": "mettre en pause, ou abandonner",
}
"""The keys at every step, and what each does."""

BY_PHONE = {"a": "épeler, lettre par lettre"}
"""The keys that are there over the telephone only."""

HERE = {"d": "diagnostic : ce que ce PC voit de la carte"}
"""The keys of a step with the card, where this PC is the one that reads it: not over the telephone."""

OPENING = {"d": "donner un numéro de dossier, pour retrouver ce parcours"}
"""The keys of a first step, before anything is done."""


def deliberate(step: Step) -> bool:
    """Whether a step is confirmed by a key of its own: it is critical, a code is typed, or time runs."""
    return step.action == "do" and (step.critical or step.secret or step.deadline is not None)


def keys_of(step: Step, phone: bool) -> dict[str, str]:
    """Keys that a step takes besides Enter, and what each does."""
    done = {DONE: _confirms(step)} if deliberate(step) else {}
    return done | KEYS | (BY_PHONE if phone else HERE if step.preflight else {})


def acting(session: Session, step: Step, facts: Facts, phone: bool) -> dict[str, str]:
    """Those of the keys that a step takes which do something there: the others would be refused with a sentence."""
    named = named_by(session, step, facts)
    idle = {
        "o": not named.links,
        "k": not (named.links or named.phones),
        "c": not (named.links or named.phones or named.values),
        "r": before(session) is None and not session.prefix,
        "s": bool(MOVES[Skipped][step.action]),
    }
    if phone:
        from ecps_cli.french.telephone import spellable

        idle["a"] = not spellable(session, step, facts)
    return {key: what for key, what in keys_of(step, phone).items() if not idle.get(key)}


def enter_of(step: Step) -> dict[str, str]:
    """Enter, and other keys of the step's action, with what they do; nothing where a key of its own confirms it."""
    match step.action:
        case "do":
            return {} if deliberate(step) else {"Entrée": _confirms(step)}
        case "tick":
            return {"espace": "cocher la ligne, ou son numéro ; t : toutes", "Entrée": "valider la liste"}
        case "ask":
            return {"Entrée": "valider la réponse"}
        case _:
            number = {} if step.critical else {"1 à 9": "choisir cette réponse"}
            return number | {"Entrée": "choisir la réponse désignée"}


def question(session: Session, step: Step, facts: Facts, phone: bool, case: str = "") -> Question:
    """What is asked under a step, with the keys that are of use at it; at a first one, the `case` that `d` labels."""
    useful = _useful(session, step, facts, phone, case)
    if step.action == "do":
        return Question(keys=(f"{DONE if deliberate(step) else 'Entrée'} : {_word(step)}", *useful))
    asked = "Qu’est-ce qui est fait ?" if step.action == "tick" else "Réponse"
    return Question(asked, tuple(useful), " :" if step.action == "ask" else "")


def in_full(step: Step, asked: Question, default: str = "", clock: bool = False) -> Question:
    """All that is asked under a step, for the room that it takes: with its mark, its default, its hint, its clock."""
    match step.action:
        case "do":
            return asked._replace(end="\n" if clock else "")
        case "ask":
            return marked(asked._replace(end=asked.end + by_enter(default)), LINE_HINT)
        case "choose":
            return marked(asked, DELIBERATE_HINT if step.critical else HINT)
        case _:
            return marked(asked, TICK_HINT)


def in_words(step: Step) -> str:
    """The keys that matter most at an action, as a sentence, for whoever pressed another."""
    return f"{DONE if deliberate(step) else 'Entrée'} si {_word(step)}, p sinon, {HELP}."


def _confirms(step: Step) -> str:
    return f"{_word(step)}, continuer"


def _word(step: Step) -> str:
    """Word of somebody who has done a step: « vu » where there is a result to see, « fait » where there is none."""
    return "vu" if step.expect else "fait"


def _useful(session: Session, step: Step, facts: Facts, phone: bool, case: str) -> Iterator[str]:
    """The keys that are of use at a step, each with one word."""
    acts = acting(session, step, facts, phone)
    yield f"p : autre {'chose' if step.action == 'do' else 'cas'}"
    if step.preflight and not phone:
        yield "d : ce PC"
    if "o" in acts:
        yield "o : ouvrir"
    if "k" in acts:
        yield "k : QR"
    if "c" in acts:
        yield "c : copier"
    if "a" in acts:
        yield "a : épeler"
    if "r" in acts:
        yield "r : retour"
    if case:
        yield f"d : {unbroken(case)}"
    if step.action in ("do", "ask"):
        yield "s : passer"
    if step.action == "do":
        yield "q : pause" if session.events or session.prefix else "q : quitter"
    yield HELP
