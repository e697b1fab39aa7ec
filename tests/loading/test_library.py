"""The library: where guides and facts are found, and what is said of what cannot be read."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecps_cli
from ecps_cli.loading.library import Library, open_library
from ecps_cli.loading.loader import load_facts
from ecps_cli.loading.problems import LoadError, NotFound
from ecps_cli.loading.shipped import shipped

GUIDE = """\
format: 1
id: {id}
version: "1"
title: Un guide
verified_on: 2026-09-20
review_by: 2027-03-20
sources: [{source}]
steps:
  - {{id: only, who: doctor, device: phone, do: Ouvrir, end: done}}
outcomes:
  done: {{success: true, text: C'est fait.}}
"""
FACTS = '{source}: {{kind: source, name: Fiche, value: "https://example.org"}}\n'


def folder_of(path: Path, *ids: str, source: str | None = "fiche") -> Path:
    """Make a folder of guides that name a source, and the facts that hold it, if any is given."""
    path.mkdir(parents=True, exist_ok=True)
    for each in ids:
        (path / f"{each}.yaml").write_text(GUIDE.format(id=each, source=source or "fiche"), "utf-8", newline="\n")
    if source:
        (path / "facts.yaml").write_text(FACTS.format(source=source), "utf-8", newline="\n")
    return path


@pytest.fixture
def guides(tmp_path: Path) -> Library:
    """Library of two guides."""
    return Library(folder_of(tmp_path / "guides", "fraud", "activate"))


def refusal(read: object, *arguments: object) -> str:
    """What is said when something is refused, without the folders of the test."""
    with pytest.raises((LoadError, NotFound)) as caught:
        read(*arguments)  # type: ignore[operator]
    folders = r"[^ «:]*/(?=[^/ ]*[ :])" if os.name == "posix" else r"[A-Z]:\\[^ «:]*\\(?=[^\\ ]*[ :])"
    return re.sub(folders, "", str(caught.value))


# --- ids and facts


def test_the_ids_are_the_guides_of_the_folder(guides: Library) -> None:
    """Each `*.yaml` or `*.yml` but the facts is a guide; what is hidden, and what editors leave behind, is none."""
    for name in (".#fraud.yaml", "._activate.yaml", "fraud.yaml~", "fraud.yaml.bak", "note.txt", "other.yml"):
        (guides.folder / name).write_text("x", "utf-8")
    assert guides.ids() == ("activate", "fraud", "other")
    assert guides.unread == []


def test_a_yml_file_is_read_as_a_yaml_one(guides: Library) -> None:
    """Either suffix makes a guide or facts, by id and by path."""
    (guides.folder / "fraud.yaml").rename(guides.folder / "fraud.yml")
    (guides.folder / "facts.yaml").rename(guides.folder / "facts.yml")
    assert guides.ids() == ("activate", "fraud")
    assert guides.find("fraud").path == guides.folder / "fraud.yml"
    assert list(guides.find(str(guides.folder / "fraud.yml")).facts) == ["fiche"]


def test_a_file_that_its_name_hides_is_named(guides: Library) -> None:
    """What was meant to be a guide, and is not read, is said with what to do; asked for by its id, too."""
    for name in ("draft.yaml.txt", "note.yml.TXT", "fraud.yml", "Big.YAML", "facts.yaml.txt"):
        (guides.folder / name).write_text("x", "utf-8")
    said = {Path(each.file).name: (each.code, each.message) for each in guides.unread}
    renamed = "ce fichier n’est pas lu à cause de son nom. Renommez-le"
    assert said == {
        "draft.yaml.txt": ("W104", f"{renamed} « draft.yaml »."),
        "note.yml.TXT": ("W104", f"{renamed} « note.yml »."),
        "Big.YAML": ("W104", f"{renamed} « Big.yaml »."),
        "facts.yaml.txt": ("W104", f"{renamed} « facts.yaml »."),
        "fraud.yml": ("W104", "ce fichier n’est pas lu : « fraud.yaml » l’est à sa place. Gardez l’un des deux."),
    }
    assert guides.ids() == ("activate", "fraud")
    assert refusal(guides.find, "draft") == (
        f"Le guide « draft » n’est pas lu. draft.yaml.txt:1:1: {renamed} « draft.yaml »."
    )
    assert refusal(guides.find, str(guides.folder / "draft.yaml")) == (
        "draft.yaml:1:1: ce fichier n’existe pas. Vérifiez son nom : « draft.yaml.txt » est à côté."
    )


# --- what works beside what does not


def test_one_broken_file_is_named_and_the_others_work(guides: Library) -> None:
    """A draft, a file that cannot be read and one under a wrong name take no other guide with them."""
    (guides.folder / "draft.yaml").write_text("titre: x\n", "utf-8")
    (guides.folder / "folder.yaml").mkdir()
    (guides.folder / "late.yaml.txt").write_text("x", "utf-8")
    found, errors = guides.guides()
    assert [each.guide.id for each in found] == ["activate", "fraud"]
    assert [Path(each.problems[0].file).name for each in errors] == ["late.yaml.txt", "draft.yaml", "folder.yaml"]
    assert all("\n" not in each.headline for each in errors)
    assert re.search(r"draft\.yaml:1:1: .*\(et \d+ autres : ecps-guide check .*draft\.yaml\)$", errors[1].headline)
    assert [each.guide.id for each in guides.guides(["fraud"])[0]] == ["fraud"]


def test_broken_facts_take_only_the_guides_that_need_them(tmp_path: Path) -> None:
    """Guides that the facts beneath suffice for work, and say that others were set aside; the rest name the facts."""
    base = Library(folder_of(tmp_path / "base", "fraud"))
    own = Library(folder_of(tmp_path / "own", "mine", "other", source="note"), base)
    (own.folder / "other.yaml").write_text(GUIDE.format(id="other", source="fiche"), "utf-8")
    (own.folder / "facts.yaml").write_text("note: {kind: source, name: Note}\n", "utf-8")
    found, errors = own.guides()
    assert [each.guide.id for each in found] == ["fraud", "other"]
    assert [[Path(problem.file).name for problem in each.problems] for each in errors] == [["facts.yaml"]]
    assert {each.set_aside for each in found} == {errors[0]}
    assert refusal(own.find, "mine").startswith("facts.yaml:1:7: il manque « value ».")
    with pytest.raises(LoadError):
        own.facts()


# --- one folder over another


def test_a_folder_of_one_s_own_adds_to_the_library_beneath(tmp_path: Path) -> None:
    """One guide alone in a folder works: it may name the facts that come along, and the other guides are there."""
    base = Library(folder_of(tmp_path / "base", "fraud", "activate"))
    own = Library(folder_of(tmp_path / "own", "mine", source=None), base)
    assert own.ids() == ("activate", "fraud", "mine")
    assert own.find("mine").facts == base.facts()
    assert own.find("mine").facts_text == FACTS.format(source="fiche")
    assert own.find("fraud").path == base.folder / "fraud.yaml"


def test_what_is_one_s_own_wins(tmp_path: Path) -> None:
    """Of two facts, or guides, of an id the folder's own is taken: by its own guides and by those beneath."""
    base = Library(folder_of(tmp_path / "base", "fraud", "activate"))
    own = Library(folder_of(tmp_path / "own", "fraud"), base)
    (own.folder / "facts.yaml").write_text("fiche: {kind: source, name: Nôtre, value: \"\\u00e9 : 'x'\"}\n", "utf-8")
    assert own.find("fraud").path == own.folder / "fraud.yaml"
    for guide_id in ("fraud", "activate"):
        assert own.find(guide_id).facts["fiche"].name == "Nôtre"
    assert base.find("fraud").facts["fiche"].name == "Fiche"


def test_the_kept_text_of_merged_facts_holds_them_all(tmp_path: Path) -> None:
    """A session keeps one text of facts: read again, it gives those that the guide was walked with."""
    base = Library(folder_of(tmp_path / "base", "fraud", source="fiche"))
    own = Library(folder_of(tmp_path / "own", "mine", source="note"), base)
    (own.folder / "facts.yaml").write_text(
        'note: {kind: source, name: "A \\" \\\\ é", value: 007}\n'
        "aide: {kind: phone, name: Aide, value: 3608, source: fiche, verified_on: 2026-09-20}\n",
        "utf-8",
    )
    found = own.find("mine")
    assert list(found.facts) == ["fiche", "note", "aide"]
    assert load_facts(found.facts_text, "kept") == found.facts
    assert load_facts(own.find("fraud").facts_text, "kept") == found.facts


SHARED = """\
note: {kind: source, name: Note, value: Une note}
line: {kind: phone, name: Aide, value: "3608", source: note, verified_on: 2026-09-20}
old: {kind: phone, name: Aide, value: "3609", source: note, verified_on: 2026-09-20, status: former, replaced_by: line}
"""


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("line: {kind: phone, name: Nous, value: '12', source: note, verified_on: 2026-09-20}", ""),
        ("old: {kind: phone, name: Nous, value: '12', source: note, verified_on: 2026-09-20}", ""),
        ("new: {kind: phone, name: A, value: '1 2', source: note, verified_on: 2026-09-20}", ""),
        (
            "new: {kind: phone, name: A, value: '12', source: note, verified_on: 2026-09-20, status: former,"
            " replaced_by: line}",
            "",
        ),
        ("line: {kind: source, name: Nous, value: '12'}", "1:14: ce fait en remplace un de genre « phone », que"),
        (
            "line: {kind: phone, name: A, value: '12', source: note, verified_on: 2026-09-20, status: former}",
            "1:90: ce fait en remplace un qui vaut encore, et que",
        ),
        (
            "new: {kind: phone, name: A, value: '12', source: line, verified_on: 2026-09-20}",
            "1:50: « line » n’est pas une source.",
        ),
        (
            "new: {kind: phone, name: A, value: '12', source: note, verified_on: 2026-09-20, status: former,"
            " replaced_by: old}",
            "1:110: « old » ne vaut plus.",
        ),
    ],
)
def test_own_facts_and_those_beneath_fit_together(own: str, said: str, tmp_path: Path) -> None:
    """Facts may name those beneath; a fact that takes the place of another can stand where guides name that one."""
    folder_of(tmp_path / "base", source=None).joinpath("facts.yaml").write_text(SHARED, "utf-8")
    folder_of(tmp_path / "own", source=None).joinpath("facts.yaml").write_text(own, "utf-8")
    library = Library(tmp_path / "own", Library(tmp_path / "base"))
    if said:
        assert refusal(library.facts).startswith(f"facts.yaml:{said}")
    else:
        assert load_facts(library._known_facts.text, "kept") == library.facts()


