"""Something else was seen at a step: which of its deviations, its remedy; or none of them, and what to do then."""

from __future__ import annotations

from collections.abc import Iterator

from ecps_cli.core.guide import Deviation, Step
from ecps_cli.core.intents import Abandon, Deviate, Intent, Note, Pause
from ecps_cli.core.session import Session
from ecps_cli.french.question import Question
from ecps_cli.french.words import quoted_line
from ecps_cli.screen import views
from ecps_cli.walk.lookups import Here
from ecps_cli.walk.opening import Elsewhere, taken, way, ways
from ecps_cli.walk.prompter import ENTER, Key

OTHER = "-"
"""The choice "none of these" among the deviations; no id of a guide can be this."""


def intents(here: Here, opening: bool = False) -> Iterator[Intent | Elsewhere]:
    """Intents of the person: the remedy of a deviation that was done; else a note, then how the walk goes on.

    At an `opening`, it may be another case than that of this guide.
    """
    step, prompter = here.step, here.environment.prompter
    seen = {each.id: _text(here.session, step, each) for each in step.deviations}
    chosen: str | Key = OTHER
    seen |= ways(here.session.guide) if opening else {}
    if seen:
        here.environment.show(views.deviating(step, here.facts, here.environment.look))
        question = Question(seen_instead(here), ("r : retour",))
        chosen = prompter.choose(question, {**seen, OTHER: "Rien de tout cela"}, "r")
    if isinstance(chosen, Key):
        return
    elsewhere = way(here.session.guide, chosen)
    if elsewhere:
        guide = taken(elsewhere, prompter, here.environment.show)
        yield from [Elsewhere(guide)] if guide else []
        return
    deviation = step.deviation(chosen)
    if deviation is None:
        yield from _none_of_them(here)
    elif here.session.exhausted(step.id, deviation):
        yield Deviate(deviation.id)  # refused, with the sentence that says what remains
    else:
        under_way = deviation.then.guide in here.under_way
        then = "Ensuite : revenir à cet autre guide, qui est en cours." if under_way else ""
        here.environment.show(views.remedy(here.session.guide, deviation, here.facts, here.environment.look, then))
        done = Question(keys=(f"Entrée : {_done(deviation, under_way)}", "r : ce n’est pas cela"))
        if prompter.key(done, "r") == ENTER:
            yield Deviate(deviation.id)


def _done(deviation: Deviation, under_way: bool) -> str:
    """Words for what Enter does at a remedy."""
    if deviation.then.guide:
        return "revenir à ce guide" if under_way else "suivre ce guide"
    return "terminer ici" if deviation.then.end else "remède fait"


def _text(session: Session, step: Step, deviation: Deviation) -> str:
    tried = " (remède déjà essayé)" if session.exhausted(step.id, deviation) else ""
    return quoted_line(deviation.if_) + tried


def seen_instead(here: Here) -> str:
    """Question to somebody who has something else before them."""
    if here.environment.look.phone:
        return "Que dit le médecin ?"
    return "Que voyez-vous ?" if here.step.expect else "Que se passe-t-il ?"


def _none_of_them(here: Here) -> Iterator[Intent]:
    """Ask for a note, show what to say to whom, and ask how to go on."""
    prompter = here.environment.prompter
    here.environment.show(views.help_line(here.session, here.step, here.facts, here.environment.look))
    heard = prompter.text(Question(seen_instead(here), ("r : retour", "Entrée : ne rien noter")), "r")
    if isinstance(heard, Key):
        return
    if heard:
        yield Note(heard, mismatch=True)
    options = {
        "again": "Reprendre cette étape",
        "pause": "Mettre en pause, le temps d’appeler",
        "stop": "Arrêter ici, sans aboutir",
    }
    match prompter.choose(Question("Et maintenant ?"), options, "r", "again", deliberate=True):
        case "pause":
            yield Pause()
        case "stop":
            yield Abandon()
