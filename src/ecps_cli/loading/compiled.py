"""The guides that come along, compiled when the wheel is built: a walk of one needs neither YAML nor Pydantic.

A compiled guide is a module of Python: the text that it was made of, and the guide as its own `repr` writes it. It is
used only where text and facts are still those to the letter, so the loader, which made it, would say the same. The
codes of the facts are drawn then too, by their texts. `authoring/compiling.py` writes them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from ecps_cli.core.guide import Facts, Guide

PACKAGE = "ecps_cli.compiled"
"""In a wheel alone: a checkout has no such package, and its guides are loaded."""
FACTS = "facts"
"""The module of the facts, which is no guide."""
CODES = "qr_codes"
"""The module of the QR codes, which is none either."""


def compiled_facts(text: str) -> Facts | None:
    """Facts of a text, if they were compiled; the text alone must hold them all."""
    return cast("Facts | None", _compiled(FACTS, text))


def compiled_guide(guide_id: str, text: str, facts_text: str) -> Guide | None:
    """Guide of a text and of the text of its facts, if it was compiled."""
    known = guide_id not in (FACTS, CODES) and _compiled(FACTS, facts_text) is not None
    return cast("Guide | None", _compiled(guide_id, text)) if known else None


def compiled_code(text: str) -> str | None:
    """Picture of the QR code of a text, for paper, if it was compiled."""
    pictures = _compiled(CODES, CODES)
    return pictures.get(text) if isinstance(pictures, dict) else None


def _compiled(name: str, text: str) -> object | None:
    """Value that was compiled from this text; None if it is of another text, or cannot be loaded."""
    try:
        module: Any = import_module(f"{PACKAGE}.{name}")
        return cast("object", module.VALUE) if text == module.TEXT else None
    except Exception:  # it saves time and no more: whatever is wrong with it, the text is there to be loaded
        return None
