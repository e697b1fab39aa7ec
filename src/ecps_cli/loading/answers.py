"""Answers to the steps of a guide as a file or a scenario holds them, or all that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ecps_cli.core.guide import Guide
from ecps_cli.core.model import KeyPath
from ecps_cli.loading.problems import Finding, Unknown, refuse
from ecps_cli.loading.tree import KEY, read_tree


def load_answers(text: str, name: str, guide: Guide) -> dict[str, tuple[str, ...]]:
    """Answers to the steps of a guide in a file: by step id, texts in the order of typing.

    Raises:
        LoadError: the text is no such file, or names steps that the guide has not; with every problem of it.

    """
    tree = read_tree(text, name)
    if diagnostics := tree.located(answer_findings(tree.data, guide)):
        refuse(name, diagnostics)
    return typed_lines(tree.data)


def answer_findings(answers: object, guide: Guide, path: KeyPath = ()) -> Iterator[Finding]:
    """Faults of answers by step as they were written; `path` is where they stand in their file."""
    if not isinstance(answers, dict):
        yield Finding(path, 'il faut une réponse par étape. Écrivez par exemple « rpps: "899700218896" ».', "E205")
        return
    steps = [step.id for step in guide.steps]
    for step_id, typed in answers.items():
        if guide.step(step_id) is None and not is_elsewhere(step_id, guide):
            yield Finding((*path, step_id, KEY), Unknown("l’étape", step_id, steps, "Enlevez cette ligne."), "E306")
        texts = typed if isinstance(typed, list) else [typed]
        if not texts or not all(isinstance(each, str) for each in texts):
            said = 'une réponse est un texte, ou une liste de textes. Écrivez par exemple « rpps: [p, "1"] ».'
            yield Finding((*path, step_id), said, "E205")


def is_elsewhere(step_id: str, guide: Guide) -> bool:
    """Whether a name is that of a step of another guide, `card-blocked/letter`, and this one may go over to another."""
    goes_over = any(deviation.then.guide for step in guide.steps for deviation in step.deviations)
    return goes_over and re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", step_id) is not None


def typed_lines(answers: Mapping[str, str | list[str]]) -> dict[str, tuple[str, ...]]:
    """Answers in which nothing is wrong: by step id, texts in the order of typing."""
    return {step: tuple(typed) if isinstance(typed, list) else (typed,) for step, typed in answers.items()}
