"""Values of options, as the commands take them."""

from pathlib import Path
from typing import Any

import typer

from ecps_cli.cli.output import say_problem


def unless_dash(path: Path | None) -> Path | None:
    """The file to write; none for `-`, which is standard output."""
    return None if path is None or str(path) == "-" else path


def format_option(formats: str) -> Any:
    """The option `--format`, with the formats that there are."""
    return typer.Option("--format", metavar="FORMAT", help=f"{formats}.")


def refuse_other_formats(fmt: str, formats: tuple[str, ...]) -> None:
    """Raise BadParameter where a format is none of these."""
    if fmt not in formats:
        raise typer.BadParameter(f"« {fmt} » n’est pas un format. Choisissez parmi : {', '.join(formats)}.")


def short_label(case: str) -> str:
    """The label of a case, its codes masked; raise BadParameter where it is too long."""
    from ecps_cli.core.masking import MASKED, hides, masked
    from ecps_cli.core.moves import LONGEST_LABEL

    label = masked(case)
    if len(label) > LONGEST_LABEL:
        raise typer.BadParameter(f"« {label} » a plus de {LONGEST_LABEL} caractères. Raccourcissez ce dossier.")
    if hides(case):
        say_problem(MASKED)
    return label
