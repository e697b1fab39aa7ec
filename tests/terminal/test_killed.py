"""Killed, interrupted, closed: whatever ends a walk, what was confirmed is kept, and `resume` goes on from there."""

from __future__ import annotations

import os
import random
import re
import select
import signal
import struct
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, NamedTuple

import pytest

if sys.platform == "win32":
    pytest.skip("a pseudo-terminal and these signals are POSIX", allow_module_level=True)

import pty
import termios
from fcntl import ioctl

from ecps_cli.core.events import Answered, Confirmed, Event, Paused, Resumed, WentBack
from ecps_cli.core.guide import Step
from ecps_cli.core.session import current
from ecps_cli.french.words import strip_markup
from ecps_cli.storage.archive import load_session
from ecps_cli.storage.rows import SessionRow
from ecps_cli.storage.store import Store
from support.commands import LIMIT, call, quiet
from support.kept import kept_events
from support.real_terminal import RealTerminal
from support.tiers import each_value, first_of

pytestmark = [pytest.mark.terminal, pytest.mark.timeout(120)]

# ---------------------------------------------------------------------------------------------------------- the killer

JOURNEYS, KILLS = int(os.environ.get("ECPS_JOURNEYS") or 12), 7
"""Data folders, and kills in each."""
SEED = 20261124
STEPS = 60
HEAD = """\
format: 1
id: {id}
version: "1"
title: Un long guide
verified_on: 2026-11-24
review_by: 2127-05-24
sources: [fiche]
steps:
"""
STEP = "  - {{id: s{0}, who: doctor, device: phone, do: Faire la chose {0}, expect: La chose {0} est faite{1}}}\n"
TAIL = "outcomes:\n  done: {success: true, text: Fait.}\n"


def write_guide(folder: Path, steps: int, name: str = "long", more: str = "") -> Path:
    """Write a guide of so many plain steps; every Enter is one event."""
    folder.mkdir(exist_ok=True)
    (folder / "facts.yaml").write_text('fiche: {kind: source, name: Fiche, value: "https://example.org"}\n', "utf-8")
    lines = [STEP.format(number, ", end: done" if number == steps else "") for number in range(1, steps + 1)]
    path = folder / f"{name}.yaml"
    path.write_text(HEAD.format(id=name) + "".join(lines) + more + TAIL, "utf-8")
    return path


class Killed(NamedTuple):
    """What is known of one process that was killed."""

    code: int
    screens: list[str]
    """The steps that it had painted, by what they ask."""


def run_and_kill(arguments: list[str], folder: Path, moment: float, steps: int | None) -> Killed:
    """Start a walk on a terminal, press Enter at each question, and kill it, so many seconds on.

    They are counted from the Enter after so many steps, or from its start.
    """
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    environ = quiet({"ECPS_DATA": str(folder)})
    command = [sys.executable, "-m", "ecps_cli", *arguments]
    child = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ, start_new_session=True)
    os.close(theirs)
    try:
        seen = b"" if steps is None else _press_enter(ours, steps)
        time.sleep(moment)
        child.send_signal(signal.SIGKILL)
        child.wait(timeout=LIMIT)
        while chunk := _read(ours, 0):  # what it had written before it was killed is still on the terminal
            seen += chunk
    finally:
        child.kill()
        child.wait(timeout=LIMIT)
        os.close(ours)
    text = seen.decode("utf-8", "ignore").replace("\u00a0", " ").replace("\r", "")
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)  # what is asked stands in bold
    return Killed(child.returncode, re.findall(r"^Étape \d+ sur .*\n.*\n(Faire la chose \d+)$", text, re.MULTILINE))


def _press_enter(terminal: int, steps: int) -> bytes:
    """Return what was printed, Enter pressed at each question, until so many steps were done, and one more begun."""
    seen, answered = b"", 0
    while steps >= 0 and (chunk := _read(terminal, LIMIT)):
        seen += chunk
        if any(asked in seen[answered:] for asked in (b"commencer", b"aide", "Tapez un numéro".encode())):
            steps -= "Étape".encode() in seen[answered:]
            os.write(terminal, b"\n")
            answered = len(seen)
    return seen


