"""The moment itself: the keys that are named, what `p` and a list lead to, how a walk ends and goes on elsewhere."""

from __future__ import annotations

from copy import deepcopy

import pytest

from ecps_cli.core.events import Abandoned, Confirmed, Deviated, Ended, Noted, Paused, Ticked
from ecps_cli.core.guide import Fact, Facts, Guide, Step
from ecps_cli.core.session import Session, current
from ecps_cli.french.typography import question_lines
from ecps_cli.screen import checklist, views
from ecps_cli.screen.painting import Look
from ecps_cli.screen.step_screen import StepScreen
from ecps_cli.walk import legend
from ecps_cli.walk.by_keys import KeyPrompter
from support.sample import GUIDE, START, Clock
from support.screens import SCREENS, as_text, reach, render, step_of
from support.shapes import shaped
from support.shipped import FACTS, GUIDES
from support.stage import Stage, kinds, typed

TO_THE_LIST = ("", "99700218896", "ameli", "v", "1", "v")
"""What is typed in the sample guide until its list."""
FANCY = Look()


@pytest.fixture
def stage(guide: Guide, facts: Facts, clock: Clock) -> Stage:
    return Stage(guide, facts, clock)


# ----------------------------------------------------------------------------------------------------------- the legend


@pytest.mark.parametrize(
    ("step_id", "phone", "named", "left_out"),
    [
        ("install-app", False, "o k c s q ?", "r a"),
        ("open-app", False, "r s q ?", "o k c a"),
        ("identify", True, "a r ?", "o k c"),
        ("wrong-codes", False, "p r ?", "o k c s q"),
    ],
)
def test_the_legend_names_what_is_of_use(step_id: str, phone: bool, named: str, left_out: str) -> None:
    """`o`, `k`, `c` where there is something to open, show or copy, `a` where to spell, `r` where one can go back."""
    guide = GUIDES["activate-with-card"]
    session = reach(guide, step_id)
    said = legend.question(session, step_of(guide, step_id), FACTS, phone).whole()
    assert [each for each in named.split() if f"{each} : " not in said] == []
    assert [each for each in left_out.split() if f" {each} : " in said] == []


def test_the_legend_of_every_shipped_step_fits_two_lines() -> None:
    """At 80 columns, what is asked under a step takes two lines at most; a list to tick, over the telephone, three."""
    for step, session in (each for screens in SCREENS.values() for each in screens):
        for phone in (False, True):
            asked = legend.question(session, step, FACTS, phone)
            assert len(question_lines(legend.in_full(step, asked).whole(), 80)) <= 2 + (phone and step.action == "tick")


def test_a_former_label_stands_under_help_and_under_p_alone(facts: Facts) -> None:
    """What a button was called before is the first line of `?`, and said under `p`; it is not on the step."""
    tree = deepcopy(GUIDE)
    tree["steps"][0] |= {"do": "Appuyer sur **Recevoir**."}
    guide = shaped(Guide, tree)
    labels = {
        "new": Fact(kind="label", name="Bouton", value="Recevoir"),
        "old": Fact(kind="label", name="Bouton", value="Envoyer", status="former", replaced_by="new"),
    }
    known, step = {**facts, **labels}, guide.steps[0]
    said = "Ancien libellé de « Recevoir » : « Envoyer »."
    assert (
        render(views.help_screen([("?", "cette aide"), ("q", "pause")], guide, step, known, FANCY))
        .splitlines()[0]
        .rstrip()
        == said
    )
    assert said in as_text(views.deviating(step, known, FANCY))
    assert "Envoyer" not in as_text(StepScreen(Session(guide, START), step, known, START, FANCY))


# ------------------------------------------------------------------------------------------- something else was seen


def test_where_nothing_fits_the_walk_can_stop_without_success(stage: Stage) -> None:
    """After « Rien de tout cela »: what to tell the help line, with what was tried; a note; to stop is one choice."""
    session = stage.run("p", "2", "", "p", "4", "toujours noir", "3")
    assert kinds(session) == [Deviated, Noted, Abandoned]
    assert session.closed
    assert "Dites : « Essai », à l’étape « Ouvrir l’application »." in stage.output
    assert "Déjà essayé le remède pour : Écran noir." in stage.output


