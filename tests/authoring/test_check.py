"""The command `check`: what it says of guides and facts in each of its forms; no file makes it fail or hang."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path, PureWindowsPath
from typing import Any
from unittest import mock

import jsonschema
import pytest

from ecps_cli.authoring import checker
from ecps_cli.authoring.checker import Report, check
from ecps_cli.authoring.freshness import stale_facts
from ecps_cli.authoring.rulebook import find_rulebook, read_rulebook
from ecps_cli.core.guide import Fact
from ecps_cli.loading import library
from ecps_cli.loading.library import Library
from ecps_cli.loading.problems import MOST, LoadError
from ecps_cli.loading.shipped import shipped
from ecps_cli.storage.check_cache import remember, remembered
from support.commands import Ran, call, spawn
from support.guide_texts import BAD
from support.rulebook import BASE, BASE_FACTS, DAY
from support.shapes import shaped

ERROR = BASE.replace("device: phone", "device: phoen")
WARNING = BASE.replace("    expect: L’écran d’accueil du téléphone est affiché.\n", "")


@pytest.fixture
def guides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder with one good guide and its facts, under the current one; the dates are of today."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "guides"
    folder.mkdir()
    write(folder / "exemple.yaml", BASE)
    write(folder / "facts.yaml", BASE_FACTS)
    return folder


def write(path: Path, text: str) -> Path:
    """Write a file whose guide was verified yesterday: the command line has a real clock."""
    today = date.today()
    dates = {"2026-09-20": today - timedelta(days=1), "2027-03-20": today + timedelta(days=100)}
    for old, new in dates.items():
        text = text.replace(old, f"{new:%Y-%m-%d}")
    path.write_text(text, "utf-8")
    return path


def checked(*arguments: str | Path) -> Ran:
    """What `check` says, the separators of its places as "/" on Windows too."""
    return slashed(call("check", *map(str, arguments)))


def slashed(ran: Ran) -> Ran:
    return replace(ran, out=ran.out.replace(os.sep, "/"), err=ran.err.replace(os.sep, "/"))


# --- for a person


def test_a_good_folder_is_said_to_be_good(guides: Path) -> None:
    """What has no fault gets one line, and 0, even from who is strict."""
    for ran in (checked(guides), checked("--strict", guides), checked("--guides", guides)):
        assert (ran.code, ran.out, ran.err) == (0, "2 fichiers : aucune erreur, aucun avertissement.\n", "")


def test_an_error_has_its_place_its_rule_its_line_and_its_remedy(guides: Path) -> None:
    """The fault is shown as an author looks for it: where, by which rule, the line with a caret, what to write."""
    write(guides / "exemple.yaml", ERROR)
    ran = checked("guides")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "guides/exemple.yaml:12:13: E206 « phoen » n’est pas permis ici. "
        "Écrivez « phone », « computer » ou « second-device ».",
        "   12 |     device: phoen",
        "      |             ^",
        "2 fichiers : 1 erreur, aucun avertissement.",
        "Pour comprendre une règle : ecps-guide check --explain E206",
    ]


def test_a_warning_stops_only_who_is_strict(guides: Path) -> None:
    """A warning is shown and counted, and is a failure where that is asked for."""
    write(guides / "exemple.yaml", WARNING)
    for arguments, code in (((), 0), (("--strict",), 1)):
        ran = checked(*arguments, "guides")
        assert ran.code == code
        assert ran.out.startswith("guides/exemple.yaml:13:5: W603 ")
        assert "aucune erreur, 1 avertissement." in ran.out


def test_errors_and_warnings_of_a_file_stand_in_its_order(guides: Path) -> None:
    """One run shows all there is, in the order in which the file is read."""
    write(guides / "exemple.yaml", ERROR.replace("contacts: [aide]\n", "").replace("Fermer", "Ouvrir, puis fermer"))
    assert re.findall(r"^guides\S+ (\w+)", checked("guides").out, re.MULTILINE) == ["W705", "E206", "W601"]


def test_a_walk_says_of_the_same_file_only_what_stops_it(guides: Path) -> None:
    """Advice is for the author: whoever follows a guide is not shown it."""
    write(guides / "exemple.yaml", WARNING)
    assert "W603" not in call("show", "exemple", "--guides", str(guides)).said
    write(guides / "exemple.yaml", ERROR)
    ran = call("show", "exemple", "--guides", str(guides))
    assert ran.err.startswith(f"{guides / 'exemple.yaml'}:12:13: « phoen »")


# --- what is checked


def test_a_file_a_folder_and_an_id_name_the_same_guide(guides: Path) -> None:
    """Whichever way a guide is named, it is checked once, and gets the same faults."""
    write(guides / "exemple.yaml", ERROR)
    by_file, by_folder = checked("guides/exemple.yaml"), checked("guides")
    by_id = checked("exemple", "--guides", "guides")
    assert by_file.out.splitlines()[:3] == by_folder.out.splitlines()[:3] == by_id.out.splitlines()[:3]
    assert checked("guides", "guides/exemple.yaml", guides).out == by_folder.out


def test_without_a_place_it_is_the_guides_that_list_shows() -> None:
    """The command alone is about the library: the one that comes along has its facts and three guides."""
    listed = json.loads(call("list", "--json").out)
    files = [Path(file).name for file in json.loads(checked("--json").out)["files"]]
    assert files == ["facts.yaml", *(f"{guide['id']}.yaml" for guide in listed)]


def test_a_guide_has_the_name_of_its_file(guides: Path) -> None:
    """A guide under another name is found by nobody, and it is said of the file as of its folder."""
    write(guides / "copie.yaml", BASE)
    for place in ("guides", "guides/copie.yaml"):
        ran = checked(place)
        assert ran.code == 1
        assert "guides/copie.yaml:2:5: E302 " in ran.out
    write(guides / "copie.txt", BASE)
    assert checked("guides/copie.txt").code == 0, "what no library holds may be called anything"


def test_of_one_guide_the_facts_that_it_cites_are_looked_at(guides: Path) -> None:
    """An old number that a guide gives is said at its place, once; another's is not. A folder says it of the facts."""
    old = BASE_FACTS.replace("2026-09-20", "2020-01-31")
    write(guides / "facts.yaml", old)
    write(guides / "exemple.yaml", BASE.replace("    end: done", "    contacts: [aide]\n    end: done"))
    seen = "guides/exemple.yaml:8:12: W703 le fait « aide » n’a pas été vu depuis le 31/01/2020. Vérifiez "
    for ran in (checked("guides/exemple.yaml"), checked("exemple", "--guides", "guides")):
        assert (ran.code, ran.out.count("W703")) == (0, 2), "once in the report, once in how it can be explained"
        assert ran.out.startswith(seen)
    assert checked("--strict", "guides/exemple.yaml").code == 1
    found = re.findall(r"^guides\S+ \w+", checked("guides").out, re.MULTILINE)
    assert {each.partition(":")[0] for each in found} == {"guides/facts.yaml"}


