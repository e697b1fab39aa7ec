"""What libyaml says of a text that is no YAML, in French, with the place to look at and a remedy."""

from __future__ import annotations

import re
from typing import Any

import yaml

from ecps_cli.loading.problems import UNCLOSED, Diagnostic, Position, lines_of

DEEPEST = 20
"""How many collections may be open at once; a guide needs nine."""
TOO_MUCH = "E102"
TOO_DEEP = f"plus de {DEEPEST} listes sont ouvertes l’une dans l’autre. Fermez-les."


def position_of(mark: Any) -> Position:
    """Position of a mark, which counts from 0."""
    return Position(mark.line + 1, mark.column + 1)


STOP, START = "where reading stopped", "where what is unfinished starts"
_SYNTAX = (  # a sign in what libyaml or PyYAML says, the mark to show, the sentence
    (r"tab character|any token \t", STOP, "il y a une tabulation. Remplacez-la par des espaces."),
    (
        r"mapping values are not allowed",
        STOP,
        "« : » n’est pas attendu ici. Mettez entre guillemets le texte qui le contient ; sinon, vérifiez le retrait.",
    ),
    (r"a quoted scalar.*(stream|document)", START, UNCLOSED),
    (
        r"a flow sequence",
        START,
        "la liste que ce « [ » ouvre se lit mal. Séparez par des virgules et fermez par « ] » ; "
        "si c’est du texte, mettez-le entre guillemets.",
    ),
    (
        r"a flow mapping",
        START,
        "les clés que cette « { » ouvre se lisent mal. Séparez par des virgules et fermez par « } » ; "
        "si c’est du texte, mettez-le entre guillemets.",
    ),
    (
        r"escape|hexdecimal",
        STOP,
        "« \\ » est suivi d’un code inconnu. Doublez « \\ », ou écrivez le texte entre apostrophes.",
    ),
    (
        r"an anchor|an alias",
        START,
        "un texte ne peut pas commencer par « {char} ». Mettez tout le texte entre guillemets.",
    ),
    (r"a tag", START, "un texte ne peut pas commencer par « {char} ». Mettez tout le texte entre guillemets."),
    (
        r"cannot start any",
        STOP,
        "un texte ne peut pas commencer par « {char} ». Mettez tout le texte entre guillemets.",
    ),
    (
        r"a block scalar",
        START,
        "« {char} » doit finir sa ligne. Écrivez le texte à la ligne suivante, en retrait, ou entre guillemets.",
    ),
    (r"a directive|YAML document", START, "une ligne ne peut pas commencer par « % ». Enlevez-la."),
    (r"document start", STOP, "rien ne peut suivre ce qui précède. Vérifiez le retrait, les « ] » et les « } »."),
    (
        r"sequence entries are not",
        STOP,
        "« - » n’est pas attendu ici. Commencez la liste à la ligne suivante ; "
        "si c’est du texte, mettez-le entre guillemets.",
    ),
    (r"mapping keys are not", STOP, "« ? » n’est pas attendu ici. Mettez tout le texte entre guillemets."),
    (
        r"a simple key",
        START,
        "il manque « : » après cette clé. Ajoutez-le ; si la ligne continue un texte, augmentez son retrait.",
    ),
    (
        r"a block mapping",
        STOP,
        "ceci ne continue pas ce qui précède. Vérifiez le retrait ; "
        "si le texte de la ligne contient des guillemets ou des crochets, mettez-le tout entier entre guillemets.",
    ),
    (r"a block (collection|sequence)", STOP, "la liste ne continue pas. Commencez par « - », ou vérifiez le retrait."),
    (r"a flow node", STOP, "il manque une valeur ici. Écrivez-la, ou enlevez la virgule en trop."),
    (r"nesting", STOP, TOO_DEEP),
    (r"", STOP, "ceci n’est pas du YAML. Vérifiez le retrait, les « : » et les guillemets."),
)


def in_french(error: yaml.MarkedYAMLError, text: str) -> Diagnostic:
    """Diagnostic of what the parser says in English."""
    lines = lines_of(text)

    def at(mark: Any) -> str:
        return lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""

    stopped: Any = error.problem_mark or error.context_mark
    said = f"{error.context}, {error.problem} {at(stopped)}"
    where, sentence = next((where, sentence) for sign, where, sentence in _SYNTAX if re.search(sign, said))
    mark: Any = error.context_mark if where is START and error.context_mark else stopped
    code = TOO_MUCH if sentence is TOO_DEEP else "E104"
    return Diagnostic(position_of(mark), sentence.replace("{char}", at(mark)), code)
