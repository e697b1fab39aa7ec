"""The command line: what each command prints, on which stream, with which exit code."""

from __future__ import annotations

import json
import re
import sys
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from ecps_cli import __version__
from ecps_cli.cli.app import app
from ecps_cli.walk.legend import deliberate
from ecps_cli.walk.prompter import DONE
from support.commands import Ran, call, name, problems, spawn
from support.scripts import Script
from support.shipped import FACTS, GUIDES, WALKS
from support.tiers import each_value, first_rows

READING = [
    ("--version",),
    ("--help",),
    ("activate", "--help"),
    ("list",),
    ("list", "--json"),
    *(("show", guide_id) for guide_id in GUIDES),
    ("facts",),
    ("glossary",),
    ("qr", "play-store"),
    ("help-line",),
    ("rpps", "99700218896"),
    ("rpps", "99700218896", "--json"),
    (),
]
"""Each command that only reads, as it ends well."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what the tool writes, and the guides that it finds, out of the user's hands."""
    monkeypatch.setenv("ECPS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("BROWSER", "true")
    monkeypatch.delenv("ECPS_GUIDES", raising=False)
    return tmp_path


MINE = """\
format: 1
id: mine
version: "1"
title: "Le mien"
verified_on: 2026-11-24
review_by: 2027-05-24
sources: [here]
fits:
  - "Essai."
otherwise:
  - {if: "Premier cas", do: "Remède du cas 1."}
  - {if: "Deuxième cas", do: "Remède du cas 2."}
  - {if: "Troisième cas", do: "Remède du cas 3."}
  - {if: "Une fraude", guide: fraud}
steps:
  - id: open
    who: doctor
    device: phone
    do: "Ouvrir l'application."
    expect: "L'accueil est affiché."
  - id: name
    who: support
    ask: "Nom du service"
    keep: full
    end: finished
outcomes:
  finished: {success: true, text: "C'est fini."}
"""


@pytest.fixture(autouse=True)
def facts_beside(home: Path) -> None:
    """Put the facts that the small guide names beside it."""
    (home / "un").mkdir(exist_ok=True)
    for folder in (home, home / "un"):
        (folder / "facts.yaml").write_text("here: {kind: source, name: Ici, value: Ce test}\n", encoding="utf-8")


def lines_of(guide_id: str, *, success: bool) -> str:
    """Return what is typed to walk a shipped guide to its first end of this kind."""
    script = next(each for each in WALKS[guide_id] if succeeds(each) is success)
    opening = [] if script.session.guide.steps[0].critical else [""]
    return "".join(f"{line}\n" for line in [*opening, *(move.line for move in script.moves)])


def succeeds(script: Script) -> bool:
    last = script.session.events[-1]
    return script.session.guide.outcomes[getattr(last, "outcome")].success  # noqa: B009


def escaped(text: str) -> bool:
    return "\x1b" in text


# ------------------------------------------------------------------------------------------------- commands that read


@pytest.mark.parametrize("command", READING, ids=name)
def test_what_was_asked_for_is_on_standard_output(command: tuple[str, ...]) -> None:
    """A command that reads ends with 0, prints on standard output only, without escape codes in a pipe."""
    ran = call(*command)
    assert ran.code == 0
    assert command[:1] == ("qr",) or ran.err == "", "in a pipe, why there is no code"
    assert ran.out.strip()
    assert not escaped(ran.out)


@pytest.mark.parametrize("command", [each for each in READING if each and "--help" not in each], ids=name)
@pytest.mark.parametrize("columns", ["40", "80", "120"])
def test_no_line_of_a_pipe_ends_in_spaces(command: tuple[str, ...], columns: str) -> None:
    """What goes to a file has no trailing spaces, and each address on one line, at any width."""
    ran = call(*command, environ={"COLUMNS": columns})
    assert ran.code == 0
    assert [line for line in ran.out.split("\n") if line != line.rstrip()] == []
    known = [fact.value for fact in FACTS.values() if fact.kind == "url"]
    for line in ran.out.splitlines():
        address = re.search(r"https://\S*", line)
        if address and "--json" not in command:
            assert address[0].rstrip(")") in known


@pytest.mark.parametrize("command", [("--help",), ("fraud", "--help"), ()], ids=name)
def test_no_line_of_a_piped_help_ends_in_spaces(command: tuple[str, ...]) -> None:
    """The help in a file has no trailing spaces either."""
    assert [line for line in call(*command).out.split("\n") if line != line.rstrip()] == []


C_LOCALE = {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
ENCODINGS = {
    **({} if sys.platform == "win32" else {"C": C_LOCALE}),  # a code page of Windows does not follow LC_ALL
    "ascii": {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
    "cp850": {"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp850"},
    "cp1252": {"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"},
}


@pytest.mark.parametrize(
    ("command", "environ"),
    first_rows(6, zip([each for each in READING if each], cycle(ENCODINGS), strict=False)),
    ids=name,
)
def test_no_letter_is_lost_on_an_old_terminal(command: tuple[str, ...], environ: str) -> None:
    """On a stream of few characters a command prints the same words: nothing raises, no letter becomes « ? »."""
    encoding = ENCODINGS[environ].get("PYTHONIOENCODING", "ascii")
    ran = spawn(*command, environ=ENCODINGS[environ], encoding=encoding)
    assert ran.code == 0
    assert command[:1] == ("qr",) or ran.err == "", "in a pipe, why there is no code"
    assert ran.out.count("?") == call(*command).out.count("?")
    assert encoding != "ascii" or ran.out.isascii()


STOPPING = {("fraud",): 5, ("activate", "--mobile"): 5, ("activate",): 5, ("rpps", "12"): 1, ("show", "frod"): 1}


@pytest.mark.parametrize(("command", "environ"), each_value(list(STOPPING), list(ENCODINGS)), ids=name)
def test_no_letter_is_lost_in_a_walk_or_a_problem(command: tuple[str, ...], environ: str) -> None:
    """Walks and problems too print the same words on any stream."""
    ran = spawn(*command, environ=ENCODINGS[environ], encoding=ENCODINGS[environ].get("PYTHONIOENCODING", "ascii"))
    here = call(*command)
    assert ran.code == here.code == STOPPING[command]
    assert (ran.out.count("?"), ran.err.count("?")) == (here.out.count("?"), here.err.count("?"))
    assert "Traceback" not in ran.err


def test_the_version() -> None:
    """`--version`, or `-V`, prints the name and the version, by both ways to start."""
    assert call("-V").out == f"ecps-guide {__version__}\n"
    assert call("--version").out == f"ecps-guide {__version__}\n"
    assert spawn("--version").out == f"ecps-guide {__version__}\n"


def test_the_script_and_the_module_are_one() -> None:
    """The installed script runs the same entry point as `python -m ecps_cli`."""
    ran = spawn("--version", python=("-c", "from ecps_cli.__main__ import main; main()"))
    assert (ran.code, ran.out) == (0, f"ecps-guide {__version__}\n")


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_the_help_begins_with_examples(option: str) -> None:
    """The help shows what to type before it lists anything, in French, and says that it is no official tool."""
    ran = call(option)
    assert ran.code == 0
    examples = ran.out.index("Exemples")
    for example in ("activate --mobile", "activate --with-card", "fraud", "rpps 99700218896"):
        assert examples < ran.out.index(f"ecps-guide {example}") < ran.out.index("Options")
    for command in ("activate", "fraud", "run", "list", "show", "facts", "glossary", "qr", "help-line", "rpps"):
        assert re.search(rf"^  {command} ", ran.out, re.MULTILINE)
    assert "n’est pas un outil officiel de l’ANS" in ran.said
    for english in ("Show this message", "Commands", "Arguments", "required", "default:"):
        assert english not in ran.out


@pytest.mark.parametrize(
    "command", ["activate", "fraud", "run", "list", "show", "report", "facts", "glossary", "qr", "help-line", "rpps"]
)
def test_the_help_of_each_command_is_in_french(command: str) -> None:
    """Each command says in French what it does and what each argument and option is for."""
    ran = call(command, "--help")
    assert ran.code == 0
    assert "Afficher cette aide." in ran.out
    for english in ("Show this message", "required", "[default", "<str>", "TEXT", "PATH"):
        assert english not in ran.out


def test_without_a_command_and_without_a_terminal_the_help() -> None:
    """Where nobody can choose from a menu, the bare command prints the help."""
    assert call().out == call("--help").out


def test_the_list_names_every_guide() -> None:
    """`list` has each guide with its title; `--json` has the same as data."""
    text, data = call("list").out, json.loads(call("list", "--json").out)
    assert [row["id"] for row in data] == list(GUIDES)
    for row in data:
        assert set(row) == {"id", "title", "version", "review_by"}
        assert row["id"] in text
        assert row["title"] in text
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["review_by"])


@pytest.mark.parametrize("guide_id", GUIDES)
def test_a_guide_is_shown_entire(guide_id: str) -> None:
    """`show` prints each action, each deviation and each end of a guide."""
    guide = GUIDES[guide_id]
    said = call("show", guide_id).said.replace("’", "'")
    texts = [step.text for step in guide.steps]
    texts += [each.if_ for step in guide.steps for each in step.deviations]
    texts += [outcome.text for outcome in guide.outcomes.values()]
    for text in texts:
        assert " ".join(text.replace("**", "").replace("’", "'").replace("\n- ", "\n• ").split()) in said


def test_facts_and_definitions_are_all_there() -> None:
    """`facts` has every number, address and label, former ones marked; `glossary` has every definition."""
    facts, terms = call("facts"), call("glossary")
    for fact in FACTS.values():
        where = terms if fact.kind == "term" else facts
        assert fact.name.replace("\u00a0", " ") in where.said
    assert facts.out.count("(ancien)") == sum(fact.status == "former" for fact in FACTS.values())


def test_guides_of_another_folder(home: Path) -> None:
    """`--guides` and ECPS_GUIDES name a folder that adds to what comes along, the option before the variable."""
    (home / "un" / "mine.yaml").write_text(MINE, encoding="utf-8")
    (home / "deux").mkdir()
    packaged = [row["id"] for row in json.loads(call("list", "--json").out)]
    both = [row["id"] for row in json.loads(call("list", "--json", "--guides", str(home / "un")).out)]
    assert both == sorted([*packaged, "mine"])
    environ = {"ECPS_GUIDES": str(home / "un")}
    assert "Le mien" in call("show", "mine", environ=environ).out
    without = json.loads(call("list", "--json", "--guides", str(home / "deux"), environ=environ).out)
    assert [row["id"] for row in without] == packaged


# ---------------------------------------------------------------------------------------------------------------- rpps

KEYS = ["input", "national_id", "rpps", "valid", "kind", "key_ok", "message"]


@pytest.mark.parametrize(
    "number", ["99700218896", "899700218896", "8 997 0021 8896", "997.002.188-96", "８９９７００２１８８９６"]
)
def test_a_right_number_is_printed_in_twelve_digits(number: str) -> None:
    """A valid number, however written, is its twelve digits on standard output and nothing else."""
    assert call("rpps", number) == Ran(0, "899700218896\n", "")
    assert call("rpps", *number.split()) == Ran(0, "899700218896\n", "")


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("12", "il en manque 9"),
        ("10003461033", "très probablement une faute de frappe"),
        ("012345678", "ADELI"),
        ("bonjour", "11 chiffres, ou 12 en commençant par 8"),
        ("", "Rien n’a été lu"),
        ('&é"-è_çà', "AZERTY"),
        ("[bold]12[/bold]", "[/bold]"),
    ],
)
def test_a_wrong_number_is_explained(number: str, says: str) -> None:
    """A number that is none is one sentence on standard error, with exit 1."""
    ran = call("rpps", number)
    assert (ran.code, ran.out) == (1, "")
    assert says in ran.said
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("number", "code", "expected"),
    [
        ("99700218896", 0, {"national_id": "899700218896", "rpps": "99700218896", "valid": True, "key_ok": True}),
        ("10003461033", 1, {"valid": False, "key_ok": False}),
        ("12", 1, {"national_id": None, "rpps": None, "valid": False, "key_ok": None}),
        ("bonjour", 1, {"national_id": None, "rpps": None, "valid": False, "key_ok": None}),
        ("", 1, {"valid": False}),
        ('un "guillemet" et \\', 1, {"valid": False}),
    ],
)
def test_a_number_as_json(number: str, code: int, expected: dict[str, Any]) -> None:
    """`--json` prints the same seven keys on standard output, whether the number is valid or not."""
    ran = call("rpps", number, "--json")
    assert (ran.code, ran.err) == (code, "")
    answer = json.loads(ran.out)
    assert list(answer) == KEYS
    assert answer["input"] == number
    assert expected.items() <= answer.items()
    assert answer["message"]
    assert answer["kind"]


