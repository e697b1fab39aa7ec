"""The rules over several keys: each reads what was written, well formed or not, and says where it does not hold.

They read the plain tree, not the model, so that one run shows every fault of a file. A rule passes over what has not
the shape that it expects: the model says that. Each yields a path and what reads as a sentence; its code stands in the
tables at the end, and in `docs/rules.md`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import Any, NamedTuple

from ecps_cli.core.guide import ACTIONS, Fact, Facts
from ecps_cli.core.text import shorten
from ecps_cli.core.validators import VALIDATORS
from ecps_cli.loading.problems import Unknown, listed
from ecps_cli.loading.tree import KEY, Path

Finding = tuple[Path, object, str]
"""Where a rule does not hold, what reads as a sentence, the code of the rule."""
Found = Iterator[tuple[Path, object]]
"""What one rule finds."""

# ---------------------------------------------------------------------------------------------- reading what may be bad


Picked = list[tuple[Path, Any]]
"""Values with their paths."""


class Written:
    """What was written, as plain lists and dicts, and what a pattern such as `steps.*.links.*` leads to in it."""

    def __init__(self, data: object) -> None:
        self.data = data
        self._picked: dict[str, Picked] = {}

    def pick(self, pattern: str) -> Picked:
        """Return each value that a pattern leads to; looked up once, since many rules begin alike."""
        found = self._picked.get(pattern)
        if found is None:
            before, _, part = pattern.rpartition(".")
            around = self.pick(before) if before else [((), self.data)]
            found = [((*path, key), value) for path, node in around for key, value in _under(node, part)]
            self._picked[pattern] = found
        return found

    def texts_at(self, pattern: str) -> Iterator[tuple[Path, str]]:
        """Yield those of them that are texts and not empty."""
        return ((path, value) for path, value in self.pick(pattern) if isinstance(value, str) and value)

    @cached_property
    def texts(self) -> list[tuple[Path, str]]:
        """Return every text of it, with its path."""
        found: list[tuple[Path, str]] = []
        todo: Picked = [((), self.data)]
        while todo:
            path, node = todo.pop()
            for key, each in _under(node, "*"):
                (found if isinstance(each, str) else todo).append(((*path, key), each))
        return found


def _under(node: Any, part: str) -> Iterable[tuple[str | int, Any]]:
    if isinstance(node, dict):
        if part == "*":
            return node.items()
        return ((part, node[part]),) if part in node else ()
    return enumerate(node) if part == "*" and isinstance(node, list) else ()


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _words(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _is_false(value: object) -> bool:
    return isinstance(value, str) and value.lower() in {"false", "no", "off", "0", "n", "f"}  # as Pydantic reads them


class Cited(NamedTuple):
    """A fact that a guide names."""

    path: Path
    word: str
    kind: str
    """The kind that is needed there."""
    fact: Fact | None
    """None: there is no such fact."""


class Draft(Written):
    """A guide as it was written, with what the rules look up in it."""

    data: dict[str, Any]

    def __init__(self, data: object, facts: Facts | None) -> None:
        written = _mapping(data).get("steps")
        steps = written if isinstance(written, list) else []
        super().__init__({**_mapping(data), "steps": steps})
        self.facts = facts
        """The facts that it may name; None when they are not known."""
        self.steps = [_mapping(step) for step in steps]
        self.numbers: dict[str, int] = {}
        """Where in the order of steps each id stands first."""
        for number, step in enumerate(self.steps):
            if isinstance(step.get("id"), str):
                self.numbers.setdefault(step["id"], number)

    def earlier(self, number: int, action: str | None = None) -> Iterator[str]:
        """Yield the ids of the steps before one; only those with an action, if it is given."""
        return (
            each
            for each, there in self.numbers.items()
            if there < number and (action is None or action in self.steps[there])
        )

    @cached_property
    def cited(self) -> list[Cited]:
        """Return the facts that it names, in links, contacts and sources; [] when the facts are not known."""
        if self.facts is None:
            return []
        return [
            Cited(path, word, kind, self.facts.get(word))
            for pattern, kind in _FACTS
            for path, word in self.texts_at(pattern)
        ]

    @cached_property
    def ways(self) -> list[tuple[Path, dict[str, Any], str | None]]:
        """Return each deviation with the way that it leads: a word, `back` or `end`; None when that is not one way."""
        return [(path, _mapping(written), _way(written)) for path, written in self.pick("steps.*.deviations.*")]

    def facts_of(self, kind: str) -> Iterator[str]:
        """Yield the ids of the facts of a kind."""
        return (each for each, fact in (self.facts or {}).items() if fact.kind == kind)

    def options(self, step_id: str) -> dict[str, Any]:
        """Return the options of a step, {} when it has none."""
        return _mapping(self.steps[self.numbers[step_id]].get("options")) if step_id in self.numbers else {}


def _way(deviation: object) -> str | None:
    then = _mapping(deviation).get("then", "")
    ways = [then] if isinstance(then, str) else [key for key in ("back", "end") if key in _mapping(then)]
    return ways[0] if len(ways) == 1 and "go" not in _mapping(then) else None


# --------------------------------------------------------------------------------------------------- ids and references


_UNIQUE = (("steps", "l’étape"), ("steps.*.deviations", "l’écart"), ("steps.*.items", "la ligne"))


def ids_are_unique(draft: Draft) -> Found:
    """Find ids that name two steps, or two deviations or items of a step."""
    for pattern, what in _UNIQUE:
        for path, rows in draft.pick(pattern):
            first: dict[str, int] = {}
            for number, row in enumerate(rows if isinstance(rows, list) else (), 1):
                word = _mapping(row).get("id")
                if isinstance(word, str) and word and first.setdefault(word, number) != number:
                    said = f"{what} n° {first[word]} s’appelle déjà « {shorten(word)} ». Donnez un autre identifiant."
                    yield (*path, number - 1, "id"), said


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


def cited_facts_exist(draft: Draft) -> Found:
    """Find what is cited and is no fact."""
    for path, word, kind, fact in draft.cited:
        if fact is None:
            yield path, Unknown("le fait", word, draft.facts_of(kind), f"Ajoutez-le aux faits, avec « kind: {kind} ».")


def cited_facts_have_their_kind(draft: Draft) -> Found:
    """Find facts that are not of the kind that is needed where they are cited."""
    for path, word, kind, fact in draft.cited:
        if fact and fact.kind != kind:
            yield path, f"le fait « {word} » est de genre « {fact.kind} ». Nommez un fait de genre « {kind} »."


def cited_facts_hold(draft: Draft) -> Found:
    """Find numbers and addresses that are cited and hold no longer."""
    for path, word, kind, fact in draft.cited:
        if fact and fact.kind == kind != "source" and fact.status == "former":
            other = f"« {fact.replaced_by} », qui le remplace" if fact.replaced_by else "un fait qui vaut encore"
            yield path, f"le fait « {word} » ne vaut plus (« former »). Nommez {other}."


_STEPS = (("resume_at", None), ("show.*", "ask"), ("deviations.*.then.back", None))


def named_steps_exist(draft: Draft) -> Found:
    """Find ways back, values shown and conditions that name no step, or a step with another action."""
    for key, action in _STEPS:
        for path, word in draft.texts_at(f"steps.*.{key}"):
            fault = _misnamed(draft, path, word, action)
            if fault:
                yield path, fault
    for path, _ in draft.pick("steps.*.when.*"):
        fault = _misnamed(draft, path, str(path[-1]), "choose")
        if fault:
            yield (*path, KEY), fault


def _misnamed(draft: Draft, path: Path, word: str, action: str | None) -> object | None:
    """Return what is wrong with the id of a step named inside another, wherever that step stands; or None."""
    here = int(path[1])
    there = draft.numbers.get(word)
    if there is None:
        return Unknown("l’étape", word, draft.earlier(here, action), "Nommez une étape qui précède celle-ci.")
    if there < here and action and action not in draft.steps[there]:
        return f"l’étape « {shorten(word)} » n’est pas une étape « {action} ». Nommez-en une qui précède celle-ci."
    return None


def named_steps_come_before(draft: Draft) -> Found:
    """Find ways back that lead forward, and values shown before they are asked."""
    for key, _ in _STEPS:
        for path, word in draft.texts_at(f"steps.*.{key}"):
            fault = _not_before(draft, path, word)
            if fault:
                yield path, fault


def questions_come_before(draft: Draft) -> Found:
    """Find a `when` on an answer that is not yet given there."""
    for path, _ in draft.pick("steps.*.when.*"):
        fault = _not_before(draft, path, str(path[-1]))
        if fault:
            yield (*path, KEY), fault


def _not_before(draft: Draft, path: Path, word: str) -> str | None:
    """Return why a step named inside another does not come before it, or None."""
    here = int(path[1])
    there = draft.numbers.get(word, -1)
    if there == here:
        hint = ", ou écrivez « then: retry » pour la refaire" if "back" in path else ""
        return f"« {shorten(word)} » est l’étape même. Nommez une étape qui la précède{hint}."
    if there > here:
        return (
            f"l’étape « {shorten(word)} » vient après celle-ci. Nommez une étape qui la précède, ou changez leur ordre."
        )
    return None


def answers_exist(draft: Draft) -> Found:
    """Find a `when` on none of the options of its question."""
    for path, options in draft.pick("steps.*.when.*"):
        question = str(path[-1])
        if draft.numbers.get(question, len(draft.steps)) >= int(path[1]):
            continue  # another rule says so
        known = draft.options(question)
        if options == []:
            some = shorten(next(iter(known), "oui"))
            yield path, f"aucune réponse à « {shorten(question)} » n’est nommée. Écrivez par exemple [{some}]."
        elif "choose" in draft.steps[draft.numbers[question]]:
            for number, option in enumerate(_words(options)):
                if option and option not in known:
                    yield (*path, number), Unknown("la réponse", option, known, "Ajoutez-la à ses « options ».")


_ENDS = ("steps.*.end", "steps.*.end_if_unticked", "steps.*.deviations.*.then.end")


def _ends(draft: Draft) -> Iterator[tuple[Path, str]]:
    return (end for pattern in _ENDS for end in draft.texts_at(pattern))


def outcomes_exist(draft: Draft) -> Found:
    """Find ends that are no outcome."""
    outcomes = draft.data.get("outcomes")
    if isinstance(outcomes, dict):
        for path, word in _ends(draft):
            if word not in outcomes:
                yield path, Unknown("l’issue", word, outcomes, "Ajoutez-la sous « outcomes ».")


def every_outcome_is_reached(draft: Draft) -> Found:
    """Find outcomes in which nothing ends; not while an end is misspelt, which may have meant them."""
    outcomes = _mapping(draft.data.get("outcomes"))
    named = {word for _, word in _ends(draft)}
    if named <= outcomes.keys():
        for word in outcomes:
            if word not in named:
                said = f"rien ne mène à l’issue « {shorten(word)} ». Nommez-la dans un « end », ou enlevez-la."
                yield ("outcomes", word, KEY), said


def validators_exist(draft: Draft) -> Found:
    """Find names that are no validator's."""
    for path, word in draft.texts_at("steps.*.validate"):
        if word not in VALIDATORS:
            yield path, Unknown("le validateur", word, VALIDATORS, "Enlevez la clé.")


