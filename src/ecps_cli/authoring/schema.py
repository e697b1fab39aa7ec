"""JSON Schema of what an author writes: the keys, types and meanings of `core.guide`, as an editor sees them.

An editor reads `max: 2` as a number, `critical: true` as a boolean and `verified_on: 2026-09-20` as a text; the loader
reads all of them as the texts that were written. So a scalar has here each form in which the loader can take it.
"""

from __future__ import annotations

from typing import Any

from ecps_cli.core.guide import ACTIONS, Fact, Guide
from ecps_cli.core.model import json_schema
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
    """JSON Schema (2020-12) of a guide."""
    return {"$schema": DIALECT, "$id": ID, **_of(Guide)}


def facts_schema() -> Schema:
    """JSON Schema (2020-12) of the facts that guides name."""
    about = "Ce que les guides nomment : un numéro qui change se change à un seul endroit."
    facts = {"type": "object", "propertyNames": _SLUG, "additionalProperties": _of(Fact)}
    return {"$schema": DIALECT, "title": "Les faits", "description": about, **facts}


def _of(model: type) -> Schema:
    """Schema of a class of the model, those of the classes in it under `$defs`."""
    raw = json_schema(model)
    inner = {name: _class(name, shape) for name, shape in raw.get("$defs", {}).items()}
    return {**_class(model.__name__, raw), **({"$defs": inner} if inner else {})}


def _class(name: str, raw: Schema) -> Schema:
    """Schema of a class as an author writes it: its keys in their order, each with its meaning, and no other key."""
    keys = {
        key: {"description": shape["description"], **(_FORMS.get((name, key)) or _written(shape))}
        for key, shape in raw["properties"].items()
        if "description" in shape  # but `go`: an author writes its word alone
    }
    shape = {"type": "object", "properties": keys, "required": raw.get("required", []), "additionalProperties": False}
    if name == "Then":
        shape = {"oneOf": [_written(raw["properties"]["go"]), {**shape, "oneOf": _WAYS}]}
    return {"title": raw["title"], "description": raw["description"], **shape, **_TOGETHER.get(name, {})}


def _written(shape: Schema) -> Schema:
    """Schema of what an author may write for a value of the model, given Pydantic's schema of it."""
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

_WAYS: list[Schema] = [
    {"required": ["back"], "maxProperties": 1},
    {"required": ["end"], "maxProperties": 1},
    {"required": ["guide", "end"]},
]
"""The keys of a way out that go together."""

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
            "act": ["do"],
        },
        "if": {"required": ["critical"], "properties": {"critical": {"const": True}}},
        "then": {"required": ["why"]},
    },
    "Deviation": {
        "if": {
            "required": ["then"],
            "properties": {
                "then": {
                    "anyOf": [{"const": "retry"}, *({"type": "object", "required": [key]} for key in ("back", "guide"))]
                }
            },
        },
        "then": {"required": ["max"]},
    },
    "Otherwise": {"oneOf": [{"required": ["do"]}, {"required": ["guide"]}]},
}
"""The rules between the keys of one place that a schema can say (`rules.py` has them all, and says them better)."""