@pytest.mark.parametrize(
    ("encoding", "number"),
    [
        ("utf-8", "12"),
        ("utf-8", "“12”"),
        ("cp1252", "“12”"),
        ("cp850", "«12»"),
        ("cp850", "“12”"),
        ("ascii", "12"),
        ("ascii", "œ"),
    ],
)
def test_json_is_json_on_every_stream(encoding: str, number: str) -> None:
    """Whatever the encoding of the stream, what `--json` prints can be read back."""
    environ = {"PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}
    ran = spawn("rpps", number, "--json", environ=environ, encoding=encoding)
    assert json.loads(ran.out)["valid"] is False


@pytest.mark.parametrize("option", ["--jsn", "--jason", "--plain"])
def test_an_unknown_option_of_rpps_is_said(option: str) -> None:
    """An option that `rpps` does not have is a fault of usage, not a part of the number."""
    ran = call("rpps", "99700218896", option)
    assert ran.code == 2
    assert f"L’option {option} n’existe pas." in ran.said


# --------------------------------------------------------------------------------------------------------------- walks


def test_a_walk_from_a_pipe_stops_where_its_lines_end() -> None:
    """When the lines run out the walk pauses with 5, nothing being answered, and says where on standard error."""
    ran = spawn("activate", "--mobile", typed="\n\n99700218896\n")
    assert ran.code == 5
    assert "Numéro RPPS du médecin" in ran.out
    assert "La réponse est vide" in ran.out
    assert ran.err.startswith("En pause à l’étape « Ouvrir la messagerie du médecin sur un deuxième appareil »")
    assert not escaped(ran.out + ran.err)


@pytest.mark.parametrize("command", [("activate", "--mobile"), ("activate",)], ids=name)
def test_a_walk_that_never_began_says_so(command: tuple[str, ...]) -> None:
    """When the input ends before the first step, a sentence says that nothing has begun."""
    ran = call(*command)
    assert ran.code == 5
    assert ran.err.strip()


@pytest.mark.parametrize("guide_id", ["activate-mobile", "activate-with-card", "fraud"])
def test_a_whole_walk_from_a_pipe(guide_id: str) -> None:
    """A procedure walked to its success by lines ends with 0, its outcome and ticket on standard output."""
    command = {"activate-mobile": ("activate", "--mobile"), "activate-with-card": ("activate", "--with-card")}
    ran = spawn(*command.get(guide_id, (guide_id,)), typed=lines_of(guide_id, success=True))
    assert ran.code == 0
    assert ran.err == ""
    assert "RÉUSSI — " in ran.out
    assert "Pour le ticket :" in ran.out
    assert [line for line in ran.out.split("\n") if line != line.rstrip()] == []
    assert not escaped(ran.out)


@pytest.mark.parametrize("guide_id", ["activate-mobile", "activate-with-card", "fraud"])
def test_a_walk_that_comes_to_nothing(guide_id: str) -> None:
    """A procedure that ends without success ends with 4, says what to do next, and how it is opened again."""
    ran = call("run", guide_id, typed=lines_of(guide_id, success=False))
    assert ran.code == 4
    assert re.fullmatch(r"Pas abouti\. Pour le rouvrir : ecps-guide resume [\d-]+\n", ran.err)
    assert "PAS ABOUTI — " in ran.out
    assert "Ensuite :" in ran.out


def test_what_is_typed_is_not_in_the_ticket() -> None:
    """The record that a walk prints holds the number masked only."""
    ran = call("activate", "--mobile", typed=lines_of("activate-mobile", success=True))
    record = ran.out[ran.out.index("Pour le ticket") :]
    assert "8 *** **** 8896" in record
    assert "99700218896" not in record.replace(" ", "")


@pytest.mark.parametrize("key", ["q", "Q"])
@pytest.mark.parametrize("command", [("activate", "--mobile"), ("activate",), ("fraud",)], ids=name)
def test_q_leaves_with_five(command: tuple[str, ...], key: str) -> None:
    """`q` pauses at the choice of a guide, at an opening and at a step."""
    assert call(*command, typed=f"{key}\n").code == 5


@pytest.mark.parametrize(("line", "title"), [("1", "avec sa carte CPS"), ("2", "sans sa carte CPS")])
def test_activate_asks_which_way(line: str, title: str) -> None:
    """`activate` alone lists both ways with what each needs, then goes straight into the one that is chosen."""
    ran = call("activate", typed=f"{line}\n")
    choice, opened = ran.out.split("Tapez un numéro", 1)
    assert "lecteur de carte" in choice
    assert "deuxième appareil" in choice
    assert "Ce guide convient si" not in opened
    assert "Étape 1 sur" in opened
    assert title in opened


def test_both_ways_at_once_is_a_fault_of_usage() -> None:
    """`--with-card` and `--mobile` exclude each other: exit 2, nothing on standard output."""
    ran = call("activate", "--with-card", "--mobile")
    assert (ran.code, ran.out) == (2, "")
    assert "--with-card et --mobile s’excluent." in ran.said


@pytest.mark.parametrize("command", [("fraud", "--plain"), ("fraud",)], ids=name)
def test_lines_where_there_is_no_terminal(command: tuple[str, ...]) -> None:
    """Without a terminal, asked for or not, the walk is by numbered lines, without boxes."""
    ran = call(*command, typed="\n")
    assert ran.code == 5
    assert "  1. Pas encore répondu\n" in ran.out
    assert not set(ran.out) & set("╭│━☐▶")


@pytest.mark.parametrize("line", ["1", "2"])
def test_the_other_case_is_the_one_whose_number_is_typed(home: Path, line: str) -> None:
    """`p` at the opening lists the other cases; the number typed leads to the remedy that it stands before."""
    mine = home / "mine.yaml"
    mine.write_text(MINE, encoding="utf-8")
    ran = call("run", str(mine), typed=f"p\n{line}\n")
    answer = ran.out.split("Tapez un numéro :")[1]
    assert f"Remède du cas {line}." in answer


def test_the_last_case_and_the_way_back_from_the_cases(home: Path) -> None:
    """From the list of cases `r` comes back to the opening, and so does a remedy once read; another guide is opened."""
    mine = home / "mine.yaml"
    mine.write_text(re.sub("  - .*(Deuxième|Troisième|fraude).*\n", "", MINE), encoding="utf-8")
    ran = call("run", str(mine), typed="p\nr\np\n1\n\n")
    assert "Remède du cas 1." in ran.out
    assert ran.out.count("Ce guide convient si") == 3
    mine.write_text(MINE, encoding="utf-8")
    ran = call("run", str(mine), typed="p\n4\n")
    assert "REFUSEZ" in ran.out


def test_a_guide_without_other_cases(home: Path) -> None:
    """Where no other case is foreseen, `p` comes back to the opening."""
    mine = home / "mine.yaml"
    mine.write_text(re.sub(r"otherwise:\n(  - .*\n)+", "", MINE), encoding="utf-8")
    ran = call("run", str(mine), typed="p\nq\n")
    assert ran.code == 5
    assert ran.out.count("Ce guide convient si") == 2


def test_a_guide_of_ones_own(home: Path) -> None:
    """`run FILE` walks a guide from anywhere, with the facts beside it."""
    mine = home / "mine.yaml"
    mine.write_text(MINE, encoding="utf-8")
    ran = call("run", str(mine), typed="\n\nameli\n")
    assert ran.code == 0
    assert ran.err == ""
    assert "Nom du service : ameli" in ran.out


# ------------------------------------------------------------------------------------------------------------- answers


def answers(home: Path, text: str) -> str:
    path = home / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture
def mine(home: Path) -> str:
    """Give the path of a small guide."""
    path = home / "mine.yaml"
    path.write_text(MINE, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ('open: ""\nname: ameli\n', 0, "Nom du service : ameli"),
        ('open: [n, "une note", ""]\nname: [p, "un écran vert", again, ameli]\n', 0, "Note : « une note »"),
        ('open: [s, "déjà ouverte"]\nname: oui\n', 0, "Nom du service : oui"),
        ('open: ""\nname: no\n', 0, "Nom du service : no"),
        ('open: ""\nname: 0123\n', 0, "Nom du service : 0123"),
        ('open: ""\n', 5, "n’a plus rien pour l’étape « name »"),
        ("name: ameli\n", 5, "n’a plus rien pour l’étape « open »"),
        ("open: [x, y]\nname: ameli\n", 5, "n’a plus rien pour l’étape « open »"),
        ('open: ""\nname: q\n', 5, "En pause à l’étape « Nom du service »"),
        ("{}\n", 5, "n’a plus rien pour l’étape « open »"),
    ],
)
def test_answers_from_a_file(home: Path, mine: str, text: str, code: int, says: str) -> None:
    """A file answers for a person, as written; where it has nothing more, the walk pauses and names the step."""
    ran = call("run", mine, "--answers", answers(home, text))
    assert ran.code == code
    assert says in (ran.out if code == 0 else ran.err)