def test_facts_that_cannot_be_used_are_shown_once_and_not_held_against_guides(guides: Path) -> None:
    """The guides of a folder get no fault that is the facts'; a guide alone is shown why it cannot be walked."""
    write(guides / "autre.yaml", BASE.replace("id: exemple", "id: autre"))
    write(guides / "facts.yaml", BASE_FACTS.replace("kind: url", "kind: link"))
    for place in ("guides", "guides/exemple.yaml"):
        ran = checked(place)
        assert ran.code == 1
        assert re.findall(r"^guides\S+ \w+", ran.out, re.MULTILINE) == ["guides/facts.yaml:3:14: E206"]
        assert "ce que les guides en nomment n’a pas été vérifié" in ran.out


def test_a_folder_without_facts_takes_those_of_the_library(guides: Path, tmp_path: Path) -> None:
    """As when it is walked: a guide of one's own may name what the library knows."""
    mine = tmp_path / "mine"
    mine.mkdir()
    write(mine / "exemple.yaml", BASE)
    for place in (mine, mine / "exemple.yaml"):
        assert call("check", str(place), "--guides", str(guides)).code == 0
        assert "le fait « fiche » n’existe pas" in checked(place).out


def test_what_takes_the_place_of_another_is_said_and_is_no_fault(guides: Path, tmp_path: Path) -> None:
    """Own facts and guides win over those beneath: the report says which, in each of its forms, and stays clean."""
    mine = tmp_path / "mine"
    mine.mkdir()
    base, own = Library(guides), Library(mine, Library(guides))
    write(mine / "exemple.yaml", BASE)
    write(mine / "facts.yaml", BASE_FACTS.splitlines()[1] + "\nautre: {kind: source, name: A, value: B}\n")
    reports = {Path(each.file).name: each for each in check([], own, date.today())}
    assert {name: (each.replaces, each.errors, each.warnings) for name, each in reports.items()} == {
        "facts.yaml": (("aide",), 0, 0),
        "exemple.yaml": (("exemple",), 0, 0),
    }
    assert [each.replaces for each in check([], base, date.today())] == [(), ()]
    ran = checked(mine, "--guides", guides)
    assert (ran.code, ran.out) == (
        0,
        "mine/facts.yaml : l’emporte sur ce qui est fourni pour « aide ».\n"
        "mine/exemple.yaml : l’emporte sur ce qui est fourni pour « exemple ».\n"
        "2 fichiers : aucune erreur, aucun avertissement.\n",
    )
    ran = checked(mine, "--guides", guides, "--json")
    replaces = json.loads(ran.out.replace("//", "/"))["replaces"]  # a backslash of Windows is two in JSON
    assert replaces == {"mine/facts.yaml": ["aide"], "mine/exemple.yaml": ["exemple"]}
    ran = checked(mine, "--guides", guides, "--format", "github")
    assert ran.out.startswith("::notice file=mine/facts.yaml::l’emporte")


