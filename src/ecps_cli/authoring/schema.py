"""The JSON Schema of what an author writes: the model's keys and types, as an editor sees them, explained in French.

An editor reads `max: 2` as a number, `critical: true` as a boolean and `verified_on: 2026-09-20` as a text; the loader
reads all of them as the texts that were written. So a scalar has here each form in which the loader can take it.
"""

from __future__ import annotations

from typing import Any

from ecps_cli.core.guide import ACTIONS, Fact, Guide
from ecps_cli.core.validators import VALIDATORS

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ID = "https://json.schemastore.org/ecps-guide.json"
"""Where the schema can be read once it is registered; until then, a name and no more."""

_SLUG: Schema = {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 60}
IDENTIFIER: Schema = {"type": ["string", "integer", "boolean"], **_SLUG, "minimum": 0}
TEXT: Schema = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
DATE: Schema = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
DURATION: Schema = {"type": "string", "pattern": "^[1-9][0-9]{0,3} ?(s|min)$"}
YES_NO: Schema = {
    "type": ["boolean", "string", "integer"],
    "pattern": "^([Tt]([Rr][Uu][Ee])?|[Ff]([Aa][Ll][Ss][Ee])?|[Yy]([Ee][Ss])?|[Nn][Oo]?|[Oo][Nn]|[Oo][Ff][Ff]|0|1)$",
    "minimum": 0,
    "maximum": 1,
}
COUNT: Schema = {"type": ["integer", "string"], "pattern": r"^\s*\+?[0_]*[1-9](\.0*)?\s*$", "minimum": 1, "maximum": 9}


def guide_schema() -> Schema:
    """Return the JSON Schema (2020-12) of a guide."""
    return {"$schema": DIALECT, "$id": ID, **_of(Guide)}


def facts_schema() -> Schema:
    """Return the JSON Schema (2020-12) of the facts that guides name."""
    title, about = CLASSES["Facts"]
    facts = {"type": "object", "propertyNames": _SLUG, "additionalProperties": _of(Fact)}
    return {"$schema": DIALECT, "title": title, "description": about, **facts}


def _of(model: type[Guide] | type[Fact]) -> Schema:
    """Return the schema of a class of the model, those of the classes in it under `$defs`."""
    raw = model.model_json_schema()
    inner = {name: _class(name, shape) for name, shape in raw.get("$defs", {}).items()}
    return {**_class(model.__name__, raw), **({"$defs": inner} if inner else {})}


def _class(name: str, raw: Schema) -> Schema:
    """Return a class as an author writes it: its keys in their order, each with its meaning, and no other key."""
    title, about = CLASSES[name]
    meanings = KEYS[name]
    keys = {
        key: {"description": meanings[key], **(_FORMS.get((name, key)) or _written(shape))}
        for key, shape in raw["properties"].items()
        if key in meanings  # but `go`: an author writes its word alone
    }
    shape = {"type": "object", "properties": keys, "required": raw.get("required", []), "additionalProperties": False}
    if name == "Then":
        shape = {"oneOf": [_written(raw["properties"]["go"]), {**shape, "minProperties": 1, "maxProperties": 1}]}
    return {"title": title, "description": about, **shape, **_TOGETHER.get(name, {})}


def _written(shape: Schema) -> Schema:
    """Return what an author may write for a value of the model, given Pydantic's schema of it."""
    if "anyOf" in shape:  # or nothing: then the key is not written at all
        shape = next(each for each in shape["anyOf"] if each.get("type") != "null")
    match shape:
        case {"$ref": reference}:
            return {"$ref": reference}
        case {"const": word}:  # the number of the format
            return {"enum": [int(word), word]}
        case {"enum": words}:
            return {"enum": words}
        case {"type": "array", "items": item}:
            least = {"minItems": shape["minItems"]} if "minItems" in shape else {}
            return {"type": "array", "items": _written(item), **least}
        case {"type": "object"}:
            value = next(iter(shape["patternProperties"].values()))
            least = {"minProperties": shape["minProperties"]} if "minProperties" in shape else {}
            return {"type": "object", "propertyNames": _SLUG, "additionalProperties": _written(value), **least}
        case {"type": "string", "pattern": _}:
            return IDENTIFIER
        case {"type": "string", "format": "date"}:
            return DATE
        case _:
            return {"string": TEXT, "boolean": YES_NO, "integer": COUNT}[shape["type"]]


