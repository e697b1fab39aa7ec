"""A guide to read on the terminal, or as a sheet to hand out."""

from __future__ import annotations

import io
from pathlib import Path

from ecps_cli.cli.output import hand_out, say, say_problem
from ecps_cli.cli.reading import library
from ecps_cli.exports import MissingExtra, export_guide


def show(reference: str, folder: Path | None, fmt: str, output: Path | None, force: bool) -> int:
    """Write a guide in one of the formats: on standard output, or into a file.

    Raises:
        LoadError: the guide or its facts have problems.
        NotFound: there is no such guide or folder.

    """
    found = library(folder).find(reference)
    if fmt != "text":
        try:
            made = export_guide(fmt, found.guide, found.facts)
        except MissingExtra as missing:
            say_problem(str(missing))
            return 1
        return hand_out(made, output, force, example="fiche.pdf")
    from ecps_cli.pages import sheet

    screen = sheet(found.guide, found.facts)
    if output is None:
        say(screen)
        return 0
    from ecps_cli.terminal import make_console, paint

    text = io.StringIO()
    paint(make_console(text), screen)
    return hand_out(text.getvalue().rstrip("\n"), output, force, example="fiche.txt")
