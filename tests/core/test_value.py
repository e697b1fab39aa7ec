"""Frozen values without generated code: they behave as frozen dataclasses do."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from typing import Any

import pytest

from ecps_cli.core.value import Value


class Ours(Value):
    """A value."""

    at: int
    named: str = "x"
    held: dict[str, int] = field(default_factory=dict)


class OursMore(Ours):
    """A value with one field more."""

    more: tuple[int, ...] = ()


class OursSame(Ours):
    """A value of the same fields."""


@dataclass(frozen=True)
class Theirs:
    """A dataclass."""

    at: int
    named: str = "x"
    held: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class TheirsMore(Theirs):
    """A dataclass with one field more."""

    more: tuple[int, ...] = ()


@dataclass(frozen=True)
class TheirsSame(Theirs):
    """A dataclass of the same fields."""


PAIRS = [(Ours, Theirs), (OursMore, TheirsMore), (OursSame, TheirsSame)]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((1,), {}),
        ((1, "y"), {"held": {"a": 1}}),
        ((), {"at": 1, "named": "y"}),
        ((), {}),
        ((), {"named": "y"}),
        ((1,), {"other": 2}),
        ((), {"other": 2}),
        ((1, "y", {}, (), 5), {}),
        ((1,), {"at": 2}),
    ],
)
def test_it_is_made_of_what_a_dataclass_is_made_of(
    ours: type[Any], theirs: type[Any], values: tuple[Any, ...], named: dict[str, Any]
) -> None:
    """Values by place and by name, and defaults, make the same; what is missing, unknown or twice there is refused."""
    try:
        wanted = theirs(*values, **named)
    except TypeError:
        with pytest.raises(TypeError, match=ours.__name__):
            ours(*values, **named)
        return
    made = ours(*values, **named)
    assert asdict(made) == asdict(wanted)
    assert repr(made) == repr(wanted).replace("Theirs", "Ours")
    assert [each.name for each in fields(made)] == [each.name for each in fields(wanted)]
    assert asdict(replace(made, at=9)) == asdict(replace(wanted, at=9))


def test_it_is_equal_to_the_same_of_its_class_alone() -> None:
    """Equality is that of class and fields, and equal values have one hash."""
    assert Ours(1) == Ours(1, "x")
    assert Ours(1) != Ours(2)
    assert Ours(1) != OursSame(1)
    assert Ours(1) != 1
    assert hash(Hashed(1)) == hash(Hashed(1))


class Hashed(Value):
    """A value that can be hashed."""

    at: int


def test_it_does_not_change() -> None:
    """No attribute can be set or deleted."""
    value = Ours(1)
    with pytest.raises(FrozenInstanceError):
        value.at = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        value.other = 2  # type: ignore[attr-defined]
    with pytest.raises(FrozenInstanceError):
        del value.at
    assert value == Ours(1)
