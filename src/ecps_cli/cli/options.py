"""The options and arguments that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

from ecps_cli.cli.values import short_label, unless_dash

Plain = Annotated[
    bool, typer.Option("--plain", help="Des lignes simples et numérotées : lecteur d’écran, vieux terminal.")
]
Answers = Annotated[
    Path | None,
    typer.Option("--answers", metavar="FICHIER", help="Répondre depuis un fichier YAML (étape : réponse)."),
]
Practice = Annotated[
    bool, typer.Option("--practice", help="S’exercer : le même parcours, marqué EXERCICE et gardé à part.")
]
Phone = Annotated[
    bool,
    typer.Option("--phone", help="Au téléphone : quoi dire au médecin, quoi attendre, adresses et numéros épelés."),
]
Case = Annotated[
    str,
    typer.Option(
        "--case",
        metavar="DOSSIER",
        callback=short_label,
        help="Un numéro de ticket ou des initiales : ni nom, ni code.",
    ),
]
Session = Annotated[str, typer.Argument(metavar="SESSION", help="Son identifiant, que donne « sessions ».")]
Guides = Annotated[
    Path | None, typer.Option("--guides", metavar="DOSSIER", help="Ajouter les guides d’un dossier à vous.")
]


Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FICHIER", callback=unless_dash, help="Écrire dans un fichier."),
]
Force = Annotated[bool, typer.Option("--force", help="Remplacer le fichier s’il existe.")]
AsJson = Annotated[bool, typer.Option("--json", help="Écrire le résultat en JSON.")]
