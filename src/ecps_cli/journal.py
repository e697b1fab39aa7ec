"""Where events are kept: the walk hands each one over before it believes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from ecps_cli.session import Event


class Journal(Protocol):
    """What the walk needs of a place that keeps events."""

    def append(self, event: Event) -> None:
        """Keep one event; it is durable when this returns."""
        ...


class MemoryJournal:
    """A journal that lasts as long as the process."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def append(self, event: Event) -> None:
        """Keep one event."""
        self.events.append(event)


def data_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder for what is kept between runs: `ECPS_DATA`, or the user's data folder of this system."""
    if environ.get("ECPS_DATA"):
        return Path(environ["ECPS_DATA"])
    from platformdirs import user_data_path

    return user_data_path("ecps-guide", appauthor=False)
