"""A guide and its facts as they were written, well formed or not: what the rules read, and look up.

Rules read this and not the model, so that one run shows every fault of a file. What has not the shape that a rule
expects is passed over: the model says that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from ecps_cli.core.guide import Fact, Facts
from ecps_cli.core.model import KeyPath

Picked = list[tuple[KeyPath, Any]]
"""Values with their paths."""


class RawDocument:
    """A file as it was written, in plain lists and dicts; a pattern such as `steps.*.links.*` leads to values in it."""

    def __init__(self, data: object) -> None:
        self.data = data
        self._picked: dict[str, Picked] = {}

    def pick(self, pattern: str) -> Picked:
        """Values that a pattern leads to, with their paths; looked up once, since many rules begin alike."""
        found = self._picked.get(pattern)
        if found is None:
            before, _, part = pattern.rpartition(".")
            around = self.pick(before) if before else [((), self.data)]
            if part == "*":
                found = [((*path, key), value) for path, node in around for key, value in _inside(node)]
            else:
                found = [((*path, part), node[part]) for path, node in around if type(node) is dict and part in node]
            self._picked[pattern] = found
        return found

    def texts_at(self, pattern: str) -> Iterator[tuple[KeyPath, str]]:
        """Texts that a pattern leads to, without the empty ones, with their paths."""
        return (each for each in self.pick(pattern) if type(each[1]) is str and each[1])

    @cached_property
    def bare_texts(self) -> list[str]:
        """Every text of it, each once, without their paths: to find these costs as much again."""
        found: list[str] = []
        todo: list[Any] = [self.data]
        while todo:
            node = todo.pop()
            for each in node.values() if type(node) is dict else node:
                (found if type(each) is str else todo).append(each)
        return [*dict.fromkeys(found)]

    @cached_property
    def whole(self) -> str:
        """All texts of it as one, a text a line: a rule that finds nothing in this need not look at each."""
        return "\n".join(self.bare_texts)

    @cached_property
    def texts(self) -> list[tuple[KeyPath, str]]:
        """Every text of it, with its path."""
        found: list[tuple[KeyPath, str]] = []
        todo: Picked = [((), self.data)]
        while todo:
            path, node = todo.pop()
            for key, each in _inside(node):
                (found if type(each) is str else todo).append(((*path, key), each))
        return found


def _inside(node: Any) -> Iterable[tuple[str | int, Any]]:
    if type(node) is dict:
        return node.items()
    return enumerate(node) if type(node) is list else ()


def mapping(value: object) -> dict[str, Any]:
    """Value as a mapping; {} when it is none."""
    return value if isinstance(value, dict) else {}


def words(value: object) -> list[str]:
    """Texts of a list; [] when it is none."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


class Citation(NamedTuple):
    """A fact that a guide names."""

    path: KeyPath
    word: str
    kind: str
    """The kind that is needed there."""
    fact: Fact | None
    """None: there is no such fact."""


_FACTS = tuple(
    (f"{owner}{key}", kind)
    for owners, key, kind in (
        (("",), "sources.*", "source"),
        (("", "steps.*.", "steps.*.deviations.*.", "outcomes.*."), "links.*", "url"),
        (("", "steps.*.", "steps.*.deviations.*.", "outcomes.*."), "contacts.*", "phone"),
        (("steps.*.items.*.",), "link", "url"),
        (("steps.*.items.*.",), "contact", "phone"),
    )
    for owner in owners
)
_ENDS = ("steps.*.end", "steps.*.end_if_unticked", "steps.*.deviations.*.then.end")


class RawGuide(RawDocument):
    """A guide as it was written, with what the rules look up in it."""

    data: dict[str, Any]

    def __init__(self, data: object, facts: Facts | None) -> None:
        written = mapping(data).get("steps")
        steps = written if isinstance(written, list) else []
        super().__init__({**mapping(data), "steps": steps})
        self.facts = facts
        """The facts that it may name; None when they are not known."""
        self.steps = [mapping(step) for step in steps]
        self.numbers: dict[str, int] = {}
        """Where in the order of steps each id stands first."""
        for number, step in enumerate(self.steps):
            if isinstance(step.get("id"), str):
                self.numbers.setdefault(step["id"], number)

    def earlier(self, number: int, action: str | None) -> Iterator[str]:
        """Ids of the steps before one; only those with an action, unless it is None."""
        return (
            each
            for each, there in self.numbers.items()
            if there < number and (action is None or action in self.steps[there])
        )

    @cached_property
    def citations(self) -> list[Citation]:
        """Facts that it names, in links, contacts and sources; [] when the facts are not known."""
        if self.facts is None:
            return []
        return [
            Citation(path, word, kind, self.facts.get(word))
            for pattern, kind in _FACTS
            for path, word in self.texts_at(pattern)
        ]

    @cached_property
    def ways(self) -> list[tuple[KeyPath, dict[str, Any], str | None]]:
        """Deviations with their paths, each with its one way on (a word, `back`, `end`, `guide`), or None."""
        return [(path, mapping(written), _way(written)) for path, written in self.pick("steps.*.deviations.*")]

    @cached_property
    def ends(self) -> list[tuple[KeyPath, str]]:
        """Outcomes in which a walk of it may end, as its steps name them, with their paths; they may not exist."""
        return [end for pattern in _ENDS for end in self.texts_at(pattern)]

    def facts_of(self, kind: str) -> Iterator[str]:
        """Ids of the facts of a kind."""
        return (each for each, fact in (self.facts or {}).items() if fact.kind == kind)

    def options(self, step_id: str) -> dict[str, Any]:
        """Options of a step; {} when it has none."""
        return mapping(self.steps[self.numbers[step_id]].get("options")) if step_id in self.numbers else {}


def _way(deviation: object) -> str | None:
    then = mapping(deviation).get("then", "")
    if isinstance(then, str):
        return then
    keys = mapping(then)
    if "guide" in keys:  # and back, to an earlier step perhaps; in any case with the end if it fails
        return "guide" if "end" in keys and "go" not in keys else None
    ways = [key for key in ("back", "end") if key in keys]
    return ways[0] if len(ways) == 1 and "go" not in keys else None


def is_critical(step: dict[str, Any]) -> bool:
    """Whether a step is marked as one that must not be missed."""
    return "critical" in step and not _is_false(step["critical"])


def _is_false(value: object) -> bool:
    return isinstance(value, str) and value.lower() in {"false", "no", "off", "0", "n", "f"}  # as Pydantic reads them


class RawFacts(RawDocument):
    """Facts as they were written, over a base of others; of two with one id, the written one counts."""

    data: dict[str, Any]

    def __init__(self, data: object, base: Facts) -> None:
        super().__init__(mapping(data))
        self.base = base

    def fact(self, fact_id: object) -> dict[str, Any]:
        """Fact of an id; {} when there is none."""
        return mapping(self.data.get(str(fact_id)))

    def kind(self, fact_id: object) -> object:
        """Kind of a fact, here or in the base; None when it has none."""
        return self.fact(fact_id).get("kind") if fact_id in self.data else self._in_base(fact_id, "kind")

    def is_former(self, fact_id: object) -> bool:
        """Whether a fact, here or in the base, holds no longer."""
        status = self.fact(fact_id).get("status") if fact_id in self.data else self._in_base(fact_id, "status")
        return status == "former"

    @cached_property
    def ids(self) -> set[str]:
        """Ids of the facts, here and in the base."""
        return {*self.data, *self.base}

    def _in_base(self, fact_id: object, key: str) -> object:
        return getattr(self.base.get(str(fact_id)), key, None)
