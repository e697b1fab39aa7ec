"""A walk that went over to another guide, on the disk: one session, which holds the texts of both."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ecps_cli.core.events import Paused, WentOver
from ecps_cli.core.session import history
from ecps_cli.storage.archive import load_session
from ecps_cli.storage.folder import JOURNAL
from ecps_cli.storage.store import Store
from support.commands import Ran, call
from support.kept import kept_events
from support.two_guides import write_guides

OVER = ["", "p", "1", ""]
"""From the opening of the first guide, at its first step: the deviation that is the second guide."""
SOLVED = ["1", "INC-1", "1", "", "Mme Martin", "A42", "", ""]
"""From the first step of the second guide to its success."""
TO_THE_END = ["", "99700218896", "", ""]
"""From the first step of the first guide to its success."""
PAUSE = ["q", ""]


class Home:
    """A PC: its data folder, and its guides."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.guides = write_guides(folder / "guides")

    def run(self, *arguments: str, typed: list[str] | None = None) -> Ran:
        lines = "".join(f"{line}\n" for line in typed or [])
        return call(*arguments, typed=lines, environ={"ECPS_DATA": str(self.data)})

    def walk(self, *typed: str) -> Ran:
        return self.run("run", "outer", "--guides", str(self.guides), "--case", "GLPI 7", typed=[*OVER, *typed])

    def listed(self) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = json.loads(self.run("sessions", "--json").out)
        return told


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_one_walk_is_one_session_and_one_record(home: Home) -> None:
    """Over and back, to the end: `sessions` has one line, `--verify` finds it sound, `report` tells all of it."""
    assert home.walk(*SOLVED, *TO_THE_END).code == 0
    (row,) = home.listed()
    assert (row["guide"], row["state"], row["outcome"], row["label"]) == ("outer", "success", "done", "GLPI 7")
    assert home.run("sessions", "--verify").code == 0
    told = json.loads(home.run("report", row["id"], "--format", "json").out)
    assert [each["step"] for each in told["stages"]] == [
        *("start", "inner/start", "inner/number", "inner/tell", "inner/last", "number", "type", "last"),
    ]
    (other,) = told["others"]
    assert (other["guide"]["id"], other["outcome"]) == ("inner", "ok")
    assert told["lines"][0]["person"] == "Mme Martin"
    kinds = [each["kind"] for each in told["events"]]
    assert kinds.index("wentover") < kinds.index("ticked") < kinds.index("cameback") < kinds.index("ended")


@pytest.mark.parametrize("fmt", ["text", "markdown", "html"])
def test_a_record_says_which_guides_were_followed(home: Home, fmt: str) -> None:
    """Whoever reads it sees where the other guide was followed, how it ended, and who was called in it."""
    home.walk(*SOLVED, *TO_THE_END)
    said = home.run("report", "--format", fmt).out.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Suivi d’ici : le guide « Le second »" in said
    assert "Retour du guide « Le second » : C’est réglé." in said
    assert "Mme Martin" in said


def test_a_pause_in_the_other_guide_is_taken_up_there(home: Home) -> None:
    """`resume` puts one back in the guide where one was, even when the library has changed since."""
    assert home.walk("1", *PAUSE).code == 5
    (row,) = home.listed()
    assert (row["where"], row["text"]) == ("inner/number", "Ticket")
    for path in home.guides.iterdir():
        path.write_text("rien", "utf-8")
    ran = home.run("resume", row["id"], typed=[*SOLVED[1:], *TO_THE_END])
    assert ran.code == 0
    assert "Puis retour à « Le premier », étape 1" in ran.out
    assert len(home.listed()) == 1


def test_it_goes_on_at_another_pc_in_the_other_guide(home: Home, tmp_path: Path) -> None:
    """The file that is handed over holds both guides: there, neither is in the library."""
    home.walk("1", *PAUSE)
    file = tmp_path / "marche.json"
    assert home.run("sessions", "--export", home.listed()[0]["id"], "-o", str(file)).code == 0
    there = Home(tmp_path / "there")
    for path in there.guides.iterdir():
        path.unlink()
    assert there.run("resume", str(file), typed=[*SOLVED[1:], *TO_THE_END]).code == 0
    assert there.listed()[0]["state"] == "success"


def test_a_file_without_one_of_its_guides_is_refused(home: Home, tmp_path: Path) -> None:
    """A guide that was followed and is not in the file cannot be made up: nothing is taken."""
    home.walk("1", *PAUSE)
    file = tmp_path / "marche.json"
    home.run("sessions", "--export", home.listed()[0]["id"], "-o", str(file))
    told = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**told, "others": []}), "utf-8")
    there = Home(tmp_path / "there")
    ran = there.run("resume", str(file))
    assert (ran.code, "les guides suivis en chemin" in ran.said) == (1, True)
    assert there.listed() == []


def texts(home: Home) -> list[str]:
    with closing(Store(home.data)) as store:
        return [body for (body,) in store._base.execute("SELECT body FROM text").fetchall()]


