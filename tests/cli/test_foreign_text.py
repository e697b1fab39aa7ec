"""Nothing foreign is printed raw: no guide, fact, file's name, argument, variable or journal steers a terminal."""

from __future__ import annotations

import io
import json
import shlex
import sys
import unicodedata
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.text import Text

from ecps_cli.core.events import Answered, Labelled, Noted
from ecps_cli.core.text import visible
from ecps_cli.loading.shipped import shipped
from ecps_cli.screen.terminal import make_console, paint
from ecps_cli.storage.store import Store
from ecps_cli.walk import question_text
from support.commands import Ran, call
from support.guide_texts import GOOD, GOOD_FACTS

RAW = (
    "\x1b[31m",
    "\x1b]0;titre\x07",
    "\x9b31m",
    "\u202e",
    "\u2066",
    "\r",
    "\x08",
    "\x7f",
    "\u00ad",
    "\u2028",
    "\u0085",
)
HOSTILE = "a" + "é".join(RAW) + "z"
posix = pytest.mark.skipif(sys.platform == "win32", reason="no file there may have such a name")
UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


def raw_in(text: str) -> set[str]:
    """Return the characters of a text that nobody sees, and that may change how the others are read."""
    return {each for each in text if unicodedata.category(each) in UNSEEN} - {*"\n\t\u200c\u200d"}


def check(ran: Ran) -> None:
    assert raw_in(ran.out + ran.err) == set()
    assert ran.code in (0, 1, 2, 4, 5), ran.said


# ------------------------------------------------------------------------------------------------------------- the cut


@given(st.text())
def test_a_visible_text_has_nothing_unseen_and_says_the_same(text: str) -> None:
    """What is escaped is read back by JSON, and nothing else is changed."""
    shown = visible(text)
    assert raw_in(shown) == set()
    kept = "".join(each for each in text if not raw_in(each))
    assert kept == text or shown != text
    assert visible(shown) == shown
    quoted = json.dumps(text, ensure_ascii=False)
    assert json.loads(visible(quoted)) == text


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_style_is_painted_and_a_sequence_in_a_text_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the colours are Rich's own; a text that holds some is written as escapes."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    out = _Terminal()
    paint(make_console(out), Text("a\x1b[32mb\u202ec", style="red"))
    assert out.getvalue() == "\x1b[31ma\\u001b[32mb\\u202ec\x1b[0m\n"


