"""The advice of a sentence fits how this copy was installed."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest

import ecps_cli
from ecps_cli import installation
from ecps_cli.installation import Kind, how_to_add, how_to_reinstall, kind
from support.commands import call
from support.team import fill

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an environment of the test's own, in which this package was installed by pip."""
    package = tmp_path / "site-packages" / "ecps_cli"
    package.mkdir(parents=True)
    monkeypatch.setattr(installation, "PACKAGE", package)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def leave(kind: Kind, installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave what a way to install leaves: found so by trying each."""
    match kind:
        case Kind.FROZEN:
            monkeypatch.setattr(sys, "frozen", True, raising=False)
        case Kind.ZIPAPP:
            monkeypatch.setattr(installation, "PACKAGE", installed / "ecps.pyz" / "ecps_cli")
        case Kind.FOLDER:
            (installed / "ecps-guide.cmd").touch()
        case Kind.PIPX:
            (installed / "pipx_metadata.json").touch()
        case Kind.UV_TOOL:
            (installed / "uv-receipt.toml").touch()
        case Kind.UVX:
            monkeypatch.setattr(sys, "prefix", str(installed / "archive-v0" / "x"))
        case Kind.CHECKOUT:
            (installed / "pyproject.toml").touch()
            monkeypatch.setattr(installation, "PACKAGE", installed / "src" / "ecps_cli")
            (installed / "src" / "ecps_cli").mkdir(parents=True)


TYPED = {
    Kind.FROZEN: "refaites le programme avec ce paquet",
    Kind.ZIPAPP: "refaites le fichier .pyz avec ce paquet",
    Kind.FOLDER: "prenez le zip dont le nom finit par « windows-pdf », à la place de ce dossier",
    Kind.CHECKOUT: 'python -m pip install "typst',
    Kind.PIPX: 'pipx inject ecps-guide "typst',
    Kind.UV_TOOL: 'refaites « uv tool install » en y ajoutant --with "typst',
    Kind.UVX: 'relancez uvx en y ajoutant --with "typst',
    Kind.PIP: 'python -m pip install "typst',
}


@pytest.mark.parametrize("way", Kind)
def test_a_way_to_install_is_told_by_what_it_leaves(
    way: Kind, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each way is known by what it leaves beside the package, and the missing PDF and a reinstallation fit it."""
    leave(way, installed, monkeypatch)
    assert kind() is way
    assert TYPED[way] in how_to_add("pdf")
    assert how_to_reinstall().endswith((".", "ecps-guide", " -e ."))
    monkeypatch.setitem(sys.modules, "typst", None)
    ran = call("show", "fraud", "--format", "pdf")
    assert ran.code == 1
    assert TYPED[way] in ran.said
    assert "--format html" in ran.said


@pytest.mark.parametrize("way", [Kind.FOLDER, Kind.PIPX, Kind.UV_TOOL])
def test_any_extra_is_added_as_this_copy_was_installed(
    way: Kind, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the packages of `stats` or `team` are missing, each command adds them in the way of this installation."""
    leave(way, installed, monkeypatch)
    fill(installed / "data", 1)
    environ = {"ECPS_DATA": str(installed / "data")}
    monkeypatch.delitem(sys.modules, "ecps_cli.exports.picture", raising=False)
    monkeypatch.delitem(sys.modules, "ecps_cli.team.replica", raising=False)
    for missing in ("matplotlib", "psycopg"):
        monkeypatch.setitem(sys.modules, missing, None)
    assert how_to_add("stats") in call("stats", "--format", "html", environ=environ).said
    environ["ECPS_TEAM"] = "nowhere"
    for command in ("resume --team", "stats --team", "team init", "team retain", "fraud --plain"):
        assert how_to_add("team") in call(*command.split(), typed="\nq\n", environ=environ).said, command


def test_no_sentence_knows_of_one_way_to_install_only() -> None:
    """Outside `installation`, nothing names pip's command or the brackets that only pip understands."""
    (package,) = map(Path, ecps_cli.__path__)
    files = [path for path in package.rglob("*.py") if path.name != "installation.py"]
    assert len(files) > 100
    assert [path.name for path in files if re.search(r"pip install|ecps-guide\[[a-z]", path.read_text("utf-8"))] == []


def test_the_folder_for_windows_names_no_python(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There, where no `python` can be typed, a sentence names the command by which it is started."""
    monkeypatch.setattr("typer._click.utils._detect_program_name", lambda: "python -m ecps_cli")
    assert call("fraud", "--wrong").err.endswith("Aide : python -m ecps_cli fraud --help\n")
    leave(Kind.FOLDER, installed, monkeypatch)
    assert call("fraud", "--wrong").err.endswith("Aide : ecps-guide fraud --help\n")


def test_what_the_folder_for_windows_has_and_has_not(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What each folder has comes from its zip; what none has needs another installation, not another folder."""
    leave(Kind.FOLDER, installed, monkeypatch)
    assert "extrayez de nouveau le zip" in how_to_add("card")
    assert "une installation par pip, car aucun dossier" in how_to_add("team")


def test_what_is_added_is_what_the_extra_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    """The packages to add are those of the extra, with their bounds; where nothing says them, the extra of ours."""
    assert '"typst>=' in how_to_add("pdf")
    monkeypatch.setattr("importlib.metadata.requires", lambda _: None)
    assert '"ecps-guide[pdf]"' in how_to_add("pdf")
    assert requires("ecps-guide"), "patched where it is looked up"


@pytest.mark.parametrize(
    ("folder", "typed"),
    [("bin", "python -m pip"), ("else where", '"{executable}" -m pip'), ("elsewhere", "{executable} -m pip")],
)
def test_the_python_to_type_is_the_one_that_runs(
    folder: str, typed: str, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python` is said where a shell finds this very one under that name; elsewhere its path."""
    (installed / "bin").mkdir(exist_ok=True)
    python = installed / "bin" / ("python.exe" if sys.platform == "win32" else "python")
    python.touch(mode=0o755)
    executable = str(installed / folder / "python")
    monkeypatch.setattr(sys, "executable", executable)
    assert how_to_add("pdf").startswith(typed.format(executable=executable))


LOCK = PROJECT.with_name("uv.lock")


@pytest.mark.skipif(not LOCK.exists(), reason="only the checkout has the lock")
def test_the_lock_knows_every_dependency() -> None:
    """`uv.lock` was written after the last change of the dependencies: a release refuses to be built otherwise."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    declared = {(each, "") for each in project["dependencies"]}
    declared |= {(each, extra) for extra, some in project["optional-dependencies"].items() for each in some}
    (own,) = (each for each in tomllib.loads(LOCK.read_text("utf-8"))["package"] if each["name"] == "ecps-guide")
    locked = {
        (each["name"] + each.get("specifier", ""), each.get("marker", "").removeprefix("extra == ").strip("'"))
        for each in own["metadata"]["requires-dist"]
    }
    bare = {
        (re.sub(r"\[.*?\]", "", name.lower().replace("_", "-")), extra)
        for name, extra in declared
        if not name.startswith("ecps-guide")
    }
    assert bare <= locked
    assert {name for name, _ in locked} == {name for name, _ in bare}
