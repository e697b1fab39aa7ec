"""A document as PDF, set by Typst; texts reach it as data, through `sys.inputs`, and are never read as markup."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ecps_cli import qr
from ecps_cli.exports.document import CRITICAL, EXPECTED, OTHERWISE, Code, Codes, Document, Table
from ecps_cli.exports.formats import MissingExtra
from ecps_cli.french.words import Span

if TYPE_CHECKING:
    from typst import Compiler

MISSING = (
    'Le PDF demande un paquet de plus. Installez-le : python -m pip install "ecps-guide[pdf]" — '
    "ou prenez un autre format : --format html, qu’un navigateur sait imprimer."
)
_OTHER_SCRIPTS = re.compile(r"[^\u0000-\u052f\u1e00-\u20cf\u2100-\u22ff\u2600-\u26ff]")
"""Characters that the fonts inside Typst lack: only for these are the system's looked up, which takes a while."""
_HERE = Path(__file__).parent
"""The folder of the layout, and all that Typst may read."""
_SIZE = 10.0
"""Of the letters of a document, in points."""
_COMPACT = (6.6, 6.8, 7.0, 7.2, 7.4, 7.7, 8.0, 8.4, 8.8, 9.2)
"""Of those of a compact one, from the smallest that can be read on paper."""
_ORDINARY = 8.0
_LONG_WORD = re.compile(r"[^\s]{40,}")


def to_pdf(document: Document) -> bytes:
    """Return a document as PDF: the same bytes for the same document.

    Raises:
        MissingExtra: Typst is not installed.

    """
    try:
        import typst
    except ModuleNotFoundError:
        raise MissingExtra(MISSING) from None
    data = json.dumps(_data(document), ensure_ascii=False)
    fonts = typst.Fonts(include_system_fonts=bool(_OTHER_SCRIPTS.search(data)), include_embedded_fonts=True)
    template = _HERE / "document.typ"

    def sized(size: float) -> Compiler:
        return typst.Compiler(template, root=_HERE, font_paths=fonts, sys_inputs={"document": data, "size": str(size)})

    chosen = _fitting(sized) if document.compact else sized(_SIZE)
    pdf = chosen.compile(format="pdf", timestamp=int(document.date.timestamp()))
    assert isinstance(pdf, bytes)  # noqa: S101 — one PDF is one file
    return pdf


def _fitting(sized: Callable[[float], Compiler]) -> Compiler:
    """Return the one of the largest letters on one page, or else on as few pages as those of an ordinary size."""
    made = cache(sized)
    pages = cache(lambda size: _pages(made(size)))
    few = 1 if pages(_COMPACT[0]) == 1 else pages(_ORDINARY)
    return made(_COMPACT[max(bisect_right(_COMPACT, few, key=pages) - 1, 0)])


def _pages(compiler: Compiler) -> int:
    return int(json.loads(compiler.query("<pages>", field="value", one=True)))


def _data(document: Document) -> dict[str, object]:
    """Document as values that JSON can hold; each block says its kind."""
    told = _plain(document)
    assert isinstance(told, dict)  # noqa: S101 — a named tuple becomes a mapping
    names = {"critical": CRITICAL, "expected": EXPECTED, "otherwise": OTHERWISE}
    return {**told, "date": document.date.isoformat(), "names": names}


def _plain(value: object) -> object:
    """Part of a document as values that JSON can hold, its named parts as mappings that say their kind."""
    match value:
        case Table():
            rows = [[_breakable(cell) for cell in row] for row in value.rows]
            return {"kind": "Table", **value._asdict(), "rows": rows}
        case Codes(codes):
            return {"kind": "Codes", "codes": [_code(each) for each in codes]}
        case Span(text, bold):
            return {"text": _breakable(text), "bold": bold}
        case tuple() if hasattr(value, "_asdict"):
            return {"kind": type(value).__name__, **{key: _plain(each) for key, each in value._asdict().items()}}
        case tuple():
            return [_plain(each) for each in value]
        case _:
            return value


def _code(code: Code) -> dict[str, str]:
    return {"name": code.name, "value": _breakable(code.value), "svg": qr.svg(code.address)}


def _breakable(text: str) -> str:
    """Return a text whose over-long words may be broken, at every fourth letter: each place costs Typst some time."""
    return _LONG_WORD.sub(lambda word: "\u200b".join(re.findall(".{1,4}", word[0])), text)
