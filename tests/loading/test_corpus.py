"""The corpus of the fuzzer (fuzz/loader.py), kept: nothing that it found once breaks the loader again."""

from __future__ import annotations

import re
from pathlib import Path

from support.any_bytes import load

CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())


def test_every_input_of_the_corpus_is_loaded_or_refused_with_its_places(tmp_path: Path) -> None:
    """Each input is a guide, facts or answers, or a list of problems, each with file, line and column; none raises."""
    said = {path.name: load(path.read_bytes(), tmp_path / "fuzz.yaml") for path in CORPUS}
    lines = [line for text in said.values() for line in text.splitlines() if not line.startswith("… et ")]
    assert len(CORPUS) >= 300
    assert sum(not text for text in said.values()) >= 3, "some are well formed"
    assert [line for line in lines if not re.match(r"\S*fuzz\.yaml:\d+:\d+: \S", line)] == []
