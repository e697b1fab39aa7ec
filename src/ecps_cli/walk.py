"""The loop of a walk: show the step, ask, record what happened, go on. What it needs of the world is an argument."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from rich.console import ConsoleRenderable, Group  # noqa: TID251 — a type, and putting views one under the other

from ecps_cli import views
from ecps_cli.exports.ticket import ticket
from ecps_cli.guide import Deviation, Facts, Item, Step
from ecps_cli.journal import Journal
from ecps_cli.prompts import ENTER, EndOfInput, Key, Prompter, yes_no
from ecps_cli.session import (
    Answered,
    Confirmed,
    Deviated,
    End,
    Ended,
    Event,
    Noted,
    Paused,
    Session,
    Skipped,
    Ticked,
    Unticked,
    WentBack,
    accept,
    apply,
    before,
    current,
)
from ecps_cli.validators import Doubtful
from ecps_cli.views import Look
from ecps_cli.wording import plain_text, shown

KEYS = {
    "p": "ce n’est pas ce que je vois",
    "r": "revenir à l’étape précédente",
    "s": "passer cette étape",
    "n": "écrire une note",
    "l": "la liste des étapes",
    "o": "ouvrir le lien",
    "e": "cette étape ne correspond plus à l’écran",
    "?": "cette aide",
    "q": "mettre en pause",
}
"""The keys at every step, and what each does; Enter goes on."""

ALL_KEYS = "".join(KEYS)
OTHER = "-"
"""The choice "none of these" among the deviations; no id of a guide can be this."""


@dataclass
class Walk:
    """One walk through one session, and what it needs: a place to keep events, a screen, somebody to ask, a clock."""

    session: Session
    facts: Facts
    journal: Journal
    prompter: Prompter
    show: Callable[[ConsoleRenderable], None]
    """Paint a screen."""
    look: Look
    now: Callable[[], datetime]
    open_link: Callable[[str], bool]
    """Open an address in the browser; False when there is none."""
    notice: str = ""
    """What the next screen says first: a refusal, what was understood."""
    draft: str = ""
    """The text that was just refused, to be mended."""
    doubt: Doubtful | None = None
    """The value that was just doubted: the same again is insisting."""
    painted: int = -1
    """How many events there were when the step was last painted."""

    def run(self) -> Session:
        """Walk until an end, a pause or the end of the input, and return the session as it then stands.

        Raises:
            KeyboardInterrupt: Ctrl-C; the pause is recorded first.

        """
        try:
            while isinstance(step := current(self.session), Step):
                if isinstance(self._step(step), Paused):
                    return self.session
            self._finish(step)
        except EndOfInput as end:
            self._interrupted()
            self.notice = str(end)
        except KeyboardInterrupt:
            self._interrupted()
            raise
        return self.session

    # ------------------------------------------------------------------------------------------------ one step

    def _step(self, step: Step) -> Event | None:
        """Show a step and ask once; return what happened, or None when nothing did."""
        self.prompter.at(step.id)
        self._paint(step)
        meant = self._ask(step)
        return self._record(step, meant) if meant is not None else None

    def _paint(self, step: Step) -> None:
        """Show the step; the plain look only ever appends: the notice alone, when the step stands above it."""
        if self.look.plain and self.painted == len(self.session.events):
            if self.notice:
                self.show(views.notice_line(self.notice))
        else:
            reserve = 2 + len(step.options)
            self.show(views.StepScreen(self.session, step, self.facts, self.now(), self.look, self.notice, reserve))
        self.notice = ""
        self.painted = len(self.session.events)

    def _record(self, step: Step, meant: Event) -> Event | None:
        """Keep and return what happened, durable before it is believed; or keep the refusal for the screen."""
        heard = accept(self.session, meant, self.doubt.value if self.doubt else "")
        self.draft, self.doubt = "", None
        if isinstance(heard, Event):
            self._keep(heard)
            self.notice = heard.note if isinstance(heard, Answered) else ""
            return heard
        self.notice = f"{'Erreur : ' if self.look.plain else ''}{heard.message}"
        if isinstance(heard, Doubtful):
            self.doubt = heard
        elif isinstance(meant, Answered) and step.action == "ask":
            self.draft = meant.value
        return None

    def _keep(self, event: Event) -> None:
        session = apply(self.session, event)
        self.journal.append(event)
        self.session = session

    def _interrupted(self) -> None:
        step = current(self.session)
        if isinstance(step, Step):
            self._keep(Paused(self.now(), step.id))

    def _finish(self, end: End) -> None:
        if not self.session.closed:
            self._keep(Ended(self.now(), self.session.events[-1].step, end.id))
        self.show(views.ending(self.session, end, self.facts, self.look, ticket(self.session)))

    # ------------------------------------------------------------------------------------------------- asking

    def _ask(self, step: Step) -> Event | None:
        """Ask what the step's action asks; return what the person means, or None when there is nothing to record."""
        heard = self._heard(step)
        if not isinstance(heard, Key):
            return self._ticked(step, heard.strip()) if step.action == "tick" else Answered(self.now(), step.id, heard)
        handlers: dict[str, Callable[[Step], Event | None]] = {
            "": self._enter,
            "p": self._deviate,
            "r": self._back,
            "s": self._skip,
            "n": self._note,
            "l": self._list,
            "o": self._open,
            "e": self._mismatch,
            "?": self._help,
            "q": lambda step: Paused(self.now(), step.id),
        }
        return handlers[heard.letter](step)

    def _heard(self, step: Step) -> str | Key:
        match step.action:
            case "do":
                return self.prompter.key(
                    "Entrée : vu, continuer · p : autre chose à l’écran · r : retour · ? : aide", ALL_KEYS
                )
            case "choose":
                options = {option: plain_text(text) for option, text in step.options.items()}
                return self.prompter.choose(
                    "Réponse (? : aide)", options, ALL_KEYS, self.session.default(step.id) or ""
                )
            case "ask":
                return self.prompter.text(
                    "Réponse, ou s pour passer, ? pour l’aide :", ALL_KEYS, self._default(step), self.draft
                )
            case _:
                question = "Numéro de la ligne faite (Entrée : continuer, ? : aide) :"
                return self.prompter.text(question, ALL_KEYS) or ENTER

    def _default(self, step: Step) -> str:
        """Return what Enter alone answers: the repair that is offered, or the answer from before going back."""
        if self.doubt:
            return shown(step, self.doubt.value) if self.doubt.offer else ""
        earlier = self.session.default(step.id)
        return shown(step, earlier) if earlier and not self.draft else ""

    def _ticked(self, step: Step, heard: str) -> Event:
        """Return the tick, or the tick taken back, of the line whose number was typed."""
        number = int(heard[:9]) if heard.isdecimal() else 0
        if not 0 < number <= len(step.items):
            return Ticked(self.now(), step.id, heard)
        item = step.items[number - 1]
        if (step.id, item.id) in self.session.ticks:
            return Unticked(self.now(), step.id, item.id)
        return Ticked(self.now(), step.id, item.id, **self._details(item))

    def _details(self, item: Item) -> dict[str, str]:
        """Ask what the item's record holds; an empty answer leaves a blank."""
        questions = {
            "time": ("Heure :", self.now().strftime("%H:%M")),
            "person": ("Personne jointe (Entrée : sans) :", ""),
            "reference": ("Référence ou numéro de dossier (Entrée : sans) :", ""),
        }
        return {
            name: str(self.prompter.text(question, default=default))
            for name, (question, default) in questions.items()
            if name in item.record
        }

    # --------------------------------------------------------------------------------------------- what keys do

    def _enter(self, step: Step) -> Event | None:
        left = sum((step.id, item.id) not in self.session.ticks for item in step.items)
        if left and not yes_no(self.prompter, f"Il reste {left} ligne{'s' if left > 1 else ''} à faire. Continuer ?"):
            return None
        return Confirmed(self.now(), step.id)

    def _back(self, step: Step) -> Event:
        target = before(self.session)
        return WentBack(self.now(), step.id, target.id if target else "")

    def _deviate(self, step: Step) -> Event | None:
        options = {each.id: self._deviation_text(step, each) for each in step.deviations}
        chosen = OTHER
        if options:
            self.show(views.deviating(step))
            heard = self.prompter.choose("Que voyez-vous ? (r : retour)", {**options, OTHER: "Rien de tout cela"}, "r")
            if isinstance(heard, Key):
                return None
            chosen = heard
        deviation = step.deviation(chosen)
        if deviation is None:
            return self._other(step)
        if self.session.exhausted(step.id, deviation):
            return Deviated(self.now(), step.id, deviation.id)  # refused, with the sentence that says what remains
        self.show(views.remedy(self.session.guide, deviation, self.facts))
        done = self.prompter.key("Entrée : remède fait · r : ce n’est pas cela", "r")
        return Deviated(self.now(), step.id, deviation.id) if done == ENTER else None

    def _deviation_text(self, step: Step, deviation: Deviation) -> str:
        tried = " (remède déjà essayé)" if self.session.exhausted(step.id, deviation) else ""
        return plain_text(deviation.if_) + tried

    def _other(self, step: Step) -> Event | None:
        self.show(views.help_line(self.session.guide, step, self.facts))
        return self._written(step, "Que voyez-vous ? (Entrée : ne rien noter)", mismatch=True)

    def _skip(self, step: Step) -> Event | None:
        if step.critical and not yes_no(self.prompter, "Cette étape est critique. La passer quand même ?"):
            return None
        return Skipped(self.now(), step.id, str(self.prompter.text("Pourquoi passer cette étape ?")))

    def _note(self, step: Step) -> Event | None:
        return self._written(step, "Note :", mismatch=False)

    def _mismatch(self, step: Step) -> Event | None:
        return self._written(step, "Que montre l’écran maintenant ?", mismatch=True)

    def _written(self, step: Step, question: str, mismatch: bool) -> Event | None:
        text = str(self.prompter.text(question)).strip()
        return Noted(self.now(), step.id, text, mismatch) if text else None

    def _list(self, step: Step) -> None:
        self._aside(views.checklist(self.session, self.look))

    def _help(self, step: Step) -> None:
        keys = views.key_help([("Entrée", "vu, continuer"), *KEYS.items()])
        self._aside(Group(keys, views.BLANK, views.help_line(self.session.guide, step, self.facts)))

    def _aside(self, screen: ConsoleRenderable) -> None:
        """Show something beside the walk, then come back to the step."""
        self.show(screen)
        self.prompter.key("Entrée : revenir à l’étape")

    def _open(self, step: Step) -> None:
        links = [self.facts[link].value for link in step.links]
        if not links:
            self.notice = "Cette étape n’a pas de lien."
            return
        opened = self.open_link(links[0])
        self.notice = f"Ouvert : {links[0]}" if opened else f"Pas de navigateur ici. À ouvrir vous-même : {links[0]}"


def pause_sentence(session: Session) -> str:
    """Return what to say when a walk stops before its end."""
    step = current(session)
    return f"En pause à l’étape « {plain_text(step.text)} »" if isinstance(step, Step) else "En pause"