def test_a_file_that_its_name_hides_is_reported(guides: Path) -> None:
    """A folder that is checked says which file was meant to be a guide and is read by nobody."""
    write(guides / "autre.yaml.txt", BASE)
    ran = checked("guides")
    assert (ran.code, ran.out.splitlines()[0]) == (
        0,
        "guides/autre.yaml.txt:1:1: W104 ce fichier n’est pas lu à cause de son nom. Renommez-le « autre.yaml ».",
    )
    assert checked("--strict", "guides").code == 1


def test_one_broken_file_takes_no_command_with_it(guides: Path) -> None:
    """`list`, `help-line` and `show` name a draft that cannot be used in one line, and do their work."""
    write(guides / "brouillon.yaml", "titre: x\n")
    ran = call("list", "--json", "--guides", "guides")
    assert (ran.code, ran.err.count("\n")) == (0, 1)
    assert ran.err.replace("\\", "/").startswith("guides/brouillon.yaml:1:1: ")
    assert "exemple" in [each["id"] for each in json.loads(ran.out)]
    ran = call("help-line", "--guides", "guides")
    assert (ran.code, ran.err.count("\n")) == (0, 1)
    assert "Assistance" in ran.out
    write(guides / "facts.yaml", "aide: {}\n")
    ran = call("help-line", "--guides", "guides")
    assert ran.code == 0
    assert "guides/facts.yaml:1:7: " in ran.err.replace("\\", "/")
    ran = call("show", "fraud", "--guides", "guides")
    assert (ran.code, ran.err.count("\n")) == (0, 1)
    assert ran.err.replace("\\", "/").startswith("guides/facts.yaml:1:7: ")


