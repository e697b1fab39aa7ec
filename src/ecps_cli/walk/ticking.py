"""A list to tick: which lines changed, what is recorded of each, and how the list is left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from ecps_cli.core.dates import read_time
from ecps_cli.core.guide import Fact, Facts, Item, Step
from ecps_cli.core.intents import Tick, Untick
from ecps_cli.core.session import Session
from ecps_cli.core.verdicts import Accepted
from ecps_cli.french.question import Question
from ecps_cli.french.typography import unbroken
from ecps_cli.french.words import plural, quoted_line
from ecps_cli.walk.answering import meant
from ecps_cli.walk.environment import Environment
from ecps_cli.walk.prompter import Key, Ticks

PAUSE, STAY, LEAVE = "pause", "stay", "leave"


def ticked(session: Session, step: Step) -> frozenset[str]:
    """Ids of the lines of a step that are ticked."""
    return frozenset(item.id for item in step.items if (step.id, item.id) in session.ticks)


def lines(session: Session, step: Step, facts: Facts) -> dict[str, str]:
    """The lines of a step, as they are listed: what each says, whom to call, what was recorded."""
    return {item.id: _line(session, step, item, facts) for item in step.items}


def _line(session: Session, step: Step, item: Item, facts: Facts) -> str:
    tick = session.ticks.get((step.id, item.id))
    text = quoted_line(item.text)
    if tick:
        return " · ".join(filter(None, [text, tick.time, tick.person, tick.reference]))
    return f"{text}{_behind(text, facts[item.contact])}" if item.contact else text


def _behind(text: str, called: Fact) -> str:
    """A number as it stands behind a line, with whose it is where the line does not say so."""
    whose = re.split(r"\s*[,(]", called.name)[0]  # what follows explains: « ANS, assistance e-CPS »
    said = whose and re.search(rf"(?<!\w){re.escape(whose)}(?!\w)", text, re.IGNORECASE)
    return f"{'' if said else f' — {called.name}'} : {unbroken(called.value)}"


def changes(session: Session, step: Step, heard: Ticks, environment: Environment) -> Iterator[Tick | Untick | None]:
    """The ticks that were taken back, and the new ones, each with its details asked; None last where one goes back."""
    before = ticked(session, step)
    for item in step.items:
        if item.id in before - heard.ids:
            yield Untick(item.id)
        elif item.id in heard.ids - before:
            details = _details(item, environment)
            if details is None:
                yield None
                return
            yield Tick(item.id, **details)


def _details(item: Item, environment: Environment) -> dict[str, str] | None:
    """Details that the record of a line holds, asked one by one; an empty answer leaves a blank; None to go back."""
    about = quoted_line(item.text).rstrip(".")
    questions = {
        "time": (Question(f"{about} — heure", ("r : retour",), " :"), environment.now().strftime("%H:%M")),
        "person": (Question("Personne jointe", ("r : retour", "Entrée : sans"), " :"), ""),
        "reference": (Question("Référence ou numéro de dossier", ("r : retour", "Entrée : sans"), " :"), ""),
    }
    details = dict.fromkeys(questions, "")
    names = [name for name in questions if name in item.record]
    at = 0
    while at < len(names):
        question, suggested = questions[names[at]]
        heard = _detail(names[at], question, details[names[at]] or suggested, environment)
        if not isinstance(heard, Key):
            details[names[at]] = heard
            at += 1
        elif at:
            at -= 1  # to the detail before, as it was typed
        else:
            return None
    return details


def _detail(name: str, question: Question, suggested: str, environment: Environment) -> str | Key:
    """One detail as it was typed, or a key in its place; a time is asked until it is one, and not in the future."""
    typed = ""
    while True:
        heard = environment.prompter.text(question, "r", suggested, typed)
        if isinstance(heard, Key) or name != "time":
            return heard
        check = partial(read_time, now=environment.now())
        heard = meant(check, typed, heard, "r")
        if isinstance(heard, Key):
            return heard
        verdict = check(heard)
        if isinstance(verdict, Accepted):
            return verdict.value
        environment.prompter.refused(verdict.message)
        typed = heard


def how_to_leave(step: Step, left: Sequence[str], environment: Environment) -> str:
    """`PAUSE`, `STAY` or `LEAVE`: what becomes of a list on which these lines are left undone."""
    remains = f"Il reste {plural(len(left), 'ligne')} à faire{'' if len(left) > 1 else f' : {left[0]}'}."
    if step.end_if_unticked or step.end:
        options = {
            PAUSE: "Mettre en pause, pour y revenir",
            STAY: "Rester sur la liste",
            LEAVE: "Terminer le guide sans elles" if len(left) > 1 else "Terminer le guide sans elle",
        }
        return str(environment.prompter.choose(Question(remains), options, default=PAUSE, deliberate=True))
    return LEAVE if environment.prompter.yes_no(f"{remains} Continuer ?") else STAY
