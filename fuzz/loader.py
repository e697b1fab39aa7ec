#!/usr/bin/env python3
"""Fuzz the loader with atheris: any bytes at all are a guide, facts or answers, or problems; anything else is a bug.

`mkdir new && python fuzz/loader.py -max_total_time=600 -max_len=20000 -dict=fuzz/yaml.dict new tests/loading/corpus`
looks for more; `python fuzz/loader.py -merge=1 -max_len=20000 tests/loading/corpus new` keeps, of what was found,
what adds coverage.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
with atheris.instrument_imports(include=["ecps_cli"]):
    from support.any_bytes import load

FILE = Path(tempfile.mkdtemp()) / "fuzz.yaml"


def one(data: bytes) -> None:
    """Load one input."""
    if data:
        load(data, FILE)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
