"""Every command × six encodings × five widths × (colour, NO_COLOR, dumb, pipe): nothing raised, lost, cut or coloured.

Each cell is a process on a real terminal or on real pipes, forked from a server that has imported the program: see
`fork_server`, which says what of it is real and what is not. What a cell prints is held against what the same command
prints in UTF-8 on 200 columns, its characters replaced by those that stand for them where the encoding lacks them: the
same words, as often. Questions asked by keys are read off the screen of a terminal emulator at the moment they stand.

A command, or another use of one, is one line of `ROWS`. By default it is run in two places; in the tier `exhaustive`
in a quarter of the combinations, in which every two of encoding, width and mode meet, or in all of them with
`python -m pytest tests/cli/test_matrix.py -m exhaustive --whole-matrix`.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from itertools import combinations, product
from pathlib import Path
from queue import SimpleQueue

import pytest

if sys.platform != "linux" or not Path("/proc/self/syscall").exists():
    pytest.skip("only Linux says when a process waits for what is typed", allow_module_level=True)

import pyte

from ecps_cli.cli.app import app
from ecps_cli.french.typography import transliterate
from ecps_cli.screen.codes import HALVES
from ecps_cli.screen.painting import GLYPHS, STROKES
from ecps_cli.screen.step_screen import COLUMN, WIDE
from ecps_cli.storage.store import Store
from support import fork_server
from support.commands import quiet
from support.fork_server import Cell, Ended, run
from support.tiers import first_rows

pytestmark = [pytest.mark.terminal, pytest.mark.timeout(300)]

ENCODINGS = ("utf-8", "cp1252", "cp850", "cp437", "latin-1", "ascii")
WIDTHS = (40, 60, 80, 120, 200)
MODES: dict[str, dict[str, str]] = {
    "colour": {"TERM": "xterm-256color"},
    "NO_COLOR": {"TERM": "xterm-256color", "NO_COLOR": "1"},
    "dumb": {"TERM": "dumb"},
    "pipe": {"TERM": "xterm-256color"},
}


@dataclass(frozen=True)
class Row:
    """A command line, how it ends, and what is answered."""

    command: str
    code: int = 0
    lines: str = ""
    """What is typed where it asks by lines, parted by slashes; then the input ends."""
    keys: tuple[str, ...] = ()
    """What is pressed at each question where it asks by keys."""
    bare: str = ""
    """Where lines are as long as they are, for another program or to be pasted: in a "pipe", or "always"."""
    piped: int | None = None
    """How it ends in a pipe, if that is otherwise."""
    file: bool = False
    """Whether it is a file format: UTF-8 in a pipe whatever the console, and what JSON cannot write is escaped."""
    drawn: bool = False
    """Whether QR codes are drawn where there are colours, and the room for them."""
    kept: bool = False
    """Whether there is a session to tell of, or to take up."""

    def ends(self, mode: str) -> int:
        """Return the exit code in a mode."""
        return self.code if self.piped is None or mode != "pipe" else self.piped


ENTER = "\r"
CLEAR = "\x15"
"""What empties the line that is typed into."""
OTHER = "z\r"
"""Enter where Enter has just been pressed: the same key again at once is one held down, which answers nothing."""
FRAUD = "?//1//24-13/hier/ameli/l//q/"
MOBILE = "//99700218896/p/r/n/Noté : déjà là…/s/Trop tôt/q/"
ROWS = (
    Row("--version"),
    Row("--help"),
    Row("", code=5, piped=0, keys=("q",), lines="q"),
    Row("activate --help"),
    Row("activate", code=5, lines="x/2//q/", keys=("2\r", "99700218896\r", "q", ENTER)),
    Row(
        "activate --mobile",
        code=5,
        lines=MOBILE,
        keys=(ENTER, "99700218896\r", "p", "r", ENTER, "l", ENTER, "q", ENTER),
    ),
    Row(
        "activate --with-card",
        code=5,
        lines="p/3///?//q/",
        keys=("p", "5\r", "4\r", OTHER, "?", ENTER, "q", ENTER),
    ),
    Row("fraud", code=5, lines=FRAUD, keys=("1\r", OTHER, "24-13\r", f"{CLEAR}hier\r", "ameli\r", "q", ENTER)),
    Row("fraud --phone", code=5, lines="1//q/", keys=("1\r", OTHER, "q\r", OTHER)),
    Row("fraud --practice", code=5, lines="1/p/1//q/", keys=("1\r", "p", "1\r", OTHER, "q", ENTER)),
    Row("run fraud --plain", code=5, lines="5/q/"),
    Row("run absent", code=1),
    Row("resume", code=5, lines="//q/", keys=(ENTER, "q", ENTER), kept=True),
    Row("sessions", bare="pipe", kept=True),
    Row("sessions --json", bare="always", file=True, kept=True),
    Row("sessions --verify", bare="pipe", kept=True),
    Row("case SESSION INC 12, code 4177", kept=True),
    Row("case absent INC", code=1),
    Row("report", bare="always", kept=True),
    Row("report --format markdown", bare="always", file=True, kept=True),
    Row("report --format json", bare="always", file=True, kept=True),
    Row("feedback", bare="pipe", kept=True),
    Row("forget --all", lines="x/n", kept=True),
    Row("forget SESSION", lines="x/n", kept=True),
    Row("resume --team", code=1),
    Row("team init", code=1),
    Row("stats", bare="pipe", kept=True),
    Row("stats --json", bare="always", file=True, kept=True),
    Row("list"),
    Row("list --json", bare="always", file=True),
    Row("show fraud"),
    Row("show fraud --format markdown", bare="always", file=True),
    Row("show fraud --format html", bare="always", file=True),
    Row("show fraud --format json", bare="always", file=True),
    Row("show fraud --format mermaid", bare="always", file=True),
    Row("help-line"),
    Row("qr", bare="pipe"),
    Row("qr ans-help", drawn=True),
    Row("qr absent", code=1),
    Row("check"),
    Row("check --json", bare="always", file=True),
    Row("check --explain W601", bare="always"),
    Row("check absent.yaml", code=1, bare="pipe"),
    Row("test fraud", bare="pipe"),
    Row("test fraud --json", bare="always", file=True),
    Row("test --from absent", code=1),
    Row("schema", bare="always", file=True),
    Row("new Ça", code=1),
    Row("facts"),
    Row("facts --json", bare="always", file=True),
    Row("guides", bare="pipe"),
    Row("glossary"),
    Row("preflight", code=1, bare="pipe"),
    Row("preflight --plain", code=1, bare="pipe"),
    Row("preflight --json", code=1, bare="always", file=True),
    Row("rpps 99700218896"),
    Row("rpps 12", code=1),
    Row("rpps 99700218896 --json", bare="always", file=True),
    Row("fraude", code=2),
)


# ----------------------------------------------------------------------------------------------------- running a cell


class Servers:
    """As many servers as there are processors for this worker; each runs one cell at a time."""

    def __init__(self) -> None:
        """Start them, in an environment in which nothing is measured."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
        script = fork_server.__file__
        workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
        self.count = max((os.cpu_count() or 1) // workers, 1)
        self.all = [
            subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ)
            for _ in range(self.count)
        ]
        self.free: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        for each in self.all:
            self.free.put(each)

    def run(self, cell: Cell) -> Ended:
        """Run a cell on the server that is free next."""
        server = self.free.get()
        try:
            assert server.stdin
            assert server.stdout
            server.stdin.write(f"{json.dumps(asdict(cell))}\n".encode())
            server.stdin.flush()
            ended = json.loads(server.stdout.readline())
        finally:
            self.free.put(server)
        out, err = (base64.b64decode(ended[name]) for name in ("out", "err"))
        return Ended(ended["code"], out, err, tuple(ended["asked"]))

    def close(self) -> None:
        """End them."""
        for each in self.all:
            each.communicate()


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    made = Servers()
    yield made
    made.close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a data folder that holds one walk, paused, with a note and a step that no longer matches."""
    home = tmp_path_factory.mktemp("kept")
    typed = "1//24.11.2026/Œuvre « ameli » à 5 €/e/L’écran n’a plus ce bouton…/n/Rappelé à 18 h/q//"
    environ = quiet({"ECPS_DATA": str(home)})
    subprocess.run(
        [sys.executable, "-m", "ecps_cli", "fraud"], input=typed.replace("/", "\n").encode(), env=environ, check=False
    )
    return str(home)


@lru_cache
def kept_id(kept: str) -> str:
    """Return the id of the session of a data folder."""
    with closing(Store(Path(kept))) as store:
        (row,) = store.rows()
    return row.id


def cell_of(row: Row, encoding: str, columns: int, mode: str, kept: str) -> Cell:
    """Return the cell of a row in this encoding, width and mode."""
    names = ("PATH", "PYTHONPATH", "HOME", "LANG", "TZ")
    environ = {name: os.environ[name] for name in names if name in os.environ}
    environ |= {"PROMPT_TOOLKIT_NO_CPR": "1", "BROWSER": "true", **MODES[mode]}  # where the cursor is, nobody answers
    environ["PCSCLITE_CSOCK_NAME"] = os.devnull  # no PC/SC service there, whatever runs here
    if mode == "pipe":
        environ["COLUMNS"] = str(columns)
    return Cell(
        arguments=tuple(kept_id(kept) if each == "SESSION" else each for each in row.command.split()),
        encoding=encoding,
        columns=columns,
        terminal=mode != "pipe",
        environ=environ,
        lines=tuple(row.lines.split("/")) if row.lines else (),
        keys=row.keys,
        kept=kept if row.kept else "",
    )


# -------------------------------------------------------------------------------------------------- what it has printed

DRAWN = dict.fromkeys({ord(each) for each in STROKES[0].characters + GLYPHS + HALVES} - {ord(" ")}, " ")
"""What the widest look draws, which another draws otherwise."""


SESSION = re.compile(rb"\d{8}-\d{6}")
"""The id of a session, which is its time."""
AGO = re.compile(r"il\s+y\s+a\s+\d+\s+min|à\s+l.instant|a\s+l.instant")
"""How long ago that was."""


def text_of(row: Row, cell: Cell, ended: Ended) -> str:
    """Return what was written, in the encoding in which it was; the same for each session."""
    written = SESSION.sub(b"00000000-000000", ended.out + ended.err)
    if row.file:
        with suppress(UnicodeDecodeError):
            return written.decode()
    return written.decode(cell.encoding)


def pages(row: Row, cell: Cell, ended: Ended) -> list[str]:
    """Return what could be read: the screen at each question asked by keys and at the end; or all that was written."""
    if not (cell.by_keys and ended.asked):
        text = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", text_of(row, cell, ended)).replace("\r", "")
        return [json.dumps(json.loads(text), ensure_ascii=False, indent=2) if row.file and text[0] in "[{" else text]
    screen = pyte.Screen(cell.columns, cell.rows)
    stream = pyte.Stream(screen)
    seen, start = [], 0
    for end in [*ended.asked, len(ended.out)]:
        stream.feed(SESSION.sub(b"00000000-000000", ended.out[start:end]).decode(cell.encoding))
        written = max(screen.buffer, default=-1) + 1
        rows = ([screen.buffer[row][column].data for column in range(cell.columns)] for row in range(written))
        seen.append("\n".join(uncut("".join(row)).rstrip() for row in rows).rstrip())
        start = end
    return seen


def uncut(line: str) -> str:
    """Return a row of a wide screen, of a step in the checklist beside only as much as each look has the room for.

    There a step is one row, cut where the column ends: sooner where its mark is wider, and without « … » where that
    cannot be written. Its number and first two words are held.
    """
    if len(line) < WIDE:
        return line
    beside = re.fullmatch(r"((?:\W|\[x\])*\d+\. \S+ \S+)( .*)?", line[-COLUMN:])
    return line[:-COLUMN] + beside[1] if beside else line


STEP_ROW = re.compile(r" {2,4}(?:\W|\[x\])*(\d+\. \S+ \S+)")
"""A step of the checklist under a screen, by its number and its first two words."""


def as_cut(page: str, model: str) -> tuple[str, str]:
    """Return both without the end of the steps that stand in one row of the page's checklist, cut where it is full."""
    lines = page.splitlines()
    one_row = {
        found[1]
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if (found := STEP_ROW.match(line)) and not following.startswith(" " * 5)
    }

    def cut(line: str) -> str:
        found = STEP_ROW.match(line)
        return line[: found.end()] if found and found[1] in one_row else line

    return "\n".join(map(cut, lines)), "\n".join(map(cut, model.splitlines()))


