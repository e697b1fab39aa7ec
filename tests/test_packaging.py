"""What is handed out, and how it is tried: the smoke test, the Windows folder, Wine."""

from __future__ import annotations

import codecs
import re
import runpy
import sys
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import parse_wheel_filename

from support.commands import call
from support.wine import ENDS, LIMITS

CHECKOUT = Path(__file__).parents[1]
SMOKE = CHECKOUT / "packaging" / "smoke.py"
pytestmark = pytest.mark.skipif(not SMOKE.exists(), reason="only the checkout has packaging/")


def test_the_smoke_test_walks_to_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the smoke test types walks the guide that `new` writes to its end, and where it kills, a session is kept."""
    smoke = runpy.run_path(str(SMOKE))
    monkeypatch.setenv("ECPS_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    assert call("new", "essai").code == 0
    lines = [f"{line}\n" for line in smoke["WALK"]]
    cut = smoke["BEFORE_THE_KILL"]
    assert call("run", "essai.yaml", typed="".join(lines)).code == 0
    begun = call("run", "essai.yaml", typed="".join(lines[:cut]))
    assert begun.code == 5
    assert smoke["KILLED_AT"] in begun.said
    assert call("resume", typed="".join(["\n", *lines[cut:]])).code == 0


@pytest.mark.slow_disk
def test_the_smoke_test_passes_here() -> None:
    """The whole smoke test passes on this very installation, killed walk included."""
    smoke = runpy.run_path(str(SMOKE))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["smoke.py", sys.executable, "-m", "ecps_cli"])
        smoke["main"]()


def test_every_library_of_the_windows_folder_has_a_wheel() -> None:
    """Each locked library of the zips has a wheel for the CPython that is in them: nothing is compiled."""
    windows = runpy.run_path(str(CHECKOUT / "packaging" / "windows.py"))
    major, minor = map(int, re.findall(r"/(\d+)\.(\d+)\.\d+/", windows["PYTHON"])[0])
    platforms = ["win_amd64"]
    can_run = {*cpython_tags((major, minor), platforms=platforms), *compatible_tags((major, minor), None, platforms)}
    locked = list(needed_on_windows(f"{major}.{minor}", extras=[*windows["EXTRAS"], "pdf"]))
    assert {"typer", "typst", "pyscard"} <= {package["name"] for package in locked}
    assert not [package["name"] for package in locked if not tags_of(package) & can_run]


def test_the_script_for_administrators_keeps_its_accents() -> None:
    """Windows PowerShell 5.1 takes UTF-8 without a byte order mark for the code page of the PC: the script has one."""
    assert (CHECKOUT / "packaging" / "deployer.ps1").read_bytes().startswith(codecs.BOM_UTF8)


def needed_on_windows(python: str, extras: list[str]) -> Iterator[dict[str, Any]]:
    """Packages in `uv.lock` that an installation with these extras has on Windows, each once."""
    locked = {each["name"]: each for each in tomllib.loads((CHECKOUT / "uv.lock").read_text("utf-8"))["package"]}
    there = {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "python_version": python}
    there |= {"python_full_version": f"{python}.0", "implementation_name": "cpython", "extra": ""}
    own = locked["ecps-guide"]
    waiting = [*own["dependencies"], *chain.from_iterable(own["optional-dependencies"][extra] for extra in extras)]
    seen: set[str] = set()
    while waiting:
        needed = waiting.pop()
        if needed["name"] in seen or ("marker" in needed and not Marker(needed["marker"]).evaluate(there)):
            continue
        seen.add(needed["name"])
        yield locked[needed["name"]]
        waiting += locked[needed["name"]].get("dependencies", [])


def tags_of(package: dict[str, Any]) -> set[Tag]:
    """Tags of the wheels of a locked package."""
    names = (wheel["url"].rpartition("/")[2] for wheel in package["wheels"])
    return {tag for name in names for tag in parse_wheel_filename(name)[3]}


@pytest.mark.parametrize("name", [*LIMITS, *ENDS])
def test_a_limit_of_wine_is_a_test_and_is_argued(name: str) -> None:
    """Each test that is expected to fail under Wine is there, and the page on Windows says why it does."""
    assert any(f"def {name}(" in path.read_text("utf-8") for path in (CHECKOUT / "tests").rglob("test_*.py"))
    assert f"`{name}`" in (CHECKOUT / "docs" / "windows.md").read_text("utf-8")