# ----------------------------------------------------------------------------------------------- which keys go together

_ACTIONS = listed(ACTIONS)


def one_action_a_step(draft: Draft) -> Found:
    """Find steps that have no action, or several."""
    for number, step in enumerate(draft.steps):
        actions = [each for each in ACTIONS if each in step]
        if step and not actions:
            yield ("steps", number), f"cette étape n’a pas d’action. Ajoutez {_ACTIONS}."
        for extra in actions[1:]:
            said = f"l’étape a déjà l’action « {actions[0]} ». Faites une autre étape de « {extra} »."
            yield ("steps", number, extra, KEY), said


_NEEDS = (
    ("do", "who", "dites qui agit : « who: doctor » ou « who: support »"),
    ("do", "device", "dites sur quel appareil : « device: phone », « computer » ou « second-device »"),
    ("choose", "options", "ajoutez les réponses : « options: {accepted: Oui, refused: Non} »"),
    ("tick", "items", "ajoutez les lignes à cocher : « items: [{id: ans, text: L’ANS}] »"),
    ("deadline", "resume_at", "dites où reprendre après une pause : « resume_at: » et une étape qui précède"),
)


def keys_have_what_they_need(draft: Draft) -> Found:
    """Find keys without the one that they need; a deadline on the first step has a rule of its own."""
    for number, step in enumerate(draft.steps):
        for key, needed, remedy in _NEEDS:
            if key in step and needed not in step and (number, key) != (0, "deadline"):
                yield ("steps", number, key, KEY), f"« {key} » ne va pas sans « {needed} » : {remedy}."


