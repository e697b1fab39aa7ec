"""The loop of a walk: show the step, ask, record what happened, go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from ecps_cli.core.events import Answered, Ended, Event, Noted, Paused, Resumed, Skipped, WentBack
from ecps_cli.core.guide import Deviation, Facts, Item, Step
from ecps_cli.core.intents import Answer, Confirm, Deviate, GoBack, Intent, Note, Pause, Skip, Tick, Untick
from ecps_cli.core.journal import JournalError
from ecps_cli.core.moves import accept, apply
from ecps_cli.core.session import End, Session, before, current
from ecps_cli.core.validators import Accepted, Doubtful, read_time
from ecps_cli.french.words import plural, shown, strip_markup
from ecps_cli.screen import painting, views
from ecps_cli.walk import lookups
from ecps_cli.walk.environment import Environment
from ecps_cli.walk.lookups import Here
from ecps_cli.walk.prompter import ENTER, HINT, MARK, EndOfInput, Key, chosen, yes_no

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
    "q": "mettre en pause",
}
"""The keys at every step, and what each does; Enter goes on."""

BY_PHONE = {"a": "épeler, lettre par lettre"}
"""The keys that are there over the telephone only."""

QUESTIONS = {
    "do": "Entrée : vu · p : autre chose · r : retour · s : passer · q : pause · ? : aide",
    "choose": "Réponse (p : autre cas, ? : aide)",
    "ask": "Réponse (p : autre cas, s : passer, ? : aide) :",
    "tick": "Numéro de la ligne faite (Entrée : continuer, ? : aide) :",
}
"""What is asked at a step, by its action."""

OTHER = "-"
"""The choice "none of these" among the deviations; no id of a guide can be this."""


@dataclass
class Walk:
    """One walk through one session."""

    session: Session
    facts: Facts
    environment: Environment
    notice: str = ""
    """What the next screen says first: a refusal, what was understood."""
    standing: str = ""
    """What every screen says from the start to the end: nothing of this walk is kept."""
    warning: str = ""
    """What every screen says now: what happened last could not be kept."""
    unwritten: list[Event] = field(default_factory=list)
    """What could not be written yet; tried again with the next event."""
    writing: bool = False
    """Whether an event is being written at this moment."""
    doubt: Doubtful | None = None
    """The value that was just doubted: the same again is insisting."""
    painted: int = -1
    """How many events there were when the step was last painted."""

    def resume(self) -> None:
        """Take a walk up again: say what was done last, and go back to where the step says one resumes."""
        step = current(self.session)
        if not isinstance(step, Step):
            return
        self.notice = _last_confirmed(self.session, self.environment.now())
        self._keep(Resumed(self.environment.now(), step.id))
        if step.resume_at and step.resume_at in self.session.resolved:
            here = current(self.session)  # a question, when the resume lost its answer
            self._keep(WentBack(self.environment.now(), here.id, step.resume_at))
            self.notice += f" On reprend un peu avant « {strip_markup(step.text)} », qui a un délai."

    def run(self) -> Session:
        """Walk until an end, a pause or the end of the input, and return the session as it then stands.

        Raises:
            KeyboardInterrupt: Ctrl-C; the pause is recorded first.

        """
        try:
            self._run()
        except KeyboardInterrupt:
            self._interrupted()
            raise
        return self.session

    def _run(self) -> None:
        try:
            while isinstance(step := current(self.session), Step):
                if isinstance(self._step(step), Paused):
                    return
            self._finish(step)
        except EndOfInput as end:
            self._interrupted()
            self.notice = str(end)
        except OSError:  # the terminal is gone
            self._interrupted()

    # ------------------------------------------------------------------------------------------------ one step

    def _step(self, step: Step) -> Event | None:
        """Show a step and ask once; return what happened, or None when nothing did."""
        self.environment.prompter.at(step.id)
        self._paint(step)
        intent = self._ask(step)
        return self._record(step, intent) if intent is not None else None

    def _paint(self, step: Step) -> None:
        """Show the step; the plain look only ever appends: the notice alone, when the step stands above it."""
        if self.environment.look.plain and self.painted == len(self.session.events):
            if self.notice:
                self.environment.show(painting.one_line(self.notice))
        else:
            notice = " ".join(filter(None, [self.notice, self.warning or self.standing]))
            self.environment.show(
                views.StepScreen(
                    session=self.session,
                    step=step,
                    facts=self.facts,
                    now=self.environment.now(),
                    look=self.environment.look,
                    notice=notice,
                    question=self._question(step),
                    options=_options(step).values(),
                    above=int(self.session.practice),
                )
            )
        self.notice = ""
        self.painted = len(self.session.events)

    def _record(self, step: Step, intent: Intent) -> Event | None:
        """Keep and return what happened, durable before it is believed; or keep the refusal for the screen."""
        heard = accept(self.session, intent, self.environment.now(), self.doubt.value if self.doubt else "")
        self.doubt = None
        if isinstance(heard, Event):
            self._keep(heard)
            self.notice = " ".join(filter(None, [_said_of(heard), self._read_back(step, heard)]))
            return heard
        self.notice = f"{'Erreur : ' if self.environment.look.plain else ''}{heard.message}"
        if isinstance(heard, Doubtful):
            self.doubt = heard
        return None

    def _read_back(self, step: Step, heard: Event) -> str:
        """Return what to read back to the doctor: over the telephone, a number that was just heard and typed."""
        if not self.environment.look.phone or step.action != "ask" or not isinstance(heard, Answered):
            return ""
        from ecps_cli.french.telephone import read_back

        return read_back(step, heard.value)

    def _keep(self, event: Event) -> None:
        """Write an event down, then believe it; where it cannot be written, go on and say so until it is."""
        session = apply(self.session, event)
        self.unwritten.append(event)
        self.writing = True
        try:
            while self.unwritten:
                self.environment.journal.append(self.unwritten[0])
                self.unwritten.pop(0)
            self.warning = ""
        except JournalError as error:
            self.warning = f"{error} Ce qui suit n’est pas gardé : terminez sans fermer cette fenêtre."
        self.writing = False
        self.session = session

    def _interrupted(self) -> None:
        """Record the pause; but not when an event was being written, which may stand in the journal already."""
        step = current(self.session)
        pausing = bool(self.unwritten) and isinstance(self.unwritten[-1], Paused)
        if not isinstance(step, Step) or (self.writing and not pausing):
            return
        if pausing:  # a closed window ends the input, then signals: once more, since two pauses are one
            self.unwritten.pop()
        self._keep(Paused(self.environment.now(), step.id))

    def _finish(self, end: End) -> None:
        if not self.session.closed:
            self._keep(Ended(self.environment.now(), self.session.events[-1].step, end.id))
        from ecps_cli.exports.record import record_of
        from ecps_cli.exports.ticket import ticket

        text = ticket(record_of(self.session, self.facts))
        self.environment.show(views.ending(self.session, end, self.facts, self.environment.look, text))

    # ------------------------------------------------------------------------------------------------- asking

    def _ask(self, step: Step) -> Intent | None:
        """Ask what the step's action asks; return what the person means, or None when there is nothing to record."""
        heard = self._heard(step)
        if not isinstance(heard, Key):
            return self._ticked(step, heard.strip()) if step.action == "tick" else Answer(heard)
        asides: dict[str, Callable[[Here], str]] = {
            "l": lookups.show_list,
            "o": lookups.open_link,
            "k": lookups.show_code,
            "c": lookups.copy,
            "a": lookups.spell,
            "?": partial(lookups.show_help, keys=self.keys),
        }
        if heard.letter in asides:
            self.notice = asides[heard.letter](Here(self.environment, self.session, self.facts, step))
            return None
        moves: dict[str, Callable[[Step], Intent | None]] = {
            "": self._enter,
            "p": self._deviate,
            "r": lambda _: GoBack(),
            "s": self._skip,
            "n": lambda _: self._written("Note :", mismatch=False),
            "e": lambda _: self._written("Que montre l’écran maintenant ?", mismatch=True),
            "q": lambda _: Pause(),
        }
        return moves[heard.letter](step)

    @property
    def keys(self) -> dict[str, str]:
        """The keys of this walk, and what each does."""
        return KEYS | BY_PHONE if self.environment.look.phone else KEYS

    def _heard(self, step: Step) -> str | Key:
        keys, question = "".join(self.keys), self._asked(step)
        match step.action:
            case "do":
                return self.environment.prompter.key(question, keys)
            case "choose":
                return self.environment.prompter.choose(
                    question, _options(step), keys, self.session.default(step.id) or ""
                )
            case "ask":
                return self.environment.prompter.text(question, keys, self._default(step))
            case _:
                heard = self.environment.prompter.text(question, keys)
                return heard if isinstance(heard, Key) or heard.strip() else ENTER

    def _asked(self, step: Step) -> str:
        """Return what is asked at a step; over the telephone, spelling is wanted more often than passing over."""
        question = QUESTIONS[step.action]
        if before(self.session) is None:
            question = question.replace(" · r : retour", "")
        return (
            question.replace("s : passer", "a : épeler")
            if self.environment.look.phone and step.action == "do"
            else question
        )

    def _question(self, step: Step) -> str:
        """Return all that is asked under a step, for the room that it takes: with its mark, its default, its hint."""
        before = "" if step.action == "do" else MARK
        default = self._default(step) if step.action == "ask" else ""
        after = f" {HINT}" if step.action == "choose" else f" [Entrée : {default}]" if default else ""
        return before + self._asked(step) + after

    def _default(self, step: Step) -> str:
        """Return what Enter alone answers: the repair that is offered, or the answer from before going back."""
        if self.doubt:
            return shown(step, self.doubt.offer) if self.doubt.offer else ""
        earlier = self.session.default(step.id)
        return shown(step, earlier) if earlier else ""

    def _ticked(self, step: Step, heard: str) -> Intent:
        """The tick, or the tick taken back, of the line whose number or id was typed."""
        item = step.item(chosen(heard, [each.id for each in step.items]) or "")
        if item is None:
            return Tick(heard)
        if (step.id, item.id) in self.session.ticks:
            return Untick(item.id)
        return Tick(item.id, **self._details(item))

    def _details(self, item: Item) -> dict[str, str]:
        """Ask what the item's record holds; an empty answer leaves a blank."""
        questions = {  # what is asked, what Enter alone answers
            "time": ("Heure :", self.environment.now().strftime("%H:%M")),
            "person": ("Personne jointe (Entrée : sans) :", ""),
            "reference": ("Référence ou numéro de dossier (Entrée : sans) :", ""),
        }
        return {name: self._detail(name, *asked) for name, asked in questions.items() if name in item.record}

    def _detail(self, name: str, question: str, default: str) -> str:
        """Detail recorded of a tick: as it was typed, but for the time, which is asked until it is one."""
        while True:
            heard = str(self.environment.prompter.text(question, default=default))
            verdict = read_time(heard, self.environment.now()) if name == "time" else Accepted(heard)
            if isinstance(verdict, Accepted):
                return verdict.value
            self.environment.prompter.refused(verdict.message)

    # --------------------------------------------------------------------------------------------- what keys do

    def _enter(self, step: Step) -> Intent | None:
        left = sum((step.id, item.id) not in self.session.ticks for item in step.items)
        question = f"Il reste {plural(left, 'ligne')} à faire. Continuer ?"
        if left and not yes_no(self.environment.prompter, question):
            return None
        return Confirm()

    def _deviate(self, step: Step) -> Intent | None:
        options = {each.id: self._deviation_text(step, each) for each in step.deviations}
        chosen = OTHER
        if options:
            self.environment.show(views.deviating(step))
            seen = {**options, OTHER: "Rien de tout cela"}
            heard = self.environment.prompter.choose(f"{self._seen_instead()} (r : retour)", seen, "r")
            if isinstance(heard, Key):
                return None
            chosen = heard
        deviation = step.deviation(chosen)
        if deviation is None:
            return self._other(step)
        if self.session.exhausted(step.id, deviation):
            return Deviate(deviation.id)  # refused, with the sentence that says what remains
        self.environment.show(views.remedy(self.session.guide, deviation, self.facts, self.environment.look))
        done = self.environment.prompter.key("Entrée : remède fait · r : ce n’est pas cela", "r")
        return Deviate(deviation.id) if done == ENTER else None

    def _deviation_text(self, step: Step, deviation: Deviation) -> str:
        tried = " (remède déjà essayé)" if self.session.exhausted(step.id, deviation) else ""
        return strip_markup(deviation.if_) + tried

    def _other(self, step: Step) -> Intent | None:
        self.environment.show(views.help_line(self.session.guide, step, self.facts))
        return self._written(f"{self._seen_instead()} (Entrée : ne rien noter)", mismatch=True)

    def _seen_instead(self) -> str:
        return "Que dit le médecin ?" if self.environment.look.phone else "Que voyez-vous ?"

    def _skip(self, step: Step) -> Intent | None:
        if step.critical and not yes_no(self.environment.prompter, "Cette étape est critique. La passer quand même ?"):
            return None
        return Skip(str(self.environment.prompter.text("Pourquoi passer cette étape ?")))

    def _written(self, question: str, mismatch: bool) -> Intent | None:
        text = str(self.environment.prompter.text(question)).strip()
        return Note(text, mismatch) if text else None


