"""Guides, facts and their codes as modules of Python, for `loading/compiled.py`: written when the wheel is built."""

from __future__ import annotations

from pathlib import Path

from ecps_cli import qr
from ecps_cli.loading.compiled import CODES, FACTS
from ecps_cli.loading.library import Library


def compile_guides(library: Library, folder: Path) -> None:
    """Write the modules of a library's guides and facts, and of the codes of these, into a folder.

    Raises:
        LoadError: a guide or the facts have problems.

    """
    folder.mkdir()
    (folder / "__init__.py").touch()
    found = [library.find(guide_id) for guide_id in library.ids()]
    for each in found:
        _write(folder / f"{each.guide.id}.py", each.text, each.guide)
    _write(folder / f"{FACTS}.py", found[0].facts_text, found[0].facts)
    texts = [qr.payload(each) for each in found[0].facts.values() if each.kind in ("url", "phone")]
    _write(folder / f"{CODES}.py", CODES, {text: qr.draw(text) for text in texts})


def _write(module: Path, text: str, value: object) -> None:
    head = "import datetime\nfrom ecps_cli.core.guide import *\n"
    module.write_text(f"{head}TEXT = {text!r}\nVALUE = {value!r}\n", encoding="utf-8")