def _read(terminal: int, seconds: float) -> bytes:
    """Return what a terminal shows next; nothing when nothing comes in time, or nobody is there any more."""
    try:
        return os.read(terminal, 65536) if select.select([terminal], [], [], seconds)[0] else b""
    except OSError:
        return b""


def _until_first_screen(stream: IO[bytes]) -> bytes:
    """Read until the first step stands on the screen; the process is killed by the test's timeout if it never does."""
    seen = b""
    while "Étape".encode() not in seen:
        chunk = os.read(stream.fileno(), 4096)
        if not chunk:
            break
        seen += chunk
    return seen


def unfinished(folder: Path) -> SessionRow | None:
    with closing(Store(folder)) as store:
        return next(iter(store.unfinished()), None)


def newest(folder: Path, since: SessionRow | None = None) -> SessionRow | None:
    """Return the session begun last, if it is another than `since`; ended or not: a kill may come after the end."""
    with closing(Store(folder)) as store:
        row = next(iter(store.rows()), None)
    return row if row != since else None


def kept(folder: Path, row: SessionRow) -> tuple[list[Event], str]:
    """Return the events of a session, and what its step asks, worked out by replaying them."""
    with closing(Store(folder)) as store:
        told = load_session(store, row)
    step = current(told.session)
    return list(told.session.events), strip_markup(step.text) if isinstance(step, Step) else ""


class Journey(NamedTuple):
    """Many kills in one data folder: each walk is killed, resumed, killed again."""

    number: int
    folder: Path
    guide: Path
    kills: int

    def run(self) -> tuple[int, int]:
        """Return how many resumes showed their step, and how many events were kept."""
        moments = random.Random(SEED + self.number)
        killed = shown = events = 0
        while killed < self.kills:
            row, earlier = unfinished(self.folder), newest(self.folder)
            before, step = kept(self.folder, row) if row else ([], "")
            steps = moments.randint(0, 3) if moments.random() < 0.9 else None
            moment = moments.uniform(0.1, 0.4) if steps is None else moments.uniform(0, 0.02)
            arguments = ["resume", "--plain"] if row else ["run", str(self.guide), "--plain"]
            done = run_and_kill(arguments, self.folder, moment, steps)
            where = f"seed {SEED}, journey {self.number}, kill {killed}, {moment:.4f} s after {steps}, {arguments}"
            if row and done.screens:
                assert done.screens[0] == step, where
                shown += 1
            row = row or newest(self.folder, since=earlier)
            now = kept(self.folder, row)[0] if row else []
            lost = len(done.screens) - 1 + (1 if "resume" in arguments else 0) - (len(now) - len(before))
            assert not done.screens or lost <= 0, f"{lost} events lost: {where}"
            assert now[: len(before)] == before, where
            assert done.code in (0, 5, -signal.SIGKILL), where
            killed += done.code == -signal.SIGKILL
            events += len(now) - len(before)
        return shown, events


@pytest.mark.parametrize("number", first_of(1, range(JOURNEYS)))
def test_kill_9_at_any_moment_loses_nothing(tmp_path: Path, number: int) -> None:
    """Killed on a terminal at any moment, a walk has kept each event whose next screen stood, and resumes there."""
    guide = write_guide(tmp_path / "guides", STEPS)
    shown, events = Journey(number, tmp_path / "data", guide, KILLS).run()
    assert shown > KILLS // 4, "most of them fall on a walk that was taken up"
    assert events > KILLS // 4, "and on one that has gone on"


def test_kill_9_on_a_terminal_loses_nothing(tmp_path: Path) -> None:
    """On a terminal of keys too, a step whose next screen stands is kept, and resumed from."""
    guide = write_guide(tmp_path / "guides", STEPS)
    environ = {"ECPS_DATA": str(tmp_path / "data")}
    moments = random.Random(SEED)
    reached = 1
    for number in range(4):
        arguments = ("resume",) if number else ("run", str(guide))
        with RealTerminal(*arguments, environ=environ) as terminal:
            if number:
                terminal.wait("flèches")
                terminal.send("Enter")
            terminal.wait(f"Étape {reached} sur")
            for _ in range(moments.randint(1, 2)):
                terminal.wait(": aide")
                terminal.go_on()
                reached += 1
            terminal.send("Enter")
            time.sleep(moments.uniform(0, 0.05))
            os.kill(terminal.pid, signal.SIGKILL)
        row = unfinished(tmp_path / "data")
        assert row
        events, step = kept(tmp_path / "data", row)
        confirmed = sum(isinstance(event, Confirmed) for event in events)
        assert confirmed in (reached - 1, reached), f"seed {SEED}"
        reached = confirmed + 1
        assert step == f"Faire la chose {reached}"