def words(text: str) -> Counter[str]:
    """Return the words of a text, how often each; not what frames, bars and marks are made of."""
    found = text.replace("[x]", "").split()
    return Counter(each for each in found if any(map(str.isalnum, each)))


def lost(page: str, model: str, columns: int, on_screen: bool) -> list[str]:
    """Return what a page lacks of its model, and what it has more; the model is in the characters of the page.

    A word of more than half a line, such as an address, is to be found whole: on the screen of an emulator, over the
    rows that the terminal itself has made of its line.
    """
    page, model = AGO.sub("naguère", page), AGO.sub("naguère", model)
    expected, wrong = words(model), []
    for word in [each for each in expected if len(each) > columns // 2]:
        letters = ("\n?" if on_screen else "").join(map(re.escape, word))
        page, often = re.subn(rf"(?<!\S){letters}(?!\S)", " ", page)
        wrong += [f"{often} times {word}"] * (often != expected.pop(word))
    here = words(page)
    return wrong + [f"lost {expected - here}, new {here - expected}"] * (expected != here)


@lru_cache
def in_its_characters(text: str, encoding: str) -> str:
    """Return a text as an encoding has it, without what is drawn."""
    return transliterate(text.translate(DRAWN), encoding)


def faults(row: Row, cell: Cell, ended: Ended, model: list[str], mode: str) -> list[str]:
    """Return what is wrong with a cell, held against what it prints on the widest screen in UTF-8."""
    found = []
    raw = text_of(row, cell, ended)
    if ended.code != row.ends(mode) or "Traceback" in raw or "erreur de l'outil" in transliterate(raw, "ascii"):
        found.append(f"exception: code {ended.code}\n{raw}")
    seen = pages(row, cell, ended)
    if len(seen) != len(model):
        return [*found, f"exception: {len(seen)} screens for {len(model)}"]
    for page, other in zip(seen, model, strict=True):
        as_it_is = row.file and (mode == "pipe" or other[0] in "[{")
        expected = other if as_it_is else in_its_characters(other, cell.encoding)
        if cell.by_keys and not as_it_is:
            page, expected = as_cut(page, expected)
        if page.count("?") != expected.count("?"):
            found.append(f"?: {page}")
        wrong = [] if row.drawn and mode == "colour" else lost(page, expected, cell.columns, bool(ended.asked))
        found += [f"cut: {each} in\n{page}" for each in wrong]
    if row.bare not in ("always", mode) and not (row.drawn and mode == "colour"):
        # A sentence on standard error is one line, where a program reads it.
        shown = [text_of(row, cell, replace(ended, err=b""))] if mode == "pipe" else seen
        found += [
            f"cut: too wide: {line}" for page in shown for line in page.splitlines() if too_wide(line, cell.columns)
        ]
    return found + codes(raw, mode)


def too_wide(line: str, columns: int) -> bool:
    """Return whether a line is wider than the screen, and holds more than one long word such as an address."""
    return len(line) > columns and len(line.split()) > 1


def codes(raw: str, mode: str) -> list[str]:
    """Return the codes that do not belong here: any in a pipe or on a dumb terminal, colours where they are refused."""
    if mode in ("pipe", "dumb"):
        spaced = [line for line in raw.splitlines() if line != line.rstrip()] if mode == "pipe" else []
        return [f"codes: {raw}"] * ("\x1b" in raw) + [f"codes: ends in spaces: {line!r}" for line in spaced]
    styles = {part for style in re.findall(r"\x1b\[([\d;]*)m", raw) for part in style.split(";")}
    coloured = any(re.fullmatch(r"[349]\d|10\d", part) for part in styles)
    return [f"codes: {styles}"] * (mode == "NO_COLOR" and coloured)


# ----------------------------------------------------------------------------------------------------------- the matrix

Place = tuple[str, int, str]
"""An encoding, a width and a mode."""


def two_places(number: int) -> list[Place]:
    """Return where a command is run in the default tier: on a terminal of keys, and by lines; the next one elsewhere.

    Six encodings and five widths have no divisor in common: of thirty turns, each is another combination.
    """
    modes = list(MODES)[number % 2 :: 2]
    turns = [number // 2, number // 2 + len(ROWS) // 2]
    return [
        (ENCODINGS[turn % len(ENCODINGS)], WIDTHS[turn % len(WIDTHS)], mode)
        for turn, mode in zip(turns, modes, strict=True)
    ]


def chosen(whole: bool) -> list[Place]:
    """Return every combination, or as many as it takes for each two of encoding, width and mode to meet."""
    return [
        (encoding, columns, mode)
        for (first, encoding), (second, columns), (third, mode) in product(*map(enumerate, (ENCODINGS, WIDTHS, MODES)))
        if whole or (first + second) % len(MODES) == third
    ]


BY_COMMAND = pytest.mark.parametrize("number", range(len(ROWS)), ids=lambda number: ROWS[number].command or "menu")


@BY_COMMAND
def test_a_command_on_two_terminals(number: int, servers: Servers, kept: str) -> None:
    """In two modes, an encoding and a width: the expected code, no exception, all words, nothing cut, no stray code."""
    hold(ROWS[number], two_places(number), servers, kept)


@pytest.mark.exhaustive
@BY_COMMAND
def test_a_command_on_every_terminal(
    number: int, servers: Servers, kept: str, capsys: pytest.CaptureFixture[str], pytestconfig: pytest.Config
) -> None:
    """The same in every encoding, width and mode, but where the default tier has been."""
    whole = bool(pytestconfig.getoption("--whole-matrix"))
    places = [place for place in chosen(whole) if place not in two_places(number)]
    tally = hold(ROWS[number], places, servers, kept)
    with capsys.disabled():
        print(f"\n{ROWS[number].command or '(menu)':<32} {figures(tally)}", end=" ")


def model_width(row: Row, columns: int, mode: str, kept: str) -> int:
    """Return the widest screen that shows the same: from `WIDE` columns on, a walk by keys has its checklist beside."""
    by_keys = cell_of(row, "utf-8", columns, mode, kept).by_keys
    return WIDE - 1 if by_keys and columns < WIDE else max(WIDTHS)


def hold(row: Row, places: list[Place], servers: Servers, kept: str) -> Counter[str]:
    """Run a command in these places, hold what it prints against its models, and return how often what was found."""
    models = {}
    for mode, widest in dict.fromkeys((mode, model_width(row, columns, mode, kept)) for _, columns, mode in places):
        cell = cell_of(row, "utf-8", widest, mode, kept)
        ended = servers.run(cell)
        models[mode, widest] = pages(row, cell, ended)
        assert ended.code == row.ends(mode), f"{mode}: {models[mode, widest][-1]}"
    cells = [(mode, cell_of(row, encoding, columns, mode, kept)) for encoding, columns, mode in places]
    with ThreadPoolExecutor(servers.count) as pool:
        results = pool.map(servers.run, [cell for _, cell in cells])  # looked at while the next ones run
        found = {
            (mode, cell.encoding, cell.columns): wrong
            for (mode, cell), end in zip(cells, results, strict=True)
            if (wrong := faults(row, cell, end, models[mode, model_width(row, cell.columns, mode, kept)], mode))
        }
    kinds = Counter(kind.partition(":")[0] for wrong in found.values() for kind in wrong)
    for place, wrong in found.items():
        pytest.fail(f"{len(found)} of {len(cells)} cells; the first, {place}:\n" + "\n".join(wrong)[:3000])
    return Counter({"cells": len(cells), **kinds})


def figures(tally: Counter[str]) -> str:
    """Return the counts of a row, or of all."""
    return (
        f"{tally['cells']:>5} combinations, {tally['exception']} exceptions, {tally['?']} « ? », "
        f"{tally['cut']} cut, {tally['codes']} stray codes"
    )


def test_every_command_has_a_row() -> None:
    """The commands are those of the application itself: a new one without a row is missed here."""
    commands = {each.name or each.callback.__name__ for each in app.registered_commands if each.callback}
    assert commands - {row.command.split(" ")[0] for row in ROWS} == set()


@pytest.mark.parametrize(
    "cells",
    [chosen(whole=False), [place for number in range(len(ROWS)) for place in two_places(number)]],
    ids=["exhaustive", "default"],
)
def test_what_is_chosen_meets_in_pairs(cells: list[Place]) -> None:
    """Of every two of encodings, widths and modes, each pair of values is met, by one command or by all together."""
    for one, other in combinations(range(3), 2):
        assert {(cell[one], cell[other]) for cell in cells} == {(cell[one], cell[other]) for cell in chosen(whole=True)}


SAMPLE = [
    ("--help", "cp850", 60, "pipe"),
    ("fraud", "cp437", 80, "colour"),
    ("activate --mobile", "latin-1", 40, "dumb"),
    ("show fraud", "ascii", 120, "NO_COLOR"),
    ("facts", "cp1252", 40, "colour"),
    ("rpps 12", "cp850", 80, "pipe"),
    ("sessions", "utf-8", 80, "dumb"),
    ("fraude", "ascii", 40, "colour"),
]


@pytest.mark.parametrize(("command", "encoding", "columns", "mode"), first_rows(3, SAMPLE))
def test_a_process_of_its_own_prints_the_same(
    servers: Servers, kept: str, command: str, encoding: str, columns: int, mode: str
) -> None:
    """`python -m ecps_cli`, started as anybody starts it, writes what the forked process of the matrix writes."""
    row = next(each for each in ROWS if each.command == command)
    cell = cell_of(row, encoding, columns, mode, kept)
    forked, real = servers.run(cell), run(cell, real=True)
    assert replace(real, out=b"", asked=()) == replace(forked, out=b"", asked=())
    assert pages(row, cell, real) == pages(row, cell, forked)
