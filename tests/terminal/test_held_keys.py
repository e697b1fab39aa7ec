"""Keys held down, typed ahead, or sent by the terminal itself: on a real terminal, none of them makes an event."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("a pseudo-terminal is POSIX", allow_module_level=True)

from ecps_cli.core.events import Answered, Confirmed, Event, Noted, Paused
from ecps_cli.storage.archive import load_session
from ecps_cli.storage.store import Store
from support.real_terminal import RealTerminal
from support.tiers import each_value, first_of

pytestmark = [pytest.mark.terminal, pytest.mark.timeout(120)]

REPEATED = 0.030
"""Seconds between the repeats of a key held down, on most keyboards."""
FIRST = 0.5
"""Seconds before the first of them."""

GUIDE = """\
format: 1
id: held
version: "1"
title: Essai
verified_on: 2026-11-24
review_by: 2099-01-01
sources: [fiche]
steps:
  - {id: one, who: doctor, device: phone, do: "Fermer la page."}
  - {id: marked, who: doctor, device: phone, do: "Approcher la carte.", MARK}
  - {id: three, who: doctor, device: phone, do: "Ranger la page.", end: done}
outcomes:
  done: {success: true, text: "C’est fait."}
"""
MARKS = {
    "critical": 'critical: true, why: "Une erreur bloque."',
    "secret": "secret: true",
    "deadline": "deadline: 90 s, resume_at: one",
}
FACTS = "fiche: {kind: source, name: Fiche, value: Fiche}\n"


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Keep what the tool writes out of the user's folders."""
    return {"ECPS_DATA": str(tmp_path / "data"), "BROWSER": "true"}


def happened(home: dict[str, str]) -> list[Event]:
    """Return what the journal holds of the one session, without its pauses; nothing where no session was begun."""
    with closing(Store(Path(home["ECPS_DATA"]))) as store:
        events = [event for row in store.rows() for event in load_session(store, row).session.events]
    return [event for event in events if not isinstance(event, Paused)]


def guide_with(mark: str, folder: Path) -> str:
    """Write a guide whose second step is marked, and return its path."""
    (folder / "facts.yaml").write_text(FACTS, "utf-8")
    (folder / "held.yaml").write_text(GUIDE.replace("MARK", MARKS[mark]), "utf-8")
    return str(folder / "held.yaml")


def hold(terminal: RealTerminal, key: str, times: int, first: float) -> None:
    """Hold a key down: it comes once, after a while again, then every 30 ms."""
    for number in range(times):
        os.write(terminal.fd, key.encode())
        until = time.monotonic() + (first if number == 0 else REPEATED)
        while time.monotonic() < until:
            terminal._read(0.005)