def _options(step: Step) -> dict[str, str]:
    """Return the options of a step, each as one line of bare text."""
    return {option: strip_markup(text) for option, text in step.options.items()}


def _said_of(event: Event) -> str:
    """Return what the next screen says of what was just recorded, or an empty text."""
    match event:
        case Answered() if not event.verified:
            return "Gardé comme non vérifié."
        case Answered():
            return event.note
        case Noted():
            return "C’est noté."
        case _:
            return ""


def _last_confirmed(session: Session, now: datetime) -> str:
    """Return what was settled last, when, and with which answer, in a sentence; or that nothing was."""
    if not session.resolved:
        return "Reprise au début."
    from ecps_cli.french.event_text import answer, labelled

    event = max(session.resolved.values(), key=lambda each: each.at)
    step = session.guide.step(event.step)
    heard = answer(session.guide, event) if isinstance(event, Answered) else ""
    text = strip_markup(step.text) if step else event.step
    done = "Passé" if isinstance(event, Skipped) else "Fait"
    day = "" if event.at.astimezone().date() == now.astimezone().date() else f"le {event.at:%d/%m/%Y} "
    return f"Reprise. {done} en dernier, {day}à {event.at:%H:%M} : {labelled(text, heard) if heard else text}"


def pause_sentence(session: Session) -> str:
    """Return what to say when a walk stops before its end."""
    step = current(session)
    return f"En pause à l’étape « {strip_markup(step.text).rstrip('.')} »" if isinstance(step, Step) else "En pause"