def critical_steps_say_why(draft: Draft) -> Found:
    """Find steps that must not be missed and do not say why."""
    for number, step in enumerate(draft.steps):
        if is_critical(step) and "why" not in step:
            remedy = "dites pourquoi cette étape ne doit pas manquer : « why: … »"
            yield ("steps", number, "critical", KEY), f"« critical » ne va pas sans « why » : {remedy}."


def is_critical(step: dict[str, Any]) -> bool:
    """Return whether a step is marked as one that must not be missed."""
    return "critical" in step and not _is_false(step["critical"])


_ONLY_WITH = (
    ("options", "choose"),
    ("items", "tick"),
    ("end_if_unticked", "tick"),
    ("validate", "ask"),
    ("keep", "ask"),
    ("secret", "do"),
)


def keys_have_a_use(draft: Draft) -> Found:
    """Find keys beside an action, or a way out of a deviation, that has no use for them."""
    for number, step in enumerate(draft.steps):
        if any(action in step for action in ACTIONS):
            for key, action in _ONLY_WITH:
                if key in step and action not in step:
                    yield ("steps", number, key, KEY), f"« {key} » ne sert qu’avec « {action} ». Enlevez cette clé."
    for path, deviation, way in draft.ways:
        if way in ("continue", "end") and "max" in deviation:
            yield (*path, "max", KEY), f"« max » ne sert pas avec « {way} ». Enlevez cette clé."


