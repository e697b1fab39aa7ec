"""Frozen values, and what data has wrong for them: the one place that knows how Pydantic says it.

Whoever reads files asks here for a value, for what does not fit, and for the keys and examples at a path. A key of a
file is a field with an example: the text that an author may write after it.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, TypeGuard, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

__all__ = ["Field", "KeyPath", "Mismatch", "Model", "build", "example_at", "json_schema", "keys_at"]

Shape = TypeVar("Shape")
KeyPath = tuple[str | int, ...]
"""The keys and indexes that lead to a value."""


class Model(BaseModel):
    """A frozen value that refuses keys it does not know; built lazily, since most runs need a few of them."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


# ----------------------------------------------------------------------------------------------------- data into values


class Mismatch(NamedTuple):
    """One place where data does not fit its shape."""

    path: KeyPath
    kind: str
    """Pydantic's name of the error, such as `missing` or `extra_forbidden`."""
    value: Any
    """What stands there; where a key is missing, the mapping without it."""
    allowed: tuple[str, ...] = ()
    """The words that are permitted, where only some are."""
    most: int = 0
    """The length that is permitted, where it is exceeded."""


def build(shape: type[Shape], data: object) -> tuple[Shape | None, list[Mismatch]]:
    """Value of a shape (a model, or a mapping of models), or None and all that does not fit."""
    of: Any = shape
    validate: Any = of.model_validate if _is_model(of) else _adapter(of).validate_python
    try:
        return validate(data), []
    except ValidationError as error:
        return None, [_mismatch(each) for each in error.errors(include_url=False) if not _is_repetition(each)]


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _is_repetition(error: Any) -> bool:
    """Whether an error only follows from others: a list whose elements are refused is not short besides."""
    return error["type"] == "too_short" and bool(error["input"])


def _mismatch(error: Any) -> Mismatch:
    context = error.get("ctx", {})
    allowed = re.findall(r"'([^']+)'", context.get("expected", ""))
    return Mismatch(error["loc"], error["type"], error["input"], tuple(allowed), context.get("max_length", 0))


# --------------------------------------------------------------------------------------------------- what a shape tells


def json_schema(model: type[Model]) -> dict[str, Any]:
    """JSON Schema of a model in Pydantic's own terms, with the title and description of each class and key."""
    return model.model_json_schema()


def keys_at(shape: object, path: KeyPath) -> list[str]:
    """Keys that an author may write in the mapping at a path."""
    *_, (inner, _) = _along(shape, path)
    return list(_keys(inner)) if _is_model(inner) else []


def example_at(shape: object, path: KeyPath) -> tuple[str, str] | None:
    """Key at a path, or the nearest around it, with an example of its value; None where there is none."""
    return next((example for _, example in reversed(list(_along(shape, path))) if example), None)


def _along(shape: object, path: KeyPath) -> Iterator[tuple[object, tuple[str, str] | None]]:
    """Yield the shapes that a path leads through, each with the key that leads to it and an example of its value."""
    yield shape, None
    for part in path:
        key, example = str(part), ""
        if _is_model(shape):
            field = _keys(shape).get(key)
            if field is None:
                return
            shape, example = field.annotation, _first(field.examples)
        else:  # a list or a mapping: what it holds
            inner = [each for each in get_args(shape) if each is not ...]
            if not inner:
                return
            shape = inner[-1]
            if _is_model(shape):  # under a key of the author's own
                extra: Any = shape.model_config.get("json_schema_extra", {})
                example = _first(extra.get("examples"))
        yield shape, (key, example) if example else None


def _keys(model: type[Model]) -> dict[str, FieldInfo]:
    """Fields of a model by the key that an author writes; without an example, a field is none."""
    return {field.alias or name: field for name, field in model.model_fields.items() if field.examples}


def _first(examples: list[Any] | None) -> str:
    return str(examples[0]) if examples else ""


def _is_model(shape: object) -> TypeGuard[type[Model]]:
    return isinstance(shape, type) and issubclass(shape, Model)
