"""The one error handler: a failure becomes a sentence and an exit code; a bug also leaves a log, without answers."""

from __future__ import annotations

import errno
import os
import platform
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from typer import TyperException

from ecps_cli import __version__
from ecps_cli.cli.completion import COMPLETION
from ecps_cli.cli.help import usage_error
from ecps_cli.cli.output import is_somewhere, is_unread, read_or_not, say_problem, write_into_nothing
from ecps_cli.interrupts import ignore, interruptible
from ecps_cli.screen.terminal import beneath

CRASHED, WITHOUT_SUCCESS, PAUSED, INTERRUPTED = 3, 4, 5, 130
"""Exit codes of our own: a bug; a walk that ended without success, or was abandoned; one that can be taken up; Ctrl-C.

The others are everybody's: 0 for what is done, 1 for a problem that was said, 2 (Typer's) for a wrong usage.
"""


class Interrupted(Exception):
    """A walk was interrupted from outside, and its pause recorded; the text is the sentence that says what remains."""


def guarded(command: Callable[[], Any]) -> int:
    """Run a command and return its exit code; whatever it raises ends in a sentence on standard error."""
    with interruptible():
        return _explained(command)


def _explained(command: Callable[[], Any]) -> int:
    try:
        code = command()
        with read_or_not():
            sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Interrupted as error:
        return _interrupted(str(error))
    except TyperException as error:
        context = getattr(error, "ctx", None)
        named = context.command_path if context else "ecps-guide"
        said = usage_error(error.format_message())
        say_problem(f"{said}{'' if said.endswith(('.', '?', '!')) else '.'} Aide : {named} --help")
        return error.exit_code
    except SystemExit as leaving:
        # Typer leaves with 1 when whoever read our output is gone, and by itself once it has completed a word.
        return 0 if leaving.code == 1 and COMPLETION not in os.environ else int(leaving.code or 0)
    except ImportError:  # a library that cannot be loaded: `__main__` says so, and needs none
        raise
    except MemoryError:  # of the PC, not of the tool: a report would say nothing of it
        say_problem("La mémoire de ce PC manque. Fermez d’autres programmes, puis recommencez.")
        return 1
    except OSError as error:
        return _refused(error)
    except Exception as error:
        return _failed(error)
    return _interrupted("") if code == INTERRUPTED else int(code or 0)


def _interrupted(how_to_resume: str) -> int:
    """Say that the command was interrupted; a question cut short may have left the cursor hidden."""
    ignore()  # there is nothing more to interrupt
    if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        beneath(sys.stdout).write("\x1b[?25h")
    say_problem(f"\nInterrompu. {how_to_resume}".rstrip())
    return INTERRUPTED


def _refused(error: OSError) -> int:
    """Say what the system refused; an output that nobody reads any more is no failure."""
    if is_unread(error):
        write_into_nothing()
        return 0
    if isinstance(error, FileNotFoundError) and not is_somewhere():
        say_problem("Le dossier courant n’existe plus. Allez dans un autre (cd), puis recommencez.")
        return 1
    if error.errno == errno.ENOSPC:
        write_into_nothing()
        say_problem("Le disque est plein : tout n’a pas été écrit.")
        return 1
    return _bug(error)


def _failed(error: Exception) -> int:
    """Say what a command found wrong; what none foresaw is a bug."""
    # Imported here, since a command that goes well starts without them. They import no library: one that is damaged
    # must not hide what went wrong.
    from ecps_cli.core.journal import JournalError
    from ecps_cli.loading.problems import LoadError, NotFound
    from ecps_cli.walk.prompter import EndOfInput

    match error:
        case NotFound() | LoadError() | JournalError():
            say_problem(str(error))
            return 1
        case EndOfInput():  # before anything was begun
            return PAUSED
        case _:
            return _bug(error)


def _bug(error: Exception) -> int:
    from ecps_cli.core.journal import JournalError

    sentence = f"Une erreur de l’outil l’arrête ici ({type(error).__name__})."
    try:
        log = write_crash_log(error)
    except (OSError, JournalError):
        say_problem(f"{sentence} Le rapport n’a pas pu être écrit : signalez ce message.")
    else:
        say_problem(f"{sentence} Envoyez ce fichier, il ne contient aucune réponse : {log}")
    return CRASHED


def write_crash_log(error: BaseException) -> Path:
    """Write where an error came from, and return the file.

    Only types, files, lines and function names: the message of an exception may quote what somebody typed.

    Raises:
        Unwritable: this account has no folder of its own.
        OSError: the folder cannot be written.

    """
    from ecps_cli.storage.folder import data_folder, make_folder

    folder = data_folder(os.environ) / "crash"
    make_folder(folder)
    log = folder / f"crash-{datetime.now():%Y%m%d-%H%M%S}-{os.getpid()}.log"
    with os.fdopen(os.open(log, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(_crash_lines(error)) + "\n")
    return log


def _crash_lines(error: BaseException) -> list[str]:
    lines = [f"ecps-guide {__version__}, Python {platform.python_version()}, {platform.platform()}"]
    cause: BaseException | None = error
    while cause is not None:
        lines.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        lines += [
            f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(cause.__traceback__)
        ]
        cause = cause.__cause__ or cause.__context__
    return lines