_AT_LEAST = (("options", 2, "réponses"), ("items", 1, "ligne"))


def choices_have_enough(draft: Draft) -> Found:
    """Find questions with a single answer, and lists to tick without a line."""
    for number, step in enumerate(draft.steps):
        for key, least, what in _AT_LEAST:
            if isinstance(step.get(key), (dict, list)) and len(step[key]) < least:
                yield ("steps", number, key), f"« {key} » doit avoir au moins {least} {what}. Ajoutez-en."


def deadlines_follow_a_step(draft: Draft) -> Found:
    """Find a first step with a deadline: nothing before it to pause at."""
    if draft.steps and "deadline" in draft.steps[0]:
        said = (
            "la première étape ne peut pas avoir de « deadline » : une pause doit la précéder. Ajoutez une étape avant."
        )
        yield ("steps", 0, "deadline", KEY), said


_WAYS = "« continue », « retry », « {back: une-étape} » ou « {end: une-issue} »"


def deviations_lead_somewhere(draft: Draft) -> Found:
    """Find deviations that lead to no place or to two."""
    for path, _, way in draft.ways:
        if way is None:
            yield (*path, "then"), f"un écart mène à un seul endroit. Écrivez {_WAYS}."


def ways_back_are_bounded(draft: Draft) -> Found:
    """Find ways back that could be taken for ever."""
    for path, deviation, way in draft.ways:
        if way in ("retry", "back") and "max" not in deviation:
            yield (*path, "then"), f"« {way} » pourrait se répéter sans fin. Ajoutez par exemple « max: 2 »."


def ways_out_are_single(draft: Draft) -> Found:
    """Find an `otherwise` that has not one way out: what to do, or another guide."""
    for path, way in draft.pick("otherwise.*"):
        if isinstance(way, dict) and ("do" in way) == ("guide" in way):
            yield path, "il faut soit « do », soit « guide ». Gardez l’un des deux."


