"""Typer in French: the few sentences that it writes by itself, in its help and in its usage errors."""

from __future__ import annotations

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup  # noqa: TID251 — this room is the command line

HELP = {
    "help": "Afficher cette aide.",
    "install_completion": "Installer la complétion pour ce shell.",
    "show_completion": "Afficher la complétion, pour la copier ou l’adapter.",
}
"""Parameter name → help, for the parameters that Typer adds."""

USAGE_ERRORS = (
    (
        r"No such option: (\S+)(?: \(Possible options: (.*)\))?.*",
        "L’option {0} n’existe pas.",
        "Vouliez-vous dire {1} ?",
    ),
    (
        r"No such command ['\"](.*?)['\"]\.(?: Did you mean (.*)\?)?",
        "La commande « {0} » n’existe pas.",
        "Vouliez-vous dire {1} ?",
    ),
    (r"Missing argument '(.*?)'.*", "Il manque {0}.", ""),
    (r"Missing command\.", "Il manque la commande.", ""),
    (r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", "« {0} » est de trop.", ""),
    (r"Option '?(\S+?)'? requires an argument\.", "L’option {0} attend une valeur.", ""),
    (r"Option '?(\S+?)'? does not take a value\.", "L’option {0} ne prend pas de valeur.", ""),
    (r"Invalid value(?: for .*?)?: (.*)", "{0}", ""),
)
"""What Typer says → what we say, and what we add when there is a suggestion."""


class _French:
    """Puts the help of Typer's own parameters into French."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, with their help in French."""
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for each in params:
            each.help = HELP.get(each.name, getattr(each, "help", None))
            if getattr(each, "is_flag", False):
                each.metavar = ""  # a flag takes no value: its type would only puzzle
        return params

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, without the English words that Typer puts beside an argument."""
        from typer import rich_utils  # noqa: TID251

        rich_utils.REQUIRED_LONG_STRING = ""
        for each in super().get_params(ctx):  # type: ignore[misc]
            if each.param_type_name == "argument":
                each.display_type_rich = lambda ctx: None
        super().format_help(ctx, formatter)  # type: ignore[misc]


class FrenchCommand(_French, TyperCommand):
    """A command whose help is in French."""


class FrenchGroup(_French, TyperGroup):
    """A group of commands whose help is in French."""


def usage_error(message: str) -> str:
    """Return a usage error of Typer as a French sentence; one that is not known stays as it is."""
    for pattern, sentence, suggestion in USAGE_ERRORS:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            parts = [part or "" for part in found.groups()]
            hint = f" {suggestion.format(*parts)}".replace("'", "") if suggestion and parts[-1] else ""
            return sentence.format(*parts) + hint
    return message
