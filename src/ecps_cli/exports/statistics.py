"""Figures put into words: for each guide, how its walks went, how long its steps take, where one stops or deviates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from ecps_cli.core.figures import Figure, Kind
from ecps_cli.core.guide import Guide
from ecps_cli.french.words import duration, plural, quoted_line

LEAST = 5
"""Under so many walks, the team's database gives no count."""
HIDDEN = f"Un nombre de moins de {LEAST} parcours, ou d’où un tel nombre se déduirait, n’est pas donné (–)."
TROUBLES: Mapping[Kind, str] = {
    "paused": "pause",
    "abandoned": "abandon",
    "deviation": "écart",
    "mismatch": "ne correspond plus",
}
"""What is told of a step beside its time, and its word."""
Guides = Mapping[tuple[str, str], Guide]
"""Guides by their id and version; one that cannot be read is not among them."""


class Counted(NamedTuple):
    """A line of a list: what, and in how many walks; None where that is hidden."""

    text: str
    walks: int | None


class StepFigures(NamedTuple):
    """What is counted of a step."""

    id: str
    text: str
    walks: int | None
    median: int | None
    paused: int | None
    abandoned: int | None
    deviated: int | None
    mismatch: int | None
    deviations: tuple[Counted, ...]


class GuideFigures(NamedTuple):
    """What is counted of one version of a guide."""

    id: str
    version: str
    title: str
    walks: int | None
    results: tuple[Counted, ...]
    steps: tuple[StepFigures, ...]


def by_guide(found: Iterable[Figure], guides: Guides, hidden: bool) -> list[GuideFigures]:
    """Figures of each guide, in the order of its steps; `hidden` where what was not counted may be under `LEAST`."""
    editions: dict[tuple[str, str], list[Figure]] = {}
    for each in found:
        editions.setdefault((each.guide, each.version), []).append(each)
    nothing = None if hidden else 0
    return [_guide(key, figures, guides.get(key), nothing) for key, figures in sorted(editions.items())]


def _guide(key: tuple[str, str], figures: list[Figure], guide: Guide | None, nothing: int | None) -> GuideFigures:
    counts = {(each.kind, each.step, each.name): each for each in figures}
    met = {each.step for each in figures if each.kind == "step"}
    ids = [step.id for step in guide.steps if step.id in met] if guide else sorted(met)

    def walks(kind: Kind, step: str = "") -> int | None:
        found = counts.get((kind, step, ""))
        return found.walks if found else nothing

    def step(step_id: str) -> StepFigures:
        of = guide.step(step_id) if guide else None
        taken = sorted((each for each in figures if each.kind == "deviation" and each.step == step_id), key=_most)
        named = {each.id: quoted_line(each.if_) for each in of.deviations} if of else {}
        return StepFigures(
            id=step_id,
            text=quoted_line(of.text) if of else step_id,
            walks=walks("step", step_id),
            median=counts["step", step_id, ""].median,
            paused=walks("paused", step_id),
            abandoned=walks("abandoned", step_id),
            deviated=walks("deviated", step_id),
            mismatch=walks("mismatch", step_id),
            deviations=tuple(Counted(named.get(each.name, each.name), each.walks) for each in taken),
        )

    results = sorted((each for each in figures if each.kind == "result"), key=_most)
    return GuideFigures(
        *key,
        title=guide.title if guide else key[0],
        walks=walks("walk"),
        results=tuple(Counted(_result(each, guide), each.walks) for each in results),
        steps=tuple(map(step, ids)),
    )


def _most(figure: Figure) -> tuple[int, str]:
    return -figure.walks, figure.name


def _result(figure: Figure, guide: Guide | None) -> str:
    if figure.step != "ended":
        return {"abandoned": "abandonné", "unfinished": "inachevé"}[figure.step]
    outcome = guide.outcomes.get(figure.name) if guide else None
    return quoted_line(outcome.text) if outcome else figure.name


def seconds(median: int | None) -> str:
    """Median time of a step, in words."""
    return "–" if median is None else duration(timedelta(seconds=median))


def count(walks: int | None) -> str:
    """Number of walks, in words."""
    return "–" if walks is None else str(walks)


def troubles(guide: GuideFigures) -> list[Counted]:
    """Where one stops, deviates or finds another screen, the most frequent first."""
    found = []
    for step in guide.steps:
        told = {"paused": step.paused, "abandoned": step.abandoned, "mismatch": step.mismatch}
        found += [Counted(f"{TROUBLES[kind]} : {step.text}", walks) for kind, walks in told.items() if walks]  # type: ignore[index]
        found += [Counted(f"écart « {each.text} » : {step.text}", each.walks) for each in step.deviations]
    return sorted(found, key=lambda each: (-(each.walks or 0), each.text))


def to_values(guides: list[GuideFigures], hidden: bool) -> dict[str, Any]:
    """Figures as values for JSON; null where a count is hidden."""
    return {
        "hidden_below": LEAST if hidden else 0,
        "guides": [
            {
                **guide._asdict(),
                "results": [each._asdict() for each in guide.results],
                "steps": [
                    {**step._asdict(), "deviations": [each._asdict() for each in step.deviations]}
                    for step in guide.steps
                ],
            }
            for guide in guides
        ],
    }


def heading(guide: GuideFigures) -> str:
    """Title of a guide's figures."""
    many = plural(guide.walks, "parcours") if guide.walks is not None else f"moins de {LEAST} parcours"
    return f"{guide.title} ({guide.id}, version {guide.version}) : {many}"