def test_a_folder_of_nothing_that_works_is_a_problem(guides: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no guide at all can be used, a list has nothing to say but why."""
    monkeypatch.setattr("ecps_cli.loading.folders.shipped", lambda _: Path("nowhere"))
    write(guides / "exemple.yaml", "titre: x\n")
    ran = call("list", "--guides", "guides")
    assert (ran.code, ran.out) == (1, "")
    assert "guides/exemple.yaml:1:1: " in ran.err.replace("\\", "/")


def test_the_facts_alone_can_be_checked(guides: Path) -> None:
    """An author of facts names their file."""
    write(guides / "facts.yaml", BASE_FACTS.replace('"3608"', '"36.08"'))
    assert checked("guides/facts.yaml").out.startswith("guides/facts.yaml:2:46: E314 ")


def test_a_file_with_too_many_faults_shows_the_first_and_counts_the_others(guides: Path) -> None:
    """Warnings do not crowd errors out, nor the other way round."""
    steps = "".join(
        f"  - {{id: s{number}, who: doctor, device: nothing, do: Ouvrir la page}}\n" for number in range(MOST + 5)
    )
    write(guides / "exemple.yaml", BASE.replace("steps:\n", f"steps:\n{steps}"))
    ran = checked("guides")
    assert [ran.out.count(code) for code in (": E206 ", ": W603 ")] == [MOST, MOST]
    assert "guides/exemple.yaml : … et 10 autres." in ran.out
    assert f"{MOST + 5} erreurs, {MOST + 5} avertissements." in ran.out


# --- for a program

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["files", "errors", "warnings", "problems", "replaces"],
    "properties": {
        "files": {"type": "array", "items": {"type": "string"}},
        "errors": {"type": "integer", "minimum": 0},
        "warnings": {"type": "integer", "minimum": 0},
        "replaces": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["file", "line", "column", "code", "severity", "message", "source"],
                "properties": {
                    "file": {"type": "string"},
                    "line": {"type": "integer", "minimum": 1},
                    "column": {"type": "integer", "minimum": 1},
                    "code": {"type": "string", "pattern": "^[EW][0-9]{3}$"},
                    "severity": {"enum": ["error", "warning"]},
                    "message": {"type": "string", "minLength": 10},
                    "source": {"type": "string"},
                },
            },
        },
    },
}


def test_the_json_has_one_shape(guides: Path) -> None:
    """A program reads the same keys whatever was found, or not; the exit code is that of the text."""
    write(guides / "autre.yaml", ERROR.replace("id: exemple", "id: autre"))
    write(guides / "exemple.yaml", WARNING)
    for places, code in ((("guides",), 1), (("guides/exemple.yaml",), 0), (("nowhere.yaml",), 1)):
        ran = checked("--json", *places)
        assert ran.code == code
        jsonschema.validate(json.loads(ran.out), SCHEMA)
    found = json.loads(checked("--format", "json", "guides").out)
    assert [(each["code"], each["severity"], each["source"]) for each in found["problems"]] == [
        ("E206", "error", "    device: phoen"),
        ("W603", "warning", "    do: Fermer l’application."),
    ]
    assert (found["errors"], found["warnings"]) == (1, 1)


def test_github_gets_a_command_for_each_fault(guides: Path) -> None:
    """What GitHub Actions turns into annotations: escaped as actions/toolkit does, and nothing else on the output."""
    write(guides / "exemple.yaml", ERROR.replace("do: Fermer", "colour, a: b\n    do: Fermer"))
    write(guides / "facts.yaml", BASE_FACTS.replace("name: Page", 'name: Page, note: "[a](http://e.org/100%)"'))
    ran = call("check", "--format", "github", "guides")
    assert ran.code == 1
    assert ran.out.splitlines()[0] == (
        "::error file=guides/facts.yaml,line=3,col=37,title=E502::le lien « http://e.org/100%25 » n’est ni une adresse "
        "https, ni un numéro « tel: ». Écrivez « https://… », ou par exemple « tel:3608 »."
    )
    assert all(line.startswith(("::error file=guides/", "::warning file=guides/")) for line in ran.out.splitlines())


def test_github_s_properties_are_escaped(guides: Path) -> None:
    """The name of a file may hold what ends a property or a command."""
    odd = guides / "a,b:c%d.yaml"  # which Windows does not take: there it is a file that does not exist
    if os.name == "posix":
        odd.write_text("", "utf-8")
    assert call("check", "--format", "github", str(odd.relative_to(guides.parent))).out.startswith(
        f"::error file=guides/a%2Cb%3Ac%25d.yaml,line=1,col=1,title={'E105' if os.name == 'posix' else 'E101'}::"
    )


def test_github_gets_the_path_that_git_knows(guides: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    r"""The place of an annotation has "/" wherever the check was run: with Windows' "\", GitHub finds no such file."""
    monkeypatch.setattr("ecps_cli.cli.checking.PurePath", PureWindowsPath)
    ran = call("check", "--format", "github", "guides\\absent.yaml")
    assert ran.out.startswith("::error file=guides/absent.yaml,line=1,")


# --- the line and its caret


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("title: [x", ["    1 | title: [x", "      |        ^"]),
        ("titlé: 日本: x", ["    1 | titlé: 日本: x", "      |            ^"]),
        ("a: b\tc: d", ["    1 | a: b·c: d", "      |       ^"]),
        ("title: " + "é" * 200 + ": x", ["    1 | …" + "é" * 24 + ": x", "      | " + " " * 25 + "^"]),
    ],
)
def test_the_caret_stands_under_the_column(source: str, shown: list[str], guides: Path) -> None:
    """Wide letters take two cells, a tab is drawn as one, and of a long line the part around the column is shown."""
    (guides / "exemple.yaml").write_text(source, "utf-8")
    assert checked("guides/exemple.yaml").out.splitlines()[1:3] == shown


