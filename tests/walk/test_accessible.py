"""The accessible mode: lines that a screen reader reads in order, each thing said once and in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ecps_cli.french.question import Question
from ecps_cli.screen.painting import SPOKEN, Look, rich_text, spoken
from ecps_cli.screen.terminal import accessible
from ecps_cli.walk.by_lines import LinePrompter
from support.commands import call, spaced
from support.sample import Clock
from support.scripts import scripts
from support.shipped import LIBRARY
from support.stage import Stage

SEEN = Question(keys=("Entrée : vu", "p : autre chose", "s : passer", "? : aide"))
NAMED_ALOUD = "•·→☑☐☒▶⚠✓✗■□▪◦➔<>=*|╭╮╰╯│─━[]_~^{}"
"""What NVDA names at its default level, "some" (nvaccess/nvda, source/locale/en/symbols.dic), and what draws boxes."""


@pytest.mark.parametrize("guide_id", LIBRARY.ids())
def test_nothing_in_a_walk_has_a_name_that_is_in_the_way(guide_id: str) -> None:
    """From its opening to its end, with the list and the help, a walk holds no glyph that is named aloud."""
    guide = LIBRARY.find(guide_id).guide
    walk = max(scripts(guide), key=lambda each: len(each.moves))
    lines = [*([] if guide.steps[0].critical else ["p", "r", ""]), *(move.line for move in walk.moves)]
    first = 0 if guide.steps[0].critical else 3
    if guide.steps[0].action in ("do", "ask"):
        lines[first:first] = ["l", "", "?", "", "e", "vu", "n", "une note", "x"]
    typed = "".join(f"{line}\n" for line in lines)
    ran = call("run", guide_id, "--practice", typed=typed, environ={"ACCESSIBLE": "1"})
    assert ran.code in (0, 4, 5), ran.err
    assert "Pour le ticket" in ran.out
    said = re.sub(r"https?://\S+", "", ran.out).replace("8 *** **** 8896", "")
    assert not set(said) & set(NAMED_ALOUD), sorted(set(said) & set(NAMED_ALOUD))
    assert "\x1b" not in ran.out


def test_states_are_words() -> None:
    """Done, passed over, current, to do: each is a word, with no mark before it."""
    look = Look(plain=True)
    assert [look.mark(state) for state in ("fait", "passé", "en cours", "à faire")] == [""] * 4


def test_the_keys_are_said_once() -> None:
    """The first question of each kind names its keys; the next ones say Enter, « p » and « ? » alone; `?` says all."""
    guide = LIBRARY.find("activate-mobile").guide
    stage = Stage(guide, LIBRARY.facts(), Clock())
    stage.run("99700218896", "", "", "", "?")
    said = spaced(stage.output)
    assert said.count("s : passer") == 1
    assert said.count("Entrée : vu, p : autre chose, ? : aide") >= 2
    assert "mettre en pause" in said


@pytest.mark.parametrize(
    ("question", "said", "again"),
    [
        (SEEN, "Entrée : vu, p : autre chose, s : passer, ? : aide", "Entrée : vu, p : autre chose, ? : aide"),
        (
            Question(keys=("v : vu", "s : passer", "? : aide")),
            "v : vu, s : passer, ? : aide",
            "v : vu, ? : aide",
        ),
        (
            Question("Réponse", ("p : autre cas", "r : retour", "? : aide"), " :"),
            "Réponse (p : autre cas, r : retour, ? : aide) :",
            "Réponse (p : autre cas, ? : aide) :",
        ),
        (
            Question(keys=("Entrée : remède fait", "r : ce n’est pas cela")),
            "Entrée : remède fait, r : ce n’est pas cela",
            "Entrée : remède fait, r : ce n’est pas cela",
        ),
        (
            Question("Que voyez-vous ?", ("r : retour",)),
            "Que voyez-vous ? (r : retour)",
            "Que voyez-vous ? (r : retour)",
        ),
        (
            Question("Appeler (r : retour, ? : aide) ?"),
            "Appeler (r : retour, ? : aide) ?",
            "Appeler (r : retour, ? : aide) ?",
        ),
    ],
)
def test_a_question_that_comes_again(question: Question, said: str, again: str) -> None:
    """What is left of a question whose keys were said is its text as it is, what goes on, `p` and `?`."""
    heard: list[str] = []
    prompter = LinePrompter(heard.append, lambda: "")
    prompter.text(question)
    prompter.text(question)
    assert [spaced(each) for each in heard] == [said, again]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("1", True), ("true", True), ("oui", True), ("", False), ("0", False), ("False", False), ("non", False)],
)
def test_accessible_in_the_environment(value: str, wanted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """`ACCESSIBLE=1` asks for it, as for other tools; 0, false, no and non do not."""
    monkeypatch.setenv("ACCESSIBLE", value)
    assert accessible() is wanted


@pytest.mark.timeout(120)
@pytest.mark.parametrize("environ", [{"ACCESSIBLE": "1"}, {"TERM": "dumb"}])
@pytest.mark.parametrize("guide_id", ["fraud", "activate-mobile"])
def test_a_guide_that_is_read_aloud_has_no_glyphs(guide_id: str, environ: dict[str, str]) -> None:
    """`show` prints no bullet, arrow or box to tick where a screen reader may read them; elsewhere it does."""
    glyphs = re.compile("[•→☐╭│]")
    assert not glyphs.search(call("show", guide_id, environ=environ).out)
    assert glyphs.search(call("show", guide_id, environ={"ACCESSIBLE": "", "TERM": "xterm"}).out)


@pytest.mark.terminal
@pytest.mark.parametrize(
    ("arguments", "environ"), [(["--plain"], {}), ([], {"ACCESSIBLE": "1"}), ([], {"TERM": "dumb"})]
)
def test_on_a_terminal_it_only_appends(arguments: list[str], environ: dict[str, str], tmp_path: Path) -> None:
    """Asked for in any of three ways, nothing on the terminal is moved, cleared or drawn; the default is in words."""
    pytest.importorskip("termios", reason="a pseudo-terminal is POSIX")
    from support.real_terminal import RealTerminal

    with RealTerminal("fraud", *arguments, environ={"ECPS_DATA": str(tmp_path), **environ}) as terminal:
        terminal.wait("REFUSEZ", ": aide", "(Entrée seule : 6) :")
        terminal.press("9", "Enter", then="Erreur : « 9 » n’est pas dans la liste.")
        terminal.press("q", "Enter", then="Rien n’a été commencé.")
        assert terminal.end() == 5
        assert set(re.findall(rb"\x1b(\[[0-9;?]*[A-Za-z]|.)", terminal.raw)) <= set(
            re.findall(rb"\x1b(\[[0-9;]*m)", terminal.raw)
        )


def test_a_glyph_is_said_as_what_stands_for_it() -> None:
    """Bullets, boxes and arrows of a screen are written as a dash or a colon, everything else as it is."""
    stage = Stage(LIBRARY.find("fraud").guide, LIBRARY.facts(), Clock())
    stage.console.print(spoken(rich_text("- Là → « ici » ☐ x")))
    assert spaced(stage.output) == "- Là : « ici » - x"
    assert set(map(chr, SPOKEN)) <= set(NAMED_ALOUD)


def test_a_key_stays_with_what_it_does() -> None:
    """Where a line of keys is broken, it is between two of them: never `s :` on one line and `passer` on the next."""
    said: list[str] = []
    LinePrompter(said.append, lambda: "").key(SEEN)
    assert not re.search(r"(p|s|\?) : |autre chose", said[0])
    assert spaced(said[0]) == "Entrée : vu, p : autre chose, s : passer, ? : aide"
