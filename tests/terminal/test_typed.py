"""Whatever is typed, pasted or signalled on a real terminal: one sentence, the same question, a terminal left sane."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("a pseudo-terminal is POSIX", allow_module_level=True)

import termios

from ecps_cli.storage.store import Store
from support.kept import kept_events
from support.real_terminal import RealTerminal
from support.tiers import each_value, first_of, first_rows

pytestmark = [pytest.mark.terminal, pytest.mark.timeout(120)]

PASTE = "\x1b[200~{}\x1b[201~"
TOO_LONG = "Au plus 2000 caractères à la fois"


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Keep what the tool writes out of the user's folders."""
    return {"ECPS_DATA": str(tmp_path), "BROWSER": "true"}


def bodies(home: dict[str, str]) -> str:
    """Return what the journal holds of the one session, as it is written."""
    with closing(Store(Path(home["ECPS_DATA"]))) as store:
        (row,) = store.rows()
        return "\n".join(repr(event) for event in kept_events(store, row.id))


@contextmanager
def sane(*arguments: str, **how: Any) -> Iterator[RealTerminal]:
    """Give a terminal, and hold at its end that it is left as it was found, and that nothing was raised."""
    with RealTerminal(*arguments, **how) as terminal:
        before = termios.tcgetattr(terminal.fd)
        yield terminal
        assert termios.tcgetattr(terminal.fd)[:4] == before[:4], "echo, line mode and signals as before"
        assert termios.tcgetattr(terminal.fd)[3] & termios.ECHO
        assert not terminal.screen.cursor.hidden
        for switch in (b"?2004", b"?1049", b"?1", b"?1000", b"?25"):
            on, off = terminal.raw.rfind(b"\x1b[" + switch + b"h"), terminal.raw.rfind(b"\x1b[" + switch + b"l")
            assert off > on or on == off == -1 or (switch == b"?25" and on > off), switch
        assert b"Traceback" not in terminal.raw


def pour(terminal: RealTerminal, data: bytes) -> None:
    """Type a great deal at once, and read what comes meanwhile, as a terminal does."""
    while data:
        readable, writable, _ = select.select([terminal.fd], [terminal.fd], [], 5)
        assert readable or writable
        if writable:
            data = data[os.write(terminal.fd, data[:1024]) :]
        if readable:
            terminal._read(0)


# ---------------------------------------------------------------------------------------------------------- at one key


def test_a_wrong_key_is_told_without_losing_the_screen(home: dict[str, str]) -> None:
    """A key that is none here says which there are, in one line under the question; all else stays in its place."""
    with sane("fraud", environ=home) as terminal:
        terminal.wait("Étape 1 sur", "flèches")
        terminal.press("1", "Enter", then="Étape 2 sur")
        above, question, _ = terminal.wait("Étape 2 sur", "Entrée : vu").partition("Entrée : vu")
        assert question
        terminal.press("x", then="« x » n’est pas une touche d’ici. Entrée si vu, p sinon, ? : aide.")
        assert terminal.text.startswith(above + question.rstrip("\n"))
        terminal.press(PASTE.format("q\n\n"), then="Ceci n’est pas une touche d’ici")
        terminal.press("é", then="« é » n’est pas")
        terminal.press("\u202e", then="Ceci n’est pas")
        terminal.press("Enter", then="Étape 3 sur")
        terminal.press("q", "Enter", then="Entrée : mettre en pause")
        terminal.press("Enter", then="En pause à l’étape")
        assert terminal.end() == 5
    assert bodies(home).count("Confirmed") == 1


# ----------------------------------------------------------------------------------------------------- pasted in a line


def at_the_number(terminal: RealTerminal) -> None:
    terminal.wait("Réponse")


@pytest.mark.parametrize(
    "pasted",
    first_of(2, ["\u00a0997\u202f0021\u00a08896\r\n", "8 997 0021\n8896\t", "997 0021\n8896", "99700218896\n\n\n"]),
)
def test_a_pasted_number_is_read(pasted: str, home: dict[str, str]) -> None:
    """A number pasted with spaces, no-break spaces or line ends is the number; the paste itself submits nothing."""
    with sane("activate", "--mobile", environ=home) as terminal:
        at_the_number(terminal)
        terminal.send(PASTE.format(pasted))
        terminal.wait("8896")
        assert "Étape 1 sur" in terminal.text
        terminal.press("Enter", then="Étape 2 sur")
        terminal.send("C-c")
        assert terminal.end() == 130