def test_hidden_characters_are_not_sent_to_the_terminal(guides: Path) -> None:
    """The line that is shown holds none of the characters that it is refused for."""
    (guides / "exemple.yaml").write_text("title: a\x1b[31mb\u202ec\u200b", "utf-8")
    out = checked("guides/exemple.yaml").out
    assert "    1 | title: a·[31mb·c·\n      |         ^\n" in out
    assert not re.search("[\x1b\u202e\u200b]", out)


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp850", "cp1252", "latin-1"])
def test_every_encoding_can_be_written_to(guides: Path, encoding: str) -> None:
    """An old console gets what it can show, and no traceback."""
    write(guides / "exemple.yaml", WARNING)
    ran = spawn("check", "guides", encoding=encoding, environ={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    assert (ran.code, ran.err) == (0, "")
    assert "W603" in ran.out
    assert "?" not in ran.out


# --- what a rule is for


@pytest.mark.parametrize("code", ["E403", "w601", "W703"])
def test_a_rule_is_explained_from_the_rulebook(code: str) -> None:
    """The section of `docs/rules.md` is what is printed: title, reasons, both examples, without Markdown's signs."""
    rule = read_rulebook(find_rulebook().read_text("utf-8"))[code.upper()]
    ran = call("check", "--explain", code)
    assert ran.code == 0
    assert ran.out.startswith(f"{rule.code} — {rule.title}\n")
    for block in rule.blocks:
        for word in block.text.replace("`", "").replace("**", "").split():
            assert word in ran.out.replace("**", "")
    assert "```" not in ran.out


def test_an_unknown_rule_is_refused() -> None:
    """A slip gets what was probably meant."""
    ran = call("check", "--explain", "E4033")
    assert (ran.code, ran.err) == (1, "La règle « E4033 » n’existe pas. Vouliez-vous dire « E403 » ?\n")


def test_an_unknown_format_is_a_usage_error() -> None:
    """The formats that there are stand in the sentence."""
    ran = call("check", "--format", "xml")
    assert ran.code == 2
    assert "« xml » n’est pas un format. Choisissez parmi : text, json, github." in ran.said


@pytest.mark.skipif(not os.environ.get("ECPS_CHECKOUT"), reason="only where the checkout is named")
def test_the_packaged_rulebook_is_that_of_the_checkout() -> None:
    """The wheel carries the rules of the repository, byte for byte."""
    checkout = Path(os.environ["ECPS_CHECKOUT"]) / "docs" / "rules.md"
    assert checkout.read_bytes() == find_rulebook().read_bytes()


# --- facts that are to be seen again


def test_stale_facts_are_listed(guides: Path) -> None:
    """A number not seen for more than a year is listed with its value and its date, and no other fact is."""
    ran = call("facts", "--stale", "--guides", str(guides))
    assert (ran.code, ran.out) == (0, "Aucun fait n’est à vérifier : tous ont été vus assez récemment.\n")
    old = BASE_FACTS.replace("source: fiche, verified_on: 2026-09-20", "source: fiche, verified_on: 2020-01-31", 1)
    write(guides / "facts.yaml", old)
    ran = call("facts", "--stale", "--guides", str(guides))
    assert ran.out.splitlines() == ["NUMÉROS", "", "Assistance  aide", "  3608", "  Fiche, vu le 31/01/2020", ""]


def test_only_current_numbers_addresses_and_labels_age() -> None:
    """A former fact is kept for the record; a definition and a source are texts of their day."""

    def fact(kind: str, seen: str, status: str = "current") -> Fact:
        return shaped(Fact, {"kind": kind, "name": "n", "value": "v", "verified_on": seen, "status": status})

    facts = {
        "old-phone": fact("phone", "2025-11-23"),
        "phone": fact("phone", "2025-11-24"),
        "old-url": fact("url", "2025-11-23"),
        "former": fact("url", "2020-01-01", "former"),
        "old-label": fact("label", "2024-11-23"),
        "label": fact("label", "2024-11-24"),
        "term": fact("term", "2004-01-01"),
        "source": fact("source", "2004-01-01"),
        "no-date": Fact(kind="phone", name="n", value="v"),
    }
    assert stale_facts(facts, DAY) == {"old-phone", "old-url", "old-label"}


# --- what is no guide


def make_bad_files(folder: Path) -> dict[str, str]:
    """Make files that are no guides; return for each what is said of it."""
    folder.mkdir()
    (folder / "empty").mkdir()
    contents: dict[str, tuple[bytes, str]] = {
        "long-line.yaml": (b"title: " + b"a" * 10_000_000, "E102 ce fichier dépasse 1 Mo."),
        "megabyte.yaml": (b"title: " + b"a" * 999_000, "E203 il manque"),
        "brackets.yaml": (b"[" * 100_000, "E102 plus de 20 listes"),
        "aliases.yaml": (
            b"a: &a [x]\n" + b"".join(b"b%d: &b%d [*a, *a]\n" % (each, each) for each in range(9)),
            "E106 « &a » est une marque YAML.",
        ),
        "zero.yaml": (b"title: a\0b", "E503 le caractère invisible U+0000"),
        "utf-16.yaml": ("title: é".encode("utf-16"), "E103 ce fichier est en UTF-16."),
        "cp1252.yaml": ("title: é".encode("cp1252"), "E103 ce fichier n’est pas en UTF-8."),
        "binary.yaml": (bytes(range(1, 256)) * 1_000, "E103 ce fichier n’est pas en UTF-8."),
        "nothing.yaml": (b"", "E105 le fichier est vide."),
    }
    for name, (raw, _) in contents.items():
        (folder / name).write_bytes(raw)
    said = {name: sentence for name, (_, sentence) in contents.items()}
    said |= {
        "absent.yaml": "E101 ce fichier n’existe pas.",
        "absent/": "E101 ce fichier n’existe pas.",
        "empty": "E101 ce dossier ne contient aucun guide.",
        "a" * 300 + ".yaml": "E101 ce fichier " + ("ne peut pas être lu." if os.name == "posix" else "n’existe pas."),
    }
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.yaml")
        (folder / "loop.yaml").symlink_to("loop.yaml")
        said |= {"pipe.yaml": "E101 c’est un périphérique ou un tube", "loop.yaml": "E101 ce fichier ne peut pas"}
    return said


def test_no_file_makes_the_command_fail_or_hang(tmp_path: Path) -> None:
    """Each thing that is no guide gets its sentence, in one run that ends, and the others are checked all the same."""
    said = make_bad_files(tmp_path / "bad")
    ran = slashed(spawn("check", *(f"{tmp_path}/bad/{name}" for name in said), "fraud"))
    assert (ran.code, ran.err) == (1, "")
    assert "Traceback" not in ran.out
    for name, sentence in said.items():
        place = f"{tmp_path.as_posix()}/bad/{name}".rstrip("/")
        assert re.search(rf"^{re.escape(place)}/?:\d+:\d+: {re.escape(sentence)}", ran.out, re.MULTILINE), name
    assert ran.out.count("\n") < 200
    assert f"\n{len(said) + 1} fichiers : " in ran.out


def test_a_folder_of_bad_files_is_reported_whole(tmp_path: Path) -> None:
    """A folder in which every guide is bad has a report for each, and none stops the others."""
    make_bad_files(tmp_path / "bad")
    files = [path.name for path in (tmp_path / "bad").iterdir() if path.suffix == ".yaml"]
    ran = spawn("check", str(tmp_path / "bad"))
    assert (ran.code, ran.err) == (1, "")
    assert f"\n{len(files)} fichiers : " in ran.out


def test_a_name_that_holds_anything_can_be_printed(guides: Path) -> None:
    """What somebody calls a file does not reach the terminal as it is."""
    assert "x\\u001b[31m.yaml:1:1: E101 " in call("check", "x\x1b[31m.yaml").out
    assert "E101 " in checked("a\0b.yaml").out


def test_reports_come_one_by_one(guides: Path) -> None:
    """A folder is not held in memory: each report is there before the next file is read."""
    write(guides / "zz.yaml", BASE.replace("id: exemple", "id: zz"))
    reports = check([str(guides)], Library(guides), date.today())
    first = [next(reports), next(reports)]
    (guides / "zz.yaml").unlink()
    assert [report.errors for report in (*first, *reports)] == [0, 0, 1]
    assert isinstance(first[0], Report)


# --- verdicts that are kept, and processes beside this one


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Folder of the shipped guides, the bad ones, and one that is no text."""
    folder = shutil.copytree(shipped("guides"), tmp_path / "corpus", ignore=shutil.ignore_patterns("tests"))
    for number, case in enumerate(BAD):
        if case.kind == "guide":
            (folder / f"bad-{number}.yaml").write_text(case.text, "utf-8", errors="surrogatepass", newline="")
    (folder / "no-text.yaml").write_bytes(bytes(range(256)))
    return folder


def test_a_verdict_that_was_kept_is_the_one_that_would_be_given(corpus: Path, tmp_path: Path) -> None:
    """Of every guide, good or bad, by its folder and by its name, the second run says what the first did."""
    verdicts: dict[str, Any] = {}
    for places in ([], [str(path) for path in sorted(corpus.glob("*.yaml"))[::9]]):
        first = list(check(places, Library(corpus), DAY, verdicts))
        remember(tmp_path / "cache", DAY, verdicts)
        kept = remembered(tmp_path / "cache", DAY)
        assert len(kept) > len(first) / 2
        with mock.patch.object(checker, "examine_guide", side_effect=AssertionError):
            assert list(check(places, Library(corpus), DAY, kept)) == first


def test_many_processes_find_what_one_does_in_its_order(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many examine a folder, it gets the same reports in the same order, and as many verdicts are kept."""
    one: dict[str, Any] = {}
    two: dict[str, Any] = {}
    for path in sorted(corpus.glob("bad-*.yaml"))[20:]:
        path.unlink()
    alone = list(check([], Library(corpus), DAY, one, jobs=1))
    monkeypatch.setattr(checker, "_FEW", 10)
    assert list(check([], Library(corpus), DAY, two, jobs=2)) == alone
    assert two == one


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("exemple.yaml", "device: phone", "device: phoen"), ("facts.yaml", "aide:", "autre:"), ("other.yaml", "", BASE)],
    ids=["the guide", "its facts", "the guides that it may lead to"],
)
def test_what_a_verdict_rests_on_is_looked_at_each_time(guides: Path, name: str, old: str, new: str) -> None:
    """A verdict holds for a text, for the facts and the guides that it may name: with another one it is given anew."""
    write(
        guides / "exemple.yaml",
        f"{BASE}\n".replace("outcomes:", "otherwise: [{if: Autre cas, guide: other}]\noutcomes:"),
    )
    environ = {"ECPS_DATA": str(guides.parent / "data")}
    before = call("check", "guides", environ=environ)
    text = (guides / name).read_text("utf-8") if old else ""
    write(guides / name, text.replace(old, new) if old else new.replace("id: exemple", "id: other"))
    after = call("check", "guides", environ=environ)
    assert after.out != before.out
    assert after == call("check", "guides", "--no-cache", environ=environ)