# ------------------------------------------------------------------------------------------------------------- signals


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Keep what the tool writes out of the user's folders."""
    return {"ECPS_DATA": str(tmp_path / "data"), "BROWSER": "true"}


def last_events(home: dict[str, str]) -> list[type]:
    folder = Path(home["ECPS_DATA"])
    row = unfinished(folder)
    return [type(event) for event in kept(folder, row)[0]] if row else []


@pytest.mark.parametrize(("way", "at"), each_value(["SIGTERM", "SIGHUP", "SIGINT", "C-c"], ["keys", "choice", "text"]))
def test_a_signal_pauses_and_leaves_the_terminal_as_it_was(home: dict[str, str], way: str, at: str) -> None:
    """Ctrl-C, a polite kill or a hang-up at any question is a pause: 130, how to resume, a sane terminal."""
    arguments = ("activate", "--mobile") if at == "text" else ("fraud",)
    with RealTerminal(*arguments, environ=home) as terminal:
        before = termios.tcgetattr(terminal.fd)[:4]
        match at:
            case "keys":
                terminal.wait("Étape 1 sur", "flèches")
                terminal.press("1", "Enter", then="Entrée : vu")
            case "choice":
                terminal.wait("Étape 1 sur", "flèches")
                terminal.press("1", "Enter", then="Entrée : vu")
                terminal.press("p", then="flèches")
            case _:
                terminal.wait("Réponse")
                terminal.press("s", "Enter", then="Pourquoi")
                terminal.press("perdu", "Enter", then="Étape 2 sur")
                terminal.press("n", then="r : retour) :")
        if way == "C-c":
            terminal.send(way)
        else:
            os.kill(terminal.pid, getattr(signal, way))
        assert terminal.end() == 130
        assert "Interrompu" in terminal.text
        assert "ecps-guide resume" in terminal.text
        assert b"Traceback" not in terminal.raw
        assert not terminal.screen.cursor.hidden
        assert termios.tcgetattr(terminal.fd)[:4] == before
    assert last_events(home)[-1] is Paused
    assert not (Path(home["ECPS_DATA"]) / "crash").exists()


SIGNALLED = """
import signal
from prompt_toolkit.application import Application
from ecps_cli.__main__ import main

def in_a_task():
    start = Application.create_background_task
    def create_background_task(app, coroutine):
        async def signalled():
            signal.raise_signal(signal.SIGTERM)
            await coroutine
        return start(app, signalled())
    Application.create_background_task = create_background_task

def before_the_loop():
    run = Application.run
    def signalled(app, *arguments, **more):
        signal.raise_signal(signal.SIGTERM)
        return run(app, *arguments, **more)
    Application.run = signalled

def after_the_answer():
    run = Application.run
    def signalled(app, *arguments, **more):
        try:
            return run(app, *arguments, **more)
        finally:
            signal.raise_signal(signal.SIGTERM)
    Application.run = signalled

def as_the_loop_closes():
    from asyncio.selector_events import BaseSelectorEventLoop
    close = BaseSelectorEventLoop._close_self_pipe
    def signalled(loop):
        close(loop)
        signal.raise_signal(signal.SIGTERM)
    BaseSelectorEventLoop._close_self_pipe = signalled

def when_all_is_said():
    from contextlib import contextmanager
    from ecps_cli.cli import errors
    interruptible = errors.interruptible
    @contextmanager
    def signalled():
        with interruptible():
            yield
        signal.raise_signal(signal.SIGINT)
    errors.interruptible = signalled
    after_the_answer()

{place}()
main()
"""
"""The command, sent a signal by itself at a chosen place of its first question."""


