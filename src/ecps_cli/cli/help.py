"""Typer in French: its usage errors and its help, painted as everything else is."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer import TyperException
from typer.core import TyperCommand, TyperGroup

from ecps_cli.cli import completion

if TYPE_CHECKING:
    from ecps_cli.screen.pages import Definition

HELP = {
    "help": "Afficher cette aide.",
    "install_completion": "Installer la complétion pour ce shell.",
    "show_completion": "Afficher la complétion, pour la copier ou l’adapter.",
}
"""Parameter name → help, for the parameters that Typer adds."""

DONE_BY = {"install_completion": completion.install, "show_completion": completion.show}
"""Parameter name → what it does, in the place of what Typer would do, in English."""

MEANT = {"help": "--help", "aide": "--help", "version": "--version"}
"""What is typed as a command → the option that does it."""

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


class _AsTyped:
    """Makes of what was typed the value of a parameter: a text, a path, or a list of texts.

    Typer asks a parameter for it from 0.29 on, and would load Pydantic for its own: half of what a short command costs.
    """

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return the value of a parameter, which is None where nothing was typed."""
        is_path = value is not None and param.type_descriptor.is_path
        return Path(value) if is_path else value


class _French:
    """Puts the help of Typer's own parameters into French."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, with their help in French."""
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for each in params:
            each.help = HELP.get(each.name, getattr(each, "help", None))
            each.callback = DONE_BY.get(each.name, each.callback)
            each.get_runtime_param = _AsTyped
            if getattr(each, "is_flag", False):
                each.metavar = ""  # a flag takes no value: its type would only puzzle
        return params

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Paint the help: on a terminal of any width, and as plain lines elsewhere. Typer's own frame fits neither."""
        from ecps_cli.cli.output import say
        from ecps_cli.screen.pages import command_help

        usage = f"{ctx.command_path} {' '.join(self.collect_usage_pieces(ctx))}"  # type: ignore[attr-defined]
        paragraphs = inspect.cleandoc(self.help or "").split("\n\n")  # type: ignore[attr-defined]
        say(command_help(usage, paragraphs, {**self._commands(ctx), **self._parameters(ctx)}))

    def _commands(self, ctx: Any) -> dict[str, list[Definition]]:
        """Return the commands of a group, under their headings."""
        sections: dict[str, list[Definition]] = {}
        for name, command in getattr(self, "commands", {}).items():
            if not command.hidden:
                said = inspect.cleandoc(command.help or "").split("\n\n")[0]
                sections.setdefault(command.rich_help_panel or "Commandes", []).append((name, said))
        return sections

    def _parameters(self, ctx: Any) -> dict[str, list[Definition]]:
        """Return the arguments and the options."""
        shown = [each for each in self.get_params(ctx) if not getattr(each, "hidden", False)]
        arguments = [(each.metavar or each.name.upper(), each.help) for each in shown if not _is_option(each)]
        options = [(_names(each), _meaning(each)) for each in shown if _is_option(each)]
        return {"Arguments": arguments, "Options": options}


def _is_option(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "option")


def _names(option: Any) -> str:
    """Return how an option is written, with what it takes."""
    takes = "" if option.is_flag else option.metavar or option.type.name.upper()
    return f"{', '.join(sorted(option.opts, key=len))} {takes}".rstrip()


def _meaning(option: Any) -> str:
    """Return what an option does, with what it is without being given."""
    given = option.default if not option.is_flag and isinstance(option.default, str | int) else ""
    return f"{option.help} Par défaut : {given}." if given else str(option.help)


class FrenchCommand(_French, TyperCommand):
    """A command whose help is in French."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; a fault in how an option is written, too, is one of this command."""
        try:
            return super().parse_args(ctx, args)
        except TyperException as error:
            if getattr(error, "ctx", ctx) is None:
                error.ctx = ctx  # type: ignore[attr-defined]
            raise


class FrenchGroup(_French, TyperGroup):
    """A group of commands whose help is in French."""


def usage_error(message: str) -> str:
    """Return a usage error of Typer as a French sentence; one that is not known stays as it is."""
    for pattern, sentence, suggestion in USAGE_ERRORS:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            parts = [part or "" for part in found.groups()]
            if sentence.startswith("La commande «"):
                parts[-1] = MEANT.get(parts[0], parts[-1])
            hint = f" {suggestion.format(*parts)}".replace("'", "") if suggestion and parts[-1] else ""
            return sentence.format(*parts) + hint
    return message
