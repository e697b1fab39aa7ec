"""What a terminal can show: no character stops a walk, no letter is lost, no text is taken for markup."""

from __future__ import annotations

import io
import os
import sys
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest
from rich.console import Group
from rich.text import Text

import ecps_cli
from ecps_cli.screen.terminal import (
    beneath,
    can_encode,
    conversation,
    encode_errors,
    make_console,
    paint,
    prepare_streams,
    settle_colours,
)
from support.commands import call, quiet

LETTERS = {
    "a": "àâä", "c": "ç", "e": "éèêë", "i": "îï", "o": "ôö", "u": "ùûü", "y": "ÿ",
    "A": "ÀÂÄ", "C": "Ç", "E": "ÉÈÊË", "I": "ÎÏ", "O": "ÔÖ", "U": "ÙÛÜ", "Y": "Ÿ",
    "oe": "œ", "OE": "Œ", "ae": "æ", "AE": "Æ",
}  # fmt: skip
"""Each letter that French adds to the ASCII ones, under how it is read without its mark."""

SIGNS = {
    "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "…": "...", "–": "-", "—": "-", "‑": "-", "·": "-",
    "€": "EUR", "•": "*", "→": "->", "°": "o", "º": "o", "ᵉ": "e", "×": "x", "━": "=", "─": "-",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "☑": "[x]", "☐": "[ ]", "▶": ">", "⚠": "!",
}  # fmt: skip
"""Each sign that the program or a guide prints, and what stands for it where it is missing."""

ENCODINGS = ["ascii", "latin-1", "iso8859-15", "cp1252", "cp850", "cp437"]
SPOKEN = {**{letter: plain for plain, letters in LETTERS.items() for letter in letters}, **SIGNS}


