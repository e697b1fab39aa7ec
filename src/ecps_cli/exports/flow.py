"""Arrows of a guide: the ways from each step to the next ones, worked out without walking it."""

from __future__ import annotations

from bisect import bisect
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
"""The answers that each question may have had, as far as a step to come asks; `UNASKED` where it may have none."""

UNASKED = ""
NEVER_ASKED = frozenset({UNASKED})
"""What is known of a question that is missing: it has not been asked."""


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
        self.known: dict[str, Known] = {guide.steps[0].id: {}}
        self.last_use = {question: number for number, step in enumerate(guide.steps) for question in step.when}
        """Question → the last step that depends on it."""
        self.ready: list[int] = []
        """Steps that depend on no question still to come: what a step may lead to."""
        self.waiting: dict[int, list[int]] = {}
        """Question → the steps of which it is the last that they depend on."""
        for number, step in enumerate(guide.steps):
            last = max((guide.numbers[question] - 1 for question in step.when), default=0)
            self.waiting.setdefault(last, []).append(number)

    def arrows(self) -> Iterator[Arrow]:
        for number, step in enumerate(self.guide.steps):
            self.ready = sorted([*self.ready, *self.waiting.get(number, ())])  # two runs: merged, not sorted anew
            known = self.known.pop(step.id, None)
            if known is None:  # one that is reached only by passing over a question
                known = {each.id: frozenset({UNASKED, *each.options}) for each in self.guide.steps[:number]}
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
        for later in self.ready[bisect(self.ready, number) :]:
            target = self.guide.steps[later]
            before = {question: known.get(question, NEVER_ASKED) for question in target.when}
            there = {question: before[question] & {*options} for question, options in target.when.items()}
            if not all(there.values()):
                continue
            sure = there == before
            self._reach(later, {**known, **there})
            yield Arrow(step.id, kind, via, target.id, "", "if" if not sure else "always" if alone else "otherwise")
            if sure:
                return
            alone = False
            if len(there) == 1:  # whoever passes this one by gave another answer
                known = {**known, **{question: before[question] - there[question] for question in there}}

    def _reach(self, number: int, known: Known) -> None:
        """Note what is known at a step when it is reached so, too: of the questions that it or a later one needs."""
        step_id = self.guide.steps[number].id
        known = {question: had for question, had in known.items() if self.last_use.get(question, -1) >= number}
        before = self.known.get(step_id)
        if before is not None:
            known = {
                question: before.get(question, NEVER_ASKED) | known.get(question, NEVER_ASKED)
                for question in {**before, **known}
            }
        self.known[step_id] = known