_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def review_follows_check(draft: Draft) -> Found:
    """Find a review that is due before the guide was verified."""
    checked, due = (str(draft.data.get(key)) for key in ("verified_on", "review_by"))
    if _DATE.fullmatch(checked) and _DATE.fullmatch(due) and due <= checked:
        said = f"« review_by » n’est pas après « verified_on » ({checked}). Écrivez une date plus tardive."
        yield ("review_by",), said


# ------------------------------------------------------------------------------------------------------- the walk's end


def the_walk_ends(draft: Draft) -> Found:
    """Find a last step that some walks pass over, or that has no outcome: a path would fall off the end."""
    if draft.steps:
        path: Path = ("steps", len(draft.steps) - 1)
        if "end" not in draft.steps[-1]:
            yield path, "la dernière étape ne mène à aucune issue. Ajoutez « end: » et l’identifiant d’une issue."
        if _mapping(draft.steps[-1].get("when")):
            said = (
                "la dernière étape doit convenir à tous. Enlevez « when », ou ajoutez ensuite une étape sans « when »."
            )
            yield (*path, "when", KEY), said


def every_step_is_reached(draft: Draft) -> Found:
    """Find steps whose answers exclude each other, or before which others end the walk in each of their cases."""
    answers = _answers(draft)
    ends: list[tuple[int, Needs]] = []
    for number, need in enumerate(_needs(draft, answers)):
        if need is None:
            said = "ces réponses ne vont jamais ensemble : l’étape n’est jamais atteinte. Corrigez « when »."
            yield ("steps", number, "when", KEY), said
        elif (before := _all_ended(need, ends, answers)) is not None:
            others = listed((str(draft.steps[end].get("id", end + 1)) for end in before), "et")
            verb, where = ("finissent", "dans tous les cas") if len(before) > 1 else ("finit", "avant")
            said = f"l’étape n’est jamais atteinte : {others} {verb} le guide {where}. Déplacez-la, ou enlevez-la."
            yield ("steps", number), said
            if not need:
                return  # nor is any step after this one
        elif "end" in draft.steps[number]:
            ends.append((number, need))


Answers = frozenset[str]
Needs = dict[str, Answers]
"""Questions, and the answers to them with which a step is reached; {}: always."""
_NONE = ""
"""In place of an answer: a deviation led on without one."""


def _answers(draft: Draft) -> dict[str, Answers]:
    """Return what each question may be answered, or left with."""
    going_on = {path[1] for path, _, way in draft.ways if way == "continue"}
    return {
        step_id: frozenset(draft.options(step_id)) | ({_NONE} if number in going_on else frozenset())
        for step_id, number in draft.numbers.items()
        if "choose" in draft.steps[number]
    }


def _needs(draft: Draft, answers: dict[str, Answers]) -> list[Needs | None]:
    """Return what each step needs, its questions' own needs included; None when nothing can satisfy it."""
    found: list[Needs | None] = []
    for number, step in enumerate(draft.steps):
        needs: Needs = {}
        for question, named in _mapping(step.get("when")).items():
            possible = answers.get(question, frozenset())
            wanted = frozenset(_words(named)) & possible
            if not wanted or draft.numbers[question] >= number:
                continue  # another rule says so
            also = found[draft.numbers[question]] or {}
            for each, allowed in {**also, **({question: wanted} if wanted < possible else {})}.items():
                needs[each] = needs.get(each, allowed) & allowed
        found.append(needs if all(needs.values()) else None)
    return found


_ENDS_TOGETHER, _PIECES = 20, 20
"""How many ends are put together, and into how many pieces the cases may fall; beyond, a step passes for reachable."""


def _all_ended(need: Needs, ends: list[tuple[int, Needs]], answers: dict[str, Answers]) -> list[int] | None:
    """Return the end, or the ends that only together, take every case of a need; None while a case is left."""
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
    """Return the cases in which an end does not apply: for each of its questions, the other answers."""
    if any(not case.get(question, wanted) & wanted for question, wanted in end.items()):
        return [case]
    pieces: list[Needs] = []
    for question, wanted in end.items():
        possible = case.get(question, answers[question])
        if possible - wanted:
            pieces.append({**case, question: possible - wanted})
        case = {**case, question: possible & wanted}
    return pieces