def has(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def written(text: str, encoding: str) -> str:
    return text.encode(encoding, "ecps-fold").decode(encoding)


# ---------------------------------------------------------------------------------------------------------- folding


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_letter_and_sign_is_written_on_every_stream(encoding: str) -> None:
    """A character that a stream has is written as it is; one that it lacks as what is read in its place."""
    for character, spoken in SPOKEN.items():
        expected = character if has(encoding, character) else spoken
        assert written(f"<{character}>", encoding) == f"<{expected}>"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_sentence_stays_readable(encoding: str) -> None:
    """A whole sentence goes through with its letters, and nothing in it becomes a question mark."""
    sentence = "L’œuvre d’Éloïse… où ça ? « Là-bas → ☑ fait » à 8 h."
    folded = written(sentence, encoding)
    assert folded.count("?") == 1
    assert "fait" in folded
    assert "uvre d" in folded


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", ["日本", "\U0001f600", "\udce9", "\ue000", "\x1b[0m\u202e", "a\u0301"], ids=ascii)
def test_no_text_ever_raises(encoding: str, text: str) -> None:
    """What no table foresees is written somehow, one sign or more a character, without an error."""
    assert written(f"<{text}>", encoding).startswith("<")
    assert written(f"<{text}>", encoding).endswith(">")


def test_a_lone_surrogate_is_written_on_utf_8() -> None:
    """An argument that was no UTF-8 is shown with a question mark, even on a stream that has every character."""
    assert "\udce9t\udce9".encode("utf-8", "ecps-fold") == b"?t?"


def test_only_writing_is_forgiven() -> None:
    """The handler folds what is written; a fault of reading stays what it is."""
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", "ecps-fold")
    error = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no")
    with pytest.raises(UnicodeDecodeError):
        encode_errors(error)


PACKAGE = Path(ecps_cli.__file__).parent
SPEAKING = ("french", "loading", "walk", "cli")
PRINTING = sorted(
    {*(path for name in SPEAKING for path in PACKAGE.glob(f"{name}/*.py")), PACKAGE / "core" / "session.py"}
    - {
        PACKAGE / "cli" / "desktop.py",
        PACKAGE / "french" / "telephone.py",
        PACKAGE / "loading" / "causes.py",
        PACKAGE / "loading" / "doubts.py",
    }
)


def lost(path: Path) -> set[str]:
    return {
        character
        for character in path.read_text(encoding="utf-8")
        for encoding in ENCODINGS
        if character != "?" and written(character, encoding) == "?"
    }


@pytest.mark.parametrize("path", PRINTING, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_nothing_that_the_program_prints_is_lost(path: Path) -> None:
    """Each character of a module that speaks has its reading on every stream."""
    assert lost(path) == set()


# ---------------------------------------------------------------------------------------------------------- streams


def stream(encoding: str, data: bytes = b"") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding)


def test_prepared_streams_print_and_read_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once prepared, both outputs encode_errors what they lack, and the input takes bytes that are no text."""
    out, err, given = stream("ascii"), stream("cp850"), stream("utf-8", b"\xe9t\xe9\n")
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setattr(sys, "stdin", given)
    prepare_streams()
    out.write("déjà → ici")
    err.write("« œuf » €")
    for each in (out, err):
        each.flush()
    assert out.buffer.getvalue() == b"deja -> ici"  # type: ignore[attr-defined]
    assert err.buffer.getvalue().decode("cp850") == "« oeuf » EUR"  # type: ignore[attr-defined]
    assert given.readline() == "\ufffdt\ufffd\n"


def test_streams_that_are_no_files_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that something else put in the place of the real one is used as it is, behind the guard."""
    replaced = [io.StringIO() for _ in range(3)]
    for each, stand_in in zip(("stdin", "stdout", "stderr"), replaced, strict=True):
        monkeypatch.setattr(sys, each, stand_in)
    prepare_streams()
    assert [sys.stdin, beneath(sys.stdout), beneath(sys.stderr)] == replaced


@pytest.mark.parametrize(
    ("encoding", "text", "can"),
    [
        ("utf-8", "☑☐▶", True),
        ("cp1252", "☑", False),
        ("cp1252", "œ’€", True),
        ("cp850", "œ", False),
        ("cp437", "é", True),
        ("ascii", "é", False),
        ("ascii", "e", True),
    ],
)
def test_what_a_stream_can_write(encoding: str, text: str, can: bool) -> None:
    """A stream has a character when its encoding has it."""
    assert can_encode(text, stream(encoding)) is can


def test_a_stream_without_an_encoding_has_ascii_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the encoding is unknown or none that Python has, nothing but ASCII is counted on."""
    assert can_encode("e", io.StringIO())
    assert not can_encode("é", io.StringIO())

    class Odd(io.StringIO):
        encoding = "no-such-encoding"

    assert not can_encode("e", Odd())
    monkeypatch.setattr(sys, "stdout", stream("latin-1"))
    assert can_encode("é")
    assert not can_encode("œ")


# ---------------------------------------------------------------------------------------------------------- painting


@pytest.mark.parametrize("text", ["[bold]x[/bold]", "[/x]", "[red]y", ":smile:", "[link=https://example.org]z[/link]"])
def test_a_console_takes_no_text_for_markup(text: str) -> None:
    """A bare text printed on the console comes out letter for letter."""
    out = io.StringIO()
    make_console(out).print(text)
    assert out.getvalue() == f"{text}\n"


def test_the_console_paints_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    """Without another stream, the console is on standard output."""
    make_console().print("ici")
    assert capsys.readouterr().out == "ici\n"


def test_a_pipe_gets_no_trailing_space_and_no_escape_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes to a file or a pipe is bare lines, as many as were painted, none ending in spaces."""
    monkeypatch.setenv("COLUMNS", "20")
    out = io.StringIO()
    paint(make_console(out), Text("des mots à couper ici  \n\n  puis la fin   ", style="bold red"))
    assert out.getvalue() == "des mots à couper\nici\n\n  puis la fin\n"


def test_a_line_that_must_stay_whole_is_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line longer than the screen goes out entire, to a pipe and to a terminal."""
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    address = f"https://example.org/{'x' * 50}"
    line = Group(Text(address, no_wrap=True, overflow="ignore"))
    piped = io.StringIO()
    paint(make_console(piped), line)
    assert piped.getvalue() == f"{address}\n"
    on_a_terminal = Tty()
    paint(make_console(on_a_terminal), line)
    assert address in on_a_terminal.getvalue()


class Tty(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("plain", "term", "typed", "shown", "expected"),
    [
        (False, "xterm-256color", True, True, "keys"),
        (True, "xterm-256color", True, True, "lines"),
        (False, "dumb", True, True, "lines"),
        (False, "xterm-256color", False, True, "lines"),
        (False, "xterm-256color", True, False, "lines"),
        (False, None, True, True, "keys"),
    ],
)
def test_how_to_ask(
    monkeypatch: pytest.MonkeyPatch, plain: bool, term: str | None, typed: bool, shown: bool, expected: str
) -> None:
    """By keys on a real terminal that can do it; by lines when asked, on a dumb one, or when either end is a pipe."""
    if term is None:
        monkeypatch.delenv("TERM", raising=False)
    else:
        monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(sys, "stdin", Tty() if typed else io.StringIO())
    monkeypatch.setattr(sys, "stdout", Tty() if shown else io.StringIO())
    assert conversation(plain) == expected


@pytest.mark.parametrize("closed", ["stdin", "stdout", "stderr"])
def test_a_closed_stream_is_no_terminal(monkeypatch: pytest.MonkeyPatch, closed: str) -> None:
    """In the place of a stream that was closed from the start stands one without an end: nobody types, nobody reads."""
    monkeypatch.setenv("TERM", "xterm-256color")
    for each in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, each, Tty())
    monkeypatch.setattr(sys, closed, None)
    prepare_streams()
    with closing(getattr(sys, closed)) as opened:
        assert conversation(plain=False) == ("keys" if closed == "stderr" else "lines")
        assert opened.read() == "" if closed == "stdin" else opened.write("é→☑") == 3


# ---------------------------------------------------------------------------------------------------------- colours


@pytest.mark.parametrize(
    ("environ", "terminal", "coloured"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": ""}, False, False),
        ({"FORCE_COLOR": "0"}, True, False),
        ({"CLICOLOR": "0"}, True, False),
        ({"CLICOLOR": "1"}, True, True),
        ({"CLICOLOR": "1"}, False, False),
        ({"CLICOLOR_FORCE": "1"}, False, True),
        ({"CLICOLOR_FORCE": "0"}, False, False),
        ({"CLICOLOR": "0", "CLICOLOR_FORCE": "1"}, False, True),
        ({"CLICOLOR": "0", "FORCE_COLOR": "1"}, False, True),
        ({"TERM": "dumb"}, True, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, False),
    ],
    ids=str,
)
def test_what_the_environment_says_of_colours(environ: dict[str, str], terminal: bool, coloured: bool) -> None:
    """NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE and CLICOLOR decide, in this order; else what can is coloured."""
    with mock.patch.dict(os.environ, quiet(environ), clear=True):
        settle_colours(os.environ)
        out = Tty() if terminal else io.StringIO()
        paint(make_console(out), Text("rouge", style="red"))
        told = os.environ.get("NO_COLOR") or os.environ["TERM"] == "dumb"
    assert ("\x1b[31m" in out.getvalue()) == coloured
    assert coloured or told or not terminal, "prompt_toolkit, which knows NO_COLOR only, must hear it too"


@pytest.mark.parametrize("columns", ["0", "00", ""])
def test_no_column_at_all_is_no_width(columns: str) -> None:
    """A width of nothing is as good as none: what is printed can be read, and no step is walked blind."""
    ran = call("list", environ={"COLUMNS": columns, "LINES": columns})
    assert ran.code == 0
    assert "Fraude à la e-CPS" in ran.said
