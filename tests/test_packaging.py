"""What is handed out: the smoke test of `packaging/` keeps pace with the program that it tries."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from support.commands import call

SMOKE = Path(__file__).parents[1] / "packaging" / "smoke.py"
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