def test_a_file_that_answers_a_shipped_guide(home: Path) -> None:
    """A complete file walks a shipped guide to its end, without anything being typed."""
    lines = {"ask": "99700218896", "choose": "1", "do": "", "tick": ""}
    text = "".join(
        f"{step.id}: {json.dumps(DONE if deliberate(step) else lines[step.action])}\n"
        for step in GUIDES["activate-mobile"].steps
    )
    ran = spawn("activate", "--mobile", "--answers", answers(home, text))
    assert ran.code == 0
    assert ran.err == ""
    assert "RÉUSSI" in ran.out


def test_the_echo_of_a_file_has_no_trailing_space(home: Path, mine: str) -> None:
    """What a file answers is shown as if typed, without spaces at the end."""
    ran = call("run", mine, "--answers", answers(home, 'open: ""\nname: ameli\n'))
    assert "> ameli\n" in ran.out
    assert [line for line in ran.out.split("\n") if line != line.rstrip()] == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('open: ""\nnam: x\n', ["2:1: l'étape « nam » n'existe pas. Vouliez-vous dire « name » ?"]),
        ("nope: x\nopen: y\nneither: z\n", ["1:1: l'étape « nope »", "3:1: l'étape « neither »"]),
        ("- a\n- b\n", ["1:1: "]),
        ("open: {a: b}\n", ["1:7: "]),
        ("open: [x\nname: y\n", ["1:7: "]),
        ('open: "a"\nopen: "b"\n', ["2:1: "]),
    ],
)
def test_a_file_of_answers_with_faults(home: Path, mine: str, text: str, places: list[str]) -> None:
    """A faulty file of answers is told by line and column, all at once, and nothing is walked."""
    path = answers(home, text)
    ran = call("run", mine, "--answers", path)
    assert (ran.code, ran.out) == (1, "")
    told = problems(ran.err.replace("’", "'"), Path(path))
    assert len(told) == len(places)
    for line, place in zip(told, places, strict=True):
        assert line.startswith(f"{path}:{place}")


