"""Frozen values that are dataclasses without code of their own.

For each class a dataclass writes six methods and compiles them, at each start: for those of guide, events and intents
a sixth of what it took until the first screen. Here the methods are those of one base class.
"""

from dataclasses import MISSING, FrozenInstanceError, dataclass, fields
from itertools import islice
from typing import Any, ClassVar, NoReturn, dataclass_transform


class Frozen:
    """What the methods of a frozen dataclass do, for every subclass; `fields`, `replace` and `asdict` know them."""

    __dataclass_fields__: ClassVar[dict[str, Any]]
    _defaults: ClassVar[dict[str, Any]]
    """By field; values share them, since nothing changes them."""

    def __init_subclass__(cls) -> None:
        dataclass(init=False, repr=False, eq=False)(cls)
        made = {each.name: each.default_factory() for each in fields(cls) if callable(each.default_factory)}
        cls._defaults = made | {each.name: each.default for each in fields(cls) if each.default is not MISSING}

    def __init__(self, *values: Any, **named: Any) -> None:
        keys, own = self.__dataclass_fields__.keys(), self.__dict__
        own.update(self._defaults)
        own.update(zip(keys, values, strict=False))
        own.update(named)
        twice = named and any(map(named.__contains__, islice(keys, len(values))))
        if own.keys() != keys or len(values) > len(keys) or twice:
            raise TypeError(f"{type(self).__name__} takes, each once: {', '.join(keys)}")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenInstanceError(f"cannot assign to {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(f"cannot delete {name}")

    def __eq__(self, other: object) -> bool:
        return other.__class__ is self.__class__ and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        told = zip(self.__dataclass_fields__, self._values(), strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in told)})"

    def _values(self) -> tuple[Any, ...]:
        return tuple(map(self.__dict__.__getitem__, self.__dataclass_fields__))


@dataclass_transform(frozen_default=True)
class Value(Frozen):
    """A frozen value of some fields."""
