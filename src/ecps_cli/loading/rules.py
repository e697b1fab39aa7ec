"""The rules that stop a walk, by code, and those over several keys: each yields where it does not hold, and a sentence.

Each code has its section in `docs/rules.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ecps_cli.core.guide import ACTIONS
from ecps_cli.core.model import KeyPath
from ecps_cli.core.text import shorten
from ecps_cli.core.validators import VALIDATORS
from ecps_cli.loading.problems import Finding, Unknown, Violations, listed
from ecps_cli.loading.raw_guide import RawFacts, RawGuide, is_critical, mapping, words
from ecps_cli.loading.reachability import (
    every_outcome_is_reached,
    every_step_is_reached,
    the_walk_ends,
    ways_back_are_bounded,
)
from ecps_cli.loading.safety import facts_link_safely, links_are_safe, no_secret_is_asked
from ecps_cli.loading.tree import KEY

# --------------------------------------------------------------------------------------------------- ids and references

_UNIQUE = (("steps", "l’étape"), ("steps.*.deviations", "l’écart"), ("steps.*.items", "la ligne"))


def ids_are_unique(guide: RawGuide) -> Violations:
    """Ids that name two steps, or two deviations or items of a step."""
    for pattern, what in _UNIQUE:
        for path, rows in guide.pick(pattern):
            first: dict[str, int] = {}
            for number, row in enumerate(rows if isinstance(rows, list) else (), 1):
                word = mapping(row).get("id")
                if isinstance(word, str) and word and first.setdefault(word, number) != number:
                    said = f"{what} n° {first[word]} s’appelle déjà « {shorten(word)} ». Donnez un autre identifiant."
                    yield (*path, number - 1, "id"), said


def cited_facts_exist(guide: RawGuide) -> Violations:
    """Citations of a fact that does not exist."""
    for path, word, kind, fact in guide.citations:
        if fact is None:
            yield path, Unknown("le fait", word, guide.facts_of(kind), f"Ajoutez-le aux faits, avec « kind: {kind} ».")


def cited_facts_have_their_kind(guide: RawGuide) -> Violations:
    """Citations of a fact that is not of the kind needed there."""
    for path, word, kind, fact in guide.citations:
        if fact and fact.kind != kind:
            yield path, f"le fait « {word} » est de genre « {fact.kind} ». Nommez un fait de genre « {kind} »."


def cited_facts_hold(guide: RawGuide) -> Violations:
    """Citations of a number or an address that holds no longer."""
    for path, word, kind, fact in guide.citations:
        if fact and fact.kind == kind != "source" and fact.status == "former":
            other = f"« {fact.replaced_by} », qui le remplace" if fact.replaced_by else "un fait qui vaut encore"
            yield path, f"le fait « {word} » ne vaut plus (« former »). Nommez {other}."


_STEPS = (("resume_at", None), ("show.*", "ask"), ("deviations.*.then.back", None))


def named_steps_exist(guide: RawGuide) -> Violations:
    """Ways back, values shown and conditions that name no step, or a step with another action."""
    for key, action in _STEPS:
        for path, word in guide.texts_at(f"steps.*.{key}"):
            fault = _misnamed(guide, path, word, action)
            if fault:
                yield path, fault
    for path, _ in guide.pick("steps.*.when.*"):
        fault = _misnamed(guide, path, str(path[-1]), "choose")
        if fault:
            yield (*path, KEY), fault


def _misnamed(guide: RawGuide, path: KeyPath, word: str, action: str | None) -> object | None:
    """Fault of the id of a step named inside another, wherever that step stands; or None."""
    here = int(path[1])
    there = guide.numbers.get(word)
    if there is None:
        return Unknown("l’étape", word, guide.earlier(here, action), "Nommez une étape qui précède celle-ci.")
    if there < here and action and action not in guide.steps[there]:
        return f"l’étape « {shorten(word)} » n’est pas une étape « {action} ». Nommez-en une qui précède celle-ci."
    return None


def named_steps_come_before(guide: RawGuide) -> Violations:
    """Ways back that lead forward, and values shown before they are asked."""
    for key, _ in _STEPS:
        for path, word in guide.texts_at(f"steps.*.{key}"):
            fault = _not_before(guide, path, word)
            if fault:
                yield path, fault


def questions_come_before(guide: RawGuide) -> Violations:
    """A `when` on an answer that is not yet given there."""
    for path, _ in guide.pick("steps.*.when.*"):
        fault = _not_before(guide, path, str(path[-1]))
        if fault:
            yield (*path, KEY), fault


def _not_before(guide: RawGuide, path: KeyPath, word: str) -> str | None:
    """Reason why a step named inside another does not come before it, or None."""
    here = int(path[1])
    there = guide.numbers.get(word, -1)
    if there == here:
        hint = ", ou écrivez « then: retry » pour la refaire" if "back" in path else ""
        return f"« {shorten(word)} » est l’étape même. Nommez une étape qui la précède{hint}."
    if there > here:
        return (
            f"l’étape « {shorten(word)} » vient après celle-ci. Nommez une étape qui la précède, ou changez leur ordre."
        )
    return None


def answers_exist(guide: RawGuide) -> Violations:
    """A `when` on none of the options of its question."""
    for path, options in guide.pick("steps.*.when.*"):
        question = str(path[-1])
        if guide.numbers.get(question, len(guide.steps)) >= int(path[1]):
            continue  # another rule says so
        known = guide.options(question)
        if options == []:
            some = shorten(next(iter(known), "oui"))
            yield path, f"aucune réponse à « {shorten(question)} » n’est nommée. Écrivez par exemple [{some}]."
        elif "choose" in guide.steps[guide.numbers[question]]:
            for number, option in enumerate(words(options)):
                if option and option not in known:
                    yield (*path, number), Unknown("la réponse", option, known, "Ajoutez-la à ses « options ».")


def outcomes_exist(guide: RawGuide) -> Violations:
    """Ends in an outcome that does not exist."""
    outcomes = guide.data.get("outcomes")
    if isinstance(outcomes, dict):
        for path, word in guide.ends:
            if word not in outcomes:
                yield path, Unknown("l’issue", word, outcomes, "Ajoutez-la sous « outcomes ».")


def validators_exist(guide: RawGuide) -> Violations:
    """Values of `validate` that name no validator."""
    for path, word in guide.texts_at("steps.*.validate"):
        if word not in VALIDATORS:
            yield path, Unknown("le validateur", word, VALIDATORS, "Enlevez la clé.")


# ----------------------------------------------------------------------------------------------- which keys go together

_ACTIONS = listed(ACTIONS)


def one_action_a_step(guide: RawGuide) -> Violations:
    """Steps that have no action, or several."""
    for number, step in enumerate(guide.steps):
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


def keys_have_what_they_need(guide: RawGuide) -> Violations:
    """Keys without the one that they need; a deadline on the first step has a rule of its own."""
    for number, step in enumerate(guide.steps):
        for key, needed, remedy in _NEEDS:
            if key in step and needed not in step and (number, key) != (0, "deadline"):
                yield ("steps", number, key, KEY), f"« {key} » ne va pas sans « {needed} » : {remedy}."


def critical_steps_say_why(guide: RawGuide) -> Violations:
    """Steps that must not be missed and do not say why."""
    for number, step in enumerate(guide.steps):
        if is_critical(step) and "why" not in step:
            remedy = "dites pourquoi cette étape ne doit pas manquer : « why: … »"
            yield ("steps", number, "critical", KEY), f"« critical » ne va pas sans « why » : {remedy}."


_ACTION_KEYS = frozenset(ACTIONS)
_ONLY_WITH = (
    ("options", "choose"),
    ("items", "tick"),
    ("end_if_unticked", "tick"),
    ("validate", "ask"),
    ("keep", "ask"),
    ("secret", "do"),
    ("act", "do"),
)


def keys_have_a_use(guide: RawGuide) -> Violations:
    """Keys beside an action, or a way out of a deviation, that has no use for them."""
    for number, step in enumerate(guide.steps):
        if not _ACTION_KEYS.isdisjoint(step):
            for key, action in _ONLY_WITH:
                if key in step and action not in step:
                    yield ("steps", number, key, KEY), f"« {key} » ne sert qu’avec « {action} ». Enlevez cette clé."
    for path, deviation, way in guide.ways:
        if way in ("continue", "end") and "max" in deviation:
            yield (*path, "max", KEY), f"« max » ne sert pas avec « {way} ». Enlevez cette clé."


_AT_LEAST = (("options", 2, "réponses"), ("items", 1, "ligne"))


def choices_have_enough(guide: RawGuide) -> Violations:
    """Questions with a single answer, and lists to tick without a line."""
    for number, step in enumerate(guide.steps):
        for key, least, what in _AT_LEAST:
            if isinstance(step.get(key), (dict, list)) and len(step[key]) < least:
                yield ("steps", number, key), f"« {key} » doit avoir au moins {least} {what}. Ajoutez-en."


def deadlines_follow_a_step(guide: RawGuide) -> Violations:
    """A first step with a deadline: nothing before it to pause at."""
    if guide.steps and "deadline" in guide.steps[0]:
        said = (
            "la première étape ne peut pas avoir de « deadline » : une pause doit la précéder. Ajoutez une étape avant."
        )
        yield ("steps", 0, "deadline", KEY), said


_WAYS = "« continue », « retry », « {back: une-étape} », « {end: une-issue} » ou « {guide: un-guide, end: une-issue} »"


def deviations_lead_somewhere(guide: RawGuide) -> Violations:
    """Deviations that lead to no place or to two."""
    for path, _, way in guide.ways:
        if way is None:
            yield (*path, "then"), f"un écart mène à un seul endroit. Écrivez {_WAYS}."


def ways_out_are_single(guide: RawGuide) -> Violations:
    """An `otherwise` with neither of its ways out, what to do or another guide, or with both."""
    for path, way in guide.pick("otherwise.*"):
        if isinstance(way, dict) and ("do" in way) == ("guide" in way):
            yield path, "il faut soit « do », soit « guide ». Gardez l’un des deux."


_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def review_follows_check(guide: RawGuide) -> Violations:
    """A review that is due before the guide was verified."""
    checked, due = (str(guide.data.get(key)) for key in ("verified_on", "review_by"))
    if _DATE.fullmatch(checked) and _DATE.fullmatch(due) and due <= checked:
        said = f"« review_by » n’est pas après « verified_on » ({checked}). Écrivez une date plus tardive."
        yield ("review_by",), said


# ---------------------------------------------------------------------------------------------------------------- facts

_PHONE = re.compile(r"\+?[0-9](?: ?[0-9]){1,14}")


def numbers_can_be_dialled(facts: RawFacts) -> Violations:
    """Phone numbers that cannot be dialled."""
    for path, value in facts.texts_at("*.value"):
        if facts.kind(path[0]) == "phone" and not _PHONE.fullmatch(value):
            said = "n’est pas un numéro de téléphone. Écrivez des chiffres, séparés par des espaces simples."
            yield path, f"« {shorten(value)} » {said}"


def facts_have_a_source(facts: RawFacts) -> Violations:
    """Facts without a source or the day when they were seen to hold."""
    for path, kind in facts.texts_at("*.kind"):
        for key, example in (("source", "source: fiche-2026"), ("verified_on", "verified_on: 2026-09-20")):
            if kind != "source" and key not in facts.fact(path[0]):
                yield path[:1], f"ce fait n’a pas de « {key} ». Ajoutez par exemple « {example} »."


def sources_exist(facts: RawFacts) -> Violations:
    """Facts whose source does not exist, or is a fact of another kind."""
    for path, word in facts.texts_at("*.source"):
        if word not in facts.ids:
            sources = (each for each in facts.ids if facts.kind(each) == "source")
            yield path, Unknown("la source", word, sources, "Ajoutez-la, avec « kind: source ».")
        elif facts.kind(word) not in ("source", None):
            yield path, f"« {shorten(word)} » n’est pas une source. Nommez un fait de genre « source »."


def former_facts_are_replaced(facts: RawFacts) -> Violations:
    """Facts with a `replaced_by` that still hold, or whose replacement does not exist or holds no longer."""
    for path, word in facts.texts_at("*.replaced_by"):
        if not facts.is_former(path[0]):
            yield (*path, KEY), "« replaced_by » ne sert qu’avec « status: former ». Ajoutez-le, ou enlevez cette clé."
        if word not in facts.ids:
            yield path, Unknown("le fait", word, facts.ids, "Ajoutez-le.")
        elif word == path[0] or facts.is_former(word):
            yield path, f"« {shorten(word)} » ne vaut plus. Nommez un fait qui vaut encore."


def own_facts_take_over(facts: RawFacts) -> Violations:
    """Facts that replace one of the base and are of another kind, or hold no longer where that one does."""
    for fact_id, fact in facts.base.items():
        if fact_id in facts.data:
            kind, status = facts.kind(fact_id), facts.fact(fact_id).get("status")
            if kind != fact.kind and isinstance(kind, str):
                said = f"ce fait en remplace un de genre « {fact.kind} », que des guides nomment."
                yield (fact_id, "kind"), f"{said} Gardez ce genre, ou donnez au fait un autre identifiant."
            elif status == "former" and fact.status == "current":
                said = "ce fait en remplace un qui vaut encore, et que des guides nomment."
                yield (fact_id, "status"), f"{said} Écrivez-y la valeur d’aujourd’hui, et enlevez « status »."


# ----------------------------------------------------------------------------------------------------------- the tables

GUIDE_RULES: Mapping[str, Callable[[RawGuide], Violations]] = {
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

FACT_RULES: Mapping[str, Callable[[RawFacts], Violations]] = {
    "E311": facts_have_a_source,
    "E312": sources_exist,
    "E313": former_facts_are_replaced,
    "E314": numbers_can_be_dialled,
    "E315": own_facts_take_over,
    "E502": facts_link_safely,
}


def apply_rules(rules: Mapping[str, Callable[..., Violations]], *raw: object) -> list[Finding]:
    """Violations of each rule of a table, with its code."""
    return [Finding(path, message, code) for code, rule in rules.items() for path, message in rule(*raw)]


def check_guide(guide: RawGuide) -> list[Finding]:
    """Violations of the rules in a guide as it was written."""
    return apply_rules(GUIDE_RULES, guide)


def check_facts(facts: RawFacts) -> list[Finding]:
    """Violations of the rules in the facts as they were written."""
    return apply_rules(FACT_RULES, facts)
