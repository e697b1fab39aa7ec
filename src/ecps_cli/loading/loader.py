"""A text in YAML into a guide, its facts, or another model; or all its problems, each at its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from ecps_cli.core.guide import Facts, Guide
from ecps_cli.core.model import Mismatch, Shape, build, keys_at
from ecps_cli.core.text import shorten
from ecps_cli.loading.model_errors import explain, is_unknown_key, unknown_key
from ecps_cli.loading.problems import (
    MOST,
    Diagnostic,
    Finding,
    LoadError,
    Problem,
    closest,
    is_error,
    refuse,
    worded,
)
from ecps_cli.loading.raw_guide import RawFacts, RawGuide
from ecps_cli.loading.rules import check_facts, check_guide
from ecps_cli.loading.tree import Tree, read_tree

Content = TypeVar("Content")


def load_guide(text: str, name: str, facts: Facts, *, stem: str | None = None) -> Guide:
    """Guide that a text holds; `name` is what its problems call the file.

    With `stem`, the name under which a library keeps the file, the guide must have it as its id.

    Raises:
        LoadError: the text is no guide, or breaks a rule; with every problem of it.

    """
    return _unless_faulty(name, *_read_guide(text, name, facts, stem))


def load_facts(text: str, name: str, base: Facts | None = None) -> Facts:
    """Facts that a text holds, by id; `name` is what its problems call the file.

    They may name, and take the place of, those of `base`.

    Raises:
        LoadError: the text holds no facts, or they break a rule; with every problem of it.

    """
    return _unless_faulty(name, *_read_facts(text, name, base))


def merge_facts(base: str, own: str) -> str:
    """Text of the facts of two good texts, in JSON, which YAML reads too; where both have an id, the second's counts.

    A session keeps this one text, and can be read again when both files have changed.
    """
    both = {**read_tree(base, "").data, **read_tree(own, "").data}
    return json.dumps(both, ensure_ascii=False, indent=0)


class Examined(NamedTuple):
    """Content of a text, and all that is to be said of it, in the order of the text."""

    value: Any
    """The guide or the facts; None when they cannot be used."""
    problems: list[Problem]
    """The first `MOST` errors, and the first `MOST` warnings."""
    more_errors: int = 0
    more_warnings: int = 0


def examine_guide(
    text: str, name: str, facts: Facts | None, advise: Callable[[RawGuide], list[Finding]], *, stem: str | None
) -> Examined:
    """Guide that a text holds, with its errors and with what `advise` finds; raises nothing.

    Where `facts` is None, the facts that the guide names are not looked up.
    """
    try:
        value, diagnostics = _read_guide(text, name, facts, stem, advise)
    except LoadError as error:
        return Examined(None, list(error.problems), error.more)
    return _examined(name, text, value, diagnostics)


def examine_facts(text: str, name: str, advise: Callable[[RawFacts], list[Finding]], base: Facts | None) -> Examined:
    """Facts that a text holds, with their errors and with what `advise` finds; raises nothing."""
    try:
        value, diagnostics = _read_facts(text, name, base, advise)
    except LoadError as error:
        return Examined(None, list(error.problems), error.more)
    return _examined(name, text, value, diagnostics)


def _examined(name: str, text: str, value: Any, diagnostics: list[Diagnostic]) -> Examined:
    from ecps_cli.loading.doubts import doubts  # no walk needs them

    diagnostics = [*diagnostics, *doubts(text)]
    errors, more_errors = worded(name, (each for each in diagnostics if is_error(each.code)))
    warnings, more_warnings = worded(name, (each for each in diagnostics if not is_error(each.code)))
    return Examined(None if errors else value, sorted(errors + warnings), more_errors, more_warnings)


def load_model(tree: Tree, name: str, shape: type[Shape], rules: Callable[[Any], list[Finding]]) -> Shape:
    """Model that another kind of file holds, from its tree, once `rules` finds nothing in what was written.

    Raises:
        LoadError: it is no such file, or breaks a rule; with every problem of it.

    """
    return _unless_faulty(name, *_read(tree, shape, rules))


def _unless_faulty(name: str, value: Content | None, diagnostics: list[Diagnostic]) -> Content:
    if diagnostics or value is None:
        refuse(name, diagnostics)
    return value


def _misnamed(data: Any, stem: str | None) -> list[Finding]:
    """Fault of a guide that has not the id under which the library keeps it."""
    written = data.get("id") if isinstance(data, dict) else None
    if stem is None or not isinstance(written, str) or written == stem:
        return []
    said = f"le fichier s’appelle « {shorten(stem)} », le guide « {shorten(written)} ». Donnez-leur le même nom."
    return [Finding(("id",), said, "E302")]


# ---------------------------------------------------------------------------------------------- the model and the rules


def _no_advice(_: object) -> list[Finding]:
    return []


def _read_guide(
    text: str,
    name: str,
    facts: Facts | None,
    stem: str | None,
    advise: Callable[[RawGuide], list[Finding]] = _no_advice,
) -> tuple[Guide | None, list[Diagnostic]]:
    def rules(data: Any) -> list[Finding]:
        raw = RawGuide(data, facts)
        return [*_misnamed(data, stem), *check_guide(raw), *advise(raw)]

    return _read(read_tree(text, name), Guide, rules)


def _read_facts(
    text: str, name: str, base: Facts | None, advise: Callable[[RawFacts], list[Finding]] = _no_advice
) -> tuple[Facts | None, list[Diagnostic]]:
    def rules(data: Any) -> list[Finding]:
        raw = RawFacts(data, base or {})
        return [*check_facts(raw), *advise(raw)]

    return _read(read_tree(text, name), Facts, rules)


def _read(
    tree: Tree, shape: type[Content], rules: Callable[[Any], list[Finding]]
) -> tuple[Content | None, list[Diagnostic]]:
    """Content of a file, if the model can make it, and all that the model and the rules find in it."""
    value, mismatches = build(shape, tree.data)
    if mismatches and _corrected(tree, mismatches, shape):
        _, mismatches = build(shape, tree.data)
    broken = rules(tree.data)
    said = {each.path for each in broken if is_error(each.code)}  # a rule that speaks of a value knows more
    refused = (explain(each, shape) for each in mismatches)
    return value, tree.located([*(each for each in refused if each.path not in said), *broken])


def _corrected(tree: Tree, mismatches: list[Mismatch], shape: object) -> bool:
    """Report each misspelt key and put it right in the tree, so that one typo is not three problems."""
    corrected = False
    for mismatch in islice(filter(is_unknown_key, mismatches), MOST):
        *around, key = mismatch.path
        meant = closest(str(key), keys_at(shape, tuple(around)))
        if meant and meant not in tree.keys(tuple(around)):
            tree.report(unknown_key(mismatch, shape))
            tree.rename(mismatch.path, meant)
            corrected = True
    return corrected