HOSTILE = {
    "lines": ("deux\nlignes\nq\n\n", "deux lignes q"),
    "escapes": ("\x1b]0;titre\x07 rouge \x1b[31m", "]0;titre rouge [31m"),
    "bidi": ("abc\u202edef\u2066ghi\u200b", "abcdefghi"),
    "controls": ("a\x00b\x08c\x7fd", "abcd"),
}


@pytest.mark.parametrize(("name", "bracketed"), first_rows(2, [("bidi", False), *((each, True) for each in HOSTILE)]))
def test_what_is_pasted_in_a_note_is_one_harmless_line(name: str, bracketed: bool, home: dict[str, str]) -> None:
    """Line ends become spaces, control characters and bidi overrides go: on the screen and in the journal.

    Typed without the marks of a paste, escape sequences are keys, and a line end is Enter: only the letters are sure.
    """
    pasted, kept = HOSTILE[name]
    with sane("fraud", environ=home) as terminal:
        terminal.wait("Étape 1 sur", "flèches")
        terminal.press("n", then="r : retour) :")
        terminal.send(PASTE.format(pasted) if bracketed else pasted)
        terminal.wait(kept[:9])
        terminal.press("Enter", then="C’est noté.")
        for raw in ("\u202e", "\u2066", "\x1b]0;titre", "\x1b[31m deux"):
            assert raw.encode() not in terminal.raw
        terminal.press("q", then="Entrée : mettre en pause")
        terminal.press("Enter", then="En pause à l’étape")
        assert terminal.end() == 5
    assert f"text='{kept}'" in bodies(home)


def test_bytes_that_are_no_letters_are_seen(home: dict[str, str]) -> None:
    """What is not UTF-8 does no harm in a line: each such byte stands as a mark that is seen, as it does by lines."""
    with sane("fraud", environ=home) as terminal:
        terminal.wait("Étape 1 sur", "flèches")
        terminal.press("n", then="r : retour) :")
        os.write(terminal.fd, b"avant \xff\xfe\xc3( apr\xc3\xa8s")
        terminal.wait("après")
        terminal.press("Enter", then="C’est noté.")
        terminal.press("q", then="Entrée : mettre en pause")
        terminal.press("Enter", then="En pause à l’étape")
        assert terminal.end() == 5
    assert "'avant \ufffd\ufffd\ufffd( après'" in bodies(home)


@pytest.mark.parametrize(
    "code", first_of(2, [b"\x1b[1;31m", b"\x1b[M\xff\xff\xff", b"\x1b[31m", b"\x1b[0m", b"\x1b[;m"])
)
def test_a_colour_code_without_the_marks_of_a_paste_is_nothing(home: dict[str, str], code: bytes) -> None:
    """What prompt_toolkit takes for the mouse is no key, no choice and no letter; what stands around it is typed."""
    with sane("fraud", environ=home) as terminal:
        terminal.wait("Étape 1 sur", "flèches")
        os.write(terminal.fd, code)
        terminal.press("n", then="r : retour) :")
        os.write(terminal.fd, b"avant " + code + b" ici")
        terminal.wait("ici")
        terminal.press("Enter", then="C’est noté.")
        terminal.wait("flèches")
        os.write(terminal.fd, code)
        terminal.press("1", "Enter", then="Étape 2 sur")
        terminal.send("C-c")
        assert terminal.end() == 130
        assert b"xception" not in terminal.raw
    assert "'avant ici'" in bodies(home)


def test_a_line_has_no_modes_of_its_own(home: dict[str, str]) -> None:
    """A tab is a space, as it is by lines; no search and no count of readline comes up, in English, in a line."""
    with sane("fraud", environ=home) as terminal:
        terminal.wait("Étape 1 sur", "flèches")
        terminal.press("n", then="r : retour) :")
        terminal.send("a\tb", "\x12", "\x13", "\x1b5", "c")
        terminal.wait("a bc")
        assert not any(mode in terminal.text for mode in ("search", "arg"))
        terminal.press("Enter", then="C’est noté.")
        terminal.press("q", then="Entrée : mettre en pause")
        terminal.press("Enter", then="En pause à l’étape")
        assert terminal.end() == 5
        assert b"\x1b[6n" not in terminal.raw, "no terminal is asked where its cursor is"
    assert "'a bc'" in bodies(home)