def test_a_verdict_holds_for_a_day(guides: Path, tmp_path: Path) -> None:
    """The rules know today: what was found on another day, or by another version, is not looked at."""
    remember(tmp_path, DAY, {"a": [0, 0, []]})
    assert remembered(tmp_path, DAY) == {"a": [0, 0, []]}
    assert remembered(tmp_path, DAY + timedelta(days=1)) == {}
    with mock.patch("ecps_cli.__version__", "0.0.0"):
        assert remembered(tmp_path, DAY) == {}


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def _falsify(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("1, 0", "0, 0"), "utf-8")


def _fill(path: Path) -> None:
    path.write_bytes(bytes(range(256)))


def _make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _make_pipe(path: Path) -> None:
    path.unlink()
    if hasattr(os, "mkfifo"):
        os.mkfifo(path)


def _make_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere.json"))
    with suppress(OSError):  # Windows may not let one
        path.symlink_to("elsewhere.json")


@pytest.mark.parametrize("spoil", [_cut, _falsify, _fill, _make_folder, _make_pipe, _make_link])
def test_a_cache_that_is_spoilt_is_as_if_it_were_not_there(guides: Path, spoil: Callable[[Path], None]) -> None:
    """Nothing is said of it, no verdict is another, and where a file can stand there it is whole again afterwards."""
    write(guides / "exemple.yaml", ERROR)
    environ = {"ECPS_DATA": str(guides.parent / "data")}
    before = call("check", "guides", environ=environ)
    cache = guides.parent / "data" / "cache" / "check.json"
    whole = cache.read_bytes()
    spoil(cache)
    assert (before.code, before.err) == (1, "")
    assert call("check", "guides", environ=environ) == before
    assert cache.is_dir() or cache.read_bytes() == whole


