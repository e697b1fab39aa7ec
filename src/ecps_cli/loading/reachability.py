"""Every step and outcome can be reached, and every walk ends in an outcome."""

from __future__ import annotations

from ecps_cli.core.model import KeyPath
from ecps_cli.core.text import shorten
from ecps_cli.loading.problems import Violations, listed
from ecps_cli.loading.raw_guide import RawGuide, mapping, words
from ecps_cli.loading.tree import KEY


def the_walk_ends(guide: RawGuide) -> Violations:
    """A last step that some walks pass over, or that has no outcome: a path would fall off the end."""
    if guide.steps:
        path: KeyPath = ("steps", len(guide.steps) - 1)
        if "end" not in guide.steps[-1]:
            yield path, "la dernière étape ne mène à aucune issue. Ajoutez « end: » et l’identifiant d’une issue."
        if mapping(guide.steps[-1].get("when")):
            said = (
                "la dernière étape doit convenir à tous. Enlevez « when », ou ajoutez ensuite une étape sans « when »."
            )
            yield (*path, "when", KEY), said


def ways_back_are_bounded(guide: RawGuide) -> Violations:
    """Ways back that could be taken for ever."""
    for path, deviation, way in guide.ways:
        if way in ("retry", "back", "guide") and "max" not in deviation:
            yield (*path, "then"), f"« {way} » pourrait se répéter sans fin. Ajoutez par exemple « max: 2 »."


def every_outcome_is_reached(guide: RawGuide) -> Violations:
    """Outcomes in which nothing ends; not while an end is misspelt, which may have meant them."""
    outcomes = mapping(guide.data.get("outcomes"))
    named = {word for _, word in guide.ends}
    if named <= outcomes.keys():
        for word in outcomes:
            if word not in named:
                said = f"rien ne mène à l’issue « {shorten(word)} ». Nommez-la dans un « end », ou enlevez-la."
                yield ("outcomes", word, KEY), said


def every_step_is_reached(guide: RawGuide) -> Violations:
    """Steps whose answers exclude each other, or before which others end the walk in each of their cases."""
    answers = _answers(guide)
    ends: list[tuple[int, Needs]] = []
    for number, need in enumerate(_needs(guide, answers)):
        if need is None:
            said = "ces réponses ne vont jamais ensemble : l’étape n’est jamais atteinte. Corrigez « when »."
            yield ("steps", number, "when", KEY), said
        elif (before := _all_ended(need, ends, answers)) is not None:
            others = listed((str(guide.steps[end].get("id", end + 1)) for end in before), "et")
            verb, where = ("finissent", "dans tous les cas") if len(before) > 1 else ("finit", "avant")
            said = f"l’étape n’est jamais atteinte : {others} {verb} le guide {where}. Déplacez-la, ou enlevez-la."
            yield ("steps", number), said
            if not need:
                return  # nor is any step after this one
        elif "end" in guide.steps[number]:
            ends.append((number, need))


Answers = frozenset[str]
Needs = dict[str, Answers]
"""Questions, and the answers to them with which a step is reached; {}: always."""
_NONE = ""
"""In place of an answer: a deviation led on without one."""


def _answers(guide: RawGuide) -> dict[str, Answers]:
    """Answers that each question may have, or `_NONE` where it may be left without."""
    going_on = {path[1] for path, _, way in guide.ways if way == "continue"}
    return {
        step_id: frozenset(guide.options(step_id)) | ({_NONE} if number in going_on else frozenset())
        for step_id, number in guide.numbers.items()
        if "choose" in guide.steps[number]
    }


def _needs(guide: RawGuide, answers: dict[str, Answers]) -> list[Needs | None]:
    """Answers that each step needs, also those that its questions need; None where they exclude each other."""
    found: list[Needs | None] = []
    for number, step in enumerate(guide.steps):
        needs: Needs | None = {}
        for question, named in mapping(step["when"]).items() if "when" in step else ():
            possible = answers.get(question, frozenset())
            wanted = frozenset(words(named)) & possible
            if not wanted or guide.numbers[question] >= number:
                continue  # another rule says so
            own = {question: wanted} if wanted < possible else {}
            needs = _together(needs, {**(found[guide.numbers[question]] or {}), **own})
        found.append(needs)
    return found


def _together(one: Needs | None, other: Needs) -> Needs | None:
    """Answers that satisfy both needs; None when they exclude each other.

    They are copied whole, not one by one: of nested questions each needs what all those before it do.
    """
    if one is None:
        return None
    both = {question: one[question] & other[question] for question in one.keys() & other.keys()}
    return {**one, **other, **both} if all(both.values()) else None


_ENDS_TOGETHER, _PIECES = 20, 20
"""How many ends are put together, and into how many pieces the cases may fall; beyond, a step passes for reachable."""


def _all_ended(need: Needs, ends: list[tuple[int, Needs]], answers: dict[str, Answers]) -> list[int] | None:
    """Ends that together take every case of a need, only one if it does so alone; None where a case is left."""
    for number, end in ends:
        if all(question in need and need[question] <= wanted for question, wanted in end.items()):
            return [number]
    left: list[Needs] = [need]
    taken: list[int] = []
    for number, end in ends[:_ENDS_TOGETHER]:
        pieces = [piece for case in left for piece in _without(case, end, answers)]
        if pieces != left:
            taken.append(number)
        if not pieces:
            return taken
        if len(pieces) > _PIECES:
            return None
        left = pieces
    return None


def _without(case: Needs, end: Needs, answers: dict[str, Answers]) -> list[Needs]:
    """Cases in which an end does not apply: for each of its questions, the other answers."""
    if any(not case.get(question, wanted) & wanted for question, wanted in end.items()):
        return [case]
    pieces: list[Needs] = []
    for question, wanted in end.items():
        possible = case.get(question, answers[question])
        if possible - wanted:
            pieces.append({**case, question: possible - wanted})
        case = {**case, question: possible & wanted}
    return pieces