def test_a_wrong_key_in_a_list_is_told(home: dict[str, str]) -> None:
    """In a list too, a key or a paste that chooses nothing is told, and what was pointed at stays so."""
    with sane("fraud", environ=home) as terminal:
        terminal.wait("Étape 1 sur", "flèches")
        terminal.send("1")
        terminal.press("x", then="« x » n’est pas une touche d’ici.")
        terminal.press("9", then="« 9 » n’est pas une touche d’ici.")
        terminal.press(PASTE.format("a\rb\r" * 40), then="Ceci n’est pas une touche d’ici.")
        terminal.wait("Étape 1 sur", "Réponse")
        terminal.press("Enter", then="Étape 2 sur")
        terminal.send("C-c")
        assert terminal.end() == 130
    assert "value='pending'" in bodies(home)


MILLION = {
    "pasted in lines": PASTE.format("q\n" * 500_000),
    "pasted": PASTE.format("a" * 1_000_000),
    "typed": "a" * 1_000_000 + "\r",
}


@pytest.mark.parametrize("data", first_of(1, MILLION))
def test_a_million_characters_are_one_sentence(data: str, home: dict[str, str]) -> None:
    """A megabyte, said to be pasted or not, is refused in one sentence; the same question takes the next answer."""
    with sane("activate", "--mobile", environ=home) as terminal:
        at_the_number(terminal)
        pour(terminal, MILLION[data].encode())
        terminal.wait(TOO_LONG)
        assert " ".join(terminal.text.split()).count(TOO_LONG) == 1
        terminal.press("99700218896", "Enter", then="Étape 2 sur")
        terminal.send("C-c")
        assert terminal.end() == 130


# ------------------------------------------------------------------------------------------------------------ by lines


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("x" * 3000, TOO_LONG),
        ("\x1b[31mzz\u202e", "Erreur : « zz »"),
        ("zz\rq\r\r\r", "Erreur : « zz »"),
    ],
)
def test_by_lines_a_wrong_line_is_one_sentence_on_its_own(typed: str, said: str, home: dict[str, str]) -> None:
    """In plain mode the error stands on a line of its own that begins « Erreur : »; what came with it is dropped.

    The lines of a paste that come once the question is there again cannot be told from typing.
    """
    with sane("fraud", "--plain", environ=home) as terminal:
        terminal.wait("Étape 1 sur", "Tapez un numéro")
        pour(terminal, typed.encode() + b"\r")
        terminal.wait(said)
        assert any(line.startswith("Erreur : ") for line in terminal.text.splitlines())
        pour(terminal, b"1\r")
        terminal.wait("Refuser la notification sur le téléphone.", "Entrée : vu")
        pour(terminal, b"q\r")
        terminal.wait("Entrée : mettre en pause")
        pour(terminal, b"\r")
        terminal.wait("En pause à l’étape")
        assert terminal.end() == 5
    assert bodies(home).count("Answered") == 1


# -------------------------------------------------------------------------------------------------------- stopped, back

SHELL = """
import os, signal, sys
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
job = os.fork()
if job == 0:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.executable, [sys.executable, "-m", "ecps_cli", *sys.argv[1:]])
while True:
    _, status = os.waitpid(job, os.WUNTRACED)
    os.tcsetpgrp(0, os.getpgrp())
    if not os.WIFSTOPPED(status):
        sys.exit(os.waitstatus_to_exitcode(status))
    print("\\r\\n[1]+ Stopped", os.WSTOPSIG(status) == signal.SIGTSTP, flush=True)
    if sys.stdin.readline().strip() != "fg":
        sys.exit("not fg")
    os.tcsetpgrp(0, job)
    os.kill(-job, signal.SIGCONT)
"""
"""A shell that runs one job, says when it is stopped, and continues it on `fg`."""