def test_a_folder_is_listed_once(guides: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Naming every file of a folder costs one listing of it, not one for each."""
    listed: list[Path] = []
    iterdir = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda path: listed.append(path) or iterdir(path))  # type: ignore[func-returns-value]
    for _ in range(5):
        guides.find("fraud")
        guides.locate(str(guides.folder / "fraud.yaml"))
    assert listed == [guides.folder]


def test_a_folder_without_facts_has_none(tmp_path: Path) -> None:
    """A folder may hold no facts; its guides then have nothing to name."""
    bare = Library(folder_of(tmp_path / "bare", "fraud", source=None))
    assert bare.facts() == {}
    assert refusal(bare.find, "fraud") == (
        "fraud.yaml:7:11: le fait « fiche » n’existe pas. Ajoutez-le aux faits, avec « kind: source »."
    )


def test_the_facts_are_read_once(guides: Library) -> None:
    """A thousand guides of a folder share one reading of its facts."""
    before = guides.facts()
    (guides.folder / "facts.yaml").unlink()
    assert guides.facts() is before
    assert guides.find("fraud").facts is before


def test_facts_with_problems_are_refused(guides: Library) -> None:
    """A guide cannot be held against facts that are wrong: theirs are the problems that are shown."""
    (guides.folder / "facts.yaml").write_text("fiche: {kind: source, name: Fiche}\n", "utf-8")
    assert refusal(guides.find, "fraud") == (
        'facts.yaml:1:8: il manque « value ». Ajoutez par exemple « value: "0 806 800 213" ».'
    )


def test_a_folder_that_cannot_be_listed_is_refused(guides: Library) -> None:
    """A folder that goes away, or that one may not list, is said to be so."""
    shutil.rmtree(guides.folder)
    assert refusal(guides.ids) == "Le dossier « guides » ne peut pas être lu. Vérifiez vos droits."


# --- finding a guide


def test_a_guide_is_found_by_its_id(guides: Library) -> None:
    """What is found is the guide, its facts, its file, and the very text that was in it."""
    found = guides.find("fraud")
    assert found.guide.id == "fraud"
    assert found.facts == guides.facts()
    assert found.path == guides.folder / "fraud.yaml"
    assert found.text == GUIDE.format(id="fraud", source="fiche")


def test_the_id_wins_over_a_file_of_that_name(guides: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that happens to be called like a guide does not hide it."""
    monkeypatch.chdir(guides.folder)
    Path("fraud").write_text("x", "utf-8")
    assert guides.find("fraud").guide.id == "fraud"


def test_a_guide_has_the_name_of_its_file(guides: Library) -> None:
    """A guide copied under another name would be found by an id that it has not."""
    shutil.copy(guides.folder / "fraud.yaml", guides.folder / "theft.yaml")
    assert refusal(guides.find, "theft") == (
        "theft.yaml:2:5: le fichier s’appelle « theft », le guide « fraud ». Donnez-leur le même nom."
    )


def test_an_unknown_id_is_refused_with_what_was_probably_meant(guides: Library) -> None:
    """A slip gets a suggestion; anything else the list; an empty folder says so."""
    assert refusal(guides.find, "fraude") == "Le guide « fraude » n’existe pas. Vouliez-vous dire « fraud » ?"
    assert refusal(guides.find, "FRAUD") == "Le guide « FRAUD » n’existe pas. Vouliez-vous dire « fraud » ?"
    listing = "Choisissez parmi « activate » et « fraud »."
    for word in ("zzz", "facts", "", ".", "x\x1b[31m"):
        assert listing in refusal(guides.find, word)
    (guides.folder / "empty").mkdir()
    assert refusal(Library(guides.folder / "empty").find, "fraud").replace("empty", "guides") == (
        "Le guide « fraud » n’existe pas. Le dossier « guides » n’en contient aucun : donnez le chemin d’un fichier."
    )


def test_what_is_said_of_a_name_can_be_printed(guides: Library) -> None:
    """A name with control characters, or bytes that are no text, does not reach the screen as such."""
    assert "« x\\u001b[31m\\udcff »" in refusal(guides.find, "x\x1b[31m\udcff")


# --- a file of one's own


def test_a_file_is_found_by_its_path(guides: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A suffix or a separator makes a path, and so does a file that is there; its name need not be the guide's id."""
    mine = folder_of(tmp_path / "mine", "own", source=None)
    shutil.copy(mine / "own.yaml", mine / "copy of own.YML")
    shutil.copy(mine / "own.yaml", mine / "own")
    monkeypatch.chdir(mine)
    for reference in ("own.yaml", "copy of own.YML", "own", "./own", str(mine / "own.yaml")):
        found = guides.find(reference)
        assert found.guide.id == "own"
        assert found.path == Path(reference)
        assert found.facts == guides.facts()


def test_the_facts_beside_a_file_are_its_facts(guides: Library, tmp_path: Path) -> None:
    """A team's own folder has its own facts over the library's, even if it is not the library."""
    mine = folder_of(tmp_path / "mine", "own", source="note")
    assert list(guides.find(str(mine / "own.yaml")).facts) == ["fiche", "note"]
    (mine / "facts.yaml").write_text("{}", "utf-8")
    assert "le fait « note » n’existe pas" in refusal(Library(guides.folder).find, str(mine / "own.yaml"))


def test_a_path_that_leads_nowhere_is_refused_as_a_path(guides: Library) -> None:
    """Who names a file is told of the file, not of guides."""
    assert refusal(guides.find, "nowhere.yaml") == "nowhere.yaml:1:1: ce fichier n’existe pas. Vérifiez son chemin."
    assert "ce fichier n’existe pas" in refusal(guides.find, "C:\\nowhere")
    assert "ce fichier n’existe pas" in refusal(guides.find, str(guides.folder / "fraud.yaml" / "x"))


def test_a_folder_called_like_a_typo_is_no_file(guides: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is there does not turn a mistyped id into a path."""
    monkeypatch.chdir(folder_of(guides.folder / "here"))
    Path("fraude").mkdir()
    assert "Vouliez-vous dire « fraud » ?" in refusal(guides.find, "fraude")


# --- which folder


def test_the_folder_is_the_named_one_then_that_of_the_environment(tmp_path: Path) -> None:
    """`--guides` wins over `ECPS_GUIDES`; either stands over what comes along; an empty variable is none."""
    named, environ = folder_of(tmp_path / "a", "one"), folder_of(tmp_path / "b", "two")
    packaged = open_library(None, {"ECPS_GUIDES": ""})
    assert "fraud" in packaged.ids()
    for library, own in (
        (open_library(named, {"ECPS_GUIDES": str(environ)}), "one"),
        (open_library(None, {"ECPS_GUIDES": str(environ)}), "two"),
    ):
        assert list(library.own) == [own]
        assert library.ids() == tuple(sorted([own, *packaged.ids()]))
    again = open_library(packaged.folder, {})
    assert (again.ids(), again.base) == (packaged.ids(), None), "what comes along is not laid over itself"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Each way of naming a folder says what to look at."""
    absent = tmp_path / "absent"
    gone = "Le dossier de guides « absent » n’existe pas."
    assert refusal(open_library, absent, {}) == f"{gone} Vérifiez ce qui suit « --guides »."
    assert refusal(open_library, None, {"ECPS_GUIDES": str(absent)}) == (
        f"{gone} Vérifiez la variable ECPS_GUIDES, ou enlevez-la."
    )
    absent.write_text("a file", "utf-8")
    assert gone in refusal(open_library, absent, {})


def test_guides_come_along_in_the_wheel_and_in_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wheel holds them inside the package; an editable install finds those of the checkout."""
    package = tmp_path / "src" / "ecps_cli"
    package.mkdir(parents=True)
    monkeypatch.setattr(ecps_cli, "__path__", [str(package)])
    monkeypatch.setattr("ecps_cli.loading.folders.how_to_reinstall", lambda: "Réinstallez.")
    assert refusal(open_library, None, {}) == "Le dossier de guides « guides » n’existe pas. Réinstallez."
    folder_of(tmp_path / "guides", "checkout")
    assert open_library(None, {}).ids() == ("checkout",)
    folder_of(package / "guides", "wheel")
    assert open_library(None, {}).ids() == ("wheel",)


# --- any path, any bytes


@pytest.mark.parametrize("name", ["a\0b.yaml", "a" * 5000 + ".yaml", "\udcff\0.yaml"])
def test_a_path_that_no_system_takes_is_refused(guides: Library, name: str) -> None:
    """A path with a NUL, or longer than any, is one problem; to Windows, a path too long is one that is not there."""
    assert re.search(
        r"ce fichier (ne peut pas être lu|n’existe pas)\. Vérifiez son chemin\.", refusal(guides.find, name)
    )


@settings(deadline=None)
@given(raw=st.binary() | st.text().map(str.encode) | st.text().map(lambda text: text.encode("utf-16")))
def test_any_bytes_are_a_guide_or_problems(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """No file makes the library raise anything but its own errors."""
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(raw)
    with pytest.raises(LoadError):
        open_library(None, {}).find(str(path))


@settings(deadline=None)
@given(reference=st.text())
def test_any_reference_is_found_or_refused(reference: str) -> None:
    """No word or path makes the library raise anything but its own errors."""
    with pytest.raises((LoadError, NotFound)):
        open_library(None, {}).find(f"{reference}x")


@pytest.mark.parametrize("command", ["list", "new mine", "check --explain E403", "show fraud --format pdf"])
def test_what_is_shipped_is_found_in_a_zip_archive(command: str, tmp_path: Path) -> None:
    """From one archive, as zipapps are, folders and files of the program are read as from a folder."""
    content = {f"ecps_cli/{name}": shipped(name) for name in ("guides", "docs/rules.md", "docs/guide.schema.json")}
    content["ecps_cli"] = Path(ecps_cli.__path__[0])
    archive = tmp_path / "ecps.zip"
    with ZipFile(archive, "w") as zipped:
        for name, path in content.items():
            for each in [path, *path.rglob("*")] if path.is_dir() else [path]:
                inside = (Path(name) / each.relative_to(path)).as_posix()
                if each.is_file() and "__pycache__" not in inside and inside not in zipped.namelist():
                    zipped.write(each, inside)
    (tmp_path / "here").mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(archive), os.environ.get("PYTHONPATH")])),
        "PYTHONUTF8": "1",
        "ECPS_DATA": str(tmp_path / "data"),
    }
    ran = subprocess.run(
        [sys.executable, "-m", "ecps_cli", *command.split()],
        cwd=tmp_path / "here",
        env=environment,
        capture_output=True,
        timeout=50,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