def test_forgetting_a_session_leaves_no_text_that_nobody_needs(home: Home) -> None:
    """The texts of a guide that was gone over to stay as long as a session rests on them, and no longer."""
    home.walk(*PAUSE)
    home.walk(*PAUSE)
    first, second = (row["id"] for row in home.listed())
    home.run("forget", first, typed=["o"])
    assert any("Le second" in body for body in texts(home))
    assert home.run("resume", second, typed=[*SOLVED, *TO_THE_END]).code == 0
    home.run("forget", second, typed=["o"])
    assert texts(home) == []


def test_what_each_guide_does_not_keep_never_reaches_the_file(home: Home) -> None:
    """Of steps with one name, each is kept as its own guide says: masked in the first, whole in the second."""
    home.walk(*SOLVED, *TO_THE_END)
    kept = (home.data / JOURNAL).read_bytes()
    assert b"INC-1" in kept
    assert b"99700218896" not in kept


def test_a_walk_cut_off_before_its_return_is_taken_up(home: Home) -> None:
    """Killed between the last step of the other guide and the way back, a session goes on with that way back."""
    home.walk(*SOLVED, *PAUSE)
    with closing(Store(home.data)) as store:
        row = next(store.rows())
        events = [each.event for each in history(load_session(store, row).session)]
        came_back = next(number for number, each in enumerate(events) if type(each).__name__ == "CameBack")
        again = store.begin(events[0].at, "outer", store.text(row.guide), store.text(row.facts), "t", False)
        for event in events[:came_back]:
            named = [store.text(each) for each in (event.guide, event.facts)] if isinstance(event, WentOver) else []
            store.append(again, event, named)
    ran = home.run("resume", again, typed=TO_THE_END)
    assert ran.code == 0
    assert "Retour du guide « Le second »." in ran.out


def test_a_guide_that_is_not_there_ends_the_walk_as_its_author_said(home: Home) -> None:
    """A library that lost the other guide still leads somewhere: to the outcome for when it came to nothing."""
    (home.guides / "inner.yaml").unlink()
    ran = home.walk()
    assert (ran.code, "C’est manqué." in ran.out) == (4, True)


def test_a_file_of_answers_answers_in_every_guide(home: Home, tmp_path: Path) -> None:
    """`guide/step` names a step of the guide that is gone over to."""
    file = tmp_path / "answers.yaml"
    file.write_text(
        'start: [p, "1", "", ""]\ninner/start: "1"\ninner/number: INC-1\ninner/tell: ["1", "", A, B, ""]\n'
        'inner/last: ""\nnumber: "99700218896"\ntype: ""\nlast: ""\n',
        "utf-8",
    )
    ran = home.run("run", "outer", "--guides", str(home.guides), "--answers", str(file))
    assert (ran.code, home.listed()[0]["outcome"]) == (0, "done")


def test_a_session_over_two_guides_becomes_a_scenario(home: Home, tmp_path: Path) -> None:
    """The scenario that is written from it takes the same path, and says what is typed in each guide."""
    home.walk("1", "r", "r", "p", "1", "", *SOLVED, *TO_THE_END)
    ran = home.run("test", "--from", home.listed()[0]["id"])
    assert (ran.code, ran.err) == (0, "")
    assert 'inner/start: ["1", r, ' in ran.out or "inner/start: [yes, r, " in ran.out
    (home.guides / "tests").mkdir()
    (home.guides / "tests" / "outer.yaml").write_text(ran.out, "utf-8")
    assert "ok" in home.run("test", "outer", "--guides", str(home.guides), "--min-coverage", "0").out


def test_what_was_noted_of_each_guide_goes_to_its_author(home: Home) -> None:
    """`feedback` has a part for each guide of which a step no longer matches."""
    home.walk("e", "Un autre écran", *PAUSE)
    said = home.run("feedback").out
    assert "# Guide inner, version 1" in said
    assert "« start » (Cela ira-t-il ?)" in said.replace("\u00a0", " ")


def test_a_walk_is_abandoned_and_named_from_outside_while_it_is_away(home: Home) -> None:
    """`case` and `sessions --abandon` find the step where one is, in whichever guide."""
    home.walk(*PAUSE)
    name = home.listed()[0]["id"]
    assert home.run("case", name, "GLPI", "8").code == 0
    assert home.run("sessions", "--abandon", name).code == 0
    (row,) = home.listed()
    assert (row["label"], row["state"]) == ("GLPI 8", "abandoned")
    assert home.run("resume", name, typed=[*SOLVED, *TO_THE_END]).code == 0


def test_a_first_pause_leaves_no_trace(home: Home) -> None:
    """Going over is something that happened: from it on there is a session; a look at the opening leaves none."""
    home.run("run", "outer", "--guides", str(home.guides), typed=["", *PAUSE])
    assert home.listed() == []
    home.walk(*PAUSE)
    with closing(Store(home.data)) as store:
        kinds = [type(event) for event in kept_events(store, next(store.rows()).id)]
    assert kinds[-1] is Paused
    assert WentOver in kinds
