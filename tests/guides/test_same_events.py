"""The same walk, whoever asks: what a scenario types by lines is pressed by keys, and the same happened."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from ecps_cli.core.events import Event
from ecps_cli.core.guide import Guide, Step
from ecps_cli.french.question import Question
from ecps_cli.storage.archive import load_session
from ecps_cli.storage.store import Store
from ecps_cli.walk.by_keys import KeyPrompter
from ecps_cli.walk.by_lines import LinePrompter
from ecps_cli.walk.legend import deliberate
from ecps_cli.walk.prompter import DONE, Countdown, EndOfInput, Key, Ticks
from ecps_cli.walk.ticking import LEAVE
from support.commands import spawn
from support.sample import Clock
from support.scripts import Script, everything, stays
from support.shipped import FACTS, FIND, GUIDES, LIBRARY, WALKS
from support.stage import Stage, typed
from support.tiers import covering, each_value, first_of

CLEAR = "\x15"
"""Ctrl-U, which empties a line."""


class Scenario(NamedTuple):
    """What is typed at each step of a guide."""

    name: str
    guide: Guide
    answers: Mapping[str, list[str]]


def scenarios(folder: Path) -> Iterator[Scenario]:
    """Yield the scenarios of a folder of `guides/tests`: the lines typed, by step; none where there is no folder."""
    for path in sorted(folder.glob("*.yaml")):
        told = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
        guide = LIBRARY.find(told["guide"]).guide
        for name, scenario in told["scenarios"].items():
            answers = scenario.get("answers", {})
            lines = {step: [each] if isinstance(each, str) else list(each) for step, each in answers.items()}
            yield Scenario(f"{guide.id}-{name}", guide, lines)


SCENARIOS = list(scenarios(LIBRARY.folder / "tests"))


class Recorder(LinePrompter):
    """Answers by the lines of a scenario, Enter where an action has none left, and notes the same as keys."""

    def __init__(self, guide: Guide, answers: Mapping[str, list[str]]) -> None:
        super().__init__(lambda line: None, self._next)
        self.guide = guide
        self.lines = {step: deque(lines) for step, lines in answers.items()}
        self.step = ""
        self.pressed = ""
        self.spare: str | None = None
        """What may be pressed that no line foresees: Enter, or the key of a critical, secret or timed step."""
        self.options: list[str] = []
        """The ids of what is chosen between, if anything is."""
        self.ticking = False
        """Whether a line of this list was just ticked."""
        self.alone = False
        """Whether a letter is a key by itself, without Enter."""

    def at(self, step_id: str) -> None:
        self.ticking = self.ticking and self.step == step_id
        self.step = step_id

    def key(
        self, asked: Question, keys: str = "", enter: bool = True, words: str = "", countdown: Countdown | None = None
    ) -> Key:
        self.spare, self.options, self.alone = "" if enter else DONE, [], True
        return super().key(asked, keys, enter, words, countdown)

    def text(self, asked: Question, keys: str = "", default: str = "", typed: str = "") -> str | Key:
        self.spare, self.options, self.alone = None, [], False
        return super().text(asked, keys, default, typed)

    def yes_no(self, question: str) -> bool:
        self.spare, self.options, self.alone = None, [], True
        return super().yes_no(question)

    def tick(self, asked: Question, options: Mapping[str, str], ticked: frozenset[str], keys: str = "") -> Ticks | Key:
        lines = self.lines.get(self.step)
        if self.ticking and lines:  # by keys, the Enter that ticked has left the list, or asked how to
            if not lines[0]:
                lines.popleft()
                self.ticking = False
                return Ticks(ticked, left=True)
            self.pressed += stays(_step(self.guide, self.step))
        self.spare, self.options, self.alone = None, list(options), True
        heard = super().tick(asked, options, ticked, keys)
        self.ticking = isinstance(heard, Ticks)
        return heard

    def choose(
        self,
        asked: Question,
        options: Mapping[str, str],
        keys: str = "",
        default: str = "",
        deliberate: bool = False,
    ) -> str | Key:
        self.spare, self.options, self.alone = None, list(options), True
        return super().choose(asked, options, keys, default)

    def _next(self) -> str:
        lines = self.lines.get(self.step)
        if not lines and self.spare is None:
            raise EndOfInput
        line = lines.popleft() if lines else self.spare or ""
        shown = str(self.options.index(line) + 1) if line in self.options else line
        number = shown.isdecimal() and 0 < int(shown) <= len(self.options)
        bare = self.alone and shown and not number  # a key by itself, or a wrong one, which nothing comes of
        clear = CLEAR if line and not self.alone else ""  # what was refused or suggested stands in the line
        self.pressed += shown if bare else f"{clear}{shown}\r"
        return line


def by_keys(guide: Guide, keys: str) -> list[Event]:
    """Return what happens when these keys are pressed, then the keyboard is closed."""
    with typed(f"{keys}\x04"):
        return everything(Stage(guide, FACTS, Clock(), find=FIND).run_with(KeyPrompter()))


def answered(scenario: Scenario) -> set[tuple[str, ...]]:
    """Return what is answered at each kind of step, all texts being one."""
    typed = [(_step(scenario.guide, step).action, line) for step, lines in scenario.answers.items() for line in lines]
    return {(scenario.guide.id, action, line if len(line) < 2 else "text") for action, line in typed}


def _step(guide: Guide, name: str) -> Step:
    """Return the step of that name: of another guide, where it names one."""
    other, _, step_id = name.rpartition("/")
    step = (LIBRARY.find(other).guide if other else guide).step(step_id)
    assert step
    return step


@pytest.mark.parametrize("scenario", covering(SCENARIOS, answered), ids=lambda each: each.name)
def test_a_scenario_by_lines_and_by_keys(scenario: Scenario) -> None:
    """Every scenario that is shipped with a guide makes the same events by lines and by keys."""
    recorder = Recorder(scenario.guide, scenario.answers)
    by_lines = everything(Stage(scenario.guide, FACTS, Clock(), find=FIND).run_with(recorder))
    assert by_lines
    assert by_keys(scenario.guide, recorder.pressed) == by_lines


MADE_UP: dict[str, dict[str, list[str]]] = {
    "too long": {"rpps": ["9" * 3000, "99700218896"]},
    "every key": {"send-request": ["n", "une note", "l", "", "?", "", "r", "e", "changé", "s", "", "s", "vu"]},
    "wrong keys": {"send-request": ["x", "zz", ""], "situation": ["9", "zz", "2"]},
    "doubt": {"rpps": ["10003461033", "10003461033", "o"]},
    "paused": {"rpps": ["q", ""]},
}


@pytest.mark.parametrize(("guide_id", "name"), each_value(LIBRARY.ids(), list(MADE_UP)))
def test_a_crooked_walk_by_lines_and_by_keys(guide_id: str, name: str) -> None:
    """Keys beside the walk, wrong ones, an insisted doubt, a pause: the same by lines and by keys, in every guide."""
    guide = LIBRARY.find(guide_id).guide
    lines: dict[str, list[str]] = {}
    for step in guide.steps:
        usual = {"ask": ["99700218896" if step.validator == "rpps" else "24/11/2026"], "choose": ["unsure"]}
        confirmed = [DONE if deliberate(step) else ""]
        lines[step.id] = _one_line_of(step) if step.items else usual.get(step.action, confirmed)
    first = next(step for step in guide.steps if step.action == "do")
    for step_id, crooked in MADE_UP[name].items():
        if guide.step(step_id) is None:
            step_id = first.id
        lines[step_id] = [*crooked, *lines[step_id]]
    recorder = Recorder(guide, lines)
    by_lines = everything(Stage(guide, FACTS, Clock(), find=FIND).run_with(recorder))
    assert by_lines
    pressed = recorder.pressed.replace("9" * 3000, f"\x1b[200~{'9' * 3000}\x1b[201~")
    assert by_keys(guide, pressed.replace("\x1b[201~\r", "\x1b[201~")) == by_lines


def _one_line_of(step: Step) -> list[str]:
    """Return what ticks the first line of a list and leaves it."""
    return [
        "1",
        *("" for item in step.items[:1] for _ in item.record),
        "",
        LEAVE if step.end or step.end_if_unticked else "o",
    ]


def kept(folder: Path) -> list[Event]:
    """Return the events of the one session that a folder holds."""
    with closing(Store(folder)) as store:
        (row,) = store.rows()
        return everything(load_session(store, row).session)


def shortest(guide_id: str) -> Script:
    """Return the shortest walk of a guide that takes one of its deviations, which is not another guide."""
    over = {each.id for step in GUIDES[guide_id].steps for each in step.deviations if each.then.guide}
    taken = {each.name: {getattr(event, "deviation", "") for event in each.events} - {""} for each in WALKS[guide_id]}
    walks = [each for each in WALKS[guide_id] if taken[each.name] and not over & taken[each.name]]
    return min(walks, key=lambda each: len(each.moves))


@pytest.mark.terminal
@pytest.mark.timeout(120)
@pytest.mark.parametrize("guide_id", first_of(2, ["fraud", *(each for each in GUIDES if each != "fraud")]))
def test_a_real_terminal_and_a_pipe_keep_the_same(guide_id: str, tmp_path: Path) -> None:
    """A walk by keys on a real terminal and the same by lines in a pipe leave the same events in the journal."""
    pytest.importorskip("termios", reason="a pseudo-terminal is POSIX")
    from support.real_terminal import RealTerminal

    script = shortest(guide_id)
    critical = script.session.guide.steps[0].critical
    lines = [*([] if critical else [""]), *(move.line for move in script.moves)]
    piped = spawn(
        "run", guide_id, typed="".join(f"{line}\n" for line in lines), environ={"ECPS_DATA": str(tmp_path / "a")}
    )
    assert piped.code in (0, 4), piped.err

    with RealTerminal("run", guide_id, environ={"ECPS_DATA": str(tmp_path / "b")}) as terminal:
        moves = [move.keys for move in script.moves if move.keys]  # none: the list was left with its last line
        terminal.until_asked(after=0)
        opening = ["\r"] if "Entrée : commencer" in terminal.text else []  # where the first step has no room for it
        keys = [*opening, *moves, "\r"]  # the last closes the screen of the end
        for number, key in enumerate(keys):
            terminal.until_asked(after=number)
            terminal.send(key)
        assert terminal.end() == piped.code
    assert kept(tmp_path / "b") == kept(tmp_path / "a")


def test_the_scenarios_are_found() -> None:
    """Where the library has a folder of scenarios, they are all played here."""
    folder = LIBRARY.folder / "tests"
    files = [yaml.load(path.read_text("utf-8"), yaml.BaseLoader) for path in folder.glob("*.yaml")]
    assert len(SCENARIOS) == sum(len(_names(each)) for each in files)


def _names(told: Any) -> list[str]:
    return list(told["scenarios"])
