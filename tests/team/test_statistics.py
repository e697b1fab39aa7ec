"""Statistics: the same figures from the journal, from files and from the database, which shows none under five."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ecps_cli.core.figures import Figure
from ecps_cli.installation import how_to_add
from support.commands import call
from support.team import LABEL, NOTE, RPPS, fill

if TYPE_CHECKING:
    from support.postgres import Database
    from support.team import PC

WRITTEN = (NOTE, LABEL, RPPS, "8896")


def test_the_journal_is_told_in_text_with_bars(tmp_path: Path) -> None:
    """Per guide: its walks, their results, the time of each step, where one stops; nothing that a person wrote."""
    fill(tmp_path, 20)
    ran = call("stats", environ={"ECPS_DATA": str(tmp_path)})
    assert ran.code == 0
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert lines[0] == "Un guide pour l’équipe (helped, version 7) : 20 parcours"
    assert "████████████████████ 16 Fait." in lines
    ends = ("7 écart « Écran noir. »", "6 pause", "3 abandon", "2 ne correspond plus")
    for end in ends:
        assert any(re.fullmatch(rf"█+ {end} : Ouvrir l’application.", line) for line in lines), (end, lines)
    assert [each for each in WRITTEN if each in ran.said] == []


def test_bars_are_drawn_with_what_the_console_has(tmp_path: Path) -> None:
    """A console without blocks gets bars of another character."""
    fill(tmp_path, 2)
    ran = call("stats", environ={"ECPS_DATA": str(tmp_path)}, encoding="cp1252")
    assert "####" in ran.out


def test_files_are_counted_like_the_journal(tmp_path: Path) -> None:
    """Exported sessions give the figures that their journal gives, as JSON."""
    environ = {"ECPS_DATA": str(tmp_path / "data")}
    fill(tmp_path / "data", 3)
    here = call("stats", "--json", environ=environ)
    files = []
    for session in json.loads(call("sessions", "--json", environ=environ).out):
        files.append(str(tmp_path / f"{session['id']}.json"))
        call("sessions", "--export", session["id"], "-o", files[-1], environ=environ)
    there = call("stats", *files, "--json", environ={"ECPS_DATA": str(tmp_path / "none")})
    assert json.loads(there.out) == json.loads(here.out)
    (guide,) = json.loads(here.out)["guides"]
    assert guide["walks"] == 3
    assert [step["id"] for step in guide["steps"]] == ["rpps", "one", "works", "type"]


def test_the_page_has_one_picture(tmp_path: Path) -> None:
    """The HTML page holds one drawing, whose letters are text, and the same figures as a table."""
    pytest.importorskip("matplotlib", reason="extra [stats]")
    fill(tmp_path, 20)
    page = tmp_path / "stats.html"
    ran = call("stats", "--format", "html", "-o", str(page), environ={"ECPS_DATA": str(tmp_path)})
    assert ran.code == 0, ran.said
    text = page.read_text("utf-8")
    assert text.count("<svg") == 1
    assert "temps médian (min)</text>" in text
    assert not re.search(r"(?:href|src)=.https?:", text)
    assert [each for each in WRITTEN if each in text] == []


def test_without_its_extra_the_page_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library that draws is not installed, the sentence says how to install it."""
    fill(tmp_path, 1)
    monkeypatch.delitem(sys.modules, "ecps_cli.exports.picture", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    ran = call("stats", "--format", "html", environ={"ECPS_DATA": str(tmp_path)})
    assert ran.code == 1
    assert how_to_add("stats") in ran.said


def test_nothing_to_count_is_said(tmp_path: Path) -> None:
    """Without a walk there is nothing to count."""
    ran = call("stats", environ={"ECPS_DATA": str(tmp_path)})
    assert ran.code == 1
    assert "Aucun parcours à compter" in ran.said


psycopg = pytest.importorskip("psycopg", reason="extra [team]")
pytest.importorskip("cryptography", reason="extra [team]")

from support.postgres import needs_postgres  # noqa: E402

with_postgres = [*needs_postgres()]


def team(function: Callable[..., None]) -> Callable[..., None]:
    """Mark a test that needs a server."""
    for mark in with_postgres:
        function = mark(function)
    return function


def shown(found: list[Figure]) -> list[Figure]:
    """Of all figures, those that the team's database may show: the rule once more, told another way."""
    groups: dict[tuple[str, str, str], list[Figure]] = {}
    for each in found:
        groups.setdefault((each.guide, each.version, each.kind), []).append(each)
    kept = []
    for (_, _, kind), group in groups.items():
        hidden = [each for each in group if each.walks < 5]
        rest = sorted((each for each in group if each.walks >= 5), key=lambda each: each.walks)
        while kind in ("result", "abandoned") and 0 < sum(each.walks for each in hidden) < 5 and rest:
            hidden.append(rest.pop(0))
        kept += rest
    return kept


@team
def test_the_database_counts_as_the_journal_does(pc: Callable[..., PC], database: Database) -> None:
    """The team's figures are those of the union of its journals, those under five left out."""
    from contextlib import closing

    from ecps_cli.core.figures import figures
    from ecps_cli.storage.archive import load_session
    from ecps_cli.storage.store import Store
    from ecps_cli.team.counting import counted

    sessions = []
    for name, number, begun in (("a", 35, 0), ("b", 12, 35)):
        here = pc(name)
        fill(here.folder, number, begun)
        here.send()
        with closing(Store(here.folder)) as store:
            sessions += [load_session(store, row).session for row in store.rows()]
    found, guides = counted({"ECPS_TEAM": database.address("pc_reader")})
    assert sorted(found) == sorted(shown(figures(sessions)))
    assert {each.kind for each in found} >= {"walk", "result", "step", "paused", "deviated", "deviation"}
    assert min(each.walks for each in found) >= 5
    assert [guide.title for guide in guides.values()] == ["Un guide pour l’équipe"]


@team
@pytest.mark.parametrize(("finished", "abandoned", "told"), [(16, 4, []), (16, 5, [5, 16]), (4, 0, []), (7, 2, [])])
def test_a_hidden_count_cannot_be_worked_out(
    pc: Callable[..., PC], database: Database, finished: int, abandoned: int, told: list[int]
) -> None:
    """Where the total would give away a count under five, the next smallest is left out too."""
    from ecps_cli.team.counting import counted

    here = pc()
    for begun in range(finished):
        fill(here.folder, 1, 20 * begun)
    for begun in range(abandoned):
        fill(here.folder, 1, 2000 + 20 * begun + 9)
    here.send()
    found, _ = counted({"ECPS_TEAM": database.address("pc_reader")})
    assert sorted(each.walks for each in found if each.kind == "result") == told
    total = [each.walks for each in found if each.kind == "walk"]
    assert total == ([finished + abandoned] if finished + abandoned >= 5 else [])


@team
def test_a_reader_has_figures_and_nothing_else(pc: Callable[..., PC], database: Database) -> None:
    """The login for statistics reads no row; the one of a PC reads no figure; what is hidden is said."""
    here = pc("a", user="pc_reader")
    fill(here.folder, 6)
    pc("a").send()
    ran = here.call("stats", "--team")
    assert ran.code == 0, ran.said
    assert "6 parcours" in ran.said
    assert "moins de 5 parcours" in ran.said
    assert [each for each in (*WRITTEN, "POSTE") if each in ran.said] == []
    assert "n’a pas ce droit" in pc("a").call("stats", "--team").said
    with psycopg.connect(database.address("pc_reader"), autocommit=True) as connection:
        for statement in ("SELECT * FROM ecps.event", "SELECT * FROM ecps.walk", "SELECT * FROM ecps.unfinished(9)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