def test_after_a_remedy_one_begins_again(stage: Stage) -> None:
    """A remedy with `retry` leads back to the step, which says « Recommencez », once."""
    stage.run("p", "2", "")
    assert "Recommencez : ouvrir" in stage.output
    stage.run("")
    assert stage.output.count("Recommencez : ") == 1


def test_a_step_settled_by_a_deviation_is_never_said_to_be_done(stage: Stage) -> None:
    """It is « écart », in the list and in the checklist beside the steps."""
    session = stage.run("p", "1", "")
    assert "écart 1. Ouvrir" in as_text(checklist.whole(session, Look(plain=True)))
    assert "≈ 1. Ouvrir" in as_text(StepScreen(session, step_here(session), stage.walk.facts, START, FANCY))


def step_here(session: Session) -> Step:
    step = current(session)
    assert isinstance(step, Step)
    return step


# -------------------------------------------------------------------------------------------------------------- lists


@pytest.mark.parametrize("lines", [["1 2"], ["1,2"], ["tout"], ["am ordre"]], ids=str)
def test_several_lines_are_ticked_at_once_by_lines(stage: Stage, lines: list[str]) -> None:
    """Numbers with spaces or commas, ids, or `tout`: each new line is recorded, with its details."""
    session = stage.run(*TO_THE_LIST, *lines, "", "Mme X", "", "")
    assert [(each.item, each.person) for each in session.events if isinstance(each, Ticked)] == [
        ("am", "Mme X"),
        ("ordre", ""),
    ]


@pytest.mark.parametrize("keys", ["t\r", "12\r", " \x1b[B \r"], ids=["t", "numbers", "space and arrow"])
def test_after_the_last_tick_one_enter_goes_on(guide: Guide, facts: Facts, keys: str) -> None:
    """By keys too; the details asked, nothing more is: the list is left with the Enter that ticked its last line."""
    stage = Stage(guide, facts, Clock(), FANCY)
    with typed("\r99700218896\rameli\rv1\rv" + keys + "\rMme X\r\r" + "\r"):
        session = stage.run_with(KeyPrompter())
    assert session.closed
    assert kinds(session)[-4:-1] == [Ticked, Ticked, Confirmed]


@pytest.mark.parametrize(("how", "last"), [("\r", Paused), ("3\r", Ended)], ids=["pause", "end"])
def test_enter_leaves_a_list_with_what_was_ticked(guide: Guide, facts: Facts, how: str, last: type) -> None:
    """By keys, the Enter that ticks a line and leaves others asks at once what becomes of them."""
    stage = Stage(guide, facts, Clock(), FANCY)
    with typed("\r99700218896\rameli\rv1\rv" + "2\r" + how + "\x04"):
        session = stage.run_with(KeyPrompter())
    assert kinds(session)[-1] is last
    assert kinds(session).count(Ticked) == 1


def test_leaving_the_last_list_offers_a_pause_first(stage: Stage) -> None:
    """With lines undone, Enter alone pauses: to end without them is the last choice."""
    session = stage.run(*TO_THE_LIST, "2", "", "")
    assert kinds(session)[-1] is Paused
    choices = stage.output.rpartition("Il reste 1 ligne à faire.")[2]
    assert choices.index("1. Mettre en pause") < choices.index("3. Terminer le guide sans elle")


# ------------------------------------------------------------------------------------------------------------ the end


def test_an_outcome_that_names_a_guide_offers_to_walk_it(facts: Facts) -> None:
    """`g` at the end goes on with it, `c` copies the ticket first; where no guide is named, `g` is no key."""
    tree = deepcopy(GUIDE)
    tree["outcomes"]["stopped"] |= {"guide": "fraud"}
    stage = Stage(shaped(Guide, tree), facts, Clock(), FANCY)
    stage.run("p", "3", "", "c", "g")
    assert stage.walk.following == "fraud"
    assert stage.copied[0].startswith("Guide : Essai")
    assert "c : copier le ticket, g : suivre le guide qui vient ensuite" in stage.output
    other = Stage(shaped(Guide, GUIDE), facts, Clock(), FANCY)
    other.run("p", "3", "", "g")
    assert other.walk.following == ""
    assert "« g » n’est pas une touche d’ici. Ici : Entrée ou c." in other.output