def test_a_cache_that_cannot_be_written_is_not_missed(guides: Path) -> None:
    """Where no folder can be made, the guides are checked all the same, and not a word is said."""
    (guides.parent / "data").write_text("no folder", "utf-8")
    environ = {"ECPS_DATA": str(guides.parent / "data")}
    ran = call("check", "guides", environ=environ)
    assert (ran.code, ran.err) == (0, "")
    assert (guides.parent / "data").read_text("utf-8") == "no folder"


def test_without_the_cache_nothing_is_kept_or_believed(guides: Path) -> None:
    """`--no-cache` neither reads verdicts nor writes any."""
    environ = {"ECPS_DATA": str(guides.parent / "data")}
    call("check", "guides", "--no-cache", environ=environ)
    assert not (guides.parent / "data").exists()
    call("check", "guides", environ=environ)
    cache, today = guides.parent / "data" / "cache", date.today()
    remember(cache, today, {key: [7, 0, []] for key in remembered(cache, today)})
    assert call("check", "guides", environ=environ).code == 1
    assert call("check", "guides", "--no-cache", environ=environ).code == 0


@pytest.mark.parametrize("jobs", ["0", "-1", "deux", "1000"])
def test_the_number_of_jobs_is_a_number(jobs: str) -> None:
    """What is no number of processes is a fault of usage."""
    ran = call("check", "--jobs", jobs)
    assert ran.code == 2
    assert "--jobs attend un nombre" in ran.said


