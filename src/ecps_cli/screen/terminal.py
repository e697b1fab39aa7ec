"""What this terminal can show: streams that never raise on a character, and the console that paints on them."""

from __future__ import annotations

import codecs
import io
import os
import shutil
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, TextIO

from ecps_cli.core.text import visible
from ecps_cli.french.typography import transliterate_character

if TYPE_CHECKING:
    from rich.console import Console, ConsoleRenderable


def encode_errors(error: UnicodeError) -> tuple[str, int]:
    """Return what to write in place of characters that a stream cannot encode (a `codecs` error handler)."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(transliterate_character, error.object[error.start : error.end])), error.end


codecs.register_error("ecps-fold", encode_errors)


class Guarded:
    """A standard stream on which no text steers the terminal, wherever it comes from: see `visible`.

    Sequences of our own (colours, the cursor, the clipboard) are written on what is `beneath`.
    """

    def __init__(self, stream: TextIO) -> None:
        self.beneath = stream

    def write(self, text: str) -> int:
        """Write a text, its unseen characters as escapes."""
        return self.beneath.write(visible(text))

    def __getattr__(self, name: str) -> Any:
        """Be the stream in all else."""
        return getattr(self.beneath, name)


def beneath(stream: TextIO) -> TextIO:
    """Stream on which sequences of our own are written: the one that is guarded."""
    return stream.beneath if isinstance(stream, Guarded) else stream


def prepare_streams() -> None:
    """Make the standard streams forgiving, once, at start: no character stops a walk, typed or printed.

    And guard both outputs: a text from a guide, a file's name or an argument is only ever read there.
    """
    for name, mode, errors in (
        ("stdin", "r", "replace"),
        ("stdout", "w", "ecps-fold"),
        ("stderr", "w", "ecps-fold"),
    ):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 — open as long as we run
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)
            if stream.isatty() and not _is_console(stream):
                setattr(stream, "isatty", lambda: False)  # noqa: B010 — for whoever asks it: Rich does too
        if mode == "w" and not isinstance(stream, Guarded):
            setattr(sys, name, Guarded(stream))


def settle_colours(environ: MutableMapping[str, str]) -> None:
    """Make what the environment says of colours be said as Rich and prompt_toolkit both read it, once, at start.

    The first of these that says something decides: NO_COLOR (https://no-color.org), FORCE_COLOR (https://force-color.org;
    0 is no), CLICOLOR_FORCE and CLICOLOR (https://bixense.com/clicolors). An empty value says nothing.
    """
    said = {name: environ.get(name, "") for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CLICOLOR")}
    for name in ("NO_COLOR", "FORCE_COLOR"):
        environ.pop(name, None)
    forced = said["FORCE_COLOR"] or ("1" if said["CLICOLOR_FORCE"] not in ("", "0") else "")
    if said["NO_COLOR"] or forced == "0" or (said["CLICOLOR"] == "0" and not forced):
        environ["NO_COLOR"] = "1"
    elif forced:
        environ["FORCE_COLOR"] = forced


def settle_size(environ: MutableMapping[str, str]) -> None:
    """Take a width or height of nothing out of the environment, once, at start: on no column, nothing can be read."""
    for name in ("COLUMNS", "LINES"):
        if not environ.get(name, "1").strip("0"):
            del environ[name]


def make_console(stream: TextIO | None = None) -> Console:
    """Return a console on a stream (default: standard output) on which no text is ever taken for markup."""
    from rich.console import Console, ConsoleDimensions

    class ForgivingConsole(Console):
        @property
        def encoding(self) -> str:
            """Say that every character can be written: the streams see to it, and the views choose what they draw."""
            return "utf-8"

        @property  # type: ignore[misc] # nothing sets it
        def size(self) -> ConsoleDimensions:
            """Say the size of a dumb terminal too: Rich takes each for one of 80 columns."""
            if self.is_dumb_terminal:
                return ConsoleDimensions(*shutil.get_terminal_size())
            return super().size

        def on_broken_pipe(self) -> None:
            """Raise what Rich would turn into an exit: a walk has a pause to record."""
            raise

    file = beneath(stream or sys.stdout)
    # On Windows Rich takes a file or a pipe for an old console, and keeps its last column free.
    legacy = None if file.isatty() else False
    return ForgivingConsole(file=file, markup=False, highlight=False, emoji=False, legacy_windows=legacy)


def paint(console: Console, screen: ConsoleRenderable) -> None:
    """Print a renderable: no line is ever cut, and none ends in spaces where it goes to a file or a pipe.

    Its styles are written as sequences, and none that stands in its text.
    """
    from ecps_cli.screen.painting import Translated

    shown = Translated(screen, visible)
    if console.is_terminal:
        console.print(shown, crop=False)
        return
    with console.capture() as captured:
        console.print(shown, crop=False)
    console.file.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def can_encode(text: str, stream: IO[str] | None = None) -> bool:
    """Return whether a stream (default: standard output) has all these characters."""
    encoding = getattr(stream or sys.stdout, "encoding", None) or "ascii"
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def far_away() -> bool:
    """Return whether this runs on another machine than the person's, as SSH says."""
    return bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))