@pytest.mark.parametrize("write", [question_text.question, question_text.option])
def test_a_question_and_an_option_hold_nothing_raw(write: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """What prompt_toolkit is given to paint is visible: it lets the order of writing through."""
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    assert callable(write)
    assert raw_in(write(HOSTILE)) == set()


# ---------------------------------------------------------------------------------------------------- the command line

ARGUMENTS = (
    *("@", "--@", "-@", "list @", "list --@", "list --guides @", "facts --guides @", "glossary --guides @"),
    *("run @", "run @.yaml", "run fraud --answers @", "run fraud --guides @", "fraud --case @", "activate --mobile @"),
    *("show @", "show fraud --format @", "show fraud -o @/x", "check @", "check --format github @", "check --json @"),
    *("check --format @", "check --explain @", "qr @", "rpps @", "rpps --json @", "new @", "new ok -o @/ok.yaml"),
    *("test @", "test --min-coverage @", "test --from @", "schema @", "preflight @", "help-line --guides @"),
    *("sessions --guide @", "sessions --since @", "sessions --abandon @", "sessions --export @", "case @ @"),
    *("report @", "report --format @", "feedback @", "forget @", "forget --older-than @", "resume @", "resume @.json"),
)


@pytest.mark.parametrize("line", ARGUMENTS)
def test_no_argument_is_printed_raw(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever an argument holds, what is said of it is visible."""
    monkeypatch.chdir(tmp_path)
    arguments = [each.replace("@", HOSTILE) for each in shlex.split(line)]
    check(call(*arguments, typed=f"{HOSTILE}\n", environ={"ECPS_DATA": str(tmp_path / "data")}))


@pytest.mark.parametrize("name", ["ECPS_DATA", "ECPS_GUIDES", "ECPS_KEEP_DAYS", "LANG", "_ECPS_GUIDE_COMPLETE", "HOME"])
def test_no_variable_is_printed_raw(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment holds, what is said of it is visible."""
    monkeypatch.chdir(tmp_path)
    for command in ("sessions", "list", "fraud"):
        check(call(command, typed="\n", environ={"ECPS_DATA": str(tmp_path), name: HOSTILE}))


# --------------------------------------------------------------------------------------------------- files and journal


def guides_in(folder: Path, text: str) -> None:
    """Write guides and facts good but for this text in each kind of place, as it is and as YAML escapes it."""
    folder.mkdir(exist_ok=True)
    folder.joinpath("facts.yaml").write_text(GOOD_FACTS.replace("name: Page", f"name: {json.dumps(text)}"), "utf-8")
    places = ("title: Un bon guide", "do: Ouvrir la page", "{accepted:", "page]", "id: blank", "validate: rpps", "who:")
    for number, place in enumerate(places):
        key, _, value = place.rpartition(" ") if ": " in place else ("", "", place)
        for escaped in (json.dumps(text), text):
            name = f"g{number}{len(escaped)}"
            worse = GOOD.replace("id: good", f"id: {name}").replace(place, place.replace(value, f"{escaped}: "), 1)
            folder.joinpath(f"{name}.yaml").write_text(worse, "utf-8", newline="", errors="replace")
            assert worse != GOOD, key


READING = (
    "list",
    "list --json",
    "facts",
    "glossary",
    "qr",
    "help-line",
    "check",
    "check --json",
    "check --format github",
)


@posix
def test_nothing_of_a_guide_or_a_file_s_name_is_printed_raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guides and facts laced with what steers a terminal, under such names: no command prints it as it is."""
    monkeypatch.chdir(tmp_path)
    guides_in(folder := tmp_path / "guides", HOSTILE)
    folder.joinpath(f"{HOSTILE}.yaml").write_text(GOOD, "utf-8")
    folder.joinpath(f"{HOSTILE}\n::error::x.yaml.txt").write_text(GOOD, "utf-8")
    environ = {"ECPS_GUIDES": str(folder), "ECPS_DATA": str(tmp_path / "data")}
    for line in READING:
        ran = call(*shlex.split(line), environ=environ)
        check(ran)
        assert "\n::error::x" not in ran.out, "a file's name is no line of its own"
    for path in sorted(folder.iterdir()):
        for command in ("run", "show", "check", "test"):
            check(call(command, str(path), typed="\n", environ=environ))


@pytest.fixture
def laced(tmp_path: Path) -> dict[str, str]:
    """A journal whose hashes fit, and whose sessions hold what no prompter lets through."""
    text, facts = ((shipped("guides") / name).read_text("utf-8") for name in ("fraud.yaml", "facts.yaml"))
    at = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
    with closing(Store(tmp_path / "data")) as store:
        for guide_id, tool, answer in (
            ("fraud", "t", "pending"),
            (HOSTILE, "t", "pending"),
            ("fraud", HOSTILE, HOSTILE),
        ):
            name = store.begin(at, guide_id, text, facts, tool, practice=False)
            store.append(name, Labelled(at, "situation", HOSTILE))
            store.append(name, Noted(at, "situation", HOSTILE, mismatch=True))
            store.append(name, Answered(at, "situation", answer))
        store._base.execute("DROP TRIGGER session_no_update")
        store._base.execute("UPDATE session SET id = ?, started = ? WHERE tool = ?", (HOSTILE, HOSTILE, HOSTILE))
    return {"ECPS_DATA": str(tmp_path / "data")}


KEPT = (
    *("sessions", "sessions --json", "sessions --verify", "report", "feedback", "resume", "fraud", "forget --all"),
    *(f"report {name} --format {fmt}" for name in ("20261124-183000", "@") for fmt in ("markdown", "html", "json")),
    *("feedback 20261124-183000", "report 20261124-183000", "sessions --export 20261124-183000", "sessions --export @"),
)


@pytest.mark.parametrize("line", KEPT)
def test_nothing_of_a_journal_is_printed_raw(line: str, laced: dict[str, str]) -> None:
    """A journal that somebody else has written, with the right hashes, is told visibly by every command."""
    arguments = [each.replace("@", HOSTILE) for each in shlex.split(line)]
    check(call(*arguments, typed="1\n", environ=laced))


@pytest.mark.fuzz
@pytest.mark.timeout(240)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.sampled_from([*"ab é/:#\"'{}[]", *"".join(RAW)]), min_size=1, max_size=30))
def test_no_text_anywhere_is_printed_raw(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of any mixture: as an argument of every command, and in guides and facts."""
    monkeypatch.chdir(tmp_path)
    environ = {"ECPS_DATA": str(tmp_path / "data"), "ECPS_GUIDES": str(tmp_path / "guides")}
    guides_in(tmp_path / "guides", text)
    for line in READING:
        check(call(*shlex.split(line), environ=environ))
    for line in ARGUMENTS[::5]:
        check(call(*(each.replace("@", text) for each in shlex.split(line)), environ=environ))
