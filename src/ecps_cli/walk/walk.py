"""The loop of a walk: show the step, ask, record what happened, go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ecps_cli.core.events import (
    Abandoned,
    Answered,
    CameBack,
    Ended,
    Event,
    Labelled,
    Paused,
    Reopened,
    Resumed,
    Skipped,
    WentBack,
)
from ecps_cli.core.guide import Facts, Guide, Step
from ecps_cli.core.intents import (
    Abandon,
    Answer,
    ComeBack,
    Confirm,
    Deviate,
    GoBack,
    GoOver,
    Intent,
    Note,
    Pause,
    Skip,
)
from ecps_cli.core.journal import JournalError
from ecps_cli.core.masking import masked
from ecps_cli.core.moves import MOVES, accept, apply
from ecps_cli.core.session import (
    Destination,
    End,
    Session,
    crossing,
    current,
    here,
    passed_over,
    returns_to,
    stack,
)
from ecps_cli.core.verdicts import Doubtful
from ecps_cli.french.question import Question
from ecps_cli.french.words import place_of, quoted_line, step_named
from ecps_cli.screen import painting, views
from ecps_cli.screen.painting import Renderable
from ecps_cli.screen.step_screen import StepScreen, countdown
from ecps_cli.walk import answering, deviating, ending, legend, lookups, notices, opening, ticking
from ecps_cli.walk.environment import Environment
from ecps_cli.walk.lookups import Here
from ecps_cli.walk.opening import Elsewhere
from ecps_cli.walk.prompter import DONE, EndOfInput, Key, Ticks

GOES_ON = "Ce qui suit n’est pas gardé : terminez sans fermer cette fenêtre."
END_LOST = "La fin de ce parcours n’est pas gardée : copiez le ticket."


class Unwritten(NamedTuple):
    """An event on its way to the journal, the guide in which it happened and the texts that it names."""

    event: Event
    guide: Guide
    texts: tuple[str, ...] = ()


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
    label: str = ""
    """The label to give the case with its first event."""
    options: tuple[str, ...] = ()
    """The options of the command line under which it is walked, and is to be taken up again."""
    opening: bool = False
    """Whether nothing was asked before the first step: it is there that one goes elsewhere, or labels the case."""
    prepare: Sequence[Renderable] = ()
    """What to have at hand, which stands with the first step until something is done."""
    painted: bool = False
    """Whether the step stands on the screen, and nothing has happened since."""

    following: str = field(init=False, default="")
    """The guide that the person wants to follow next."""
    unwritten: list[Unwritten] = field(init=False, default_factory=list)
    """What could not be written yet; tried again with the next event."""
    warning: str = field(init=False, default="")
    """Why what happened last could not be kept; empty once it is."""
    writing: bool = field(init=False, default=False)
    """Whether an event is being written at this moment."""
    hidden: str = field(init=False, default="")
    """What the next screen says after its notice: in which texts a code or a number was masked."""
    doubt: Doubtful | None = field(init=False, default=None)
    """The value that was just doubted: the same again is insisting."""
    typed: str = field(init=False, default="")
    """The text that was just refused, to be edited."""
    ticks: tuple[str, frozenset[str]] = field(init=False, default=("", frozenset()))
    """The step whose list was left at a detail of a line, and what was ticked in it."""

    def resume(self) -> None:
        """Take a walk up again: say what was done last, before the notice, and go back to where the step resumes."""
        if self.session.closed:
            self._keep(Reopened(self.environment.now(), self.here.events[-1].step))
        step = current(self.here)
        if not isinstance(step, Step):
            return
        said = notices.taken_up(self.here, self.environment.now())
        self._keep(Resumed(self.environment.now(), step.id))
        if step.resume_at and step.resume_at in self.here.resolved:
            asked = current(self.here)  # a question, when the resume lost its answer
            self._keep(WentBack(self.environment.now(), asked.id, step.resume_at))
            said += f" On reprend un peu avant {step_named(step)}, qui a un délai."
        self.notice = f"{said} {self.notice}".rstrip()

    @property
    def here(self) -> Session:
        """The part of the session that is walked now: the first guide, or the one that was gone over to."""
        return here(self.session)

    @property
    def named(self) -> Facts:
        """The facts that the guide which is walked now names."""
        return self.here.facts if self.session.away else self.facts

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
            while isinstance(position := current(self.here), Step) or self.session.away:
                if isinstance(position, End):
                    self._come_back(position)
                elif isinstance(self._step(position), Paused | Abandoned) or self.following:
                    return
            self._finish(position)
        except EndOfInput as end:
            self._interrupted()
            self.notice = str(end)
        except OSError:  # the terminal is gone
            self._interrupted()

    # ------------------------------------------------------------------------------------------------ one step

    def _step(self, step: Step) -> Event | None:
        """Show a step and ask once; return what happened, or None when nothing did."""
        self.environment.prompter.at(f"{self.here.guide.id}/{step.id}" if self.session.away else step.id)
        self._paint(step)
        intent = self._ask(step)
        return self._record(step, intent) if intent is not None else None

    def _paint(self, step: Step) -> None:
        """Show the step; the plain look only ever appends: the notice alone, when the step stands above it."""
        if self.environment.look.plain and self.painted:
            if self.notice or self.hidden:
                self.environment.show(painting.one_line(" ".join(filter(None, [self.notice, self.hidden]))))
        else:
            notice = " ".join(filter(None, [self.notice, self.hidden, self._said_of_keeping(GOES_ON)]))
            self.environment.show(
                StepScreen(
                    session=self.here,
                    step=step,
                    facts=self.named,
                    now=self.environment.now(),
                    look=self.environment.look,
                    notice=notice,
                    question=self._room(step),
                    options=self._listed(step).values(),
                    above=int(self.session.practice),
                    then=self._then(),
                    prepare=self.prepare if self._opens() else (),
                )
            )
        self.notice = self.hidden = ""
        self.painted = True

    def _opens(self) -> bool:
        """Whether this is the first step, and nothing was done yet."""
        return self.opening and not self.session.events

    def _labels(self, step: Step) -> bool:
        """Whether the case may be labelled here: nothing else is offered beside a critical step."""
        return self._opens() and opening.opens_on(step) and not step.critical

    def _then(self) -> str:
        """Where one comes back to from a guide that was gone over to; an empty text in the first one."""
        *_, before, _ = (None, *stack(self.session))
        return f"Puis retour à {place_of(before, returns_to(before))}" if before else ""

    def _record(self, step: Step, intent: Intent) -> Event | None:
        """Keep and return what happened, durable before it is believed; or keep the refusal for the screen."""
        doubted, self.doubt, self.typed = self.doubt, None, ""
        heard = accept(self.session, intent, self.environment.now(), doubted.value if doubted else "")
        if isinstance(heard, Event):
            self._keep(heard, intent.into if isinstance(intent, GoOver) else None)
            self.hidden = " ".join(filter(None, [self.hidden, notices.withheld(step, intent)]))
            self.notice = " ".join(filter(None, [notices.recorded(heard), self._read_back(step, heard)]))
            return heard
        self.notice = f"{'Erreur : ' if self.environment.look.plain else ''}{heard.message}"
        self.typed = intent.value if isinstance(intent, Answer) and step.action == "ask" else ""
        if isinstance(heard, Doubtful):
            self.doubt = heard
        return None

    def _read_back(self, step: Step, heard: Event) -> str:
        """Sentence that has the doctor confirm a number just typed, over the telephone; else an empty text."""
        if not self.environment.look.phone or step.action != "ask" or not isinstance(heard, Answered):
            return ""
        from ecps_cli.french.telephone import read_back

        return read_back(step, heard.value)

    def _keep(self, event: Event, into: Destination | None = None) -> None:
        """Write an event down, then believe it; where it cannot be written, go on and say so until it is."""
        if self.label and not isinstance(event, Paused):  # not by itself: looking leaves no trace
            label, self.label = Labelled(event.at, event.step, masked(self.label)), ""
            self._keep(label)
        session = apply(self.session, event, into)
        self.unwritten.append(Unwritten(event, self.here.guide, into.texts if into else ()))
        self.writing = True
        try:
            while self.unwritten:
                self.environment.journal.append(*self.unwritten[0])
                self.unwritten.pop(0)
            self.warning = ""
        except JournalError as error:
            self.warning = str(error)
        self.writing = False
        self.session, self.painted = session, False

    def _said_of_keeping(self, what: str) -> str:
        """Sentence of every screen on what is not kept; empty where all is."""
        return f"{self.warning} {what}" if self.warning else self.standing

    def _interrupted(self) -> None:
        """Record the pause; but not when an event was being written, which may stand in the journal already."""
        step = current(self.here)
        pausing = bool(self.unwritten) and isinstance(self.unwritten[-1].event, Paused)
        if not isinstance(step, Step) or (self.writing and not pausing):
            return
        if pausing:  # a closed window ends the input, then signals: once more, since two pauses are one
            self.unwritten.pop()
        self._keep(Paused(self.environment.now(), step.id))

    def _come_back(self, end: End) -> None:
        """Leave a guide that has come to its end for the one from which it was gone over to; say how it ended."""
        part, facts, left = self.here, self.named, crossing(stack(self.session)[-2])
        self._keep(CameBack(self.environment.now(), left.step, end.id))
        look, position = self.environment.look, current(self.here)
        goes_on = isinstance(position, Step)
        outcome = replace(end.outcome, next=()) if goes_on else end.outcome  # what is next is known
        self.environment.show(views.outcome_screen(outcome, facts, look, passed_over(part)))
        if not look.plain:
            then = f"revenir à {place_of(self.here, position.id)}" if goes_on else "continuer"
            self.environment.prompter.key(Question(keys=(f"Entrée : {then}",)))
        self.notice = f"Retour du guide « {part.guide.title} »."

    def _finish(self, end: End) -> None:
        if not self.session.closed:
            self._keep(Ended(self.environment.now(), self.session.events[-1].step, end.id))
        from ecps_cli.exports.record import record_of
        from ecps_cli.exports.ticket import ticket

        text = ticket(record_of(self.session, self.facts))
        kept = self._said_of_keeping(END_LOST)
        screen = views.ending(self.session, end, self.facts, self.environment.look, text, kept)
        if not self.environment.look.plain:
            above = int(self.session.practice)
            with suppress(EndOfInput, KeyboardInterrupt):  # nothing is left to answer
                self.following = ending.following(self.environment, end, screen, text, self.hidden, above)
            return
        if self.hidden:
            self.environment.show(painting.one_line(self.hidden))
        self.environment.show(screen)

    # ------------------------------------------------------------------------------------------------- asking

    def _ask(self, step: Step) -> Intent | None:
        """Ask what the step's action asks; return what the person means, or None when there is nothing to record."""
        heard = self._heard(step)
        if isinstance(heard, Ticks):
            return self._ticked(step, heard)
        if not isinstance(heard, Key):
            return self._answered(step, heard)
        here = Here(self.environment, self.here, self.named, step, self._under_way())
        while heard.letter == "?":
            heard = lookups.show_help(here, self._acting(step))
            if not heard.letter:
                return None
        if heard.letter in lookups.ASIDES:
            self.notice = lookups.ASIDES[heard.letter](here)
            return None
        moves: dict[str, Callable[[], Intent | None]] = {
            "": Confirm,
            DONE: Confirm,
            "p": lambda: self._deviate(here),
            "d": lambda: self._sense(here) if step.preflight else self._label(),
            "r": GoBack,
            "s": lambda: self._skip(step),
            "n": lambda: self._note(Question("Note", ("r : retour",), " :")),
            "e": lambda: self._note(Question("Que montre l’écran maintenant ?", ("r : retour",)), mismatch=True),
            "q": self._stop,
        }
        return moves[heard.letter]()

    def _keys(self, step: Step) -> dict[str, str]:
        keys = legend.keys_of(step, self.environment.look.phone)
        return legend.OPENING | keys if self._labels(step) else keys

    def _acting(self, step: Step) -> dict[str, str]:
        acting = legend.acting(self.here, step, self.named, self.environment.look.phone)
        return legend.OPENING | acting if self._labels(step) else acting

    def _heard(self, step: Step) -> str | Key | Ticks:
        prompter, keys, question = self.environment.prompter, "".join(self._keys(step)), self._question(step)
        match step.action:
            case "do":
                clock = countdown(self.here, self.environment.now)
                return prompter.key(question, keys, not legend.deliberate(step), legend.in_words(step), clock)
            case "choose":
                earlier = self.here.default(step.id) or ""
                return prompter.choose(question, self._listed(step), keys, earlier, step.critical)
            case "ask":
                stood = answering.standing(step, self.doubt, self.typed)
                heard = prompter.text(question, keys, self._default(step), stood)
                check = answering.check_of(step, self.environment.now().date())
                return heard if isinstance(heard, Key) else answering.meant(check, stood, heard, keys)
            case _:
                return prompter.tick(
                    question, self._listed(step), ticking.ticked(self.here, step) | self._meant(step), keys
                )

    def _meant(self, step: Step) -> frozenset[str]:
        """Lines that were ticked, and of which a detail was left; by lines each is ticked alone, and again."""
        at, ids = self.ticks
        return ids if at == step.id and not self.environment.look.plain else frozenset()

    def _question(self, step: Step) -> Question:
        case = " ".join(filter(None, [opening.CASE, self.label])) if self._labels(step) else ""
        return legend.question(self.here, step, self.named, self.environment.look.phone, case)

    def _listed(self, step: Step) -> dict[str, str]:
        """Answers of a step, or its lines to tick, as they are listed under its question."""
        if step.action == "tick":
            return ticking.lines(self.here, step, self.named)
        return {option: quoted_line(text) for option, text in step.options.items()}

    def _room(self, step: Step) -> Question:
        """All that will stand under the screen, which has to leave room for it; plain lines have no height."""
        if self.environment.look.plain:
            return Question()
        clock = step.action == "do" and countdown(self.here, self.environment.now) is not None
        return legend.in_full(step, self._question(step), self._default(step), clock)

    def _default(self, step: Step) -> str:
        return answering.default(self.here, step, self.doubt, self.environment.now().date())

    # --------------------------------------------------------------------------------------------- what is heard

    def _answered(self, step: Step, heard: str) -> Intent | None:
        """The answer; the same that was doubted just before must be insisted on, since it stood in the line already."""
        insisting = self.doubt and not self.doubt.offer and heard == self.typed
        if insisting and not self.environment.prompter.yes_no("Le garder quand même, comme non vérifié ?"):
            self.typed = heard
            return None
        return Answer(heard)

    def _ticked(self, step: Step, heard: Ticks) -> Intent | None:
        """Record what changed in a list; the intent to leave it, where that was meant."""
        self.ticks = "", frozenset()
        for intent in ticking.changes(self.here, step, heard, self.environment):
            if intent is None:
                self.ticks = step.id, heard.ids
                return None
            self._record(step, intent)
        if not heard.left:
            return None
        ticked = ticking.ticked(self.here, step)
        left = [line for each, line in self._listed(step).items() if each not in ticked]
        if not left:
            return Confirm()
        match ticking.how_to_leave(step, left, self.environment):
            case ticking.PAUSE:
                return Pause()
            case ticking.LEAVE:
                return Confirm()
            case _:
                return None

    def _deviate(self, here: Here) -> Intent | None:
        for intent in deviating.intents(here, self._opens()):
            if isinstance(intent, Elsewhere):
                self.following = intent.guide
            elif not isinstance(intent, Note):
                return self._followed(here.step, intent)
            else:
                self._record(here.step, intent)
        return None

    def _label(self) -> None:
        self.label = opening.label(self.environment.prompter, self.label)

    def _followed(self, step: Step, intent: Intent) -> Intent:
        """The intent to go over to the guide that is a remedy; the remedy alone, where it is under way or not there."""
        deviation = step.deviation(intent.deviation) if isinstance(intent, Deviate) else None
        guide_id = deviation.then.guide if deviation else None
        if not deviation or not guide_id or guide_id in self._under_way():
            return intent
        into = self.environment.find(guide_id)
        return GoOver(deviation.id, into) if into else intent

    def _sense(self, here: Here) -> Intent:
        from ecps_cli.walk import sensing  # by one key: not before

        return sensing.intent(here)

    def _under_way(self) -> frozenset[str]:
        return frozenset(part.guide.id for part in stack(self.session))

    def _skip(self, step: Step) -> Intent | None:
        prompter = self.environment.prompter
        if MOVES[Skipped][step.action]:
            return Skip("")  # refused at once: nothing is asked for it
        if step.critical and not prompter.yes_no("Cette étape est critique. La passer quand même ?"):
            return None
        why = prompter.text(Question("Pourquoi passer cette étape ?", ("r : retour",)), "r")
        return None if isinstance(why, Key) else Skip(why)

    def _note(self, question: Question, mismatch: bool = False) -> Intent | None:
        heard = self.environment.prompter.text(question, "r")
        return None if isinstance(heard, Key) or not heard else Note(heard, mismatch)

    def _stop(self) -> Intent | None:
        """A pause, or the end of a walk that nobody will take up again; where nothing was done, there is neither."""
        if not self.session.events:
            return Pause()
        keys = ["Entrée : mettre en pause", "x : abandonner, ne plus le proposer", "r : continuer"]
        keys += ["g : quitter ce guide-ci"] if self.session.away else []
        question = Question(keys=tuple(keys))
        match self.environment.prompter.key(question, "qxrg" if self.session.away else "qxr").letter:
            case "r":
                return None
            case "g":
                return ComeBack()
            case "x":
                return Abandon()
            case _:
                return Pause()
