"""What may be said of a guide before anything is done in it: it is another case; the case has a label."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ecps_cli.core.guide import Facts, Guide, Otherwise, Step
from ecps_cli.core.masking import MASKED, hides, masked
from ecps_cli.core.moves import LONGEST_LABEL
from ecps_cli.core.session import Session
from ecps_cli.core.validators import VALIDATORS
from ecps_cli.french.question import Question
from ecps_cli.french.words import quoted_line
from ecps_cli.screen import views
from ecps_cli.screen.painting import Look, Renderable
from ecps_cli.screen.step_screen import StepScreen
from ecps_cli.walk import legend
from ecps_cli.walk.prompter import Key, Prompter


class Elsewhere(NamedTuple):
    """The intent to follow another guide in place of this one, of which nothing was done."""

    guide: str


def opens_on(step: Step) -> bool:
    """Whether what is to be at hand can stand under a first step: no list does, and no key of it is taken."""
    return step.action in ("do", "ask") and not step.preflight


def screen(session: Session, step: Step, facts: Facts, look: Look, practice: bool) -> StepScreen:
    """A first step, with what to have at hand."""
    suggested = VALIDATORS[step.validator].suggestion(session.started.date()) if step.validator else ""
    question = legend.in_full(step, legend.question(session, step, facts, look.phone, CASE), suggested)
    prepare = views.to_prepare(session.guide, facts, look)
    return StepScreen(
        session, step, facts, session.started, look, question=question, above=int(practice), prepare=prepare
    )


CASE = "dossier"
"""What is labelled, before it has a label."""


def label(prompter: Prompter, given: str) -> str:
    """The label of the case, asked until it is short enough; the one that was given, where one goes back."""
    question = Question("Numéro de ticket ou initiales", ("r : retour", "Entrée : aucun ; ni nom, ni code"), " :")
    typed = given
    while not isinstance(heard := prompter.text(question, "r", typed=typed), Key):
        if len(wanted := masked(heard)) <= LONGEST_LABEL:
            break
        prompter.refused(f"{len(wanted)} caractères : {LONGEST_LABEL} au plus.")
        typed = wanted
    else:
        return given
    if hides(heard):
        prompter.refused(MASKED)
    return wanted


def ways(guide: Guide) -> dict[str, str]:
    """The other cases of a guide, as they are listed; no id of a deviation can be one of theirs."""
    return {f"-{number}": quoted_line(way.if_) for number, way in enumerate(guide.otherwise, 1)}


def way(guide: Guide, chosen: str) -> Otherwise | None:
    """The other case of that id, if it is one."""
    return dict(zip(ways(guide), guide.otherwise, strict=True)).get(chosen)


def taken(way: Otherwise, prompter: Prompter, show: Callable[[Renderable], None]) -> str:
    """The guide that another case calls for; an empty text once its sentence was read."""
    if way.guide:
        return way.guide
    show(views.sentence(way.do or ""))
    prompter.key(Question(keys=("Entrée : retour",)))
    return ""
