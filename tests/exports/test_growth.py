"""No cost grows faster than n log n with a guide."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.commands import quiet

BENCHMARK = Path(os.environ.get("ECPS_CHECKOUT") or Path(__file__).parents[2]) / "benchmarks" / "growth.py"


@pytest.mark.exhaustive
@pytest.mark.timeout(240)
@pytest.mark.skipif(not BENCHMARK.is_file(), reason="benchmarks/ is not here: name the checkout in ECPS_CHECKOUT")
def test_no_cost_is_quadratic_in_a_guide() -> None:
    """To load, check, show in each format, paint a screen: by the lines that are executed, on guides of 100 of each."""
    done = subprocess.run(
        [sys.executable, str(BENCHMARK), "--most", "100"], env=quiet(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" lines n^") == 50
