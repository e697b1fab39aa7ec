"""The command `guides`: what it takes; what it does stands in `installing`."""

from typing import Annotated

import typer

from ecps_cli.cli.options import Guides


def guides_command(
    update: Annotated[
        str,
        typer.Option("--update", metavar="SOURCE", help="En installer : un dossier, un zip, une adresse https."),
    ] = "",
    sha256: Annotated[
        str, typer.Option("--sha256", metavar="EMPREINTE", help="Avec --update : refuser toute autre empreinte.")
    ] = "",
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Reprendre les guides d’avant la dernière installation.")
    ] = False,
    guides: Guides = None,
) -> int:
    """Dire quels guides et quels faits sont en usage, et d’où ils viennent ; en installer de plus récents.

    Rien ne s’installe sans cette commande, ni sans un oui. Ce qui change est montré d’abord.
    """
    from ecps_cli.cli import installing

    if sum(map(bool, (update, rollback, guides))) > 1:
        raise typer.BadParameter("--update, --rollback et --guides s’excluent. Gardez l’un des trois.")
    if sha256 and not update:
        raise typer.BadParameter("--sha256 va avec --update SOURCE.")
    if update:
        return installing.update(update, sha256)
    return installing.roll_back() if rollback else installing.show_guides(guides)
