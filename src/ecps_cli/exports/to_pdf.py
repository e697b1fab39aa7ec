"""A document as PDF, set by Typst; texts reach it as data, through `sys.inputs`, and are never read as markup."""

from __future__ import annotations

import json
import re
from pathlib import Path

from ecps_cli.exports import MissingExtra
from ecps_cli.exports.document import Block, Document, Table

MISSING = (
    'Le PDF demande un paquet de plus. Installez-le : python -m pip install "ecps-guide[pdf]" — '
    "ou prenez un autre format : --format html, qu’un navigateur sait imprimer."
)
_OTHER_SCRIPTS = re.compile(r"[^\u0000-\u052f\u1e00-\u20cf\u2100-\u22ff\u2600-\u26ff]")
"""What the fonts inside Typst lack; then alone are those of the system looked up, which takes a while."""
_HERE = Path(__file__).parent
"""The folder of the layout, and all that Typst may read."""
_LONG_WORD = re.compile(r"[^ ]{40,}")


def to_pdf(document: Document) -> bytes:
    """Return a document as PDF: the same bytes for the same document.

    Raises:
        MissingExtra: Typst is not installed.

    """
    try:
        import typst  # noqa: TID251 — this room sets pages
    except ImportError:
        raise MissingExtra(MISSING) from None
    data = json.dumps(_data(document), ensure_ascii=False)
    fonts = typst.Fonts(include_system_fonts=bool(_OTHER_SCRIPTS.search(data)), include_embedded_fonts=True)
    template = _HERE / "document.typ"
    compiler = typst.Compiler(template, root=_HERE, font_paths=fonts, sys_inputs={"document": data})
    pdf = compiler.compile(format="pdf", timestamp=int(document.date.timestamp()))
    assert isinstance(pdf, bytes)  # noqa: S101 — one PDF is one file
    return pdf


def _data(document: Document) -> dict[str, object]:
    """Return a document as what JSON can hold; each block says its kind."""
    sections = [
        {"heading": section.heading, "small": section.small, "blocks": list(map(_block, section.blocks))}
        for section in document.sections
    ]
    return {**document._asdict(), "sections": sections, "date": document.date.isoformat()}


def _block(block: Block) -> dict[str, object]:
    told = block._asdict()
    if isinstance(block, Table):
        told["rows"] = [[_breakable(cell) for cell in row] for row in block.rows]
    return {"kind": type(block).__name__, **told}


def _breakable(text: str) -> str:
    """Return a text whose over-long words may be broken anywhere."""
    return _LONG_WORD.sub(lambda word: "\u200b".join(word[0]), text)
