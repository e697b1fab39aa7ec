"""The tiers of parametrised tests: what stays in the default one, by a rule; the rest is marked `exhaustive`.

Nothing is run twice: `-m ""` runs each combination once, the default tier some of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from itertools import product
from typing import Any, TypeVar

import pytest

Value = TypeVar("Value")


def each_value(*axes: Sequence[Any]) -> list[Any]:
    """Every combination; in the default tier those of a diagonal, in which each value of each axis is met."""
    longest = max(map(len, axes))
    diagonal = {tuple(number % len(axis) for axis in axes) for number in range(longest)}
    return [
        _param(*(axis[at] for axis, at in zip(axes, place, strict=True)), default=place in diagonal)
        for place in product(*(range(len(axis)) for axis in axes))
    ]


def first_of(number: int, values: Iterable[Any]) -> list[Any]:
    """All values; in the default tier so many of them, from the first on."""
    return [_param(value, default=place < number) for place, value in enumerate(values)]


def first_rows(number: int, rows: Iterable[Sequence[Any]]) -> list[Any]:
    """All rows of several values; in the default tier so many of them, from the first on."""
    return [_param(*row, default=place < number) for place, row in enumerate(rows)]


def covering(values: Sequence[Value], traits: Callable[[Value], Collection[Hashable]]) -> list[Any]:
    """All values; in the default tier few of them, which together have each trait that any has."""
    taken = chosen(values, traits)
    return [_param(value, default=value in taken) for value in values]


def chosen(values: Sequence[Value], traits: Callable[[Value], Collection[Hashable]]) -> list[Value]:
    """Few of the values, which together have each trait that any has.

    The next one taken is the one with the most traits that none before it had.
    """
    missing = [set(traits(value)) for value in values]
    taken = []
    while max(map(len, missing), default=0):
        best = max(range(len(values)), key=lambda at: len(missing[at]))
        taken.append(values[best])
        missing = [each - missing[best] for each in missing]
    return taken


def _param(*values: Any, default: bool) -> Any:
    return pytest.param(*values, marks=() if default else pytest.mark.exhaustive)