@pytest.mark.parametrize(("missing", "says"), [("nowhere.yaml", "n'existe pas"), (".", "c'est un dossier")])
def test_a_file_of_answers_that_is_none(home: Path, mine: str, missing: str, says: str) -> None:
    """A missing file, or a folder in its place, is one sentence with exit 1."""
    ran = call("run", mine, "--answers", str(home / missing))
    assert (ran.code, ran.out) == (1, "")
    assert says in ran.err.replace("’", "'")


# ------------------------------------------------------------------------------------------------- guides with problems

BAD = MINE.replace("device: phone", "device: fone").replace("ask:", "aks:").replace('title: "Le mien"', "title:")


@pytest.mark.parametrize("command", ["run", "show"])
def test_a_guide_with_problems_is_not_walked(home: Path, command: str) -> None:
    """All problems of a guide are told, each with its file, line and column, on standard error; nothing is walked."""
    bad = home / "bad.yaml"
    bad.write_text(BAD, encoding="utf-8")
    ran = spawn(command, str(bad))
    assert (ran.code, ran.out) == (1, "")
    told = problems(ran.err, bad)
    assert len(told) == len(ran.err.splitlines()) >= 3
    for place in (":4:7:", ":18:13:", ":23:5:"):
        assert any(line.startswith(f"{bad}{place}") for line in told), ran.err
    for line in told:
        assert re.match(rf"{re.escape(str(bad))}:\d+:\d+: \S", line)


