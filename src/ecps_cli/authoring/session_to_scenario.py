"""A session as a scenario: what would be typed to take the same path, with nothing in it that names a person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ecps_cli.authoring.scenarios import name_of
from ecps_cli.core.events import (
    Abandoned,
    Answered,
    CameBack,
    Confirmed,
    Deviated,
    Ended,
    Event,
    Noted,
    Paused,
    Reopened,
    Resumed,
    Skipped,
    Ticked,
    Unticked,
    WentBack,
    WentOver,
)
from ecps_cli.core.guide import Step
from ecps_cli.core.moves import apply
from ecps_cli.core.session import Destination, End, Happened, Session, before, current, here, history
from ecps_cli.core.validators import VALIDATORS
from ecps_cli.core.verdicts import Doubtful
from ecps_cli.french.words import shown
from ecps_cli.walk.ticking import LEAVE

ANYTHING = "exemple"
"""What stands in a scenario for a free text that the record does not hold whole; else it is its validator's sample."""
IMPLIED = None
"""The Enter that goes on from a `do` step."""


def retell(session: Session, session_id: str) -> str:
    """File with the scenario that takes the path of a session which has ended.

    Answers that the record holds masked or not at all, notes, reasons, people and references are replaced.
    """
    end = current(session)
    assert isinstance(end, End)  # noqa: S101 — the command has asked
    lines, replaced = _typed(session)
    return "\n".join([*_comment(session_id, replaced), *_file(session, end.id, lines)])


def _comment(session_id: str, replaced: Iterable[str]) -> list[str]:
    named = ", ".join(replaced)
    values = [f"# Valeurs d’essai, qui ne sont celles de personne : les réponses de {named}."] if named else []
    return [
        f"# Écrit depuis la session {session_id}. Donnez-lui le nom et le titre de la situation qu’il raconte.",
        *values,
        "# Les notes, les raisons, les personnes et les références n’y sont pas. Relisez avant de partager.",
    ]


def _file(session: Session, outcome: str, lines: dict[str, list[str]]) -> list[str]:
    written = [f"      {step_id}: {_yaml(typed)}" for step_id, typed in lines.items()]
    return [
        f"guide: {session.guide.id}",
        "scenarios:",
        f"  session-{session.started:%Y-%m-%d}:",
        "    title: À nommer",
        *(["    answers:", *written] if written else []),
        f"    outcome: {outcome}",
    ]


def _yaml(typed: list[str]) -> str:
    scalars = [
        text if re.fullmatch(r"[a-z][a-z0-9-]*", text) else json.dumps(text, ensure_ascii=False) for text in typed
    ]
    return scalars[0] if len(scalars) == 1 else f"[{', '.join(scalars)}]"


def _typed(session: Session) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """Lines typed at each step, in the order of the guide, and the steps with another answer than given.

    The session is walked again without its pauses. What only a break brought about is left out: a question asked again
    because its answer had not been kept.
    """
    lines: dict[str, list[str | None]] = {step.id: [] for step in session.guide.steps}
    again = Session(session.guide, session.started)
    replaced: dict[str, None] = {}
    for part, event, other in _without_ends(history(session)):
        step = current(here(again))
        if isinstance(event, CameBack):
            again = _come_back(again, event, lines)
        elif not isinstance(step, Step) or step.id != event.step or isinstance(event, Paused | Resumed):
            continue
        elif isinstance(event, WentBack):
            again = _back(again, event, lines)
        else:
            name = name_of(part, step.id)
            lines.setdefault(name, []).extend(_lines(here(again), step, event))
            if isinstance(event, Answered) and _is_replaced(step):
                replaced[name] = None
            again = _go_over(again, event, other) if isinstance(event, WentOver) and other else apply(again, event)
    written = {step_id: _without_implied(typed) for step_id, typed in lines.items()}
    return {step_id: typed for step_id, typed in written.items() if typed}, tuple(replaced)


def _without_ends(happened: Iterable[Happened]) -> list[Happened]:
    """Events of a walk without the ends after which it was reopened, and what led to these: a scenario has one end."""
    kept: list[Happened] = []
    for each in happened:
        if not isinstance(each.event, Reopened):
            kept.append(each)
            continue
        at = max(number for number, before in enumerate(kept) if isinstance(before.event, Ended | Abandoned))
        del kept[at if isinstance(kept[at].event, Abandoned) else _settling(kept[:at]) : at + 1]
    return kept