_FORMS: dict[tuple[str, str], Schema] = {
    ("Step", "deadline"): DURATION,
    ("Step", "validate"): {"enum": list(VALIDATORS)},
    ("Step", "items"): {"type": "array", "items": {"$ref": "#/$defs/Item"}, "minItems": 1},
    ("Step", "options"): {"type": "object", "propertyNames": _SLUG, "additionalProperties": TEXT, "minProperties": 2},
}
"""What the model alone does not say: forms that a validator of it, or a rule, gives to a value."""

_TOGETHER: dict[str, Schema] = {
    "Step": {
        "oneOf": [{"required": [action]} for action in ACTIONS],
        "dependentRequired": {
            "do": ["who", "device"],
            "choose": ["options"],
            "tick": ["items"],
            "deadline": ["resume_at"],
            "options": ["choose"],
            "items": ["tick"],
            "end_if_unticked": ["tick"],
            "validate": ["ask"],
            "keep": ["ask"],
            "secret": ["do"],
        },
        "if": {"required": ["critical"], "properties": {"critical": {"const": True}}},
        "then": {"required": ["why"]},
    },
    "Deviation": {
        "if": {
            "required": ["then"],
            "properties": {"then": {"anyOf": [{"const": "retry"}, {"type": "object", "required": ["back"]}]}},
        },
        "then": {"required": ["max"]},
    },
    "Otherwise": {"oneOf": [{"required": ["do"]}, {"required": ["guide"]}]},
}
"""The rules between the keys of one place that a schema can say (`rules.py` has them all, and says them better)."""


CLASSES = {
    "Guide": ("Un guide", "Une procédure : un ordre d’étapes, et les issues par lesquelles elle peut finir."),
    "Step": ("Une étape", "Une seule action (do, ask, choose ou tick), qui la fait, et ce qui doit se voir."),
    "Deviation": ("Un écart", "Ce qui peut s’afficher d’autre à une étape, et son remède."),
    "Then": ("La suite d’un écart", "continue, retry, {back: une-étape} ou {end: une-issue}."),
    "Item": ("Une ligne à cocher", "Une personne à prévenir, une preuve à garder."),
    "Outcome": ("Une issue", "Une façon dont le guide peut finir."),
    "Otherwise": ("Un autre cas", "Pour qui a ouvert le mauvais guide : quoi faire, ou quel autre guide suivre."),
    "Fact": ("Un fait", "Un numéro, une adresse, un libellé, une définition ou une source."),
    "Facts": ("Les faits", "Ce que les guides nomment : un numéro qui change se change à un seul endroit."),
}
"""Class of the model → what it is called, and what it is."""

