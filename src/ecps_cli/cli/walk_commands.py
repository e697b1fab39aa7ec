"""The commands that follow a guide: what each takes; what it does stands in the modules it calls."""

from typing import Annotated

import typer

from ecps_cli.cli.options import Answers, Case, Guide, Guides, Phone, Plain, Practice, session_argument

ACTIVATION = {"with-card": "activate-with-card", "mobile": "activate-mobile"}


def activate(
    with_card: Annotated[bool, typer.Option("--with-card", help="Avec la carte CPS et un lecteur.")] = False,
    mobile: Annotated[bool, typer.Option("--mobile", help="Sans la carte, par le courriel de l’Ordre.")] = False,
    plain: Plain = False,
    answers: Answers = None,
    guides: Guides = None,
    practice: Practice = False,
    phone: Phone = False,
    case: Case = "",
) -> int:
    """Créer la e-CPS d’un médecin. Sans option : demande laquelle des deux voies."""
    from ecps_cli.cli.console import Options
    from ecps_cli.cli.starting import choose_and_walk, walk_guide

    if with_card and mobile:
        raise typer.BadParameter("--with-card et --mobile s’excluent. Gardez une seule des deux.")
    options = Options(plain=plain, answers=answers, guides=guides, practice=practice, phone=phone, case=case)
    if not (with_card or mobile):
        return choose_and_walk(options, tuple(ACTIVATION.values()))
    return walk_guide(ACTIVATION["with-card" if with_card else "mobile"], options)


def fraud(
    plain: Plain = False,
    answers: Answers = None,
    guides: Guides = None,
    practice: Practice = False,
    phone: Phone = False,
    case: Case = "",
) -> int:
    """Réagir à une notification e-CPS inattendue : refuser, signaler, garder les preuves."""
    from ecps_cli.cli.console import Options
    from ecps_cli.cli.starting import walk_guide

    return walk_guide(
        "fraud",
        Options(plain=plain, answers=answers, guides=guides, practice=practice, phone=phone, case=case),
    )


def run(
    guide: Guide,
    plain: Plain = False,
    answers: Answers = None,
    guides: Guides = None,
    practice: Practice = False,
    phone: Phone = False,
    case: Case = "",
    watch: Annotated[
        bool, typer.Option("--watch", help="Pour l’auteur : montrer les écrans, refaits à chaque enregistrement.")
    ] = False,
) -> int:
    """Suivre n’importe quel guide."""
    from ecps_cli.cli.console import Options
    from ecps_cli.cli.starting import walk_guide

    if watch:
        from ecps_cli.cli.watching import watch_guide

        if answers or practice or phone or case:
            raise typer.BadParameter("--watch montre le guide sans le suivre. Enlevez l’autre option du parcours.")
        return watch_guide(guide, guides, plain)
    return walk_guide(
        guide,
        Options(plain=plain, answers=answers, guides=guides, practice=practice, phone=phone, case=case),
    )


def resume(
    session: Annotated[
        str, session_argument("Son identifiant, son dossier, ou un fichier de « sessions --export ».")
    ] = "",
    plain: Plain = False,
    answers: Answers = None,
    guides: Guides = None,
    phone: Phone = False,
    team: Annotated[
        bool, typer.Option("--team", help="Celle d’un collègue, par la base de l’équipe ; ou son DOSSIER.")
    ] = False,
) -> int:
    """Reprendre une session inachevée, là où elle s’est arrêtée, ici ou sur un autre PC."""
    from ecps_cli.cli.console import Options

    options = Options(plain=plain, answers=answers, guides=guides, phone=phone)
    if team:
        from ecps_cli.cli.taking_over import take_over

        return take_over(session, options)
    from ecps_cli.cli.resuming import resume as take_up

    return take_up(session, options)