# ----------------------------------------------------------------------------------------------- what a text may not do


_PUBLIC = (
    r"posta(?:l|ux) | erreur | retour | insee | finess | ccam | ngap | cim | ape | naf | qr | barre | penal | service"
    r" | commune | departement | region | pays | specialite | profession | etablissement | organisme | regime"
    r" | produit | couleur | http"
)
"""What a code may be of that anybody may know."""
_SECRET = re.compile(
    rf"""\bp\W?i\W?n\b | \bpuk\b | \botp\b | \bcv[vc]2?\b | \bcryptogramme
      | \b(?:mots?|phrases?)\W+de\W+passe\b | \bmdp\b | \bpass(?:word|code|phrase)
      | \b(?:phrases?\W+)?secrete?s?\b (?!\W+(?:medical|professionnel))
      | \b(?:schema|motif|dessin)\W+de\W+(?:de)?verrouillage | \bcles?\W+de\W+(?:recuperation|secours)\b
      | \b(?:\w+\W)?chiffres\W+
        (?: (?:recu|affiche)\w* | par\W+sms | (?:de|du)\W+(?:(?:la|sa|votre|cette|son)\W+)?(?:carte|sms|code\b) )
      | (?<!\bqr\W) \bcodes?\b (?!\W+(?:(?:du|des?|d|l|la|le)\W+){{0,2}} (?:{_PUBLIC})s?\b) [^.;?!\n]{{0,60}}""",
    re.VERBOSE,
)
"""A secret as it is called, in letters without accents: any code, save those of `_PUBLIC`."""
_TOLD = re.compile(
    r"""(?<!\*\*)(?<!\bne\W)(?<!\bne\Wlui\W)(?<!\bpas\W)(?<!\bpas\Wlui\W)(?<!\bsans\W)(?<!\bjamais\W)  # a defence
    \b(?: (?:demand|not|dict|relev|reclam|communiqu|donn|epel)e[rz] | (?:dict|not|relev)e | dire | dites
        | (?:recueill|obten)(?:ir|ez) | transmett(?:re|ez) )
    (?: \W+lui | (?: \W+(?:au|aux|a|du|des|sur|dans)\W+(?:(?:la|l|le)\W+)?\w+ ){1,2} )?  # to whom, or where
    \W+(?: (?:quel\w*\W+est\W+)? (?:le|la|les|l|son|sa|ses|leurs?|votre|vos|ce|ces|quel\w*)\W+ )  # not « un »
    (?: (?:\d+|quatre|six|huit|premiers?|derniers?|nouveau)\W+ ){0,2}""",
    re.VERBOSE,
)
"""What has somebody tell the secret that is named behind it."""


_HINT = re.compile(r"code|p\W?i\W?n|puk|otp|cv[vc]|crypto|pass|mdp|secr|verrouil|chiffres|cup|secours", re.IGNORECASE)
"""What every secret has in its name, accents or not: most texts have none of it, and are not looked at further."""


def no_secret_is_asked(draft: Draft) -> Found:
    """Find what would have a secret told: a question, a line to tick whose record would hold it, an order to ask it."""
    for texts, is_order, remedy in (
        (draft.texts_at("steps.*.ask"), False, "Faites une étape « do » avec « secret: true »."),
        (_recorded(draft), False, "Enlevez « record », ou faites une étape « do » avec « secret: true »."),
        (_orders(draft), True, "Écrivez que le médecin le tape seul, avec « secret: true »."),
    ):
        for path, text in texts:
            if secret := _secret(text, is_order):
                yield path, f"« {shorten(secret)} » : un secret ne se demande pas. {remedy}"