def accessible() -> bool:
    """Return whether the environment asks for what a screen reader can read: `ACCESSIBLE=1`."""
    return os.environ.get("ACCESSIBLE", "").lower() not in ("", "0", "false", "no", "non", "off")


def is_read_aloud() -> bool:
    """Return whether what is printed may be read by a screen reader: `ACCESSIBLE=1`, or `TERM=dumb`."""
    return accessible() or os.environ.get("TERM") == "dumb"


def conversation(plain: bool) -> Literal["keys", "lines"]:
    """Return how to ask: by single keys on a real terminal, else by lines (asked for, `TERM=dumb`, a pipe)."""
    if plain or is_read_aloud() or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "lines"
    return "keys"


# ------------------------------------------------------------------------------------------------- the Windows console

STD_INPUT_HANDLE, STD_OUTPUT_HANDLE = -10, -11
ENABLE_VIRTUAL_TERMINAL_PROCESSING = 0x0004


def _is_console(stream: io.TextIOWrapper) -> bool:
    """Whether a stream that calls itself a terminal is one: to Windows, NUL is a character device as a console is."""
    if sys.platform != "win32":
        return True
    import ctypes
    import msvcrt

    handle = ctypes.c_void_p(msvcrt.get_osfhandle(stream.fileno()))
    return bool(ctypes.windll.kernel32.GetConsoleMode(handle, ctypes.byref(ctypes.c_ulong())))


def has_console() -> bool:
    """Return whether keys can be read and screens painted here; on Windows, escape sequences are then understood.

    Git Bash (mintty), PyCharm and `< NUL` may look like terminals to Python but are no console; prompt_toolkit raises
    `NoConsoleScreenBufferError` there. A console of before Windows 10, or set to "legacy", knows no escape sequence.
    Where it does, they are off by default in conhost and must be turned on
    (https://learn.microsoft.com/windows/console/console-virtual-terminal-sequences). prompt_toolkit does so around each
    of its own writes (output/windows10.py); Rich, which paints our screens, only looks whether it was done
    (rich/_windows.py). So it is done here, once, and undone when the process ends.
    """
    if sys.platform != "win32":
        return True
    import atexit
    import ctypes

    try:
        kernel32 = ctypes.windll.kernel32
        keyboard, screen = (ctypes.c_void_p(kernel32.GetStdHandle(n)) for n in (STD_INPUT_HANDLE, STD_OUTPUT_HANDLE))
        mode, room = ctypes.c_ulong(), ctypes.create_string_buffer(22)  # the size of a CONSOLE_SCREEN_BUFFER_INFO
        if not (
            kernel32.GetConsoleMode(keyboard, ctypes.byref(mode))
            and kernel32.GetConsoleMode(screen, ctypes.byref(mode))
            and kernel32.GetConsoleScreenBufferInfo(screen, room)  # what prompt_toolkit asks
            and kernel32.SetConsoleMode(screen, mode.value | ENABLE_VIRTUAL_TERMINAL_PROCESSING)
        ):
            return False
    except (AttributeError, OSError):  # a Windows without these
        return False
    atexit.register(kernel32.SetConsoleMode, screen, mode.value)
    return True