def settle(terminal: RealTerminal, seconds: float = 0.7) -> None:
    """Read what comes for a while, as long as a key may be waited for."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        terminal._read(0.05)


# ------------------------------------------------------------------------------------------------------- held down


@pytest.mark.parametrize("first", [REPEATED, FIRST], ids=["at once", "after half a second"])
def test_an_enter_held_down_does_one_step(first: float, home: dict[str, str]) -> None:
    """Sixty Enters 30 ms apart, with the delay that keyboards have before the second or without, do one step."""
    with RealTerminal("activate", "--with-card", environ=home) as terminal:
        terminal.wait("Étape 1 sur")
        settle(terminal, 1.2)
        hold(terminal, "\r", 60, first)
        settle(terminal)
        assert "Étape 2 sur" in terminal.text
        terminal.send("C-c")
        assert terminal.end() == 130
    assert [type(event) for event in happened(home)] == [Confirmed]


def test_an_enter_held_down_at_the_menu_does_no_step_of_the_guide(home: dict[str, str]) -> None:
    """The Enter that chooses a guide, held down, confirms nothing of it, though another prompter asks there."""
    with RealTerminal("activate", environ=home) as terminal:
        terminal.wait("Quel guide ?")
        settle(terminal)
        hold(terminal, "\r", 30, FIRST)
        settle(terminal)
        terminal.wait("Étape 1 sur")
        terminal.send("C-c")
        assert terminal.end() == 130
    assert happened(home) == []


@pytest.mark.parametrize("mark", first_of(1, MARKS))
def test_no_enter_confirms_a_marked_step(mark: str, home: dict[str, str], tmp_path: Path) -> None:
    """A critical, a secret and a timed step take `v`: no Enter, held down or alone, confirms them."""
    with RealTerminal("run", guide_with(mark, tmp_path), environ=home) as terminal:
        terminal.wait("Étape 1 sur")
        terminal.press("Enter", then="Étape 2 sur")
        settle(terminal)
        hold(terminal, "\r", 20, FIRST)
        settle(terminal, 1.2)
        terminal.press("Enter", then="n’est pas une touche d’ici. v si")
        assert "Étape 2 sur" in terminal.text
        terminal.press("v", then="Étape 3 sur")
        terminal.send("C-c")
        assert terminal.end() == 130
    assert [type(event) for event in happened(home)] == [Confirmed, Confirmed]


def test_an_enter_behind_a_number_answers_nothing_more(home: dict[str, str]) -> None:
    """A number alone chooses; an Enter right behind it, as lines take it, confirms no step that nobody has seen."""
    with RealTerminal("activate", environ=home) as terminal:  # which asks, then walks: two prompters
        terminal.wait("Quel guide ?")
        terminal.send("1")
        terminal.wait("Étape 1 sur", ": aide")
        settle(terminal, 0.2)
        os.write(terminal.fd, b"\r")
        settle(terminal, 0.3)
        terminal.send("C-c")
        assert terminal.end() == 130
    assert happened(home) == []


def test_a_letter_held_down_presses_one_key(home: dict[str, str]) -> None:
    """A `q` held down asks whether to pause, and the letters that follow it, a key there too, answer nothing."""
    with RealTerminal("activate", "--with-card", environ=home) as terminal:
        terminal.wait("Étape 1 sur")
        terminal.press("Enter", then="Étape 2 sur")
        settle(terminal)
        hold(terminal, "q", 40, FIRST)
        settle(terminal)
        assert "Entrée : mettre en pause" in terminal.text
        terminal.press("r", then="Étape 2 sur")
        terminal.send("C-c")
        assert terminal.end() == 130
    assert [type(event) for event in happened(home)] == [Confirmed]


# ------------------------------------------------------------------------------------------------------ typed ahead


@pytest.mark.parametrize("end", ["", "\r"], ids=["without Enter", "with Enter"])
def test_a_number_typed_ahead_loses_no_digit(end: str, home: dict[str, str]) -> None:
    """What is typed before a text question stands in its line whole; an Enter among it answers nothing."""
    with RealTerminal("activate", environ=home) as terminal:
        terminal.wait("Quel guide ?")
        terminal.send()
        os.write(terminal.fd, f"299700218896{end}".encode())
        terminal.wait("Étape 1 sur", "> Réponse")
        settle(terminal)
        assert "99700218896" in "".join(terminal.text.split())
        settle(terminal)
        assert "Étape 1 sur" in terminal.text
        terminal.press("Enter", then="Étape 2 sur")
        terminal.send("C-c")
        assert terminal.end() == 130
    assert [type(event) for event in happened(home)] == [Answered]


@pytest.mark.parametrize("ahead", first_of(2, ["qx", "\r\r\r", "v", "s", "r"]))
def test_what_is_typed_ahead_of_a_confirmation_is_dropped(ahead: str, home: dict[str, str]) -> None:
    """Keys typed before a step was painted do nothing on it."""
    with RealTerminal("activate", environ=home) as terminal:
        terminal.wait("Quel guide ?")
        terminal.send()
        os.write(terminal.fd, f"1{ahead}".encode())
        terminal.wait("Étape 1 sur", ": aide")
        settle(terminal, 1.2)
        assert "Étape 1 sur" in terminal.text
        terminal.send("C-c")
        assert terminal.end() == 130
    assert happened(home) == []


# ------------------------------------------------------------------------------------- what a terminal sends by itself

SENT = {
    "focus in, out": "\x1b[I\x1b[O",
    "OSC 10 of xterm": "\x1b]10;rgb:ffff/ffff/ffff\x1b\\",
    "OSC 11 of VTE": "\x1b]11;rgb:1e1e/1e1e/2e2e\x07",
    "OSC 4 of foot": "\x1b]4;1;rgb:cccc/0000/0000\x1b\\",
    "DA1 of xterm": "\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c",
    "DA1 of Windows Terminal": "\x1b[?61;4;6;7;14;21;22;23;24;28;32;42c",
    "DA1 of screen": "\x1b[?1;2c",
    "DA2 of tmux": "\x1b[>84;0;0c",
    "DA2 of screen": "\x1b[>83;40900;0c",
    "DA3 of Windows Terminal": "\x1bP!|00000000\x1b\\",
    "XTVERSION of kitty": "\x1bP>|kitty(0.35.2)\x1b\\",
    "XTVERSION of tmux": "\x1bP>|tmux 3.4\x1b\\",
    "XTGETTCAP of foot": "\x1bP1+r536574726762=38\x1b\\",
    "DECRQM of foot": "\x1b[?2026;2$y",
    "kitty keyboard": "\x1b[?0u\x1b[97;5u\x1b[113;1:3u",
    "kitty graphics": "\x1b_Gi=31;OK\x1b\\",
    "size of the window": "\x1b[8;24;80t",
    "XTWINOPS title": "\x1b]lvoyage\x1b\\",
    "modifyOtherKeys": "\x1b[27;5;113~",
    "Alt and letters": "\x1bq\x1bv\x1bs\x1bn",
    "Alt and a digit": "\x1b1\x1b2",
    "SGR mouse": "\x1b[<0;10;5M\x1b[<0;10;5m",
    "X10 mouse": "\x1b[M qs",
}
CPR = "\x1b[5;1R"


def at_a_choice(terminal: RealTerminal) -> None:
    terminal.wait("Étape 1 sur", "flèches")


def at_a_key(terminal: RealTerminal) -> None:
    at_a_choice(terminal)
    terminal.press("1", "Enter", then="Étape 2 sur")
    terminal.wait("p : autre chose", ": aide")


def at_a_text(terminal: RealTerminal) -> None:
    at_a_key(terminal)
    terminal.press("n", then="r : retour) :")


def at_a_list(terminal: RealTerminal) -> None:
    at_a_choice(terminal)
    terminal.press("2", "Enter", then="Étape 2 sur")
    terminal.press("hier", "Enter", then="Étape 3 sur")
    terminal.press("ameli", "Enter", then="espace ou numéro")


PLACES = {"key": at_a_key, "text": at_a_text, "choose": at_a_choice, "tick": at_a_list}


@pytest.mark.parametrize(("place", "split"), each_value(list(PLACES), [False, True]))
def test_no_sequence_of_a_terminal_is_an_answer(place: str, split: bool, home: dict[str, str]) -> None:
    """What terminals send by themselves makes no event and types no letter, whole or cut in two."""
    with RealTerminal("fraud", environ=home) as terminal:
        PLACES[place](terminal)
        settle(terminal)
        before, kept = terminal.text, happened(home)
        for sequence in (*SENT.values(), CPR):
            half = len(sequence) // 2 if split else len(sequence)
            for part in filter(None, (sequence[:half], sequence[half:])):
                os.write(terminal.fd, part.encode())
                settle(terminal, 0.02)
        settle(terminal)
        assert terminal.text == before
        assert happened(home) == kept
        terminal.send("C-c")
        assert terminal.end() == 130
        assert b"xception" not in terminal.raw
    assert happened(home) == kept


@pytest.mark.parametrize("keypad", [False, True], ids=["numeric", "application"])
def test_a_digit_of_the_keypad_is_a_digit(keypad: bool, home: dict[str, str]) -> None:
    """A number typed on the keypad is the number, in the mode of PuTTY and of tmux that sends sequences too."""
    digits = "99700218896"
    sent = "".join(f"\x1bO{chr(ord('p') + int(each))}" for each in digits) if keypad else digits
    with RealTerminal("activate", "--mobile", environ=home) as terminal:
        terminal.wait("> Réponse")
        terminal.send()
        os.write(terminal.fd, sent.encode())
        settle(terminal)
        assert digits in "".join(terminal.text.split())
        os.write(terminal.fd, b"\x1bOM" if keypad else b"\r")
        terminal.wait("Étape 2 sur")
        terminal.send("C-c")
        assert terminal.end() == 130
    assert [type(event) for event in happened(home)] == [Answered]


# -------------------------------------------------------------------------------------------- keys of a line's editor

MODES = {
    "Ctrl-R": "\x12",
    "Ctrl-S": "\x13",
    "Ctrl-O": "\x0f",
    "Ctrl-Q": "\x11",
    "Alt-5": "\x1b5",
    "Alt-digits": "\x1b1\x1b2",
}


@pytest.mark.parametrize("place", PLACES)
def test_no_mode_of_a_line_editor_comes_up(place: str, home: dict[str, str]) -> None:
    """Ctrl-R, Ctrl-S, Ctrl-O, Ctrl-Q and Alt and a digit do nothing at any question: no search, no count, no answer."""
    with RealTerminal("fraud", environ=home) as terminal:
        PLACES[place](terminal)
        settle(terminal)
        before, kept = terminal.text, happened(home)
        for name, keys in MODES.items():
            os.write(terminal.fd, keys.encode())
            settle(terminal, 0.1)
            assert terminal.text == before, name
        assert happened(home) == kept
        if place == "text":  # the letter after them is one letter, at its place
            terminal.press("c", then="retour) : c")
            terminal.press("Enter", then="C’est noté.")
        terminal.send("C-c")
        assert terminal.end() == 130
    if place == "text":
        assert [event.text for event in happened(home) if isinstance(event, Noted)] == ["c"]


@pytest.mark.parametrize("place", first_of(2, PLACES))
def test_ctrl_l_paints_the_screen_again(place: str, home: dict[str, str]) -> None:
    """After something else has written over the window, Ctrl-L brings back the step and the question that stands."""
    with RealTerminal("fraud", environ=home) as terminal:
        PLACES[place](terminal)
        settle(terminal)
        before = terminal.text
        terminal.screen.reset()
        os.write(terminal.fd, b"\x0c")
        settle(terminal)
        painted, stood = terminal.text.strip().splitlines(), before.strip().splitlines()
        assert (painted[0], painted[-1]) == (stood[0], stood[-1])
        assert [line for line in painted if line not in stood] == []
        terminal.send("C-c")
        assert terminal.end() == 130


# ---------------------------------------------------------------------------------------------------------- deadlines


def left(text: str) -> Iterator[str]:
    yield from (line for line in text.splitlines() if "Il reste" in line)


def test_the_seconds_go_down_by_themselves(home: dict[str, str], tmp_path: Path) -> None:
    """At a timed step the seconds left count down on the screen without a key, and the rest of it stays."""
    with RealTerminal("run", guide_with("deadline", tmp_path), environ=home) as terminal:
        terminal.wait("Étape 1 sur")
        terminal.press("Enter", then="Il reste")
        (first,) = left(terminal.text)
        before = [line for line in terminal.text.splitlines() if "Il reste" not in line]
        seen = {first}
        until = time.monotonic() + 4
        while time.monotonic() < until:
            settle(terminal, 0.2)
            seen |= set(left(terminal.text))
        assert len(seen) >= 3
        assert [line for line in terminal.text.splitlines() if "Il reste" not in line] == before
        terminal.send("C-c")
        assert terminal.end() == 130
    assert [type(event) for event in happened(home)] == [Confirmed]


def test_by_lines_no_second_goes_down(home: dict[str, str], tmp_path: Path) -> None:
    """In the plain look, which only appends, the time of day stands once, and nothing is written until a line comes."""
    with RealTerminal("run", guide_with("deadline", tmp_path), "--plain", environ=home) as terminal:
        terminal.wait("Entrée")
        terminal.press("Enter", then="Étape 1 sur")
        terminal.press("Enter", then="Il reste")
        settle(terminal, 0.5)
        assert len(list(left(terminal.text))) == 1
        written = terminal.raw
        settle(terminal, 2.5)
        assert terminal.raw == written
        terminal.send("C-d")
        assert terminal.end() == 5
