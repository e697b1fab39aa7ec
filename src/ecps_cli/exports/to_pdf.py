"""A document as PDF, set by Typst; texts reach it as data, through `sys.inputs`, and are never read as markup."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ecps_cli import qr
from ecps_cli.core.text import typeset
from ecps_cli.exports.document import CRITICAL, EXPECTED, OTHERWISE, Addresses, Code, Codes, Document, Table
from ecps_cli.exports.unavailable import MissingExtra, NoPoster
from ecps_cli.french.words import Span
from ecps_cli.installation import how_to_add
from ecps_cli.loading.shipped import shipped

if TYPE_CHECKING:
    from typst import Compiler

    from ecps_cli.exports.poster import Poster

MISSING = (
    "Le PDF demande un paquet de plus. Pour l’avoir : {} — ou prenez un autre format : --format html, qu’un navigateur "
    "sait imprimer."
)
TOO_LONG = (
    "Les lignes de l’affiche ne tiennent pas sur une page en lettres de 24 points. Raccourcissez les phrases des "
    "étapes critiques, ou donnez la fiche entière, sans --poster."
)
_OTHER_SCRIPTS = re.compile(r"[^\u0000-\u052f\u1e00-\u20cf\u2100-\u22ff\u2600-\u26ff]")
"""Characters that the fonts inside Typst lack: only for these are the system's looked up, which takes a while."""
_UNUSUAL = re.compile(r"[^\u0000-\u02af\u2010-\u2027\u202f-\u203a\u20ac]")
NO_GLYPH = typeset("Signes que ce PDF n’a pas de quoi dessiner (la version HTML les montre) :")
_SIZE = 10.0
"""Of the letters of a document, in points."""
_COMPACT = (9.0, 9.2, 9.4, 9.7, 10.0, 10.4, 10.8, 11.2)
"""Of those of a compact one, from the smallest that can be read on paper."""
_POSTER = (24.0, 26.0, 28.0, 30.0, 32.0, 34.0, 36.0, 40.0, 44.0, 48.0, 56.0, 64.0)
"""Of those of a poster, from the smallest that can be read at two metres."""
_BETWEEN_PARTS = re.compile(r"(?<=[/.-])(?=[a-z])")
"""Places where an address may be broken, to stand in a column."""
_LONG_WORD = re.compile(r"[^\s\u200b]{40,}")


def to_pdf(document: Document) -> bytes:
    """Return a document as PDF: the same bytes for the same document.

    Raises:
        MissingExtra: Typst is not installed.

    """
    sized, codes = _layout("document.typ", _data(document)), _codes(document)
    if not document.compact:
        return _made(sized(_SIZE, _drawn(codes)), document.date)
    with ThreadPoolExecutor(1) as pool:  # Typst leaves the interpreter to the codes, whose size is known, meanwhile
        extent = pool.submit(_told, sized(_COMPACT[0]), "extent")
        drawn = _drawn(codes)
    return _made(_fitting(lambda size: sized(size, drawn), *extent.result()), document.date)


def poster_to_pdf(poster: Poster) -> bytes:
    """Return a poster as PDF of one page: the same bytes for the same poster.

    Raises:
        MissingExtra: Typst is not installed.
        NoPoster: its lines are too long to be read at two metres.

    """
    lines, numbers = [each._asdict() for each in poster.lines], [*map(_code, poster.numbers)]
    data = {**poster._asdict(), "date": "", "lines": lines, "numbers": numbers}
    sized, drawn = _layout("poster.typ", data), _drawn(poster.numbers)
    for size in reversed(_POSTER):
        compiler = sized(size, drawn)
        if _told(compiler, "pages") == 1:
            return _made(compiler, poster.date)
    raise NoPoster(TOO_LONG)


def _layout(template: str, data: dict[str, object]) -> Callable[..., Compiler]:
    """Layout of data by a template, in letters of a given size; a code that is not drawn is an empty square."""
    try:
        import typst
    except ModuleNotFoundError:
        raise MissingExtra(MISSING.format(how_to_add("pdf"))) from None
    told = json.dumps(data, ensure_ascii=False)
    fonts = typst.Fonts(include_system_fonts=bool(_OTHER_SCRIPTS.search(told)), include_embedded_fonts=True)

    folder = shipped("exports")  # that of the templates, and all that Typst may read

    def sized(size: float, drawn: str = "{}") -> Compiler:
        inputs = {"document": told, "codes": drawn, "size": str(size)}
        return typst.Compiler(folder / template, root=folder, font_paths=fonts, sys_inputs=inputs)

    return sized