@pytest.mark.parametrize(
    "place", ["in_a_task", "before_the_loop", "after_the_answer", "as_the_loop_closes", "when_all_is_said"]
)
def test_a_signal_wherever_a_question_stands_leaves_the_terminal_as_it_was(home: dict[str, str], place: str) -> None:
    """A signal in a task of prompt_toolkit's own, before its loop runs, as it closes, or later, is that pause too."""
    python = ("-c", SIGNALLED.replace("{place}", place))
    with RealTerminal("fraud", environ=home, python=python) as terminal:
        before = termios.tcgetattr(terminal.fd)[:4]
        if place not in ("in_a_task", "before_the_loop"):
            terminal.wait("Étape 1 sur", "flèches")
            terminal.send("Enter")
        assert terminal.end() == 130
        assert terminal.text.count("Interrompu") == 1
        assert b"Traceback" not in terminal.raw
        assert b"exception" not in terminal.raw.lower()
        assert not terminal.screen.cursor.hidden
        assert termios.tcgetattr(terminal.fd)[:4] == before


@pytest.mark.parametrize("names", first_of(1, [("SIGINT", "SIGINT"), ("SIGHUP", "SIGINT"), ("SIGTERM", "SIGHUP")]))
def test_two_signals_are_one_pause(home: dict[str, str], names: tuple[str, str]) -> None:
    """Two signals, close together and just after a key, end the walk as one does, whenever the second one falls."""
    moments = random.Random(SEED)
    for _ in range(2):
        with RealTerminal("fraud", "--practice", environ=home) as terminal:
            before = termios.tcgetattr(terminal.fd)[:4]
            terminal.wait("Étape 1 sur", ": aide")
            terminal.send("Enter")
            for name in names:
                time.sleep(moments.uniform(0, 0.03))
                os.kill(terminal.pid, getattr(signal, name))
            assert terminal.end() == 130
            assert b"Traceback" not in terminal.raw
            assert b"xception" not in terminal.raw
            assert termios.tcgetattr(terminal.fd)[:4] == before


BURSTS = int(os.environ.get("ECPS_BURSTS") or 10)


@pytest.mark.exhaustive
@pytest.mark.timeout(60 + 10 * BURSTS)
@pytest.mark.parametrize("way", ["signals", "keys"])
def test_a_burst_of_signals_is_one_silent_pause(home: dict[str, str], way: str) -> None:
    """Two to six signals, or Ctrl-C as often, within 20 ms, at a question or just after it: 130, and silence."""
    chosen = random.Random(SEED)
    for number in range(BURSTS):
        with RealTerminal("fraud", "--practice", environ=home) as terminal:
            before = termios.tcgetattr(terminal.fd)[:4]
            terminal.wait("Étape 1 sur", ": aide")
            if chosen.random() < 0.8:
                terminal.send("Enter")
            for _ in range(chosen.randint(2, 6)):
                time.sleep(chosen.uniform(0, 0.006))
                if way == "keys":
                    os.write(terminal.fd, b"\x03")
                else:
                    os.kill(terminal.pid, chosen.choice([signal.SIGINT, signal.SIGINT, signal.SIGTERM, signal.SIGHUP]))
            code = terminal.end()
            assert code == 130, f"{number}: {code}, {terminal.text}"
            assert not re.findall(b"Traceback|xception|wakeup|destroyed|Warning", terminal.raw), number
            assert termios.tcgetattr(terminal.fd)[:4] == before


@pytest.mark.parametrize("plain", [True, False])
def test_a_closed_window_pauses(home: dict[str, str], plain: bool) -> None:
    """When the terminal is closed the walk ends by itself, its pause recorded, and leaves no crash log."""
    with RealTerminal("fraud", *(["--plain"] if plain else []), environ=home) as terminal:
        terminal.wait("Étape 1 sur", ": aide", "Tapez" if plain else "flèches")
        terminal.press("1", "Enter", then="Entrée : vu")
        os.close(terminal.fd)
        terminal.fd = os.open(os.devnull, os.O_RDONLY)
        deadline = time.monotonic() + LIMIT
        while not (found := os.waitpid(terminal.pid, os.WNOHANG))[0]:
            assert time.monotonic() < deadline, "still running"
            time.sleep(0.02)
    assert os.waitstatus_to_exitcode(found[1]) in (5, 130)
    assert last_events(home)[-1] is Paused
    assert not (Path(home["ECPS_DATA"]) / "crash").exists()


