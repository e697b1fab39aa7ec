"""Completion: what each shell is offered at Tab, what that imports, and how a shell is told to ask."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ecps_cli.cli import completion
from ecps_cli.exports.formats import GUIDE_FORMATS, SESSION_FORMATS
from ecps_cli.loading.library import open_library
from support.commands import LIMIT, call, quiet, spawn

LIBRARY = open_library(None, {})
GUIDES = set(LIBRARY.ids())
CODED = {each for each, fact in LIBRARY.facts().items() if fact.kind in ("url", "phone")}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what the tool writes, and the guides that it finds, out of the user's hands."""
    monkeypatch.setenv("ECPS_DATA", str(tmp_path / "data"))
    for name in ("HOME", "USERPROFILE"):  # as Windows has it
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("ECPS_GUIDES", raising=False)
    return tmp_path


def asked(line: str) -> dict[str, str]:
    """Environment in which bash asks to complete the last word of a line."""
    words = line.split(" ")
    return {
        "_ECPS_GUIDE_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }


def offered(line: str) -> set[str]:
    """Words that bash is offered for the last word of a line."""
    ran = call(environ=asked(line))
    assert (ran.code, ran.err) == (0, "")
    return {*ran.out.split()}


@pytest.mark.parametrize(
    "line", ["run ", "show ", "check ", "test ", "test fraud ", "sessions --guide ", "check --strict "]
)
def test_ids_of_guides_are_offered(line: str) -> None:
    """Wherever a command takes a guide, all their ids are offered; of a word begun, those that go on with it."""
    assert offered(f"ecps-guide {line}") == GUIDES
    assert offered(f"ecps-guide {line}card-") == {"card-blocked", "card-on-pc"}


def test_ids_of_ones_own_guides_are_offered(home: Path) -> None:
    """The folder that `--guides` or ECPS_GUIDES names is looked into; one that is not there offers nothing."""
    (home / "mine.yaml").write_text("id: mine\n", encoding="utf-8")
    assert offered(f"ecps-guide run --guides {home.as_posix()} ") == {*GUIDES, "mine"}
    assert call(environ={**asked("ecps-guide run mi"), "ECPS_GUIDES": str(home)}).out.split() == ["mine"]
    assert call(environ={**asked("ecps-guide run "), "ECPS_GUIDES": str(home / "none")}).said == ""


def test_ids_of_facts_with_a_code_are_offered(home: Path) -> None:
    """`qr` is offered the addresses and numbers, one's own too, and nothing else."""
    assert offered("ecps-guide qr ") == CODED
    (home / "facts.yaml").write_text("ici: {kind: url, value: x}\nla:\n  kind: label\n", encoding="utf-8")
    assert offered(f"ecps-guide qr --guides {home.as_posix()} ") == {*CODED, "ici"}


@pytest.mark.parametrize(
    "line", ["report", "resume", "feedback", "case", "forget", "sessions --abandon", "test --from"]
)
def test_ids_of_sessions_are_offered(line: str) -> None:
    """Wherever a command takes a session, their ids are offered; where none was kept, nothing is made."""
    assert offered(f"ecps-guide {line} ") == set()
    assert not Path(os.environ["ECPS_DATA"]).exists()
    assert call("fraud", "--plain", typed="1\n").code == 5
    (session,) = offered(f"ecps-guide {line} ")
    assert session in call("sessions").out


@pytest.mark.parametrize(
    ("line", "formats"),
    [
        ("report", SESSION_FORMATS),
        ("show fraud", ("text", *GUIDE_FORMATS)),
        ("check", ("text", "json", "github")),
        ("stats", ("text", "json", "html")),
    ],
)
def test_formats_are_offered(line: str, formats: tuple[str, ...]) -> None:
    """`--format` is offered exactly the formats that the command has, and a refusal of any other names the same."""
    assert offered(f"ecps-guide {line} --format ") == {*formats}
    ran = call(*line.split(), "--format", "xml")
    assert (ran.code, ran.out) == (2, "")
    assert f"« xml » n’est pas un format. Choisissez parmi : {', '.join(formats)}." in ran.err


def test_codes_of_rules_are_offered() -> None:
    """`check --explain` is offered the codes of the rules; each that is offered can be explained."""
    codes = offered("ecps-guide check --explain E5")
    assert codes
    assert all(call("check", "--explain", code).code == 0 for code in codes)


@pytest.mark.parametrize("line", ["--version ", "fraud --case 1234 --", "--show-completion ", "--install-completion "])
def test_completing_does_nothing_else(line: str, home: Path) -> None:
    """What stands before the word is read and not done: no version, no warning, no script, nothing written."""
    ran = call(environ=asked(f"ecps-guide {line}"))
    assert (ran.code, ran.err) == (0, "")
    assert "0.1" not in ran.out
    assert "complete" not in ran.out.replace("-completion", "")
    assert [*home.iterdir()] == []


COSTLY = ("ecps_cli.core.guide", "yaml", "rich", "questionary", "prompt_toolkit", "phonenumbers", "jinja2")
"""Typer loads Pydantic by itself; the model that is made with it costs as much again."""


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize("line", ["", "run ", "qr ", "report ", "check --explain "])
def test_completing_imports_little(line: str, shell: str, unmeasured: None) -> None:
    """A completion waits for Typer's libraries only: neither the model of a guide nor what paints is imported."""
    code = (
        "import sys; from ecps_cli.__main__ import main\n"
        "try: main()\n"
        f"finally: print([each for each in {COSTLY} if each in sys.modules], file=sys.stderr)"
    )
    asking = {"_ECPS_GUIDE_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": f"ecps-guide {line}"}
    ran = spawn(environ={**asked(f"ecps-guide {line}"), **asking}, python=("-c", code))
    assert (ran.code, ran.err) == (0, "[]\n")


# --------------------------------------------------------------------------------------------------------- real shells

SCRIPTS = {
    "bash": "{script}\nCOMP_WORDS=(ecps-guide run card-); COMP_CWORD=2; _ecps_guide_completion ecps-guide\n"
    'printf "%s\\n" "${{COMPREPLY[@]}}"',
    "zsh": 'compdef() {{ :; }}; _arguments() {{ print -r -- "$2$1"; }}\n{script}\n'
    "words=(ecps-guide run card-); CURRENT=3; _ecps_guide_completion",
    "fish": "{script}\ncomplete -C 'ecps-guide run card-'",
}


@pytest.mark.parametrize("shell", SCRIPTS)
def test_a_shell_reads_what_is_offered(shell: str, home: Path) -> None:
    """The script of each shell asks for ids and understands the answer; `tmux` has shown the same at a real Tab."""
    program = shutil.which(shell)
    if program is None or sys.platform == "win32":
        pytest.skip(f"no {shell} here")
    ours = home / "ecps-guide"
    ours.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ecps_cli "$@"\n', encoding="utf-8")
    ours.chmod(0o755)
    environ = quiet({"PATH": f"{home}{os.pathsep}{os.environ['PATH']}"})
    script = completion_script(shell)
    done = subprocess.run(
        [program, "-c", SCRIPTS[shell].format(script=script)],
        capture_output=True,
        env=environ,
        timeout=LIMIT,
        check=False,
        text=True,
    )
    assert [each for each in ("card-blocked", "card-on-pc", "fraud") if each in done.stdout] == [
        "card-blocked",
        "card-on-pc",
    ], done.stderr


def completion_script(shell: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer._completion_shared._get_shell_name", lambda: shell)
        ran = call("--show-completion")
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def test_powershell_is_offered_each_id_with_what_it_is() -> None:
    """PowerShell is sent one line a word: the word, and what it stands for."""
    assert call("fraud", "--plain", typed="1\n").code == 5
    asking = {"_TYPER_COMPLETE_ARGS": "ecps-guide report ", "_TYPER_COMPLETE_WORD_TO_COMPLETE": ""}
    ran = call(environ={"_ECPS_GUIDE_COMPLETE": "complete_powershell", **asking})
    (line,) = ran.out.splitlines()
    assert line.split(":::")[1] == "fraud"


@pytest.mark.parametrize("shell", ["powershell", "pwsh", "cmd"])
def test_no_policy_of_powershell_is_changed(shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--install-completion` says how to do it there; Typer would allow every script to run on that PC."""
    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: shell)
    ran = call("--install-completion")
    assert (ran.code, ran.out) == (1, "")
    assert "ecps-guide --show-completion | Add-Content $PROFILE" in ran.said
    assert "complete_powershell" in call("--show-completion").out


def test_the_completion_is_installed_for_the_shell_at_hand(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--install-completion` writes where the shell reads, and says in French what it wrote."""
    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: "fish")
    ran = call("--install-completion")
    written = home / ".config/fish/completions/ecps-guide.fish"
    assert ran.code == 0
    assert ran.said == f"La complétion de fish est écrite dans {written}. Elle vaut dans tout nouveau terminal."
    assert "complete_fish" in written.read_text("utf-8")


@pytest.mark.parametrize("shell", ["tcsh", None])
def test_a_shell_without_completion_is_said_so(shell: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell that has none, or that cannot be told, gets a sentence and 1."""
    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: shell)
    for option in ("--install-completion", "--show-completion"):
        ran = call(option)
        assert (ran.code, ran.out) == (1, "")
        assert completion.NO_SHELL in ran.err.replace("\u00a0", " ")
