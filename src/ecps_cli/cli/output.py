"""Where the command line writes: what was asked for on standard output, the rest on standard error."""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ecps_cli.core.text import typeset, visible
from ecps_cli.french.typography import broken, transliterate

if TYPE_CHECKING:
    from ecps_cli.screen.painting import Renderable


@contextmanager
def read_or_not() -> Iterator[None]:
    """Context in which standard output may lose its reader: the rest is dropped, and the command goes on."""
    try:
        yield
    except OSError as error:
        if not is_unread(error):
            raise
        write_into_nothing()


def is_unread(error: OSError) -> bool:
    """Whether an error says that nobody reads standard output any more (Windows: https://bugs.python.org/issue30418)."""
    if sys.platform == "win32":
        return isinstance(error, BrokenPipeError) or error.errno == errno.EINVAL
    return isinstance(error, BrokenPipeError) or (error.errno == errno.EIO and _is_device())


def _is_device() -> bool:
    """Whether standard output is a terminal, or was one: of one that is gone, the system says that it is none."""
    try:
        return stat.S_ISCHR(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, ValueError):  # no file at all
        return False


def write_into_nothing() -> None:
    """Let standard output lead nowhere; what it still holds is dropped, and Python must not complain at exit."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)


def say(thing: Renderable | str) -> None:
    """Print what was asked for: a text as it is, or a view."""
    with read_or_not():
        if isinstance(thing, str):
            sys.stdout.write(f"{thing}\n")
            return
        from ecps_cli.screen.painting import spoken
        from ecps_cli.screen.terminal import is_read_aloud, make_console, paint

        paint(make_console(), spoken(thing) if is_read_aloud() else thing)


def say_line(line: str, label: str = "") -> None:
    """Print one line of a list: broken between its words on a terminal, whole where another program reads it.

    Where it is broken it goes on under itself, behind its label.
    """
    say(_fitted(typeset(line), sys.stdout, label))


def say_problem(sentence: str) -> None:
    """Print a problem, as plain text."""
    with read_or_not():
        sys.stdout.flush()
    with suppress(OSError):  # a terminal that is gone has nobody to tell
        sys.stderr.write(f"{_fitted(typeset(sentence), sys.stderr)}\n")


def _fitted(text: str, stream: TextIO, label: str = "") -> str:
    """Return a text broken between words where a terminal would break it within one; elsewhere as it is."""
    if not stream.isatty():
        return label + text
    import shutil

    encoding = getattr(stream, "encoding", None) or "utf-8"
    label = transliterate(label, encoding)
    lines = broken(transliterate(text, encoding), shutil.get_terminal_size().columns - len(label))
    return label + f"\n{' ' * len(label)}".join(lines)


def as_json_text(value: object) -> str:
    """Return a value as JSON, its letters as they are where standard output has them, as escapes where it has not."""
    from ecps_cli.screen.terminal import can_encode

    text = json.dumps(value, ensure_ascii=False, indent=2)
    return text if can_encode(text) else json.dumps(value, indent=2)


def hand_out(made: str | bytes, file: Path | None, force: bool, example: str) -> int:
    """Write what a format made into a file, or on standard output, and return the exit code.

    Into a file or a pipe, a text is UTF-8, as its format declares itself, whatever the console. `example` is the name
    of a file to propose where a terminal cannot show it. What nobody sees in a text is written as escapes.
    """
    if isinstance(made, str):
        made = visible(made)
    if file is not None:
        return _write(file, made, force)
    if isinstance(made, bytes) and sys.stdout.isatty():
        what = "Un courriel" if example.endswith(".eml") else "Un PDF"
        say_problem(f"{what} ne s’affiche pas dans un terminal. Donnez un fichier : -o {example}")
        return 1
    if isinstance(made, str) and sys.stdout.isatty():
        # JSON keeps its own quotes: on an old terminal, « is written as ", which would break it
        say(as_json_text(json.loads(made)) if made.startswith("{") else made)
        return 0
    with read_or_not():
        sys.stdout.flush()
        sys.stdout.buffer.write(made if isinstance(made, bytes) else f"{made}\n".encode())
    return 0


def is_somewhere() -> bool:
    """Whether the current folder is still there."""
    try:
        return bool(Path.cwd())
    except FileNotFoundError:
        return False


def why_not(error: OSError) -> str:
    """Reason why the system refused a file, between brackets and in French; an empty text for one not known here."""
    number = error.errno or 0
    if number == errno.ENOENT and error.filename and Path(error.filename).parent.is_dir():
        number = errno.ENAMETOOLONG  # Windows has no word of its own for it
    said = {
        errno.ENOENT: "le dossier n’existe pas" if is_somewhere() else "le dossier courant n’existe plus",
        errno.ENOTDIR: "son dossier est un fichier",
        errno.EISDIR: "c’est un dossier",
        errno.EACCES: "vous n’en avez pas le droit",
        errno.EPERM: "vous n’en avez pas le droit",
        errno.EROFS: "le disque est en lecture seule",
        errno.ENOSPC: "le disque est plein",
        errno.ENAMETOOLONG: "le nom est trop long",
    }.get(number, "")
    return f" ({said})" if said else ""


def _write(path: Path, made: str | bytes, force: bool) -> int:
    """Write a file whole or not at all; never over another one unless that is asked for."""
    if os.path.lexists(path) and not force:
        say_problem(f"Le fichier « {path} » existe déjà. Donnez un autre nom, ou --force pour le remplacer.")
        return 1
    import shutil

    target = Path(os.path.realpath(path))  # what a link leads to is replaced, and not the link
    draft = target.parent / f".{target.name[:200]}.{os.urandom(8).hex()}.tmp"  # which nobody can have put there
    try:
        there = target.exists()
        if there and not target.is_file():
            say_problem(f"« {path} » n’est pas un fichier ordinaire. Donnez un autre nom.")
            return 1
        with draft.open("xb") as file:
            file.write(made if isinstance(made, bytes) else f"{made}\n".encode())
        if there:
            shutil.copymode(target, draft)  # a record that is its owner's alone stays so
        draft.replace(target)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        say_problem(f"Le fichier « {path} » ne peut pas être écrit{why_not(error)}. Donnez un autre nom.")
        return 1
    say_problem(f"Écrit : {path}")
    return 0