def test_files_that_are_named_one_by_one_cost_no_more_each(guides: Path) -> None:
    """The folder of files that are named is listed once, its facts are examined once, however many there are."""
    for number in range(20):
        write(guides / f"g{number}.yaml", BASE.replace("id: exemple", f"id: g{number}"))
    with (
        mock.patch.object(library, "listing", wraps=library.listing) as listing,
        mock.patch.object(checker, "examine_facts", wraps=checker.examine_facts) as facts,
    ):
        reports = list(check([f"guides/g{number}.yaml" for number in range(20)], Library(guides), DAY))
    assert (len(reports), listing.call_count, facts.call_count) == (20, 1, 1)


CHECKOUT = Path(os.environ.get("ECPS_CHECKOUT") or Path(__file__).parents[2])
COMMANDS = CHECKOUT / "docs" / "commandes.md"


@pytest.mark.skipif(not COMMANDS.is_file(), reason="docs/ is not here: name the checkout in ECPS_CHECKOUT")
def test_what_the_page_of_commands_shows_is_what_is_said(guides: Path) -> None:
    """The two faults in docs/commandes.md are those of guides that have them, word for word, place for place."""
    page = COMMANDS.read_text("utf-8")
    unknown, doubtful = re.findall(r"^```text\n(mon-guide\.yaml:.*?)^```$", page, re.MULTILINE | re.DOTALL)
    head, _, rest = BASE.partition("  - id: last\n")
    head = head.replace("id: exemple", "id: mon-guide")
    mine = write(Path("mon-guide.yaml"), f"{head}    -   id: rpps\n        ask: Numéro RPPS\n        validat: rpps\n")
    with pytest.raises(LoadError, match=re.escape(unknown.strip())):
        Library(guides).find(str(mine))
    rest = rest.replace("Fermer l’application.", "Lire la licence, puis appuyer sur **Accepter**.")
    write(mine, f"\n{head}  - id: licence\n{rest}")
    assert call("check", "mon-guide.yaml", "--guides", "guides").out.startswith(doubtful)
