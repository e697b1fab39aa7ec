"""Arrows of a guide: the ways from each step to the next ones, worked out without walking it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from ecps_cli.core.guide import Deviation, Guide, Step

Kind = Literal["done", "answer", "unticked", "deviation"]


class Arrow(NamedTuple):
    """One way from a step to another, or to an outcome."""

    step: str
    kind: Kind
    via: str
    """The id of the answer or of the deviation that leads this way."""
    to_step: str
    to_outcome: str
    """One of these two is empty."""
    taken: Literal["always", "if", "otherwise"] = "always"
    """`if`: when the `when` of the step that it leads to holds; `otherwise`: when that of none before it does."""


Known = dict[str, frozenset[str]]
"""The answers that each question may have had; `UNASKED` among them when it may have none."""

UNASKED = ""


def arrows(guide: Guide) -> tuple[Arrow, ...]:
    """Return every arrow of a guide: step by step, first what is expected, then the deviations in their order.

    What may have been answered is followed question by question: two questions that exclude each other only together
    may leave an arrow that no walk takes. None that a walk takes is missing.
    """
    return tuple(_Flow(guide).arrows())


class _Flow:
    """The steps of a guide in order, with what may have been answered when each is reached."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        questions = [step for step in guide.steps if step.action == "choose"]
        self.known: dict[str, Known] = {guide.steps[0].id: {step.id: frozenset({UNASKED}) for step in questions}}
        self.anything: Known = {step.id: frozenset({UNASKED, *step.options}) for step in questions}

    def arrows(self) -> Iterator[Arrow]:
        for number, step in enumerate(self.guide.steps):
            known = self.known.get(step.id, self.anything)  # one that is reached only by passing over a question
            yield from self._expected(number, step, known)
            for deviation in step.deviations:
                yield from self._deviating(number, step, deviation, known)

    def _expected(self, number: int, step: Step, known: Known) -> Iterator[Arrow]:
        if step.end_if_unticked:
            yield Arrow(step.id, "unticked", "", "", step.end_if_unticked)
        if step.action != "choose":
            yield from self._onward(number, step, "done", "", known)
        for option in step.options:
            yield from self._onward(number, step, "answer", option, {**known, step.id: frozenset({option})})

    def _deviating(self, number: int, step: Step, deviation: Deviation, known: Known) -> Iterator[Arrow]:
        then = deviation.then
        if then.way == "continue":
            yield from self._onward(number, step, "deviation", deviation.id, known)
        else:
            to_step = then.back or ("" if then.way == "end" else step.id)
            if to_step:
                yield Arrow(step.id, "deviation", deviation.id, to_step, "")
            if then.end:  # of another guide: where it came to nothing
                yield Arrow(step.id, "deviation", deviation.id, "", then.end)

    def _onward(self, number: int, step: Step, kind: Kind, via: str, known: Known) -> Iterator[Arrow]:
        """Yield the arrows to the steps that may come next, and hand on to each what is known there."""
        if step.end:
            yield Arrow(step.id, kind, via, "", step.end)
            return
        alone = True
        for later in self.guide.steps[number + 1 :]:
            there = {question: known[question] & {*options} for question, options in later.when.items()}
            if not all(there.values()):
                continue
            sure = all(there[question] == known[question] for question in there)
            self._reach(later, {**known, **there})
            yield Arrow(step.id, kind, via, later.id, "", "if" if not sure else "always" if alone else "otherwise")
            if sure:
                return
            alone = False
            if len(there) == 1:  # whoever passes this one by gave another answer
                known = {**known, **{question: known[question] - there[question] for question in there}}

    def _reach(self, step: Step, known: Known) -> None:
        before = self.known.get(step.id, {})
        self.known[step.id] = {question: before.get(question, frozenset()) | known[question] for question in known}
