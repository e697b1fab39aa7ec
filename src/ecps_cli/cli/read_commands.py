"""The commands that read and verify: guides, facts, numbers, this PC; what each takes."""

from typing import Annotated

import typer

from ecps_cli.cli.options import AsJson, Force, Guide, Guides, Output, Plain, fact_argument, format_option
from ecps_cli.cli.output import as_json_text, say, say_problem
from ecps_cli.exports.formats import GUIDE_FORMATS


def list_guides(as_json: AsJson = False, guides: Guides = None) -> int:
    """Dire quels guides il y a."""
    from ecps_cli.cli.reading import list_guides as tell

    return tell(guides, as_json)


def show(
    guide: Guide,
    fmt: Annotated[str, format_option("text", *GUIDE_FORMATS)] = "text",
    output: Output = None,
    force: Force = False,
    poster: Annotated[
        bool, typer.Option("--poster", help="Avec --format pdf : une affiche, qui se lit à deux mètres.")
    ] = False,
    guides: Guides = None,
) -> int:
    """Lire un guide en entier, ou en faire une fiche à afficher au mur."""
    from ecps_cli.cli.reading import show as show_guide

    if poster and fmt != "pdf":
        raise typer.BadParameter("L’affiche est un PDF. Écrivez : --format pdf --poster")
    return show_guide(guide, guides, "poster" if poster else fmt, output, force)


def facts(
    stale: Annotated[
        bool,
        typer.Option(
            "--stale",
            help="Ceux à revérifier : numéros et adresses vus il y a plus d’un an, libellés plus de deux.",
        ),
    ] = False,
    as_json: AsJson = False,
    guides: Guides = None,
) -> int:
    """Lire les numéros, adresses et libellés, avec leur source et leur date."""
    from ecps_cli.cli.reading import show_facts

    return show_facts(stale, as_json, guides)


def guides_in_use(
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


def qr(
    fact: Annotated[list[str] | None, fact_argument("Une adresse ou un numéro ; sans rien, leur liste.")] = None,
    plain: Plain = False,
    guides: Guides = None,
) -> int:
    """Montrer une adresse ou un numéro en QR code, à lire avec l’appareil photo du téléphone."""
    from ecps_cli.cli.reading import list_codes, show_codes

    return show_codes(fact, plain, guides) if fact else list_codes(guides)


def help_line(plain: Plain = False, guides: Guides = None) -> int:
    """Dire qui appeler quand aucun remède ne convient."""
    from ecps_cli.cli.reading import show_help_line

    return show_help_line(plain, guides)


def glossary(guides: Guides = None) -> int:
    """Lire les définitions : e-CPS, Pro Santé Connect, RPPS et les autres."""
    from ecps_cli.cli.reading import list_terms

    return list_terms(guides)


def preflight(
    network: Annotated[
        bool, typer.Option("--network", help="Essayer aussi les adresses de l’ANS : TCP 443, 3 secondes au plus.")
    ] = False,
    as_json: AsJson = False,
    plain: Plain = False,
) -> int:
    """Dire ce que ce PC montre de la voie avec la carte : lecteur, carte, Cryptolib, navigateur.

    Aucun code n’est demandé, et rien n’est envoyé à la carte.

    Code de sortie 1 si une réponse est « non » ; son remède est écrit dessous.
    """
    from ecps_cli.cli.preflight import preflight as look

    return look(network, as_json, plain)


def rpps(
    number: Annotated[list[str], typer.Argument(metavar="NUMÉRO", help="11 chiffres, ou 12 en commençant par 8.")],
    as_json: AsJson = False,
) -> int:
    """Vérifier un numéro RPPS et l’écrire en 12 chiffres, comme l’application e-CPS l’attend."""
    from ecps_cli.core.rpps import read_rpps

    reading = read_rpps(" ".join(number))
    if as_json:
        say(as_json_text(reading._asdict()))
    elif reading.valid:
        say(reading.national_id or "")
    else:
        say_problem(reading.message)
    return 0 if reading.valid else 1