def test_a_folder_with_a_faulty_guide(home: Path) -> None:
    """The list of a folder in which one guide is faulty has the others, and names the place of the fault in a line."""
    (home / "un" / "bad.yaml").write_text(BAD.replace("id: mine", "id: bad"), encoding="utf-8")
    ran = call("list", "--guides", str(home / "un"))
    assert (ran.code, ran.err.count("\n")) == (0, 1)
    assert "fraud" in ran.out
    assert ran.err.startswith(f"{home / 'un' / 'bad.yaml'}:")


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("run", "frod"), "Vouliez-vous dire « fraud » ?"),
        (("show", "activate-mobil"), "Vouliez-vous dire « activate-mobile » ?"),
        (("show", "zzz"), "Choisissez parmi « activate-mobile », « activate-with-card », « card-blocked »,"),
        (("run", ""), "n'existe pas"),
        (("run", "./nowhere.yaml"), "nowhere.yaml:1:1: ce fichier n'existe pas."),
        (("run", "."), "n'existe pas"),
        (("run", "./"), "c'est un dossier"),
        (("list", "--guides", "nowhere"), "Le dossier de guides « nowhere » n'existe pas."),
        (("fraud", "--guides", "nowhere"), "Le dossier de guides « nowhere » n'existe pas."),
        (("run", "[bold]x[/bold]"), "[bold]x[/bold]"),
        (("run", "\x1b[31mrouge"), "rouge"),
    ],
)
def test_what_cannot_be_found_is_explained(
    home: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], says: str
) -> None:
    """A guide, file or folder that is not there is a sentence in French with what to do, exit 1, on standard error."""
    monkeypatch.chdir(home)
    ran = call(*command)
    assert (ran.code, ran.out) == (1, "")
    assert says in ran.said.replace("’", "'").replace("\\", "/")
    assert not escaped(ran.err)


