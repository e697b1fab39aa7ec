"""What goes wrong ends in one sentence and an exit code: bugs, interruptions, closed pipes; never in a traceback."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from ecps_cli import __version__
from ecps_cli.cli.errors import guarded, write_crash_log
from ecps_cli.cli.help import usage_error
from ecps_cli.loading.problems import LoadError, NotFound, Problem
from support.commands import LIMIT, Ran, as_before, call, name, quiet, spawn
from support.tiers import first_of, first_rows

SECRET = "le médecin a le 899700218896 et le code 4321"


@pytest.fixture(autouse=True)
def undone() -> Iterator[None]:
    """Undo what `guarded` does to the process."""
    with as_before():
        yield


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder in which the tool may write."""
    monkeypatch.setenv("ECPS_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("ECPS_GUIDES", raising=False)
    return tmp_path / "data"


def fail(*_: object, **__: object) -> NoReturn:
    raise RuntimeError(SECRET) from KeyError(SECRET)


def logs(folder: Path) -> list[Path]:
    return sorted(folder.rglob("crash-*.log"))


# ---------------------------------------------------------------------------------------------------------------- bugs


def test_a_bug_is_one_sentence_and_a_log(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    """An exception that nobody foresaw ends with 3, one sentence that names the log, and no traceback."""
    monkeypatch.setattr("ecps_cli.screen.pages.fact_list", fail)
    ran = call("facts")
    assert (ran.code, ran.out) == (3, "")
    (log,) = logs(data)
    assert ran.err == (
        "Une erreur de l’outil l’arrête ici (RuntimeError). "
        f"Envoyez ce fichier, il ne contient aucune réponse : {log}\n"
    )


def test_a_crash_log_says_where_and_never_what(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    """The log holds versions, types, files, lines and functions; no message of an exception, no folder of the user."""
    monkeypatch.setattr("ecps_cli.screen.pages.fact_list", fail)
    call("facts")
    (log,) = logs(data)
    text = log.read_text(encoding="utf-8")
    first, *rest = text.splitlines()
    assert first.startswith(f"ecps-guide {__version__}, Python {sys.version_info.major}.")
    assert "builtins.RuntimeError" in rest
    assert "builtins.KeyError" in rest
    assert re.search(r"^  test_errors\.py:\d+ fail$", text, re.MULTILINE)
    assert re.search(r"^  read_commands\.py:\d+ facts$", text, re.MULTILINE)
    for word in (SECRET, "899700218896", "4321", str(Path.home()), str(data), os.sep):
        assert word not in "\n".join(rest)


def test_what_was_answered_is_in_no_log(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    """A bug in the middle of a walk leaves neither answers nor notes in the log."""
    monkeypatch.setattr("ecps_cli.screen.checklist.whole", fail)
    ran = call("activate", "--mobile", typed="\n899700218896\nn\nune note\nl\n")
    assert ran.code == 3
    assert ran.err.count("\n") == 1
    (log,) = logs(data)
    assert "899700218896" not in log.read_text(encoding="utf-8") + ran.err
    assert "une note" not in log.read_text(encoding="utf-8") + ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="the permissions of a folder are POSIX")
def test_a_log_is_for_its_owner_alone(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    """The folder of the logs is closed to others."""
    monkeypatch.setattr("ecps_cli.screen.pages.fact_list", fail)
    call("facts")
    (log,) = logs(data)
    assert log.parent.stat().st_mode & 0o077 == 0


def test_a_data_folder_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where no log can be written, the sentence says so and asks for the message; the exit code stays 3."""
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="utf-8")
    monkeypatch.setattr("ecps_cli.screen.pages.fact_list", fail)
    ran = call("facts", environ={"ECPS_DATA": str(taken)})
    assert ran == Ran(
        3,
        "",
        "Une erreur de l’outil l’arrête ici (RuntimeError). Le rapport n’a pas pu être écrit : signalez ce message.\n",
    )


def test_without_a_data_folder_named_it_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without ECPS_DATA the log goes to the data folder of this system, in a folder of the tool's own."""
    monkeypatch.delenv("ECPS_DATA")
    monkeypatch.setattr("platformdirs.user_data_path", lambda *names, **_: tmp_path.joinpath(*names))
    log = write_crash_log(RuntimeError(SECRET))
    assert log.parent == tmp_path / "ecps-guide" / "crash"
    if os.name == "posix":
        assert [stat.S_IMODE(each.stat().st_mode) for each in (log.parent.parent, log.parent, log)] == [
            0o700,
            0o700,
            0o600,
        ]
    assert SECRET not in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("error", [RuntimeError, RecursionError, AssertionError, EOFError, UnicodeError])
def test_any_exception_ends_in_a_sentence(
    error: type[Exception], data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever a command raises, what is printed is a sentence with its type, never its text."""

    def command() -> NoReturn:
        raise error(SECRET)

    assert guarded(command) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert error.__name__ in err
    assert SECRET not in err
    assert len(logs(data)) == 1


def test_a_pc_without_memory_is_no_bug(
    monkeypatch: pytest.MonkeyPatch, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the PC has not got is a sentence that says what to do, imports nothing, and leaves no report of a bug."""

    def command() -> NoReturn:
        raise MemoryError

    for module in ("core.journal", "loading.problems", "walk.prompter"):
        monkeypatch.setitem(sys.modules, f"ecps_cli.{module}", None)  # which refuses to be imported
    assert guarded(command) == 1
    assert "La mémoire de ce PC manque" in capsys.readouterr().err
    assert logs(data) == []


SHORT_OF_MEMORY = """
import gc, json, resource, sys
from ecps_cli.cli import errors
from support.commands import call

environ = {"ECPS_DATA": sys.argv[1]}
commands = ("sessions",), ("sessions", "--json"), ("sessions", "--verify"), ("report",), ("feedback",), ("resume",)
for command in commands:  # what is imported once stays
    call(*command, typed="\\n", environ=environ)


def limit(size):
    resource.setrlimit(resource.RLIMIT_AS, (size, resource.RLIM_INFINITY))


def short(command):
    # What the process has and does not use is taken first: `spare` bytes are all that a command can still get.
    with open("/proc/self/statm") as told:
        taken = int(told.read().split()[0]) * resource.getpagesize()
    limit(taken)
    held = []
    for size in (100_000, 4_000, 400, 40):
        try:
            while True:
                held.append(bytes(size))
        except MemoryError:
            pass
    limit(taken + spare)
    try:
        return guarded(command)
    finally:
        limit(resource.RLIM_INFINITY)


guarded, errors.guarded = errors.guarded, short
codes = {}
for spare in range(0, 4_000_000, 80_000):
    for command in commands:
        ran = call(*command, typed="\\n", environ=environ)
        gc.collect()
        codes.setdefault(str(ran.code), []).append([*command, ran.said])
print(json.dumps(codes))
"""


@pytest.mark.exhaustive
@pytest.mark.skipif(sys.platform != "linux", reason="the limit and the count are Linux's")
def test_wherever_memory_is_refused_there_is_a_sentence(tmp_path: Path, unmeasured: None) -> None:
    """Memory that the system refuses in the middle of a command ends it with a sentence, never as a bug."""
    environ = {"ECPS_DATA": str(tmp_path / "data")}
    call("fraud", typed="1\n\n", environ=environ)
    path = [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    ran = subprocess.run(
        [sys.executable, "-c", SHORT_OF_MEMORY, environ["ECPS_DATA"]],
        capture_output=True,
        env=quiet({"PYTHONPATH": os.pathsep.join(path)}),
        timeout=300,
        check=True,
    )
    codes = json.loads(ran.stdout)
    assert set(codes) <= {"0", "1", "4", "5"}, {code: told[0] for code, told in codes.items()}
    assert any("La mémoire" in told[-1] for each in codes.values() for told in each)


@pytest.mark.parametrize(("value", "code"), [(0, 0), (None, 0), (4, 4), (5, 5), (1, 1)])
def test_a_command_that_ends_gives_its_code(value: int | None, code: int) -> None:
    """The number that a command returns is the exit code; nothing is 0."""
    assert guarded(lambda: value) == code


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (NotFound("Le guide « x » n’existe pas."), "Le guide « x » n’existe pas."),
        (
            LoadError([Problem("b.yaml", 3, 1, "deux.", "E201"), Problem("b.yaml", 1, 9, "un.", "E201")]),
            "b.yaml:1:9: un.\nb.yaml:3:1: deux.",
        ),
        (LoadError([Problem("b.yaml", 1, 1, "un.", "E201")], more=2), "b.yaml:1:1: un.\n… et 2 autres."),
    ],
)
def test_a_problem_that_we_explain(
    error: Exception, sentence: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is not found, or is faulty, is its own sentence with 1; no log is written."""

    def command() -> NoReturn:
        raise error

    assert guarded(command) == 1
    assert capsys.readouterr().err.replace("\u00a0", " ") == f"{sentence}\n"
    assert logs(data) == []


# ------------------------------------------------------------------------------------------- a damaged installation

THAT_DOES_NOT_LOAD = """
import sys

class Damaged:
    def find_spec(self, name, path=None, target=None):
        if name in ({module!r}, "ecps_cli.compiled"):  # without the latter, which a wheel has, nothing is ready-made
            raise ImportError(f"DLL load failed while importing {{name}}: access is denied", name=name)

sys.meta_path.insert(0, Damaged())
from ecps_cli.__main__ import main
sys.argv = ["ecps-guide", *{command!r}]
main()
"""


@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize(
    ("module", "command"),
    first_rows(
        4,
        [
            ("typer", ("--version",)),
            ("pydantic", ("check",)),
            ("pydantic_core._pydantic_core", ("check", "fraud")),
            ("yaml", ("check",)),
            ("rich", ("facts",)),
            ("_sqlite3", ("sessions",)),
            ("segno", ("show", "fraud", "--format", "html")),
            ("typst", ("show", "fraud", "--format", "pdf", "-o", "new.pdf")),
            ("ecps_cli.loading.loader", ("check",)),
        ],
    ),
    ids=name,
)
def test_a_module_that_does_not_load(module: str, command: tuple[str, ...], data: Path) -> None:
    """A library that is damaged, or that the PC forbids, is one sentence that names it, with 1; no log."""
    ran = spawn(python=("-c", THAT_DOES_NOT_LOAD.format(module=module, command=command)))
    assert ran.code == 1
    assert ran.err.startswith(f"ecps-guide s’arrête ici : le module « {module} » ne se charge pas.")
    assert ran.err.count("\n") == 1
    assert logs(data) == []


def test_guides_are_read_without_libyaml() -> None:
    """PyYAML's compiled parser only makes it faster: where it cannot be loaded, the one in Python reads the same."""
    ran = spawn(python=("-c", THAT_DOES_NOT_LOAD.format(module="yaml._yaml", command=("check",))))
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.usefixtures("unmeasured")
def test_the_error_handler_needs_no_library() -> None:
    """What puts a failure into words has nothing to import that may be what failed."""
    libraries = ("pydantic", "yaml", "rich", "sqlite3", "questionary", "prompt_toolkit", "phonenumbers", "segno")
    code = (
        "import sys, ecps_cli.core.journal, ecps_cli.loading.problems, ecps_cli.walk.prompter\n"
        f"print(sorted({{name.split('.')[0] for name in sys.modules}} & {{*{libraries}}}))"
    )
    assert spawn(python=("-c", code)).out == "[]\n"


# ------------------------------------------------------------------------------------------------------- interruptions


def interrupt(*_: object, **__: object) -> NoReturn:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("where", "command"),
    [
        ("ecps_cli.screen.pages.fact_list", ("facts",)),
        ("ecps_cli.cli.reading.open_library", ("list",)),
        ("ecps_cli.cli.reading.open_library", ("fraud",)),
        ("ecps_cli.cli.console.read_stdin", ("fraud",)),
        ("ecps_cli.cli.console.read_stdin", ("activate", "--mobile")),
        ("ecps_cli.cli.console.read_stdin", ("activate",)),
        ("ecps_cli.cli.errors.guarded", ("list",)),
        ("ecps_cli.screen.terminal.prepare_streams", ("list",)),
    ],
    ids=name,
)
def test_ctrl_c_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, data: Path, where: str, command: tuple[str, ...]
) -> None:
    """Ctrl-C while something is read, loaded, asked or started ends with 130 and one French sentence."""
    monkeypatch.setattr(where, interrupt)
    ran = call(*command)
    assert ran.code == 130
    assert ran.err == "\nInterrompu.\n"
    assert logs(data) == []


def test_an_interruption_outside_of_a_command(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """Ctrl-C that no command has heard is the same sentence, from the handler itself."""
    assert guarded(interrupt) == 130
    assert capsys.readouterr().err == "\nInterrompu.\n"
    assert logs(data) == []


AT_AN_IMPORT = """
import sys

class Interrupted:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupted())
from ecps_cli.__main__ import main
sys.argv = ["ecps-guide", *{command!r}.split()]
main()
"""


@pytest.mark.parametrize(
    "module",
    first_of(
        4,
        [
            "ecps_cli.screen.terminal",
            "ecps_cli.cli.app",
            "ecps_cli.cli.help",
            "ecps_cli.cli.errors",
            "ecps_cli.cli.starting",
            "ecps_cli.loading.loader",
            "rich.console",
            "typer",
            "yaml",
        ],
    ),
)
def test_ctrl_c_during_start_up(module: str) -> None:
    """Ctrl-C while the tool is still being imported is the same sentence."""
    command = "check --no-cache" if module in ("ecps_cli.loading.loader", "yaml") else "fraud"  # a wheel walks without
    ran = spawn(python=("-c", AT_AN_IMPORT.format(module=module, command=command)))
    assert ran == Ran(130, "", "\nInterrompu.\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a signal to one process is POSIX")
def test_a_real_signal_at_a_question() -> None:
    """A real interrupt signal while a line is awaited ends with 130, the screen intact, without a traceback."""
    command = [sys.executable, "-m", "ecps_cli", "fraud"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=quiet({"PYTHONUNBUFFERED": "1"})) as run:
        assert run.stdout is not None
        seen = b""
        while b"? : aide" not in seen.replace("\u00a0".encode(), b" "):
            seen += os.read(run.stdout.fileno(), 4096) or pytest.fail("ended before it asked")
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=LIMIT)
    assert run.returncode == 130
    assert err.decode() == "\nInterrompu.\n"


# ------------------------------------------------------------------------------------------------------- closed streams


def into_a_closed_pipe(
    *arguments: str, typed: bytes = b"", buffered: bool = True
) -> subprocess.CompletedProcess[bytes]:
    """Run a command whose output nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        return subprocess.run(
            [sys.executable, "-m", "ecps_cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=subprocess.PIPE,
            env=quiet({"PYTHONUNBUFFERED": "" if buffered else "1"}),
            timeout=LIMIT,
            check=False,
        )
    finally:
        os.close(writing)


PRINTING = [("list",), ("facts",), ("show", "fraud"), ("rpps", "99700218896"), ("--version",), ("--help",), ("fraud",)]


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe closed by its reader is POSIX")
@pytest.mark.parametrize("command", first_of(3, PRINTING), ids=name)
def test_a_closed_pipe_gives_no_traceback(command: tuple[str, ...]) -> None:
    """When whoever reads the output has had enough, nothing is said about it."""
    ran = into_a_closed_pipe(*command, buffered=False)
    assert ran.stderr == b""


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe closed by its reader is POSIX")
@pytest.mark.parametrize("command", [("list",), ("rpps", "99700218896"), ("--version",)], ids=name)
def test_a_closed_pipe_gives_no_complaint_at_exit(command: tuple[str, ...]) -> None:
    """The same holds where the output is written only at the end."""
    ran = into_a_closed_pipe(*command)
    assert ran.stderr == b""


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe closed by its reader is POSIX")
@pytest.mark.parametrize("command", [("facts",), ("--help",)], ids=name)
@pytest.mark.parametrize("buffered", [False, True])
def test_a_closed_pipe_is_no_problem(command: tuple[str, ...], buffered: bool) -> None:
    """An output that nobody reads to its end is no failure: exit 0."""
    assert into_a_closed_pipe(*command, buffered=buffered).returncode == 0


def piped(command: str, environ: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    """Run a pipeline in a real shell, `ecps-guide` in it: its code is that of the first program that fails."""
    named = command.replace("ecps-guide", f"'{sys.executable}' -m ecps_cli")
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {named}"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=quiet(environ),
        timeout=LIMIT,
        check=False,
    )


@pytest.mark.skipif(shutil.which("bash") is None, reason="a pipeline of bash")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    ("command", "code"),
    first_rows(
        3,
        [
            ("ecps-guide check bad.yaml | head -1", 1),
            ("ecps-guide check --json bad.yaml | head -1", 1),
            ("ecps-guide check --format github bad.yaml | head -c 1", 1),
            ("ecps-guide check bad.yaml | true", 1),
            ("ecps-guide test bad.yaml | true", 1),
            ("ecps-guide show fraud | head -1", 0),
            ("ecps-guide show fraud --format html | head -c 1", 0),
            ("ecps-guide sessions --json | true", 0),
            ("yes n | ecps-guide fraud | true", 5),
            ("ecps-guide run fraud | true", 5),
            ("ecps-guide activate | true", 5),
            *((f"ecps-guide {each} | true", 0) for each in ("list", "list --json", "facts", "glossary", "schema")),
            *((f"ecps-guide {each} | true", 0) for each in ("help-line", "show fraud", "check", "sessions", "--help")),
            *(
                (f"ecps-guide {each} | true", 1)
                for each in ("rpps 12", "rpps 12 --json", "feedback", "report", "resume")
            ),
            *(
                (f"ecps-guide {each} | true", 1)
                for each in ("case none x", "run none", "show none", "sessions --export x")
            ),
            ("ecps-guide bogus | true", 2),
        ],
    ),
)
def test_a_verdict_survives_a_closed_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, code: int, unbuffered: str
) -> None:
    """Whoever reads only the first line, or none, changes no verdict; a walk that nobody reads pauses."""
    lines = [f"  - {{id: s{number}, doo: x}}" for number in range(300)]
    (tmp_path / "bad.yaml").write_text("\n".join(["format: 1", "id: bad", "steps:", *lines]) + "\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    ran = piped(command, {"ECPS_DATA": str(tmp_path / "data"), "PYTHONUNBUFFERED": unbuffered})
    # `yes` itself ends by a broken pipe, which is its own failure: what counts is the tool's.
    assert ran.returncode == code
    assert b"Traceback" not in ran.stderr
    assert b"Exception" not in ran.stderr


@pytest.mark.skipif(os.name != "posix", reason="a folder that is removed from under a process is POSIX")
@pytest.mark.parametrize(
    "command",
    first_of(
        4,
        [
            *("new xx", "check", "run x.yaml", "fraud", "show fraud --format html -o x"),
            *("list", "show fraud", "facts", "check x.yaml", "sessions", "report", "report -o x"),
            *("test", "schema", "forget --all", "resume", "glossary"),
        ],
    ),
)
def test_a_current_folder_that_is_gone_is_no_bug(tmp_path: Path, command: str) -> None:
    """In a folder that was deleted a command does its work, or says in a sentence why not; never a crash log."""
    (gone := tmp_path / "gone").mkdir()
    data = tmp_path / "data"
    ran = piped(f"cd '{gone}' && rmdir '{gone}' && ecps-guide {command}", {"ECPS_DATA": str(data)})
    assert ran.returncode in (0, 1, 5)
    assert logs(tmp_path) == []
    if command.startswith(("new", "show fraud --format")):
        assert "Le dossier courant n’existe plus." in ran.stderr.decode()


def test_a_dash_is_standard_output(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-o -` writes on standard output, as without `-o`, and makes no file of that name; `new` else makes several."""
    monkeypatch.chdir(tmp_path)
    call("fraud", typed="p\n1\n\n")
    session = json.loads(call("sessions", "--json").out)[0]["id"]
    for command in (
        *(("show", "fraud", "--format", "markdown"), ("report",), ("report", "--format", "json")),
        *(("sessions", "--export", session), ("test", "--from", session)),
    ):
        assert (ran := call(*command, "-o", "-")) == call(*command)
        assert ran.code == 0
    assert 'id: "mine"' in call("new", "mine", "-o", "-").out
    assert [path.name for path in tmp_path.iterdir() if path != data] == []


def test_the_handler_takes_a_closed_pipe_for_an_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data: Path
) -> None:
    """A broken pipe that reaches the handler ends with 0, and nothing more can be written to it."""

    def command() -> NoReturn:
        raise BrokenPipeError

    with (tmp_path / "out.txt").open("w", encoding="utf-8") as out:
        monkeypatch.setattr(sys, "stdout", out)
        assert guarded(command) == 0
        out.write("lost")
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == ""
    assert logs(data) == []


@pytest.mark.skipif(sys.platform == "win32", reason="closing a stream of a child is POSIX")
@pytest.mark.parametrize(
    ("closed", "command", "code"),
    [(0, ("fraud",), 5), (1, ("fraud",), 5), (1, ("rpps", "12"), 1)],
    ids=name,
)
def test_a_stream_closed_from_the_start(closed: int, command: tuple[str, ...], code: int) -> None:
    """A command that was started without one of its streams does what it can, without a traceback."""
    ran = subprocess.run(
        ["sh", "-c", f'exec "$0" -m ecps_cli "$@" {closed}{"<" if closed == 0 else ">"}&-', sys.executable, *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=quiet(),
        timeout=LIMIT,
        check=False,
    )
    assert b"Traceback" not in ran.stderr
    assert ran.returncode == code


# --------------------------------------------------------------------------------------------------------------- usage


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("No such option: --jsn", "L’option --jsn n’existe pas."),
        ("No such option: --jsn (Possible options: --json)", "L’option --jsn n’existe pas. Vouliez-vous dire --json ?"),
        (
            "No such option: --a (Possible options: --b, --c)",
            "L’option --a n’existe pas. Vouliez-vous dire --b, --c ?",
        ),
        ("No such command 'frod'.", "La commande « frod » n’existe pas."),
        (
            "No such command 'frod'. Did you mean 'fraud'?",
            "La commande « frod » n’existe pas. Vouliez-vous dire fraud ?",
        ),
        (
            "No such command 'help'. Did you mean 'help-line'?",
            "La commande « help » n’existe pas. Vouliez-vous dire --help ?",
        ),
        ("No such command 'version'.", "La commande « version » n’existe pas. Vouliez-vous dire --version ?"),
        ("No such command '{0}'.", "La commande « {0} » n’existe pas."),
        ("Missing argument 'GUIDE'.", "Il manque GUIDE."),
        ("Missing command.", "Il manque la commande."),
        ("Got unexpected extra argument (x)", "« x » est de trop."),
        ("Got unexpected extra arguments (x y)", "« x y » est de trop."),
        ("Option '--answers' requires an argument.", "L’option --answers attend une valeur."),
        ("Option '--plain' does not take a value.", "L’option --plain ne prend pas de valeur."),
        ("Invalid value: L’un ou l’autre.", "L’un ou l’autre."),
        ("Invalid value for '--guides': Non.", "Non."),
        ("Something new.", "Something new."),
        ("Got unexpected extra argument(s) (x)", "« x » est de trop."),
        ('No such command "l\'aide".', "La commande « l'aide » n’existe pas."),
    ],
)
def test_what_typer_says_in_french(message: str, sentence: str) -> None:
    """Each sentence of Typer that a mistyped command meets has its French one; a new one stays as it is."""
    assert usage_error(message) == sentence


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_under_the_output_is_a_sentence(data: Path) -> None:
    """What cannot be written because the disk is full ends with 1 and a sentence: no bug, no crash log."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ecps_cli", "show", "fraud", "--format", "markdown"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=quiet({"ECPS_DATA": str(data)}),
            timeout=LIMIT,
        )
    assert done.returncode == 1
    assert done.stderr.decode().replace("\u00a0", " ").strip() == "Le disque est plein : tout n’a pas été écrit."
    assert logs(data) == []


AT_THE_END = """
import signal
from ecps_cli.__main__ import main

set_handler = signal.signal

def signalled(number, handler):
    if handler is signal.SIG_IGN:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
    return set_handler(number, handler)

signal.signal = signalled
main()
"""
"""The command, sent signals by itself while it gives up its handlers."""


def test_a_signal_while_a_command_ends_changes_nothing() -> None:
    """Once all is said, a signal makes neither another exit code nor a traceback, wherever it falls."""
    ran = spawn("rpps", "899700218896", python=("-c", AT_THE_END))
    assert (ran.code, ran.err) == (0, "")
