"""Scenarios beside a guide: a situation, what is typed in it, where it must lead; run, and what they cover together."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ecps_cli.core.events import Answered, Deviated, Ended
from ecps_cli.core.guide import Facts, Guide, Id, Step, Text
from ecps_cli.core.journal import MemoryJournal
from ecps_cli.core.model import KeyPath
from ecps_cli.core.session import Destination, End, Session, current, here, history
from ecps_cli.core.shape import Shape, key
from ecps_cli.core.text import shorten
from ecps_cli.french.question import Question
from ecps_cli.french.words import plural
from ecps_cli.loading.answers import answer_findings, is_elsewhere, typed_lines
from ecps_cli.loading.folders import yaml_file
from ecps_cli.loading.loader import load_model
from ecps_cli.loading.problems import Finding, Problem, Unknown, listed
from ecps_cli.loading.raw_guide import RawDocument
from ecps_cli.loading.tree import Tree, read_tree
from ecps_cli.screen.painting import Look
from ecps_cli.walk.by_lines import LinePrompter, words_of
from ecps_cli.walk.environment import Desktop, Environment
from ecps_cli.walk.prompter import ALL, DONE, NO, YES, Countdown, Key, Ticks, chosen
from ecps_cli.walk.walk import Walk

CLOCK = datetime(2026, 1, 1, 10, 0, tzinfo=UTC)
"""The time of every scenario, which stands still: each run of one is the same run."""


def scenarios_beside(guide: Path) -> Path:
    """File of the scenarios of a guide: in `tests/` beside it, under the same name."""
    return yaml_file(guide.parent / "tests" / f"{guide.stem}.yaml")


# ------------------------------------------------------------------------------------------------------------ the file


class WrittenScenario(Shape):
    """One scenario as it is written."""

    title: Text = key(example="Créer sa e-CPS")
    """The situation, in words."""
    answers: dict[str, Any] = key(default_factory=dict, example='{rpps: "99700218896", email: [p, no-email, ""]}')
    """Step id → what is typed there: a text, or a list of texts. A `do` step with nothing (left) gets Enter.

    A step of a guide that the walk goes over to has that guide before it: `card-blocked/letter`.
    """
    must_pass: tuple[Text, ...] = key(default=(), example="[scan]")
    """Steps that the walk must come to."""
    must_not_pass: tuple[Text, ...] = key(default=(), example="[scan]")
    """Steps that the walk must not come to."""
    outcome: Id = key(example="activated")
    """The outcome in which the walk must end."""


class WrittenScenarios(Shape):
    """A file of scenarios as it is written."""

    guide: Id = key(example="activate-mobile")
    scenarios: dict[Id, WrittenScenario] = key(example="{everything-works: {title: Tout va bien, outcome: activated}}")


@dataclass(frozen=True)
class Scenario:
    """A situation: what is typed at the steps of a guide, and where that must lead."""

    id: str
    title: str
    answers: Mapping[str, tuple[str, ...]]
    """Step id → the lines typed there, as the plain prompter reads them: keys, ids of options and deviations, texts."""
    must_pass: tuple[str, ...]
    must_not_pass: tuple[str, ...]
    outcome: str
    file: str
    tree: Tree
    """Its file, which knows the place of everything."""

    def problem(self, path: KeyPath, sentence: object) -> Problem:
        """Problem at one of its values: no rule is broken, so it has no code."""
        position = self.tree.position(("scenarios", self.id, *path))
        return Problem(self.file, *position, str(sentence), code="")


def load_scenarios(text: str, name: str, guide: Guide) -> tuple[Scenario, ...]:
    """Scenarios of a guide that a text holds; `name` is what problems call the file.

    Raises:
        LoadError: the text holds no scenarios, or names what the guide has not; with every problem of it.

    """
    tree = read_tree(text, name)
    written = load_model(tree, name, WrittenScenarios, lambda data: list(_findings(data, guide)))
    return tuple(
        Scenario(
            id=scenario_id,
            title=each.title,
            answers=typed_lines(each.answers),
            must_pass=each.must_pass,
            must_not_pass=each.must_not_pass,
            outcome=each.outcome,
            file=name,
            tree=tree,
        )
        for scenario_id, each in written.scenarios.items()
    )


def _findings(data: object, guide: Guide) -> Iterator[Finding]:
    """Faults of a file of scenarios: what it names and its guide has not."""
    raw = RawDocument(data)
    for path, named in raw.texts_at("guide"):
        if named != guide.id:
            said = f"le guide d’à côté est « {guide.id} », pas « {shorten(named)} ». Donnez-leur le même nom."
            yield Finding(path, said, "E302")
    for path, answers in raw.pick("scenarios.*.answers"):
        if isinstance(answers, dict):
            yield from answer_findings(answers, guide, path)
    steps = [step.id for step in guide.steps]
    for steps_of in ("must_pass", "must_not_pass"):
        for path, step_id in raw.texts_at(f"scenarios.*.{steps_of}.*"):
            if step_id not in steps and not is_elsewhere(step_id, guide):
                yield Finding(path, Unknown("l’étape", step_id, steps, "Enlevez-la."), "E306")
    for path, outcome in raw.texts_at("scenarios.*.outcome"):
        if outcome not in guide.outcomes:
            yield Finding(path, Unknown("l’issue", outcome, guide.outcomes, "Enlevez-la."), "E309")
    for path, lines in raw.pick("scenarios.*.answers.*"):
        step = guide.step(str(path[-1]))
        words = lines if isinstance(lines, list) else [lines]
        if step:
            yield from (Finding((*path, number), unknown, "E308") for number, unknown in _unknown_words(step, words))


def _unknown_words(step: Step, lines: list[Any]) -> Iterator[tuple[int, Unknown]]:
    """First lines of a step that name none of its deviations or options; the rest is read by the walk."""
    deviations = [each.id for each in step.deviations]
    at = 0
    while deviations and lines[at : at + 1] == ["p"]:
        if not _may_choose(lines[at + 1 : at + 2], deviations):
            yield at + 1, Unknown("l’écart", lines[at + 1], deviations, "")
        at += 3  # p, the deviation, what is said to its remedy
    if step.action == "choose" and not _may_choose(lines[at : at + 1], step.options):
        yield at, Unknown("la réponse", lines[at], step.options, "")


def _may_choose(words: list[Any], ids: Container[str]) -> bool:
    """Whether what is typed, if anything, may choose one of these: an id, a number, or a key."""
    return all(not isinstance(word, str) or word in ids or word.isdecimal() or len(word) <= 1 for word in words)


# ----------------------------------------------------------------------------------------------------------------- run

Method = Literal["key", "text", "choose", "tick", "yes_no"]
"""How a prompter is asked."""


class Typed(NamedTuple):
    """One line that was typed, and at which question."""

    step: str
    question: Method
    line: str
    """The line as the plain prompter reads it."""
    number: int = 0
    """Of a list: the number of the choice or of the line, from 1; 0 where a key, or Enter alone, was typed instead."""


class Run(NamedTuple):
    """How the walk of a scenario went."""

    scenario: Scenario
    session: Session
    typed: tuple[Typed, ...]
    """All that was typed, in order: `LinePrompter` reads these very lines."""
    failures: tuple[Problem, ...]
    """What went otherwise than the scenario says, each at its place."""

    @property
    def passed(self) -> tuple[str, ...]:
        """Steps that the walk came to, in the order in which it first did."""
        return _passed(self.session)


def _passed(session: Session) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name_of(part, event.step) for part, event, _ in history(session)))


def name_of(part: Session, step_id: str) -> str:
    """Name of a step in a scenario: one of a guide that was gone over to has that guide before it."""
    return f"{part.guide.id}/{step_id}" if part.prefix else step_id


Find = Callable[[str], Destination | None]
"""The guide of an id, to which a walk may go over."""


def run(scenario: Scenario, guide: Guide, facts: Facts, find: Find = lambda _: None) -> Run:
    """Walk a guide as a scenario says, in memory, and return how it went; the same each time."""
    typist = _Typist(scenario, lambda: walk)
    world = Environment(
        prompter=typist,
        show=lambda screen: None,
        look=Look(plain=True),
        now=lambda: CLOCK,
        journal=MemoryJournal(),
        desktop=Desktop(open_link=lambda address: True),
        find=find,
    )
    walk = Walk(Session(guide, CLOCK), facts, world)
    stuck: list[_Failure]
    try:
        walk.run()
        stuck = []
    except _Stuck as reason:
        stuck = [(reason.path, reason.sentence)]
    failures = stuck or _failures(scenario, walk.session, typist)
    said = tuple(scenario.problem(path, sentence) for path, sentence in failures)
    return Run(scenario, walk.session, tuple(typist.typed), said)


_Failure = tuple[KeyPath, object]
"""A path in the scenario, and what reads as a sentence."""


class _Stuck(Exception):
    """The walk asks what the scenario does not answer."""

    def __init__(self, path: KeyPath, sentence: object) -> None:
        self.path = path
        self.sentence = sentence


class _Asked(NamedTuple):
    """A question, and what it takes for an answer."""

    question: Method
    text: str
    keys: str = ""
    choices: tuple[str, ...] = ()
    default: str = ""
    enter: bool = True
    """Whether Enter alone is an answer to a `key`."""

    def number(self, line: str) -> int | None:
        """Number of the choice that a line makes, 0 if it makes none, None if it answers nothing here."""
        if self.question == "text" or (len(line) == 1 and line.lower() in self.keys):
            return 0
        if self.question == "key":
            return 0 if not line and self.enter else None
        if self.question == "yes_no":
            return 0 if line.lower() in (*YES, *NO) else None
        if self.question == "tick" and (not line or line.lower() in ALL):
            return 0
        if not line:
            return 0 if self.default in self.choices else None
        words = words_of(line) if self.question == "tick" else [line]
        choices = [chosen(word, self.choices) for word in words]
        if None in choices:
            return None
        return self.choices.index(choices[0] or "") + 1 if len(choices) == 1 else 0


class _Typist(LinePrompter):
    """Types the lines of a scenario; raises `_Stuck` where there is none, or one that answers nothing."""

    def __init__(self, scenario: Scenario, walk: Callable[[], Walk]) -> None:
        super().__init__(lambda line: None, self._next)
        self.typed: list[Typed] = []
        self.left = {step_id: deque(lines) for step_id, lines in scenario.answers.items()}
        """What was not typed yet."""
        self._scenario = scenario
        self._walk = walk
        """The walk, which knows where it is, and what it says before it asks again."""

    def at(self, step_id: str) -> None:
        """Take the next lines from those of this step."""
        step = self._walk().here.guide.step(step_id.rpartition("/")[2])
        assert step is not None  # noqa: S101 — the walk is at a step of its guide
        self._step, self._name = step, step_id
        self._begins = True
        self._said = self._walk().notice.removeprefix("Erreur : ")

    def key(
        self, asked: Question, keys: str = "", enter: bool = True, words: str = "", countdown: Countdown | None = None
    ) -> Key:
        """Type a key; where nothing else is meant, the one that confirms the step."""
        self._asked = _Asked("key", asked.whole(), keys, enter=enter)
        return super().key(asked, keys, enter, words, countdown)

    def text(self, asked: Question, keys: str = "", default: str = "", typed: str = "") -> str | Key:
        """Type a text."""
        self._asked = _Asked("text", asked.whole(), keys)
        return super().text(asked, keys, default, typed)

    def tick(self, asked: Question, options: Mapping[str, str], ticked: frozenset[str], keys: str = "") -> Ticks | Key:
        """Type the number or id of a line, `tout`, or Enter."""
        self._asked = _Asked("tick", asked.whole(), keys, tuple(options))
        return super().tick(asked, options, ticked, keys)

    def choose(
        self,
        asked: Question,
        options: Mapping[str, str],
        keys: str = "",
        default: str = "",
        deliberate: bool = False,
    ) -> str | Key:
        """Type the id or the number of a choice."""
        self._asked = _Asked("choose", asked.whole(), keys, tuple(options), default)
        return super().choose(asked, options, keys, default)

    def yes_no(self, question: str) -> bool:
        """Type o or n."""
        self._asked = _Asked("yes_no", question)
        return super().yes_no(question)

    def _next(self) -> str:
        step, lines = self._step, self.left.get(self._name)
        if lines:
            line = lines.popleft()
        elif self._begins and step.action == "do":
            line = "" if self._asked.enter else DONE
        else:
            raise _Stuck(*self._nothing_left())
        self._begins = False
        number = self._asked.number(line.strip())
        if number is None:
            raise _Stuck(("answers", self._name, self.count(self._name) - 1), self._misread(line.strip()))
        self.typed.append(Typed(self._name, self._asked.question, line, number))
        return line

    def count(self, step_id: str) -> int:
        """Number of lines of a step that were typed."""
        return len(self._scenario.answers[step_id]) - len(self.left[step_id])

    def _nothing_left(self) -> _Failure:
        """Failure of a step where nothing is left to type: what is asked there, and what was said last."""
        step = self._name
        what = (
            f"choisissez parmi {listed(self._step.options, 'et')}" if self._step.options else "ajoutez ce qu’on y tape"
        )
        if step not in self._scenario.answers:
            return ("answers",), f"il n’y a pas de réponse pour l’étape « {step} », où le parcours passe : {what}."
        said = f" Juste avant, il dit : {self._said}" if self._said else ""
        return (
            ("answers", step),
            f"à l’étape « {step} », le parcours demande encore « {shorten(self._asked.text, 80)} » : {what}.{said}",
        )

    def _misread(self, line: str) -> object:
        """Sentence about a line that answers nothing here, and what would."""
        if self._asked.choices:
            return Unknown("le choix", line, self._asked.choices, "")
        if self._step.deviation(line):
            return f'« {line} » est un écart : tapez d’abord la touche p, donc « [p, {line}, ""] ».'
        keys = f", ou une touche : {', '.join(self._asked.keys)}" if self._asked.keys else ""
        question = shorten(self._asked.text, 80)
        return f'« {shorten(line)} » ne répond pas à « {question} ». Écrivez "" pour Entrée{keys}.'


def _failures(scenario: Scenario, session: Session, typist: _Typist) -> list[_Failure]:
    """Differences from the scenario in a walk that had an answer to each question."""
    end, passed = current(session), _passed(session)
    ended = here(session)
    last = name_of(ended, ended.events[-1].step) if ended.events else passed[-1]
    if session.away or not isinstance(end, End):
        place = ("answers", last, typist.count(last) - 1)
        return [(place, f"le parcours est en pause à l’étape « {last} ». Enlevez cette touche.")]
    reached = f"le parcours s’est terminé à l’étape « {last} », sur l’issue « {end.id} »"
    failures: list[_Failure] = []
    if end.id != scenario.outcome:
        failures.append((("outcome",), f"l’issue n’est pas « {scenario.outcome} » : {reached}."))
    for step_id, lines in typist.left.items():
        if lines:
            typed = typist.count(step_id)
            before = f"après {plural(typed, 'autre')}" if typed else "l’étape n’a rien demandé"
            said = f"« {shorten(lines[0])} » n’a pas été tapé à « {step_id} » ({before}) : {reached}."
            failures.append((("answers", step_id, typed), said))
    for number, step_id in enumerate(scenario.must_pass):
        if step_id not in passed:
            failures.append((("must_pass", number), f"l’étape « {step_id} » n’a pas été vue : {reached}."))
    for number, step_id in enumerate(scenario.must_not_pass):
        if step_id in passed:
            earlier = passed[: passed.index(step_id)]
            whence = f"juste après « {earlier[-1]} »" if earlier else "au début"
            failures.append((("must_not_pass", number), f"l’étape « {step_id} » a été vue, {whence}."))
    return failures


# ------------------------------------------------------------------------------------------------------------ coverage


class Share(NamedTuple):
    """How many things of one kind were met, out of how many, and which were missed."""

    met: int
    total: int
    missed: tuple[str, ...]

    @property
    def percent(self) -> int:
        """Share in percent, rounded down: 100 is all; of nothing, all is met."""
        return self.met * 100 // self.total if self.total else 100


class Coverage(NamedTuple):
    """What of a guide some walks met; options and deviations are named « step/id »."""

    steps: Share
    options: Share
    deviations: Share
    outcomes: Share


def coverage(guide: Guide, sessions: Iterable[Session]) -> Coverage:
    """Coverage by these sessions: steps come to, options answered, deviations taken, outcomes reached."""
    sessions = list(sessions)
    events = [event for session in sessions for event in session.events]
    options = {f"{event.step}/{event.value}" for event in events if isinstance(event, Answered)}
    return Coverage(
        steps=_share((step.id for step in guide.steps), {event.step for event in events}),
        options=_share((f"{step.id}/{option}" for step in guide.steps for option in step.options), options),
        deviations=_share(
            (f"{step.id}/{each.id}" for step in guide.steps for each in step.deviations),
            {f"{event.step}/{event.deviation}" for event in events if isinstance(event, Deviated)},
        ),
        outcomes=_share(guide.outcomes, {event.outcome for event in events if isinstance(event, Ended)}),
    )


def _share(everything: Iterable[str], met: Container[str]) -> Share:
    names = list(everything)
    missed = tuple(name for name in names if name not in met)
    return Share(len(names) - len(missed), len(names), missed)