def _recorded(draft: Draft) -> Iterator[tuple[Path, str]]:
    """Yield the lines to tick beside which words are recorded, and their titles; an hour holds no secret."""
    found: dict[Path, object] = {}
    for path, item in draft.pick("steps.*.items.*"):
        if {"person", "reference"} & {*_words(_mapping(item).get("record"))}:
            found[(*path[:2], "tick")] = draft.steps[int(path[1])].get("tick")
            found[(*path, "text")] = item.get("text")
    return ((path, text) for path, text in found.items() if isinstance(text, str))


def _orders(draft: Draft) -> Iterator[tuple[Path, str]]:
    return (order for pattern in ("steps.*.do", "steps.*.deviations.*.do") for order in draft.texts_at(pattern))


def _secret(text: str, is_order: bool) -> str:
    """Return the part of a text that names a secret, as it is written there; of an order, only if it has it told."""
    if not _HINT.search(unicodedata.normalize("NFKD", text)):
        return ""
    text = unicodedata.normalize("NFC", text)
    plain = "".join(map(_plain, text))
    named = (
        (_SECRET.match(plain, each.end()) for each in _TOLD.finditer(plain)) if is_order else [_SECRET.search(plain)]
    )
    found = next(filter(None, named), None)
    if found is None:
        return ""
    places = [place for place, letter in enumerate(text) for _ in _plain(letter)]
    return text[places[found.start()] : places[found.end() - 1] + 1]


@cache
def _plain(letter: str) -> str:
    """Return a letter without its case and accents; of some, several."""
    decomposed = unicodedata.normalize("NFKD", letter).casefold()
    return "".join(each for each in decomposed if not unicodedata.combining(each))


