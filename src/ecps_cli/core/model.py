"""Data into the shapes of files, and what it has wrong for them: the one place that knows how Pydantic says it.

Whoever reads files asks here for a value, for what does not fit, and for the keys and examples at a path. A key of a
file is a field with an example: the text that an author may write after it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Annotated, Any, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

Shape = TypeVar("Shape")
KeyPath = tuple[str | int, ...]
"""The keys and indexes that lead to a value."""


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
    """Value of a shape, or of a mapping of them; None and all that does not fit."""
    of: Any = shape
    try:
        return _adapter(of).validate_python(data), []
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
    kind = _KINDS.get(error["type"], error["type"])
    return Mismatch(error["loc"], kind, error["input"], tuple(allowed), context.get("max_length", 0))


_KINDS = {"unexpected_keyword_argument": "extra_forbidden", "dataclass_type": "model_type"}
"""What Pydantic says of keys and arguments → the one name for both."""


def as_data(value: object, *, whole: bool = True) -> dict[str, Any]:
    """Value of a shape as JSON has it, by the keys that an author writes: all, or those that say something."""
    shape: Any = type(value)
    told: dict[str, Any] = _adapter(shape).dump_python(value, mode="json", by_alias=True, exclude_defaults=not whole)
    return told


# --------------------------------------------------------------------------------------------------- what a shape tells


def json_schema(shape: type) -> dict[str, Any]:
    """JSON Schema of a shape in Pydantic's own terms, with the title and description of each class and key."""
    return _adapter(shape).json_schema()


class KeyOfFile(NamedTuple):
    """A key that an author may write: what stands after it, what it means, and an example."""

    shape: Any
    description: str
    example: str


@cache
def keys_of(shape: Any) -> Mapping[str, KeyOfFile]:
    """Keys of a shape, by name; none of what is no shape."""
    if not _is_shape(shape):
        return {}
    hints = get_type_hints(shape, include_extras=True)
    told = [(each.metadata, each.name) for each in fields(shape) if "examples" in each.metadata]
    return {
        of.get("alias", name): KeyOfFile(_bare(hints[name]), of.get("description", ""), of["examples"][0])
        for of, name in told
    }


def _is_shape(each: object) -> bool:
    return isinstance(each, type) and is_dataclass(each)


def _bare(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def keys_at(shape: object, path: KeyPath) -> list[str]:
    """Keys that an author may write in the mapping at a path."""
    *_, (inner, _) = _along(shape, path)
    return list(keys_of(inner))


def example_at(shape: object, path: KeyPath) -> tuple[str, str] | None:
    """Key at a path, or the nearest around it, with an example of its value; None where there is none."""
    return next((example for _, example in reversed(list(_along(shape, path))) if example), None)


def _along(shape: Any, path: KeyPath) -> Iterator[tuple[object, tuple[str, str] | None]]:
    """Yield the shapes that a path leads through, each with the key that leads to it and an example of its value."""
    yield shape, None
    for part in path:
        key, example = str(part), ""
        if _is_shape(shape):
            if key not in keys_of(shape):
                return
            shape, _, example = keys_of(shape)[key]
        else:  # a list or a mapping: what it holds
            inner = [each for each in get_args(shape) if each is not ...]
            if not inner:
                return
            shape = _bare(inner[-1])
            if _is_shape(shape):  # under a key of the author's own
                config: Any = getattr(shape, "__pydantic_config__", {})
                example = next(iter(config["json_schema_extra"].get("examples", ())), "")
        yield shape, (key, example) if example else None
