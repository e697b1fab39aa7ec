"""How the classes of a file's content are declared: frozen values whose keys have a meaning, an example and bounds.

They are plain dataclasses, since a walk needs no more. What is declared is in Pydantic's terms, which reads files into
them (`model`); nothing here imports it.
"""

from collections.abc import Callable
from dataclasses import MISSING, field
from typing import Any, dataclass_transform

from ecps_cli.core.value import Frozen


def key(
    *,
    description: str = "",
    example: str = "",
    name: str = "",
    default: Any = MISSING,
    default_factory: Any = MISSING,
    **bounds: int,
) -> Any:
    """Field of a shape: what its key means and an example of its value; `name` is the key, where it is not the field.

    A field without an example is no key that an author writes.
    """
    told = {"description": description, "examples": [example] if example else [], "alias": name}
    metadata = {**{each: value for each, value in told.items() if value}, **bounds}
    return field(default=default, default_factory=default_factory, metadata=metadata)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(key,))
class Shape(Frozen):
    """A frozen value that is read from a mapping, and refuses keys that it does not know."""

    def __init_subclass__(cls, title: str | None = None, description: str = "", example: str = "") -> None:
        super().__init_subclass__()
        told = {"description": description, "examples": [example] if example else []}
        cls.__pydantic_config__ = {"extra": "forbid", "title": title, "json_schema_extra": told}  # type: ignore[attr-defined]


class Bounds:
    """Annotation of a text: what bounds it, as Pydantic's core names it."""

    def __init__(self, **bounds: Any) -> None:
        self.bounds = bounds

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Return the schema of a text, bounded; Pydantic asks for it."""
        return {**handler(source), **self.bounds}


class Written:
    """Annotation of a value that an author writes in another form; `read` raises ValueError, which is named `error`."""

    def __init__(self, read: Callable[[Any], Any], error: str = "") -> None:
        self.read = read
        self.error = error

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Return the schema of a value that is read first; Pydantic asks for it."""
        from pydantic_core import PydanticCustomError, core_schema

        def read(value: Any) -> Any:
            try:
                return self.read(value)
            except ValueError as error:
                raise PydanticCustomError(self.error, "{said}", {"said": str(error)}) from None

        return core_schema.no_info_before_validator_function(read, handler(source))
