"""Guides that were compiled when the wheel was built: they save time, and change nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from shutil import copytree
from typing import NoReturn

import pytest

import ecps_cli
from ecps_cli import qr
from ecps_cli.authoring.compiling import compile_guides
from ecps_cli.loading.compiled import PACKAGE, compiled_guide
from ecps_cli.loading.library import Library
from ecps_cli.loading.problems import LoadError
from support.shipped import LIBRARY

GUIDES = LIBRARY.folder


def forget_compiled() -> None:
    for each in [name for name in sys.modules if name.startswith(PACKAGE)]:
        del sys.modules[each]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the shipped guides, compiled."""
    folder = tmp_path_factory.mktemp("made")
    compile_guides(Library(GUIDES), folder / "compiled")
    return folder


@pytest.fixture
def package(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Package of compiled guides that this program has, for the time of a test."""
    copytree(made / "compiled", tmp_path / "compiled")
    monkeypatch.setattr(ecps_cli, "__path__", [str(tmp_path), *ecps_cli.__path__])
    forget_compiled()
    yield tmp_path / "compiled"
    forget_compiled()


@pytest.fixture
def guides(tmp_path: Path) -> Path:
    """Copy of the shipped guides, to be edited."""
    return copytree(GUIDES, tmp_path / "guides", ignore=lambda *_: ["tests"])


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8", newline="\n")


def unused(*_: object, **__: object) -> NoReturn:
    raise AssertionError("the loader was asked")


def test_a_compiled_guide_is_the_one_that_the_loader_makes(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each shipped guide, its facts and their texts are the same, and the loader is not asked."""
    compiled = package.rename(package.with_name("away"))
    loaded = [Library(GUIDES).find(each) for each in Library(GUIDES).ids()]
    compiled.rename(package)
    forget_compiled()
    monkeypatch.setattr("ecps_cli.loading.loader.load_guide", unused)
    monkeypatch.setattr("ecps_cli.loading.loader.load_facts", unused)
    assert [Library(GUIDES).find(each) for each in Library(GUIDES).ids()] == loaded


@pytest.mark.usefixtures("package")
def test_a_guide_that_was_edited_is_loaded(guides: Path) -> None:
    """One letter in the guide is seen; so is a fault, with the sentence that it has without anything compiled."""
    edit(guides / "fraud.yaml", "title: ", "title: Ma ")
    assert Library(guides).find("fraud").guide.title.startswith("Ma ")
    edit(guides / "fraud.yaml", "who: doctor", "who: docteur")
    with pytest.raises(LoadError, match="docteur"):
        Library(guides).find("fraud")


@pytest.mark.usefixtures("package")
def test_facts_that_were_edited_are_held_against_the_guide(guides: Path) -> None:
    """A fact that is gone is a fault of the guide that names it, though this guide was compiled and is the same."""
    edit(guides / "facts.yaml", "\nans-help:", "\nans-hulp:")
    with pytest.raises(LoadError, match="ans-help"):
        Library(guides).find("fraud")


@pytest.mark.parametrize("text", ["", "TEXT = ", "raise KeyError", "TEXT = VALUE = 0", "\0", None])
def test_what_is_damaged_is_passed_over_in_silence(package: Path, text: str | None) -> None:
    """A compiled guide that cannot be used, or is not there, is as if there were none."""
    (package / "fraud.py").unlink()
    if text is not None:
        (package / "fraud.py").write_text(text, "utf-8")
    assert (
        compiled_guide("fraud", (GUIDES / "fraud.yaml").read_text("utf-8"), (GUIDES / "facts.yaml").read_text("utf-8"))
        is None
    )
    assert Library(GUIDES).find("fraud").guide.id == "fraud"


@pytest.mark.usefixtures("package")
def test_neither_the_facts_nor_the_codes_are_a_guide() -> None:
    """What is compiled under their names is not taken for a guide of that id, whatever a file of that name holds."""
    text = (GUIDES / "facts.yaml").read_text("utf-8")
    assert compiled_guide("facts", text, text) is None
    assert compiled_guide("qr_codes", "qr_codes", text) is None


@pytest.mark.usefixtures("package")
def test_the_code_of_a_fact_is_the_one_that_would_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each address and number has its code, the same as segno's, which is not asked; another text is drawn."""
    texts = [qr.payload(each) for each in LIBRARY.facts().values() if each.kind in ("url", "phone")]
    drawn = [qr.draw(each) for each in texts]
    with monkeypatch.context() as patched:
        patched.setattr(qr, "draw", unused)
        assert [qr.svg(each) for each in texts] == drawn
    assert qr.svg("https://example.fr/") == qr.draw("https://example.fr/")


@pytest.mark.parametrize("text", ["TEXT = 'qr_codes'\nVALUE = None", "raise KeyError", None])
def test_codes_that_are_damaged_are_drawn(package: Path, text: str | None) -> None:
    """Compiled codes that cannot be used, or are not there, are as if there were none."""
    (package / "qr_codes.py").unlink()
    if text is not None:
        (package / "qr_codes.py").write_text(text, "utf-8")
    assert qr.svg("tel:3608") == qr.draw("tel:3608")


@pytest.mark.skipif(not (Path(ecps_cli.__path__[0]) / "guides").is_dir(), reason="only a wheel carries them")
def test_the_wheel_carries_them() -> None:
    """Every guide of an installed copy was compiled from the text beside it."""
    assert find_spec(PACKAGE)
    library = Library(GUIDES)
    found = [library.find(each) for each in library.ids()]
    assert [each.guide.id for each in found if not compiled_guide(each.guide.id, each.text, each.facts_text)] == []