QUESTIONS = {
    "menu": ((), "", 5),
    "opening": (("activate", "--with-card"), "", 5),
    "which way": (("activate",), "", 5),
    "label": (("activate", "--with-card"), "d", 5),
    "text": (("activate", "--mobile"), "", 5),
    "choice": (("fraud",), "", 5),
    "deviations": (("fraud",), "p", 5),
    "note": (("fraud",), "n", 5),
    "opening, by lines": (("activate", "--mobile", "--plain"), "", 5),
    "choice, by lines": (("fraud", "--plain"), "", 5),
    "watching": (("run", "fraud", "--watch"), "", 0),
    "watching on": (("run", "fraud", "--watch"), "n", 0),
}
"""Where a terminal is lost → the command that asks there, the key that leads there, its exit code."""


@pytest.mark.parametrize("at", first_of(2, QUESTIONS))
def test_a_terminal_that_is_gone_without_a_word_pauses(home: dict[str, str], at: str) -> None:
    """Where nobody sends a hang-up, since the terminal is not that of the session, every question ends likewise."""
    arguments, key, code = QUESTIONS[at]
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    command = [sys.executable, "-m", "ecps_cli", *arguments]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, env=quiet(home), start_new_session=True
    ) as child:
        try:
            os.close(theirs)
            _wait_for_question(ours)
            if key:
                os.write(ours, key.encode())
                _wait_for_question(ours)
            os.close(ours)
            _, err = child.communicate(timeout=LIMIT)
        finally:
            child.kill()
    assert (child.returncode, b"Traceback" in err) == (code, False), err.decode()
    assert not (Path(home["ECPS_DATA"]) / "crash").exists()


def _wait_for_question(terminal: int) -> None:
    """Read what is painted until a question stands: nothing more comes once one is there."""
    seen = b""
    while not any(each in seen for each in (b"?2004h", b"quitter", b"Tapez", b"commencer")):
        chunk = _read(terminal, LIMIT)
        assert chunk, seen.decode("utf-8", "ignore")
        seen += chunk
    while _read(terminal, 0.3):
        pass