@pytest.mark.parametrize(("at", "way"), each_value(["key", "choice", "text"], ["Ctrl-Z", "SIGTSTP"]))
def test_after_ctrl_z_and_fg_the_screen_comes_back(way: str, at: str, home: dict[str, str]) -> None:
    """A stop gives the shell a sane terminal; `fg` paints the step again, the question, and what stood in its line."""
    with sane("fraud", environ=home, python=("-c", SHELL)) as terminal:
        before = termios.tcgetattr(terminal.fd)[:4]
        terminal.wait("Étape 1 sur", "flèches")
        if at == "key":
            terminal.press("1", "Enter", then="Entrée : vu")
        elif at == "text":
            terminal.press("n", then="r : retour) :")
            terminal.press("à moitié", then="à moitié")
        terminal.send()
        if way == "Ctrl-Z":
            terminal.send("\x1a")
        else:
            os.killpg(os.tcgetpgrp(terminal.fd), signal.SIGTSTP)
        terminal.wait("[1]+ Stopped True")
        assert termios.tcgetattr(terminal.fd)[:4] == before
        assert not terminal.screen.cursor.hidden
        terminal.screen.reset()
        os.write(terminal.fd, b"fg\n")
        question = {"key": "Entrée : vu", "choice": "flèches", "text": "retour) : à moitié"}[at]
        terminal.wait("Fraude à la e-CPS", "Étape 2 sur" if at == "key" else "Étape 1 sur", question)
        terminal.send("C-c")
        assert terminal.end() == 130


def test_ctrl_z_right_behind_an_answer_stops_too(home: dict[str, str]) -> None:
    """Read with the answer before it, Ctrl-Z stops at the next question; what came after it answers nothing."""
    with sane("fraud", environ=home, python=("-c", SHELL)) as terminal:
        before = termios.tcgetattr(terminal.fd)[:4]
        terminal.wait("Étape 1 sur", "flèches")
        os.write(terminal.fd, b"1\r\x1a\r")
        terminal.wait("[1]+ Stopped True")
        assert termios.tcgetattr(terminal.fd)[:4] == before
        terminal.screen.reset()
        os.write(terminal.fd, b"fg\n")
        terminal.wait("Fraude à la e-CPS", "Étape 2 sur", "Entrée : vu")
        terminal.send("C-c")
        assert terminal.end() == 130
    assert bodies(home).count("Confirmed") == 0


@pytest.mark.parametrize("way", first_of(1, ["SIGTSTP", "Ctrl-Z"]))
def test_a_stop_of_the_author_s_view_gives_the_terminal_back(way: str, home: dict[str, str]) -> None:
    """`--watch`, stopped, leaves the shell the terminal as it was; `fg` paints the screen again, and takes keys."""
    with sane("run", "fraud", "--watch", rows=60, environ=home, python=("-c", SHELL)) as terminal:
        before = termios.tcgetattr(terminal.fd)[:4]
        terminal.wait("écran suivant")
        terminal.send("\x1a") if way == "Ctrl-Z" else os.killpg(os.tcgetpgrp(terminal.fd), signal.SIGTSTP)
        terminal.wait("[1]+ Stopped True")
        assert termios.tcgetattr(terminal.fd)[:4] == before
        terminal.screen.reset()
        os.write(terminal.fd, b"fg\n")
        terminal.wait("écran suivant", "Fraude à la e-CPS")
        terminal.press("n", then="Étape 1 sur")
        terminal.send("q")
        assert terminal.end() == 0


def test_by_lines_a_stop_is_the_shells_own(home: dict[str, str]) -> None:
    """In plain mode what was said stays above; after `fg` the next line answers the question."""
    with sane("fraud", "--plain", environ=home, python=("-c", SHELL)) as terminal:
        terminal.wait("Étape 1 sur", "Tapez un numéro")
        terminal.press("\x1a", then="[1]+ Stopped True")
        os.write(terminal.fd, b"fg\n")
        terminal.press("1", "Enter", then="Étape 2 sur")
        terminal.press("q", "Enter", then="Entrée : mettre en pause")
        terminal.press("Enter", then="En pause à l’étape")
        assert terminal.end() == 5
