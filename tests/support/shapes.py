"""Guides and their parts from data, and back: as the loader makes them, without its rules."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from ecps_cli.core.model import as_data


def shaped(shape: Any, data: object) -> Any:
    """Value of a shape; raise Pydantic's ValidationError where data does not fit."""
    return _adapter(shape).validate_python(data)


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def as_json(value: object) -> str:
    """Every key of a value of a shape, as JSON."""
    return json.dumps(as_data(value), ensure_ascii=False)