KEYS: dict[str, dict[str, str]] = {
    "Guide": {
        "format": "La version du format : 1.",
        "id": "L’identifiant du guide, le même que le nom de son fichier sans « .yaml ».",
        "version": "La version du guide, à changer à chaque modification.",
        "title": "Ce que le guide permet de faire, en une ligne.",
        "verified_on": "Le jour où tout le guide a été comparé à ses sources.",
        "review_by": "Le jour à partir duquel chaque parcours dit que le guide est à relire.",
        "sources": "D’où vient la procédure : des faits de genre « source ».",
        "fits": "« Ce guide convient si… » : les conditions, lues avant de commencer.",
        "otherwise": "Les autres cas, pour qui a ouvert le mauvais guide.",
        "needs": "« À préparer » : ce qu’il faut avoir sous la main.",
        "contacts": "Qui appeler quand aucun remède ne marche : des faits de genre « phone ».",
        "links": "Ce qui aide à côté du guide, une page ou une vidéo : des faits de genre « url ».",
        "steps": "Les étapes, dans l’ordre où elles se font.",
        "outcomes": "Les façons de finir : un identifiant, puis l’issue.",
    },
    "Step": {
        "id": "L’identifiant de l’étape, unique dans le guide.",
        "section": "Un titre, qui vaut jusqu’au suivant.",
        "who": "Qui agit : le médecin (doctor) ou le support (support).",
        "device": "Sur quel appareil : téléphone (phone), ordinateur (computer), deuxième appareil (second-device).",
        "do": "Action : ce qu’il faut faire. Une seule chose ; demande who et device.",
        "ask": "Action : la question à laquelle on répond en tapant un texte. Jamais un secret.",
        "choose": "Action : la question à laquelle on répond par un choix ; demande options.",
        "tick": "Action : le titre d’une liste de lignes à cocher ; demande items.",
        "expect": "Ce qui doit se voir ensuite : l’état de l’écran, jamais « fait ».",
        "why": "Pourquoi l’étape compte ; obligatoire avec critical.",
        "critical": "L’étape ne doit pas manquer : elle est mise en évidence.",
        "secret": "Un code que le médecin tape seul : l’étape n’a pas de champ, et dit de ne pas le demander.",
        "help": "Ce qu’il est utile de savoir de plus ; la touche « ? » le montre.",
        "show": "Les étapes ask qui précèdent dont la réponse est à taper ou à comparer ici.",
        "links": "Les adresses utiles ici : des faits de genre « url ».",
        "contacts": "Les numéros utiles ici : des faits de genre « phone ».",
        "deviations": "Ce qui peut s’afficher d’autre, et le remède : la touche « p » le montre.",
        "validate": "Avec ask : comment vérifier ce qui est tapé ; sans cette clé, tout texte convient.",
        "keep": "Avec ask : ce que le relevé garde : rien (never, par défaut), un masque (masked) ou tout (full).",
        "options": "Avec choose : les réponses, un identifiant puis un texte ; « je ne sais pas » s’appelle unsure.",
        "items": "Avec tick : les lignes à cocher.",
        "deadline": "Le temps dont on dispose ; demande resume_at, et une étape avant celle-ci.",
        "resume_at": "L’étape qui précède à laquelle reprendre après une pause.",
        "when": "L’étape ne se fait que pour ces réponses à des étapes choose qui précèdent ; toutes doivent convenir.",
        "end": "L’issue par laquelle le guide finit après cette étape.",
        "end_if_unticked": "Avec tick : l’issue, s’il reste des lignes non cochées.",
    },
    "Deviation": {
        "id": "L’identifiant de l’écart, unique dans l’étape.",
        "if": "Ce qui s’affiche à la place.",
        "do": "Le remède.",
        "then": "La suite : continue (l’étape est faite), retry (elle recommence), {back: étape} ou {end: issue}.",
        "max": "Combien de fois l’écart peut servir, de 1 à 9 ; obligatoire avec retry et back.",
        "links": "Les adresses du remède : des faits de genre « url ».",
        "contacts": "Les numéros du remède : des faits de genre « phone ».",
    },
    "Then": {
        "back": "L’étape qui précède à laquelle revenir.",
        "end": "L’issue par laquelle le guide finit.",
    },
    "Item": {
        "id": "L’identifiant de la ligne, unique dans l’étape.",
        "text": "Ce qui est à faire pour pouvoir cocher la ligne.",
        "contact": "Le numéro à appeler : un fait de genre « phone ».",
        "link": "L’adresse utile : un fait de genre « url ».",
        "record": "Ce qui est demandé en cochant : l’heure (time), la personne (person), la référence (reference).",
    },
    "Outcome": {
        "success": "Si le but est atteint : true ou false.",
        "text": "Comment le guide finit, en une phrase.",
        "next": "Ce qui reste à faire ensuite.",
        "contacts": "Qui appeler ensuite : des faits de genre « phone ».",
        "links": "Les adresses utiles ensuite : des faits de genre « url ».",
    },
    "Otherwise": {
        "if": "Le cas.",
        "do": "Quoi faire dans ce cas ; ou guide, mais pas les deux.",
        "guide": "L’identifiant du guide à suivre à la place.",
    },
    "Fact": {
        "kind": "Le genre : numéro (phone), adresse (url), libellé (label), définition (term) ou source (source).",
        "name": "Comment le fait est appelé.",
        "value": "Le numéro, l’adresse https, le libellé mot pour mot, la définition, ou la description de la source.",
        "price": "Le prix de l’appel, s’il a une source.",
        "note": "Ce qu’il faut en savoir de plus.",
        "source": "La source du fait : un fait de genre « source ». Obligatoire, sauf pour une source.",
        "verified_on": "Le jour où le fait a été vu pour la dernière fois. Obligatoire, sauf pour une source.",
        "status": "Si le fait vaut encore (current, par défaut) ou non (former).",
        "replaced_by": "Avec « status: former » : le fait qui le remplace.",
    },
}
"""Class of the model → key → what it means: what an editor shows, and what docs/format.md says."""
