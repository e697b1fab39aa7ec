"""Windows, played: its platform flag, its modules, its consoles. The workflow runs the suite on the real one."""

from __future__ import annotations

import ast
import atexit
import ctypes
import errno
import importlib.util
import io
import os
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import ecps_cli
from ecps_cli.cli.errors import guarded, write_crash_log
from ecps_cli.cli.output import why_not
from ecps_cli.interrupts import NAMES, interruptible
from ecps_cli.screen.terminal import (
    ENABLE_VIRTUAL_TERMINAL_PROCESSING,
    STD_OUTPUT_HANDLE,
    has_console,
    make_console,
    prepare_streams,
)
from ecps_cli.storage.folder import JOURNAL
from ecps_cli.storage.lock import Lock
from ecps_cli.storage.store import Store
from ecps_cli.walk import prompter as prompts
from support.commands import LIMIT, as_before, call, quiet, spaced, spawn
from support.sample import START
from support.tiers import first_of

POSIX_ONLY = {"termios", "fcntl", "tty", "pty", "pwd", "grp", "resource", "readline", "syslog"}
PACKAGE = Path(ecps_cli.__file__).parent
TESTS = Path(__file__).parents[1]

# --------------------------------------------------------------------------------------------------- what is imported


def imported_at_once(source: str) -> Iterator[tuple[int, str]]:
    """Yield the modules that a module imports on Windows when it is imported itself, with their lines."""
    waiting: list[ast.AST] = list(ast.parse(source).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or ""
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "sys.platform == 'win32'":
            waiting += node.body
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "sys.platform != 'win32'":
            waiting += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += ast.iter_child_nodes(node)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_needs_posix_to_be_imported(path: Path) -> None:
    """What only POSIX has is imported once it was asked where this runs."""
    assert not {name for _, name in imported_at_once(path.read_text("utf-8"))} & POSIX_ONLY


@pytest.mark.parametrize("path", sorted(TESTS.rglob("test_*.py")), ids=lambda path: path.name)
def test_every_test_is_collected_on_windows(path: Path) -> None:
    """A test of pseudo-terminals skips its module, with a reason, before it imports what Windows lacks."""
    source = path.read_text("utf-8")
    lines = [
        line
        for line, name in imported_at_once(source)
        if name in {*POSIX_ONLY, "support.real_terminal", "support.fork_server"}
    ]
    skips = [number for number, line in enumerate(source.splitlines(), 1) if "allow_module_level=True" in line]
    assert not lines or (skips and skips[0] < min(lines))


PLAYED = """
import asyncio, concurrent.futures, pathlib, shutil, sqlite3, subprocess, tempfile, webbrowser, zoneinfo
import email_validator, phonenumbers, platformdirs, pydantic.main, questionary, rich.console, segno, typer, yaml
import importlib, os, pkgutil, signal, sys, types

for name in {posix!r}:
    sys.modules[name] = None
for name in ("SIGHUP", "SIGKILL", "SIGTSTP", "SIGCONT", "SIGALRM", "SIGWINCH", "SIGQUIT"):
    delattr(signal, name)
for name in ("geteuid", "getuid", "getgid", "fchmod", "fork", "mkfifo", "uname", "killpg", "getpgid", "setsid"):
    if hasattr(os, name):
        delattr(os, name)
msvcrt = types.ModuleType("msvcrt")
msvcrt.LK_NBLCK, msvcrt.locking, msvcrt.kbhit = 2, lambda descriptor, mode, size: None, lambda: False
sys.modules["msvcrt"] = msvcrt
sys.platform = "win32"

import ecps_cli
names = [each.name for each in pkgutil.walk_packages(ecps_cli.__path__, "ecps_cli.")]
for name in names:
    if name != "ecps_cli.exports.picture":  # its library asks a real Windows for its fonts
        importlib.import_module(name)
print(len(names), "modules", file=sys.stderr)
from ecps_cli.__main__ import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows need not be played there")
def test_a_walk_where_nothing_of_posix_is_there(tmp_path: Path) -> None:
    """Every module is imported, and a guide walked, kept and reported, without what Windows lacks.

    The libraries are imported before: it is our own code that is held to this.
    """
    environ = {"ECPS_DATA": str(tmp_path)}
    code = PLAYED.format(posix=sorted(POSIX_ONLY))
    walked = spawn("fraud", typed="1\n\nhier\nameli\n", environ=environ, python=("-c", code))
    assert walked.code == 5, walked.err
    assert int(walked.err.split()[0]) == len([*PACKAGE.rglob("*.py")]) - 1, "the package itself is not counted"
    assert "Pour reprendre : ecps-guide resume" in walked.said
    told = spawn("report", environ=environ, python=("-c", code))
    assert told.code == 0
    assert "ameli" in told.out
    assert not (tmp_path / "crash").exists()


# --------------------------------------------------------------------------------------------------------- the console


class Kernel32:
    """The functions of Windows that are asked; each fails when it is named in `failing`."""

    def __init__(self, failing: str = "") -> None:
        self.failing = failing
        self.modes = {STD_OUTPUT_HANDLE: 3}
        self.asked: list[str] = []

    def GetStdHandle(self, number: int) -> int:  # noqa: N802 — their names
        return number % 2**64

    def GetConsoleMode(self, handle: Any, mode: Any) -> int:  # noqa: N802
        name = "keyboard" if handle.value == -10 % 2**64 else "screen"
        mode._obj.value = 3
        return self._done(name)

    def GetConsoleScreenBufferInfo(self, handle: Any, room: Any) -> int:  # noqa: N802
        assert len(room) == 22
        return self._done("buffer")

    def SetConsoleMode(self, handle: Any, mode: int) -> int:  # noqa: N802
        if self._done("vt"):
            self.modes[STD_OUTPUT_HANDLE] = mode
        return self._done("vt")

    def _done(self, name: str) -> int:
        return int(name != self.failing)


class Terminal(io.TextIOWrapper):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 0


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(sys, "platform", "win32")
    return monkeypatch


@pytest.mark.parametrize("failing", ["", "keyboard", "screen", "buffer", "vt"])
def test_keys_are_asked_for_only_on_a_console_with_escape_sequences(
    failing: str, on_windows: pytest.MonkeyPatch
) -> None:
    """A pipe, mintty, `< NUL`, a legacy console: lines; a console: keys, its mode given back at the end."""
    kernel32, at_exit = Kernel32(failing), []
    on_windows.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel32), raising=False)
    on_windows.setattr(atexit, "register", lambda *call: at_exit.append(call))
    assert has_console() is not failing
    assert has_console() == (not failing)
    if failing:
        assert at_exit == []
        assert kernel32.modes[STD_OUTPUT_HANDLE] == 3
        return
    assert kernel32.modes[STD_OUTPUT_HANDLE] == 3 | ENABLE_VIRTUAL_TERMINAL_PROCESSING
    undo, *arguments = at_exit[0]
    undo(*arguments)
    assert kernel32.modes[STD_OUTPUT_HANDLE] == 3


@pytest.mark.parametrize("is_console", [True, False])
def test_nul_is_no_terminal(is_console: bool, on_windows: pytest.MonkeyPatch) -> None:
    """`< NUL` and `> NUL` are no terminal to anybody who asks the streams, though Windows' `isatty` says so."""
    msvcrt = ModuleType("msvcrt")
    on_windows.setattr(msvcrt, "get_osfhandle", lambda descriptor: 7, raising=False)
    on_windows.setitem(sys.modules, "msvcrt", msvcrt)
    kernel32 = SimpleNamespace(GetConsoleMode=lambda handle, mode: int(is_console))
    on_windows.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel32), raising=False)
    for name in ("stdin", "stdout", "stderr"):
        on_windows.setattr(sys, name, Terminal(io.BytesIO()))
    prepare_streams()
    assert [stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)] == [is_console] * 3


