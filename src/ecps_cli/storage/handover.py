"""A session as one file in JSON, to be walked on at another PC: its rows as they are kept, and the texts they rest on.

The file is a copy: what it says is held against its own chain before anything of it is taken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ecps_cli.core.journal import JournalError
from ecps_cli.core.text import is_clean, text_digest
from ecps_cli.storage.rows import EventRow, SessionRow, as_time, decoded, first_altered, seal_of, texts_named
from ecps_cli.storage.store import Store

FORMAT = "ecps-guide session, version 1"
"""What the file says that it is, under `format`."""
SESSION_ID = re.compile(r"\d{8}-\d{6}(-\d{1,9})?")


class Handed(NamedTuple):
    """What a file holds of a session."""

    row: SessionRow
    texts: dict[str, str]
    """By their hashes: the guide and the facts of the session, and those of each guide that it went over to."""
    events: tuple[EventRow, ...]


def to_json(store: Store, session_id: str) -> str:
    """A kept session as the text of a file.

    Raises:
        JournalError: there is no such session, or it was altered.

    """
    row, events = store.row(session_id), store.sound_rows(session_id)
    others = _named(events)
    document = {
        "format": FORMAT,
        "session": row._asdict(),
        "guide": store.text(row.guide),
        "facts": store.text(row.facts),
        **({"others": [store.text(each) for each in others]} if others else {}),
        "events": [{name: value for name, value in each._asdict().items() if name != "session"} for each in events],
        "seal": seal_of(row, events),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _named(events: Iterable[EventRow]) -> list[str]:
    """Hashes of the texts that events rest on, each once: the guides that were gone over to, and their facts."""
    return list(dict.fromkeys(text for each in events for text in texts_named(each.kind, each.body)))


def from_json(text: str, file: str) -> Handed:
    """Session of a file's text, held against its chain.

    Raises:
        JournalError: it is no such file, or was altered; the sentence names the first event that does not fit.

    """
    try:
        document = json.loads(text)
        if document["format"] != FORMAT and str(document["format"]).startswith(FORMAT.rstrip("1")):
            raise JournalError(f"« {file} » vient d’une version plus récente de l’outil. Mettez l’outil à jour.")
        if document["format"] != FORMAT or document.keys() - {"others"} != _KEYS:
            raise ValueError(FORMAT)
        row = _session_row(document["session"])
        events = tuple(EventRow(session=row.id, **_typed(each, _EVENT)) for each in document["events"])
        texts = [document["guide"], document["facts"], *document.get("others", [])]
        handed = Handed(row, {text_digest(each): each for each in texts}, events)
        seal = str(document["seal"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise JournalError(
            f"« {file} » n’est pas une session exportée, ou ne l’est plus. Pour en faire une : "
            "ecps-guide sessions --export SESSION -o FICHIER"
        ) from error
    number = first_altered(row.seal, events)
    if number is None and seal != seal_of(row, events):
        number = len(events) + 1
    if number is not None:
        raise JournalError(f"« {file} » a été altéré : l’événement n° {number} n’est pas celui qui a été écrit.")
    if [text_digest(each) for each in texts[:2]] != [row.guide, row.facts]:
        raise JournalError(f"« {file} » a été altéré : le guide ou les faits ne sont pas ceux de la session.")
    if [text_digest(each) for each in texts[2:]] != _named(events):
        raise JournalError(
            f"« {file} » a été altéré : il ne contient pas, ou pas seulement, les guides suivis en chemin."
        )
    for each in events:
        try:
            _must_be_clean(vars(decoded(each.kind, each.body)))
        except ValueError as error:
            raise JournalError(
                f"« {file} » : l’événement n° {each.number} ne se lit pas avec cette version."
            ) from error
    return handed


_KEYS = {"format", "session", "guide", "facts", "events", "seal"}
_EVENT = {"number": int, "kind": str, "body": str, "previous": str, "hash": str}


def _session_row(found: Any) -> SessionRow:
    types = {**dict.fromkeys(SessionRow._fields, str), "practice": int}
    row = SessionRow(**_typed(found, types))
    if not SESSION_ID.fullmatch(row.id) or row.practice not in (0, 1) or not as_time(row.started):
        raise ValueError(row.id)
    return row


def _typed(found: Any, types: Mapping[str, type]) -> dict[str, Any]:
    """Fields of an object, which are exactly these, each of its type; raise ValueError where they are not."""
    if not isinstance(found, dict) or {name: type(value) for name, value in found.items()} != types:
        raise ValueError("fields")
    _must_be_clean(found)
    return found


def _must_be_clean(values: Mapping[str, Any]) -> None:
    """Raise ValueError where a text holds what no walk writes, and what would steer the terminal that shows it."""
    if not all(is_clean(value) for value in values.values() if isinstance(value, str)):
        raise ValueError("control characters")
