"""Write the tables of docs/format.md and docs/architecture.md anew from the code: keys, validators, moves.

Run with `python docs/tables.py` after a change of `core/guide.py`, of the validators or of the moves; a test misses it.
"""

from __future__ import annotations

import re
from pathlib import Path

from ecps_cli.authoring.schema import (
    COUNT,
    DATE,
    DURATION,
    IDENTIFIER,
    TEXT,
    YES_NO,
    Schema,
    facts_schema,
    guide_schema,
)
from ecps_cli.core.guide import ACTIONS
from ecps_cli.core.moves import MOVES
from ecps_cli.core.validators import VALIDATORS

PAGE = Path(__file__).with_name("format.md")
ARCHITECTURE = Path(__file__).with_name("architecture.md")

ONE = ((TEXT, "texte"), (IDENTIFIER, "identifiant"), (DATE, "date"), (DURATION, "durée"), (COUNT, "nombre de 1 à 9"))
MANY = {"texte": "de textes", "identifiant": "d’identifiants"}
CLASS_WORDS = {
    "Step": "liste d’[étapes](#une-étape)",
    "Otherwise": "liste d’[autres cas](#un-autre-cas)",
    "Deviation": "liste d’[écarts](#un-écart)",
    "Item": "liste de [lignes](#une-ligne-à-cocher)",
    "Outcome": "identifiant → [issue](#une-issue)",
    "Then": "[suite](#la-suite-dun-écart)",
}


def shapes() -> dict[str, Schema]:
    """Schema of each class of the model that has keys."""
    guide = guide_schema()
    found = {"Guide": guide, **guide["$defs"], "Fact": facts_schema()["additionalProperties"]}
    return {**found, "Then": found["Then"]["oneOf"][1]}


def tables() -> dict[str, str]:
    """Each table of the page, by the name in the mark above it."""
    return {**{name: key_table(shape) for name, shape in shapes().items()}, "validators": validator_table()}


def key_table(shape: Schema) -> str:
    """Table of the keys of a class, in their order."""
    rows = ["| clé | type | obligatoire | sens |", "|---|---|---|---|"]
    for key, each in shape["properties"].items():
        needed = "oui" if key in shape["required"] else "non"
        rows.append(f"| `{key}` | {type_in_words(each)} | {needed} | {each['description']} |")
    return "\n".join(rows)


def type_in_words(shape: Schema) -> str:
    """Type of a value as the page calls it."""
    shape = {key: each for key, each in shape.items() if key != "description"}
    inner = shape.get("items") or shape.get("additionalProperties") or shape
    if "$ref" in inner:
        return CLASS_WORDS[inner["$ref"].removeprefix("#/$defs/")]
    if shape == YES_NO:
        return "`true` ou `false`"
    if "enum" in shape:
        words = list(dict.fromkeys(f"`{each}`" for each in shape["enum"]))
        return " ou ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
    if shape.get("type") == "array":
        of = type_in_words(shape["items"])
        return f"liste {MANY.get(of, f'de {of}')}"
    if shape.get("type") == "object":
        return f"identifiant → {type_in_words(shape['additionalProperties'])}"
    return next(word for one, word in ONE if one == shape)


def validator_table() -> str:
    """Table of the validators, with what each expects."""
    rows = [f"| `{each.name}` | {each.hint[0].upper()}{each.hint[1:]}. |" for each in VALIDATORS.values()]
    return "\n".join(["| nom | ce qui est attendu |", "|---|---|", *rows])


def moves_table() -> str:
    """Table of the moves: event × action, ✓ or the number of the sentence that refuses; then the sentences."""
    sentences = list(dict.fromkeys(said for row in MOVES.values() for said in row.values() if said))
    rows = [f"| event | {' | '.join(ACTIONS)} |", "|---|" + "---|" * len(ACTIONS)]
    for event, row in MOVES.items():
        cells = (f"{sentences.index(row[each]) + 1}" if row[each] else "✓" for each in ACTIONS)
        rows.append(f"| `{event.__name__}` | {' | '.join(cells)} |")
    return "\n".join([*rows, "", *(f"{number}. {said}" for number, said in enumerate(sentences, 1))])


def with_moves(page: str) -> str:
    """Text of the architecture page with the table of moves as it must be."""
    head, _, rest = page.partition("<!-- moves -->\n")
    return f"{head}<!-- moves -->\n\n{moves_table()}\n\n<!-- /moves -->{rest.partition('<!-- /moves -->')[2]}"


def filled(page: str) -> str:
    """Text of the page with each marked table as it must be.

    Raises:
        KeyError: a mark names no table.

    """
    made = tables()
    return re.sub(r"(<!-- table: (\w+) -->\n\n)(?:\|.*\n)*", lambda found: f"{found[1]}{made[found[2]]}\n", page)


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8", newline="\n")
    ARCHITECTURE.write_text(with_moves(ARCHITECTURE.read_text("utf-8")), "utf-8", newline="\n")