def test_a_windows_without_these_functions_asks_by_lines(on_windows: pytest.MonkeyPatch) -> None:
    """Where the console cannot even be asked, the walk is by lines; elsewhere than on Windows nothing is asked."""
    on_windows.delattr(ctypes, "windll", raising=False)
    assert not has_console()
    on_windows.setattr(sys, "platform", "linux")
    assert has_console()


def test_a_pipe_is_as_wide_as_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is laid out as on other systems: Rich would take it for an old console, of a column less."""
    monkeypatch.setattr("rich.console.WINDOWS", True)
    monkeypatch.setattr("rich.console.detect_legacy_windows", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    assert make_console(io.StringIO()).width == 80


def test_what_was_typed_ahead_is_dropped(on_windows: pytest.MonkeyPatch) -> None:
    """On a Windows console the keys that wait are read and forgotten, one by one, until there is none."""
    waiting = ["\r", "q", "\r"]
    msvcrt = ModuleType("msvcrt")
    on_windows.setattr(msvcrt, "kbhit", lambda: bool(waiting), raising=False)
    on_windows.setattr(msvcrt, "getch", lambda: waiting.pop(0), raising=False)
    on_windows.setitem(sys.modules, "msvcrt", msvcrt)
    on_windows.setattr(sys, "stdin", io.StringIO())
    prompts.drop_typed_ahead()
    assert len(waiting) == 3, "a pipe is left alone"
    on_windows.setattr(sys.stdin, "isatty", lambda: True)
    prompts.drop_typed_ahead()
    assert waiting == []


@pytest.mark.parametrize(
    ("failing", "raised"),
    [
        (None, None),
        (errno.EACCES, BlockingIOError),  # Windows
        (errno.EDEADLK, BlockingIOError),
        (0, BlockingIOError),  # Wine
        (errno.EINVAL, OSError),
    ],
)
def test_one_walker_a_session(
    failing: int | None, raised: type[OSError] | None, tmp_path: Path, on_windows: pytest.MonkeyPatch
) -> None:
    """The lock is a byte of the session's file; one that another process holds is told as on any system.

    A disk that knows no locks is not taken for a session that is held.
    """
    calls = []

    def locking(descriptor: int, mode: int, size: int) -> None:
        calls.append((mode, size))
        if failing is not None:
            raise OSError(failing, "no")

    msvcrt = ModuleType("msvcrt")
    on_windows.setattr(msvcrt, "LK_NBLCK", 2, raising=False)
    on_windows.setattr(msvcrt, "locking", locking, raising=False)
    on_windows.setitem(sys.modules, "msvcrt", msvcrt)
    if raised:
        with pytest.raises(OSError) as error:
            Lock(tmp_path, "20261124-183000")
        assert type(error.value) is raised
    else:
        Lock(tmp_path, "20261124-183000").close()
    assert calls == [(2, 1)]


def test_a_session_held_by_another_window_is_still_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows does not remove a file that is open: the lock's stays, the session goes."""

    def unlink(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(errno.EACCES, "used by another process")

    with closing(Store(tmp_path)) as store:
        name = store.begin(START, "demo", "a", "b", "tool", practice=False)
        monkeypatch.setattr(Path, "unlink", unlink)
        store.forget([name])
        assert list(store.rows()) == []


def test_a_pipe_that_nobody_reads_is_no_error(on_windows: pytest.MonkeyPatch) -> None:
    """On Windows a broken pipe may come as "invalid argument": 0, as anywhere; of other systems that is a bug."""

    def written_to_nobody() -> int:
        raise OSError(errno.EINVAL, "Invalid argument")

    on_windows.setattr("ecps_cli.cli.errors.write_into_nothing", lambda: None)
    with as_before():
        assert guarded(written_to_nobody) == 0


# --------------------------------------------------------------------------------------------------- signals and files


def test_a_name_that_is_too_long_is_said_to_be(tmp_path: Path) -> None:
    """To Windows a file whose name is too long is one whose folder is not there; that is said only where it is so."""
    for folder, said in ((tmp_path, "le nom est trop long"), (tmp_path / "no", "le dossier n’existe pas")):
        assert why_not(FileNotFoundError(errno.ENOENT, "not found", str(folder / "x"))) == f" ({said})"


def test_ctrl_break_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGBREAK, which only Windows has, is an interrupt as any; SIGHUP, which it lacks, is not missed."""
    assert "SIGBREAK" in NAMES
    played = signal.SIGBREAK if sys.platform == "win32" else signal.SIGUSR1
    monkeypatch.setattr(signal, "SIGBREAK", played, raising=False)
    monkeypatch.delattr(signal, "SIGHUP", raising=False)
    with as_before():
        with pytest.raises(KeyboardInterrupt), interruptible():
            signal.raise_signal(played)
        assert signal.getsignal(played) is signal.SIG_IGN


def test_every_file_has_a_name_that_windows_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    r"""No name that we make holds one of < > : " / \ | ? *, ends in a point, or is that of a device."""
    monkeypatch.setenv("ECPS_DATA", str(tmp_path))
    assert call("fraud", typed="\n\n", environ={"ECPS_DATA": str(tmp_path)}).code == 5
    write_crash_log(ValueError())
    (tmp_path / JOURNAL).write_bytes(b"damaged")
    assert call("sessions", environ={"ECPS_DATA": str(tmp_path)}).code in (0, 1)
    names = [path.name for path in tmp_path.rglob("*")]
    assert len(names) >= 4
    for name in names:
        assert re.fullmatch(r"[\w-]+(\.[\w-]+)*", name)
        assert name.split(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", *(f"COM{n}" for n in range(10))}


@pytest.mark.parametrize("code_page", first_of(1, ["cp850", "cp1252", "cp437"]))
def test_what_is_typed_in_a_code_page_is_kept(code_page: str, tmp_path: Path) -> None:
    """Accents typed on a console of `chcp 850` (or 1252, or 437) are read as typed, and shown as typed."""
    environ = {"ECPS_DATA": str(tmp_path), "PYTHONUTF8": "0", "PYTHONIOENCODING": code_page}
    typed = "1\n\nhier\nn\nreçu à Évry, déjà vu\n".replace("É", "É" if code_page == "cp850" else "E")
    ran = spawn("fraud", typed=typed, environ=environ, encoding=code_page)
    assert ran.code == 5
    report = subprocess.run(
        [sys.executable, "-m", "ecps_cli", "report"],
        capture_output=True,
        env=quiet({"ECPS_DATA": str(tmp_path)}),
        timeout=LIMIT,
        check=True,
    )
    assert typed.splitlines()[-1] in spaced(report.stdout.decode())


@pytest.mark.skipif(not os.environ.get("ECPS_CHECKOUT"), reason="only where the checkout is named")
def test_the_workflow_runs_on_the_three_systems() -> None:
    """The suite is run on Windows, macOS and Linux, with no more rights than to read, and never without an end."""
    import yaml

    text = (Path(os.environ["ECPS_CHECKOUT"]) / ".github/workflows/ci.yml").read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    jobs = workflow["jobs"].values()
    systems = {each for job in jobs for each in job.get("strategy", {}).get("matrix", {}).get("os", [])}
    assert systems == {"windows-latest", "macos-latest", "ubuntu-latest"}
    assert all(job["timeout-minutes"] for job in jobs)
    assert ".ci/run" in text


CHECKOUT = Path(os.environ.get("ECPS_CHECKOUT", "nowhere"))
in_a_checkout = pytest.mark.skipif("ECPS_CHECKOUT" not in os.environ, reason="only where the checkout is named")


@in_a_checkout
def test_every_action_is_pinned() -> None:
    """A workflow takes an action by the hash of its commit, which nobody can move, and says its version."""
    used = [
        line.strip(" -")
        for file in (CHECKOUT / ".github/workflows").glob("*.yml")
        for line in file.read_text("utf-8").splitlines()
        if re.match(r"[ -]*uses:", line)
    ]
    assert len(used) > 10
    for line in used:
        assert re.fullmatch(r"uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)


@pytest.fixture
def packaging() -> ModuleType:
    """Return the script that builds the folder for Windows."""
    place = importlib.util.spec_from_file_location("windows", CHECKOUT / "packaging" / "windows.py")
    assert place is not None
    assert place.loader is not None
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


@in_a_checkout
def test_the_same_files_are_the_same_zip(packaging: ModuleType) -> None:
    """Neither the order nor the hour in which the folder for Windows is built shows in its bytes."""
    files = {"python/python.exe": b"MZ", "ecps-guide.cmd": b"@echo off\r\n", "lib/a.py": b""}
    made = packaging.zipped(files)
    assert packaging.zipped(dict(reversed(files.items()))) == made
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.namelist() == sorted(files)
        assert {entry.date_time for entry in archive.infolist()} == {packaging.DATE}


@in_a_checkout
def test_the_folder_says_nothing_of_the_machine_that_built_it(packaging: ModuleType, tmp_path: Path) -> None:
    """What an installation leaves of its own paths and tool stays out; what the libraries need stays in."""
    names = ("typer/main.py", "typer-1.dist-info/METADATA", "typer-1.dist-info/licenses/RECORD")
    others = (".lock", "bin/typer.exe", "typer-1.dist-info/RECORD", "typer-1.dist-info/direct_url.json")
    for name in (*names, *others):
        (tmp_path / "lib" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "lib" / name).write_bytes(b"")
    assert sorted(packaging.files_of(tmp_path / "lib")) == sorted(f"lib/{name}" for name in names)


@in_a_checkout
def test_python_finds_the_libraries_and_nothing_of_the_pc(packaging: ModuleType) -> None:
    """The folder's Python looks into its own library and ours; the package may be packed in a folder of its own."""
    package = packaging.zipped({f"cp314/{name}": b"" for name in ("python.exe", "python314.dll", "python314._pth")})
    python = packaging.unpacked(package)
    assert python["python314._pth"] == b"python314.zip\r\n.\r\n..\\lib\r\n"
    assert packaging.minor_version(python) == "3.14"