@pytest.mark.parametrize(("name", "number"), each_value(["SIGTERM", "SIGHUP", "SIGINT"], range(5)))
def test_a_signal_while_an_event_is_written_leaves_a_session_that_can_be_read(
    tmp_path: Path, name: str, number: int
) -> None:
    """Signalled at random moments of a fast walk, the session can always be replayed, and taken up."""
    guide = write_guide(tmp_path / "guides", STEPS)
    moment = random.Random(SEED + number).uniform(0.005, 0.05)
    folder = tmp_path / "data"
    child = subprocess.Popen(
        [sys.executable, "-m", "ecps_cli", "run", str(guide)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=quiet({"ECPS_DATA": str(folder)}),
    )
    try:
        assert child.stdin
        assert child.stdout
        child.stdin.write(b"\n" * 30)
        child.stdin.flush()
        _until_first_screen(child.stdout)
        time.sleep(moment)
        child.send_signal(getattr(signal, name))
        _, err = child.communicate(timeout=LIMIT)
    finally:
        child.kill()
    assert child.returncode in (5, 130), err.decode()
    assert b"Traceback" not in err
    row = unfinished(folder)
    if row:
        events, step = kept(folder, row)
        assert events
        assert step in call("resume", typed="\n", environ={"ECPS_DATA": str(folder)}).said


@pytest.mark.parametrize("late", [False, True])
def test_an_interrupt_right_around_the_commit_harms_no_session(
    tmp_path: Path, late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupt that comes just before or just after an event is durable leaves a session that can be taken up."""
    guide = write_guide(tmp_path / "guides", 9)
    environ = {"ECPS_DATA": str(tmp_path / "data")}
    real = Store.append

    def append(self: Store, session_id: str, event: Event, *texts: list[str]) -> None:
        if late:
            real(self, session_id, event, *texts)
        if event.step == "s3" and isinstance(event, Confirmed):
            signal.raise_signal(signal.SIGTERM)
        if not late:
            real(self, session_id, event, *texts)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "append", append)
        assert call("run", str(guide), typed="\n" * 8, environ=environ).code == 130
    ran = call("resume", typed="\n\n", environ=environ)
    assert ran.code == 5
    assert f"Faire la chose {4 if late else 3}" in ran.said


# ------------------------------------------------------------------------------------------------------------- resuming

DEADLINE = """\
  - {id: open, who: doctor, device: phone, do: Ouvrir le lecteur, expect: Le lecteur est ouvert}
  - {id: scan, who: doctor, device: phone, do: Lire le code, expect: Le code est lu, deadline: 90 s, resume_at: open}
  - {id: last, who: doctor, device: phone, do: Finir, expect: Tout est fini, end: done}
"""


def write_deadline(folder: Path) -> Path:
    path = write_guide(folder, 1, "short")
    path.write_text(path.read_text("utf-8").replace(", end: done", "").replace(TAIL, DEADLINE + TAIL), "utf-8")
    return path


def test_a_step_with_a_deadline_is_resumed_before_it_and_says_why(tmp_path: Path, home: dict[str, str]) -> None:
    """A walk that stopped at a step with a deadline goes back to its `resume_at`, says so, and what was done."""
    guide = write_deadline(tmp_path / "guides")
    assert call("run", str(guide), typed="\n\n\n", environ=home).code == 5
    ran = call("resume", typed="\n\nv\n\n", environ=home)
    assert ran.code == 0
    assert "Reprise. Fait en dernier, à" in ran.said
    assert "On reprend un peu avant « Lire le code », qui a un délai." in ran.said
    assert ran.said.index("Étape 2 sur") < ran.said.index("un délai") < ran.said.index("Étape 3 sur")
    folder = Path(home["ECPS_DATA"])
    with closing(Store(folder)) as store:
        (row,) = store.rows()
        events = kept_events(store, row.id)
    resumed = [type(event) for event in events].index(Resumed)
    assert events[resumed + 1] == WentBack(events[resumed + 1].at, "scan", "open")
    assert [event.step for event in events[resumed + 2 : -1]] == ["open", "scan", "last"]


def test_an_edited_guide_changes_nothing_for_a_session_in_progress(tmp_path: Path, home: dict[str, str]) -> None:
    """A session goes on with the guide and facts of its start, and says when the library has others now."""
    folder = tmp_path / "guides"
    path = write_guide(folder, 5)
    assert call("run", "long", "--guides", str(folder), typed="\n\n", environ=home).code == 5
    unedited = call("resume", "--guides", str(folder), typed="\n", environ=home)
    assert "Une autre version" not in unedited.said
    path.write_text(path.read_text("utf-8").replace("Faire la chose", "Défaire la chose"), "utf-8")
    ran = call("resume", "--guides", str(folder), typed="\n\n", environ=home)
    assert ran.code == 5
    assert "Une autre version de ce guide ou de ses faits existe" in ran.said
    assert "Faire la chose 2" in ran.said
    assert "Défaire" not in ran.said
    path.write_text(path.read_text("utf-8").replace("Défaire la chose", "Faire la chose"), "utf-8")
    assert "Une autre version" not in call("resume", "--guides", str(folder), typed="", environ=home).said
    facts = folder / "facts.yaml"
    facts.write_text(facts.read_text("utf-8").replace("Fiche", "Fiche 2"), "utf-8")
    assert "Une autre version" in call("resume", "--guides", str(folder), typed="\n", environ=home).said
    path.unlink()
    gone = call("resume", "--guides", str(folder), typed="\n\n", environ=home)
    assert "Faire la chose 3" in gone.said


def test_a_guide_that_was_left_is_offered_again_on_a_terminal(home: dict[str, str]) -> None:
    """Named by its label and place, it is taken up by yes; no begins another one; the older one is still there."""
    assert call("fraud", "--case", "GLPI 4711", typed="1\n", environ=home).code == 5
    with RealTerminal("fraud", environ=home) as terminal:
        terminal.wait("Étape 1 sur", "resté inachevé (dossier GLPI 4711), à « Refuser", "Le reprendre ? (o/n)")
        terminal.send("Enter")
        terminal.wait("« Entrée » n’est pas une touche d’ici. Répondez o pour oui, n pour non.", "Étape 1 sur")
        terminal.press("o", then="Étape 2 sur")
        terminal.wait("Reprise. Fait en dernier")
        terminal.press("q", then="Entrée : mettre en pause")
        terminal.press("Enter", then="En pause à l’étape")
        assert terminal.end() == 5
    with RealTerminal("fraud", environ=home) as terminal:
        terminal.wait("Le reprendre ? (o/n)")
        terminal.press("n", then="flèches")
        terminal.press("1", "Enter", then="Étape 2 sur")
        terminal.press("q", then="Entrée : mettre en pause")
        terminal.press("Enter", then="En pause à l’étape")
        assert terminal.end() == 5
    with closing(Store(Path(home["ECPS_DATA"]))) as store:
        assert len(store.unfinished("fraud")) == 2


def test_a_guide_that_was_left_and_cannot_be_read_is_begun_again_and_says_why(home: dict[str, str]) -> None:
    """A session that was altered is not offered: the new walk says so on its first screen."""
    assert call("fraud", typed="\n", environ=home).code == 5
    with closing(Store(Path(home["ECPS_DATA"]))) as store:
        store._base.execute("DROP TRIGGER event_no_update")
        store._base.execute("UPDATE event SET body = '{}'")
    with RealTerminal("fraud", environ=home) as terminal:
        terminal.wait("Étape 1 sur", "flèches", "a été altérée")
        assert "Le reprendre" not in terminal.text


def test_what_was_done_last_is_said_with_its_answer_and_its_day(home: dict[str, str]) -> None:
    """On resuming: the answer given last; the list says how long ago each was left, and that there are more."""
    folder = Path(home["ECPS_DATA"])
    assert call("fraud", typed="1\n", environ=home).code == 5
    ran = call("resume", typed="\n", environ=home)
    assert "laissé à l’instant : Fraude" in ran.said
    assert "Où en est-on ? Pas encore répondu" in ran.said
    with closing(Store(folder)) as store:
        (row,) = store.rows()
        texts, then = (store.text(row.guide), store.text(row.facts)), datetime.now().astimezone() - timedelta(days=2)
        for minutes in range(9):
            name = store.begin(then + timedelta(minutes=minutes), "fraud", *texts, "t", False)
            store.append(name, Answered(then, "situation", "pending"))
    ran = call("resume", typed="9\n", environ=home)
    assert ran.said.count("laissé il y a 2 jours") == 8
    assert "Les autres : ecps-guide sessions" in ran.said
    assert f"Fait en dernier, le {then:%d/%m/%Y} à {then:%H:%M}" in ran.said


def test_nobody_is_offered_anything_in_a_pipe_nor_in_an_exercise(home: dict[str, str]) -> None:
    """In a pipe no question stands before the walk that a script does not foresee; nor in an exercise."""
    assert call("fraud", typed="\n", environ=home).code == 5
    for more in ((), ("--practice",)):
        ran = call("fraud", *more, typed="\n", environ=home)
        assert ran.code == 5
        assert "reprendre ?" not in ran.said
        assert "Étape 2 sur" in ran.said
    with RealTerminal("fraud", "--practice", environ=home) as terminal:
        terminal.wait("Étape 1 sur", "EXERCICE", "flèches", without="reprendre ?")


def test_a_masked_answer_is_asked_again_where_it_is_needed(home: dict[str, str]) -> None:
    """After a kill the number is asked again at the step that shows it, and only there, then is shown whole."""
    with RealTerminal("activate", "--mobile", environ=home) as terminal:
        terminal.wait("Numéro RPPS du médecin")
        terminal.press("99700218896", "Enter", then="Étape 2 sur")
        while "Étape 7 sur" not in terminal.text:
            terminal.go_on()
        os.kill(terminal.pid, signal.SIGKILL)
    with RealTerminal("resume", environ=home) as terminal:
        terminal.wait("Quelle session reprendre", "flèches", "q : quitter")
        terminal.press("Enter", then="Étape 7 sur")
        terminal.wait("Reprise. Fait en dernier")
        terminal.press("Enter", then="Étape 8 sur")
        terminal.wait(": aide")
        terminal.press("Enter", then="Numéro RPPS du médecin")
        terminal.press("99700218896", "Enter", then="À taper : 8 997 0021 8896")
        terminal.wait("Taper les 12 chiffres")


def test_resume_takes_the_last_one_with_enter_and_any_by_its_number_or_name(home: dict[str, str]) -> None:
    """The unfinished are listed, the newest first, with step and note; Enter takes that; `q` and no input take none."""
    folder = Path(home["ECPS_DATA"])
    assert "Aucune session n’est restée inachevée." in call("resume", environ=home).said
    assert call("fraud", typed="\nn\nle premier\n", environ=home).code == 5
    assert call("activate", "--mobile", typed="\n99700218896\n", environ=home).code == 5
    ran = call("resume", typed="", environ=home)
    assert ran.code == 5
    assert re.search(
        r"1\. .*sans sa carte CPS, à « Ouvrir la messagerie.* 2\. .*Fraude.* ; note : le premier", ran.said
    )
    assert "Étape 2" in call("resume", typed="\n", environ=home).said
    assert "Appeler l’ANS tout de suite" in call("resume", typed="2\n", environ=home).said
    with closing(Store(folder)) as store:
        first = list(store.rows())[-1].id
    assert "Appeler l’ANS tout de suite" in call("resume", first, typed="", environ=home).said
    unknown = call("resume", "nobody", environ=home)
    assert (unknown.code, "La session ou le dossier « nobody » n’existe pas." in unknown.said) == (1, True)


def test_a_session_that_has_ended_is_not_resumed(tmp_path: Path, home: dict[str, str]) -> None:
    """Of a session that has ended, `resume` says where its record is."""
    guide = write_guide(tmp_path / "guides", 2)
    assert call("run", str(guide), typed="\n\n\n", environ=home).code == 0
    with closing(Store(Path(home["ECPS_DATA"]))) as store:
        (row,) = store.rows()
    ran = call("resume", row.id, environ=home)
    assert ran.code == 1
    assert f"ecps-guide report {row.id}" in ran.said
    assert call("resume", environ=home).code == 1


def test_a_session_killed_before_its_last_event_is_ended_by_resume(tmp_path: Path, home: dict[str, str]) -> None:
    """Killed between the last step and the end, a session ends at once when it is taken up."""
    guide = write_guide(tmp_path / "guides", 2)
    assert call("run", str(guide), typed="\n\n", environ=home).code == 5
    folder = Path(home["ECPS_DATA"])
    with closing(Store(folder)) as store:
        (row,) = store.rows()
        store.append(row.id, Resumed(load_session(store, row).session.events[-1].at, "s2"))
        store.append(row.id, Confirmed(load_session(store, row).session.events[-1].at, "s2"))
    ran = call("resume", typed="\n", environ=home)
    assert ran.code == 0
    assert "RÉUSSI" in ran.said
    assert unfinished(folder) is None


def test_one_session_that_cannot_be_read_hinders_no_other(tmp_path: Path, home: dict[str, str]) -> None:
    """An altered session is said to be so in the list, and the others are taken up as ever."""
    guide = write_guide(tmp_path / "guides", 5)
    for _ in range(2):
        assert call("run", str(guide), typed="\n\n\n", environ=home).code == 5
    folder = Path(home["ECPS_DATA"])
    with closing(Store(folder)) as store:
        newest = next(store.rows()).id
        store._base.execute("DROP TRIGGER event_no_update")
        store._base.execute("UPDATE event SET body = '{}' WHERE session = ? AND number = 2", (newest,))
    listed = call("resume", typed="", environ=home)
    assert listed.code == 5
    assert "altérée : l’événement n° 2" in listed.said
    assert call("resume", typed="1\n", environ=home).code == 1
    ran = call("resume", typed="2\n", environ=home)
    assert ran.code == 5
    assert "Faire la chose 3" in ran.said