def _settling(happened: Sequence[Happened]) -> int:
    """Index of the event that settled the last step: the last one or, after another guide, the one that led there."""
    number = len(happened) - 1
    if isinstance(happened[number].event, CameBack):
        part = happened[number].part
        return max(at for at, each in enumerate(happened) if each.part is part and isinstance(each.event, WentOver))
    return number


def _go_over(session: Session, event: WentOver, part: Session) -> Session:
    """Go over to a guide again, whose texts are not at hand."""
    into = Destination(part.guide, part.facts, ("", ""))
    guide, facts = into.hashes
    return apply(session, replace(event, guide=guide, facts=facts), into)


def _come_back(session: Session, event: CameBack, lines: dict[str, list[str | None]]) -> Session:
    """Come back from a guide: by itself at its end, else by the keys that leave it."""
    part = here(session)
    step = current(part)
    if isinstance(step, Step):
        keys = ["q", "g"] if before(part) else ["r"]
        lines.setdefault(name_of(part, step.id), []).extend(keys)
    return apply(session, event)


def _without_implied(typed: list[str | None]) -> list[str]:
    """Lines typed at a step without the last `IMPLIED`: a scenario types those by itself."""
    while typed and typed[-1] is IMPLIED:
        typed = typed[:-1]
    return [line or "" for line in typed]


def _back(session: Session, event: WentBack, lines: dict[str, list[str | None]]) -> Session:
    """Go back as far as an event did, by as many keys as that takes: after a break it is one event."""
    while event.to in (part := here(session)).resolved:
        step, target = current(part), before(part)
        assert isinstance(step, Step)  # noqa: S101
        assert target is not None  # noqa: S101 — something is settled
        lines.setdefault(name_of(part, step.id), []).append("r")
        session = apply(session, WentBack(event.at, step.id, target.id))
    return session


def _lines(session: Session, step: Step, event: Event) -> Sequence[str | None]:
    """Lines typed for an event at a step."""
    match event:
        case Confirmed() if step.action == "do":
            return [IMPLIED]
        case Confirmed():
            left = any((step.id, item.id) not in session.ticks for item in step.items)
            return ["", _leaving(step)] if left else [""]
        case Answered() if step.action == "choose":
            return [_choice(event.value, list(step.options))]
        case Answered():
            return _answer(step, event)
        case Deviated():
            return ["p", _choice(event.deviation, [each.id for each in step.deviations]), ""]
        case Skipped():
            return ["s", *(["o"] if step.critical else []), "passée"]
        case Noted():
            return ["e" if event.mismatch else "n", "une note"]
        case Ticked() | Unticked():
            item = step.item(event.item)
            blanks = [""] * len(item.record) if item and isinstance(event, Ticked) else []
            return [_choice(event.item, [each.id for each in step.items]), *blanks]
        case _:
            return []


def _leaving(step: Step) -> str:
    """Line that leaves a list on which lines are left."""
    return LEAVE if step.end or step.end_if_unticked else "o"


def _choice(chosen: str, ids: list[str]) -> str:
    """Line for a choice: its id, or its number where the id reads as a key or as a number."""
    return chosen if len(chosen) > 1 and not chosen.isdecimal() else str(ids.index(chosen) + 1)


def _is_replaced(step: Step) -> bool:
    """Whether a sample stands for the answer: the record masks it, or it is a day, maybe after that of scenarios."""
    return step.action == "ask" and (step.keep != "full" or step.validator == "date")


def _answer(step: Step, event: Answered) -> list[str]:
    """Lines typed at a question: twice where the validator doubts it, and a yes where it has no better one to offer."""
    text = shown(step, event.value)
    if _is_replaced(step):
        validator = VALIDATORS[step.validator] if step.validator else None
        text = (validator.sample if event.verified else validator.doubted) if validator else ANYTHING
    verdict = VALIDATORS[step.validator].check(text, event.at.date()) if step.validator else None
    if not isinstance(verdict, Doubtful):
        return [text]
    return [text, text] if verdict.offer else [text, text, "o"]