_LINK = re.compile(
    r"""\]\(\s*<?([^\s)>]*)                                   # [text](address)
      | ^[ ]{0,3}\[[^\]\n]+\]:\s*(\S+)                        # [text]: address
      | <([a-z][a-z0-9+.-]{1,20}:[^\s>]+)                     # <scheme:address>
      | \b((?:http|ftp|file|data|javascript|vbscript):[^\s)>]+)""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_HTTPS = re.compile(
    r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?([/?#][!#-;=?-Z\[\]_a-z~]*)?", re.ASCII | re.IGNORECASE
)


_TEL = re.compile(r"tel:\+?[0-9](?:[.-]?[0-9]){1,14}", re.ASCII)


def _links_are_safe(texts: Iterable[tuple[Path, str]]) -> Found:
    """Find links in texts that are neither an https address nor a number to call."""
    for path, text in texts:
        if "](" in text or (":" in text and text.count(":") > text.count(" :")):  # not the colon of a French sentence
            for found in _LINK.finditer(text):
                address = next(filter(None, found.groups()), "")
                if not _HTTPS.fullmatch(address) and not _TEL.fullmatch(address):
                    said = f"le lien « {shorten(address)} » n’est ni une adresse https, ni un numéro « tel: »."
                    yield path, f"{said} Écrivez « https://… », ou par exemple « tel:3608 »."


def links_are_safe(draft: Draft) -> Found:
    """Find links in the texts of a guide that are not safe to follow."""
    return _links_are_safe(draft.texts)


# ---------------------------------------------------------------------------------------------------------------- facts


class FactDraft(Written):
    """Facts as they were written."""

    data: dict[str, Any]

    def __init__(self, data: object) -> None:
        super().__init__(_mapping(data))

    def fact(self, fact_id: object) -> dict[str, Any]:
        """Return a fact, {} when there is none."""
        return _mapping(self.data.get(str(fact_id)))

    def kind(self, fact_id: object) -> object:
        """Return the kind of a fact, None when it has none."""
        return self.fact(fact_id).get("kind")


_PHONE = re.compile(r"\+?[0-9](?: ?[0-9]){1,14}")


def numbers_can_be_dialled(facts: FactDraft) -> Found:
    """Find phone numbers that cannot be dialled."""
    for path, value in facts.texts_at("*.value"):
        if facts.kind(path[0]) == "phone" and not _PHONE.fullmatch(value):
            said = "n’est pas un numéro de téléphone. Écrivez des chiffres, séparés par des espaces simples."
            yield path, f"« {shorten(value)} » {said}"


def facts_have_a_source(facts: FactDraft) -> Found:
    """Find facts without a source or the day when they were seen to hold."""
    for path, kind in facts.texts_at("*.kind"):
        for key, example in (("source", "source: fiche-2026"), ("verified_on", "verified_on: 2026-09-20")):
            if kind != "source" and key not in facts.fact(path[0]):
                yield path[:1], f"ce fait n’a pas de « {key} ». Ajoutez par exemple « {example} »."


def sources_exist(facts: FactDraft) -> Found:
    """Find sources that are none."""
    for path, word in facts.texts_at("*.source"):
        if word not in facts.data:
            sources = (each for each in facts.data if facts.kind(each) == "source")
            yield path, Unknown("la source", word, sources, "Ajoutez-la, avec « kind: source ».")
        elif facts.kind(word) not in ("source", None):
            yield path, f"« {shorten(word)} » n’est pas une source. Nommez un fait de genre « source »."


def former_facts_are_replaced(facts: FactDraft) -> Found:
    """Find facts replaced though they hold, or replaced by what does not."""
    former = {path[0] for path, status in facts.texts_at("*.status") if status == "former"}
    for path, word in facts.texts_at("*.replaced_by"):
        if path[0] not in former:
            yield (*path, KEY), "« replaced_by » ne sert qu’avec « status: former ». Ajoutez-le, ou enlevez cette clé."
        if word not in facts.data:
            yield path, Unknown("le fait", word, facts.data, "Ajoutez-le.")
        elif word == path[0] or word in former:
            yield path, f"« {shorten(word)} » ne vaut plus. Nommez un fait qui vaut encore."


def facts_link_safely(facts: FactDraft) -> Found:
    """Find addresses, and links in the texts of facts, that are not safe to follow."""
    for path, said in _links_are_safe(facts.texts):
        if path[1:] != ("value",) or facts.kind(path[0]) != "url":
            yield path, said
    for path, value in facts.texts_at("*.value"):
        if facts.kind(path[0]) == "url" and not _HTTPS.fullmatch(value):
            yield path, f"« {shorten(value)} » n’est pas une adresse https. Écrivez « https://… », sans espace."


# ----------------------------------------------------------------------------------------------------------- the tables

GUIDE_RULES: Mapping[str, Callable[[Draft], Found]] = {
    "E209": keys_have_a_use,
    "E210": keys_have_what_they_need,
    "E211": choices_have_enough,
    "E212": critical_steps_say_why,
    "E213": one_action_a_step,
    "E214": ways_out_are_single,
    "E215": review_follows_check,
    "E216": deviations_lead_somewhere,
    "E301": ids_are_unique,
    "E303": cited_facts_exist,
    "E304": cited_facts_have_their_kind,
    "E305": cited_facts_hold,
    "E306": named_steps_exist,
    "E307": named_steps_come_before,
    "E308": answers_exist,
    "E309": outcomes_exist,
    "E310": validators_exist,
    "E401": questions_come_before,
    "E402": ways_back_are_bounded,
    "E403": every_step_is_reached,
    "E404": the_walk_ends,
    "E405": every_outcome_is_reached,
    "E406": deadlines_follow_a_step,
    "E501": no_secret_is_asked,
    "E502": links_are_safe,
}

FACT_RULES: Mapping[str, Callable[[FactDraft], Found]] = {
    "E311": facts_have_a_source,
    "E312": sources_exist,
    "E313": former_facts_are_replaced,
    "E314": numbers_can_be_dialled,
    "E502": facts_link_safely,
}


def found_by(rules: Mapping[str, Callable[..., Found]], *written: object) -> list[Finding]:
    """Return what a table of rules finds in what was written, each with the code of its rule."""
    return [(path, said, code) for code, rule in rules.items() for path, said in rule(*written)]


def check_guide(draft: Draft) -> list[Finding]:
    """Return what the rules find in a guide as it was written."""
    return found_by(GUIDE_RULES, draft)


def check_facts(facts: FactDraft) -> list[Finding]:
    """Return what the rules find in the facts as they were written."""
    return found_by(FACT_RULES, facts)