def _made(compiler: Compiler, date: datetime) -> bytes:
    pdf = compiler.compile(format="pdf", timestamp=int(date.timestamp()))
    assert isinstance(pdf, bytes)  # noqa: S101 — one PDF is one file
    return pdf


def _fitting(sized: Callable[[float], Compiler], pages: int, taken: float) -> Compiler:
    """Return the layout in letters as large as fit on so many pages, of which the smallest leave some room.

    That room says how large; where it was too much, the next smaller are tried.
    """
    smallest, *larger = _COMPACT
    for size in reversed(larger):  # the room that a text takes grows as the square of its letters
        if taken * (size / smallest) ** 2 <= 1 and _told(compiler := sized(size), "extent")[0] == pages:
            return compiler
    return sized(smallest)


def _told(compiler: Compiler, name: str) -> Any:
    """Value that a template tells of its layout under a name."""
    return json.loads(compiler.query(f"<{name}>", field="value", one=True))


def _data(document: Document) -> dict[str, object]:
    """Document as values that JSON can hold; each block says its kind."""
    told = _plain(document)
    assert isinstance(told, dict)  # noqa: S101 — a named tuple becomes a mapping
    names = {"critical": CRITICAL, "expected": EXPECTED, "otherwise": OTHERWISE, "missing": NO_GLYPH}
    told |= {"date": document.date.isoformat(), "names": names}
    return {**told, "unusual": _unusual(json.dumps(told, ensure_ascii=False))}


def _drawn(codes: Iterable[Code]) -> str:
    """Pictures of codes by their addresses, as a template reads them."""
    return json.dumps({each.address: qr.svg(each.address) for each in codes})


def _codes(document: Document) -> list[Code]:
    blocks = (block for section in document.sections for block in section.blocks)
    return [code for block in blocks if isinstance(block, Codes) for code in block.codes]


def _unusual(text: str) -> list[dict[str, str]]:
    """Characters that a font may lack, each with the code by which it is told where it does."""
    return [
        {"character": each, "name": f"U+{ord(each):04X}"}
        for each in sorted({*_UNUSUAL.findall(text)})
        if unicodedata.category(each)[0] not in "CMZ"
    ]


def _plain(value: object) -> object:
    """Part of a document as values that JSON can hold, its named parts as mappings that say their kind."""
    match value:
        case Table():
            rows = [[_breakable(cell) for cell in row] for row in value.rows]
            return {"kind": "Table", **value._asdict(), "rows": rows}
        case Codes(codes):
            return {"kind": "Codes", "codes": [_code(each) for each in codes]}
        case Addresses(codes):
            return {
                "kind": "Addresses",
                "codes": [{**code._asdict(), "value": _breakable(code.value)} for code in codes],
            }
        case Span(text, bold):
            return {"text": _breakable(text), "bold": bold}
        case tuple() if hasattr(value, "_asdict"):
            return {"kind": type(value).__name__, **{key: _plain(each) for key, each in value._asdict().items()}}
        case tuple():
            return [_plain(each) for each in value]
        case _:
            return value


def _code(code: Code) -> dict[str, str]:
    value = _BETWEEN_PARTS.sub("\u200b", code.value)  # its column is narrow
    return {"name": code.name, "value": _breakable(value), "address": code.address}


def _breakable(text: str) -> str:
    """Text whose over-long words may be broken: between their parts, and where these are too long, anywhere in them."""
    return _LONG_WORD.sub(lambda word: _LONG_WORD.sub(_anywhere, _BETWEEN_PARTS.sub("\u200b", word[0])), text)


def _anywhere(word: re.Match[str]) -> str:
    """Word that may be broken at every fourth letter: each place costs Typst some time."""
    return "\u200b".join(re.findall(".{1,4}", word[0]))
