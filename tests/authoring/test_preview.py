"""Where an author looks: what changed, a session at every step, and the view that follows a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from ecps_cli.authoring.preview import Place, changed, places, session_at
from ecps_cli.cli.watching import View
from ecps_cli.core.events import Answered
from ecps_cli.core.guide import Guide
from ecps_cli.core.session import current
from ecps_cli.core.validators import VALIDATORS
from ecps_cli.core.verdicts import Accepted
from ecps_cli.screen.painting import Look
from ecps_cli.screen.terminal import make_console
from support.commands import call
from support.sample import GUIDE, START
from support.shapes import shaped
from support.shipped import EACH_GUIDE


@EACH_GUIDE
def test_an_author_can_look_at_every_step(guide: Guide) -> None:
    """For each step of each shipped guide a session is found that stands there."""
    for step in guide.steps:
        session = session_at(guide, step, START)
        assert session is not None, step.id
        assert current(session) is step


def test_every_step_of_the_guide_that_has_everything_is_found(guide: Guide) -> None:
    """Steps behind a choice, a list to tick or an early end are found too, each question answered by a sample."""
    for step in guide.steps:
        session = session_at(guide, step, START)
        assert session is not None
        assert current(session) is step


def test_a_step_that_only_a_deviation_leads_to_is_found() -> None:
    """Where each answer ends the guide, what follows is reached by a deviation of the question."""
    ends = {"choose": "Et ?", "options": {"a": "A", "b": "B"}, "deviations": [data_of("open")["deviations"][0]]}
    guide = _edited(
        lambda data: data["steps"].__setitem__(
            slice(0, 0),
            [
                {"id": "first", **ends},
                *({"id": f"end-{each}", "do": "Finir.", "when": {"first": [each]}, "end": "stopped"} for each in "ab"),
            ],
        )
    )
    step = guide.step("open")
    assert step is not None
    session = session_at(guide, step, START)
    assert session is not None
    assert current(session) is step


def test_a_step_deep_behind_many_questions_is_found() -> None:
    """The answers that lead to a step are tried first, those to the questions before the question included."""
    questions = _questions()
    questions[20]["when"] = {"q0": ["b"]}
    deep = {"id": "deep", "do": "Voir.", "when": {"q20": ["b"]}}
    step = (guide := _edited(lambda data: data.update(steps=[*questions, deep, *data["steps"]]))).step("deep")
    assert step is not None
    assert session_at(guide, step, START) is not None


def test_the_search_for_a_way_is_bounded() -> None:
    """A step that nothing leads to gets no session, however many questions come before it."""
    questions = _questions()
    questions[1]["when"] = {"q0": ["b"]}
    never = {"id": "never", "do": "Rien.", "when": {"q0": ["a"], "q1": ["a"]}}
    guide = _edited(lambda data: data.update(steps=[*questions, never, *data["steps"]]))
    step = guide.step("never")
    assert step is not None
    assert session_at(guide, step, START) is None


def test_questions_on_the_way_are_answered_with_what_their_validators_make_of_their_samples() -> None:
    """Each answer on the way to a step is canonical: its own validator takes it, and gives it back."""
    names = [None, *VALIDATORS]
    asks = [
        {"id": f"q{number}", "ask": "?", **({"validate": name} if name else {})} for number, name in enumerate(names)
    ]
    guide = shaped(Guide, {**GUIDE, "steps": [*asks, {"id": "end", "do": "X", "end": "done"}]})
    session = session_at(guide, guide.steps[-1], START)
    assert session is not None
    answers = [event for event in session.events if isinstance(event, Answered)]
    assert [event.step for event in answers] == [step.id for step in guide.steps[:-1]]
    for name, event in zip(names, answers, strict=True):
        verdict = VALIDATORS[name].check(event.value, START.date()) if name else Accepted(event.value)
        assert isinstance(verdict, Accepted)
        assert verdict.value == event.value


def _questions() -> list[dict[str, Any]]:
    return [{"id": f"q{number}", "choose": "?", "options": {"a": "A", "b": "B"}} for number in range(40)]


def _edited(edit: Any) -> Guide:
    data = deepcopy(GUIDE)
    edit(data)
    return shaped(Guide, data)


def data_of(step_id: str) -> Any:
    return next(step for step in GUIDE["steps"] if step["id"] == step_id)


def _set(data: Any, *path: Any) -> None:
    *around, key, value = path
    for part in around:
        data = data[part]
    data[key] = value


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        (lambda data: None, None),
        (lambda data: _set(data, "title", "Autre"), Place("opening")),
        (lambda data: _set(data, "steps", 1, "ask", "Quoi ?"), Place("step", "rpps")),
        (lambda data: _set(data, "steps", 0, "deviations", 0, "do", "Autre"), Place("step", "open")),
        (lambda data: _set(data, "steps", 2, "id", "other"), Place("step", "other")),
        (lambda data: data["steps"].pop(1), Place("step", "name")),
        (lambda data: data["steps"].insert(1, {"id": "new", "ask": "Et ?"}), Place("step", "new")),
        (lambda data: _set(data, "outcomes", "stopped", "text", "Fini."), Place("outcome", "stopped")),
    ],
)
def test_what_changed_is_found(edit: Any, place: Place | None, guide: Guide) -> None:
    """A step that is other, new, moved or behind one that is gone; else an outcome; else the head of the guide."""
    assert changed(guide, _edited(edit)) == place


def test_places_come_in_the_order_of_the_walk(guide: Guide) -> None:
    """The opening, each step, each outcome."""
    every = places(guide)
    assert every[0] == Place("opening")
    assert [each.id for each in every if each.kind == "step"] == [step.id for step in guide.steps]
    assert every[-1] == Place("outcome", "stopped")


# ------------------------------------------------------------------------------------------------------------- the view


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """New guide, in a folder of its own."""
    path = tmp_path / "guide" / "mine.yaml"
    path.parent.mkdir()
    assert call("new", "mine", "-o", str(path)).code == 0
    return path


def seen(view: View, look: Look | None = None) -> str:
    console = make_console()
    console.width = 80
    with console.capture() as captured:
        console.print(view.screen(look or Look()))
    return " ".join(captured.get().replace("\u00a0", " ").split())


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_view_goes_to_what_was_changed(new: Path) -> None:
    """After a save, the screen of the changed step is there, with its deviations; then that of the changed outcome."""
    view = View(str(new), None)
    view.reload()
    assert "Ce guide convient si" in seen(view)
    assert "Une notification e-CPS" in seen(view), "the other cases"
    edit(new, "Recharger la page.", "Fermer le navigateur, puis le rouvrir.")
    view.reload()
    assert "étape open-page" in seen(view)
    assert "Touche p : • La page reste blanche. Fermer le navigateur, puis le rouvrir." in seen(view)
    edit(new, 'missing: "Non"', 'missing: "Non, un autre nom"')
    view.reload()
    assert "Le nom du médecin est-il affiché ?" in seen(view)
    assert "2. Non, un autre nom" in seen(view)
    edit(new, "  - id: service-name\n", "  - id: name-of-service\n")
    view.reload()
    assert "étape name-of-service" in seen(view)
    edit(new, "Le service n’est pas ouvert.", "Rien n’est ouvert.")
    view.reload()
    assert "PAS ABOUTI — Rien n’est ouvert." in seen(view)


def test_the_view_lists_the_problems_then_goes_on_from_the_last_good_guide(new: Path) -> None:
    """A fault is painted with its place and sentence; no key moves then; once mended, the changed step is there."""
    view = View(str(new), None)
    view.reload()
    edit(new, "device: computer        #", "devise: computer        #")
    view.reload()
    assert "1 problème" in seen(view)
    assert "mine.yaml:29:5: la clé « devise » n’existe pas. Vouliez-vous dire « device » ?" in seen(view)
    assert not view.move(1)
    edit(new, "devise: computer        #", "device: phone        #")
    view.reload()
    assert "LE MÉDECIN, SUR SON TÉLÉPHONE" in seen(view)


def test_facts_are_followed_too(new: Path) -> None:
    """A problem of the facts is shown like one of the guide, and what is mended there is seen."""
    view = View(str(new), None)
    before = view.stamp()
    edit(new.parent / "facts.yaml", "kind: source", "kind: sauce!")
    assert view.stamp() != before
    view.reload()
    assert "« sauce! » n’est pas permis ici" in seen(view)


def test_keys_move_from_place_to_place_and_stop_at_the_ends(new: Path) -> None:
    """`n` and `p` go through the opening, the steps and the outcomes, in both looks."""
    view = View(str(new), None)
    view.reload()
    assert not view.move(-1)
    said = [seen(view, Look(plain=True))]
    while view.move(1):
        said.append(seen(view, Look(plain=True)))
    assert len(said) == 1 + 6 + 2
    assert "étape wrap-up" in said[6]
    assert not view.move(0)
    assert view.move(-1)


def test_without_a_terminal_it_says_so(new: Path) -> None:
    """Where there is nothing to repaint, one sentence, exit 1; with options of a walk, exit 2."""
    ran = call("run", str(new), "--watch")
    assert ran.code == 1
    assert "--watch repeint un terminal" in ran.err
    assert call("run", str(new), "--watch", "--practice").code == 2


# -------------------------------------------------------------------------------------------------- on a real terminal


@contextmanager
def watching(new: Path, *options: str, rows: int = 40, **environ: str) -> Iterator[Any]:
    if sys.platform == "win32":
        pytest.skip("a pseudo-terminal is POSIX")
    from support.real_terminal import RealTerminal

    with RealTerminal("run", str(new), "--watch", *options, rows=rows, environ=environ) as terminal:
        yield terminal


@pytest.mark.terminal
@pytest.mark.timeout(120)
def test_a_save_repaints_the_terminal(new: Path) -> None:
    """A fault saved is painted with its place and sentence; mended, the step is painted; `q` leaves with 0."""
    with watching(new) as terminal:
        terminal.wait("Ce guide convient si", "n : écran suivant")
        edit(new, "who: doctor             #", "who: nurse             #")
        terminal.wait("1 problème", "mine.yaml:28:10:", "« nurse » n’est pas permis ici.", without="convient")
        edit(new, "who: nurse             #", "who: support             #")
        terminal.wait("VOUS, SUR L’ORDINATEUR", "Touche p :", without="nurse")
        terminal.press("n", then="Étape 2 sur 5")
        terminal.send("q")
        assert terminal.end() == 0


@pytest.mark.terminal
@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
@pytest.mark.timeout(120)
@pytest.mark.parametrize("options", [(), ("--plain",)])
def test_ctrl_c_leaves_with_0_and_the_terminal_as_it_was(new: Path, options: tuple[str, ...]) -> None:
    """Ctrl-C ends the view like `q`: nothing was begun, so nothing is left to resume, and keys are echoed again."""
    import termios

    with watching(new, *options) as terminal:
        terminal.wait("n : écran suivant")
        assert not termios.tcgetattr(terminal.fd)[3] & termios.ECHO
        terminal.send("C-c")
        assert terminal.end() == 0
        assert "\x1b[2J" in terminal.raw.decode() or options, "plain: nothing is cleared"


def test_no_such_guide_is_said_at_once() -> None:
    """A name that is no guide and a file that is not there are problems before anything is painted."""
    assert call("run", "nothing-like-it", "--watch").code == 1
