"""A document as one HTML file, printable on A4; the page is a template, in which Jinja2 escapes every text."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from ecps_cli import qr
from ecps_cli.exports.document import CRITICAL, EXPECTED, OTHERWISE, Document


def to_html(document: Document) -> str:
    """Document as HTML."""
    return _template().render(document=document, CRITICAL=CRITICAL, EXPECTED=EXPECTED, OTHERWISE=OTHERWISE)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("ecps_cli", "exports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"kind": lambda block: type(block).__name__, "svg": qr.svg}
    environment.tests["hash"] = re.compile("[0-9a-f]{64}").fullmatch
    return environment.get_template("document.html.jinja")