# --------------------------------------------------------------------------------------------------------------- usage


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("frod",), "La commande « frod » n’existe pas. Vouliez-vous dire fraud ?"),
        (("zzzz",), "La commande « zzzz » n’existe pas."),
        (("",), "La commande «  » n’existe pas."),
        (("list", "--jsn"), "L’option --jsn n’existe pas. Vouliez-vous dire --json ?"),
        (("activate", "--mobil"), "L’option --mobil n’existe pas. Vouliez-vous dire --mobile ?"),
        (("activate", "--zzzz"), "L’option --zzzz n’existe pas."),
        (("-x",), "L’option -x n’existe pas."),
        (("--plain", "fraud"), "L’option --plain n’existe pas."),
        (("run",), "Il manque GUIDE."),
        (("show",), "Il manque GUIDE."),
        (("rpps",), "Il manque NUMÉRO."),
        (("fraud", "--answers"), "L’option --answers attend une valeur."),
        (("list", "--guides"), "L’option --guides attend une valeur."),
        (("activate", "--mobile=oui"), "L’option --mobile ne prend pas de valeur."),
        (("activate", "--mobile", "--with-card"), "--with-card et --mobile s’excluent. Gardez une seule des deux."),
        (("list", "de", "trop"), "« de trop » est de trop."),
        (("fraud", "x"), "« x » est de trop."),
        (("l'aide",), "La commande « l'aide » n’existe pas."),
    ],
)
def test_a_fault_of_usage_is_explained_in_french(
    command: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is mistyped is named, with what was probably meant and where its help is: exit 2, standard output bare."""
    monkeypatch.setattr(sys.modules["__main__"], "__package__", None, raising=False)  # not `python -m pytest`
    known = {each.name or each.callback.__name__ for each in app.registered_commands if each.callback}
    ran = call(*command)
    assert (ran.code, ran.out) == (2, "")
    assert " ".join(says.split()) in ran.said
    named = f"{command[0]} " if command[0] in known else ""
    assert ran.said.endswith(f" Aide : ecps-guide {named}--help")
    assert not re.search(r"\b(No such|Got|Missing|requires|Invalid|unexpected)\b", ran.err)
    assert ran.err.count("\n") == 1


# ------------------------------------------------------------------------------------------------- looks and terminals


@pytest.mark.parametrize(
    ("command", "environ"),
    each_value(
        [("fraud",), ("list",), ("show", "fraud"), ("facts",), ("--help",), ("frod",)],
        [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {}],
    ),
    ids=name,
)
def test_no_escape_code_in_a_pipe(command: tuple[str, ...], environ: dict[str, str]) -> None:
    """Nothing that is piped has an escape code in it."""
    ran = call(*command, environ=environ)
    assert not escaped(ran.out + ran.err)


FIRST_READ = """
import sys
import ecps_cli.walk.by_lines
from ecps_cli.walk import prompter
from ecps_cli.__main__ import main

def read():
    sys.stdout.flush()
    slow = sorted({name.split(".")[0] for name in sys.modules} & {"questionary", "prompt_toolkit", "webbrowser"})
    slow += sorted({"ecps_cli.exports.record", "ecps_cli.french.telephone", "platformdirs"} & set(sys.modules))
    sys.stderr.write(f"read; imported: {slow}\\n")
    raise prompter.EndOfInput

import ecps_cli.cli.console
ecps_cli.walk.by_lines.read_stdin = ecps_cli.cli.console.read_stdin = read
sys.argv = ["ecps-guide", "fraud"]
main()
"""


def test_fraud_says_refuse_before_anything_is_read_or_imported() -> None:
    """The first thing on the screen is what not to do; nothing interactive is imported, nothing read, before it."""
    ran = spawn(python=("-c", FIRST_READ), environ={"PYTHONUNBUFFERED": ""})
    assert ran.code == 5
    assert "REFUSEZ la notification. NE TAPEZ PAS le code" in " ".join(ran.out.split())
    assert ran.err.splitlines()[0] == "read; imported: []"


FIRST_KEY = """
import builtins, sys
from unittest import mock
from ecps_cli.__main__ import main

class Terminal:
    def __init__(self, stream): self.stream = stream
    def isatty(self): return True
    def __getattr__(self, name): return getattr(self.stream, name)

sys.stdin, sys.stdout = Terminal(sys.stdin), Terminal(sys.stdout)
real = builtins.__import__
seen = []

def watched(name, *rest, **named):
    if name.split(".")[0] in ("questionary", "prompt_toolkit") and not seen:
        seen.append(name)
        sys.stdout.write("<FIRST IMPORT>")
        sys.stdout.flush()
        raise KeyboardInterrupt
    return real(name, *rest, **named)

builtins.__import__ = watched
sys.argv = ["ecps-guide", "fraud"]
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process without a console asks by lines there")
def test_fraud_on_a_terminal_says_refuse_before_the_import() -> None:
    """On a terminal too the first screen is painted before what asks is imported; Ctrl-C then is one sentence."""
    ran = spawn(python=("-c", FIRST_KEY))
    assert ran.code == 130
    shown, _ = ran.out.split("<FIRST IMPORT>")
    assert "REFUSEZ la notification. NE TAPEZ PAS le code" in " ".join(shown.replace("│", " ").split())
    assert ran.err.strip() == "Interrompu."


@pytest.mark.terminal
@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is POSIX")
@pytest.mark.parametrize("command", [("fraud",), ("list",), ("--help",)], ids=name)
def test_a_dumb_terminal_gets_no_escape_code(command: tuple[str, ...]) -> None:
    """On a terminal that can do no more, there are plain lines only."""
    from support.real_terminal import RealTerminal

    with RealTerminal(*command, environ={"TERM": "dumb"}) as terminal:
        if command == ("fraud",):
            terminal.wait("REFUSEZ", "Tapez un numéro")
            terminal.send("q", "Enter")
            terminal.wait("Rien n’a été commencé.")
        assert terminal.end() == (5 if command == ("fraud",) else 0)
        assert b"\x1b" not in terminal.raw


COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m")


@pytest.mark.terminal
@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is POSIX")
@pytest.mark.parametrize(("environ", "coloured"), [({"NO_COLOR": "1"}, False), ({}, True)])
def test_colours_can_be_refused(environ: dict[str, str], coloured: bool) -> None:
    """With NO_COLOR a terminal gets no colour; without it, it does."""
    from support.real_terminal import RealTerminal

    with RealTerminal("show", "fraud", environ=environ) as terminal:
        assert terminal.end() == 0
        assert bool(COLOUR.search(terminal.raw)) is coloured


@pytest.mark.parametrize(
    "arguments",
    [
        ("sessions", "--verify", "--json"),
        ("sessions", "--verify", "--since", "24/11/2026"),
        ("check", "--json", "--format", "github"),
        ("check", "--explain", "W601", "--strict"),
        ("test", "fraud", "--min-coverage", "000000000999"),
        ("test", "fraud", "--min-coverage", "0" * 9 + "1" * 5000),
    ],
)
def test_no_option_is_passed_over(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """Options that do not go together, or a number out of bounds, are a usage error: none is silently ignored."""
    assert call(*arguments, environ={"ECPS_DATA": str(tmp_path)}).code == 2


def test_a_name_too_long_for_a_file_is_a_sentence(tmp_path: Path) -> None:
    """A path that the system cannot hold is refused as any other that is not there, when watched and when begun too."""
    long = tmp_path / ("a" * 300)
    for arguments in (("new", "g", "-o", str(long / "g.yaml")), ("run", f"{long}.yaml", "--watch")):
        ran = call(*arguments, environ={"ECPS_DATA": str(tmp_path)})
        assert ran.code == 1
        assert "Une erreur de l’outil" not in ran.said


@pytest.mark.parametrize("piece", ["a", "[", "[a", "**a ", "et ", "tout "])
def test_a_text_that_fits_no_screen_is_refused_and_the_longest_that_fits_is_shown(tmp_path: Path, piece: str) -> None:
    """A text of over 2000 characters is E102, whatever is in it; one that is just not too long is checked and shown."""
    facts = 'fiche: {kind: source, name: Fiche, value: "https://example.org"}\n'
    (tmp_path / "facts.yaml").write_text(facts, "utf-8")
    head = (
        'format: 1\nid: g\nversion: "1"\ntitle: G\nverified_on: 2026-11-24\nreview_by: 2027-05-24\nsources: [fiche]\n'
    )
    tail = "outcomes:\n  done: {success: true, text: Fait.}\n"
    path = tmp_path / "g.yaml"
    for length, code in ((2000, 0), (2001, 1)):
        text = (piece * 2001)[: length - 1] + "."
        step = f'steps:\n  - {{id: s, who: doctor, device: phone, do: "{text}", expect: "{text}", end: done}}\n'
        path.write_text(head + step + tail, "utf-8")
        for command in (("check", str(path)), ("show", str(path)), ("show", str(path), "--format", "html")):
            ran = call(*command)
            assert ran.code == code
            assert ("a plus de 2000 caractères. Coupez ce texte en plusieurs." in ran.said) == bool(code)


def test_a_critical_first_step_is_seen_after_the_choice_of_a_guide(home: Path) -> None:
    """Chosen between two, a guide that begins with a critical step shows it: no screen of it stood there before."""
    folder = home / "guides"
    folder.mkdir()
    critical = MINE.replace(
        'do: "Ouvrir l\'application."', 'critical: true\n    why: "Un danger."\n    do: "Ouvrir l\'application."'
    )
    for guide_id in ("activate-mobile", "activate-with-card"):
        text = critical.replace("id: mine", f"id: {guide_id}").replace("[here]", "[fiche-2026]")
        (folder / f"{guide_id}.yaml").write_text(text, "utf-8")
    assert "Un danger." in call("activate", "--guides", str(folder), typed="1\n").out
