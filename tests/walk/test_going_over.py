"""A walk over two guides as a person meets it: what the screens say, and which keys lead out and back."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ecps_cli.core.events import Deviated, Event
from ecps_cli.core.session import Session
from ecps_cli.screen.painting import Look
from ecps_cli.walk.by_keys import KeyPrompter
from support.commands import call
from support.sample import Clock
from support.scripts import everything
from support.stage import Stage, typed
from support.two_guides import DESTINATIONS, FACTS, FIND, OUTER, write_guides

if sys.platform != "win32":
    from support.real_terminal import RealTerminal

OVER = ["p", "1", ""]
SOLVED = ["1", "INC-1", "1", "", "Mme Martin", "A42", "", ""]
TO_THE_END = ["", "99700218896", "", ""]


def stage(look: Look | None = None) -> Stage:
    return Stage(OUTER, FACTS, Clock(), look, FIND)


def kinds(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_every_screen_of_the_other_guide_says_where_one_comes_back_to() -> None:
    """Its own title and count, and under them the guide and the step to which it leads back."""
    here = stage()
    here.run(*OVER, "1")
    screens = here.output.split("Le second Étape ")[1:]
    assert [each[:1] for each in screens] == ["1", "2"]
    assert all("sur 4 Puis retour à « Le premier », étape 1" in each for each in screens)


def test_coming_back_says_how_the_other_guide_ended_and_begins_the_step_again() -> None:
    """Its outcome is read before the step that follows it; what it would lead to is where one is."""
    here = stage()
    here.run(*OVER, *SOLVED)
    after = here.output.split("RÉUSSI — C’est réglé.")[1]
    assert "Recommencez : start" in after
    assert "Retour du guide « Le second »." in after


def test_what_the_other_guide_leaves_to_do_is_said_before_the_end() -> None:
    """Without success both ends are told: that of the other guide, with what is left to do, then that of the walk."""
    here = stage()
    session = here.run(*OVER, "2", "")
    assert session.closed
    assert here.output.index("Rien n’y fait.") < here.output.index("Appeler.") < here.output.index("C’est manqué.")


def test_the_remedy_says_that_a_guide_follows() -> None:
    """Before one goes over, the screen says that one will come back, and Enter is worded for it."""
    here = stage()
    here.run(*OVER[:2])
    assert "Ensuite : suivre cet autre guide, puis revenir à cette étape." in here.output
    assert "Entrée : suivre ce guide" in here.output


def test_r_at_the_first_step_and_g_at_any_lead_back() -> None:
    """Whoever went over by mistake is back by the key that goes back; whoever is further, by the menu of `q`."""
    first = stage()
    assert kinds(everything(first.run(*OVER, "r"))) == ["WentOver", "CameBack", "Paused"]
    assert "r : retour" in first.output.replace(", ", " ")
    further = stage()
    session = further.run(*OVER, "1", "q", "g", *TO_THE_END)
    assert kinds(everything(session))[:3] == ["WentOver", "Answered", "CameBack"]
    assert "Retour, sans finir l’autre guide." in further.output
    assert session.closed
    assert "g : quitter ce guide-ci" not in stage_of_the_first().output


def stage_of_the_first() -> Stage:
    here = stage()
    here.run("q", "r")
    return here


def test_a_guide_that_is_under_way_or_not_there_is_not_begun() -> None:
    """The remedy then is what its author wrote for when it leads to nothing."""
    under_way = stage()
    session = under_way.run(*OVER, *SOLVED[:-1], *OVER)
    assert kinds(everything(session))[-3:] == ["Deviated", "CameBack", "Paused"]
    assert "Ensuite : revenir à cet autre guide, qui est en cours." in under_way.output
    lost = Stage(OUTER, FACTS, Clock())
    (event, _) = lost.run(*OVER).events
    assert type(event) is Deviated


@pytest.mark.parametrize(
    "lines",
    [
        [*OVER, *SOLVED, *TO_THE_END],
        [*OVER, "2", ""],
        [*OVER, "2", "r", "r", *TO_THE_END],
        [*OVER, "n", "une note", "q", "g", *TO_THE_END],
        [*OVER, *SOLVED[:-1], "p", "2", "", "p", "1", "", *TO_THE_END],
    ],
)
def test_by_lines_and_by_keys_the_same_happens(lines: list[str]) -> None:
    """The same walk over the guides, typed or pressed, makes the same events."""

    def walk(look: Look, keys: list[str] | None) -> Session:
        here = stage(look)
        if keys is None:
            return here.run(*lines)
        with typed("".join(keys) + "\x04"):
            return here.run_with(KeyPrompter())

    alone = {"p", "r", "q", "g", "n"}
    asked = [line if line in alone else f"{line}\r" for line in lines]
    by_keys = walk(Look(plain=True), [key for number, key in enumerate(asked) if not _left(lines, number)])
    assert everything(by_keys) == everything(walk(Look(plain=True), None))


def _left(lines: list[str], number: int) -> bool:
    """Whether the Enter that leaves a list is left out: by keys, ticking its last line leaves it."""
    return number > 0 and lines[number - 1] == "A42"


@pytest.mark.terminal
@pytest.mark.timeout(60)
@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is POSIX")
def test_over_and_back_on_a_real_terminal(tmp_path: Path) -> None:
    """Painted on a terminal, the other guide says where it leads back, and its end waits for Enter."""
    guides, environ = write_guides(tmp_path / "guides"), {"ECPS_DATA": str(tmp_path / "data")}
    with RealTerminal("run", "outer", "--guides", str(guides), environ=environ) as terminal:
        for number, key in enumerate(["p", "1\r", "\r", "2\r"]):
            terminal.until_asked(after=number)
            terminal.send(key)
        terminal.wait("Puis retour à « Le premier », étape 1", "stop")
        terminal.press("\r", then="Entrée : continuer")
        terminal.press("\r", then="C’est manqué.")
        terminal.send("\r")
        assert terminal.end() == 4
    assert "Le premier" in call("sessions", environ=environ).out


def test_each_guide_is_found_once_for_all_tests() -> None:
    """The guides of these tests go over to each other by their ids."""
    assert set(DESTINATIONS) == {"outer", "inner", "third"}
